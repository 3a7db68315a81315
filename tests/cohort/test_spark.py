"""The same judgement inside a real Spark, started by ourselves on this machine."""

from __future__ import annotations

import json
import os
import shutil
import sys
import warnings
from collections.abc import Iterator
from dataclasses import asdict, replace
from pathlib import Path
from typing import Any

import polars as pl
import pytest
from polars.testing import assert_frame_equal

from rheobase.cohort import judge_any
from rheobase.cohort.dummy import dummy_frames
from rheobase.cohort.judge import judge
from rheobase.cohort.mapping import own_mapping, parse_mapping
from rheobase.cohort.person_rows import told_frame
from rheobase.cohort.readers import open_source
from rheobase.cohort.run import Plan, Report, run
from rheobase.cohort.run_folder import run_folder
from rheobase.cohort.spark import spark_session
from rheobase.cohort.spark_run import _gather, run_spark
from rheobase.errors import DataRefusedError, UsageError
from rheobase.knowledge import Knowledge, load_knowledge
from tests.cohort.cases import KNOWLEDGE, ON, aged, published, scenarios

pytestmark = [
    pytest.mark.slow,
    pytest.mark.skipif(shutil.which("java") is None, reason="Spark needs Java; there is none on the PATH"),
    # PySpark warns of pandas 3, which is not used on our way through it.
    pytest.mark.filterwarnings("ignore::FutureWarning", "ignore::ResourceWarning", "ignore::DeprecationWarning"),
]

MAPPING = """
[person]
id = "who"
[columns.K]
lab = "potassium"
unit_column = "K_unit"
[columns.age]
finding = "age_years"
[columns.tired]
finding = "fatigue"
values = {"1" = true, "2" = false}
"""


@pytest.fixture(scope="session")
def spark() -> Iterator[Any]:
    """One Spark for all tests: its start costs several seconds."""
    with warnings.catch_warnings(), pytest.MonkeyPatch.context() as patch:
        warnings.simplefilter("ignore")
        patch.setenv("PYSPARK_SUBMIT_ARGS", "--master local[2] --conf spark.sql.shuffle.partitions=2 pyspark-shell")
        patch.setenv("PYTHONPATH", os.pathsep.join([str(Path(__file__).parents[2]), os.environ.get("PYTHONPATH", "")]))
        with spark_session() as session:
            yield session


def people(rows: int = 300) -> pl.DataFrame:
    """Return made-up people as a told frame of the commoner columns."""
    frame = next(dummy_frames(load_knowledge(), rows, 5))
    return frame.select("person_id", *frame.columns[1::4], "age_years", "sex").select(pl.all())


def plan_for(source: Path, knowledge: Knowledge, mapping: str | None) -> Plan:
    """Return the same plan for both engines."""
    found = open_source(str(source))
    told = parse_mapping(mapping, knowledge, name="m") if mapping else own_mapping(found.columns, knowledge, name="m")
    return Plan(found, told, knowledge, lambda frame, keep: judge(frame, knowledge, keep=keep))


def ran(plan: Plan, out: Path, *, spark: bool = False) -> tuple[pl.DataFrame, list[dict[str, Any]], Any]:
    """Return the result, the refused lines and the report of a run."""
    folder = run_folder(str(out))
    folder.begin(plan.settings(), resume=False)
    report = run(plan, folder) if not spark else run_spark(plan, folder)
    judged = pl.concat([pl.read_parquet(each) for each in sorted(out.glob("part-*"))], how="diagonal_relaxed")
    return plain(judged), pl.read_csv(out / "refused.csv", infer_schema=False).to_dicts(), report


def parts(out: Path) -> list[Path]:
    """Return the parts of a result in their order."""
    return sorted(out.glob("part-*"))


def plain(frame: pl.DataFrame) -> pl.DataFrame:
    """Return a result in the types that every engine has, in the order of the people."""
    words = [name for name, kind in frame.schema.items() if kind in (pl.Enum, pl.Categorical)]
    lists = [name for name, kind in frame.schema.items() if isinstance(kind, pl.List)]
    return frame.with_columns(pl.col(words).cast(pl.String), pl.col(lists).cast(pl.List(pl.String))).sort(
        "person_id", maintain_order=True
    )


def test_a_spark_frame_is_judged_as_a_polars_frame_is(spark: Any) -> None:
    """The same kernel runs on the executors: the same values in the same columns, null where it is null."""
    frame = people().unique(subset=["person_id"], maintain_order=True)
    told = spark.createDataFrame(frame.to_arrow(compat_level=pl.CompatLevel.oldest())).repartition(3)
    judged = plain(pl.DataFrame(pl.from_arrow(judge_any(told).toArrow())))
    expected = plain(judge(frame, load_knowledge()))
    assert_frame_equal(judged.select(expected.columns), expected, abs_tol=1e-12)
    assert set(judged.columns) - set(expected.columns) <= {n for n in judged.columns if judged[n].is_null().all()}


def test_every_case_is_judged_the_same_in_spark(spark: Any) -> None:
    """The published cases and the scenarios, with dates of their tests: 0 differences from Polars."""
    frame = told_frame(aged([*published(), *scenarios()]), KNOWLEDGE)
    frame = frame.with_columns(pl.format("{}", pl.int_range(pl.len()) + 10_000).alias("person_id"))
    told = spark.createDataFrame(frame.to_arrow(compat_level=pl.CompatLevel.oldest())).repartition(3)
    judged = plain(pl.DataFrame(pl.from_arrow(judge_any(told, on=ON).toArrow())))
    expected = plain(judge(frame, KNOWLEDGE, on=ON))
    assert_frame_equal(judged.select(expected.columns), expected, abs_tol=1e-12)


def test_a_wrong_column_is_refused_before_spark_reads_a_row(spark: Any) -> None:
    """A column that may not be told is named at once."""
    import pyarrow as pa

    with pytest.raises(DataRefusedError, match="'agee_years' is not known"):
        judge_any(spark.createDataFrame(pa.table({"agee_years": [1.0]})))


def test_a_run_on_spark_gives_the_result_and_the_refused_cells_of_the_other_engine(spark: Any, tmp_path: Path) -> None:
    """Parquet with wrong cells and repeated ids: the same people, cells, rows and reasons; the manifest is whole."""
    knowledge = load_knowledge()
    table = pl.DataFrame(
        {
            "who": ["a", "b", "c", "a", "d"],
            "K": ["3.1", "4.0", "x", "<3", "15.6"],
            "K_unit": ["mmol/L", "stone", "mmol/L", "mmol/L", "mg/dL"],
            "age": [30.0, None, 300.0, 40.0, 50.0],
            "tired": [1, 2, 7, None, 1],
        }
    )
    table.write_parquet(tmp_path / "in.parquet")
    plan = plan_for(tmp_path / "in.parquet", knowledge, MAPPING)
    one, told_one, report_one = ran(plan, tmp_path / "one")
    other, told_other, report_other = ran(plan, tmp_path / "other", spark=True)
    assert_frame_equal(other.select(one.columns), one, abs_tol=1e-12)
    assert len(told_one) == 5
    assert told_other == told_one
    assert [each.read_bytes() for each in parts(tmp_path / "other")] == [
        each.read_bytes() for each in parts(tmp_path / "one")
    ]
    assert report_other.refused == report_one.refused == {"K": 2, "age": 1, "tired": 1}
    assert (report_other.judged, report_other.repeated) == (5, 1)
    manifest = json.loads((tmp_path / "other" / "manifest.json").read_bytes())
    assert sum(each["rows"] for each in manifest["parts"]) == 5
    assert not (tmp_path / "other.unfinished").exists()


def test_a_broken_line_of_a_csv_is_told_by_spark_too(spark: Any, tmp_path: Path) -> None:
    """A line with too few cells is in refused.csv, counted, and not in the result."""
    (tmp_path / "in.csv").write_text("who,K,K_unit,age,tired\na,3.0,mmol/L,30,1\nb,3.0\nc,4.0,mmol/L,31,2\n")
    plan = plan_for(tmp_path / "in.csv", load_knowledge(), MAPPING)
    judged, lines, report = ran(plan, tmp_path / "out", spark=True)
    assert judged["person_id"].to_list() == ["a", "c"]
    assert (report.judged, report.lost, report.whole) == (2, 1, False)
    assert (judged.to_dicts(), lines) == tuple(
        each.to_dicts() if isinstance(each, pl.DataFrame) else each for each in ran(plan, tmp_path / "here")[:2]
    )


def test_a_corrupt_row_group_is_told_by_spark_as_by_the_other_engine(spark: Any, tmp_path: Path) -> None:
    """One row group of three cannot be read: its rows are lost, told and counted, the others judged."""
    told = pl.DataFrame({"age_years": [float(n * n % 9973) / 100 for n in range(6000)]})
    told.write_parquet(tmp_path / "in.parquet", row_group_size=2000)
    data = bytearray((tmp_path / "in.parquet").read_bytes())
    data[100:1100] = bytes(1000)
    (tmp_path / "in.parquet").write_bytes(data)
    plan = replace(plan_for(tmp_path / "in.parquet", load_knowledge(), None), batch=2000)
    judged, lines, report = ran(plan, tmp_path / "out", spark=True)
    here, lines_here, _ = ran(plan, tmp_path / "here")
    assert_frame_equal(judged, here)
    assert lines == lines_here
    assert (report.judged, report.lost, report.whole) == (4000, 2000, False)


def test_a_fault_of_a_worker_stops_spark_and_leaves_no_result(spark: Any, tmp_path: Path) -> None:
    """What Spark cannot do it says in one line, and no folder looks whole."""
    pl.DataFrame({"age_years": [30.0]}).write_parquet(tmp_path / "in.parquet")
    plan = plan_for(tmp_path / "in.parquet", replace(load_knowledge(), version="another"), None)
    with pytest.raises(DataRefusedError, match="Spark stopped: this worker has knowledge"):
        ran(plan, tmp_path / "out", spark=True)
    assert not (tmp_path / "out").exists()


def test_a_part_that_is_not_on_the_disc_of_the_driver_is_no_result(tmp_path: Path) -> None:
    """Executors that wrote to their own disc: the run says that OUT must be shared, and nothing looks whole."""
    folder = run_folder(str(tmp_path / "out"))
    folder.begin({}, resume=False)
    record = {"part": "000000-000000-0.parquet", "rows": 1, "sha256": "", "from": {}, "report": asdict(Report())}
    with pytest.raises(DataRefusedError, match="OUT must lie on one that they and the driver share"):
        _gather(folder, [record], Report())
    assert not (tmp_path / "out").exists()


def test_without_java_the_message_says_what_to_do(monkeypatch: pytest.MonkeyPatch, tmp_path: Path) -> None:
    """No Java, no traceback: one line that names both ways out."""
    from pyspark.sql import SparkSession

    monkeypatch.setattr(SparkSession, "getActiveSession", classmethod(lambda _: None))
    monkeypatch.setenv("JAVA_HOME", str(tmp_path))
    with pytest.raises(UsageError, match=r"needs Java 17 or newer.*--engine polars"), spark_session():
        pass


def test_without_pyspark_the_message_says_what_to_install(monkeypatch: pytest.MonkeyPatch) -> None:
    """No PySpark: one line with the command that installs it."""
    monkeypatch.setitem(sys.modules, "pyspark.sql", None)
    with pytest.raises(UsageError, match=r"pip install 'rheobase\[spark\]'"), spark_session():
        pass
