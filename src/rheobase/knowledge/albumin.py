"""How far albumin lies outside of what is usual: what total calcium is adjusted for, by the formula's constants.

It stands here because blood tests, the nerve and the cohort all ask it, and none of them may ask another.
"""

from __future__ import annotations

from collections.abc import Mapping


def missing_albumin(constants: Mapping[str, float], albumin: float) -> float:
    """Return how much albumin lacks to its usual range [g/L]: below 0 above that range, and 0 within it.

    Only sums and ``abs`` are used, so that a column may stand for the number.

    Args:
        constants: ``albumin_reference`` and ``albumin_usual_high`` [g/L] of the formula.
        albumin: [g/L]
    """
    return _positive(constants["albumin_reference"] - albumin) - _positive(albumin - constants["albumin_usual_high"])


def _positive(number: float) -> float:
    """Return the number, 0 for what is below it; exact, since a sum with itself and its half are."""
    return (number + abs(number)) / 2
