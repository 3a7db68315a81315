"""Settle the lines in doubt one after the other: each is shown with its readings, and one reply settles it."""

from __future__ import annotations

import sys
from collections.abc import Sequence
from pathlib import Path
from typing import TextIO

import click

from rheobase.errors import UsageError
from rheobase.knowledge import Knowledge
from rheobase.labs.reading_confirm import LEAVE_OUT, Choice, settle
from rheobase.labs.reading_line import Judged, State
from rheobase.plain_text import printable
from rheobase.report.labs_read_page import value_words

TERMINAL, NONE, STOP, LONGEST = "/dev/tty", ("n", "no", "none"), ("q", "quit", "stop"), 200


def replies_from(file: str) -> TextIO:
    """Return where replies are typed: standard input, or the terminal where the report came from standard input.

    Raises:
        UsageError: There is no terminal.
    """
    if file != "-":
        return sys.stdin
    try:
        return Path(TERMINAL).open(encoding="utf-8", errors="replace")
    except OSError as problem:
        raise UsageError(
            "--ask needs a terminal to answer on, and the report took standard input. Keep what you pasted with "
            "--keep report.txt, then: rheobase labs read report.txt --ask"
        ) from problem


def ask_each(lines: Sequence[Judged], knowledge: Knowledge, replies: TextIO) -> tuple[Judged, ...]:
    """Return the lines with those in doubt settled as replied; what is passed over, or not reached, stays open.

    Args:
        lines: As they were judged.
        knowledge: Names of tests.
        replies: One a line: the number of a reading, n for none, nothing for later, q to stop.
    """
    settled = tuple(lines)
    open_ = [place for place, each in enumerate(lines, 1) if each.state is State.DOUBT]
    for at, place in enumerate(open_, 1):
        line = settled[place - 1]
        _show(line, place, f"{at} of {len(open_)}", knowledge)
        said = _reply(len(line.candidates), replies)
        if said is None:
            break
        if said:
            settled = settle(settled, [Choice(place, said)])
    return settled


def _show(line: Judged, place: int, progress: str, knowledge: Knowledge) -> None:
    click.echo(f"\nLine {place} ({progress}): {printable(line.line.text, limit=LONGEST)}", err=True)
    for reason in line.reasons:
        click.echo(f"  {reason}", err=True)
    for number, each in enumerate(line.candidates, 1):
        day = f", {each.taken.isoformat()}" if each.taken is not None else ""
        click.echo(f"  {number}: {knowledge.analytes[each.analyte].name} {value_words(each)}{day}", err=True)


def _reply(count: int, replies: TextIO) -> str | None:
    """Return the number of a reading, "none", "" for later, or None to stop; what is none of them is asked again."""
    which = "1" if count == 1 else f"1 to {count}"
    while True:
        click.echo(f"Which one? {which}, n for none of them, Enter for later, q to stop: ", nl=False, err=True)
        typed = replies.readline(LONGEST)
        said = typed.strip().lower()
        if not typed or said in STOP:
            click.echo("", err=True)
            return None
        if said in NONE:
            return LEAVE_OUT
        if not said or (said.isascii() and said.isdigit() and 1 <= int(said) <= count):
            return said
        click.echo(f"{printable(said, limit=40)!r} is none of them.", err=True)
