"""The interview against people whose every answer is known."""

from __future__ import annotations

import random
from pathlib import Path

import pytest

from rheobase.evaluation.interviewing import adaptive, answered, in_order, interview
from rheobase.evaluation.simulated_people import simulated_person
from rheobase.importers.published_case import FULL, HISTORY, person_of, read_published_case
from rheobase.knowledge import load_knowledge
from rheobase.person import Person, Status

KNOWLEDGE = load_knowledge()
CASES = [
    read_published_case(path.read_bytes(), name=path.name)
    for path in sorted((Path(__file__).parents[1] / "cases" / "dev").glob("c*.yaml"))
]
MOST = KNOWLEDGE.interview.most_questions


def test_a_simulated_person_contradicts_nothing() -> None:
    """What implies something present is only present with it, and every question a person can answer is answered."""
    draw = random.Random(1)
    for _ in range(30):
        answers = simulated_person(KNOWLEDGE, draw).person.answers
        for name, answer in answers.items():
            assert answer.status is not Status.UNKNOWN
            if answer.value is True:
                assert all(
                    answers[other].value is True for other in KNOWLEDGE.findings[name].implies if other in answers
                )
        told = {each.id for each in KNOWLEDGE.findings.values() if each.kind == "person" and each.counts is None}
        fitting = {name for name in told if KNOWLEDGE.findings[name].ask_when is None}
        assert fitting <= set(answers) <= told


def test_simulated_people_are_the_same_for_the_same_seed() -> None:
    """A figure can be reproduced."""
    first, second = (simulated_person(KNOWLEDGE, random.Random(9)) for _ in range(2))
    assert first == second


def emergencies() -> list[tuple[str, Person]]:
    """Return the published cases that are an emergency by what they tell."""
    told = [(case.id, kind, person_of(case, KNOWLEDGE, run=kind).person) for case in CASES for kind in (HISTORY, FULL)]
    return [(f"{case}-{kind}", who) for case, kind, who in told if answered(who, KNOWLEDGE).urgency == "emergency"]


@pytest.mark.slow
@pytest.mark.parametrize(("name", "truth"), emergencies(), ids=lambda each: each if isinstance(each, str) else "")
def test_no_emergency_of_the_published_cases_is_missed(name: str, truth: Person) -> None:
    """Whoever answers truthfully what the case tells ends no less urgent than with everything told at once."""
    points = list(interview(truth, KNOWLEDGE, adaptive(KNOWLEDGE), most=MOST))
    assert points[-1].answer.urgency == "emergency"


@pytest.mark.slow
def test_asking_what_can_change_the_answer_beats_a_questionnaire() -> None:
    """After as many questions the adaptive interview knows the urgency more often than a fixed order does."""
    reached = {"adaptive": 0, "fixed": 0}
    ways = {"adaptive": adaptive(KNOWLEDGE), "fixed": in_order(KNOWLEDGE)}
    draw = random.Random(4)
    for _ in range(24):
        truth = simulated_person(KNOWLEDGE, draw).person
        goal = answered(truth, KNOWLEDGE)
        for name, ask in ways.items():
            points = list(interview(truth, KNOWLEDGE, ask, most=MOST))
            reached[name] += points[-1].answer.urgency == goal.urgency
    assert reached["adaptive"] >= 22
    assert reached["adaptive"] > reached["fixed"]
