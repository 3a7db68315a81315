"""``rheobase evaluate``: accuracy on published cases, bad figures included."""

from __future__ import annotations

from pathlib import Path

import click

from rheobase.cli.options import json_option, print_json


@click.command()
@click.argument("folder", metavar="DIR", type=click.Path(path_type=Path))
@json_option
@click.option("--baseline", is_flag=True, help="Run a naive comparator beside it.")
@click.option("--blind", is_flag=True, help="Remove every finding: what is left is the base rates' answer.")
@click.option("--misses", is_flag=True, help="List every case that is not right.")
@click.option("--plot", type=click.Path(path_type=Path, dir_okay=False), help="Write the pictures to an SVG file.")
def evaluate(folder: Path, *, as_json: bool, baseline: bool, blind: bool, misses: bool, plot: Path | None) -> None:
    """Judge every published case (*.yaml with an id and a final cause) in DIR."""
    from rheobase.errors import DataRefusedError
    from rheobase.evaluation import evaluate_cases
    from rheobase.evaluation.baseline import nearest_by_shared_terms
    from rheobase.evaluation.output import evaluation_json, evaluation_text
    from rheobase.evaluation.plot import evaluation_svg
    from rheobase.importers.published_case import read_published_case
    from rheobase.importers.safe_yaml import read_limited
    from rheobase.knowledge import load_knowledge

    if not folder.is_dir():
        raise DataRefusedError(f"{folder}: not a folder; give the folder that holds the case files.")
    files = [each for each in sorted(folder.glob("*.yaml")) if each.stem != "vocabulary"]
    if not files:
        raise DataRefusedError(f"{folder}: no case files (*.yaml) in it.")
    knowledge = load_knowledge()
    cases = [read_published_case(read_limited(each), name=each.name) for each in files]
    judged = evaluate_cases(cases, knowledge, blind=blind)
    naive = evaluate_cases(cases, knowledge, judge=nearest_by_shared_terms(knowledge)) if baseline else None
    if plot is not None:
        plot.write_text(evaluation_svg(judged), encoding="utf-8")
    if as_json:
        print_json(evaluation_json(judged, knowledge.version, naive))
        return
    click.echo(f"Knowledge {knowledge.version}.")
    click.echo(evaluation_text(judged, naive, misses=misses))
