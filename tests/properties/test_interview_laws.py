"""Laws of the interview, for any sequence of replies: nothing denied unshown, no tick lost, no urgency talked away."""

from __future__ import annotations

import tempfile
from pathlib import Path

from hypothesis import Phase, given, settings
from hypothesis import strategies as st

from rheobase.assess.facts import gather
from rheobase.assess.urgency import decide_urgency
from rheobase.importers.case_file import read_case
from rheobase.importers.case_writer import write_case
from rheobase.importers.interview_journal import Journal, read_journal
from rheobase.interview import Conversation, Kind, Question, Reply, ReplyKind, look_ahead
from rheobase.interview.medicines import denied_by_complete_list
from rheobase.knowledge import load_knowledge
from rheobase.person import MedicineUse, Person, Status, Value

KNOWLEDGE = load_knowledge()
MOST_STEPS = 4
WHICH = ":which:"
# Each step chooses a question, which takes tens of milliseconds; shrinking takes minutes and tells little.
FEW = settings(max_examples=15, deadline=None, phases=(Phase.explicit, Phase.reuse, Phase.generate))
MEDICINES = (
    MedicineUse("omeprazole", "omeprazole"),
    MedicineUse("Lithium 400 mg", "lithium"),
    MedicineUse("xyzpril"),
    MedicineUse("\u202eevil \x1b[31m", None),
)


def one_value(name: str) -> st.SearchStrategy[Value | None]:
    """Return values of one finding as a reader of replies gives them; None for "don't know"."""
    finding = KNOWLEDGE.findings[name]
    if finding.type == "yes_no":
        return st.one_of(st.none(), st.booleans())
    if finding.type == "number":
        most = finding.maximum if finding.maximum is not None else 1000.0
        return st.one_of(st.none(), st.integers(int(finding.minimum or 0), int(most)).map(float))
    if finding.type == "choice":
        return st.one_of(st.none(), st.sampled_from(finding.options))
    return st.one_of(st.none(), st.frozensets(st.sampled_from(finding.options), max_size=2))


@st.composite
def replies(draw: st.DrawFn, question: Question) -> Reply:
    """Return any reply that can be typed to a question: ticks, unsure, none, don't know, skip, values."""
    kind = draw(st.sampled_from((*[ReplyKind.ANSWERED] * 4, ReplyKind.SKIPPED, ReplyKind.NOT_KNOWN)))
    if kind is not ReplyKind.ANSWERED and question.kind is not Kind.FORM:
        return Reply(kind)
    if question.kind is Kind.LIST:
        marks = [draw(st.sampled_from(("", "", "ticked", "unsure"))) for _ in question.items]
        ticked, unsure = (frozenset(at for at, mark in enumerate(marks) if mark == x) for x in ("ticked", "unsure"))
        return Reply(ticked=ticked, unsure=unsure)
    if question.kind is Kind.FORM:
        names = [item.shows[0].finding for item in question.items if draw(st.booleans())]
        return Reply(fields=tuple((name, draw(one_value(name)), None) for name in names))
    if question.kind is Kind.MEDICINES:
        uses = draw(st.lists(st.sampled_from(MEDICINES), max_size=3, unique=True))
        return Reply(medicines=tuple(uses), complete=draw(st.booleans()))
    if question.kind is Kind.MONTHS:
        return Reply(value=float(draw(st.integers(0, 600))))
    value = draw(one_value(question.finding or ""))
    return Reply(ReplyKind.NOT_KNOWN) if value is None else Reply(value=value)


@st.composite
def interviews(draw: st.DrawFn) -> tuple[Conversation, Conversation]:
    """Return an interview as it stood in memory, and as its journal gave it back after kills and steps back."""
    with tempfile.TemporaryDirectory() as folder:
        journal = Journal(Path(folder) / "me.yaml.interview")
        talk = Conversation(Person(region="GB"))
        journal.begin(talk.start)
        for _ in range(draw(st.integers(1, MOST_STEPS))):
            move = draw(st.sampled_from(("reply", "reply", "reply", "reply", "back", "killed")))
            if move == "killed":
                talk = read_journal(journal.path, KNOWLEDGE).talk
            elif move == "back" and talk.steps:
                talk = talk.back()
                journal.back()
            elif (question := look_ahead(talk, KNOWLEDGE).question) is not None:
                talk = talk.answered(question, draw(replies(question)))
                journal.add(question, talk)
        return talk, read_journal(journal.path, KNOWLEDGE).talk


def urgency_order(talk: Conversation) -> int:
    """Return the order of the level, 0 for an emergency; too little told counts as the least urgent."""
    person = talk.person(KNOWLEDGE)
    level = decide_urgency(KNOWLEDGE, gather(person, KNOWLEDGE)).level
    return KNOWLEDGE.levels[level].order if level != "insufficient" else len(KNOWLEDGE.levels)


@FEW
@given(interviews())
def test_what_was_not_shown_is_never_answered(interview: tuple[Conversation, Conversation]) -> None:
    """Skipping, doubting, going back and being killed never deny anything that was not on the screen."""
    person = interview[0].person(KNOWLEDGE)
    shown = {name for step in interview[0].steps for name in step.findings}
    denied = {
        name
        for step in interview[0].steps
        if step.reply.kind is ReplyKind.ANSWERED and step.kind is not Kind.MEDICINES
        for name in step.findings
    }
    if any(step.reply.complete for step in interview[0].steps):
        listed = denied_by_complete_list(KNOWLEDGE, person.medicines) if person.medicines else frozenset()
        shown, denied = shown | listed, denied | listed
    assert set(person.answers) <= shown
    assert {name for name, answer in person.answers.items() if answer.status is Status.ABSENT} <= denied


@FEW
@given(interviews())
def test_a_killed_interview_is_the_same_interview(interview: tuple[Conversation, Conversation]) -> None:
    """What the journal gives back is the same person, the same questions put, and the same next question."""
    talk, resumed = interview
    assert resumed == talk
    assert look_ahead(resumed, KNOWLEDGE).question == look_ahead(talk, KNOWLEDGE).question


@FEW
@given(interviews())
def test_every_tick_reaches_the_case_file(interview: tuple[Conversation, Conversation]) -> None:
    """A ticked line is present in the saved case, or, where it held several things, was told apart afterwards."""
    talk = interview[0]
    saved = read_case(write_case(talk.person(KNOWLEDGE)).encode(), KNOWLEDGE, name="me")
    told_apart = {step.question for step in talk.steps if step.reply.kind is ReplyKind.ANSWERED}
    for step in talk.steps:
        for at in step.reply.ticked:
            if f"{step.question}{WHICH}{step.lines[at][0]}" not in told_apart:
                for name in step.lines[at]:
                    assert saved.answers[name].status is Status.PRESENT
        for use in step.reply.medicines:
            assert use.written in {each.written for each in saved.medicines}


@FEW
@given(interviews(), st.data())
def test_a_tick_more_never_makes_it_less_urgent(
    interview: tuple[Conversation, Conversation], data: st.DataObject
) -> None:
    """One more line ticked, with all else the same, leaves the urgency or raises it."""
    talk = interview[0]
    question = look_ahead(talk, KNOWLEDGE).question
    if question is None or question.kind is not Kind.LIST:
        return
    reply = data.draw(replies(question))
    at = data.draw(st.integers(0, len(question.items) - 1))
    more = Reply(ticked=reply.ticked | {at}, unsure=reply.unsure - {at})
    before = talk.answered(question, Reply(ticked=more.ticked - {at}, unsure=more.unsure))
    assert urgency_order(talk.answered(question, more)) <= urgency_order(before)
    # Telling apart what is on a ticked line may take the cautious "all of them" back.
    assert WHICH in question.id or urgency_order(talk.answered(question, more)) <= urgency_order(talk)


@FEW
@given(interviews(), st.sampled_from((ReplyKind.SKIPPED, ReplyKind.NOT_KNOWN)))
def test_not_knowing_never_makes_it_less_urgent(interview: tuple[Conversation, Conversation], kind: ReplyKind) -> None:
    """A question skipped or answered with "don't know" leaves the urgency where it was, the question "which" too."""
    talk = interview[0]
    question = look_ahead(talk, KNOWLEDGE).question
    if question is not None and question.kind is not Kind.FORM:
        assert urgency_order(talk.answered(question, Reply(kind))) <= urgency_order(talk)
