"""Write a file that was not there before: no one's words are ever overwritten."""

from __future__ import annotations

from pathlib import Path

from rheobase.errors import UsageError
from rheobase.plain_text import printable


def write_new(file: str, text: str) -> str:
    """Write text to a new file and return the name as it can be shown.

    Args:
        file: Where; its folder must exist.
        text: What.

    Raises:
        UsageError: Something is there already, or it can't be written.
    """
    shown, made = printable(file, limit=200), False
    try:
        # "x" fails if anything is there already, a link included.
        with Path(file).open("x", encoding="utf-8", newline="\n") as stream:
            made = True
            stream.write(text)
    except FileExistsError as problem:
        message = f"{shown}: is there already and is kept. Give another name, or move it away."
        raise UsageError(message) from problem
    except (OSError, ValueError) as problem:
        if made:
            # A full disc left a part: half a file is worse than none.
            Path(file).unlink(missing_ok=True)
        reason = getattr(problem, "strerror", None) or str(problem)
        message = f"{shown}: cannot be written ({reason}). Give a path in a folder that exists."
        raise UsageError(message) from problem
    return shown
