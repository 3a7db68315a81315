"""Put an interview to somebody whose every answer is known, and see how soon it knows enough."""

from __future__ import annotations

import random
from collections.abc import Callable, Iterator, Mapping
from dataclasses import dataclass
from datetime import date

from rheobase.assess import assess
from rheobase.assess.old_results import facts_of
from rheobase.interview import Conversation, Kind, Question, Reply, ReplyKind, look_ahead
from rheobase.interview.put import about_medicines, finding_question, form_question, list_question
from rheobase.knowledge import Knowledge
from rheobase.knowledge.medicine_facts import told_by_name
from rheobase.knowledge.model_interview import FORM, MOVEMENT, RED_FLAGS, TOPIC
from rheobase.person import Answer, Person, Value

ON = date(2026, 1, 1)
FIRST = 3
# No interview is so long.
_ENDLESS = 500
Next = Callable[[Conversation, int], Question | None]


@dataclass(frozen=True, slots=True)
class Answered:
    """What an assessment came to: the urgency and the first three explanations."""

    urgency: str
    top: tuple[str, ...]


@dataclass(frozen=True, slots=True)
class Point:
    """Where an interview stood after some questions.

    Attributes:
        questions: Questions put.
        lines: Lines read, a question for one value counting as one.
        answer: The assessment by then.
    """

    questions: int
    lines: int
    answer: Answered


def answered(person: Person, knowledge: Knowledge) -> Answered:
    """Return the assessment of a person in short."""
    judged = assess(person, knowledge, on=ON)
    return Answered(judged.urgency.level, tuple(fit.cause for fit in judged.causes[:FIRST]))


def interview(truth: Person, knowledge: Knowledge, ask: Next, *, most: int) -> Iterator[Point]:
    """Yield where the interview stands after each question, until nothing is left to ask.

    Args:
        truth: Answers every question as this person would; what is not among the answers is "don't know".
        knowledge: What is known.
        ask: Which question comes next.
        most: Questions at most.
    """
    known = facts_of(truth, knowledge, on=ON).values
    start = Person(setting=truth.setting, labs=truth.labs, region=truth.region, answers=_not_asked(truth, knowledge))
    talk, lines = Conversation(start), 0
    for count in range(1, most + 1):
        question = ask(talk, count)
        if question is None:
            return
        lines += max(1, len(question.items))
        if question.kind is Kind.MEDICINES:
            talk = Conversation(_with_medicines(talk.start, truth, knowledge), talk.steps)
        talk = talk.answered(question, reply_of(question, known))
        yield Point(count, lines, answered(talk.person(knowledge), knowledge))


def _not_asked(truth: Person, knowledge: Knowledge) -> dict[str, Answer]:
    """Return what a person is not asked because a clinician or a test tells it."""
    return {name: answer for name, answer in truth.answers.items() if knowledge.findings[name].kind != "person"}


def _with_medicines(start: Person, truth: Person, knowledge: Knowledge) -> Person:
    """Add what naming all medicines tells: the medicines themselves, and every finding that their names settle."""
    told = {name: truth.answers[name] for name in told_by_name(knowledge) if name in truth.answers}
    return Person(
        {**start.answers, **told},
        labs=start.labs,
        medicines=truth.medicines,
        setting=start.setting,
        region=start.region,
        takes_no_medicine=truth.takes_no_medicine,
    )


def reply_of(question: Question, known: Mapping[str, Value]) -> Reply:
    """Return the truthful reply; what the person was never asked in truth is not known to them."""
    if question.kind in (Kind.MEDICINES, Kind.MONTHS):
        return Reply(ReplyKind.ANSWERED if question.kind is Kind.MEDICINES else ReplyKind.SKIPPED)
    if question.kind is Kind.LIST:
        ticked, unsure = set(), set()
        for at, item in enumerate(question.items):
            values = [known.get(shown.finding) for shown in item.shows]
            if any(value is True for value in values):
                ticked.add(at)
            elif any(value is None for value in values):
                unsure.add(at)
        return Reply(ticked=frozenset(ticked), unsure=frozenset(unsure))
    if question.kind is Kind.FORM:
        return Reply(fields=tuple((name, known.get(name), None) for name in question.findings))
    value = known.get(question.finding or "")
    if value is None:
        return Reply(ReplyKind.NOT_KNOWN)
    return Reply(value=value)


def progress(truth: Person, knowledge: Knowledge) -> list[tuple[int, int]]:
    """Return, for each question of a whole interview, how many more it said, about, and how many there were."""
    said: list[int] = []

    def ask(talk: Conversation, _count: int) -> Question | None:
        outlook = look_ahead(talk, knowledge, on=ON)
        if outlook.question is not None:
            said.append(outlook.left)
        return outlook.question

    whole = len(list(interview(truth, knowledge, ask, most=_ENDLESS)))
    return [(left, whole - at) for at, left in enumerate(said)]


def adaptive(knowledge: Knowledge) -> Next:
    """Return our own way to ask."""
    return lambda talk, _count: look_ahead(talk, knowledge, on=ON).question


def in_order(knowledge: Knowledge, shuffler: random.Random | None = None) -> Next:
    """Return a questionnaire: the warning signs, then every other question in the order of the knowledge, or shuffled.

    It uses the same lists, cut to the same number of lines, so that only the order differs.
    """
    first = [each for each in knowledge.question_lists.values() if each.role in (RED_FLAGS, MOVEMENT)]
    rest: list[Question] = [about_medicines()]
    forms = [form_question(each, each.item) for each in knowledge.question_lists.values() if each.role == FORM]
    rest.extend(forms)
    told = (each for each in knowledge.findings.values() if each.kind == "person" and each.counts is None)
    alone = (each.id for each in told if each.type != "yes_no" and all(each.id not in form.findings for form in forms))
    rest.extend(finding_question(knowledge, name) for name in alone)
    size, by_name = knowledge.interview.most_items, told_by_name(knowledge)
    for each in knowledge.question_lists.values():
        items = [item for item in each.item if item.shows[0].finding not in by_name]
        if each.role == TOPIC:
            parts = range(0, len(items), size)
            rest.extend(list_question(each, tuple(items[at : at + size]), again=at // size) for at in parts)
    if shuffler is not None:
        shuffler.shuffle(rest)
    questions = [*(list_question(each, each.item) for each in first), *rest]
    return lambda _talk, count: questions[count - 1] if count <= len(questions) else None
