"""Blood tests: to SI units, to the findings that they set, and to the values derived from them."""

from __future__ import annotations

import sys
from collections.abc import Iterable, Iterator, Mapping
from functools import cmp_to_key

from rheobase.assess.lab_newest import is_newer
from rheobase.assess.lab_reading import HIGH, LOW, NEGATIVE, NORMAL, POSITIVE, Reading
from rheobase.assess.labs_derived import Deriving
from rheobase.errors import UnknownUnitError
from rheobase.knowledge import Analyte, Knowledge
from rheobase.knowledge.model_labs import NOT_GRADED, GradeStep
from rheobase.labs.trend import Change, Dated, change_of
from rheobase.person import LabResult, Person, Value
from rheobase.units import convert

__all__ = ["Reading", "changes", "flag_by_interval", "grades", "in_si", "read_labs"]


def read_labs(
    person: Person, knowledge: Knowledge, values: Mapping[str, Value]
) -> tuple[tuple[Reading, ...], list[str]]:
    """Return the readings of a person's results, the newest of each analyte deciding, and notes on what was assumed.

    Args:
        person: Whose results.
        knowledge: Analytes, units, formulas.
        values: What else is known (age and sex for the filtration rate).

    Raises:
        UnknownUnitError: A result has a unit that its analyte does not know.
    """
    notes: list[str] = []
    if not person.labs:
        return (), notes
    newest: dict[str, LabResult] = {}
    for result in person.labs:
        previous = newest.get(result.analyte)
        if previous is None or is_newer(result, previous):
            newest[result.analyte] = result
    readings = [_read(knowledge.analytes[r.analyte], r) for r in newest.values() if r.analyte in knowledge.analytes]
    readings.extend(Deriving(knowledge, {r.analyte: r for r in readings}, values, notes).all())
    return tuple(readings), notes


def in_si(analyte: Analyte, value: float, unit: str) -> float:
    """Return a value in the analyte's SI unit.

    Raises:
        UnknownUnitError: The unit is not one of the analyte's.
    """
    return convert(value, unit, {accepted.unit: accepted.to_si for accepted in analyte.units})


def changes(person: Person, knowledge: Knowledge) -> tuple[Change, ...]:
    """Return how each analyte with results of at least two days has moved, in the order of the results."""
    by_analyte: dict[str, list[LabResult]] = {}
    for result in person.labs:
        if result.value is not None and result.taken is not None and result.analyte in knowledge.analytes:
            by_analyte.setdefault(result.analyte, []).append(result)
    constants = knowledge.formulas["reference_change_value"].constants
    found = (
        change_of(
            analyte, _dated(knowledge.analytes[analyte], results), knowledge.lab_variations.get(analyte), constants
        )
        for analyte, results in by_analyte.items()
        if len(results) > 1
    )
    return tuple(each for each in found if each is not None)


def _dated(analyte: Analyte, results: Iterable[LabResult]) -> Iterator[Dated]:
    dated = [each for each in results if each.taken is not None]
    for result in sorted(dated, key=cmp_to_key(_by_hour)):
        if result.value is None or result.taken is None:
            continue
        try:
            value = in_si(analyte, result.value, result.unit or analyte.unit_si or "")
        except UnknownUnitError:
            # The newest decides and has been read; an older one that can't be converted is left out of the trend.
            continue
        yield Dated(value, result.taken, limit=result.comparator is not None)


def _by_hour(one: LabResult, other: LabResult) -> int:
    return 1 if is_newer(one, other) else -1


def grades(knowledge: Knowledge, values: Mapping[str, Value]) -> Iterator[tuple[str, str]]:
    """Yield how far out of range each value is: the finding and its option.

    Whether it is out of range at all is what the finding ``of`` says, by the laboratory's own interval where there is
    one; without a number nothing is graded.
    """
    for grade in knowledge.lab_grades.values():
        out = values.get(grade.of)
        value = values.get(grade.value)
        if isinstance(out, bool) and isinstance(value, float | int):
            yield grade.id, next(s.option for s in grade.steps if _reaches(s, value)) if out else NOT_GRADED


def _reaches(step: GradeStep, value: float) -> bool:
    return (step.below is None or value < step.below) and (step.least is None or value >= step.least)


def _read(analyte: Analyte, result: LabResult) -> Reading:
    value = None if result.value is None else in_si(analyte, result.value, result.unit or analyte.unit_si or "")
    flag = result.flag or flag_by_interval(result)
    sets: dict[str, Value] = dict(_findings(analyte, flag))
    if value is not None:
        sets[f"lab.{analyte.id}"] = just_beyond(value, result.comparator)
    number = "" if result.value is None else f" {result.comparator or ''}{result.value:g} {result.unit or ''}".rstrip()
    words = f"{analyte.name}{number}" + (f" ({flag})" if flag else "")
    return Reading(analyte.id, value, flag, words, sets, result)


def flag_by_interval(result: LabResult) -> str | None:
    """Return the flag by the laboratory's own interval; none is made up where it printed none.

    A limit ("<3.5") has a flag only where everything on its side of it has the same.

    Args:
        result: Value and ends in one unit; its own flag is not looked at.
    """
    if result.value is None:
        return None
    value, below, above = just_beyond(result.value, result.comparator), *_sides(result.comparator)
    if result.low is not None and value < result.low and not above:
        return LOW
    if result.high is not None and value > result.high and not below:
        return HIGH
    if result.low is None or result.high is None or above or (below and result.low > 0):
        return None
    return NORMAL if value <= result.high else None


def _sides(comparator: str | None) -> tuple[bool, bool]:
    """Return whether a result is only known to lie below, and only known to lie above, what is printed."""
    return comparator in ("<", "<="), comparator in (">", ">=")


def just_beyond(value: float, comparator: str | None) -> float:
    """Return the number that stands for a result: "<3.5" lies below 3.5, so that it is below a limit of 3.5."""
    least = abs(value) * sys.float_info.epsilon
    return value - least if comparator == "<" else value + least if comparator == ">" else value


def _findings(analyte: Analyte, flag: str | None) -> Iterator[tuple[str, Value]]:
    by_flag = {
        LOW: analyte.low_finding,
        HIGH: analyte.high_finding,
        POSITIVE: analyte.positive_finding,
        NEGATIVE: analyte.negative_finding,
    }
    if flag is None:
        return
    for each, finding in by_flag.items():
        if finding is None:
            continue
        yield finding, each == flag
