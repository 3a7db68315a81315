"""What hangs on one answer, against trying every combination of answers."""

from __future__ import annotations

import itertools
import math

from hypothesis import given
from hypothesis import strategies as st

from rheobase.interview.stakes import _backward, _forward, _Node, _products_of_others
from rheobase.logic import And, Atom, Expression, Not, Or, compile_condition, evaluate

NAMES = ("a", "b", "c", "d", "e")
RATES = dict(zip(NAMES, (0.1, 0.3, 0.05, 0.5, 0.2), strict=True))


def once_each() -> st.SearchStrategy[Expression]:
    """Return conditions in which each finding stands at most once, so that the arithmetic is exact."""

    def build(names: tuple[str, ...]) -> st.SearchStrategy[Expression]:
        if len(names) == 1:
            return st.just(Atom(names[0]))
        return st.integers(1, len(names) - 1).flatmap(
            lambda cut: st.builds(join, st.booleans(), build(names[:cut]), build(names[cut:]))
        )

    def join(both: bool, left: Expression, right: Expression) -> Expression:
        return And((left, right)) if both else Or((left, right))

    return st.permutations(NAMES).flatmap(lambda names: build(tuple(names)))


def node(expression: Expression) -> _Node:
    """Return the expression as the module holds it."""
    if isinstance(expression, And | Or):
        return _Node(type(expression), tuple(node(part) for part in expression.parts))
    if isinstance(expression, Not):
        return _Node(Not, (node(expression.part),))
    assert isinstance(expression, Atom)
    return _Node(None, (), expression.name, compile_condition(expression), None, askable=True)


def chance(expression: Expression, **fixed: bool) -> float:
    """Return the chance that a condition is true, by adding up every combination."""
    total = 0.0
    for values in itertools.product((True, False), repeat=len(NAMES)):
        facts = dict(zip(NAMES, values, strict=True))
        weight = math.prod(
            (1.0 if fixed[n] == facts[n] else 0.0) if n in fixed else (RATES[n] if facts[n] else 1 - RATES[n])
            for n in NAMES
        )
        total += weight * (evaluate(expression, facts) is True)
    return total


@given(once_each())
def test_what_hangs_on_a_finding_is_what_its_presence_decides(expression: Expression) -> None:
    """The stake is P(present) times the difference that the answer makes, as brute force has it."""
    from rheobase.assess.facts import Facts

    seen = _forward(node(expression), Facts(), RATES)
    assert math.isclose(seen[0], chance(expression), abs_tol=1e-12)
    stakes = {leaf.name: hangs for leaf, hangs in _backward(node(expression), seen, 1.0)}
    for name in NAMES:
        decides = RATES[name] * (chance(expression, **{name: True}) - chance(expression, **{name: False}))
        assert math.isclose(stakes.get(name, 0.0), decides, abs_tol=1e-12)


@given(st.lists(st.floats(0, 1), min_size=1, max_size=6))
def test_products_of_the_others_need_no_division(values: list[float]) -> None:
    """A zero among the values does no harm."""
    for at, product in enumerate(_products_of_others(values)):
        assert math.isclose(product, math.prod(values[:at] + values[at + 1 :]), abs_tol=1e-12)
