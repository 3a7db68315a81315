"""Triage, case by case: what must be urgent, and what must not alarm."""

from __future__ import annotations

import pytest

from rheobase.assess.facts import gather
from rheobase.assess.urgency import Urgency, decide_urgency
from rheobase.knowledge import load_knowledge
from rheobase.logic import names
from rheobase.person import Answer, LabResult, Person, Status, Value

KNOWLEDGE = load_knowledge()
DENIED = (
    "weakness_functional",
    "muscle_wasting",
    "slurred_speech",
    "swallowing_trouble",
    "breathless_at_rest",
    "numbness",
    "poor_coordination",
    "hand_foot_spasm",
)


def urgency(*present: str, labs: tuple[LabResult, ...] = (), denied: tuple[str, ...] = (), **values: Value) -> Urgency:
    """Return the urgency of a person with some findings present, some denied, and some values."""
    told: dict[str, Value] = {**dict.fromkeys(present, True), **dict.fromkeys(denied, False), **values}
    answers = {k: Answer(Status.ABSENT if v is False else Status.PRESENT, v) for k, v in told.items()}
    return decide_urgency(KNOWLEDGE, gather(Person(answers=answers, labs=labs), KNOWLEDGE))


@pytest.mark.parametrize(
    "present",
    [
        ("hand_foot_spasm", "seizure"),
        ("hand_foot_spasm", "noisy_breathing"),
        ("hand_foot_spasm", "swallowing_trouble"),
        ("hand_foot_spasm", "hx_thyroid_parathyroid_surgery"),
        ("hand_foot_spasm", "lab_mg_low"),
        ("hand_foot_spasm", "lab_ca_adj_low"),
        ("lockjaw",),
        ("generalised_spasms",),
        ("saliva_cannot_swallow",),
        ("dark_urine", "muscle_pain"),
        ("paralysis_episode",),
        ("confusion",),
        ("breathless_at_rest",),
        ("med_lithium", "confusion"),
        ("exposure_pesticide", "vomiting"),
    ],
)
def test_emergencies_are_emergencies(present: tuple[str, ...]) -> None:
    """With everything else unknown."""
    assert urgency(*present).level == "emergency"


def test_a_first_hand_spasm_is_at_least_today_even_with_overbreathing() -> None:
    """Low calcium looks the same; over-breathing does not excuse it."""
    assert urgency("hand_foot_spasm").level == "same_day"
    assert urgency("hand_foot_spasm", "panic_overbreathing").level == "same_day"


@pytest.mark.parametrize(
    ("present", "most"),
    [
        (("muscle_twitching", "numbness"), "routine"),
        (("muscle_twitching", "med_changed_8_weeks"), "routine"),
        (("muscle_twitching", "worry_about_serious_illness"), "routine"),
        (("muscle_twitching", "tingling_limbs", "insomnia"), "routine"),
        (("cramps_night_calf",), "routine"),
        (("excess_plain_water", "headache"), "same_day"),
        (("pregnant", "vomiting"), "urgent_days"),
        (("muscle_twitching", "palpitations", "hx_anxiety"), "routine"),
    ],
)
def test_ordinary_things_do_not_alarm(present: tuple[str, ...], most: str) -> None:
    """What most people with harmless twitching report is not over-triaged."""
    order = {level.id: level.order for level in KNOWLEDGE.levels.values()}
    assert order[urgency(*present).level] >= order[most]


def test_two_brief_places_are_self_care_once_danger_is_denied() -> None:
    """Ten days, eyelid and calf, every exclusion known absent."""
    sites = frozenset({"eyelid", "calf"})
    found = urgency(denied=DENIED, twitch_location=sites, twitch_duration_days=10.0)
    assert found.level == "self_care"


def test_self_care_needs_every_exclusion_known() -> None:
    """One exclusion not asked, and it is a routine appointment instead."""
    sites = frozenset({"eyelid"})
    for left_out in DENIED:
        denied = tuple(each for each in DENIED if each != left_out)
        assert urgency(denied=denied, twitch_location=sites, twitch_duration_days=10.0).level == "routine"


@pytest.mark.parametrize(
    ("analyte", "value", "unit", "level"),
    [
        ("potassium", 2.4, "mmol/L", "emergency"),
        ("potassium", 2.9, "mmol/L", "same_day"),
        ("potassium", 6.6, "mmol/L", "emergency"),
        ("sodium", 119, "mmol/L", "emergency"),
        ("magnesium", 0.35, "mmol/L", "emergency"),
        ("magnesium", 0.45, "mmol/L", "same_day"),
        ("magnesium", 0.65, "mmol/L", "urgent_days"),
        ("calcium_total", 7.0, "mg/dL", "emergency"),
        ("calcium_ionised", 0.7, "mmol/L", "emergency"),
        ("ck", 6000, "U/L", "emergency"),
        ("glucose", 2.5, "mmol/L", "emergency"),
    ],
)
def test_critical_values_escalate_by_themselves(analyte: str, value: float, unit: str, level: str) -> None:
    """With no symptom told at all."""
    assert urgency(labs=(LabResult(analyte, value, unit),)).level == level


@pytest.mark.parametrize(
    "present", ["weakness_functional", "poor_coordination", "numbness", "twitch_severe", "cramps_chronic"]
)
def test_the_seeds_reasons_to_see_a_doctor_all_lead_to_one(present: str) -> None:
    """None of them is self-care, whatever else is denied."""
    denied = tuple(each for each in DENIED if each != present)
    assert urgency(present, denied=denied, twitch_duration_days=3.0).level != "self_care"


def test_only_listed_findings_can_lower_an_urgency() -> None:
    """The exceptions to law 2 are few, and a clinician's, a test's, or the definition of a comment."""
    lowering = {name for r in KNOWLEDGE.rules.values() if r.unless is not None for name in names(r.unless)}
    assert lowering == {
        "panic_overbreathing",
        "exam_normal",
        "lab.calcium_adjusted",
        "lab_ca_adj_low",
        "lab_mg_low",
        "lab.ck",
        "lab.potassium",
        "lab.sodium",
        "lab.magnesium",
        "lab.glucose",
        "lab.egfr",
    }


def test_what_one_answer_could_change_is_listed() -> None:
    """A report of a twitch names the emergencies that were not asked about."""
    found = urgency("muscle_twitching", twitch_duration_days=3.0)
    assert {"seizure", "confusion", "noisy_breathing"} <= {each.finding for each in found.could_fire}
