"""Values worked out from others: published worked examples, and a second implementation in conventional units."""

from __future__ import annotations

import math
from datetime import date

import pytest
from hypothesis import given
from hypothesis import strategies as st

from rheobase.assess.facts import Facts, gather
from rheobase.knowledge import load_knowledge
from rheobase.labs import derived
from rheobase.person import Answer, LabResult, Person, Status, Value

KNOWLEDGE = load_knowledge()
FORMULAS = KNOWLEDGE.formulas


def constants(name: str) -> dict[str, float]:
    """Return the constants of a formula."""
    return dict(FORMULAS[name].constants)


def facts(*labs: LabResult, **told: Value) -> Facts:
    """Return what follows from some results and answers."""
    return gather(Person(labs=labs, answers={k: Answer(Status.PRESENT, v) for k, v in told.items()}), KNOWLEDGE)


def result(analyte: str, value: float, unit: str | None = None, on: date | None = None) -> LabResult:
    """Return a result, in SI unless told otherwise."""
    return LabResult(analyte, value, unit or KNOWLEDGE.analytes[analyte].unit_si, taken=on)


def test_theguidewire_adjusted_calcium() -> None:
    """A published example: 1.83 mmol/L with an albumin of 26 g/L is 2.11 mmol/L."""
    assert derived.adjusted_calcium(constants("albumin_adjusted_calcium_si"), 1.83, 26) == pytest.approx(2.11)


@given(st.floats(5, 16), st.floats(1, 6))
def test_adjusted_calcium_is_the_same_in_mg_per_dl(calcium: float, albumin: float) -> None:
    """0.8 mg/dL for each g/dL below 4 or above 5, in conventional units, agrees within 0.01 mmol/L."""
    ours = derived.adjusted_calcium(constants("albumin_adjusted_calcium_si"), calcium * 0.2495, albumin * 10)
    missing = 4 - albumin if albumin < 4 else 5 - albumin if albumin > 5 else 0
    assert ours == pytest.approx((calcium + 0.8 * missing) * 0.2495, abs=0.01)


@pytest.mark.parametrize("name", [name for name in FORMULAS if name.startswith("albumin_adjusted_calcium")])
def test_a_usual_albumin_changes_nothing(name: str) -> None:
    """From 40 to 50 g/L calcium stands exactly as it was measured; one gram more or less moves it by the slope."""
    formula = constants(name)
    assert {derived.adjusted_calcium(formula, 2.2, albumin) for albumin in (40.0, 43.3, 47.1, 50.0)} == {2.2}
    for albumin, sign in ((39, 1), (51, -1)):
        moved = derived.adjusted_calcium(formula, 2.2, albumin) - 2.2
        assert moved == pytest.approx(sign * formula["slope"])


def test_calcium_of_a_healthy_adult_is_not_called_low_for_a_full_albumin() -> None:
    """2.22 mmol/L with an albumin of 44 g/L, which the symmetrical formula takes down to 2.14, is not low."""
    known = facts(result("calcium_total", 2.22), result("albumin", 44), age_years=40.0).values
    assert known["lab.calcium_adjusted"] == 2.22
    assert known["lab_ca_adj_low"] is False


@given(st.floats(0.2, 15), st.floats(18, 100), st.sampled_from(["female", "male"]))
def test_filtration_rate_by_a_second_writing(mg_dl: float, age: float, sex: str) -> None:
    """CKD-EPI 2021 written as its two branches agrees to a millionth."""
    kappa, alpha = (0.7, -0.241) if sex == "female" else (0.9, -0.302)
    power = alpha if mg_dl <= kappa else -1.2
    expected = 142 * (mg_dl / kappa) ** power * 0.9938**age * (1.012 if sex == "female" else 1)
    ours = derived.filtration_rate(constants("egfr_ckd_epi_2021"), mg_dl * 88.4, age, sex)
    assert ours == pytest.approx(expected, rel=1e-6)


def test_no_filtration_rate_in_a_child() -> None:
    """The formula is for adults: at 15 years none is worked out."""
    known = facts(result("creatinine", 60), age_years=15.0, sex="female").values
    assert "lab.egfr" not in known


@pytest.mark.parametrize(("glucose", "katz", "hillier"), [(100, 130, 130), (600, 138, 142), (1000, 144.4, 151.6)])
def test_mdcalc_sodium_at_a_usual_sugar(glucose: float, katz: float, hillier: float) -> None:
    """1.6 or 2.4 mmol/L for each 100 mg/dL above 100, from a measured 130."""
    for name, expected in (("sodium_for_glucose", katz), ("sodium_for_glucose_hillier", hillier)):
        ours = derived.sodium_at_usual_glucose(constants(name), 130, glucose * 0.05551)
        assert ours == pytest.approx(expected, abs=0.02)


def test_anion_gap_and_albumin() -> None:
    """Gap 140 - 104 - 24 is 12; an albumin of 20 g/L hides 6 of it; potassium adds its own 4."""
    assert derived.anion_gap(140, 104, 24) == 12
    assert derived.anion_gap(140, 104, 24, 4) == 16
    assert derived.anion_gap_at_usual_albumin(constants("anion_gap_albumin"), 12, 20) == pytest.approx(18)


def test_fractional_excretion_of_magnesium() -> None:
    """Urine 2.1 mmol/L, blood 0.5, creatinine 80 umol/L and 6 mmol/L in urine: 8 %, which the kidney loses."""
    known = facts(
        result("urine_magnesium", 2.1),
        result("magnesium", 0.5),
        result("creatinine", 80),
        result("urine_creatinine", 6.0),
    ).values
    assert known["lab.fe_magnesium"] == pytest.approx(100 * (2.1 * 0.080) / (0.7 * 0.5 * 6.0))
    assert known["lab.fe_magnesium"] == pytest.approx(8.0)


@given(st.floats(0.1, 20), st.floats(0.2, 1.5), st.floats(1, 30), st.floats(30, 1000))
def test_fractional_excretion_in_mg_per_dl(urine: float, serum: float, urine_cr: float, serum_cr: float) -> None:
    """The same in mg/dL throughout: units cancel."""
    ours = derived.fractional_excretion(
        constants("fractional_excretion_mg"), urine, serum, urine_creatinine=urine_cr, serum_creatinine=serum_cr
    )
    mg, cr = 1 / 0.4114, 1 / 88.4
    theirs = 100 * (urine * mg) * (serum_cr * cr) / (0.7 * serum * mg * (urine_cr * 1000 * cr))
    assert ours == pytest.approx(theirs, rel=1e-9)


def test_urine_per_day_and_per_litre_are_not_mixed() -> None:
    """A 24-hour magnesium with a spot creatinine says nothing; nothing is worked out."""
    known = facts(
        result("urine_magnesium", 2.1, "mmol/day"),
        result("magnesium", 0.5),
        result("creatinine", 80),
        result("urine_creatinine", 6.0),
    ).values
    assert "lab.fe_magnesium" not in known


def test_transtubular_gradient() -> None:
    """(40/2.5) / (600/300) is 8; with urine thinner than blood there is none."""
    labs = (
        result("urine_potassium", 40),
        result("potassium", 2.5),
        result("osmolality", 300),
        result("urine_sodium", 60),
    )
    known = facts(*labs, result("urine_osmolality", 600)).values
    assert known["lab.ttkg"] == pytest.approx(8)
    assert "lab.ttkg" not in facts(*labs, result("urine_osmolality", 200)).values


def test_ionised_calcium_is_an_estimate_that_decides_nothing() -> None:
    """A pH of 7.6 lowers the estimate by 0.1 to 0.21 mmol/L, and no finding of low ionised calcium is set."""
    first, last = derived.ionised_estimate(constants("ionised_ca_ph"), 2.4, 7.6)
    assert first == pytest.approx(0.51 * 2.4 - 0.10)
    assert last == pytest.approx(0.51 * 2.4 - 0.21)
    known = facts(result("calcium_total", 2.4), result("albumin", 40), result("ph", 7.6)).values
    assert "lab.calcium_ionised_estimate" in known
    assert "lab_ica_low" not in known


def test_a_bound_is_not_reckoned_with() -> None:
    """Albumin "<15" is no number to adjust by; the total stands and that is said."""
    albumin = LabResult("albumin", 25, "g/L", comparator="<")
    found = facts(result("calcium_total", 2.0), albumin)
    assert found.values["lab.calcium_adjusted"] == pytest.approx(2.0)
    assert found.notes


def test_samples_of_different_days_are_not_joined() -> None:
    """Chloride of June does not make an anion gap with sodium of January."""
    january, june = date(2026, 1, 1), date(2026, 6, 1)
    known = facts(
        result("sodium", 140, on=january), result("chloride", 104, on=june), result("bicarbonate", 24, on=january)
    ).values
    assert "lab.anion_gap" not in known


def test_formulas_that_disagree_are_said() -> None:
    """Where 0.02 and 0.025 per g/L put calcium on two sides of a limit, both figures are named."""
    found = facts(result("calcium_total", 1.95), result("albumin", 28))
    assert any("2.19" in note and "2.25" in note for note in found.notes)


@given(st.dictionaries(st.sampled_from(sorted(KNOWLEDGE.analytes)), st.floats(0, 1e6), min_size=1, max_size=12))
def test_whatever_comes_every_value_is_finite(values: dict[str, float]) -> None:
    """No result, however odd, brings an error or a value that is not a number."""
    labs = [
        LabResult(name, value, KNOWLEDGE.analytes[name].unit_si) for name, value in values.items() if _has_unit(name)
    ]
    for reading in facts(*labs, age_years=40.0, sex="male").readings:
        assert reading.value is None or math.isfinite(reading.value)


def _has_unit(name: str) -> bool:
    return KNOWLEDGE.analytes[name].unit_si is not None
