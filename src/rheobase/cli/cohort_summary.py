"""``rheobase cohort summary``: counts and proportions of a judged cohort."""

from __future__ import annotations

from pathlib import Path
from typing import TYPE_CHECKING

import click

from rheobase.cli.options import colour_option, json_option, print_json, wants_colour, width_option

if TYPE_CHECKING:
    import polars as pl


@click.command("summary")
@click.argument("judged", type=click.Path(path_type=Path))
@click.option("--weight", metavar="COL", help="Survey weight; without it everyone counts the same.")
@click.option("--strata", metavar="COL", help="Strata of the survey.")
@click.option("--psu", metavar="COL", help="Primary sampling units, within the strata.")
@click.option("--by", default="", metavar="COL", help="Also by the values of this column.")
@click.option("--smallest", type=click.IntRange(1), help="Hide counts from 1 to below this; 11 unless said.")
@click.option("--show-small", is_flag=True, help="Hide nothing; check what you may pass on.")
@click.option("--html", "html_path", metavar="FILE", help="Write one page there, or - for standard output.")
@click.option("--force", is_flag=True, help="Write over a file that is not a report of Rheobase.")
@json_option
@colour_option
@width_option
def summary(
    judged: Path,
    *,
    weight: str | None,
    strata: str | None,
    psu: str | None,
    by: str,
    smallest: int | None,
    show_small: bool,
    html_path: str | None,
    force: bool,
    as_json: bool,
    colour: bool | None,
    width: int,
) -> None:
    """Count what JUDGED holds, a Parquet file or a folder of parts as `cohort run` writes it.

    Shares have 95 % intervals from weights, strata and sampling units. Small numbers are hidden.
    """
    from rheobase.cli.report_files import check_targets, write_reports
    from rheobase.cohort.summary import summarise
    from rheobase.cohort.summary_hidden import SMALLEST
    from rheobase.cohort.summary_survey import SurveyDesign
    from rheobase.errors import UsageError
    from rheobase.knowledge import load_knowledge
    from rheobase.report.cohort_page import cohort_page
    from rheobase.report.html import render_html
    from rheobase.report.terminal import render

    if show_small and smallest is not None:
        raise UsageError("--smallest and --show-small do not go together. Give one of them.")
    check_targets({"html": html_path}, case_file=str(judged) if judged.is_file() else None, force=force)
    limit = 0 if show_small else smallest or SMALLEST
    columns = [each for each in (weight, strata, psu, by) if each]
    found = summarise(_read(judged, columns), SurveyDesign(weight, strata, psu), by=by, smallest=limit)
    data = found.json()
    page = cohort_page(data, load_knowledge())  # type: ignore[arg-type]
    write_reports({"html": html_path}, {"html": lambda: render_html(page).encode()})
    if as_json:
        print_json(data)
    elif html_path is None:
        click.echo(render(page, width=width, colour=wants_colour(chosen=colour)))


def _read(path: Path, columns: list[str]) -> pl.DataFrame:
    """Return the columns that are counted, of a file or of every part of a folder."""
    import polars as pl

    from rheobase.cohort.run import MANIFEST
    from rheobase.errors import DataRefusedError, UsageError

    if not path.exists():
        raise UsageError(f"{path.name}: no such file. Give what `rheobase cohort run` wrote.")
    parts = sorted(path.rglob("*.parquet")) if path.is_dir() else [path]
    if not parts and (path / MANIFEST).is_file():
        raise DataRefusedError(f"{path.name}: nobody was judged in this run, so there is nothing to count.")
    if not parts:
        raise DataRefusedError(f"{path.name}: holds no Parquet file. Give what `rheobase cohort run` wrote.")
    names = ("urgency", "rules_fired", "patterns", "open_patterns", *columns)
    try:
        found = pl.scan_parquet(parts)
        wanted = [
            name
            for name in found.collect_schema().names()
            if name in names or name.startswith(("band.", "flag.", "tested."))
        ]
        return found.select(wanted).collect()
    except (OSError, pl.exceptions.PolarsError) as problem:
        line = str(problem).strip().partition("\n")[0][:100]
        raise DataRefusedError(f"{path.name}: is no Parquet of a cohort run ({line}). Run it again.") from problem
