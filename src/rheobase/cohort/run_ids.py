"""Ids that stand twice, found on disc so that memory stays flat."""

from __future__ import annotations

import shutil
from collections.abc import Iterator
from contextlib import ExitStack, suppress
from pathlib import Path
from types import TracebackType
from typing import Self

import polars as pl
import pyarrow as pa

_BUCKETS = 64
_SEED = 8
_FIELDS = pa.schema([("place", pa.int64()), ("file", pa.string()), ("row", pa.int64()), ("id", pa.string())])


class IdBook:
    """Every id with its row, in as many files as make each small enough to sort in memory."""

    def __init__(self, folder: Path) -> None:
        """Begin an empty book.

        Args:
            folder: Of its own; what is there is removed.
        """
        shutil.rmtree(folder, ignore_errors=True)
        folder.mkdir(parents=True)
        self._files = [folder / f"{number:02d}" for number in range(_BUCKETS)]
        self._folder = folder
        self._stack = ExitStack()
        self._writers = [self._stack.enter_context(pa.ipc.new_stream(str(each), _FIELDS)) for each in self._files]
        self._place = 0

    def __enter__(self) -> Self:
        """Return the book."""
        return self

    def __exit__(
        self, kind: type[BaseException] | None, problem: BaseException | None, trace: TracebackType | None
    ) -> None:
        """Remove its files."""
        # A full disc fails here too; what is being removed anyway need not be whole.
        with suppress(OSError):
            self._stack.close()
        shutil.rmtree(self._folder, ignore_errors=True)

    def add(self, file: str, rows: pl.Series, ids: pl.Series) -> None:
        """Write down the ids of a batch; a row without one is no repetition of another."""
        frame = pl.DataFrame({"row": rows, "id": ids}).with_row_index("place", offset=self._place)
        self._place += frame.height
        frame = frame.filter(pl.col("id").is_not_null()).with_columns(
            pl.col("place").cast(pl.Int64),
            pl.lit(file).alias("file"),
            (pl.col("id").hash(_SEED) % _BUCKETS).alias("to"),
        )
        for (to,), part in frame.group_by("to"):
            table = part.select("place", "file", "row", "id").to_arrow().cast(_FIELDS)
            self._writers[int(str(to))].write_table(table)

    def repeated(self) -> pl.DataFrame:
        """Return each row whose id stood in an earlier row.

        Returns:
            ``place`` (order over all files), ``file``, ``row``, ``id``, and ``first_file``, ``first_row`` of the
            earliest; in order of place.
        """
        self._stack.close()
        found = pl.concat(list(self._later()))
        return found.sort("place")

    def _later(self) -> Iterator[pl.DataFrame]:
        for each in self._files:
            with pa.ipc.open_stream(str(each)) as stream:
                frame = pl.from_arrow(stream.read_all())
            if not isinstance(frame, pl.DataFrame):
                raise TypeError(f"expected a table, got {type(frame).__name__}")
            first = frame.sort("place").with_columns(
                pl.col("place").first().over("id").alias("first"),
                pl.col("file").first().over("id").alias("first_file"),
                pl.col("row").first().over("id").alias("first_row"),
            )
            yield first.filter(pl.col("place") != pl.col("first")).drop("first")
