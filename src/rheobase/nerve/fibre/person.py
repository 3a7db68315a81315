"""What blood values do to a whole fibre: how fast it conducts, what it takes to set it off, where an impulse begins."""

from __future__ import annotations

import math
from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

from rheobase.errors import DataRefusedError
from rheobase.knowledge.fibre_facts import load_fibre_facts
from rheobase.nerve.concentrations import Serum, normal_serum
from rheobase.nerve.fibre.ectopic import ectopic
from rheobase.nerve.fibre.fibre import Fibre, fibre, keeps_rest, rest
from rheobase.nerve.fibre.simulate import advance, one_node
from rheobase.nerve.fibre.threshold import NONE, threshold
from rheobase.nerve.fibre.velocity import NODES, velocity

Array = NDArray[np.float64]
# Where the stimulus goes in; the site that is tried unless another is asked; nodes from an end that a site may not be,
# since a sealed end fires before a site beside it.
STIMULATED, SITE, MARGIN = 20, 30, 8
# A standing current lasts so long [ms]; it is sought up to so much [nA], to this share of it.
_STANDING, _MOST, _WITHIN = 20.0, 4.0, 0.01
# Above the current at which it just fires, so that the origin is seen clearly.
_ABOVE = 1.2


@dataclass(frozen=True, slots=True)
class Conducts:
    """What one fibre does in one serum; None where it does not rest as a living one, or no impulse gets through.

    Attributes:
        velocity: [m/s]
        rest: Potential at rest [mV].
        threshold: Of 0.1 ms into a node [nA].
        standing: Least current, held at the site, that makes it fire by itself [nA].
        origin: Node at which the impulse begins when a fifth more than that is held.
        read_origin: The same as read from the times of arrival at both ends.
    """

    velocity: float | None
    rest: float
    threshold: float | None
    standing: float | None
    origin: int | None
    read_origin: float | None


@dataclass(frozen=True, eq=False)
class FibreView:
    """A fibre in a person's serum beside the same in normal serum, at the same temperature.

    Attributes:
        diameter: [um]
        spacing: From node to node [um].
        site: Node at which a current is held.
        serum: The person's.
        normal: What it does in normal serum.
        here: What it does in the person's.
        rests: Whether it rests there as a living one does; where it does not, the rest of ``here`` is None.
    """

    diameter: float
    spacing: float
    site: int
    serum: Serum
    normal: Conducts
    here: Conducts
    rests: bool


def fibre_view(serum: Serum, diameter: float = 10.0, site: int = SITE) -> FibreView:
    """Return what a fibre does in a person's serum.

    Args:
        serum: The person's; normal serum is taken at its temperature.
        diameter: One of the nine of the published table [um].
        site: Node at which a current is held, from 8 to 32 of 41.

    Raises:
        DataRefusedError: A size that the table does not have, or a site too near to an end.
    """
    lowest, highest = MARGIN, NODES - 1 - MARGIN
    if not lowest <= site <= highest:
        raise DataRefusedError(f"site at node {site}: expected {lowest} to {highest} of {NODES} nodes, off the ends")
    both = fibre(diameter, [normal_serum(serum.temperature), serum], nodes=NODES)
    rests, middle = keeps_rest(both), rest(both)[NODES // 2] + both.origin
    found = [_conducts(fibre(diameter, each, nodes=NODES), site) if rests[at] else None for at, each in
             enumerate((normal_serum(serum.temperature), serum))]  # fmt: skip
    lost = [Conducts(None, float(each), None, None, None, None) for each in middle]
    size = load_fibre_facts().sizes[diameter]
    return FibreView(diameter, size.spacing, site, serum, found[0] or lost[0], found[1] or lost[1], bool(rests[1]))


def _conducts(one: Fibre, site: int) -> Conducts:
    """Return what one fibre does that rests."""
    standing = _standing(one, site)
    held = one_node(one, site, _ABOVE * np.where(np.isfinite(standing), standing, 0.0))
    begun = ectopic(one, _STANDING, hold=held)
    origin = int(begun.origin[0])
    return Conducts(
        _known(velocity(one)[0]), float(rest(one)[NODES // 2, 0] + one.origin[0]),
        _known(threshold(one, STIMULATED)[0]), _known(standing[0]), origin if origin >= 0 else None,
        _known(begun.read_origin[0]),
    )  # fmt: skip


def _standing(one: Fibre, site: int) -> Array:
    """Return the least current held at a node that makes a fibre fire [nA]; inf where none up to the most does."""
    start, far = rest(one) + one.origin, 1 if site > one.length / 2 else one.length - 2

    def fires(current: float) -> bool:
        run = advance(one, _STANDING, hold=one_node(one, site, current), start=start, until=far, keep=1)
        return bool(run.impulses[far, 0] > 0)

    low, high = 0.0, _MOST
    if not fires(high):
        return np.full(1, np.inf)
    while high - low > _WITHIN * max(high, NONE):
        middle = (low + high) / 2
        low, high = (low, middle) if fires(middle) else (middle, high)
    return np.full(1, (low + high) / 2)


def _known(value: float) -> float | None:
    return float(value) if math.isfinite(value) else None
