"""Options and output that several verbs share."""

from __future__ import annotations

import json
import os
import sys
from collections.abc import Callable
from datetime import date
from typing import Any, TypeVar

import click

F = TypeVar("F", bound=Callable[..., Any])


def json_option(function: F) -> F:
    """Add ``--json``."""
    return click.option("--json", "as_json", is_flag=True, help="Print JSON instead of text.")(function)


def colour_option(function: F) -> F:
    """Add ``--colour/--no-colour``; the default is colour on a terminal that does not refuse it."""
    return click.option("--colour/--no-colour", "colour", default=None, help="Colour on or off.")(function)


def width_option(function: F) -> F:
    """Add ``--width``."""
    return click.option(
        "--width", type=click.IntRange(40, 200), default=80, show_default=True, help="Columns of the text."
    )(function)


def wants_colour(*, chosen: bool | None) -> bool:
    """Return whether to colour: as chosen, else only on a terminal without ``NO_COLOR``."""
    if chosen is not None:
        return chosen
    # Standard output is None where it was closed.
    return sys.stdout is not None and sys.stdout.isatty() and not os.environ.get("NO_COLOR")


def print_json(data: object) -> None:
    """Print plain data as JSON, the same bytes for the same data."""
    click.echo(json.dumps(data, indent=2, ensure_ascii=False, sort_keys=False, allow_nan=False))


def parse_date(_ctx: click.Context, _parameter: click.Parameter, value: str | None) -> date:
    """Return ``--on`` as a date, today by default."""
    return day_of(value)


def day_of(value: str | None) -> date:
    """Return a day that was given, else today. The clock is read here and nowhere below."""
    if value is None:
        return date.today()  # noqa: DTZ011 - the person's own calendar day is meant
    try:
        return date.fromisoformat(value)
    except ValueError as problem:
        raise click.BadParameter(f"{value!r} is not a date; write it as 2026-11-24.") from problem


def on_option(function: F) -> F:
    """Add ``--on`` to a command that reads a diet."""
    return click.option("--on", callback=parse_date, help="Today, as 2026-11-24; later days are refused.")(function)
