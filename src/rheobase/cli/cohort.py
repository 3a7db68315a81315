"""``rheobase cohort``: the same judgement over a table of people."""

from __future__ import annotations

import click

from rheobase.cli.cohort_run import run
from rheobase.cli.cohort_summary import summary
from rheobase.cli.cohort_told import told
from rheobase.cli.options import day_of, json_option, print_json


@click.group(context_settings={"help_option_names": ["-h", "--help"]})
def cohort() -> None:
    """Judge a table of people: a survey or records, of any size.

    Start with: rheobase cohort map FILE
    """


cohort.add_command(told)
cohort.add_command(run)
cohort.add_command(summary)


@cohort.command(name="map")
@click.argument("source", metavar="INPUT")
@click.option("-o", "--out", metavar="FILE", help="Write the mapping to this new file instead of printing it.")
@json_option
def propose_map(source: str, *, out: str | None, as_json: bool) -> None:
    """Propose what the columns of INPUT mean, by names, codes and units, and list what is not understood.

    What is not certain is written as a comment, with the reason: settle it, then take the # away. Only the first
    thousand rows are looked at.
    """
    from dataclasses import asdict

    from rheobase.cohort.mapping_propose import mapping_text, propose
    from rheobase.cohort.readers import first_rows, open_source
    from rheobase.importers.new_file import write_new
    from rheobase.knowledge import load_knowledge

    knowledge = load_knowledge()
    found = open_source(source)
    proposals = propose(first_rows(found), knowledge)
    text = mapping_text(proposals, name=found.names[0] if len(found.names) == 1 else source)
    if as_json:
        print_json(
            {
                "schema_version": 1,
                "knowledge_version": knowledge.version,
                "columns": [{**asdict(each), "seen": dict(each.seen)} for each in proposals],
                "mapping": text,
            }
        )
    elif out is None:
        click.echo(text, nl=False)
    if out is not None:
        click.echo(f"Wrote {write_new(out, text)}. Read it, settle what is open, then: cohort run --map", err=True)
    settled = sum(bool(each.kind) and not each.open for each in proposals)
    unsettled = sum(bool(each.open) for each in proposals)
    strange = len(proposals) - settled - unsettled
    click.echo(f"{settled} columns settled, {unsettled} open, {strange} not understood.", err=True)


@cohort.command()
@click.option("--n", "people", type=click.IntRange(1, 1_000_000_000), required=True, help="How many people.")
@click.option("-o", "--out", required=True, metavar="FILE", help="A new file: .csv or .parquet.")
@click.option(
    "--seed", type=click.IntRange(0), default=1, show_default=True, help="Names the people: same seed, same people."
)
@click.option(
    "--setting",
    type=click.Choice(["home", "primary_care", "specialist", "hospital"]),
    default="home",
    show_default=True,
    help="Whose base rates.",
)
def dummy(people: int, out: str, *, seed: int, setting: str) -> None:
    """Make up people who do not exist, to try things out where no real data may be used.

    Causes are drawn by their base rates, answers by the evidence, blood values around what is usual; a part of
    everything is missing. The columns have our own names, so that cohort run needs no mapping.
    """
    from rheobase.cli.cohort_progress import progress
    from rheobase.cohort.dummy import dummy_frames
    from rheobase.cohort.dummy_write import write_frames
    from rheobase.knowledge import load_knowledge

    knowledge = load_knowledge()
    with progress("People", people) as tell:
        write_frames(dummy_frames(knowledge, people, seed, setting=setting), out, tell)
    click.echo(f"Wrote {people:,} made-up people. Judge them: rheobase cohort run {out} -o OUT", err=True)


@cohort.command()
@json_option
def dictionary(*, as_json: bool) -> None:
    """Say what every column of a result means: type, unit, and what an empty cell says."""
    from rheobase.cohort.dictionary import dictionary as entries_of
    from rheobase.cohort.dictionary import dictionary_json, dictionary_markdown
    from rheobase.cohort.frame import schema
    from rheobase.cohort.judge import judge
    from rheobase.cohort.outcome import outcome_schema
    from rheobase.knowledge import load_knowledge

    knowledge = load_knowledge()
    columns = outcome_schema(
        schema(knowledge), (), knowledge, lambda told, keep: judge(told, knowledge, keep=keep, on=day_of(None))
    )
    entries = entries_of(columns, knowledge)
    if as_json:
        print_json(dictionary_json(entries, knowledge))
        return
    click.echo(dictionary_markdown(entries, knowledge), nl=False)
