"""A person's nerve beside a normal one: every index, what each value does alone, which axons fire by themselves."""

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
from rheobase.nerve.protocols.excitable import excitable
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
        alone: Change of the threshold [%] by each value on its own, the others normal; only of values that differ and
            leave the axon an impulse.
        firing: Motor, sensory, and a nerve ending that is prone to fire.
        curve: Ionised calcium [mmol/L] and threshold against normal [%], the person's other values kept; empty
            where the person's axon has no impulse.
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
    pairs = _pairs(serum)
    control = pairs["threshold"][0]
    alone, curve = _thresholds(serum, control)
    return NerveView(
        serum,
        gating_shift(serum, known),
        tuple(_compared(each.id, *pairs[each.id]) for each in INDICES),
        alone,
        _firing(serum, known),
        curve,
        outside_checked(serum, known),
    )


def _pairs(serum: Serum) -> dict[str, tuple[float, float]]:
    """Return every index of a motor axon in normal serum and in the person's; side by side where they are as warm."""
    usual = normal_serum()
    if serum.temperature == usual.temperature:
        both = measure(membrane(MOTOR, [usual, serum])).values
        return {name: (float(each[0]), float(each[1])) for name, each in both.items()}
    mine, others = measure(membrane(MOTOR, serum)).values, measure(membrane(MOTOR, usual)).values
    return {name: (float(others[name][0]), float(mine[name][0])) for name in mine}


def _compared(name: str, normal: float, person: float) -> Compared:
    usual, own = (value if math.isfinite(value) else None for value in (normal, person))
    change = 100 * (own - usual) / abs(usual) if usual and own is not None else None
    return Compared(name, usual, own, change)


def _thresholds(serum: Serum, control: float) -> tuple[dict[str, float], tuple[tuple[float, float], ...]]:
    """Return the change of threshold [%] by each value alone, and the threshold [%] over calcium."""
    usual = normal_serum()
    differ = [name for name in NAMES if getattr(serum, name) != getattr(usual, name)]
    alone = [replace(usual, **{name: getattr(serum, name)}) for name in differ]
    calcium = sorted({*CURVE, serum.calcium_ionised})
    wanted = [*alone, *(replace(serum, calcium_ionised=each) for each in calcium)]
    found = np.empty(len(wanted))
    for warmth in {each.temperature for each in wanted}:
        which = [at for at, each in enumerate(wanted) if each.temperature == warmth]
        settled = settle(membrane(MOTOR, [wanted[at] for at in which]))
        found[which] = np.where(excitable(settled), settled.control, np.nan)
    shares = [float(each) for each in 100 * found / control]
    by_name = {name: share - 100 for name, share in zip(differ, shares, strict=False) if math.isfinite(share)}
    points = tuple(each for each in zip(calcium, shares[len(differ) :], strict=True) if math.isfinite(each[1]))
    # A curve is drawn for the person's point on it: without an impulse there is none.
    return by_name, points if any(at == serum.calcium_ionised for at, _ in points) else ()


def prone_factors(known: NerveFacts) -> dict[str, float]:
    """Return what makes a nerve ending prone to fire by itself: factors on parameters of the motor axon."""
    return {"p_na": known["prone_na"], "na_persistent": known["prone_na_persistent"]}


def _firing(serum: Serum, known: NerveFacts) -> tuple[Firing, ...]:
    usual = normal_serum()
    vary = {name: [1.0, 1.0, factor, factor] for name, factor in prone_factors(known).items()}
    motor = _rates(MOTOR, [usual, serum] * 2, vary)
    sensory = _rates(SENSORY, [usual, serum], {})
    return (Firing(MOTOR, *motor[:2]), Firing(SENSORY, *sensory), Firing("prone", *motor[2:]))


def _rates(axon: str, serums: list[Serum], vary: Mapping[str, list[float]]) -> list[float]:
    """Return how often each fires by itself [Hz]; those of one temperature go side by side."""
    found = np.empty(len(serums))
    for warmth in {each.temperature for each in serums}:
        which = [at for at, each in enumerate(serums) if each.temperature == warmth]
        own = {name: [factors[at] for at in which] for name, factors in vary.items()}
        found[which] = spontaneous(membrane(axon, [serums[at] for at in which], vary=own))
    return [float(each) for each in found]
