"""What the pool gives for every figure that it is held to, in the form of ``nerve.validation``."""

from __future__ import annotations

from dataclasses import replace

import numpy as np

from rheobase.knowledge.pool_facts import load_pool_facts
from rheobase.nerve.concentrations import normal_serum
from rheobase.nerve.membrane import membrane
from rheobase.nerve.pool.rates import multiple
from rheobase.nerve.protocols.settled import settle
from rheobase.nerve.protocols.strength_duration import strength_duration
from rheobase.nerve.validation import Judged

# Serums of the comparisons.
OVERBREATHING, TETANY, NO_TETANY = 7.6, 0.78, 0.92


def judge_pool() -> tuple[Judged, ...]:
    """Return every target of the pool with what it gives."""
    known, ours = load_pool_facts(), measured()
    found = []
    for target in known.targets.values():
        value = ours.get(target.id)
        low, high = (float("-inf") if target.low is None else target.low), (target.high or float("inf"))
        found.append(Judged(target, value, None if value is None else low <= value <= high))
    return tuple(found)


def measured() -> dict[str, float]:
    """Return what the pool gives, by the id of the target."""
    usual, more = normal_serum(), load_pool_facts()["als_na_persistent"]
    law = strength_duration(settle(membrane("motor", usual, vary={"na_persistent": np.array([1.0, more])})))
    longer = 100 * (law.time_constant[1] / law.time_constant[0] - 1)
    lower = 100 * (1 - law.rheobase[1] / law.rheobase[0])
    spasm, none = (multiple(replace(usual, calcium_ionised=each)).all_along for each in (TETANY, NO_TETANY))
    return {
        "F1": float(min(longer, lower)),
        "F4": multiple(usual, na=more).middle,
        "H1p": multiple(replace(usual, ph=OVERBREATHING)).middle,
        "H6p": spasm / none if none else float("inf"),
    }
