"""A sweep as a page, as plain data, as CSV and as Parquet."""

from __future__ import annotations

import csv
import io
import math
from collections.abc import Iterable, Iterator, Mapping, Sequence
from typing import Any

import numpy as np

from rheobase import __version__
from rheobase.knowledge import load_knowledge
from rheobase.knowledge.nerve_facts import load_nerve_facts
from rheobase.nerve.concentrations import NAMES, normal_serum
from rheobase.nerve.indices import INDICES
from rheobase.nerve.sweep import CHANGE, FIRING, PARAMETERS, UNITS, Part, Sweep
from rheobase.report.document import Block, Document, Kind, Paragraph, Point, Section, Table
from rheobase.report.nerve_page import LIMITS

SCHEMA_VERSION = 1
Columns = Mapping[str, Sequence[float | None]]
# Serums that a page shows, and the shares of a population between which nine in ten axons lie.
MOST_SHOWN, ENDS = 40, (5, 95)
_NAMES = {**{each.id: each.name for each in INDICES}, CHANGE: "Threshold against normal", FIRING: "Fires by itself"}
POPULATION_LIMIT = (
    "How axons of one nerve differ is not known from recordings; their spread here is our estimate, and --spread sets "
    "another. Axons of a population keep the resting balance of the typical one."
)


def gathered(parts: Iterable[Part], plan: Sweep) -> dict[str, list[float | None]]:
    """Return all parts as one table by column; what has no value is None, and axons are counted from 1."""
    found: dict[str, list[float | None]] = {}
    for part in parts:
        for name, values in part.columns.items():
            column = found.setdefault(name, [])
            column.extend(value if math.isfinite(value) else None for value in values.tolist())
    if plan.axons > 1:
        found["axon"] = [int(value or 0) + 1 for value in found["axon"]]
    return found


def csv_text(columns: Columns) -> str:
    """Return the table as CSV with a line of names; empty where there is no value."""
    stream = io.StringIO()
    writer = csv.writer(stream, lineterminator="\n")
    writer.writerow(columns)
    for row in zip(*columns.values(), strict=True):
        writer.writerow(["" if value is None else f"{value:.8g}" for value in row])
    return stream.getvalue()


def parquet_bytes(columns: Columns) -> bytes:
    """Return the table as Parquet; null where there is no value."""
    import polars as pl  # noqa: PLC0415 - heavy, and an extra

    stream = io.BytesIO()
    types = {name: pl.Int64 if name == "axon" else pl.Float64 for name in columns}
    pl.DataFrame(dict(columns), schema=types).write_parquet(stream)
    return stream.getvalue()


def sweep_page(plan: Sweep, columns: Columns) -> Document:
    """Return the table as a page: one row for every serum, of a population the median and nine axons in ten."""
    knowledge = load_knowledge()
    limits = (*LIMITS, *((POPULATION_LIMIT,) if plan.axons > 1 else ()), *_beyond(plan))
    sections = (
        Section("The table", tuple(_table(plan, columns))),
        Section("What this model cannot say", tuple(Point(each) for each in limits)),
        Section("About", (Paragraph(f"Knowledge {knowledge.version}. {knowledge.review_note}"),), Kind.ABOUT),
    )
    return Document("Rheobase - a nerve over a range of values", sections, ())


def _table(plan: Sweep, columns: Columns) -> Iterator[Block]:
    inputs, varied = load_nerve_facts().inputs, [name for name in plan.axes if len(plan.axes[name]) > 1]
    serums = plan.rows // plan.axons
    fixed = ", ".join(
        f"{inputs[name].name} {columns[name][0]:g} {inputs[name].unit}".strip() for name in NAMES if name not in varied
    )
    yield Paragraph(f"A {plan.kind} axon; kept at {fixed}.")
    rows = []
    for at in range(min(serums, MOST_SHOWN)):
        lo, hi = at * plan.axons, (at + 1) * plan.axons
        values = [_figure(columns[name][lo:hi]) for name in plan.wanted]
        rows.append((*(f"{columns[name][lo]:g}" for name in varied), *values))
    header = (*(_with_unit(inputs[name].name, inputs[name].unit) for name in varied),
              *(_with_unit(_NAMES[name], UNITS[name]) for name in plan.wanted))  # fmt: skip
    whom = f"Median of {plan.axons:,} axons, and between which nine in ten lie." if plan.axons > 1 else "Each serum."
    yield Table(whom, header, tuple(rows))
    if serums > MOST_SHOWN:
        yield Paragraph(f"The first {MOST_SHOWN} of {serums:,} serums; --out writes them all.")


def _with_unit(name: str, unit: str) -> str:
    return f"{name} [{unit}]" if unit else name


def _figure(values: Sequence[float | None]) -> str:
    """Return one value, or the median with the ends of nine in ten; those without a value are counted."""
    known = [value for value in values if value is not None]
    if not known:
        return "none"
    if len(values) == 1:
        return f"{known[0]:.4g}"
    low, middle, high = np.percentile(known, [ENDS[0], 50, ENDS[1]])
    missing = f", {len(values) - len(known)} without" if len(known) < len(values) else ""
    return f"{middle:.3g} ({low:.3g} to {high:.3g}{missing})"


def _beyond(plan: Sweep) -> Iterator[str]:
    inputs = load_nerve_facts().inputs
    for name, values in plan.axes.items():
        each = inputs[name]
        if min(values) < each.checked_low or max(values) > each.checked_high:
            yield (
                f"Part of {each.name} lies outside of {each.checked_low:g} to {each.checked_high:g} {each.unit}".strip()
                + ", where the model was compared with anything: take the size of the effect there as a guess."
            )


def sweep_json(plan: Sweep, columns: Columns) -> dict[str, Any]:
    """Return the table as plain data: what was asked, the unit of every column, and one object for every row."""
    knowledge, inputs, usual, known = load_knowledge(), load_nerve_facts().inputs, normal_serum(), load_nerve_facts()
    names = list(columns)
    units = {name: inputs[name].unit for name in NAMES} | dict(UNITS)
    spread = {name: plan.spread.get(name, known[f"spread_{name}"]) for name in PARAMETERS} if plan.axons > 1 else {}
    return {
        "schema_version": SCHEMA_VERSION,
        "rheobase_version": __version__,
        "knowledge_version": knowledge.version,
        "axon": plan.kind,
        "axons": plan.axons,
        "seed": plan.seed,
        "spread": spread,
        "normal": {name: getattr(usual, name) for name in NAMES},
        "units": {name: units.get(name, "") for name in names},
        "rows": [dict(zip(names, row, strict=True)) for row in zip(*columns.values(), strict=True)],
        "limits": [*LIMITS, *((POPULATION_LIMIT,) if plan.axons > 1 else ()), *_beyond(plan)],
        "review_note": knowledge.review_note,
    }
