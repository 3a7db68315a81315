"""``rheobase nerve``: what blood values do to the membrane of a nerve."""

from __future__ import annotations

import click

from rheobase.cli.nerve_fibre import fibre
from rheobase.cli.nerve_fit import read
from rheobase.cli.nerve_options import require_nerve, say_preparing, serum_options
from rheobase.cli.nerve_plate import plate
from rheobase.cli.nerve_pool import pool
from rheobase.cli.nerve_sweep import sweep
from rheobase.cli.options import colour_option, json_option, print_json, wants_colour, width_option


@click.group(context_settings={"help_option_names": ["-h", "--help"]})
def nerve() -> None:
    """See what calcium, magnesium, potassium and acid do to a nerve, in a model of a human axon.

    It explains; it judges nothing and says nothing about how urgent anything is.
    """


@nerve.command()
@click.argument("file", required=False)
@serum_options
@click.option("--html", metavar="OUT", help="Write the page to OUT, a new file (- prints it).")
@json_option
@colour_option
@width_option
def show(
    file: str | None,
    *,
    html: str | None,
    as_json: bool,
    colour: bool | None,
    width: int,
    **given: float | str | None,
) -> None:
    """Show what these values, or those of a case FILE (- for standard input), do to a motor nerve.

    What is not given is taken as normal, and the page says so. An option wins over the file.
    """
    from rheobase.cli.nerve_values import told_values

    require_nerve()
    values = told_values(file, given)
    serum = values.serum()
    say_preparing()

    from rheobase.importers.new_file import write_new
    from rheobase.nerve.normal import view
    from rheobase.report.html import render_html
    from rheobase.report.nerve_page import nerve_json, nerve_page
    from rheobase.report.terminal import render

    seen = view(serum)
    page = nerve_page(seen, given=values.said)
    if html == "-":
        click.echo(render_html(page), nl=False)
    elif html is not None:
        click.echo(f"Wrote {write_new(html, render_html(page))}.", err=True)
    if as_json:
        print_json(nerve_json(seen, given=values.said))
    elif html is None:
        click.echo(render(page, width=width, colour=wants_colour(chosen=colour)))


@nerve.command()
def prepare() -> None:
    """Compile the model for this machine now, so that its first use does not wait for it.

    Takes half a minute at most, once for each version of Rheobase. What is compiled is kept in the cache folder of the
    user.
    """
    require_nerve()

    from rheobase.nerve.prepare import prepare as prepared

    for name, kept in prepared():
        click.echo(f"{name}: {'ready' if kept else 'compiles, but cannot be kept: the cache folder is not writable'}")


nerve.add_command(plate)
nerve.add_command(read)
nerve.add_command(sweep)
nerve.add_command(fibre)
nerve.add_command(pool)
