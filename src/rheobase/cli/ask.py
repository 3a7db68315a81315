"""``rheobase ask``: an interview in the terminal, saved reply by reply."""

from __future__ import annotations

from datetime import date
from pathlib import Path

import click

from rheobase.cli.options import colour_option, json_option, parse_date, width_option


@click.command()
@click.argument("file", default="me.yaml", required=False)
@click.option("--setting", type=click.Choice(["home", "primary_care", "specialist", "hospital"]), help="Base rates of.")
@click.option("--region", help="Two-letter region for the emergency number, such as GB or US.")
@click.option("--most", type=click.IntRange(1, 200), help="Questions before it offers to stop; 25 by default.")
@click.option("--for", "audience", type=click.Choice(["person", "clinician"]), default="person", show_default=True)
@click.option("--on", callback=parse_date, help="Date of the assessment; today by default.")
@json_option
@colour_option
@width_option
def ask(
    file: str,
    *,
    setting: str | None,
    region: str | None,
    most: int | None,
    audience: str,
    on: date,
    as_json: bool,
    colour: bool | None,
    width: int,
) -> None:
    """Ask the questions that matter, then assess. Saved in the case FILE (me.yaml) as you go.

    Stop at any time, even by pulling the plug: the same command goes on where you stopped. Questions go to standard
    error, the answer to standard output.
    """
    from rheobase.cli.answer import show_answer
    from rheobase.cli.interviewer import Interviewer, Screen
    from rheobase.knowledge import load_knowledge

    knowledge = load_knowledge()
    screen = Screen(width, colour=colour)
    interviewer = Interviewer.open(Path(file), knowledge, screen, setting=setting, region=region)
    try:
        interviewer.run(most or knowledge.interview.most_questions)
    except (KeyboardInterrupt, click.exceptions.Abort) as stop:
        screen.say(f"\nStopped. Every reply is kept; to go on: rheobase ask {interviewer.shown}")
        raise click.exceptions.Exit(130) from stop
    person = interviewer.save()
    level = show_answer(person, knowledge, on=on, audience=audience, as_json=as_json, colour=colour, width=width)
    if not as_json:
        # On a small screen the answer has run out at the top.
        screen.say(
            f"In short: {knowledge.levels[level].name}. The whole answer begins above, at HOW URGENT.\n"
            f"As a page to read or print: rheobase assess {interviewer.shown} --html answer.html"
        )
