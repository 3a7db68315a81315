"""Jaxley on the single node, in float32 and float64. Called by peers.py: run_jaxley.py FOLDER [--double].

Jaxley has no second layer outside a membrane.
"""

from __future__ import annotations

import sys
from pathlib import Path
from typing import Any

from timed import one_core  # type: ignore[import-not-found]

one_core()

import jax  # type: ignore[import-not-found] # noqa: E402 - it counts the cores when it is imported
import numpy as np  # noqa: E402

DOUBLE = "--double" in sys.argv
jax.config.update("jax_enable_x64", DOUBLE)

import jax.numpy as jnp  # type: ignore[import-not-found] # noqa: E402 - floats are chosen before
import jaxley  # noqa: E402
from jaxley.channels import Channel  # noqa: E402
from jaxley.solver_gate import exponential_euler  # noqa: E402
from nmodl import NODE  # type: ignore[import-not-found] # noqa: E402
from timed import Record, best  # noqa: E402

DENSITY, SPECIFIC = 1e-5, 10.0


def ratio(x: Any) -> Any:
    """Return x / (exp(x) - 1)."""
    x = jnp.where(jnp.abs(x) < 1e-3, 1e-3, x)
    return x / (jnp.exp(x) - 1)


def rate(row: Any, v: Any) -> Any:
    """Return one rate from its six numbers."""
    k, b, n0, n1, _, d1 = (float(each) for each in row)
    x = k * (v - b)
    return n1 * ratio(-x) if d1 < 0 else n0 / (1 + jnp.exp(-x))


class Node(Channel):  # type: ignore[misc]
    """The node's gates and its current [mA/cm2]."""

    def __init__(self, task: Any) -> None:
        """Take the numbers of the task."""
        self.current_is_in_mA_per_cm2 = True
        super().__init__("node")
        self.task = {k: float(v) for k, v in task.items() if np.ndim(v) == 0}
        self.gates = task["gates"]
        self.channel_params = {"na_fast": 1.0}
        self.channel_states = {f"gate_{name}": 0.1 for name, _ in NODE}
        self.current_name = "i_node"

    def _both(self, at: int, v: Any) -> tuple[Any, Any]:
        u = v + self.task[NODE[at][1]]
        return rate(self.gates[at][:6], u), rate(self.gates[at][6:], u)

    def update_states(self, states: Any, dt: Any, v: Any, params: Any) -> Any:  # noqa: ARG002
        """Move every gate over a step."""
        found = {}
        for at, (name, _) in enumerate(NODE):
            opening, closing = self._both(at, v)
            total = opening + closing
            found[f"gate_{name}"] = exponential_euler(states[f"gate_{name}"], dt, opening / total, 1 / total)
        return found

    def compute_current(self, states: Any, v: Any, params: Any) -> Any:
        """Return the ionic current."""
        n = self.task
        m, h, p, k, s = (states[f"gate_{name}"] for name, _ in NODE)
        x = v / n["thermal"]
        field = jnp.exp(-2 * n["depth"] * x)
        drive = ratio(x) * (n["na_in"] * jnp.exp(x) - n["na_out"])
        drive = drive * (1 + n["block_normal"] * field) / (1 + n["block"] * field)
        sodium = (params["na_fast"] * m**3 * h + n["na_kept"] * p**3) * drive
        potassium = (n["g_kf"] * k**4 + n["g_ks"] * s) * (v - n["e_k"])
        return DENSITY * 1e3 * (sodium + potassium + n["g_lin"] * v + n["i_lin"])

    def init_state(self, states: Any, v: Any, params: Any, delta_t: Any) -> Any:  # noqa: ARG002
        """Return every gate at rest."""
        both = [self._both(at, v) for at in range(len(NODE))]
        return {f"gate_{name}": a / (a + b) for (name, _), (a, b) in zip(NODE, both, strict=True)}


def compartment(task: Any) -> Any:
    """Return a compartment of 10 um2 that records its potential."""
    found = jaxley.Compartment()
    found.set("length", 10 / np.pi)
    found.set("radius", 0.5)
    found.set("capacitance", SPECIFIC * float(task["c_node"]))
    found.insert(Node(task))
    found.record("v", verbose=False)
    for name in (name for name, _ in NODE):
        found.set(f"gate_{name}", 0.1)
    return found


def main() -> None:
    """Run the node: for its accuracy, then for its speed."""
    folder = Path(sys.argv[1])
    task = dict(np.load(folder / "node.npz"))
    name = "Jaxley float64" if DOUBLE else "Jaxley float32"
    record, cell, step = Record(folder, name, jaxley.__version__), compartment(task), float(task["step"])
    cell.to_jax()
    every, width = round(float(task["period"]) / step), round(float(task["width"]) / step)

    def traces(steps: int) -> Any:
        on = jnp.asarray(((np.arange(steps) % every) < width).astype(float))

        def one(pulse: Any, sodium: Any, v: Any, gates: Any) -> Any:
            stimuli = cell.data_stimulate(on * pulse * 1e-3)
            given = cell.data_set("na_fast", sodium, None)
            given = cell.data_set("v", v, given)
            for at, (gate, _) in enumerate(NODE):
                given = cell.data_set(f"gate_{gate}", gates[at], given)
            return jaxley.integrate(cell, delta_t=step, data_stimuli=stimuli, param_state=given, solver="bwd_euler")[0]

        return one

    def given(chosen: Any) -> list[Any]:
        chosen = np.asarray(chosen)
        each = (task["pulses"][chosen], task["na_fast"][chosen], task["v"][chosen], task["start"][:5, chosen].T)
        return [jnp.asarray(part) for part in each]

    steps = round(float(task["checked_time"]) / step)
    seen = np.asarray(jax.jit(jax.vmap(traces(steps)))(*given(task["checked"])), float)
    np.save(folder / f"{name}.npy", seen[:, : steps + 1])
    level, one = float(task["level"]), traces(round(float(task["time"]) / step))

    def impulses(*arguments: Any) -> Any:
        v = one(*arguments)
        return ((v[:-1] < level) & (v[1:] >= level)).sum(), v[-1]

    fast = jax.jit(jax.vmap(impulses))
    for count in (1, 100, 1000):
        cells = given(range(count))
        jax.block_until_ready(fast(*cells))
        times = best(lambda cells=cells: jax.block_until_ready(fast(*cells)))
        record.row("node", count, times, count * 20000)


if __name__ == "__main__":
    main()
