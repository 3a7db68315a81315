"""Blood tests: paste or give a report, see what was read beside the original, settle what is in doubt, then use it."""

from __future__ import annotations

from dataclasses import dataclass, replace

from starlette.responses import Response

from rheobase.errors import DataRefusedError
from rheobase.importers.case_labs import MOST
from rheobase.importers.labs_import import report_of
from rheobase.importers.labs_people import refuse_other
from rheobase.labs.reading import judge_all
from rheobase.labs.reading_confirm import LEAVE_OUT, Choice, apply_plan, plan_labs, settle
from rheobase.labs.reading_line import Judged, LabFile, State
from rheobase.labs.reading_names import LabFacts, facts_for
from rheobase.report.labs_doubt import WORDS as URGENT_WORDS
from rheobase.report.labs_doubt import unlooked_words, urgent_places
from rheobase.report.labs_read_page import other_system, value_words
from rheobase.report.labs_section import labs_document
from rheobase.web.desk import LabReport, Papers
from rheobase.web.markup import report_markup
from rheobase.web.visit import Page, Visit

TEXT, FILE, READING, LINE, ONE = "text", "file", "reading", "line-", "one"
PASTED = "what you pasted"


@dataclass(frozen=True, slots=True)
class Row:
    """One line as it is shown: the original, what was read, and what may be chosen."""

    place: int
    original: str
    test: str
    read: str
    other: str
    taken: str
    state: str
    reasons: tuple[str, ...]
    looks_like: tuple[str, ...]
    notes: tuple[str, ...]
    choices: tuple[tuple[str, str], ...]


def labs(visit: Visit) -> Response:
    """Show what the results mean, and a place for a new report."""
    papers = visit.papers()
    return visit.show("labs.html", papers=papers, report=_meaning(visit, papers), problem="", text="")


def _meaning(visit: Visit, papers: Papers) -> object:
    if not papers.person.labs:
        return ""
    knowledge = visit.desk.knowledge
    return report_markup(labs_document(visit.desk.assessment(papers), knowledge))


def read(visit: Visit) -> Response:
    """Read a report and show every line of it before anything is used."""
    papers = visit.papers()
    knowledge = visit.desk.knowledge
    facts = facts_for(knowledge)
    file = visit.files.get(FILE)
    text = visit.one(TEXT)
    data, name = (file.data, file.name) if file is not None else (text.encode(), PASTED)
    try:
        report = _report(data, name, facts)
        refuse_other(report.whose, papers.person, name, on=visit.desk.today)
    except DataRefusedError as problem:
        page = {"papers": papers, "report": _meaning(visit, papers), "problem": str(problem), "text": text}
        return visit.show("labs.html", status=400, **page)
    judged = judge_all(report.lines, facts, visit.desk.today)
    waiting = visit.desk.reports.keep(papers.who.id, LabReport(name, judged, report.left_out))
    return visit.go(f"/{papers.who.id}/labs/{waiting}")


def _report(data: bytes, name: str, facts: LabFacts) -> LabFile:
    report = report_of(data, name, facts)
    if not report.lines:
        raise DataRefusedError("No result was found in it. A line looks like: Mg 0.62 mmol/L (0.70-1.00)")
    return report


def confirm(visit: Visit) -> Response:
    """Show each line as it was read; take the results that count once a person says so."""
    papers = visit.papers()
    waiting = visit.desk.reports.get(papers.who.id, str(visit.path[READING]))
    if waiting is None:
        raise DataRefusedError("That report is not waiting any more. Paste it, or choose the file, once more.")
    if not visit.form:
        return _lines(visit, papers, waiting)
    if visit.one(ONE):
        return _settle_one(visit, papers, waiting)
    choices = []
    for place, line in enumerate(waiting.lines, 1):
        said = visit.one(f"{LINE}{place}")
        if line.state is State.DOUBT and said:
            choices.append(_chosen(place, line, said))
    settled = settle(waiting.lines, choices)
    plan = plan_labs(papers.talk.start, settled)
    after = apply_plan(papers.talk.start, plan)
    if len(after.labs) > MOST:
        raise DataRefusedError(f"At most {MOST} results are kept for one person, these would be {len(after.labs)}.")
    if plan.new or plan.kept:
        visit.desk.change_start(papers, after, why="blood tests")
    visit.desk.reports.take(papers.who.id, str(visit.path[READING]))
    return visit.go(f"/{papers.who.id}/labs")


def _chosen(place: int, line: Judged, said: str) -> Choice:
    known = said == LEAVE_OUT or (said.isdecimal() and 0 < int(said) <= len(line.candidates))
    if not known:
        raise DataRefusedError(f"Line {place} has no such reading. Go back and choose one of those shown.")
    return Choice(place, said)


def _settle_one(visit: Visit, papers: Papers, waiting: LabReport) -> Response:
    """Settle one line and show the rest again; nothing is used yet."""
    said = visit.one(ONE)
    place = int(said) if said.isdecimal() else 0
    if not 0 < place <= len(waiting.lines) or waiting.lines[place - 1].state is not State.DOUBT:
        raise DataRefusedError("That line is not in doubt any more. Go back and look at those that are.")
    choice = _chosen(place, waiting.lines[place - 1], visit.one(f"{LINE}{place}") or LEAVE_OUT)
    settled = replace(waiting, lines=settle(waiting.lines, [choice]))
    visit.desk.reports.take(papers.who.id, str(visit.path[READING]))
    return visit.go(f"/{papers.who.id}/labs/{visit.desk.reports.keep(papers.who.id, settled)}")


def _lines(visit: Visit, papers: Papers, waiting: LabReport) -> Response:
    facts = facts_for(visit.desk.knowledge)
    rows = [_row(place, line, facts) for place, line in enumerate(waiting.lines, 1)]
    urgent = urgent_places(waiting.lines, visit.desk.knowledge)
    rows = [replace(row, reasons=(URGENT_WORDS, *row.reasons)) if row.place in urgent else row for row in rows]
    groups = {state: [row for row in rows if row.state == state.value] for state in State}
    return visit.show(
        "labs_read.html",
        papers=papers,
        name=waiting.name,
        reading=visit.path[READING],
        accepted=groups[State.ACCEPTED],
        doubted=groups[State.DOUBT],
        refused=groups[State.REFUSED],
        others=[*groups[State.OTHER], *groups[State.NO_RESULT]],
        left_out=waiting.left_out,
        unlooked=unlooked_words(waiting.lines),
    )


def _row(place: int, line: Judged, facts: LabFacts) -> Row:
    result = line.result
    test = facts.analyte(result.analyte) if result is not None else None
    choices = tuple((str(number), _choice(number - 1, line, facts)) for number in range(1, len(line.candidates) + 1))
    return Row(
        place=place,
        original=line.line.text,
        test=test.name if test is not None else "",
        read=value_words(result) if result is not None else "",
        other=other_system(result, test) if result is not None and test is not None else "",
        taken=result.taken.isoformat() if result is not None and result.taken is not None else "",
        state=line.state.value,
        reasons=line.reasons,
        looks_like=line.looks_like,
        notes=line.notes,
        choices=choices,
    )


def _choice(at: int, line: Judged, facts: LabFacts) -> str:
    """Return a reading in words, with its day where days are what differs."""
    result = line.candidates[at]
    words = f"{facts.analyte(result.analyte).name} {value_words(result)}"
    days = {each.taken for each in line.candidates}
    return f"{words}, {result.taken.isoformat()}" if len(days) > 1 and result.taken is not None else words


PAGES: dict[str, tuple[Page, tuple[str, ...]]] = {
    "/{person:int}/labs": (labs, ("GET",)),
    "/{person:int}/labs/read": (read, ("POST",)),
    "/{person:int}/labs/{reading}": (confirm, ("GET", "POST")),
}
