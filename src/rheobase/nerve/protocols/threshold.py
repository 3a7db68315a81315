"""Threshold of a pulse: the smallest current that makes an axon fire, sought for all axons at once."""

from __future__ import annotations

import math
from collections.abc import Callable

import numpy as np
from numpy.typing import ArrayLike, NDArray

from rheobase.knowledge.nerve_facts import load_nerve_facts
from rheobase.nerve.kernel import LANES
from rheobase.nerve.simulate import STEP, Floats, Packed, advance

Array = NDArray[np.float64]
# Which of some axons fire on a pulse for each of them.
Tried = Callable[[Array, NDArray[np.intp]], NDArray[np.bool_]]
# Doublings from the first guess at most, when the bracket does not hold the threshold.
_DOUBLINGS = 12


def fires(
    packed: Packed, states: Floats, pulse: ArrayLike, width: ArrayLike, *, hold: ArrayLike = 0.0, step: float = STEP
) -> NDArray[np.bool_]:
    """Return which axons fire on a pulse [pA] of a width [ms], on top of a held current."""
    time = float(np.max(width)) + load_nerve_facts()["time_window"]
    run = advance(packed, states, time, hold=hold, pulse=pulse, width=width, step=step, until_all_fired=True)
    return run.impulses > 0


def threshold(  # noqa: PLR0913 - one keyword for each thing in which searches differ
    packed: Packed,
    states: Floats,
    width: ArrayLike,
    *,
    guess: ArrayLike,
    hold: ArrayLike = 0.0,
    within: float = 0.002,
    step: float = STEP,
) -> Array:
    """Return the threshold of each axon [pA]; inf where even the strongest pulse does nothing, as in refractoriness.

    Bisection, every axon with its own bracket. It starts around a guess and grows until it holds the threshold; a
    threshold below 0 (an axon on the verge of firing by itself) is found too.

    Args:
        packed: The axons.
        states: Where each is before the pulse.
        width: Of the pulse [ms].
        guess: About where the threshold lies [pA].
        hold: Current that flows all along [pA].
        within: How near, as a share of the guess.
        step: Of the integration [ms].
    """
    axons = states.shape[1]
    scale = np.array(np.broadcast_to(np.asarray(guess, float), axons))
    widths = np.broadcast_to(np.asarray(width, float), axons)
    held = np.broadcast_to(np.asarray(hold, float), axons)
    low, high = 0.5 * scale, 1.5 * scale

    def tried(pulse: Array, which: NDArray[np.intp]) -> NDArray[np.bool_]:
        chosen = np.ascontiguousarray(states[:, which])
        return fires(packed.take(which), chosen, pulse, widths[which], hold=held[which], step=step)

    below = _widen(tried, low, high, scale)
    everyone = np.flatnonzero(below)
    while everyone.size:
        wide = float(np.max((high - low)[everyone] / (within * scale[everyone])))
        if wide <= 1:
            break
        _halve(tried, (low, high), everyone, min(_levels(everyone.size), math.ceil(math.log2(wide))))
    return np.where(below, (low + high) / 2, np.inf)


def _levels(axons: int) -> int:
    """Return how many halvings fit into one run: lanes that a few axons leave free try further pulses."""
    return max(1, int(math.log2(LANES // axons + 1))) if axons <= LANES else 1


def _halve(tried: Tried, ends: tuple[Array, Array], which: NDArray[np.intp], levels: int) -> None:
    """Halve the brackets of some axons several times, as one after the other would, but in a single run."""
    low, high = ends
    parts, axons = 2**levels, np.arange(which.size)
    width = (high - low)[which]
    places = low[which] + width * np.arange(1, parts)[:, None] / parts
    fired = tried(places.ravel(), np.tile(which, parts - 1)).reshape(places.shape)
    under, over = np.zeros(which.size, int), np.full(which.size, parts)
    for _ in range(levels):
        middle = (under + over) // 2
        yes = fired[middle - 1, axons]
        under, over = np.where(yes, under, middle), np.where(yes, middle, over)
    low[which], high[which] = low[which] + width * under / parts, low[which] + width * over / parts


def _widen(tried: Tried, low: Array, high: Array, scale: Array) -> NDArray[np.bool_]:
    """Move the ends of every bracket until the lower does not fire and the upper does; return where that came about."""
    growth, todo = scale.copy(), np.arange(low.size)
    for _ in range(_DOUBLINGS):
        fired = tried(low[todo], todo)
        todo = todo[fired]
        if not todo.size:
            break
        high[todo], low[todo] = low[todo], low[todo] - growth[todo]
        growth[todo] *= 2
    fell_short, growth, todo = np.zeros(low.size, bool), scale.copy(), np.arange(low.size)
    for _ in range(_DOUBLINGS):
        fired = tried(high[todo], todo)
        todo = todo[~fired]
        if not todo.size:
            break
        low[todo], high[todo] = high[todo], high[todo] + growth[todo]
        growth[todo] *= 2
    fell_short[todo] = True
    return ~fell_short
