"""``rheobase diet plan``: the fewest and smallest changes to this diet that bring what is short to its target."""

from __future__ import annotations

from datetime import date
from typing import TYPE_CHECKING

import click

from rheobase.cli.options import colour_option, json_option, parse_date, print_json, wants_colour, width_option

if TYPE_CHECKING:
    from collections.abc import Mapping

    from rheobase.assess import Assessment
    from rheobase.intake.adequacy import Adequacy
    from rheobase.knowledge import Knowledge
    from rheobase.menu.planner import Health
    from rheobase.person import Person

ALLERGIES = ("milk", "egg", "fish", "shellfish", "nuts", "peanut", "soy", "wheat", "sesame")


@click.command()
@click.argument("file")
@click.option("--case", "case", help="Case file of the person: age, sex, illnesses and medicines.")
@click.option("--age", type=click.FloatRange(0, 120), help="Age in years, without a case file.")
@click.option("--sex", type=click.Choice(["female", "male"]), help="Sex, without a case file.")
@click.option("--nutrient", "nutrients", multiple=True, help="Bring this up; repeatable. Default: what is short.")
@click.option("--target", "targets", multiple=True, metavar="NAME=AMOUNT", help="An own target a day; repeatable.")
@click.option("--without", multiple=True, metavar="FOOD", help="Do not propose this food; repeatable.")
@click.option("--allergy", "allergies", multiple=True, type=click.Choice(ALLERGIES), help="Repeatable.")
@click.option("--vegan", is_flag=True, help="Nothing from animals.")
@click.option("--vegetarian", is_flag=True, help="No meat, no fish.")
@click.option("--lactose-free", is_flag=True, help="Nothing with lactose.")
@click.option("--others", type=click.IntRange(0, 8), default=3, show_default=True, help="Other plans beside the least.")
@click.option("--on", callback=parse_date, help="Today, as 2026-11-24; later days are refused.")
@json_option
@colour_option
@width_option
def plan(
    file: str,
    *,
    case: str | None,
    age: float | None,
    sex: str | None,
    nutrients: tuple[str, ...],
    targets: tuple[str, ...],
    without: tuple[str, ...],
    allergies: tuple[str, ...],
    vegan: bool,
    vegetarian: bool,
    lactose_free: bool,
    others: int,
    on: date,
    as_json: bool,
    colour: bool | None,
    width: int,
) -> None:
    """Find the fewest and smallest changes to the diet in FILE that bring what is short to its target.

    Foods that are eaten already come first, then others in their place, then new ones; energy stays about the same and
    no upper limit is passed. Needs the extra 'plan'.
    """
    from dataclasses import replace

    from rheobase.cli.diet_files import diet_and_case
    from rheobase.cli.diet_person import person_of, person_of_diet, who_of
    from rheobase.diet.reading import read_diet_lines
    from rheobase.diet.summary import summarise
    from rheobase.foods import load_foods
    from rheobase.knowledge import load_knowledge
    from rheobase.knowledge.supplements import load_supplements
    from rheobase.menu.planner import Health, plan_diet
    from rheobase.menu.wishes import read_wishes
    from rheobase.report.diet_plan_json import plan_json, waiting_json
    from rheobase.report.diet_plan_page import plan_page, waiting_page
    from rheobase.report.enough_section import judged
    from rheobase.report.terminal import render

    chosen = {"vegan": vegan, "vegetarian": vegetarian, "lactose-free": lactose_free}
    styles = frozenset((*allergies, *(name for name, is_set in chosen.items() if is_set)))
    wishes = replace(read_wishes(nutrients, targets, without, styles), alternatives=others)
    knowledge = load_knowledge()
    diet, own_case = diet_and_case(file, on)
    person = person_of(case, age, sex, knowledge)
    if person is None and own_case is not None:
        person = person_of_diet(own_case, (age, sex), knowledge, name=file)
    who = who_of(person, age, sex)
    health = Health()
    if person is not None:
        assessment, health = _assessed(person, knowledge, on)
        if assessment.urgency.level in ("emergency", "same_day"):
            if as_json:
                print_json(waiting_json(assessment, knowledge))
                return
            click.echo(
                render(
                    waiting_page(assessment, knowledge, name=file, region=person.region),
                    width=width,
                    colour=wants_colour(chosen=colour),
                )
            )
            return
    foods = load_foods()
    summary = summarise(read_diet_lines(diet, foods, load_supplements()))
    found = judged(summary, who, knowledge)
    _refuse_unknown(found, who.age, knowledge.intake.value("menu.least_age"))
    proposal = plan_diet(summary, found, wishes, health, knowledge=knowledge, foods=foods)
    if as_json:
        print_json(plan_json(proposal, summary, knowledge))
        return
    page = plan_page(proposal, summary, wishes, knowledge, name=file, has_case=person is not None)
    click.echo(render(page, width=width, colour=wants_colour(chosen=colour)))


def _assessed(person: Person, knowledge: Knowledge, on: date) -> tuple[Assessment, Health]:
    """Return the assessment of a person, and what a plan needs of it."""
    from rheobase.assess import assess
    from rheobase.menu.planner import Health

    assessment = assess(person, knowledge, on=on)
    return assessment, Health(assessment.facts.ever, person.medicines, person.takes_no_medicine)


def _refuse_unknown(found: Mapping[str, Adequacy], age: float | None, least_age: float) -> None:
    """Refuse to plan for somebody of whom it is not known what is enough, or for a child.

    Raises:
        UsageError: Age or sex is not known.
        DataRefusedError: The person is a child.
    """
    from rheobase.errors import DataRefusedError, UsageError
    from rheobase.report.enough_section import MOST_STAGES

    if age is None or any(len(each.stages) > MOST_STAGES for each in found.values()):
        raise UsageError("What is enough depends on who it is: give --case ME.yaml, or --age and --sex.")
    if age < least_age:
        raise DataRefusedError(
            f"Plans are made from {least_age:g} years on. What a child should eat is for a doctor or a dietitian who "
            "sees the child."
        )
