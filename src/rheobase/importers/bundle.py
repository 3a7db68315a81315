"""One file to hand over: the case, how it was judged, and the answer; opened again, it says what changed since."""

from __future__ import annotations

import json
from collections.abc import Mapping
from dataclasses import dataclass
from datetime import date
from typing import Any

from rheobase.errors import DataRefusedError
from rheobase.importers.case_file import MAX_BYTES as CASE_BYTES
from rheobase.importers.case_file import read_case
from rheobase.importers.case_writer import write_case
from rheobase.importers.safe_json import load_json
from rheobase.importers.text_file import decode_text
from rheobase.knowledge import Knowledge
from rheobase.person import Person
from rheobase.plain_text import printable

VERSION, VERSION_KEY = 1, "rheobase_bundle"
# A case of the largest size with everything that the assessment says of it.
MAX_BYTES = CASE_BYTES + 4_000_000


@dataclass(frozen=True, slots=True)
class Bundle:
    """A case and the answer that was given.

    Attributes:
        person: As told.
        case: The case file, as text.
        on: Date of the assessment.
        region: Region of the emergency number.
        answer: The assessment as JSON data, as it was then.
    """

    person: Person
    case: str
    on: date
    region: str | None
    answer: Mapping[str, Any]

    @property
    def knowledge_version(self) -> str:
        """Which knowledge gave the answer."""
        return str(self.answer.get("knowledge_version", ""))


def write_bundle(person: Person, answer: Mapping[str, Any], *, on: date, region: str | None) -> str:
    """Return a bundle as text, the same for the same input.

    Args:
        person: Whose case; written as a case file, so that nothing is lost.
        answer: The assessment as ``report.assessment_json`` gives it.
        on: Date of the assessment.
        region: Region of the emergency number.
    """
    data = {
        VERSION_KEY: VERSION,
        "about": "A Rheobase case with its answer. It holds health data: share it with care.",
        "on": on.isoformat(),
        "region": region,
        "case": write_case(person),
        "answer": answer,
    }
    return json.dumps(data, indent=1, ensure_ascii=False, allow_nan=False) + "\n"


def read_bundle(data: bytes, knowledge: Knowledge, *, name: str) -> Bundle:
    """Return what a bundle holds.

    Args:
        data: The bytes of the file.
        knowledge: For reading the case.
        name: How to call the file in a message.

    Raises:
        DataRefusedError: It is no bundle, of a newer version, or its case can't be read with this knowledge.
    """
    shown = "standard input" if name == "-" else printable(name, limit=200)
    content = load_json(decode_text(data, name=shown), name=shown)
    if not isinstance(content, dict) or VERSION_KEY not in content:
        raise DataRefusedError(
            f"{shown}: is not a bundle. Make one with `rheobase share CASE`; a case file is assessed."
        )
    if content[VERSION_KEY] != VERSION or isinstance(content[VERSION_KEY], bool):
        raise DataRefusedError(
            f"{shown}: is a bundle of another version; this Rheobase reads {VERSION}. Update Rheobase."
        )
    case, answer, region = content.get("case"), content.get("answer"), content.get("region")
    if not isinstance(case, str) or not isinstance(answer, dict) or not isinstance(region, str | None):
        raise DataRefusedError(f"{shown}: its case or its answer is missing. Ask for the bundle again.")
    person = read_case(case.encode(), knowledge, name=f"{shown}, case")
    return Bundle(person, case, _date(content.get("on"), shown), region, answer)


def _date(text: object, shown: str) -> date:
    try:
        return date.fromisoformat(text if isinstance(text, str) else "")
    except ValueError as problem:
        raise DataRefusedError(f"{shown}: its date {printable(str(text), limit=40)!r} is none.") from problem
