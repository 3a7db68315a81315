"""Each urgency rule fires where it should, stays silent where it should, and benign pictures stay calm."""

from __future__ import annotations

from datetime import date

import pytest

from rheobase.assess import assess
from rheobase.assess.urgency import Urgency
from rheobase.knowledge import load_knowledge
from rheobase.logic import names
from rheobase.person import Answer, LabResult, Person, Status, Value

KNOWLEDGE = load_knowledge()
ON = date(2026, 11, 24)
SEED = (
    "rf_seed_over_2_weeks",
    "rf_seed_multiple_sites",
    "rf_seed_weak_numb_clumsy",
    "rf_seed_numb",
    "rf_seed_severe",
    "rf_seed_chronic_cramps_weakness",
)
EXCLUSIONS = KNOWLEDGE.rules["selfcare_nothing_alarming"].needs_absent


def judged(told: str = "", **more: Value) -> Urgency:
    """Return the urgency of a person.

    Args:
        told: Present findings; with a dash in front absent; ``potassium=2.4`` a result in SI, ``potassium=low`` a flag.
        more: Numbers, choices and sites by finding.
    """
    answers, labs = {name: Answer(Status.PRESENT, value) for name, value in more.items()}, []
    for word in told.split():
        analyte, _, result = word.partition("=")
        if not result:
            absent = word.startswith("-")
            answers[word.lstrip("-")] = Answer(Status.ABSENT if absent else Status.PRESENT, not absent)
        elif result.isalpha():
            labs.append(LabResult(analyte, None, None, flag=result))
        else:
            labs.append(LabResult(analyte, float(result), KNOWLEDGE.analytes[analyte].unit_si))
    return assess(Person(answers=answers, labs=tuple(labs)), KNOWLEDGE, on=ON).urgency


@pytest.mark.parametrize(
    ("rule", "told", "fires"),
    [
        ("rf_breathing", "breathless_at_rest", True),
        ("rf_breathing", "breathless_at_rest panic_overbreathing", True),
        ("rf_breathing", "breathless_at_rest panic_overbreathing exam_normal", False),
        ("rf_spasm", "hand_foot_spasm", True),
        ("rf_spasm", "hand_foot_spasm panic_overbreathing exam_normal", True),
        ("rf_spasm_danger", "hand_foot_spasm", False),
        ("rf_spasm_danger", "hand_foot_spasm calcium_adjusted=low", True),
        ("rf_spasm_danger", "hand_foot_spasm magnesium=0.5", True),
        ("rf_spasm_danger", "hand_foot_spasm seizure", True),
        ("rf_spasm_danger", "hand_foot_spasm swallowing_trouble", True),
        ("rf_spasm_danger", "hand_foot_spasm ecg_long_qt", True),
        ("rf_spasm_danger", "hand_foot_spasm med_bone_antiresorptive", True),
        ("rf_spasm_after_neck_surgery", "hand_foot_spasm hx_thyroid_parathyroid_surgery", True),
        ("rf_spasm_after_neck_surgery", "hand_foot_spasm hx_thyroid_parathyroid_surgery calcium_adjusted=2.3", True),
        (
            "rf_spasm_after_neck_surgery",
            "hand_foot_spasm hx_thyroid_parathyroid_surgery calcium_adjusted=2.3 magnesium=0.8",
            False,
        ),
        ("rf_known_low_magnesium", "previous_low_magnesium diarrhoea tingling_mouth", True),
        ("rf_known_low_magnesium", "previous_low_magnesium tingling_mouth", False),
        ("rf_tetany_signs", "chvostek trousseau confusion", True),
        ("rf_tetany_signs", "chvostek", False),
        ("rf_tingling_mouth_losses", "tingling_mouth tingling_limbs diarrhoea", True),
        ("rf_tingling_mouth_losses", "tingling_mouth tingling_limbs", False),
        ("rf_water_overload", "excess_plain_water headache", False),
        ("rf_water_overload", "excess_plain_water headache vomiting", True),
        ("rf_lockjaw", "neck_stiffness", False),
        ("rf_lockjaw", "neck_stiffness recent_wound", True),
        ("rf_rhabdo", "dark_urine muscle_pain", True),
        ("rf_jerks_new", "muscle_jerks", False),
        ("rf_jerks_new", "muscle_jerks hard_exercise_recent", True),
        ("rf_uraemia", "muscle_twitching vomiting creatinine=high", True),
        ("rf_uraemia", "muscle_twitching vomiting", False),
        ("rf_faint_or_chest_pain", "chest_pain palpitations", True),
        ("rf_faint_or_chest_pain", "chest_pain", False),
        ("rf_stimulant_heart", "energy_drinks palpitations breathless", True),
        ("rf_lithium_drowsy", "med_lithium confusion", True),
        ("rf_pregnancy", "pregnant vomiting", False),
        ("rf_pregnancy", "pregnant headache ankle_swelling", True),
        ("rf_half_face_weak", "twitch_one_side_face", False),
        ("rf_half_face_weak", "twitch_one_side_face facial_weakness", True),
        ("rf_weight_loss", "muscle_twitching weight_loss", False),
        ("rf_weight_loss", "muscle_twitching weight_loss tremor", True),
        ("rf_saliva", "saliva_cannot_swallow", True),
        ("rf_k_low_weak", "potassium=low palpitations", True),
        ("rf_k_low_weak", "potassium=3.2 palpitations", False),
        ("rf_k_low_weak", "potassium=2.8 weakness_functional", True),
        ("rf_k_mg_low", "potassium=low magnesium=low", True),
        ("rf_lab_na_low_confused", "sodium=123 vomiting", True),
        ("rf_lab_na_low_confused", "sodium=131 vomiting", False),
        ("rf_lab_mg_moderate", "magnesium=0.45", True),
        ("rf_lab_mg_moderate", "magnesium=0.6", False),
        ("rf_lab_ca_low_symptoms", "calcium_adjusted=2.1 tingling_limbs", True),
        ("rf_lab_ck_critical", "ck=6000", True),
        ("rf_lab_ck_high", "ck=1500 weakness_functional", False),
        ("rf_lab_ck_high", "ck=1500 muscle_pain", True),
    ],
)
def test_a_rule_fires_exactly_where_it_should(rule: str, told: str, fires: bool) -> None:
    """One example for, and where it matters one example against, each rule that was mended."""
    assert (rule in {each.rule for each in judged(told).fired}) is fires


@pytest.mark.parametrize(
    ("level", "told"),
    [
        ("same_day", "hand_foot_spasm panic_overbreathing"),
        ("emergency", "calcium_adjusted=1.8"),
        ("emergency", "potassium=2.4"),
        ("emergency", "sodium=118"),
        ("emergency", "calcium_ionised=0.7"),
        ("same_day", "calcium_ionised=1.0"),
        ("urgent_days", "calcium_adjusted=2.1"),
        ("urgent_days", "potassium=3.3"),
        ("emergency", "paralysis_episode"),
        ("emergency", "ecg_ventricular_arrhythmia"),
        ("same_day", "excess_plain_water headache"),
        ("same_day", "self_harm_thoughts"),
        ("urgent_days", "wrist_or_foot_drop"),
        ("within_2_weeks", "muscle_twitching weakness_progressive weakness_on_exam"),
        ("urgent_days", "weakness_functional tongue_twitch_or_wasting"),
        ("urgent_days", "muscle_twitching weight_loss tremor weakness_felt"),
    ],
)
def test_a_picture_earns_its_level(level: str, told: str) -> None:
    """The most urgent rule decides the level."""
    assert judged(told).level == level


@pytest.mark.parametrize(
    "told",
    [
        "muscle_twitching tingling_limbs numbness weakness_felt",
        "muscle_twitching worry_about_serious_illness insomnia hx_anxiety palpitations dizziness nausea",
        "muscle_twitching cramps cramps_chronic fatigue headache",
        "muscle_twitching med_changed_8_weeks",
        "muscle_twitching med_antidepressant hx_anxiety irritable",
        "cramps_night_calf",
        "muscle_twitching diarrhoea",
        "twitch_severe",
        "muscle_twitching panic_overbreathing light_headed_standing dry_mouth",
        "muscle_twitching heavy_sweat_loss hard_exercise_recent twitch_after_exercise muscle_pain",
    ],
)
def test_a_benign_picture_is_no_more_than_routine(told: str) -> None:
    """What people with harmless twitching commonly report does not alarm."""
    assert (
        judged(told, twitch_duration_days=200.0, twitch_site_count="four_or_more", stress_level=9.0).level == "routine"
    )


def test_what_the_seed_sends_to_a_doctor_is_at_least_routine() -> None:
    """Each statement of the seed on when to see a doctor is a rule, and none is self-care."""
    assert {each.id for each in KNOWLEDGE.rules.values() if each.in_seed} == set(SEED)
    for rule in SEED:
        assert KNOWLEDGE.levels[KNOWLEDGE.rules[rule].urgency].order <= KNOWLEDGE.levels["routine"].order


def test_self_care_needs_every_exclusion_known_absent() -> None:
    """A single lid twitch is routine until each warning sign is denied, and then self-care."""
    lid = frozenset({"eyelid"})
    absent = [f"-{name}" for name in EXCLUSIONS]
    assert judged("", twitch_location=lid, twitch_duration_days=5.0).level == "routine"
    assert judged(" ".join(absent), twitch_location=lid, twitch_duration_days=5.0).level == "self_care"
    for left_out in range(len(absent)):
        asked = [*absent[:left_out], *absent[left_out + 1 :]]
        assert judged(" ".join(asked), twitch_location=lid, twitch_duration_days=5.0).level == "routine"


def test_every_reassuring_rule_excludes_what_the_general_one_excludes() -> None:
    """So a present finding can add reassuring words, but never lower the level."""
    for rule in KNOWLEDGE.rules.values():
        if rule.kind == "reassuring":
            assert set(EXCLUSIONS) <= set(rule.needs_absent), rule.id


def test_only_an_examination_or_a_test_can_silence_a_rule() -> None:
    """The few exclusions are listed here; over-breathing counts only beside a normal examination."""
    silencing = {r.id: names(r.unless) for r in KNOWLEDGE.rules.values() if r.unless is not None}
    for rule, read in silencing.items():
        kinds = {"lab" if name.startswith("lab.") else KNOWLEDGE.findings[name].kind for name in read}
        assert kinds & {"exam", "test", "lab"}, rule
        assert kinds <= {"exam", "test", "lab"} or rule == "rf_breathing", rule


def test_a_child_is_never_told_that_self_care_is_enough() -> None:
    """Under 16 the least urgent answer is an appointment."""
    urgency = judged(" ".join(f"-{name}" for name in EXCLUSIONS), age_years=12.0)
    assert (urgency.level, urgency.child) == ("routine", True)


@pytest.mark.parametrize("rule", sorted(KNOWLEDGE.rules))
def test_each_rule_speaks_to_both(rule: str) -> None:
    """Every rule has a title, words for the person and for the clinician, and never tells anyone not to worry."""
    entry = KNOWLEDGE.rules[rule]
    assert entry.title
    assert entry.tell_person
    assert entry.tell_clinician
    assert "don't worry" not in entry.tell_person.lower()
