"""My data: what is kept of one person, as it was and as it is; bring it in, take it out, rename, delete."""

from __future__ import annotations

import json
from collections.abc import Mapping
from types import MappingProxyType
from typing import Any

from starlette.exceptions import HTTPException
from starlette.responses import Response

from rheobase.errors import DataRefusedError
from rheobase.importers.case_import import merged, read_told
from rheobase.person import Answer, Person, Status
from rheobase.report.changes import since_section
from rheobase.report.document import Document
from rheobase.report.told_difference import told_difference
from rheobase.web.desk import Papers
from rheobase.web.markup import report_markup
from rheobase.web.pages.exports import ALL_NAME, EXPORTS, download
from rheobase.web.visit import Page, Visit

REPLACE, TOGETHER, OTHER = "replace", "together", "other"
# The newest first; older ones are in the file, and in a copy of it.
SHOWN_HISTORY = 50


def data(visit: Visit) -> Response:
    """Show what is kept."""
    return _show(visit, visit.papers())


def _show(visit: Visit, papers: Papers, *, problem: str = "", where: str = "") -> Response:
    store, levels = visit.desk.store, visit.desk.knowledge.levels
    judged = [
        (each, levels[each.level].name if each.level in levels else each.level)
        for each in store.judged_listed(papers.who.id, most=SHOWN_HISTORY)
    ]
    return visit.show(
        "data.html",
        status=400 if problem else 200,
        papers=papers,
        revisions=store.revisions_listed(papers.who.id, most=SHOWN_HISTORY),
        judged=judged,
        today=visit.desk.today.isoformat(),
        exports=EXPORTS,
        all_name=ALL_NAME,
        file=str(visit.desk.path),
        encrypted=store.encrypted,
        problem=problem,
        where=where,
    )


def rename(visit: Visit) -> Response:
    """Call the person something else."""
    papers = visit.papers()
    try:
        visit.desk.store.rename(papers.who.id, visit.one("name"))
    except DataRefusedError as refusal:
        return _show(visit, papers, problem=str(refusal), where="rename")
    return visit.go(f"/{papers.who.id}/data")


def delete(visit: Visit) -> Response:
    """Delete the person, once their name was typed."""
    papers = visit.papers()
    if " ".join(visit.one("name").split()) != papers.who.name:
        words = "The name that was typed is another one. Nothing was deleted."
        return _show(visit, papers, problem=words, where="delete")
    visit.desk.store.delete_person(papers.who.id)
    return visit.show("deleted.html", name=papers.who.name, copies=visit.desk.store.old_copies())


def read(visit: Visit) -> Response:
    """Read a chosen file and show what bringing it in would do; nothing is changed yet."""
    papers, knowledge = visit.papers(), visit.desk.knowledge
    chosen = visit.files.get("file")
    if chosen is None:
        return _show(visit, papers, problem="Choose a file first.", where="import")
    try:
        person = read_told(chosen.data, knowledge, name=chosen.name)
    except DataRefusedError as refusal:
        return _show(visit, papers, problem=str(refusal), where="import")
    try:
        both, apart = merged(papers.person, person, knowledge), ""
    except DataRefusedError as refusal:
        both, apart = None, str(refusal)
    sections = [told_difference(papers.person, person, knowledge, title="If the file takes the place of what is here")]
    if both is not None:
        sections.append(told_difference(papers.person, both, knowledge, title="If both are put together"))
    return visit.show(
        "import.html",
        papers=papers,
        name=chosen.name,
        plan=report_markup(Document("", tuple(sections), ())),
        ticket=visit.desk.aside.keep(papers.who.id, person),
        apart=apart,
        same=person == papers.person,
    )


def apply(visit: Visit) -> Response:
    """Do what was agreed to; the same form sent again does nothing more and leads to where it led."""
    papers, how, ticket = visit.papers(), visit.one("how"), visit.one("ticket")
    person = visit.desk.taken_up(papers, ticket)
    if how == OTHER:
        name = visit.one("name").strip() or papers.who.name
        once = (ticket, name)
        if once not in visit.desk.begun:
            visit.desk.begun[once] = visit.desk.begin(name, person, why="from a file").id
        return visit.go(f"/{visit.desk.begun[once]}/answer")
    if how == TOGETHER:
        person = merged(papers.person, person, visit.desk.knowledge)
    elif how != REPLACE:
        raise DataRefusedError("Choose what to do with the file. Nothing was changed.")
    if person != papers.person:
        visit.desk.bring_in(papers, person, why="from a file" if how == REPLACE else "from a file, put together")
    return visit.go(f"/{papers.who.id}/answer")


def revision(visit: Visit) -> Response:
    """Give the case file of an earlier state."""
    number = int(visit.path["number"])
    found = visit.desk.store.revision(visit.papers().who.id, number)
    if found is None:
        raise HTTPException(404)
    return download(f"case-{found.at[:10]}-{found.id}.yaml", "application/yaml", found.case.encode())


def compare(visit: Visit) -> Response:
    """Show what moved between an earlier answer and the one of today."""
    papers, number = visit.papers(), int(visit.path["number"])
    found = visit.desk.store.judged_one(papers.who.id, number)
    if found is None:
        raise HTTPException(404)
    knowledge = visit.desk.knowledge
    before, now = json.loads(found.body), visit.desk.verdict(papers).plain
    told = told_difference(_told(before), _told(now), knowledge, title="What you told otherwise")
    document = Document("", (since_section(before, now, knowledge), told), ())
    return visit.show("compare.html", papers=papers, then=found, today=visit.desk.today, report=report_markup(document))


def _told(plain: Mapping[str, Any]) -> Person:
    """Return the answers that an assessment was made from, as far as it holds them."""
    answers = {}
    for name, each in plain.get("known", {}).items():
        value = frozenset(each["value"]) if isinstance(each["value"], list) else each["value"]
        if each.get("origin") == "told":
            answers[name] = Answer(Status.PRESENT, value)
    unknown = {name: Answer(Status.UNKNOWN) for name in plain.get("asked_and_unknown", ())}
    return Person(answers=MappingProxyType({**unknown, **answers}))


PAGES: dict[str, tuple[Page, tuple[str, ...]]] = {
    "/{person:int}/data": (data, ("GET",)),
    "/{person:int}/data/rename": (rename, ("POST",)),
    "/{person:int}/data/delete": (delete, ("POST",)),
    "/{person:int}/data/import": (read, ("POST",)),
    "/{person:int}/data/import/apply": (apply, ("POST",)),
    "/{person:int}/data/revision/{number:int}": (revision, ("GET",)),
    "/{person:int}/data/compare/{number:int}": (compare, ("GET",)),
}
