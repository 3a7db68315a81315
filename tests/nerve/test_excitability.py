"""What is true of thresholds in any serum."""

from __future__ import annotations

from dataclasses import replace

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from rheobase.knowledge.nerve_facts import load_nerve_facts
from rheobase.nerve.concentrations import normal_serum, serum_of
from rheobase.nerve.membrane import membrane, rest_at
from rheobase.nerve.protocols.current_threshold import current_threshold
from rheobase.nerve.protocols.electrotonus import electrotonus
from rheobase.nerve.protocols.recovery_cycle import recovery_cycle
from rheobase.nerve.protocols.resting import resting, steady_current
from rheobase.nerve.protocols.rheobase import rheobase
from rheobase.nerve.protocols.settled import settle
from rheobase.nerve.protocols.strength_duration import strength_duration
from rheobase.nerve.recorded_indices import worked_out
from rheobase.nerve.recording import RECOVERY

KNOWN = load_nerve_facts()
# Thresholds are found to 0.2 %.
NEAR = 1.004


@settings(max_examples=40, deadline=None)
@given(
    st.sampled_from(["motor", "sensory"]),
    st.tuples(st.floats(0.7, 1.4), st.floats(0.2, 1.0), st.floats(7.2, 7.7), st.floats(3.0, 5.0)),
    st.floats(0.0, 0.3),
)
def test_less_calcium_magnesium_or_acid_never_raises_the_threshold(
    kind: str, values: tuple[float, float, float, float], less: float
) -> None:
    """At fixed potassium each of the three, taken by itself, leaves the threshold or lowers it."""
    calcium, magnesium, ph, potassium = values
    serum = replace(normal_serum(), calcium_ionised=calcium, magnesium_ionised=magnesium, ph=ph, potassium=potassium)
    others = [
        replace(serum, calcium_ionised=max(0.7, calcium - less)),
        replace(serum, magnesium_ionised=max(0.05, magnesium - less)),
        replace(serum, ph=ph + less / 4),
    ]
    thresholds = settle(membrane(kind, [serum, *others])).control
    assert (thresholds[1:] <= thresholds[0] * NEAR).all()


@settings(max_examples=30, deadline=None)
@given(st.floats(2.5, 6.0), st.floats(0.0, 1.0))
def test_more_potassium_depolarises(potassium: float, more: float) -> None:
    """The resting potential rises with potassium outside."""
    serums = [replace(normal_serum(), potassium=each) for each in (potassium, potassium + more)]
    v, _ = resting(membrane("motor", serums))
    assert v[1] >= v[0] - 1e-6


@pytest.mark.parametrize("warmth", [25.0, 30.0, 34.0, 37.0, 40.0])
def test_normal_serum_gives_the_resting_potential_of_the_facts(warmth: float) -> None:
    """The pump balances exactly what flows at rest, at every temperature."""
    for kind in ("motor", "sensory", "schwarz_node"):
        axons = membrane(kind, normal_serum(warmth))
        v, vi = resting(axons)
        assert v[0] == pytest.approx(rest_at(KNOWN.axons[kind], KNOWN, warmth), abs=1e-6)
        assert vi[0] == pytest.approx(v[0], abs=1e-6)
        assert steady_current(axons, v, np.zeros(1))[0] == pytest.approx(0, abs=1e-6)


def test_a_longer_pulse_needs_less() -> None:
    """Threshold falls with width and never below the 100 ms rheobase; Weiss's law fits within 2 %."""
    settled = settle(membrane("motor", [normal_serum(), replace(normal_serum(), calcium_ionised=0.8)]))
    law = strength_duration(settled)
    assert (np.diff(law.thresholds, axis=0) < 0).all()
    assert (law.misfit < 0.02).all()
    assert (rheobase(settled) <= law.thresholds[-1] * NEAR).all()


def test_peaks_of_the_recovery_cycle_are_those_of_a_recording() -> None:
    """Super- and subexcitability of the model are what would be worked out from its curve, were it a recording."""
    cycle = recovery_cycle(settle(membrane("motor", [normal_serum(), serum_of({"potassium": 5.0})])))
    for axon in range(2):
        points = tuple((float(at), float(each)) for at, each in zip(cycle.delays, cycle.change[:, axon], strict=True))
        found = worked_out({RECOVERY: points}, ())
        assert cycle.superexcitability[axon] == pytest.approx(found["superexcitability"])
        assert cycle.subexcitability[axon] == pytest.approx(found["subexcitability"])
    few = recovery_cycle(settle(membrane("motor", normal_serum())), (5.0, 10.0, 20.0))
    assert np.isnan([few.superexcitability[0], few.subexcitability[0]]).all()


def test_the_recovery_cycle_has_its_three_parts() -> None:
    """Harder to fire at first, then easier, then harder again, and normal in the end."""
    cycle = recovery_cycle(settle(membrane("motor", normal_serum())))
    assert cycle.change[0, 0] > 20
    assert cycle.superexcitability[0] < -10 < 0 < cycle.subexcitability[0]
    assert abs(cycle.change[-1, 0]) < 8


def test_electrotonus_has_the_sign_of_its_current() -> None:
    """A depolarising current lowers the threshold, a hyperpolarising one raises it, more so in the end."""
    settled = settle(membrane("motor", normal_serum()))
    assert (electrotonus(settled, 0.4).reduction > 0).all()
    minus = electrotonus(settled, -0.4)
    assert (minus.reduction < 0).all()
    assert minus.late[0] < minus.early[0]
    assert (np.diff(current_threshold(settled).reduction[:, 0]) < 0).all()


def test_a_batch_gives_what_single_axons_give() -> None:
    """Bisection of many axons at once finds the threshold of each."""
    factors = np.linspace(0.7, 1.4, 50)
    together = settle(membrane("motor", normal_serum(), vary={"p_na": factors})).control
    for number in (0, 25, 49):
        alone = settle(membrane("motor", normal_serum(), vary={"p_na": factors[[number]]})).control[0]
        assert together[number] == pytest.approx(alone, rel=1e-6)
    assert (np.diff(together) < 0).all()
