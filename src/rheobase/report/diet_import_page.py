"""What an import would do: days added, changed, unchanged, left, and what was dropped and why."""

from __future__ import annotations

from datetime import date
from typing import Any

from rheobase import __version__
from rheobase.diet.plan import ImportPlan
from rheobase.report.document import Document, Paragraph, Point, Section

SCHEMA_VERSION = 1
SHOWN = 20


def _days(days: tuple[date | None, ...]) -> str:
    """Return days as they are read out: single ones, or the first and the last of many."""
    named = [each.isoformat() if each else "one without a date" for each in days]
    if len(named) <= 4:
        return ", ".join(named)
    return f"{len(named)} days, {named[0]} to {named[-1]}"


def import_page(plan: ImportPlan, *, name: str, target: str | None) -> Document:
    """Return what importing a file does, or did.

    Args:
        plan: What was planned.
        name: The imported file.
        target: The diet file that it was written to; None while it is only planned.
    """
    count = len(plan.imported.days)
    said = [f"{name} is read as {plan.imported.source}: {count} {'day' if count == 1 else 'days'}."]
    verbs = ("Added", "Changed", "There already") if target else ("Would add", "Would change", "There already")
    lists = (plan.added, plan.changed, plan.unchanged)
    said += [f"{verb}: {_days(days)}." for verb, days in zip(verbs, lists, strict=True) if days]
    if plan.changes_nothing:
        said.append("Nothing is new; nothing is written.")
    elif target is None:
        said.append(f"Nothing is written yet. To do it: rheobase diet import {name} -o diet.yaml")
    sections = [Section("Plan" if target is None else "Done", tuple(Paragraph(each) for each in said))]
    for title, lines in (("Left as it is", plan.left), ("Dropped", plan.imported.dropped)):
        if lines:
            more = (f"and {len(lines) - SHOWN} more (--json lists all)",) if len(lines) > SHOWN else ()
            sections.append(Section(title, tuple(Point(each) for each in (*lines[:SHOWN], *more))))
    if plan.imported.notes:
        sections.append(Section("To know", tuple(Point(each) for each in plan.imported.notes)))
    return Document(f"Import of {name}", tuple(sections), ())


def import_json(plan: ImportPlan, *, written: bool) -> dict[str, Any]:
    """Return what importing a file does, or did, as plain data."""

    def listed(days: tuple[date | None, ...]) -> list[str | None]:
        return [each.isoformat() if each else None for each in days]

    return {
        "schema_version": SCHEMA_VERSION,
        "rheobase_version": __version__,
        "source": plan.imported.source,
        "written": written,
        "added": listed(plan.added),
        "changed": listed(plan.changed),
        "unchanged": listed(plan.unchanged),
        "left": list(plan.left),
        "dropped": list(plan.imported.dropped),
        "notes": list(plan.imported.notes),
    }
