"""Diets from files: a diet file, or a case file that holds one."""

from __future__ import annotations

from pathlib import Path
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from datetime import date

    from rheobase.person import Diet


def diet_of(file: str, on: date) -> Diet:
    """Return the diet of a diet file, or of a case file that holds one.

    Args:
        file: Path; ``-`` is standard input.
        on: Today; later days are refused.

    Raises:
        DataRefusedError: It can't be read, or is a case file without a diet.
    """
    return diet_and_case(file, on)[0]


def diet_and_case(file: str, on: date) -> tuple[Diet, bytes | None]:
    """Return the diet of a file, and the bytes of the case file if it is one; raises as ``diet_of`` does."""
    from rheobase.importers.diet_file import read_diet
    from rheobase.importers.text_file import read_limited

    name = "standard input" if file == "-" else file
    data = read_limited("-" if file == "-" else Path(file), limit=_most_bytes())
    if _is_case(data):
        return _diet_of_case(data, name, on), data
    return read_diet(data, name=name, on=on), None


def diet_to_add_to(file: str, on: date) -> tuple[Diet, bytes | None]:
    """Return the diet that an import is added to: empty where no file is there, or a case file holds none yet.

    Args:
        file: Path of a diet file or a case file, or of a file to be made.
        on: Today; later days are refused.

    Returns:
        The diet, and the bytes of the case file if it is one.

    Raises:
        DataRefusedError: What is there can't be read.
        UsageError: Standard output was named.
    """
    from rheobase.errors import UsageError
    from rheobase.importers.case_file import read_case
    from rheobase.importers.text_file import read_limited
    from rheobase.knowledge import load_knowledge
    from rheobase.person import Diet

    if file == "-":
        message = "A diet is written into a file, not to standard output. Give the file a name."
        raise UsageError(message)
    if not Path(file).exists():
        return Diet(), None
    data = read_limited(Path(file), limit=_most_bytes())
    if _is_case(data):
        return read_case(data, load_knowledge(), name=file, on=on).diet or Diet(), data
    return diet_of(file, on), None


def diet_text(diet: Diet, own_case: bytes | None, *, name: str) -> str:
    """Return a diet as the text of a file: of a diet file, or of the case file that it stands in, with all else kept.

    Args:
        diet: What to write.
        own_case: Bytes of the case file, None for a diet file.
        name: How to call the case file in a message.
    """
    from dataclasses import replace

    from rheobase.importers.case_file import read_case
    from rheobase.importers.case_writer import write_case
    from rheobase.importers.diet_writer import write_diet
    from rheobase.knowledge import load_knowledge

    if own_case is None:
        return write_diet(diet)
    return write_case(replace(read_case(own_case, load_knowledge(), name=name), diet=diet))


def _is_case(data: bytes) -> bool:
    from rheobase.importers.case_file import VERSION_KEY

    return data.lstrip().startswith(VERSION_KEY.encode()) or b"\n" + VERSION_KEY.encode() in data


def _most_bytes() -> int:
    from rheobase.importers.diet_file import MAX_BYTES

    return MAX_BYTES


def _diet_of_case(data: bytes, name: str, on: date) -> Diet:
    from rheobase.errors import DataRefusedError
    from rheobase.importers.case_file import read_case
    from rheobase.knowledge import load_knowledge

    diet = read_case(data, load_knowledge(), name=name, on=on).diet
    if diet is None or not diet.days:
        message = f"{name}: is a case file without a diet. Add one under `diet:`, or give a diet file."
        raise DataRefusedError(message)
    return diet
