"""The tasks that every simulator gets, as plain numbers in a folder, and scipy's answer to them.

The simulators run in processes of their own, maybe with another Python, and read nothing but these numbers.
"""

from __future__ import annotations

from pathlib import Path
from typing import Any

import numpy as np
from numpy.typing import NDArray

from rheobase.knowledge.fibre_facts import load_fibre_facts
from rheobase.knowledge.nerve_facts import load_nerve_facts
from rheobase.nerve import layout as at
from rheobase.nerve.concentrations import normal_serum, serum_of
from rheobase.nerve.fibre.fibre import NODES, fibre, rest
from rheobase.nerve.fibre.internode import _compartments as compartments
from rheobase.nerve.membrane import Membrane, membrane, steady_gates
from rheobase.nerve.protocols.resting import resting
from rheobase.nerve.reference import solve
from rheobase.nerve.simulate import advance, pack
from rheobase.nerve.state import held_at, potentials

Array = NDArray[np.float64]
# A pulse of 0.1 ms every 10 ms, each cell its own size, so that silent and firing cells are both there.
PERIOD, WIDTH, STEP, CELLS = 10.0, 0.1, 0.005, 1000
# Cells and time that scipy follows; the potential is compared at these distances, where no impulse is under way [ms].
CHECKED, CHECKED_TIME, COMPARED = 8, 30.0, 5.0
# Axons at rest in noise: standard deviation [pA], time constant [ms], beat [ms]; how many, for how long [ms].
NOISE, NOISE_TIME, BEAT, SITES, SITE_TIME = 20.0, 2.0, 0.1, 64, 100.0
# The fibre of the published table [um], and how many at once.
DIAMETER, FIBRES = 10.0, 100
# Low calcium, so that the shift of the gates and the block of sodium channels are both at work.
SERUM = {"calcium_ionised": 1.0}
NODE_ROWS = {
    "shift_na": at.SHIFT_NA, "shift_k": at.SHIFT_K, "na_kept": at.NA_KEPT, "block_normal": at.BLOCK_NORMAL,
    "block": at.BLOCK, "na_out": at.NA_OUT, "g_kf": at.G_KF, "g_ks": at.G_KS, "e_k": at.E_K, "g_lin": at.G_LIN,
    "i_lin": at.I_LIN, "c_node": at.C_NODE,
}  # fmt: skip
INNER_ROWS = {
    "shift_q": at.SHIFT_Q, "g_ksi": at.G_KSI, "g_kfi": at.G_KFI, "g_h": at.G_H, "e_h": at.E_H, "g_lin_i": at.G_LIN_I,
    "i_lin_i": at.I_LIN_I, "g_bb": at.G_BB, "c_myelin": at.C_MYELIN, "c_internode": at.C_INTERNODE,
}  # fmt: skip


def node_cells() -> tuple[Membrane, Array]:
    """Return Schwarz's node in low calcium, each cell with its own sodium permeability, and their pulses [pA]."""
    cells = membrane("schwarz_node", serum_of(SERUM), vary={"p_na": np.linspace(0.9, 1.1, CELLS)})
    return cells, np.asarray(400 + 1600 * (np.arange(CELLS) * 0.6180339887498949 % 1), np.float64)


def checked() -> NDArray[np.intp]:
    """Return the cells that scipy follows too."""
    return np.linspace(0, CELLS - 1, CHECKED).astype(np.intp)


def numbers(cells: Membrane) -> dict[str, Any]:
    """Return what a simulator needs to know of cells: their rows that are alike, sodium of each, gates, start."""
    v, vi = resting(cells)
    names = {**NODE_ROWS, **(INNER_ROWS if cells.two else {})}
    found: dict[str, Any] = {name: float(cells.rows[row, 0]) for name, row in names.items()}
    return {
        **found, "na_fast": cells.rows[at.NA_FAST], "v": v, "vi": vi, "start": steady_gates(cells, v, vi),
        "gates": cells.gates, "thermal": cells.thermal, "na_in": cells.sodium_inside, "depth": cells.block_depth,
        "period": PERIOD, "width": WIDTH, "step": STEP, "level": load_nerve_facts()["impulse_level"],
    }  # fmt: skip


def write_node(folder: Path) -> None:
    """Write the node's task."""
    cells, pulses = node_cells()
    np.savez(
        folder / "node.npz", pulses=pulses, checked=checked(), checked_time=CHECKED_TIME, time=100.0, **numbers(cells)
    )


def write_pool(folder: Path) -> None:
    """Write the task of axons of node and internode at rest in noise, and where our steps of a beat leave them."""
    cells = membrane("motor", normal_serum(), vary={"na_persistent": np.ones(SITES)})
    beats, share = round(SITE_TIME / BEAT), np.exp(-BEAT / NOISE_TIME)
    drawn = np.random.default_rng(1).normal(0, NOISE * np.sqrt(1 - share**2), (beats, SITES))
    noise, now = np.empty_like(drawn), np.zeros(SITES)
    packed = pack(cells)
    states = held_at(cells, *resting(cells))
    for beat, fresh in enumerate(drawn):
        now = share * now + fresh
        noise[beat] = now
        states = advance(packed, states, BEAT, hold=now, step=BEAT).states
    np.savez(folder / "pool.npz", noise=noise, beat=BEAT, time=SITE_TIME, after=potentials(states)[0], **numbers(cells))


def write_fibre(folder: Path) -> None:
    """Write the task of the double cable: its parts [um, S/cm2], its nodes' gates, the pulses [nA]."""
    facts, size = load_fibre_facts(), load_fibre_facts().sizes[DIAMETER]
    known = fibre(DIAMETER)
    leaks = {"mysa": facts["g_mysa"], "flut": facts["g_internode"], "stin": facts["g_internode"], "node": 0.0}
    node = (size.node, facts["node_length"], facts["gap_narrow"])
    parts = [("node", *node)]
    for _ in range(NODES - 1):
        names = ["mysa", "flut", *["stin"] * int(facts["stin_count"]), "flut", "mysa"]
        parts += [(name, *each) for name, each in zip(names, compartments(size, facts), strict=True)]
        parts.append(("node", *node))
    sizes = ("diameter", "spacing", "lamellae")
    single = ("resistivity", "c_axolemma", "g_lamella", "c_lamella", "e_internode", "e_na", "e_k")
    named: dict[str, Any] = {each: getattr(size, each) for each in sizes} | {each: facts[each] for each in single}
    named |= {f"currents_{n}": currents(n) for n in (1, 10, FIBRES)}
    np.savez(
        folder / "fibre.npz", parts=np.array([(*each, leaks[each[0]]) for each in parts], str), gates=known.gates,
        shift=float(known.nodes.shift_na[0, 0] - known.origin[0]), rest=float(rest(known)[10, 0] + known.origin[0]),
        level=facts["impulse_level"], g_na=facts["g_na_fast"], g_nap=facts["g_na_persistent"], g_ks=facts["g_k_slow"],
        g_l=facts["g_leak"], e_l=facts["e_leak"], **named,
    )  # fmt: skip


def currents(count: int) -> Array:
    """Return the pulses of so many fibres [nA]: some too weak."""
    return np.linspace(0.2, 2.2, count) if count > 1 else np.array([2.0])


def crossings(trace: Array, level: float, step: float = STEP) -> list[Array]:
    """Return when each cell of a trace (cells, times) crosses the level upwards, straight between two times [ms]."""
    found = []
    for v in trace:
        where = np.flatnonzero((v[:-1] < level) & (v[1:] >= level))
        found.append((where + (level - v[where]) / (v[where + 1] - v[where])) * step)
    return found


def reference() -> tuple[list[Array], Array]:
    """Return scipy's times of impulses [ms] of the checked cells and their potentials at every ``COMPARED`` ms [mV]."""
    cells, pulses = node_cells()
    times, potentials = [], []
    for number in checked():
        one = cells.take([number])
        v, vi = resting(one)
        state = np.concatenate([v, vi, steady_gates(one, v, vi)[:, 0]])
        now, fired, seen = 0.0, [], []
        for _ in range(round(CHECKED_TIME / PERIOD)):
            for length, stimulus in ((WIDTH, pulses[number]), (COMPARED - WIDTH, 0.0), (PERIOD - COMPARED, 0.0)):
                done = solve(one, state, length, stimulus=float(stimulus), level=load_nerve_facts()["impulse_level"])
                fired += [now + each for each in done.impulses]
                state, now = done.state, now + length
                if length != WIDTH:
                    seen.append(state[0])
        times.append(np.array(fired))
        potentials.append(seen)
    return times, np.array(potentials)


def errors(trace: Array, answer: tuple[list[Array], Array]) -> str:
    """Return in words how far a trace (cells, times from 0 on) is from scipy's answer.

    Args:
        trace: Potentials at every step [mV].
        answer: What ``reference`` returned.
    """
    times, potentials = answer
    step = CHECKED_TIME / (trace.shape[1] - 1)
    found, wrong, apart = crossings(trace, load_nerve_facts()["impulse_level"], step), 0, 0.0
    for ours, theirs in zip(found, times, strict=True):
        if ours.size != theirs.size:
            wrong += 1
        elif ours.size:
            apart = max(apart, float(np.abs(ours - theirs).max()))
    every = round(COMPARED / step)
    off = float(np.abs(trace[:, every::every] - potentials).max())
    counts = "" if not wrong else f"; {wrong} of {CHECKED} cells fire another number of times"
    return f"{1000 * apart:.1f} us, {off:.3f} mV{counts}"
