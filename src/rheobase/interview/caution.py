"""What is urgent whichever thing on a ticked line is meant: a line holds several, and they differ in weight."""

from __future__ import annotations

from datetime import date

from rheobase.assess.old_results import facts_of
from rheobase.assess.urgency import decide_urgency
from rheobase.interview.conversation import Conversation
from rheobase.interview.put import WHICH
from rheobase.interview.question import Question, Reply
from rheobase.knowledge import Knowledge


def level_at_least(
    question: Question, talk: Conversation, knowledge: Knowledge, *, on: date | None = None
) -> str | None:
    """Return the least urgent level that any one reading of a ticked line leaves; None if that is not the question.

    Args:
        question: The one that comes next.
        talk: What was answered so far; the line stands as "all of them" in it.
        knowledge: Whose rules.
        on: Today; None where no result has a date.
    """
    if WHICH not in question.id:
        return None
    levels = []
    for at in range(len(question.items)):
        person = talk.answered(question, Reply(ticked=frozenset({at}))).person(knowledge)
        levels.append(decide_urgency(knowledge, facts_of(person, knowledge, on=on)).level)
    return max(levels, key=lambda level: knowledge.levels[level].order)
