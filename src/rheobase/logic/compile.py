"""Turn a condition into a function of the facts: the tree is walked once, not once per person."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

from rheobase.logic.evaluate import OPERATORS, Facts
from rheobase.logic.expression import And, Compare, Expression, Has, In, Known, Not, Or
from rheobase.logic.truth import Truth

Condition = Callable[[Facts], Truth]


def compile_condition(expression: Expression) -> Condition:  # noqa: PLR0911 - one branch per kind of node
    """Return a function that gives the same truth as ``evaluate``, several times faster."""
    match expression:
        case And(parts):
            return _all([compile_condition(part) for part in parts])
        case Or(parts):
            return _any([compile_condition(part) for part in parts])
        case Not(part):
            return _negated(compile_condition(part))
        case Known(name):
            return lambda facts: name in facts
        case Compare(name, symbol, limit):
            return _leaf(name, lambda value: OPERATORS[symbol](value, limit))
        case In(name, options):
            return _leaf(name, lambda value: value in options)
        case Has(name, option):
            return _leaf(name, lambda value: isinstance(value, frozenset) and option in value)
        case _:
            return _finding(expression.name)


def _leaf(name: str, holds: Callable[[Any], bool]) -> Condition:
    def condition(facts: Facts) -> Truth:
        value = facts.get(name)
        return None if value is None else holds(value)

    return condition


def _finding(name: str) -> Condition:
    """Return the condition that is met most: a finding that is present; a call less than ``_leaf`` with ``bool``."""

    def condition(facts: Facts) -> Truth:
        value = facts.get(name)
        return value if value is None or value is True or value is False else bool(value)

    return condition


def _negated(part: Condition) -> Condition:
    def condition(facts: Facts) -> Truth:
        value = part(facts)
        return None if value is None else not value

    return condition


def _all(parts: list[Condition]) -> Condition:
    def condition(facts: Facts) -> Truth:
        result: Truth = True
        for part in parts:
            value = part(facts)
            if value is False:
                return False
            if value is None:
                result = None
        return result

    return condition


def _any(parts: list[Condition]) -> Condition:
    def condition(facts: Facts) -> Truth:
        result: Truth = False
        for part in parts:
            value = part(facts)
            if value is True:
                return True
            if value is None:
                result = None
        return result

    return condition
