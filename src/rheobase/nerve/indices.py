"""Every index of excitability of many axons, by name, and their change against normal."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

from rheobase.nerve.membrane import Membrane
from rheobase.nerve.protocols.electrotonus import SHARE, electrotonus
from rheobase.nerve.protocols.recovery_cycle import RecoveryCycle, recovery_cycle
from rheobase.nerve.protocols.rheobase import rheobase
from rheobase.nerve.protocols.settled import settle
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
        values: By the id of the index, shape (axons,); NaN or inf where there is none.
        recovery: The whole recovery cycle.
    """

    values: Mapping[str, Array]
    recovery: RecoveryCycle


def measure(membrane: Membrane, *, step: float = STEP) -> Measured:
    """Return every index of every axon."""
    settled = settle(membrane, step=step)
    law, recovery = strength_duration(settled, step=step), recovery_cycle(settled, step=step)
    values = {
        "resting_potential": settled.rest,
        "threshold": settled.control,
        "rheobase": rheobase(settled, step=step),
        "time_constant": law.time_constant,
        "refractory_period": recovery.refractory_period,
        "superexcitability": recovery.superexcitability,
        "subexcitability": recovery.subexcitability,
        "electrotonus_depolarised": electrotonus(settled, SHARE, step=step).late,
        "electrotonus_hyperpolarised": electrotonus(settled, -SHARE, step=step).late,
    }
    return Measured(values, recovery)
