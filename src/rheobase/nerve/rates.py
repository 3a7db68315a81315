"""Rates of the gates as one form for all shapes: (n0 + n1 x) / (d0 + d1 exp(-x)) with x = k (V - b)."""

from __future__ import annotations

from typing import Final

import numpy as np
from numpy.typing import NDArray

from rheobase.errors import KnowledgeError
from rheobase.knowledge.nerve_facts import Axon, Gate, NerveFacts, Rate
from rheobase.nerve.layout import GATES

Array = NDArray[np.float64]

# Columns of a gate's row: the six numbers of alpha, then of beta.
K, B, N0, N1, D0, D1 = range(6)
COLUMNS: Final = 12
# Beside this the linear form is 0/0 in floats; there it is as good as its limit.
_NEAR_ZERO = 1e-6


def _form(rate: Rate, factor: float) -> tuple[float, ...]:
    k = 1.0 / rate.c
    if rate.shape == "linear":
        return k, rate.b, 0.0, factor * rate.a * abs(rate.c), 1.0, -1.0
    if rate.shape == "sigmoid":
        return k, rate.b, factor * rate.a, 0.0, 1.0, 1.0
    if rate.shape == "exponential":
        return k, rate.b, factor * rate.a, 0.0, 0.0, 1.0
    raise KnowledgeError(f"rate of shape {rate.shape!r}; expected linear, sigmoid or exponential")


def gate_row(gate: Gate, temperature: float) -> Array:
    """Return a gate's twelve numbers at a temperature [C]; rates in 1/ms over mV."""
    factor = gate.q10 ** ((temperature - gate.at_c) / 10)
    return np.array(_form(gate.alpha, factor) + _form(gate.beta, factor))


def gate_table(axon: Axon, known: NerveFacts, temperature: float) -> Array:
    """Return the gates of an axon, one row each in the order of ``layout.GATES``; zeros where it has none."""
    table = np.zeros((len(GATES), COLUMNS))
    for at, place in enumerate(GATES):
        if place in axon.gates:
            table[at] = gate_row(known.gates[axon.gates[place]], temperature)
    return table


def rate(row: Array, v: Array) -> Array:
    """Return one rate [1/ms] from its six numbers at potentials v [mV]; of many gates with a row of v for each."""
    x = (v - row[B]) * row[K]
    x = np.where(np.abs(x) < _NEAR_ZERO, _NEAR_ZERO, x)
    return np.asarray((row[N0] + row[N1] * x) / (row[D0] + row[D1] * np.exp(-x)))


def rates(gate: Array, v: Array) -> tuple[Array, Array]:
    """Return the rates of opening and of closing [1/ms] of a gate at potentials v [mV]."""
    return rate(gate[:6], v), rate(gate[6:], v)


def steady(gate: Array, v: Array) -> Array:
    """Return the open share that a gate comes to at potentials v [mV]."""
    opening, closing = rates(gate, v)
    return opening / (opening + closing)
