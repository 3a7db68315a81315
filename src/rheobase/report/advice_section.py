"""What to do, what not to do, and when to come back."""

from __future__ import annotations

from collections.abc import Iterator

from rheobase.assess import Assessment
from rheobase.assess.advice import PREVENTION
from rheobase.knowledge import Advice, Knowledge
from rheobase.report.document import Block, Footnotes, Point, Section
from rheobase.report.words import label

SHOWN_ADVICE = 6
SAFETY_NET = "safety_net"


def advice_sections(assessment: Assessment, knowledge: Knowledge, notes: Footnotes) -> Iterator[Section]:
    """Yield the plan, what was withheld, and the safety net."""
    if not assessment.advice and not assessment.withheld:
        return
    chosen = [each for each in assessment.advice if each.advice != SAFETY_NET]
    plan = [each for each in chosen if knowledge.advice[each.advice].kind != PREVENTION][:SHOWN_ADVICE]
    blocks: list[Block] = []
    for each in plan:
        item = knowledge.advice[each.advice]
        details = [f"Take care: {caution}" for caution in each.cautions]
        if each.ask_first:
            open_questions = ", ".join(label(knowledge, name) for name in each.ask_first)
            details.append(f"Only if this does not apply to you (we do not know): {open_questions}.")
        blocks.append(Point(_words(item, notes), tuple(details)))
    yield Section("What to do", tuple(blocks))
    yield Section("Not for you", tuple(_withheld(assessment, knowledge, notes)))
    prevention = [each for each in chosen if knowledge.advice[each.advice].kind == PREVENTION]
    yield Section("To keep it away", tuple(Point(_words(knowledge.advice[each.advice], notes)) for each in prevention))
    if SAFETY_NET in knowledge.advice:
        yield Section("Come back if", (Point(_words(knowledge.advice[SAFETY_NET], notes, titled=False)),))


def _words(item: Advice, notes: Footnotes, *, titled: bool = True) -> str:
    title = f"{item.title}. " if item.title and titled else ""
    return f"{title}{item.text} {notes.cite(*item.sources)}"


def _withheld(assessment: Assessment, knowledge: Knowledge, notes: Footnotes) -> Iterator[Block]:
    for each in assessment.withheld:
        item = knowledge.advice[each.advice]
        if each.conflicts_with is not None:
            continue
        reasons = ", ".join(label(knowledge, name) for name in each.because)
        why = item.blocked_because or f"because of {reasons}"
        yield Point(f"{item.title or item.text}: not advised here. {why} {notes.cite(*item.sources)}")
