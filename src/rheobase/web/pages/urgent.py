"""What should not wait, said at the top of every page of a person as soon as it is known."""

from __future__ import annotations

from dataclasses import dataclass

from rheobase.assess.urgency import Urgency
from rheobase.knowledge import Knowledge
from rheobase.person import Person

EMERGENCY = "emergency"
URGENT = (EMERGENCY, "same_day")


@dataclass(frozen=True, slots=True)
class Notice:
    """What to do now, why, and the number to call."""

    level: str
    name: str
    words: str
    reasons: tuple[str, ...]
    call: str


def urgent_notice(level: str, urgency: Urgency, person: Person, knowledge: Knowledge) -> Notice | None:
    """Return the notice for a level that should not wait, or None.

    Args:
        level: The level by what is known, or under every reading of what is known.
        urgency: Which rules fired.
        person: For the region.
        knowledge: Words of levels, rules and regions.
    """
    if level not in URGENT:
        return None
    entry = knowledge.levels[level]
    reasons = tuple(knowledge.rules[each.rule].tell_person for each in urgency.fired if each.urgency == level)
    call = ""
    if level == EMERGENCY:
        where = knowledge.regions.get(person.region or "") or knowledge.regions["default"]
        call = f"Emergency number: {where.emergency} ({where.name})."
    return Notice(level, entry.name, entry.person, reasons, call)
