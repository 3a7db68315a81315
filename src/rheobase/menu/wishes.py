"""What a person wants of a plan, and what they leave out."""

from __future__ import annotations

import math
from collections.abc import Iterable, Mapping
from dataclasses import dataclass, field
from types import MappingProxyType

from rheobase.errors import UsageError
from rheobase.foods.nutrients import find_nutrient, nutrient_label, nutrient_unit
from rheobase.plain_text import printable

# Columns of the food table that have reference intakes, and their id there, in the same unit.
COLUMNS = MappingProxyType(
    {
        "magnesium_mg": "magnesium",
        "calcium_mg": "calcium",
        "vitamin_d_ug": "vitamin_d",
        "potassium_mg": "potassium",
        "sodium_mg": "sodium",
        "phosphorus_mg": "phosphorus",
        "vitamin_b12_ug": "vitamin_b12",
    }
)
SODIUM = "sodium_mg"
LONGEST_WORD = 60


@dataclass(frozen=True, slots=True)
class Wishes:
    """What a plan is asked for.

    Attributes:
        nutrients: Columns to bring to their target; empty for those that are short.
        targets: Own amounts a day by column, in the column's unit.
        without: Foods that are not to be proposed, in the person's words.
        styles: Ids of allergies and ways of eating.
        alternatives: How many other plans beside the best.
    """

    nutrients: tuple[str, ...] = ()
    targets: Mapping[str, float] = field(default_factory=lambda: MappingProxyType({}))
    without: tuple[str, ...] = ()
    styles: frozenset[str] = frozenset()
    alternatives: int = 3


def read_wishes(
    nutrients: Iterable[str], targets: Iterable[str], without: Iterable[str], styles: frozenset[str]
) -> Wishes:
    """Return what was asked for on the command line.

    Args:
        nutrients: Names of nutrients.
        targets: ``NAME=AMOUNT`` in the nutrient's own unit.
        without: Words for foods.
        styles: Ids of allergies and ways of eating.

    Raises:
        UsageError: A nutrient is not known or has no target, or an amount is no amount.
    """
    columns = [_column(each) for each in nutrients]
    own: dict[str, float] = {}
    for each in targets:
        name, equals, amount = each.partition("=")
        column = _column(name)
        value = _number(amount.strip().lower().removesuffix(nutrient_unit(column)).removesuffix("ug").strip())
        if not equals or value is None:
            unit = nutrient_unit(column)
            raise UsageError(
                f"--target {printable(each, limit=60)!r}: expected NAME=AMOUNT in {unit} a day, such as {name}=300."
            )
        own[column] = value
        columns.append(column)
    words = [" ".join(printable(each, limit=LONGEST_WORD).lower().split()) for each in without]
    if not all(any(letter.isalnum() for letter in word) for word in words):
        raise UsageError("--without needs the name of a food, such as --without sardines.")
    return Wishes(tuple(dict.fromkeys(columns)), MappingProxyType(own), tuple(words), styles)


def _column(said: str) -> str:
    column = find_nutrient(said)
    if column in COLUMNS and column != SODIUM:
        return column
    known = ", ".join(nutrient_label(each) for each in COLUMNS if each != SODIUM)
    why = "salt is only ever kept down" if column == SODIUM else "no target is set for it here"
    raise UsageError(f"A plan can't raise {nutrient_label(column)}: {why}. Choose of: {known}.")


def _number(said: str) -> float | None:
    try:
        value = float(said)
    except ValueError:
        return None
    return value if math.isfinite(value) and value > 0 else None
