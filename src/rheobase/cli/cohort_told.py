"""``rheobase cohort told``: NHANES, OMOP or FHIR files as a table of people that ``cohort run`` judges."""

from __future__ import annotations

from pathlib import Path
from typing import TYPE_CHECKING

import click

from rheobase.cli.options import json_option, on_option, print_json

if TYPE_CHECKING:
    from collections.abc import Iterator, Sequence
    from datetime import date

    from rheobase.cohort.sources.batch import Batch
    from rheobase.cohort.sources.write import Written
    from rheobase.knowledge import Knowledge

SOURCES = ("nhanes", "omop", "fhir")
_SHOWN, _NAMED = 8, 4


@click.command("told")
@click.argument("kind", type=click.Choice(SOURCES))
@click.argument("source", metavar="INPUT", nargs=-1, required=True, type=click.Path(path_type=Path))
@click.option("-o", "--out", required=True, metavar="OUT", type=click.Path(path_type=Path), help="A new folder.")
@on_option
@json_option
def told(kind: str, source: tuple[Path, ...], *, out: Path, on: date, as_json: bool) -> None:
    """Read INPUT as a table of people: one row each, only what is known and still true on the day.

    INPUT is a folder: of XPT files of one NHANES cycle (or the files), of OMOP CDM v5.4 tables, or of FHIR bulk NDJSON.
    OUT holds people/*.parquet, refused.csv with everything that was not used and why, and, where survey weights are
    carried along, mapping.toml. Then: rheobase cohort run OUT -o RESULT

    To do both at once: rheobase cohort run --source KIND INPUT -o RESULT
    """
    from dataclasses import asdict

    from rheobase.cli.cohort_progress import progress
    from rheobase.cohort.sources.write import write_told
    from rheobase.knowledge import load_knowledge

    check_source(kind, source)
    knowledge = load_knowledge()
    with progress("People", None) as tell:
        written = write_told(batches_of(kind, source, knowledge, on), out, knowledge, tell)
    if as_json:
        print_json({"schema_version": 1, "source": kind, "on": on.isoformat(), "out": str(out), **asdict(written)})
        return
    click.echo(f"{written.people:,} people in {out}/people ({written.parts} parts).")
    say_not_used(written, f"{out}/refused.csv")
    click.echo(f"Judge them: rheobase cohort run {out} -o RESULT")


def check_source(kind: str, source: Sequence[Path]) -> None:
    """Refuse files that are not there, and several where one folder is a source.

    Raises:
        UsageError: Names the first of them.
    """
    from rheobase.errors import UsageError

    if len(source) > 1 and kind != "nhanes":
        raise UsageError(f"{kind}: expected one folder, got {len(source)} names.")
    absent = next((each for each in source if not each.exists()), None)
    if absent is not None:
        raise UsageError(f"{absent.name}: is not there. Give the folder that holds the files.")


def say_not_used(written: Written, file: str) -> None:
    """Print what of a source was not used and why, the most frequent reasons first."""
    if not written.refused:
        click.echo("Everything in the source was used.")
        return
    click.echo(f"Not used: {written.refused:,} cells and records, each counted in {file}.")
    for each in written.reasons[:_SHOWN]:
        names = ", ".join(each.columns[:_NAMED]) + (" ..." if len(each.columns) > _NAMED else "")
        where = names if len(each.columns) <= _NAMED else f"{len(each.columns)} columns ({names})"
        click.echo(f"  {each.times:>9,}  {where}: {each.why}")
    if rest := written.reasons[_SHOWN:]:
        click.echo(f"  {sum(each.times for each in rest):>9,}  for {len(rest)} other reasons")


def batches_of(kind: str, source: Sequence[Path], knowledge: Knowledge, on: date) -> Iterator[Batch]:
    """Begin to read a source."""
    from rheobase.cohort.sources.fhir_bulk import fhir_bulk
    from rheobase.cohort.sources.nhanes import nhanes
    from rheobase.cohort.sources.omop import omop

    if kind == "nhanes":
        return nhanes(source, knowledge)
    return omop(source[0], knowledge, on=on) if kind == "omop" else fhir_bulk(source[0], knowledge, on=on)
