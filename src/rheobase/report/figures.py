"""Amounts as they are read: three figures, and words where there is none."""

from __future__ import annotations

UNKNOWN = "not known"


def figure(value: float | None) -> str:
    """Return a value as it is read: three figures, "not known" for None, never 0 for unknown."""
    if value is None:
        return UNKNOWN
    return f"{value:.0f}" if value >= 100 else f"{value:.3g}"
