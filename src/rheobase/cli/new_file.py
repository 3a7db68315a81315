"""Write a file that was not there before: no one's words are ever overwritten."""

from __future__ import annotations

import os

from rheobase.errors import UsageError
from rheobase.plain_text import printable

PRIVATE = 0o600


def write_new(file: str, text: str) -> str:
    """Write text to a new file and return the name as it can be shown.

    Args:
        file: Where; its folder must exist.
        text: What.

    Raises:
        UsageError: Something is there already, or it can't be written.
    """
    shown = printable(file, limit=200)
    try:
        # O_EXCL fails if anything is there already, a link included.
        # For this user alone: what is written holds health data, or soon will.
        handle = os.open(file, os.O_WRONLY | os.O_CREAT | os.O_EXCL, PRIVATE)
        with os.fdopen(handle, "w", encoding="utf-8", newline="\n") as stream:
            stream.write(text)
    except FileExistsError as problem:
        message = f"{shown}: is there already and is kept. Give another name, or move it away."
        raise UsageError(message) from problem
    except (OSError, ValueError) as problem:
        reason = getattr(problem, "strerror", None) or str(problem)
        message = f"{shown}: cannot be written ({reason}). Give a path in a folder that exists."
        raise UsageError(message) from problem
    return shown
