"""``rheobase nerve``: what blood values do to the membrane of a nerve."""

from __future__ import annotations

import importlib.util

import click

from rheobase.cli.nerve_fit import read
from rheobase.cli.nerve_plate import plate
from rheobase.cli.options import colour_option, json_option, print_json, wants_colour, width_option


@click.group(context_settings={"help_option_names": ["-h", "--help"]})
def nerve() -> None:
    """See what calcium, magnesium, potassium and acid do to a nerve, in a model of a human axon.

    It explains; it judges nothing and says nothing about how urgent anything is.
    """


@nerve.command()
@click.argument("file", required=False)
@click.option("--ca", "calcium_ionised", type=float, help="Ionised calcium, mmol/L.")
@click.option("--total-ca", "calcium_total", type=float, help="Total calcium, mmol/L, instead of ionised.")
@click.option("--albumin", type=float, help="Albumin, g/L, to judge total calcium by.")
@click.option("--mg", "magnesium_ionised", type=float, help="Ionised magnesium, mmol/L.")
@click.option("--total-mg", "magnesium_total", type=float, help="Total magnesium, mmol/L, instead of ionised.")
@click.option("--k", "potassium", type=float, help="Potassium, mmol/L.")
@click.option("--na", "sodium", type=float, help="Sodium, mmol/L.")
@click.option("--ph", type=float, help="pH of the blood.")
@click.option("--temp", "temperature", type=float, help="Temperature of the nerve, degrees Celsius.")
@click.option(
    "--breathing",
    type=click.Choice(["minutes", "steady"]),
    default="minutes",
    show_default=True,
    help="How long the pH has been so: minutes of over-breathing leave ionised calcium as it was.",
)
@click.option("--html", metavar="OUT", help="Write the page to OUT, a new file.")
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
    from rheobase.cli.nerve_values import NerveValues, values_of_file

    require_nerve()
    steady = given.pop("breathing") == "steady"
    told = {name: float(value) for name, value in given.items() if value is not None}
    values = NerveValues(told, {} if file is None else values_of_file(file), steady=steady)
    serum = values.serum()

    from rheobase.nerve.compiled import is_compiled

    if not is_compiled():
        click.echo("Preparing the model for this machine, once; this takes a few seconds.", err=True)

    from rheobase.importers.new_file import write_new
    from rheobase.nerve.normal import view
    from rheobase.report.html import render_html
    from rheobase.report.nerve_page import nerve_json, nerve_page
    from rheobase.report.terminal import render

    seen = view(serum)
    page = nerve_page(seen, given=values.said)
    if html is not None:
        click.echo(f"Wrote {write_new(html, render_html(page))}.", err=True)
    if as_json:
        print_json(nerve_json(seen, given=values.said))
    elif html is None:
        click.echo(render(page, width=width, colour=wants_colour(chosen=colour)))


def require_nerve() -> None:
    """Refuse in one line where the parts that the model needs are not installed.

    Raises:
        UsageError: numba, numpy or scipy is missing; says how to get it.
    """
    from rheobase.errors import UsageError

    missing = [name for name in ("numba", "numpy", "scipy") if importlib.util.find_spec(name) is None]
    if missing:
        raise UsageError(
            f"rheobase nerve needs {', '.join(missing)}, which the extra 'nerve' brings: pip install 'rheobase[nerve]'."
        )


nerve.add_command(plate)
nerve.add_command(read)
