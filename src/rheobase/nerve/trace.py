"""What the membrane's potential does over time: after a pulse, and at an ending prone to fire that is left alone."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from functools import lru_cache

import numpy as np
from numpy.typing import NDArray

from rheobase.knowledge.nerve_facts import load_nerve_facts
from rheobase.nerve import layout as at
from rheobase.nerve.concentrations import Serum, normal_serum
from rheobase.nerve.membrane import Membrane, membrane
from rheobase.nerve.normal import MOTOR, prone_factors
from rheobase.nerve.protocols.resting import resting
from rheobase.nerve.protocols.settled import TEST_WIDTH
from rheobase.nerve.protocols.spontaneous import PUSH
from rheobase.nerve.protocols.spontaneous import STEP as COARSE
from rheobase.nerve.simulate import STEP, advance, pack
from rheobase.nerve.state import held_at
from rheobase.nerve.tabled import usual_threshold

Array = NDArray[np.float64]
# Before the pulse, and after it sets in [ms]; every so many steps are kept.
BEFORE, AFTER, KEPT = 2.0, 12.0, 4
# For how long an ending is left to settle and then seen [ms]; as many columns are drawn, each with its two extremes.
SETTLING, SEEN, COLUMNS = 300.0, 1000.0, 320


@dataclass(frozen=True, slots=True)
class Trace:
    """A potential over time.

    Attributes:
        points: Time [ms] and potential of the node [mV].
        impulses: How many there were.
    """

    points: tuple[tuple[float, float], ...]
    impulses: int


def after_pulse(serum: Serum, share: float) -> Trace:
    """Return what a 1 ms pulse does to a motor axon.

    Args:
        serum: Around it.
        share: Strength of the pulse, as a share of the threshold in normal serum at the normal temperature.
    """
    axon = membrane(MOTOR, serum)
    v, vi = resting(axon)
    packed, states = pack(axon), held_at(axon, v, vi)
    run = advance(packed, states, AFTER, pulse=share * usual_threshold(), width=TEST_WIDTH, sample=KEPT)
    times = np.arange(run.trace.shape[1]) * KEPT * STEP
    rest = float(v[0])
    found = [(-BEFORE, rest), (0.0, rest), *zip(times.tolist(), run.trace[0].tolist(), strict=True)]
    return Trace(tuple((round(x, 2), round(y, 1)) for x, y in found), int(run.impulses[0]))


def left_alone(serum: Serum) -> Trace:
    """Return what a nerve ending that is prone to fire does for a second when left alone."""
    ending = _prone(serum)
    v, vi = resting(ending)
    packed, states = pack(ending), held_at(ending, v, vi)
    states[at.V] += PUSH
    states[at.VI] += PUSH
    settled = advance(packed, states, SETTLING, step=COARSE).states
    run = advance(packed, settled, SEEN, step=COARSE, sample=2)
    return Trace(_extremes(run.trace[0]), int(run.impulses[0]))


@lru_cache(maxsize=8)
def usual_after_pulse(share: float) -> Trace:
    """Return what the pulse does in normal serum."""
    return after_pulse(normal_serum(), share)


@lru_cache(maxsize=1)
def usual_left_alone() -> Trace:
    """Return what the ending does in normal serum."""
    return left_alone(normal_serum())


def _prone(serum: Serum) -> Membrane:
    vary: Mapping[str, list[float]] = {name: [each] for name, each in prone_factors(load_nerve_facts()).items()}
    return membrane(MOTOR, serum, vary=vary)


def _extremes(trace: Array) -> tuple[tuple[float, float], ...]:
    """Return the lowest and the highest potential of each column, in their order, so that no impulse is missed."""
    points = []
    for number, part in enumerate(np.array_split(trace, COLUMNS)):
        time = number * SEEN / COLUMNS
        low, high = int(part.argmin()), int(part.argmax())
        chosen = [part[low]] if part[high] - part[low] < 1 else [part[each] for each in sorted((low, high))]
        points += [(round(time, 1), round(float(each), 1)) for each in chosen]
    return tuple(points)
