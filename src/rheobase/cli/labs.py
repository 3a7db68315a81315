"""``rheobase labs``: laboratory reports: read them, confirm what is in doubt, write them into a case file."""

from __future__ import annotations

import sys
from datetime import date
from pathlib import Path
from typing import TYPE_CHECKING

import click

from rheobase.cli.options import colour_option, json_option, parse_date, print_json, wants_colour, width_option

if TYPE_CHECKING:
    from collections.abc import Sequence

    from rheobase.knowledge import Knowledge
    from rheobase.labs.reading_line import Judged, LabFile
    from rheobase.labs.reading_names import LabFacts

STDOUT = "-"


@click.group(context_settings={"help_option_names": ["-h", "--help"]})
def labs() -> None:
    """Read laboratory reports."""


@labs.command()
@click.argument("file")
@click.option("--choose", "choices", multiple=True, help="Settle a line: 3, 3=2, 3=mmol/L, 3=none.")
@click.option(
    "--ask", "one_by_one", is_flag=True, help="Settle the lines in doubt one after the other, on the terminal."
)
@click.option(
    "--keep", metavar="OUT", help="Keep what was pasted (FILE is -) in this new file, to settle its lines later."
)
@click.option("--dates", "order", type=click.Choice(["dmy", "mdy"]), help="Order of day and month in 03/04/2026.")
@click.option("--confirm", "target", help="Write the results into this new case file.")
@click.option("--into", "case", help="Add the results to this case file; the old one is kept beside it.")
@click.option(
    "--case", "who", help="Case file of the person: age, sex, medicines and answers say what the values mean."
)
@click.option("--html", metavar="OUT", help="Write the page to this new file (- prints it).")
@click.option("--fhir", metavar="OUT", help="Write the results that count to this new file as a FHIR R4 Bundle.")
@click.option("--on", callback=parse_date, help="Today, as 2026-11-24; later results are refused.")
@json_option
@colour_option
@width_option
def read(
    file: str,
    *,
    choices: tuple[str, ...],
    one_by_one: bool,
    keep: str | None,
    order: str | None,
    target: str | None,
    case: str | None,
    who: str | None,
    html: str | None,
    fhir: str | None,
    on: date,
    as_json: bool,
    colour: bool | None,
    width: int,
) -> None:
    """Show how each line of FILE is read, what needs your word, and what the values mean (- for standard input).

    FILE is a table (CSV and the like), pasted lines such as "Mg 0.62 mmol/L (0.70-1.00) L", a PDF with text, or FHIR
    (a resource, a Bundle, one resource a line, the zip of Apple Health). A value whose name, code, unit, interval and
    flag do not agree is never taken silently. Exits with 1 when a line is refused.
    """
    from rheobase.cli.labs_ask import ask_each, replies_from
    from rheobase.cli.labs_meaning import Meaning, meaning_of, person_of
    from rheobase.importers.labs_import import read_report
    from rheobase.importers.labs_people import refuse_other
    from rheobase.importers.new_file import write_new
    from rheobase.knowledge import load_knowledge
    from rheobase.labs.reading import judge_all
    from rheobase.labs.reading_confirm import parse_choice, settle
    from rheobase.labs.reading_line import State
    from rheobase.labs.reading_names import facts_for
    from rheobase.report.html import render_html
    from rheobase.report.labs_read_page import labs_read_json, labs_read_page
    from rheobase.report.terminal import render

    _refuse_pairs(both_cases=bool(target and case), keep=bool(keep) and file != STDOUT, out=as_json and html == STDOUT)
    chosen = [parse_choice(each) for each in choices]
    knowledge = load_knowledge()
    facts = facts_for(knowledge)
    report = _kept(keep, facts) if keep else read_report(file, facts)
    judged = settle(judge_all(report.lines, facts, on, order=order), chosen)
    if one_by_one and any(each.state is State.DOUBT for each in judged):
        judged = ask_each(judged, knowledge, replies_from(file))
    refuse_other(report.whose, person_of(who or case, knowledge), "the report", on=on)
    meaning = meaning_of(judged, knowledge, case=who or case, on=on) if judged else Meaning()
    name = "standard input" if file == "-" else file
    if target or case:
        _write(judged, knowledge, target=target, case=case)
    if fhir:
        _write_fhir(judged, knowledge, fhir)
    page = meaning.page(labs_read_page(judged, report.left_out, knowledge, name=name, facts=meaning.facts), knowledge)
    if html and html != STDOUT:
        click.echo(f"Wrote {write_new(html, render_html(page))}.", err=True)
    if as_json:
        print_json({**labs_read_json(judged, report.left_out, knowledge), "meaning": meaning.plain(knowledge)})
    elif html == STDOUT:
        click.echo(render_html(page), nl=False)
    elif not html:
        click.echo(render(page, width=width, colour=wants_colour(chosen=colour)))
    if not judged:
        click.echo(f"rheobase: {name}: no result was found in it. A line looks like: Mg 0.62 mmol/L", err=True)
    if not judged or any(each.state is State.REFUSED for each in judged):
        sys.exit(1)


def _refuse_pairs(*, both_cases: bool, keep: bool, out: bool) -> None:
    """Refuse options that contradict each other."""
    if both_cases:
        raise click.UsageError("Give --confirm for a new case file or --into for one that is there, not both.")
    if keep:
        raise click.UsageError("--keep is for what is pasted: FILE is - then. This report is in a file already.")
    if out:
        raise click.UsageError("--json prints to standard output; give the page a file of its own.")


def _kept(target: str, facts: LabFacts) -> LabFile:
    """Return the report on standard input, kept in a new file."""
    from rheobase.importers.labs_import import MOST_BYTES, report_of
    from rheobase.importers.new_file import write_new
    from rheobase.importers.text_file import decode_text, read_limited

    name = "standard input"
    data = read_limited("-", name=name, limit=MOST_BYTES)
    report = report_of(data, name, facts)
    shown = write_new(target, decode_text(data, name=name))
    click.echo(f"Kept in {shown}. Settle its lines with: rheobase labs read {shown} --ask", err=True)
    return report


def _write(lines: Sequence[Judged], knowledge: Knowledge, *, target: str | None, case: str | None) -> None:
    """Add what counts to a case file, once; say where it is."""
    from rheobase.errors import UsageError
    from rheobase.importers.case_file import read_case
    from rheobase.importers.case_labs import MOST
    from rheobase.importers.case_writer import write_case
    from rheobase.importers.new_file import replace_keeping_old, write_new
    from rheobase.importers.text_file import read_limited
    from rheobase.labs.reading_confirm import apply_plan, plan_labs
    from rheobase.person import Person

    person = read_case(read_limited(Path(case)), knowledge, name=case) if case else Person()
    plan = plan_labs(person, lines)
    after = apply_plan(person, plan)
    if len(after.labs) > MOST:
        raise UsageError(
            f"a case file holds at most {MOST} results, these would be {len(after.labs)}. Keep the newest."
        )
    there = f", {plan.there} were there already" if plan.there else ""
    if target:
        shown = write_new(target, write_case(after))
        click.echo(f"Wrote {len(plan.new)} results into {shown}. See what they mean: rheobase assess {shown}", err=True)
    elif case and (plan.new or plan.kept):
        kept = replace_keeping_old(case, write_case(after))
        click.echo(f"Added {len(plan.new)} results to {case}{there}; what was there is kept as {kept}.", err=True)
    else:
        click.echo(f"Nothing new for {case}{there}.", err=True)


def _write_fhir(lines: Sequence[Judged], knowledge: Knowledge, target: str) -> None:
    """Write what counts as a Bundle."""
    import json

    from rheobase.fhir.observations import labs_bundle
    from rheobase.importers.new_file import write_new
    from rheobase.knowledge.lab_reading import load_lab_reading
    from rheobase.person import Person

    person = Person(labs=tuple(each.result for each in lines if each.result is not None))
    bundle = labs_bundle(person, knowledge, load_lab_reading())
    shown = write_new(target, json.dumps(bundle, indent=2, ensure_ascii=False, allow_nan=False) + "\n")
    click.echo(f"Wrote {len(person.labs)} results into {shown} (FHIR R4).", err=True)
