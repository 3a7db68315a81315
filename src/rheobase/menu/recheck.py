"""Check a plan by plain arithmetic, from the recorded lines and the table alone; shares nothing with the programme."""

from __future__ import annotations

import math
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass

from rheobase.diet.reading import DietReading
from rheobase.foods import FoodTable
from rheobase.knowledge.menu import Menu

# Sums are compared to a millionth: the solver itself works to that.
TOLERANCE = 1e-6


@dataclass(frozen=True, slots=True)
class Moved:
    """Grams a day of one food, more or (below zero) less [g]."""

    food: str
    grams: float


@dataclass(frozen=True, slots=True)
class Demand:
    """A sum a day that must be within two ends; ``least`` or ``most`` is None where it is open."""

    column: str
    least: float | None
    most: float | None


def recheck(
    moved: Sequence[Moved], reading: DietReading, demands: Sequence[Demand], *, table: FoodTable, menu: Menu
) -> tuple[str, ...]:
    """Return what is wrong with a plan, each in one line; empty when every limit is kept.

    Args:
        moved: The plan as grams of foods.
        reading: The diet as it was read.
        demands: What must hold afterwards.
        table: The food table.
        menu: Most helpings of foods and kinds.
    """
    problems = [f"{each.food}: not in the table" for each in moved if each.food not in table]
    if problems:
        return tuple(problems)
    for demand in demands:
        problems.extend(_sum(demand, moved, reading, table=table, menu=menu))
    problems.extend(_amounts(moved, reading, menu))
    return tuple(problems)


def _days(reading: DietReading) -> list[int]:
    return [at for at, day in enumerate(reading.days) if day.day.complete is not False]


def _recorded(column: str, reading: DietReading) -> float:
    """Return the known mean a day: food over the days with a value, supplements over all that count."""
    eaten: list[float] = []
    taken: list[float] = []
    for at in _days(reading):
        day = reading.days[at]
        known: list[float] = []
        for line in day.foods:
            value = line.values.get(column) if line.state.counts else None
            if value is not None and line.whole:
                known.append(value)
            elif value is not None and line.grams is not None:
                known.append(value * line.grams.best)
        totals = day.day.totals or {}
        if column in totals:
            known.append(totals[column])
        if known:
            eaten.append(math.fsum(known))
        taken.extend(dose.gives[column].best for _, dose in day.supplements if column in dose.gives)
    count = len(_days(reading))
    food = math.fsum(eaten) / len(eaten) if eaten else 0.0
    return food + (math.fsum(taken) / count if count else 0.0)


def _sum(
    demand: Demand, moved: Sequence[Moved], reading: DietReading, *, table: FoodTable, menu: Menu
) -> Iterator[str]:
    total = [_recorded(demand.column, reading)]
    for each in moved:
        row = table.get(each.food)
        value = None if row is None else row.per_100_g[demand.column]
        if value is None:
            # More of what is not known keeps no upper end; less of it takes nothing known away.
            listed = menu.foods.get(each.food)
            sure = listed is not None and demand.column in listed.none_of
            if each.grams > 0 and demand.most is not None and not sure:
                yield f"{demand.column}: {each.food} has no value, so the limit can't be said to be kept"
            continue
        total.append(value * each.grams / 100)
    after = math.fsum(total)
    slack = TOLERANCE * max(1.0, abs(after), total[0])
    if demand.least is not None and after < demand.least - slack:
        yield f"{demand.column}: {after:.6g} is below {demand.least:.6g}"
    if demand.most is not None and after > demand.most + slack:
        yield f"{demand.column}: {after:.6g} is above {demand.most:.6g}"


def _amounts(moved: Sequence[Moved], reading: DietReading, menu: Menu) -> Iterator[str]:
    """Yield foods that grow beyond what people eat, and foods of which more is taken away than is eaten."""
    used = _days(reading)
    present: dict[str, float] = {}
    for at in used:
        for line in reading.days[at].foods:
            if line.food is not None and line.grams is not None and line.state.counts and not line.whole:
                present[line.food.id] = present.get(line.food.id, 0.0) + line.grams.best / len(used)
    change: dict[str, float] = {}
    for each in moved:
        change[each.food] = change.get(each.food, 0.0) + each.grams
    kinds: dict[str, float] = {}
    for food, grams in change.items():
        now = present.get(food, 0.0)
        if now + grams < -TOLERANCE * max(1.0, now):
            yield f"{food}: {-grams:.6g} g less than the {now:.6g} g that are eaten"
        listed = menu.foods.get(food)
        if listed is not None and grams > 0:
            if now + grams > listed.most * listed.grams * (1 + TOLERANCE):
                yield f"{food}: {now + grams:.6g} g are more than {listed.most:g} helpings"
            kinds[listed.kind] = kinds.get(listed.kind, 0.0) + grams / listed.grams
    for kind, helpings in kinds.items():
        if helpings > menu.kinds[kind].most + TOLERANCE:
            yield f"{kind}: {helpings:.6g} helpings are more than {menu.kinds[kind].most:g}"


def recheck_contents(
    moved: Sequence[Moved], styles: Mapping[str, Sequence[str]], *, table: FoodTable, menu: Menu
) -> tuple[str, ...]:
    """Return every food that is added against an allergy or a way of eating, each in one line.

    Args:
        moved: The plan as grams of foods.
        styles: Each style to what it leaves out.
        table: The food table.
        menu: What foods hold.
    """
    problems = []
    for each in moved:
        row = table.get(each.food)
        if each.grams <= 0 or row is None:
            continue
        listed = menu.foods.get(each.food)
        if listed is not None:
            holds: set[str] | None = set(listed.holds)
        elif row.group not in menu.groups:
            holds = None
        else:
            name = f" {row.description.lower().replace(',', ' ')} "
            told = [word for word in menu.words if any(f" {one}" in name for one in word.words)]
            told = [word for word in told if not word.groups or row.group.startswith(word.groups)]
            holds = {one for word in told for one in word.holds}
            if not any(word.kind for word in told):
                holds |= set(menu.groups[row.group].holds)
        for style, leaves_out in styles.items():
            if holds is None or holds & set(leaves_out):
                problems.append(f"{each.food}: {row.description} is not for {style}")
    return tuple(problems)
