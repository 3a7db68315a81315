"""The plan of the three example people, as it is printed and as data."""

from __future__ import annotations

import json
from datetime import date
from typing import Any

import pytest

from rheobase.assess import assess
from rheobase.examples import example_bytes
from rheobase.importers.case_file import read_case
from rheobase.knowledge import load_knowledge
from rheobase.report import Audience, assessment_document, assessment_json, render

KNOWLEDGE = load_knowledge()
ON = date(2026, 11, 24)


def printed(name: str, audience: Audience = Audience.PERSON) -> str:
    """Return the report of one example as one line of text."""
    person = read_case(example_bytes(name), KNOWLEDGE, name=name)
    return " ".join(render(assessment_document(assess(person, KNOWLEDGE, on=ON), KNOWLEDGE, audience=audience)).split())


def data(name: str) -> dict[str, Any]:
    """Return the assessment of one example as JSON gives it."""
    person = read_case(example_bytes(name), KNOWLEDGE, name=name)
    assessment = assess(person, KNOWLEDGE, on=ON)
    as_json = assessment_json(assessment, KNOWLEDGE, assessment_document(assessment, KNOWLEDGE))
    loaded: dict[str, Any] = json.loads(json.dumps(as_json))
    return loaded


def of(found: dict[str, Any], advice: str) -> dict[str, Any]:
    """Return one item of the plan."""
    item: dict[str, Any] = next(each for each in found["advice"] if each["advice"] == advice)
    return item


def test_the_worried_person_steps_down_from_her_own_amount() -> None:
    """From 400 mg by dates to 200 mg, where it ends; judged two weeks later; the first thing to do."""
    found = data("worried-28")
    first = found["advice"][0]
    assert first["advice"] == "caffeine_cut"
    assert [(step["from"], step["at_most"]) for step in first["schedule"]] == [
        ("2026-11-24", 300),
        ("2026-11-27", 225),
        ("2026-11-30", 200),
    ]
    assert first["recheck_on"] == "2026-12-14"
    text = printed("worried-28")
    assert "First: Cut down caffeine" in text
    assert "from 24 November at most 300 mg a day, from 27 November 225, from 30 November 200; stay there" in text
    assert "Look again on 14 December. Better: clearly fewer twitches" in text


def test_the_worried_person_is_calmed_and_not_frightened() -> None:
    """She denied weakness, so the odds are told; checking is to end; no word of dying, cancer or paralysis."""
    found = data("worried-28")
    assert {"reassure_no_weakness", "one_exam_then_stop_checking"} <= {
        each["advice"] for each in found["advice"] if each["in_plan"]
    }
    plan = printed("worried-28").partition("WHAT TO DO")[2].partition("SOURCES")[0].lower()
    assert not any(word in plan for word in ("cancer", "fatal", "paralys", "don't worry", "do not worry"))


def test_the_man_on_omeprazole_asks_about_both_medicines_and_stops_neither() -> None:
    """The acid blocker and the water tablet are asked about, magnesium is measured, and he keeps taking both."""
    found = data("omeprazole-67")
    plan = [each["advice"] for each in found["advice"] if each["in_plan"]]
    assert plan[0] == "see_clinician"
    assert {"mg_ppi_review", "diuretic_review", "blood_tests_basic"} <= set(plan[:4])
    assert of(found, "mg_ppi_review")["cut_down"] == of(found, "diuretic_review")["cut_down"] == "prescriber"
    text = printed("omeprazole-67")
    assert text.count("eep taking it until you have asked") >= 2
    assert "magnesium" in text.lower()


def test_no_potassium_is_pushed_while_his_kidneys_are_unknown() -> None:
    """He is to be seen today: potassium and magnesium from food wait, and the page says so."""
    found = data("omeprazole-67")
    offered = {each["advice"] for each in found["advice"]}
    assert not {"k_food", "mg_food", "mg_supplement", "balanced_diet"} & offered
    assert "k_food" in {each["advice"] for each in found["withheld"] if each["waits_until_seen"]}
    text = printed("omeprazole-67")
    assert "Wait with these until you have been seen and tested" in text
    assert "eat more potassium" in text


def test_the_water_that_his_heart_may_not_bear_is_withheld() -> None:
    """Heart disease with swollen ankles and a water tablet: how much he drinks is for his doctor to say."""
    found = data("omeprazole-67")
    reason = next(each for each in found["withheld"] if each["advice"] == "water_target")
    assert {"hx_heart_disease", "ankle_swelling"} <= set(reason["because"])


@pytest.mark.parametrize("audience", list(Audience))
def test_the_man_with_the_wasted_hand_is_sent_on_and_not_comforted(audience: Audience) -> None:
    """A neurologist first, everything arranged with a clinician, no odds, no waiting, no exercise, no tips."""
    found = data("wasted-hand-58")
    plan = [each for each in found["advice"] if each["in_plan"]]
    assert plan[0]["advice"] == "neuro_referral"
    assert {each["kind"] for each in plan} <= {"doctor", "test", "medicine"}
    text = printed("wasted-hand-58", audience).partition("WHAT TO DO")[2].partition("SOURCES")[0].lower()
    comforting = ("most root pain", "settles", "harmless", "benign", "none had developed", "keep active", "relax")
    assert not [word for word in comforting if word in text]
    assert "do not wait if" in text


@pytest.mark.parametrize("name", ["worried-28", "omeprazole-67", "wasted-hand-58"])
def test_every_plan_is_short_and_dated_ahead(name: str) -> None:
    """At most six things; each recheck lies after the day of the assessment; each source of the plan is listed."""
    found = data(name)
    plan = [each for each in found["advice"] if each["in_plan"]]
    assert 1 <= len(plan) <= 6
    assert all(each["recheck_on"] is None or each["recheck_on"] > found["on"] for each in plan)
    listed = {source["id"] for source in found["sources"]}
    assert {source for each in plan for source in each["sources"]} <= listed


def test_a_plan_across_the_new_year_names_the_year() -> None:
    """A day in another year is written with it."""
    person = read_case(example_bytes("worried-28"), KNOWLEDGE, name="x")
    text = render(assessment_document(assess(person, KNOWLEDGE, on=date(2026, 12, 28)), KNOWLEDGE))
    assert "January 2027" in " ".join(text.split())
