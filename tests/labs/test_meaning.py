"""Ranges, change over time, patterns, limits and critical values."""

from __future__ import annotations

from datetime import date

import pytest

from rheobase.assess import Assessment, assess
from rheobase.knowledge import load_knowledge
from rheobase.knowledge.model_labs import Variation
from rheobase.labs.limits import limits_of_results
from rheobase.labs.ranges import context_range
from rheobase.labs.trend import Dated, change_limits, change_of
from rheobase.person import Answer, LabResult, Person, Status, Value

KNOWLEDGE = load_knowledge()
ON = date(2026, 11, 24)
CONSTANTS = KNOWLEDGE.formulas["reference_change_value"].constants
LEVELS = {"emergency_now": "emergency", "within_days": "urgent_days", "self_care": "routine"}


def judged(told: str, **more: Value) -> Assessment:
    """Return an assessment.

    Args:
        told: ``magnesium=0.5`` a value in SI, ``pth=low`` a flag, ``vomiting`` a finding, ``-vomiting`` none.
        more: Numbers and choices by finding.
    """
    labs, answers = [], {name: Answer(Status.PRESENT, value) for name, value in more.items()}
    for word in told.split():
        name, _, value = word.partition("=")
        if not value:
            absent = name.startswith("-")
            answers[name.lstrip("-")] = Answer(Status.ABSENT if absent else Status.PRESENT, not absent)
        elif value.isalpha():
            labs.append(LabResult(name, flag=value))
        else:
            labs.append(LabResult(name, float(value), KNOWLEDGE.analytes[name].unit_si))
    return assess(Person(labs=tuple(labs), answers=answers), KNOWLEDGE, on=ON)


SEEN = [
    ("pseudohypocalcaemia", "calcium_total=2.05 albumin=30"),
    ("haemolysed_sample", "potassium=6.1 phosphate=1.8 ast=high creatinine=normal ck=normal"),
    ("edta_contamination", "potassium=14 calcium_total=1.2 albumin=40 magnesium=0.4 creatinine=normal"),
    ("sodium_by_sugar", "sodium=128 glucose=35"),
    ("low_ca_low_mg", "calcium_total=1.8 albumin=40 magnesium=0.35 pth=low"),
    ("low_ca_low_mg", "calcium_total=1.8 albumin=40 magnesium=0.35 pth=normal"),
    ("low_ca_low_pth_high_phos", "calcium_adjusted=1.8 magnesium=0.8 pth=low phosphate=1.9"),
    ("low_ca_low_pth_high_phos", "calcium_adjusted=1.8 magnesium=0.8 pth=normal phosphate=1.9 egfr=95"),
    (
        "pseudohypoparathyroidism",
        "calcium_adjusted=1.8 pth=high phosphate=1.9 egfr=95 magnesium=0.8 vitamin_d_25oh=60",
    ),
    ("low_ca_high_pth_low_phos", "calcium_adjusted=2.1 pth=high alp=high vitamin_d_25oh=12"),
    ("low_ca_high_pth_high_phos", "calcium_adjusted=2.0 pth=high phosphate=2.1 egfr=14"),
    ("low_ca_thyroid_surgery_or_bone_medicine", "calcium_adjusted=1.9 hx_thyroid_parathyroid_surgery"),
    ("low_ca_low_vitd", "calcium_adjusted=2.0 vitamin_d_25oh=12"),
    ("normal_ca_low_vitd", "calcium_adjusted=2.4 vitamin_d_25oh=20"),
    ("high_ca_high_pth", "calcium_adjusted=2.8 pth=normal"),
    ("familial_high_ca", "calcium_adjusted=2.7 pth=normal calcium_creatinine_clearance=0.006"),
    ("high_ca_low_pth", "calcium_adjusted=2.9 pth=low"),
    ("milk_alkali", "calcium_adjusted=2.9 bicarbonate=33 creatinine=high"),
    ("refractory_hypokalaemia", "potassium=2.9 magnesium=0.5"),
    ("low_k_low_mg", "potassium=2.9 magnesium=0.5 bicarbonate=32"),
    (
        "gitelman_like",
        (
            "potassium=2.9 bicarbonate=31 urine_calcium=0.5 urine_creatinine=8 urine_chloride=90 -med_thiazide "
            "-high_blood_pressure"
        ),
    ),
    (
        "bartter_like",
        (
            "potassium=2.9 bicarbonate=31 urine_calcium=5 urine_creatinine=8 urine_chloride=90 -med_loop_diuretic "
            "-high_blood_pressure"
        ),
    ),
    ("vomiting_urine", "potassium=2.9 bicarbonate=34 urine_chloride=8"),
    ("laxative_urine", "potassium=2.9 bicarbonate=24 urine_sodium=20 urine_chloride=50"),
    ("renal_k_loss", "potassium=2.9 urine_potassium=60 urine_creatinine=8"),
    ("renal_mg_loss", "magnesium=0.5 urine_magnesium=3 urine_creatinine=6 creatinine=80"),
    ("gut_mg_loss", "magnesium=0.5 urine_magnesium=0.1 urine_creatinine=8 creatinine=80"),
    ("low_k_high_bp", "potassium=2.9 bicarbonate=33 high_blood_pressure_known"),
    ("liquorice_hormones", "potassium=2.9 renin=low aldosterone=low"),
    ("low_k_acidosis", "potassium=2.9 bicarbonate=16"),
    ("low_k_shift", "potassium=3.1 med_beta_agonist"),
    ("high_k_kidney", "potassium=6.0 med_raise_potassium"),
    ("diuretic_low_k", "potassium=3.2 med_thiazide"),
    ("ppi_low_mg", "magnesium=0.5 med_ppi"),
    ("refeeding", "phosphate=0.5 diet_very_little"),
    ("alkalosis_ionised_ca", "ph=7.56 calcium_adjusted=2.4"),
    ("respiratory_alkalosis", "ph=7.56 pco2=3.2"),
    ("metabolic_alkalosis", "bicarbonate=36 pco2=6.2 ph=7.49"),
    ("high_gap_acidosis", "sodium=140 chloride=100 bicarbonate=14"),
    ("normal_gap_acidosis", "sodium=140 chloride=114 bicarbonate=16 pco2=4.8"),
    ("osmolal_gap_high", "sodium=140 glucose=5 urea=5 osmolality=320"),
    ("thiazide_na", "sodium=127 med_thiazide"),
    ("thyroid_over", "tsh=0.01 ft4=high"),
    ("thyroid_under", "tsh=40 ft4=low"),
    ("rhabdomyolysis", "ck=22000"),
    ("rhabdomyolysis", "ck=1800 dark_urine"),
    ("ck_high", "ck=1800"),
    ("ck_mild", "ck=500 lab_ck_mildly_high"),
    ("muscle_not_liver", "ck=high ast=high"),
    ("b12_low_anaemia", "vitamin_b12=90 haemoglobin=low"),
    ("all_normal", "calcium_adjusted=2.4 magnesium=0.8 potassium=4.1 sodium=140"),
]


@pytest.mark.parametrize(("pattern", "told"), SEEN, ids=[f"{each}-{at}" for at, (each, _) in enumerate(SEEN)])
def test_each_pattern_is_seen_in_a_textbook_case(pattern: str, told: str) -> None:
    """The values of a textbook case show the pattern."""
    assert pattern in judged(told).patterns


def test_every_pattern_has_a_textbook_case() -> None:
    """No pattern is without one."""
    assert {pattern for pattern, _ in SEEN} == set(KNOWLEDGE.patterns)


@pytest.mark.parametrize(
    ("pattern", "told"),
    [
        ("low_ca_low_mg", "calcium_adjusted=1.8 magnesium=0.8 pth=low"),
        ("low_ca_low_mg", "calcium_adjusted=1.8 magnesium=0.5 pth=high"),
        ("low_ca_low_pth_high_phos", "calcium_adjusted=1.8 magnesium=0.4 pth=low phosphate=1.9"),
        ("pseudohypocalcaemia", "calcium_total=1.8 albumin=34"),
        ("gitelman_like", "potassium=2.9 urine_calcium=0.5 urine_creatinine=8 urine_chloride=90 med_thiazide"),
        ("edta_contamination", "potassium=6.4 calcium_adjusted=2.4 magnesium=0.8"),
        ("thyroid_over", "tsh=0.01 ft4=normal"),
        ("all_normal", "calcium_adjusted=2.4 magnesium=0.6 potassium=4.1 sodium=140"),
        ("all_normal", "calcium_adjusted=2.4 magnesium=0.8 potassium=4.1 sodium=140 ck=22000"),
        ("all_normal", "calcium_adjusted=2.4 magnesium=0.8 potassium=4.1 sodium=140 weakness_functional"),
        ("high_gap_acidosis", "sodium=140 chloride=101 bicarbonate=21"),
    ],
)
def test_a_result_that_speaks_against_it_closes_a_pattern(pattern: str, told: str) -> None:
    """Neither seen nor open."""
    assessment = judged(told)
    assert pattern not in assessment.patterns
    assert pattern not in {each.pattern for each in assessment.open_patterns}


def test_a_missing_result_leaves_a_pattern_open_and_names_what_it_waits_for() -> None:
    """Low calcium with low magnesium waits for PTH; it is neither seen nor ruled out."""
    assessment = judged("calcium_total=1.8 albumin=40 magnesium=0.35")
    waiting = {each.pattern: each.needs for each in assessment.open_patterns}
    assert "low_ca_low_mg" not in assessment.patterns
    assert waiting["low_ca_low_mg"] == ("lab_pth_high",)


def test_without_a_laboratory_result_no_pattern_is_named() -> None:
    """Symptoms alone open none."""
    assessment = judged("hand_foot_spasm diet_very_little med_thiazide")
    assert assessment.patterns == ()
    assert assessment.open_patterns == ()


def test_critical_values_are_urgent_by_themselves() -> None:
    """Each critical value, with nothing else told, is at least as urgent as its row says."""
    told = {"age_years": Answer(Status.PRESENT, 50.0), "sex": Answer(Status.PRESENT, "male")}
    for analyte in KNOWLEDGE.analytes.values():
        for row in analyte.critical:
            if row.get("alone") is False:
                continue
            name = "egfr" if "eGFR" in row["why"] else analyte.id
            step = {"<": -0.01, ">": 0.01}.get(row["op"], 0) * max(row["value_si"], 1)
            result = LabResult(name, row["value_si"] + step, KNOWLEDGE.analytes[name].unit_si)
            urgency = assess(Person(labs=(result,), answers=told), KNOWLEDGE, on=ON).urgency
            wanted = LEVELS.get(row["urgency"], row["urgency"])
            assert KNOWLEDGE.levels[urgency.level].order <= KNOWLEDGE.levels[wanted].order, (analyte.id, row["band"])


def test_ranges_need_the_age_and_the_sex_where_they_matter() -> None:
    """Creatinine has none without sex; potassium none for a young woman who may be pregnant."""
    assert context_range(KNOWLEDGE, "creatinine", {"age_years": 40.0}) is None
    assert context_range(KNOWLEDGE, "potassium", {"sex": "male"}) is None
    found = context_range(KNOWLEDGE, "creatinine", {"age_years": 40.0, "sex": "female", "pregnant": False})
    assert found is not None
    assert (found.low, found.high) == (45, 90)
    assert context_range(KNOWLEDGE, "potassium", {"age_years": 30.0, "sex": "female"}) is None
    older = context_range(KNOWLEDGE, "potassium", {"age_years": 58.0, "sex": "female"})
    assert older is not None
    man = context_range(KNOWLEDGE, "potassium", {"age_years": 30.0, "sex": "male"})
    assert man is not None
    assert (man.low, man.high) == (3.5, 5.3)


def test_pregnancy_has_its_own_range() -> None:
    """Magnesium of 0.62 is within the range of late pregnancy."""
    found = context_range(KNOWLEDGE, "magnesium", {"age_years": 30.0, "sex": "female", "pregnant": True})
    assert found is not None
    assert (found.low, found.high) == (0.6, 0.8)


def test_no_range_under_18() -> None:
    """Children have ranges of their own, which are not known here."""
    told: dict[str, Value] = {"age_years": 9.0, "sex": "male", "pregnant": False}
    assert all(context_range(KNOWLEDGE, each, told) is None for each in KNOWLEDGE.analytes)


def test_reference_change_value_of_a_worked_example() -> None:
    """CVI 5.8 % and CVA 3.0 % give 18.1 % by the plain formula; the logarithmic one brackets it: -16.5 and +19.8 %."""
    limits = change_limits(CONSTANTS, Variation("x", 5.8, 3.0, "expert", "C"))
    plain = 2**0.5 * 1.96 * (5.8**2 + 3.0**2) ** 0.5
    assert plain == pytest.approx(18.1, abs=0.05)
    assert 100 * limits.fall == pytest.approx(-16.5, abs=0.1)
    assert 100 * limits.rise == pytest.approx(19.8, abs=0.1)


def test_a_change_within_chance_is_called_that() -> None:
    """Potassium 4.0 to 4.2 is within chance, 4.0 to 3.2 is not; a bound can't be told."""
    variation = KNOWLEDGE.lab_variations["potassium"]
    first = Dated(4.0, date(2026, 1, 1))

    def moved(value: float, *, limit: bool = False) -> bool | None:
        change = change_of("potassium", [Dated(value, date(2026, 3, 1), limit), first], variation, CONSTANTS)
        assert change is not None
        assert change.days == 59
        return change.beyond

    assert moved(4.2) is False
    assert moved(3.2) is True
    assert moved(3.2, limit=True) is None


def test_results_of_one_day_are_no_trend() -> None:
    """Two results of one day show no change over time."""
    results = [Dated(4.0, ON), Dated(3.0, ON)]
    assert change_of("potassium", results, KNOWLEDGE.lab_variations["potassium"], CONSTANTS) is None


@pytest.mark.parametrize(
    ("limit", "told", "shown"),
    [
        ("normal_magnesium", "magnesium=0.8 potassium=3.0", True),
        ("normal_magnesium", "magnesium=0.8 potassium=4.0", False),
        ("normal_magnesium", "magnesium=0.5 potassium=3.0", False),
        ("calcium_not_adjusted", "calcium_total=2.1", True),
        ("calcium_not_adjusted", "calcium_total=2.1 albumin=40", False),
        ("high_potassium_sample", "potassium=5.9", True),
        ("calcium_kidney", "calcium_total=2.1 albumin=40 egfr=40", True),
        ("pth_without_calcium", "pth=high", True),
        ("tsh_illness", "tsh=0.05", True),
        ("tsh_illness", "tsh=0.05 ft4=high", False),
    ],
)
def test_a_limit_is_shown_exactly_where_it_matters(limit: str, told: str, shown: bool) -> None:
    """What a result does not say stands beside the result that it concerns."""
    found = {each.id for each in limits_of_results(KNOWLEDGE, judged(told).facts.values)}
    assert (limit in found) is shown


def test_nothing_is_said_of_limits_without_results() -> None:
    """No result, no limit."""
    assert limits_of_results(KNOWLEDGE, {"pregnant": True, "muscle_wasting": True}) == ()
