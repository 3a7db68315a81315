"""What the nerve bathes in: ionised calcium and magnesium, potassium, sodium, pH, warmth; refused when impossible."""

from __future__ import annotations

import math
from collections.abc import Mapping
from dataclasses import dataclass, fields
from typing import Literal

from rheobase.errors import DataRefusedError
from rheobase.knowledge import load_knowledge
from rheobase.knowledge.albumin import missing_albumin
from rheobase.knowledge.nerve_facts import Input, NerveFacts, load_nerve_facts

Breathing = Literal["minutes", "steady"]


@dataclass(frozen=True, slots=True)
class Serum:
    """What surrounds the nerve.

    Attributes:
        calcium_ionised: [mmol/L]
        magnesium_ionised: [mmol/L]
        potassium: [mmol/L]
        sodium: [mmol/L]
        ph: Of the blood.
        temperature: Of the nerve [C].
    """

    calcium_ionised: float
    magnesium_ionised: float
    potassium: float
    sodium: float
    ph: float
    temperature: float


NAMES = tuple(each.name for each in fields(Serum))


def normal_serum(temperature: float | None = None) -> Serum:
    """Return normal serum, at the normal temperature of a nerve in the forearm unless told otherwise [C]."""
    inputs = load_nerve_facts().inputs
    values = {name: inputs[name].normal for name in NAMES}
    return Serum(**(values if temperature is None else {**values, "temperature": temperature}))


def serum_of(values: Mapping[str, float]) -> Serum:
    """Return serum from what is known of it; the rest is normal.

    Args:
        values: By the names of ``Serum``.

    Raises:
        DataRefusedError: A value is beyond what the model takes; says the range.
    """
    inputs = load_nerve_facts().inputs
    known = {name: possible(inputs[name], value) for name, value in values.items()}
    return Serum(**{name: known.get(name, inputs[name].normal) for name in NAMES})


def possible(asked: Input, value: float) -> float:
    """Return the value if the model takes it; people are met beyond it too, and urgency is judged elsewhere.

    Raises:
        DataRefusedError: It is not a number, or outside of what the model takes; says the range and the normal value.
    """
    if not math.isfinite(value) or not asked.low <= value <= asked.high:
        unit = f" {asked.unit}" if asked.unit else ""
        raise DataRefusedError(
            f"{asked.name}: {value:g}{unit} is beyond what the model takes; "
            f"expected {asked.low:g} to {asked.high:g}{unit} (normal {asked.normal:g}). Check the number and its unit."
        )
    return float(value)


def ionised_calcium(
    total: float, *, albumin: float | None = None, ph: float | None = None, breathing: Breathing = "minutes"
) -> float:
    """Return an estimate of ionised calcium [mmol/L] from the total.

    Total calcium is first adjusted for albumin (Payne 1973; only for what lies outside of the usual range). In a steady
    change of breathing ionised calcium falls by 0.05 mmol/L for each 0.1 of pH; in minutes of over-breathing it was
    measured unchanged (Steurer 1997).

    Args:
        total: [mmol/L]
        albumin: [g/L], normal unless given.
        ph: Of the blood, normal unless given.
        breathing: How long the pH has been so.

    Raises:
        DataRefusedError: A value is impossible, or all of it together.
    """
    known = load_nerve_facts()
    inputs, adjust = known.inputs, load_knowledge().formulas["albumin_adjusted_calcium_si"].constants
    protein = possible(inputs["albumin"], inputs["albumin"].normal if albumin is None else albumin)
    adjusted = possible(inputs["calcium_total"], total) + adjust["slope"] * missing_albumin(adjust, protein)
    ionised = adjusted * known["calcium_ionised_share"]
    if ph is not None and breathing == "steady":
        ionised -= known["calcium_per_ph"] * (possible(inputs["ph"], ph) - inputs["ph"].normal)
    return possible(inputs["calcium_ionised"], ionised)


def ionised_magnesium(total: float) -> float:
    """Return an estimate of ionised magnesium [mmol/L] from the total; albumin and pH move it little.

    Raises:
        DataRefusedError: The total is impossible.
    """
    known = load_nerve_facts()
    return possible(known.inputs["magnesium_total"], total) * known["magnesium_ionised_share"]


def outside_checked(serum: Serum, known: NerveFacts) -> tuple[Input, ...]:
    """Return the inputs whose value is possible, but outside of the range in which the model was compared with data."""
    return tuple(
        known.inputs[name]
        for name in NAMES
        if not known.inputs[name].checked_low <= getattr(serum, name) <= known.inputs[name].checked_high
    )
