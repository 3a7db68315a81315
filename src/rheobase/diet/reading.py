"""Read every line of a diet: which food, how many grams, how sure. What is in doubt is asked and does not count."""

from __future__ import annotations

import re
from collections.abc import Iterator, Mapping
from dataclasses import dataclass, field
from enum import StrEnum
from functools import lru_cache
from types import MappingProxyType

from rheobase.diet.span import Span
from rheobase.diet.supplements import TakenReading, read_taken
from rheobase.errors import DataRefusedError, UsageError
from rheobase.foods import Food, FoodLine, FoodTable, Match, Weight, nearest_foods, read_line, split_amount, weigh
from rheobase.foods.lines import LONGEST_LINE, MOST_GRAMS
from rheobase.foods.nutrients import find_nutrient
from rheobase.knowledge.supplements import Supplements
from rheobase.person import Diet, DietDay, Eaten, Taken
from rheobase.plain_text import printable

# Different lines kept in memory; people eat the same things again and again.
MOST_LINES = 5_000
CANDIDATES = 5
GRAMS_PER_LITRE = 1000.0
# More of a mineral in a litre is brine that nobody drinks [mg/l]. Expert, grade C.
MOST_IN_WATER = 20_000.0
_MINERAL_WATER = re.compile(r"\b(?:mineral|sparkling mineral|spring) water\b")
_LABEL = re.compile(r"([a-z][a-z0-9 ]*?)[\s:=]+(\d+(?:[.,]\d+)?)\s*mg\s*(?:/|per)\s*(?:l|litre|liter)\b")


class State(StrEnum):
    """How sure a line is, surest first."""

    SURE = "sure"  # the food and its weight are known
    GIVEN = "given"  # a tracker or label says what it holds
    ESTIMATED = "estimated"  # the food is known, the weight is our estimate
    UNWEIGHED = "no weight"  # the food is known, its weight is not
    CONFIRM = "to confirm"  # which food is meant is in doubt
    NOT_FOUND = "not found"  # nothing like it is in the table

    @property
    def counts(self) -> bool:
        """Whether the line is summed."""
        return self in (State.SURE, State.GIVEN, State.ESTIMATED)


@dataclass(frozen=True, slots=True)
class Reading:
    """What one food or drink was read as.

    Attributes:
        number: Place in the whole diet, from 1; this is how a person points at it.
        eaten: As it was told.
        state: How sure it is.
        food: The food, or the first candidate while it is in doubt; None where there is none.
        grams: What it weighs [g]; None when that is not known.
        basis: In plain words, what the grams rest on.
        doubts: What a person has to say; empty when nothing.
        candidates: Foods that it may be, best first.
        values: Nutrient column to value per gram, or of all of it for ``whole``; only while it counts.
        whole: Whether ``values`` are of all of it rather than per gram.
    """

    number: int
    eaten: Eaten
    state: State
    food: Food | None = None
    grams: Span | None = None
    basis: str = ""
    doubts: tuple[str, ...] = ()
    candidates: tuple[Match, ...] = ()
    values: Mapping[str, float | None] = field(default_factory=lambda: MappingProxyType({}))
    whole: bool = False

    @property
    def name(self) -> str:
        """How the line is shown: as written, or by the food's name."""
        return printable(self.eaten.text) or (self.food.description if self.food else self.eaten.food or "")

    def amount_of(self, nutrient: str) -> Span | None:
        """Return how much of a nutrient it holds, None when that is not known."""
        value = self.values.get(nutrient)
        if value is None or not self.state.counts:
            return None
        if self.whole or self.grams is None:
            return Span.exact(value) if self.whole else None
        return self.grams.times(value)


@dataclass(frozen=True, slots=True)
class DayReading:
    """One day as it was read."""

    day: DietDay
    foods: tuple[Reading, ...]
    supplements: tuple[tuple[int, TakenReading], ...]


@dataclass(frozen=True, slots=True)
class DietReading:
    """Every day as it was read; lines are numbered through all of them."""

    diet: Diet
    days: tuple[DayReading, ...]
    table: str

    def foods(self) -> Iterator[Reading]:
        """Yield every food and drink."""
        return (each for day in self.days for each in day.foods)

    def supplements(self) -> Iterator[tuple[int, TakenReading]]:
        """Yield every supplement with its number."""
        return (each for day in self.days for each in day.supplements)

    @property
    def open(self) -> int:
        """How many lines wait for a person's word and do not count until then."""
        foods = sum(not each.state.counts for each in self.foods())
        return foods + sum(bool(each.doubts) for _, each in self.supplements())


@lru_cache(maxsize=MOST_LINES)
def _line(text: str, table: FoodTable) -> FoodLine | str:
    """Return a line as it is read, or why it cannot be."""
    try:
        return read_line(text, table, limit=CANDIDATES)
    except DataRefusedError as problem:
        return str(problem)


def _span(weight: Weight | None) -> Span | None:
    if weight is None or weight.grams is None:
        return None
    low = weight.grams if weight.low is None else min(weight.low, weight.grams)
    high = weight.grams if weight.high is None else max(weight.high, weight.grams)
    return Span(weight.grams, low, high)


@lru_cache(maxsize=MOST_LINES)
def _per_gram(food: str, table: FoodTable) -> Mapping[str, float | None]:
    """Return what one gram of a food of the table holds."""
    found = table.get(food)
    held = found.per_100_g if found else {}
    return MappingProxyType({name: None if value is None else value / 100 for name, value in held.items()})


def _known_food(number: int, eaten: Eaten, table: FoodTable) -> Reading:
    """Read a line whose food a person has chosen."""
    food = table.get(eaten.food or "")
    if food is None:
        shown = printable(eaten.food or "", limit=40)
        doubt = f"{shown!r} is not an id of {table.name}; look one up with: rheobase foods"
        return Reading(number, eaten, State.NOT_FOUND, doubts=(doubt,), grams=_said(eaten.grams))
    values = _per_gram(food.id, table)
    if eaten.grams is not None:
        grams = Span.exact(eaten.grams)
        basis = "a weight was given" + (f"; made up from {food.made_from}" if food.made_from else "")
        return Reading(number, eaten, State.SURE, food, grams, basis, values=values)
    try:
        weight = _weigh(food, eaten.text)
    except ValueError as problem:
        doubt = f"the amount cannot be read ({problem})"
        return Reading(number, eaten, State.UNWEIGHED, food, None, "", (doubt,), values=values)
    basis = weight.basis if weight else "no amount was said"
    if (span := _span(weight)) is None:
        doubt = f"how much it weighs is not known: {basis}"
        return Reading(number, eaten, State.UNWEIGHED, food, None, basis, (doubt,), values=values)
    if weight is not None and weight.confirm:
        doubt = f"is the amount right? {basis}"
        return Reading(number, eaten, State.ESTIMATED, food, span, basis, (doubt,), values=values)
    return Reading(number, eaten, State.SURE, food, span, basis, values=values)


def _weigh(food: Food, text: str) -> Weight | None:
    """Weigh what a line says of a food that was chosen.

    Raises:
        ValueError: The amount cannot be one.
    """
    if not text:
        return None
    if len(text) > LONGEST_LINE:
        raise ValueError(f"{printable(text, limit=60)!r} has {len(text)} characters, at most {LONGEST_LINE} are read")
    found = weigh(food, split_amount(printable(text))[0])
    if found.grams is not None and found.grams > MOST_GRAMS:
        raise ValueError(f"{found.grams / 1000:,.0f} kg, at most {MOST_GRAMS / 1000:g} kg is one line; check the unit")
    return found


def _said(grams: float | None) -> Span | None:
    return None if grams is None else Span.exact(grams)


def _labelled(number: int, eaten: Eaten) -> Reading:
    """Read a line that a tracker or label gives the contents of."""
    if eaten.holds is not None:
        return Reading(number, eaten, State.GIVEN, None, _said(eaten.grams), "as given", values=eaten.holds, whole=True)
    per_gram = {name: value / 100 for name, value in (eaten.per_100_g or {}).items()}
    if eaten.grams is None:
        doubt = ("how much was eaten is not known; write its grams",)
        return Reading(number, eaten, State.UNWEIGHED, basis="no amount was said", doubts=doubt, values=per_gram)
    return Reading(number, eaten, State.GIVEN, None, _said(eaten.grams), "by its label", values=per_gram)


def _mineral_water(number: int, eaten: Eaten, table: FoodTable) -> Reading | None:
    """Read a mineral water by the figures of its label; None when the line is of something else."""
    said = printable(eaten.text).lower()
    if not _MINERAL_WATER.search(said):
        return None
    label: dict[str, float] = {}
    for name, value in _LABEL.findall(said):
        column = _column(name)
        if column:
            # One litre weighs 1000 g; the columns of minerals are in mg.
            label[column] = float(value.replace(",", ".")) / GRAMS_PER_LITRE
    bare = _LABEL.sub(" ", said).replace("(", " ").replace(")", " ")
    line = _line(" ".join(bare.split(","))[:200], table)
    grams = _said(eaten.grams) or (_span(line.weight) if isinstance(line, FoodLine) else None)
    if isinstance(line, str):
        return Reading(number, eaten, State.CONFIRM, None, grams, "", (line,))
    if odd := next((name for name, each in label.items() if each > MOST_IN_WATER / GRAMS_PER_LITRE), None):
        doubt = (
            f"more than {MOST_IN_WATER:,.0f} mg/l of {odd.rpartition('_')[0]} cannot be; check the unit of the label"
        )
        return Reading(number, eaten, State.CONFIRM, None, grams, "", (doubt,))
    if not label:
        doubt = (
            'mineral waters differ a hundredfold; add the label: "500 ml mineral water, calcium 350 mg/l, '
            'magnesium 80 mg/l"'
        )
        return Reading(number, eaten, State.CONFIRM, None, grams, "", (doubt,))
    if grams is None:
        return Reading(number, eaten, State.UNWEIGHED, doubts=("how much was drunk? Say it in ml",))
    return Reading(
        number, eaten, State.GIVEN, None, grams, "by its label", values={**label, "water_g": 1.0, "energy_kcal": 0.0}
    )


def _column(name: str) -> str:
    """Return the mineral's column that a label's word names, "" when it is another."""
    for words in (name.strip(), name.strip().rpartition(" ")[2]):
        try:
            column = find_nutrient(words)
        except UsageError:
            continue
        if column.endswith("_mg"):
            return column
    return ""


def read_eaten(number: int, eaten: Eaten, table: FoodTable) -> Reading:
    """Return what one food or drink was read as.

    Args:
        number: Its place in the diet.
        eaten: As it was told.
        table: Where to look.

    Returns:
        A reading that counts only where the food is beyond doubt; an estimated weight counts with its range.
    """
    if eaten.holds is not None or eaten.per_100_g is not None:
        return _labelled(number, eaten)
    if eaten.food is not None:
        return _known_food(number, eaten, table)
    if (water := _mineral_water(number, eaten, table)) is not None:
        return water
    line = _line(eaten.text, table)
    if isinstance(line, str):
        # The amount is impossible: whatever the food, nothing is assumed in its place.
        near = nearest_foods(eaten.text, table, limit=CANDIDATES)
        return Reading(number, eaten, State.CONFIRM, None, _said(eaten.grams), "", (line,), near)
    grams = _said(eaten.grams) or _span(line.weight)
    if not line.matches:
        return Reading(number, eaten, State.NOT_FOUND, None, grams, "", line.doubts)
    food, weight = line.matches[0].food, line.weight
    doubts = (*line.food_doubts, *line.recipe_doubts) if eaten.grams is not None else line.doubts
    if line.food_doubts:
        state = State.CONFIRM
    elif grams is None:
        state = State.UNWEIGHED
    else:
        state = State.ESTIMATED if doubts else State.SURE
    basis = "a weight was given" if eaten.grams is not None else weight.basis if weight else ""
    return Reading(number, eaten, state, food, grams, basis, doubts, line.matches, _per_gram(food.id, table))


def read_diet_lines(diet: Diet, table: FoodTable, facts: Supplements) -> DietReading:
    """Return every line of a diet as it was read.

    Args:
        diet: As it was told or imported.
        table: Where foods are looked up.
        facts: Compounds of supplements.
    """
    number = 0
    days = []
    for day in diet.days:
        foods: list[Reading] = []
        for eaten in (*day.meals, *day.drinks):
            number += 1
            foods.append(read_eaten(number, eaten, table))
        taken: list[tuple[int, TakenReading]] = []
        for each in day.supplements:
            number += 1
            taken.append((number, read_taken(each, facts)))
        days.append(DayReading(day, tuple(foods), tuple(taken)))
    return DietReading(diet, tuple(days), table.name)


def line_words(each: Eaten | Taken) -> str:
    """Return how a line is called in a message."""
    return printable(each.text, limit=60) or printable(getattr(each, "food", None) or each.origin or "?", limit=60)
