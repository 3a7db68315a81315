"""What a nerve laboratory would see in model axons that differ in a few properties, all of them side by side."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, replace

import numpy as np
from numpy.typing import NDArray

from rheobase.knowledge.nerve_facts import load_nerve_facts
from rheobase.knowledge.nerve_norms import Fitted, NerveNorms, load_nerve_norms
from rheobase.nerve.concentrations import normal_serum
from rheobase.nerve.membrane import Membrane, membrane
from rheobase.nerve.protocols.current_threshold import current_threshold
from rheobase.nerve.protocols.electrotonus import electrotonus
from rheobase.nerve.protocols.recovery_cycle import recovery_cycle
from rheobase.nerve.protocols.settled import Settled, settle
from rheobase.nerve.protocols.strength_duration import WIDTHS, strength_duration
from rheobase.nerve.recorded_indices import DEPOLARISED, HYPERPOLARISED, SHARE, worked_out
from rheobase.nerve.recording import CURRENT_THRESHOLD, RECOVERY, STRENGTH, Electrotonus, Points

Array = NDArray[np.float64]
MOTOR, POTASSIUM = "motor", "potassium"
# Figures that the model is held to: those that follow from curves and do not hang on electrodes or tissue.
FIGURES = (
    "time_constant", "resting_slope", "least_slope", "hyperpolarising_slope", "refractory_period", "superexcitability",
    "subexcitability", *DEPOLARISED, *HYPERPOLARISED,
)  # fmt: skip
# Delays at which electrotonus is tested, since its current set in [ms].
TIMES = (1.0, 5.0, 10.0, 15.0, 20.0, 25.0, 30.0, 40.0, 50.0, 60.0, 75.0, 90.0, 95.0, 99.0)
# The laboratory's current sets in at this delay of its own count [ms].
ONSET = 10.0
# What stands for a threshold that no pulse reaches [%].
UNREACHED = 1000.0
PLUS, MINUS = "electrotonus_plus_40", "electrotonus_minus_40"


@dataclass(frozen=True, eq=False)
class Seen:
    """What is seen in model axons.

    Attributes:
        figures: Shape (axons, FIGURES); NaN where there is none.
        rest: Resting potential [mV], shape (axons,).
        curves: One mapping for each axon, by the names of the norms' curves.
    """

    figures: Array
    rest: Array
    curves: tuple[Mapping[str, Points], ...]


@dataclass(frozen=True, slots=True)
class Setting:
    """What the axons are in: warmth of the nerve [C], and potassium [mmol/L] about which it is sought."""

    temperature: float
    potassium: float


def setting_of(skin: float | None, potassium: float | None, norms: NerveNorms) -> Setting:
    """Return the setting of a recording; what is not known is that of the healthy people.

    Args:
        skin: Temperature of the skin [C].
        potassium: Of the serum [mmol/L].
        norms: Holds the skin's temperature that belongs to the model's normal one.
    """
    usual = normal_serum()
    warmer = 0.0 if skin is None else skin - norms["skin_temperature"]
    return Setting(usual.temperature + warmer, usual.potassium if potassium is None else potassium)


def observe(x: Array, setting: Setting, *, fitted: Sequence[Fitted] | None = None) -> Seen:
    """Return what is seen in axons.

    Args:
        x: Their properties in standard deviations of the prior, shape (axons, properties); 0 is the standard axon.
        setting: What they are in.
        fitted: The properties; all of the norms unless given.
    """
    properties = load_nerve_norms().fitted if fitted is None else fitted
    # Some axons that are tried cannot be measured; they have no figure there.
    with np.errstate(all="ignore"):
        settled = settle(_axons(x, setting, properties))
        curves = _curves(settled)
    figures = np.array([_figures(each) for each in curves])
    return Seen(figures, settled.rest, tuple(_named(each) for each in curves))


def value_of(each: Fitted, x: float, potassium: float) -> float:
    """Return a property: a factor on the standard axon's, or potassium [mmol/L]."""
    return potassium + each.spread * x if each.kind == "shift" else float(np.exp(each.spread * x))


def _axons(x: Array, setting: Setting, fitted: Sequence[Fitted]) -> Membrane:
    asked = load_nerve_facts().inputs[POTASSIUM]
    usual = normal_serum(setting.temperature)
    serums, vary = [replace(usual, potassium=setting.potassium)] * len(x), {}
    for column, each in enumerate(fitted):
        values = np.array([value_of(each, row[column], setting.potassium) for row in x])
        if each.id == POTASSIUM:
            held = np.clip(values, asked.low, asked.high)
            serums = [replace(usual, potassium=float(value)) for value in held]
        else:
            vary[each.id] = values
    return membrane(MOTOR, serums, vary=vary)


@dataclass(frozen=True, eq=False)
class _Curves:
    strength: Points
    recovery: Points
    currents: Points
    plus: Points
    minus: Points


def _curves(settled: Settled) -> list[_Curves]:
    norms = load_nerve_norms()
    delays = tuple(point.at for point in norms.curves[RECOVERY])
    law, cycle, currents = strength_duration(settled), recovery_cycle(settled, delays), current_threshold(settled)
    plus, minus = electrotonus(settled, SHARE / 100, TIMES), electrotonus(settled, -SHARE / 100, TIMES)
    rows = (
        (WIDTHS, law.thresholds), (delays, cycle.change), (100 * currents.shares, currents.reduction),
        (TIMES, plus.reduction), (TIMES, minus.reduction),
    )  # fmt: skip
    return [_Curves(*(_points(at, found[:, axon]) for at, found in rows)) for axon in range(settled.count)]


def _points(at: Sequence[float] | Array, values: Array) -> Points:
    held = np.clip(np.nan_to_num(values, nan=UNREACHED, posinf=UNREACHED, neginf=-UNREACHED), -UNREACHED, UNREACHED)
    return tuple((round(float(place), 6), float(value)) for place, value in zip(at, held, strict=True))


def _figures(seen: _Curves) -> list[float]:
    beyond = TIMES[-1] + 1
    both = [Electrotonus(share, points, 0.0, beyond) for share, points in ((SHARE, seen.plus), (-SHARE, seen.minus))]
    curves = {STRENGTH: seen.strength, RECOVERY: seen.recovery, CURRENT_THRESHOLD: seen.currents}
    found = worked_out(curves, both)
    return [found.get(name, np.nan) for name in FIGURES]


def _named(seen: _Curves) -> Mapping[str, Points]:
    """Return the curves by the names of the norms, electrotonus by the laboratory's own delays."""
    plus, minus = (tuple((at + ONSET, fall) for at, fall in points) for points in (seen.plus, seen.minus))
    return {RECOVERY: seen.recovery, CURRENT_THRESHOLD: seen.currents, PLUS: plus, MINUS: minus}
