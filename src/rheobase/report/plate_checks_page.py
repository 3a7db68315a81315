"""Published experiments done again by the model from the plate to the blood: a table, and plain data."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any

from rheobase import __version__
from rheobase.knowledge import Knowledge
from rheobase.nerve.plate.checks import Row
from rheobase.report.document import Document, Footnotes, Paragraph, Point, Section, Table

SCHEMA_VERSION = 1
_GRADES = {"A": "", "B": ", size ours", "C": ", from memory"}


def checks_page(rows: Sequence[Row], knowledge: Knowledge) -> Document:
    """Return every experiment with what was found, what the model gives, and why it does not where it does not."""
    cited = Footnotes(knowledge)
    table = []
    for row in rows:
        low, high = row.fact.range
        found = f"{row.fact.value:g} ({low:g} to {high:g}) {row.fact.unit}{_GRADES[row.fact.grade]}"
        name = f"{row.name.replace('_', ' ')} {cited.cite(row.fact.source)}"
        table.append((name, found, f"{row.ours:.3g}", "yes" if row.within else "no", row.fact.note))
    within = sum(row.within for row in rows)
    header = ("Experiment", "Found (counts as within)", "Model", "Within", "Note")
    open_rows = [Point(f"{row.name.replace('_', ' ')}: {row.why_not}") for row in rows if not row.within]
    sections = [
        Section("In short", (Paragraph(f"{within} of {len(rows)} experiments are met."),)),
        Section("Experiments", (Table("Experiments done again", header, tuple(table)),)),
        *([Section("Not met", tuple(open_rows))] if open_rows else []),
        cited.section(),
    ]
    return Document("Rheobase - the plate model against experiments", tuple(sections), tuple(cited.cited))


def checks_json(rows: Sequence[Row], knowledge: Knowledge) -> dict[str, Any]:
    """Return the same as plain data."""
    return {
        "schema_version": SCHEMA_VERSION,
        "rheobase_version": __version__,
        "knowledge_version": knowledge.version,
        "rows": [
            {
                "name": row.name,
                "found": row.fact.value,
                "low": row.fact.range[0],
                "high": row.fact.range[1],
                "unit": row.fact.unit,
                "source": row.fact.source,
                "grade": row.fact.grade,
                "ours": round(row.ours, 5),
                "within": row.within,
                "why_not": row.why_not,
            }
            for row in rows
        ],
    }
