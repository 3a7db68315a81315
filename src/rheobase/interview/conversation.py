"""What was asked and answered so far, and the person that follows from it. Immutable: going back is dropping a step."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from dataclasses import dataclass, field, replace
from types import MappingProxyType

from rheobase.interview.medicines import denied_by_complete_list
from rheobase.interview.question import Kind, Question, Reply, ReplyKind
from rheobase.knowledge import Knowledge
from rheobase.person import Answer, MedicineUse, Person, Status, Value


@dataclass(frozen=True, slots=True)
class Step:
    """One question as it was shown, and its reply. What was shown is kept, so that "no" never says more.

    Attributes:
        question: Id of the question.
        kind: How it was put.
        lines: For a list, the findings that each line showed.
        finding: For a question for one value, its finding.
        reply: What came back.
    """

    question: str
    kind: Kind
    lines: tuple[tuple[str, ...], ...]
    finding: str | None
    reply: Reply

    @property
    def findings(self) -> tuple[str, ...]:
        """Every finding that was shown."""
        return (self.finding,) if self.finding is not None else tuple(f for line in self.lines for f in line)


@dataclass(frozen=True, slots=True)
class Conversation:
    """An interview so far.

    Attributes:
        start: What was known before the first question.
        steps: Questions with their replies, the first one first.
    """

    start: Person = field(default_factory=Person)
    steps: tuple[Step, ...] = ()

    def answered(self, question: Question, reply: Reply) -> Conversation:
        """Return the conversation with one more reply.

        Args:
            question: As it was shown.
            reply: What came back; ticks beyond the lines are refused.

        Raises:
            ValueError: Something was answered that was not shown.
        """
        if any(not 0 <= at < len(question.items) for at in reply.ticked | reply.unsure):
            raise ValueError(f"{question.id}: a line was ticked that was not shown")
        if any(name not in question.findings for name, _, _ in reply.fields):
            raise ValueError(f"{question.id}: a field was answered that was not shown")
        lines = tuple(tuple(shown.finding for shown in item.shows) for item in question.items)
        return replace(self, steps=(*self.steps, Step(question.id, question.kind, lines, question.finding, reply)))

    def back(self) -> Conversation:
        """Return the conversation without its last reply; the first question stays where it is."""
        return replace(self, steps=self.steps[:-1])

    def person(self, knowledge: Knowledge) -> Person:
        """Return the person as told so far, in the start and in every reply."""
        answers = dict(self.start.answers)
        medicines, none = list(self.start.medicines), self.start.takes_no_medicine
        for step in self.steps:
            # Doubt alone takes back no presence: "don't know" to "which of these is it?" leaves the tick as it was.
            # Once something on the line is named, the tick is explained, and the rest is as unknown as they say.
            explained = bool(step.reply.ticked)
            answers.update((n, new) for n, new in _answers(step) if explained or not _is_doubt(new, answers.get(n)))
            reply = step.reply
            if step.kind is Kind.MEDICINES and reply.kind is ReplyKind.ANSWERED:
                medicines.extend(reply.medicines)
                none = none or (reply.complete and not medicines)
                if reply.complete and medicines:
                    denied = denied_by_complete_list(knowledge, medicines)
                    answers.update({name: _no() for name in denied if name not in answers})
            if step.kind is Kind.MONTHS and isinstance(reply.value, float | int):
                medicines = [_lasting(use, step, float(reply.value)) for use in medicines]
        _presence_wins(answers, knowledge)
        return replace(
            self.start,
            answers=MappingProxyType(answers),
            medicines=tuple(medicines),
            takes_no_medicine=none and not medicines,
        )

    @property
    def put(self) -> frozenset[str]:
        """Questions that were put, whatever the reply."""
        return frozenset(step.question for step in self.steps)

    @property
    def passed_over(self) -> frozenset[str]:
        """Findings that were shown and skipped, or left empty; they are not asked again in this conversation."""
        return frozenset(name for step in self.steps if _passed(step) for name in step.findings)


def _passed(step: Step) -> bool:
    return step.reply.kind is ReplyKind.SKIPPED or step.kind is Kind.FORM


def _is_doubt(new: Answer, held: Answer | None) -> bool:
    return new.status is Status.UNKNOWN and held is not None and held.status is Status.PRESENT


def _no() -> Answer:
    return Answer(Status.ABSENT, value=False)


def _answers(step: Step) -> Iterator[tuple[str, Answer]]:
    """Yield what one reply says of each finding that was shown."""
    reply = step.reply
    if reply.kind is ReplyKind.SKIPPED or step.kind in (Kind.MEDICINES, Kind.MONTHS):
        return
    if reply.kind is ReplyKind.NOT_KNOWN:
        yield from ((name, Answer(Status.UNKNOWN)) for name in step.findings)
    elif step.kind is Kind.FORM:
        yield from ((name, _valued(value, original)) for name, value, original in reply.fields)
    elif step.kind is Kind.LIST:
        for at, line in enumerate(step.lines):
            for name in line:
                yield name, _line(at, reply)
    elif step.finding is not None and reply.value is not None:
        yield step.finding, _valued(reply.value, reply.original)


def _valued(value: Value | None, original: str | None) -> Answer:
    """Return the answer that a value is; none is "don't know", an empty set of places and "no" are absences."""
    if value is None:
        return Answer(Status.UNKNOWN)
    empty = value is False or value == frozenset()
    return Answer(Status.ABSENT if empty else Status.PRESENT, value, original)


def _line(at: int, reply: Reply) -> Answer:
    """Return what a line of a list says. A tick on several findings is the cautious "all of them" until told apart."""
    if at in reply.ticked:
        return Answer(Status.PRESENT, value=True)
    return Answer(Status.UNKNOWN) if at in reply.unsure else _no()


def _lasting(use: MedicineUse, step: Step, months: float) -> MedicineUse:
    return replace(use, months=months) if step.question == f"{Kind.MONTHS}:{use.written}" else use


def _presence_wins(answers: dict[str, Answer], knowledge: Knowledge) -> None:
    """Take out each denial of what something present contains: a ticked line says more than an unticked one."""
    waiting = [name for name, answer in answers.items() if answer.value is True]
    seen = set(waiting)
    while waiting:
        for other in knowledge.findings[waiting.pop()].implies:
            if other in answers and answers[other].value is not True:
                del answers[other]
            if other not in seen and other in knowledge.findings:
                seen.add(other)
                waiting.append(other)


def step_findings(steps: tuple[Step, ...]) -> Mapping[str, int]:
    """Return the number of the step in which each finding was last shown, from 0."""
    return {name: at for at, step in enumerate(steps) for name in step.findings}
