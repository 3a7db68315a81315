"""``rheobase new``: a commented case file to fill in."""

from __future__ import annotations

import click


@click.command()
@click.argument("file", default="case.yaml", required=False)
@click.option("--all", "everything", is_flag=True, help="Every question, examination and tests included.")
def new(file: str, *, everything: bool) -> None:
    """Write a commented case file to FILE (case.yaml; - for standard output). Never overwrites."""
    from rheobase.importers.new_file import write_new
    from rheobase.importers.template import case_template
    from rheobase.knowledge import load_knowledge

    text = case_template(load_knowledge(), everything=everything)
    if file == "-":
        click.echo(text, nl=False)
        return
    shown = write_new(file, text)
    click.echo(f"Wrote {shown}. Fill in what you can, then run: rheobase assess {shown}", err=True)
