"""Values that a clinician has to see soon or at once, said before a page that only explains."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass
from operator import ge, gt, le, lt

from rheobase.knowledge import Knowledge
from rheobase.knowledge.nerve_facts import Input, load_nerve_facts
from rheobase.nerve.concentrations import Serum

_COMPARE = {"<": lt, "<=": le, ">": gt, ">=": ge}
# Most urgent first, with what is said.
WORDS = {
    "emergency_now": "If this is somebody's blood test, it needs emergency help now, whatever this page shows.",
    "same_day": "If this is somebody's blood test, a clinician has to see it today, whatever this page shows.",
}
# The same for a line at the edge of a small screen.
BRIEF = {
    "emergency_now": "A blood test so: emergency help now",
    "same_day": "A blood test so: to a clinician today",
}


@dataclass(frozen=True, slots=True)
class Alert:
    """One value beyond a limit: the urgency that the limit has, what to say, the source of the limit."""

    value: str
    urgency: str
    text: str
    source: str


def nerve_alerts(serum: Serum, knowledge: Knowledge) -> tuple[Alert, ...]:
    """Return the values that are urgent by themselves, one alert each, the most urgent first."""
    found = [alert for alert in _alerts(serum, knowledge) if alert is not None]
    order = list(WORDS)
    return tuple(sorted(found, key=lambda each: order.index(each.urgency)))


def _alerts(serum: Serum, knowledge: Knowledge) -> Iterator[Alert | None]:
    known = load_nerve_facts()
    # Limits for magnesium are for the total.
    total = serum.magnesium_ionised / known["magnesium_ionised_share"]
    yield _alert(knowledge, "calcium_ionised", known.inputs["calcium_ionised"], serum.calcium_ionised)
    yield _alert(knowledge, "magnesium", known.inputs["magnesium_total"], total)
    yield _alert(knowledge, "potassium", known.inputs["potassium"], serum.potassium)
    yield _alert(knowledge, "sodium", known.inputs["sodium"], serum.sodium)
    yield _alert(knowledge, "ph", known.inputs["ph"], serum.ph)


def _alert(knowledge: Knowledge, analyte: str, asked: Input, value: float) -> Alert | None:
    limits = knowledge.analytes[analyte].critical
    for urgency, words in WORDS.items():
        for limit in limits:
            if limit["urgency"] == urgency and _COMPARE[limit["op"]](value, limit["value_si"]):
                ionised = value * load_nerve_facts()["magnesium_ionised_share"]
                given = f" (ionised {ionised:.2g})" if analyte == "magnesium" else ""
                told = f"{f'{asked.heading} {value:.3g} {asked.unit}'.rstrip()}{given}. {words}"
                return Alert(analyte, urgency, told, limit["source"])
    return None
