"""The comparison table: nutrients as the seed compares them, or causes, live from the knowledge."""

from __future__ import annotations

from collections.abc import Sequence

from rheobase.knowledge import Cause, Knowledge, Nutrient
from rheobase.report.document import Block, Document, Footnotes, Paragraph, Point, Section, Table
from rheobase.report.explain import not_found

WIDE = 3


def comparison(names: Sequence[str], knowledge: Knowledge) -> Document:
    """Return nutrients or causes side by side.

    Args:
        names: Ids or plain names.
        knowledge: Where they are looked up.

    Raises:
        UsageError: A name is neither a nutrient nor a cause; says what may have been meant.
    """
    found = [_find(name, knowledge) for name in names]
    notes = Footnotes(knowledge)
    blocks: list[Block] = [_table(found, knowledge)]
    blocks.extend(_details(each, notes) for each in found)
    sections = [Section("Compared", tuple(blocks))]
    if notes.cited:
        sections.append(notes.section())
    sections.append(Section("About", (Paragraph(f"Knowledge {knowledge.version}. {knowledge.review_note}"),)))
    return Document("Rheobase - comparison", tuple(sections), tuple(notes.cited))


def _find(name: str, knowledge: Knowledge) -> Nutrient | Cause:
    wanted = name.strip().lower().replace(" ", "_").replace("-", "_")
    if wanted in knowledge.nutrients:
        return knowledge.nutrients[wanted]
    if wanted in knowledge.causes:
        return knowledge.causes[wanted]
    for table in (knowledge.nutrients, knowledge.causes):
        for entry in table.values():
            plain = entry.name if isinstance(entry, Nutrient) else entry.plain_name
            if plain.lower().replace(" ", "_") == wanted:
                return entry
    raise not_found(name, {**dict.fromkeys(knowledge.nutrients, ""), **dict.fromkeys(knowledge.causes, "")})


def _joined(value: object) -> str:
    return ", ".join(str(each).replace("_", " ") for each in value) if isinstance(value, list | tuple) else str(value)


def _table(found: Sequence[Nutrient | Cause], knowledge: Knowledge) -> Table:  # noqa: ARG001 - one signature
    rows = []
    for entry in found:
        if isinstance(entry, Nutrient):
            get = entry.fields.get
            rows.append(
                (entry.name, _joined(get("role", "")), _joined(get("locations", ())), _joined(get("symptoms", ())))
            )
        else:
            where, signs = _joined(entry.typical_locations), _joined(entry.key_symptoms)
            rows.append((entry.plain_name, entry.mechanism.split(". ")[0], where, signs))
    return Table("Side by side", ("Name", "How it works", "Where it twitches", "Other symptoms"), tuple(rows))


def _details(entry: Nutrient | Cause, notes: Footnotes) -> Point:
    if isinstance(entry, Cause):
        details: tuple[str, ...] = (
            f"time course: {entry.time_course}",
            f"settled by: {'; '.join(entry.settling_tests)}",
        )
        return Point(f"{entry.plain_name} {notes.cite(*entry.sources)}", details)
    skip = {"id", "name", "cause", "role", "locations", "symptoms", "sources"}
    details = tuple(
        f"{key.replace('_', ' ')}: {_joined(value)}"
        for key, value in entry.fields.items()
        if key not in skip
        and isinstance(value, str | list | tuple | int | float)
        and not isinstance(value, bool)
        and not (isinstance(value, list) and value and isinstance(value[0], dict))
    )
    return Point(f"{entry.name} {notes.cite(*entry.fields.get('sources', ()))}", details)
