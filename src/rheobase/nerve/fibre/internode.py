"""The internode of the double cable, solved once for all: it is linear, so it is a sum of modes that each decay alone.

Ten compartments between two nodes, each with a potential inside the axon and one in the gap under the myelin: 20
equations C x' = -K x + B v with the two nodes' potentials v. In the axes in which C and K are both diagonal, a mode is
z' = -mu z + b v, and a step of it is exact for a v that runs straight between its ends. The mirror symmetry of the
internode makes every mode even (driven by the sum of both nodes) or odd (by their difference). So a step of ten double
compartments takes two numbers for each mode that outlives the step, and nothing is approximated.

Units: mV, ms, nF, uS, nA. Potentials are distances from where the internode's leak reverses.
"""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

from rheobase.knowledge.fibre_facts import FibreFacts, Size

Array = NDArray[np.float64]
# A mode that a step leaves less than this of its start needs no memory in floats of single width.
FORGOTTEN = 1e-9
_CM2, _CM = 1e-8, 1e-4


@dataclass(frozen=True, eq=False)
class Internode:
    """One internode between two nodes.

    Attributes:
        capacitance: C [nF], shape (20, 20): inside and gap of each compartment in turn.
        conductance: K [uS], shape (20, 20).
        drive: B [uS], shape (20, 2): from the left and the right node.
        direct: From a node to its first compartment [uS].
    """

    capacitance: Array
    conductance: Array
    drive: Array
    direct: float


@dataclass(frozen=True, eq=False)
class Modes:
    """The modes of an internode, slowest first.

    Attributes:
        decay: mu [1/ms], shape (20,).
        weight: Square of what a node drives it with [uS/ms].
        even: Which modes feel the sum of both nodes; the others feel the left less the right.
        direct: From a node to its first compartment [uS].
    """

    decay: Array
    weight: Array
    even: NDArray[np.bool_]
    direct: float

    def steady(self) -> tuple[float, float]:
        """Return what a node feels of itself and of its neighbour once all is steady [uS]."""
        share = self.weight / self.decay
        even, odd = share[self.even].sum(), share[~self.even].sum()
        return float(self.direct - even - odd), float(even - odd)


@dataclass(frozen=True, eq=False)
class Step:
    """A step of h [ms] of the internode.

    Attributes:
        kept: Decay over the step and gain of each mode that has memory, even and odd in turn, shape (pairs, 4).
        alpha: Direct gain of the forgotten modes from the potential before, even and odd [uS].
        own: What a node feels of itself at once [uS].
        cross: What it feels of its neighbour at once [uS].
    """

    kept: Array
    alpha: tuple[float, float]
    own: float
    cross: float


def node_area(size: Size, known: FibreFacts) -> float:
    """Return a node's area [cm2]."""
    return np.pi * size.node * known["node_length"] * _CM2


def build(size: Size, known: FibreFacts) -> Internode:
    """Return the internode of one size of fibre."""
    parts = _compartments(size, known)
    half_in, half_gap = _half_resistances(parts, known)
    node = (size.node, known["node_length"], known["gap_narrow"])
    node_in, node_gap = (each[0] for each in _half_resistances([node], known))
    inner = 1 / (np.array([node_in, *half_in]) + np.array([*half_in, node_in]))
    outer = 1 / (np.array([node_gap, *half_gap]) + np.array([*half_gap, node_gap]))
    count = len(parts)
    capacitance, conductance = np.zeros((2 * count, 2 * count)), np.zeros((2 * count, 2 * count))
    for at, (width, length, _) in enumerate(parts):
        axolemma, myelin = np.pi * width * length * _CM2, np.pi * size.diameter * length * _CM2
        leak = known["g_mysa"] if at in {0, count - 1} else known["g_internode"]
        pairs = (
            (capacitance, known["c_axolemma"] * axolemma * 1e3, known["c_lamella"] * myelin * 1e3),
            (conductance, leak * axolemma * 1e6, known["g_lamella"] * myelin * 1e6),
        )
        i, p = 2 * at, 2 * at + 1
        for matrix, membrane, sheath in pairs:
            matrix[i, i] += membrane
            matrix[p, p] += membrane + sheath / (2 * size.lamellae)
            matrix[i, p] -= membrane
            matrix[p, i] -= membrane
        conductance[i, i] += inner[at] + inner[at + 1]
        conductance[p, p] += outer[at] + outer[at + 1]
        if at:
            conductance[i, i - 2] = conductance[i - 2, i] = -inner[at]
            conductance[p, p - 2] = conductance[p - 2, p] = -outer[at]
    drive = np.zeros((2 * count, 2))
    drive[0, 0] = drive[-2, 1] = inner[0]
    return Internode(capacitance, conductance, drive, float(inner[0]))


def _compartments(size: Size, known: FibreFacts) -> list[tuple[float, float, float]]:
    """Return axon's width, length and gap [um] of each compartment, from one node to the next."""
    count, mysa = int(known["stin_count"]), known["mysa_length"]
    middle = (size.spacing - known["node_length"] - 2 * mysa - 2 * size.flut) / count
    end = [(size.node, mysa, known["gap_narrow"]), (size.axon, size.flut, known["gap_wide"])]
    return [*end, *[(size.axon, middle, known["gap_wide"])] * count, *reversed(end)]


def _half_resistances(parts: list[tuple[float, float, float]], known: FibreFacts) -> tuple[list[float], list[float]]:
    """Return half of each compartment's resistance along the axon and along its gap [MOhm]."""
    inside, gap = [], []
    for width, length, wide in parts:
        along = known["resistivity"] * (length / 2) * _CM * 1e-6
        inside.append(along / (np.pi * (width / 2) ** 2 * _CM2))
        gap.append(along / (np.pi * ((width / 2 + wide) ** 2 - (width / 2) ** 2) * _CM2))
    return inside, gap


def modes(internode: Internode) -> Modes:
    """Return the modes of an internode, slowest first."""
    count = len(internode.capacitance) // 2
    fold = np.zeros((2 * count, count))
    decay, weight, even = [], [], []
    for sign in (1.0, -1.0):
        # Halves of the internode that move alike, or against each other; inside stays inside, gap stays gap.
        for at in range(count):
            mirror = 2 * (count - 1 - at // 2) + at % 2
            fold[:, at] = 0.0
            fold[[at, mirror], at] = np.sqrt(0.5) * np.array([1.0, sign])
        capacitance, conductance = (fold.T @ each @ fold for each in (internode.capacitance, internode.conductance))
        inverse = np.linalg.inv(np.linalg.cholesky(capacitance))
        rates, axes = np.linalg.eigh(inverse @ conductance @ inverse.T)
        decay.append(rates)
        weight.append((axes.T @ inverse @ fold.T @ internode.drive[:, 0]) ** 2)
        even.append(np.full(count, sign > 0))
    order = np.argsort(np.concatenate(decay))
    found = [np.concatenate(each)[order] for each in (decay, weight, even)]
    return Modes(found[0], found[1], found[2], internode.direct)


def step_of(found: Modes, h: float) -> Step:
    """Return the constants of a step of h [ms], exact for potentials that run straight over it."""
    x = found.decay * h
    left = np.exp(-x)
    mean = -np.expm1(-x) / x
    before, after = found.weight / found.decay * (mean - left), found.weight / found.decay * (1 - mean)
    lasting = left > FORGOTTEN
    pairs = int(max((lasting & found.even).sum(), (lasting & ~found.even).sum()))
    kept = np.zeros((pairs, 4))
    direct = []
    for column, chosen in ((0, found.even), (2, ~found.even)):
        which = np.flatnonzero(lasting & chosen)
        kept[: which.size, column] = left[which]
        kept[: which.size, column + 1] = left[which] * after[which] + before[which]
        direct.append(float(before[chosen & ~lasting].sum()))
    even, odd = after[found.even].sum(), after[~found.even].sum()
    return Step(kept, (direct[0], direct[1]), float(found.direct - even - odd), float(even - odd))
