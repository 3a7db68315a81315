"""The judgement of one person on one day with everything that pages make of it, worked out once."""

from __future__ import annotations

import json
from dataclasses import dataclass
from datetime import date
from typing import Any

from rheobase.assess import Assessment, assess
from rheobase.assess.settle import Settling, what_would_settle
from rheobase.knowledge import Knowledge
from rheobase.person import Person
from rheobase.report import assessment_json
from rheobase.report.document import Document
from rheobase.report.sections import Audience, assessment_document


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
