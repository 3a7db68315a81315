"""Surface charge."""

from __future__ import annotations

from dataclasses import replace

import pytest
from hypothesis import given
from hypothesis import strategies as st

from rheobase.knowledge.nerve_facts import load_nerve_facts
from rheobase.nerve.concentrations import normal_serum
from rheobase.nerve.screening import Bath, gating_shift, surface_potential

KNOWN = load_nerve_facts()
CALCIUM, MAGNESIUM, PH = st.floats(0.3, 3.0), st.floats(0.05, 3.0), st.floats(6.8, 7.9)


def frog(calcium: float, salt: float = 0.115, ph: float = 7.4) -> float:
    """Return the surface potential [mV] in a frog's solution with so much calcium [mmol/L]."""
    return surface_potential(Bath(calcium / 1000, 0.0, salt, ph, 10.0), KNOWN)


def test_hilles_frog_nodes_are_reproduced() -> None:
    """I1: tenfold calcium +20 to +25 mV. I2: 2 mmol/L to none -18 mV. Less salt -35 mV and more. I4: less at low pH."""
    assert 20 <= frog(20) - frog(2) <= 25
    assert frog(0) - frog(2) == pytest.approx(-18, abs=2)
    assert frog(0, salt=0.115 / 8) - frog(0) == pytest.approx(-38, abs=4)
    assert frog(20, ph=5) - frog(2, ph=5) < 0.7 * (frog(20) - frog(2))


def test_normal_serum_shifts_nothing() -> None:
    """The gates of a normal person are where the facts put them, at any temperature."""
    for warmth in (25.0, 34.0, 40.0):
        assert gating_shift(normal_serum(warmth), KNOWN) == 0


@given(CALCIUM, MAGNESIUM, PH, st.floats(0.01, 0.5))
def test_less_calcium_less_magnesium_or_less_acid_shifts_as_a_depolarisation(
    calcium: float, magnesium: float, ph: float, less: float
) -> None:
    """Each of the three, taken by itself, moves the gates the same way."""
    serum = replace(normal_serum(), calcium_ionised=calcium, magnesium_ionised=magnesium, ph=ph)
    shift = gating_shift(serum, KNOWN)
    assert gating_shift(replace(serum, calcium_ionised=calcium * (1 - less)), KNOWN) > shift
    assert gating_shift(replace(serum, magnesium_ionised=magnesium * (1 - less)), KNOWN) > shift
    assert gating_shift(replace(serum, ph=ph + less), KNOWN) > shift


@given(CALCIUM, MAGNESIUM, PH)
def test_the_surface_is_negative_and_finite(calcium: float, magnesium: float, ph: float) -> None:
    """No serum in the possible range turns the surface positive or breaks the equation."""
    bath = Bath(calcium / 1000, magnesium / 1000, 0.155, ph, 37.0)
    assert -200 < surface_potential(bath, KNOWN) < 0


def test_magnesium_shifts_less_than_calcium() -> None:
    """I3: the same change of magnesium moves the gates less."""
    usual = normal_serum()
    calcium = gating_shift(replace(usual, calcium_ionised=usual.calcium_ionised - 0.3), KNOWN)
    magnesium = gating_shift(replace(usual, magnesium_ionised=usual.magnesium_ionised - 0.3), KNOWN)
    assert 0 < magnesium < calcium
