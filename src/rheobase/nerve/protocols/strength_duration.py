"""Strength and duration: how threshold falls with the width of the pulse (Weiss's law)."""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

from rheobase.nerve.protocols.settled import Settled, side_by_side
from rheobase.nerve.protocols.threshold import threshold
from rheobase.nerve.simulate import STEP

Array = NDArray[np.float64]
WIDTHS = (0.2, 0.4, 0.6, 0.8, 1.0)


@dataclass(frozen=True, eq=False)
class StrengthDuration:
    """How threshold depends on width.

    Attributes:
        rheobase: Of Weiss's law [pA], shape (axons,).
        time_constant: Of Weiss's law [ms].
        thresholds: At each of ``WIDTHS`` [pA], shape (widths, axons).
        misfit: Largest distance of a threshold from the law, as a share of it.
    """

    rheobase: Array
    time_constant: Array
    thresholds: Array
    misfit: Array


def strength_duration(settled: Settled, *, step: float = STEP) -> StrengthDuration:
    """Return Weiss's law of every axon: threshold charge = rheobase (width + time constant)."""
    widths = np.array(WIDTHS)
    packed, states = side_by_side(settled, [settled.states] * widths.size)
    guess = np.tile(settled.control, widths.size)
    # Narrow pulses need more; the guess follows the law with a time constant of half a millisecond.
    scaled = guess * np.repeat((1 + 0.5 / widths) / 1.5, settled.count)
    found = threshold(packed, states, np.repeat(widths, settled.count), guess=scaled, step=step)
    thresholds = found.reshape(widths.size, -1)
    charge = thresholds * widths[:, None]
    rheobase = ((widths[:, None] - widths.mean()) * (charge - charge.mean(axis=0))).sum(axis=0)
    rheobase = rheobase / ((widths - widths.mean()) ** 2).sum()
    time_constant = charge.mean(axis=0) / rheobase - widths.mean()
    law = rheobase * (1 + time_constant / widths[:, None])
    return StrengthDuration(rheobase, time_constant, thresholds, np.abs(thresholds / law - 1).max(axis=0))
