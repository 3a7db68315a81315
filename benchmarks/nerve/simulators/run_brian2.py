"""Brian2 with Cython on the single node. Called by peers.py: run_brian2.py FOLDER.

The drive of sodium is held over a step, so that every equation is linear in its own variable and Brian2's exponential
Euler fits. Brian2 has no second layer outside a membrane.
"""

# ruff: noqa: E501 - an equation stays whole

from __future__ import annotations

import sys
from pathlib import Path
from typing import Any

import brian2
import numpy as np
from nmodl import NODE, node_current, rate  # type: ignore[import-not-found]
from timed import Record, best  # type: ignore[import-not-found]

HELD, RATIO = "drive", "1/exprel"


def equations(task: Any) -> str:
    """Return the node's equations."""
    current = [each.strip() for each in node_current(task, helper="RATIO", sodium="na_fast")]
    x, f, drive, node = (each.split(" = ", 1)[1].replace("RATIO(", f"{RATIO}(") for each in current)
    pulse = f"pulse*int(((t + dt/2) % ({float(task['period'])}*ms)) < {float(task['width'])}*ms)"
    lines = [
        f"dv/dt = ({pulse} - ({node.replace('*m*m*m', '*m**3').replace('*n*n*n*n', '*n**4')}))/({float(task['c_node'])!r}*ms) : 1",
        f"x = {x} : 1", f"f = {f} : 1", f"{HELD} = {drive} : 1 (constant over dt)",
        "na_fast : 1 (constant)", "pulse : 1 (constant)",
    ]  # fmt: skip
    for at, (name, shift) in enumerate(NODE):
        row, u = task["gates"][at], f"v + ({float(task[shift])!r})"
        opening, closing = (rate(each, u, helper="RATIO").replace("RATIO(", f"{RATIO}(") for each in (row[:6], row[6:]))
        lines.append(f"d{name}/dt = (({opening})*(1 - {name}) - ({closing})*{name})/ms : 1")
    return "\n".join(lines)


def network(task: Any, chosen: Any) -> tuple[Any, Any]:
    """Return the cells of the task that are chosen, at rest, and the network that they run in."""
    chosen = np.asarray(chosen)
    level = float(task["level"])
    cells = brian2.NeuronGroup(
        chosen.size, equations(task), method="exponential_euler", threshold=f"v > {level}", refractory=f"v > {level}"
    )
    cells.v, cells.na_fast, cells.pulse = task["v"][chosen], task["na_fast"][chosen], task["pulses"][chosen]
    for at, (name, _) in enumerate(NODE):
        setattr(cells, name, task["start"][at][chosen])
    return cells, brian2.Network(cells, brian2.SpikeMonitor(cells))


def main() -> None:
    """Run the node: for its accuracy, then for its speed."""
    folder = Path(sys.argv[1])
    task = dict(np.load(folder / "node.npz"))
    brian2.prefs.codegen.target = "cython"
    brian2.defaultclock.dt = float(task["step"]) * brian2.ms
    record = Record(folder, "Brian2", brian2.__version__)
    cells, net = network(task, task["checked"])
    # What is recorded at the end of a step is where the next one begins.
    watched = brian2.StateMonitor(cells, "v", record=True, when="end")
    net.add(watched)
    net.run(float(task["checked_time"]) * brian2.ms)
    np.save(folder / "Brian2.npy", np.column_stack([task["v"][task["checked"]], np.asarray(watched.v)]))
    for count in (1, 100, 1000):
        cells, net = network(task, range(count))
        net.store()
        net.run(float(task["step"]) * brian2.ms)

        def work(net: Any = net) -> None:
            net.restore()
            net.run(float(task["time"]) * brian2.ms)

        record.row("node", count, best(work), count * 20000)


if __name__ == "__main__":
    main()
