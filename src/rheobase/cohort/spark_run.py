"""A whole run on Spark: it hands out the pieces of a table to its workers, which do with them what a run here does.

The result is the one of the other engine: same rows in the same order, same refused cells by row. Spark does all or
nothing, so there is nothing to resume.
"""

from __future__ import annotations

import dataclasses
import json
import re
import shutil
from collections.abc import Iterable
from typing import Any

import polars as pl

from rheobase.cohort.readers import first_line
from rheobase.cohort.run import Plan, Report, all_refused, finish, refused_file
from rheobase.cohort.run_folder import RunFolder
from rheobase.cohort.run_ids import IdBook
from rheobase.cohort.spark import map_batches, spark_session
from rheobase.cohort.spark_work import RECORD, Work, made, pieces
from rheobase.errors import DataRefusedError, RheobaseError
from rheobase.plain_text import printable

# The last line of a Python traceback from a worker.
_PYTHON_ERROR = re.compile(r"^[\w.]+(?:Error|Exception|Panic\w*): (.+)$", re.MULTILINE)
# Each piece is a task of its own; beyond so many, several share one.
_MOST_TASKS = 10_000


def run_spark(plan: Plan, folder: RunFolder) -> Report:
    """Judge every row of a source on Spark and write the result.

    Args:
        plan: What to do; its ``judge`` is not used on the executors, its options are. Its files must be seen by the
            driver and the executors under the same path.
        folder: Where; already begun, on a disc that all of them share.

    Raises:
        DataRefusedError: Spark stopped, or its executors do not share the disc; nothing is left that looks whole.
        UsageError: Java or PySpark is missing.
    """
    plan.source.check(plan.mapping.needed)
    folder = RunFolder(folder.out.resolve(), folder.work.resolve())
    # What a run that was stopped has left.
    shutil.rmtree(made(folder), ignore_errors=True)
    made(folder).mkdir()
    source = dataclasses.replace(plan.source, files=tuple(each.resolve() for each in plan.source.files))
    todo = tuple(pieces(source, plan.batch))
    records = []
    if todo:
        work = Work(
            *(plan.knowledge.version, plan.mapping.text, source, todo, folder),
            *(plan.batch, dict(plan.options), plan.expected),
        )
        records = _worked(work, len(todo))
    report = Report(unread=tuple(c for c in source.columns if c not in {*plan.mapping.needed, *plan.mapping.ignored}))
    try:
        _gather(folder, records, report)
        repeated = _repeated(folder, records)
        report.repeated = repeated.height
        finish(plan, folder, lambda stream: all_refused(plan, folder, (repeated, report), stream), report)
    except OSError as problem:
        shown = printable(str(folder.work), limit=200)
        raise DataRefusedError(f"{shown}: cannot be written ({problem.strerror or problem}).") from problem
    return report


def _worked(work: Work, count: int) -> list[dict[str, Any]]:
    """Return what the executors say of each part, in the order of the source."""
    with spark_session() as spark:
        try:
            numbers = spark.range(0, count, 1, min(count, _MOST_TASKS))
            lines = map_batches(numbers, work, {RECORD: pl.String()}).collect()
        except RheobaseError:
            raise
        except Exception as problem:
            # Spark's own errors are of many kinds, with pages of Java behind them.
            raise DataRefusedError(f"Spark stopped: {_reason(problem)}. Nothing was written.") from problem
    return sorted((json.loads(line[0]) for line in lines), key=lambda each: each["place"])


def _gather(folder: RunFolder, records: Iterable[dict[str, Any]], report: Report) -> None:
    """Give the files of the executors their names, and add up what they say."""
    for number, record in enumerate(records):
        for kind, target in (
            ("refused", refused_file(folder, number)),
            ("part", folder.whole / f"part-{number:06d}.parquet"),
        ):
            if kind not in record:
                target.unlink(missing_ok=True)
                continue
            try:
                (made(folder) / record[kind]).replace(target)
            except FileNotFoundError as problem:
                raise DataRefusedError(
                    f"{printable(str(folder.out), limit=200)}: the executors wrote to a disc of their own. OUT must "
                    "lie on one that they and the driver share; without one use rheobase.cohort.judge_any and "
                    "Spark's own writer (docs/spark.md)."
                ) from problem
        if "part" in record:
            found = {"file": f"part-{number:06d}.parquet", "rows": record["rows"], "sha256": record["sha256"]}
            report.parts.append({**found, "from": record["from"]})
            report.judged += record["rows"]
        one = record["report"]
        report.lost += one["lost"]
        report.rest_lost = (*report.rest_lost, *one["rest_lost"])
        for column, cells in one["refused"].items():
            report.refused[column] = report.refused.get(column, 0) + cells
        report.examples = {**one["examples"], **report.examples}
        report.chunks = number + 1


def _repeated(folder: RunFolder, records: Iterable[dict[str, Any]]) -> pl.DataFrame:
    with IdBook(folder.state / "ids") as book:
        for record in records:
            if "ids" in record:
                ids = pl.read_ipc(made(folder) / record["ids"])
                book.add(record["file"], ids["row"], ids["id"])
        return book.repeated()


def _reason(problem: Exception) -> str:
    """Return the line of an error that says what happened, of the pages that Spark writes."""
    found = _PYTHON_ERROR.findall(str(problem).split("JVM stacktrace", 1)[0])
    return first_line(ValueError(found[-1])) if found else first_line(problem)
