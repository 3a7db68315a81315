"""Axons at rest, ready to be stimulated, with the threshold that everything else is measured against."""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np
from numpy.typing import ArrayLike, NDArray

from rheobase.nerve.membrane import Membrane
from rheobase.nerve.protocols.resting import resting
from rheobase.nerve.protocols.threshold import threshold
from rheobase.nerve.simulate import STEP, Floats, Packed, advance, pack
from rheobase.nerve.state import held_at

Array = NDArray[np.float64]
# Of the test pulse, and of the conditioning one [ms].
TEST_WIDTH = 1.0
# A first guess of a threshold [pA]; the search widens by itself.
_GUESS = 600.0


@dataclass(frozen=True, eq=False)
class Settled:
    """Axons at rest.

    Attributes:
        membrane: The axons.
        packed: The same for the kernel.
        states: Their states, shape (10, axons).
        rest: Resting potential of the node [mV].
        control: Threshold of a 1 ms pulse [pA].
    """

    membrane: Membrane
    packed: Packed
    states: Floats
    rest: Array
    control: Array

    @property
    def count(self) -> int:
        """Number of axons."""
        return self.membrane.count


def settle(membrane: Membrane, *, step: float = STEP, dtype: type[np.floating] = np.float32) -> Settled:
    """Return axons at rest with their threshold."""
    v, vi = resting(membrane)
    packed, states = pack(membrane, dtype), held_at(membrane, v, vi, dtype)
    return Settled(membrane, packed, states, v, threshold(packed, states, TEST_WIDTH, guess=_GUESS, step=step))


def carried(
    settled: Settled, times: ArrayLike, *, hold: ArrayLike = 0.0, pulse: ArrayLike = 0.0, step: float = STEP
) -> list[Floats]:
    """Return the states at each of several times [ms] after a conditioning current sets in.

    Args:
        settled: The axons at rest.
        times: Ascending.
        hold: Current from then on [pA].
        pulse: Current of the first millisecond [pA].
        step: Of the integration [ms].
    """
    states, found, now = settled.states, [], 0.0
    for time in np.asarray(times, float):
        left = max(TEST_WIDTH - now, 0.0)
        states = advance(settled.packed, states, time - now, hold=hold, pulse=pulse, width=left, step=step).states
        found.append(states)
        now = float(time)
    return found


def side_by_side(settled: Settled, states: list[Floats]) -> tuple[Packed, Floats]:
    """Return every axon once for each list of states, condition after condition."""
    which = np.tile(np.arange(settled.count), len(states))
    return settled.packed.take(which), np.concatenate(states, axis=1)


def change(settled: Settled, thresholds: Array) -> Array:
    """Return thresholds against the control [%], one row for each condition; above 0 it is harder to fire."""
    return 100 * (thresholds.reshape(-1, settled.count) / settled.control - 1)
