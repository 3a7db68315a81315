"""How far out of range a result is, and what that is worth."""

from __future__ import annotations

import pytest

from rheobase.assess.causes import fit_causes
from rheobase.assess.facts import Facts, gather
from rheobase.knowledge import load_knowledge
from rheobase.person import LabResult, Person

KNOWLEDGE = load_knowledge()
CAUSES = {
    "magnesium": ("hypomagnesaemia", (0.65, 0.55, 0.3)),
    "calcium_adjusted": ("hypocalcaemia", (2.15, 2.0, 1.6)),
    "potassium": ("hypokalaemia", (3.3, 2.8, 2.2)),
    "sodium": ("hyponatraemia", (131, 127, 118)),
    "phosphate": ("hypophosphataemia", (0.7, 0.5, 0.2)),
    "vitamin_d_25oh": ("vitamin_d_deficiency", (28, 20, 8)),
}


def known(*results: LabResult) -> Facts:
    """Return what follows from some results."""
    return gather(Person(labs=results), KNOWLEDGE)


def posterior(facts: Facts, cause: str) -> float:
    """Return the probability of a cause at home."""
    return next(fit.posterior for fit in fit_causes(KNOWLEDGE, facts, "home") if fit.cause == cause)


def si(analyte: str, value: float, *, low: float | None = None, high: float | None = None) -> LabResult:
    """Return a result in SI."""
    return LabResult(analyte, value, KNOWLEDGE.analytes[analyte].unit_si, low=low, high=high)


@pytest.mark.parametrize("analyte", sorted(CAUSES))
def test_further_out_speaks_at_least_as_strongly(analyte: str) -> None:
    """Mild, moderate and severe raise the cause in that order, and mild more than nothing."""
    cause, values = CAUSES[analyte]
    prior = next(fit.prior for fit in fit_causes(KNOWLEDGE, known(), "home") if fit.cause == cause)
    rising = [posterior(known(si(analyte, value)), cause) for value in values]
    assert prior < rising[0] < rising[1] <= rising[2]


@pytest.mark.parametrize("analyte", sorted(CAUSES))
def test_one_result_is_capped_as_one_weight(analyte: str) -> None:
    """However low, one result moves its own cause by no more than the cap of a laboratory value."""
    cause, values = CAUSES[analyte]
    fit = next(fit for fit in fit_causes(KNOWLEDGE, known(si(analyte, values[-1])), "home") if fit.cause == cause)
    grade = next(each for each in KNOWLEDGE.lab_grades.values() if each.value == f"lab.{analyte}")
    lines = [line for line in fit.ledger if line.finding in (grade.id, grade.of)]
    assert [line.finding for line in lines] == [grade.id]
    assert lines[0].weight <= KNOWLEDGE.scale.caps["lab"]


def test_the_laboratorys_own_interval_says_whether_it_is_low() -> None:
    """0.66 is not low for a laboratory that starts at 0.65: the grade is none, not mild."""
    assert known(si("magnesium", 0.66, low=0.65, high=1.05)).values["lab_mg_level"] == "none"
    assert known(si("magnesium", 0.66)).values["lab_mg_level"] == "mild"
    assert known(si("magnesium", 0.72, low=0.75, high=1.05)).values["lab_mg_level"] == "mild"


def test_without_a_number_nothing_is_graded() -> None:
    """The word low alone is low, and how low is not known; the plain finding counts."""
    facts = known(LabResult("magnesium", flag="low"))
    assert facts.values["lab_mg_low"] is True
    assert "lab_mg_level" not in facts.values
    fit = next(fit for fit in fit_causes(KNOWLEDGE, facts, "home") if fit.cause == "hypomagnesaemia")
    assert "lab_mg_low" in {line.finding for line in fit.ledger}


def test_a_grade_is_never_asked_for() -> None:
    """What is not known is the result; its grade is not listed as missing."""
    for fit in fit_causes(KNOWLEDGE, known(), "home"):
        assert not {each.finding for each in fit.unknown} & set(KNOWLEDGE.lab_grades)
