"""Frame in, frame out, in the caller's own library: Polars, pandas, PyArrow, DuckDB, Spark.

Nothing is judged in pandas: its default types turn "not known" into "no". What comes is handed over as Arrow first,
where a NaN of a float column and a None among True and False are both null.
"""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from typing import Any

import narwhals as nw
import polars as pl
import pyarrow as pa

from rheobase.cohort.frame import PERSON, schema
from rheobase.cohort.outcome import aligned, outcome_schema
from rheobase.errors import DataRefusedError
from rheobase.knowledge import Knowledge, load_knowledge

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
    knowledge = knowledge or load_knowledge()
    if isinstance(frame, pa.RecordBatchReader):
        return _reader(frame, knowledge, keep, options)
    if isinstance(frame, pa.RecordBatch):
        judged = _judged(pa.Table.from_batches([frame]), knowledge, keep, options)
        return _arrow(judged).combine_chunks().to_batches()[0] if judged.height else _arrow(judged)
    try:
        native = nw.from_native(frame)
    except TypeError as problem:
        # Spark Connect and others that narwhals does not know by their class.
        raise DataRefusedError(f"a {type(frame).__name__} came, expected {ACCEPTED}") from problem
    kind = native.implementation
    if kind.is_spark_like():
        from rheobase.cohort.spark import judge_spark  # noqa: PLC0415 - only for Spark

        return judge_spark(frame, knowledge, keep=keep, **options)
    if kind.is_polars():
        eager = frame.collect(engine="streaming") if isinstance(frame, pl.LazyFrame) else frame
        judged = _judged(eager, knowledge, keep, options)
        return judged.lazy() if isinstance(frame, pl.LazyFrame) else judged
    if kind.is_pandas():
        table = _from_pandas(frame)
        return _pandas(_judged(table, knowledge, keep, options), frame.index)
    if kind.is_pyarrow():
        return _arrow(_judged(frame, knowledge, keep, options))
    if kind.is_duckdb():
        return _relation(frame, _arrow(_judged(_from_duckdb(frame), knowledge, keep, options)))
    raise DataRefusedError(f"a frame of {kind.value} came, expected {ACCEPTED}")


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
    # Libraries without a null of truths write 1, 0 and nothing.
    if expected == pl.Boolean and column.dtype.is_numeric() and column.drop_nulls().is_in([0, 1]).all():
        return column.cast(pl.Boolean)
    return None


def _judged(
    table: pa.Table | pl.DataFrame, knowledge: Knowledge, keep: Sequence[str], options: dict[str, Any]
) -> pl.DataFrame:
    from rheobase.cohort.judge import judge  # noqa: PLC0415 - numba is loaded only when something is judged

    return judge(as_told(table, knowledge, keep), knowledge, keep=tuple(keep), **options)


def _reader(
    reader: pa.RecordBatchReader, knowledge: Knowledge, keep: Sequence[str], options: dict[str, Any]
) -> pa.RecordBatchReader:
    from rheobase.cohort.judge import judge  # noqa: PLC0415 - numba is loaded only when something is judged

    told = as_told(pa.Table.from_batches([], schema=reader.schema), knowledge, keep).schema
    expected = outcome_schema(told, keep, knowledge, lambda frame, kept: judge(frame, knowledge, keep=kept, **options))

    def batches() -> Iterator[pa.RecordBatch]:
        for batch in reader:
            judged = _judged(pa.Table.from_batches([batch]), knowledge, keep, options)
            yield from _arrow(aligned(judged, expected)).to_batches()

    return pa.RecordBatchReader.from_batches(_arrow(pl.DataFrame(schema=expected)).schema, batches())


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


def _pandas(judged: pl.DataFrame, index: Any) -> Any:
    import pandas as pd  # noqa: PLC0415 - it is the caller's

    found = _arrow(judged).to_pandas(types_mapper=pd.ArrowDtype)
    found.index = index
    return found


def _from_duckdb(relation: Any) -> pa.Table:
    table = relation.to_arrow_table() if hasattr(relation, "to_arrow_table") else relation.arrow()
    return table.read_all() if isinstance(table, pa.RecordBatchReader) else table


def _relation(relation: Any, judged: pa.Table) -> Any:  # noqa: ARG001 - DuckDB finds the table by its name
    """Return a table in the caller's own connection, so that it can be joined with the caller's tables."""
    return relation.query("told", "select * from judged")
