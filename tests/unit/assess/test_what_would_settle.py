"""Clinical sanity of what would settle it, on the packaged examples, and what its section says."""

from __future__ import annotations

import json
from dataclasses import replace
from datetime import date
from types import MappingProxyType

import pytest

from rheobase.assess import Assessment, assess
from rheobase.assess.settle import QUESTION, Settling, what_would_settle
from rheobase.examples import example_bytes
from rheobase.importers.case_file import read_case
from rheobase.knowledge import load_knowledge
from rheobase.knowledge.model_tests import LAB
from rheobase.person import Answer, Person, Status
from rheobase.report import Audience, assessment_document, assessment_json, render

KNOWLEDGE = load_knowledge()
ON = date(2026, 11, 24)
UNPLEASANT = 3
EXAMPLES = ("omeprazole-67", "wasted-hand-58", "worried-28")


def example(name: str) -> Assessment:
    return assess(read_case(example_bytes(name), KNOWLEDGE, name=name), KNOWLEDGE, on=ON)


def ordered(assessment: Assessment) -> list[Settling]:
    return [each for each in what_would_settle(assessment, KNOWLEDGE) if each.kind != QUESTION]


def person(**answers: bool) -> Person:
    told = {n: Answer(Status.PRESENT if v else Status.ABSENT, v) for n, v in answers.items()}
    return Person(answers=MappingProxyType(told))


def section(assessment: Assessment, audience: Audience = Audience.PERSON) -> str:
    text = render(assessment_document(assessment, KNOWLEDGE, audience=audience), width=200)
    return text.split("WHAT WOULD SETTLE IT\n")[1].split("\n\n")[0] if "WHAT WOULD SETTLE IT" in text else ""


def test_magnesium_leads_for_long_use_of_an_acid_blocker_and_a_water_tablet() -> None:
    """For omeprazole-67 magnesium is first or second, with its limit: normal does not exclude depletion."""
    found = ordered(example("omeprazole-67"))
    assert "magnesium" in [each.id for each in found[:2]]
    magnesium = next(each for each in found if each.id == "magnesium")
    assert [limit.result for limit in magnesium.limits] == ["normal"]
    assert ("Magnesium", "2601-3") in magnesium.codes
    assert "does not exclude depletion" in section(example("omeprazole-67"))


def test_no_unpleasant_test_comes_before_an_ordinary_examination_for_the_worried() -> None:
    """For worried-28 an examination comes before anything unpleasant or invasive, and before any needle."""
    found = ordered(example("worried-28"))
    assert found[0].kind == "examination"
    assert all(KNOWLEDGE.tests[each.id].burden < UNPLEASANT for each in found)


def test_what_a_warning_sign_asks_for_comes_first() -> None:
    """Palpitations with salt loss ask for potassium, magnesium and an ECG today; nothing stands before them."""
    assessment = example("omeprazole-67")
    asked = [each.id for each in ordered(assessment) if each.asked_for]
    assert {"magnesium", "potassium_sodium", "ecg"} <= set(asked)
    assert [each.id for each in ordered(assessment)][: len(asked)] == asked
    assert not any(each.asked_for for each in ordered(example("worried-28")))


def test_the_examination_and_emg_lead_for_a_wasted_hand() -> None:
    """For wasted-hand-58 the rest of the examination and the EMG lead the tests."""
    assert [each.id for each in ordered(example("wasted-hand-58"))[:2]] == ["neuro_signs", "emg"]


def test_no_depletion_limit_where_depletion_is_not_in_question() -> None:
    """The limit of a normal magnesium is not shown to somebody in whom low magnesium does not fit."""
    found = {each.id: each for each in ordered(example("worried-28"))}
    assert found["magnesium"].limits == ()


def test_a_test_that_was_done_is_not_proposed() -> None:
    """A known magnesium is not proposed again."""
    known = assess(person(muscle_twitching=True, cramps=True, med_ppi=True, lab_mg_low=False), KNOWLEDGE, on=ON)
    assert "magnesium" not in [each.id for each in ordered(known)]


def test_what_a_person_does_not_know_can_be_looked_up_or_watched() -> None:
    """Asked and not known: kidney disease is proposed as a look at old results, and not as a question."""
    told = person(cramps=True, itching=True, ankle_swelling=True, nausea=True, fatigue=True)
    asked = replace(told, answers={**told.answers, "hx_ckd": Answer(Status.UNKNOWN)})
    found = what_would_settle(assess(asked, KNOWLEDGE, on=ON), KNOWLEDGE)
    records = next(each for each in found if each.id == "old_records")
    assert "hx_ckd" in [part.id for part in records.parts]
    assert "hx_ckd" not in [each.id for each in found if each.kind == QUESTION]


def test_a_panel_and_its_own_tests_are_not_both_proposed() -> None:
    """Nobody is sent for the usual blood tests and, beside them, for one of the same."""
    for name in EXAMPLES:
        found = {each.id for each in ordered(example(name))}
        for each in found:
            assert not found.intersection(KNOWLEDGE.tests[each].contains)


def test_codes_are_those_of_the_laboratory() -> None:
    """Every code that is printed stands in labs.toml for what is ordered, or with the test itself."""
    for name in EXAMPLES:
        for each in ordered(example(name)):
            test = KNOWLEDGE.tests[each.id]
            allowed = set(test.codes.values())
            for analyte in test.orders or test.analytes:
                allowed.update(KNOWLEDGE.analytes[analyte.removeprefix(LAB)].loinc.values())
            assert {code for _, code in each.codes} <= allowed


@pytest.mark.parametrize("name", EXAMPLES)
def test_the_person_reads_no_figure_of_a_feared_cause(name: str) -> None:
    """In the person's section a feared cause stands without a figure, and an item takes at most a few lines."""
    text = section(example(name))
    assert 3 <= text.count("\n  - ") + text.startswith("  - ") <= 5
    for cause in KNOWLEDGE.causes.values():
        if cause.feared:
            assert f"{cause.plain_name.lower()} up from" not in text.lower()
            assert f"{cause.plain_name.lower()} down from" not in text.lower()


def test_nothing_stands_beside_an_emergency() -> None:
    """In an emergency the person reads no list of tests; the clinician does."""
    told = assess(person(muscle_twitching=True, seizure=True, cramps=True), KNOWLEDGE, on=ON)
    assert told.urgency.level == "emergency"
    assert section(told) == ""
    assert section(told, Audience.CLINICIAN)


def test_clinician_reads_codes_and_likelihoods() -> None:
    """The clinician's section gives LOINC codes, cost, expected information, and the chance of each result."""
    text = section(example("omeprazole-67"), Audience.CLINICIAN)
    assert "LOINC: Magnesium 2601-3" in text
    assert "nats" in text
    assert "%)" in text


def test_json_carries_the_settling() -> None:
    """The JSON has every settling with its parts and results, and is valid without infinities."""
    told = example("worried-28")
    data = assessment_json(told, KNOWLEDGE, assessment_document(told, KNOWLEDGE))
    json.dumps(data, allow_nan=False)
    first = data["settling"][0]
    assert {"id", "kind", "information", "parts", "limits", "loinc"} <= first.keys()
    assert first["parts"][0]["outcomes"][0]["causes"]


def test_nothing_told_still_gives_an_answer() -> None:
    """With nothing told it works, and proposes to ask first."""
    found = what_would_settle(assess(Person(), KNOWLEDGE, on=ON), KNOWLEDGE)
    assert any(each.kind == QUESTION for each in found)


def test_a_child_is_asked_for_warning_signs_and_sent_for_no_test() -> None:
    """Under 16 years the section holds questions about warning signs, and no test."""
    told = {"age_years": Answer(Status.PRESENT, 9.0), "muscle_twitching": Answer(Status.PRESENT, value=True)}
    child = assess(Person(answers=MappingProxyType(told)), KNOWLEDGE, on=ON)
    text = section(child)
    assert "?" in text
    assert "Where:" not in text
    assert "needle" not in text
