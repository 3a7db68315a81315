"""What was told as tables for a spreadsheet: answers, blood tests, medicines. For reading; a case file is imported."""

from __future__ import annotations

import csv
import io
from collections.abc import Iterable, Sequence

from rheobase.knowledge import Knowledge
from rheobase.person import Person, Value

# A spreadsheet runs a cell that begins like this; an apostrophe makes it text.
_RUNS = ("=", "+", "-", "@", "\t", "\r")
ANSWERS = ("finding", "name", "status", "value", "unit", "as_written")
RESULTS = ("analyte", "name", "taken", "comparator", "value", "unit", "flag", "low", "high", "as_written")
MEDICINES = ("as_written", "medicine", "name", "status", "months", "note")


def answers_csv(person: Person, knowledge: Knowledge) -> str:
    """Return every answer as CSV text, one a row; unknown has an empty value."""
    rows = []
    for name, answer in sorted(person.answers.items()):
        finding = knowledge.findings.get(name)
        words, unit = (finding.label, finding.unit) if finding is not None else ("", "")
        value = "" if answer.value is None else _value(answer.value)
        rows.append((name, words, answer.status.value, value, unit, answer.original))
    return _csv(ANSWERS, rows)


def results_csv(person: Person, knowledge: Knowledge) -> str:
    """Return every laboratory result as CSV text, in the laboratory's own units."""
    rows = []
    for each in person.labs:
        entry = knowledge.analytes.get(each.analyte)
        name = entry.name if entry is not None else ""
        taken = each.taken.isoformat() if each.taken else ""
        numbers = (each.value, each.unit, each.flag, each.low, each.high)
        rows.append((each.analyte, name, taken, each.comparator, *numbers, each.original))
    return _csv(RESULTS, rows)


def medicines_csv(person: Person, knowledge: Knowledge) -> str:
    """Return every medicine as CSV text, as written and as recognised."""
    rows = []
    for use in person.medicines:
        entry = knowledge.medicines.get(use.medicine or "") or knowledge.medicine_classes.get(use.medicine or "")
        name = entry.name if entry is not None else ""
        rows.append((use.written, use.medicine, name, use.status.value, use.months, use.note))
    return _csv(MEDICINES, rows)


def _value(value: Value) -> object:
    if isinstance(value, bool):
        return "yes" if value else "no"
    return " ".join(sorted(value)) if isinstance(value, frozenset) else value


def _csv(header: Sequence[str], rows: Iterable[Sequence[object]]) -> str:
    stream = io.StringIO(newline="")
    writer = csv.writer(stream)
    writer.writerow(header)
    writer.writerows([_cell(each) for each in row] for row in rows)
    return stream.getvalue()


def _cell(value: object) -> object:
    if value is None:
        return ""
    return f"'{value}" if isinstance(value, str) and value.startswith(_RUNS) else value
