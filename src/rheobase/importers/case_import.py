"""Bring a person back from a file of ours: a case file, a case with its answer, or everything packed together."""

from __future__ import annotations

import tempfile
from dataclasses import replace
from pathlib import Path
from types import MappingProxyType

from rheobase.errors import DataRefusedError
from rheobase.importers.bundle import VERSION_KEY as BUNDLE_KEY
from rheobase.importers.bundle import read_bundle
from rheobase.importers.case_file import MAX_BYTES, read_case
from rheobase.importers.case_file import VERSION_KEY as CASE_KEY
from rheobase.importers.case_writer import write_case
from rheobase.importers.safe_zip import open_member, open_zip
from rheobase.knowledge import Knowledge
from rheobase.person import Answer, Diet, Person
from rheobase.plain_text import printable

CASE_NAME = "case.yaml"
_ZIP, _PDF = b"PK\x03\x04", b"%PDF"
_START = 4096
_CHOSEN = "chosen.zip"
EXPECTED = f"Choose a case file ({CASE_NAME}), a case with its answer (.json), or the ZIP of everything."


def read_told(data: bytes, knowledge: Knowledge, *, name: str) -> Person:
    """Return the person whom a file of ours holds.

    Args:
        data: The bytes of the file.
        knowledge: What it may name.
        name: How to call the file in a message.

    Raises:
        DataRefusedError: It is none of ours, or something in it can't be read; what came and what was expected.
    """
    shown = printable(name, limit=80) or "the file"
    if not data.strip():
        raise DataRefusedError(f"{shown}: is empty. {EXPECTED}")
    if data.startswith(_ZIP):
        return read_case(_case_in_zip(data, shown), knowledge, name=f"{shown}, {CASE_NAME}")
    if data.startswith(_PDF):
        raise DataRefusedError(f"{shown}: is a PDF, which is read by people only. {EXPECTED}")
    start = data[:_START]
    if BUNDLE_KEY.encode() in start:
        return read_bundle(data, knowledge, name=shown).person
    if data.lstrip().startswith(b"{") and CASE_KEY.encode() not in start and b'"urgency"' in data:
        raise DataRefusedError(f"{shown}: is an answer alone, without what was told. {EXPECTED}")
    if CASE_KEY.encode() not in data and b"\0" not in start:
        raise DataRefusedError(f"{shown}: is no file of Rheobase. {EXPECTED}")
    return read_case(data, knowledge, name=shown)


def _case_in_zip(data: bytes, shown: str) -> bytes:
    # The checks of archives work on files; this one is gone before the page is shown.
    with tempfile.TemporaryDirectory(prefix="rheobase-") as folder:
        path = Path(folder) / _CHOSEN
        path.write_bytes(data)
        try:
            return _member(path)
        except DataRefusedError as problem:
            raise DataRefusedError(str(problem).replace(_CHOSEN, shown, 1)) from problem


def _member(path: Path) -> bytes:
    with open_zip(path) as members:
        if CASE_NAME not in members:
            raise DataRefusedError(f"{path.name}: holds no {CASE_NAME}. {EXPECTED}")
        with open_member(path, members[CASE_NAME], most=MAX_BYTES) as stream:
            return stream.read()


def merged(here: Person, there: Person, knowledge: Knowledge) -> Person:
    """Return both together: what the file says comes first, what only is here stays.

    Args:
        here: The person as they stand.
        there: The person of the file.
        knowledge: For checking that both can be true.

    Raises:
        DataRefusedError: Both can't be true together.
    """
    answers: dict[str, Answer] = {**here.answers, **there.answers}
    written = {use.written for use in there.medicines}
    both = replace(
        here,
        answers=MappingProxyType(answers),
        labs=tuple(dict.fromkeys((*here.labs, *there.labs))),
        medicines=(*(use for use in here.medicines if use.written not in written), *there.medicines),
        region=there.region or here.region,
        not_understood=tuple(dict.fromkeys((*here.not_understood, *there.not_understood))),
        takes_no_medicine=here.takes_no_medicine or there.takes_no_medicine,
        notes="\n".join(dict.fromkeys(each for each in (here.notes, there.notes) if each)),
        diet=_diets(here.diet, there.diet),
    )
    try:
        return read_case(write_case(both).encode(), knowledge, name="both together")
    except DataRefusedError as problem:
        message = f"They can't be put together: {problem} Take the file as it is instead, or change an answer first."
        raise DataRefusedError(message) from problem


def _diets(here: Diet | None, there: Diet | None) -> Diet | None:
    if here is None or there is None:
        return there or here
    days = {each.day for each in there.days if each.day is not None}
    kept = (each for each in here.days if each.day not in days and each not in there.days)
    return Diet(
        (*kept, *there.days),
        tuple(dict.fromkeys((*here.not_understood, *there.not_understood))),
        "\n".join(dict.fromkeys(each for each in (here.notes, there.notes) if each)),
    )
