"""Write a file that is not there yet, or replace one whole and keep what was there."""

from __future__ import annotations

import os
import tempfile
from pathlib import Path

from rheobase.errors import UsageError
from rheobase.plain_text import printable

PRIVATE = 0o600


def write_new(file: str, text: str | bytes) -> str:
    """Write a new file and return its name as it is shown; never overwrites.

    Args:
        file: Its path.
        text: What it holds; text is written as UTF-8.

    Raises:
        UsageError: Something is there already, or it cannot be written.
    """
    shown, made = printable(file, limit=200), False
    try:
        # O_EXCL fails if anything is there already, a link included.
        # For this user alone: what is written holds health data, or soon will.
        handle = os.open(file, os.O_WRONLY | os.O_CREAT | os.O_EXCL, PRIVATE)
        with os.fdopen(handle, "wb") as stream:
            made = True
            stream.write(text.encode() if isinstance(text, str) else text)
    except FileExistsError as problem:
        raise UsageError(f"{shown}: is there already and is kept. Give another name, or move it away.") from problem
    except (OSError, ValueError) as problem:
        if made:
            # A full disc left a part: half a file is worse than none.
            Path(file).unlink(missing_ok=True)
        raise _not_written(shown, problem) from problem
    return shown


def replace_keeping_old(file: str, text: str) -> str:
    """Replace a file in one step and return the name under which the old one is kept beside it.

    Raises:
        UsageError: It cannot be written; the old file is then as it was.
    """
    path = Path(file)
    try:
        number, kept = 1, path.with_name(f"{path.name}.1.bak")
        while kept.exists():
            number += 1
            kept = path.with_name(f"{path.name}.{number}.bak")
        with tempfile.NamedTemporaryFile("w", encoding="utf-8", newline="\n", dir=path.parent, delete=False) as stream:
            stream.write(text)
            stream.flush()
            os.fsync(stream.fileno())
        kept.write_bytes(path.read_bytes())
        Path(stream.name).replace(path)
    except (OSError, ValueError) as problem:
        raise _not_written(printable(file, limit=200), problem) from problem
    return printable(str(kept), limit=200)


def _not_written(shown: str, problem: Exception) -> UsageError:
    reason = getattr(problem, "strerror", None) or str(problem)
    return UsageError(f"{shown}: cannot be written ({reason}). Give a path in a folder that exists.")
