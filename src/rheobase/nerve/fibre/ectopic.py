"""Impulses that begin along a fibre: where, how often, whether in pairs; and the same read from its two ends.

A fasciculation's impulse runs both ways from where it begins. Recorded at two places, the difference of arrival tells
where that was, as the F-response after a fasciculation does in people (Kleine 2012).
"""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np
from numpy.typing import ArrayLike, NDArray

from rheobase.nerve.fibre.fibre import Fibre, rest
from rheobase.nerve.fibre.simulate import STEP, advance

Array = NDArray[np.float64]
# Impulses kept of each node; nodes left out at each end, where the sealed end alters the impulse.
_KEPT, _END = 64, 2
# Two impulses nearer than this, and none other as near, are a doublet [ms].
DOUBLET = 10.0


@dataclass(frozen=True, eq=False)
class Ectopic:
    """What each fibre does by itself.

    Attributes:
        origin: Node at which the first impulse is seen first; -1 where none is.
        read_origin: Node as read from the arrivals at both ends; NaN where none.
        near, far: Times of the impulses at the ends of low and high node numbers [ms], shape (kept, fibres).
        doublets: How many pairs arrive at the near end.
    """

    origin: NDArray[np.int64]
    read_origin: Array
    near: Array
    far: Array
    doublets: NDArray[np.int64]


def ectopic(fibres: Fibre, milliseconds: float = 100.0, *, hold: ArrayLike = 0.0, step: float = STEP) -> Ectopic:
    """Return what fibres do by themselves while a current is held into some of their nodes.

    Args:
        fibres: Which; vary a node's conductances with ``fibre(vary=...)``.
        milliseconds: For how long.
        hold: Standing current into each node [nA], shape (nodes, fibres) or what spreads to it.
        step: Of the integration [ms].
    """
    run = advance(fibres, milliseconds, hold=hold, start=rest(fibres) + fibres.origin, step=step, keep=_KEPT)
    first = run.times[0]
    silent = np.isnan(first).all(axis=0)
    origin = np.where(silent, -1, np.argmin(np.where(np.isnan(first), np.inf, first), axis=0))
    near, far = run.times[:, _END], run.times[:, fibres.length - 1 - _END]
    pairs = np.array([_doublets(near[:, each]) for each in range(fibres.count)], np.int64)
    return Ectopic(origin, _read(first, fibres.length), near, far, pairs)


def _read(first: Array, length: int) -> Array:
    """Return the place of origin from arrivals at nodes near both ends; velocity is the median from node to node."""
    a, b = _END, length - 1 - _END
    per_node = np.median(np.abs(np.diff(first[a : b + 1], axis=0)), axis=0)
    middle = (a + b) / 2
    return np.asarray(middle + (first[a] - first[b]) / (2 * per_node))


def _doublets(times: Array) -> int:
    """Return how many pairs of impulses stand by themselves."""
    gaps = np.diff(times[np.isfinite(times)])
    close = np.concatenate([[False], gaps < DOUBLET, [False]])
    return int(np.sum(close[1:-1] & ~close[:-2] & ~close[2:]))
