"""Tests worth having, for the page for the doctor, with the codes that a laboratory understands."""

from __future__ import annotations

from collections.abc import Iterator, Sequence

from rheobase.assess.settle import QUESTION, Settling
from rheobase.knowledge import Knowledge
from rheobase.report.document import Block, Footnotes, Point, Table

SHOWN, SHOWN_LIMITS = 6, 4


def tests_worth_having(settlings: Sequence[Settling], knowledge: Knowledge, notes: Footnotes) -> Iterator[Block]:
    """Yield the examinations and tests that would tell most for their trouble, with LOINC codes, and their limits.

    Args:
        settlings: What would settle it, the best first.
        knowledge: For names and limits.
        notes: Takes the sources of the limits.
    """
    chosen = [each for each in settlings if each.kind != QUESTION][:SHOWN]
    rows = []
    for each in chosen:
        codes = "; ".join(f"{name} {code}" if len(each.codes) > 1 else code for name, code in each.codes)
        test = knowledge.tests[each.id]
        rows.append((test.clinical or test.name, codes or "-"))
    if rows:
        asked = any(each.asked_for for each in chosen)
        caption = "Asked for by the urgency first, then by worth" if asked else "By worth for their trouble"
        yield Table(caption, ("Test or examination", "LOINC"), tuple(rows))
    limits = list(dict.fromkeys(limit for each in chosen for limit in each.limits))[:SHOWN_LIMITS]
    yield from (Point(f"{limit.text} {notes.cite(limit.source)}".rstrip()) for limit in limits)
