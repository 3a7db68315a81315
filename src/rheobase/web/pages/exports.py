"""Everything of one person as files to keep, to hand over, or to bring back."""

from __future__ import annotations

import io
import json
import zipfile
from collections.abc import Callable
from dataclasses import dataclass

from starlette.exceptions import HTTPException
from starlette.responses import Response

from rheobase.fhir.observations import labs_bundle
from rheobase.importers.bundle import write_bundle
from rheobase.importers.case_import import CASE_NAME
from rheobase.importers.case_tables import answers_csv, medicines_csv, results_csv
from rheobase.importers.case_writer import write_case
from rheobase.knowledge import Knowledge
from rheobase.knowledge.lab_reading import load_lab_reading
from rheobase.person import Person
from rheobase.web.desk import Desk, Papers
from rheobase.web.visit import Page, Visit

ALL_NAME = "rheobase-all.zip"
# Fixed, so that the same data gives the same bytes.
_TIME = (1980, 1, 1, 0, 0, 0)


@dataclass(frozen=True, slots=True)
class Export:
    """One kind of file.

    Attributes:
        name: Of the file.
        words: What it is for.
        kind: Media type.
        text: Makes it.
    """

    name: str
    words: str
    kind: str
    text: Callable[[Desk, Papers], str]


def _case(_: Desk, papers: Papers) -> str:
    return write_case(papers.person)


def _answer(desk: Desk, papers: Papers) -> str:
    return json.dumps(desk.verdict(papers).plain, indent=2, ensure_ascii=False, allow_nan=False) + "\n"


def _bundle(desk: Desk, papers: Papers) -> str:
    return write_bundle(papers.person, desk.verdict(papers).plain, on=desk.today, region=papers.person.region)


def _fhir(desk: Desk, papers: Papers) -> str:
    bundle = labs_bundle(papers.person, desk.knowledge, load_lab_reading())
    return json.dumps(bundle, indent=2, ensure_ascii=False, allow_nan=False) + "\n"


def _table(write: Callable[[Person, Knowledge], str]) -> Callable[[Desk, Papers], str]:
    return lambda desk, papers: write(papers.person, desk.knowledge)


# Another format is one more line here; it is then offered, packed with the others, and tested.
EXPORTS = (
    Export(CASE_NAME, "everything that was told; can be brought back", "application/yaml", _case),
    Export("case-and-answer.json", "that and the answer of today; can be brought back", "application/json", _bundle),
    Export("answer.json", "the answer of today as data", "application/json", _answer),
    Export(
        "blood-tests.fhir.json", "the blood tests as FHIR R4, for a clinic's system", "application/fhir+json", _fhir
    ),
    Export("answers.csv", "what was answered, as a table", "text/csv", _table(answers_csv)),
    Export("blood-tests.csv", "the blood tests as a table", "text/csv", _table(results_csv)),
    Export("medicines.csv", "the medicines as a table", "text/csv", _table(medicines_csv)),
)


def export(visit: Visit) -> Response:
    """Give one file, or all of them in a ZIP."""
    papers, name = visit.papers(), str(visit.path["name"])
    if name == ALL_NAME:
        return download(name, "application/zip", packed(visit.desk, papers))
    found = next((each for each in EXPORTS if each.name == name), None)
    if found is None:
        raise HTTPException(404)
    return download(found.name, found.kind, found.text(visit.desk, papers).encode())


def packed(desk: Desk, papers: Papers) -> bytes:
    """Return a ZIP with every export."""
    stream = io.BytesIO()
    with zipfile.ZipFile(stream, "w", zipfile.ZIP_DEFLATED) as archive:
        for each in EXPORTS:
            archive.writestr(zipfile.ZipInfo(each.name, _TIME), each.text(desk, papers), zipfile.ZIP_DEFLATED)
    return stream.getvalue()


def download(name: str, kind: str, data: bytes) -> Response:
    """Return a file to save; it is never shown within a page.

    Args:
        name: One of ours; nothing that was typed.
        kind: Media type.
        data: What it holds.
    """
    return Response(data, media_type=kind, headers={"content-disposition": f'attachment; filename="{name}"'})


PAGES: dict[str, tuple[Page, tuple[str, ...]]] = {
    "/{person:int}/data/export/{name}": (export, ("GET",)),
}
