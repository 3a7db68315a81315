"""The columns of a result: the same in every part, whatever is known in it."""

from __future__ import annotations

from collections.abc import Callable, Iterator, Mapping, Sequence
from datetime import date

import polars as pl

from rheobase.cohort.frame import COMPARATOR, LAB, PER_DAY, check_told, options, schema
from rheobase.errors import DataRefusedError
from rheobase.knowledge import Knowledge
from rheobase.knowledge.lab_reading import load_lab_reading

Judge = Callable[[pl.DataFrame, tuple[str, ...]], pl.DataFrame]
_AN_AGE, _A_DAY = 40.0, date(2026, 1, 1)


def outcome_schema(
    told: Mapping[str, pl.DataType], keep: Sequence[str], knowledge: Knowledge, judge: Judge
) -> pl.Schema:
    """Return the columns that a judgement can have when these are told, found by judging somebody of whom all is known.

    Args:
        told: Columns of the told frame and their types, the kept ones among them.
        keep: Names of kept columns.
        knowledge: What is known.
        judge: Judges a told frame.

    Raises:
        DataRefusedError: A column is not one that may be told.
    """
    told = check_told(pl.DataFrame(schema=told), knowledge, keep).schema
    results = [name for name in told if name.startswith(LAB) and name not in keep]
    rows = len(results) + 1
    columns = {}
    for name, kind in told.items():
        values = [_example(name, knowledge, keep)] * rows
        if name in results:
            # What is worked out may be left alone where it was measured: everything is lacking once.
            values[results.index(name)] = None
        columns[name] = pl.Series(values, dtype=kind)
    return judge(pl.DataFrame(columns), tuple(keep)).schema


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


def _example(name: str, knowledge: Knowledge, keep: Sequence[str]) -> object:
    """Return something that a column may hold."""
    # A limit is no value to work with, and amounts a day are not combined with concentrations.
    if name in keep or name.endswith((COMPARATOR, PER_DAY)):
        return None
    kind, finding = schema(knowledge)[name], knowledge.findings.get(name)
    if kind == pl.Float64 and finding is not None:
        return _AN_AGE if finding.id == "age_years" else finding.minimum or 0.0
    if kind == pl.Float64 and name.startswith(LAB):
        return _usual_value(name.removeprefix(LAB).split(".")[0], knowledge)
    words = options(knowledge).get(name, ("somebody",))
    examples = {pl.Boolean: False, pl.Date: _A_DAY, pl.List: [], pl.String: words[0]}
    return examples.get(type(kind), 0.0)


def _usual_value(name: str, knowledge: Knowledge) -> float:
    usual = load_lab_reading().usual.get(name)
    if usual is not None:
        low, high = usual.intervals[0]
        return (low + high) / 2
    analyte = knowledge.analytes[name]
    return ((analyte.plausible_min or 0.0) + (analyte.plausible_max or 1.0)) / 2
