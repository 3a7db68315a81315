"""Water of the recorded days: what came in drinks, what in food, and what is not known."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

from rheobase.diet.reading import DayReading, DietReading, Reading
from rheobase.diet.span import Span
from rheobase.intake.amounts import Range

WATER = "water_g"
GRAMS_PER_LITRE = 1000.0


@dataclass(frozen=True, slots=True)
class WaterIntake:
    """Mean of the days that count.

    Attributes:
        drinks: Water in drinks a day [L]; None when no drink of known water was recorded.
        food: Water in food a day [L]; None when no food of known water was recorded.
        days: Days that count.
        at_least: Whether there may have been more: a line whose water is not known, or a day that nobody called
            complete.
        unknown: Lines whose water is not known.
    """

    drinks: Range | None
    food: Range | None
    days: int
    at_least: bool
    unknown: int


def water_intake(reading: DietReading) -> WaterIntake | None:
    """Return the water that came in; None where nothing of it is known.

    Args:
        reading: The diet as it was read; days that are called incomplete do not count. A tracker's total counts as
            food and drink together, under food.
    """
    days = [day for day in reading.days if day.day.complete is not False]
    known_drinks, known_food = [], []
    unknown, whole = 0, True
    for day in days:
        meals = len(day.day.meals)
        drinks, lost = _sum(day.foods[meals:])
        food, also_lost = _sum(day.foods[:meals])
        unknown += lost + also_lost
        total = _total(day)
        food = total if food is None else food if total is None else food + total
        # Food without any drink is a day on which drinks were not written down.
        whole = whole and day.day.complete is True and (total is not None or bool(day.foods[meals:]))
        known_drinks += [] if drinks is None else [drinks]
        known_food += [] if food is None else [food]
    if not known_drinks and not known_food:
        return None
    return WaterIntake(
        _mean(known_drinks, len(days)), _mean(known_food, len(days)), len(days), not whole or unknown > 0, unknown
    )


def _sum(lines: Sequence[Reading]) -> tuple[Span | None, int]:
    total: Span | None = None
    unknown = 0
    for each in lines:
        amount = each.amount_of(WATER)
        if amount is None:
            unknown += 1
        else:
            total = amount if total is None else total + amount
    return total, unknown


def _total(day: DayReading) -> Span | None:
    totals = day.day.totals
    return Span.exact(totals[WATER]) if totals is not None and WATER in totals else None


def _mean(spans: Sequence[Span], days: int) -> Range | None:
    """Return the mean over all days that count; a day without a known line adds nothing, so the mean is "at least"."""
    if not spans:
        return None
    ends = ((each.low, each.best, each.high) for each in spans)
    low, best, high = (sum(each) / days / GRAMS_PER_LITRE for each in zip(*ends, strict=True))
    return Range(low, best, high)
