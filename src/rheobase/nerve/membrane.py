"""Many axons of one kind in their serum, as arrays: conductances, reversal potentials, pump; and their currents.

Node and internode as in the human motor axon models of Bostock: transient and persistent sodium (Goldman-Hodgkin-Katz),
fast and slow potassium (Nernst), Ih, leak of potassium and sodium, pump. Currents here are in float64 and plain numpy;
the compiled kernel integrates the same rows.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass

import numpy as np
from numpy.typing import ArrayLike, NDArray

from rheobase.errors import DataRefusedError
from rheobase.knowledge.nerve_facts import Axon, NerveFacts, load_nerve_facts
from rheobase.nerve import layout as at
from rheobase.nerve.concentrations import Serum, normal_serum
from rheobase.nerve.rates import gate_table, steady
from rheobase.nerve.screening import blocking_ions, gating_shift

Array = NDArray[np.float64]
_NEAR_ZERO = 1e-9


@dataclass(frozen=True, eq=False)
class Membrane:
    """Axons of one kind and one temperature.

    Attributes:
        axon: Their kind.
        temperature: [C]
        rows: Parameters, shape (layout.PARAMETERS, axons).
        gates: Rates at this temperature, shape (8, 12).
        thermal: RT/F [mV].
        sodium_inside: [mmol/L]
        block_depth: Share of the field that a blocking ion crosses.
        start: Potential from which the resting potential is sought, shape (axons,) [mV].
    """

    axon: Axon
    temperature: float
    rows: Array
    gates: Array
    thermal: float
    sodium_inside: float
    block_depth: float
    start: Array

    @property
    def count(self) -> int:
        """Number of axons."""
        return int(self.rows.shape[1])

    @property
    def two(self) -> bool:
        """Whether there is an internode."""
        return self.axon.compartments > 1

    def take(self, which: ArrayLike) -> Membrane:
        """Return some of the axons, or some of them several times over.

        Args:
            which: Their numbers.
        """
        chosen = np.asarray(which)
        return Membrane(
            self.axon, self.temperature, np.ascontiguousarray(self.rows[:, chosen]), self.gates, self.thermal,
            self.sodium_inside, self.block_depth, self.start[chosen],
        )  # fmt: skip


def membrane(
    axon: Axon | str, serums: Serum | Sequence[Serum], *, vary: Mapping[str, ArrayLike] | None = None
) -> Membrane:
    """Return axons in their serum.

    Args:
        axon: Their kind.
        serums: One for all, or one for each axon; of one temperature.
        vary: Factors on parameters by their id, one for each axon: a population. What balances the resting potential
            stays that of the plain axon, so that more sodium current depolarises.

    Raises:
        DataRefusedError: The serums differ in temperature, or lengths do not agree.
    """
    known = load_nerve_facts()
    kind = known.axons[axon] if isinstance(axon, str) else axon
    given = [serums] if isinstance(serums, Serum) else list(serums)
    factors = {name: np.atleast_1d(np.asarray(each, float)) for name, each in (vary or {}).items()}
    sizes = {len(given), *(each.size for each in factors.values())} - {1}
    if len(sizes) > 1 or len({each.temperature for each in given}) != 1:
        raise DataRefusedError("axons of one batch need one temperature, and as many serums as factors")
    count = sizes.pop() if sizes else 1
    batch = _Batch(kind, known, given[0].temperature, count, factors)
    plain = _Batch(kind, known, given[0].temperature, 1, {})
    usual = plain.membrane(plain.rows([normal_serum(batch.temperature)]))
    node, internode = currents(usual, usual.start, usual.start, steady_gates(usual, usual.start, usual.start))
    rows = batch.rows(given)
    pump = batch.pump(given)
    rows[at.I_LIN] -= node * pump
    rows[at.I_LIN_I] -= internode * pump
    return batch.membrane(rows)


def rest_at(axon: Axon, known: NerveFacts, temperature: float) -> float:
    """Return the resting potential in normal serum [mV]: 2 mV more negative for 6 degrees of warming (Howells 2013)."""
    return axon.value("rest") + known["rest_per_degree"] * (temperature - known.inputs["temperature"].normal)


def nernst(inside: float, outside: ArrayLike, temperature: float, known: NerveFacts) -> Array:
    """Return the potential [mV] at which an ion of one positive charge is at rest; concentrations in mmol/L."""
    return np.asarray(thermal_voltage(temperature, known) * np.log(np.asarray(outside, float) / inside))


def thermal_voltage(temperature: float, known: NerveFacts) -> float:
    """Return RT/F [mV] at a temperature [C]."""
    return 1000 * known["gas_constant"] * (temperature + known["zero_celsius"]) / known["faraday"]


@dataclass(frozen=True, eq=False)
class _Batch:
    """Builds the rows of axons of one kind at one temperature."""

    kind: Axon
    known: NerveFacts
    temperature: float
    count: int
    factors: Mapping[str, Array]

    def membrane(self, rows: Array) -> Membrane:
        start = np.full(self.count, rest_at(self.kind, self.known, self.temperature))
        return Membrane(
            self.kind, self.temperature, rows, gate_table(self.kind, self.known, self.temperature),
            thermal_voltage(self.temperature, self.known), self.known["sodium_inside"], self.known["block_depth"],
            start,
        )  # fmt: skip

    def pump(self, serums: Sequence[Serum]) -> Array:
        """Return the pump's rate against that in normal serum: (1 + K/Ko)^-2."""
        half, usual = self.known["pump_half_potassium"], self.known.inputs["potassium"].normal
        return ((1 + half / usual) / (1 + half / self._of(serums, "potassium"))) ** 2

    def rows(self, serums: Sequence[Serum]) -> Array:
        """Return the parameter rows without the currents that balance the resting potential."""
        known = self.known
        rows = np.zeros((at.PARAMETERS, self.count))
        shift = self._spread([gating_shift(each, known) for each in serums])
        sodium, potassium = self._of(serums, "sodium"), self._of(serums, "potassium")
        e_k = nernst(known["potassium_inside"], potassium, self.temperature, known)
        e_na = nernst(known["sodium_inside"], sodium, self.temperature, known)
        rows[at.SHIFT_NA], rows[at.SHIFT_K] = shift, known["potassium_gate_share"] * shift
        rows[at.NA_OUT], rows[at.E_K] = sodium, e_k
        # 1e-9 cm3/s times F, for a concentration in mmol/L, is 1e-3 F pA.
        permeability, kept = self._value("p_na", scaled=True) * known["faraday"] / 1000, self._value("na_persistent")
        rows[at.NA_FAST], rows[at.NA_KEPT] = permeability * (1 - kept), permeability * kept
        self._block(rows, serums, shift)
        rows[at.G_KF], rows[at.G_KS] = self._value("g_k_fast", scaled=True), self._value("g_k_slow", scaled=True)
        rows[at.C_NODE] = self._value("c_node")
        rows[at.G_LIN] = self._value("g_leak", scaled=True)
        rows[at.I_LIN] = -rows[at.G_LIN] * self._leak_reversal(e_k, e_na)
        if self.kind.compartments > 1:
            self._internode(rows, e_k, e_na)
        return rows

    def _internode(self, rows: Array, e_k: Array, e_na: Array) -> None:
        known = self.known
        rows[at.G_KSI], rows[at.G_KFI] = self._value("g_k_slow_i", scaled=True), self._value("g_k_fast_i", scaled=True)
        rows[at.G_H] = self._value("g_h_i", scaled=True)
        rows[at.E_H] = e_k + known["ih_sodium_share"] * (e_na - e_k)
        half = self._value("ih_half") + known["ih_half_per_degree"] * self._warmer
        rows[at.SHIFT_Q] = rows[at.SHIFT_K] + known.gates[self.kind.gates["q"]].alpha.b - half
        rows[at.G_LIN_I] = self._value("g_leak_i", scaled=True)
        rows[at.I_LIN_I] = -rows[at.G_LIN_I] * self._leak_reversal(e_k, e_na)
        rows[at.G_BB] = self._value("g_bb", scaled=True)
        rows[at.C_MYELIN], rows[at.C_INTERNODE] = self._value("c_myelin"), self._value("c_internode")

    def _block(self, rows: Array, serums: Sequence[Serum], shift: Array) -> None:
        """Set the share of sodium channels that ions plug at 0 mV, here and in normal serum, where P_Na was fitted."""
        known = self.known
        per_mv = 2 * known["block_depth"] / thermal_voltage(self.temperature, known)
        ions = self._spread([blocking_ions(each, known) for each in serums])
        rows[at.BLOCK] = ions / known["block_dissociation"] * np.exp(-per_mv * shift)
        rows[at.BLOCK_NORMAL] = blocking_ions(normal_serum(), known) / known["block_dissociation"]

    def _leak_reversal(self, e_k: Array, e_na: Array) -> Array:
        """Return where the leak reverses: shares of sodium and potassium that meet at rest in normal serum."""
        known, usual = self.known, normal_serum()
        normal_k = nernst(known["potassium_inside"], usual.potassium, usual.temperature, known)
        normal_na = nernst(known["sodium_inside"], usual.sodium, usual.temperature, known)
        share = (self.kind.value("rest") - normal_k) / (normal_na - normal_k)
        return e_k + share * (e_na - e_k)

    @property
    def _warmer(self) -> float:
        return self.temperature - self.known.inputs["temperature"].normal

    def _value(self, name: str, *, scaled: bool = False) -> Array:
        """Return a parameter of every axon; conductances grow with warmth."""
        factor = self.known["conductance_q10"] ** (self._warmer / 10) if scaled else 1.0
        return self.kind.value(name) * factor * np.broadcast_to(self.factors.get(name, np.ones(1)), self.count)

    def _of(self, serums: Sequence[Serum], name: str) -> Array:
        return self._spread([getattr(each, name) for each in serums])

    def _spread(self, values: Sequence[float]) -> Array:
        return np.array(np.broadcast_to(np.asarray(values, float), self.count))


def steady_gates(membrane: Membrane, v: Array, vi: Array) -> Array:
    """Return every gate at rest at node potential v and internode potential vi [mV], shape (8, axons)."""
    rows = membrane.rows
    seen = np.empty((len(at.GATES), v.size))
    seen[:3] = v + rows[at.SHIFT_NA]
    seen[3:5] = v + rows[at.SHIFT_K]
    seen[5], seen[6], seen[7] = vi + rows[at.SHIFT_K], vi + rows[at.SHIFT_Q], vi + rows[at.SHIFT_K]
    gates, there = np.zeros((len(at.GATES), v.size)), len(at.GATES) if membrane.two else at.NODE_GATES
    # All gates at once: numbers of a gate stand in columns, its potentials in a row.
    gates[:there] = steady(membrane.gates[:there].T[:, :, None], seen[:there])
    return gates


def sodium_drive(membrane: Membrane, v: Array) -> Array:
    """Return the Goldman-Hodgkin-Katz drive of sodium times the share of channels that are not plugged [mmol/L].

    Below 0 it is inward. Times permeability and gates it is the current [pA].
    """
    rows = membrane.rows
    x = v / membrane.thermal
    x = np.where(np.abs(x) < _NEAR_ZERO, _NEAR_ZERO, x)
    drive = x * (membrane.sodium_inside * np.exp(x) - rows[at.NA_OUT]) / np.expm1(x)
    field = np.exp(-2 * membrane.block_depth * x)
    return np.asarray(drive * (1 + rows[at.BLOCK_NORMAL] * field) / (1 + rows[at.BLOCK] * field))


def currents(membrane: Membrane, v: Array, vi: Array, gates: Array) -> tuple[Array, Array]:
    """Return the ionic currents through node and internode [pA], outward above 0, without the one between them.

    Args:
        membrane: The axons.
        v: Potential of the node [mV], shape (axons,).
        vi: Potential of the internode.
        gates: Open shares, shape (8, axons).
    """
    rows = membrane.rows
    m, h, p, n, s, si, q, ni = gates
    sodium = (rows[at.NA_FAST] * m**3 * h + rows[at.NA_KEPT] * p**3) * sodium_drive(membrane, v)
    potassium = (rows[at.G_KF] * n**4 + rows[at.G_KS] * s) * (v - rows[at.E_K])
    node = sodium + potassium + rows[at.G_LIN] * v + rows[at.I_LIN]
    internode = (rows[at.G_KSI] * si + rows[at.G_KFI] * ni**4) * (vi - rows[at.E_K])
    internode = internode + rows[at.G_H] * q * (vi - rows[at.E_H]) + rows[at.G_LIN_I] * vi + rows[at.I_LIN_I]
    return np.asarray(node), np.asarray(internode)
