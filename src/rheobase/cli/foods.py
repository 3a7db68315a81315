"""``rheobase foods``: look up a food, its portions, or the foods richest in a nutrient."""

from __future__ import annotations

import re
from pathlib import Path
from typing import TYPE_CHECKING

import click

from rheobase.cli.options import colour_option, json_option, print_json, wants_colour, width_option
from rheobase.errors import UsageError

if TYPE_CHECKING:
    from rheobase.foods import FoodTable


class _Foods(click.Command):
    """A command whose words may begin with a negative number, so that it can say what is wrong with it."""

    def parse_args(self, ctx: click.Context, args: list[str]) -> list[str]:
        """Take "-5 g coffee" as words and not as an option."""
        return super().parse_args(ctx, [re.sub(r"^-(?=[\d.,])", "\u2212", each) for each in args])


@click.command(cls=_Foods)
@click.argument("words", nargs=-1)
@click.option("--portions", is_flag=True, help="List the food's household measures.")
@click.option("--nutrient", help="List the foods with most of this nutrient in a usual helping.")
@click.option(
    "--table",
    "file",
    type=click.Path(path_type=Path),
    help="Look in your own FoodData Central, Open Food Facts or Ciqual file instead.",
)
@click.option("--limit", type=click.IntRange(1, 100), default=None, help="Longest list: 5 foods, 15 with --nutrient.")
@json_option
@colour_option
@width_option
def foods(
    words: tuple[str, ...],
    *,
    portions: bool,
    nutrient: str | None,
    limit: int | None,
    file: Path | None,
    as_json: bool,
    colour: bool | None,
    width: int,
) -> None:
    """Look up WORDS: a food with or without its amount, such as "2 cups brewed coffee"."""
    from rheobase.foods import load_foods, read_line
    from rheobase.foods.nutrients import find_nutrient
    from rheobase.foods.richest import richest
    from rheobase.report.foods_page import line_json, line_page, richest_json, richest_page
    from rheobase.report.terminal import render

    said = " ".join(words)
    if not said and nutrient is None:
        raise UsageError('Say a food, such as "2 cups brewed coffee", or a nutrient: --nutrient magnesium.')
    table = load_foods() if file is None else _own_table(file)
    if nutrient is not None:
        column = find_nutrient(nutrient)
        most = richest(table, column, name=said, limit=limit or 15)
        data, page = richest_json(most, column, table), richest_page(most, column, table, name=said)
    else:
        line = read_line(said, table, limit=limit or 5)
        data, page = line_json(line, table), line_page(line, table, portions=portions)
    if as_json:
        print_json(data)
        return
    click.echo(render(page, width=width, colour=wants_colour(chosen=colour)))


def _own_table(file: Path) -> FoodTable:
    """Return a person's own table; what was left out of it is said on standard error."""
    from rheobase.importers.foods_file import read_foods_file

    found = read_foods_file(file)
    for line in found.left_out:
        click.echo(f"rheobase: {file.name}: {line}", err=True)
    return found.table
