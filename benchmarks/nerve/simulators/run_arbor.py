"""Arbor on the single node; compiles its mechanism with arbor-build-catalogue. Called by peers.py: run_arbor.py FOLDER.

Arbor has no second layer outside a membrane, so the double cable and the internode cannot be built in it.
"""

# ruff: noqa: E501 - lines of a mechanism stay whole

from __future__ import annotations

import os
import subprocess
import sys
from pathlib import Path
from typing import Any

import arbor
import numpy as np
from arbor import units
from nmodl import NODE, gate_lines, number  # type: ignore[import-not-found]
from timed import Record, best  # type: ignore[import-not-found]

DENSITY, SPECIFIC = 0.01, 0.1


def current(task: Any) -> str:
    """Return lines for the current [mA/cm2]: sodium's as a conductance times the distance from where it reverses.

    Arbor takes the slope over v of the last line alone. Of an exponential drive in it there would be none, and so
    stiff a current without a slope runs away at this step; as a product it is as stable as that of any channel.
    """
    n = {each: number(task, each) for each in ("na_kept", "block_normal", "block", "na_out", "g_kf", "g_ks", "e_k",
                                               "g_lin", "i_lin", "thermal", "depth")}  # fmt: skip
    turn = float(np.log(task["na_out"] / task["na_in"]))
    return f"""  LOCAL x, f, chord
  x = v/{n["thermal"]}
  f = exp(-2*{n["depth"]}*x)
  chord = {n["na_out"]}*exprelr(x)/({n["thermal"]}*exprelr(x - ({turn!r})))*(1 + {n["block_normal"]}*f)/(1 + {n["block"]}*f)
  i = {DENSITY}*((na_fast*m*m*m*h + {n["na_kept"]}*p*p*p)*chord*(v - ({turn * float(task["thermal"])!r})) + ({n["g_kf"]}*n*n*n*n + {n["g_ks"]}*s)*(v - {n["e_k"]}) + {n["g_lin"]}*v + {n["i_lin"]})"""


def mod(task: Any) -> str:
    """Return the mechanism of the single node."""
    names = [name for name, _ in NODE]
    rates = "\n".join(gate_lines(task, NODE, 0, seen="v", helper="exprelr"))
    local = ", ".join(f"a_{each}, b_{each}" for each in names)
    return f"""NEURON {{ SUFFIX onenode NONSPECIFIC_CURRENT i RANGE na_fast }}
PARAMETER {{ na_fast = 1 }}
STATE {{ {" ".join(names)} }}
ASSIGNED {{ }}
BREAKPOINT {{ SOLVE states METHOD cnexp
{current(task)} }}
INITIAL {{ LOCAL {local}
{rates}
{chr(10).join(f"  {each} = a_{each}/(a_{each} + b_{each})" for each in names)} }}
DERIVATIVE states {{ LOCAL {local}
{rates}
{chr(10).join(f"  {each}' = a_{each} - (a_{each} + b_{each})*{each}" for each in names)} }}
"""


def catalogue(folder: Path, task: Any) -> Any:
    """Compile the mechanism and return the catalogue that holds it."""
    work = folder / "arbor"
    (work / "mod").mkdir(parents=True)
    (work / "mod" / "onenode.mod").write_text(mod(task), encoding="utf-8")
    tool, site = Path(sys.executable).parent / "arbor-build-catalogue", Path(arbor.__file__).parents[1]
    done = subprocess.run(
        [sys.executable, str(tool), "peer", "mod"], cwd=work, capture_output=True, text=True, check=False,
        env={**os.environ, "PYTHONPATH": str(site), "PATH": f"{tool.parent}{os.pathsep}{os.environ['PATH']}"},
    )  # fmt: skip
    if done.returncode:
        raise RuntimeError("arbor-build-catalogue: " + " ".join((done.stdout + done.stderr).split())[-400:])
    return arbor.load_catalogue(str(work / "peer-catalogue.so"))


class Cells(arbor.recipe):  # type: ignore[misc]
    """Nodes, each with its own sodium and pulses."""

    def __init__(self, task: Any, chosen: Any, found: Any, *, watched: bool) -> None:
        """Take the cells of the task that are chosen."""
        arbor.recipe.__init__(self)
        self.task, self.chosen, self.watched = task, list(chosen), watched
        self.properties = arbor.neuron_cable_properties()
        self.properties.catalogue = found

    def num_cells(self) -> int:
        """Return how many there are."""
        return len(self.chosen)

    def cell_kind(self, gid: int) -> Any:  # noqa: ARG002
        """Return the kind of all."""
        return arbor.cell_kind.cable

    def global_properties(self, kind: Any) -> Any:  # noqa: ARG002
        """Return what all share."""
        return self.properties

    def probes(self, gid: int) -> list[Any]:  # noqa: ARG002
        """Return what is recorded of each."""
        return [arbor.cable_probe_membrane_voltage("(location 0 0.5)", "v")] if self.watched else []

    def cell_description(self, gid: int) -> Any:
        """Return one of them: 10 um2, a single compartment."""
        task, at = self.task, self.chosen[gid]
        tree, length = arbor.segment_tree(), 10 / np.pi
        tree.append(arbor.mnpos, arbor.mpoint(0, 0, 0, 0.5), arbor.mpoint(length, 0, 0, 0.5), tag=1)
        current, envelope = float(task["pulses"][at]) * 1e-3, []
        for k in range(round(float(task["time"]) / float(task["period"]))):
            on, off = k * float(task["period"]), k * float(task["period"]) + float(task["width"])
            envelope += [(on, 0.0), (on, current), (off, current), (off, 0.0)]
        shape = [(when * units.ms, size * units.nA) for when, size in envelope]
        capacitance = float(task["c_node"]) / SPECIFIC * 1e-3
        decor = arbor.decor().set_property(
            Vm=float(task["v"][at]) * units.mV, cm=capacitance * units.F / units.m2, rL=100 * units.Ohm * units.cm
        )
        decor.paint("(all)", arbor.density("onenode", {"na_fast": float(task["na_fast"][at])}))
        decor.place("(location 0 0.5)", arbor.i_clamp(shape))
        decor.place("(location 0 0.5)", arbor.threshold_detector(float(task["level"]) * units.mV), "impulses")
        return arbor.cable_cell(tree, decor, arbor.label_dict(), arbor.cv_policy_single())


def simulation(recipe: Any, count: int) -> Any:
    """Return a simulation on one thread, all cells in one group."""
    context, hint = arbor.context(threads=1), arbor.partition_hint()
    hint.cpu_group_size, hint.prefer_gpu = count, False
    parts = arbor.partition_load_balance(recipe, context, {arbor.cell_kind.cable: hint})
    return arbor.simulation(recipe, context, parts)


def main() -> None:
    """Run the node: for its accuracy, then for its speed."""
    folder = Path(sys.argv[1])
    task = dict(np.load(folder / "node.npz"))
    found, step = catalogue(folder, task), float(task["step"]) * units.ms
    record = Record(folder, "Arbor", arbor.__version__)
    run = simulation(Cells(task, task["checked"], found, watched=True), len(task["checked"]))
    every = arbor.regular_schedule(step)
    handles = [run.sample((at, "v"), every) for at in range(len(task["checked"]))]
    run.run(float(task["checked_time"]) * units.ms, step)
    traces = [run.samples(each)[0][0][:, 1] for each in handles]
    # The last moment is not sampled; the step before stands for it.
    steps = round(float(task["checked_time"]) / float(task["step"])) + 1
    np.save(folder / "Arbor.npy", np.array([np.pad(each, (0, steps - len(each)), mode="edge") for each in traces]))
    for count in (1, 100, 1000):
        run = simulation(Cells(task, range(count), found, watched=False), count)
        run.record(arbor.spike_recording.all)

        def work(run: Any = run) -> None:
            run.reset()
            run.run(float(task["time"]) * units.ms, step)

        record.row("node", count, best(work), count * 20000)


if __name__ == "__main__":
    main()
