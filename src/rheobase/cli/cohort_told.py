"""``rheobase cohort told``: NHANES, OMOP or FHIR files as a table of people that ``cohort run`` judges."""

from __future__ import annotations

from pathlib import Path
from typing import TYPE_CHECKING

import click

from rheobase.cli.options import json_option, on_option, print_json

if TYPE_CHECKING:
    from collections.abc import Iterator
    from datetime import date

    from rheobase.cohort.sources.batch import Batch
    from rheobase.knowledge import Knowledge

SOURCES = ("nhanes", "omop", "fhir")


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
    carried along, mapping.toml. Then: rheobase cohort run OUT/people -o RESULT [--map OUT/mapping.toml]
    """
    from dataclasses import asdict

    from rheobase.cohort.sources.write import write_told
    from rheobase.errors import UsageError
    from rheobase.knowledge import load_knowledge

    if len(source) > 1 and kind != "nhanes":
        raise UsageError(f"{kind}: expected one folder, got {len(source)} names.")
    absent = next((each for each in source if not each.exists()), None)
    if absent is not None:
        raise UsageError(f"{absent.name}: is not there. Give the folder that holds the files.")
    knowledge = load_knowledge()
    written = write_told(_batches(kind, source, knowledge, on), out, knowledge)
    if as_json:
        print_json({"schema_version": 1, "source": kind, "on": on.isoformat(), "out": str(out), **asdict(written)})
        return
    click.echo(f"{written.people:,} people in {out}/people ({written.parts} parts).")
    click.echo(f"{written.refused:,} cells and records were not used; each is counted in {out}/refused.csv.")
    more = f" --map {out}/mapping.toml" if written.mapping else ""
    click.echo(f"Judge them: rheobase cohort run {out}/people -o RESULT{more}")


def _batches(kind: str, source: tuple[Path, ...], knowledge: Knowledge, on: date) -> Iterator[Batch]:
    from rheobase.cohort.sources.fhir_bulk import fhir_bulk
    from rheobase.cohort.sources.nhanes import nhanes
    from rheobase.cohort.sources.omop import omop

    if kind == "nhanes":
        return nhanes(source, knowledge)
    return omop(source[0], knowledge, on=on) if kind == "omop" else fhir_bulk(source[0], knowledge, on=on)
