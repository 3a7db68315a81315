"""Whose blood it is, what goes in, what goes out; numbers that no body could have are refused."""

from __future__ import annotations

import dataclasses
import math
from collections.abc import Sequence
from dataclasses import dataclass, field
from typing import Literal

from rheobase.errors import DataRefusedError
from rheobase.knowledge.model_intake import IntakeFacts

# Molar masses [g/mol].
MOLAR = {"calcium": 40.078, "magnesium": 24.305, "potassium": 39.098, "sodium": 22.990, "phosphorus": 30.974}
MEDICINES = (
    "thiazide",
    "loop_diuretic",
    "potassium_sparing",
    "ace_inhibitor",
    "ppi",
    "steroid",
    "denosumab",
    "bisphosphonate",
    "magnesium_waster",
    "active_vitamin_d",
)


@dataclass(frozen=True, slots=True)
class Patient:
    """One person; None is not known and taken as ordinary.

    Attributes:
        weight: [kg].
        sex: male or female; only the share of body water depends on it.
        age: [years]; healthy filtration falls with it.
        gfr: Estimated filtration [mL/min/1.73 m2]; None for healthy at this age.
        vitamin_d: 25-OH vitamin D in serum at the start [nmol/L].
    """

    weight: float | None = None
    sex: Literal["male", "female"] | None = None
    age: float | None = None
    gfr: float | None = None
    vitamin_d: float | None = None


@dataclass(frozen=True, slots=True)
class Eaten:
    """What goes in a day; None is as usual, never zero.

    Attributes:
        calcium_mg: [mg/day].
        magnesium_mg: [mg/day].
        potassium_mg: [mg/day].
        sodium_mg: [mg/day].
        phosphorus_mg: [mg/day].
        vitamin_d_ug: [micrograms/day].
        water_l: Water in food and drink [L/day].
        calcium_share: Share of that calcium which an ordinary gut absorbs.
        magnesium_share: The same of magnesium.
    """

    calcium_mg: float | None = None
    magnesium_mg: float | None = None
    potassium_mg: float | None = None
    sodium_mg: float | None = None
    phosphorus_mg: float | None = None
    vitamin_d_ug: float | None = None
    water_l: float | None = None
    calcium_share: float = 0.33
    magnesium_share: float = 0.35


@dataclass(frozen=True, slots=True)
class Lost:
    """What goes out beyond an ordinary day.

    Attributes:
        sweat: [L/day].
        diarrhoea: Loose stools [L/day].
        vomiting: [L/day].
        alcohol: Pure alcohol [g/day].
    """

    sweat: float = 0.0
    diarrhoea: float = 0.0
    vomiting: float = 0.0
    alcohol: float = 0.0


@dataclass(frozen=True, slots=True)
class Phase:
    """A stretch of days that are alike.

    Attributes:
        days: [days].
        eaten: What goes in.
        lost: What goes out.
        medicines: Some of ``MEDICINES``, from the first day of this stretch.
        without_glands: The parathyroid glands are gone.
        held_calcium: Serum calcium held at this share of its start by infusion; None leaves it free.

    """

    days: float
    eaten: Eaten = field(default_factory=Eaten)
    lost: Lost = field(default_factory=Lost)
    medicines: tuple[str, ...] = ()
    without_glands: bool = False
    held_calcium: float | None = None


def plausible(name: str, number: float, facts: IntakeFacts) -> float:
    """Return the number as a float if a living person may have it.

    Args:
        name: What it is: the fact ``plate.limit.NAME`` holds the plausible ends.
        number: In the unit of that fact.
        facts: Facts.

    Raises:
        DataRefusedError: It is not finite or not plausible; says the range.
    """
    fact = facts.fact(f"plate.limit.{name}")
    low, high = fact.range
    if isinstance(number, bool) or not isinstance(number, int | float) or not math.isfinite(number):
        raise DataRefusedError(f"{fact.unit}: expected a number from {low:g} to {high:g}, got {number!r}.")
    if not low <= number <= high:
        raise DataRefusedError(f"{fact.unit}: {number:g} is not plausible. Give a number from {low:g} to {high:g}.")
    return float(number)


def check(patient: Patient, phases: Sequence[Phase], facts: IntakeFacts) -> None:
    """Refuse what no living person may have.

    Raises:
        DataRefusedError: A number is not plausible, or a medicine is not known; says what is.
    """
    for part in (patient, *(each for phase in phases for each in (phase, phase.eaten, phase.lost))):
        for each in dataclasses.fields(part):
            number = getattr(part, each.name)
            if f"plate.limit.{each.name}" in facts.facts and number is not None:
                plausible(each.name, number, facts)
    plausible("days", sum(phase.days for phase in phases), facts)
    for medicine in (each for phase in phases for each in phase.medicines):
        if medicine not in MEDICINES:
            raise DataRefusedError(f"medicine {medicine!r}: the model knows {', '.join(MEDICINES)}.")
