"""``rheobase assess``: one person in, one reasoned answer out."""

from __future__ import annotations

from datetime import date
from pathlib import Path

import click

from rheobase.cli.options import colour_option, json_option, parse_date, print_json, wants_colour, width_option


@click.command()
@click.argument("file", required=False)
@click.option("--example", help="Use a packaged example instead of FILE; 'list' names them.")
@click.option(
    "--for",
    "reader",
    type=click.Choice(["person", "clinician", "doctor"]),
    default="person",
    show_default=True,
    help="Whom it is for; doctor is a page to hand over.",
)
@click.option("--setting", type=click.Choice(["home", "primary_care", "specialist", "hospital"]), help="Base rates of.")
@click.option("--region", help="Two-letter region for the emergency number, such as GB or US.")
@click.option("--on", callback=parse_date, help="Date of the assessment; today by default.")
@click.option("--what-if", multiple=True, metavar="NAME=VALUE", help="Show what this answer would change; repeatable.")
@click.option("--html", metavar="OUT", help="Write a page that stands by itself to OUT (- for standard output).")
@click.option("--pdf", metavar="OUT", help="Write a PDF to OUT (- for standard output); needs the extra 'pdf'.")
@click.option("--paper", type=click.Choice(["a4", "letter"]), default="a4", show_default=True, help="Of the PDF.")
@click.option("--force", is_flag=True, help="Write over a file that is not a report of Rheobase.")
@json_option
@colour_option
@width_option
def assess(
    file: str | None,
    *,
    example: str | None,
    reader: str,
    setting: str | None,
    region: str | None,
    on: date,
    what_if: tuple[str, ...],
    html: str | None,
    pdf: str | None,
    paper: str,
    force: bool,
    as_json: bool,
    colour: bool | None,
    width: int,
) -> None:
    """Assess the person in the case FILE (YAML or JSON; - for standard input).

    The answer is printed, unless a file is asked for. A later report takes the place of an earlier one; any other file
    is kept unless you say --force.
    """
    from dataclasses import replace

    from rheobase.assess import assess as judge
    from rheobase.assess.settle import what_would_settle
    from rheobase.cli.report_files import STDOUT, check_targets, write_reports
    from rheobase.examples import example_bytes, example_names
    from rheobase.importers.case_file import MAX_BYTES, read_case
    from rheobase.importers.safe_yaml import read_limited
    from rheobase.knowledge import load_knowledge
    from rheobase.report import assessment_json, document_for, render, render_html, render_pdf

    if example == "list":
        click.echo("\n".join(example_names()))
        return
    if (file is None) == (example is None):
        raise click.UsageError("Give one case FILE, or --example NAME ('--example list' names them).")
    targets = {"html": html, "pdf": pdf}
    if as_json and STDOUT in targets.values():
        raise click.UsageError("--json prints to standard output; give the report a file of its own.")
    if what_if and (html or pdf):
        raise click.UsageError("--what-if prints what would change; ask for --html or --pdf without it.")
    check_targets(targets, case_file=file, force=force)
    if example is not None:
        data, name = example_bytes(example), example
    else:
        data, name = read_limited("-" if file == "-" else Path(str(file)), limit=MAX_BYTES), str(file)
    knowledge = load_knowledge()
    person = read_case(data, knowledge, name=name, on=on)
    if setting is not None:
        person = replace(person, setting=setting)
    if what_if:
        from rheobase.cli.what_if import Output, show_what_if

        output = Output(reader != "person", as_json, colour, width)
        show_what_if(person, knowledge, what_if, on=on, output=output)
        return
    assessment = judge(person, knowledge, on=on)
    where = (region or person.region or "").upper() or None
    settled = what_would_settle(assessment, knowledge)
    document = document_for(reader, person, assessment, knowledge, region=where, settlings=settled)
    makers = {"html": lambda: render_html(document).encode(), "pdf": lambda: render_pdf(document, paper=paper)}
    write_reports(targets, makers)
    if as_json:
        print_json(assessment_json(assessment, knowledge, document, settled))
    elif html is pdf is None:
        click.echo(render(document, width=width, colour=wants_colour(chosen=colour)))
