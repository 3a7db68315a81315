"""How a piece of advice is carried out by this person: dates, amounts that step down, foods, what to keep apart."""

from __future__ import annotations

import math
from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass
from datetime import date, timedelta

from rheobase.assess.contradictions import open_questions
from rheobase.intake.record_facts import FoodEaten
from rheobase.knowledge import Advice, Knowledge
from rheobase.knowledge.model_advice import Food, Taper
from rheobase.logic import evaluate, names
from rheobase.person import MedicineUse, Status, Value


@dataclass(frozen=True, slots=True)
class TaperStep:
    """From this day at most this amount, in the unit of the taper."""

    day: date
    amount: float


@dataclass(frozen=True, slots=True)
class FoodChoice:
    """A food that suits, and what is not known of this person that would forbid it.

    Attributes:
        food: Food id.
        amount: Amount of a portion in the nutrient's unit; None where a source gives it in words only.
        only_if_not: Findings that would forbid this food and are not known.
    """

    food: str
    amount: float | None
    only_if_not: tuple[str, ...] = ()


@dataclass(frozen=True, slots=True)
class FoodLeftOut:
    """A food that this person should leave out, and the rule that says so."""

    food: str
    rule: str


@dataclass(frozen=True, slots=True)
class EatenChoice:
    """A food that the person eats already and may have more of, unless one of the findings is so."""

    food: FoodEaten
    only_if_not: tuple[str, ...] = ()


@dataclass(frozen=True, slots=True)
class KeepApart:
    """A medicine of this person that clashes with the advice, and how to keep them apart."""

    medicine: str
    text: str
    source: str | None


@dataclass(frozen=True, slots=True)
class Means:
    """How one item is carried out.

    Attributes:
        schedule: Amounts that step down; empty where nothing is to be cut down, or the amount is not known.
        foods: Foods for the nutrient, those that surely suit first, then by what a portion holds.
        left_out: Foods for the nutrient that are not for this person.
        keep_apart: Medicines of this person to be kept apart from it.
        recheck: The day on which it is judged.
        eats: Foods for the nutrient that the person recorded, what gave most of it first.
    """

    schedule: tuple[TaperStep, ...] = ()
    foods: tuple[FoodChoice, ...] = ()
    left_out: tuple[FoodLeftOut, ...] = ()
    keep_apart: tuple[KeepApart, ...] = ()
    recheck: date | None = None
    eats: tuple[EatenChoice, ...] = ()


def means(
    item: Advice,
    knowledge: Knowledge,
    values: Mapping[str, Value],
    *,
    on: date,
    medicines: Iterable[MedicineUse] = (),
    eaten: Mapping[str, tuple[FoodEaten, ...]] | None = None,
) -> Means:
    """Return how this person carries out one item.

    Args:
        item: The advice.
        knowledge: Foods, food rules and medicines.
        values: What is known of the person.
        on: The first day of the plan.
        medicines: What the person takes.
        eaten: By nutrient, what the person recorded that gave most of it.
    """
    schedule = () if item.taper is None else taper_schedule(item.taper, values.get(item.taper.finding), on=on)
    # What is cut down is judged after it has been at its target for that long.
    start = schedule[-1].day if schedule else on
    foods, left_out = foods_for(item.nutrient, knowledge, values) if item.nutrient else ((), ())
    return Means(
        schedule=schedule,
        foods=foods,
        left_out=left_out,
        keep_apart=tuple(_keep_apart(item, knowledge, medicines)),
        recheck=None if item.recheck_days is None else start + timedelta(days=item.recheck_days),
        eats=tuple(_eats(item.nutrient, knowledge, values, eaten or {})) if item.nutrient else (),
    )


def taper_schedule(taper: Taper, amount: Value | None, *, on: date) -> tuple[TaperStep, ...]:
    """Return the steps from an amount down to the target; empty when it is not known or not above the target.

    Args:
        taper: Share of each step, days between them, and the target.
        amount: What the person takes now, in the finding's unit.
        on: Day of the first step.

    Returns:
        Steps with falling amounts; the last is the target itself.
    """
    if isinstance(amount, bool) or not isinstance(amount, int | float):
        return ()
    steps: list[TaperStep] = []
    while amount > taper.target:
        smaller = math.floor(amount * (1 - taper.step_share) / taper.round_to) * taper.round_to
        amount = max(taper.target, smaller)
        steps.append(TaperStep(on + timedelta(days=taper.every_days * len(steps)), amount))
    return tuple(steps)


def foods_for(
    nutrient: str, knowledge: Knowledge, values: Mapping[str, Value]
) -> tuple[tuple[FoodChoice, ...], tuple[FoodLeftOut, ...]]:
    """Return the foods for a nutrient that suit this person, and those to leave out.

    A food is left out while a rule about it is true; while the rule is not known, the food says what it hangs on.
    """
    choices: list[FoodChoice] = []
    left_out: list[FoodLeftOut] = []
    for food in knowledge.foods.values():
        if nutrient not in food.good_for:
            continue
        forbidden, unsure = _judge(food, knowledge, values)
        if forbidden is not None:
            left_out.append(FoodLeftOut(food.id, forbidden))
        else:
            choices.append(FoodChoice(food.id, food.in_portion(nutrient), unsure))
    choices.sort(key=lambda each: (bool(each.only_if_not), each.amount is None, -(each.amount or 0), each.food))
    return tuple(choices), tuple(left_out)


def _eats(
    nutrient: str, knowledge: Knowledge, values: Mapping[str, Value], eaten: Mapping[str, tuple[FoodEaten, ...]]
) -> Iterator[EatenChoice]:
    """Yield what is eaten already, gives no less than a food that the plan would list, and is not forbidden."""
    listed = (food.in_portion(nutrient) for food in knowledge.foods.values() if nutrient in food.good_for)
    least = min((amount for amount in listed if amount), default=0)
    for each in eaten.get(nutrient, ()):
        kin = [knowledge.foods[name] for name in each.kin]
        # What the plan knows and does not list for this nutrient is a poor source: the calcium of spinach is bound.
        if kin and not any(nutrient in food.good_for for food in kin):
            continue
        forbidden, unsure = _judge(each.as_food(_tags(each, knowledge)), knowledge, values)
        if forbidden is None and each.amount >= least:
            yield EatenChoice(each, unsure)


def _tags(food: FoodEaten, knowledge: Knowledge) -> tuple[str, ...]:
    """Return the tags of a food of the table: those of its kin, else every tag that a rule names and may be its own."""
    if food.kin:
        return tuple(dict.fromkeys(tag for kin in food.kin for tag in knowledge.foods[kin].tags))
    named = dict.fromkeys(tag for rule in knowledge.food_rules.values() for tag in rule.tags)
    # A tag may be named like a nutrient; what the table says of that is known.
    return tuple(tag for tag in named if food.per_100g.get(tag) != 0)


def _judge(food: Food, knowledge: Knowledge, values: Mapping[str, Value]) -> tuple[str | None, tuple[str, ...]]:
    """Return the rule that forbids a food, or else what is not known and could."""
    unsure: dict[str, None] = {}
    for rule in knowledge.food_rules.values():
        if not rule.concerns(food):
            continue
        truth = evaluate(rule.when, values)
        if truth is True:
            return rule.id, ()
        if truth is None and rule.ask:
            unsure.update(dict.fromkeys(open_questions(knowledge, rule.when, values)))
    return None, tuple(unsure)


def _keep_apart(item: Advice, knowledge: Knowledge, medicines: Iterable[MedicineUse]) -> Iterator[KeepApart]:
    """Yield the clashes of this person's medicines; what a caution of the item already says is not said twice."""
    said = {name for caution in item.cautions if caution.when is not None for name in names(caution.when)}
    for use in medicines:
        entry = knowledge.medicines.get(use.medicine or "")
        if entry is None or use.status is not Status.PRESENT or said.intersection(entry.implies):
            continue
        for clash in entry.interactions:
            if clash["with"] in item.keeps_away:
                yield KeepApart(entry.id, str(clash["text"]), clash.get("source"))
