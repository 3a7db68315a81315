"""``rheobase new``: a commented case file to fill in."""

from __future__ import annotations

import click


@click.command()
@click.argument("file", default="case.yaml", required=False)
@click.option("--all", "everything", is_flag=True, help="Every question, examination and tests included.")
def new(file: str, *, everything: bool) -> None:
    """Write a commented case file to FILE (case.yaml; - for standard output). Never overwrites."""
    from pathlib import Path

    from rheobase.errors import UsageError
    from rheobase.importers.template import case_template
    from rheobase.knowledge import load_knowledge
    from rheobase.plain_text import printable

    text = case_template(load_knowledge(), everything=everything)
    if file == "-":
        click.echo(text, nl=False)
        return
    shown = printable(file, limit=200)
    try:
        # "x" fails if anything is there already, a link included: no one's answers are ever lost.
        with Path(file).open("x", encoding="utf-8", newline="\n") as stream:
            stream.write(text)
    except FileExistsError as problem:
        message = f"{shown}: is there already and is kept. Give another name, or move it away."
        raise UsageError(message) from problem
    except (OSError, ValueError) as problem:
        reason = getattr(problem, "strerror", None) or str(problem)
        message = f"{shown}: cannot be written ({reason}). Give a path in a folder that exists."
        raise UsageError(message) from problem
    click.echo(f"Wrote {shown}. Fill in what you can, then run: rheobase assess {shown}", err=True)
