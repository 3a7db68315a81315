"""Whether an axon still fires all or nothing, or a strong current merely carries its potential across the level."""

from __future__ import annotations

import numpy as np
from numpy.typing import NDArray

from rheobase.nerve.protocols.settled import TEST_WIDTH, Settled
from rheobase.nerve.simulate import STEP, advance

# Only an axon that rests so far above its usual rest may have lost its impulse [mV]; others are not tried.
_RAISED = 6.0
# Pulses on both sides of the threshold; what an impulse adds to the peak between them at least [mV]. A current alone
# adds 6 % of the way from rest, about 3; an impulse several tens, a waning one ten.
_SIDES, _LEAP = (0.97, 1.03), 5.0
# For so long after the pulse the peak may come [ms].
_AFTER = 2.0


def excitable(settled: Settled, *, step: float = STEP) -> NDArray[np.bool_]:
    """Return which axons fire all or nothing.

    High potassium holds sodium channels shut (depolarisation block). Such an axon has no impulse; a strong current
    still drives it across the level that counts as one, so that a threshold would be found that means nothing.

    Args:
        settled: The axons at rest.
        step: Of the integration [ms].
    """
    found = np.ones(settled.count, bool)
    which = np.flatnonzero((settled.rest > settled.membrane.start + _RAISED) & np.isfinite(settled.control))
    if which.size:
        packed, states = settled.packed.take(which), np.ascontiguousarray(settled.states[:, which])
        low, high = (
            advance(
                packed, states, TEST_WIDTH + _AFTER, pulse=side * settled.control[which], width=TEST_WIDTH, step=step,
                sample=1,
            ).trace.max(axis=1)
            for side in _SIDES
        )  # fmt: skip
        found[which] = high - low > _LEAP
    return found
