"""Blood tests: units, flags, derived values."""

from __future__ import annotations

import pytest

from rheobase.assess.facts import gather
from rheobase.errors import UnknownUnitError
from rheobase.knowledge import load_knowledge
from rheobase.labs.derived import filtration_rate
from rheobase.person import Answer, LabResult, Person, Status

KNOWLEDGE = load_knowledge()


def values(*labs: LabResult, **answers: float | str) -> dict[str, object]:
    """Return what is known from some results and answers."""
    told = {name: Answer(Status.PRESENT, value) for name, value in answers.items()}
    return dict(gather(Person(labs=labs, answers=told), KNOWLEDGE).values)


def test_units_are_converted_by_substance() -> None:
    """2.4 mg/dL of magnesium is 0.987 mmol/L."""
    known = values(LabResult("magnesium", 2.4, "mg/dL"))
    assert known["lab.magnesium"] == pytest.approx(0.987, abs=0.001)


def test_a_flag_without_a_number_sets_the_finding() -> None:
    """Potassium reported low, with no figure, is low potassium; no number is made up."""
    known = values(LabResult("potassium", flag="low"))
    assert known["lab_k_low"] is True
    assert "lab.potassium" not in known


def test_the_laboratorys_own_interval_decides() -> None:
    """A value inside the printed interval is not low, whatever another laboratory's limit is."""
    assert values(LabResult("magnesium", 0.68, "mmol/L", low=0.65, high=1.05))["lab_mg_low"] is False
    assert values(LabResult("magnesium", 0.68, "mmol/L"))["lab_mg_low"] is True


def test_calcium_is_adjusted_for_albumin() -> None:
    """Payne: 2.05 mmol/L with an albumin of 30 g/L is 2.25 mmol/L, which is not low."""
    known = values(LabResult("calcium_total", 2.05, "mmol/L"), LabResult("albumin", 30, "g/L"))
    assert known["lab.calcium_adjusted"] == pytest.approx(2.25)
    assert known["lab_ca_adj_low"] is False


def test_calcium_without_albumin_is_used_and_said() -> None:
    """Very low total calcium is not ignored for want of an albumin; the assumption is noted."""
    facts = gather(Person(labs=(LabResult("calcium_total", 1.26, "mmol/L"),)), KNOWLEDGE)
    assert facts.values["lab.calcium_adjusted"] == pytest.approx(1.26)
    assert any("albumin" in note for note in facts.notes)


def test_the_newest_result_decides() -> None:
    """Of two dated results the later one counts, whatever their order in the file."""
    from datetime import date

    old = LabResult("potassium", 2.4, "mmol/L", taken=date(2026, 1, 1))
    new = LabResult("potassium", 4.1, "mmol/L", taken=date(2026, 6, 1))
    assert values(old, new)["lab.potassium"] == values(new, old)["lab.potassium"] == pytest.approx(4.1)


def test_an_unknown_unit_is_an_error_that_names_the_candidates() -> None:
    """No unit is ever guessed."""
    with pytest.raises(UnknownUnitError, match="mmol/L"):
        values(LabResult("potassium", 4.1, "furlongs"))


@pytest.mark.parametrize(
    ("creatinine_mg_dl", "age", "sex", "expected"),
    [(1.0, 50, "female", 68), (1.0, 50, "male", 92), (2.0, 70, "male", 35), (0.6, 30, "female", 123)],
)
def test_inker2021_filtration_rate(creatinine_mg_dl: float, age: float, sex: str, expected: float) -> None:
    """CKD-EPI 2021 without race, recomputed from its published coefficients; within 1 mL/min/1.73 m2."""
    constants = KNOWLEDGE.formulas["egfr_ckd_epi_2021"].constants
    assert filtration_rate(constants, creatinine_mg_dl * 88.4, age, sex) == pytest.approx(expected, abs=1)
