"""Laws of what if, over generated people."""

from __future__ import annotations

from dataclasses import replace
from datetime import date

from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from rheobase.assess import assess
from rheobase.assess.what_if import compare
from rheobase.errors import DataRefusedError
from rheobase.importers.what_if import supposed_person
from rheobase.knowledge import load_knowledge
from rheobase.logic import names
from rheobase.person import Answer, Status
from rheobase.person.person import Person
from tests.properties.strategies import people

KNOWLEDGE = load_knowledge()
ON = date(2026, 11, 24)
ORDER = {level.id: level.order for level in KNOWLEDGE.levels.values()}
YES_NO = sorted(name for name, finding in KNOWLEDGE.findings.items() if finding.type == "yes_no")
NUMBERS = sorted(name for name, finding in KNOWLEDGE.findings.items() if finding.type == "number")
slow = settings(suppress_health_check=[HealthCheck.too_slow, HealthCheck.data_too_large])


def read(rule: str) -> set[str]:
    """Return every finding that a rule reads, and everything that implies or defines one of them."""
    entry = KNOWLEDGE.rules[rule]
    found = {*names(entry.when), *(names(entry.unless) if entry.unless is not None else ())}
    while True:
        more = {
            name
            for finding in KNOWLEDGE.findings.values()
            for name in (finding.id, *(names(finding.defined_by) if finding.defined_by is not None else ()))
            if finding.id in found or found.intersection(finding.implies)
        } | {other for name in found if name in KNOWLEDGE.findings for other in KNOWLEDGE.findings[name].implies}
        more |= {finding.counts for finding in KNOWLEDGE.findings.values() if finding.id in found and finding.counts}
        if more <= found:
            return found
        found |= more


@slow
@given(people(KNOWLEDGE), st.sampled_from(YES_NO), st.sampled_from(("yes", "no", "unknown", "")))
def test_an_unrelated_answer_never_removes_a_red_flag(person: Person, name: str, value: str) -> None:
    """A red flag that rests on other answers stays, and the urgency never falls below it."""
    try:
        after = supposed_person(person, [f"{name}={value}"], KNOWLEDGE).person
    except DataRefusedError:
        return
    one, other = assess(person, KNOWLEDGE, on=ON), assess(after, KNOWLEDGE, on=ON)
    found = compare(one, other)
    for fired in one.urgency.fired:
        if name not in read(fired.rule):
            assert fired.rule not in found.rules_stopped
            assert ORDER[other.urgency.level] <= ORDER[fired.urgency]


@slow
@given(people(KNOWLEDGE), st.sampled_from(NUMBERS), st.floats(0, 400))
def test_supposing_a_number_is_answering_it(person: Person, name: str, number: float) -> None:
    """A supposed number gives the same assessment as the same answer in the case file."""
    value = round(number, 2)
    try:
        after = supposed_person(person, [f"{name}={value}"], KNOWLEDGE).person
    except DataRefusedError:
        return
    told = replace(person, answers={**person.answers, name: Answer(Status.PRESENT, value)})
    supposed, answered = (assess(each, KNOWLEDGE, on=ON) for each in (after, told))
    assert supposed.urgency == answered.urgency
    assert supposed.causes == answered.causes


@slow
@given(people(KNOWLEDGE))
def test_comparing_with_itself_finds_nothing(person: Person) -> None:
    """The same person before and after has not changed in anything."""
    one = assess(person, KNOWLEDGE, on=ON)
    found = compare(one, one)
    assert not found.changed
    assert not found.facts
