"""What would change: a short document, and the same as plain data."""

from __future__ import annotations

import dataclasses
import math
from collections.abc import Iterator, Sequence
from typing import Any

from rheobase import __version__
from rheobase.assess import Assessment
from rheobase.assess.causes import FITS_WELL, POSSIBLE, logit
from rheobase.assess.urgency import INSUFFICIENT
from rheobase.assess.what_if import CauseShift, Comparison, FactShift
from rheobase.knowledge import Knowledge
from rheobase.person import Value
from rheobase.report.document import Block, Document, Footnotes, Paragraph, Point, Section
from rheobase.report.words import BANDS, answer, chance, label, percent

SCHEMA_VERSION = 1
SHOWN_CAUSES, SHOWN_FACTS, SHOWN_ADVICE, SHOWN_RULES = 6, 8, 6, 4
# What moves a chance by less is in the JSON, not in the text.
LEAST_MOVE, LEAST_FACTOR = 0.02, 2.0
LIKELY = (FITS_WELL, POSSIBLE)


def what_if_document(
    comparison: Comparison, knowledge: Knowledge, *, notes: Sequence[str] = (), for_clinician: bool = False
) -> Document:
    """Return what would change.

    Args:
        comparison: Before and after.
        knowledge: For words and sources.
        notes: How the supposition was taken.
        for_clinician: Clinical names and percentages; else plain words, and no figure for a feared cause.
    """
    cited = Footnotes(knowledge)
    sections = [
        Section("Supposed", (*_facts(comparison, knowledge), *(Point(note) for note in notes))),
        Section("How urgent", tuple(_urgency(comparison, knowledge, cited))),
        Section("What would change", tuple(_changes(comparison, knowledge, for_clinician=for_clinician))),
        Section("What to do then", tuple(_advice(comparison, knowledge))),
    ]
    sections = [section for section in sections if section.blocks]
    if cited.cited:
        sections.append(cited.section())
    about = f"This supposes answers; it changes nothing that you told. Knowledge {knowledge.version}. "
    sections.append(Section("About", (Paragraph(about + knowledge.review_note),)))
    return Document("Rheobase - what if", tuple(sections), tuple(cited.cited))


def _facts(comparison: Comparison, knowledge: Knowledge) -> Iterator[Block]:
    if not comparison.facts:
        yield Paragraph("Nothing: this is what was told already.")
    known = [each for each in comparison.facts if each.name in knowledge.findings or each.name.startswith("lab.")]
    for each in known[:SHOWN_FACTS]:
        yield Point(f"{_said(each, each.after, knowledge)} (before: {_said(each, each.before, knowledge, short=True)})")
    if len(known) > SHOWN_FACTS:
        yield Point(f"And {len(known) - SHOWN_FACTS} more that follow.")


def _said(each: FactShift, value: Value | None, knowledge: Knowledge, *, short: bool = False) -> str:
    if value is None:
        return "not known" if short else f"{label(knowledge, each.name)}: not known"
    if short and isinstance(value, bool):
        return "yes" if value else "no"
    if each.name.startswith("lab."):
        unit = knowledge.analytes[each.name.removeprefix("lab.")].unit_si or ""
        number = f"{value:g} {unit}".rstrip() if isinstance(value, int | float) else str(value)
        return number if short else f"{label(knowledge, each.name)}: {number}"
    words = answer(knowledge, each.name, value)
    return words.removeprefix(f"{label(knowledge, each.name)}: ") if short else words


def _urgency(comparison: Comparison, knowledge: Knowledge, cited: Footnotes) -> Iterator[Block]:
    levels, before, after = knowledge.levels, comparison.urgency_before, comparison.urgency_after
    if before == after:
        yield Paragraph(f"Unchanged: {levels[after].name}.", strong=True)
    else:
        told = INSUFFICIENT in (before, after)
        more = levels[after].order < levels[before].order
        word = "Changed" if told else "More urgent" if more else "Less urgent"
        yield Paragraph(f"{word}: from '{levels[before].name}' to '{levels[after].name}'.", strong=True)
        yield Paragraph(levels[after].person)
    for name in comparison.rules_started[:SHOWN_RULES]:
        rule = knowledge.rules[name]
        yield Point(f"Then a reason: {rule.title or name}. {rule.tell_person} {cited.cite(*rule.sources)}")
    for name in comparison.rules_stopped[:SHOWN_RULES]:
        yield Point(f"No longer a reason: {knowledge.rules[name].title or name}.")
    if comparison.rules_kept and (comparison.rules_started or comparison.rules_stopped):
        kept = [knowledge.rules[name].title or name for name in comparison.rules_kept[:SHOWN_RULES]]
        yield Point(f"Still a reason: {', '.join(kept)}.")


def _changes(comparison: Comparison, knowledge: Knowledge, *, for_clinician: bool) -> Iterator[Block]:
    lines = [
        line
        for shift in (*comparison.causes, *comparison.contributors)
        if (line := _cause(shift, knowledge, for_clinician=for_clinician))
    ]
    yield from (Point(line) for line in lines[:SHOWN_CAUSES])
    for word, names in (("Then seen in the blood tests", comparison.patterns_seen),
                        ("No longer seen in the blood tests", comparison.patterns_gone)):  # fmt: skip
        yield from (Point(f"{word}: {knowledge.patterns[name].name}.") for name in names)
    if not comparison.changed:
        yield Paragraph("Nothing would change.", strong=True)
    elif not (lines or comparison.patterns_seen or comparison.patterns_gone):
        yield Paragraph("Among the causes nothing would change that matters.")


def _cause(shift: CauseShift, knowledge: Knowledge, *, for_clinician: bool) -> str:
    """Return one cause that moved enough to matter, in words; nothing for the others."""
    cause = knowledge.causes[shift.cause]
    far = abs(shift.after - shift.before) >= LEAST_MOVE or shift.band_before != shift.band_after
    if cause.feared and not for_clinician:
        # As in the report: a feared cause gets no figure, and is named only where it is open and clearly moves.
        clear = abs(logit(shift.after) - logit(shift.before)) >= math.log(LEAST_FACTOR)
        if not clear or (shift.band_before not in LIKELY and shift.band_after not in LIKELY):
            return ""
        more = shift.after > shift.before
        return (
            f"{cause.plain_name}: {'more' if more else 'less'} reason to have it looked into; no figure is put on it."
        )
    if not far:
        return ""
    if for_clinician:
        name, numbers = cause.clinical_name, f"{percent(shift.before)} -> {percent(shift.after)}"
    elif chance(shift.before) == chance(shift.after) and shift.band_before == shift.band_after:
        return ""
    else:
        name, numbers = cause.plain_name, f"from {chance(shift.before)} to {chance(shift.after)}"
    bands = f" ({BANDS[shift.band_before]}, then {BANDS[shift.band_after]})"
    return f"{name}: {numbers}{bands if shift.band_before != shift.band_after else ''}."


def _advice(comparison: Comparison, knowledge: Knowledge) -> Iterator[Block]:
    forbidden = set(comparison.withheld_added)
    removed = [name for name in comparison.advice_removed if name not in forbidden]
    for word, names in (
        ("Then advised", list(comparison.advice_added)),
        ("No longer advised", removed),
        ("Then not for you", list(comparison.withheld_added)),
        ("No longer forbidden", list(comparison.withheld_removed)),
    ):
        titles = [knowledge.advice[name].title for name in names if knowledge.advice[name].title]
        more = len(titles) - SHOWN_ADVICE
        if titles:
            yield Point(f"{word}: {'; '.join(titles[:SHOWN_ADVICE])}{f'; and {more} more' if more > 0 else ''}.")


def what_if_json(
    comparison: Comparison, before: Assessment, after: Assessment, *, supposed: Sequence[str], notes: Sequence[str]
) -> dict[str, Any]:  # fmt: skip
    """Return the comparison with both sides as plain data: same input, same bytes.

    Args:
        comparison: What moved.
        before: As things are.
        after: With the supposed answers.
        supposed: The changes as they were written.
        notes: How they were taken.
    """
    moved = dataclasses.asdict(comparison)
    moved["facts"] = [
        {"name": each.name, "before": _plain(each.before), "after": _plain(each.after)} for each in comparison.facts
    ]
    return {
        "schema_version": SCHEMA_VERSION,
        "rheobase_version": __version__,
        "knowledge_version": after.knowledge_version,
        "on": after.on.isoformat(),
        "supposed": list(supposed),
        "notes": list(notes),
        "changed": comparison.changed,
        "changes": {key: list(value) if isinstance(value, tuple) else value for key, value in moved.items()},
        "before": _side(before),
        "after": _side(after),
    }


def _side(assessment: Assessment) -> dict[str, Any]:
    return {
        "urgency": assessment.urgency.level,
        "fired": [each.rule for each in assessment.urgency.fired],
        "causes": [{"id": fit.cause, "posterior": fit.posterior, "band": fit.band} for fit in assessment.causes],
        "contributors": [
            {"id": fit.cause, "posterior": fit.posterior, "band": fit.band} for fit in assessment.contributors
        ],
        "patterns": list(assessment.patterns),
        "advice": [each.advice for each in assessment.advice],
        "withheld": [each.advice for each in assessment.withheld],
    }


def _plain(value: Value | None) -> object:
    return sorted(value) if isinstance(value, frozenset) else value
