"""What the pool gives for every figure that it is held to, in the form of ``nerve.validation``."""

from __future__ import annotations

from dataclasses import replace

import numpy as np

from rheobase.knowledge.pool_facts import load_pool_facts
from rheobase.nerve import layout as at
from rheobase.nerve.concentrations import normal_serum
from rheobase.nerve.membrane import membrane
from rheobase.nerve.pool.rates import multiple
from rheobase.nerve.protocols.electrotonus import electrotonus
from rheobase.nerve.protocols.recovery_cycle import recovery_cycle
from rheobase.nerve.protocols.settled import settle
from rheobase.nerve.protocols.strength_duration import strength_duration
from rheobase.nerve.validation import Judged, judged

# Serums of the comparisons.
OVERBREATHING, TETANY, NO_TETANY = 7.6, 0.78, 0.92
# After a contraction: rise of threshold [%]; pump currents among which the one that brings it about is sought [pA].
RISE, PUMP = 19.6, np.linspace(0.0, 90.0, 10)


def judge_pool() -> tuple[Judged, ...]:
    """Return every target of the pool with what it gives."""
    known, ours = load_pool_facts(), measured()
    return tuple(judged(each, ours.get(each.id)) for each in known.targets.values())


def measured() -> dict[str, float]:
    """Return what the pool gives, by the id of the target."""
    usual, more = normal_serum(), load_pool_facts()["als_na_persistent"]
    settled = settle(membrane("motor", usual, vary={"na_persistent": np.array([1.0, more])}))
    law, recovery = strength_duration(settled), recovery_cycle(settled).superexcitability
    longer = 100 * (law.time_constant[1] / law.time_constant[0] - 1)
    lower = 100 * (1 - law.rheobase[1] / law.rheobase[0])
    late = electrotonus(settled).late
    spasm, none = (multiple(replace(usual, calcium_ionised=each)).all_along for each in (TETANY, NO_TETANY))
    return {
        "F1": float(min(longer, lower)),
        "F1s": float(recovery[0] - recovery[1]),
        "F1d": float(late[1] - late[0]),
        "F4": multiple(usual, na=more).middle,
        "F5t": _after_contraction(),
        "H1p": multiple(replace(usual, ph=OVERBREATHING)).middle,
        "H6p": spasm / none if none else float("inf"),
    }


def _after_contraction() -> float:
    """Return the change of the time constant [%] under the pump current that raises the threshold by so much."""
    plain = membrane("motor", normal_serum()).take(np.zeros(PUMP.size, int))
    rows = plain.rows.copy()
    rows[at.I_LIN_I] += PUMP
    settled = settle(replace(plain, rows=rows))
    time_constant = strength_duration(settled).time_constant
    rise = 100 * (settled.control / settled.control[0] - 1)
    return float(100 * (np.interp(RISE, rise, time_constant) / time_constant[0] - 1))
