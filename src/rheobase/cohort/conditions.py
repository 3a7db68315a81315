"""Conditions over columns: a tree of ``logic`` becomes gates of a circuit with the same three values."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from types import MappingProxyType
from typing import Any

from rheobase.cohort.circuit import EVERYBODY, NOBODY, UNKNOWN, Circuit, Source, Three, constant
from rheobase.cohort.columns import KNOWN, NUMBER, PLACE
from rheobase.logic import And, Atom, Compare, Expression, Has, Known, Not, Or, evaluate
from rheobase.logic.expression import Leaf
from rheobase.person import Value

NOTHING: Mapping[str, Value] = MappingProxyType({})


@dataclass(slots=True)
class Values:
    """What is known of people while a circuit is built; a name that is nowhere is unknown for everyone.

    Attributes:
        circuit: Takes the gates.
        truths: Yes/no findings.
        words: For each choice, the plane of each of its words.
        numbers: Columns of numbers, laboratory values among them.
        places: For each column of places, its words.
    """

    circuit: Circuit
    truths: dict[str, Three]
    words: dict[str, dict[str, int]]
    numbers: frozenset[str]
    places: Mapping[str, tuple[str, ...]]

    def known(self, name: str) -> int:
        """Return for whom a finding or value is known."""
        if name in self.truths:
            return self.circuit.known(self.truths[name])
        if name in self.words:
            return self.circuit.any_of(self.words[name].values())
        if name in self.numbers or name in self.places:
            return self.circuit.input(Source(KNOWN, name))
        return NOBODY

    def unknown(self, name: str) -> int:
        """Return for whom a finding or value is not known."""
        return self.circuit.but_not(EVERYBODY, self.known(name))

    def truths_of(self, name: str) -> Three:
        """Return a yes/no finding."""
        return self.truths.get(name, UNKNOWN)

    def names(self) -> Iterator[str]:
        """Yield every name that is known of somebody."""
        yield from (name for name, each in self.truths.items() if each != UNKNOWN)
        yield from self.words
        yield from sorted(self.numbers)
        yield from self.places


def condition(expression: Expression, values: Values, supposed: Mapping[str, Value] = NOTHING) -> Three:
    """Return a condition over everyone.

    Args:
        expression: A parsed condition.
        values: What is known.
        supposed: Values by name that are taken as known of everyone, in place of what is known.
    """
    match expression:
        case And(parts):
            return values.circuit.conjunction(condition(part, values, supposed) for part in parts)
        case Or(parts):
            return values.circuit.disjunction(condition(part, values, supposed) for part in parts)
        case Not(part):
            return condition(part, values, supposed).negated
        case _ if expression.name in supposed:
            return constant(evaluate(expression, supposed))
        case _:
            return leaf(expression, values)


def leaf(expression: Leaf, values: Values) -> Three:
    """Return one leaf of a condition: unknown exactly where the value is not known."""
    name, circuit = expression.name, values.circuit
    known = values.known(name)
    if isinstance(expression, Known):
        return circuit.of_known(EVERYBODY, known)
    if known == NOBODY:
        return UNKNOWN
    if name in values.truths:
        return _yes_no(expression, values)
    if name in values.words:
        # Whatever the leaf asks of a word, the words are few: ask each of them.
        return circuit.of_known(known, circuit.any_of(_fitting(expression, values.words[name])))
    if name in values.numbers:
        return _number(expression, circuit, known)
    return _places(expression, circuit, known)


def _yes_no(expression: Leaf, values: Values) -> Three:
    column = values.truths[expression.name]
    if isinstance(expression, Atom):
        return column
    return values.circuit.of_known(
        values.circuit.known(column),
        values.circuit.any_of(
            plane
            for plane, truth in ((column.true, True), (column.false, False))
            if evaluate(expression, {expression.name: truth})
        ),
    )


def _fitting(expression: Leaf, words: Mapping[str, int]) -> Iterator[int]:
    return (plane for word, plane in words.items() if evaluate(expression, {expression.name: word}))


def _number(expression: Leaf, circuit: Circuit, known: int) -> Three:
    match expression:
        case Compare(name, symbol, float(limit)):
            return circuit.of_known(known, circuit.input(Source(NUMBER, name, (symbol, limit))))
        case Atom(name):
            return circuit.of_known(known, circuit.input(Source(NUMBER, name, ("!=", 0.0))))
        case _:
            return _always(expression, 0.0, circuit, known)


def _places(expression: Leaf, circuit: Circuit, known: int) -> Three:
    match expression:
        case Has(name, option):
            return circuit.of_known(known, circuit.input(Source(PLACE, name, option)))
        case _:
            return _always(expression, frozenset(), circuit, known)


def _always(expression: Leaf, value: Any, circuit: Circuit, known: int) -> Three:
    """Return the same truth wherever the value is known."""
    return circuit.of_known(known, EVERYBODY if evaluate(expression, {expression.name: value}) else NOBODY)
