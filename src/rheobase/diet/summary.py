"""The mean of the recorded days, nutrient by nutrient, with what is not known and which foods gave most."""

from __future__ import annotations

from collections import Counter
from collections.abc import Mapping, Sequence
from dataclasses import dataclass

from rheobase.diet.reading import DietReading, State
from rheobase.diet.span import Span
from rheobase.diet.sums import Contribution, DaySums, Sum, most_first, share, sum_days
from rheobase.foods import NUTRIENTS


@dataclass(frozen=True, slots=True)
class Mean:
    """One nutrient over the recorded days.

    Attributes:
        nutrient: Column of the food table; its ending is the unit.
        food: Mean a day from food and drink, at least; None when no day has a value.
        supplements: Mean a day from supplements over the same days; None when none gives it.
        days: Days with a value.
        lowest: Least of these days.
        highest: Most of these days.
        share_unknown_grams: Share of the weighed food that has no value, None when it cannot be said.
        share_unknown_energy: The same by energy.
        lines_unplaced: Lines without value whose weight or energy is not known either: shares are "at least".
        gave: Name and id of each food to what it gave a day.
    """

    nutrient: str
    food: Span | None
    supplements: Span | None
    days: int
    lowest: float | None
    highest: float | None
    share_unknown_grams: float | None
    share_unknown_energy: float | None
    lines_unplaced: int
    gave: Mapping[tuple[str, str | None], float]

    @property
    def by_food(self) -> tuple[Contribution, ...]:
        """What each food gave a day, most first."""
        return most_first(self.gave)


@dataclass(frozen=True, slots=True)
class Coverage:
    """How much of the diet is known.

    Attributes:
        days: Recorded days.
        used: Days that count: all but those that were left incomplete.
        incomplete: Days that the person or tracker calls incomplete; they count in no mean.
        unsaid: Days that count, of which nobody said whether they are complete.
        weekend: Of the days that count, Saturdays and Sundays.
        undated: Of the days that count, those without a date.
        lines: Food lines by state.
        supplements_open: Supplements that do not count yet.
        from_totals: Days of which a tracker gave only totals: what share it did not know is not known.
    """

    days: int
    used: int
    incomplete: int
    unsaid: int
    weekend: int
    undated: int
    lines: dict[State, int]
    supplements_open: int
    from_totals: int


@dataclass(frozen=True, slots=True)
class Summary:
    """A diet, summed.

    Attributes:
        reading: The lines behind it.
        days: Sums of every recorded day, incomplete ones too.
        means: By nutrient column, over the days that count.
        coverage: How much is known.
    """

    reading: DietReading
    days: tuple[DaySums, ...]
    means: dict[str, Mean]
    coverage: Coverage


def _mean_span(spans: Sequence[Span], count: int) -> Span | None:
    """Return the sum of some spans over so many days, None without any."""
    if not spans:
        return None
    best, low, high = (
        sum(each) / count for each in zip(*((one.best, one.low, one.high) for one in spans), strict=True)
    )
    return Span(best, low, high)


def _mean(nutrient: str, sums: Sequence[Sum]) -> Mean:
    known = [each.food for each in sums if each.food is not None]
    taken = [each.supplements for each in sums if each.supplements is not None]
    gave: dict[tuple[str, str | None], float] = {}
    for day in sums:
        for food, amount in day.gave.items():
            gave[food] = gave.get(food, 0.0) + amount
    count = len(known)
    return Mean(
        nutrient=nutrient,
        food=_mean_span(known, count),
        supplements=_mean_span(taken, len(sums)),
        days=count,
        lowest=min((each.best for each in known), default=None),
        highest=max((each.best for each in known), default=None),
        share_unknown_grams=share(sum(each.grams_unknown for each in sums), sum(each.grams_known for each in sums)),
        share_unknown_energy=share(sum(each.energy_unknown for each in sums), sum(each.energy_known for each in sums)),
        lines_unplaced=sum(each.lines_unplaced for each in sums),
        gave={food: amount / count for food, amount in gave.items()},
    )


def _coverage(reading: DietReading, used: Sequence[DaySums]) -> Coverage:
    days = [each.reading.day for each in used]
    return Coverage(
        days=len(reading.days),
        used=len(used),
        incomplete=len(reading.days) - len(used),
        unsaid=sum(each.complete is None for each in days),
        weekend=sum(each.day is not None and each.day.isoweekday() > 5 for each in days),
        undated=sum(each.day is None for each in days),
        lines=dict(Counter(each.state for each in reading.foods())),
        supplements_open=sum(bool(each.doubts) for _, each in reading.supplements()),
        from_totals=sum(each.totals is not None for each in days),
    )


def summarise(reading: DietReading, nutrients: Sequence[str] = NUTRIENTS) -> Summary:
    """Return the mean of the recorded days; days that are called incomplete are shown and do not count.

    Args:
        reading: The diet as it was read.
        nutrients: Which of ``NUTRIENTS``.
    """
    days = sum_days(reading, nutrients)
    used = [each for each in days if each.reading.day.complete is not False]
    means = {name: _mean(name, [each.sums[name] for each in used]) for name in nutrients}
    return Summary(reading, days, means, _coverage(reading, used))
