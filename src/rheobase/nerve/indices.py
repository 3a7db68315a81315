"""Every index of excitability of many axons, by name, and their change against normal."""

from __future__ import annotations

from collections.abc import Callable, Collection, Iterable, Mapping
from dataclasses import dataclass
from functools import partial

import numpy as np
from numpy.typing import NDArray

from rheobase.nerve.membrane import Membrane
from rheobase.nerve.protocols.electrotonus import SHARE, electrotonus
from rheobase.nerve.protocols.excitable import excitable
from rheobase.nerve.protocols.recovery_cycle import RecoveryCycle, recovery_cycle
from rheobase.nerve.protocols.rheobase import rheobase
from rheobase.nerve.protocols.settled import Settled, settle
from rheobase.nerve.protocols.strength_duration import strength_duration
from rheobase.nerve.simulate import STEP

Array = NDArray[np.float64]


@dataclass(frozen=True, slots=True)
class Index:
    """What is measured: its name in JSON, in words, its unit."""

    id: str
    name: str
    unit: str


INDICES = (
    Index("resting_potential", "Resting potential", "mV"),
    Index("threshold", "Threshold, 1 ms pulse", "pA"),
    Index("rheobase", "Rheobase, 100 ms current", "pA"),
    Index("time_constant", "Strength-duration time constant", "ms"),
    Index("refractory_period", "Relative refractory period", "ms"),
    Index("superexcitability", "Superexcitability", "%"),
    Index("subexcitability", "Late subexcitability", "%"),
    Index("electrotonus_depolarised", "Threshold electrotonus, +40 %, 90-100 ms", "%"),
    Index("electrotonus_hyperpolarised", "Threshold electrotonus, -40 %, 90-100 ms", "%"),
)


@dataclass(frozen=True, eq=False)
class Measured:
    """Every index of every axon.

    Attributes:
        values: By the id of the index, shape (axons,); NaN or inf where there is none, as in depolarisation block.
        recovery: The whole recovery cycle.
    """

    values: Mapping[str, Array]
    recovery: RecoveryCycle


def measure(membrane: Membrane, *, step: float = STEP) -> Measured:
    """Return every index of every axon."""
    settled = settle(membrane, step=step)
    recovery = recovery_cycle(settled, step=step)
    return Measured(_found(settled, (each.id for each in INDICES), recovery, step), recovery)


def measure_some(membrane: Membrane, wanted: Collection[str], *, step: float = STEP) -> Mapping[str, Array]:
    """Return some indices of every axon by their ids, without the work that only others need.

    Raises:
        KeyError: There is no such index.
    """
    settled = settle(membrane, step=step)
    cycle = recovery_cycle(settled, step=step) if _OF_CYCLE.intersection(wanted) else None
    return _found(settled, wanted, cycle, step)


_OF_CYCLE = frozenset(("refractory_period", "superexcitability", "subexcitability"))


def _found(settled: Settled, wanted: Iterable[str], recovery: RecoveryCycle | None, step: float) -> dict[str, Array]:
    """Return the wanted indices; the recovery cycle is given where one of them is read from it."""
    how: Mapping[str, Callable[[], Array]] = {
        "resting_potential": lambda: settled.rest,
        "threshold": lambda: settled.control,
        "rheobase": lambda: rheobase(settled, step=step),
        "time_constant": lambda: strength_duration(settled, step=step).time_constant,
        "electrotonus_depolarised": lambda: electrotonus(settled, SHARE, step=step).late,
        "electrotonus_hyperpolarised": lambda: electrotonus(settled, -SHARE, step=step).late,
        **{name: partial(getattr, recovery, name) for name in _OF_CYCLE},
    }
    found = {name: how[name]() for name in wanted}
    fires = excitable(settled, step=step)
    # Without an impulse nothing but the rest has a meaning.
    return {name: each if fires.all() or name == "resting_potential" else np.where(fires, each, np.nan)
            for name, each in found.items()}  # fmt: skip
