"""Tables of any size, read in batches: CSV, Parquet, or a folder of either. What cannot be read is told, row by row."""

from __future__ import annotations

from collections.abc import Collection, Iterator, Sequence
from dataclasses import dataclass
from pathlib import Path

import polars as pl
import pyarrow as pa
import pyarrow.parquet as pq

from rheobase.cohort.mapping_names import did_you_mean
from rheobase.errors import DataRefusedError, UsageError
from rheobase.plain_text import printable

PARQUET = (".parquet", ".pq")
CSV = (".csv", ".tsv", ".csv.gz", ".tsv.gz", ".txt")
STDIN = "-"
ROW = "__rheobase_row"


@dataclass(frozen=True, slots=True)
class Lost:
    """Rows, or a cell of one, that could not be read.

    Attributes:
        row: Number in the file, from 1.
        last: Number of the last such row; None when it is not known where they end.
        value: What was there, as far as it can be shown.
        why: What is wrong.
        column: Of a single cell; "" for whole rows.
    """

    row: int
    last: int | None
    value: str
    why: str
    column: str = ""


@dataclass(frozen=True, slots=True)
class Chunk:
    """Some rows of one file.

    Attributes:
        file: Which one, as it is shown.
        rows: Number of each row in the file, from 1.
        frame: The columns asked for; text for CSV.
        lost: What could not be read since the chunk before.
    """

    file: str
    rows: pl.Series
    frame: pl.DataFrame
    lost: tuple[Lost, ...] = ()


@dataclass(frozen=True, slots=True)
class Source:
    """One table in one or many files of the same kind.

    Attributes:
        files: In the order in which they are read.
        names: How each is called in messages.
        columns: Of the first file; every other one has the columns that are asked for, or is refused.
        rows: How many there are; None when that is known only at the end.
    """

    files: tuple[Path, ...]
    names: tuple[str, ...]
    columns: tuple[str, ...]
    rows: int | None

    def check(self, needed: Collection[str]) -> None:
        """Refuse the source when a file of it lacks a column.

        Raises:
            DataRefusedError: One is not there; names the file and the columns that look alike.
        """
        lines: list[str] = []
        for file, name in zip(self.files, self.names, strict=True):
            there = columns_of(file, name)
            lines += [
                f"{name}: has no column {each!r}{did_you_mean(each, there)}" for each in needed if each not in there
            ]
        if lines:
            raise DataRefusedError("\n".join(lines[:20]))

    def chunks(self, needed: Sequence[str], size: int) -> Iterator[Chunk]:
        """Yield the rows of every file, at most so many at a time; no chunk spans two files.

        Args:
            needed: Columns to read.
            size: Most rows of a chunk.
        """
        for file, name in zip(self.files, self.names, strict=True):
            yield from _sized(_read(file, needed, size), name, size)


def open_source(path: str) -> Source:
    """Return the table that a path names: a file, a folder of files, or - for CSV on standard input.

    Raises:
        UsageError: Nothing is there.
        DataRefusedError: It is no table that can be read, or the files of a folder are of several kinds.
    """
    if path == STDIN:
        return _source([Path(STDIN)], ["standard input"])
    root = Path(path)
    shown = printable(path, limit=200)
    if not root.exists():
        raise UsageError(f"{shown}: is not there. Give the path of a CSV or Parquet file, or of a folder of them.")
    if root.is_fifo():
        raise UsageError(f"{shown}: is a pipe, not a file. Give the path of a file, or - and pipe it in.")
    if not root.is_dir():
        return _source([root], [root.name])
    files = [each for each in sorted(root.rglob("*")) if _is_table(each.relative_to(root))]
    if len({_kind(each) for each in files}) > 1:
        raise DataRefusedError(f"{shown}: holds both CSV and Parquet files; give a folder of one kind.")
    if not files:
        raise DataRefusedError(f"{shown}: holds no CSV or Parquet file ({', '.join((*PARQUET, *CSV))}).")
    return _source(files, [each.relative_to(root).as_posix() for each in files])


def first_rows(source: Source, most: int = 1000) -> pl.DataFrame:
    """Return the first rows of a source, with all its columns."""
    chunk = next(source.chunks(source.columns, most), None)
    return pl.DataFrame(schema=dict.fromkeys(source.columns, pl.String)) if chunk is None else chunk.frame


def types_of(source: Source, needed: Sequence[str]) -> pl.DataFrame:
    """Return an empty frame with the types in which columns are read."""
    if not is_parquet(source.files[0]):
        return pl.DataFrame(schema=dict.fromkeys(needed, pl.String))
    schema = pq.read_schema(source.files[0])
    # ``empty_table`` would import pandas, which takes seconds.
    table = pa.Table.from_batches([], schema=pa.schema([schema.field(name) for name in needed]))
    return pl.DataFrame(pl.from_arrow(table))


def columns_of(file: Path, name: str) -> tuple[str, ...]:
    """Return the names of the columns of one file.

    Raises:
        DataRefusedError: It cannot be read, has no header, or a name stands twice.
    """
    try:
        columns = pq.read_schema(file).names if _kind(file) == "parquet" else _header(file)
    except (pa.ArrowException, OSError, ValueError) as problem:
        raise DataRefusedError(f"{name}: cannot be read ({first_line(problem)}).") from problem
    if not any(columns):
        raise DataRefusedError(f"{name}: has no header; expected the names of the columns in the first line.")
    twice = sorted({each for each in columns if columns.count(each) > 1})
    if twice:
        raise DataRefusedError(f"{name}: the column {twice[0]!r} stands there twice. Rename one of them.")
    return tuple(columns)


def is_parquet(file: Path) -> bool:
    """Return whether a file is Parquet; else it is CSV."""
    return _kind(file) == "parquet"


def first_line(problem: BaseException) -> str:
    """Return an error's own words in one short line."""
    return printable(str(problem).split("\n", 1)[0], limit=160) or type(problem).__name__


def _source(files: list[Path], names: list[str]) -> Source:
    columns = columns_of(files[0], names[0])
    rows: int | None = None
    if _kind(files[0]) == "parquet":
        try:
            rows = sum(pq.read_metadata(each).num_rows for each in files)
        except (pa.ArrowException, OSError) as problem:
            # Checked again, file by file, with its name.
            for file, name in zip(files, names, strict=True):
                columns_of(file, name)
            raise DataRefusedError(f"{names[0]}: cannot be read ({first_line(problem)}).") from problem
    return Source(tuple(files), tuple(names), columns, rows)


def _is_table(path: Path) -> bool:
    # Spark and others leave "_SUCCESS", ".part.crc" and folders of their own beside the data.
    hidden = any(part.startswith((".", "_")) for part in path.parts)
    return not hidden and path.name.lower().endswith((*PARQUET, *CSV))


def _kind(file: Path) -> str:
    if file.name.lower().endswith(PARQUET):
        return "parquet"
    return "parquet" if _starts_as_parquet(file) else "csv"


def _starts_as_parquet(file: Path) -> bool:
    if not file.is_file():
        return False
    with file.open("rb") as stream:
        return stream.read(4) == b"PAR1"


def _header(file: Path) -> list[str]:
    from rheobase.cohort.readers_csv import header_of  # noqa: PLC0415 - only for CSV

    return header_of(file)


def piece(
    source: Source, needed: Sequence[str], size: int, which: tuple[int, tuple[int, int] | None]
) -> Iterator[Chunk]:
    """Yield the rows of a piece of a source, as ``Source.chunks`` yields all.

    Args:
        source: The table.
        needed: Columns to read.
        size: Most rows of a chunk.
        which: Place of the file; its first row group and the first that is not read, None for all of the file.
    """
    place, groups = which
    yield from _sized(_read(source.files[place], needed, size, groups), source.names[place], size)


def _read(
    file: Path, needed: Sequence[str], size: int, groups: tuple[int, int] | None = None
) -> Iterator[pl.DataFrame | Lost]:
    """Yield what is read of a file, each row with its number in the column ``ROW``, and what is lost."""
    if _kind(file) == "parquet":
        yield from _parquet(file, needed, size, groups)
        return
    from rheobase.cohort.readers_csv import read_csv  # noqa: PLC0415 - only for CSV

    yield from read_csv(file, needed)


def _parquet(
    file: Path, needed: Sequence[str], size: int, groups: tuple[int, int] | None = None
) -> Iterator[pl.DataFrame | Lost]:
    # Checksums are looked at where the writer left some; else what is compressed shows most damage by itself.
    with pq.ParquetFile(file, page_checksum_verification=True) as table:
        start, end = groups or (0, table.metadata.num_row_groups)
        first = 1 + sum(table.metadata.row_group(group).num_rows for group in range(start))
        for group in range(start, end):
            count, done = table.metadata.row_group(group).num_rows, 0
            try:
                for batch in table.iter_batches(size, row_groups=[group], columns=list(needed)):
                    frame = pl.from_arrow(pa.Table.from_batches([batch]).select(list(needed)))
                    yield numbered(frame, pl.int_range(first + done, first + done + batch.num_rows, eager=True))
                    done += batch.num_rows
            except (pa.ArrowException, OSError, pl.exceptions.PolarsError) as problem:
                why = f"row group {group + 1} cannot be read ({first_line(problem)})"
                yield Lost(first + done, first + count - 1, "", why)
            first += count


def numbered(frame: object, rows: pl.Series) -> pl.DataFrame:
    """Return a frame with the numbers of its rows in the column ``ROW``."""
    if not isinstance(frame, pl.DataFrame):
        raise TypeError(f"expected a table, got {type(frame).__name__}")
    return frame.with_columns(rows.cast(pl.Int64).alias(ROW))


def _sized(parts: Iterator[pl.DataFrame | Lost], file: str, size: int) -> Iterator[Chunk]:
    """Yield chunks of exactly ``size`` rows, the last one with what is left."""
    held: list[pl.DataFrame] = []
    lost: list[Lost] = []
    count = 0
    for part in parts:
        if isinstance(part, Lost):
            lost.append(part)
            continue
        held.append(part)
        count += part.height
        while count >= size:
            whole = pl.concat(held)
            yield _chunk(whole.head(size), file, lost)
            held, lost, count = [whole.slice(size)], [], count - size
    if count or lost:
        whole = pl.concat(held) if held else pl.DataFrame(schema={ROW: pl.Int64()})
        yield _chunk(whole, file, lost)


def _chunk(frame: pl.DataFrame, file: str, lost: list[Lost]) -> Chunk:
    return Chunk(file, frame[ROW], frame.drop(ROW), tuple(lost))
