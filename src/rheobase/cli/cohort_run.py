"""``rheobase cohort run``: judge a table of people and write the result into a new folder."""

from __future__ import annotations

import sys
from typing import TYPE_CHECKING, Any

import click

from rheobase.cli.options import json_option, print_json
from rheobase.errors import UsageError

if TYPE_CHECKING:
    from rheobase.cohort.mapping import SourceMapping
    from rheobase.cohort.readers import Source
    from rheobase.cohort.run import Plan, Report
    from rheobase.knowledge import Knowledge

_SHOWN = 8


@click.command()
@click.argument("source", metavar="INPUT")
@click.option("-o", "--out", required=True, metavar="OUT", help="A new folder for the result.")
@click.option("--map", "mapping", metavar="FILE", help="What the columns mean; see: rheobase cohort map INPUT.")
@click.option(
    "--engine", type=click.Choice(["polars", "spark"]), default="polars", show_default=True, help="Who works."
)
@click.option("--batch", type=click.IntRange(100, 5_000_000), default=50_000, show_default=True, help="Rows at a time.")
@click.option("--resume", is_flag=True, help="Go on with a run that was stopped.")
@click.option("--ledger", is_flag=True, help="Add what speaks for and against each cause; slow.")
@click.option("--missing", is_flag=True, help="Add the unknown findings that would tell most; slow.")
@json_option
def run(
    source: str,
    *,
    out: str,
    mapping: str | None,
    engine: str,
    batch: int,
    resume: bool,
    ledger: bool,
    missing: bool,
    as_json: bool,
) -> None:
    """Judge every person in INPUT: CSV, Parquet, a folder of either, or - for CSV on standard input.

    OUT is there only when it is whole: Parquet parts, refused.csv with every cell that could not be used, a data
    dictionary, and manifest.json with the hash of each file. Until then everything stands in OUT.unfinished. Exits
    with 1 when rows could not be read; cells that were refused are unknown in the result, and counted.
    """
    from rheobase.cli.cohort_progress import progress
    from rheobase.cohort.readers import open_source
    from rheobase.cohort.run import run as run_polars
    from rheobase.cohort.run_folder import locked, run_folder
    from rheobase.importers.file_lock import lock
    from rheobase.knowledge import load_knowledge

    if engine == "spark" and (resume or source == "-"):
        raise UsageError("Spark writes all or nothing and reads files: --resume and - are for --engine polars.")
    folder = run_folder(out)
    folder.refuse_existing()
    knowledge = load_knowledge()
    found = open_source(source)
    told = _mapping(mapping, found, knowledge)
    plan = _plan(found, told, knowledge, options=_options(ledger=ledger, missing=missing), batch=batch)
    with locked(folder, lock):
        folder.begin({**plan.settings(), "engine": engine}, resume=resume or engine == "spark")
        if engine == "spark":
            from rheobase.cohort.spark_run import run_spark

            report = run_spark(plan, folder, source)
        else:
            with progress("Rows", found.rows) as tell:
                report = run_polars(plan, folder, tell)
    if as_json:
        print_json({**plan.settings(), **report.plain(), "out": out})
    else:
        _say(report, out)
    if not report.whole:
        sys.exit(1)


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
    return parse_mapping(decode_text(read_limited(Path(file)), name=file), knowledge, name=file)


def _plan(source: Source, mapping: SourceMapping, knowledge: Knowledge, *, options: dict[str, Any], batch: int) -> Plan:
    import polars as pl

    from rheobase.cohort.dictionary import dictionary, dictionary_markdown
    from rheobase.cohort.judge import judge
    from rheobase.cohort.mapping_read import reader_for, told_of
    from rheobase.cohort.outcome import outcome_schema
    from rheobase.cohort.readers import types_of
    from rheobase.cohort.run import Plan

    source.check(mapping.needed)

    def judged(told: pl.DataFrame, keep: tuple[str, ...]) -> pl.DataFrame:
        return judge(told, knowledge, keep=keep, **options)

    empty = types_of(source, mapping.needed)
    told = told_of(empty, pl.Series([], dtype=pl.Int64), mapping, reader_for(mapping, knowledge)).frame
    expected = outcome_schema(told.schema, mapping.keep, knowledge, judged)
    page = dictionary_markdown(dictionary(expected, knowledge), knowledge)
    return Plan(source, mapping, knowledge, judged, batch=batch, expected=expected, options=options, dictionary=page)


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
