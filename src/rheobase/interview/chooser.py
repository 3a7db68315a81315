"""Which question comes next: warning signs first, then whatever can change the answer most for the least trouble."""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass
from datetime import date

from rheobase.assess.causes import CauseFit, fit_causes
from rheobase.assess.facts import Facts, fits_the_person
from rheobase.assess.old_results import facts_of
from rheobase.assess.urgency import Urgency, decide_urgency
from rheobase.interview.conversation import Conversation
from rheobase.interview.expectation import expected_rates
from rheobase.interview.medicines import needs_months
from rheobase.interview.put import (
    about_medicines,
    about_months,
    finding_question,
    form_question,
    list_question,
    which_question,
)
from rheobase.interview.question import Kind, Question
from rheobase.interview.stakes import relief_stakes, urgency_stakes
from rheobase.knowledge import Finding, Knowledge
from rheobase.knowledge.medicine_facts import told_by_name
from rheobase.knowledge.model_interview import FORM, MOVEMENT, RED_FLAGS, TOPIC, Item, QuestionList

PERSON, YES_NO, EXPLANATION = "person", "yes_no", "explanation"
# Asked of everybody: base rates and many rules read them.
ABOUT = ("age_years", "sex")
MEDICINES = str(Kind.MEDICINES)


@dataclass(frozen=True, slots=True)
class Outlook:
    """Where a conversation stands.

    Attributes:
        question: What to ask next; None when nothing that is left could change the answer.
        left: About how many questions are left.
        urgency: How urgent it is by what is known so far.
        values: What asking about each unknown finding is worth [nats].
    """

    question: Question | None
    left: int
    urgency: Urgency
    values: Mapping[str, float]


@dataclass(frozen=True, slots=True)
class _Candidate:
    """A question that could be asked, and what it is worth for its trouble."""

    question: Question
    worth: float


@dataclass(frozen=True, slots=True)
class _State:
    """What the choice of the next question rests on."""

    talk: Conversation
    knowledge: Knowledge
    facts: Facts
    values: Mapping[str, float]

    def open(self, name: str) -> bool:
        """Whether a finding can still be asked: not known, not asked before, and fitting the person."""
        if name in self.facts.values or name in self.facts.unknown or name in self.talk.passed_over:
            return False
        return fits_the_person(self.knowledge.findings[name], self.facts)


def look_ahead(talk: Conversation, knowledge: Knowledge, *, on: date | None = None) -> Outlook:
    """Return the next question and about how many are left. Pure: the same conversation gives the same question.

    Args:
        talk: What was asked and answered so far.
        knowledge: What is known, the lists and words of the interview included.
        on: Today, so that old results keep no question back; None where no result has a date.

    Source:
        Expected information is Shannon's mutual information, as in ``assess.causes.information``.
    """
    person = talk.person(knowledge)
    facts = facts_of(person, knowledge, on=on)
    urgency = decide_urgency(knowledge, facts)
    fits = fit_causes(knowledge, facts, person.setting)
    values = _values(knowledge, facts, urgency, fits)
    state = _State(talk, knowledge, facts, values)
    fixed = list(_fixed(state))
    scale = knowledge.interview
    worth_asking = sorted(_candidates(state), key=lambda each: (-each.worth, each.question.id))
    worth_asking = [each for each in worth_asking if each.worth >= scale.least_value]
    left = len(fixed) + round(len(worth_asking) * scale.progress_share)
    if fixed:
        return Outlook(fixed[0], left, urgency, values)
    chosen = worth_asking[0].question if worth_asking else None
    return Outlook(chosen, max(left, 1) if chosen else 0, urgency, values)


def _values(knowledge: Knowledge, facts: Facts, urgency: Urgency, fits: tuple[CauseFit, ...]) -> dict[str, float]:
    """Return what knowing each finding is worth: about the causes, and about the urgency [nats]."""
    scale = knowledge.interview
    expected = expected_rates(knowledge, fits)
    values: dict[str, float] = {}
    if not urgency.child:
        for fit in fits:
            share = 1.0 if knowledge.causes[fit.cause].role == EXPLANATION else scale.contributor_value
            for each in fit.unknown:
                values[each.finding] = values.get(each.finding, 0.0) + share * each.information
    stakes = urgency_stakes(knowledge, facts, urgency, expected)
    for name, levels in stakes.items():
        values[name] = values.get(name, 0.0) + scale.urgency_value * levels
    for name, share in relief_stakes(knowledge, facts, urgency, expected).items():
        values[name] = values.get(name, 0.0) + scale.relief_value * share
    return {name: value for name, value in values.items() if _is_asked(knowledge.findings.get(name))}


def _is_asked(finding: Finding | None) -> bool:
    return finding is not None and finding.kind == PERSON and finding.counts is None


def _fixed(state: _State) -> Iterator[Question]:
    """Yield what is asked of everybody, in its order, and what a reply has opened."""
    knowledge, put = state.knowledge, state.talk.put
    lists = knowledge.question_lists.values()
    for each in (each for each in lists if each.role == RED_FLAGS and each.id not in put):
        yield from _whole(each, state)
    yield from _follow_ups(state)
    for each in (each for each in lists if each.role == FORM):
        if any(item.shows[0].finding in ABOUT and state.open(item.shows[0].finding) for item in each.item):
            yield from _whole(each, state)
    for each in (each for each in lists if each.role == MOVEMENT and each.id not in put):
        yield from _whole(each, state)


def _whole(each: QuestionList, state: _State) -> Iterator[Question]:
    """Yield a list with every line that still shows something open."""
    kept = []
    for item in each.item:
        shows = tuple(shown for shown in item.shows if state.open(shown.finding))
        if shows:
            kept.append(Item(shows, item.title))
    if kept:
        yield (form_question if each.role == FORM else list_question)(each, tuple(kept))


def _follow_ups(state: _State) -> Iterator[Question]:
    """Yield what a ticked line with several findings, and a medicine without its time, leave open."""
    put, knowledge = state.talk.put, state.knowledge
    for step in state.talk.steps:
        for at in sorted(step.reply.ticked):
            if step.kind is Kind.LIST and len(step.lines[at]) > 1:
                question = which_question(knowledge, step.question, step.lines[at])
                if question.id not in put:
                    yield question
        for use in step.reply.medicines:
            question = about_months(use)
            if needs_months(knowledge, use) and question.id not in put:
                yield question


def _candidates(state: _State) -> Iterator[_Candidate]:
    knowledge, scale = state.knowledge, state.knowledge.interview
    by_name = told_by_name(knowledge)
    asks_names = MEDICINES not in state.talk.put and not state.talk.start.medicines
    if asks_names:
        worth = sum(state.values.get(name, 0.0) for name in by_name if state.open(name))
        yield _Candidate(about_medicines(), worth / (scale.list_cost + scale.item_cost))
    in_forms = {shown.finding for each in _forms(knowledge) for item in each.item for shown in item.shows}
    for each in _forms(knowledge):
        yield from _best_form(each, state)
    for name in state.values:
        finding = knowledge.findings[name]
        if finding.type != YES_NO and name not in in_forms and state.open(name):
            worth = state.values[name] / (scale.list_cost + scale.item_cost)
            yield _Candidate(finding_question(knowledge, name), worth)
    for each in knowledge.question_lists.values():
        if each.role == TOPIC:
            members = _members(each, state, hidden=by_name if asks_names else frozenset())
            yield from _best_list(each, members, state)


def _forms(knowledge: Knowledge) -> tuple[QuestionList, ...]:
    return tuple(each for each in knowledge.question_lists.values() if each.role == FORM)


def _best_form(each: QuestionList, state: _State) -> Iterator[_Candidate]:
    """Yield the form cut to the fields that can tell something."""
    scale = state.knowledge.interview
    names = [(item.shows[0].finding, item) for item in each.item]
    paying = [(state.values.get(name, 0.0), item) for name, item in names if state.open(name)]
    paying = [(value, item) for value, item in paying if value >= scale.least_field]
    if not paying:
        return
    worth = sum(value for value, _ in paying) / (scale.list_cost + scale.field_cost * len(paying))
    times = sum(step.question.split(":")[0] == each.id for step in state.talk.steps)
    yield _Candidate(form_question(each, tuple(item for _, item in paying), again=times), worth)


def _members(each: QuestionList, state: _State, hidden: frozenset[str]) -> list[tuple[float, int, Item]]:
    """Return the open lines of a list with what each is worth and its place."""
    here = {shown.finding for item in each.item for shown in item.shows}
    members = []
    for place, item in enumerate(each.item):
        name = item.shows[0].finding
        if name in hidden or not state.open(name):
            continue
        value = state.values.get(name, 0.0)
        if not _waits(name, here, state):
            members.append((value + _inherited(name, here, state), place, item))
    return sorted(members, key=lambda member: (-member[0], member[1]))


def _waits(name: str, here: Iterable[str], state: _State) -> bool:
    """Whether something more general, in another list, has to be asked first."""
    parents = state.knowledge.findings[name].implies
    return any(parent not in here and parent in state.values and state.open(parent) for parent in parents)


def _inherited(name: str, here: Iterable[str], state: _State) -> float:
    """Return what is worth knowing of the more special findings that a "no" here would settle as well."""
    children = _children(state.knowledge, name)
    return sum(state.values.get(child, 0.0) for child in children if child not in here and state.open(child))


def _children(knowledge: Knowledge, name: str) -> Iterator[str]:
    return (each.id for each in knowledge.findings.values() if name in each.implies)


def _best_list(each: QuestionList, members: list[tuple[float, int, Item]], state: _State) -> Iterator[_Candidate]:
    """Yield the list cut to the lines that can tell something, the most telling if there are too many for a screen."""
    scale = state.knowledge.interview
    paying = [value for value, _, _ in members[: scale.most_items] if value >= scale.least_line]
    lines = len(paying)
    if not lines:
        return
    best = sum(paying) / (scale.list_cost + scale.item_cost * lines)
    chosen = tuple(item for _, _, item in sorted(members[:lines], key=lambda member: member[1]))
    if lines == 1:
        yield _Candidate(finding_question(state.knowledge, chosen[0].shows[0].finding), best)
    else:
        times = sum(step.question.split(":")[0] == each.id for step in state.talk.steps)
        yield _Candidate(list_question(each, chosen, again=times), best)
