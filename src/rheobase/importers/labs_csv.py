"""Laboratory results in tables: one a row, dates as columns, or tests as columns; any usual header and separator."""

from __future__ import annotations

import csv
import io
import re
from collections.abc import Callable, Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass, field
from typing import Any

from rheobase.errors import DataRefusedError
from rheobase.importers.labs_headers import PEOPLE, SILENT, column_of, columns_of, name_and_unit, plain
from rheobase.importers.labs_in_range import joined_header, joined_rows, plain_signs, two_columns
from rheobase.importers.labs_people import NAME, people_in
from rheobase.labs.reading_dates import read_date
from rheobase.labs.reading_line import LabFile, LabLine, Whose
from rheobase.labs.reading_numbers import has_comma
from rheobase.labs.reading_words import folded
from rheobase.plain_text import printable

MOST_ROWS, MOST_CELL, MOST_COLUMNS, HEADER_WITHIN = 50_000, 5_000, 1_000, 40
SHORTEST_SAMPLE = 2
DELIMITERS = ("\t", ";", ",", "|")
Known = Callable[[str], bool]


@dataclass(frozen=True)
class _Grid:
    """Rows of cells under a header.

    Attributes:
        file: For messages.
        header: Column names.
        rows: Line number, cells, and the line as it was written.
        before: Lines above the header.
        comma: Whether decimals have a comma; None when nothing says so.
        written: A row as it was printed, by the number of its line, where its cells were put together.
    """

    file: str
    header: tuple[str, ...]
    rows: tuple[tuple[int, tuple[str, ...]], ...]
    before: tuple[str, ...]
    comma: bool | None
    written: Mapping[int, str] = field(default_factory=dict)

    def text(self, number: int, cells: Iterable[str]) -> str:
        """Return a row as it was printed, in one line."""
        return self.written.get(number) or " | ".join(each for each in cells if each)


def is_table(text: str, known: Known) -> bool:
    """Return whether a text is a table with a header that is known.

    Args:
        text: The file.
        known: Whether a text names a test.
    """
    start = "\n".join(text[:200_000].split("\n")[: HEADER_WITHIN + 1])
    try:
        return any(_grid(start, delimiter, "", known) is not None for delimiter in DELIMITERS)
    except DataRefusedError:
        return False


def read_table(text: str, file: str, known: Known) -> LabFile:
    """Return the lines of a table.

    Args:
        text: The file.
        file: Its name, for messages.
        known: Whether a text names a test; for tables that have tests as columns.

    Raises:
        DataRefusedError: It has no header that is known, or is cut off.
    """
    grids = [found for delimiter in DELIMITERS if (found := _grid(text, delimiter, file, known)) is not None]
    if not grids:
        raise DataRefusedError(
            f"{file}: no line of column names was found, expected such as: test, value, unit, range, flag, date."
        )
    grid = max(grids, key=lambda each: len(each.header))
    columns = columns_of(grid.header)
    whose = _whose(grid)
    if "value" in columns and ("name" in columns or "code" in columns):
        lines = list(_long(grid, columns))
    elif "name" in columns or ("code" in columns and _dates(grid)):
        lines = list(_dates_across(grid, columns))
    else:
        lines = list(_tests_across(grid, columns, known))
    return LabFile("table", tuple(lines), grid.before, whose)


def _grid(text: str, delimiter: str, file: str, known: Known) -> _Grid | None:
    """Return the rows under the first line that is a header, None when none is."""
    first = text[:200_000].split("\n", HEADER_WITHIN + 1)
    if not any(delimiter in line for line in first):
        return None
    csv.field_size_limit(MOST_CELL * 20)
    reader = csv.reader(io.StringIO(text.lstrip("\ufeff"), newline=""), delimiter=delimiter, skipinitialspace=True)
    header: tuple[str, ...] = ()
    before: list[str] = []
    rows: list[tuple[int, tuple[str, ...]]] = []
    try:
        for row in reader:
            cells = tuple(each.strip() for each in row)
            if header:
                if any(cells):
                    rows.append((reader.line_num, cells))
                if len(rows) > MOST_ROWS:
                    raise DataRefusedError(f"{file}: has more than {MOST_ROWS:,} rows. Export a shorter time.")
            elif _is_header(joined_header(cells), known):
                header = cells
            elif len(before) >= HEADER_WITHIN:
                return None
            elif any(cells):
                before.append(delimiter.join(row))
    except csv.Error as problem:
        raise DataRefusedError(f"{file}: line {reader.line_num} can't be read as a table ({problem}).") from problem
    if not header or len(header) > MOST_COLUMNS:
        return None
    return _made(file, header, rows, tuple(before))


def _made(
    file: str, header: tuple[str, ...], rows: list[tuple[int, tuple[str, ...]]], before: tuple[str, ...]
) -> _Grid:
    """Return the rows under their header, put right where a row ends with a separator or values have two columns."""
    if rows and all(len(cells) == len(header) + 1 and not cells[-1] for _, cells in rows):
        # Every row ends with a separator; the header does not.
        rows = [(number, cells[:-1]) for number, cells in rows]
    written = {}
    if two_columns(header):
        written = {number: " | ".join(each for each in cells if each) for number, cells in rows}
        header, rows = joined_header(header), list(joined_rows(header, rows))
    texts = (cell for _, cells in rows[:2_000] for cell in cells if len(cell) < 60 and not read_date(cell, "dmy").days)
    return _Grid(file, header, tuple(rows), before, has_comma(texts), written)


def _whose(grid: _Grid) -> Whose:
    """Return whose results a table holds; one of several people is refused: theirs would be read as those of one."""
    people = people_in(grid.before, grid.file)
    for _, cells in grid.rows:
        if len(cells) != len(grid.header) or sum(map(bool, cells)) == 1:
            people.take_line("  ".join(cells))
    columns = [(at, PEOPLE[plain(each)]) for at, each in enumerate(grid.header) if plain(each) in PEOPLE]
    for at, kind in columns:
        who = {folded(cells[at]) for _, cells in grid.rows if len(cells) == len(grid.header) and cells[at]}
        if len(who) > 1:
            raise DataRefusedError(
                f"{grid.file}: the column {printable(grid.header[at], limit=40)!r} names {len(who)} people, expected "
                "one person. Export one person alone."
            )
        if kind != NAME:
            people.take(kind, next(iter(who), ""))
    return people.whose()


def _is_header(cells: Sequence[str], known: Known) -> bool:
    found = columns_of(cells)
    if "name" in found and ("value" in found or _date_places(cells) or {"unit", "range"} & found.keys()):
        return True
    if "value" in found:
        return "code" in found and "value" in found
    tests = sum(known(name_and_unit(each)[0]) for each in cells)
    return tests >= 2 or (tests == 1 and "date" in found)


def _date_places(header: Sequence[str]) -> list[int]:
    return [at for at, each in enumerate(header) if read_date(each, "dmy").days or read_date(each, "mdy").days]


def _dates(grid: _Grid) -> list[int]:
    return _date_places(grid.header)


def _wrong_length(grid: _Grid, number: int, cells: tuple[str, ...]) -> LabLine | None:
    """Return a line that is refused when a row has another length: its cells may have moved."""
    if len(cells) == len(grid.header):
        return None
    said = f"has {len(cells)} columns where the header has {len(grid.header)}"
    hint = "Is it cut off?" if len(cells) < len(grid.header) else "A decimal comma, or a separator inside a cell?"
    return LabLine(text=" | ".join(cells), number=number, broken=f"the row {said}. {hint}")


def _section(cells: tuple[str, ...], names: tuple[int, ...]) -> str | None:
    """Return the heading of a section: a row with a name and nothing else. "U&E" is of urea and names no sample."""
    filled = [at for at, each in enumerate(cells) if each]
    if len(filled) != 1 or filled[0] not in names:
        return None
    return " ".join(each for each in re.findall(r"[^\W_]+", cells[filled[0]]) if len(each) > SHORTEST_SAMPLE)


def _long(grid: _Grid, columns: dict[str, int]) -> Iterator[LabLine]:
    """Yield one line a row."""
    specimen = ""
    flagged = "flag" in columns and any(
        len(cells) == len(grid.header) and cells[columns["flag"]].strip() for _, cells in grid.rows
    )
    # A panel may stand before the test; both are names.
    names = tuple(at for at, each in enumerate(grid.header) if column_of(each) == "name")
    for number, cells in grid.rows:
        if (heading := _section(cells, (*names, 0))) is not None:
            specimen = heading
            continue
        broken = _wrong_length(grid, number, cells)
        if broken is not None:
            yield broken
            continue
        said: dict[str, Any] = {column: plain_signs(cells[at]) for column, at in columns.items()}
        said["name"] = next((cells[at] for at in reversed(names) if cells[at]), "")
        said.setdefault("specimen", "")
        said["specimen"] = said["specimen"] or specimen
        if plain(said["value"]) == plain(grid.header[columns["value"]]):
            continue  # the header again, on the next page
        twice = [cells[at] for at in _same_header(grid, columns["value"]) if cells[at] and cells[at] != said["value"]]
        if twice:
            shown = printable(twice[0], limit=30)
            said["doubts"] = (f"another column of the same name says {shown!r}; which one is the result?",)
        yield LabLine(text=grid.text(number, cells), number=number, comma=grid.comma, flagged=flagged, **said)


def _same_header(grid: _Grid, place: int) -> list[int]:
    """Return the places of other columns with the very same name, such as a previous result's."""
    return [at for at, each in enumerate(grid.header) if at != place and plain(each) == plain(grid.header[place])]


def _dates_across(grid: _Grid, columns: dict[str, int]) -> Iterator[LabLine]:
    """Yield a line for each cell under a date."""
    dates = _dates(grid)
    if not dates:
        raise DataRefusedError(
            f"{grid.file}: has a column of tests and none of values or dates. Expected value: or dates."
        )
    specimen = ""
    for number, cells in grid.rows:
        if (heading := _section(cells, (columns.get("name", 0), 0))) is not None:
            specimen = heading
            continue
        if (broken := _wrong_length(grid, number, cells)) is not None:
            yield broken
            continue
        said: dict[str, Any] = {column: cells[at] for column, at in columns.items() if at not in dates}
        said["specimen"] = said.get("specimen") or specimen
        for at in dates:
            if not cells[at]:
                continue
            text = " | ".join(each for each in (*said.values(), grid.header[at], cells[at]) if each)
            yield LabLine(
                text=text, number=number, comma=grid.comma, **{**said, "value": cells[at], "date": grid.header[at]}
            )


def _tests_across(grid: _Grid, columns: dict[str, int], known: Known) -> Iterator[LabLine]:
    """Yield a line for each cell under a test."""
    tests = [(at, *name_and_unit(each)) for at, each in enumerate(grid.header) if known(name_and_unit(each)[0])]
    units, ranges = dict[int, str](), dict[int, str]()
    for number, cells in grid.rows:
        if (broken := _wrong_length(grid, number, cells)) is not None:
            yield broken
            continue
        # Rows beneath the header may say the units and the intervals.
        row_is = column_of(next((each for each in cells if each), ""))
        if row_is in ("unit", "range"):
            (units if row_is == "unit" else ranges).update(enumerate(cells))
            continue
        for at, name, unit in tests:
            if not cells[at]:
                continue
            extra: dict[str, Any] = {
                column: cells[columns[column]] for column in ("date", "time", "note", "specimen") if column in columns
            }
            date = extra.get("date", "")
            yield LabLine(
                text=" | ".join(each for each in (date, grid.header[at], cells[at]) if each),
                name=name,
                value=cells[at],
                unit=unit or units.get(at, ""),
                range=ranges.get(at, ""),
                number=number,
                comma=grid.comma,
                **extra,
            )


def unknown_columns(header: Sequence[str]) -> tuple[str, ...]:
    """Return the column names that say nothing that is known; for a person to see that they were left out."""
    return tuple(
        printable(each, limit=40) for each in header if each and column_of(each) is None and plain(each) not in SILENT
    )
