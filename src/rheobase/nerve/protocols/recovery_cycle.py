"""Recovery cycle: threshold at delays after an impulse: refractory, then easier to fire, then harder again."""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

from rheobase.nerve.protocols.settled import TEST_WIDTH, Settled, carried, change, side_by_side
from rheobase.nerve.protocols.threshold import threshold
from rheobase.nerve.recorded_indices import LATE, NEIGHBOURS
from rheobase.nerve.simulate import STEP

Array = NDArray[np.float64]
# From the beginning of the conditioning pulse to that of the test pulse [ms], as in Kiernan 2000, and two before them
# for axons that recover sooner.
DELAYS = (1.3, 1.6, 2.0, 2.5, 3.2, 4.0, 5.0, 6.3, 7.9, 10.0, 13.2, 18.5, 28.0, 37.0, 52.0, 72.0, 100.0)
# The conditioning pulse against the threshold: well above it.
_STRONG = 2.0


@dataclass(frozen=True, eq=False)
class RecoveryCycle:
    """Recovery after one impulse.

    Attributes:
        delays: [ms]
        change: Threshold against the control [%], shape (delays, axons); inf while nothing fires it.
        refractory_period: Delay at which the curve first comes down to 0 [ms].
        superexcitability: Lowest mean of three neighbours before 15 ms [%], as QTRAC has it; NaN for fewer delays.
        subexcitability: Highest mean of three neighbours from there on [%].
    """

    delays: Array
    change: Array
    refractory_period: Array
    superexcitability: Array
    subexcitability: Array


def recovery_cycle(settled: Settled, delays: tuple[float, ...] = DELAYS, *, step: float = STEP) -> RecoveryCycle:
    """Return the recovery cycle of every axon."""
    times = np.array(delays)
    states = carried(settled, times, pulse=_STRONG * settled.control, step=step)
    packed, tested = side_by_side(settled, states)
    guess = np.tile(settled.control, times.size)
    found = change(settled, threshold(packed, tested, TEST_WIDTH, guess=guess, step=step))
    early, late = _means(found[times < LATE]), _means(found[times >= LATE])
    none = np.full(settled.count, np.nan)
    return RecoveryCycle(
        times, found, _crossing(times, found), early.min(axis=0) if len(early) else none,
        late.max(axis=0) if len(late) else none,
    )  # fmt: skip


def _means(curve: Array) -> Array:
    """Return the mean of each three neighbours along the delays, shape (delays - 2, axons); no row for fewer."""
    if len(curve) < NEIGHBOURS:
        return curve[:0]
    # The sum by hand: what is infinite in the refractory period must not spoil its neighbours' neighbours.
    last = len(curve) - NEIGHBOURS + 1
    return np.asarray(sum(curve[at : at + last] for at in range(NEIGHBOURS)) / NEIGHBOURS)


def _crossing(times: Array, found: Array) -> Array:
    """Return where each curve first comes down to 0, between two delays in proportion; NaN where it never does."""
    crossed = np.full(found.shape[1], np.nan)
    for axon in range(found.shape[1]):
        curve = found[:, axon]
        for at in range(1, times.size):
            if np.isfinite(curve[at - 1]) and curve[at - 1] > 0 >= curve[at]:
                share = curve[at - 1] / (curve[at - 1] - curve[at])
                crossed[axon] = times[at - 1] * (times[at] / times[at - 1]) ** share
                break
    return crossed
