"""Laboratory results in FHIR: a resource, a Bundle, one resource a line, or the clinical records of Apple Health."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import replace
from pathlib import Path

from rheobase.errors import DataRefusedError
from rheobase.fhir.results import CodedResult, FhirResults, read_results
from rheobase.importers.safe_json import load_json
from rheobase.importers.safe_zip import open_member, open_zip
from rheobase.importers.text_file import decode_text
from rheobase.labs.reading_line import LabFile, LabLine, Whose
from rheobase.labs.reading_names import LabFacts
from rheobase.labs.reading_units import units_of
from rheobase.plain_text import printable

KIND = "FHIR"
# Apple Health keeps one resource a file; some people have thousands.
MOST_RECORDS, MOST_RECORD_BYTES = 20_000, 5_000_000
RECORDS = "clinical-records/"


def looks_like_fhir(text: str) -> bool:
    """Return whether a text is JSON, which only FHIR is read from."""
    return text.lstrip("\ufeff \t\r\n").startswith(("{", "["))


def read_fhir(text: str, name: str, facts: LabFacts) -> LabFile:
    """Return the lines of a FHIR document, or of a file with one resource a line.

    Args:
        text: JSON, or JSON lines.
        name: How to call the file in a message.
        facts: For telling whether a unit and its code agree.

    Raises:
        DataRefusedError: It is no FHIR, is cut off, or holds several people.
    """
    rows = [row for row in text.lstrip("\ufeff").split("\n") if row.strip()]
    if len(rows) > 1 and all(row.lstrip().startswith("{") and row.rstrip().endswith("}") for row in rows):
        documents = [load_json(row, name=f"{name}: line {number}") for number, row in enumerate(rows, start=1)]
        bundle = {"resourceType": "Bundle", "entry": [{"resource": each} for each in documents]}
        return _file(read_results(bundle, name=name), facts)
    return _file(read_results(load_json(text.lstrip("\ufeff"), name=name), name=name), facts)


def read_apple_records(path: Path, facts: LabFacts) -> LabFile:
    """Return the lines of the clinical records in an Apple Health export.

    Args:
        path: The zip as the phone wrote it.
        facts: For telling whether a unit and its code agree.

    Raises:
        DataRefusedError: It is no such zip, or is damaged.
    """
    documents: list[object] = []
    with open_zip(path, any_number=True) as members:
        records = [each for each in members.values() if RECORDS in each.filename and each.filename.endswith(".json")]
        if len(records) > MOST_RECORDS:
            raise DataRefusedError(f"{path.name}: holds {len(records)} records, at most {MOST_RECORDS} are read.")
        for member in sorted(records, key=lambda each: each.filename):
            name = f"{path.name}: {printable(member.filename, limit=80)}"
            with open_member(path, member, most=MOST_RECORD_BYTES) as stream:
                documents.append(load_json(decode_text(stream.read(), name=name), name=name))
    if not documents:
        raise DataRefusedError(
            f"{path.name}: holds no clinical records. A spreadsheet: save it as CSV. Apple Health: connect your "
            "clinic under Health Records, and export again."
        )
    bundle = {"resourceType": "Bundle", "entry": [{"resource": each} for each in documents]}
    return _file(read_results(bundle, name=path.name), facts)


def _file(found: FhirResults, facts: LabFacts) -> LabFile:
    lines = tuple(_line(number, each, facts) for number, each in enumerate(found.results, start=1))
    return LabFile(KIND, lines, (*found.notes, *found.dropped), Whose(found.patient.born, found.patient.sex))


def _line(number: int, result: CodedResult, facts: LabFacts) -> LabLine:
    """Return a result as a line; its unit is the UCUM code where there is one, once both say the same."""
    units = units_of(facts.reading)
    doubts = list(result.doubts)
    coded, said = units.read(result.ucum), units.read(result.unit)
    if coded is not None and said is not None and coded != said:
        doubts.append(f"its unit says {printable(result.unit, limit=30)}, the unit's code {result.ucum}")
    codes = _one_meaning(result.loinc, facts)
    if codes is None:
        doubts.append(f"its codes {', '.join(result.loinc[:4])} are of different tests")
    unit = result.unit if coded is None else result.ucum
    line = LabLine(
        text=_text(result),
        name=result.name,
        value=result.value or result.flag,
        unit=unit,
        low=result.low,
        high=result.high,
        range="" if result.low or result.high else result.interval,
        flag=result.flag,
        specimen=result.specimen,
        note=" . ".join(result.remarks),
        date=result.taken,
        code=codes or "",
        number=number,
        comma=False,
        doubts=tuple(doubts),
    )
    # Words of an interval may be in the writer's own notation; numbers of a quantity never are.
    return line if result.ucum or result.unit else replace(line, comma=None)


def _one_meaning(codes: Iterable[str], facts: LabFacts) -> str | None:
    """Return the LOINC code that all the codes agree with: "" for none, None when they are of different tests."""
    known = [each for code in codes if (each := facts.reading.codes.get(code)) is not None]
    if len({(each.analyte, each.kind) for each in known}) > 1:
        return None
    return known[0].code if known else next(iter(codes), "")


def _text(result: CodedResult) -> str:
    ends = f"{result.low or '…'}-{result.high or '…'}" if result.low or result.high else result.interval
    parts = (result.name, result.value, result.unit or result.ucum, f"({ends})" if ends else "", result.flag)
    return " ".join(part for part in (*parts, *result.remarks) if part)
