"""A person's nerve beside a normal one: every index, what each value does on its own, which axons fire by themselves."""

from __future__ import annotations

import math
from collections.abc import Mapping
from dataclasses import dataclass, replace

import numpy as np
from numpy.typing import NDArray

from rheobase.knowledge.nerve_facts import Input, NerveFacts, load_nerve_facts
from rheobase.nerve.concentrations import NAMES, Serum, normal_serum, outside_checked
from rheobase.nerve.indices import INDICES, measure
from rheobase.nerve.membrane import membrane
from rheobase.nerve.protocols.settled import settle
from rheobase.nerve.protocols.spontaneous import spontaneous
from rheobase.nerve.screening import gating_shift

Array = NDArray[np.float64]
MOTOR, SENSORY = "motor", "sensory"
# Points of the curve of threshold over ionised calcium [mmol/L].
CURVE = (0.7, 0.8, 0.9, 1.0, 1.1, 1.2, 1.3, 1.4)


@dataclass(frozen=True, slots=True)
class Compared:
    """One index of one kind of axon; ``change`` in per cent of normal, None where either has no value or it is 0."""

    index: str
    normal: float | None
    person: float | None
    change: float | None


@dataclass(frozen=True, slots=True)
class Firing:
    """How often an axon fires by itself [Hz], in normal serum and in the person's."""

    axon: str
    normal: float
    person: float


@dataclass(frozen=True, eq=False)
class NerveView:
    """What a person's values do to a nerve.

    Attributes:
        serum: The values.
        shift: What calcium, magnesium and pH add to the field at the gates [mV].
        indices: Of a motor axon, in the order of ``INDICES``.
        alone: Change of the threshold [%] by each value on its own, the others normal; only of values that differ.
        firing: Motor, sensory, and a nerve ending that is prone to fire.
        curve: Ionised calcium [mmol/L] and threshold against normal [%], the person's other values kept.
        beyond: Inputs outside of the range in which the model was compared with data.
    """

    serum: Serum
    shift: float
    indices: tuple[Compared, ...]
    alone: Mapping[str, float]
    firing: tuple[Firing, ...]
    curve: tuple[tuple[float, float], ...]
    beyond: tuple[Input, ...]


def view(serum: Serum) -> NerveView:
    """Return what a person's serum does to a nerve, beside normal serum at the normal temperature."""
    known = load_nerve_facts()
    usual = normal_serum()
    # Values that share the person's temperature go through together; with another temperature normal goes alone.
    same = serum.temperature == usual.temperature
    if same:
        both = measure(membrane(MOTOR, [usual, serum])).values
        pairs = {name: (float(each[0]), float(each[1])) for name, each in both.items()}
    else:
        mine, others = measure(membrane(MOTOR, serum)).values, measure(membrane(MOTOR, usual)).values
        pairs = {name: (float(others[name][0]), float(mine[name][0])) for name in mine}
    control = pairs["threshold"][0]
    return NerveView(
        serum,
        gating_shift(serum, known),
        tuple(_compared(each.id, *pairs[each.id]) for each in INDICES),
        _alone(serum, control),
        _firing(serum, known),
        _curve(serum, control),
        outside_checked(serum, known),
    )


def _compared(name: str, normal: float, person: float) -> Compared:
    usual, own = (value if math.isfinite(value) else None for value in (normal, person))
    change = 100 * (own - usual) / abs(usual) if usual and own is not None else None
    return Compared(name, usual, own, change)


def _alone(serum: Serum, control: float) -> dict[str, float]:
    usual = normal_serum()
    differ = [name for name in NAMES if getattr(serum, name) != getattr(usual, name)]
    found = {}
    ions = [name for name in differ if name != "temperature"]
    if ions:
        serums = [replace(usual, **{name: getattr(serum, name)}) for name in ions]
        thresholds = settle(membrane(MOTOR, serums)).control
        found = {name: float(100 * (each / control - 1)) for name, each in zip(ions, thresholds, strict=True)}
    if "temperature" in differ:
        warm = settle(membrane(MOTOR, normal_serum(serum.temperature))).control[0]
        found["temperature"] = float(100 * (warm / control - 1))
    return {name: found[name] for name in differ}


def prone_factors(known: NerveFacts) -> dict[str, float]:
    """Return what makes a nerve ending prone to fire by itself: factors on parameters of the motor axon."""
    return {"p_na": known["prone_na"], "na_persistent": known["prone_na_persistent"]}


def _firing(serum: Serum, known: NerveFacts) -> tuple[Firing, ...]:
    usual = normal_serum()

    def both(axon: str, vary: Mapping[str, float]) -> tuple[float, float]:
        return tuple(float(spontaneous(membrane(axon, each, vary=vary))[0]) for each in (usual, serum))  # type: ignore[return-value]

    kinds = ((MOTOR, MOTOR, {}), (SENSORY, SENSORY, {}), ("prone", MOTOR, prone_factors(known)))
    return tuple(Firing(name, *both(axon, vary)) for name, axon, vary in kinds)


def _curve(serum: Serum, control: float) -> tuple[tuple[float, float], ...]:
    calcium = sorted({*CURVE, serum.calcium_ionised})
    thresholds = settle(membrane(MOTOR, [replace(serum, calcium_ionised=each) for each in calcium])).control
    return tuple((each, float(100 * found / control)) for each, found in zip(calcium, thresholds, strict=True))
