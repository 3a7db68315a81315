"""Judge one person and print the answer; shared by the verbs that end in one."""

from __future__ import annotations

from datetime import date

import click

from rheobase.assess import assess
from rheobase.cli.options import print_json, wants_colour
from rheobase.knowledge import Knowledge
from rheobase.person import Person
from rheobase.report import Audience, assessment_document, assessment_json, render


def show_answer(
    person: Person,
    knowledge: Knowledge,
    *,
    on: date,
    audience: str,
    as_json: bool,
    colour: bool | None,
    width: int,
    region: str | None = None,
) -> str:
    """Print the assessment of a person as text or JSON; return the level of urgency."""
    assessment = assess(person, knowledge, on=on)
    where = (region or person.region or "").upper() or None
    document = assessment_document(assessment, knowledge, audience=Audience(audience), region=where)
    if as_json:
        print_json(assessment_json(assessment, knowledge, document))
        return assessment.urgency.level
    click.echo(render(document, width=width, colour=wants_colour(chosen=colour)))
    return assessment.urgency.level
