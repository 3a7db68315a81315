"""Why a question is asked: its own words, which causes it bears on, and whether it could change the urgency."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date

from rheobase.assess.causes import fit_causes
from rheobase.assess.old_results import facts_of
from rheobase.assess.urgency import decide_urgency
from rheobase.interview.conversation import Conversation
from rheobase.interview.question import Question
from rheobase.knowledge import Knowledge

SHOWN_CAUSES = 3


@dataclass(frozen=True, slots=True)
class Reason:
    """Why a question is asked.

    Attributes:
        words: In one sentence; empty when there is none.
        causes: The causes that the answer would tell most about, without the feared ones.
        could_raise_to: The most urgent level that one answer alone could bring; None if none can.
    """

    words: str
    causes: tuple[str, ...]
    could_raise_to: str | None


def why_asked(question: Question, talk: Conversation, knowledge: Knowledge, *, on: date | None = None) -> Reason:
    """Return why a question is asked of this person now.

    Args:
        question: As it is put.
        talk: What was answered so far.
        knowledge: Whose causes and rules.
        on: Today; None where no result has a date.
    """
    person = talk.person(knowledge)
    facts = facts_of(person, knowledge, on=on)
    urgency = decide_urgency(knowledge, facts)
    shown = set(question.findings)
    gains: dict[str, float] = {}
    for fit in () if urgency.child else fit_causes(knowledge, facts, person.setting):
        gain = sum(each.information for each in fit.unknown if each.finding in shown)
        # A feared cause is never named where a person only asked why a question is put.
        if gain > 0 and not knowledge.causes[fit.cause].feared:
            gains[fit.cause] = gain
    causes = tuple(sorted(gains, key=lambda cause: (-gains[cause], cause))[:SHOWN_CAUSES])
    raises = [could.urgency for could in urgency.could_fire if could.finding in shown]
    raises.sort(key=lambda level: knowledge.levels[level].order)
    return Reason(question.why, causes, raises[0] if raises else None)
