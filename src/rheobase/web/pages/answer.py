"""The answer: for the person, and the page for the doctor, on screen and as a PDF."""

from __future__ import annotations

from datetime import date

from starlette.background import BackgroundTask
from starlette.responses import Response

from rheobase.report import render_pdf
from rheobase.web.desk import Papers
from rheobase.web.visit import Page, Visit

PAPERS = ("a4", "letter")


def answer(visit: Visit) -> Response:
    """Show the answer as it is today."""
    papers, today = visit.papers(), visit.desk.today
    judged = visit.desk.shown(papers)
    earlier = visit.desk.store.judged_before(papers.who.id, today.isoformat())
    shown = visit.show(
        "answer.html",
        papers=papers,
        today=today,
        report=judged.answer,
        links=judged.leads,
        earlier=earlier,
        day_words=day_words,
    )
    return _kept_after(shown, visit, papers)


def _kept_after(shown: Response, visit: Visit, papers: Papers) -> Response:
    """Keep the judgement once the page was sent: nobody waits for what is compared with next month."""
    shown.background = BackgroundTask(visit.desk.keep_shown, papers)
    return shown


def doctor(visit: Visit) -> Response:
    """Show the page to hand to a doctor."""
    papers = visit.papers()
    judged = visit.desk.shown(papers)
    shown = visit.show("doctor.html", papers=papers, title=judged.title, report=judged.doctor)
    return _kept_after(shown, visit, papers)


def pdf(visit: Visit) -> Response:
    """Give the doctor's page as a PDF."""
    papers = visit.papers()
    visit.desk.judge(papers)
    document = visit.desk.doctor_document(papers)
    paper = visit.query.get("paper", PAPERS[0])
    data = render_pdf(document, paper=paper if paper in PAPERS else PAPERS[0])
    headers = {"content-disposition": 'attachment; filename="for-my-doctor.pdf"'}
    return Response(data, media_type="application/pdf", headers=headers)


def day_words(iso: str) -> str:
    """Return a day as it is read: "24 November 2026"."""
    when = date.fromisoformat(iso)
    return f"{when.day} {when:%B %Y}"


PAGES: dict[str, tuple[Page, tuple[str, ...]]] = {
    "/{person:int}/answer": (answer, ("GET",)),
    "/{person:int}/doctor": (doctor, ("GET",)),
    "/{person:int}/doctor.pdf": (pdf, ("GET",)),
}
