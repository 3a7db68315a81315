"""Tests whose bare names are the same: a value that is usual for the other one is not taken without a word."""

from __future__ import annotations

from dataclasses import replace

from rheobase.labs.reading_names import LabFacts
from rheobase.labs.reading_unit import Asked
from rheobase.person import LabResult


def twin_of(result: LabResult, asked: Asked, facts: LabFacts) -> LabResult | None:
    """Return the result as one of the other test, None where nothing speaks for that.

    "Calcium 1.20 mmol/L" is far too low for total calcium and usual for ionised calcium, which many reports call
    calcium as well; a code or an interval would tell.

    Args:
        result: As it would be read.
        asked: What the line says beside it.
        facts: Which tests are taken for one another, and what is usual.
    """
    name = facts.reading.twins.get(result.analyte)
    if name is None or result.value is None or asked.test.code is not None or asked.ends is not None:
        return None
    spelt = facts.accepted(name)
    unit = next((each for each, (spelling, _) in spelt.items() if result.unit in (each, spelling)), None)
    own, other = facts.reading.usual[result.analyte], facts.reading.usual[name]
    if unit is None:
        return None
    si = result.value * spelt[unit][1]
    far = not own.met[0] <= si <= own.met[1]
    if not far or not any(low <= si <= high for low, high in other.intervals):
        return None
    return replace(result, analyte=name, unit=spelt[unit][0])
