"""Made-up people who tell everything that a told frame can hold: answers, blood tests, medicines."""

from __future__ import annotations

from collections.abc import Iterator
from datetime import date, timedelta

from hypothesis import strategies as st

from rheobase.assess.labs_derived import PER_DAY
from rheobase.knowledge import Analyte, Knowledge, load_knowledge
from rheobase.knowledge.model import Medicine, MedicineClass
from rheobase.logic import Compare, Expression, atoms
from rheobase.person import SETTINGS, LabResult, MedicineUse, Person, Status
from tests.properties.strategies import answers

DAY = date(2026, 11, 24)
FLAGS = (None, "low", "normal", "high", "positive", "negative")
# Days about which a result grows too old, and much more.
AGES = sorted({each.days + more for each in load_knowledge().lab_spans.values() for more in (0, 1)} | {3000})
COMPARATORS = (None, None, None, "<", "<=", ">", ">=")


def _limits(knowledge: Knowledge) -> Iterator[tuple[str, float]]:
    """Yield every number that some condition compares a value with."""
    conditions: list[Expression | None] = []
    for rule in knowledge.rules.values():
        conditions.extend((rule.when, rule.unless))
    conditions.extend(pattern.when for pattern in knowledge.patterns.values())
    conditions.extend(finding.defined_by for finding in knowledge.findings.values())
    for condition in conditions:
        for leaf in () if condition is None else atoms(condition):
            if isinstance(leaf, Compare) and isinstance(leaf.value, float):
                yield leaf.name, leaf.value


KNOWN = load_knowledge()
LIMITS: dict[str, list[float]] = {}
for _name, _limit in _limits(KNOWN):
    LIMITS.setdefault(_name, []).append(_limit)


def _value(analyte: Analyte) -> st.SearchStrategy[float]:
    """Return values of an analyte, those on which something turns among them."""
    low, high = analyte.plausible_min or 0.0, analyte.plausible_max or 1000.0
    turning = [each for each in LIMITS.get(f"lab.{analyte.id}", ()) if low <= each <= high]
    return st.one_of(st.floats(low, high), st.sampled_from([*turning, low, high]))


@st.composite
def results(draw: st.DrawFn, analyte: Analyte) -> LabResult:
    """Return one result: a value, a flag alone, a limit, an interval of the laboratory's own, an amount a day."""
    flag = draw(st.sampled_from(FLAGS))
    if analyte.unit_si is None or draw(st.integers(0, 9)) == 0:
        return LabResult(analyte.id, flag=flag or "high")
    units = [analyte.unit_si, *(each.unit for each in analyte.units if each.unit.endswith(PER_DAY) and each.to_si == 1)]
    ends = sorted((draw(_value(analyte)), draw(_value(analyte))))
    low, high = (end if draw(st.booleans()) else None for end in ends)
    taken = draw(st.none() | (st.integers(0, 9) | st.sampled_from(AGES)).map(lambda days: DAY - timedelta(days)))
    return LabResult(
        analyte.id,
        draw(_value(analyte)),
        draw(st.sampled_from(units)),
        draw(st.sampled_from(COMPARATORS)),
        draw(st.sampled_from((None, None, flag))),
        low,
        high,
        taken,
    )


@st.composite
def uses(draw: st.DrawFn, entry: Medicine | MedicineClass) -> MedicineUse:
    """Return one medicine: taken, stopped or neither known, for some months or who knows how long."""
    status = draw(st.sampled_from((Status.PRESENT, Status.PRESENT, Status.ABSENT, Status.UNKNOWN)))
    months = draw(st.none() | st.sampled_from((0.0, 1.0, 3.0, 12.0, 600.0)))
    return MedicineUse(entry.id, entry.id, status, months)


# Those that are worked with most, so that values are worked out for many.
TOGETHER = ("calcium_total", "albumin", "sodium", "potassium", "chloride", "bicarbonate", "creatinine", "glucose")


@st.composite
def told_people(draw: st.DrawFn, *, most: int = 40) -> Person:
    """Return somebody who tells at most so many things of each kind."""
    findings = draw(st.lists(st.sampled_from(sorted(KNOWN.findings)), max_size=most, unique=True))
    told = {name: draw(answers(KNOWN.findings[name])) for name in findings}
    names = sorted(KNOWN.analytes)
    chosen = draw(st.lists(st.sampled_from(names) | st.sampled_from(TOGETHER), max_size=most // 2, unique=True))
    entries: list[Medicine | MedicineClass] = [*KNOWN.medicines.values(), *KNOWN.medicine_classes.values()]
    medicines = draw(st.lists(st.sampled_from(entries), max_size=4, unique_by=lambda each: each.id))
    return Person(
        answers=told,
        labs=tuple(draw(results(KNOWN.analytes[name])) for name in chosen),
        medicines=tuple(draw(uses(each)) for each in medicines),
        setting=draw(st.sampled_from(SETTINGS)),
        takes_no_medicine=draw(st.booleans()) and not medicines,
    )
