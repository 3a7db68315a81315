"""Kleene's laws, and what follows for conditions."""

from __future__ import annotations

from hypothesis import given
from hypothesis import strategies as st

from rheobase.logic import Expression, Truth, all_of, any_of, evaluate, negate, parse, render
from tests.properties.strategies import NAMES, expressions, truths

partial_facts = st.dictionaries(st.sampled_from(NAMES), st.booleans())


@given(truths, truths)
def test_de_morgan_holds_for_three_values(one: Truth, other: Truth) -> None:
    """Not (a and b) is (not a) or (not b), unknown included."""
    assert negate(all_of((one, other))) == any_of((negate(one), negate(other)))


@given(truths, truths, truths)
def test_conjunction_is_associative_commutative_and_distributes(a: Truth, b: Truth, c: Truth) -> None:
    """Order and grouping of a conjunction never matter, and it distributes over disjunction."""
    assert all_of((a, all_of((b, c)))) == all_of((all_of((a, b)), c)) == all_of((c, b, a))
    assert all_of((a, any_of((b, c)))) == any_of((all_of((a, b)), all_of((a, c))))


@given(truths)
def test_excluded_middle_fails_only_for_unknown(value: Truth) -> None:
    """A or not a is unknown exactly when a is unknown: unknown is not no."""
    assert any_of((value, negate(value))) == (None if value is None else True)


@given(expressions(), partial_facts, st.dictionaries(st.sampled_from(NAMES), st.booleans()))
def test_learning_more_never_reverses_a_known_truth(
    condition: Expression, facts: dict[str, bool], more: dict[str, bool]
) -> None:
    """A condition that is true or false from part of the facts stays so whatever the unknown ones turn out to be."""
    before = evaluate(condition, facts)
    if before is not None:
        assert evaluate(condition, {**more, **facts}) == before


@given(expressions())
def test_a_condition_is_read_back_as_it_was_written(condition: Expression) -> None:
    """Rendering and parsing a condition gives one with the same meaning everywhere."""
    again = parse(render(condition))
    for bits in range(2 ** len(NAMES)):
        facts = {name: bool(bits >> at & 1) for at, name in enumerate(NAMES)}
        assert evaluate(again, facts) == evaluate(condition, facts)
