"""Names of nutrients, as people say them and as they are read out."""

from __future__ import annotations

import difflib

from rheobase.errors import UsageError
from rheobase.foods.food import NUTRIENTS

_SHOWN = {
    "energy_kcal": "energy",
    "fibre_g": "fibre",
    "vitamin_d_ug": "vitamin D",
    "vitamin_b12_ug": "vitamin B12",
}
_ALSO = {
    "fiber": "fibre_g",
    "calories": "energy_kcal",
    "carbs": "carbohydrate_g",
    "sugar": "sugars_g",
    "b12": "vitamin_b12_ug",
    "cobalamin": "vitamin_b12_ug",
    "vit d": "vitamin_d_ug",
}
_UNITS = {"ug": "µg"}


def nutrient_label(nutrient: str) -> str:
    """Return a nutrient as it is read out: "vitamin D" for ``vitamin_d_ug``."""
    return _SHOWN.get(nutrient, nutrient.rpartition("_")[0])


def nutrient_unit(nutrient: str) -> str:
    """Return the unit of a nutrient's column, as it is read out."""
    unit = nutrient.rpartition("_")[2]
    return _UNITS.get(unit, unit)


def find_nutrient(said: str) -> str:
    """Return the column of a nutrient that a person names.

    Raises:
        UsageError: No such nutrient; says what may have been meant.
    """
    wanted = " ".join(said.lower().replace("_", " ").split())
    names = {nutrient_label(each).lower(): each for each in NUTRIENTS}
    names |= {each.replace("_", " "): each for each in NUTRIENTS} | _ALSO
    if wanted in names:
        return names[wanted]
    near = difflib.get_close_matches(wanted, names, 1)
    labels = ", ".join(nutrient_label(each) for each in NUTRIENTS)
    hint = f"Did you mean {near[0]!r}?" if near else f"Known are: {labels}."
    raise UsageError(f"{said!r} is not a nutrient of the food table. {hint}")
