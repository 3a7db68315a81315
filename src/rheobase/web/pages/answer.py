"""The answer: for the person, and the page for the doctor, on screen and as a PDF."""

from __future__ import annotations

from datetime import date

from starlette.background import BackgroundTask
from starlette.responses import Response

from rheobase.assess.causes import FITS_WELL
from rheobase.report import render_pdf
from rheobase.report.document import Document
from rheobase.report.on_screen import document_on_screen
from rheobase.report.readers import DOCTOR, document_for
from rheobase.web.desk import Papers
from rheobase.web.judging import Verdict
from rheobase.web.markup import report_markup
from rheobase.web.visit import Page, Visit

PERSON = "person"
PAPERS = ("a4", "letter")


def answer(visit: Visit) -> Response:
    """Show the answer as it is today."""
    papers, knowledge = visit.papers(), visit.desk.knowledge
    verdict, today = visit.desk.verdict(papers), visit.desk.today
    key = (PERSON, papers.state, today)
    _, report = visit.desk.titled.get(
        key, lambda: ("", report_markup(document_on_screen(verdict.document), folded=True))
    )
    causes = [knowledge.causes[fit.cause] for fit in verdict.assessment.causes if fit.band == FITS_WELL]
    # What is feared is reached by the search; no page but a clinician's names it before the person does.
    links = [(each.id, each.plain_name) for each in causes if not each.feared]
    earlier = visit.desk.store.judged_before(papers.who.id, today.isoformat())
    shown = visit.show(
        "answer.html", papers=papers, today=today, report=report, links=links, earlier=earlier, day_words=day_words
    )
    return _kept_after(shown, visit, papers)


def _kept_after(shown: Response, visit: Visit, papers: Papers) -> Response:
    """Keep the judgement once the page was sent: nobody waits for what is compared with next month."""
    shown.background = BackgroundTask(visit.desk.keep_shown, papers)
    return shown


def doctor(visit: Visit) -> Response:
    """Show the page to hand to a doctor."""
    papers = visit.papers()
    verdict = visit.desk.verdict(papers)
    key = (DOCTOR, papers.state, visit.desk.today)
    title, report = visit.desk.titled.get(key, lambda: _titled(_for_doctor(visit, papers, verdict)))
    return _kept_after(visit.show("doctor.html", papers=papers, title=title, report=report), visit, papers)


def _titled(document: Document) -> tuple[str, str]:
    return document.title, report_markup(document_on_screen(document))


def _for_doctor(visit: Visit, papers: Papers, verdict: Verdict) -> Document:
    return document_for(
        DOCTOR,
        papers.person,
        verdict.assessment,
        visit.desk.knowledge,
        region=papers.person.region,
        settlings=verdict.settled,
    )


def pdf(visit: Visit) -> Response:
    """Give the doctor's page as a PDF."""
    papers = visit.papers()
    document = _for_doctor(visit, papers, visit.desk.judge(papers))
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
