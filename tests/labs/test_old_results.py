"""How long a result speaks for today, and what an old one still does."""

from __future__ import annotations

from dataclasses import replace
from datetime import date, timedelta

import pytest
from hypothesis import given
from hypothesis import strategies as st

from rheobase.assess import Assessment, assess
from rheobase.assess.old_results import facts_of, gather_on
from rheobase.assess.supposing import suppose, supposed_urgency
from rheobase.assess.urgency import RED_FLAG, decide_urgency
from rheobase.errors import DataRefusedError
from rheobase.importers.what_if import supposed_person
from rheobase.knowledge import load_knowledge
from rheobase.knowledge.check_labs import check_labs
from rheobase.knowledge.model import OLD_RESULT
from rheobase.person import Answer, LabResult, Person, Status, Value
from rheobase.report import document_for, render
from rheobase.report.labs_section import labs_document

KNOWLEDGE = load_knowledge()
ON = date(2026, 11, 24)
ORDER = {level.id: level.order for level in KNOWLEDGE.levels.values()}
EXTREMES = {
    "potassium": (2.0, 7.0),
    "calcium_adjusted": (1.6, 3.8),
    "sodium": (115.0, 165.0),
    "magnesium": (0.3, 2.3),
    "phosphate": (0.2, 0.5),
    "ck": (9000.0, 20000.0),
    "glucose": (2.0, 30.0),
    "ph": (7.0, 7.65),
    "haemoglobin": (55.0, 65.0),
    "bicarbonate": (10.0, 45.0),
}


def result(analyte: str, value: float, days: int | None) -> LabResult:
    """Return a result in SI of so many days ago; None for no date."""
    taken = None if days is None else ON - timedelta(days=days)
    return LabResult(analyte, value, KNOWLEDGE.analytes[analyte].unit_si, taken=taken)


def judged(*labs: LabResult, **told: Value) -> Assessment:
    """Return the assessment of a person with these results and answers."""
    answers = {name: Answer(Status.PRESENT, value) for name, value in told.items()}
    return assess(Person(labs=labs, answers=answers), KNOWLEDGE, on=ON)


def fired(found: Assessment) -> set[str]:
    """Return the warning signs that fired."""
    return {each.rule for each in found.urgency.fired}


def chance(found: Assessment, cause: str) -> float:
    """Return the probability of a cause."""
    return next(fit.posterior for fit in (*found.causes, *found.contributors) if fit.cause == cause)


@pytest.mark.parametrize("analyte", sorted(EXTREMES))
@pytest.mark.parametrize("end", [0, 1])
def test_a_critical_result_too_old_is_to_be_measured_again(analyte: str, end: int) -> None:
    """Within its span it decides as today's; a day later it is not now, yet never less than within days."""
    span = int(KNOWLEDGE.lab_spans[analyte].days)
    now, then = (judged(result(analyte, EXTREMES[analyte][end], days)) for days in (span, span + 1))
    assert not any(name.startswith("rf_lab_was_") for name in fired(now))
    assert all(KNOWLEDGE.rules[name].kind == OLD_RESULT for name in fired(then)), fired(then)
    assert ORDER[now.urgency.level] <= ORDER["urgent_days"]
    assert ORDER[then.urgency.level] <= ORDER["urgent_days"]
    if now.urgency.level == "emergency":
        assert then.urgency.level == "same_day"


def test_an_old_critical_result_is_named_with_its_day() -> None:
    """Both pages say which result was urgent then and when, and that it does not weigh in the causes."""
    labs = (result("potassium", 2.3, 400),)
    found = assess(Person(labs=labs), KNOWLEDGE, on=ON)
    for page in (labs_document(found, KNOWLEDGE), document_for("person", Person(labs=labs), found, KNOWLEDGE)):
        text = " ".join(render(page, width=200, colour=False).split())
        assert "urgent then, and not known to be mended" in text
        assert "Potassium 2.3 mmol/L on 2025-10-20" in text
        assert "have it measured again today" in text
        assert "too old to weigh in the causes" in text


def test_a_later_result_mends_an_old_critical_one() -> None:
    """A normal result of today says that the old one was put right."""
    assert not fired(judged(result("potassium", 2.3, 400), result("potassium", 4.2, 3)))


def test_a_result_without_a_date_is_todays() -> None:
    """Unknown is not old: it decides, and the page says what it was taken for."""
    found = judged(result("potassium", 2.3, None))
    assert found.urgency.level == "emergency"
    assert "Without a date, so taken as of today: Potassium" in render(labs_document(found, KNOWLEDGE), width=200)


def test_a_symptom_of_today_beside_an_old_result_is_not_silenced() -> None:
    """Confusion today and a sodium that was low fire in full; what was said to be absent does not."""
    told = judged(result("sodium", 124, 200), vomiting=True)
    assert "rf_lab_was_same_day" in fired(judged(result("sodium", 124, 200)))
    with_symptom = next(each for each in told.urgency.fired if KNOWLEDGE.rules[each.rule].kind == RED_FLAG)
    assert with_symptom.urgency == "emergency"


def test_an_old_normal_result_silences_no_warning_sign() -> None:
    """A potassium known normal two years ago does not answer for a low one of unknown size told today."""
    quiet, told = (judged(result("potassium", 4.2, days), lab_k_low=True) for days in (3, 700))
    assert "rf_k_low_amount_unknown" in fired(told)
    assert "rf_k_low_amount_unknown" not in fired(quiet)


def test_old_results_weigh_nothing_in_the_causes() -> None:
    """A low magnesium of last year leaves magnesium deficiency where it was without it; one of last week does not."""
    without, old, new = (
        judged(tremor=True),
        *(judged(result("magnesium", 0.55, days), tremor=True) for days in (300, 7)),
    )
    assert chance(old, "hypomagnesaemia") == pytest.approx(chance(without, "hypomagnesaemia"))
    assert chance(new, "hypomagnesaemia") > chance(without, "hypomagnesaemia")


def test_vitamin_d_speaks_for_months_and_potassium_for_weeks() -> None:
    """Of results of three months ago vitamin D still sets its finding, potassium does not."""
    known = judged(result("vitamin_d_25oh", 20, 90), result("potassium", 3.2, 90)).facts
    assert known.values["lab_vitd_low"] is True
    assert "lab_k_low" not in known.values
    assert known.ever["lab_k_low"] is True


def test_what_an_old_result_forbade_stays_forbidden() -> None:
    """Whatever a very low filtration rate of this week forbids, one of last year forbids too."""
    new, old, without = (
        judged(*labs, cramps=True, cramps_night_calf=True)
        for labs in ((result("egfr", 20, 3),), (result("egfr", 20, 300),), ())
    )
    offered = [{each.advice for each in found.advice} for found in (new, old, without)]
    forbidden = offered[2] - offered[0]
    assert forbidden
    assert not forbidden & offered[1]


def test_patterns_of_an_old_report_are_still_named() -> None:
    """A page on an old report says what the results meant then."""
    found = judged(result("potassium", 3.1, 300), result("magnesium", 0.5, 300))
    assert "refractory_hypokalaemia" in found.patterns


def test_results_with_and_without_a_date_are_said_and_neither_is_lost() -> None:
    """Which of two is newer is not known: one is used, a critical other one is to be measured again."""
    for labs in (
        (result("potassium", 2.3, 3), result("potassium", 4.2, None)),
        (result("potassium", 2.3, None), result("potassium", 4.2, 3)),
    ):
        found = judged(*labs)
        assert any("with and without a date" in note for note in found.facts.notes)
        assert ORDER[found.urgency.level] <= ORDER["same_day"]


@pytest.mark.parametrize("days", [None, 3])
@pytest.mark.parametrize("critical", [2.3, 7.2])
def test_a_critical_result_beside_another_of_unknown_order_is_not_lost(days: int | None, critical: float) -> None:
    """Of one day without hours, or both undated: whichever is listed last, the critical one is named and acted upon."""
    labs = (result("potassium", critical, days), result("potassium", 4.2, days))
    for held in (labs, labs[::-1]):
        found = assess(Person(labs=held), KNOWLEDGE, on=ON)
        assert ORDER[found.urgency.level] <= ORDER["same_day"]
    found = assess(Person(labs=labs), KNOWLEDGE, on=ON)
    assert f"{critical:g} mmol/L" in " ".join(render(labs_document(found, KNOWLEDGE), width=200, colour=False).split())


def test_a_later_hour_of_one_day_mends_an_earlier_one() -> None:
    """Where the hours are printed the later result counts, and nothing is to be measured again."""
    early, late = replace(result("potassium", 2.3, 3), time="08:00"), replace(result("potassium", 4.2, 3), time="17:30")
    for labs in ((early, late), (late, early)):
        assert not fired(judged(*labs))
        assert not judged(*labs).facts.notes


def test_an_older_dated_result_is_not_called_up_by_one_without_a_date() -> None:
    """Dated results stand in their own order: the critical one that a later dated one mended stays mended."""
    labs = (result("potassium", 2.3, 20), result("potassium", 4.1, 3), result("potassium", 4.2, None))
    assert not fired(judged(*labs))


@given(
    st.lists(
        st.tuples(st.sampled_from(sorted(EXTREMES)), st.sampled_from([0, 1]), st.integers(0, 1500)),
        min_size=1,
        max_size=4,
        unique_by=lambda each: each[0],
    )
)
def test_age_alone_never_makes_an_urgent_result_less_than_urgent(made: list[tuple[str, int, int]]) -> None:
    """Whatever the ages, results that are urgent today are at least urgent within days, and never more than today."""
    order = [
        ORDER[judged(*(result(name, EXTREMES[name][end], days * aged) for name, end, days in made)).urgency.level]
        for aged in (0, 1)
    ]
    assert order[0] <= order[1] <= ORDER["urgent_days"]


@pytest.mark.parametrize("symptom", ["headache", "confusion", "seizure"])
def test_one_more_symptom_beside_an_old_result_never_calms(symptom: str) -> None:
    """Sodium of half a year ago and vomiting today: supposing a further symptom stops no warning sign."""
    answers = {"vomiting": Answer(Status.PRESENT, value=True)}
    facts = gather_on(Person(labs=(result("sodium", 124, 200),), answers=answers), KNOWLEDGE, on=ON)
    urgency = decide_urgency(KNOWLEDGE, facts)
    assert urgency.level == "emergency"
    then = supposed_urgency(KNOWLEDGE, urgency, suppose(KNOWLEDGE, facts.values, {symptom: True}), facts)
    assert then.level == "emergency"
    assert not then.stopped


def test_what_an_answer_would_raise_beside_an_old_result_is_said() -> None:
    """An old low sodium alone: confusion would make it an emergency at once, and is named as what could fire."""
    alone = judged(result("sodium", 124, 200))
    assert judged(result("sodium", 124, 200), confusion=True).urgency.level == "emergency"
    assert "confusion" in {each.finding for each in alone.urgency.could_fire}


@pytest.mark.parametrize(
    ("comparator", "value", "low", "truth"),
    [
        ("<", 3.5, 3.5, True),
        ("<", 3.5, None, True),
        ("<=", 3.5, 3.5, None),
        ("<", 6.0, 3.5, None),
        (">", 4.0, 3.5, False),
    ],
)
def test_a_limit_is_never_called_normal_where_it_may_be_low(
    comparator: str, value: float, low: float | None, truth: bool | None
) -> None:
    """Potassium below 3.5 is low beside an interval from 3.5 and without one; below 6 says neither."""
    high = None if low is None else 5.1
    one = replace(result("potassium", value, 0), comparator=comparator, low=low, high=high)
    if truth is not None:
        assert judged(one).facts.values["lab_k_low"] is truth
    assert (judged(one).facts.readings[0].flag == "normal") is False


def test_of_several_results_of_one_day_the_one_marked_low_is_kept() -> None:
    """Magnesium 0.8, 0.72 marked low, and 0.70 of one day: the mark between the ends is not lost."""
    labs = (result("magnesium", 0.8, 0), replace(result("magnesium", 0.72, 0), flag="low"), result("magnesium", 0.7, 0))
    spasm = judged(*labs, hand_foot_spasm=True, muscle_spasms=True)
    plain = judged(labs[2], hand_foot_spasm=True, muscle_spasms=True)
    assert len(spasm.facts.was_critical) > len(plain.facts.was_critical)


def test_facts_of_dated_results_ask_for_the_day() -> None:
    """Without a day a dated result is not quietly taken as today's; what has no date or no age needs none."""
    with pytest.raises(DataRefusedError, match="day that is judged"):
        facts_of(Person(labs=(result("potassium", 2.3, 400),)), KNOWLEDGE, on=None)
    undated = Person(labs=(result("potassium", 2.3, None),))
    assert facts_of(undated, KNOWLEDGE, on=None).values["lab.potassium"] == 2.3


def test_a_supposition_sees_an_old_result_as_old() -> None:
    """A potassium that was low a year ago contradicts no supposed normal one of today; one of last week does."""
    old, new = (Person(labs=(replace(result("potassium", 2.9, days), flag="low"),)) for days in (400, 3))
    then = supposed_person(old, ["lab_k_low=no"], KNOWLEDGE, on=ON).person
    assert then.answers["lab_k_low"].value is False
    with pytest.raises(DataRefusedError, match="lab_k_low can't be so"):
        supposed_person(new, ["lab_k_low=no"], KNOWLEDGE, on=ON)


def test_the_note_names_the_result_that_counts_today() -> None:
    """Where an old result is listed after one without a date, the latter counts, and is the one that is named."""
    person = Person(labs=(result("potassium", 4.4, None), result("potassium", 4.1, 400)))
    facts = gather_on(person, KNOWLEDGE, on=ON)
    assert facts.values["lab.potassium"] == 4.4
    assert [each.value for each in facts.readings if each.analyte == "potassium"] == [4.4]
    assert [
        note for note in facts.notes if "which is newer is not known. 'Potassium 4.4 mmol/L' without a date" in note
    ]


def test_a_level_without_its_old_result_is_a_fault_of_the_knowledge() -> None:
    """The check says which level would forget an old critical result, and which finding has no rule or level."""
    findings = {name: each for name, each in KNOWLEDGE.findings.items() if name != "lab_was_same_day"}
    found = list(check_labs(replace(KNOWLEDGE, findings=findings)))
    assert found == ["level same_day: no finding lab_was_same_day, so that an old result of it is forgotten"]
    rules = {name: each for name, each in KNOWLEDGE.rules.items() if name != "rf_lab_was_emergency"}
    found = list(check_labs(replace(KNOWLEDGE, rules=rules)))
    assert found == ["finding lab_was_emergency: no rule of the kind 'old_result'"]
    assert list(check_labs(KNOWLEDGE)) == []
