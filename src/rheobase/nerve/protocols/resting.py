"""Resting potential: where no current flows and every gate has settled."""

from __future__ import annotations

import numpy as np
from numpy.typing import NDArray

from rheobase.nerve import layout as at
from rheobase.nerve.membrane import Membrane, currents, steady_gates

Array = NDArray[np.float64]
# Newton's steps: their number, the widest one, the change of potential that gives the slope, when it is found [mV].
_STEPS, _WIDEST, _SLOPE, _FOUND = 60, 2.0, 1e-4, 1e-9


def inner_potential(membrane: Membrane, v: Array, hold: Array) -> Array:
    """Return the internode's potential [mV] at which the node's own current is balanced."""
    node, _ = currents(membrane, v, v, steady_gates(membrane, v, v))
    return v + (node - hold) / membrane.rows[at.G_BB] if membrane.two else v


def steady_current(membrane: Membrane, v: Array, hold: Array) -> Array:
    """Return the whole axon's current [pA] with the node held at v [mV] for good; outward above 0."""
    if not membrane.two:
        return currents(membrane, v, v, steady_gates(membrane, v, v))[0] - hold
    vi = inner_potential(membrane, v, hold)
    node, internode = currents(membrane, v, vi, steady_gates(membrane, v, vi))
    return node + internode - hold


def resting(membrane: Membrane, hold: float | Array = 0.0) -> tuple[Array, Array]:
    """Return the resting potentials of node and internode [mV].

    Sought from the normal one with small steps, so that the branch which belongs to a healthy axon is found. An axon
    that fires by itself has such a balance too, but does not stay in it: see ``spontaneous``.

    Args:
        membrane: The axons.
        hold: Current held all along [pA].
    """
    v, held = membrane.start.copy(), np.broadcast_to(np.asarray(hold, float), membrane.count)
    for _ in range(_STEPS):
        current = steady_current(membrane, v, held)
        slope = (steady_current(membrane, v + _SLOPE, held) - current) / _SLOPE
        # Where the current falls with the potential there is no rest nearby: follow the current instead of the slope.
        step = np.where(slope > 0, -current / np.where(slope > 0, slope, 1.0), -np.sign(current) * _WIDEST / 4)
        step = np.clip(step, -_WIDEST, _WIDEST)
        v = v + step
        if np.all(np.abs(step) < _FOUND):
            break
    return v, inner_potential(membrane, v, held)
