"""``rheobase nerve plate``: what weeks of eating, losing and taking do to the blood."""

from __future__ import annotations

from datetime import date
from typing import TYPE_CHECKING

import click

from rheobase.cli.options import F, colour_option, json_option, parse_date, print_json, wants_colour, width_option

if TYPE_CHECKING:
    from rheobase.cli.nerve_plate_told import Given

_EATEN = (
    ("--ca-diet", "calcium_mg", "Calcium eaten a day [mg]."),
    ("--mg-diet", "magnesium_mg", "Magnesium eaten a day [mg]."),
    ("--k-diet", "potassium_mg", "Potassium eaten a day [mg]."),
    ("--na-diet", "sodium_mg", "Sodium eaten a day [mg]."),
    ("--p-diet", "phosphorus_mg", "Phosphorus eaten a day [mg]."),
    ("--d-diet", "vitamin_d_ug", "Vitamin D taken a day [micrograms]."),
    ("--water", "water_l", "Water in food and drink a day [L]."),
)
_LOST = (
    ("--sweat", "sweat", "Sweat a day [L]."),
    ("--diarrhoea", "diarrhoea", "Loose stools a day [L]."),
    ("--vomiting", "vomiting", "Vomit a day [L]."),
    ("--alcohol", "alcohol", "Pure alcohol a day [g]; a small glass of wine is about 10."),
)
_BODY = (
    ("--weight", "weight", "Weight [kg]."),
    ("--age", "age", "Age [years]."),
    ("--gfr", "gfr", "Kidney function, eGFR [mL/min/1.73 m2]."),
    ("--vitamin-d", "vitamin_d", "25-OH vitamin D in the blood at the start [nmol/L]."),
)


def _numbers(function: F) -> F:
    """Add one option for each number that can be told."""
    for flag, name, words in reversed((*_EATEN, *_LOST, *_BODY)):
        function = click.option(flag, name, type=float, help=words)(function)
    return function


@click.command()
@click.option("--days", type=float, default=60.0, show_default=True, help="How many days to run.")
@_numbers
@click.option("--sex", type=click.Choice(["female", "male"]), help="Sex.")
@click.option(
    "--medicine", "medicines", multiple=True, help="A medicine, brand or class, such as thiazide. Repeatable."
)
@click.option("--case", "case", help="Case file of the person: age, sex, eGFR, vitamin D, medicines, diet.")
@click.option("--diet", "diet", help="Diet file: the mean of its days is what is eaten.")
@click.option("--compare", is_flag=True, help="Also show what common diets, losses and medicines do, each alone.")
@click.option("--checks", is_flag=True, help="Only do published experiments again, and show what is met.")
@click.option("--draws", type=click.IntRange(0, 1000), default=30, show_default=True, help="Bodies in the band.")
@click.option("--seed", type=int, default=1, show_default=True, help="Starts the draws.")
@click.option("--on", callback=parse_date, help="Today, as 2026-11-24, for the days of a diet.")
@click.option("--html", help="Write the page with its picture into this file (- for standard output).")
@click.option("--force", is_flag=True, help="Write over a file that is not a report of Rheobase.")
@json_option
@colour_option
@width_option
def plate(
    *,
    days: float,
    sex: str | None,
    medicines: tuple[str, ...],
    case: str | None,
    diet: str | None,
    compare: bool,
    checks: bool,
    draws: int,
    seed: int,
    on: date,
    html: str | None,
    force: bool,
    as_json: bool,
    colour: bool | None,
    width: int,
    **numbers: float | None,
) -> None:
    """Show what DAYS of a diet, of losses and of medicines do to calcium, magnesium, potassium and sodium.

    A model of a body that was at rest on ordinary food. What you do not tell stays as usual. It explains; it does not
    measure you, and it decides nothing about urgency.
    """
    from rheobase.cli.nerve_plate_told import Files, others, progress, told
    from rheobase.cli.report_files import STDOUT, check_targets, write_reports
    from rheobase.knowledge import load_knowledge
    from rheobase.nerve.plate import band
    from rheobase.report.plate_page import plate_json, plate_page
    from rheobase.report.terminal import render

    if checks:
        _show_checks(as_json=as_json, colour=colour, width=width)
        return
    if as_json and html == STDOUT:
        raise click.UsageError("--json prints to standard output; give the page a file of its own.")
    check_targets({"html": html}, case_file=case or diet, force=force)
    knowledge = load_knowledge()
    given: Given = told({**numbers, "days": days}, sex, medicines, Files(case, diet, on), knowledge)
    with progress(draws) as step:
        result = band(
            given.patient,
            [given.phase],
            knowledge.intake,
            shares=given.shares,
            draws=draws,
            seed=seed,
            told=step,
        )
    facts = given.as_told(seed, others(given, knowledge) if compare else {}, knowledge)
    if as_json:
        print_json(plate_json(result, facts, knowledge))
    page = plate_page(result, facts, knowledge)
    if html is not None:
        from rheobase.report.html import render_html

        write_reports({"html": html}, {"html": lambda: render_html(page).encode()})
    elif not as_json:
        click.echo(render(page, width=width, colour=wants_colour(chosen=colour)))


def _show_checks(*, as_json: bool, colour: bool | None, width: int) -> None:
    from rheobase.intake.plate import usual_shares
    from rheobase.knowledge import load_knowledge
    from rheobase.nerve.plate import Patient
    from rheobase.nerve.plate.checks import CHECKS, Bench, check_row
    from rheobase.report.plate_checks_page import checks_json, checks_page
    from rheobase.report.terminal import render

    knowledge = load_knowledge()
    bench = Bench(knowledge.intake, usual_shares(Patient(), knowledge.intake))
    rows = [check_row(name, bench) for name in CHECKS]
    if as_json:
        print_json(checks_json(rows, knowledge))
        return
    click.echo(render(checks_page(rows, knowledge), width=width, colour=wants_colour(chosen=colour)))
