"""Frame in, frame out: the same judgement in the caller's own library, and unknown stays unknown."""

from __future__ import annotations

from typing import Any

import duckdb
import pandas as pd
import polars as pl
import pyarrow as pa
import pytest
from polars.testing import assert_frame_equal

from rheobase.cohort import judge_any
from rheobase.cohort.doors import as_told
from rheobase.cohort.dummy import dummy_frames
from rheobase.cohort.judge import judge
from rheobase.cohort.person_rows import told_frame
from rheobase.errors import DataRefusedError
from rheobase.knowledge import load_knowledge
from tests.cohort.cases import KNOWLEDGE, ON, aged, published, scenarios


@pytest.fixture(scope="module")
def told() -> pl.DataFrame:
    """Made-up people with answers, words, sites and results."""
    return next(dummy_frames(load_knowledge(), 200, 3))


@pytest.fixture(scope="module")
def expected(told: pl.DataFrame) -> pl.DataFrame:
    """Return their judgement, without a door."""
    return plain(judge(told, load_knowledge()))


def plain(frame: Any) -> pl.DataFrame:
    """Return a frame in the types that every library has."""
    found = frame if isinstance(frame, pl.DataFrame) else pl.DataFrame(pl.from_arrow(frame))
    words = [name for name, kind in found.schema.items() if kind in (pl.Enum, pl.Categorical)]
    lists = [name for name, kind in found.schema.items() if isinstance(kind, pl.List)]
    return found.with_columns(pl.col(words).cast(pl.String), pl.col(lists).cast(pl.List(pl.String)))


def test_polars_eager_and_lazy(told: pl.DataFrame, expected: pl.DataFrame) -> None:
    """A Polars frame comes back as it went in: eager as eager, lazy as lazy."""
    eager, lazy = judge_any(told), judge_any(told.lazy())
    assert isinstance(eager, pl.DataFrame)
    assert isinstance(lazy, pl.LazyFrame)
    assert plain(eager).equals(expected)
    assert plain(lazy.collect()).equals(expected)


def test_pandas_in_its_default_types(told: pl.DataFrame, expected: pl.DataFrame) -> None:
    """Objects of None, True and False, and NaN in floats, are judged as unknown; null and the index come back."""
    frame = told.to_pandas()
    frame.index = pd.Index(range(1000, 1200))
    assert frame["fatigue"].dtype == object
    judged = judge_any(frame)
    assert isinstance(judged, pd.DataFrame)
    assert list(judged.index) == list(frame.index)
    assert all(isinstance(each, pd.ArrowDtype) for each in judged.dtypes)
    assert plain(pa.Table.from_pandas(judged, preserve_index=False)).equals(expected)


def test_a_none_of_pandas_is_not_judged_as_no() -> None:
    """None among objects and NaN among 1.0 and 0.0 both become null, never False."""
    rows: dict[str, list[bool | None]] = {"fatigue": [None, True, False]}
    frame = as_told(pa.Table.from_pandas(pd.DataFrame(rows)), load_knowledge(), ())
    assert frame["fatigue"].to_list() == [None, True, False]
    floats = pd.DataFrame({"fatigue": [float("nan"), 1.0, 0.0], "age_years": [float("nan"), 40.0, 41.0]})
    frame = as_told(pa.Table.from_pandas(floats), load_knowledge(), ())
    assert frame["fatigue"].to_list() == [None, True, False]
    assert frame["age_years"].to_list() == [None, 40.0, 41.0]


def test_a_name_that_is_there_twice_is_refused() -> None:
    """Which of two columns is meant cannot be told: the error names it, whatever the library."""
    twice = pd.DataFrame([[True, False]], columns=["cramps", "cramps"])
    for frame in (twice, pa.table([pa.array([True]), pa.array([False])], names=["cramps", "cramps"])):
        with pytest.raises(DataRefusedError, match="column 'cramps' is there twice"):
            judge_any(frame)


def test_pyarrow_tables_batches_and_readers(told: pl.DataFrame, expected: pl.DataFrame) -> None:
    """A table is judged whole; a reader batch by batch, with the same columns in every batch."""
    table = told.to_arrow(compat_level=pl.CompatLevel.oldest())
    assert plain(judge_any(table)).equals(expected)
    batch = judge_any(table.combine_chunks().to_batches()[0])
    assert isinstance(batch, pa.RecordBatch)
    assert plain(pa.Table.from_batches([batch])).equals(expected)
    reader = judge_any(pa.RecordBatchReader.from_batches(table.schema, iter(table.to_batches(max_chunksize=60))))
    assert isinstance(reader, pa.RecordBatchReader)
    read = plain(reader.read_all())
    # A probability may differ in its last bit: which causes have something known in a batch orders the sum.
    assert_frame_equal(read.select(expected.columns), expected, abs_tol=1e-12)


def test_a_duckdb_relation_stays_in_its_connection(told: pl.DataFrame, expected: pl.DataFrame) -> None:
    """The judged relation can be joined with other tables of the same connection."""
    connection = duckdb.connect()
    table = told.to_arrow(compat_level=pl.CompatLevel.oldest())
    connection.register("people", table)
    judged = judge_any(connection.sql("select * from people"))
    assert isinstance(judged, duckdb.DuckDBPyRelation)
    joined = judged.query("judged", "select count(*) from judged join people using (person_id)")
    assert joined is not None
    assert joined.fetchall() == [(200,)]
    assert plain(judged.to_arrow_table()).equals(expected)


@pytest.mark.parametrize(
    ("frame", "words"),
    [
        ({"fatigue": [True]}, "a dict came, expected a Polars, pandas"),
        (pd.DataFrame({"fatigue": [True, "perhaps", None]}), "column 'fatigue' holds values of several kinds"),
        (pl.DataFrame({"fatigue": ["yes"]}), "column 'fatigue' holds String, expected Boolean"),
        (pl.DataFrame({"fatigue": [0, 2]}), "column 'fatigue' holds"),
        (pl.DataFrame({"fatige": [True]}), "did you mean 'fatigue'"),
    ],
)
def test_what_cannot_be_judged_is_refused_by_name(frame: object, words: str) -> None:
    """The message names what came and what was expected."""
    with pytest.raises(DataRefusedError, match=words):
        judge_any(frame)


def test_kept_columns_are_carried_through_every_door(told: pl.DataFrame) -> None:
    """A column named in keep comes back unread, in pandas as in Arrow."""
    frame = told.select("person_id", "age_years").with_columns(pl.int_range(200).alias("weight"))
    assert judge_any(frame.to_pandas(), keep=["weight"])["weight"].tolist() == list(range(200))
    assert judge_any(frame.to_arrow(), keep=["weight"])["weight"].to_pylist() == list(range(200))


@pytest.fixture(scope="module")
def cases() -> pl.DataFrame:
    """Return the published cases and the scenarios, with dates of their tests; test_agreement compares them alone."""
    return told_frame(aged([*published(), *scenarios()]), KNOWLEDGE)


@pytest.fixture(scope="module")
def judged_cases(cases: pl.DataFrame) -> pl.DataFrame:
    """Return their judgement, without a door."""
    return plain(judge(cases, KNOWLEDGE, on=ON))


@pytest.mark.parametrize("door", ["polars", "pandas", "pyarrow", "duckdb"])
def test_every_case_is_judged_the_same_through_every_door(
    door: str, cases: pl.DataFrame, judged_cases: pl.DataFrame
) -> None:
    """Dates, words, sites and nulls of the published cases and scenarios pass each door unharmed: 0 differences."""
    table = cases.to_arrow(compat_level=pl.CompatLevel.oldest())
    connection = duckdb.connect()
    connection.register("people", table)
    frames = {
        "polars": cases,
        "pandas": cases.to_pandas(),
        "pyarrow": table,
        "duckdb": connection.sql("select * from people"),
    }
    judged = judge_any(frames[door], on=ON)
    if door == "pandas":
        judged = pa.Table.from_pandas(judged, preserve_index=False)
    found = plain(judged.to_arrow_table() if door == "duckdb" else judged)
    assert_frame_equal(found.select(judged_cases.columns), judged_cases, abs_tol=1e-12)


def test_a_time_of_day_is_no_date() -> None:
    """In pandas there are no days alone: midnight is taken for its day, and an hour is refused rather than dropped."""
    frame = pd.DataFrame({"lab.magnesium": [0.3], "lab.magnesium.taken": pd.to_datetime(["2025-01-02"])})
    assert judge_any(frame, on=ON)["lab.magnesium"].isna().tolist() == [True]
    frame["lab.magnesium.taken"] = pd.to_datetime(["2025-01-02 08:30"])
    with pytest.raises(DataRefusedError, match=r"column 'lab.magnesium.taken' holds Datetime.*expected Date"):
        judge_any(frame, on=ON)
