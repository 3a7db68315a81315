"""Ours beside NEURON, Arbor, Brian2 and Jaxley: same model, same accuracy, same machine, one command.

    .venv/bin/python benchmarks/nerve/peers.py [--python OTHER] [--only Arbor] [--write docs/validation/nerve_speed.md]

The others come from the extra ``bench-nerve``, in this Python or in one named with --python (repeat it to name several:
the first that has a simulator runs it). One that is missing is left out with a line that says so. Each runs in a
process of its own on one thread. The machine may be shared, so each figure is the best of several repeats, and what is
compared is the work for each second of processor time; wall times are printed beside it.
"""

# ruff: noqa: E501, I001, ISC004 - pieces of one page; parts lie beside this script

from __future__ import annotations

import argparse
import json
import os
import subprocess
import sys
import tempfile
from dataclasses import dataclass
from datetime import UTC, datetime
from pathlib import Path
from typing import Any

HERE = Path(__file__).parent / "simulators"
sys.path.insert(0, str(HERE))

import numpy as np  # noqa: E402
import numba  # noqa: E402
import ours  # type: ignore[import-not-found] # noqa: E402
from problem import STEP, errors, reference, write_fibre, write_node, write_pool  # type: ignore[import-not-found] # noqa: E402
from timed import Record  # type: ignore[import-not-found] # noqa: E402

LONGEST = 1500.0
# Name, module that must be there, script and what it is called with.
PEERS = (
    ("NEURON", "neuron", ("run_neuron.py",)),
    ("Arbor", "arbor", ("run_arbor.py",)),
    ("Brian2", "brian2", ("run_brian2.py",)),
    ("Jaxley float32", "jaxley", ("run_jaxley.py",)),
    ("Jaxley float64", "jaxley", ("run_jaxley.py", "--double")),
)
OURS = "ours"
Peer = tuple[str, str, tuple[str, ...]]


@dataclass(frozen=True, slots=True)
class Target:
    """One target of the issue: what is compared, ours by what was reached, against what was asked."""

    what: str
    reached: float
    asked: float
    unit: str = "x"

    def line(self) -> str:
        """Return its row in a table; more is better."""
        share = self.reached / self.asked
        word = "met" if share >= 1 else f"missed: {100 * (1 - share):.0f} % short"
        return f"| {self.what} | {_short(self.asked)} {self.unit} | {_short(self.reached)} {self.unit} | {word} |"


def _short(value: float) -> str:
    return f"{value:.1e}" if value >= 1e5 else f"{value:.3g}"


def run_peer(peer: Peer, pythons: list[str], folder: Path) -> dict[str, Any] | str:
    """Return what a simulator measured, or why it did not, in one line."""
    name, module, command = peer
    for python in pythons:
        there = subprocess.run([python, "-c", f"import {module}"], capture_output=True, check=False)
        if there.returncode == 0:
            break
    else:
        return f"left out: `{module}` cannot be imported (pip install 'rheobase[bench-nerve]')"
    script = [python, str(HERE / command[0]), str(folder), *command[1:]]
    # One thread each, so that the processor time is that of one core's work.
    alone = {"OMP_NUM_THREADS": "1", "XLA_FLAGS": "--xla_cpu_multi_thread_eigen=false"}
    done = subprocess.run(
        script, capture_output=True, text=True, check=False, env={**os.environ, **alone}, timeout=LONGEST
    )
    if done.returncode:
        last = (done.stderr.strip().splitlines() or ["no word"])[-1]
        return f"failed: {last[:300]}"
    found: dict[str, Any] = json.loads((folder / f"{name}.json").read_text(encoding="utf-8"))
    return found


def rate(found: dict[str, Any], task: str, count: int | None = None, said: str = "") -> float:
    """Return compartment-steps for each second of processor time; NaN where that was not run."""
    for row in found.get("rows", ()):
        if row["task"] == task and count in {None, row["count"]} and said in row["said"]:
            return float(row["work"] / row["cpu"])
    return float("nan")


def rows(name: str, found: dict[str, Any], task: str, error: str) -> list[str]:
    """Return the lines of a table for one simulator and task."""
    return [
        f"| {name} {found['version']} | {row['count']} | {1000 * row['wall']:.1f} ms | {1000 * row['cpu']:.1f} ms | "
        f"{row['work'] / row['wall']:.1e} | {row['work'] / row['cpu']:.1e} | {error} | {row['said']} |"
        for row in found["rows"]
        if row["task"] == task
    ]


HEAD = (
    "| simulator | cells | wall | processor | steps/s | steps/processor-s | error | |\n"
    "|---|---:|---:|---:|---:|---:|---|---|"
)


def targets(mine: dict[str, Any], others: dict[str, dict[str, Any]]) -> list[Target]:
    """Return the targets of the issue that could be measured."""
    own, found = rate(mine, "node", 1000, "step 5 us"), []
    coarse = rate(mine, "node", 1000, "step 20 us")
    for name, asked in (("Arbor", 3), ("Jaxley float32", 3), ("Jaxley float64", 3), ("NEURON", 12), ("Brian2", 10)):
        if name in others:
            theirs = rate(others[name], "node", 1000)
            found.append(Target(f"node, 1,000 axons, step 5 us, against {name}", own / theirs, asked))
            found.append(Target(f"the same with our step of 20 us, against {name} with 5 us", coarse / theirs, asked))
    c = rate(mine, "c")
    if c == c:  # noqa: PLR0124 - not NaN
        found.append(Target("node, share of a C kernel of the same formula", 100 * rate(mine, "beside_c") / c, 75, "%"))
    for said in ("step 5 us", "step 20 us"):
        wall = min(
            row["wall"] for row in mine["rows"] if row["task"] == "node" and row["count"] == 1 and said in row["said"]
        )
        found.append(Target(f"one axon, 100 ms, {said}: runs in a millisecond", 1e-3 / wall, 1, "runs"))
    pool = next(row for row in mine["rows"] if row["task"] == "pool")
    found.append(
        Target("pool at rest, steps of 5 us a second (all cores, wall)", pool["work"] / pool["wall"], 1e9, "/s")
    )
    if "NEURON" in others:
        neuron = others["NEURON"]
        found.append(Target("pool at rest, against NEURON", rate(mine, "pool") / rate(neuron, "pool"), 50))
        for count, asked in ((100, 300), (1, 8)):
            own = rate(mine, "fibre", count, "step 5 us")
            # NEURON is quickest with one fibre at a time, so that is what ours is held against.
            words = f"fibre of 221 compartments, {count} of ours at once, step 5 us, against NEURON with one"
            found.append(Target(words, own / rate(neuron, "fibre", 1), asked))
        velocity = neuron.get("velocity")
        if velocity:
            apart = abs(mine["velocity"] / velocity - 1)
            found.append(Target("velocity within 1 % of NEURON's as its step goes to 0", 0.01 / max(apart, 1e-9), 1))
    return found


def page(mine: dict[str, Any], others: dict[str, dict[str, Any]], left: dict[str, str], seen: dict[str, str]) -> str:
    """Return the whole page."""
    lines = [
        "# How fast the nerve model runs beside NEURON, Arbor, Brian2 and Jaxley",
        "",
        "Made by `benchmarks/nerve/peers.py --write`; do not edit.",
        "",
        f"{datetime.now(UTC).date()}; {os.cpu_count()} cores, shared with other work while this ran; Python "
        f"{sys.version.split()[0]}, numba {numba.__version__}, numpy {np.__version__}.",
        "Each figure is the best of two to five repeats. Simulators ran on one thread, ours on all cores; compare the "
        "column per second of processor time (of all threads together). A step is one compartment over 5 us, whatever step was taken.",
        "Errors are against scipy (LSODA, tolerance 1e-10): the largest error of the time of an impulse and of the "
        "potential between impulses, over 8 cells and 30 ms with a pulse every 10 ms.",
        "", "## Targets", "", "| what | target | reached | |", "|---|---:|---:|---|", *(each.line() for each in targets(mine, others)),
    ]  # fmt: skip
    titles = {
        "node": "One human node of Ranvier (Schwarz), five gates, in ionised calcium 1.0, 100 ms",
        "pool": "Axons of node and internode at rest in noise",
        "fibre": "Double cable, 10 um, 21 nodes, 221 compartments",
    }
    for task, title in titles.items():
        lines += ["", f"## {title}", "", HEAD]
        for name, found in (*others.items(), (OURS, mine)):
            if task == "node" and name == OURS:
                for step in ("step 5 us", "step 20 us"):
                    some = {**found, "rows": [row for row in found["rows"] if step in row["said"]]}
                    lines += rows(name, some, task, seen[f"{OURS}, {step}"])
            else:
                lines += rows(name, found, task, seen.get(name, "") if task == "node" else "")
    lines += ["", *(f"{name}: {why}" for name, why in left.items())]
    if "NEURON" in others:
        fine = others["NEURON"].get("velocity", float("nan"))
        lines += [
            "",
            f"Velocity: ours {mine['velocity']:.2f} m/s at 4 us; NEURON's as its step goes to 0: {fine:.2f} m/s.",
        ]
    lines += [
        "",
        "Arbor, Brian2 and Jaxley have no second layer outside a membrane (NEURON's `extracellular`), so the double "
        "cable and the internode cannot be built in them; there NEURON alone is compared. It runs the hundred fibres for "
        "a single millisecond, since it takes seconds for each; its potential at rest after the same noise stands beside "
        "ours, which takes one step of 100 us for twenty of 5 us.",
        "",
    ]
    return "\n".join(lines)


def measured(folder: Path, only: list[str], pythons: list[str]) -> str:
    """Run everything and return the page."""
    write_node(folder)
    write_pool(folder)
    write_fibre(folder)
    answer = reference()
    others: dict[str, dict[str, Any]] = {}
    left, seen = {}, {}
    for name, module, command in PEERS:
        if only and not any(each.lower() in name.lower() for each in only):
            continue
        print(f"{name} ...", file=sys.stderr, flush=True)
        found = run_peer((name, module, command), pythons, folder)
        if isinstance(found, str):
            left[name] = found
            print(f"{name}: {found}", file=sys.stderr)
            continue
        others[name] = found
        seen[name] = errors(np.load(folder / f"{name}.npy"), answer)
    for step in (STEP, ours.OUR_STEP):
        seen[f"{OURS}, step {1000 * step:.0f} us"] = errors(ours.trace(step), answer)
    record = Record(folder, OURS, "")
    ours.node(record)
    ours.pool(record)
    ours.cables(record)
    return page(record.found, others, left, seen)


def main() -> None:
    """Measure, print the page and write it where that is asked."""
    asked = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    asked.add_argument("--python", action="append", default=[], help="another Python that has simulators; repeatable")
    asked.add_argument("--only", action="append", default=[], help="one simulator; repeatable")
    asked.add_argument("--write", type=Path, help="write the page to this file too")
    told = asked.parse_args()
    with tempfile.TemporaryDirectory() as folder:
        text = measured(Path(folder), told.only, [sys.executable, *told.python])
    print(text)
    if told.write is not None:
        told.write.write_text(text, encoding="utf-8")


if __name__ == "__main__":
    main()
