"""``rheobase foods`` as a user meets it."""

from __future__ import annotations

import json

import pytest
from click.testing import CliRunner

from rheobase.cli.foods import foods
from rheobase.errors import DataRefusedError, UsageError
from rheobase.foods import NUTRIENTS, load_foods
from rheobase.foods.nutrients import find_nutrient, nutrient_label
from rheobase.foods.richest import richest

TABLE = load_foods()


def said(*arguments: str) -> str:
    """Return what the command prints."""
    done = CliRunner().invoke(foods, arguments, catch_exceptions=False)
    assert done.exit_code == 0
    return done.output


@pytest.mark.parametrize(
    "arguments",
    [
        ("black", "coffee"),
        ("yogurt", "--portions"),
        ("--nutrient", "magnesium"),
        ("6 pierogi",),
        ("potato", "--portions"),
    ],
)
def test_pages_fit_eighty_columns(arguments: tuple[str, ...]) -> None:
    """Nothing is wider than a small terminal, and a pipe gets no colour."""
    output = said(*arguments)
    assert max(map(len, output.splitlines())) <= 80
    assert "\x1b" not in output


def test_a_drink_is_found_with_its_amount() -> None:
    """Two cups of brewed coffee weigh 474 g and hold 189 mg of caffeine by the table."""
    data = json.loads(said("2 cups brewed coffee", "--json"))
    assert data["matches"][0]["id"] == "14209"
    assert data["amount"]["grams"] == pytest.approx(474, abs=1)
    assert data["holds"]["caffeine_mg"] == pytest.approx(189.4, abs=0.5)
    assert not data["confirm"]
    assert {"schema_version", "rheobase_version", "table"} <= data.keys()


def test_unknown_values_are_said_to_be_unknown() -> None:
    """A value that the table lacks is null in JSON and "not known" in words, never 0."""
    data = json.loads(said("100 g chia seeds", "--json"))
    assert data["holds"]["vitamin_d_ug"] is None
    assert "not known" in said("100 g chia seeds")


def test_doubt_is_shown() -> None:
    """What needs confirming stands under a heading of its own."""
    assert "TO CONFIRM" in said("a handful of almonds")
    assert "TO CONFIRM" not in said("30 g almonds")


def test_the_richest_foods_are_eaten_as_they_are() -> None:
    """No powder, flour, raw grain, baby food or brand leads the list, and unknown is left out."""
    for nutrient in NUTRIENTS:
        for each in richest(TABLE, nutrient, limit=30):
            name = each.food.description.lower()
            assert each.amount > 0
            assert not any(word in name.split() for word in ("powder", "flour", "concentrate")), name
            assert each.food.group not in ("Baby Foods", "Fast Foods", "Restaurant Foods")
            assert each.portion.grams < 400


def test_pumpkin_seeds_are_rich_in_magnesium() -> None:
    """An ounce of pumpkin seeds is among the first ten foods for magnesium."""
    assert any("pumpkin" in each.food.description for each in richest(TABLE, "magnesium_mg", limit=10))


@pytest.mark.parametrize("name", ["magnesium", "Vitamin D", "vitamin_b12_ug", "b12", "fiber", "ENERGY"])
def test_nutrients_are_named_as_people_name_them(name: str) -> None:
    """Any case, American spelling and short names are understood."""
    assert find_nutrient(name) in NUTRIENTS
    assert nutrient_label(find_nutrient(name))


@pytest.mark.parametrize(
    ("arguments", "error", "words"),
    [
        ((), UsageError, "Say a food"),
        (("--nutrient", "magnesum"), UsageError, "Did you mean 'magnesium'"),
        (("--nutrient", "zzz"), UsageError, "Known are"),
        (("1/0 cup milk",), DataRefusedError, "divides by zero"),
        (("x" * 300,), DataRefusedError, "at most 200 characters"),
    ],
)
def test_mistakes_get_one_clear_line(arguments: tuple[str, ...], error: type[Exception], words: str) -> None:
    """A wrong call says what came and what was expected."""
    with pytest.raises(error, match=words):
        CliRunner().invoke(foods, arguments, catch_exceptions=False)
