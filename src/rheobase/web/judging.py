"""The judgement of one person on one day with everything that pages make of it, worked out once."""

from __future__ import annotations

import json
from dataclasses import dataclass
from datetime import date
from typing import Any

from markupsafe import Markup

from rheobase.assess import Assessment, assess
from rheobase.assess.causes import FITS_WELL
from rheobase.assess.settle import Settling, what_would_settle
from rheobase.interview import Conversation, Outlook, Reason, level_at_least, look_ahead, why_asked
from rheobase.knowledge import Knowledge
from rheobase.person import Person
from rheobase.report import assessment_json
from rheobase.report.document import Document
from rheobase.report.on_screen import document_on_screen
from rheobase.report.readers import DOCTOR, document_for
from rheobase.report.sections import Audience, assessment_document
from rheobase.web.markup import report_markup


@dataclass(frozen=True, slots=True)
class Verdict:
    """One judgement.

    Attributes:
        assessment: The judgement.
        settled: What would settle it.
        document: The report for the person.
        knowledge: What it was judged with.
    """

    assessment: Assessment
    settled: tuple[Settling, ...]
    document: Document
    knowledge: Knowledge

    @property
    def plain(self) -> dict[str, Any]:
        """The same as the data that ``rheobase assess --json`` prints.

        Made anew each time: as Python's own objects it takes some megabytes, and of a page only the record needs it.
        """
        return assessment_json(self.assessment, self.knowledge, self.document, self.settled)

    @property
    def body(self) -> str:
        """The data as one line of JSON: the same judgement gives the same bytes."""
        return json.dumps(self.plain, ensure_ascii=False, allow_nan=False)


@dataclass(frozen=True, slots=True)
class Shown:
    """A judgement as the pages show it: small, for it is kept by each state and sent between processes.

    Attributes:
        level: How urgent it is.
        knowledge_version: What it was judged with.
        answer: The report for the person, for within a page.
        leads: The causes that fit well and are not feared, each with its plain name.
        title: Of the page for a doctor.
        doctor: The page for a doctor, for within a page.
    """

    level: str
    knowledge_version: str
    answer: Markup
    leads: tuple[tuple[str, str], ...]
    title: str
    doctor: Markup


def for_doctor(verdict: Verdict, person: Person) -> Document:
    """Return the page for a doctor."""
    return document_for(
        DOCTOR, person, verdict.assessment, verdict.knowledge, region=person.region, settlings=verdict.settled
    )


def shown_of(verdict: Verdict, person: Person, knowledge: Knowledge) -> Shown:
    """Return a judgement as the pages show it."""
    causes = [knowledge.causes[fit.cause] for fit in verdict.assessment.causes if fit.band == FITS_WELL]
    doctor = for_doctor(verdict, person)
    return Shown(
        level=verdict.assessment.urgency.level,
        knowledge_version=verdict.assessment.knowledge_version,
        answer=report_markup(document_on_screen(verdict.document), folded=True),
        # What is feared is reached by the search; no page but a clinician's names it before the person does.
        leads=tuple((each.id, each.plain_name) for each in causes if not each.feared),
        title=doctor.title,
        doctor=report_markup(document_on_screen(doctor)),
    )


@dataclass(frozen=True, slots=True)
class NextQuestion:
    """What to ask next, why, and the least level of urgency by it; no reason where nothing is left to ask."""

    outlook: Outlook
    reason: Reason | None = None
    least: str | None = None


def next_question(talk: Conversation, knowledge: Knowledge, *, on: date) -> NextQuestion:
    """Return what to ask next."""
    outlook = look_ahead(talk, knowledge, on=on)
    asked = outlook.question
    if asked is None:
        return NextQuestion(outlook)
    reason = why_asked(asked, talk, knowledge, on=on)
    return NextQuestion(outlook, reason, level_at_least(asked, talk, knowledge, on=on))


def verdict_of(person: Person, knowledge: Knowledge, *, on: date, assessment: Assessment | None = None) -> Verdict:
    """Judge a person on a day.

    Args:
        person: What was told.
        knowledge: What it is judged with.
        on: The day.
        assessment: The judgement of that day, where it is there already.
    """
    assessment = assessment or assess(person, knowledge, on=on)
    settled = what_would_settle(assessment, knowledge)
    document = assessment_document(
        assessment, knowledge, audience=Audience.PERSON, region=person.region, settlings=settled
    )
    return Verdict(assessment, settled, document, knowledge)
