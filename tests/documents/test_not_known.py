"""Of what was asked and is not known, the page for the doctor names what matters and counts the rest."""

from __future__ import annotations

from dataclasses import replace
from datetime import date
from types import MappingProxyType

from rheobase.assess import assess
from rheobase.examples import example_bytes
from rheobase.importers.case_file import read_case
from rheobase.knowledge import load_knowledge
from rheobase.person import Answer, Status
from rheobase.report.doctor_told import finding_blocks
from rheobase.report.document import Point
from rheobase.report.words import clinical

ON = date(2026, 11, 24)


def test_what_could_raise_the_urgency_is_named_and_every_other_is_counted() -> None:
    """With "don't know" to everything else, no warning sign is left out, few others are named, and the sum is right."""
    knowledge = load_knowledge()
    told = read_case(example_bytes("worried-28"), knowledge, name="example")
    asked = [each.id for each in knowledge.findings.values() if each.kind == "person" and each.type == "yes_no"]
    unknown = {name: Answer(Status.UNKNOWN) for name in asked if name not in told.answers}
    person = replace(told, answers=MappingProxyType({**told.answers, **unknown}))
    assessment = assess(person, knowledge, on=ON)
    points = [each for each in finding_blocks(person, assessment, knowledge) if isinstance(each, Point)]
    (point,) = [each for each in points if each.text.startswith("Not known when asked")]
    before = sum(each.status is Status.UNKNOWN for each in told.answers.values())
    assert point.text == f"Not known when asked: {len(unknown) + before}"
    words = " ".join(point.details)
    urgent = {each.finding for each in assessment.urgency.could_fire}.intersection(unknown)
    assert urgent
    assert all(clinical(knowledge, name) in words for name in urgent)
    rest = int(point.details[-1].split()[0])
    assert len(unknown) / 2 < rest <= len(unknown) + before - len(urgent)
