"""Words for a line of the ledger: an answer, or what a record of days says in its place."""

from __future__ import annotations

from collections.abc import Iterator
from typing import Any

from rheobase.assess import Assessment
from rheobase.assess.causes import LedgerLine
from rheobase.intake.record_facts import ADEQUATE_INTAKE, REQUIREMENT, Measured, Record, Supplements
from rheobase.knowledge import Knowledge
from rheobase.report.document import Block, Paragraph, Point
from rheobase.report.words import answer, chance, percent

_NAMES = {"vitamin_d": "vitamin D", "vitamin_b12": "vitamin B12"}


def ledger_words(line: LedgerLine, knowledge: Knowledge, *, for_clinician: bool = False) -> str:
    """Return what a line of the ledger rests on, such as ``no numbness``.

    Args:
        line: The line.
        knowledge: For names.
        for_clinician: Give the probabilities of a record as such.
    """
    if line.record is None:
        return answer(knowledge, line.finding, line.value, line.option)
    return _for_clinician(line.record) if for_clinician else _for_person(line.record)


def days_words(count: int) -> str:
    """Return ``1 day`` or ``3 days``."""
    return f"{count} {'day' if count == 1 else 'days'}"


def _for_person(record: Record) -> str:
    now, before = _chances(record)
    figures = (
        f"{chance(now)}; {chance(before)} for people of your age and sex"
        if chance(now) != chance(before)
        else f"{'more' if now > before else 'less'} likely than usual"
    )
    return f"what you ate on {days_words(record.days)}: {_meant(record)} ({figures}{_left_open(record)})"


def _for_clinician(record: Record) -> str:
    now, before = _chances(record)
    return (
        f"food record of {days_words(record.days)}: {_meant(record)} {_percent(now)} (before {_percent(before)}, odds "
        f"x {record.odds.best:.2g}{_left_open(record)})"
    )


def _percent(probability: float) -> str:
    return "under 0.1 %" if probability < 0.001 else percent(probability)


def _chances(record: Record) -> tuple[float, float]:
    """Return the chance of what the words say, after the record and before it."""
    now, before = record.chance.best, sum(record.before) / 2
    return (1 - now, 1 - before) if record.row.says == ADEQUATE_INTAKE else (now, before)


def _meant(record: Record) -> str:
    name = _NAMES.get(record.row.nutrient, record.row.nutrient)
    if record.row.says == REQUIREMENT:
        return f"too little {name}"
    if record.row.says == ADEQUATE_INTAKE:
        return f"{name} at or above the adequate intake"
    unit = record.row.column.rpartition("_")[2].replace("ug", "µg")
    return f"less than {record.row.limit:g} {unit} {name} a day from food"


def _left_open(record: Record) -> str:
    if record.supplements is Supplements.TOLD:
        return ""
    return (
        "; a supplement of unknown dose is taken"
        if record.supplements is Supplements.UNCLEAR
        else ("; supplements were not told")
    )


def record_json(record: Record | None) -> dict[str, Any] | None:
    """Return a record as plain data; None where the line rests on an answer."""
    if record is None:
        return None
    return {
        "nutrient": record.row.nutrient,
        "says": record.row.says,
        "limit": record.row.limit,
        "chance_too_little": dict(zip(("low", "best", "high"), record.chance, strict=True)),
        "chance_before": list(record.before),
        "odds": dict(zip(("low", "best", "high"), record.odds, strict=True)),
        "whole_days": record.whole_days,
        "part_days": record.part_days,
        "supplements": record.supplements.value,
    }


def record_blocks(assessment: Assessment, knowledge: Knowledge) -> Iterator[Block]:
    """Yield what the food record says, for the page for the doctor; nothing without one."""
    diet = assessment.facts.diet
    if diet is None:
        return
    told = [answer(knowledge, each.row.id, each.value) + f" over {days_words(each.days)}" for each in _used(assessment)]
    words = f"Days that count: {diet.days}. " + (f"Measured: {'; '.join(told)}." if told else "")
    yield Paragraph(words.strip())
    yield from (Point(_for_clinician(record)) for record in diet.records.values())
    yield from (Point(problem) for problem in diet.problems)
    if diet.records:
        yield Paragraph(
            "Probabilities of usual intake by the EAR distribution, not of a deficiency. They enter the causes as "
            "graded evidence."
        )


def diet_json(assessment: Assessment) -> dict[str, Any] | None:
    """Return what the recorded diet said to the assessment; None without one."""
    diet = assessment.facts.diet
    if diet is None:
        return None
    return {
        "days": diet.days,
        "records": [
            {"finding": name, "stands_for_the_answer": diet.stands(name), **(record_json(record) or {})}
            for name, record in diet.records.items()
        ],
        "measured": [{"finding": each.row.id, "value": each.value, "days": each.days} for each in _used(assessment)],
    }


def _used(assessment: Assessment) -> Iterator[Measured]:
    """Yield the amounts that were used: those that nobody answered, and no lower bound that more would change."""
    facts = assessment.facts
    measured = () if facts.diet is None else facts.diet.numbers
    return (each for each in measured if each.row.id in facts.origins and facts.values[each.row.id] == each.value)
