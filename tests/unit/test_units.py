"""A closed set of units."""

from __future__ import annotations

import pytest
from hypothesis import given
from hypothesis import strategies as st

from rheobase.errors import UnknownUnitError
from rheobase.knowledge import load_knowledge
from rheobase.units import convert

ANALYTES = [each for each in load_knowledge().analytes.values() if each.units]


@pytest.mark.parametrize(
    ("analyte", "value", "unit", "expected"),
    [
        ("magnesium", 2.4, "mg/dL", 0.987),
        ("magnesium", 1.6, "mEq/L", 0.8),
        ("calcium_total", 9.0, "MG/DL", 2.2455),
        ("creatinine", 1.0, "mg/dl", 88.4),
        ("creatinine", 90, "\N{MICRO SIGN}mol/L", 90),
        ("vitamin_d_25oh", 20, "ng/mL", 49.92),
        ("pco2", 40, "mmHg", 5.333),
        ("potassium", 4.0, "mEq/L", 4.0),
    ],
)
def test_published_conversions(analyte: str, value: float, unit: str, expected: float) -> None:
    """Conventional units become SI by substance, whatever the spelling."""
    factors = {each.unit: each.to_si for each in load_knowledge().analytes[analyte].units}
    assert convert(value, unit, factors) == pytest.approx(expected, rel=1e-3)


@given(st.sampled_from(ANALYTES), st.floats(0.01, 1000))
def test_conversion_there_and_back_is_the_same_value(analyte: object, value: float) -> None:
    """Dividing by the factor undoes the conversion, for every unit of every analyte."""
    for each in analyte.units:  # type: ignore[attr-defined]
        assert convert(value, each.unit, {each.unit: each.to_si}) / each.to_si == pytest.approx(value)


def test_an_unknown_unit_names_the_candidates() -> None:
    """Nothing is guessed."""
    with pytest.raises(UnknownUnitError, match=r"expected one of mmol/L, mg/dL.*Did you mean mg/dL"):
        convert(1, "mg/d", {"mmol/L": 1, "mg/dL": 0.4})
