"""NEURON on the three tasks; compiles its mechanisms with nrnivmodl. Called by peers.py: run_neuron.py FOLDER."""

# ruff: noqa: E501, SLF001, PLW2901 - lines of a mechanism stay whole; NEURON's references begin so

from __future__ import annotations

import os
import subprocess
import sys
from collections.abc import Callable
from pathlib import Path
from typing import Any

import numpy as np
from nmodl import HELPERS, INNER, NODE, gate_lines, inner_current, node_current, number, rate  # type: ignore[import-not-found]
from timed import Record, best  # type: ignore[import-not-found]

# A membrane of 10 um2: 1 pA through it is 0.01 mA/cm2, 1 pF is 10 uF/cm2.
DENSITY, SPECIFIC = 0.01, 10.0
FIBRE_TIME, SITES, SITE_TIME = 10.0, 64, 100.0


def node_mod(task: Any) -> str:
    """Return the mechanism of the single node."""
    names = [name for name, _ in NODE]
    rates = "\n".join(gate_lines(task, NODE, 0, seen="v", helper="ratio"))
    return f"""NEURON {{ SUFFIX onenode NONSPECIFIC_CURRENT i RANGE na_fast, amp }}
PARAMETER {{ na_fast = 1 amp = 0 }}
STATE {{ {" ".join(names)} }}
ASSIGNED {{ v i {" ".join(f"a_{each} b_{each}" for each in names)} }}
BREAKPOINT {{ LOCAL x, f, drive, node, st
  SOLVE states METHOD cnexp
  st = 0
  if (fmod(t, {number(task, "period")}) < {number(task, "width")}) {{ st = amp }}
{chr(10).join(node_current(task, helper="ratio", sodium="na_fast"))}
  i = {DENSITY}*(node - st) }}
INITIAL {{ rates(v)
{chr(10).join(f"  {each} = a_{each}/(a_{each} + b_{each})" for each in names)} }}
DERIVATIVE states {{ rates(v)
{chr(10).join(f"  {each}' = a_{each}*(1 - {each}) - b_{each}*{each}" for each in names)} }}
PROCEDURE rates(v) {{
{rates} }}
{HELPERS}"""


def pool_mod(task: Any) -> str:
    """Return the mechanism of node and internode: the internode's potential is a state of it."""
    names = [name for name, _ in (*NODE, *INNER)]
    rates = "\n".join([*gate_lines(task, NODE, 0, seen="v", helper="ratio"),
                       *gate_lines(task, INNER, len(NODE), seen="w", helper="ratio")])  # fmt: skip
    c = {each: number(task, each) for each in ("g_bb", "c_node", "c_myelin", "c_internode")}
    return f"""NEURON {{ SUFFIX twoparts NONSPECIFIC_CURRENT i RANGE na_fast, hold, vi, vi0 }}
PARAMETER {{ na_fast = 1 vi0 = -80 hold = 0 }}
STATE {{ {" ".join(names)} vi }}
ASSIGNED {{ v i node {" ".join(f"a_{each} b_{each}" for each in names)} }}
BREAKPOINT {{ LOCAL x, f, drive
  SOLVE states METHOD cnexp
{chr(10).join(node_current(task, helper="ratio", sodium="na_fast"))}
  i = {DENSITY}*(node + {c["g_bb"]}*(v - vi) - hold) }}
INITIAL {{ vi = vi0 rates(v, vi)
{chr(10).join(f"  {each} = a_{each}/(a_{each} + b_{each})" for each in names)}
  node = 0 }}
DERIVATIVE states {{ rates(v, vi)
{chr(10).join(f"  {each}' = a_{each}*(1 - {each}) - b_{each}*{each}" for each in names)}
  vi' = ({c["g_bb"]}*(v - vi) - ({inner_current(task)}) + {c["c_myelin"]}*(hold - node - {c["g_bb"]}*(v - vi))/({c["c_node"]} + {c["c_myelin"]}))/{c["c_internode"]} }}
PROCEDURE rates(v, w) {{
{rates} }}
{HELPERS}"""


def fibre_mod(task: Any) -> str:
    """Return the mechanism of a node of the double cable, in densities; normal serum, so that nothing plugs it more."""
    names = ("m", "h", "p", "s")
    lines = []
    for at, name in enumerate(names):
        u = f"v + ({float(task['shift'])!r})"
        row = task["gates"][at]
        lines += [
            f"  a_{name} = {rate(row[:6], u, helper='ratio')}",
            f"  b_{name} = {rate(row[6:], u, helper='ratio')}",
        ]
    n = {each: number(task, each) for each in ("g_na", "g_nap", "g_ks", "g_l", "e_na", "e_k", "e_l")}
    return f"""NEURON {{ SUFFIX doublenode NONSPECIFIC_CURRENT i }}
STATE {{ {" ".join(names)} }}
ASSIGNED {{ v i {" ".join(f"a_{each} b_{each}" for each in names)} }}
BREAKPOINT {{ SOLVE states METHOD cnexp
  i = ({n["g_na"]}*m*m*m*h + {n["g_nap"]}*p*p*p)*(v - {n["e_na"]}) + {n["g_ks"]}*s*(v - {n["e_k"]}) + {n["g_l"]}*(v - {n["e_l"]}) }}
INITIAL {{ rates(v)
{chr(10).join(f"  {each} = a_{each}/(a_{each} + b_{each})" for each in names)} }}
DERIVATIVE states {{ rates(v)
{chr(10).join(f"  {each}' = a_{each}*(1 - {each}) - b_{each}*{each}" for each in names)} }}
PROCEDURE rates(v) {{
{chr(10).join(lines)} }}
{HELPERS}"""


def compiled(folder: Path, texts: dict[str, str]) -> Any:
    """Compile mechanisms, load them and return NEURON's interpreter."""
    work = folder / "neuron"
    (work / "mod").mkdir(parents=True)
    for name, text in texts.items():
        (work / "mod" / f"{name}.mod").write_text(text, encoding="utf-8")
    tool = Path(sys.executable).parent / "nrnivmodl"
    done = subprocess.run([str(tool), "mod"], cwd=work, capture_output=True, text=True, check=False)
    if done.returncode:
        raise RuntimeError("nrnivmodl: " + " ".join((done.stdout + done.stderr).split())[-400:])
    os.environ["NEURON_MODULE_OPTIONS"] = "-nogui"
    from neuron import h, load_mechanisms

    load_mechanisms(str(work))
    h.load_file("stdrun.hoc")
    h.dt, h.steps_per_ms, h.celsius = 0.005, 200, 37
    return h


def patch(h: Any, name: str, capacitance: float) -> Any:
    """Return a section of 10 um2 with a capacitance [pF]."""
    section = h.Section(name=name)
    section.L, section.diam, section.nseg, section.cm = 10 / np.pi, 1.0, 1, SPECIFIC * capacitance
    return section


def carried(h: Any, milliseconds: float) -> None:
    """Carry everything on to a time, starting from the potentials that were set."""
    parallel = h.ParallelContext()
    parallel.set_maxstep(10)
    parallel.psolve(milliseconds)


def node(h: Any, task: Any, folder: Path, record: Record) -> None:
    """Run the single node: for its accuracy, then for its speed."""
    for count in (0, 1, 100, 1000):
        chosen = task["checked"] if count == 0 else range(count)
        cells, kept, counters = [], [], []
        for at in chosen:
            cell = patch(h, f"node{at}", float(task["c_node"]))
            cell.insert("onenode")
            mechanism = cell(0.5).onenode
            mechanism.na_fast, mechanism.amp = float(task["na_fast"][at]), float(task["pulses"][at])
            counter = h.NetCon(cell(0.5)._ref_v, None, sec=cell)
            counter.threshold = float(task["level"])
            spikes = h.Vector()
            counter.record(spikes)
            counters += [counter, spikes]
            cells.append(cell)
            if count == 0:
                kept.append(h.Vector())
                kept[-1].record(cell(0.5)._ref_v)

        def run(until: float, cells: list[Any] = cells, chosen: Any = chosen) -> None:
            for cell, at in zip(cells, chosen, strict=True):
                cell.v = float(task["v"][at])
            h.finitialize()
            carried(h, until)

        if count == 0:
            run(float(task["checked_time"]))
            np.save(folder / "NEURON.npy", np.array([each.as_numpy() for each in kept]))
        else:
            times = best(lambda run=run: run(100.0), 2 if count > 100 else 3)
            record.row("node", count, times, count * 20000)


def pool(h: Any, task: Any, record: Record) -> None:
    """Run node and internode at rest in noise, fixed steps."""
    cells, vectors = [], []
    beats = h.Vector(np.arange(round(SITE_TIME / 0.1)) * 0.1)
    for at in range(SITES):
        cell = patch(h, f"site{at}", float(task["c_node"] + task["c_myelin"]))
        cell.insert("twoparts")
        mechanism = cell(0.5).twoparts
        mechanism.na_fast, mechanism.vi0 = float(task["na_fast"][at]), float(task["vi"][at])
        noise = h.Vector(task["noise"][:, at])
        noise.play(mechanism._ref_hold, beats, 0)
        vectors.append(noise)
        cells.append(cell)

    def run() -> None:
        for cell, v in zip(cells, task["v"], strict=False):
            cell.v = float(v)
        h.finitialize()
        carried(h, SITE_TIME)

    times = best(run, 2)
    last = np.array([cell(0.5).v for cell in cells])
    apart = np.abs(last - task["after"][:SITES]).max()
    said = f"fixed steps of 5 us; potential after {SITE_TIME:.0f} ms of the same noise within {apart:.2f} mV of ours"
    record.row("pool", SITES, times, SITES * SITE_TIME / 0.005, said)


def cable(h: Any, task: Any, current: float) -> tuple[list[Any], Any, list[Any]]:
    """Return one double cable with a pulse into its middle node, and what records nodes 10, 12 and 18."""
    sections: list[Any] = []
    for at, (name, width, length, gap, leak) in enumerate(task["parts"]):
        section = h.Section(name=f"{name}{at}")
        width, length, gap, leak = float(width), float(length), float(gap), float(leak)
        diameter, share = float(task["diameter"]), width / float(task["diameter"])
        xraxial = float(task["resistivity"]) * 1e-6 / (np.pi * ((width / 2 + gap) ** 2 - (width / 2) ** 2) * 1e-8)
        section.L, section.nseg = length, 1
        section.insert("extracellular")
        section.xraxial[0] = xraxial
        if name == "node":
            section.diam, section.Ra, section.cm = width, float(task["resistivity"]), float(task["c_axolemma"])
            section.insert("doublenode")
            section.xg[0], section.xc[0] = 1e10, 0
        else:
            # NEURON has one diameter for axon and myelin: that of the myelin, with axon's numbers scaled to it.
            section.diam, section.cm = diameter, float(task["c_axolemma"]) * share
            section.Ra = float(task["resistivity"]) / share**2
            section.insert("pas")
            section.e_pas, section.g_pas = float(task["e_internode"]), leak * share
            section.xg[0] = float(task["g_lamella"]) / (2 * float(task["lamellae"]))
            section.xc[0] = float(task["c_lamella"]) / (2 * float(task["lamellae"]))
        if sections:
            section.connect(sections[-1](1), 0)
        sections.append(section)
    stimulus = h.IClamp(sections[110](0.5))
    stimulus.delay, stimulus.dur, stimulus.amp = 1.0, 0.1, current
    counters = []
    for at in (11 * 10, 11 * 12, 11 * 18):
        counter, times = h.NetCon(sections[at](0.5)._ref_v, None, sec=sections[at]), h.Vector()
        counter.threshold = float(task["level"])
        counter.record(times)
        counters.append((counter, times))
    return sections, stimulus, counters


def fibre(h: Any, task: Any, record: Record) -> None:
    """Run double cables: one and ten for what they do, a hundred for a millisecond, since NEURON takes long."""
    for count, until in ((1, FIBRE_TIME), (10, FIBRE_TIME), (100, 1.0)):
        fibres = [cable(h, task, float(each)) for each in task[f"currents_{count}"]]

        def run(fibres: list[Any] = fibres, until: float = until) -> None:
            for each in fibres:
                for _, times in each[2]:
                    times.resize(0)
            h.finitialize(float(task["rest"]))
            carried(h, until)

        times = best(run, 3 if count == 1 else 1)
        said = f"{until:.0f} ms of each"
        if count == 1:
            said = f"{arrived(task, fibres[0]):.2f} m/s"
            record.found["velocity"] = fine(h, task, fibres[0], run)
        elif count == 10:
            said = f"{sum(bool(len(each[2][2][1])) for each in fibres)} of 10 conduct"
        record.row("fibre", count, times, count * len(task["parts"]) * until / 0.005, said)


def arrived(task: Any, one: Any) -> float:
    """Return the velocity from node 12 to 18 [m/s]."""
    first, last = (float(each[1][0]) for each in one[2][1:])
    return 6 * float(task["spacing"]) / 1000 / (last - first)


def fine(h: Any, task: Any, one: Any, run: Callable[[], None]) -> float:
    """Return NEURON's own velocity as its step goes to 0, from two fine steps [m/s]."""
    found = []
    for step in (0.001, 0.0005):
        h.dt, h.steps_per_ms = step, round(1 / step)
        run()
        found.append(arrived(task, one))
    h.dt, h.steps_per_ms = 0.005, 200
    return 2 * found[1] - found[0]


def main() -> None:
    """Run the tasks that are in the folder."""
    folder = Path(sys.argv[1])
    node_task, pool_task = (dict(np.load(folder / f"{each}.npz")) for each in ("node", "pool"))
    fibre_task = dict(np.load(folder / "fibre.npz"))
    texts = {"onenode": node_mod(node_task), "twoparts": pool_mod(pool_task), "doublenode": fibre_mod(fibre_task)}
    h = compiled(folder, texts)
    import neuron

    record = Record(folder, "NEURON", neuron.__version__)
    node(h, node_task, folder, record)
    pool(h, pool_task, record)
    fibre(h, fibre_task, record)


if __name__ == "__main__":
    main()
