"""Read what another program recorded, told apart by what is in the file and not by its name."""

from __future__ import annotations

import io
import re
from dataclasses import replace
from datetime import date
from pathlib import Path
from types import MappingProxyType
from typing import BinaryIO

from rheobase.diet.plan import ImportedFile
from rheobase.errors import DataRefusedError, UsageError
from rheobase.importers.case_file import MAX_BYTES
from rheobase.importers.diet_apple import read_apple
from rheobase.importers.diet_file import VERSION_KEY, read_diet
from rheobase.importers.diet_limits import MOST_LINES
from rheobase.importers.diet_rows import fingerprint, read_sheet
from rheobase.importers.diet_trackers import read_tracker
from rheobase.importers.foods_off import read_off
from rheobase.importers.safe_zip import Archive, InMemory, open_member, open_zip
from rheobase.importers.text_file import check_size, read_limited, refuse_pipe
from rheobase.person import DietDay, Eaten
from rheobase.plain_text import printable

OFF, DIET_FILE = "open food facts", "a Rheobase diet file"
MOST_CSV, MOST_XML, PEEK = 50_000_000, 20_000_000_000, 50_000
_OURS = re.compile(rb"(?m)^[\s{]*\"?" + VERSION_KEY.encode() + rb"\"?\s*:")
_MEMBERS = ("export.xml", "servings.csv", "dailysummary.csv")


def import_diet(file: str, on: date, *, leave_out: bool = False) -> ImportedFile:
    """Return what a tracker's file holds.

    Args:
        file: Path, or - for standard input (a delimited file).
        on: Today; later days are faults.
        leave_out: Leave out days with a fault instead of refusing the file.

    Raises:
        DataRefusedError: It is none of the known files, is damaged, or something in it is wrong; one line each.
        UsageError: The path cannot be read.
    """
    if file == "-":
        return _table(read_limited("-", limit=MOST_CSV), "standard input", on, leave_out=leave_out)
    path = Path(file)
    shown = printable(path.name, limit=120)
    try:
        refuse_pipe(path)
        with path.open("rb") as stream:
            start = stream.read(PEEK)
            stream.seek(0)
            if start.startswith(b"PK"):
                return _zipped(path, on, leave_out=leave_out)
            if _is_xml(start):
                return read_apple(stream, shown, on, leave_out=leave_out)
            return _table(read_limited(stream, name=shown, limit=MOST_CSV), shown, on, leave_out=leave_out)
    except (OSError, ValueError) as problem:
        reason = getattr(problem, "strerror", None) or str(problem)
        message = f"{printable(file, limit=200)}: cannot be read ({reason}). Give the path of a file."
        raise UsageError(message) from problem


def import_diet_bytes(data: bytes, name: str, on: date, *, leave_out: bool = False) -> ImportedFile:
    """Return what a tracker's file, or a diet file of ours, holds; nothing is written to disk.

    Args:
        data: The file.
        name: How to call it in a message.
        on: Today; later days are faults.
        leave_out: Leave out days with a fault instead of refusing the file.

    Raises:
        DataRefusedError: As for ``import_diet``.
    """
    shown = printable(name, limit=60) or "the file"
    if not data.strip():
        raise DataRefusedError(f"{shown}: is empty. Export it again, or choose another file.")
    if data.startswith(b"PK"):
        return _zipped(InMemory(shown, data), on, leave_out=leave_out)
    if _is_xml(data[:PEEK]):
        return read_apple(io.BytesIO(data), shown, on, leave_out=leave_out)
    if _OURS.search(data[:PEEK]):
        check_size(data, name=shown, limit=MAX_BYTES)
        return ImportedFile(DIET_FILE, read_diet(data, name=shown, on=on).days, ())
    return _table(data, shown, on, leave_out=leave_out)


def _is_xml(start: bytes) -> bool:
    if start[:2] in (b"\xff\xfe", b"\xfe\xff"):
        start = start[: len(start) // 2 * 2].decode("utf-16", errors="replace").encode("utf-8", errors="replace")
    text = start.removeprefix(b"\xef\xbb\xbf").lstrip()
    return text.startswith((b"<?xml", b"<!DOCTYPE", b"<HealthData"))


def _zipped(path: Archive, on: date, *, leave_out: bool) -> ImportedFile:
    """Read the one member that is known."""
    with open_zip(path, any_number=True, once=_MEMBERS) as members:
        found = [name for name in _MEMBERS if name in members]
        found += sorted(name for name in members if name.startswith("Nutrition-Summary") and name.endswith(".csv"))
        if not found:
            raise DataRefusedError(
                f"{path.name}: holds none of {', '.join(_MEMBERS)} or Nutrition-Summary*.csv. Is this the right file?"
            )
        name = f"{path.name}: {found[0]}"
        most = MOST_XML if found[0].endswith(".xml") else MOST_CSV
        with open_member(path, members[found[0]], most=most) as stream:
            if found[0].endswith(".xml"):
                imported = read_apple(stream, name, on, leave_out=leave_out)
            else:
                imported = _table(stream.read(), name, on, leave_out=leave_out)
    # Two exports of the same days would count twice; which of several is read is said.
    others = tuple(f"{path.name}: {each}: only {found[0]} is read; import it on its own" for each in found[1:])
    return replace(imported, dropped=(*imported.dropped, *others))


def _table(data: bytes, file: str, on: date, *, leave_out: bool) -> ImportedFile:
    header = data.split(b"\n", 1)[0].lower()
    if b"_100g" in header and b"product_name" in header:
        return _products(io.BytesIO(data), file)
    return read_tracker(read_sheet(data, file), on, leave_out=leave_out)


def _products(stream: BinaryIO, file: str) -> ImportedFile:
    """Return the products of an Open Food Facts table as lines whose grams are still to be said."""
    found = read_off(stream, Path(file))
    if len(found.table) > MOST_LINES:
        raise DataRefusedError(
            f"{file}: holds {len(found.table):,} products, at most {MOST_LINES} can be of one day. Keep those that "
            "were eaten, or look them up with: rheobase foods --table"
        )
    lines = []
    for food in found.table:
        known = {name: value for name, value in food.per_100_g.items() if value is not None}
        serving = f", serving of {food.portions[0].grams:g} g" if food.portions else ""
        text = printable(f"{food.description}{serving}", limit=180)
        lines.append(Eaten(text=text, per_100_g=MappingProxyType(known), origin=f"{OFF} {fingerprint(food.id)}"))
    notes = ("it says what products hold, not how much was eaten: each waits for its grams",)
    return ImportedFile(OFF, (DietDay(meals=tuple(lines)),), found.left_out, notes)
