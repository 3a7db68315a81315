"""Which foods of a record gave most of a nutrient, each by its richest line."""

from __future__ import annotations

from collections.abc import Iterator
from datetime import date

from rheobase.diet.reading import Reading
from rheobase.diet.summary import Summary
from rheobase.foods import NUTRIENTS, FoodTable
from rheobase.intake.record import BEVERAGES
from rheobase.intake.record_facts import FoodEaten
from rheobase.intake.recorded_days import used_days
from rheobase.knowledge import Knowledge

_STATES = frozenset({"raw", "cooked", "canned", "frozen", "dried", "fresh", "boiled", "baked", "whole"})


def column_of(nutrient: str) -> str:
    """Return the column of the food table for a nutrient of the plan.

    Raises:
        KeyError: The table does not follow that nutrient.
    """
    found = next((each for each in NUTRIENTS if each.rpartition("_")[0] == nutrient), None)
    if found is None:
        raise KeyError(nutrient)
    return found


def foods_eaten(nutrient: str, summary: Summary, table: FoodTable, knowledge: Knowledge) -> Iterator[FoodEaten]:
    """Yield the foods that gave most of a nutrient over the days that count, most first.

    Args:
        nutrient: Nutrient id of the plan.
        summary: The diet, summed.
        table: Where the diet's foods are from.
        knowledge: Foods of the plan, and how many are named.
    """
    column = column_of(nutrient)
    total: dict[str, float] = {}
    richest: dict[str, tuple[float, Reading, date | None]] = {}
    for day in used_days(summary):
        for line in day.reading.foods:
            amount = line.amount_of(column)
            drink = line.food is not None and line.food.group == BEVERAGES
            # Coffee and beer hold minerals too; nobody is told to have more of them for that.
            if amount is None or amount.best <= 0 or drink:
                continue
            name = line.food.id if line.food is not None else line.name
            total[name] = total.get(name, 0.0) + amount.best
            if name not in richest or amount.best > richest[name][0]:
                richest[name] = (amount.best, line, day.reading.day.day)
    shown = int(knowledge.intake.value("evidence.shown_foods"))
    for name in sorted(total, key=lambda each: (-total[each], each))[:shown]:
        best, line, when = richest[name]
        yield FoodEaten(
            name=line.name,
            grams=None if line.grams is None else line.grams.best,
            day=when,
            amount=best,
            per_100g={} if line.whole else dict(_per_100g(line, knowledge)),
            kin=tuple(_kin(line, table, knowledge)),
        )


def _per_100g(line: Reading, knowledge: Knowledge) -> Iterator[tuple[str, float]]:
    for nutrient in knowledge.food_units:
        value = line.values.get(column_of(nutrient))
        if value is not None:
            yield nutrient, value * 100


def _kin(line: Reading, table: FoodTable, knowledge: Knowledge) -> Iterator[str]:
    """Yield the foods of the plan that are the same: by how the table's names begin."""
    if line.food is None:
        return
    family = _family(line.food.description)
    for food in knowledge.foods.values():
        entry = table.get(food.usda) if food.usda else None
        if entry is not None and _family(entry.description) == family:
            yield food.id


def _family(description: str) -> tuple[str, ...]:
    """Return what kind of food a name of the table is: how it was cooked makes no other food of it."""
    parts = [part.strip() for part in description.lower().split(",")[:2]]
    return tuple(part for part in parts if part not in _STATES)
