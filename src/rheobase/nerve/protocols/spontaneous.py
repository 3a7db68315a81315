"""Spontaneous firing: what an axon does when left alone."""

from __future__ import annotations

import numpy as np
from numpy.typing import NDArray

from rheobase.nerve import layout as at
from rheobase.nerve.membrane import Membrane
from rheobase.nerve.protocols.resting import resting
from rheobase.nerve.simulate import advance, pack
from rheobase.nerve.state import held_at

Array = NDArray[np.float64]
# Let it settle, then count for so long [ms].
SETTLING, COUNTED = 300.0, 500.0
# Step of the integration [ms]: whether it fires is asked, not when.
STEP = 0.04
# Pushed off its balance by this [mV], so that an unstable one is left.
PUSH = 0.5


def spontaneous(membrane: Membrane, *, hold: float | Array = 0.0, step: float = STEP) -> Array:
    """Return how often every axon fires by itself [Hz].

    Args:
        membrane: The axons.
        hold: A standing current [pA].
        step: Of the integration [ms].
    """
    v, vi = resting(membrane, hold)
    packed, states = pack(membrane), held_at(membrane, v, vi)
    states[at.V] += PUSH
    states[at.VI] += PUSH
    settled = advance(packed, states, SETTLING, hold=hold, step=step).states
    return advance(packed, settled, COUNTED, hold=hold, step=step).impulses / (COUNTED / 1000)
