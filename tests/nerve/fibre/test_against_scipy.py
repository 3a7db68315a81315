"""The compiled fibre beside the same equations written out anew and solved by scipy."""

from __future__ import annotations

import numpy as np
import pytest
from scipy.integrate import solve_ivp
from scipy.sparse import lil_matrix

from rheobase.nerve.fibre.fibre import fibre, rest
from rheobase.nerve.fibre.simulate import Pulse, advance, one_node
from rheobase.nerve.fibre.velocity import velocity

NODES, STIMULATED, CURRENT, UNTIL = 7, 1, 3.0, 1.2
# Of the 10 um fibre, straight from the publication: length, diameter [um], gap [um], axolemma [S/cm2].
PARTS = {"node": (1.0, 3.3, 0.002, 0.0), "mysa": (3.0, 3.3, 0.002, 1e-3), "flut": (46.0, 6.9, 0.004, 1e-4),
         "stin": ((1150 - 1 - 6 - 92) / 6, 6.9, 0.004, 1e-4)}  # fmt: skip
ORDER = (["node", "mysa", "flut"] + ["stin"] * 6 + ["flut", "mysa"]) * (NODES - 1) + ["node"]


def _linear(x: np.ndarray) -> np.ndarray:
    return np.where(np.abs(x) < 1e-9, 1.0, x / -np.expm1(-x))


def _rates(v: np.ndarray) -> tuple[np.ndarray, np.ndarray]:
    """MRG's rates at 37 C [1/ms]: rows m, h, p, s."""
    fast, ready, slow = 2.2**1.7, 2.9**1.7, 3.0**0.1
    opening = np.array([
        fast * 1.86 * 10.3 * _linear((v + 21.4) / 10.3), ready * 0.062 * 11 * _linear(-(v + 114) / 11),
        fast * 0.01 * 10.2 * _linear((v + 27) / 10.2), slow * 0.3 / (1 + np.exp(-(v + 53) / 5)),
    ])  # fmt: skip
    closing = np.array([
        fast * 0.086 * 9.16 * _linear(-(v + 25.7) / 9.16), ready * 2.3 / (1 + np.exp(-(v + 31.8) / 13.4)),
        fast * 0.00025 * 10 * _linear(-(v + 34) / 10), slow * 0.03 / (1 + np.exp(-(v + 90))),
    ])  # fmt: skip
    return opening, closing


class _Cable:
    """Every compartment's inside and gap written out; the gap of a node is earthed."""

    def __init__(self) -> None:
        count = len(ORDER)
        length, width, gap, leak = (np.array([PARTS[each][at] for each in ORDER]) for at in range(4))
        self.nodes = np.flatnonzero(np.array(ORDER) == "node")
        area = np.pi * width * length * 1e-8
        inside = 0.7 * (length / 2) / (np.pi * (width / 2) ** 2)
        space = 0.7 * (length / 2) / (np.pi * ((width / 2 + gap) ** 2 - (width / 2) ** 2))
        self.along = 1 / (inside[:-1] + inside[1:])
        self.under = 1 / (space[:-1] + space[1:])
        self.cm, self.gm = 2e3 * area, leak * area * 1e6
        sheath = np.pi * 10.0 * length * 1e-8 / 240
        self.cx, self.gx = 0.1e3 * sheath, 0.001e6 * sheath
        self.cx[self.nodes] = 1.0
        self.area, self.count = area[self.nodes] * 1e6, count

    def slopes(self, time: float, y: np.ndarray) -> np.ndarray:
        """Return the rate of change of membrane and gap potentials [mV] and of the gates."""
        n = self.count
        vm, vp, gates = y[:n], y[n : 2 * n], y[2 * n :].reshape(4, -1)
        along = np.diff(vm + vp) * self.along
        under = np.diff(vp) * self.under
        into = np.zeros(n)
        into[:-1] += along
        into[1:] -= along
        beneath = np.zeros(n)
        beneath[:-1] += under
        beneath[1:] -= under
        ionic = self.gm * (vm + 80)
        m, h, p, s = gates
        v = vm[self.nodes]
        ionic[self.nodes] = self.area * (
            (3.0 * m**3 * h + 0.01 * p**3) * (v - 50) + 0.08 * s * (v + 90) + 0.007 * (v + 90)
        )
        if time < 0.1:
            into[self.nodes[STIMULATED]] += CURRENT
        dvm = (into - ionic) / self.cm
        # What leaves the axon comes into the gap.
        dvp = (into + beneath - self.gx * vp) / self.cx
        dvp[self.nodes] = 0.0
        opening, closing = _rates(v)
        return np.concatenate([dvm, dvp, (opening - (opening + closing) * gates).ravel()])

    def pattern(self) -> lil_matrix:
        """Return which state depends on which."""
        n, k = self.count, len(self.nodes)
        found = lil_matrix((2 * n + 4 * k, 2 * n + 4 * k))
        for at in range(n):
            for near in range(max(0, at - 1), min(n, at + 2)):
                found[at, [near, n + near]] = 1
                found[n + at, [near, n + near]] = 1
        for number, at in enumerate(self.nodes.tolist()):
            for gate in range(4):
                row = 2 * n + gate * k + number
                found[row, [row, at]] = 1
                found[at, row] = 1
                found[n + at, row] = 1
        return found


@pytest.fixture(scope="module")
def solved() -> tuple[np.ndarray, np.ndarray]:
    """Return when each node fired [ms] and its potential at the end [mV], by scipy."""
    cable = _Cable()
    plain = fibre(10.0, nodes=NODES)
    v = (rest(plain) + plain.origin)[:, 0]
    n, k = cable.count, len(cable.nodes)
    start = np.concatenate([np.full(n, -80.0), np.zeros(n), np.zeros(4 * k)])
    start[cable.nodes] = v
    opening, closing = _rates(v)
    start[2 * n :] = (opening / (opening + closing)).ravel()
    done = solve_ivp(
        cable.slopes, (0.0, 0.1), start, method="BDF", rtol=1e-8, atol=1e-9, jac_sparsity=cable.pattern(),
        dense_output=True,
    )  # fmt: skip
    on = solve_ivp(
        cable.slopes, (0.1, UNTIL), done.y[:, -1], method="BDF", rtol=1e-8, atol=1e-9, jac_sparsity=cable.pattern(),
        dense_output=True,
    )  # fmt: skip
    assert done.sol is not None
    assert on.sol is not None
    fine = np.linspace(0, UNTIL, 24001)
    whole = np.where(
        fine < 0.1, done.sol(np.minimum(fine, 0.1))[cable.nodes], on.sol(np.maximum(fine, 0.1))[cable.nodes]
    )
    crossed = [fine[np.flatnonzero((each[:-1] < 0) & (each[1:] >= 0))[0]] for each in whole]
    return np.array(crossed), on.y[cable.nodes, -1]


def _ours(step: float, dtype: type[np.floating]) -> tuple[np.ndarray, np.ndarray]:
    plain = fibre(10.0, nodes=NODES)
    pulse = Pulse(one_node(plain, STIMULATED, CURRENT), 0.0, 0.1)
    run = advance(plain, UNTIL, pulse=pulse, step=step, dtype=dtype)
    return run.times[0, :, 0], run.end[:, 0]


def test_fine_steps_agree_with_scipy(solved: tuple[np.ndarray, np.ndarray]) -> None:
    """With steps of 1 us in float64 impulses come within 1 us and potentials end within 0.1 mV of scipy's."""
    times, end = _ours(0.001, np.float64)
    assert np.abs(times - solved[0]).max() < 1e-3
    assert np.abs(end - solved[1]).max() < 0.1


def test_usual_steps_agree_with_scipy(solved: tuple[np.ndarray, np.ndarray]) -> None:
    """With the usual step in float32 impulses come within 10 us and potentials end within 0.3 mV of scipy's."""
    times, end = _ours(0.004, np.float32)
    assert np.abs(times - solved[0]).max() < 10e-3
    assert np.abs(end - solved[1]).max() < 0.3


def test_second_order() -> None:
    """Half the step leaves less than a third of the error in conduction velocity."""
    fibres = fibre(10.0, nodes=41)
    exact, coarse, fine = (velocity(fibres, step=step, dtype=np.float64)[0] for step in (0.001, 0.01, 0.005))
    assert abs(fine - exact) < abs(coarse - exact) / 3
