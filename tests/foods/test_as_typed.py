"""Foods while typing: the last word is completed to what people eat, amounts are left alone, nonsense finds nothing."""

from __future__ import annotations

import pytest

from rheobase.foods import load_foods
from rheobase.foods.as_typed import everyday_name, foods_as_typed


@pytest.mark.parametrize(
    ("typed", "amount", "food"),
    [
        ("cof", "", "coffee, brewed"),
        ("2 cups brewed cof", "2 cups", "coffee, brewed"),
        ("almon", "", "Nuts, almonds"),
        ("whole wheat bre", "", "Bread, whole-wheat"),
        ("2 slices wholem", "2 slices", "whole-wheat"),
        ("courg", "", "zucchini"),
        ("orange ju", "", "Orange juice"),
        ("banan", "", "Bananas, raw"),
        ("200 g spin", "200 g", "Spinach, raw"),
        ("milk", "", "Milk, whole"),
    ],
)
def test_the_last_word_is_completed(typed: str, amount: str, food: str) -> None:
    """A food that is meant stands among the first four before it is written to its end."""
    found = foods_as_typed(typed, load_foods())
    assert found.amount == amount
    assert any(food in match.food.description for match in found.matches[:4])


def test_a_short_beginning_is_of_food_rather_than_of_a_way_to_cook() -> None:
    """The letters "co" do not become "cooked", which is everything."""
    names = [match.food.description for match in foods_as_typed("co", load_foods()).matches]
    assert names
    assert not any(name.startswith(("Plantains", "Bulgur")) for name in names)


@pytest.mark.parametrize("typed", ["", " ", "c", "2", "1/", "xyzzyqux", "\x00", "a" * 5000, "<script>"])
def test_too_little_and_nonsense_find_nothing(typed: str) -> None:
    """Nothing is offered where there is nothing to go by, and nothing fails."""
    assert foods_as_typed(typed, load_foods()).matches == ()


def test_names_are_shortened_to_everyday_ones() -> None:
    """The shelf and the last details are left out; a maker's name keeps its capitals."""
    assert everyday_name("Fish, salmon, Atlantic, farmed, cooked, dry heat") == "salmon, Atlantic"
    assert everyday_name("Milk, whole, 3.25% milkfat, with added vitamin D") == "milk, whole"
    assert everyday_name("Nuts") == "nuts"
