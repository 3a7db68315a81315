"""Threshold of a fibre: the smallest pulse into one node whose impulse gets through, by bisection, all at once."""

from __future__ import annotations

import numpy as np
from numpy.typing import ArrayLike, NDArray

from rheobase.nerve.fibre.fibre import Fibre, rest
from rheobase.nerve.fibre.simulate import STEP, Pulse, advance, one_node

Array = NDArray[np.float64]
# A first guess [nA], how often it is doubled at most, how long an impulse may take [ms], and below what a threshold is
# none: the fibre then fires by itself [nA].
_GUESS, _DOUBLINGS, _LATEST, NONE = 1.0, 6, 4.0, 1e-3


def threshold(
    fibres: Fibre, node: int, width: float = 0.1, *, hold: ArrayLike = 0.0, within: float = 0.005, step: float = STEP
) -> Array:
    """Return the threshold of every fibre [nA]; inf where no pulse makes an impulse that gets through.

    Near 0 for a fibre that fires by itself.

    Args:
        fibres: Which.
        node: Where the current goes in, from 0.
        width: Of the pulse [ms].
        hold: Current into each node all along [nA].
        within: How near, as a share of the threshold.
        step: Of the integration [ms].
    """
    far = fibres.length - 2 if node < fibres.length / 2 else 1
    start = rest(fibres) + fibres.origin

    def conducted(current: Array) -> NDArray[np.bool_]:
        pulse = Pulse(one_node(fibres, node, current), 0.0, width)
        run = advance(fibres, width + _LATEST, pulse=pulse, hold=hold, start=start, step=step, until=far, keep=1)
        return np.asarray(run.impulses[far] > 0)

    low, high = np.zeros(fibres.count), np.full(fibres.count, _GUESS)
    for _ in range(_DOUBLINGS):
        short = ~conducted(high)
        if not short.any():
            break
        low, high = np.where(short, high, low), np.where(short, 2 * high, high)
    found = conducted(high)
    while np.any((high - low)[found] > within * np.maximum(high[found], NONE)):
        middle = (low + high) / 2
        fired = conducted(middle)
        high, low = np.where(fired, middle, high), np.where(fired, low, middle)
    return np.where(found, (low + high) / 2, np.inf)
