"""``rheobase share`` and ``rheobase open``: a case with its answer as one file, and back."""

from __future__ import annotations

from datetime import date
from pathlib import Path

import click

from rheobase.cli.options import colour_option, json_option, parse_date, print_json, wants_colour, width_option


@click.command()
@click.argument("case")
@click.argument("bundle")
@click.option("--region", help="Two-letter region for the emergency number, such as GB or US.")
@click.option("--on", callback=parse_date, help="Date of the assessment; today by default.")
def share(case: str, bundle: str, *, region: str | None, on: date) -> None:
    """Assess the CASE file and write case and answer to BUNDLE (- for standard output). Never overwrites."""
    from rheobase.assess import assess
    from rheobase.importers.bundle import write_bundle
    from rheobase.importers.case_file import read_case
    from rheobase.importers.new_file import write_new
    from rheobase.importers.safe_yaml import read_limited
    from rheobase.knowledge import load_knowledge
    from rheobase.report import assessment_document, assessment_json

    knowledge = load_knowledge()
    person = read_case(read_limited("-" if case == "-" else Path(case)), knowledge, name=case)
    where = (region or person.region or "").upper() or None
    judged = assess(person, knowledge, on=on)
    answer = assessment_json(judged, knowledge, assessment_document(judged, knowledge, region=where))
    text = write_bundle(person, answer, on=on, region=where)
    if bundle == "-":
        click.echo(text, nl=False)
        return
    shown = write_new(bundle, text)
    click.echo(f"Wrote {shown}. It holds health data: share it with care. To open it: rheobase open {shown}", err=True)


@click.command(name="open")
@click.argument("bundle")
@click.option("--case", "case", help="Also write the case file to this new file.")
@click.option("--for", "audience", type=click.Choice(["person", "clinician"]), default="person", show_default=True)
@json_option
@colour_option
@width_option
def open_bundle(
    bundle: str, *, case: str | None, audience: str, as_json: bool, colour: bool | None, width: int
) -> None:
    """Open a BUNDLE: the same answer with the same knowledge, or what changed since (- for standard input)."""
    from rheobase.assess import assess
    from rheobase.importers.bundle import MAX_BYTES, read_bundle
    from rheobase.importers.new_file import write_new
    from rheobase.importers.safe_yaml import read_limited
    from rheobase.knowledge import load_knowledge
    from rheobase.report import Audience, assessment_document, assessment_json, render
    from rheobase.report.changes import changes_section
    from rheobase.report.document import Document

    knowledge = load_knowledge()
    data = read_limited("-" if bundle == "-" else Path(bundle), limit=MAX_BYTES)
    held = read_bundle(data, knowledge, name=bundle)
    judged = assess(held.person, knowledge, on=held.on)
    document = assessment_document(judged, knowledge, audience=Audience(audience), region=held.region)
    plain = assessment_document(judged, knowledge, region=held.region)
    now = assessment_json(judged, knowledge, plain)
    if case is not None:
        click.echo(f"Wrote {write_new(case, held.case)}.", err=True)
    since = changes_section(held.answer, now, knowledge)
    if as_json:
        same = held.answer == now
        print_json({"same_answer": same, "shared_with": held.knowledge_version, "before": held.answer, "now": now})
        return
    whole = Document(document.title, (since, *document.sections), document.sources)
    click.echo(render(whole, width=width, colour=wants_colour(chosen=colour)))
