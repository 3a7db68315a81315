"""A closed set of units. Conversion is by substance: the factors come from the analyte, never from here."""

from __future__ import annotations

import difflib
from collections.abc import Mapping

from rheobase.errors import UnknownUnitError

_MICRO = ("\N{MICRO SIGN}", "\N{GREEK SMALL LETTER MU}", "mc")


def normalise(unit: str) -> str:
    """Return a unit in one spelling, for comparison: case, spaces, micro signs and powers of ten."""
    text = "".join(unit.split())
    for sign in _MICRO:
        text = text.replace(sign, "u")
    text = text.replace("^", "").replace("*", "").replace("x109", "109").lower()
    return text.replace("iu/l", "u/l") if text in ("iu/l", "u/l") else text


def convert(value: float, unit: str, factors: Mapping[str, float]) -> float:
    """Return a value in the SI unit of its substance.

    Args:
        value: The number as given.
        unit: Its unit as given.
        factors: For each accepted unit of the substance, what one of it is in the SI unit.

    Raises:
        UnknownUnitError: The unit is not one of the substance's; names those that are.
    """
    wanted = normalise(unit)
    for accepted, factor in factors.items():
        if normalise(accepted) == wanted:
            return value * factor
    near = difflib.get_close_matches(wanted, [normalise(each) for each in factors], 1)
    hint = " Did you mean " + next(each for each in factors if normalise(each) == near[0]) + "?" if near else ""
    raise UnknownUnitError(
        f"unit {unit!r} is not known for this substance; expected one of {', '.join(factors)}.{hint}"
    )
