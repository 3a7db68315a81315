"""The same axon solved slowly and independently: float64, scipy's adaptive solver. For tests and benchmarks."""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray
from scipy.integrate import solve_ivp

from rheobase.nerve import layout as at
from rheobase.nerve.membrane import Membrane, currents
from rheobase.nerve.rates import rates

Array = NDArray[np.float64]
TOLERANCE = 1e-10


@dataclass(frozen=True, eq=False)
class Solution:
    """One axon after a time: its state (potentials [mV], gates), and when it crossed the level upwards [ms]."""

    state: Array
    impulses: tuple[float, ...]


def slopes(membrane: Membrane, state: Array, stimulus: float) -> Array:
    """Return the rate of change of every state of a single axon [mV/ms and 1/ms].

    Args:
        membrane: One axon.
        state: Potentials of node and internode [mV], then the gates, shape (10,).
        stimulus: Current into the node [pA].
    """
    rows = membrane.rows[:, 0]
    v, vi, gates = state[0], state[1], state[2:]
    node, internode = currents(membrane, np.array([v]), np.array([vi]), gates[:, None])
    change = np.zeros(at.STATES)
    between = rows[at.G_BB] * (v - vi)
    change[0] = (stimulus - node[0] - between) / (rows[at.C_NODE] + rows[at.C_MYELIN])
    if membrane.two:
        change[1] = (between - internode[0] + rows[at.C_MYELIN] * change[0]) / rows[at.C_INTERNODE]
    shifts = (at.SHIFT_NA, at.SHIFT_NA, at.SHIFT_NA, at.SHIFT_K, at.SHIFT_K, at.SHIFT_K, at.SHIFT_Q, at.SHIFT_K)
    for number in range(len(at.GATES) if membrane.two else at.NODE_GATES):
        seen = (v if number < at.NODE_GATES else vi) + rows[shifts[number]]
        opening, closing = rates(membrane.gates[number], np.array([seen]))
        change[2 + number] = opening[0] - (opening[0] + closing[0]) * gates[number]
    return change


def solve(
    membrane: Membrane, state: Array, milliseconds: float, *, stimulus: float = 0.0, level: float = -20.0
) -> Solution:
    """Return one axon after a time under a constant current.

    Args:
        membrane: One axon.
        state: Its state at first, shape (10,).
        milliseconds: For how long.
        stimulus: Current into the node [pA].
        level: Potential that counts as an impulse when crossed upwards [mV].
    """

    def crossing(_time: float, y: Array) -> float:
        return float(y[0]) - level

    crossing.direction = 1  # type: ignore[attr-defined]
    done = solve_ivp(
        lambda _time, y: slopes(membrane, y, stimulus), (0.0, milliseconds), state, method="LSODA", rtol=TOLERANCE,
        atol=TOLERANCE / 100, events=crossing,
    )  # fmt: skip
    times = done.t_events[0] if done.t_events is not None else ()
    return Solution(np.asarray(done.y[:, -1]), tuple(float(each) for each in times))
