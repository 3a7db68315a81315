"""Our kernels on the three tasks, and the C kernel of the node beside them."""

# ruff: noqa: E501, I001, PLR0917, RUF100 - a script beside its parts

from __future__ import annotations

import sys
from pathlib import Path

import numpy as np
from numpy.typing import NDArray

from rheobase.nerve.concentrations import normal_serum
from rheobase.nerve.fibre.fibre import fibre, rest
from rheobase.nerve.fibre.simulate import Pulse, one_node
from rheobase.nerve.fibre.simulate import advance as carry_fibres
from rheobase.nerve.membrane import membrane
from rheobase.nerve.pool.simulate import Noise, watch
from rheobase.nerve.protocols.resting import resting
from rheobase.nerve.simulate import STEP as OUR_STEP
from rheobase.nerve.simulate import Packed, advance, pack
from rheobase.nerve.state import held_at

sys.path.insert(0, str(Path(__file__).parents[1]))

from problem import (  # type: ignore[import-not-found] # noqa: E402 - beside this script, as is what follows
    CHECKED_TIME, DIAMETER, NOISE, NOISE_TIME, PERIOD, STEP, WIDTH, checked, currents, node_cells,
)  # fmt: skip
from speed import in_c  # type: ignore[import-not-found] # noqa: E402
from timed import Record, best  # type: ignore[import-not-found] # noqa: E402

Array = NDArray[np.float64]
Floats = NDArray[np.floating]
TIME, FIBRE_TIME, WATCHED, QUIET = 100.0, 10.0, 2.0, 1024


def prepared(count: int) -> tuple[Packed, Floats, Array]:
    """Return the first cells of the node's task for the kernel: packed, at rest, and their pulses [pA]."""
    cells, pulses = node_cells()
    chosen = checked() if count == 0 else np.arange(count) % cells.count
    some = cells.take(chosen)
    return pack(some), held_at(some, *resting(some)), pulses[chosen]


def pulsed(packed: Packed, states: Floats, pulses: Array, step: float, time: float, sample: int = 0) -> list[Array]:
    """Give a pulse every ten milliseconds for a time; return the traces of each stretch."""
    found = []
    for _ in range(round(time / PERIOD)):
        run = advance(packed, states, PERIOD, pulse=pulses, width=WIDTH, step=step, sample=sample)
        states = run.states
        found.append(run.trace)
    return found


def trace(step: float) -> Array:
    """Return the potentials of the checked cells from the start on, shape (cells, steps + 1) [mV]."""
    packed, states, pulses = prepared(0)
    start = states[:1].T.astype(float) - 80.0
    return np.concatenate([start, *pulsed(packed, states, pulses, step, CHECKED_TIME, 1)], axis=1)


def node(record: Record) -> None:
    """Time the node at the step of the others, and at our own; and C on the same cells."""
    for count in (1, 100, 1000):
        packed, states, pulses = prepared(count)
        for step in (STEP, OUR_STEP):

            def work(step: float = step) -> object:
                return pulsed(packed, states, pulses, step, TIME)  # noqa: B023

            work()
            record.row("node", count, best(work, 5), count * 20000, f"step {1000 * step:.0f} us")
    packed, states, pulses = prepared(1000)
    call = in_c(packed, states, pulses, STEP)
    if call is not None:
        record.row("c", 1000, best(call, 5), 1000 * 20000, "gcc, vectors of 8 floats, a single pulse")
        alone = best(lambda: advance(packed, states, TIME, pulse=pulses, width=WIDTH, step=STEP), 5)
        record.row("beside_c", 1000, alone, 1000 * 20000, "the same: a single pulse")


def pool(record: Record) -> None:
    """Time ordinary axons at rest in noise."""
    quiet = membrane("motor", normal_serum(), vary={"na_persistent": np.ones(QUIET)})
    watch(quiet, 0.01, Noise(NOISE, NOISE_TIME))
    seen = watch(quiet, WATCHED, Noise(NOISE, NOISE_TIME))
    times = best(lambda: watch(quiet, WATCHED, Noise(NOISE, NOISE_TIME)))
    said = f"{seen.impulses.sum()} impulses, {100 * seen.fine:.0f} % of steps fine"
    record.row("pool", QUIET, times, QUIET * WATCHED * 1000 / STEP, said)


def cables(record: Record) -> None:
    """Time double cables at the step of the others and at our own, and note the velocity."""
    for count in (1, 10, 100):
        some = fibre(DIAMETER, count=count)
        start = np.broadcast_to((rest(fibre(DIAMETER)) + fibre(DIAMETER).origin)[:, :1], (some.length, count))
        pulse = Pulse(one_node(some, 10, currents(count)), 1.0, WIDTH)
        for step in (STEP, 0.004):

            def work(step: float = step) -> object:
                return carry_fibres(some, FIBRE_TIME, pulse=pulse, start=start, step=step)  # noqa: B023

            run = carry_fibres(some, FIBRE_TIME, pulse=pulse, start=start, step=step)
            fired = run.impulses[18] > 0
            speed = 6 * some.size.spacing / 1000 / (run.times[0, 18, -1] - run.times[0, 12, -1])
            said = f"step {1000 * step:.0f} us; {f'{speed:.2f} m/s' if count == 1 else f'{fired.sum()} of {count} conduct'}"
            record.row("fibre", count, best(work, 5), count * some.compartments * FIBRE_TIME / STEP, said)
            if count == 1:
                record.found["velocity"] = float(speed)
