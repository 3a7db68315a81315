"""What an answer could do to the urgency: the chance that an open rule fires, and that this finding decides it."""

from __future__ import annotations

import functools
import math
import operator
from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from itertools import accumulate

from rheobase.assess.facts import Facts
from rheobase.assess.urgency import REASSURING, RED_FLAG, ROUTINE, Urgency
from rheobase.interview.expectation import leaf_rate
from rheobase.knowledge import Knowledge
from rheobase.logic import And, Atom, Condition, Expression, Not, Or, compile_condition
from rheobase.logic.expression import Leaf


@dataclass(frozen=True, slots=True)
class _Node:
    """A part of a rule's condition."""

    kind: type[And | Or | Not] | None
    parts: tuple[_Node, ...] = ()
    name: str = ""
    holds: Condition | None = None
    # For a condition on a number, an option or a place: how often it is true; None for a yes or no finding.
    rate: float | None = None
    askable: bool = False


# The chance that a condition is true, and the same of each of its parts.
_Chances = tuple[float, tuple["_Chances", ...]]


@dataclass(frozen=True, slots=True)
class _Rule:
    root: _Node
    when: Condition
    order: int


@functools.lru_cache(maxsize=4)
def _rules(knowledge: Knowledge) -> tuple[_Rule, ...]:
    red = (rule for rule in knowledge.rules.values() if rule.kind == RED_FLAG)
    levels = knowledge.levels
    return tuple(_Rule(_node(r.when, knowledge), compile_condition(r.when), levels[r.urgency].order) for r in red)


def _node(expression: Expression, knowledge: Knowledge) -> _Node:
    match expression:
        case And(parts) | Or(parts):
            return _Node(type(expression), tuple(_node(part, knowledge) for part in parts))
        case Not(part):
            return _Node(Not, (_node(part, knowledge),))
        case leaf:
            return _leaf(leaf, knowledge)


def _leaf(leaf: Leaf, knowledge: Knowledge) -> _Node:
    finding = knowledge.findings.get(leaf.name)
    askable = finding is not None and finding.kind == "person"
    rate = None
    if finding is not None and not isinstance(leaf, Atom):
        rate = leaf_rate(leaf, finding, knowledge.settling.unlisted_rate)
    return _Node(None, (), leaf.name, compile_condition(leaf), rate, askable)


def urgency_stakes(
    knowledge: Knowledge, facts: Facts, urgency: Urgency, expected: Mapping[str, float]
) -> dict[str, float]:
    """Return, for each unknown finding that a person can answer, how many levels of urgency hang on it.

    It is the chance that an open rule fires through this finding, times the levels by which the urgency would rise,
    added up over the rules. Rules at or below the present urgency can change nothing and are left out. What only an
    examination or a test can tell is taken as not there; it can't be asked.

    Args:
        knowledge: The rules.
        facts: What is known.
        urgency: The urgency so far.
        expected: For each yes or no finding, the chance that it is present.
    """
    stakes: dict[str, float] = {}
    now = knowledge.levels[urgency.level].order
    for rule in _rules(knowledge):
        if rule.order >= now or rule.when(facts.values) is not None:
            continue
        seen = _forward(rule.root, facts, expected)
        for leaf, hangs in _backward(rule.root, seen, float(now - rule.order)):
            if leaf.askable and leaf.name not in facts.values:
                stakes[leaf.name] = stakes.get(leaf.name, 0.0) + hangs
    return stakes


def relief_stakes(
    knowledge: Knowledge, facts: Facts, urgency: Urgency, expected: Mapping[str, float]
) -> dict[str, float]:
    """Return, for each exclusion that is still open, its share in finding that self-care is enough."""
    if urgency.fired or urgency.child or urgency.level not in (ROUTINE, "insufficient"):
        return {}
    best: tuple[float, tuple[str, ...]] = (0.0, ())
    for rule in knowledge.rules.values():
        if rule.kind != REASSURING or any(facts.values.get(name) for name in rule.needs_absent):
            continue
        left = tuple(name for name in rule.needs_absent if name not in facts.values)
        chance = 1.0
        for name in left:
            chance *= 1 - expected.get(name, 0.0)
        if left and chance > best[0]:
            best = (chance, left)
    chance, left = best
    return dict.fromkeys(left, chance / len(left)) if left else {}


def _forward(node: _Node, facts: Facts, expected: Mapping[str, float]) -> _Chances:
    """Return the chance that a condition is true, and those of its parts, which are taken to be independent."""
    if node.kind is None:
        return _leaf_chance(node, facts, expected), ()
    parts = tuple(_forward(part, facts, expected) for part in node.parts)
    if node.kind is Not:
        return 1 - parts[0][0], parts
    if node.kind is And:
        return math.prod(part[0] for part in parts), parts
    return 1 - math.prod(1 - part[0] for part in parts), parts


def _leaf_chance(node: _Node, facts: Facts, expected: Mapping[str, float]) -> float:
    known = node.holds(facts.values) if node.holds is not None else None
    if known is not None:
        return float(known)
    if not node.askable:
        return 0.0
    return expected.get(node.name, 0.0) if node.rate is None else node.rate


def _backward(node: _Node, seen: _Chances, weight: float) -> Iterator[tuple[_Node, float]]:
    """Yield each single condition with what hangs on it: the weight, times the chance that it decides."""
    chance, parts = seen
    if node.kind is None:
        yield node, weight * chance
    elif node.kind is Not:
        # A denial makes the rule fire: what hangs on it is the chance of the denial.
        inner = node.parts[0]
        if inner.kind is None:
            yield inner, weight * (1 - parts[0][0])
    else:
        sides = [part[0] if node.kind is And else 1 - part[0] for part in parts]
        for part, deeper, others in zip(node.parts, parts, _products_of_others(sides), strict=True):
            if others > 0:
                yield from _backward(part, deeper, weight * others)


def _products_of_others(values: list[float]) -> list[float]:
    """Return for each value the product of all the others, without dividing by what may be 0."""
    before = list(accumulate(values[:-1], operator.mul, initial=1.0))
    after = list(accumulate(reversed(values[1:]), operator.mul, initial=1.0))
    return [left * right for left, right in zip(before, reversed(after), strict=True)]
