"""``rheobase explain``: what is known about one cause, finding or rule, with its sources."""

from __future__ import annotations

import click

from rheobase.cli.options import colour_option, json_option, print_json, wants_colour, width_option


@click.command()
@click.argument("name")
@json_option
@colour_option
@width_option
def explain(name: str, *, as_json: bool, colour: bool | None, width: int) -> None:
    """Explain NAME: a cause, a finding, an urgency rule, a medicine or a blood test."""
    from rheobase.knowledge import load_knowledge
    from rheobase.report.explain import explain_json, explanation
    from rheobase.report.terminal import render

    knowledge = load_knowledge()
    document = explanation(name, knowledge)
    if as_json:
        print_json(explain_json(document, knowledge))
        return
    click.echo(render(document, width=width, colour=wants_colour(chosen=colour)))
