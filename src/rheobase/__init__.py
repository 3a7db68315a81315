"""Rheobase: a muscle twitch, reasoned."""

from __future__ import annotations

__version__ = "0.1.0"
