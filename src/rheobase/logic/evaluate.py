"""Evaluate a condition over what is known. Unknown stays unknown."""

from __future__ import annotations

import operator
from collections.abc import Callable, Mapping
from typing import Any

from rheobase.logic.expression import And, Atom, Compare, Expression, Has, In, Known, Not, Or
from rheobase.logic.truth import Truth, all_of, any_of, negate

Facts = Mapping[str, bool | float | str | frozenset[str]]

OPERATORS: dict[str, Callable[[Any, Any], bool]] = {
    "<": operator.lt,
    "<=": operator.le,
    ">": operator.gt,
    ">=": operator.ge,
    "==": operator.eq,
    "!=": operator.ne,
}


def evaluate(expression: Expression, facts: Facts) -> Truth:  # noqa: PLR0911 - one branch per kind of node
    """Return true, false, or unknown (``None``).

    Args:
        expression: A parsed condition.
        facts: Known values by name; a name that is not there is unknown.
    """
    match expression:
        case And(parts):
            return all_of(evaluate(part, facts) for part in parts)
        case Or(parts):
            return any_of(evaluate(part, facts) for part in parts)
        case Not(part):
            return negate(evaluate(part, facts))
        case Known(name):
            return name in facts
    value = facts.get(expression.name)
    if value is None:
        return None
    match expression:
        case Atom():
            return bool(value)
        case Compare(_, symbol, limit):
            return bool(OPERATORS[symbol](value, limit))
        case In(_, options):
            return value in options
        case Has(_, option):
            return isinstance(value, frozenset) and option in value
