"""``rheobase diet``: what was eaten, drunk and taken: read it, confirm it, import it, sum it."""

from __future__ import annotations

from datetime import date
from pathlib import Path

import click

from rheobase.cli.diet_files import diet_and_case, diet_text, diet_to_add_to
from rheobase.cli.diet_plan import plan
from rheobase.cli.diet_show import show
from rheobase.cli.options import colour_option, json_option, on_option, print_json, wants_colour, width_option


@click.group(context_settings={"help_option_names": ["-h", "--help"]})
def diet() -> None:
    """Read what was eaten, drunk and taken, import it, and sum it by day."""


diet.add_command(show)


@diet.command()
@click.argument("file")
@click.option("--choose", "choices", multiple=True, help="Settle a line: 3, 3=14209, 3=14209:240, 5=elemental.")
@click.option("--confirm", "target", help="Write the sure foods and your choices into this new file.")
@on_option
@json_option
@colour_option
@width_option
def read(
    file: str,
    *,
    choices: tuple[str, ...],
    target: str | None,
    on: date,
    as_json: bool,
    colour: bool | None,
    width: int,
) -> None:
    """Show how each line of FILE is read, how sure, and what needs your word (- for standard input)."""
    from rheobase.diet.confirm import confirm, parse_choice
    from rheobase.diet.reading import read_diet_lines
    from rheobase.foods import load_foods
    from rheobase.importers.new_file import write_new
    from rheobase.knowledge.supplements import load_supplements
    from rheobase.report.diet_read_page import read_json, read_page
    from rheobase.report.terminal import render

    if target == "-":
        raise click.UsageError("--confirm writes a file, not to standard output. Give the file a name.")
    table, facts = load_foods(), load_supplements()
    chosen = [parse_choice(each) for each in choices]
    eaten, own_case = diet_and_case(file, on)
    reading = read_diet_lines(eaten, table, facts)
    if chosen or target:
        settled = confirm(reading, chosen, table, facts)
        reading = read_diet_lines(settled, table, facts)
        if target:
            shown = write_new(target, diet_text(settled, own_case, name=file))
            click.echo(f"Wrote {shown}. See the sums: rheobase diet show {shown}", err=True)
    if as_json:
        print_json(read_json(reading))
        return
    click.echo(render(read_page(reading, name=file), width=width, colour=wants_colour(chosen=colour)))


@diet.command(name="import")
@click.argument("file")
@click.option("-o", "--output", "target", help="Diet file to write, new or to add to; the old one is kept beside it.")
@click.option("--leave-out-bad-days", "leave_out", is_flag=True, help="Leave out days with a fault, and list them.")
@on_option
@json_option
@colour_option
@width_option
def import_(
    file: str,
    *,
    target: str | None,
    leave_out: bool,
    on: date,
    as_json: bool,
    colour: bool | None,
    width: int,
) -> None:
    """Show what FILE of another program would add; with -o, write it. Importing twice adds nothing.

    Reads Cronometer (dailysummary.csv, servings.csv), MyFitnessPal, Open Food Facts tables and Apple Health.
    """
    from rheobase.diet.plan import plan_import
    from rheobase.importers.diet_import import import_diet
    from rheobase.importers.new_file import replace_keeping_old, write_new
    from rheobase.person import Diet
    from rheobase.report.diet_import_page import import_json, import_page
    from rheobase.report.terminal import render

    imported = import_diet(file, on, leave_out=leave_out)
    there = target is not None and Path(target).exists()
    before, own_case = (Diet(), None) if target is None else diet_to_add_to(target, on)
    plan = plan_import(before, imported)
    written = target is not None and not plan.changes_nothing
    if target and written:
        text = diet_text(plan.diet, own_case, name=target)
        if there:
            kept = replace_keeping_old(target, text)
            click.echo(f"Wrote {target}; what was there is kept as {kept}.", err=True)
        else:
            click.echo(f"Wrote {write_new(target, text)}.", err=True)
    if as_json:
        print_json(import_json(plan, written=written))
        return
    page = import_page(plan, name=file, target=target)
    click.echo(render(page, width=width, colour=wants_colour(chosen=colour)))


diet.add_command(plan)
