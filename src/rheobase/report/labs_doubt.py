"""Lines of a report that wait for a word: those that would be urgent are asked about first."""

from __future__ import annotations

from collections.abc import Sequence

from rheobase.assess.facts import gather
from rheobase.assess.urgency import decide_urgency
from rheobase.knowledge import Knowledge
from rheobase.labs.reading_line import Judged, State
from rheobase.person import Person

WORDS = "its first reading would be urgent: settle this line first"
_URGENT = ("emergency", "same_day")
# A long report is a long wait: lines in doubt beyond these are asked about as well, only without this.
MOST = 200


def urgent_places(lines: Sequence[Judged], knowledge: Knowledge) -> frozenset[int]:
    """Return the places, from 1, of lines in doubt whose first reading would by itself be urgent today.

    The first is as printed, or in the usual unit: any potassium without a unit would be urgent if it were in mg/dL. The
    day of a reading and who the person is are left aside: it is a reason to look, not a judgement.

    Args:
        lines: All of a report.
        knowledge: What is critical.
    """
    asked = [(place, each) for place, each in enumerate(lines, 1) if each.state is State.DOUBT]
    return frozenset(place for place, each in asked[:MOST] if _would_be_urgent(each, knowledge))


def unlooked_words(lines: Sequence[Judged]) -> str:
    """Return that some lines in doubt were not looked at, "" where all were.

    Args:
        lines: All of a report.
    """
    beyond = sum(each.state is State.DOUBT for each in lines) - MOST
    if beyond <= 0:
        return ""
    return (
        f"Only the first {MOST} of {MOST + beyond:,} lines in doubt were looked at for values that would be urgent: "
        "look through the others yourself."
    )


def _would_be_urgent(line: Judged, knowledge: Knowledge) -> bool:
    return any(
        each.urgency in _URGENT
        for candidate in line.candidates[:1]
        for each in decide_urgency(knowledge, gather(Person(labs=(candidate,)), knowledge)).fired
    )
