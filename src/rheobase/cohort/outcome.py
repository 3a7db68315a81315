"""The columns of a result: the same in every part, whatever is known in it."""

from __future__ import annotations

from collections.abc import Callable, Iterator, Mapping, Sequence

import polars as pl

from rheobase.cohort.frame import check_told
from rheobase.errors import DataRefusedError
from rheobase.knowledge import Knowledge

Judge = Callable[[pl.DataFrame, tuple[str, ...]], pl.DataFrame]


def outcome_schema(
    told: Mapping[str, pl.DataType], keep: Sequence[str], knowledge: Knowledge, judge: Judge
) -> pl.Schema:
    """Return the columns of a judgement when these are told: those of the judgement of nobody.

    Args:
        told: Columns of the told frame and their types, the kept ones among them.
        keep: Names of kept columns.
        knowledge: What is known.
        judge: Judges a told frame; its columns must follow from those of the told frame alone.

    Raises:
        DataRefusedError: A column is not one that may be told.
    """
    return judge(check_told(pl.DataFrame(schema=told), knowledge, keep), tuple(keep)).schema


def aligned(judged: pl.DataFrame, expected: Mapping[str, pl.DataType]) -> pl.DataFrame:
    """Return a judgement with exactly the expected columns; what nobody had is null.

    Raises:
        DataRefusedError: It has a column that was not expected.
    """
    if strange := [name for name in judged.columns if name not in expected]:
        raise DataRefusedError(f"the judgement has an unexpected column {strange[0]!r}; this is a fault of ours.")
    return judged.select(_columns(judged, expected))


def _columns(judged: pl.DataFrame, expected: Mapping[str, pl.DataType]) -> Iterator[pl.Expr]:
    for name, kind in expected.items():
        there = pl.col(name) if name in judged.columns else pl.lit(None).alias(name)
        yield there.cast(kind)
