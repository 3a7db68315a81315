"""The same judgement inside Spark: the Polars kernel on every partition, through ``mapInArrow``.

Shipped to the executors: the names of the columns, the mapping as text, and which knowledge is meant. Rheobase with its
extra ``cohort`` must be installed on them; a worker with another version of the knowledge refuses to judge.
"""

from __future__ import annotations

import os
import shutil
import sys
from collections.abc import Callable, Iterator, Mapping, Sequence
from contextlib import contextmanager
from typing import Any

import polars as pl
import pyarrow as pa

from rheobase.cohort.doors import as_told
from rheobase.cohort.outcome import aligned, outcome_schema
from rheobase.errors import DataRefusedError, UsageError
from rheobase.knowledge import Knowledge, load_knowledge

Batches = Iterator[pa.RecordBatch]
_THREADS = ("POLARS_MAX_THREADS", "NUMBA_NUM_THREADS")


@contextmanager
def spark_session(name: str = "rheobase") -> Iterator[Any]:
    """Yield a Spark session: the one that runs, else one by the usual settings, in this process without any.

    A master, memory and everything else come from ``spark-defaults.conf`` (``SPARK_CONF_DIR``),
    ``PYSPARK_SUBMIT_ARGS`` or ``spark-submit``; without a master Spark runs on this machine alone.

    Raises:
        UsageError: PySpark or Java is missing; says what to install.
    """
    try:
        from pyspark.sql import SparkSession  # noqa: PLC0415 - only for Spark
    except ImportError as problem:
        raise UsageError("Spark needs the package pyspark: pip install 'rheobase[spark]'.") from problem
    if SparkSession.getActiveSession() is None and not _java():
        raise UsageError(
            "Spark needs Java 17 or newer: install it and put java on the PATH, or set JAVA_HOME. "
            "The same run without Spark: --engine polars."
        )
    # Java only hands out the work; the compiler of long loads would cost more than all that it does for us.
    os.environ.setdefault("SPARK_SUBMIT_OPTS", "-XX:TieredStopAtLevel=1")
    # Workers must run under the Python that has Rheobase.
    os.environ.setdefault("PYSPARK_PYTHON", sys.executable)
    running = SparkSession.getActiveSession()
    settings: dict[str, Any] = {
        "spark.ui.enabled": "false",
        "spark.ui.showConsoleProgress": "false",
        "spark.log.level": "ERROR",
        # A task has one core; its worker must not take those of its neighbours.
        **{f"spark.executorEnv.{name}": os.environ.get(name, "1") for name in _THREADS},
    }
    session = running or SparkSession.builder.appName(name).config(map=settings).getOrCreate()
    try:
        yield session
    finally:
        if running is None:
            session.stop()


def judge_spark(frame: Any, knowledge: Knowledge, *, keep: Sequence[str] = (), **options: Any) -> Any:
    """Return a Spark DataFrame of judgements, worked out lazily on the executors.

    Args:
        frame: Spark DataFrame of told columns (``cohort.frame``).
        knowledge: What is known; the executors load the packaged one and compare its version.
        keep: Columns that are carried along unread.
        options: Further options of ``cohort.judge.judge``.

    Raises:
        DataRefusedError: A column is not one that may be told.
    """
    told = as_told(pl.DataFrame(schema=told_types(frame)), knowledge, keep).schema
    judge = _Judge(knowledge.version, tuple(keep), options)
    expected = outcome_schema(told, keep, knowledge, lambda table, _: judge.frame(table))
    return map_batches(frame, judge, expected)


def map_batches(frame: Any, work: Callable[[pl.DataFrame], pl.DataFrame], expected: Mapping[str, pl.DataType]) -> Any:
    """Return what a function makes of each batch of a Spark DataFrame.

    Args:
        frame: Spark DataFrame.
        work: From a batch to the rows of the result; it is pickled for the executors.
        expected: The columns of the result.
    """
    shipped = _Shipped(work, tuple(frame.columns), tuple(expected.items()))
    # mapInArrow looks columns up by their names and takes a dot for a field of a structure.
    plain = frame.toDF(*(f"c{number}" for number in range(len(frame.columns))))
    return plain.mapInArrow(shipped, spark_schema(expected))


class _Judge:
    """Judges a batch on an executor."""

    def __init__(self, version: str, keep: tuple[str, ...], options: Mapping[str, Any]) -> None:
        self._version, self._keep, self._options = version, keep, dict(options)

    def __call__(self, batch: pl.DataFrame) -> pl.DataFrame:
        return self.frame(as_told(batch, same_knowledge(self._version), self._keep))

    def frame(self, told: pl.DataFrame) -> pl.DataFrame:
        """Return the judgement of a told frame."""
        from rheobase.cohort.judge import judge  # noqa: PLC0415 - numba is loaded only when something is judged

        return judge(told, same_knowledge(self._version), keep=self._keep, **self._options)


class _Shipped:
    """What is pickled: the work and the columns that must come out."""

    def __init__(
        self,
        work: Callable[[pl.DataFrame], pl.DataFrame],
        names: tuple[str, ...],
        expected: tuple[tuple[str, pl.DataType], ...],
    ) -> None:
        self._work, self._names, self._expected = work, names, expected

    def __call__(self, batches: Batches) -> Batches:
        expected = dict(self._expected)
        target = arrow_schema(expected)
        for batch in batches:
            frame = pl.from_arrow(pa.Table.from_batches([batch]))
            if not isinstance(frame, pl.DataFrame):
                raise TypeError(f"expected a table, got {type(frame).__name__}")
            judged = aligned(self._work(frame.rename(dict(zip(frame.columns, self._names, strict=True)))), expected)
            table = judged.to_arrow(compat_level=pl.CompatLevel.oldest())
            yield from table.cast(target).to_batches()


def same_knowledge(version: str) -> Knowledge:
    """Return the packaged knowledge if it is the version that is meant.

    Raises:
        DataRefusedError: This worker has another one; one result must not be judged by two.
    """
    knowledge = load_knowledge()
    if knowledge.version != version:
        raise DataRefusedError(
            f"this worker has knowledge {knowledge.version}, the driver {version}: install the same rheobase on both."
        )
    return knowledge


def spark_schema(columns: Mapping[str, pl.DataType]) -> Any:
    """Return columns as a Spark schema."""
    from pyspark.sql import types  # noqa: PLC0415 - only for Spark

    plain: dict[type[pl.DataType], Any] = {
        pl.Float64: types.DoubleType(),
        pl.Float32: types.FloatType(),
        pl.Boolean: types.BooleanType(),
        pl.Int64: types.LongType(),
        pl.Int32: types.IntegerType(),
        pl.Date: types.DateType(),
        pl.Null: types.StringType(),
    }

    def spark_type(kind: pl.DataType) -> Any:
        if isinstance(kind, pl.List):
            return types.ArrayType(spark_type(_instance(kind.inner)))
        if isinstance(kind, pl.Struct):
            return types.StructType([types.StructField(f.name, spark_type(_instance(f.dtype))) for f in kind.fields])
        if kind.is_integer() and type(kind) not in plain:
            return types.LongType()
        return plain.get(type(kind), types.StringType())

    return types.StructType([types.StructField(name, spark_type(kind)) for name, kind in columns.items()])


def arrow_schema(columns: Mapping[str, pl.DataType]) -> pa.Schema:
    """Return the same columns in the types that Spark reads from Arrow."""
    plain: dict[type[pl.DataType], pa.DataType] = {
        pl.Float64: pa.float64(),
        pl.Float32: pa.float32(),
        pl.Boolean: pa.bool_(),
        pl.Int64: pa.int64(),
        pl.Int32: pa.int32(),
        pl.Date: pa.date32(),
    }

    def arrow_type(kind: pl.DataType) -> pa.DataType:
        if isinstance(kind, pl.List):
            return pa.list_(arrow_type(_instance(kind.inner)))
        if isinstance(kind, pl.Struct):
            return pa.struct([(each.name, arrow_type(_instance(each.dtype))) for each in kind.fields])
        if kind.is_integer() and type(kind) not in plain:
            return pa.int64()
        return plain.get(type(kind), pa.string())

    return pa.schema([(name, arrow_type(kind)) for name, kind in columns.items()])


def _instance(kind: Any) -> pl.DataType:
    found: pl.DataType = kind() if isinstance(kind, type) else kind
    return found


def told_types(frame: Any) -> dict[str, pl.DataType]:
    """Return the types in which Spark's columns come, without reading a row."""
    from pyspark.sql import types  # noqa: PLC0415 - only for Spark

    def polars_type(kind: Any) -> pl.DataType:
        if isinstance(kind, types.ArrayType):
            return pl.List(polars_type(kind.elementType))
        known: dict[type, pl.DataType] = {
            types.BooleanType: pl.Boolean(),
            types.DoubleType: pl.Float64(),
            types.FloatType: pl.Float32(),
            types.LongType: pl.Int64(),
            types.IntegerType: pl.Int32(),
            types.ShortType: pl.Int16(),
            types.ByteType: pl.Int8(),
            types.StringType: pl.String(),
            types.DateType: pl.Date(),
            types.TimestampType: pl.Datetime(),
        }
        return known.get(type(kind), pl.Object())

    found = {each.name: polars_type(each.dataType) for each in frame.schema.fields}
    strange = [name for name, kind in found.items() if kind == pl.Object]
    if strange:
        raise DataRefusedError(f"column {strange[0]!r} has a type that cannot be told; see cohort.frame")
    return found


def _java() -> bool:
    home = os.environ.get("JAVA_HOME")
    return shutil.which("java", path=os.path.join(home, "bin") if home else None) is not None  # noqa: PTH118 - a PATH
