"""How fast and how exact the double-cable fibre is, for each second of processor time, since machines are shared.

    .venv/bin/python benchmarks/nerve/fibre.py

Ten milliseconds of a 10 um fibre of 21 nodes, 221 compartments, one pulse. Work is counted as compartments times steps
of 5 us, the step of the published program, whatever step is taken here. NEURON's figures were measured elsewhere
(an AVX-512 Xeon, NEURON 9.0.2) and are printed for comparison only.
"""

from __future__ import annotations

import time
from collections.abc import Callable

import numpy as np

from rheobase.knowledge.fibre_facts import load_fibre_facts
from rheobase.nerve.fibre.fibre import fibre, rest
from rheobase.nerve.fibre.simulate import STEP, Pulse, advance, one_node
from rheobase.nerve.fibre.velocity import NODES, velocity

MILLISECONDS, PUBLISHED_STEP, REPEATS = 10.0, 0.005, 5
# Compartments times steps for each second of one processor: alone, and ten fibres at once.
NEURON_ONE, NEURON_MANY = 2.1e6, 0.9e6


def processor_seconds(work: Callable[[], object]) -> float:
    """Return the best processor time of several repeats [s]."""
    best = float("inf")
    for _ in range(REPEATS):
        before = time.process_time()
        work()
        best = min(best, time.process_time() - before)
    return best


def speed() -> None:
    """Print work for each processor second, alone and many at once, at both steps."""
    for count in (1, 16, 100, 1000):
        fibres = fibre(10.0, count=count)
        start = np.broadcast_to((rest(fibre(10.0)) + fibre(10.0).origin)[:, :1], (fibres.length, count))
        pulse = Pulse(one_node(fibres, 10, np.linspace(0.2, 2.2, count) if count > 1 else 2.0), 1.0, 0.1)
        for step in (PUBLISHED_STEP, STEP):

            def work(step: float = step) -> object:
                return advance(fibres, MILLISECONDS, pulse=pulse, start=start, step=step)  # noqa: B023

            work()
            seconds = processor_seconds(work)
            rate = count * fibres.compartments * MILLISECONDS / PUBLISHED_STEP / seconds
            peer = NEURON_ONE if count == 1 else NEURON_MANY
            print(
                f"{count:5d} fibres, step {1000 * step:.0f} us: {1000 * seconds:8.2f} ms cpu, {rate:.2e} compartment-"
                f"steps of 5 us per cpu-s, {rate / peer:.0f} x NEURON (measured elsewhere)"
            )


def exactness() -> None:
    """Print each size's velocity beside the published model in NEURON."""
    for diameter, known in load_fibre_facts().velocities.items():
        ours = velocity(fibre(diameter, nodes=NODES))[0]
        own, coarse = (100 * (each / known.fine - 1) for each in (ours, known.coarse))
        print(
            f"{diameter:5.1f} um: {ours:6.2f} m/s; NEURON with step to 0 {known.fine:6.2f} ({own:+.2f} %), "
            f"with 5 us {known.coarse:6.2f} ({coarse:+.1f} %)"
        )


if __name__ == "__main__":
    speed()
    exactness()
