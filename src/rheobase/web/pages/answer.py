"""The answer: for the person, and the page for the doctor, on screen and as a PDF."""

from __future__ import annotations

from starlette.responses import Response

from rheobase.assess.causes import FITS_WELL
from rheobase.assess.settle import what_would_settle
from rheobase.report import render_pdf
from rheobase.report.readers import DOCTOR, document_for
from rheobase.web.rendering import report_markup
from rheobase.web.visit import Page, Visit

PERSON = "person"
PAPERS = ("a4", "letter")


def answer(visit: Visit) -> Response:
    """Show the answer as it is today."""
    return _report(visit, PERSON, "answer.html")


def doctor(visit: Visit) -> Response:
    """Show the page to hand to a doctor."""
    return _report(visit, DOCTOR, "doctor.html")


def _report(visit: Visit, reader: str, template: str) -> Response:
    papers = visit.papers()
    knowledge = visit.desk.knowledge
    assessment = visit.desk.judge(papers)
    settled = what_would_settle(assessment, knowledge)
    region = papers.person.region
    document = document_for(reader, papers.person, assessment, knowledge, region=region, settlings=settled)
    causes = [knowledge.causes[fit.cause] for fit in assessment.causes if fit.band == FITS_WELL]
    # What is feared is reached by the search; no page but a clinician's names it before the person does.
    links = [(each.id, each.plain_name) for each in causes if not each.feared]
    return visit.show(template, papers=papers, title=document.title, report=report_markup(document), links=links)


def pdf(visit: Visit) -> Response:
    """Give the doctor's page as a PDF."""
    papers = visit.papers()
    assessment = visit.desk.judge(papers)
    document = document_for(DOCTOR, papers.person, assessment, visit.desk.knowledge, region=papers.person.region)
    paper = visit.query.get("paper", PAPERS[0])
    data = render_pdf(document, paper=paper if paper in PAPERS else PAPERS[0])
    headers = {"content-disposition": 'attachment; filename="for-my-doctor.pdf"'}
    return Response(data, media_type="application/pdf", headers=headers)


PAGES: dict[str, tuple[Page, tuple[str, ...]]] = {
    "/{person:int}/answer": (answer, ("GET",)),
    "/{person:int}/doctor": (doctor, ("GET",)),
    "/{person:int}/doctor.pdf": (pdf, ("GET",)),
}
