"""What is found in a record of days, as plain data: chances, odds, amounts, foods. Reading a diet is elsewhere."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import date
from enum import StrEnum
from typing import NamedTuple

from rheobase.knowledge.model_advice import Food
from rheobase.knowledge.model_intake import IntakeEvidence, IntakeFacts, IntakeNumber

REQUIREMENT, LIMIT, ADEQUATE_INTAKE = "requirement", "limit", "adequate_intake"


class Supplements(StrEnum):
    """What the recorded days say of supplements."""

    TOLD = "told"  # each day lists them, or is called complete: none listed is none taken
    UNTOLD = "untold"  # some day says nothing of them
    UNCLEAR = "unclear"  # something is taken of which the dose is not known


class Three(NamedTuple):
    """A best value between two ends."""

    low: float
    best: float
    high: float


@dataclass(frozen=True, slots=True)
class Record:
    """What the recorded days say about too little of one nutrient.

    Attributes:
        row: What is asked of the record, and which finding it bears on.
        chance: Probability of too little after the record, over portions, life stages and supplements.
        before: The same without any day, lowest and highest over the life stages.
        odds: By how much the record multiplies the odds of too little; 1 says nothing.
        whole_days: Days fully known.
        part_days: Days that are only a lower bound.
        supplements: What the record says of supplements.
        sources: Of the reference values and norms.
        grade: The weakest grade of what was used.
    """

    row: IntakeEvidence
    chance: Three
    before: tuple[float, float]
    odds: Three
    whole_days: int
    part_days: int
    supplements: Supplements
    sources: tuple[str, ...]
    grade: str

    @property
    def days(self) -> int:
        """Days on which something is known."""
        return self.whole_days + self.part_days


class Measured(NamedTuple):
    """An amount that the record measures, in the unit of its finding, and over how many whole days."""

    row: IntakeNumber
    value: float
    days: int


def only_against(odds: Three, intake: IntakeFacts) -> Three:
    """Return the odds where a supplement of unknown dose may make up for all that food lacks."""
    least = 1 / intake.value("evidence.most_odds")
    return Three(min(least, odds.low), min(1.0, odds.best), odds.high)


@dataclass(frozen=True, slots=True)
class FoodEaten:
    """A food that the person eats already, by the line that gave most of a nutrient.

    Attributes:
        name: As it was written, else the food's own name.
        grams: What that line weighs [g]; None when only its contents are known.
        day: Its day; None when not said.
        amount: What that line gives of the nutrient, in the nutrient's unit.
        per_100g: By nutrient id, in the nutrient's unit; a missing name is unknown.
        kin: Foods of ``foods.toml`` that are the same food; their tags hold for it.
    """

    name: str
    grams: float | None
    day: date | None
    amount: float
    per_100g: Mapping[str, float]
    kin: tuple[str, ...]

    def as_food(self, tags: tuple[str, ...]) -> Food:
        """Return it as a food of the plan, so that the rules about foods can judge it."""
        return Food(self.name, self.name, "", "", grams=self.grams, per_100g=self.per_100g, tags=tags)
