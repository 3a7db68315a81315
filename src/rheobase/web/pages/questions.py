"""The interview: one question a screen, each reply kept before the next is shown."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass, replace

from starlette.background import BackgroundTask
from starlette.responses import Response

from rheobase.errors import ReplyError
from rheobase.importers.interview_reply import looks_like, read_reply
from rheobase.interview import Kind, Question, Reply, ReplyKind
from rheobase.interview.put import finding_question
from rheobase.knowledge import Knowledge
from rheobase.report.document import Section
from rheobase.report.interview_words import progress_words, question_lines, reason_blocks
from rheobase.web.desk import Papers
from rheobase.web.markup import section_markup
from rheobase.web.pages.urgent import urgent_notice
from rheobase.web.visit import Page, Visit

LINE, UNSURE, TEXT, DO, NUMBER, ASKED = "line", "unsure", "text", "do", "number", "asked"
# What the buttons beneath a question stand for, as it would be typed.
TYPED = {"none": "0", "unknown": "?", "skip": "s", "yes": "y", "no": "n"}
NOTHING_CHOSEN = "Tick what is true, or choose the button for none of these, or say that you don't know."
MEANT = "meant-"


@dataclass(frozen=True, slots=True)
class Field:
    """One control: its name in the form, its words, and what stands in it."""

    name: str
    words: str
    title: str = ""
    value: str = ""
    ticked: bool = False
    unsure: bool = False
    problem: str = ""
    options: tuple[tuple[str, str], ...] = ()
    unit: str = ""
    kind: str = ""


@dataclass(frozen=True, slots=True)
class Typed:
    """What a form held, so that a form with a fault is shown again as it was."""

    fields: dict[str, tuple[str, ...]]
    problem: str = ""
    problems: tuple[tuple[str, str], ...] = ()


def question(visit: Visit) -> Response:
    """Show the next question."""
    return _show(visit, visit.papers())


def _show(visit: Visit, papers: Papers, typed: Typed | None = None, notice: str = "") -> Response:
    knowledge = visit.desk.knowledge
    following = visit.desk.next_question(papers)
    outlook, reason = following.outlook, following.reason
    asked = outlook.question
    warning = urgent_notice(following.least or outlook.urgency.level, outlook.urgency, papers.person, knowledge)
    if asked is None or reason is None:
        return visit.show("done.html", papers=papers, warning=warning)
    count = len(papers.talk.steps)
    most = max(outlook.left - 1, 0)
    values = {
        "papers": papers,
        "question": asked,
        "fields": list(_fields(asked, knowledge, typed or Typed({}))),
        "problem": typed.problem if typed else "",
        "notice_text": notice,
        "warning": warning,
        "why": section_markup(Section("Why we ask", tuple(reason_blocks(reason, knowledge)))),
        "progress": progress_words(outlook, count + 1),
        "share": round(100 * count / (count + most + 1)),
        "number": count,
        "enough": count >= knowledge.interview.most_questions,
    }
    return visit.show("question.html", status=400 if typed else 200, **values)


def reply(visit: Visit) -> Response:
    """Keep a reply and go on; what can't be read is asked again, as it was filled in."""
    papers = visit.papers()
    knowledge = visit.desk.knowledge
    asked = visit.desk.outlook(papers).question
    number = visit.one(NUMBER)
    if asked is None or visit.one(ASKED) != asked.id or number != str(len(papers.talk.steps)):
        words = "That question was answered already, perhaps in another tab. This is the next one."
        return _show(visit, papers, notice=words)
    try:
        given = _form(visit, asked, knowledge) if asked.kind is Kind.FORM else _reply(visit, asked, knowledge)
    except _UnreadError as problem:
        return _show(visit, papers, problem.typed)
    if not visit.desk.answered(papers, asked, given):
        words = "Another tab answered that question a moment before. This is the next one."
        return _show(visit, visit.papers(), notice=words)
    if given.medicines:
        return visit.go(f"/{papers.who.id}/questions/medicines")
    response = visit.go(f"/{papers.who.id}/questions")
    response.background = BackgroundTask(visit.desk.foresee_question, papers.who.id)
    return response


class _UnreadError(Exception):
    """A form that could not be read, with what it held."""

    def __init__(self, typed: Typed) -> None:
        super().__init__(typed.problem)
        self.typed = typed


def _reply(visit: Visit, asked: Question, knowledge: Knowledge) -> Reply:
    text = _as_typed(visit, asked)
    try:
        return read_reply(asked, text, knowledge)
    except ReplyError as problem:
        words = NOTHING_CHOSEN if not text and asked.kind in (Kind.LIST, Kind.SITES) else str(problem)
        if not text and asked.kind is Kind.CHOICE:
            words = "Choose one, or say that you don't know."
        raise _UnreadError(Typed(dict(visit.form), words)) from problem


def _as_typed(visit: Visit, asked: Question) -> str:
    """Return a form as it would be typed at a terminal, so that both are read by the same rules."""
    pressed = visit.one(DO)
    if pressed in TYPED:
        return TYPED[pressed]
    if asked.kind in (Kind.LIST, Kind.SITES, Kind.CHOICE):
        chosen = [each for each in visit.form.get(LINE, ()) if each.isdecimal()]
        unsure = [f"{each}?" for each in visit.form.get(UNSURE, ()) if each.isdecimal()]
        return " ".join((*chosen, *unsure))
    return visit.one(TEXT)


def _form(visit: Visit, asked: Question, knowledge: Knowledge) -> Reply:
    """Read every field of a short form; an empty one is left out, not denied."""
    fields, problems = [], []
    for item in asked.items:
        name = item.shows[0].finding
        one = finding_question(knowledge, name)
        text = "?" if visit.one(f"{UNSURE}-{name}") else visit.one(f"{TEXT}-{name}").strip()
        if not text or visit.one(DO) == "skip":
            continue
        try:
            given = read_reply(one, text, knowledge)
        except ReplyError as problem:
            problems.append((name, str(problem)))
            continue
        if given.kind is not ReplyKind.SKIPPED:
            fields.append((name, given.value, given.original))
    if problems:
        words = "One line could not be read." if len(problems) == 1 else f"{len(problems)} lines could not be read."
        raise _UnreadError(Typed(dict(visit.form), words, tuple(problems)))
    return Reply(fields=tuple(fields))


def _fields(asked: Question, knowledge: Knowledge, typed: Typed) -> Iterator[Field]:
    held, unsure = typed.fields.get(LINE, ()), typed.fields.get(UNSURE, ())
    if asked.kind is Kind.LIST:
        for at, item in enumerate(asked.items, 1):
            words = "; or ".join(shown.words for shown in item.shows)
            yield Field(str(at), words, item.title, ticked=str(at) in held, unsure=str(at) in unsure)
    elif asked.kind in (Kind.CHOICE, Kind.SITES):
        for at, words in question_lines(asked, knowledge):
            option = knowledge.findings[asked.finding or ""].options[at - 1]
            yield Field(str(at), words, option, ticked=str(at) in held)
    elif asked.kind is Kind.FORM:
        problems = dict(typed.problems)
        for item in asked.items:
            yield _form_field(item.shows[0].finding, knowledge, typed, problems)
    else:
        finding = knowledge.findings.get(asked.finding or "")
        unit = (finding.unit or "") if finding is not None else "months" if asked.kind is Kind.MONTHS else ""
        value = next(iter(typed.fields.get(TEXT, ())), "")
        yield Field(TEXT, asked.text, value=value, unit=unit, kind=asked.kind.value)


def _form_field(name: str, knowledge: Knowledge, typed: Typed, problems: dict[str, str]) -> Field:
    one = finding_question(knowledge, name)
    finding = knowledge.findings[name]
    options: tuple[tuple[str, str], ...] = ()
    if one.kind is Kind.CHOICE:
        options = tuple((str(at), words) for at, words in question_lines(one, knowledge))
    elif one.kind is Kind.YES_NO:
        options = (("y", "Yes"), ("n", "No"))
    value = next(iter(typed.fields.get(f"{TEXT}-{name}", ())), "")
    return Field(
        name,
        one.text,
        value=value,
        unsure=bool(typed.fields.get(f"{UNSURE}-{name}")),
        problem=problems.get(name, ""),
        options=options,
        unit=finding.unit or "",
        kind=one.kind.value,
    )


def medicines(visit: Visit) -> Response:
    """Show what was recognised of the medicines, and ask whether that is all."""
    papers = visit.papers()
    last = papers.talk.steps[-1] if papers.talk.steps else None
    if last is None or last.kind is not Kind.MEDICINES or not last.reply.medicines or last.reply.complete:
        return visit.go(f"/{papers.who.id}/questions")
    knowledge = visit.desk.knowledge
    if visit.form:
        uses = []
        for at, use in enumerate(last.reply.medicines):
            meant = visit.one(f"{MEANT}{at}")
            offered = dict(looks_like(use, knowledge))
            uses.append(replace(use, medicine=meant) if meant in offered else use)
        whole = replace(last.reply, medicines=tuple(uses), complete=visit.one(DO) == "all")
        asked = replace(_medicines_question(papers), items=())
        if not visit.desk.answered(papers, asked, whole, again=True):
            words = "Another tab answered a moment before. Go back to change the medicines."
            return _show(visit, visit.papers(), notice=words)
        return visit.go(f"/{papers.who.id}/questions")
    rows = []
    for at, use in enumerate(last.reply.medicines):
        entry = knowledge.medicines.get(use.medicine or "") or knowledge.medicine_classes.get(use.medicine or "")
        rows.append((f"{MEANT}{at}", use.written, entry.name if entry else "", looks_like(use, knowledge)))
    return visit.show("medicines.html", papers=papers, rows=rows)


def _medicines_question(papers: Papers) -> Question:
    step = papers.talk.steps[-1]
    return Question(step.question, step.kind, "", finding=step.finding)


def back(visit: Visit) -> Response:
    """Take the last reply back and put its question again."""
    papers = visit.papers()
    number = visit.one(NUMBER)
    if number.isdecimal() and int(number) > 0:
        visit.desk.store.take_back(papers.who.id, int(number) - 1)
    return visit.go(f"/{papers.who.id}/questions")


PAGES: dict[str, tuple[Page, tuple[str, ...]]] = {
    "/{person:int}/questions": (question, ("GET",)),
    "/{person:int}/questions/reply": (reply, ("POST",)),
    "/{person:int}/questions/back": (back, ("POST",)),
    "/{person:int}/questions/medicines": (medicines, ("GET", "POST")),
}
