"""Amounts as people and machines write them: read by value, or refused with what came and what was expected."""

from __future__ import annotations

import math

import pytest
from click.testing import CliRunner
from hypothesis import given
from hypothesis import strategies as st

from rheobase.cli.foods import foods
from rheobase.diet.reading import State, read_diet_lines
from rheobase.errors import DataRefusedError
from rheobase.foods import load_foods, read_line
from rheobase.foods.written_numbers import plain_figures, read_number
from rheobase.knowledge.supplements import load_supplements
from rheobase.person import Diet, DietDay, Eaten

TABLE = load_foods()

IMPOSSIBLE = [
    ("1e9 g coffee", "'1e9' is not an amount"),
    ("coffee 1e9 g", "'1e9' is not an amount"),
    ("2 cups of 1e9", "'1e9' is not an amount"),
    ("1e400 kg coffee", "'1e400' is not an amount"),
    ("10^9 g coffee", "'10^9' is not an amount"),
    ("10**9 g coffee", "is not an amount"),
    ("10\u2079 g coffee", "is not an amount"),
    ("0x10 g coffee", "is not an amount"),
    ("1_000 g coffee", "is not an amount"),
    ("nan g coffee", "'nan' is not an amount"),
    ("NaN cups coffee", "'nan' is not an amount"),
    ("inf g coffee", "'inf' is not an amount"),
    ("-inf g coffee", "'inf' is not an amount"),
    ("infinite coffee", "is not an amount"),
    ("\u221e g coffee", "is not an amount"),
    ("1 million g coffee", "is not an amount"),
    ("zero cups coffee", "'zero' is not an amount"),
    ("0 g coffee", "is nothing"),
    ("0.0 g coffee", "is nothing"),
    ("0/5 cup coffee", "is nothing"),
    ("\u0660 cups coffee", "is nothing"),
    ("-5 g coffee", "less than nothing"),
    ("\u22125 g coffee", "less than nothing"),
    ("\u20135 g coffee", "less than nothing"),
    ("minus 5 g coffee", "less than nothing"),
    ("coffee, -3 cups", "less than nothing"),
    ("1/0 cup coffee", "divides by zero"),
    ("1/3/4 cup coffee", "is not an amount"),
    ("24/11/2026 coffee", "is not an amount"),
    ("1.2.3 g coffee", "is not a number"),
    ("1,2,3 g coffee", "is not a number"),
    ("2 500 g steak", "may be 2500 or 2 of 500"),
    ("100 g coffee 200 g", "a second amount"),
    ("1.000.000 g coffee", "is more than 100,000"),
    ("9" * 150 + " g coffee", "is more than 100,000"),
    ("50000 g coffee", "at most 20 kg"),
]


@pytest.mark.parametrize(("line", "reason"), IMPOSSIBLE)
def test_an_impossible_amount_is_refused_with_its_reason(line: str, reason: str) -> None:
    """The command says in one line what came and what was expected; a usual helping never takes its place."""
    with pytest.raises(DataRefusedError) as found:
        read_line(line, TABLE)
    assert reason in str(found.value)
    assert "\n" not in str(found.value)
    assert len(str(found.value)) < 260


@pytest.mark.parametrize(("line", "reason"), IMPOSSIBLE)
def test_in_a_diet_it_is_asked_and_never_counts(line: str, reason: str) -> None:
    """A diet puts the line on the list to confirm, with its reason; nothing of it is summed."""
    eaten = (Eaten(text=line), Eaten(text=line, food="14209"))
    reading = read_diet_lines(Diet((DietDay(meals=eaten),)), TABLE, load_supplements())
    free, chosen = reading.foods()
    assert free.state is State.CONFIRM
    assert chosen.state is State.UNWEIGHED
    assert all(
        any(reason in doubt for doubt in each.doubts) or "kg is one line" in each.doubts[0] for each in (free, chosen)
    )
    assert free.amount_of("caffeine_mg") is None
    assert chosen.amount_of("caffeine_mg") is None


def test_the_line_to_confirm_offers_foods() -> None:
    """What is wrong is the amount: the foods that it may be are offered all the same."""
    reading = read_diet_lines(Diet((DietDay(meals=(Eaten(text="1e9 g coffee"),)),)), TABLE, load_supplements())
    (asked,) = reading.foods()
    assert any(each.food.id == "14209" for each in asked.candidates)


@pytest.mark.parametrize(
    ("line", "number", "name"),
    [
        ("1.000,5 g coffee", 1000.5, "coffee"),
        ("1,000.5 g coffee", 1000.5, "coffee"),
        ("1,00,000 mg coffee", 100_000, "coffee"),
        ("1 000 ml milk", 1000, "milk"),
        ("1\u202f000 ml milk", 1000, "milk"),
        ("1'000 g milk", 1000, "milk"),
        ("\u0663 cups coffee", 3, "coffee"),
        ("\uff13 cups coffee", 3, "coffee"),
        ("\u0967\u0968 g coffee", 12, "coffee"),
        ("\u0661\u066b\u0665 cups coffee", 1.5, "coffee"),
        ("\u2157 cup coffee", 0.6, "coffee"),
        ("1\u2044 2 cup coffee".replace(" 2", "2"), 0.5, "coffee"),
        ("1\u00bd cups coffee", 1.5, "coffee"),
        ("2 cups\x07 coffee", 2, "coffee"),
        ("2\u20133 bananas", 2.5, "bananas"),
        ("- 2 bananas", 2, "bananas"),
        ("2% milk", None, "2% milk"),
        ("200 ml 2% milk", 200, "2% milk"),
        ("0% fat yogurt", None, "0% fat yogurt"),
        ("nan bread", None, "nan bread"),
        ("7up", None, "7up"),
        ("3 thousand island dressing", 3, "thousand island dressing"),
    ],
)
def test_any_script_and_grouping_is_read(line: str, number: float | None, name: str) -> None:
    """Figures of any script, fractions, spaces and apostrophes in thousands are read; a percentage is no amount."""
    found = read_line(line, TABLE)
    assert found.amount.number == (number if number is None else pytest.approx(number))
    assert found.name == name


def test_a_mineral_water_of_brine_is_asked() -> None:
    """A label's figure that no water can hold, or an impossible volume, is asked and not summed."""
    for line in ("500 ml mineral water, calcium 99999999 mg/l", "1e9 ml mineral water, calcium 350 mg/l"):
        reading = read_diet_lines(Diet((DietDay(drinks=(Eaten(text=line),)),)), TABLE, load_supplements())
        (asked,) = reading.foods()
        assert asked.state is State.CONFIRM, line


@pytest.mark.parametrize("words", [["1e9 g coffee"], ["-5", "g", "coffee"], ["-5 g coffee"], ["nan g coffee"]])
def test_the_command_says_so_and_shows_no_food(words: list[str]) -> None:
    """A negative number is not taken for an option, and nothing is printed in its place."""
    found = CliRunner().invoke(foods, words)
    assert isinstance(found.exception, DataRefusedError)
    assert not found.stdout


@given(st.text(alphabet="0123456789.,/ -", min_size=1, max_size=40))
def test_a_written_number_is_finite_or_refused(text: str) -> None:
    """No mixture of figures and signs gives an infinite, negative or undefined number."""
    try:
        value = read_number(text)
    except ValueError:
        return
    assert math.isfinite(value)
    assert 0 <= value <= 100_000


@given(st.text(max_size=60))
def test_plain_figures_keep_plain_text(text: str) -> None:
    """ASCII without grouped figures is left as it is."""
    try:
        found = plain_figures(text)
    except ValueError:
        return
    if text.isascii() and not any(each.isdigit() for each in text):
        assert found == text
