"""Advice that something known of a person forbids, over columns: the gates for what ``assess.advice`` withholds."""

from __future__ import annotations

from collections.abc import Iterator

from rheobase.assess.advice import CALM, EMERGENCY, EVERYONE, INSUFFICIENT
from rheobase.assess.contradictions import Block, Prepared, prepare
from rheobase.cohort.circuit import EVERYBODY, WORKED_OUT, Source
from rheobase.cohort.conditions import Values, condition, leaf
from rheobase.knowledge import Advice, Knowledge
from rheobase.logic import atoms

# Of a cause: it fits well; it is possible, or can't be told, and the answers have raised it.
WELL, POSSIBLE, UNDECIDED = "well", "possible", "undecided"
LEVEL = "level"


def cause_source(kind: str, cause: str) -> Source:
    """Return who is of one of the three kinds for a cause, which is worked out from its probability."""
    return Source(WORKED_OUT, f"{kind}.{cause}")


def level_source(level: str) -> Source:
    """Return who is at a level of urgency."""
    return Source(WORKED_OUT, f"{LEVEL}.{level}")


def withheld_planes(knowledge: Knowledge, values: Values, ever: Values) -> dict[str, int]:
    """Return for each item of whom it is withheld because of something known, in the order of the knowledge.

    Args:
        knowledge: The items.
        values: What is known today.
        ever: The same with old results: what one of them forbade stays forbidden.
    """
    circuit = values.circuit
    levels = {level: circuit.input(level_source(level)) for level in knowledge.levels}
    calm = circuit.any_of(levels[level] for level in CALM)
    urgent = circuit.but_not(EVERYBODY, circuit.either(calm, levels[INSUFFICIENT]))
    found = {}
    for each in prepare(knowledge):
        item = each.item
        parts = [circuit.but_not(_forbidden(each, values, ever), levels[EMERGENCY])]
        if item.only_when_calm:
            parts.append(calm)
        if item.only_when_urgent:
            parts.append(urgent)
        if EVERYONE not in item.for_causes:
            parts.append(circuit.any_of(_fitting(item, values, calm)))
        if item.offer_when is not None:
            parts.append(condition(item.offer_when, values).true)
        found[item.id] = circuit.all_of(parts)
    # With those that nobody is refused: the words of a column follow from the knowledge, not from who is in a batch.
    return found


def _fitting(item: Advice, values: Values, calm: int) -> Iterator[int]:
    """Yield for each of an item's causes for whom the item counts."""
    circuit = values.circuit
    for cause in item.for_causes:
        well, possible, undecided = (circuit.input(cause_source(kind, cause)) for kind in (WELL, POSSIBLE, UNDECIDED))
        if item.needs_fit == "always":
            yield well
        elif item.needs_fit == "calm":
            anyhow = circuit.any_of((well, possible, undecided))
            yield circuit.either(circuit.both(calm, well), circuit.but_not(anyhow, calm))
        else:
            yield circuit.either(well, possible)


def _forbidden(each: Prepared, values: Values, ever: Values) -> int:
    return values.circuit.any_of(_says_why(block, values, ever) for block in each.blocks)


def _says_why(block: Block, values: Values, ever: Values) -> int:
    """Return whom a block forbids it, with a finding to name: what only lacks something is left out without a word."""
    circuit = values.circuit
    holds = circuit.either(condition(block.when, values).true, condition(block.when, ever).true)
    return circuit.both(holds, circuit.any_of(leaf(part, ever).true for part in atoms(block.when)))
