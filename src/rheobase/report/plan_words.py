"""Words of the plan: days, schedules, portions, and what is not known."""

from __future__ import annotations

from collections.abc import Collection, Iterator, Mapping
from datetime import date, timedelta

from rheobase.assess.contradictions import deciding
from rheobase.assess.plan import TaperStep
from rheobase.intake.record_facts import FoodEaten
from rheobase.knowledge import Advice, Knowledge
from rheobase.knowledge.model_advice import UP, Food, Taper
from rheobase.logic import Compare, Expression, atoms
from rheobase.person import Value
from rheobase.report.words import label

SIGNS = {"<": "below", "<=": "at most", ">": "above", ">=": "at least", "==": "", "!=": "not"}


def day_words(day: date, on: date) -> str:
    """Return a day such as ``8 December``, with its year where that is not the year of the plan."""
    words = f"{day.day} {day:%B}"
    return words if day.year == on.year else f"{words} {day.year}"


def schedule_words(
    taper: Taper, steps: tuple[TaperStep, ...], amount: Value | None, on: date, *, recorded: bool = False
) -> str:
    """Return a taper in one sentence, such as ``from 24 November at most 300 mg a day, from 27 November 225, ...``."""
    first, *rest = steps
    words = [f"from {day_words(first.day, on)} at most {first.amount:g} {taper.unit}"]
    words.extend(f"from {day_words(step.day, on)} {step.amount:g}" for step in rest)
    by = "Your record shows" if recorded else "You told us"
    now = f"{by} {amount:g} {taper.unit}. " if isinstance(amount, int | float) else ""
    return f"{now}Step by step: {', '.join(words)}; stay there."


def food_words(food: Food, nutrient: str, amount: float | None, knowledge: Knowledge) -> str:
    """Return a food with its portion and amount, such as ``chia seeds (28 g, 2 tablespoons): 95 mg``."""
    if amount is None:
        return f"{food.name} ({food.portion}): {food.as_told.get(nutrient, 'amount not known')}"
    unit = knowledge.food_units[nutrient]
    return f"{food.name} ({food.portion}): {_rounded(amount, unit.round_to)} {unit.unit}"


def _rounded(amount: float, to: float) -> str:
    return f"{round(amount / to) * to:.4g}"


def eaten_words(food: FoodEaten, nutrient: str, knowledge: Knowledge, on: date) -> str:
    """Return a food that was recorded, such as ``"30 g almonds" on Tuesday: 80 mg``."""
    unit = knowledge.food_units[nutrient]
    when = ""
    if food.day is not None:
        recent = timedelta() <= on - food.day < timedelta(days=7)
        when = f" on {food.day:%A}" if recent else f" on {day_words(food.day, on)}"
    return f'"{food.name}"{when}: {_rounded(food.amount, unit.round_to)} {unit.unit}'


def asked_words(knowledge: Knowledge, item: Advice, asked: tuple[str, ...], values: Mapping[str, Value]) -> str:
    """Return what is not known and would forbid an item, as short as it can be said without leaving out a danger."""
    blocks = tuple(_blocks(knowledge, item))
    in_blocks = {leaf.name for block in blocks for leaf in atoms(block)}
    deciders = {leaf.name for block in blocks for leaf in deciding(block, values)}
    names = [name for name in asked if name in deciders or name not in in_blocks]
    return ", ".join(condition_words(knowledge, item, name) for name in without_implied(names, knowledge))


def without_implied(names: Collection[str], knowledge: Knowledge) -> list[str]:
    """Leave out what a more general question of the same list covers: dialysis beside kidney disease."""
    return [name for name in names if not any(other in names for other in knowledge.findings[name].implies)]


def condition_words(knowledge: Knowledge, item: Advice, name: str) -> str:
    """Return what would forbid an item, in words: ``chronic kidney disease``, ``alcohol a week above 35 UK units``."""
    finding = knowledge.findings[name]
    if finding.type == "yes_no":
        return label(knowledge, name)
    for expression in _blocks(knowledge, item):
        for leaf in atoms(expression):
            if isinstance(leaf, Compare) and leaf.name == name:
                value = f"{leaf.value:g}" if isinstance(leaf.value, float) else leaf.value.replace("_", " ")
                unit = (finding.unit or "").partition("/")[0]
                return " ".join(f"{label(knowledge, name)} {SIGNS[leaf.operator]} {value} {unit}".split())
    return label(knowledge, name)


def _blocks(knowledge: Knowledge, item: Advice) -> Iterator[Expression]:
    substances = ((knowledge.substances[name], direction) for name, direction in item.pushes.items())
    pushed = (one.never_up_when if direction == UP else one.never_down_when for one, direction in substances)
    yield from (each for each in (item.do_not_offer_when, *pushed) if each is not None)
