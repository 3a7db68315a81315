"""Bring a tracker's file into the diary: read, shown as a plan, and applied on a second press only."""

from __future__ import annotations

from starlette.responses import Response

from rheobase.diet.diary import day_names
from rheobase.diet.plan import ImportPlan, plan_import
from rheobase.errors import DataRefusedError
from rheobase.importers.diet_import import import_diet_bytes
from rheobase.person import Diet
from rheobase.plain_text import printable
from rheobase.report.diet_import_page import import_page
from rheobase.report.on_screen import document_on_screen, on_screen
from rheobase.web.desk import Papers
from rheobase.web.markup import sections_markup
from rheobase.web.pages.food import WHY, address
from rheobase.web.security import MAX_BODY
from rheobase.web.visit import Visit

MOST_NAME = 60


def choose_file(visit: Visit) -> Response:
    """Ask for a file."""
    return _show(visit, visit.papers())


def _show(visit: Visit, papers: Papers, problem: str = "", **more: object) -> Response:
    values = {"plan": None, "report": (), "name": "", "file": "", **more}
    most = f"{MAX_BODY // 1_000_000} MB"
    status = 400 if problem else 200
    return visit.show("food_import.html", status=status, papers=papers, problem=on_screen(problem), most=most, **values)


def read_file(visit: Visit) -> Response:
    """Read a file and show what it would do; nothing is changed."""
    papers = visit.papers()
    file = visit.files.get("file")
    if file is None:
        return _show(visit, papers, "No file was chosen. Choose the file that the tracker exported.")
    # A name that a browser sent is for messages only, and may be anything.
    name = printable(file.name, limit=MOST_NAME) or "the file"
    try:
        imported = import_diet_bytes(file.data, name, visit.desk.today, leave_out=bool(visit.one("leave_out")))
        plan = plan_import(papers.talk.start.diet or Diet(), imported)
    except DataRefusedError as problem:
        return _show(visit, papers, str(problem))
    waiting = "" if plan.changes_nothing else visit.desk.waiting.keep(papers.who.id, imported)
    document = document_on_screen(import_page(plan, name=name, target=None))
    return _show(visit, papers, plan=plan, report=sections_markup(document), name=waiting, file=name)


def apply(visit: Visit) -> Response:
    """Apply the plan that was shown, to the diary as it is now."""
    papers = visit.papers()
    imported = visit.desk.waiting.take(papers.who.id, visit.one("name"))
    if imported is None:
        words = "That file was imported already, or Rheobase was started anew since. Choose the file again."
        return _show(visit, papers, words)
    done: list[ImportPlan] = []

    def change(diet: Diet) -> Diet:
        done.append(plan_import(diet, imported))
        return done[-1].diet

    count = len(imported.days)
    days = "1 day" if count == 1 else f"{count} days"
    try:
        visit.desk.change_diet(papers.who.id, change, why=f"{WHY}imported {days} of {imported.source}")
    except DataRefusedError as problem:
        return _show(visit, papers, str(problem))
    newest = max((*done[-1].added, *done[-1].changed), key=lambda each: each.isoformat() if each else "", default=None)
    name = newest.isoformat() if newest else next(iter(reversed(day_names(done[-1].diet))), "")
    return visit.go(address(papers, name, "#said"))
