"""Words and figures for laboratory results: both unit systems, flags, ranges, what a pattern rests on."""

from __future__ import annotations

import functools
from collections.abc import Collection, Iterable, Iterator, Mapping
from dataclasses import replace

from rheobase.assess.facts import Facts
from rheobase.assess.labs import Reading, flag_by_interval
from rheobase.knowledge import Analyte, Knowledge
from rheobase.knowledge.model_labs import NOT_GRADED, AcceptedUnit, LabRange, Pattern
from rheobase.labs.ranges import context_range
from rheobase.logic import names
from rheobase.person import LabResult, Value
from rheobase.plain_text import in_sentence
from rheobase.report.labs_trend_chart import figure
from rheobase.report.words import label

LAB = "lab."
CONVENTIONAL = ("/dL", "/mL", "mmHg")
LOW, NORMAL, HIGH = "low", "normal", "high"
SIDES = {LOW: "below", NORMAL: "within", HIGH: "above"}
HOW_FAR = {"mild": "slightly ", "moderate": "clearly ", "severe": "very "}
STRENGTHS = {"settles": "settles it", "strong": "speaks strongly for it", "suggests": "suggests it"}
GRADES = {"A": "read in the source", "B": "cited from memory", "C": "our estimate"}


def conventional(analyte: Analyte) -> AcceptedUnit | None:
    """Return the unit in which the other half of the world reports this; None where both agree."""
    accepted = {each.unit: each for each in analyte.units}
    chosen = accepted.get(analyte.unit_conventional or "")
    if chosen is None or chosen.unit == analyte.unit_si:
        chosen = next((each for each in analyte.units if each.unit.endswith(CONVENTIONAL) and each.to_si != 1.0), None)
    return chosen if chosen is not None and chosen.to_si != 1.0 else None


def as_reported(result: LabResult) -> str:
    """Return a result as the laboratory gave it."""
    if result.value is None:
        return result.flag or "-"
    return f"{result.comparator or ''}{result.value:g} {result.unit or ''}".strip()


def in_other_unit(reading: Reading, analyte: Analyte) -> str:
    """Return a value in the unit system that was not used; empty where both agree or there is no number."""
    other = conventional(analyte)
    result = reading.result
    if reading.value is None or other is None or result is None:
        return ""
    sign = result.comparator or ""
    if result.unit == analyte.unit_si or result.unit is None:
        return f"{sign}{figure(reading.value / other.to_si)} {other.unit}"
    return f"{sign}{figure(reading.value)} {analyte.unit_si}"


def flag_of(reading: Reading, knowledge: Knowledge, values: Mapping[str, Value]) -> str | None:
    """Return low, normal or high: as printed, by the laboratory's interval, or by our limits; None where unknown."""
    if reading.flag is not None:
        return reading.flag
    analyte = knowledge.analytes[reading.analyte]
    told = {flag: values.get(name or "") for flag, name in ((LOW, analyte.low_finding), (HIGH, analyte.high_finding))}
    for flag, value in told.items():
        if value is True:
            return flag
    return NORMAL if all(value is False for value in told.values()) else None


def grade_of(reading: Reading, knowledge: Knowledge, values: Mapping[str, Value]) -> str | None:
    """Return how far out of range a value is, in one word; None where it is not out of range or not graded."""
    for grade in knowledge.lab_grades.values():
        option = values.get(grade.id)
        if grade.value == f"{LAB}{reading.analyte}" and isinstance(option, str) and option != NOT_GRADED:
            return option
    return None


def range_flag(reading: Reading, knowledge: Knowledge, values: Mapping[str, Value]) -> str | None:
    """Return low, normal or high by the range that is shown: the laboratory's, else the usual one; None for none."""
    result = reading.result
    if result is None or reading.value is None:
        return None
    if interval(result):
        return flag_by_interval(result)
    usual = context_range(knowledge, reading.analyte, values)
    if usual is None:
        return None
    return flag_by_interval(replace(result, value=reading.value, low=usual.low, high=usual.high))


def flag_words(reading: Reading, knowledge: Knowledge, values: Mapping[str, Value]) -> str:
    """Return the flag in words, such as ``very low``; ``not judged`` where it can't be told.

    Where the range that is shown beside it says otherwise both are said: never "normal" beside a range that the value
    lies outside of.
    """
    flag, by_range = flag_of(reading, knowledge, values), range_flag(reading, knowledge, values)
    if flag in SIDES and by_range not in (None, flag):
        if reading.result is not None and interval(reading.result):
            return f"marked {flag}, but {SIDES[by_range or '']} its range"
        if flag == NORMAL:
            return f"{SIDES[by_range or '']} usual, not called {by_range}"
    if flag is None:
        return "not judged"
    grade = grade_of(reading, knowledge, values) if flag == LOW else None
    return f"{HOW_FAR.get(grade or '', '')}{flag}"


def interval(result: LabResult) -> str:
    """Return the laboratory's own interval, in its unit; empty where it printed none."""
    if result.low is None and result.high is None:
        return ""
    if result.low is None:
        return f"up to {result.high:g}"
    return f"from {result.low:g}" if result.high is None else f"{result.low:g} to {result.high:g}"


def usual_words(found: LabRange, analyte: Analyte) -> str:
    """Return what is usual for such a person, in SI."""
    ends = (
        f"from {found.low:g}" if found.high is None else f"up to {found.high:g}" if found.low is None else
        f"{found.low:g} to {found.high:g}"
    )  # fmt: skip
    return f"usually {ends} {analyte.unit_si or ''}".rstrip()


def range_words(reading: Reading, knowledge: Knowledge, facts: Facts) -> str:
    """Return the laboratory's interval; without one what is usual for such a person, said as such; else a dash."""
    own = interval(reading.result) if reading.result is not None else ""
    if own:
        return own
    found = context_range(knowledge, reading.analyte, facts.ever)
    return "-" if found is None else usual_words(found, knowledge.analytes[reading.analyte])


def analytes_of(pattern: Pattern, knowledge: Knowledge) -> tuple[str, ...]:
    """Return the analytes that a pattern reads, in order."""
    by_finding = _by_finding(knowledge)
    found = (name.removeprefix(LAB) if name.startswith(LAB) else by_finding.get(name) for name in names(pattern.when))
    return tuple(dict.fromkeys(each for each in found if each is not None))


@functools.lru_cache(maxsize=4)
def _by_finding(knowledge: Knowledge) -> dict[str, str]:
    """Return the analyte of each finding that a result sets; of two, the one that the finding is defined by."""
    table: dict[str, str] = {}
    for analyte in knowledge.analytes.values():
        for finding in (analyte.low_finding, analyte.high_finding, *analyte.findings):
            if finding is not None:
                table.setdefault(finding, analyte.id)
    for each in knowledge.findings.values():
        if each.defined_by is not None and (read := [n for n in names(each.defined_by) if n.startswith(LAB)]):
            table[each.id] = read[0].removeprefix(LAB)
    return table


def own_figures(pattern: Pattern, knowledge: Knowledge, facts: Facts) -> tuple[str, ...]:
    """Return the person's own results that a pattern rests on, and what else of it is known to be so."""
    readings = {reading.analyte: reading for reading in facts.readings}
    read = (readings.get(analyte) for analyte in analytes_of(pattern, knowledge))
    shown = [_figure(reading, knowledge, facts) for reading in read if reading is not None]
    measured = {name for reading in facts.readings for name in reading.sets}
    table = _by_finding(knowledge)
    shown += [
        label(knowledge, name)
        for name in names(pattern.when)
        if facts.ever.get(name) is True and name not in measured and table.get(name) not in readings
    ]
    return tuple(dict.fromkeys(shown))


def _figure(reading: Reading, knowledge: Knowledge, facts: Facts) -> str:
    if reading.result is None:
        return reading.words
    analyte = knowledge.analytes[reading.analyte]
    flag = flag_words(reading, knowledge, facts.ever)
    value = as_reported(reading.result) if reading.result.value is not None else ""
    return f"{in_sentence(analyte.name)} {value} ({flag})".replace("  ", " ")


def needed(wanted: Iterable[str], knowledge: Knowledge, facts: Facts) -> Iterator[str]:
    """Yield what a pattern waits for, in words: what is worked out is named by the results that it lacks."""
    readings = {reading.analyte for reading in facts.readings}
    by_finding = _by_finding(knowledge)
    found: list[str] = []
    for name in wanted:
        analyte = name.removeprefix(LAB) if name.startswith(LAB) else by_finding.get(name)
        if analyte is None:
            found.append(f"to know about: {label(knowledge, name)}")
        elif analyte in readings:
            found.append(f"the laboratory's own range for {knowledge.analytes[analyte].name}")
        else:
            found += [knowledge.analytes[each].name for each in _lacking(analyte, knowledge, readings)]
    yield from dict.fromkeys(found)


def _lacking(analyte: str, knowledge: Knowledge, readings: Collection[str]) -> Iterator[str]:
    """Yield the results that are still to be measured for a value; itself where it is not worked out from others."""
    parts = [part for part in knowledge.analytes[analyte].derived_from if part not in readings]
    if not parts:
        yield analyte
    for part in parts:
        yield from _lacking(part, knowledge, readings)
