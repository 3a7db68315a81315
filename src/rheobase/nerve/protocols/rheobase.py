"""Rheobase: the smallest current that makes an axon fire however long it lasts, here a tenth of a second."""

from __future__ import annotations

import numpy as np
from numpy.typing import NDArray

from rheobase.nerve.protocols.settled import Settled
from rheobase.nerve.protocols.threshold import threshold
from rheobase.nerve.simulate import STEP

Array = NDArray[np.float64]
LONG = 100.0


def rheobase(settled: Settled, *, step: float = STEP) -> Array:
    """Return the threshold of a 100 ms current [pA]."""
    return threshold(settled.packed, settled.states, LONG, guess=0.7 * np.abs(settled.control), step=step)
