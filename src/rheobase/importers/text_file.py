"""Text files from anywhere: bounded in size, decoded strictly, refused with one clear line."""

from __future__ import annotations

import codecs
import re
import sys
from pathlib import Path
from typing import BinaryIO, NoReturn

from rheobase.errors import DataRefusedError, UsageError
from rheobase.plain_text import printable

MAX_BYTES = 1_000_000

_CONTROL = re.compile("[\x00-\x08\x0b\x0c\x0e-\x1f\x7f-\x84\x86-\x9f]")
_UTF32 = (codecs.BOM_UTF32_LE, codecs.BOM_UTF32_BE)
_BOMS = ((codecs.BOM_UTF8, "utf-8"), (codecs.BOM_UTF16_LE, "utf-16-le"), (codecs.BOM_UTF16_BE, "utf-16-be"))


def read_limited(source: Path | BinaryIO | str, *, name: str | None = None, limit: int = MAX_BYTES) -> bytes:
    """Return the bytes of a small file, without reading a large one.

    Args:
        source: A path, an open binary stream, or ``-`` for standard input.
        name: How to call it in a message; the path itself when left out.
        limit: Most bytes accepted.

    Raises:
        DataRefusedError: It is larger than the limit.
        UsageError: The path cannot be read.
    """
    if source == "-":
        source = sys.stdin.buffer
    if not isinstance(source, (str, Path)):
        return _within(source, name or "standard input", limit)
    source = Path(source)
    shown = name or str(source)
    try:
        refuse_pipe(source)
        if source.is_file() and (size := source.stat().st_size) > limit:
            _too_large(shown, f"has {_megabytes(size)}", limit)
        with source.open("rb") as stream:
            return _within(stream, shown, limit)
    except (OSError, ValueError) as problem:
        reason = getattr(problem, "strerror", None) or str(problem)
        message = f"{printable(shown, limit=200)}: cannot be read ({reason}). Give the path of a file."
        raise UsageError(message) from problem


def refuse_pipe(path: Path) -> None:
    """Refuse a named pipe, which would wait for ever; what a shell hands over as /dev/fd is read.

    Raises:
        UsageError: It is a named pipe.
    """
    if path.is_fifo() and not str(path).startswith(("/dev/", "/proc/")):
        shown = printable(str(path), limit=200)
        raise UsageError(f"{shown}: is a pipe, not a file. Give the path of a file, or - and pipe it in.")


def decode_text(data: bytes, *, name: str) -> str:
    """Return the text of a file in UTF-8, or in UTF-16 with its byte-order mark.

    Args:
        data: The bytes of the file.
        name: How to call the file in a message.

    Raises:
        DataRefusedError: The bytes are no text, or in another encoding.
    """
    if data.startswith(_UTF32):
        raise DataRefusedError(f"{name}: is in UTF-32, expected UTF-8. Save it as UTF-8.")
    encoding = "utf-8"
    for mark, candidate in _BOMS:
        if data.startswith(mark):
            data, encoding = data[len(mark) :], candidate
            break
    if encoding == "utf-8" and _looks_like_utf16(data):
        raise DataRefusedError(f"{name}: looks like UTF-16 without its byte-order mark. Save it as UTF-8.")
    if encoding == "utf-8" and b"\0" in data:
        raise DataRefusedError(f"{name}: is a binary file, expected text.")
    try:
        text = data.decode(encoding)
    except UnicodeDecodeError as problem:
        line = data[: problem.start].count(b"\n") + 1
        byte = f"0x{data[problem.start]:02X}"
        message = f"{name}: line {line} is not {encoding.upper()} (byte {byte}). Save the file as UTF-8."
        raise DataRefusedError(message) from problem
    if (found := _CONTROL.search(text)) is not None:
        line = text.count("\n", 0, found.start()) + 1
        character = f"U+{ord(found.group()):04X}"
        message = f"{name}: line {line} holds the control character {character}, expected text. Remove it."
        raise DataRefusedError(message)
    return text


def check_size(data: bytes, *, name: str, limit: int = MAX_BYTES) -> None:
    """Refuse data that is larger than such a file may be.

    Raises:
        DataRefusedError: There are more than ``limit`` bytes.
    """
    if len(data) > limit:
        _too_large(name, f"has {_megabytes(len(data))}", limit)


def _within(stream: BinaryIO, name: str, limit: int) -> bytes:
    data = stream.read(limit + 1)
    if len(data) > limit:
        _too_large(name, f"has more than {_megabytes(limit)}", limit)
    return data


def _too_large(name: str, what: str, limit: int) -> NoReturn:
    shown = printable(name, limit=200)
    raise DataRefusedError(f"{shown}: {what}, at most {_megabytes(limit)} is read. Is this the right file?")


def _megabytes(size: int) -> str:
    return f"{size / 1_000_000:.3g} MB"


def _looks_like_utf16(data: bytes) -> bool:
    # Western text in UTF-16 has a zero in every second byte, always on the same side.
    start = data[:200]
    odd, even = start[1::2], start[0::2]
    return len(start) > 1 and max(odd.count(0) - even.count(0), even.count(0) - odd.count(0)) > len(start) // 3
