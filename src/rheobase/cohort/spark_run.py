"""A whole run on Spark: its own readers, the same mapping and judgement on every partition, the same result folder.

Spark writes all or nothing, so there is nothing to resume; a row group that cannot be read stops the run. Rows of a
Parquet file keep their number; those of CSV have none, because Spark cuts a file wherever it likes.
"""

from __future__ import annotations

import functools
import re
from collections.abc import Iterator, Mapping
from typing import IO, Any

import polars as pl

from rheobase.cohort.frame import PERSON
from rheobase.cohort.mapping import OWN, SourceMapping, own_mapping, parse_mapping
from rheobase.cohort.mapping_read import REFUSED, reader_for, told_of, without_formulas
from rheobase.cohort.outcome import outcome_schema
from rheobase.cohort.readers import Source, first_line, is_parquet
from rheobase.cohort.run import Plan, Report, finish
from rheobase.cohort.run_folder import RunFolder, sha256_of
from rheobase.cohort.spark import ARROW_ROWS, map_batches, same_knowledge, spark_session
from rheobase.errors import DataRefusedError, RheobaseError

_OURS = "__rheobase_"
PLACE, FILE, ROW, BAD, LOST, CELLS = (f"{_OURS}{name}" for name in ("place", "file", "row", "bad", "lost", "cells"))
_TOLD_OF = {PLACE: pl.Int64(), FILE: pl.String(), ROW: pl.Int64(), LOST: pl.String()}
_CELLS = pl.List(pl.Struct({"column": pl.String(), "value": pl.String(), "why": pl.String()}))
# The last line of a Python traceback from a worker.
_PYTHON_ERROR = re.compile(r"^[\w.]+(?:Error|Exception|Panic\w*): (.+)$", re.MULTILINE)
_WHY_BAD = "has another number of cells than the header; the row is left out"


def run_spark(plan: Plan, folder: RunFolder, where: str) -> Report:
    """Judge every row of a source on Spark and write the result.

    Args:
        plan: What to do; its ``judge`` is not used on the executors, its options are.
        folder: Where; already begun, on a disc that the driver and the executors share.
        where: The path of the source.

    Raises:
        DataRefusedError: Spark stopped; nothing is left that looks whole.
        UsageError: Java or PySpark is missing.
    """
    needed = plan.mapping.needed
    plan.source.check(needed)
    report = Report(unread=tuple(c for c in plan.source.columns if c not in {*needed, *plan.mapping.ignored}))
    work = Work(plan.knowledge.version, (plan.mapping.text, plan.source.columns), dict(plan.options))
    with spark_session() as spark:
        spark.conf.set(ARROW_ROWS, str(plan.batch))
        try:
            table = _read(spark, plan.source, where, needed)
            expected = {**work.expected(_types(table, needed)), **_TOLD_OF, CELLS: _CELLS}
            judged = map_batches(table, work, expected).persist()
            _write(judged, folder)
            lines = list(_lines(judged, plan.mapping))
            judged.unpersist()
        except RheobaseError:
            raise
        except Exception as problem:
            # Spark's own errors are of many kinds, with pages of Java behind them.
            raise DataRefusedError(f"Spark stopped: {_reason(problem)}. Nothing was written.") from problem
    _collect(folder, report)
    return _finished(plan, folder, lines, report)


class Work:
    """What is done with a batch on an executor; only texts are pickled."""

    def __init__(self, version: str, mapping: tuple[str, tuple[str, ...]], options: Mapping[str, Any]) -> None:
        """Keep what is needed to do it anywhere.

        Args:
            version: Of the knowledge.
            mapping: As it was written, and the columns of the source.
            options: Of the judgement.
        """
        self._version, self._mapping, self._options = version, mapping, dict(options)

    def __call__(self, batch: pl.DataFrame) -> pl.DataFrame:
        """Return the judged rows of a batch, what was refused in each, and the rows that could not be read."""
        bad = batch[BAD].is_not_null()
        fine, lost = batch.filter(~bad), batch.filter(bad)
        mapping = self._read_mapping()
        # Batches are numbered anew, so that a refused cell finds its row again.
        places = pl.int_range(0, fine.height, dtype=pl.Int64, eager=True)
        rows = fine.select(PLACE, FILE, ROW, pl.lit(None, dtype=pl.String).alias(LOST))
        reader = reader_for(mapping, self._knowledge(), on=self._options.get("on"))
        told = told_of(fine.drop(PLACE, FILE, ROW, BAD), places, mapping, reader)
        frame = told.frame if mapping.person_id else told.frame.with_columns(_by_row(rows).alias(PERSON))
        refused = told.refused.group_by("row", maintain_order=True).agg(
            pl.struct("column", "value", "why").alias(CELLS)
        )
        cells = pl.DataFrame({"row": places}).join(refused, on="row", how="left", maintain_order="left").select(CELLS)
        judged = pl.concat([self.judged(frame, mapping), rows, cells], how="horizontal")
        gone = lost.select(PLACE, FILE, ROW, pl.col(BAD).alias(LOST))
        return pl.concat([judged, gone], how="diagonal_relaxed") if gone.height else judged

    def judged(self, told: pl.DataFrame, mapping: SourceMapping) -> pl.DataFrame:
        """Return the judgement of a told frame."""
        from rheobase.cohort.judge import judge  # noqa: PLC0415 - numba is loaded only when something is judged

        return judge(told, self._knowledge(), keep=mapping.keep, **self._options)

    def expected(self, types: pl.DataFrame) -> dict[str, pl.DataType]:
        """Return the columns of a judgement of such a source."""
        mapping = self._read_mapping()
        told = told_of(types, pl.Series([], dtype=pl.Int64), mapping, reader_for(mapping, self._knowledge())).frame
        return dict(
            outcome_schema(told.schema, mapping.keep, self._knowledge(), lambda frame, _: self.judged(frame, mapping))
        )

    def _knowledge(self) -> Any:
        return same_knowledge(self._version)

    def _read_mapping(self) -> SourceMapping:
        return _mapping(*self._mapping, self._version)


@functools.lru_cache(maxsize=4)
def _mapping(text: str, there: tuple[str, ...], version: str) -> SourceMapping:
    knowledge = same_knowledge(version)
    if text.startswith(OWN):
        names = [line.removeprefix("# ") for line in text.removeprefix(OWN).split("\n")[:-1]]
        return own_mapping(names, knowledge, name="the source")
    return parse_mapping(text, knowledge, name="the mapping", there=there)


def _by_row(rows: pl.DataFrame) -> pl.Series:
    return rows.select(pl.concat_str(FILE, pl.lit("#"), pl.col(ROW).cast(pl.String))).to_series()


def _read(spark: Any, source: Source, where: str, needed: tuple[str, ...]) -> Any:
    """Return the source as Spark reads it, with the place of each row."""
    from pyspark.sql import functions as f  # noqa: PLC0415 - only for Spark

    if is_parquet(source.files[0]):
        table = spark.read.option("recursiveFileLookup", "true").parquet(where)
        row = f.col("_metadata.row_index") + 1
        bad = f.lit(None).cast("string")
    else:
        from rheobase.cohort.readers_csv import separator_of  # noqa: PLC0415 - only for CSV

        # Every cell is text here too; a row with too many or too few cells is kept as a whole in BAD.
        columns = ", ".join(f"`{name}` STRING" for name in (*source.columns, BAD))
        options = {"header": True, "sep": separator_of(source.files[0]), "multiLine": True, "escape": '"'}
        options |= {"mode": "PERMISSIVE", "columnNameOfCorruptRecord": BAD, "recursiveFileLookup": True}
        table = spark.read.schema(columns).options(**options).csv(where)
        row, bad = f.lit(None).cast("long"), f.col(f"`{BAD}`")
    return table.select(
        *(f.col(f"`{name}`") for name in needed),
        f.monotonically_increasing_id().alias(PLACE),
        f.col("_metadata.file_name").alias(FILE),
        row.alias(ROW),
        bad.alias(BAD),
    )


def _types(table: Any, needed: tuple[str, ...]) -> pl.DataFrame:
    from rheobase.cohort.spark import told_types  # noqa: PLC0415 - only for Spark

    types = told_types(table)
    return pl.DataFrame(schema={name: types[name] for name in needed})


def _write(judged: Any, folder: RunFolder) -> None:
    from pyspark.sql import functions as f  # noqa: PLC0415 - only for Spark

    kept = judged.filter(f.col(f"`{LOST}`").isNull()).drop(*_TOLD_OF, CELLS)
    kept.write.mode("overwrite").parquet(str((folder.state / "spark").resolve()))


def _lines(judged: Any, mapping: SourceMapping) -> Iterator[dict[str, Any]]:
    """Yield the lines of refused.csv: refused cells, rows that could not be read, ids that stood before."""
    from pyspark.sql import functions as f  # noqa: PLC0415 - only for Spark

    where = [f.col(f"`{name}`").alias(name.removeprefix(_OURS)) for name in (PLACE, FILE, ROW)]
    person = f.col(PERSON).alias("id") if PERSON in judged.columns else f.lit(None).cast("string").alias("id")
    cells = judged.select(*where, person, f.explode(f"`{CELLS}`").alias("cell")).select(
        "place", "file", "row", "id", "cell.column", "cell.value", "cell.why"
    )
    lost = judged.filter(f.col(f"`{LOST}`").isNotNull()).select(
        *where, person, f.lit("").alias("column"), f.col(f"`{LOST}`").alias("value"), f.lit(_WHY_BAD).alias("why")
    )
    for part in (cells, lost):
        yield from (each.asDict() for each in part.orderBy("place").toLocalIterator())
    if mapping.person_id is None:
        return
    people = judged.select(*where, person).filter("id is not null")
    first = people.groupBy("id").agg(
        f.min(f.struct("place", "file", "row")).alias("first"), f.count("*").alias("times")
    )
    again = people.join(first.filter("times > 1"), "id").filter("place != first.place").orderBy("place")
    for each in again.toLocalIterator():
        known = f"row {each['first']['row']}" if each["first"]["row"] else "another row"
        other = "" if each["first"]["file"] == each["file"] else f"{each['first']['file']} "
        why = f"is the id of {other}{known} too; both are judged"
        yield {**each.asDict(), "column": mapping.person_id, "value": each["id"], "why": why, "repeated": True}


def _collect(folder: RunFolder, report: Report) -> None:
    """Give Spark's parts our names and count their rows."""
    import pyarrow.parquet as pq  # noqa: PLC0415 - only for Spark

    for number, part in enumerate(sorted((folder.state / "spark").glob("*.parquet"))):
        name = f"part-{number:06d}.parquet"
        rows = pq.read_metadata(part).num_rows
        part.replace(folder.whole / name)
        report.parts.append({"file": name, "rows": rows, "sha256": sha256_of(folder.whole / name)})
        report.judged += rows


def _finished(plan: Plan, folder: RunFolder, lines: list[dict[str, Any]], report: Report) -> Report:
    for line in lines:
        column = line["column"]
        if line.get("repeated"):
            report.repeated += 1
        elif not column:
            report.lost += 1
        else:
            report.refused[column] = report.refused.get(column, 0) + 1
        report.examples.setdefault(column, f"{line['file']} row {line['row'] or '?'}: {line['value']!r} {line['why']}")
    frame = pl.DataFrame(lines, schema={"file": pl.String(), **REFUSED}, strict=False)

    def write(stream: IO[bytes]) -> object:
        return stream.write(without_formulas(frame).write_csv().encode())

    finish(plan, folder, write, report)
    return report


def _reason(problem: Exception) -> str:
    """Return the line of an error that says what happened, of the pages that Spark writes."""
    found = _PYTHON_ERROR.findall(str(problem).split("JVM stacktrace", 1)[0])
    return first_line(ValueError(found[-1])) if found else first_line(problem)
