"""What forbids advice for this person, what of that is not known, and which two items contradict each other."""

from __future__ import annotations

import functools
from collections.abc import Collection, Iterator, Mapping
from dataclasses import dataclass

from rheobase.knowledge import Advice, Knowledge
from rheobase.knowledge.model_advice import DOWN, UP
from rheobase.logic import And, Condition, Expression, Not, Or, atoms, compile_condition, evaluate
from rheobase.logic.expression import Leaf
from rheobase.person import Value

PERSON = "person"


@dataclass(frozen=True, slots=True)
class Block:
    """One reason that forbids an item: of the item itself, or of a substance that it pushes."""

    when: Expression
    holds: Condition
    because: str
    sources: tuple[str, ...]


@dataclass(frozen=True, slots=True)
class Prepared:
    """An item with its conditions compiled, every block that applies to it, and what can't be followed beside it."""

    item: Advice
    offered: Condition | None
    blocks: tuple[Block, ...]
    causes: frozenset[str]
    rivals: frozenset[str]


@functools.lru_cache(maxsize=4)
def prepare(knowledge: Knowledge) -> tuple[Prepared, ...]:
    """Return every item with its blocks, in the order of the knowledge."""
    rivals = _rivals(knowledge.advice.values())
    return tuple(
        Prepared(
            item,
            None if item.offer_when is None else compile_condition(item.offer_when),
            tuple(_blocks(knowledge, item)),
            frozenset(item.for_causes),
            frozenset(rivals[item.id]),
        )
        for item in knowledge.advice.values()
    )


def _rivals(items: Collection[Advice]) -> dict[str, set[str]]:
    """Return, for each item, all that contradict it; only those are compared that have a substance or a word in common.

    What ``contradict`` says of two stays what counts; a test compares every pair.
    """
    pushing: dict[str, list[Advice]] = {}
    for item in items:
        for name in item.pushes:
            pushing.setdefault(name, []).append(item)
    rivals: dict[str, set[str]] = {item.id: set() for item in items}
    for one in items:
        near = [other.id for name in one.pushes for other in pushing[name] if contradict(one, other)]
        for other in (*one.conflicts_with, *near):
            if other in rivals:
                rivals[one.id].add(other)
                rivals[other].add(one.id)
    return rivals


def _blocks(knowledge: Knowledge, item: Advice) -> Iterator[Block]:
    """Yield the item's own block and, for each substance that it pushes, the block of that direction."""
    if item.do_not_offer_when is not None:
        own = item.do_not_offer_when
        yield Block(own, compile_condition(own), item.blocked_because, item.sources)
    for name, direction in item.pushes.items():
        substance = knowledge.substances[name]
        if direction == UP:
            when, because = substance.never_up_when, substance.because_up
        else:
            when, because = substance.never_down_when, substance.because_down
        # A warning to leave something off is never itself forbidden: it is what the block is there for.
        if when is not None and not (direction == DOWN and item.warns):
            yield Block(when, compile_condition(when), because, substance.sources)


def contradict(one: Advice, other: Advice) -> bool:
    """Return whether two items can't both be followed: said of either, or pushing one substance both ways."""
    if other.id in one.conflicts_with or one.id in other.conflicts_with:
        return True
    return any(other.pushes.get(name, direction) != direction for name, direction in one.pushes.items())


def true_names(expression: Expression, values: Mapping[str, Value]) -> tuple[str, ...]:
    """Return the findings and values that make a true condition true."""
    return tuple(dict.fromkeys(leaf.name for leaf in atoms(expression) if evaluate(leaf, values) is True))


def undecided(expression: Expression, values: Mapping[str, Value]) -> Iterator[Leaf]:
    """Yield the leaves whose answer could still make an undecided condition true or false."""
    if evaluate(expression, values) is not None:
        return
    match expression:
        case And(parts) | Or(parts):
            for part in parts:
                yield from undecided(part, values)
        case Not(part):
            yield from undecided(part, values)
        case _:
            yield expression


def deciding(expression: Expression, values: Mapping[str, Value]) -> Iterator[Leaf]:
    """Yield the undecided leaves of which a "no" to each settles it: of an "and" the first open part suffices."""
    if evaluate(expression, values) is not None:
        return
    match expression:
        case And(parts):
            yield from deciding(next(part for part in parts if evaluate(part, values) is None), values)
        case Or(parts):
            for part in parts:
                yield from deciding(part, values)
        case _:
            yield from undecided(expression, values)


def open_questions(knowledge: Knowledge, expression: Expression, values: Mapping[str, Value]) -> tuple[str, ...]:
    """Return the findings that a person can answer, that are not known, and that could decide the condition."""
    names = (leaf.name for leaf in undecided(expression, values))
    findings = knowledge.findings
    return tuple(dict.fromkeys(name for name in names if name in findings and findings[name].kind == PERSON))
