"""Sums by day and nutrient. A total is "at least": it carries what share has no value, and who gave most."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Sequence
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
        supplements_unknown: Supplements that do not count yet, which may hold it.
        by_food: What each food gave, most first.
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
    by_food: tuple[Contribution, ...]
    grams_known: float
    grams_unknown: float
    energy_known: float
    energy_unknown: float
    lines_known: int
    lines_unknown: int
    lines_unplaced: int

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


def share(unknown: float, known: float) -> float | None:
    """Return which share is unknown, None when there is nothing to share."""
    whole = unknown + known
    return unknown / whole if whole > 0 else None


def sum_day(day: DayReading, nutrient: str) -> Sum:
    """Return one nutrient of one day.

    Args:
        day: As it was read.
        nutrient: One of ``NUTRIENTS``.
    """
    total: Span | None = None
    grams, energy, lines, unplaced = [0.0, 0.0], [0.0, 0.0], [0, 0], 0
    gave: dict[tuple[str, str | None], float] = defaultdict(float)
    for each in day.foods:
        found = each.amount_of(nutrient)
        at = 0 if found is not None else 1
        lines[at] += 1
        weight, heat = each.grams, each.amount_of(ENERGY)
        grams[at] += weight.best if weight else 0.0
        energy[at] += heat.best if heat else 0.0
        unplaced += found is None and (weight is None or heat is None)
        if found is not None:
            total = found if total is None else total + found
            name = (each.food.description, each.food.id) if each.food else (each.name, None)
            gave[name] += found.best
    if day.day.totals is not None and nutrient in day.day.totals:
        value = day.day.totals[nutrient]
        total = Span.exact(value) if total is None else total + Span.exact(value)
        gave[FROM_TRACKER, None] += value
    taken = [reading.gives[nutrient] for _, reading in day.supplements if nutrient in reading.gives]
    supplements = taken[0] if taken else None
    for each_taken in taken[1:]:
        supplements = each_taken + (supplements or Span.exact(0.0))
    listed = sorted(gave.items(), key=lambda each: (-each[1], each[0][0]))
    return Sum(
        nutrient=nutrient,
        food=total,
        supplements=supplements,
        supplements_unknown=sum(bool(reading.doubts) for _, reading in day.supplements),
        by_food=tuple(Contribution(name, food, amount) for (name, food), amount in listed),
        grams_known=grams[0],
        grams_unknown=grams[1],
        energy_known=energy[0],
        energy_unknown=energy[1],
        lines_known=lines[0],
        lines_unknown=lines[1],
        lines_unplaced=unplaced,
    )


def sum_days(reading: DietReading, nutrients: Sequence[str] = NUTRIENTS) -> tuple[DaySums, ...]:
    """Return every nutrient of every day.

    Args:
        reading: The diet as it was read.
        nutrients: Which of ``NUTRIENTS``.
    """
    return tuple(DaySums(day, {name: sum_day(day, name) for name in nutrients}) for day in reading.days)
