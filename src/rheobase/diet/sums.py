"""Sums by day and nutrient. A total is "at least": it carries what share has no value, and who gave most."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass

from rheobase.diet.reading import DayReading, DietReading
from rheobase.diet.span import Span
from rheobase.foods import NUTRIENTS

ENERGY = "energy_kcal"
FROM_TRACKER = "day's total of the tracker"


@dataclass(frozen=True, slots=True)
class Contribution:
    """What one food gave.

    Attributes:
        name: As it is shown: the food's own name.
        food: Id in the table, None where there is none.
        amount: Nutrient that it gave, in the unit of its column.
    """

    name: str
    food: str | None
    amount: float


@dataclass(frozen=True, slots=True)
class Sum:
    """One nutrient over one day.

    Attributes:
        nutrient: Column of the food table; its ending is the unit.
        food: Known intake from food and drink: at least so much; None when no line has a value.
        supplements: Known intake from supplements, None when none that gives it was taken.
        supplements_unknown: Supplements in doubt that may hold it: what they give of it is not known, and not nothing.
        gave: Name and id of each food (id None where there is none) to what it gave.
        grams_known: Weight of the lines whose value is known [g].
        grams_unknown: Weight of the lines whose value is not known [g].
        energy_known: Energy of the lines whose value is known [kcal].
        energy_unknown: Energy of the lines whose value is not known [kcal].
        lines_known: Lines whose value is known.
        lines_unknown: Lines whose value is not known.
        lines_unplaced: Of these, lines without weight or energy, so that one of the shares cannot count them.
    """

    nutrient: str
    food: Span | None
    supplements: Span | None
    supplements_unknown: int
    gave: Mapping[tuple[str, str | None], float]
    grams_known: float
    grams_unknown: float
    energy_known: float
    energy_unknown: float
    lines_known: int
    lines_unknown: int
    lines_unplaced: int

    @property
    def by_food(self) -> tuple[Contribution, ...]:
        """What each food gave, most first."""
        return most_first(self.gave)

    @property
    def share_unknown_grams(self) -> float | None:
        """Share of the weighed food, by weight, that has no value; None when nothing was weighed."""
        return share(self.grams_unknown, self.grams_known)

    @property
    def share_unknown_energy(self) -> float | None:
        """Share of the energy in food that has no value for this nutrient; None when no energy is known."""
        return share(self.energy_unknown, self.energy_known)


@dataclass(frozen=True, slots=True)
class DaySums:
    """Every nutrient of one day, by column."""

    reading: DayReading
    sums: dict[str, Sum]


def most_first(gave: Mapping[tuple[str, str | None], float]) -> tuple[Contribution, ...]:
    """Return what foods gave, most first, the same order for the same amounts."""
    listed = sorted(gave.items(), key=lambda each: (-each[1], each[0][0]))
    return tuple(Contribution(name, food, amount) for (name, food), amount in listed)


def share(unknown: float, known: float) -> float | None:
    """Return which share is unknown, None when there is nothing to share."""
    whole = unknown + known
    return unknown / whole if whole > 0 else None


@dataclass(frozen=True, slots=True)
class _Line:
    """One line of a day, ready to be summed: weights [g], energy [kcal], None where not known."""

    food: tuple[str, str | None]
    whole: bool
    values: Mapping[str, float | None]
    grams: Span | None
    heat: float | None


def _ready(day: DayReading) -> tuple[_Line, ...]:
    """Return the lines of a day with what every nutrient needs of them."""
    found = []
    for each in day.foods:
        heat = each.amount_of(ENERGY)
        food = (each.food.description, each.food.id) if each.food else (each.name, None)
        values = each.values if each.state.counts else {}
        found.append(_Line(food, each.whole, values, each.grams, heat.best if heat else None))
    return tuple(found)


def sum_day(day: DayReading, nutrient: str) -> Sum:
    """Return one nutrient of one day.

    Args:
        day: As it was read.
        nutrient: One of ``NUTRIENTS``.
    """
    return _sum(day, nutrient, _ready(day))


def _sum(day: DayReading, nutrient: str, lines: tuple[_Line, ...]) -> Sum:
    best = low = high = 0.0
    grams, energy, count, unplaced = [0.0, 0.0], [0.0, 0.0], [0, 0], 0
    gave: dict[tuple[str, str | None], float] = {}
    for line in lines:
        value, weight = line.values.get(nutrient), line.grams
        known = value is not None and (line.whole or weight is not None)
        at = 0 if known else 1
        count[at] += 1
        if weight is not None:
            grams[at] += weight.best
        if line.heat is not None:
            energy[at] += line.heat
        if value is None or not known:
            unplaced += weight is None or line.heat is None
            continue
        if line.whole or weight is None:
            amount, least, most = value, value, value
        else:
            amount, least, most = value * weight.best, value * weight.low, value * weight.high
        best, low, high = best + amount, low + least, high + most
        gave[line.food] = gave.get(line.food, 0.0) + amount
    totals = day.day.totals
    if totals is not None and nutrient in totals:
        best, low, high = best + totals[nutrient], low + totals[nutrient], high + totals[nutrient]
        gave[FROM_TRACKER, None] = totals[nutrient]
    return Sum(
        nutrient=nutrient,
        food=Span(best, low, high) if gave else None,
        supplements=_supplements(day, nutrient),
        supplements_unknown=sum(nutrient in reading.may_hold for _, reading in day.supplements),
        gave=gave,
        grams_known=grams[0],
        grams_unknown=grams[1],
        energy_known=energy[0],
        energy_unknown=energy[1],
        lines_known=count[0],
        lines_unknown=count[1],
        lines_unplaced=unplaced,
    )


def _supplements(day: DayReading, nutrient: str) -> Span | None:
    """Return what supplements gave, None when none is known to give it."""
    taken = [reading.gives[nutrient] for _, reading in day.supplements if nutrient in reading.gives]
    total = taken[0] if taken else None
    for each in taken[1:]:
        total = each + (total or Span.exact(0.0))
    return total


def sum_days(reading: DietReading, nutrients: Sequence[str] = NUTRIENTS) -> tuple[DaySums, ...]:
    """Return every nutrient of every day.

    Args:
        reading: The diet as it was read.
        nutrients: Which of ``NUTRIENTS``.
    """
    found = []
    for day in reading.days:
        lines = _ready(day)
        found.append(DaySums(day, {name: _sum(day, name, lines) for name in nutrients}))
    return tuple(found)
