"""Check the words and lists of the interview: every finding known, asked in one place, and put into words."""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterator

from rheobase.knowledge.load import Knowledge
from rheobase.knowledge.medicine_facts import told_by_name
from rheobase.knowledge.model_interview import FORM, MOVEMENT, RED_FLAGS, TOPIC, QuestionList, Shown

MOST_RED_FLAGS = 12
PERSON, YES_NO = "person", "yes_no"


def check_interview(knowledge: Knowledge) -> Iterator[str]:
    """Yield every problem with the interview's lists, each one line.

    Args:
        knowledge: As loaded.
    """
    asked: Counter[str] = Counter()
    for each in knowledge.question_lists.values():
        yield from _list(each)
        for shown in (shown for item in each.item for shown in item.shows):
            asked[shown.finding] += 1
            yield from (f"question list {each.id}: {problem}" for problem in _shown(shown, each, knowledge))
    yield from (f"finding {name}: stands in {times} question lists" for name, times in asked.items() if times > 1)
    by_name = told_by_name(knowledge)
    for finding in knowledge.findings.values():
        listed = asked[finding.id] or finding.id in by_name
        if finding.kind == PERSON and finding.type == YES_NO and not listed:
            yield f"finding {finding.id}: a person can answer it, and no question list asks it"
    yield from _option_words(knowledge)


def _list(each: QuestionList) -> Iterator[str]:
    if each.role not in (RED_FLAGS, MOVEMENT, TOPIC, FORM):
        yield f"question list {each.id}: role {each.role!r} is not one of red_flags, movement, topic, form"
    if each.role == RED_FLAGS and len(each.item) > MOST_RED_FLAGS:
        yield f"question list {each.id}: {len(each.item)} lines, at most {MOST_RED_FLAGS}"
    if each.role in (TOPIC, FORM) and any(len(item.shows) != 1 for item in each.item):
        yield f"question list {each.id}: each line shows exactly one finding"


def _shown(shown: Shown, each: QuestionList, knowledge: Knowledge) -> Iterator[str]:
    finding = knowledge.findings.get(shown.finding)
    if finding is None or finding.kind != PERSON:
        yield f"{shown.finding} is no finding that a person answers"
    elif (finding.type == YES_NO) is (each.role == FORM):
        yield f"{shown.finding} is {finding.type}; lines are yes or no, fields are not"
    if not shown.words:
        yield f"{shown.finding} has no words"


def _option_words(knowledge: Knowledge) -> Iterator[str]:
    for name, words in knowledge.option_words.items():
        finding = knowledge.findings.get(name)
        options = set(finding.options) if finding is not None else set()
        yield from (
            f"option words of {name}: {each} is not one of its options" for each in sorted(words.keys() - options)
        )
