"""The foods that a plan may propose: each is in the table, weighs what the table says, and holds what its name says."""

from __future__ import annotations

import pytest

from rheobase.foods import load_foods
from rheobase.knowledge.menu import MenuFood, load_menu
from rheobase.menu.contents import contents, first_fit
from rheobase.menu.recheck import Moved, recheck_contents

FOODS = sorted(load_menu().foods.values(), key=lambda each: each.id)
# A helping is a household measure of the table, or so many of it.
TIMES = (0.25, 0.5, 1, 2, 3, 4, 10)
TELLING = {
    "milk": ("milk, reduced", "yogurt", "cheese"),
    "egg": ("egg, whole",),
    "fish": ("fish,",),
    "meat": ("beef",),
    "soy": ("soymilk", "tofu", "edamame"),
    "peanut": ("peanut",),
    "nuts": ("nuts, almonds", "nuts, cashew", "nuts, hazelnuts", "nuts, walnuts", "almond milk"),
    "wheat": ("wheat", "bulgur"),
    "sesame": ("sesame",),
}


@pytest.mark.parametrize("food", FOODS, ids=lambda each: each.name)
def test_each_food_is_in_the_table_with_that_helping(food: MenuFood) -> None:
    """The id is the table's, and the helping is within 3 % of a household measure or a simple part or number of it."""
    row = load_foods().get(food.id)
    assert row is not None
    weights = [portion.grams_each * times for portion in row.portions for times in TIMES]
    assert any(abs(weight - food.grams) <= 0.03 * food.grams for weight in weights), weights


@pytest.mark.parametrize("food", FOODS, ids=lambda each: each.name)
def test_what_a_food_holds_agrees_with_its_name(food: MenuFood) -> None:
    """Almonds are nuts, edamame is soya, and nothing else claims to be."""
    row = load_foods().get(food.id)
    assert row is not None
    name = row.description.lower()
    for what, words in TELLING.items():
        buckwheat = what == "wheat" and name.startswith("buckwheat")
        assert (what in food.holds) is (any(word in name for word in words) and not buckwheat), what


@pytest.mark.parametrize("food", FOODS, ids=lambda each: each.name)
def test_no_food_holds_caffeine_alcohol_or_much_salt(food: MenuFood) -> None:
    """What is proposed to everybody has no caffeine and no alcohol, and at most 600 mg of sodium in a helping."""
    row = load_foods().get(food.id)
    assert row is not None
    for column in ("caffeine_mg", "alcohol_g"):
        assert row.amount_of(column, food.grams) == (None if column in food.none_of else 0)
    sodium = row.amount_of("sodium_mg", food.grams)
    assert sodium is not None
    assert sodium <= 600


@pytest.mark.parametrize(
    ("food", "never"),
    [
        ("09112", "grapefruit"),
        ("13326", "liver"),
        ("14209", "caffeine"),
        ("14084", "alcohol"),
        ("15110", "mercury"),
        ("11445", "seaweed"),
    ],
)
def test_what_is_never_proposed_is_found_by_its_name(food: str, never: str) -> None:
    """Grapefruit, liver, coffee, wine, swordfish and kelp are known as what they are."""
    row = load_foods().get(food)
    assert row is not None
    found = first_fit(row, load_menu().never)
    assert found is not None
    assert found.id == never


@pytest.mark.parametrize(
    ("food", "holds"),
    [
        ("01131", {"egg"}),
        ("01026", {"milk", "lactose"}),
        ("12036", set()),
        ("09003", set()),
        ("05064", {"meat"}),
    ],
)
def test_contents_follow_from_group_and_name(food: str, holds: set[str]) -> None:
    """An egg is no milk though it is of the dairy group; sunflower seeds are no nuts."""
    row = load_foods().get(food)
    assert row is not None
    found = contents(row, load_menu()).holds
    assert found is not None
    assert set(found) == holds


def test_what_a_mixed_dish_holds_is_not_known() -> None:
    """A pizza may hold anything, so nobody with an allergy is told to eat more of it."""
    row = load_foods().get("21299")
    assert row is not None
    assert contents(row, load_menu()).holds is None


def test_the_second_check_is_never_laxer_than_the_first() -> None:
    """Of every food of the table the check by itself finds at least what the model finds in it."""
    menu, table = load_menu(), load_foods()
    styles = {each.id: each.leaves_out for each in menu.styles.values()}
    for row in table:
        known = contents(row, menu)
        if known.holds is not None:
            wrong = recheck_contents([Moved(row.id, 10.0)], styles, table=table, menu=menu)
            found = {each.rpartition(" is not for ")[2] for each in wrong}
            assert {name for name, left in styles.items() if known.holds & set(left)} <= found, row.description


def test_nothing_with_nuts_passes_for_free_of_them() -> None:
    """Nuts stay nuts whatever else the name says, and what says peanut holds peanut."""
    menu, table = load_menu(), load_foods()
    checked = 0
    for row in table:
        name, known = row.description.lower(), contents(row, menu)
        if known.holds is None or row.group != "Nut and Seed Products":
            continue
        checked += 1
        if name.startswith("nuts,"):
            assert "nuts" in known.holds, name
        if "peanut" in name:
            assert "peanut" in known.holds, name
    assert checked > 20
