"""``rheobase nerve fibre``: conduction, threshold and site of origin of a whole fibre in a person's blood."""

from __future__ import annotations

import click

from rheobase.cli.nerve_options import require_nerve, say_preparing, serum_options
from rheobase.cli.options import colour_option, json_option, print_json, wants_colour, width_option


@click.command()
@click.argument("file", required=False)
@click.option(
    "--diameter", type=float, default=10.0, show_default=True, help="Outer diameter, one of nine from 5.7 to 16 um."
)
@click.option("--site", type=int, default=30, show_default=True, help="Node at which a standing current is held, 8-32.")
@serum_options
@json_option
@colour_option
@width_option
def fibre(
    file: str | None,
    *,
    diameter: float,
    site: int,
    as_json: bool,
    colour: bool | None,
    width: int,
    **given: float | str | None,
) -> None:
    """Show how a whole myelinated fibre conducts and fires in these values, or in those of a case FILE.

    A published model of one fibre, at 37 degrees unless --temp says otherwise. It makes too much of calcium, acid and
    potassium: read the direction, not the size.
    """
    from rheobase.cli.nerve_values import told_values

    require_nerve()
    values = told_values(file, given)
    serum = values.serum()

    from dataclasses import replace

    from rheobase.knowledge.fibre_facts import load_fibre_facts
    from rheobase.nerve.fibre.person import fibre_view
    from rheobase.report.fibre_page import fibre_json, fibre_page
    from rheobase.report.terminal import render

    if "temperature" not in values.said:
        serum = replace(serum, temperature=load_fibre_facts()["temperature"])
        values.said["temperature"] = "that of the publication"
    say_preparing("fibre")
    view = fibre_view(serum, diameter, site)
    if as_json:
        print_json(fibre_json(view, given=values.said))
        return
    click.echo(render(fibre_page(view, given=values.said), width=width, colour=wants_colour(chosen=colour)))
