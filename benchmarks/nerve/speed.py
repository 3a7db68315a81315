"""How fast the nerve model runs: work for each second of processor time, since machines are shared; own figures only.

    .venv/bin/python benchmarks/nerve/speed.py

1. A node of Ranvier, 100 ms in steps of 5 us, beside the same formula in C (node.c, needs gcc).
2. The same at the step that keeps the accuracy of a first-order scheme at 5 us, as the published simulators have.
3. The whole page of indices of one person.
4. The threshold of 10,000 different axons to 0.5 %.
5. First use: compiling; and a later one: reading what was compiled.
"""

from __future__ import annotations

import ctypes
import os
import shutil
import subprocess
import sys
import tempfile
import time
from collections.abc import Callable
from pathlib import Path

import numba
import numpy as np
from numpy.typing import NDArray

from rheobase.nerve import fast_exp
from rheobase.nerve import layout as at
from rheobase.nerve.concentrations import normal_serum, serum_of
from rheobase.nerve.indices import measure
from rheobase.nerve.membrane import Membrane, membrane
from rheobase.nerve.protocols.resting import resting
from rheobase.nerve.protocols.settled import settle
from rheobase.nerve.protocols.threshold import threshold
from rheobase.nerve.reference import solve
from rheobase.nerve.simulate import Packed, advance, pack
from rheobase.nerve.state import held_at, potentials

HERE = Path(__file__).parent
MILLISECONDS, FINE, WIDTH = 100.0, 0.005, 0.1
REPEATS = 5
Floats = NDArray[np.float32]


def timed(work: Callable[[], object], repeats: int = REPEATS) -> tuple[float, float]:
    """Return the best wall time and the best processor time of several repeats [s]."""
    walls, processors = [], []
    for _ in range(repeats):
        wall, processor = time.perf_counter(), time.process_time()
        work()
        walls.append(time.perf_counter() - wall)
        processors.append(time.process_time() - processor)
    return min(walls), min(processors)


def nodes(count: int) -> tuple[Membrane, Packed, Floats, NDArray[np.float64]]:
    """Return nodes at rest, each with its own sodium permeability, and a pulse for each [pA]."""
    axons = membrane("schwarz_node", normal_serum(), vary={"p_na": np.linspace(0.9, 1.1, count)})
    v, vi = resting(axons)
    pulses = np.asarray(400 + 1600 * (np.arange(count) * 0.6180339887498949 % 1), np.float64)
    return axons, pack(axons), np.asarray(held_at(axons, v, vi), np.float32), pulses


def show(name: str, count: int, times: tuple[float, float], steps: int) -> float:
    """Print one line and return the steps of one axon for each second of processor time."""
    wall, processor = times
    rate = count * steps / processor
    print(
        f"{name:34s} N={count:6d}  wall {wall * 1000:8.1f} ms  cpu {processor * 1000:8.1f} ms  {rate:.2e} steps/cpu-s"
    )
    return rate


def in_c(packed: Packed, states: Floats, pulses: NDArray[np.float64], step: float) -> Callable[[], int] | None:
    """Return a call of node.c on the same nodes that says how many impulses there were; None without gcc."""
    compiler = shutil.which("gcc")
    if compiler is None:
        return None
    library = Path(tempfile.mkdtemp()) / "node.so"
    flags = ["-O3", "-march=native", "-ffast-math", "-mrecip", "-shared", "-fPIC"]
    subprocess.run([compiler, *flags, str(HERE / "node.c"), "-o", str(library), "-lm"], check=True)
    function = ctypes.CDLL(str(library)).node
    spare = -states.shape[1] % 32
    filled, rows = (np.pad(each, ((0, 0), (0, spare)), mode="edge") for each in (states, packed.parameters))
    pulse = np.pad(pulses.astype(np.float32), (0, spare))
    exp = np.array([fast_exp.C0, fast_exp.C1, fast_exp.C2, fast_exp.C3, fast_exp.C4, fast_exp.C5], np.float32)
    gates, scalars = np.array(packed.gates, np.float32), np.array(packed.scalars, np.float32)

    def call() -> int:
        own, counts = np.ascontiguousarray(filled), np.zeros(filled.shape[1], np.int32)
        own = own.copy()
        arrays = (gates, scalars, exp, np.ascontiguousarray(rows))
        pointers = [each.ctypes.data_as(ctypes.c_void_p) for each in (*arrays, own, pulse)]
        function(
            ctypes.c_int(filled.shape[1]), ctypes.c_int(round(MILLISECONDS / step)), ctypes.c_float(step), *pointers,
            ctypes.c_float(round(WIDTH / step)), counts.ctypes.data_as(ctypes.c_void_p),
        )  # fmt: skip
        return int(counts[: states.shape[1]].sum())

    return call


def node_benchmark() -> None:
    """Print the speed of nodes, beside C, and the errors against scipy."""
    steps = round(MILLISECONDS / FINE)
    for count in (1, 100, 1000, 10_000):
        _, packed, states, pulses = nodes(count)

        def run(p: Packed = packed, s: Floats = states, i: NDArray[np.float64] = pulses) -> int:
            return int(advance(p, s, MILLISECONDS, pulse=i, width=WIDTH, step=FINE).impulses.sum())

        rate = show("numba, float32, 5 us", count, timed(run, 3), steps)
        call = in_c(packed, states, pulses, FINE)
        if call is not None:
            reference = show("C, vectors of 8, same formula", count, timed(call, 3), steps)
            print(f"{'':34s} {100 * rate / reference:.0f} % of C; impulses {run()} and {call()}")
    for step in (0.005, 0.01, 0.02):
        accuracy(step)


def accuracy(step: float) -> None:
    """Print the largest errors of some nodes against scipy, and the speed in terms of 5 us."""
    axons, packed, states, pulses = nodes(1000)
    run = advance(packed, states, 10.0, pulse=pulses, width=WIDTH, step=step)
    worst, off = 0.0, 0.0
    for number in range(0, 1000, 125):
        one, start = axons.take([number]), states[:, number].astype(float)
        start[:2] += -80.0
        first = solve(one, start, WIDTH, stimulus=float(pulses[number]))
        then = solve(one, first.state, 10.0 - WIDTH)
        times = [*first.impulses, *(WIDTH + each for each in then.impulses)]
        if times and run.impulses[number]:
            worst = max(worst, abs(run.times[number, 0] - times[0]))
        off = max(off, abs(potentials(run.states)[0][number] - then.state[at.V]))
    wall, processor = timed(lambda: advance(packed, states, MILLISECONDS, pulse=pulses, width=WIDTH, step=step), 3)
    rate = 1000 * MILLISECONDS / FINE / processor
    print(
        f"step {step * 1000:4.0f} us: impulse within {worst * 1000:.2f} us, potential within {off:.4f} mV of scipy; "
        f"wall {wall * 1000:.0f} ms, {rate:.2e} steps of 5 us for each cpu-s"
    )


def people() -> None:
    """Print the time of one person's page of indices, and of the threshold of a population."""
    axons = membrane("motor", serum_of({"calcium_ionised": 0.9, "potassium": 3.6}))
    measure(axons)
    wall, processor = timed(lambda: measure(axons))
    print(f"all indices of one person: wall {wall * 1000:.0f} ms, cpu {processor * 1000:.0f} ms")
    generator = np.random.default_rng(1)
    vary = {name: generator.lognormal(0, 0.2, 10_000) for name in ("p_na", "na_persistent", "g_k_slow", "g_leak")}

    def population() -> float:
        settled = settle(membrane("motor", normal_serum(), vary=vary))
        found = threshold(settled.packed, settled.states, 1.0, guess=settled.control, within=0.005)
        return float(np.median(found))

    wall, processor = timed(population, 2)
    print(f"rest and threshold of 10,000 axons, twice, to 0.5 %: wall {wall:.2f} s, cpu {processor:.2f} s")


def first_use() -> None:
    """Print the time of a process that compiles, and of the next one: the kernel alone, then the whole command.

    Without byte code of numba and scipy on disc each process compiles their sources anew, which costs more than our
    kernel; where that is so it is said.
    """
    there = any((Path(numba.__file__).parent / "core" / "__pycache__").glob("*.pyc"))
    print(
        f"byte code of numba on disc: {'yes' if there else 'no: each process compiles its sources, 2 s cpu and more'}"
    )
    code = (
        "from rheobase.nerve.concentrations import normal_serum; from rheobase.nerve.membrane import membrane; "
        "from rheobase.nerve.protocols.settled import settle; settle(membrane('motor', normal_serum()))"
    )
    for what, command in (
        ("threshold of one axon", [sys.executable, "-c", code]),
        ("rheobase nerve show", [sys.executable, "-m", "rheobase.cli", "nerve", "show", "--ca", "0.9", "--json"]),
    ):
        with tempfile.TemporaryDirectory() as folder:
            for name in ("first use (compiles)", "later use"):
                wall, before = time.perf_counter(), os.times()
                subprocess.run(command, check=True, capture_output=True, env={**os.environ, "XDG_CACHE_HOME": folder})
                after = os.times()
                spent = after.children_user + after.children_system - before.children_user - before.children_system
                print(f"{what}, {name}: wall {time.perf_counter() - wall:.1f} s, cpu {spent:.1f} s")


if __name__ == "__main__":
    node_benchmark()
    people()
    first_use()
