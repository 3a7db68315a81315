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


# A line of a day, ready to be summed: food, values by nutrient, factors for best, low and high (grams, or 1 where the
# values are of all of it; None where the weight is not known), weight [g] and energy [kcal], None where not known.
_Factors = tuple[float, float, float]
_Line = tuple[tuple[str, str | None], Mapping[str, float | None], _Factors | None, float | None, float | None]


def _ready(day: DayReading) -> tuple[_Line, ...]:
    """Return the lines of a day with what every nutrient needs of them."""
    found: list[_Line] = []
    for each in day.foods:
        heat, grams = each.amount_of(ENERGY), each.grams
        food = (each.food.description, each.food.id) if each.food else (each.name, None)
        factors = (1.0, 1.0, 1.0) if each.whole else (grams.best, grams.low, grams.high) if grams else None
        values = each.values if each.state.counts else {}
        found.append((food, values, factors, grams.best if grams else None, heat.best if heat else None))
    return tuple(found)


def sum_day(day: DayReading, nutrient: str) -> Sum:
    """Return one nutrient of one day.

    Args:
        day: As it was read.
        nutrient: One of ``NUTRIENTS``.
    """
    return _sum(day, nutrient, _ready(day), _supplements(day))


def _sum(day: DayReading, nutrient: str, lines: tuple[_Line, ...], given: Mapping[str, Span]) -> Sum:
    best = low = high = 0.0
    grams_known = grams_unknown = energy_known = energy_unknown = 0.0
    lines_known = unplaced = 0
    gave: dict[tuple[str, str | None], float] = {}
    for food, values, factors, grams, heat in lines:
        value = values.get(nutrient)
        if value is None or factors is None:
            grams_unknown += grams or 0.0
            energy_unknown += heat or 0.0
            unplaced += grams is None or heat is None
            continue
        lines_known += 1
        grams_known += grams or 0.0
        energy_known += heat or 0.0
        amount = value * factors[0]
        best += amount
        low += value * factors[1]
        high += value * factors[2]
        gave[food] = gave.get(food, 0.0) + amount
    totals = day.day.totals
    if totals is not None and nutrient in totals:
        best, low, high = best + totals[nutrient], low + totals[nutrient], high + totals[nutrient]
        gave[FROM_TRACKER, None] = totals[nutrient]
    return Sum(
        nutrient=nutrient,
        food=Span(best, low, high) if gave else None,
        supplements=given.get(nutrient),
        supplements_unknown=sum(nutrient in reading.may_hold for _, reading in day.supplements),
        gave=gave,
        grams_known=grams_known,
        grams_unknown=grams_unknown,
        energy_known=energy_known,
        energy_unknown=energy_unknown,
        lines_known=lines_known,
        lines_unknown=len(lines) - lines_known,
        lines_unplaced=unplaced,
    )


def _supplements(day: DayReading) -> dict[str, Span]:
    """Return what supplements gave of each nutrient; absent where none is known to give it."""
    found: dict[str, Span] = {}
    for _, reading in day.supplements:
        for nutrient, span in reading.gives.items():
            found[nutrient] = span + found[nutrient] if nutrient in found else span
    return found


def sum_days(reading: DietReading, nutrients: Sequence[str] = NUTRIENTS) -> tuple[DaySums, ...]:
    """Return every nutrient of every day.

    Args:
        reading: The diet as it was read.
        nutrients: Which of ``NUTRIENTS``.
    """
    found = []
    for day in reading.days:
        lines, given = _ready(day), _supplements(day)
        found.append(DaySums(day, {name: _sum(day, name, lines, given) for name in nutrients}))
    return tuple(found)
