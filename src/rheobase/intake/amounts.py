"""Refuse what is no amount, and ranges that carry what is not known."""

from __future__ import annotations

import math
from dataclasses import dataclass

from rheobase.errors import DataRefusedError


def amount(name: str, number: float, *, most: float = math.inf, least: float = 0.0) -> float:
    """Return the number as a float if it is finite and within limits.

    Raises:
        DataRefusedError: It is not; says what came and what was expected.
    """
    if isinstance(number, bool) or not isinstance(number, int | float) or not math.isfinite(number):
        raise DataRefusedError(f"{name}: expected a finite number, got {number!r}")
    if not least <= number <= most:
        upper = "" if most == math.inf else f" and at most {most:g}"
        raise DataRefusedError(f"{name}: expected at least {least:g}{upper}, got {number:g}")
    return float(number)


@dataclass(frozen=True, slots=True)
class Range:
    """A best estimate between two ends, all in one unit."""

    low: float
    value: float
    high: float

    def __post_init__(self) -> None:
        if not (math.isfinite(self.value) and math.isfinite(self.low) and self.low <= self.value <= self.high):
            raise DataRefusedError(f"a range must be ordered and finite, got {self.low}, {self.value}, {self.high}")

    def times(self, low: float, value: float, high: float) -> Range:
        """Return the range multiplied by another, both at or above zero."""
        return Range(self.low * low, self.value * value, self.high * high)

    def plus(self, low: float, value: float, high: float) -> Range:
        """Return the sum with another range."""
        return Range(self.low + low, self.value + value, self.high + high)
