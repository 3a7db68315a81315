"""Frame in, frame out, in the caller's own library: Polars, pandas, PyArrow, DuckDB, Spark.

Nothing is judged in pandas: its default types turn "not known" into "no". What comes is handed over as Arrow first,
where a NaN of a float column and a None among True and False are both null.
"""

from __future__ import annotations

from collections.abc import Callable, Iterator, Sequence
from dataclasses import dataclass
from typing import Any

import narwhals as nw
import polars as pl
import pyarrow as pa

from rheobase.cohort.frame import PERSON, schema
from rheobase.cohort.outcome import aligned, outcome_schema
from rheobase.errors import DataRefusedError
from rheobase.knowledge import Knowledge, load_knowledge


@dataclass(frozen=True, slots=True)
class _Asked:
    """What is judged by, and what else is asked for."""

    knowledge: Knowledge
    keep: tuple[str, ...]
    options: dict[str, Any]


ACCEPTED = "a Polars, pandas, PyArrow, DuckDB or Spark frame"


def judge_any(frame: Any, knowledge: Knowledge | None = None, *, keep: Sequence[str] = (), **options: Any) -> Any:
    """Return the judgement of everyone in a told frame, in the library that the frame came from.

    Args:
        frame: A told frame (``rheobase.cohort.frame``): ``polars.DataFrame`` or ``LazyFrame``, ``pandas.DataFrame``,
            ``pyarrow.Table``, ``RecordBatch`` or ``RecordBatchReader`` (then batch by batch, in flat memory),
            ``duckdb.DuckDBPyRelation``, or a Spark ``DataFrame`` (then lazily, on its executors).
        knowledge: What is known; the packaged knowledge when left out.
        keep: Columns that are carried along unread.
        options: Further options of ``cohort.judge.judge``.

    Returns:
        The judged frame, one row per person in the same order (Spark keeps the order within a partition). pandas
        gets Arrow-backed types, so that null stays null.

    Raises:
        DataRefusedError: It is no such frame, or a column of it is not one that may be told.
    """
    asked = _Asked(knowledge or load_knowledge(), tuple(keep), options)
    if isinstance(frame, pa.RecordBatchReader):
        return _reader(frame, asked)
    if isinstance(frame, pa.RecordBatch):
        judged = _arrow(_judged(pa.Table.from_batches([frame]), asked))
        return (judged.combine_chunks().to_batches() or [pa.RecordBatch.from_pylist([], schema=judged.schema)])[0]
    try:
        kind = nw.from_native(frame).implementation
    except nw.exceptions.DuplicateError as problem:
        twice = str(problem).partition("'")[2].partition("'")[0]
        raise DataRefusedError(
            f"column {twice!r} is there twice, expected each name once: rename or drop one"
        ) from problem
    except TypeError as problem:
        raise DataRefusedError(f"a {type(frame).__name__} came, expected {ACCEPTED}") from problem
    door = next((door for is_it, door in _DOORS if is_it(kind)), None)
    if door is None:
        raise DataRefusedError(f"a frame of {kind.value} came, expected {ACCEPTED}")
    return door(frame, asked)


def as_told(table: pa.Table | pl.DataFrame, knowledge: Knowledge, keep: Sequence[str]) -> pl.DataFrame:
    """Return a table as a Polars told frame; whole numbers that stand for yes and no, and ids, take their type.

    Raises:
        DataRefusedError: A column cannot be handed over.
    """
    try:
        frame = table if isinstance(table, pl.DataFrame) else pl.from_arrow(table)
    except (pa.ArrowException, pl.exceptions.PolarsError) as problem:
        raise DataRefusedError(f"the table cannot be handed over ({problem})") from problem
    if not isinstance(frame, pl.DataFrame):
        raise DataRefusedError(f"expected {ACCEPTED}")
    types = schema(knowledge)
    return frame.with_columns(
        found for name in frame.columns if (found := _fitted(frame[name], types.get(name), keep)) is not None
    )


def _fitted(column: pl.Series, expected: pl.DataType | None, keep: Sequence[str]) -> pl.Series | None:
    if expected is None or column.name in keep:
        return None
    if column.name == PERSON and column.dtype.is_integer():
        return column.cast(pl.String)
    # pandas has no type for days alone; a time of day would be lost, so that it is refused.
    if expected == pl.Date and isinstance(column.dtype, pl.Datetime) and (column.dt.truncate("1d") == column).all():
        return column.cast(pl.Date)
    # Libraries without a null of truths write 1, 0 and nothing.
    if (
        expected == pl.Boolean
        and column.dtype.is_numeric()
        and column.drop_nulls().cast(pl.Float64).is_in([0.0, 1.0]).all()
    ):
        return column.cast(pl.Boolean)
    return None


def _judged(table: pa.Table | pl.DataFrame, asked: _Asked) -> pl.DataFrame:
    return _judge(as_told(table, asked.knowledge, asked.keep), asked)


def _judge(told: pl.DataFrame, asked: _Asked) -> pl.DataFrame:
    from rheobase.cohort.judge import judge  # noqa: PLC0415 - numba is loaded only when something is judged

    return judge(told, asked.knowledge, keep=asked.keep, **asked.options)


def _reader(reader: pa.RecordBatchReader, asked: _Asked) -> pa.RecordBatchReader:
    empty = pa.Table.from_batches([], schema=reader.schema)
    told = as_told(empty, asked.knowledge, asked.keep).schema
    expected = outcome_schema(told, asked.keep, asked.knowledge, lambda frame, _: _judge(frame, asked))

    def batches() -> Iterator[pa.RecordBatch]:
        for batch in reader:
            judged = _judged(pa.Table.from_batches([batch]), asked)
            yield from _arrow(aligned(judged, expected)).to_batches()

    return pa.RecordBatchReader.from_batches(_arrow(pl.DataFrame(schema=expected)).schema, batches())


def _polars(frame: Any, asked: _Asked) -> Any:
    if isinstance(frame, pl.LazyFrame):
        return _judged(frame.collect(engine="streaming"), asked).lazy()
    return _judged(frame, asked)


def _pandas(frame: Any, asked: _Asked) -> Any:
    import pandas as pd  # noqa: PLC0415 - it is the caller's

    found = _arrow(_judged(_from_pandas(frame), asked)).to_pandas(types_mapper=pd.ArrowDtype)
    found.index = frame.index
    return found


def _duckdb(relation: Any, asked: _Asked) -> Any:
    return _relation(relation, _arrow(_judged(relation.to_arrow_table(), asked)))


def _spark(frame: Any, asked: _Asked) -> Any:
    from rheobase.cohort.spark import judge_spark  # noqa: PLC0415 - only for Spark

    return judge_spark(frame, asked.knowledge, keep=asked.keep, **asked.options)


def _arrow(judged: pl.DataFrame) -> pa.Table:
    # Views of strings are too new for some of the libraries that take it from here.
    return judged.to_arrow(compat_level=pl.CompatLevel.oldest())


def _from_pandas(frame: Any) -> pa.Table:
    try:
        return pa.Table.from_pandas(frame, preserve_index=False)
    except (pa.ArrowException, TypeError, ValueError) as problem:
        column = next((name for name in frame.columns if not _converts(frame, name)), "?")
        raise DataRefusedError(
            f"column {column!r} holds values of several kinds, expected one kind and nulls ({str(problem)[:120]})"
        ) from problem


def _converts(frame: Any, name: Any) -> bool:
    try:
        pa.Array.from_pandas(frame[name])
    except (pa.ArrowException, TypeError, ValueError):
        return False
    return True


def _relation(relation: Any, judged: pa.Table) -> Any:  # noqa: ARG001 - DuckDB finds the table by its name
    """Return a table in the caller's own connection, so that it can be joined with the caller's tables."""
    return relation.query("told", "select * from judged")


_DOORS: tuple[tuple[Callable[[nw.Implementation], bool], Callable[[Any, _Asked], Any]], ...] = (
    (nw.Implementation.is_polars, _polars),
    (nw.Implementation.is_pandas, _pandas),
    (nw.Implementation.is_pyarrow, lambda frame, asked: _arrow(_judged(frame, asked))),
    (nw.Implementation.is_duckdb, _duckdb),
    (nw.Implementation.is_spark_like, _spark),
)
