"""``rheobase nerve pool``: how often a muscle at rest fasciculates in the model, and what blood values do to that."""

from __future__ import annotations

import click

from rheobase.cli.nerve_options import progress, require_nerve, say_preparing, serum_options
from rheobase.cli.options import colour_option, json_option, print_json, wants_colour, width_option


@click.command()
@click.argument("file", required=False)
@serum_options
@json_option
@colour_option
@width_option
def pool(file: str | None, *, as_json: bool, colour: bool | None, width: int, **given: float | str | None) -> None:
    """Show how often muscles at rest fasciculate in a model, beside published rates, and what these values do to that.

    Healthy, benign and ALS-like pools of nerve endings. It cannot tell what somebody has. Potassium and temperature are
    taken as normal: the model makes far too much of potassium.
    """
    from rheobase.cli.nerve_values import told_values

    require_nerve()
    values = told_values(file, given)
    serum = values.serum()

    from rheobase.nerve.pool.kinds import KINDS, pool_view
    from rheobase.report.pool_page import pool_json, pool_page
    from rheobase.report.terminal import render

    say_preparing("pool")
    with progress(len(KINDS), "Pools") as told:
        view = pool_view(serum, told)
    if as_json:
        print_json(pool_json(view, given=values.said))
        return
    click.echo(render(pool_page(view, given=values.said), width=width, colour=wants_colour(chosen=colour)))
