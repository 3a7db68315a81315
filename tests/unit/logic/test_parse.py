"""Reading conditions."""

from __future__ import annotations

import pytest

from rheobase.errors import ExpressionError
from rheobase.logic import And, Atom, Compare, Has, In, Known, Not, Or, names, parse, render


def test_or_binds_weaker_than_and_and_not_strongest() -> None:
    """Precedence is that of ordinary speech: not, then and, then or."""
    assert parse("a or not b and c") == Or((Atom("a"), And((Not(Atom("b")), Atom("c")))))


def test_every_kind_of_leaf_is_read() -> None:
    """Numbers, choices, sites and knownness each have one form."""
    text = "lab.potassium <= 2.5 or sex == male or x in {a, b} or twitch_location has eyelid or known(age_years)"
    assert parse(text) == Or(
        (
            Compare("lab.potassium", "<=", 2.5),
            Compare("sex", "==", "male"),
            In("x", ("a", "b")),
            Has("twitch_location", "eyelid"),
            Known("age_years"),
        )
    )
    assert names(parse(text)) == ("lab.potassium", "sex", "x", "twitch_location", "age_years")
    assert render(parse(text)) == text


@pytest.mark.parametrize(
    ("text", "complaint"),
    [
        ("", "ends too early"),
        ("a and", "ends too early"),
        ("a b", "left over"),
        ("(a or b", "')' expected"),
        ("a & b", "unexpected"),
        ("a in {}", "expected"),
        ("and", "where a finding was expected"),
        ("__import__('os')", "unexpected"),
    ],
)
def test_a_malformed_condition_says_where(text: str, complaint: str) -> None:
    """The message quotes the condition and says what is wrong."""
    with pytest.raises(ExpressionError, match="condition") as caught:
        parse(text)
    assert complaint in str(caught.value)
