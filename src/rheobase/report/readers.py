"""One person's document for each reader: the person, a clinician, the doctor to whom it is handed."""

from __future__ import annotations

from rheobase.assess import Assessment
from rheobase.assess.settle import Settling
from rheobase.knowledge import Knowledge
from rheobase.person import Person
from rheobase.report.doctor import doctor_document
from rheobase.report.document import Document
from rheobase.report.sections import Audience, assessment_document

DOCTOR = "doctor"
READERS = (*(each.value for each in Audience), DOCTOR)


def document_for(
    reader: str,
    person: Person,
    assessment: Assessment,
    knowledge: Knowledge,
    *,
    region: str | None = None,
    settlings: tuple[Settling, ...] | None = None,
) -> Document:
    """Return the document of one assessment for one reader.

    Args:
        reader: One of ``READERS``.
        person: What was told; only the page for the doctor repeats it.
        assessment: What was judged.
        knowledge: The knowledge that it was judged with.
        region: Two-letter code for the emergency number.
        settlings: What would settle it; worked out here unless given.

    Raises:
        ValueError: The reader is none of ``READERS``.
    """
    if reader == DOCTOR:
        return doctor_document(person, assessment, knowledge, settlings)
    return assessment_document(assessment, knowledge, audience=Audience(reader), region=region, settlings=settlings)
