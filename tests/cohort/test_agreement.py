"""The columns say of every person what ``assess`` says: nothing may differ, with unknown everywhere."""

from __future__ import annotations

import os
from dataclasses import replace
from datetime import date
from pathlib import Path

import polars as pl
import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from rheobase.cohort.judge import judge
from rheobase.cohort.oracle import differences
from rheobase.cohort.person_rows import people_of, told_frame
from rheobase.importers.published_case import FULL, HISTORY, person_of, read_published_case
from rheobase.knowledge import load_knowledge
from rheobase.person import Answer, Person, Status
from scenario_file import read_scenario, scenario_files
from tests.cohort.people import told_people

KNOWLEDGE = load_knowledge()
ON = date(2026, 11, 24)
CASES = sorted((Path(__file__).parents[1] / "cases" / "dev").glob("c*.yaml"))
# In one frame, so that columns are known of some and not of others.
TOGETHER = 40
FRAMES = int(os.environ.get("RHEOBASE_COHORT_FRAMES", "5"))


def published() -> list[Person]:
    """Return the people of the published cases, with their tests and without."""
    read = [read_published_case(path.read_bytes(), name=path.name) for path in CASES]
    return [person_of(case, KNOWLEDGE, run=run, setting=None).person for case in read for run in (FULL, HISTORY)]


def scenarios() -> list[Person]:
    """Return the people of the scenarios; what they ate has no place in a told frame."""
    read = (read_scenario(path.read_bytes(), KNOWLEDGE, name=path.name).person for path in scenario_files())
    return [replace(person, diet=None) for person in read]


@pytest.mark.parametrize("everyone", [published, scenarios])
def test_every_case_and_scenario_is_judged_as_alone(everyone: object) -> None:
    """Nothing is said otherwise of anybody in the published cases and the scenarios."""
    assert callable(everyone)
    people: list[Person] = everyone()
    assert len(people) > 60
    judged = judge(told_frame(people, KNOWLEDGE), KNOWLEDGE, on=ON)
    assert list(differences(people, judged, KNOWLEDGE, on=ON)) == []


@settings(max_examples=FRAMES, deadline=None, suppress_health_check=list(HealthCheck))
@given(st.lists(told_people(), min_size=TOGETHER, max_size=TOGETHER))
def test_made_up_people_are_judged_as_alone(people: list[Person]) -> None:
    """Nothing is said otherwise of made-up people, whatever they know or do not know."""
    told = told_frame(people, KNOWLEDGE)
    judged = judge(told, KNOWLEDGE, on=ON)
    assert list(differences(people, judged, KNOWLEDGE, on=ON)) == []
    # And the frame holds all of it: the people that are read back from it are judged the same.
    assert list(differences(people_of(told, KNOWLEDGE), judged, KNOWLEDGE, on=ON)) == []


def test_a_difference_would_be_seen() -> None:
    """The comparison names the row and what is said otherwise."""
    people = [Person(answers={"seizure": Answer(Status.PRESENT, value=True)}), Person()]
    judged = judge(told_frame(people, KNOWLEDGE), KNOWLEDGE)
    assert list(differences(people, judged, KNOWLEDGE, on=ON)) == []
    moved = judged.with_columns(pl.col("posterior.hypocalcaemia") + 1e-6)
    assert len(list(differences(people, moved, KNOWLEDGE, on=ON))) == len(people)
    found = list(differences(people[::-1], judged, KNOWLEDGE, on=ON))
    assert any(each.startswith("row 0, urgency: 'emergency', expected 'insufficient'") for each in found)
