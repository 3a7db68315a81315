"""The bridge between people and told frames: how ``assess`` and ``cohort`` are given the same person."""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Sequence
from datetime import date
from typing import Any

import polars as pl

from rheobase.assess.lab_newest import is_newer
from rheobase.assess.labs import in_si
from rheobase.assess.labs_derived import PER_DAY as DAILY_UNITS
from rheobase.cohort.frame import (
    COMPARATOR,
    FLAG,
    LAB,
    LOWER,
    MEDICINE,
    MONTHS,
    NO_MEDICINE,
    PER_DAY,
    SETTING,
    TAKEN,
    UPPER,
    schema,
)
from rheobase.errors import DataRefusedError
from rheobase.knowledge import Analyte, Knowledge
from rheobase.person import Answer, LabResult, MedicineUse, Person, Status

Cells = dict[str, Any]


def told_frame(people: Sequence[Person], knowledge: Knowledge) -> pl.DataFrame:
    """Return what people told, one row each, with every column that somebody tells something in.

    Of several results of one analyte the newest counts. Not carried: what was eaten, free text, medicines that were
    not recognised, and that something was asked and is not known.

    Args:
        people: Whom.
        knowledge: Findings, analytes and their units.

    Raises:
        UnknownUnitError: A result has a unit that its analyte does not know.
    """
    columns = schema(knowledge)
    rows = [_cells(person, knowledge) for person in people]
    names = [name for name in columns if any(name in row for row in rows)]
    return pl.DataFrame(
        {name: pl.Series(name, [row.get(name) for row in rows], dtype=columns[name]) for name in (SETTING, *names)}
    )


def _cells(person: Person, knowledge: Knowledge) -> Cells:
    cells: Cells = {SETTING: person.setting}
    for name, answer in person.answers.items():
        if answer.status is not Status.UNKNOWN and answer.value is not None:
            cells[name] = sorted(answer.value) if isinstance(answer.value, frozenset) else answer.value
    newest: dict[str, LabResult] = {}
    for result in person.labs:
        previous = newest.get(result.analyte)
        if result.analyte in knowledge.analytes and (previous is None or is_newer(result, previous)):
            newest[result.analyte] = result
    for result in newest.values():
        cells.update(_lab_cells(knowledge.analytes[result.analyte], result))
    for use in person.medicines:
        cells.update(_medicine_cells(use, cells, knowledge))
    if person.takes_no_medicine:
        cells[NO_MEDICINE] = True
    return cells


def _lab_cells(analyte: Analyte, result: LabResult) -> Cells:
    unit = result.unit or analyte.unit_si or ""
    amounts = {"": result.value, LOWER: result.low, UPPER: result.high}
    found: Cells = {end: in_si(analyte, value, unit) for end, value in amounts.items() if value is not None}
    found.update({FLAG: result.flag, COMPARATOR: result.comparator, TAKEN: result.taken})
    if _daily(unit):
        found[PER_DAY] = True
    return {f"{LAB}{analyte.id}{end}": value for end, value in found.items() if value is not None}


def _daily(unit: str) -> bool:
    """Whether an amount a day is meant, as ``assess`` reads a unit."""
    return unit.replace(" ", "").endswith(DAILY_UNITS) or "/24" in unit


def _medicine_cells(use: MedicineUse, cells: Cells, knowledge: Knowledge) -> Cells:
    """Return one medicine; taken now counts before stopped, and the longer time before the shorter."""
    recognised = use.medicine in knowledge.medicines or use.medicine in knowledge.medicine_classes
    if not recognised or use.status is Status.UNKNOWN:
        return {}
    name = f"{MEDICINE}{use.medicine}"
    taken = use.status is Status.PRESENT
    found: Cells = {name: taken or cells.get(name, False)}
    if taken and use.months is not None:
        found[name + MONTHS] = max(use.months, cells.get(name + MONTHS, use.months))
    return found


def people_of(frame: pl.DataFrame, knowledge: Knowledge) -> list[Person]:
    """Return the people of a told frame, whose columns have been checked.

    Args:
        frame: One row per person.
        knowledge: Findings, analytes and their units.

    Raises:
        DataRefusedError: An amount a day is told of an analyte that knows no such unit.
    """
    return [_person(row, knowledge) for row in frame.iter_rows(named=True)]


def _person(row: Cells, knowledge: Knowledge) -> Person:
    told = {name: value for name, value in row.items() if value is not None}
    answers = {name: _answer(value) for name, value in told.items() if name in knowledge.findings}
    return Person(
        answers=answers,
        labs=tuple(_results(told, knowledge)),
        medicines=tuple(_uses(told, (*knowledge.medicines, *knowledge.medicine_classes))),
        setting=told.get(SETTING, Person().setting),
        takes_no_medicine=told.get(NO_MEDICINE, False),
    )


def _answer(value: Any) -> Answer:
    if isinstance(value, list):
        value = frozenset(value)
    absent = value is False or value == frozenset()
    return Answer(Status.ABSENT if absent else Status.PRESENT, value)


def _results(told: Cells, knowledge: Knowledge) -> Iterator[LabResult]:
    for analyte in knowledge.analytes.values():
        name = f"{LAB}{analyte.id}"
        value, flag = told.get(name), told.get(name + FLAG)
        if value is None and flag is None:
            continue
        unit = _unit(analyte, daily=told.get(name + PER_DAY, False))
        taken: date | None = told.get(name + TAKEN)
        ends = (told.get(name + LOWER), told.get(name + UPPER))
        yield LabResult(analyte.id, value, unit, told.get(name + COMPARATOR), flag, *ends, taken)


def _unit(analyte: Analyte, *, daily: bool) -> str | None:
    if not daily:
        return analyte.unit_si
    found = [each.unit for each in analyte.units if _daily(each.unit) and each.to_si == 1]
    if not found:
        raise DataRefusedError(f"{LAB}{analyte.id}{PER_DAY}: {analyte.name} is not measured as an amount a day")
    return found[0]


def _uses(told: Cells, medicines: Iterable[str]) -> Iterator[MedicineUse]:
    for medicine in dict.fromkeys(medicines):
        taken = told.get(f"{MEDICINE}{medicine}")
        if taken is not None:
            status = Status.PRESENT if taken else Status.ABSENT
            yield MedicineUse(medicine, medicine, status, told.get(f"{MEDICINE}{medicine}{MONTHS}"))
