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
    from rheobase.importers.case_file import VERSION_KEY as CASE_KEY
    from rheobase.importers.diet_file import MAX_BYTES, read_diet
    from rheobase.importers.text_file import read_limited

    name = "standard input" if file == "-" else file
    data = read_limited("-" if file == "-" else Path(file), limit=MAX_BYTES)
    if data.lstrip().startswith(CASE_KEY.encode()) or b"\n" + CASE_KEY.encode() in data:
        return _diet_of_case(data, name, on), data
    return read_diet(data, name=name, on=on), None


def _diet_of_case(data: bytes, name: str, on: date) -> Diet:
    from rheobase.errors import DataRefusedError
    from rheobase.importers.case_file import read_case
    from rheobase.knowledge import load_knowledge

    diet = read_case(data, load_knowledge(), name=name, on=on).diet
    if diet is None or not diet.days:
        message = f"{name}: is a case file without a diet. Add one under `diet:`, or give a diet file."
        raise DataRefusedError(message)
    return diet
