"""Observations of a bulk export as results in SI, and as the findings that are numbers."""

from __future__ import annotations

import re
from collections.abc import Mapping
from dataclasses import dataclass, field
from datetime import date
from typing import Any

from rheobase.cohort.frame import COMPARATORS
from rheobase.cohort.sources.batch import Refusals
from rheobase.cohort.sources.codes import Codes, Factor
from rheobase.errors import DataRefusedError
from rheobase.fhir.results import CodedResult, read_results

_NUMBER = re.compile(r"(<=|>=|<|>)?\s*([-+]?\d+(?:\.\d+)?(?:[eE][-+]?\d+)?)")
_WHEN = re.compile(r"(\d{4}-\d{2}-\d{2})(?:T(\d{2}:\d{2}(?::\d{2})?)(?:\.\d+)?(Z|[+-]\d{2}:\d{2})?)?")

Where = tuple[str, int, str | None]


@dataclass(slots=True)
class Reader:
    """Collects rows of ``record.LABS`` and ``record.SAID``; what cannot be used is refused.

    Attributes:
        codes: What a code and a unit mean.
        refusals: Where to say what was refused.
        labs: Rows of results.
        said: Rows of findings that are numbers.
    """

    codes: Codes
    refusals: Refusals
    labs: list[tuple[Any, ...]] = field(default_factory=list)
    said: list[tuple[Any, ...]] = field(default_factory=list)

    def read(self, where: Where, resource: Mapping[str, object], order: int) -> None:
        """Read one Observation.

        Args:
            where: File, line and person.
            resource: As parsed.
            order: Place in the whole export, for results of the same moment.
        """
        try:
            found = read_results(resource, name=where[0])
        except DataRefusedError as problem:
            self.refusals.add(where, "Observation", resource.get("id"), str(problem))
            return
        for line in found.dropped:
            name, _, why = line.partition(": ")
            self.refusals.count(where[0], "Observation", name, why)
        for result in found.results:
            self._result(where, result, order)

    def _result(self, where: Where, result: CodedResult, order: int) -> None:
        known = [entry for each in result.loinc if (entry := self.codes.analyte(each)) is not None]
        meanings = {(each.analyte, each.kind) for each in known}
        if len(meanings) > 1:
            self.refusals.add(where, "code", ", ".join(result.loinc), "its codes are of different tests")
            return
        if known and known[0].analyte:
            self._lab(where, result, known[0].analyte, (known[0].kind, order))
            return
        finding = next((said for each in result.loinc if (said := self.codes.finding("LOINC", each))), None)
        if finding is not None:
            self._sign(where, result, finding, order)
            return
        code = f"{'LOINC ' + result.loinc[0] if result.loinc else '(no LOINC code)'} {result.name}"
        self.refusals.count(where[0], "code", code, "no test of ours has this code")

    def _lab(self, where: Where, result: CodedResult, analyte: str, how: tuple[str, int]) -> None:
        kind, order = how
        if result.doubts:
            self.refusals.add(where, analyte, f"{result.value} {result.unit}", "; ".join(result.doubts))
            return
        taken, time = day_and_time(result.taken)
        number = _NUMBER.fullmatch(result.value.strip())
        if number is None:
            if result.flag:
                nothing = (None, None, result.flag, None, None, None)
                self.labs.append((where[2], analyte, *nothing, taken, time, order))
            else:
                self.refusals.add(where, analyte, result.value, "expected a number")
            return
        factor = self.codes.factor(analyte, result.ucum or result.unit, kind)
        if not isinstance(factor, Factor):
            self.refusals.add(where, analyte, f"{result.value} {result.ucum or result.unit}", factor)
            return
        value = float(number[2]) * factor.factor
        entry = self.codes.knowledge.analytes[analyte]
        if not _within(value, entry.plausible_min, entry.plausible_max):
            ends = f"expected {entry.plausible_min:g} to {entry.plausible_max:g} {entry.unit_si}"
            self.refusals.add(where, analyte, f"{result.value} {result.ucum or result.unit}", ends)
            return
        low, high = (
            float(end) * factor.factor if _NUMBER.fullmatch(end) else None for end in (result.low, result.high)
        )
        comparator = number[1] if number[1] in COMPARATORS else None
        row = (value, comparator, result.flag or None, low, high, factor.per_day or None, taken, time, order)
        self.labs.append((where[2], analyte, *row))

    def _sign(self, where: Where, result: CodedResult, finding: str, order: int) -> None:
        unit, number = result.ucum or result.unit, _NUMBER.fullmatch(result.value.strip())
        entry = self.codes.knowledge.findings[finding]
        if unit not in self.codes.units_of_finding(finding):
            expected = ", ".join(self.codes.units_of_finding(finding)[:2]) or "none: it is told otherwise"
            self.refusals.count(where[0], finding, unit or "(no unit)", f"unit is not the one expected ({expected})")
        elif number is None or number[1] or not _within(float(number[2]), entry.minimum, entry.maximum):
            self.refusals.add(
                where, finding, result.value, f"expected a number from {entry.minimum} to {entry.maximum}"
            )
        else:
            taken, _ = day_and_time(result.taken)
            self.said.append((where[2], finding, None, float(number[2]), taken, order))


def day_and_time(written: object) -> tuple[date | None, str | None]:
    """Return the day of a FHIR date or instant, and its time with its zone; None for what is not given.

    A month or a year alone is no day.

    Args:
        written: As it stands in the resource.
    """
    found = _WHEN.fullmatch(written.strip()) if isinstance(written, str) else None
    if found is None:
        return None, None
    try:
        day = date.fromisoformat(found[1])
    except ValueError:
        return None, None
    return day, f"{found[2]}{(found[3] or '').replace('Z', '+00:00')}" if found[2] else None


def _within(value: float, low: float | None, high: float | None) -> bool:
    return (low is None or value >= low) and (high is None or value <= high)
