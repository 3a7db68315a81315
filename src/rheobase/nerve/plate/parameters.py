"""Parameters of the model, each a fact with its source; and draws of them within their ranges."""

from __future__ import annotations

import dataclasses
import math
import random
from collections.abc import Callable
from dataclasses import dataclass
from typing import Any

from rheobase.knowledge.model_intake import IntakeFact, IntakeFacts

PREFIX = "plate."
# A range is read as the middle 90 % of a bell curve, on a logarithmic scale where all of it lies above zero.
_Z90 = 1.645
_FURTHEST = 2.0


@dataclass(frozen=True, slots=True)
class Usual:
    """What an adult of 70 kg takes in on an ordinary day, and is taken to be in balance with."""

    calcium_mg: float
    magnesium_mg: float
    potassium_mg: float
    sodium_mg: float
    phosphorus_mg: float
    vitamin_d_ug: float
    water_l: float


@dataclass(frozen=True, slots=True)
class Body:
    """Sizes by weight, filtration, and ordinary blood values. Fields are described by their facts."""

    weight: float
    gfr: float
    gfr_age: float
    gfr_slope: float
    water_male: float
    water_female: float
    water_age: float
    water_slope: float
    calcium: float
    ionised: float
    phosphate: float
    magnesium: float
    potassium: float
    sodium: float
    pth: float
    calcitriol: float
    vitamin_d: float


@dataclass(frozen=True, slots=True)
class Calcium:
    """Calcium, phosphate and bone."""

    volume: float
    bone_exchange: float
    resorption_share: float
    formation_share: float
    bone: float
    lining_reach: float
    resorption_power: float
    resorption_days: float
    formation_days: float
    secreted: float
    skin: float
    most_absorbed: float
    gut_fixed: float
    gut_half: float
    gut_days: float
    filtered_share: float
    reabsorbed_half: float
    reabsorption_most: float
    reabsorption_least: float
    urine_calcitriol: float
    urine_width: float
    bone_phosphate: float
    phosphate_absorbed: float
    phosphate_reach: float
    phosphate_cells: float
    phosphate_days: float
    phosphate_width: float


@dataclass(frozen=True, slots=True)
class Hormones:
    """Parathyroid hormone and calcitriol."""

    secretion_most: float
    secretion_basal: float
    secretion_least: float
    secretion_power: float
    pth_rate: float
    store_power: float
    store_days: float
    gland_rate: float
    gland_span: float
    gland_slope: float
    gland_calcitriol_share: float
    gland_calcium_power: float
    growth_rate: float
    growth_most: float
    growth_least: float
    growth_power: float
    hydroxylase_rate: float
    calcitriol_rate: float
    calcitriol_pth_power: float
    calcitriol_pth_half: float
    calcitriol_least: float
    kidney_resistance: float
    calcitriol_phosphate_power: float
    calcitriol_kidney_power: float
    vitamin_d_half_life: float
    vitamin_d_substrate: float
    vitamin_d_per_ug: float
    magnesium_half: float
    magnesium_power: float


@dataclass(frozen=True, slots=True)
class Magnesium:
    """Magnesium."""

    volume: float
    fast: float
    fast_days: float
    slow: float
    slow_exchange: float
    secreted: float
    skin: float
    filtered_share: float
    urine_least: float
    urine_width: float


@dataclass(frozen=True, slots=True)
class Potassium:
    """Potassium and aldosterone."""

    volume: float
    cells_volume: float
    cells: float
    pump: float
    pump_half: float
    absorbed: float
    secreted: float
    skin: float
    urine_power: float
    aldosterone_power: float
    kidney_power: float
    magnesium_power: float
    sodium_power: float
    feedforward: float
    adapt_power: float
    adapt_days: float
    aldosterone_slope: float
    aldosterone_volume: float
    aldosterone_days: float
    aldosterone_least: float


@dataclass(frozen=True, slots=True)
class Water:
    """Sodium and water."""

    edelman_slope: float
    edelman_offset: float
    sodium_power: float
    skin_sodium: float
    faeces_sodium: float
    insensible: float
    urea: float
    dilute: float
    concentrated: float
    adh_width: float
    adh_volume: float
    thirst_above: float
    thirst: float
    kidney_power: float
    least_span: float


@dataclass(frozen=True, slots=True)
class Losses:
    """What a litre of sweat, loose stool and vomit holds, and what alcohol does."""

    sweat_sodium: float
    sweat_potassium: float
    sweat_calcium: float
    sweat_magnesium: float
    stool_sodium: float
    stool_potassium: float
    stool_calcium: float
    stool_magnesium: float
    vomit_sodium: float
    vomit_potassium: float
    vomit_urine_potassium: float
    alcohol_magnesium: float
    alcohol_least: float


@dataclass(frozen=True, slots=True)
class Parameters:
    """One full set of numbers; ``draw`` gives another set within the ranges of the facts."""

    usual: Usual
    body: Body
    calcium: Calcium
    hormones: Hormones
    magnesium: Magnesium
    potassium: Potassium
    water: Water
    losses: Losses


_PARTS: dict[str, type[Any]] = {
    "usual": Usual,
    "body": Body,
    "calcium": Calcium,
    "hormones": Hormones,
    "magnesium": Magnesium,
    "potassium": Potassium,
    "water": Water,
    "losses": Losses,
}


def standard(facts: IntakeFacts) -> Parameters:
    """Return the middle of every fact.

    Raises:
        KnowledgeError: A fact is missing.
    """
    return _build(facts.value)


def draw(facts: IntakeFacts, chance: random.Random) -> Parameters:
    """Return one set drawn from the ranges; the same generator gives the same sets.

    Ordinary intake and blood values stay where they are: the band says how differently bodies react, not how
    differently they begin.

    Raises:
        KnowledgeError: A fact is missing.
    """

    def value(name: str) -> float:
        return within(facts.fact(name), pulled(chance))

    return _build(value)


def pulled(chance: random.Random) -> float:
    """Return a number of standard deviations from the middle, never more than two."""
    return max(-_FURTHEST, min(_FURTHEST, chance.gauss(0, 1)))


def within(fact: IntakeFact, z: float) -> float:
    """Return the value ``z`` standard deviations away from the middle, within a fact's range; itself without one.

    Args:
        fact: A fact whose range is read as its middle 90 %.
        z: Standard deviations from the middle.
    """
    low, high = fact.range
    if low == high:
        return fact.value
    end = high if z > 0 else low
    if low > 0:
        return fact.value * math.exp(abs(z) / _Z90 * math.log(end / fact.value))
    return fact.value + abs(z) / _Z90 * (end - fact.value)


def _build(value: Callable[[str], float]) -> Parameters:
    parts: dict[str, Any] = {
        name: kind(**{each.name: value(f"{PREFIX}{name}.{each.name}") for each in dataclasses.fields(kind)})
        for name, kind in _PARTS.items()
    }
    return Parameters(**parts)
