"""The usual day: what the recorded days hold of each food a day, and how much of it at once."""

from __future__ import annotations

from dataclasses import dataclass

from rheobase.diet.reading import Reading
from rheobase.diet.summary import Summary
from rheobase.foods import Food
from rheobase.plain_text import printable


@dataclass(frozen=True, slots=True)
class Eaten:
    """One food of the table that is eaten.

    Attributes:
        food: Its row.
        grams: Mean a day [g].
        at_once: Mean weight of one line [g].
        said: The first line with it as it was written; "" where only an id was given.
    """

    food: Food
    grams: float
    at_once: float
    said: str


def usual_foods(summary: Summary) -> tuple[Eaten, ...]:
    """Return the foods of the table that are eaten on the days that count, most first.

    Lines that wait for a person's word, and lines known by a label or tracker only, are no foods of the table: they
    stay in the sums and are not changed.
    """
    days = [each.reading for each in summary.days if each.reading.day.complete is not False]
    lines: dict[str, list[Reading]] = {}
    for day in days:
        for line in day.foods:
            if line.food is not None and line.grams is not None and line.state.counts and not line.whole:
                lines.setdefault(line.food.id, []).append(line)
    found = []
    for each in lines.values():
        food = each[0].food
        total = sum(line.grams.best for line in each if line.grams is not None)
        if food is not None and total > 0:
            found.append(Eaten(food, total / len(days), total / len(each), printable(each[0].eaten.text, limit=60)))
    return tuple(sorted(found, key=lambda one: (-one.grams, one.food.id)))
