"""Read a laboratory report of any kind, told apart by what is in the file and not by its name."""

from __future__ import annotations

from functools import partial
from pathlib import Path

from rheobase.errors import DataRefusedError
from rheobase.importers.labs_csv import is_table, read_table
from rheobase.importers.labs_fhir import looks_like_fhir, read_apple_records, read_fhir
from rheobase.importers.labs_pdf import pdf_text
from rheobase.importers.labs_text import known_name, read_text
from rheobase.importers.text_file import decode_text, read_limited
from rheobase.labs.reading_line import LabFile
from rheobase.labs.reading_names import LabFacts
from rheobase.plain_text import printable

MOST_BYTES = 30_000_000


def read_report(file: str, facts: LabFacts) -> LabFile:
    """Return the lines of a report.

    Args:
        file: Path, or - for standard input.
        facts: Names of tests and units.

    Raises:
        DataRefusedError: It is no report that can be read; says what to do.
        UsageError: The path cannot be read.
    """
    name = "standard input" if file == "-" else printable(Path(file).name, limit=120)
    if file != "-" and _is_zip(Path(file)):
        return read_apple_records(Path(file), facts)
    return report_of(read_limited("-" if file == "-" else Path(file), name=name, limit=MOST_BYTES), name, facts)


def report_of(data: bytes, name: str, facts: LabFacts) -> LabFile:
    """Return the lines of a report in memory.

    Args:
        data: The bytes of the file.
        name: How to call it in a message.
        facts: Names of tests and units.

    Raises:
        DataRefusedError: It is no report that can be read; says what to do.
    """
    if b"%PDF-" in data[:1024]:
        return read_text(pdf_text(data, name), facts, kind="PDF")
    if data.startswith(b"PK"):
        raise DataRefusedError(f"{name}: is a zip or a spreadsheet. Save the sheet as CSV, or unpack the zip, first.")
    text = _decoded(data, name)
    start = text.lstrip("\ufeff \t\r\n")[:200]
    if not start:
        raise DataRefusedError(f"{name}: is empty. Give a table, pasted lines or a PDF.")
    if "rheobase_case:" in start:
        raise DataRefusedError(f"{name}: is a case file. See what it says with: rheobase assess {name}")
    if start.startswith(("<?xml", "<!DOCTYPE", "<html", "<HealthData")):
        raise DataRefusedError(f"{name}: is XML, expected a table, pasted lines, a PDF or FHIR (JSON).")
    if looks_like_fhir(start):
        return read_fhir(text, name, facts)
    known = partial(known_name, facts)
    return read_table(text, name, known) if is_table(text, known) else read_text(text, facts)


def _is_zip(path: Path) -> bool:
    """Return whether a file begins as a zip does; what can't be opened is said later."""
    try:
        with path.open("rb") as stream:
            return stream.read(4) == b"PK\x03\x04"
    except OSError:
        return False


def _decoded(data: bytes, name: str) -> str:
    """Return the text in UTF-8 or UTF-16, else in Windows-1252, which older programs write."""
    try:
        return decode_text(data, name=name)
    except DataRefusedError:
        if b"\0" in data or data[:2] in (b"\xff\xfe", b"\xfe\xff") or _is_utf8(data):
            raise
        return decode_text(data.decode("cp1252", errors="replace").encode(), name=name)


def _is_utf8(data: bytes) -> bool:
    try:
        data.decode("utf-8")
    except UnicodeDecodeError:
        return False
    return True
