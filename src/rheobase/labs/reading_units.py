"""Units as they are printed, in one spelling; which unit a printed interval or a value speaks for."""

from __future__ import annotations

import math
import re
from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from enum import StrEnum
from functools import lru_cache
from types import MappingProxyType

from rheobase.knowledge import Analyte
from rheobase.knowledge.lab_reading import LabReading, Usual
from rheobase.plain_text import in_sentence

_POWERS = str.maketrans(
    "\u2070\u00b9\u00b2\u00b3\u2074\u2075\u2076\u2077\u2078\u2079\u207b\u03bc\u00b5\u2044\u2215\u00b7\u22c5",
    "0123456789-uu//..",
)
_MICRO = re.compile(r"^mc(?=g|mol|l|iu|u|kat)|(?<=/)mc(?=l)")
_IGNORED = str.maketrans("", "", " \t\u00a0\u202f[]^*")


@lru_cache(maxsize=5_000)
def folded_unit(text: str) -> str:
    """Return a unit for comparison: case, spaces, brackets, micro signs and signs of powers do not count."""
    said = text.strip().translate(_POWERS).strip("().,;:")
    # An annotation of UCUM says nothing of the unit, but for the area of eGFR.
    said = (re.sub(r"\{(?!1\.73)[^}]*\}", "", said) or said).replace("{", "").replace("}", "").replace("_", "")
    return _MICRO.sub("u", said.lower().translate(_IGNORED))


@dataclass(frozen=True, slots=True)
class Units:
    """Every spelling of every unit.

    Attributes:
        meant: Folded spelling to unit.
        kinds: Unit to its kind.
    """

    meant: Mapping[str, str]
    kinds: Mapping[str, str]

    def read(self, text: str) -> str | None:
        """Return a unit in our spelling, None for one that is not in the table."""
        return self.meant.get(folded_unit(text))


@lru_cache(maxsize=4)
def _units(rows: tuple[tuple[str, str, tuple[str, ...]], ...]) -> Units:
    meant: dict[str, str] = {}
    for unit, _, also in rows:
        for spelling in (unit, *also):
            meant.setdefault(folded_unit(spelling), unit)
    return Units(MappingProxyType(meant), MappingProxyType({unit: kind for unit, kind, _ in rows}))


def units_of(reading: LabReading) -> Units:
    """Return the table of units."""
    return _units(tuple((each.unit, each.kind, each.also) for each in reading.units))


def accepted(analyte: Analyte, units: Units) -> dict[str, tuple[str, float]]:
    """Return the units of an analyte in our spelling, each with its own spelling there and its factor to SI."""
    found: dict[str, tuple[str, float]] = {}
    for each in analyte.units:
        found.setdefault(units.read(each.unit) or each.unit, (each.unit, each.to_si))
    return found


class Speaks(StrEnum):
    """What an interval says of a unit."""

    FOR = "for"
    AGAINST = "against"
    NOTHING = "nothing"


def distance(low: float | None, high: float | None, usual: Usual) -> float | None:
    """Return how far an interval is from the usual ones, as the logarithm of a factor; None when it says nothing.

    Args:
        low: Lower end in SI; None or 0 says nothing.
        high: Upper end in SI.
        usual: What is usual.
    """
    best: float | None = None
    for usual_low, usual_high in usual.intervals:
        parts = [
            abs(math.log(end / wanted))
            for end, wanted in ((low, usual_low), (high, usual_high))
            if end is not None and end > 0 and wanted > 0
        ]
        if parts and (best is None or max(parts) < best):
            best = max(parts)
    return best


def apart(low: float | None, high: float | None, usual: Usual) -> bool:
    """Return whether an interval shares nothing with any that is usual."""
    return all(
        (low is not None and low > usual_high) or (high is not None and 0 < high < usual_low)
        for usual_low, usual_high in usual.intervals
    )


def others(unit: str, factors: Mapping[str, float], same: float) -> dict[str, float]:
    """Return the units whose size differs from that of ``unit``."""
    own = factors[unit]
    return {name: factor for name, factor in factors.items() if abs(math.log(factor / own)) > same}


def distinct(names: Iterable[str], factors: Mapping[str, float], same: float) -> tuple[str, ...]:
    """Return units of different size: of those of one size the first."""
    found: list[str] = []
    for name in names:
        if all(abs(math.log(factors[name] / factors[each])) > same for each in found):
            found.append(name)
    return tuple(found)


def interval_speaks(
    ends: tuple[float | None, float | None], unit: str, factors: Mapping[str, float], facts: tuple[Usual, float]
) -> tuple[Speaks, tuple[str, ...]]:
    """Return whether a printed interval speaks for the unit, and the units that it fits better.

    Args:
        ends: The interval as printed.
        unit: The unit as said.
        factors: To SI, of every unit that may be meant, the said one among them.
        facts: What is usual, and how much nearer (logarithm of a factor) proves a unit.
    """
    usual, margin = facts
    low, high = ends

    def at(factor: float) -> float | None:
        scaled = [None if end is None else end * factor for end in (low, high)]
        return distance(scaled[0], scaled[1], usual)

    own = at(factors[unit])
    if own is None:
        return Speaks.NOTHING, ()
    allowed = math.log(usual.factor)
    distances = {name: found for name, factor in factors.items() if name != unit and (found := at(factor)) is not None}
    fitting = sorted((name for name, found in distances.items() if found <= allowed), key=lambda n: distances[n])
    nearer = [name for name in fitting if distances[name] < own - margin]
    if nearer:
        return Speaks.AGAINST, tuple(nearer)
    if own <= allowed and all(found > own + margin for found in distances.values()):
        return Speaks.FOR, ()
    return (Speaks.AGAINST, ()) if own > allowed else (Speaks.NOTHING, tuple(fitting))


def met(value: float, usual: Usual) -> bool:
    """Return whether a value in SI is within the span met in practice."""
    return usual.met[0] <= value <= usual.met[1]


def nearest_tests(value: float, unit: str, analytes: Iterable[Analyte], reading: LabReading) -> tuple[str, ...]:
    """Return the names of tests whose usual interval holds a value in this unit, the tightest first.

    Args:
        value: As printed.
        unit: In our spelling.
        analytes: To look among.
        reading: What is usual.
    """
    units, found = units_of(reading), []
    for analyte in analytes:
        usual = reading.usual.get(analyte.id)
        entry = accepted(analyte, units).get(unit)
        if usual is None or entry is None:
            continue
        widths = [high / low for low, high in usual.intervals if 0 < low <= value * entry[1] <= high]
        if widths:
            found.append((min(widths), in_sentence(analyte.name)))
    return tuple(dict.fromkeys(name for _, name in sorted(found)))
