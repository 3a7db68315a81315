"""A case and its answer in one file."""

from __future__ import annotations

import json
from datetime import date

import pytest
from hypothesis import HealthCheck, given, settings

from rheobase.assess import assess
from rheobase.errors import DataRefusedError
from rheobase.importers.bundle import read_bundle, write_bundle
from rheobase.knowledge import load_knowledge
from rheobase.person import Answer, Person, Status
from rheobase.report import assessment_document, assessment_json, render
from rheobase.report.changes import changes_section
from rheobase.report.document import Document
from tests.properties.strategies import people

KNOWLEDGE = load_knowledge()
ON = date(2026, 11, 24)
WORRIED = Person(
    answers={
        "caffeine_mg_day": Answer(Status.PRESENT, 400.0),
        "muscle_twitching": Answer(Status.PRESENT, value=True),
    },
    region="GB",
    notes="<script>alert(1)</script> \x1b[31m",
)


def answer_of(person: Person) -> dict[str, object]:
    """Return today's answer as JSON data."""
    judged = assess(person, KNOWLEDGE, on=ON)
    return assessment_json(judged, KNOWLEDGE, assessment_document(judged, KNOWLEDGE, region=person.region))


def bundled(person: Person) -> str:
    """Return a person's bundle."""
    return write_bundle(person, answer_of(person), on=ON, region=person.region)


def said(before: dict[str, object]) -> str:
    """Return what is said to have changed since."""
    section = changes_section(before, answer_of(WORRIED), KNOWLEDGE)
    return render(Document("", (section,), ()), width=200)


@settings(suppress_health_check=[HealthCheck.too_slow, HealthCheck.data_too_large], max_examples=12)
@given(people(KNOWLEDGE))
def test_a_bundle_opens_to_the_same_person_and_the_same_answer(person: Person) -> None:
    """With the same knowledge nothing at all differs, to the byte."""
    held = read_bundle(bundled(person).encode(), KNOWLEDGE, name="b.json")
    assert held.person == person
    assert held.on == ON
    assert json.dumps(held.answer) == json.dumps(answer_of(held.person))
    assert bundled(held.person) == bundled(person)


def test_the_same_answer_is_said_to_be_the_same() -> None:
    """Nothing changed, and the version is named."""
    text = said(answer_of(WORRIED))
    assert "The same answer" in text
    assert KNOWLEDGE.version in text


def test_what_changed_is_said_in_words() -> None:
    """Another version, another urgency, a moved cause, other advice: each has its line."""
    before = json.loads(json.dumps(answer_of(WORRIED)))
    before["knowledge_version"] = "2020.01+abc"
    before["urgency"]["level"] = "emergency"
    before["causes"][0]["posterior"] = 0.01
    before["advice"] = before["advice"][1:]
    text = said(before)
    assert "2020.01+abc" in text
    assert "was 'Emergency: now'" in text
    assert KNOWLEDGE.causes[before["causes"][0]["id"]].plain_name in text
    assert "Advice that is new" in text


def test_a_changed_answer_with_the_same_knowledge_is_not_hidden() -> None:
    """An edited bundle is noticed."""
    before = json.loads(json.dumps(answer_of(WORRIED)))
    before["setting"] = "hospital"
    assert "the answer differs" in said(before)


@pytest.mark.parametrize("part", ["urgency", "causes", "advice"])
@pytest.mark.parametrize("junk", [None, 5, "x", [], [1, None, {}], {"level": []}, {"fired": [{"rule": {}}]}])
def test_a_mangled_answer_breaks_nothing(part: str, junk: object) -> None:
    """What a foreign hand wrote into the answer is compared as far as it can be."""
    before = json.loads(json.dumps(answer_of(WORRIED)))
    before[part] = junk
    assert said(before)


@pytest.mark.parametrize(
    ("content", "says"),
    [
        (b"", "JSON"),
        (b"[]", "not a bundle"),
        (b'{"rheobase_bundle": 9}', "another version"),
        (b'{"rheobase_bundle": true}', "another version"),
        (b'{"rheobase_bundle": 1}', "missing"),
        (b'{"rheobase_bundle": 1, "case": "rheobase_case: 1", "answer": {}, "on": "yesterday"}', "date"),
        (b'{"rheobase_bundle": 1, "case": "hello", "answer": {}, "on": "2026-11-24"}', "case"),
        (b'{"rheobase_bundle": 1, "case": 5, "answer": {}, "on": "2026-11-24"}', "missing"),
        (b"rheobase_case: 1", "JSON"),
        (b"[" * 100000, "deep"),
    ],
)
def test_what_is_no_bundle_is_refused(content: bytes, says: str) -> None:
    """Each with a line that says what is wrong."""
    with pytest.raises(DataRefusedError, match=says):
        read_bundle(content, KNOWLEDGE, name="b.json")
