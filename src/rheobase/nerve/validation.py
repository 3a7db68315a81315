"""What the model gives for every published figure that it is held to."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, replace

import numpy as np

from rheobase.knowledge.nerve_facts import NerveFacts, Target, load_nerve_facts
from rheobase.nerve.concentrations import Serum, ionised_calcium, normal_serum
from rheobase.nerve.indices import measure
from rheobase.nerve.membrane import membrane
from rheobase.nerve.normal import MOTOR, SENSORY, prone_factors
from rheobase.nerve.protocols.current_threshold import current_threshold
from rheobase.nerve.protocols.electrotonus import SHARE, electrotonus
from rheobase.nerve.protocols.recovery_cycle import recovery_cycle
from rheobase.nerve.protocols.settled import Settled, settle
from rheobase.nerve.protocols.spontaneous import spontaneous
from rheobase.nerve.protocols.strength_duration import strength_duration
from rheobase.nerve.screening import Bath, surface_potential

# Baths of the experiments: salt of frog and squid solutions [mol/L], temperatures [C].
FROG, SQUID = (0.115, 10.0), (0.45, 20.0)
# Serums of the comparisons.
HIGH_K, LOW_K, FROM_K, TO_K, LOW_CA = 5.5, 2.5, 3.5, 5.0, 0.5
OVERBREATHING, LONG_OVERBREATHING = 7.6, 7.75
ALKALINE, LOW_MG = 7.55, 0.2
_EARLY, _HALVINGS = 2.5, 8


@dataclass(frozen=True, slots=True)
class Judged:
    """One target and what the model gives; ``within`` is None where it is not judged."""

    target: Target
    ours: float | None
    within: bool | None


def judge_all() -> tuple[Judged, ...]:
    """Return every target of the membrane with what the model gives."""
    known, ours = load_nerve_facts(), measured()
    return tuple(judged(each, ours.get(each.id)) for each in known.targets.values())


def judged(target: Target, ours: float | None) -> Judged:
    """Return a target with what the model gives; None for what it does not give."""
    if ours is None:
        return Judged(target, None, None)
    over = target.low is None or ours >= target.low
    return Judged(target, ours, over and (target.high is None or ours <= target.high))


def measured() -> dict[str, float]:
    """Return what the model gives, by the id of the target."""
    known = load_nerve_facts()
    level = prone_level(known)
    worse = prone_level(known, replace(normal_serum(), ph=ALKALINE, magnesium_ionised=LOW_MG))
    return {**_resting(), **_surface(known), **_ions(), **_breathing(known), "H6": level, "H8": worse - level}


def _resting() -> dict[str, float]:
    usual = normal_serum()
    motor, sensory = measure(membrane(MOTOR, usual)).values, measure(membrane(SENSORY, usual)).values
    settled = settle(membrane(MOTOR, usual))
    slopes = current_threshold(settled)
    constants = float(motor["time_constant"][0]), float(sensory["time_constant"][0])
    more = float(sensory["resting_potential"][0] - motor["resting_potential"][0])
    return {
        "V2": constants[0],
        "V2s": constants[1],
        "V3": float(motor["refractory_period"][0]),
        "V4": float(motor["superexcitability"][0]),
        "V5": float(motor["subexcitability"][0]),
        "V6": float(electrotonus(settled).early[0]),
        "V7": float(motor["electrotonus_depolarised"][0]),
        "V8": float(motor["electrotonus_hyperpolarised"][0]),
        "V9": float(slopes.resting_slope[0]),
        "V9m": float(slopes.least_slope[0]),
        "V12": min(10 * (constants[1] - constants[0]), more),
    }


def _surface(known: NerveFacts) -> dict[str, float]:
    def frog(calcium: float, magnesium: float = 0.0, ph: float = 7.4) -> float:
        return surface_potential(Bath(calcium / 1000, magnesium / 1000, FROG[0], ph, FROG[1]), known)

    def squid(calcium: float) -> float:
        return surface_potential(Bath(calcium / 1000, 0.0, SQUID[0], 8.0, SQUID[1]), known)

    tenfold = frog(20) - frog(2)
    return {
        "I1": tenfold,
        "I2": frog(0) - frog(2),
        "I3": (frog(0, 20) - frog(0, 2)) / tenfold,
        "I4": (frog(20, 0, 5) - frog(2, 0, 5)) / tenfold,
        "I5": squid(44) - squid(8.8),
    }


def _ions() -> dict[str, float]:
    usual = normal_serum()
    serums = [usual, replace(usual, calcium_ionised=LOW_CA)]
    serums += [replace(usual, potassium=each) for each in (HIGH_K, LOW_K, FROM_K, TO_K)]
    settled = settle(membrane(MOTOR, serums))
    recovery, law = recovery_cycle(settled), strength_duration(settled)
    plus, minus = electrotonus(settled, SHARE), electrotonus(settled, -SHARE)
    early = np.nan_to_num(recovery.change[list(recovery.delays).index(_EARLY)], posinf=1000.0)
    most, period, rest = recovery.superexcitability, recovery.refractory_period, settled.rest
    # Axons 2 to 5: potassium high, low, from, to.
    high = (rest[2] - rest[0], early[2] - early[0], most[2] - most[0], plus.late[0] - plus.late[2])
    fan = min(plus.late[3] - plus.late[0], minus.late[0] - minus.late[3])
    control = 100 * (settled.control[3] / settled.control[0] - 1)
    low = (rest[0] - rest[3], control, fan, period[0] - period[3])
    return {
        "I6": float(early[1] - early[0]),
        "I7": float(min(high)),
        "I8": float(min(period[5] - period[4], most[5] - most[4])),
        "I8t": float(law.time_constant[5] - law.time_constant[4]),
        "I9": float(min(low)),
        "I9s": float(most[0] - most[3]),
    }


def _breathing(known: NerveFacts) -> dict[str, float]:
    usual = normal_serum()
    alkaline = replace(usual, ph=OVERBREATHING)
    motor, sensory = (settle(membrane(kind, [usual, alkaline])) for kind in (MOTOR, SENSORY))
    law, recovery = strength_duration(motor), recovery_cycle(motor)
    total = known.inputs["calcium_total"].normal
    steady = [ionised_calcium(total, ph=usual.ph + each, breathing="steady") for each in (0.0, 0.1)]
    return {
        "H1": max(_rise(motor), _rise(sensory)),
        "H3": prone_rate(replace(usual, ph=LONG_OVERBREATHING), known),
        "H4": steady[1] - steady[0],
        "H5": float(law.time_constant[1] - law.time_constant[0]),
        "H5r": float(recovery.refractory_period[1] - recovery.refractory_period[0]),
    }


def _rise(settled: Settled) -> float:
    return float(100 * (settled.control[1] / settled.control[0] - 1))


def prone_rate(serum: Serum, known: NerveFacts, factors: Mapping[str, float] | None = None) -> float:
    """Return how often the prone ending fires in a serum [Hz]."""
    return float(spontaneous(membrane(MOTOR, serum, vary=factors or prone_factors(known)))[0])


def prone_level(known: NerveFacts, serum: Serum | None = None, factors: Mapping[str, float] | None = None) -> float:
    """Return the ionised calcium [mmol/L] below which the prone ending fires; to 1/100, from 0.4 to 1.6.

    Args:
        known: The facts.
        serum: The rest of the serum, normal unless given.
        factors: What makes it prone, as in the facts unless given.
    """
    bath = serum or normal_serum()
    low, high = 0.4, 1.6
    for _ in range(_HALVINGS):
        middle = (low + high) / 2
        if prone_rate(replace(bath, calcium_ionised=middle), known, factors) > 0:
            low = middle
        else:
            high = middle
    return (low + high) / 2
