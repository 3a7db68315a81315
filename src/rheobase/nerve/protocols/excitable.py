"""Whether an axon still fires all or nothing, or a strong current merely carries its potential across the level."""

from __future__ import annotations

import numpy as np
from numpy.typing import NDArray

from rheobase.knowledge.nerve_facts import load_nerve_facts
from rheobase.nerve.protocols.settled import TEST_WIDTH, Settled
from rheobase.nerve.simulate import STEP, advance


def excitable(settled: Settled, *, step: float = STEP) -> NDArray[np.bool_]:
    """Return which axons fire all or nothing.

    High potassium holds sodium channels shut (depolarisation block). Such an axon has no impulse; a strong current
    still drives it across the level that counts as one, so that a threshold would be found that means nothing.

    Args:
        settled: The axons at rest.
        step: Of the integration [ms].
    """
    found, known = np.ones(settled.count, bool), load_nerve_facts()
    raised = settled.rest > settled.membrane.start + known["block_raised"]
    which = np.flatnonzero(raised & np.isfinite(settled.control))
    if which.size:
        duration, near = TEST_WIDTH + known["block_after"], known["block_side"]
        packed, states = settled.packed.take(which), np.ascontiguousarray(settled.states[:, which])
        low, high = (
            advance(
                packed, states, duration, pulse=side * settled.control[which], width=TEST_WIDTH, step=step,
                sample=1,
            ).trace.max(axis=1)
            for side in (1 - near, 1 + near)
        )  # fmt: skip
        found[which] = high - low > known["block_leap"]
    return found
