"""An amount with the range in which it may well lie."""

from __future__ import annotations

from dataclasses import dataclass


@dataclass(frozen=True, slots=True)
class Span:
    """An amount in some unit.

    Attributes:
        best: Best estimate.
        low: Lower end of what it may well be.
        high: Upper end.
    """

    best: float
    low: float
    high: float

    @classmethod
    def exact(cls, value: float) -> Span:
        """Return an amount that was said as it is."""
        return cls(value, value, value)

    def __add__(self, other: Span) -> Span:
        """Return the sum; ranges add, since foods are misjudged in the same direction by one person."""
        return Span(self.best + other.best, self.low + other.low, self.high + other.high)

    def times(self, factor: float) -> Span:
        """Return so many times the amount; ``factor`` is not negative."""
        return Span(self.best * factor, self.low * factor, self.high * factor)
