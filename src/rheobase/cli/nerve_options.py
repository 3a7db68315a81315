"""What the verbs of ``rheobase nerve`` share: options for blood values, and what they ask of the machine."""

from __future__ import annotations

import contextlib
import importlib.util
import sys
from collections.abc import Callable, Iterator

import click

from rheobase.cli.options import F

_VALUES = (
    ("--ca", "calcium_ionised", "Ionised calcium, mmol/L."),
    ("--total-ca", "calcium_total", "Total calcium, mmol/L, instead of ionised."),
    ("--albumin", "albumin", "Albumin, g/L, to judge total calcium by."),
    ("--mg", "magnesium_ionised", "Ionised magnesium, mmol/L."),
    ("--total-mg", "magnesium_total", "Total magnesium, mmol/L, instead of ionised."),
    ("--k", "potassium", "Potassium, mmol/L."),
    ("--na", "sodium", "Sodium, mmol/L."),
    ("--ph", "ph", "pH of the blood."),
    ("--temp", "temperature", "Temperature of the nerve, degrees Celsius."),
)
_BREATHING = click.option(
    "--breathing",
    type=click.Choice(["minutes", "steady"]),
    default="minutes",
    show_default=True,
    help="How long the pH has been so: minutes of over-breathing leave ionised calcium as it was.",
)


def serum_options(function: F) -> F:
    """Add one option for each blood value; a case file may give them too."""
    function = _BREATHING(function)
    for flag, name, words in reversed(_VALUES):
        function = click.option(flag, name, type=float, help=words)(function)
    return function


def require_nerve() -> None:
    """Refuse in one line where the parts that the model needs are not installed.

    Raises:
        UsageError: numba, numpy or scipy is missing; says how to get it.
    """
    from rheobase.errors import UsageError

    missing = [name for name in ("numba", "numpy", "scipy") if importlib.util.find_spec(name) is None]
    if missing:
        raise UsageError(
            f"rheobase nerve needs {', '.join(missing)}, which the extra 'nerve' brings: pip install 'rheobase[nerve]'."
        )


def say_preparing(*parts: str) -> None:
    """Say on standard error that the first use takes longer, where it does.

    Args:
        parts: What is used: nerve, fibre, pool; nerve unless given.
    """
    from rheobase.nerve.compiled import is_compiled

    if not all(is_compiled(part) for part in parts or ("nerve",)):
        click.echo("Preparing the model for this machine, once; this takes a few seconds.", err=True)


@contextlib.contextmanager
def progress(count: int, label: str) -> Iterator[Callable[[int], object]]:
    """Yield what moves a bar by so many on standard error, on a terminal; elsewhere nothing is shown."""
    if sys.stderr is None or not sys.stderr.isatty():
        yield lambda _: None
        return
    with click.progressbar(length=count, label=label, file=sys.stderr) as bar:
        yield bar.update
