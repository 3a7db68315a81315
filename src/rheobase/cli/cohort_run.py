"""``rheobase cohort run``: judge a table of people and write the result into a new folder."""

from __future__ import annotations

import sys
from typing import TYPE_CHECKING, Any

import click

from rheobase.cli.cohort_told import SOURCES, batches_of, check_source, say_not_used
from rheobase.cli.options import day_of, json_option, print_json
from rheobase.errors import UsageError

if TYPE_CHECKING:
    from collections.abc import Mapping

    from rheobase.cohort.mapping import SourceMapping
    from rheobase.cohort.readers import Source
    from rheobase.cohort.run import Plan, Report
    from rheobase.cohort.run_folder import RunFolder
    from rheobase.knowledge import Knowledge

_SHOWN = 8


@click.command()
@click.argument("inputs", metavar="INPUT...", nargs=-1, required=True)
@click.option("-o", "--out", required=True, metavar="OUT", help="A new folder for the result.")
@click.option("--source", "kind", type=click.Choice(SOURCES), help="INPUT is as the source publishes it.")
@click.option(
    "--on",
    metavar="DATE",
    help="The day that is judged where results have dates; today unless said, with --resume the run's own.",
)
@click.option("--map", "mapping", metavar="FILE", help="What the columns mean; see: rheobase cohort map INPUT.")
@click.option(
    "--engine", type=click.Choice(["polars", "spark"]), default="polars", show_default=True, help="Who works."
)
@click.option("--batch", type=click.IntRange(100, 5_000_000), default=50_000, show_default=True, help="Rows at a time.")
@click.option("--resume", is_flag=True, help="Go on with a run that was stopped.")
@click.option("--ledger", is_flag=True, help="Add what speaks for and against each cause; slow.")
@click.option("--missing", is_flag=True, help="Add the unknown findings that would tell most; slow.")
@json_option
def run(inputs: tuple[str, ...], *, out: str, as_json: bool, **asked: Any) -> None:
    """Judge every person in INPUT: CSV, Parquet, a folder of either, or - for CSV on standard input.

    A folder that cohort told wrote brings its own mapping. With --source INPUT is read as it was published: the XPT
    files of one NHANES cycle or their folder, a folder of OMOP CDM v5.4 tables, or one of FHIR bulk NDJSON.

    OUT is there only when it is whole: Parquet parts, refused.csv with every cell that could not be used, a data
    dictionary, and manifest.json with the hash of each file. Until then everything stands in OUT.unfinished. Exits
    with 1 when rows could not be read; cells that were refused are unknown in the result, and counted.
    """
    from rheobase.cohort.run_folder import locked, run_folder
    from rheobase.importers.file_lock import lock
    from rheobase.knowledge import load_knowledge

    _check(inputs, **asked)
    folder = run_folder(out)
    folder.refuse_existing()
    knowledge = load_knowledge()
    with locked(folder, lock):
        if not asked["resume"] and asked["engine"] != "spark":
            folder.refuse_unfinished()
        if asked["resume"] and asked["on"] is None:
            # Begun before midnight, a run goes on for the day that it was begun for.
            asked["on"] = folder.day_left()
        given = _Given(inputs, asked, folder, knowledge)
        plan = given.told(quiet=as_json) if asked["kind"] else given.table()
        report = _run(plan, folder, **asked)
    if as_json:
        print_json({**plan.settings(), **report.plain(), "out": out})
    else:
        _say(report, out)
    if not report.whole:
        sys.exit(1)


def _check(inputs: tuple[str, ...], *, kind: str | None, on: str | None, engine: str, resume: bool, **_: Any) -> None:
    if engine == "spark" and (resume or "-" in inputs):
        raise UsageError("Spark writes all or nothing and reads files: --resume and - are for --engine polars.")
    if kind is None and len(inputs) > 1:
        raise UsageError(f"expected one INPUT, got {len(inputs)}. Put the files into a folder, or name their --source.")
    if on is not None and kind == "nhanes":
        raise UsageError("--on is for what has dates; NHANES says what is true on the day of its own examination.")


def _run(plan: Plan, folder: RunFolder, *, engine: str, resume: bool, **_: Any) -> Report:
    from rheobase.cli.cohort_progress import progress
    from rheobase.cohort.run import run as run_polars

    folder.begin({**plan.settings(), "engine": engine}, resume=resume or engine == "spark")
    if engine == "spark":
        from rheobase.cohort.spark_run import run_spark

        return run_spark(plan, folder)
    with progress("Rows", plan.source.rows) as tell:
        return run_polars(plan, folder, tell)


class _Given:
    """What was given, on its way to a plan."""

    def __init__(
        self, inputs: tuple[str, ...], asked: Mapping[str, Any], folder: RunFolder, knowledge: Knowledge
    ) -> None:
        self._asked, self._folder, self._knowledge = asked, folder, knowledge
        self._inputs, self.where = inputs, inputs[0]

    def table(self, **origin: Any) -> Plan:
        """Return the plan for a table."""
        from rheobase.cohort.readers import open_source
        from rheobase.cohort.run_source import table_of

        table, mapping = table_of(self.where), self._asked["mapping"]
        self.where = table.path
        found = open_source(table.path)
        told = _mapping(mapping or table.mapping, found, self._knowledge)
        options = _options(ledger=self._asked["ledger"], missing=self._asked["missing"])
        return _plan(
            found, told, self._knowledge, options=options, on=self._asked["on"], batch=self._asked["batch"], **origin
        )

    def told(self, *, quiet: bool) -> Plan:
        """Return the plan for the files of a source, after telling them."""
        from pathlib import Path

        from rheobase.cli.cohort_progress import progress
        from rheobase.cohort.run_folder import SOURCE_TOLD
        from rheobase.cohort.run_source import NOT_USED, Origin, told_within
        from rheobase.cohort.sources.write import REFUSED_FILE

        kind, paths = self._asked["kind"], [Path(each) for each in self._inputs]
        check_source(kind, paths)
        day = day_of(self._asked["on"])
        origin = Origin(kind, paths, None if kind == "nhanes" else day.isoformat())
        with progress("People", None) as tell:
            written = told_within(
                self._folder, origin, lambda: batches_of(kind, paths, self._knowledge, day), self._knowledge, tell=tell
            )
        if not quiet:
            say_not_used(written, f"{self._folder.out}/{NOT_USED}")
        told = self._folder.work / SOURCE_TOLD
        self.where = str(told)
        return self.table(origin=origin.settings(), beside={NOT_USED: told / REFUSED_FILE})


def _options(*, ledger: bool, missing: bool) -> dict[str, Any]:
    from rheobase.cohort.plan import LEDGER, MISSING, USUAL

    asked = [name for name, wanted in ((LEDGER, ledger), (MISSING, missing)) if wanted]
    return {"parts": [*USUAL, *asked]} if asked else {}


def _mapping(file: str | None, source: Source, knowledge: Knowledge) -> SourceMapping:
    from pathlib import Path

    from rheobase.cohort.mapping import own_mapping, parse_mapping
    from rheobase.importers.text_file import decode_text, read_limited

    if file is None:
        return own_mapping(source.columns, knowledge, name=source.names[0])
    text = decode_text(read_limited(Path(file)), name=file)
    return parse_mapping(text, knowledge, name=file, there=source.columns)


def _plan(
    source: Source,
    mapping: SourceMapping,
    knowledge: Knowledge,
    *,
    options: dict[str, Any],
    on: str | None,
    **rest: Any,
) -> Plan:
    import polars as pl

    from rheobase.cohort.dictionary import dictionary, dictionary_markdown
    from rheobase.cohort.frame import TAKEN
    from rheobase.cohort.judge import judge
    from rheobase.cohort.mapping_read import reader_for, told_of
    from rheobase.cohort.outcome import outcome_schema
    from rheobase.cohort.readers import types_of
    from rheobase.cohort.run import Plan

    source.check(mapping.needed)

    empty = types_of(source, mapping.needed)
    told = told_of(empty, pl.Series([], dtype=pl.Int64), mapping, reader_for(mapping, knowledge)).frame
    if any(name.endswith(TAKEN) for name in told.columns if name not in mapping.keep):
        # How old a result is matters only where there are dates.
        options = {**options, "on": day_of(on)}
    elif on is not None and "origin" not in rest:
        raise UsageError("--on is for results with dates: no column of this table tells any.")

    def judged(told: pl.DataFrame, keep: tuple[str, ...]) -> pl.DataFrame:
        return judge(told, knowledge, keep=keep, **options)

    expected = outcome_schema(told.schema, mapping.keep, knowledge, judged)
    page = dictionary_markdown(dictionary(expected, knowledge), knowledge)
    return Plan(source, mapping, knowledge, judged, expected=expected, options=options, dictionary=page, **rest)


def _say(report: Report, out: str) -> None:
    again = f" ({report.reused} parts taken over)" if report.reused else ""
    click.echo(f"Judged {report.judged:,} people into {out}{again}.")
    if report.unread:
        shown = ", ".join(report.unread[:_SHOWN]) + (" ..." if len(report.unread) > _SHOWN else "")
        click.echo(f"Not read, because the mapping does not name them: {len(report.unread)} columns ({shown}).")
    if report.refused:
        click.echo(
            f"Refused, and unknown in the result: {sum(report.refused.values()):,} cells; see {out}/refused.csv."
        )
        for column, count in sorted(report.refused.items(), key=lambda each: -each[1])[:_SHOWN]:
            click.echo(f"  {column}: {count:,}; {report.examples[column]}")
    if report.repeated:
        click.echo(f"Ids that stood before: {report.repeated:,} rows, all judged; see {out}/refused.csv.")
    if report.lost or report.rest_lost:
        rest = f", and the end of {', '.join(report.rest_lost)}" if report.rest_lost else ""
        click.echo(f"rheobase: {report.lost:,} rows could not be read{rest}: {report.examples.get('', '')}", err=True)
