"""The fibre: published velocities, one kernel for one and many, serum, thresholds, where impulses begin."""

from __future__ import annotations

import numpy as np
import pytest

from rheobase.errors import DataRefusedError
from rheobase.knowledge.fibre_facts import load_fibre_facts
from rheobase.nerve.concentrations import serum_of
from rheobase.nerve.fibre.ectopic import ectopic
from rheobase.nerve.fibre.fibre import fibre, keeps_rest, rest
from rheobase.nerve.fibre.internode import build, modes, step_of
from rheobase.nerve.fibre.simulate import Pulse, advance, one_node
from rheobase.nerve.fibre.threshold import threshold
from rheobase.nerve.fibre.velocity import velocity

SIZES = sorted(load_fibre_facts().sizes)
WARM = {"temperature": 37.0}
# Bisected in NEURON 9.0.2 with steps of 5, 2 and 1 us (1.0086, 1.0008, 0.9977 nA), carried on to a step of 0.
NEURON_THRESHOLD = 0.995


@pytest.mark.parametrize("diameter", SIZES)
def test_velocity_of_every_size(diameter: float) -> None:
    """Each of the nine fibres conducts within 1 % of the published model's equations, solved in NEURON."""
    ours = velocity(fibre(diameter, nodes=41))[0]
    assert ours == pytest.approx(load_fibre_facts().velocities[diameter].fine, rel=0.01)


def test_one_and_many_are_one() -> None:
    """A fibre alone, in a pair and in a group of many does the same."""
    found = []
    for count in (1, 2, 3, 19):
        fibres = fibre(8.7, count=count)
        run = advance(fibres, 2.0, pulse=Pulse(one_node(fibres, 10, 2.0), 0.5, 0.1))
        assert np.ptp(run.times[0], axis=1).max() < 1e-6
        found.append(run.times[0, :, 0])
    assert max(np.abs(each - found[0]).max() for each in found) < 1e-4


def test_single_width_is_enough() -> None:
    """float32 and float64 give the same impulses within 0.1 us."""
    fibres = fibre(10.0)
    pulse = Pulse(one_node(fibres, 10, 2.0), 0.5, 0.1)
    single, double = (advance(fibres, 2.0, pulse=pulse, dtype=each).times[0] for each in (np.float32, np.float64))
    assert np.abs(single - double).max() < 1e-4


def test_rest_holds() -> None:
    """A fibre at rest stays there: within 0.01 mV after a second, and near the published -80 mV."""
    fibres = fibre(10.0)
    run = advance(fibres, 1000.0, step=0.02)
    assert np.abs(run.end - rest(fibres) - fibres.origin).max() < 0.01
    assert np.abs(run.end + 80).max() < 0.5


def test_modes_are_the_internode() -> None:
    """The modes give the conductance of the whole internode at rest, and its response to a step of potential."""
    internode = build(load_fibre_facts().sizes[10.0], load_fibre_facts())
    found = modes(internode)
    whole = internode.drive.T @ np.linalg.solve(internode.conductance, internode.drive)
    own, cross = found.steady()
    assert own == pytest.approx(internode.direct - whole[0, 0], rel=1e-6)
    assert cross == pytest.approx(whole[0, 1], rel=1e-6)
    assert (found.decay > 0).all()
    assert step_of(found, 0.004).cross > 0


def test_low_calcium_eases_and_low_potassium_hardens() -> None:
    """Less ionised calcium or magnesium and higher pH lower the threshold of a fibre; less potassium raises it."""
    serums = [serum_of({**WARM, **each}) for each in (
        {}, {"calcium_ionised": 1.1}, {"calcium_ionised": 0.9}, {"magnesium_ionised": 0.3}, {"ph": 7.55},
        {"potassium": 3.5},
    )]  # fmt: skip
    normal, mild, low, magnesium, alkaline, potassium = threshold(fibre(10.0, serums), 10)
    assert low < mild < normal
    assert magnesium < normal
    assert alkaline < normal
    assert potassium > normal


def test_threshold_by_bisection() -> None:
    """A pulse at the threshold found less or more 1 % falls short or is conducted; it is NEURON's within 1 %."""
    fibres = fibre(10.0)
    found = threshold(fibres, 10)[0]
    assert found == pytest.approx(NEURON_THRESHOLD, rel=0.01)
    for share, conducted in ((0.99, False), (1.01, True)):
        run = advance(fibres, 4.0, pulse=Pulse(one_node(fibres, 10, share * found)))
        assert bool(run.impulses[2, 0] > 0) is conducted


def test_cold_is_slow() -> None:
    """A fibre at 32 C conducts more slowly than at 37 C, by 1 to 5 % a degree."""
    cold, warm = (velocity(fibre(10.0, serum_of({"temperature": each}), nodes=41))[0] for each in (32.0, 37.0))
    assert 0.05 < 1 - cold / warm < 0.25


def test_site_of_origin_is_read_from_both_ends() -> None:
    """An impulse that begins at a node is traced back to it, within one node, from its arrivals at the ends."""
    for node in (5, 10, 16):
        fibres = fibre(10.0)
        found = ectopic(fibres, 20.0, hold=one_node(fibres, node, 0.3))
        assert abs(found.origin[0] - node) <= 1
        assert abs(found.read_origin[0] - node) <= 1


def test_silent_fibre_has_no_origin() -> None:
    """A fibre at rest fires nothing, and says so."""
    found = ectopic(fibre(10.0), 50.0)
    assert found.origin[0] == -1
    assert np.isnan(found.read_origin[0])


def test_doublet_from_a_weak_site() -> None:
    """Just above threshold a site with little slow potassium current sends impulses in close succession."""
    factors = np.ones((21, 1))
    factors[16] = 0.2
    fibres = fibre(10.0, vary={"k_slow": factors})
    found = ectopic(fibres, 60.0, hold=one_node(fibres, 16, 0.17))
    times = found.near[:, 0][np.isfinite(found.near[:, 0])]
    assert times.size >= 2
    assert np.diff(times)[0] < 10


@pytest.mark.parametrize(
    "wrong", [{"diameter": 9.0}, {"nodes": 2}, {"vary": {"colour": 1.0}}, {"vary": {"leak": np.ones((5, 1))}}]
)
def test_impossible_fibres_are_refused(wrong: dict[str, object]) -> None:
    """A size that was not published, too few nodes and unknown factors are refused with what is possible."""
    with pytest.raises(DataRefusedError):
        fibre(**wrong)  # type: ignore[arg-type]


def test_impossible_steps_are_refused() -> None:
    """A step too wide for an impulse is refused."""
    with pytest.raises(DataRefusedError):
        advance(fibre(10.0), 1.0, step=0.5)


def test_published_fibre_loses_its_rest() -> None:
    """The published fibre says so where it no longer rests as a living one would: in high potassium."""
    serums = [serum_of({**WARM, **each}) for each in ({}, {"calcium_ionised": 0.9}, {"potassium": 5.5})]
    assert keeps_rest(fibre(10.0, serums)).tolist() == [True, True, False]
