"""``rheobase diet show``: what a diet gives a day, is it enough, caffeine, water, sun; as text, JSON or HTML."""

from __future__ import annotations

import re
from datetime import date
from typing import TYPE_CHECKING

import click

from rheobase.cli.options import F, colour_option, json_option, on_option, print_json, wants_colour, width_option

if TYPE_CHECKING:
    from rheobase.intake.sun import Sun

_TIME = re.compile(r"([01]?\d|2[0-3]):([0-5]\d)")


def parse_time(_ctx: click.Context, _parameter: click.Parameter, value: str | None) -> float | None:
    """Return a time of day as hours from midnight; None where none was given."""
    if value is None:
        return None
    found = _TIME.fullmatch(value.strip())
    if found is None:
        raise click.BadParameter(f"{value!r} is not a time of day; write it as 15:00.")
    return int(found[1]) + int(found[2]) / 60


def _person_options(function: F) -> F:
    """Add who it is."""
    for option in (
        click.option("--sex", type=click.Choice(["female", "male"]), help="Sex, without a case file."),
        click.option("--age", type=click.FloatRange(0, 120), help="Age in years, without a case file."),
        click.option("--case", "case", help="Case file of the person: age, sex, pregnancy, medicines, smoking count."),
    ):
        function = option(function)
    return function


def _day_options(function: F) -> F:
    """Add hours of the day and what was done in it."""
    for option in (
        click.option("--heat", type=click.FloatRange(0, 24), help="Hours a day in great heat."),
        click.option("--exercise", type=click.FloatRange(0, 24), help="Hours a day of sweating exercise."),
        click.option("--bed", callback=parse_time, default="23:00", show_default=True, help="Bedtime."),
        click.option("--at", callback=parse_time, help="Time to say the caffeine in the body at, as 15:00."),
    ):
        function = option(function)
    return function


def _sun_options(function: F) -> F:
    """Add where, when and how the skin meets the sun."""
    for option in (
        click.option("--minutes", type=click.FloatRange(0, 1440), help="Minutes outdoors near noon."),
        click.option(
            "--exposed",
            type=click.FloatRange(0, 100),
            help="Per cent of the skin bare: face and hands about 5, shorts and bare shoulders about 60.",
        ),
        click.option("--skin", type=click.IntRange(1, 6), help="Skin type: 1 always burns ... 6 deeply pigmented."),
        click.option("--month", type=click.IntRange(1, 12), help="Month of the sun; that of --on by default."),
        click.option("--latitude", type=click.FloatRange(-90, 90), help="Degrees north (south negative), for the sun."),
    ):
        function = option(function)
    return function


@click.command()
@click.argument("file")
@_person_options
@_day_options
@_sun_options
@click.option("--all", "full", is_flag=True, help="Show every detail and curve in the terminal too.")
@click.option("--html", metavar="OUT", help="Write a page that stands by itself into the new file OUT (- to print it).")
@on_option
@json_option
@colour_option
@width_option
def show(
    file: str,
    *,
    case: str | None,
    age: float | None,
    sex: str | None,
    at: float | None,
    bed: float,
    exercise: float | None,
    heat: float | None,
    latitude: float | None,
    month: int | None,
    skin: int | None,
    exposed: float | None,
    minutes: float | None,
    full: bool,
    html: str | None,
    on: date,
    as_json: bool,
    colour: bool | None,
    width: int,
) -> None:
    """Show what FILE gives a day: at least how much, how much is not known, which foods gave most, is it enough.

    Caffeine over the day needs a time beside each drink; vitamin D from the sun needs --latitude. What is not known of
    the person (age, sex, pregnancy) is left open: every life stage that may fit is judged.
    """
    from rheobase.cli.diet_files import diet_and_case
    from rheobase.cli.diet_person import eater_of, person_of, person_of_diet
    from rheobase.diet.reading import read_diet_lines
    from rheobase.foods import load_foods
    from rheobase.importers.new_file import write_new
    from rheobase.knowledge import load_knowledge
    from rheobase.knowledge.supplements import load_supplements
    from rheobase.report.diet_told import Asked, diet_told, diet_told_json, diet_told_page

    if as_json and html == "-":
        raise click.UsageError("--json prints to standard output; give the page a file of its own.")
    sun = _sun(latitude, month or on.month, skin, exposed, others=(month, skin, exposed, minutes))
    knowledge = load_knowledge()
    person = person_of(case, age, sex, knowledge)
    eaten, own_case = diet_and_case(file, on)
    if person is None and own_case is not None:
        person = person_of_diet(own_case, (age, sex), knowledge, name=file)
    eater = eater_of(person, (age, sex), knowledge, hours=(exercise, heat))
    reading = read_diet_lines(eaten, load_foods(), load_supplements())
    told = diet_told(reading, eater, knowledge, Asked(at, bed, sun, minutes))
    if html is not None:
        from rheobase.report.html import render_html

        page = render_html(diet_told_page(told, knowledge, name=file, full=True))
        if html == "-":
            click.echo(page, nl=False)
        else:
            click.echo(f"Wrote {write_new(html, page)}.", err=True)
    if as_json:
        print_json(diet_told_json(told))
    elif html is None:
        from rheobase.report.terminal import render

        document = diet_told_page(told, knowledge, name=file, full=full)
        click.echo(render(document, width=width, colour=wants_colour(chosen=colour)))


def _sun(
    latitude: float | None, month: int, skin: int | None, exposed: float | None, *, others: tuple[float | None, ...]
) -> Sun | None:
    """Return where, when and how the skin meets the sun; None where nothing was said of it."""
    if latitude is None:
        if any(each is not None for each in others):
            raise click.UsageError("The sun needs --latitude too, such as --latitude 52 for Berlin or London.")
        return None
    from rheobase.intake.sun import Sun

    return Sun(latitude, month, 0.0, skin, None if exposed is None else exposed / 100)
