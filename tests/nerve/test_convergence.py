"""What a finer step, a wider float and a whole day change: next to nothing."""

from __future__ import annotations

from dataclasses import replace

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from numpy.typing import NDArray

from rheobase.nerve.concentrations import Serum, normal_serum, serum_of
from rheobase.nerve.kernel import ORIGIN
from rheobase.nerve.membrane import Membrane, membrane
from rheobase.nerve.protocols.resting import resting
from rheobase.nerve.protocols.settled import settle
from rheobase.nerve.protocols.threshold import threshold
from rheobase.nerve.reference import solve
from rheobase.nerve.simulate import STEP, advance
from rheobase.nerve.state import held_at, potentials

DAY = 24 * 3600 * 1000.0
SERUMS = [serum_of({}), serum_of({"calcium_ionised": 0.8}), serum_of({"potassium": 5.5}), serum_of({"ph": 7.7})]
SERUM = st.builds(
    lambda calcium, magnesium, ph, potassium, warmth: replace(
        normal_serum(warmth), calcium_ionised=calcium, magnesium_ionised=magnesium, ph=ph, potassium=potassium
    ),
    st.floats(0.7, 1.4),
    st.floats(0.2, 1.0),
    st.floats(7.2, 7.7),
    st.floats(3.0, 5.0),
    st.floats(30.0, 38.0),
)
# Thresholds are found to this share.
FOUND = 2e-4
MANY = 64


def found(axons: Membrane, step: float, dtype: type[np.floating]) -> NDArray[np.float64]:
    """Return thresholds of a millisecond, bracketed narrowly."""
    settled = settle(axons, step=step, dtype=dtype)
    return threshold(settled.packed, settled.states, 1.0, guess=settled.control, within=FOUND, step=step)


@pytest.mark.parametrize(("kind", "most"), [("motor", 0.004), ("sensory", 0.010)])
@pytest.mark.parametrize("warmth", [30.0, 34.0, 37.0])
def test_a_finer_step_and_a_wider_float_change_no_threshold(kind: str, most: float, warmth: float) -> None:
    """At the usual step in float32 it is that of a tenth of it in float64: a thousandth in the median, never far."""
    drawn = np.random.default_rng(7).uniform((0.8, 0.3, 7.2, 3.0), (1.4, 1.0, 7.6, 5.0), (MANY, 4))
    usual = normal_serum(warmth)
    serums = [
        replace(usual, calcium_ionised=calcium, magnesium_ionised=magnesium, ph=ph, potassium=potassium)
        for calcium, magnesium, ph, potassium in drawn.tolist()
    ]
    axons = membrane(kind, serums)
    off = np.abs(found(axons, STEP, np.float32) / found(axons, STEP / 10, np.float64) - 1)
    assert off.max() < most
    assert np.median(off) < 0.0015


@settings(max_examples=10, deadline=None)
@given(SERUM)
def test_the_error_falls_with_the_step(serum: Serum) -> None:
    """In float64 the impulse comes nearer to that of very fine steps with each halving, under 10 us at last."""
    axons = membrane("motor", serum)
    v, vi = resting(axons)
    settled = settle(axons, dtype=np.float64)
    start = held_at(axons, v, vi, np.float64)

    def time(step: float) -> float:
        pulse = 1.5 * settled.control
        return float(advance(settled.packed, start, 4.0, pulse=pulse, width=1.0, step=step).times[0, 0])

    exact = time(0.0005)
    errors = [abs(time(step) - exact) for step in (0.04, 0.02, 0.01, 0.005)]
    assert errors[1] < max(0.6 * errors[0], 1e-3)
    assert errors[2] < max(0.6 * errors[1], 1e-3)
    assert errors[3] < 0.010


def test_a_day_at_rest_moves_nothing() -> None:
    """In 24 simulated hours of the compiled kernel the potential stays within a hundredth of a millivolt."""
    settled = settle(membrane("motor", SERUMS))
    after = advance(settled.packed, settled.states, DAY, step=10.0)
    assert not after.impulses.any()
    assert potentials(after.states)[0] == pytest.approx(settled.rest, abs=0.01)


@pytest.mark.parametrize("kind", ["motor", "sensory", "schwarz_node"])
def test_pushed_off_its_rest_an_axon_is_back_within_the_day(kind: str) -> None:
    """Half a millivolt away at first, the independent solution ends at the resting potential, to a nanovolt."""
    axons = membrane(kind, SERUMS[1])
    v, vi = resting(axons)
    state = held_at(axons, v, vi, np.float64)[:, 0].astype(float)
    state[:2] += ORIGIN
    pushed = state.copy()
    pushed[: 2 if axons.two else 1] += 0.5
    assert solve(axons, pushed, DAY).state == pytest.approx(state, abs=1e-6)
