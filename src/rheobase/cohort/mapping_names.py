"""Names that are nearly right: did you mean."""

from __future__ import annotations

from collections.abc import Iterable

_ALIKE = 75.0
_MOST = 3


def nearest(said: str, known: Iterable[str], *, most: int = _MOST, least: float = _ALIKE) -> list[str]:
    """Return the names that look most alike, the likest first.

    Args:
        said: What was written.
        known: The names that there are.
        most: Longest list.
        least: How alike they must be, of 100.
    """
    from rapidfuzz import fuzz, process, utils  # noqa: PLC0415 - only a name that is not known needs it

    found = process.extract(
        said, list(known), scorer=fuzz.WRatio, processor=utils.default_process, limit=most, score_cutoff=least
    )
    return [name for name, _, _ in found]


def did_you_mean(said: str, known: Iterable[str]) -> str:
    """Return the end of a sentence that asks back, or a few of the names where nothing looks alike."""
    names = list(known)
    near = nearest(said, names, most=1)
    if near:
        return f"; did you mean {near[0]!r}?"
    return f"; expected one of {', '.join(names)}" if len(names) <= 12 else ""
