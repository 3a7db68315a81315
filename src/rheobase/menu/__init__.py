"""The fewest and smallest changes to a diet that bring what is short to its target, within every limit."""

from __future__ import annotations
