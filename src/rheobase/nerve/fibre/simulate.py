"""Run fibres: from rest, with currents held and a pulse into any node, for a time."""

from __future__ import annotations

import os
from collections.abc import Callable
from concurrent.futures import ThreadPoolExecutor
from dataclasses import dataclass

import numpy as np
from numpy.typing import ArrayLike, NDArray

from rheobase.errors import DataRefusedError
from rheobase.nerve.fibre import kernel
from rheobase.nerve.fibre.fibre import Fibre, rest, steady_gates
from rheobase.nerve.fibre.internode import Step, step_of

Array = NDArray[np.float64]
# Step of a run [ms]: tests hold what it costs.
STEP = 0.004
# Fibres that run side by side in one call, and as many as are not worth a full group.
GROUP, FEW = kernel.LANES, 2
_LEAST_STEP, _MOST_STEP = 1e-4, 0.05
_SAME = 1e-12


@dataclass(frozen=True, eq=False)
class Pulse:
    """A current into nodes.

    Attributes:
        current: [nA], shape (nodes, fibres) or what spreads to it.
        start: [ms]
        width: [ms]
    """

    current: ArrayLike
    start: float = 0.0
    width: float = 0.1


@dataclass(frozen=True, eq=False)
class Run:
    """What came of a run.

    Attributes:
        times: When each node was crossed by an impulse [ms], shape (kept, nodes, fibres); NaN where none was.
        impulses: How many, shape (nodes, fibres).
        end: Potentials at the end [mV], shape (nodes, fibres).
        trace: Potentials [mV], shape (samples, nodes, fibres).
    """

    times: Array
    impulses: NDArray[np.int64]
    end: Array
    trace: Array


def one_node(fibres: Fibre, node: int, current: ArrayLike) -> Array:
    """Return a current [nA] into one node of every fibre, in the shape of ``Pulse.current``."""
    found = np.zeros((fibres.length, fibres.count))
    found[node] = current
    return found


def advance(  # noqa: PLR0913
    fibres: Fibre,
    milliseconds: float,
    *,
    pulse: Pulse | None = None,
    hold: ArrayLike = 0.0,
    start: Array | None = None,
    step: float = STEP,
    dtype: type[np.floating] = np.float32,
    until: int = -1,
    keep: int = 4,
    sample: int = 0,
) -> Run:
    """Run fibres from rest.

    Args:
        fibres: Which.
        milliseconds: For how long.
        pulse: A current for a while.
        hold: Current into each node all along [nA]; shape (nodes, fibres) or what spreads to it.
        start: Potentials from which it sets out, each held for so long that all is steady [mV]; at rest unless given.
        step: Of the integration [ms].
        dtype: Floats of the integration.
        until: Stop as soon as this node has fired in every fibre of a group; -1 for never.
        keep: Impulses of each node of which the time is kept.
        sample: Keep the potentials of every so many steps; 0 for none.

    Raises:
        DataRefusedError: A step or a time that makes no sense.
    """
    if not _LEAST_STEP <= step <= _MOST_STEP or not 0 < milliseconds < 1e5:
        raise DataRefusedError(
            f"step {step:g} ms over {milliseconds:g} ms; expected a step of {_LEAST_STEP:g} to {_MOST_STEP:g} ms"
        )
    shape, given = (fibres.length, fibres.count), pulse or Pulse(0.0, 0.0, 0.0)
    held, pushed = (np.broadcast_to(np.asarray(each, float), shape) for each in (hold, given.current))
    v = rest(fibres, 0.0) if start is None else start - fibres.origin
    steps, times = max(1, round(milliseconds / step)), np.full((keep, *shape), np.nan)
    counts, end = np.zeros(shape, np.int64), np.zeros(shape)
    trace = np.zeros((steps // sample if sample else 0, *shape))
    begin = round(given.start / step)
    plug = bool(np.any(np.abs(fibres.nodes.block - fibres.nodes.normal) > _SAME))
    timing = (step, steps, begin, begin + round(given.width / step), plug)
    asked = _Asked(v, held, pushed, timing, until, sample, step_of(fibres.modes, step))

    def part(lo: int, hi: int) -> None:
        at = slice(lo, hi)
        found = _Group(fibres, at, asked, dtype).run(keep, len(trace))
        times[:, :, at], counts[:, at], end[:, at], trace[:, :, at] = found

    _in_threads(part, fibres.count)
    return Run(times, counts, end + fibres.origin, trace + fibres.origin)


@dataclass(frozen=True, eq=False)
class _Asked:
    """What a run is to do, for all fibres."""

    v: Array
    held: Array
    pushed: Array
    timing: tuple[float, int, int, int, bool]
    until: int
    every: int
    step: Step


class _Group:
    """A few fibres as the kernel takes them: a full group, or so few that their nodes share blocks."""

    def __init__(self, fibres: Fibre, at: slice, asked: _Asked, dtype: type[np.floating]) -> None:
        self.fibres, self.asked, self.step, self.dtype = fibres, asked, asked.step, dtype
        self.real = len(range(*at.indices(fibres.count)))
        self.count = self.real if self.real <= FEW else kernel.LANES
        # Spare places of a group repeat its last fibre.
        self.which = np.minimum(np.arange(self.count), self.real - 1) + (at.start or 0)
        self.lanes = fibres.length * self.count
        self.blocks = -(-self.lanes // kernel.LANES)

    def run(self, keep: int, samples: int) -> tuple[Array, NDArray[np.int64], Array, Array]:
        """Return times, counts, potentials at the end and the trace of this group."""
        dtype, shape, asked = self.dtype, (self.fibres.length, self.count), self.asked
        blocks = self._blocks(*(each[:, self.which] for each in (asked.v, asked.held, asked.pushed)))
        times, counts = np.full((self.lanes, keep), np.nan), np.zeros(self.lanes, np.int64)
        trace = np.zeros((samples, self.lanes))
        table = tuple(tuple(dtype(x) for x in (*row, 1e-3, 1 / 12, 0.5)) for row in self.fibres.gates)
        kept = np.zeros((kernel.PAIRS, 4), dtype)
        kept[: len(self.step.kept)] = self.step.kept
        kernel.advance(
            blocks,
            (table, kept, self._scalars(asked.timing[0]), len(self.step.kept)),
            (shape, asked.timing, asked.until),
            (times, counts, trace, asked.every),
        )
        end = blocks.reshape(self.blocks, kernel.BLOCK_ROWS, kernel.LANES)[:, 0].reshape(-1)[: self.lanes]
        real = slice(0, self.real)
        kept_times = np.moveaxis(times.reshape(*shape, keep), 2, 0)[..., real]
        fired, last = counts.reshape(shape)[..., real], end.reshape(shape)[..., real].astype(float)
        return kept_times, fired, last, trace.reshape(-1, *shape)[..., real]

    def _blocks(self, v: Array, held: Array, pushed: Array) -> NDArray[np.floating]:
        fibres, which = self.fibres, self.which
        n, gates = fibres.nodes, steady_gates(fibres, v, which)
        given = {
            "V": v, "M": gates[0], "H": gates[1], "P": gates[2], "S": gates[3],
            "SHIFT_NA": n.shift_na[:, which], "SHIFT_K": n.shift_k[:, which], "G_NA": n.na[:, which],
            "G_NAP": n.nap[:, which], "G_KS": n.ks[:, which], "G_LIN": n.leak[:, which],
            "I_LIN": (n.leak * n.e_leak)[:, which], "E_NA": n.e_na[:, which], "E_K": n.e_k[:, which],
            "BLOCK": n.block[:, which], "NORMAL": n.normal[:, which], "HOLD": held, "PULSE": pushed,
            "LEVEL": np.broadcast_to(fibres.level - fibres.origin[which], v.shape),
        }  # fmt: skip
        rows = np.zeros((kernel.BLOCK_ROWS, self.blocks * kernel.LANES))
        for row, name in enumerate(kernel.ROWS):
            if name in given:
                flat = np.ravel(given[name])
                rows[row, : self.lanes] = flat
                # Spare lanes repeat the last node, so that nothing in them runs away.
                rows[row, self.lanes :] = flat[-1]
        self._internodes(rows, v)
        blocks = rows.reshape(kernel.BLOCK_ROWS, self.blocks, kernel.LANES).transpose(1, 0, 2)
        return np.ascontiguousarray(blocks, self.dtype).reshape(self.blocks, -1)

    def _internodes(self, rows: Array, v: Array) -> None:
        """Fill the modes and what they push into the first step, all steady at the nodes' potentials v."""
        step, real = self.step, self.lanes - self.count
        for column, drive in ((0, np.ravel(v[:-1] + v[1:])), (1, np.ravel(v[:-1] - v[1:]))):
            total = step.alpha[column] * drive
            for pair, (decay, gain) in enumerate(step.kept[:, 2 * column : 2 * column + 2]):
                # Under a steady drive a mode comes to where the gain of a step makes good what the step loses.
                mode = gain / (1 - decay) * drive
                rows[kernel.FIRST_MODE_ROW + 2 * pair + column, :real] = mode
                total = total + mode
            for name in (("EVEN", "MEAN_EVEN"), ("ODD", "MEAN_ODD"))[column]:
                rows[kernel.ROWS.index(name), :real] = total

    def _scalars(self, h: float) -> NDArray[np.floating]:
        found, fibres, step = np.zeros(kernel.SCALARS), self.fibres, self.step
        found[kernel.PER_STEP] = 2 * fibres.capacitance / h
        found[kernel.OWN], found[kernel.CROSS] = step.own, step.cross
        found[kernel.ALPHA_EVEN], found[kernel.ALPHA_ODD] = step.alpha
        found[kernel.DEPTH] = -fibres.depth
        return found.astype(self.dtype)


def _in_threads(part: Callable[[int, int], None], fibres: int) -> None:
    """Call ``part`` on groups of fibres, one thread for every processor."""
    threads = min(-(-fibres // GROUP), os.cpu_count() or 1)
    if threads < 2:
        for lo in range(0, fibres, GROUP):
            part(lo, min(lo + GROUP, fibres))
        return
    with ThreadPoolExecutor(threads) as pool:
        for done in [pool.submit(part, lo, min(lo + GROUP, fibres)) for lo in range(0, fibres, GROUP)]:
            done.result()
