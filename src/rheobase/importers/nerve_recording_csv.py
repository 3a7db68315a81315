"""A simple table of named figures of a nerve recording: one a line with its unit, or one a column."""

from __future__ import annotations

import csv
import io

from rheobase.importers.nerve_recording_draft import PERSON, Draft, folded, shown
from rheobase.importers.nerve_recording_numbers import in_unit, is_missing, number_of
from rheobase.knowledge.nerve_norms import Norm, load_nerve_norms
from rheobase.nerve.recording import Recording
from rheobase.plain_text import printable

DELIMITERS = ("\t", ";", ",")
MOST_LINES, MOST_COLUMNS, LONGEST = 500, 200, 500
# Name, value and unit.
_COLUMNS = 3
_TITLES = frozenset({"name", "index", "variable", "parameter", "measure"})
_WORDS = frozenset({"site", "s/r sites", "protocol", "date", "nerve"})
Row = tuple[int, list[str]]


def read_csv(text: str, file: str) -> Recording:
    """Return a recording of named figures, without curves.

    Args:
        text: The table; a name is an id of the norms, or as QTRAC writes it.
        file: Its name, for messages.

    Raises:
        DataRefusedError: It holds several recordings, or a line cannot be what it says.
    """
    draft = Draft(file, "table")
    rows = _rows(draft, text)
    if not rows:
        return draft.finished()
    # Names in the first line and one line of values, or a name on every line.
    names = rows[0][1]
    across = len(rows) > 1 and len(names) > _COLUMNS and any(_norm_of(folded(each)) for each in names)
    lines = _turned(draft, rows) if across else [(line, *_three(cells)) for line, cells in rows]
    for line, name, value, unit in lines:
        if name.lower() in _TITLES and number_of(value) is None:
            continue
        _one(draft, line, name, (value, unit))
    return draft.finished()


def _rows(draft: Draft, text: str) -> list[Row]:
    first = next((line for line in text.split("\n") if line.strip() and not line.lstrip().startswith("#")), "")
    delimiter = max(DELIMITERS, key=lambda each: (first.count(each) > 0, -DELIMITERS.index(each)))
    csv.field_size_limit(LONGEST * 20)
    reader = csv.reader(io.StringIO(text, newline=""), delimiter=delimiter, skipinitialspace=True)
    rows: list[Row] = []
    try:
        for found in reader:
            cells = [each.strip() for each in found]
            if not any(cells) or cells[0].startswith("#"):
                continue
            if len(rows) >= MOST_LINES or len(cells) > MOST_COLUMNS or max(map(len, cells)) > LONGEST:
                draft.refuse(reader.line_num, "this is no table of the figures of one recording: it is too large.")
            rows.append((reader.line_num, cells))
    except csv.Error as problem:
        draft.refuse(reader.line_num, f"cannot be read as a table ({problem}).")
    return rows


def _three(cells: list[str]) -> tuple[str, str, str]:
    name, value, unit, *_ = [*cells, "", "", ""]
    return name, value, unit


def _turned(draft: Draft, rows: list[Row]) -> list[tuple[int, str, str, str]]:
    (_, names), *values = rows
    if len(values) > 1:
        draft.refuse(values[1][0], f"holds {len(values)} recordings; one is read at a time. Keep one line of values.")
    line, found = values[0]
    if len(found) != len(names):
        draft.refuse(
            line, f"has {len(found)} values under {len(names)} names. Is there a decimal comma without quotes?"
        )
    return [(line, name, value, "") for name, value in zip(names, found, strict=True)]


def _one(draft: Draft, line: int, name: str, told: tuple[str, str]) -> None:
    """Keep one figure.

    Raises:
        DataRefusedError: It is no number, in another kind of unit, or cannot be.
    """
    value, unit = told
    plain = folded(name)
    if plain in _WORDS:
        draft.header[printable(name)] = printable(value)
        return
    if plain == "sex":
        draft.of_sex(line, value)
        return
    norm = _norm_of(plain)
    wanted = norm.unit if norm else PERSON[plain][2] if plain in PERSON else None
    if wanted is None:
        _other(draft, line, name, value)
        return
    number = draft.number(line, printable(name), value)
    factor = in_unit(unit, wanted) if unit else 1.0
    if factor is None:
        draft.refuse(line, f"{printable(name)} is in {shown(unit)}, expected {wanted or 'no unit'}.")
    if number is None:
        return
    if norm is not None:
        draft.index(line, norm, number * factor)
    else:
        draft.of_person(line, plain, f"{number * factor:g}")


def _other(draft: Draft, line: int, name: str, value: str) -> None:
    number = number_of(value)
    if number is not None:
        draft.others[printable(name, limit=80)] = number
    if not is_missing(value):
        draft.note(line, f"{shown(name)} is no figure that is known here; it is kept and not read")


def _norm_of(name: str) -> Norm | None:
    for norm in load_nerve_norms().norms.values():
        if name in norm.names or name == norm.id.replace("_", " "):
            return norm
    return None
