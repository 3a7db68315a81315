"""What the fibre gives for every figure that it is held to, in the form of ``nerve.validation``."""

from __future__ import annotations

import numpy as np

from rheobase.knowledge.fibre_facts import load_fibre_facts
from rheobase.nerve.fibre.ectopic import ectopic
from rheobase.nerve.fibre.fibre import fibre
from rheobase.nerve.fibre.simulate import one_node
from rheobase.nerve.fibre.threshold import threshold
from rheobase.nerve.fibre.velocity import NODES, velocity
from rheobase.nerve.validation import Judged, judged

USUAL, STIMULATED = 10.0, 10
# Sites that are tried, and the standing current that makes them fire [nA].
SITES, CURRENT, MILLISECONDS = (5, 10, 16), 0.3, 20.0


def judge_fibre() -> tuple[Judged, ...]:
    """Return every target of the fibre with what it gives."""
    known, ours = load_fibre_facts(), measured()
    return tuple(judged(each, ours.get(each.id)) for each in known.targets.values())


def measured() -> dict[str, float]:
    """Return what the fibre gives, by the id of the target."""
    known = load_fibre_facts()
    speeds = {each: float(velocity(fibre(each, nodes=NODES))[0]) for each in known.sizes}
    off = [100 * abs(speed / known.velocities[each].fine - 1) for each, speed in speeds.items()]
    plain = fibre(USUAL)
    sites = [ectopic(plain, MILLISECONDS, hold=one_node(plain, each, CURRENT)).read_origin[0] for each in SITES]
    return {
        "V10": speeds[USUAL],
        "V11": speeds[USUAL],
        "V11d": max(off),
        "V11t": float(threshold(plain, STIMULATED)[0]),
        "F3f": float(np.abs(np.array(sites) - SITES).max()),
    }
