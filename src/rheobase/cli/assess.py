"""``rheobase assess``: one person in, one reasoned answer out."""

from __future__ import annotations

from datetime import date
from pathlib import Path

import click

from rheobase.cli.options import colour_option, json_option, parse_date, print_json, wants_colour, width_option


@click.command()
@click.argument("file", required=False)
@click.option("--example", help="Use a packaged example instead of FILE; 'list' names them.")
@click.option("--for", "audience", type=click.Choice(["person", "clinician"]), default="person", show_default=True)
@click.option("--setting", type=click.Choice(["home", "primary_care", "specialist", "hospital"]), help="Base rates of.")
@click.option("--region", help="Two-letter region for the emergency number, such as GB or US.")
@click.option("--on", callback=parse_date, help="Date of the assessment; today by default.")
@click.option("--what-if", multiple=True, metavar="NAME=VALUE", help="Show what this answer would change; repeatable.")
@json_option
@colour_option
@width_option
def assess(
    file: str | None,
    *,
    example: str | None,
    audience: str,
    setting: str | None,
    region: str | None,
    on: date,
    what_if: tuple[str, ...],
    as_json: bool,
    colour: bool | None,
    width: int,
) -> None:
    """Assess the person in the case FILE (YAML or JSON; - for standard input)."""
    from dataclasses import replace

    from rheobase.assess import assess as judge
    from rheobase.assess.settle import what_would_settle
    from rheobase.examples import example_bytes, example_names
    from rheobase.importers.case_file import read_case
    from rheobase.importers.safe_yaml import read_limited
    from rheobase.knowledge import load_knowledge
    from rheobase.report import Audience, assessment_document, assessment_json, render

    if example == "list":
        click.echo("\n".join(example_names()))
        return
    if (file is None) == (example is None):
        raise click.UsageError("Give one case FILE, or --example NAME ('--example list' names them).")
    if example is not None:
        data, name = example_bytes(example), example
    else:
        data, name = read_limited("-" if file == "-" else Path(str(file))), str(file)
    knowledge = load_knowledge()
    person = read_case(data, knowledge, name=name)
    if setting is not None:
        person = replace(person, setting=setting)
    if what_if:
        from rheobase.cli.what_if import Output, show_what_if

        output = Output(audience == Audience.CLINICIAN, as_json, colour, width)
        show_what_if(person, knowledge, what_if, on=on, output=output)
        return
    assessment = judge(person, knowledge, on=on)
    where = (region or person.region or "").upper() or None
    settled = what_would_settle(assessment, knowledge)
    document = assessment_document(assessment, knowledge, audience=Audience(audience), region=where, settlings=settled)
    if as_json:
        print_json(assessment_json(assessment, knowledge, document, settled))
        return
    click.echo(render(document, width=width, colour=wants_colour(chosen=colour)))
