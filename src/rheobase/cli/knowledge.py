"""``rheobase knowledge``: check it, show its version, print the case file's schema."""

from __future__ import annotations

import click

from rheobase.cli.options import json_option, print_json


@click.group()
def knowledge() -> None:
    """Check the knowledge, show its version, print the schema."""


@knowledge.command()
@json_option
def check(*, as_json: bool) -> None:
    """Check every fact: sources cited, ids known, rules reachable, units closed, probabilities sound."""
    from rheobase.knowledge import load_knowledge
    from rheobase.knowledge.check import check_knowledge

    loaded = load_knowledge()
    problems = check_knowledge(loaded)
    counts = {
        "causes": len(loaded.causes),
        "findings": len(loaded.findings),
        "evidence": sum(len(rows) for rows in loaded.evidence.values()),
        "rules": len(loaded.rules),
        "medicines": len(loaded.medicines),
        "analytes": len(loaded.analytes),
        "advice": len(loaded.advice),
        "statements": len(loaded.statements),
        "sources": len(loaded.sources),
    }
    if as_json:
        print_json({"knowledge_version": loaded.version, "counts": counts, "problems": list(problems)})
    else:
        click.echo(f"Knowledge {loaded.version}: " + ", ".join(f"{n} {name}" for name, n in counts.items()) + ".")
        for problem in problems:
            click.echo(f"  {problem}")
        click.echo("No problem found." if not problems else f"{len(problems)} problems.")
    if problems:
        raise click.exceptions.Exit(1)


@knowledge.command()
def version() -> None:
    """Print the knowledge version."""
    from rheobase.knowledge import load_knowledge

    click.echo(load_knowledge().version)


@knowledge.command()
def schema() -> None:
    """Print the JSON Schema of the case file."""
    from rheobase.importers.case_schema import case_schema
    from rheobase.knowledge import load_knowledge

    print_json(case_schema(load_knowledge()))
