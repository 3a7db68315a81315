"""The compiled integrator of sites at rest: the axons of ``nerve.kernel`` with noise, in steps as wide as they may be.

Time goes in beats. A beat at rest is a single step; as soon as one site of a block is excited, its beats are cut into
fine steps. The noise is one number for each beat and site, the same however the beat is cut, so that runs with wide and
with narrow steps can be laid side by side.
"""

from __future__ import annotations

from typing import Any

import numpy as np

from rheobase.nerve import kernel as axon
from rheobase.nerve.compiled import kernel, part

LANES = axon.LANES
# Rows kept for each site beside the axon's: noise, its size, potential at the last beat.
NOISE, SIZE, LAST = range(3)
_BYTES, _MIDDLE = np.uint32(255), np.float32(510.0)
# Four bytes have this standard deviation in sum.
_SPREAD = np.float32(1 / np.sqrt(4 * (256**2 - 1) / 12))


@part
def _beat_noise(X: Any, E: Any, keep: Any, fresh: Any) -> None:  # noqa: N803
    """Draw the next noise of each site: a xorshift generator, four of its bytes in sum, filtered."""
    for j in range(LANES):
        x = X[j]
        x = np.uint32(x ^ np.uint32(x << np.uint32(13)))
        x = np.uint32(x ^ np.uint32(x >> np.uint32(17)))
        x = np.uint32(x ^ np.uint32(x << np.uint32(5)))
        X[j] = x
        y = np.uint32(x & _BYTES) + np.uint32(np.uint32(x >> np.uint32(8)) & _BYTES)
        y = y + np.uint32(np.uint32(x >> np.uint32(16)) & _BYTES) + np.uint32(x >> np.uint32(24))
        E[NOISE, j] = keep * E[NOISE, j] + fresh * ((np.float32(np.int32(y)) - _MIDDLE) * _SPREAD)


@part
def _excited(B: Any, E: Any, least: Any, swift: Any) -> Any:  # noqa: N803
    """Return how many sites of a block are above a potential or move swiftly; remember where they are."""
    kind = B.dtype.type
    found, zero, one = kind(0), kind(0), kind(1)
    for j in range(LANES):
        v = B[axon.V + j]
        found += one if (v > least) | (abs(v - E[LAST, j]) > swift) else zero
        E[LAST, j] = v
    return found


@kernel
def rest(states: Any, model: Any, timing: Any, kept: Any) -> None:
    """Watch sites from their states on; records are changed in place. See ``simulate.watch``.

    Args:
        states: Shape (layout.STATES, sites).
        model: Parameters (rows, sites), gates, scalars, standing currents [pA]; and of the noise: seeds (uint32),
            standard deviations [pA], share kept over a beat, share drawn anew.
        timing: Beat [ms], beats, wide steps in a beat at rest, fine steps in one excited; what counts as excited:
            potential [mV from the origin], change over a beat [mV], for how many beats; pause between events [ms].
        kept: Times [ms], shape (sites, kept); impulses; events; last impulse [ms]; fine and all steps, shape (2,).
    """
    parameters, gates, scalars, hold, noise = model
    kind = states.dtype.type
    seeds, sizes, keep, fresh = noise
    beat, beats, wide, fine, least, swift, linger, pause = timing
    times, impulses, events, last, steps = kept
    B = np.zeros(axon.ROWS * LANES, states.dtype)  # noqa: N806
    E = np.zeros((3, LANES), states.dtype)  # noqa: N806
    X = np.zeros(LANES, np.uint32)  # noqa: N806
    still = np.zeros(states.shape[1], states.dtype)
    for lo in range(0, states.shape[1], LANES):
        width = axon._load(B, states, (parameters, hold, still, still), lo)  # noqa: SLF001
        for j in range(LANES):
            c = lo + min(j, width - 1)
            X[j], E[SIZE, j], E[NOISE, j] = seeds[c], sizes[c], kind(0)
            E[LAST, j] = B[axon.V + j]
        half, busy = kind(0), 0
        for number in range(beats):
            _beat_noise(X, E, keep, fresh)
            for j in range(LANES):
                B[axon.B_HOLD + j] = hold[lo + min(j, width - 1)] + E[SIZE, j] * E[NOISE, j]
            busy = linger if _excited(B, E, least, swift) > kind(0) else max(busy - 1, 0)
            cut = fine if busy > 0 else wide
            h = kind(beat / cut)
            for step in range(cut):
                axon._gates(B, gates, half + h * kind(0.5), True)  # noqa: SLF001
                half = h * kind(0.5)
                if axon._two(B, scalars, h, kind(0)) > kind(0):  # noqa: SLF001
                    for j in range(width):
                        before, now, level = B[axon.B_BEFORE + j], B[axon.V + j], scalars[axon.LEVEL]
                        if before < level and now >= level:
                            time = number * beat + (step + (level - before) / (now - before)) * h
                            if impulses[lo + j] < times.shape[1]:
                                times[lo + j, impulses[lo + j]] = time
                            impulses[lo + j] += 1
                            if time - last[lo + j] > pause:
                                events[lo + j] += 1
                            last[lo + j] = time
            steps[0] += cut * width if busy > 0 else 0
            steps[1] += cut * width
