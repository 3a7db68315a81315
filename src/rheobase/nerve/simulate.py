"""Run axons: from a state, with a current held and a pulse at its start, for a time."""

from __future__ import annotations

import os
from collections.abc import Callable
from concurrent.futures import ThreadPoolExecutor
from dataclasses import dataclass, replace

import numpy as np
from numpy.typing import ArrayLike, NDArray

from rheobase.knowledge.nerve_facts import load_nerve_facts
from rheobase.nerve import kernel
from rheobase.nerve import layout as at
from rheobase.nerve.membrane import Membrane
from rheobase.nerve.rates import N0, B

Array = NDArray[np.float64]
Floats = NDArray[np.floating]
# Step of a run [ms]: impulses come within 3 us and thresholds within 0.1 % in the median of serums, 0.4 % in the worst
# of ordinary ones (tests hold that); several per cent only beside the edge of depolarisation block.
STEP = 0.02


@dataclass(frozen=True, eq=False)
class Packed:
    """A membrane as the kernel takes it."""

    two: bool
    parameters: Floats
    gates: tuple[tuple[np.floating, ...], ...]
    scalars: tuple[np.floating, ...]

    def take(self, which: ArrayLike) -> Packed:
        """Return some of the axons, or some of them several times over."""
        return replace(self, parameters=np.ascontiguousarray(self.parameters[:, np.asarray(which)]))


@dataclass(frozen=True, eq=False)
class Run:
    """What came of a run.

    Attributes:
        states: At its end, shape (10, axons); potentials from the kernel's origin.
        impulses: How many each axon fired.
        times: When [ms], shape (axons, kept); NaN where there was none.
        trace: Potential of the node [mV], shape (axons, samples).
    """

    states: Floats
    impulses: NDArray[np.int64]
    times: Array
    trace: Array


def pack(membrane: Membrane, dtype: type[np.floating] = np.float32) -> Packed:
    """Return a membrane as the kernel takes it: potentials as distances from its origin."""
    rows, origin = membrane.rows.copy(), kernel.ORIGIN
    rows[at.I_LIN] += rows[at.G_LIN] * origin
    rows[at.I_LIN_I] += rows[at.G_LIN_I] * origin
    rows[at.E_K] -= origin
    rows[at.E_H] -= origin
    gates = membrane.gates.copy()
    gates[:, B] -= origin
    gates[:, 6 + B] -= origin
    # A gate that is not there stays shut: it opens never and closes slowly.
    absent = ~gates[:, [0, 6]].any(axis=1)
    gates[absent] = np.array([0, 0, 0, 0, 1, 0, 0, 0, N0, 0, 1, 0], float)
    known = load_nerve_facts()
    scalars = np.zeros(kernel.SCALARS)
    scalars[kernel.TO_X] = 1 / membrane.thermal
    scalars[kernel.X_ORIGIN] = origin / membrane.thermal
    scalars[kernel.INSIDE] = membrane.sodium_inside
    scalars[kernel.DEPTH] = -2 * membrane.block_depth
    scalars[kernel.LEVEL] = known["impulse_level"] - origin
    extra = np.tile([1e-3, 1 / 12, 0.5], (len(gates), 1))
    table = tuple(tuple(dtype(x) for x in row) for row in np.hstack([gates, extra]))
    return Packed(membrane.two, rows.astype(dtype), table, tuple(dtype(x) for x in scalars))


def advance(  # noqa: PLR0913 - one keyword for each thing in which runs differ
    packed: Packed,
    states: Floats,
    milliseconds: float,
    *,
    hold: ArrayLike = 0.0,
    pulse: ArrayLike = 0.0,
    width: ArrayLike = 0.0,
    step: float = STEP,
    until_all_fired: bool = False,
    keep: int = 1,
    sample: int = 0,
) -> Run:
    """Carry axons on from their states; these stay as they were.

    Args:
        packed: The axons.
        states: Shape (10, axons).
        milliseconds: For how long.
        hold: Current all along [pA], for each axon or all.
        pulse: Current on top of it at first [pA].
        width: For how long [ms].
        step: Of the integration [ms].
        until_all_fired: Stop as soon as every axon of a block has fired; for thresholds.
        keep: Impulses of which the time is kept.
        sample: Keep the potential of every so many steps; 0 for none.
    """
    axons, dtype = states.shape[1], states.dtype
    steps = max(1, round(milliseconds / step))
    widths = np.rint(np.broadcast_to(np.asarray(width, float), axons) / step)
    currents = [np.array(np.broadcast_to(np.asarray(each, float), axons), dtype) for each in (hold, pulse)]
    currents.append(widths.astype(dtype))
    after, times = states.copy(), np.full((axons, keep), np.nan)
    impulses = np.zeros(axons, np.int64)
    trace = np.zeros((axons, steps // sample if sample else 0))

    def part(lo: int, hi: int) -> None:
        chosen = slice(lo, hi)
        own = np.ascontiguousarray(after[:, chosen])
        kernel.advance(
            own,
            (np.ascontiguousarray(packed.parameters[:, chosen]), packed.gates, packed.scalars, packed.two),
            (*(each[chosen] for each in currents), step, steps, until_all_fired),
            (times[chosen], impulses[chosen], trace[chosen], sample),
        )
        after[:, chosen] = own

    _in_threads(part, axons)
    return Run(after, impulses, times, trace + kernel.ORIGIN)


def _in_threads(part: Callable[[int, int], None], axons: int) -> None:
    """Call ``part`` on ranges of axons, whole blocks each, one thread for every processor."""
    blocks = -(-axons // kernel.LANES)
    threads = min(blocks, os.cpu_count() or 1)
    if threads < 2:
        part(0, axons)
        return
    # A few ranges for each thread, since some blocks stop early.
    size = max(1, blocks // (4 * threads)) * kernel.LANES
    with ThreadPoolExecutor(threads) as pool:
        for done in [pool.submit(part, lo, min(lo + size, axons)) for lo in range(0, axons, size)]:
            done.result()
