"""``rheobase nerve sweep``: a table of indices over a grid of blood values, for one axon or a population."""

from __future__ import annotations

import importlib.util
import math
from collections.abc import Mapping, Sequence
from typing import TYPE_CHECKING

import click

from rheobase.cli.nerve_options import progress, require_nerve, say_preparing
from rheobase.cli.options import F, colour_option, json_option, print_json, wants_colour, width_option

if TYPE_CHECKING:
    from rheobase.nerve.sweep import Sweep

AXES = (
    ("--ca", "calcium_ionised", "Ionised calcium, mmol/L."),
    ("--mg", "magnesium_ionised", "Ionised magnesium, mmol/L."),
    ("--k", "potassium", "Potassium, mmol/L."),
    ("--na", "sodium", "Sodium, mmol/L."),
    ("--ph", "ph", "pH of the blood."),
    ("--temp", "temperature", "Temperature of the nerve, degrees Celsius."),
)
CSV, PARQUET, STDOUT = ".csv", ".parquet", "-"
# Values along one axis at most; and how near the end of a range a value counts as its end.
MOST_VALUES, NEAR = 100_000, 1e-9


def _axes(function: F) -> F:
    """Add one option for each blood value that can be swept."""
    for flag, name, words in reversed(AXES):
        function = click.option(flag, name, metavar="VALUES", help=words)(function)
    return function


@click.command()
@_axes
@click.option(
    "--index",
    "wanted",
    default="threshold,threshold_change",
    show_default=True,
    help="What to reckon, parted by commas: threshold, threshold_change, resting_potential, rheobase, time_constant, "
    "refractory_period, superexcitability, subexcitability, electrotonus_depolarised, electrotonus_hyperpolarised, "
    "firing; or all.",
)
@click.option(
    "--axon", "kind", type=click.Choice(["motor", "sensory"]), default="motor", show_default=True, help="Which axon."
)
@click.option("--axons", type=click.IntRange(1), default=1, show_default=True, help="Axons of a population.")
@click.option(
    "--spread",
    "spread",
    multiple=True,
    metavar="NAME=SD",
    help="How axons differ: standard deviation of the logarithm of p_na, na_persistent, g_k_slow, g_k_fast, g_leak or "
    "g_h. Repeatable.",
)
@click.option("--seed", type=click.IntRange(0), default=1, show_default=True, help="Starts the draws of a population.")
@click.option("-o", "--out", metavar="FILE", help="Write the table to FILE, a new .csv or .parquet; - prints CSV.")
@json_option
@colour_option
@width_option
def sweep(
    *,
    wanted: str,
    kind: str,
    axons: int,
    spread: tuple[str, ...],
    seed: int,
    out: str | None,
    as_json: bool,
    colour: bool | None,
    width: int,
    **given: str | None,
) -> None:
    """Reckon indices of excitability over every combination of blood VALUES.

    VALUES are numbers parted by commas, such as 0.9,1.25, or a range with its step, such as 0.7:1.4:0.1. What is not
    given is normal. With --axons a population whose axons differ is reckoned in each serum; a single axon is the
    typical one. An empty cell means that the axon has no such value, as one that fires by itself.
    """
    _check_out(out, as_json=as_json)
    require_nerve()

    from rheobase.nerve.sweep import ALL, Sweep, check
    from rheobase.report.sweep_page import gathered, sweep_json, sweep_page
    from rheobase.report.terminal import render

    indices = _indices(wanted, ALL)
    # Axons of one temperature run side by side, so that it runs slowest.
    order = sorted(AXES, key=lambda each: each[1] != "temperature")
    axes = {name: values_of(text, flag) for flag, name, _ in order if (text := given[name]) is not None}
    plan = Sweep(axes, indices, kind, axons, _spread(spread), seed)
    check(plan)
    _check_spread(plan)
    _check_place(out)
    columns = gathered(_parts(plan), plan)
    if out is not None:
        _write(out, columns)
    if as_json:
        print_json(sweep_json(plan, columns))
    elif out is None:
        click.echo(render(sweep_page(plan, columns), width=width, colour=wants_colour(chosen=colour)))


def _parts(plan: Sweep):  # type: ignore[no-untyped-def] # noqa: ANN202
    from rheobase.nerve.sweep import run

    say_preparing()
    with progress(plan.rows, "Axons") as told:
        for part in run(plan):
            told(part.rows)
            yield part


def values_of(text: str, flag: str) -> tuple[float, ...]:
    """Return the numbers of an axis: ``0.9,1.25``, or ``0.7:1.4:0.1``, which holds both its ends.

    Raises:
        UsageError: It is neither; says what is.
    """
    from rheobase.errors import UsageError
    from rheobase.plain_text import printable

    said = f"{flag} {printable(text, limit=40)!r}"
    try:
        numbers = [float(each) for each in text.split(":" if ":" in text else ",")]
    except ValueError as problem:
        raise UsageError(
            f"{said}: not understood. Write numbers parted by commas (0.9,1.25), or start:end:step (0.7:1.4:0.1)."
        ) from problem
    if ":" not in text:
        return tuple(dict.fromkeys(numbers))
    if len(numbers) != 3:
        raise UsageError(f"{said}: a range has three parts, start:end:step, such as 0.7:1.4:0.1.")
    start, end, step = numbers
    if not all(map(math.isfinite, numbers)) or step <= 0 or end < start:
        raise UsageError(f"{said}: a range goes up from its start to its end by a step above 0, such as 0.7:1.4:0.1.")
    count = (end - start) / step
    if count >= MOST_VALUES:
        raise UsageError(f"{said}: {count:.3g} values; expected fewer than {MOST_VALUES:,}. Use a wider step.")
    return tuple(round(start + at * step, 12) for at in range(math.floor(count + NEAR) + 1))


def _indices(text: str, known: Sequence[str]) -> tuple[str, ...]:
    """Return the indices that are meant by their names or their beginnings, parted by commas.

    Raises:
        UsageError: There is none, or one of them is not known; names those that are.
    """
    from rheobase.errors import UsageError
    from rheobase.plain_text import printable

    found: list[str] = []
    for name in filter(None, map(str.strip, text.split(","))):
        begun = [each for each in known if each.startswith(name)]
        if name == "all":
            found.extend(known)
        elif name in known:
            found.append(name)
        elif len(begun) == 1:
            found.append(begun[0])
        else:
            several = f"begins {' and '.join(begun)}; write one of them" if begun else f"choose from {', '.join(known)}"
            raise UsageError(f"--index {printable(name, limit=40)!r}: {several}{'' if begun else '; or all'}.")
    if not found:
        raise UsageError(f"--index {printable(text, limit=40)!r}: names none; choose from {', '.join(known)}; or all.")
    return tuple(dict.fromkeys(found))


def _spread(given: Sequence[str]) -> dict[str, float]:
    """Return spreads by name.

    Raises:
        UsageError: Not of the form NAME=SD.
    """
    from rheobase.errors import UsageError
    from rheobase.plain_text import printable

    found = {}
    for each in given:
        name, _, width = each.partition("=")
        try:
            found[name.strip()] = float(width)
        except ValueError as problem:
            raise UsageError(
                f"--spread {printable(each, limit=40)!r}: not understood. Write NAME=SD, such as na_persistent=0.2."
            ) from problem
    return found


def _check_spread(plan: Sweep) -> None:
    """Refuse a spread of a single axon, which would change nothing.

    Raises:
        UsageError: As said.
    """
    from rheobase.errors import UsageError

    if plan.spread and plan.axons == 1:
        raise UsageError(
            "--spread says how the axons of a population differ, and without --axons there is one, the typical axon. "
            "Add, such as, --axons 100."
        )


def _check_out(out: str | None, *, as_json: bool) -> None:
    from rheobase.errors import UsageError

    if out == STDOUT and as_json:
        raise UsageError(
            "--out - prints CSV and --json prints JSON: both at once can't be told apart. Give one of them."
        )
    if out is None or out == STDOUT or out.lower().endswith(CSV):
        return
    if not out.lower().endswith(PARQUET):
        raise UsageError("--out: give a file that ends in .csv or .parquet, or - to print CSV.")
    if importlib.util.find_spec("polars") is None:
        raise UsageError(
            "A .parquet file needs polars, which the extra 'cohort' brings: pip install 'rheobase[cohort]'. "
            "Or give a file that ends in .csv."
        )


def _check_place(out: str | None) -> None:
    """Refuse a file that is there already, or a folder that is not, before anything is reckoned.

    Raises:
        UsageError: As said.
    """
    from pathlib import Path

    from rheobase.errors import UsageError
    from rheobase.plain_text import printable

    if out is None or out == STDOUT:
        return
    if not Path(out).parent.is_dir():
        raise UsageError(f"{printable(out, limit=200)}: its folder is not there. Give a path in a folder that exists.")
    if Path(out).exists():
        raise UsageError(
            f"{printable(out, limit=200)}: is there already and is kept. Give another name, or move it away."
        )


def _write(out: str, columns: Mapping[str, Sequence[float | None]]) -> None:
    from rheobase.importers.new_file import write_new
    from rheobase.report.sweep_page import csv_text, parquet_bytes

    if out == STDOUT:
        click.echo(csv_text(columns), nl=False)
        return
    data = parquet_bytes(columns) if out.lower().endswith(PARQUET) else csv_text(columns)
    rows = len(next(iter(columns.values())))
    click.echo(f"Wrote {write_new(out, data)}: {rows:,} rows.", err=True)
