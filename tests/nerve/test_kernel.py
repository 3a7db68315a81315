"""The compiled integrator against an independent solution."""

from __future__ import annotations

import numpy as np
import pytest
from numpy.typing import NDArray

from rheobase.nerve.concentrations import normal_serum, serum_of
from rheobase.nerve.kernel import LANES, ORIGIN
from rheobase.nerve.membrane import Membrane, membrane
from rheobase.nerve.protocols.resting import resting
from rheobase.nerve.protocols.settled import settle
from rheobase.nerve.protocols.threshold import threshold
from rheobase.nerve.reference import solve
from rheobase.nerve.simulate import advance, pack
from rheobase.nerve.state import held_at, potentials

KINDS = ("motor", "sensory", "schwarz_node")
SERUMS = [serum_of({}), serum_of({"calcium_ionised": 0.8}), serum_of({"potassium": 5.5}), serum_of({"ph": 7.7})]
PULSE, WIDTH = 1500.0, 0.2


def start(axons: Membrane) -> NDArray[np.float64]:
    """Return the axons at rest as the reference takes them: potentials in mV."""
    v, vi = resting(axons)
    states = held_at(axons, v, vi, np.float64).astype(float)
    states[:2] += ORIGIN
    return states


@pytest.mark.parametrize("kind", KINDS)
def test_impulses_and_potentials_agree_with_scipy(kind: str) -> None:
    """At steps of 5 us impulses come within 10 us, and the potential 10 ms later is within 0.1 mV, in float32."""
    axons = membrane(kind, SERUMS)
    v, vi = resting(axons)
    run = advance(pack(axons), held_at(axons, v, vi), 10.0, pulse=PULSE, width=WIDTH, step=0.005)
    for number in range(axons.count):
        single, state = axons.take([number]), start(axons)[:, number]
        first = solve(single, state, WIDTH, stimulus=PULSE)
        then = solve(single, first.state, 10.0 - WIDTH)
        times = [*first.impulses, *(WIDTH + each for each in then.impulses)]
        assert run.impulses[number] == len(times) == 1
        assert run.times[number, 0] == pytest.approx(times[0], abs=0.010)
        assert potentials(run.states)[0][number] == pytest.approx(then.state[0], abs=0.1)


def test_halving_the_step_quarters_the_error() -> None:
    """The scheme is of second order: in float64 the error of the impulse's time falls well over twofold."""
    axons = membrane("motor", normal_serum())
    v, vi = resting(axons)

    def time(step: float) -> float:
        states = held_at(axons, v, vi, np.float64)
        return float(advance(pack(axons, np.float64), states, 3.0, pulse=1500, width=0.4, step=step).times[0, 0])

    exact = time(0.00025)
    errors = [abs(time(step) - exact) for step in (0.01, 0.005, 0.0025)]
    assert errors[0] > 2.5 * errors[1] > 6.25 * errors[2]
    assert errors[1] < 0.010


@pytest.mark.parametrize("kind", KINDS)
def test_float32_is_as_good_as_float64(kind: str) -> None:
    """Thresholds differ by less than a thousandth between the widths of float."""
    single, double = (settle(membrane(kind, SERUMS), dtype=each) for each in (np.float32, np.float64))
    assert single.control == pytest.approx(double.control, rel=2e-3)


def test_the_threshold_agrees_with_scipy_within_half_a_per_cent() -> None:
    """Just below it the reference stays quiet, just above it fires."""
    axons = membrane("motor", SERUMS)
    settled = settle(axons)
    found = threshold(settled.packed, settled.states, 1.0, guess=settled.control, within=0.001)
    for number in (0, 1):
        single, state = axons.take([number]), start(axons)[:, number]
        for share, expected in ((0.995, False), (1.005, True)):
            first = solve(single, state, 1.0, stimulus=share * found[number])
            then = solve(single, first.state, 5.0)
            assert bool(first.impulses or then.impulses) is expected


def test_an_axon_at_rest_does_not_drift() -> None:
    """Two seconds alone move the potential by less than a hundredth of a millivolt."""
    settled = settle(membrane("motor", SERUMS))
    after = advance(settled.packed, settled.states, 2000.0)
    assert potentials(after.states)[0] == pytest.approx(settled.rest, abs=0.01)
    assert not after.impulses.any()


def test_an_axon_does_not_feel_its_neighbours() -> None:
    """The same axon gives the same bits alone, in a block, and among several blocks."""
    many = 2 * LANES + 3
    axons = membrane("motor", normal_serum(), vary={"p_na": np.linspace(0.8, 1.2, many)})
    v, vi = resting(axons)
    together = advance(pack(axons), held_at(axons, v, vi), 5.0, pulse=900, width=0.2)
    for number in (0, LANES, many - 1):
        one = axons.take([number])
        alone = advance(pack(one), held_at(one, v[[number]], vi[[number]]), 5.0, pulse=900, width=0.2)
        assert np.array_equal(alone.states[:, 0], together.states[:, number])


def test_a_run_leaves_its_start_as_it_was_and_can_be_cut_in_two() -> None:
    """Ten milliseconds are the same in one piece and in two, to a few microvolts."""
    settled = settle(membrane("motor", normal_serum()))
    before = settled.states.copy()
    whole = advance(settled.packed, settled.states, 10.0, hold=150.0)
    half = advance(settled.packed, settled.states, 5.0, hold=150.0)
    rest = advance(settled.packed, half.states, 5.0, hold=150.0)
    assert np.array_equal(before, settled.states)
    assert potentials(rest.states)[0] == pytest.approx(potentials(whole.states)[0], abs=0.01)
