"""Whether the columns say of each person what ``assess`` says: it is the oracle, and none may differ."""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Sequence
from datetime import date
from typing import Any

import polars as pl

from rheobase.assess import Assessment, assess
from rheobase.assess.causes import CauseFit
from rheobase.assess.old_results import is_old
from rheobase.cohort.judge import TOP
from rheobase.knowledge import Knowledge
from rheobase.person import Person

# Two ways to add up a hundred weights differ in the last digits.
CLOSE = 1e-9


def differences(people: Sequence[Person], judged: pl.DataFrame, knowledge: Knowledge, *, on: date) -> Iterator[str]:
    """Yield in words everything that is said otherwise of a person, by row.

    Args:
        people: As they were told to ``cohort``.
        judged: What ``judge`` said of them, all parts.
        knowledge: What both know.
        on: Date of the assessments.
    """
    for index, (person, row) in enumerate(zip(people, judged.iter_rows(named=True), strict=True)):
        for name, expected in _expected(assess(person, knowledge, on=on), row, knowledge):
            if not _same(row.get(name), expected):
                yield f"row {index}, {name}: {row.get(name)!r}, expected {expected!r}"


def _same(found: Any, expected: Any) -> bool:
    if isinstance(found, float) and isinstance(expected, float):
        return abs(found - expected) <= CLOSE * max(1.0, abs(expected))
    return bool(found == expected)


def _expected(assessment: Assessment, row: dict[str, Any], knowledge: Knowledge) -> Iterator[tuple[str, Any]]:
    urgency = assessment.urgency
    yield "urgency", urgency.level
    yield "child", urgency.child
    yield "rules_fired", [each.rule for each in urgency.fired]
    yield "reassured_by", list(urgency.reassured_by)
    yield "could_fire", list(dict.fromkeys(each.rule for each in urgency.could_fire))
    yield "patterns", list(assessment.patterns)
    yield "open_patterns", [each.pattern for each in assessment.open_patterns]
    fits = {each.cause: each for each in (*assessment.causes, *assessment.contributors)}
    for cause in knowledge.causes:
        yield from _fit(cause, fits.get(cause))
    yield "top_causes", None if urgency.child else _in_order(row["top_causes"], assessment.causes)
    yield "advice_withheld", _listed(row, (each.advice for each in assessment.withheld if each.because))
    yield "known", len(assessment.facts.values)
    yield from _labs(assessment, row, knowledge)


def _in_order(found: list[str] | None, causes: Sequence[CauseFit]) -> list[str]:
    """Return the most probable causes; those that tie, but for the last digits, in the order that was found."""
    expected = [each.cause for each in causes[:TOP]]
    chance = {each.cause: each.posterior for each in causes}
    if found is None or len(set(found)) < len(expected) or not chance.keys() >= set(found):
        return expected
    tied = all(_same(chance[one], chance[other]) for one, other in zip(found, expected, strict=True))
    return found if tied else expected


def _listed(row: dict[str, Any], items: Iterable[str]) -> list[str]:
    """Return the items in the order of the columns, which have no order of their own."""
    expected = set(items)
    found = [item for item in row.get("advice_withheld") or () if item in expected]
    return [*found, *sorted(expected.difference(found))]


def _fit(cause: str, fit: CauseFit | None) -> Iterator[tuple[str, Any]]:
    for name in ("posterior", "low", "high", "band"):
        yield f"{name}.{cause}", None if fit is None else getattr(fit, name)


def _labs(assessment: Assessment, row: dict[str, Any], knowledge: Knowledge) -> Iterator[tuple[str, Any]]:
    flags = {
        reading.analyte: reading.flag
        for reading in assessment.facts.readings
        if reading.result is not None and not is_old(reading.result, knowledge, on=assessment.on)
    }
    for name in row:
        kind, _, analyte = name.partition(".")
        if kind == "lab":
            yield name, assessment.facts.values.get(name)
        elif kind == "flag":
            yield name, flags.get(analyte)
        elif kind == "finding":
            yield name, assessment.facts.values.get(analyte)
