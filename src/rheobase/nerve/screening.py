"""Surface charge: how calcium, magnesium and acid outside shift what the gates see, and how they plug sodium channels.

The outside of a sodium channel carries fixed negative charge. Ions that gather there screen it; calcium and protons
bind to it too. Fewer of them leave more negative charge, which opens gates as a depolarisation would. Grahame's
equation with the groups of Hille, Woodhull & Shapiro 1975.
"""

from __future__ import annotations

import math
from collections.abc import Callable
from dataclasses import dataclass
from functools import lru_cache

from rheobase.knowledge.nerve_facts import NerveFacts
from rheobase.nerve.concentrations import Serum, normal_serum

# Half intervals until the potential is known to well below a nanovolt.
_HALVINGS, _LOWEST_V = 50, -0.4
_PER_NM2 = 1e18
_MILLI = 1e-3


@dataclass(frozen=True, slots=True)
class Bath:
    """Ions outside a membrane [mol/L] and its temperature [C]."""

    calcium: float
    magnesium: float
    monovalent: float
    ph: float
    temperature: float


def bath_of(serum: Serum, known: NerveFacts) -> Bath:
    """Return the bath that serum makes; sodium and potassium move the salt from its normal value."""
    usual = normal_serum()
    change = serum.sodium - usual.sodium + serum.potassium - usual.potassium
    return Bath(
        serum.calcium_ionised * _MILLI,
        serum.magnesium_ionised * _MILLI,
        known["monovalent_salt"] + change * _MILLI,
        serum.ph,
        serum.temperature,
    )


def surface_potential(bath: Bath, known: NerveFacts) -> float:
    """Return the potential at the outer surface beside the channel [mV], at or below 0.

    Args:
        bath: What is outside.
        known: Charge groups and constants.
    """
    kelvin = bath.temperature + known["zero_celsius"]
    permittivity = known["water_permittivity_20"] * (1 - known["water_permittivity_slope"] * (bath.temperature - 20))
    gas = known["gas_constant"]
    # mol/L are 1000 mol/m3.
    grahame = 2 * permittivity * known["vacuum_permittivity"] * gas * kelvin * 1000
    per_volt = known["faraday"] / (gas * kelvin)
    per_site = known["elementary_charge"] * _PER_NM2
    divalent, monovalent, charge = bath.calcium + bath.magnesium, bath.monovalent, _fixed_charge(bath, known)
    low, high = _LOWEST_V, 0.0
    for _ in range(_HALVINGS):
        middle = (low + high) / 2
        boltzmann = math.exp(-middle * per_volt)
        # Each divalent ion comes with two monovalent anions.
        excess = monovalent * (boltzmann + 1 / boltzmann - 2)
        excess += divalent * (boltzmann**2 - 1 + 2 * (1 / boltzmann - 1))
        carried = math.sqrt(max(grahame * excess, 0.0))
        if carried > charge(boltzmann) * per_site:
            low = middle
        else:
            high = middle
    return 1000 * (low + high) / 2


def _fixed_charge(bath: Bath, known: NerveFacts) -> Callable[[float], float]:
    """Return a function for the negative charges left at the surface [1/nm2], where single ions are so many times more.

    Facts are looked up once, since the search for the potential asks fifty times.
    """
    free = math.pow(10.0, -bath.ph)
    bound = bath.calcium / known["calcium_binding"] + bath.magnesium / known["magnesium_binding"]
    (d1, k1), (d2, k2) = ((known[f"acid_{n}_density"], math.pow(10.0, known[f"acid_{n}_pka"])) for n in (1, 2))
    density, base = known["base_density"], math.pow(10.0, known["base_pka"])

    def left(boltzmann: float) -> float:
        protons, divalent = free * boltzmann, bound * boltzmann**2
        held = protons * base
        return d1 / (1 + protons * k1 + divalent) + d2 / (1 + protons * k2 + divalent) - density * held / (1 + held)

    return left


@lru_cache(maxsize=512)
def usual_potential(temperature: float, known: NerveFacts) -> float:
    """Return the surface potential in normal serum [mV] at a temperature [C]."""
    return surface_potential(bath_of(normal_serum(temperature), known), known)


# Axons of a population share their serum.
@lru_cache(maxsize=4096)
def gating_shift(serum: Serum, known: NerveFacts) -> float:
    """Return what serum adds to the field that sodium gates see [mV]; above 0 acts as a depolarisation would."""
    return usual_potential(serum.temperature, known) - surface_potential(bath_of(serum, known), known)


def blocking_ions(serum: Serum, known: NerveFacts) -> float:
    """Return the divalent ions that plug open sodium channels, counted as calcium [mmol/L] (Woodhull 1973)."""
    return serum.calcium_ionised + known["block_magnesium_share"] * serum.magnesium_ionised
