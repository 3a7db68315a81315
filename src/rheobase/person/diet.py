"""What a person ate, drank and took, as told or imported. No judgement here: a value that was not said is absent."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import date


@dataclass(frozen=True, slots=True)
class Eaten:
    """One food or drink.

    Attributes:
        text: As it was written; "" where only an id was given.
        food: Id in the food table, once a person or their file has said which.
        grams: Edible weight [g]; None when it was not said as a weight.
        time: Local time of day as HH:MM; "" when not said.
        holds: What all of it holds by a label or tracker, by nutrient column; a missing name is unknown, not zero.
        per_100_g: What 100 g of it hold by its label, the same way; needs ``grams``.
        origin: Where an imported line came from and its fingerprint; "" for a line that a person wrote.
    """

    text: str = ""
    food: str | None = None
    grams: float | None = None
    time: str = ""
    holds: Mapping[str, float] | None = None
    per_100_g: Mapping[str, float] | None = None
    origin: str = ""


@dataclass(frozen=True, slots=True)
class Taken:
    """One supplement, antacid or salt.

    Attributes:
        text: As it was written; "" where only the fields below were given.
        form: Id of the compound in ``intake_supplements.toml``, once it is settled.
        amount: How much of it in one dose, in ``unit``.
        unit: mg, g, ug, IU, mmol or mEq.
        means: "elemental" when the amount is the nutrient, "salt" when it is the whole compound, "" when not said.
        times: Doses on that day.
        time: Local time of day as HH:MM; "" when not said.
        holds: What all of it holds by a tracker, by nutrient column; a missing name is unknown, not zero.
        origin: As for ``Eaten``.
    """

    text: str = ""
    form: str | None = None
    amount: float | None = None
    unit: str = ""
    means: str = ""
    times: float = 1.0
    time: str = ""
    holds: Mapping[str, float] | None = None
    origin: str = ""


@dataclass(frozen=True, slots=True)
class DietDay:
    """One recorded day.

    Attributes:
        day: Calendar day where the person was; None when it was not said.
        complete: Whether everything of that day is here; None when nobody said.
        meals: Foods, in the order in which they were written.
        drinks: Drinks, the same way.
        supplements: Supplements, antacids and salts.
        totals: Sums of the whole day by a tracker that gave no single foods, by nutrient column.
        origin: Where the totals came from; "" without any.
        notes: Free text, kept and never read.
    """

    day: date | None = None
    complete: bool | None = None
    meals: tuple[Eaten, ...] = ()
    drinks: tuple[Eaten, ...] = ()
    supplements: tuple[Taken, ...] = ()
    totals: Mapping[str, float] | None = None
    origin: str = ""
    notes: str = ""


@dataclass(frozen=True, slots=True)
class Diet:
    """Every recorded day, and what was told and could not be used.

    Attributes:
        days: In the order of the file; no calendar day stands twice.
        not_understood: Kept as it was written; reported, never dropped.
        notes: Free text, kept and never read.
    """

    days: tuple[DietDay, ...] = ()
    not_understood: tuple[str, ...] = ()
    notes: str = ""
