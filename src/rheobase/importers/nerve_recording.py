"""Read a recording of nerve excitability: a QTRAC file (.MEM) or a table of named figures."""

from __future__ import annotations

from dataclasses import replace
from pathlib import Path

from rheobase.errors import DataRefusedError
from rheobase.importers.nerve_recording_csv import read_csv
from rheobase.importers.nerve_recording_mem import is_mem, read_mem
from rheobase.importers.text_file import decode_text, read_limited
from rheobase.nerve.recording import Note, Recording

# Encoding of Windows programs in Western Europe and America.
_WINDOWS = "cp1252"
_MOST_LINES = 20_000


def recording_of_file(file: str) -> Recording:
    """Return the recording in a file, or on standard input for ``-``.

    Raises:
        DataRefusedError: It is no recording, or a line of it cannot be; says which, and what was expected.
        UsageError: The path cannot be read.
    """
    data = read_limited("-" if file == "-" else Path(file))
    return read_recording(data, "standard input" if file == "-" else file)


def read_recording(data: bytes, name: str) -> Recording:
    """Return the recording that bytes hold.

    Args:
        data: UTF-8, UTF-16 with its mark, or the encoding of Windows.
        name: How to call the file in a message.

    Raises:
        DataRefusedError: It is no recording, or a line of it cannot be.
    """
    text, notes = _text(data, name)
    text = text.replace("\r\n", "\n").replace("\r", "\n")
    lines = [line.strip() for line in text.split("\n") if line.strip()]
    if len(lines) > _MOST_LINES:
        raise DataRefusedError(
            f"{name}: has {len(lines):,} lines, at most {_MOST_LINES:,} are read. Is this one recording?"
        )
    if lines and all(line.lower().endswith((".mem", ".mem\\")) for line in lines):
        raise DataRefusedError(f"{name}: is a list of recordings (.MEF). Give one of the files that it names.")
    found = read_mem(text, name) if is_mem(text) else read_csv(text, name)
    return replace(found, notes=(*notes, *found.notes))


def _text(data: bytes, name: str) -> tuple[str, tuple[Note, ...]]:
    """Return the text; QTRAC writes in the encoding of Windows."""
    try:
        return decode_text(data, name=name), ()
    except DataRefusedError:
        if b"\0" in data or _is_utf8(data):
            raise
        try:
            text = data.decode(_WINDOWS)
        except UnicodeDecodeError:
            text = ""
        if not text:
            raise
        decode_text(text.encode(), name=name)
        return text, (Note(0, "the file is not in UTF-8; it was read in the encoding of Windows"),)


def _is_utf8(data: bytes) -> bool:
    try:
        data.decode()
    except UnicodeDecodeError:
        return False
    return True
