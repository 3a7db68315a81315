"""Children are not judged by adult limits where their age is known; without an age, nothing waits."""

from __future__ import annotations

from datetime import date

import pytest

from rheobase.assess import Assessment, assess
from rheobase.knowledge import load_knowledge
from rheobase.labs.limits import limits_of_results
from rheobase.labs.patterns import read_patterns
from rheobase.person import Answer, LabResult, Person, Status

KNOWLEDGE = load_knowledge()
ON = date(2026, 11, 24)


def judged(age: float | None, **values: float) -> Assessment:
    """Return the assessment of somebody of this age with these results in SI."""
    labs = tuple(LabResult(name, value, KNOWLEDGE.analytes[name].unit_si, taken=ON) for name, value in values.items())
    answers = {} if age is None else {"age_years": Answer(Status.PRESENT, age)}
    return assess(Person(labs=labs, answers=answers), KNOWLEDGE, on=ON)


@pytest.mark.parametrize(
    ("finding", "analyte", "value", "children", "others"),
    [
        ("lab_phosphate_high", "phosphate", 2.5, (0.5,), (3, 10, 17, 30, None)),
        ("lab_phosphate_high", "phosphate", 1.65, (0.5, 3, 10, 17), (18, 30, None)),
        ("lab_ca_adj_high", "calcium_adjusted", 2.75, (0.5,), (3, 10, 30, None)),
        ("lab_ca_adj_high", "calcium_adjusted", 2.63, (0.5, 3), (10, 30, None)),
        ("lab_ca_adj_low", "calcium_adjusted", 2.12, (0.5, 3), (10, 30, None)),
        ("lab_ca_adj_low", "calcium_adjusted", 2.17, (0.5, 3, 10), (17, 30, None)),
        ("lab_k_high", "potassium", 5.8, (0.5,), (3, 10, 30, None)),
        ("lab_k_low", "potassium", 3.4, (3, 10), (0.5, 17, 30, None)),
        ("lab_bicarbonate_low", "bicarbonate", 19, (0.5,), (3, 10, 30, None)),
        ("lab_pco2_low", "pco2", 4.0, (0.5,), (3, 30, None)),
    ],
)
def test_what_is_usual_for_a_child_is_not_out_of_range(
    finding: str, analyte: str, value: float, *, children: tuple[float, ...], others: tuple[float | None, ...]
) -> None:
    """Below the age the finding is absent, from it on and without an age it is present."""
    for age in children:
        assert judged(age, **{analyte: value}).facts.values[finding] is False, age
    for other in others:
        assert judged(other, **{analyte: value}).facts.values[finding] is True, other


@pytest.mark.parametrize(("age", "low"), [(0.5, True), (3, False), (10, True), (17, False), (30, False), (None, False)])
def test_a_childs_low_phosphate_is_seen(age: float | None, *, low: bool) -> None:
    """1.15 is low in an infant; 1.0 in a school child; both are ordinary in an adult or where no age is known."""
    value = 1.0 if age is not None and age >= 5 else 1.15
    assert judged(age, phosphate=value).facts.values["lab_phosphate_low"] is low


def test_a_critical_level_stays_critical_at_any_age() -> None:
    """No age takes a level that is telephoned out of the warning signs."""
    for age in (0.5, 3, 10, 30):
        assert judged(age, potassium=6.6).urgency.level == "emergency"
        assert judged(age, calcium_adjusted=1.8).urgency.level == "emergency"


def test_a_creatinine_that_an_adult_may_have_is_urgent_in_a_child() -> None:
    """200 umol/L is to be seen today in a child; in an adult it is not urgent by itself."""
    assert judged(6, creatinine=200).urgency.level == "same_day"
    assert judged(40, creatinine=200).urgency.level == "routine"
    assert judged(None, creatinine=200).urgency.level == "routine"


@pytest.mark.parametrize(
    ("pattern", "values"),
    [
        ("bartter_like", {"potassium": 3.0, "urine_chloride": 60, "urine_calcium_creatinine": 0.6, "bicarbonate": 33}),
        ("renal_k_loss", {"potassium": 3.0, "urine_potassium_creatinine": 3.0}),
    ],
)
def test_urine_limits_of_adults_name_no_pattern_in_a_child(pattern: str, values: dict[str, float]) -> None:
    """A child's urine has more calcium and potassium for its creatinine; an adult's, or no age, names the pattern."""
    told = {"med_loop_diuretic": False, "high_blood_pressure": False}
    for age, named in ((6.0, False), (40.0, True), (None, True)):
        known = {**judged(age, **values).facts.values, **told}
        seen, waiting = read_patterns(KNOWLEDGE, known)
        assert (pattern in seen) is named, age
        assert pattern not in [each.pattern for each in waiting]


def test_growing_bones_are_no_sign_of_soft_ones() -> None:
    """A child's alkaline phosphatase of 400, marked high by an adult's range, speaks for no lack of vitamin D."""
    for age, named in ((6.0, False), (40.0, True), (None, True)):
        known = {
            **judged(age, calcium_adjusted=2.1, vitamin_d_25oh=20, alp=400).facts.values,
            "lab_pth_high": True,
            "lab_alp_high": True,
        }
        assert ("low_ca_high_pth_low_phos" in read_patterns(KNOWLEDGE, known)[0]) is named, age
        said = {each.id for each in limits_of_results(KNOWLEDGE, known)}
        assert ("alp_child" in said, "age_unknown" in said) == (age == 6, age is None)


def test_low_albumin_in_alkaline_blood_is_not_called_false_alarm() -> None:
    """A low total calcium with low albumin is explained by it only while nothing says that ionised calcium is low."""
    explained = judged(40, calcium_total=2.05, albumin=28)
    alkaline = judged(40, calcium_total=2.05, albumin=28, ph=7.58)
    measured = judged(40, calcium_total=2.05, albumin=28, calcium_ionised=1.0)
    assert "pseudohypocalcaemia" in explained.patterns
    assert "alkalosis_ionised_ca" in alkaline.patterns
    for found in (alkaline, measured):
        assert "pseudohypocalcaemia" not in (*found.patterns, *(each.pattern for each in found.open_patterns))


def test_a_magnesium_alone_is_said_to_prove_little() -> None:
    """A normal magnesium without any other salt says that it does not rule out a lack; with the others it need not."""
    alone, others = judged(40, magnesium=0.85), judged(40, magnesium=0.85, potassium=4.2, calcium_adjusted=2.4)
    assert [
        "normal_magnesium" in {each.id for each in limits_of_results(KNOWLEDGE, found.facts.ever)}
        for found in (alone, others)
    ] == [True, False]
