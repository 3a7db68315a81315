"""What is known about a test, and about a class of medicines."""

from __future__ import annotations

from collections.abc import Iterable

from rheobase.knowledge import Knowledge
from rheobase.knowledge.model import MedicineClass
from rheobase.knowledge.model_tests import Test
from rheobase.report.document import Block, Footnotes, Paragraph, Point, Section
from rheobase.report.words import label


def test_sections(test: Test, knowledge: Knowledge, notes: Footnotes) -> list[Section]:
    """Return what a test tells, what it is like, and what it can't tell.

    Args:
        test: The test.
        knowledge: For the names of what it tells.
        notes: Takes the sources.
    """
    scale = knowledge.settling
    told = ", ".join(dict.fromkeys(label(knowledge, each) for each in test.gives))
    blocks: list[Block] = [
        Paragraph(f"{test.clinical}. {test.like} {notes.cite(*test.sources)}"),
        Point(f"Where: {test.where}."),
        Point(f"Trouble: {scale.burden[test.burden].words}. Cost: {scale.cost[test.cost].words}."),
        Point(f"It tells: {told}."),
    ]
    sections = [Section("Having it done", tuple(blocks))]
    if test.limits:
        limits = (Point(f"{each.text} {notes.cite(each.source)} (grade {each.grade})") for each in test.limits)
        sections.append(Section("What it can't tell", tuple(limits)))
    return sections


def medicine_class_sections(entry: MedicineClass, knowledge: Knowledge, notes: Footnotes) -> list[Section]:
    """Return what a class of medicines implies, and which belong to it.

    Args:
        entry: The class.
        knowledge: For names.
        notes: Takes the sources.
    """
    facts = [entry.note]
    if entry.implies:
        facts.append(f"Taking one tells us: {_names(entry.implies, knowledge)}.")
    if entry.implies_after_months:
        facts.append(f"After months it may tell us: {_names(entry.implies_after_months, knowledge)}.")
    members = [knowledge.medicines[each].name for each in entry.members if each in knowledge.medicines]
    if members:
        facts.append(f"Among them: {', '.join(members)}.")
    facts.append("Never stop a prescribed medicine on your own; ask who prescribed it.")
    points = tuple(Point(each) for each in facts if each)
    return [Section("What it says", (*points, Point(f"Sources {notes.cite(*entry.sources)}")))]


def _names(findings: Iterable[str], knowledge: Knowledge) -> str:
    return ", ".join(label(knowledge, each) for each in findings)
