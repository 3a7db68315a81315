"""``rheobase assess FILE --what-if NAME=VALUE``: change answers and see what moves."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date

import click

from rheobase.cli.options import print_json, wants_colour
from rheobase.knowledge import Knowledge
from rheobase.person import Person


@dataclass(frozen=True, slots=True)
class Output:
    """How the answer is printed."""

    for_clinician: bool
    as_json: bool
    colour: bool | None
    width: int


def show_what_if(person: Person, knowledge: Knowledge, changes: Sequence[str], *, on: date, output: Output) -> None:
    """Print what the changes would move.

    Args:
        person: As told.
        knowledge: What is known.
        changes: Each ``name=value``.
        on: The date that both assessments are for.
        output: How to print it.

    Raises:
        DataRefusedError: A change is not understood, or the rest of what was told contradicts it.
    """
    from rheobase.assess import assess
    from rheobase.assess.what_if import compare
    from rheobase.importers.what_if import supposed_person
    from rheobase.report.terminal import render
    from rheobase.report.what_if_page import what_if_document, what_if_json

    supposed = supposed_person(person, changes, knowledge, on=on)
    before, after = assess(person, knowledge, on=on), assess(supposed.person, knowledge, on=on)
    comparison = compare(before, after)
    if output.as_json:
        print_json(what_if_json(comparison, before, after, supposed=changes, notes=supposed.notes))
        return
    document = what_if_document(comparison, knowledge, notes=supposed.notes, for_clinician=output.for_clinician)
    click.echo(render(document, width=output.width, colour=wants_colour(chosen=output.colour)))
