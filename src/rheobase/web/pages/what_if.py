"""What if: change any answer and see what moves. Nothing is kept unless the person says so."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from dataclasses import dataclass

from starlette.responses import Response

from rheobase.assess import assess
from rheobase.assess.urgency import Urgency
from rheobase.assess.what_if import compare
from rheobase.errors import DataRefusedError
from rheobase.importers.what_if import supposed_person
from rheobase.knowledge import Finding, Knowledge
from rheobase.person import Answer, LabResult, Person, Status
from rheobase.plain_text import printable
from rheobase.report.interview_words import option_words
from rheobase.report.what_if_page import what_if_document
from rheobase.report.words import label
from rheobase.web.desk import Papers
from rheobase.web.markup import report_markup
from rheobase.web.pages.urgent import Notice, urgent_notice
from rheobase.web.visit import Page, Visit

NOT_KNOWN, YES, NO, TAKEN, STOPPED, NOWHERE = "unknown", "yes", "no", "taken", "stopped", "none"
CHOSEN, ALSO, VALUE = "answer-", "also", "value"
# What a supposition says is written NAME=VALUE; these names are ours.
GROUPS = ("What you said is so", "What you said is not so", "What you did not know", "Blood tests", "Medicines")


@dataclass(frozen=True, slots=True)
class Control:
    """One answer with the ways to change it.

    Attributes:
        name: Of the finding, analyte or medicine.
        words: In plain words.
        value: What was told, as the control holds it.
        chosen: What the control holds now.
        options: Value and words of each choice; empty for a field to type in.
        many: Whether several choices may be ticked.
        unit: Beside a field.
    """

    name: str
    words: str
    value: tuple[str, ...]
    chosen: tuple[str, ...]
    options: tuple[tuple[str, str], ...] = ()
    many: bool = False
    unit: str = ""


def what_if(visit: Visit) -> Response:
    """Show every answer with a control."""
    return _show(visit, visit.papers())


def _show(visit: Visit, papers: Papers, *, problem: str = "", **more: object) -> Response:
    knowledge = visit.desk.knowledge
    groups = [(title, list(controls)) for title, controls in _groups(visit, papers.person)]
    values: dict[str, object] = {
        "papers": papers,
        "groups": [(title, controls) for title, controls in groups if controls],
        "others": _unasked(papers.person, knowledge),
        "also": visit.one(ALSO),
        "also_value": visit.one(VALUE),
        "problem": problem,
        "report": "",
        "changes": (),
        "warning": _warning(visit, papers),
    }
    return visit.show("what_if.html", status=400 if problem else 200, **(values | more))


def _warning(visit: Visit, papers: Papers) -> Notice | None:
    urgency: Urgency = visit.desk.assessment(papers).urgency
    return urgent_notice(urgency.level, urgency, papers.person, visit.desk.knowledge)


def suppose(visit: Visit) -> Response:
    """Show what the changes would move."""
    papers, knowledge, today = visit.papers(), visit.desk.knowledge, visit.desk.today
    changes = tuple(_changes(visit, papers.person))
    if not changes:
        return _show(visit, papers, problem="Nothing was changed. Change one answer or more, then look.")
    try:
        supposed = supposed_person(papers.person, changes, knowledge, on=today)
    except DataRefusedError as refusal:
        return _show(visit, papers, problem=_plainly(str(refusal)))
    before, after = visit.desk.assessment(papers), assess(supposed.person, knowledge, on=today)
    document = what_if_document(compare(before, after), knowledge, notes=supposed.notes)
    return _show(visit, papers, report=report_markup(document), changes=changes)


def keep(visit: Visit) -> Response:
    """Keep the supposed answers: a new revision; what was told before stays in the history."""
    papers, knowledge = visit.papers(), visit.desk.knowledge
    changes = visit.form.get("change", ())
    if not changes or visit.one("revision") != _state(papers):
        words = "Something else was changed meanwhile, perhaps in another tab. Look again before you keep it."
        return _show(visit, papers, problem=words)
    try:
        supposed = supposed_person(papers.person, changes, knowledge, on=visit.desk.today)
    except DataRefusedError as refusal:
        return _show(visit, papers, problem=_plainly(str(refusal)))
    names = ", ".join(printable(each.partition("=")[0], limit=30) for each in changes)
    visit.desk.bring_in(papers, supposed.person, why=f"changed: {names}"[:80])
    return visit.go(f"/{papers.who.id}/answer")


def _state(papers: Papers) -> str:
    return f"{papers.revision}.{len(papers.talk.steps)}"


def _plainly(message: str) -> str:
    """Return a refusal without what is meant for the command line."""
    lines = [each.removeprefix("what if: ") for each in message.splitlines()]
    return " ".join(each.replace("Add --what-if ", "Change this too: ").replace("= too.", ".") for each in lines)


def _groups(visit: Visit, person: Person) -> Iterator[tuple[str, Iterator[Control]]]:
    knowledge, form = visit.desk.knowledge, visit.form
    told = {name: answer for name, answer in person.answers.items() if name in knowledge.findings}
    yes = {n: a for n, a in told.items() if a.status is Status.PRESENT}
    no = {n: a for n, a in told.items() if a.status is Status.ABSENT}
    unknown = {n: a for n, a in told.items() if a.status is Status.UNKNOWN}
    for title, answers in zip(GROUPS, (yes, no, unknown), strict=False):
        yield title, (_control(knowledge.findings[n], a, knowledge, form) for n, a in answers.items())
    yield GROUPS[3], (_lab_control(each, knowledge, form) for each in _latest(person))
    yield GROUPS[4], (_medicine_control(at, person, form) for at in range(len(person.medicines)))


def _control(finding: Finding, told: Answer, knowledge: Knowledge, form: Mapping[str, tuple[str, ...]]) -> Control:
    value, name, unit = _values(finding, told), label(knowledge, finding.id), ""
    words = name[:1].upper() + name[1:]
    options: tuple[tuple[str, str], ...] = ()
    if finding.type == "yes_no":
        options = ((YES, "Yes"), (NO, "No"), (NOT_KNOWN, "Not known"))
    elif finding.type in ("choice", "sites"):
        named = tuple((each, option_words(knowledge, finding.id, each)) for each in finding.options)
        options = (*named, (NOT_KNOWN, "Not known")) if finding.type == "choice" else named
    else:
        unit = finding.unit or ""
    held = form.get(CHOSEN + finding.id)
    # An unticked list sends nothing at all; what else was sent tells that the form was.
    chosen = held if held is not None else () if form and finding.type == "sites" else value
    return Control(finding.id, words, value, chosen, options, many=finding.type == "sites", unit=unit)


def _values(finding: Finding, told: Answer) -> tuple[str, ...]:
    value = told.value
    if told.status is Status.UNKNOWN or value is None:
        return () if finding.type == "sites" else ("",) if finding.type == "number" else (NOT_KNOWN,)
    if isinstance(value, frozenset):
        return tuple(each for each in finding.options if each in value)
    if isinstance(value, bool):
        return (YES if value else NO,)
    return (value if isinstance(value, str) else f"{value:.10g}",)


def _latest(person: Person) -> list[LabResult]:
    """Return one result of each analyte: a supposition takes the place of all of them."""
    newest: dict[str, LabResult] = {}
    for each in sorted(person.labs, key=lambda result: (result.taken is not None, str(result.taken))):
        newest[each.analyte] = each
    return list(newest.values())


def _lab_control(each: LabResult, knowledge: Knowledge, form: Mapping[str, tuple[str, ...]]) -> Control:
    number = "" if each.value is None else f"{each.comparator or ''}{each.value:.10g} {each.unit or ''}".strip()
    value = (number or each.flag or "",)
    name = f"lab-{each.analyte}"
    return Control(name, knowledge.analytes[each.analyte].name, value, form.get(CHOSEN + name, value))


def _medicine_control(at: int, person: Person, form: Mapping[str, tuple[str, ...]]) -> Control:
    use, name = person.medicines[at], f"medicine-{at}"
    held = {Status.PRESENT: TAKEN, Status.ABSENT: STOPPED, Status.UNKNOWN: NOT_KNOWN}[use.status]
    options = ((TAKEN, "Taken"), (STOPPED, "Not taken any more"), (NOT_KNOWN, "Not known"))
    return Control(name, printable(use.written, limit=60), (held,), form.get(CHOSEN + name, (held,)), options)


def _changes(visit: Visit, person: Person) -> Iterator[str]:
    """Yield each change as NAME=VALUE; what stands as it was told is none."""
    for _, controls in _groups(visit, person):
        for each in controls:
            if each.chosen == each.value:
                continue
            kind, _, rest = each.name.partition("-")
            if kind == "lab" and rest:
                yield f"{rest}={each.chosen[0].strip()}"
            elif kind == "medicine" and rest:
                use = person.medicines[int(rest)]
                yield f"{use.medicine or use.written}={each.chosen[0]}"
            elif each.many:
                yield f"{each.name}={','.join(each.chosen) or NOWHERE}"
            else:
                yield f"{each.name}={each.chosen[0].strip() or NOT_KNOWN}"
    if visit.one(ALSO):
        yield f"{visit.one(ALSO)}={visit.one(VALUE).strip() or YES}"


def _unasked(person: Person, knowledge: Knowledge) -> list[tuple[str, str]]:
    """Return the findings that a person can tell and has not told, by name."""
    open_ones = (f for f in knowledge.findings.values() if f.kind == "person" and f.id not in person.answers)
    return sorted(((each.id, label(knowledge, each.id)) for each in open_ones), key=lambda each: each[1].casefold())


PAGES: dict[str, tuple[Page, tuple[str, ...]]] = {
    "/{person:int}/what-if": (what_if, ("GET",)),
    "/{person:int}/what-if/look": (suppose, ("POST",)),
    "/{person:int}/what-if/keep": (keep, ("POST",)),
}
