"""Which of two results of one test is the newer one."""

from __future__ import annotations

from datetime import datetime, time

from rheobase.person import LabResult


def is_newer(result: LabResult, than: LabResult) -> bool:
    """Return whether a result that is listed later counts instead of an earlier one: by day, then by the hour.

    Where a day or an hour is not known the one that is listed later counts.

    Args:
        result: Listed later.
        than: Listed earlier.
    """
    return _order(result, than) is not False


def newer_is_unknown(one: LabResult, other: LabResult) -> bool:
    """Return whether neither day nor hour tells which of two results is the newer one."""
    return _order(one, other) is None


def _order(result: LabResult, than: LabResult) -> bool | None:
    """Return whether a result is at least as new as another; None where that is not known."""
    if result.taken is None or than.taken is None:
        return None
    if result.taken != than.taken:
        return result.taken > than.taken
    ours, theirs = _clock(result), _clock(than)
    if ours is None or theirs is None or (ours.tzinfo is None) != (theirs.tzinfo is None):
        return None
    return datetime.combine(result.taken, ours) >= datetime.combine(than.taken, theirs)


def _clock(result: LabResult) -> time | None:
    try:
        return time.fromisoformat(result.time) if result.time else None
    except ValueError:
        return None
