"""Fibres of one size in their serum, as arrays: what every node conducts, what calcium, acid and potassium do to it.

Serum works at every node as it does in ``nerve.membrane``, through the same functions: the surface potential shifts the
gates, divalent ions plug sodium channels, potassium and sodium move the reversal potentials by as much as they move
Nernst's; leaks are taken as the mixture of potassium and sodium that reverses where the publication says.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass

import numpy as np
from numpy.typing import ArrayLike, NDArray

from rheobase.errors import DataRefusedError
from rheobase.knowledge.fibre_facts import FibreFacts, Size, load_fibre_facts
from rheobase.knowledge.nerve_facts import NerveFacts, load_nerve_facts
from rheobase.nerve.concentrations import Serum, normal_serum
from rheobase.nerve.fibre.internode import Internode, Modes, build, modes, node_area
from rheobase.nerve.membrane import nernst, thermal_voltage
from rheobase.nerve.rates import gate_row, steady
from rheobase.nerve.screening import blocking_ions, gating_shift

Array = NDArray[np.float64]
NODES = 21
VARIED = ("na_fast", "na_persistent", "k_slow", "leak")
_FEWEST = 3
# Newton's steps to the resting potential [mV].
_STEPS, _WIDEST, _SLOPE, _FOUND = 80, 2.0, 1e-4, 1e-9


@dataclass(frozen=True, eq=False)
class Nodes:
    """What every node of every fibre conducts, each of shape (nodes, fibres); potentials from the internode's leak.

    Attributes:
        na, nap, ks, leak: Conductances [uS].
        e_na, e_k, e_leak: Reversal potentials [mV].
        shift_na, shift_k: From potentials here to what the gates see [mV].
        block, normal: Sodium channels plugged for each open one where potentials start; and in normal serum.
    """

    na: Array
    nap: Array
    ks: Array
    leak: Array
    e_na: Array
    e_k: Array
    e_leak: Array
    shift_na: Array
    shift_k: Array
    block: Array
    normal: Array


@dataclass(frozen=True, eq=False)
class Fibre:
    """Fibres of one size and one temperature.

    Attributes:
        size: In the published table.
        temperature: [C]
        nodes: Each node of each fibre.
        gates: Rates of m, h, p, s at this temperature, shape (4, 12).
        capacitance: Of a node [nF].
        origin: Potential [mV] from which each fibre's potentials are counted, shape (fibres,).
        internode: Its equations.
        modes: The same as modes.
        depth: Fall of the block with the potential [1/mV].
        level: What an impulse must cross [mV].
    """

    size: Size
    temperature: float
    nodes: Nodes
    gates: Array
    capacitance: float
    origin: Array
    internode: Internode
    modes: Modes
    depth: float
    level: float

    @property
    def count(self) -> int:
        """Number of fibres."""
        return int(self.nodes.na.shape[1])

    @property
    def length(self) -> int:
        """Number of nodes of each."""
        return int(self.nodes.na.shape[0])

    @property
    def compartments(self) -> int:
        """Number of compartments of each: nodes and the pieces between."""
        return int(self.length + (self.length - 1) * self.internode.drive.shape[0] // 2)


def fibre(
    diameter: float = 10.0,
    serums: Serum | Sequence[Serum] | None = None,
    *,
    nodes: int = NODES,
    vary: Mapping[str, ArrayLike] | None = None,
    count: int | None = None,
) -> Fibre:
    """Return fibres of one size.

    Args:
        diameter: Outer diameter, one of the nine of the published table [um].
        serums: One for all fibres, or one for each; of one temperature. Normal serum at 37 C unless given.
        nodes: Of each fibre.
        vary: Factors by name (``VARIED``), shape (nodes, fibres) or what spreads to it: a site that differs.
        count: Number of fibres, if neither serums nor factors say it.

    Raises:
        DataRefusedError: A size that the table does not have, too few nodes, an unknown factor, unequal lengths or
            temperatures.
    """
    facts = load_fibre_facts()
    if diameter not in facts.sizes:
        there = ", ".join(f"{each:g}" for each in facts.sizes)
        raise DataRefusedError(f"fibre of {diameter:g} um: not in the published table; choose one of {there} um")
    if nodes < _FEWEST:
        raise DataRefusedError(f"fibre of {nodes} nodes: needs {_FEWEST} or more")
    given = (
        [normal_serum(facts["temperature"])]
        if serums is None
        else [serums]
        if isinstance(serums, Serum)
        else list(serums)
    )
    factors = {name: np.atleast_2d(np.asarray(each, float)) for name, each in (vary or {}).items()}
    unknown = sorted(set(factors) - set(VARIED))
    if unknown:
        raise DataRefusedError(f"no factor {unknown[0]!r}; choose from {', '.join(VARIED)}")
    sizes = {len(given), count or 1, *(each.shape[1] for each in factors.values())} - {1}
    if len(sizes) > 1 or len({each.temperature for each in given}) != 1:
        raise DataRefusedError("fibres of one batch need one temperature, and as many serums as columns of factors")
    if any(each.shape[0] not in {1, nodes} for each in factors.values()):
        raise DataRefusedError(f"factors need one row, or one for each of {nodes} nodes")
    return _built(facts.sizes[diameter], given, (nodes, sizes.pop() if sizes else 1), factors)


def _built(size: Size, serums: Sequence[Serum], shape: tuple[int, int], factors: Mapping[str, Array]) -> Fibre:
    known, facts = load_nerve_facts(), load_fibre_facts()
    temperature, area = serums[0].temperature, node_area(size, facts)
    shift = np.array([gating_shift(each, known) for each in serums])
    e_k, e_na, mixed = _reversals(facts, known, serums)
    origin = mixed(facts["e_internode"])
    growth = known["conductance_q10"] ** ((temperature - facts["temperature"]) / 10)
    per_mv = 2 * known["block_depth"] / thermal_voltage(temperature, known)
    # Channels see the potential and the shift; here potentials start from the origin.
    plug = np.array([blocking_ions(each, known) for each in serums]) / known["block_dissociation"]
    usual = blocking_ions(normal_serum(), known) / known["block_dissociation"]

    def spread(values: ArrayLike) -> Array:
        return np.array(np.broadcast_to(np.asarray(values, float), shape))

    def conductance(name: str, density: str) -> Array:
        return spread(facts[density] * area * 1e6 * growth * factors.get(name, np.ones((1, 1))))

    nodes = Nodes(
        conductance("na_fast", "g_na_fast"), conductance("na_persistent", "g_na_persistent"),
        conductance("k_slow", "g_k_slow"), conductance("leak", "g_leak"), spread(e_na - origin), spread(e_k - origin),
        spread(mixed(facts["e_leak"]) - origin), spread(origin + shift),
        spread(origin + known["potassium_gate_share"] * shift), spread(plug * np.exp(-per_mv * (origin + shift))),
        spread(usual * np.exp(-per_mv * origin)),
    )  # fmt: skip
    internode = build(size, facts)
    gates = np.array([gate_row(gate, temperature) for gate in facts.gates])
    return Fibre(
        size, temperature, nodes, gates, facts["c_axolemma"] * area * 1e3, np.broadcast_to(origin, shape[1]).copy(),
        internode, modes(internode), per_mv, facts["impulse_level"],
    )  # fmt: skip


def _reversals(facts: FibreFacts, known: NerveFacts, serums: Sequence[Serum]):  # type: ignore[no-untyped-def] # noqa: ANN202
    """Return the reversal potentials of potassium and sodium, and a function for leaks by their normal one."""
    temperature, usual = serums[0].temperature, normal_serum()

    def moved(normal: float, inside: float, outside: Array, before: float) -> Array:
        now, then = (nernst(inside, each, temperature, known) for each in (outside, before))
        return normal + now - then

    e_k = moved(facts["e_k"], known["potassium_inside"], np.array([each.potassium for each in serums]), usual.potassium)
    e_na = moved(facts["e_na"], known["sodium_inside"], np.array([each.sodium for each in serums]), usual.sodium)

    def mixed(normal: float) -> Array:
        share = (normal - facts["e_k"]) / (facts["e_na"] - facts["e_k"])
        return e_k + share * (e_na - e_k)

    return e_k, e_na, mixed


def steady_gates(fibres: Fibre, v: Array, which: ArrayLike | None = None) -> Array:
    """Return m, h, p, s at rest at the nodes' potentials v [mV, from the origin], shape (4, nodes, fibres).

    Args:
        fibres: Which.
        v: Potentials, shape (nodes, fibres).
        which: The fibres that v is of, all unless given.
    """
    chosen = slice(None) if which is None else np.asarray(which)
    sodium, potassium = v + fibres.nodes.shift_na[:, chosen], v + fibres.nodes.shift_k[:, chosen]
    return np.array([steady(fibres.gates[at], sodium if at < 3 else potassium) for at in range(4)])


def node_current(fibres: Fibre, v: Array, gates: Array) -> Array:
    """Return the ionic current of every node [nA], outward above 0."""
    n, (m, h, p, s) = fibres.nodes, gates
    field = np.exp(-fibres.depth * v)
    free = (1 + n.normal * field) / (1 + n.block * field)
    sodium = (n.na * m**3 * h + n.nap * p**3) * free
    return np.asarray(sodium * (v - n.e_na) + n.ks * s * (v - n.e_k) + n.leak * (v - n.e_leak))


def rest(fibres: Fibre, hold: ArrayLike = 0.0) -> Array:
    """Return the potential of every node at rest [mV, from the origin], shape (nodes, fibres).

    Sought from the published resting potential with small steps. A fibre that fires by itself has such a balance too,
    but does not stay in it.

    Args:
        fibres: Which.
        hold: Current held into each node [nA].
    """
    own, cross = fibres.modes.steady()
    nodes, count = fibres.length, fibres.count
    links = np.full(nodes, 2.0)
    links[[0, -1]] = 1.0
    coupling = np.diag(own * links) - cross * (np.eye(nodes, k=1) + np.eye(nodes, k=-1))
    held = np.broadcast_to(np.asarray(hold, float), (nodes, count))
    v = np.zeros((nodes, count))
    for _ in range(_STEPS):
        current = node_current(fibres, v, steady_gates(fibres, v))
        slope = (node_current(fibres, v + _SLOPE, steady_gates(fibres, v + _SLOPE)) - current) / _SLOPE
        residue = current + coupling @ v - held
        # Where the current falls with the potential its slope would lead astray; the coupling then leads.
        jacobian = coupling[None] + np.eye(nodes)[None] * np.maximum(slope.T, 0.0)[:, :, None]
        change = np.clip(np.linalg.solve(jacobian, residue.T[:, :, None])[:, :, 0].T, -_WIDEST, _WIDEST)
        v = v - change
        if np.all(np.abs(change) < _FOUND):
            break
    return v


def keeps_rest(fibres: Fibre) -> NDArray[np.bool_]:
    """Return which fibres rest as a living one does.

    The published fibre has no pump and no fast potassium current to hold its rest: in potassium above about 4.8, or
    ionised calcium below about 0.8 mmol/L, it fires by itself or stays depolarised, which people's axons do not in
    that potassium. What it gives there tells of the model, not of a person.
    """
    middle = rest(fibres)[fibres.length // 2] + fibres.origin
    return np.asarray(middle < load_fibre_facts()["rest_lost"])
