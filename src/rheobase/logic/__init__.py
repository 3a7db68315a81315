"""Conditions in three-valued logic: parsed once, evaluated over what is known of one person."""

from __future__ import annotations

from rheobase.logic.compile import Condition, compile_condition
from rheobase.logic.evaluate import Facts, evaluate
from rheobase.logic.expression import And, Atom, Compare, Expression, Has, In, Known, Not, Or, atoms, names, render
from rheobase.logic.parse import parse
from rheobase.logic.truth import Truth, all_of, any_of, negate

__all__ = [
    "And",
    "Atom",
    "Compare",
    "Condition",
    "Expression",
    "Facts",
    "Has",
    "In",
    "Known",
    "Not",
    "Or",
    "Truth",
    "all_of",
    "any_of",
    "atoms",
    "compile_condition",
    "evaluate",
    "names",
    "negate",
    "parse",
    "render",
]
