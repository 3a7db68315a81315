"""What is known about one thing, with its sources and grades."""

from __future__ import annotations

import difflib
from collections.abc import Iterable, Mapping
from typing import Any

from rheobase import __version__
from rheobase.errors import UsageError
from rheobase.knowledge import Analyte, Cause, Finding, Knowledge, Medicine, Rule
from rheobase.knowledge.model import MedicineClass
from rheobase.knowledge.model_tests import Test
from rheobase.logic import names, render
from rheobase.report.document import Document, Footnotes, Paragraph, Point, Section, Table
from rheobase.report.explain_more import medicine_class_sections, test_sections
from rheobase.report.words import label, percent

SHOWN_EVIDENCE = 12
Entry = Cause | Finding | Rule | Medicine | MedicineClass | Analyte | Test


def explanation(name: str, knowledge: Knowledge) -> Document:
    """Return everything known about one id or plain name.

    Raises:
        UsageError: Nothing has that name; says what may have been meant.
    """
    return explanation_of(_find(name, knowledge), knowledge)


def explanation_of(entry: Entry, knowledge: Knowledge) -> Document:
    """Return everything known about one entry of the knowledge, with sources.

    Args:
        entry: The entry.
        knowledge: What holds it.
    """
    notes = Footnotes(knowledge)
    match entry:
        case Cause():
            title, sections = entry.plain_name, _cause(entry, knowledge, notes)
        case Finding():
            title, sections = entry.label or entry.id, _finding(entry, knowledge, notes)
        case Rule():
            title, sections = entry.title or entry.id, _rule(entry, knowledge, notes)
        case Medicine():
            title, sections = entry.name, _medicine(entry, knowledge, notes)
        case MedicineClass():
            title, sections = entry.name, medicine_class_sections(entry, knowledge, notes)
        case Analyte():
            title, sections = entry.name, _analyte(entry, notes)
            same = knowledge.tests.get(entry.id)
            sections += [] if same is None else test_sections(same, knowledge, notes)
        case Test():
            title, sections = entry.name, test_sections(entry, knowledge, notes)
    if notes.cited:
        sections.append(notes.section())
    sections.append(Section("About", (Paragraph(f"Knowledge {knowledge.version}. {knowledge.review_note}"),)))
    return Document(f"{title} ({entry.id})", tuple(sections), tuple(notes.cited))


def explain_json(document: Document, knowledge: Knowledge) -> dict[str, Any]:
    """Return a document as plain data."""
    from dataclasses import asdict  # noqa: PLC0415 - only for JSON

    return {
        "schema_version": 1,
        "rheobase_version": __version__,
        "knowledge_version": knowledge.version,
        **asdict(document),
    }


def not_found(name: str, known: Mapping[str, object]) -> UsageError:
    """Return the error for a name that nothing has."""
    near = difflib.get_close_matches(name.lower().replace(" ", "_"), known, 3, 0.5)
    hint = f" Did you mean {', '.join(near)}?" if near else " 'rheobase knowledge check' counts what there is."
    return UsageError(f"{name!r} is not known.{hint}")


def _find(name: str, knowledge: Knowledge) -> Cause | Finding | Rule | Medicine | Analyte:
    wanted = name.strip().lower().replace(" ", "_").replace("-", "_")
    tables: tuple[Mapping[str, Any], ...] = (
        knowledge.causes,
        knowledge.findings,
        knowledge.rules,
        knowledge.medicines,
        knowledge.analytes,
    )
    for table in tables:
        if wanted in table:
            found: Cause | Finding | Rule | Medicine | Analyte = table[wanted]
            return found
    for nutrient in knowledge.nutrients.values():
        if nutrient.id == wanted and nutrient.fields.get("cause") in knowledge.causes:
            return knowledge.causes[nutrient.fields["cause"]]
    for table in tables:
        for entry in table.values():
            plain = getattr(entry, "plain_name", "") or getattr(entry, "label", "") or getattr(entry, "name", "")
            if plain.lower().replace(" ", "_") == wanted:
                named: Cause | Finding | Rule | Medicine | Analyte = entry
                return named
    raise not_found(name, {each: "" for table in tables for each in table})


def _points(items: Iterable[str]) -> tuple[Point, ...]:
    return tuple(Point(each) for each in items)


def _cause(cause: Cause, knowledge: Knowledge, notes: Footnotes) -> list[Section]:
    rates = tuple(
        (setting.replace("_", " "), percent(r.point), f"{percent(r.low)} to {percent(r.high)}", r.grade)
        for setting, r in cause.base_rates.items()
    )
    # Sentences have no room in a column of a small screen.
    why = tuple(f"{setting.replace('_', ' ')}: {r.basis}" for setting, r in cause.base_rates.items() if r.basis)
    evidence = sorted(
        knowledge.evidence.get(cause.id, ()),
        key=lambda row: -abs(row.sensitivity / row.false_positive_rate - 1),
    )
    rows = tuple(
        (
            label(knowledge, row.finding) + _so(row.value),
            percent(row.sensitivity),
            percent(row.false_positive_rate),
            f"{row.grade}/{row.grade_fpr}",
            notes.cite(row.source),
        )
        for row in evidence[:SHOWN_EVIDENCE]
    )
    return [
        Section("What it is", (Paragraph(f"{cause.clinical_name}. {cause.mechanism} {notes.cite(*cause.sources)}"),)),
        Section("Typical", (Paragraph(f"{cause.time_course} Often: {', '.join(cause.key_symptoms)}."),)),
        Section(
            "How common",
            (
                Table("Chance before anything is known", ("Setting", "Chance", "Range", "Grade"), rates),
                *([Point("Where these chances come from", why)] if why else []),
                *(Point(f"{each.text} {notes.cite(each.source)}") for each in cause.population_frequency),
                *_points(
                    [f"{cause.reassurance} {notes.cite(*cause.reassurance_sources)}"] if cause.reassurance else []
                ),
            ),
        ),
        Section(
            "What tells for it or against it",
            (Table("The most telling findings", ("Finding", "With it", "Without", "Grade", "Source"), rows),),
        ),
        Section("What settles it", _points(cause.settling_tests)),
    ]


def _so(value: str) -> str:
    """Return what an answer adds to the name of a finding, such as ``: at least 6``."""
    if value == "yes":
        return ""
    for mark, words in ((">=", "at least "), ("<=", "at most "), (">", "more than "), ("<", "less than ")):
        if value.startswith(mark):
            return f": {words}{value.removeprefix(mark)}"
    return f": {value.replace('_', ' ')}"


def _finding(finding: Finding, knowledge: Knowledge, notes: Footnotes) -> list[Section]:
    rows = []
    for cause, evidence in knowledge.evidence.items():
        for row in evidence:
            if row.finding == finding.id:
                ratio = row.sensitivity / row.false_positive_rate
                name, value = knowledge.causes[cause].plain_name, row.value.replace("_", " ")
                rows.append(
                    (ratio, (name, value, f"x {ratio:.2g}", f"{row.grade}/{row.grade_fpr}", notes.cite(row.source)))
                )
    rows.sort(key=lambda row: -row[0])
    used = [rule.title or rule.id for rule in knowledge.rules.values() if finding.id in names(rule.when)]
    return [
        Section("The question", _points(filter(None, (finding.question, finding.why_asked)))),
        Section(
            "What the answer does",
            (
                Table(
                    "Odds of each cause if so",
                    ("Cause", "Answer", "Odds", "Grade", "Source"),
                    tuple(r for _, r in rows),
                ),
            ),
        ),
        Section("Urgency rules that read it", _points(used) or (Paragraph("None."),)),
    ]


def _rule(rule: Rule, knowledge: Knowledge, notes: Footnotes) -> list[Section]:
    level = knowledge.levels[rule.urgency]
    reads = ", ".join(dict.fromkeys(label(knowledge, name) for name in names(rule.when)))
    when = [f"Fires if: {render(rule.when)}"]
    if rule.unless is not None:
        when.append(f"Unless it is known that: {render(rule.unless)}")
    return [
        Section(
            "Level", (Paragraph(f"{level.name}. {level.person} {notes.cite(*rule.sources)} (grade {rule.grade})"),)
        ),
        Section("When", (*_points(when), Point(f"It reads: {reads}."))),
        Section("To the person", (Paragraph(rule.tell_person),)),
        Section("To the clinician", (Paragraph(rule.tell_clinician or "As to the person."),)),
        *([Section("Why so", (Paragraph(rule.note),))] if rule.note else []),
    ]


def _medicine(medicine: Medicine, knowledge: Knowledge, notes: Footnotes) -> list[Section]:
    facts = [medicine.mechanism, f"Class: {medicine.drug_class}."]
    if medicine.depletes:
        facts.append(f"Lowers: {', '.join(medicine.depletes)}.")
    if medicine.raises:
        facts.append(f"Raises: {', '.join(medicine.raises)}.")
    if medicine.implies:
        facts.append(f"Taking it tells us: {', '.join(label(knowledge, each) for each in medicine.implies)}.")
    if medicine.brands:
        facts.append(f"Also sold as: {', '.join(medicine.brands)}.")
    facts.append("Never stop a prescribed medicine on your own; ask who prescribed it.")
    return [Section("What it does", (*_points(filter(None, facts)), Point(f"Sources {notes.cite(*medicine.sources)}")))]


def _analyte(analyte: Analyte, notes: Footnotes) -> list[Section]:
    units = ", ".join(each.unit for each in analyte.units)
    facts = [
        f"Units: {units}.",
        f"Usual adult interval ({analyte.unit_si}): {analyte.reference_adult_si}.",
        analyte.notes,
    ]
    marks = notes.cite(*analyte.sources, analyte.reference_source)
    return [Section("The test", (*_points(filter(None, facts)), Point(f"Sources {marks}")))]
