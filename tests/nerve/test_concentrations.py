"""What the nerve bathes in."""

from __future__ import annotations

import math

import pytest

from rheobase.errors import DataRefusedError
from rheobase.knowledge.nerve_facts import load_nerve_facts
from rheobase.nerve.concentrations import (
    NAMES,
    ionised_calcium,
    ionised_magnesium,
    normal_serum,
    outside_checked,
    serum_of,
)


@pytest.mark.parametrize(
    ("name", "value"),
    [("calcium_ionised", 0.0), ("potassium", 200.0), ("ph", 3.0), ("sodium", math.nan), ("temperature", math.inf)],
)
def test_what_no_living_person_has_is_refused_with_the_range(name: str, value: float) -> None:
    """Calcium 0, potassium 200, pH 3, NaN and infinity are refused, and the possible range is said."""
    asked = load_nerve_facts().inputs[name]
    with pytest.raises(DataRefusedError, match=f"expected {asked.low:g} to {asked.high:g}"):
        serum_of({name: value})


def test_nothing_known_is_normal_serum() -> None:
    """What is not given is normal."""
    assert serum_of({}) == normal_serum()


def test_normal_values_lie_within_what_is_possible_and_checked() -> None:
    """Each input's normal value is inside its checked range, and that inside the possible one."""
    for each in load_nerve_facts().inputs.values():
        assert each.low < each.checked_low < each.normal < each.checked_high < each.high, each.id
    assert not outside_checked(normal_serum(), load_nerve_facts())


def test_normal_total_calcium_is_normal_ionised_calcium() -> None:
    """2.40 mmol/L at albumin 40 g/L stands for about 1.25 ionised."""
    assert ionised_calcium(2.40) == pytest.approx(1.25, abs=0.005)
    assert ionised_magnesium(0.85) == pytest.approx(0.55, abs=0.005)


def test_low_albumin_hides_calcium() -> None:
    """The same total with less albumin means more ionised calcium."""
    assert ionised_calcium(2.1, albumin=25) > ionised_calcium(2.1, albumin=40)
    # A usual albumin hides and adds nothing, as for the judgement of the blood test.
    assert ionised_calcium(2.1, albumin=46) == ionised_calcium(2.1, albumin=40) > ionised_calcium(2.1, albumin=55)


def test_minutes_of_overbreathing_leave_ionised_calcium_and_a_steady_state_lowers_it() -> None:
    """H3: unchanged in minutes. H4: 0.05 mmol/L lower for 0.1 of pH when steady."""
    assert ionised_calcium(2.4, ph=7.75, breathing="minutes") == ionised_calcium(2.4)
    assert ionised_calcium(2.4, ph=7.5, breathing="steady") == pytest.approx(ionised_calcium(2.4) - 0.05)


def test_each_name_of_serum_is_an_input() -> None:
    """Every value of the serum has its facts."""
    assert set(NAMES) <= load_nerve_facts().inputs.keys()
