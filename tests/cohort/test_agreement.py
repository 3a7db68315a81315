"""The columns say of every person what ``assess`` says: nothing may differ, with unknown everywhere."""

from __future__ import annotations

import os
from datetime import timedelta

import polars as pl
import pytest
from hypothesis import HealthCheck, Phase, given, settings
from hypothesis import strategies as st

from rheobase.cohort.judge import judge
from rheobase.cohort.oracle import differences
from rheobase.cohort.person_rows import people_of, told_frame
from rheobase.errors import DataRefusedError
from rheobase.person import Answer, LabResult, Person, Status
from tests.cohort.cases import KNOWLEDGE, ON, aged, published, scenarios
from tests.cohort.people import told_people

# In one frame, so that columns are known of some and not of others.
TOGETHER = 40
# A difference names its row; making forty people smaller takes minutes and tells no more.
PHASES = (Phase.explicit, Phase.reuse, Phase.generate)
FRAMES = int(os.environ.get("RHEOBASE_COHORT_FRAMES", "5"))


@pytest.mark.parametrize("everyone", [published, scenarios, lambda: aged([*published(), *scenarios()])])
def test_every_case_and_scenario_is_judged_as_alone(everyone: object) -> None:
    """Nothing is said otherwise of anybody in the published cases and the scenarios, nor if their tests are old."""
    assert callable(everyone)
    people: list[Person] = everyone()
    assert len(people) > 60
    judged = judge(told_frame(people, KNOWLEDGE), KNOWLEDGE, on=ON)
    assert list(differences(people, judged, KNOWLEDGE, on=ON)) == []


@settings(max_examples=FRAMES, deadline=None, suppress_health_check=list(HealthCheck), phases=PHASES)
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


def dated(days: int, **answers: bool) -> Person:
    """Return somebody with a very low magnesium of so many days ago."""
    told = {name: Answer(Status.PRESENT if value else Status.ABSENT, value) for name, value in answers.items()}
    return Person(answers=told, labs=(LabResult("magnesium", 0.3, "mmol/L", taken=ON - timedelta(days)),))


def test_an_old_result_weighs_nothing_and_is_measured_again() -> None:
    """A magnesium of today is critical; of last year it is neither shown nor weighed, and asked for again."""
    people = [dated(0), dated(400), Person()]
    judged = judge(told_frame(people, KNOWLEDGE), KNOWLEDGE, on=ON)
    today, old, nothing = judged.iter_rows(named=True)
    assert (today["lab.magnesium"], old["lab.magnesium"]) == (0.3, None)
    assert (today["finding.lab_mg_low"], old["finding.lab_mg_low"]) == (True, None)
    assert today["posterior.hypomagnesaemia"] > old["posterior.hypomagnesaemia"]
    assert old["posterior.hypomagnesaemia"] == nothing["posterior.hypomagnesaemia"]
    assert not any(each.startswith("rf_lab_was") for each in today["rules_fired"])
    assert any(each.startswith("rf_lab_was") for each in old["rules_fired"])
    assert nothing["rules_fired"] == []
    assert list(differences(people, judged, KNOWLEDGE, on=ON)) == []


def test_a_result_with_a_date_needs_the_day_that_is_judged() -> None:
    """Whether a result is old is never guessed from a clock; without dates no day is needed."""
    told = told_frame([dated(0)], KNOWLEDGE)
    with pytest.raises(DataRefusedError, match=r"column 'lab.magnesium.taken' holds dates.*on="):
        judge(told, KNOWLEDGE)
    assert judge(told.drop("lab.magnesium.taken"), KNOWLEDGE)["lab.magnesium"].to_list() == [0.3]


def test_the_ledger_and_what_is_missing_know_the_day() -> None:
    """One by one, too, an old result weighs nothing."""
    people = [dated(0, fatigue=True), dated(400, fatigue=True)]
    judged = judge(told_frame(people, KNOWLEDGE), KNOWLEDGE, on=ON, ledger=True)
    weighed = [{line["finding"] for line in row} for row in judged["ledger"].to_list()]
    assert any(name.startswith("lab_mg") for name in weighed[0])
    assert not any(name.startswith("lab_mg") for name in weighed[1])


def test_findings_and_measured_results_are_there_for_who_has_none() -> None:
    """The columns follow from what may be told; whoever was not tested is null in them, never "no"."""
    told = pl.DataFrame({"lab.magnesium": [0.5, 0.9, None], "age_years": [40.0, 40.0, 40.0]})
    judged = judge(told, KNOWLEDGE)
    assert judged["finding.lab_mg_low"].to_list() == [True, False, None]
    assert judged["lab.magnesium"].to_list() == [0.5, 0.9, None]
    assert judged.schema == judge(told.clear(), KNOWLEDGE).schema
    assert judged.schema == judge(told.tail(1), KNOWLEDGE).schema
