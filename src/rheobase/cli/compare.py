"""``rheobase compare``: nutrients or causes side by side, live from the knowledge."""

from __future__ import annotations

import click

from rheobase.cli.options import colour_option, json_option, print_json, wants_colour, width_option


@click.command()
@click.argument("names", nargs=-1, required=True)
@json_option
@colour_option
@width_option
def compare(names: tuple[str, ...], *, as_json: bool, colour: bool | None, width: int) -> None:
    """Compare NAMES: nutrients (magnesium calcium vitamin_d potassium sodium) or any causes."""
    from rheobase.knowledge import load_knowledge
    from rheobase.report.compare import comparison
    from rheobase.report.explain import explain_json
    from rheobase.report.terminal import render

    knowledge = load_knowledge()
    document = comparison(names, knowledge)
    if as_json:
        print_json(explain_json(document, knowledge))
        return
    click.echo(render(document, width=width, colour=wants_colour(chosen=colour)))
