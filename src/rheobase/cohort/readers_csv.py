"""CSV in batches, every cell as text: no type is guessed, a line with too many or too few cells is told by number."""

from __future__ import annotations

import csv
import io
import sys
from collections.abc import Callable, Iterator, Sequence
from pathlib import Path
from typing import BinaryIO, TypeVar

import numpy as np
import polars as pl
import pyarrow as pa
import pyarrow.csv as pc

from rheobase.cohort.readers import STDIN, Lost, first_line, numbered
from rheobase.plain_text import printable

T = TypeVar("T")
_BLOCK = 8 << 20
_SEPARATORS = ",;\t|"
_HEAD = 1 << 20
_SHOWN = 100
# What was read of standard input to see its header, to be read again as its beginning.
_PEEKED: dict[str, bytes] = {}


def header_of(file: Path) -> list[str]:
    """Return the names in the first line of a file.

    Raises:
        ValueError: It is not text, or a name spans two lines.
        OSError: It cannot be read.
    """
    line = _first_line(file)
    if line.count('"') % 2:
        raise ValueError("a name of a column holds a line break; write the names in one line")
    return next(csv.reader([line], delimiter=_separator(line)), []) if line.strip() else []


def separator_of(file: Path) -> str:
    """Return what stands between the cells of a file."""
    return _separator(_first_line(file))


def read_csv(file: Path, needed: Sequence[str]) -> Iterator[pl.DataFrame | Lost]:
    """Yield the rows of a file with their numbers, and the lines and cells that could not be read."""
    line = _first_line(file)
    names = next(csv.reader([line], delimiter=_separator(line)))
    broken: list[Lost] = []

    def refuse(row: pc.InvalidRow) -> str:
        # The header is the first line that Arrow counts.
        number = (row.number or 1) - 1
        why = f"has {row.actual_columns} cells, expected {row.expected_columns}; the row is left out"
        broken.append(Lost(number, number, printable(row.text or "", limit=_SHOWN), why))
        return "skip"

    with _open(file) as stream:
        yield from _batches(lambda: _opened(stream, (names, needed), _separator(line), refuse), broken)


def _opened(
    stream: BinaryIO, columns: tuple[list[str], Sequence[str]], separator: str, refuse: Callable[[pc.InvalidRow], str]
) -> pc.CSVStreamingReader:
    names, needed = columns
    return pc.open_csv(
        stream,
        # With one thread Arrow knows the number of a line.
        read_options=pc.ReadOptions(use_threads=False, block_size=_BLOCK, column_names=names, skip_rows=1),
        parse_options=pc.ParseOptions(delimiter=separator, newlines_in_values=True, invalid_row_handler=refuse),
        convert_options=pc.ConvertOptions(
            column_types=dict.fromkeys(names, pa.binary()),
            include_columns=list(needed),
            strings_can_be_null=False,
            check_utf8=False,
        ),
    )


def _batches(opened: Callable[[], pc.CSVStreamingReader], broken: list[Lost]) -> Iterator[pl.DataFrame | Lost]:
    row = 1
    try:
        with _quietly(opened) as reader:
            while (batch := _quietly(lambda: next(reader, None))) is not None:
                rows = _rows(row, batch.num_rows, [each.row for each in broken])
                frame, cells = _decoded(batch, rows)
                row = int(rows[-1]) + 1 if len(rows) else row
                ready = [each for each in broken if each.row < row]
                del broken[: len(ready)]
                yield from ready
                yield from cells
                yield numbered(frame, pl.Series(rows))
        yield from broken
    except (pa.ArrowException, OSError) as problem:
        yield from broken
        why = f"the file cannot be read from here on ({first_line(problem)}); is it UTF-8?"
        yield Lost(row, None, "", why)


def _quietly(do: Callable[[], T]) -> T:
    """Return what a call returns. Arrow prints a traceback of its own where a row to refuse is not UTF-8."""
    before = sys.unraisablehook
    sys.unraisablehook = lambda _: None
    try:
        return do()
    finally:
        sys.unraisablehook = before


def _rows(first: int, count: int, left_out: list[int]) -> np.ndarray[tuple[int], np.dtype[np.int64]]:
    """Return the numbers of the next rows that were read, those left out being skipped."""
    numbers = np.arange(first, first + count + len(left_out), dtype=np.int64)
    return numbers[~np.isin(numbers, left_out)][:count]


def _decoded(
    batch: pa.RecordBatch, rows: np.ndarray[tuple[int], np.dtype[np.int64]]
) -> tuple[pl.DataFrame, list[Lost]]:
    lost: list[Lost] = []
    columns: dict[str, pl.Series] = {}
    for name, column in zip(batch.schema.names, batch.columns, strict=True):
        try:
            text = column.cast(pa.string())
        except pa.ArrowInvalid:
            text = _by_cell(name, column, rows, lost)
        columns[name] = pl.Series(name, text, dtype=pl.String)
    return pl.DataFrame(columns), lost


def _by_cell(
    name: str, column: pa.Array, rows: np.ndarray[tuple[int], np.dtype[np.int64]], lost: list[Lost]
) -> list[str | None]:
    cells: list[str | None] = []
    for row, cell in zip(rows.tolist(), column.to_pylist(), strict=True):
        try:
            cells.append(cell.decode())
        except UnicodeDecodeError:
            cells.append(None)
            value = printable(cell.decode(errors="replace"), limit=_SHOWN)
            lost.append(Lost(row, row, value, "is not UTF-8; the cell is left out", name))
    return cells


def _open(file: Path) -> BinaryIO:
    if str(file) == STDIN:
        return io.BufferedReader(_Rejoined(_PEEKED.pop(STDIN, b""), sys.stdin.buffer))
    found: BinaryIO = pa.input_stream(str(file), compression="detect")
    return found


def _first_line(file: Path) -> str:
    if str(file) == STDIN:
        if STDIN not in _PEEKED:
            _PEEKED[STDIN] = sys.stdin.buffer.readline(_HEAD)
        head = _PEEKED[STDIN]
    else:
        with pa.input_stream(str(file), compression="detect") as stream:
            head = stream.read(_HEAD)
    try:
        return head.removeprefix(b"\xef\xbb\xbf").split(b"\n", 1)[0].decode().rstrip("\r")
    except UnicodeDecodeError as problem:
        raise ValueError("its first line is not UTF-8 text") from problem


def _separator(line: str) -> str:
    return max(_SEPARATORS, key=line.count)


class _Rejoined(io.RawIOBase):
    """A stream whose beginning was read before."""

    def __init__(self, head: bytes, rest: BinaryIO) -> None:
        self._head, self._rest = head, rest

    def readable(self) -> bool:
        """Return True."""
        return True

    def readinto(self, buffer: object) -> int:
        """Fill a buffer from what was read before, then from the stream."""
        view = memoryview(buffer)  # type: ignore[arg-type]
        data = self._head[: len(view)] or self._rest.read(len(view))
        self._head = self._head[len(data) :]
        view[: len(data)] = data
        return len(data)
