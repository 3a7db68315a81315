"""Surface charge: how calcium, magnesium and acid outside shift what the gates see, and how they plug sodium channels.

The outside of a sodium channel carries fixed negative charge. Ions that gather there screen it; calcium and protons
bind to it too. Fewer of them leave more negative charge, which opens gates as a depolarisation would. Grahame's
equation with the groups of Hille, Woodhull & Shapiro 1975.
"""

from __future__ import annotations

import math
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
    gas, charge = known["gas_constant"], known["elementary_charge"]
    # mol/L are 1000 mol/m3.
    grahame = 2 * permittivity * known["vacuum_permittivity"] * gas * kelvin * 1000
    per_volt = known["faraday"] / (gas * kelvin)
    low, high = _LOWEST_V, 0.0
    for _ in range(_HALVINGS):
        middle = (low + high) / 2
        boltzmann = math.exp(-middle * per_volt)
        divalent = bath.calcium + bath.magnesium
        # Each divalent ion comes with two monovalent anions.
        excess = bath.monovalent * (boltzmann + 1 / boltzmann - 2)
        excess += divalent * (boltzmann**2 - 1 + 2 * (1 / boltzmann - 1))
        carried = math.sqrt(max(grahame * excess, 0.0))
        if carried > _fixed_charge(bath, boltzmann, known) * charge * _PER_NM2:
            low = middle
        else:
            high = middle
    return 1000 * (low + high) / 2


def _fixed_charge(bath: Bath, boltzmann: float, known: NerveFacts) -> float:
    """Return the negative charges left at the surface [1/nm2]; single ions there are ``boltzmann`` times as many."""
    protons = math.pow(10.0, -bath.ph) * boltzmann
    bound = bath.calcium / known["calcium_binding"] + bath.magnesium / known["magnesium_binding"]
    acids: float = sum(
        known[f"acid_{each}_density"] / (1 + protons * math.pow(10.0, known[f"acid_{each}_pka"]) + bound * boltzmann**2)
        for each in (1, 2)
    )
    held = protons * math.pow(10.0, known["base_pka"])
    return acids - known["base_density"] * held / (1 + held)


# Axons of a population share their serum.
@lru_cache(maxsize=4096)
def gating_shift(serum: Serum, known: NerveFacts) -> float:
    """Return what serum adds to the field that sodium gates see [mV]; above 0 acts as a depolarisation would."""
    usual = surface_potential(bath_of(normal_serum(serum.temperature), known), known)
    return usual - surface_potential(bath_of(serum, known), known)


def blocking_ions(serum: Serum, known: NerveFacts) -> float:
    """Return the divalent ions that plug open sodium channels, counted as calcium [mmol/L] (Woodhull 1973)."""
    return serum.calcium_ionised + known["block_magnesium_share"] * serum.magnesium_ionised
