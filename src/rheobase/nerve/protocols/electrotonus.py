"""Threshold electrotonus: threshold while a current below threshold flows for a tenth of a second."""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

from rheobase.nerve.protocols.settled import TEST_WIDTH, Settled, carried, change, side_by_side
from rheobase.nerve.protocols.threshold import threshold
from rheobase.nerve.simulate import STEP

Array = NDArray[np.float64]
TIMES = (10.0, 15.0, 20.0, 30.0, 40.0, 60.0, 80.0, 90.0, 95.0, 99.0)
# The two windows that are reported [ms].
EARLY, LATE = (10.0, 20.0), (90.0, 100.0)
SHARE = 0.4


@dataclass(frozen=True, eq=False)
class Electrotonus:
    """Threshold while a current flows.

    Attributes:
        times: Since the current set in [ms].
        reduction: Fall of threshold [%], shape (times, axons); below 0 under a hyperpolarising current.
        early: Mean of 10 to 20 ms [%].
        late: Mean of 90 to 100 ms [%].
    """

    times: Array
    reduction: Array
    early: Array
    late: Array


def electrotonus(
    settled: Settled, share: float = SHARE, times: tuple[float, ...] = TIMES, *, step: float = STEP
) -> Electrotonus:
    """Return threshold electrotonus of every axon.

    Args:
        settled: The axons at rest.
        share: Of the control threshold, that flows; below 0 hyperpolarises.
        times: At which threshold is tested [ms].
        step: Of the integration [ms].
    """
    moments, hold = np.array(times), share * settled.control
    packed, states = side_by_side(settled, carried(settled, moments, hold=hold, step=step))
    repeated = np.tile(hold, moments.size)
    guess = np.tile(settled.control, moments.size) * (1 - 1.5 * share)
    found = threshold(packed, states, TEST_WIDTH, guess=guess, hold=repeated, step=step)
    reduction = -change(settled, found)
    return Electrotonus(moments, reduction, _mean(moments, reduction, EARLY), _mean(moments, reduction, LATE))


def _mean(times: Array, reduction: Array, window: tuple[float, float]) -> Array:
    within = (times >= window[0]) & (times <= window[1])
    return np.asarray(reduction[within].mean(axis=0))
