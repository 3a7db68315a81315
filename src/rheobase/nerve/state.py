"""States of axons as the kernel keeps them: potentials from its origin, then the gates."""

from __future__ import annotations

import numpy as np
from numpy.typing import NDArray

from rheobase.nerve import layout as at
from rheobase.nerve.kernel import ORIGIN
from rheobase.nerve.membrane import Membrane, steady_gates

Array = NDArray[np.float64]
Floats = NDArray[np.floating]


def held_at(membrane: Membrane, v: Array, vi: Array, dtype: type[np.floating] = np.float32) -> Floats:
    """Return axons held at potentials [mV] for so long that every gate has settled, shape (10, axons)."""
    states = np.zeros((at.STATES, membrane.count))
    states[at.V], states[at.VI] = v - ORIGIN, vi - ORIGIN
    states[at.M :] = steady_gates(membrane, v, vi)
    return states.astype(dtype)


def potentials(states: Floats) -> tuple[Array, Array]:
    """Return the potentials of node and internode [mV]."""
    return states[at.V].astype(float) + ORIGIN, states[at.VI].astype(float) + ORIGIN
