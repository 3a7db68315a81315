"""What brings a person in: the case file. Read, checked, and either understood or refused with a reason."""

from __future__ import annotations
