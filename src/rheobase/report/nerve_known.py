"""Which of a person's blood values reach the nerve, and from what each was taken."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass, field

from rheobase.assess.facts import Facts
from rheobase.assess.labs import Reading
from rheobase.errors import DataRefusedError
from rheobase.knowledge.nerve_facts import load_nerve_facts
from rheobase.nerve.concentrations import Serum, ionised_calcium, ionised_magnesium, possible, serum_of

BREATHING = "panic_overbreathing"
# What makes the section stand: sodium alone does not.
TELLING = ("calcium_ionised", "magnesium_ionised", "potassium", "ph")
MEASURED = "measured"
# Where calcium is looked for, the best first, and how it is said.
_CALCIUM = (
    ("calcium_ionised", ""),
    ("calcium_ionised_estimate", "estimated from adjusted calcium and pH"),
    ("calcium_adjusted", "estimated from adjusted calcium {:.3g} mmol/L"),
)


@dataclass(slots=True)
class Known:
    """What is known of the fluid around this person's nerves.

    Attributes:
        serum: The values; what is not known is normal.
        said: By the name of the input, from what it was taken.
        breathes: Whether attacks of fast breathing were told of.
        refused: Values that cannot be, with what is possible.
    """

    serum: Serum
    said: dict[str, str] = field(default_factory=dict)
    breathes: bool = False
    refused: list[str] = field(default_factory=list)

    @property
    def tells(self) -> bool:
        """Whether a blood value is known that the section is about."""
        return any(name in self.said for name in TELLING)


def known_of(facts: Facts) -> Known:
    """Return what is known; results that are only a limit ("< 0.5") or a flag are left out, never taken as a value."""
    readings = {each.analyte: each for each in facts.readings}
    told: dict[str, float] = {}
    said: dict[str, str] = {}
    refused: list[str] = []

    def take(name: str, reading: Reading | None, words: str, made: Callable[[float], float]) -> None:
        if reading is None or reading.value is None or name in told:
            return
        if reading.result is not None and reading.result.comparator is not None:
            return
        if f"lab.{reading.analyte}" not in facts.values:
            # Too old to speak for today (``assess.old_results``).
            return
        try:
            told[name] = made(reading.value)
        except DataRefusedError as problem:
            refused.append(str(problem))
        else:
            on = reading.result.taken if reading.result is not None else None
            how = words.format(reading.value) or MEASURED
            said[name] = f"{how}, {on.isoformat()}" if on is not None else how

    inputs = load_nerve_facts().inputs
    for analyte, words in _CALCIUM:
        made = (
            ionised_calcium
            if analyte == "calcium_adjusted"
            else lambda value: possible(inputs["calcium_ionised"], value)
        )
        take("calcium_ionised", readings.get(analyte), words, made)
    take(
        "magnesium_ionised",
        readings.get("magnesium"),
        "estimated from total magnesium {:.3g} mmol/L",
        ionised_magnesium,
    )
    for name in ("potassium", "sodium", "ph"):
        take(name, readings.get(name), "", lambda value, name=name: possible(inputs[name], value))  # type: ignore[misc]
    return Known(serum_of(told), said, facts.values.get(BREATHING) is True, refused)
