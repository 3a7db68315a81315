"""Settle lines that were in doubt: what a person chose is written into a new diet, and nothing else is."""

from __future__ import annotations

import re
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, replace

from rheobase.diet.reading import DayReading, DietReading, Reading, State
from rheobase.diet.supplement_lines import read_supplement
from rheobase.diet.supplements import TakenReading
from rheobase.errors import UsageError
from rheobase.foods import FoodTable
from rheobase.knowledge.supplements import ELEMENTAL, SALT, Supplements
from rheobase.person import Diet, DietDay, Eaten, Taken

_CHOICE = re.compile(r"(\d+)(?:=([^:]*)(?::([\d.,]+)\s*g?)?)?")
MOST_GRAMS = 20_000.0
HOW = "Write the number of the line, and if need be its food and grams: 3, 3=14209, 3=14209:240 or 3=:240."


@dataclass(frozen=True, slots=True)
class Choice:
    """What a person says of one line.

    Attributes:
        number: Place of the line.
        what: Id of a food, "elemental" or "salt"; "" for the food that was read.
        grams: Its weight [g], None to leave it as it was read.
    """

    number: int
    what: str
    grams: float | None


def parse_choice(said: str) -> Choice:
    """Return a choice as it is typed: "3", "3=14209", "3=14209:240", "3=:240", "5=elemental".

    Raises:
        UsageError: It is none of these.
    """
    found = _CHOICE.fullmatch(said.strip())
    if found is None:
        raise UsageError(f"--choose {said!r} is not understood. {HOW}")
    try:
        grams = None if found[3] is None else float(found[3].replace(",", "."))
    except ValueError as problem:
        raise UsageError(f"--choose {said!r} is not understood. {HOW}") from problem
    if grams is not None and not 0 < grams <= MOST_GRAMS:
        raise UsageError(f"--choose {said!r}: {grams:g} g cannot be. {HOW}")
    return Choice(int(found[1]), (found[2] or "").strip(), grams)


def _settled(reading: Reading, choice: Choice | None, table: FoodTable) -> Eaten:
    """Return a food line with what is settled of it."""
    eaten = reading.eaten
    if choice is None:
        # A sure food is written down, so that a later table or search reads the same; its weight stays as it was said.
        sure = reading.state in (State.SURE, State.ESTIMATED, State.UNWEIGHED) and reading.food is not None
        return replace(eaten, food=reading.food.id) if sure and reading.food else eaten
    if choice.what and choice.what not in table:
        raise UsageError(f"--choose {choice.number}: {choice.what!r} is not an id of {table.name}. See: rheobase foods")
    food = choice.what or (reading.food.id if reading.food else None)
    if food is None and eaten.holds is None and eaten.per_100_g is None:
        raise UsageError(f"--choose {choice.number}: nothing was found for it; give the id. {HOW}")
    grams = choice.grams
    if grams is None and not choice.what:
        grams = reading.grams.best if reading.grams else None
    return replace(eaten, food=food, grams=eaten.grams if grams is None else grams)


def _settled_supplement(number: int, reading: TakenReading, choice: Choice | None, facts: Supplements) -> Taken:
    if choice is None:
        return reading.taken
    if choice.what not in (ELEMENTAL, SALT) or choice.grams is not None:
        raise UsageError(f"--choose {number}: expected {number}={ELEMENTAL} or {number}={SALT}.")
    if reading.taken.form is not None:
        return replace(reading.taken, means=choice.what)
    line = read_supplement(reading.taken.text, facts)
    if len(line.doses) != 1 or line.doubts or line.doses[0].amount is None or line.doses[0].form is None:
        raise UsageError(f"--choose {number}: more is open than that; write the line anew: {'; '.join(reading.doubts)}")
    dose = line.doses[0]
    form = dose.form.id if dose.form else None
    times = line.times * reading.taken.times
    return replace(reading.taken, form=form, amount=dose.amount, unit=dose.unit, means=choice.what, times=times)


def confirm(reading: DietReading, choices: Sequence[Choice], table: FoodTable, facts: Supplements) -> Diet:
    """Return the diet with sure foods and a person's choices written down; all other lines stay as they were.

    Args:
        reading: The diet as it was read.
        choices: What the person says.
        table: Where ids are looked up.
        facts: Compounds of supplements.

    Raises:
        UsageError: A choice names a line or a food that is not there.
    """
    by_number: dict[int, Choice] = {}
    for choice in choices:
        if choice.number in by_number:
            raise UsageError(f"--choose {choice.number} stands twice. Keep one of them.")
        by_number[choice.number] = choice
    days = tuple(_day(day, by_number, table, facts) for day in reading.days)
    numbers = {each.number for each in reading.foods()} | {number for number, _ in reading.supplements()}
    if missing := sorted(by_number.keys() - numbers):
        raise UsageError(f"--choose {missing[0]}: there is no line {missing[0]}; lines are 1 to {len(numbers)}.")
    return replace(reading.diet, days=days)


def _day(day: DayReading, choices: Mapping[int, Choice], table: FoodTable, facts: Supplements) -> DietDay:
    foods = [_settled(each, choices.get(each.number), table) for each in day.foods]
    count = len(day.day.meals)
    taken = tuple(_settled_supplement(number, each, choices.get(number), facts) for number, each in day.supplements)
    return replace(day.day, meals=tuple(foods[:count]), drinks=tuple(foods[count:]), supplements=taken)
