"""Current and threshold: threshold at the end of long currents of many sizes."""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

from rheobase.nerve.protocols.settled import TEST_WIDTH, Settled, change
from rheobase.nerve.protocols.threshold import threshold
from rheobase.nerve.simulate import STEP, advance

Array = NDArray[np.float64]
# Of the control threshold, from depolarising to hyperpolarising; for so long [ms].
SHARES = tuple(each / 100 for each in range(50, -101, -10))
LONG = 200.0
_AROUND_REST = 0.11


@dataclass(frozen=True, eq=False)
class CurrentThreshold:
    """Threshold after long currents.

    Attributes:
        shares: Currents as shares of the control threshold.
        reduction: Fall of threshold [%], shape (shares, axons).
        resting_slope: Current over fall of threshold around 0.
        least_slope: The same where it is flattest, under hyperpolarising currents.
    """

    shares: Array
    reduction: Array
    resting_slope: Array
    least_slope: Array


def current_threshold(settled: Settled, *, step: float = STEP) -> CurrentThreshold:
    """Return the current-threshold curve of every axon."""
    shares = np.array(SHARES)
    which = np.tile(np.arange(settled.count), shares.size)
    packed, states = settled.packed.take(which), np.ascontiguousarray(settled.states[:, which])
    hold = np.repeat(shares, settled.count) * settled.control[which]
    held = advance(packed, states, LONG, hold=hold, step=step).states
    guess = settled.control[which] * np.repeat(1 - shares, settled.count)
    found = threshold(packed, held, TEST_WIDTH, guess=guess, hold=hold, step=step)
    reduction = -change(settled, found)
    near = np.abs(shares) < _AROUND_REST
    slope = 100 * np.gradient(shares)[:, None] / np.gradient(reduction, axis=0)
    rest = 100 * (shares[near][0] - shares[near][-1]) / (reduction[near][0] - reduction[near][-1])
    return CurrentThreshold(shares, reduction, rest, np.nanmin(slope[shares < -_AROUND_REST], axis=0))
