"""Everyday foods made up from foods of the table: exact arithmetic, unknown stays unknown, and it is always said."""

from __future__ import annotations

import tomllib
from dataclasses import replace
from importlib import resources

import pytest

from rheobase.diet.reading import State, read_diet_lines
from rheobase.errors import KnowledgeError
from rheobase.foods import NUTRIENTS, load_foods, load_sr28, read_line
from rheobase.foods.made_up import Recipe, load_recipes
from rheobase.foods.table import with_recipes
from rheobase.knowledge.supplements import load_supplements
from rheobase.person import Diet, DietDay, Eaten
from rheobase.report.foods_page import line_json, line_page
from rheobase.report.terminal import render

TABLE, SOURCE = load_foods(), load_sr28()
RECIPES = load_recipes()


def test_the_source_is_kept_apart_and_comes_first() -> None:
    """The rows of the source are the same rows with and without the recipes, which stand behind them."""
    assert len(TABLE) == len(SOURCE) + len(RECIPES)
    assert tuple(TABLE.columns.ids[: len(SOURCE)]) == tuple(SOURCE.columns.ids)
    assert all(TABLE.at(row) == SOURCE.at(row) for row in range(0, len(SOURCE), 97))
    assert not any(SOURCE.at(row).made_from for row in range(0, len(SOURCE), 97))


@pytest.mark.parametrize("recipe", RECIPES, ids=lambda each: each.id)
def test_a_recipe_is_the_sum_of_its_parts(recipe: Recipe) -> None:
    """Each nutrient of 100 g is that of the parts by weight; one part without a value leaves it unknown."""
    food = TABLE.get(recipe.id)
    assert food is not None
    parts = [(SOURCE.get(part), grams) for part, grams in recipe.parts]
    assert all(part is not None and grams > 0 for part, grams in parts)
    for nutrient in NUTRIENTS:
        values = [part.amount_of(nutrient, grams) for part, grams in parts if part]
        if None in values:
            assert food.per_100_g[nutrient] is None
        else:
            whole = sum(value for value in values if value is not None)
            assert food.amount_of(nutrient, recipe.grams) == pytest.approx(whole, abs=1e-4)
    assert all(each.grams > 0 and each.amount > 0 for each in recipe.portions)
    assert food.made_from.count(" + ") == len(recipe.parts) - 1


@pytest.mark.parametrize("recipe", RECIPES, ids=lambda each: each.id)
def test_every_recipe_is_found_by_its_own_name(recipe: Recipe) -> None:
    """The name before the first comma finds the recipe first."""
    found = read_line(recipe.name.split(",", maxsplit=1)[0], TABLE)
    assert found.matches[0].food.id == recipe.id
    assert found.recipe_doubts


def test_the_recipes_have_a_source_and_a_grade() -> None:
    """They are our estimate and say so."""
    raw = tomllib.loads(resources.files("rheobase.foods").joinpath("data/made_up.toml").read_text(encoding="utf-8"))
    assert (raw["source"], raw["grade"]) == ("expert", "C")


def test_a_recipe_of_what_is_not_there_is_refused() -> None:
    """A part that the table lacks is an error of the file, with the recipe's name."""
    odd = replace(RECIPES[0], parts=(("99999", 10.0),))
    with pytest.raises(KnowledgeError, match="99999 is not in the table"):
        with_recipes(SOURCE.columns, (odd,))


def test_it_is_said_wherever_it_is_shown() -> None:
    """Page and JSON name the parts; the count of the source's foods does not grow."""
    line = read_line("a latte", TABLE)
    page = " ".join(render(line_page(line, TABLE), width=100, colour=False).split())
    assert "made up from 60 g Beverages, coffee, brewed, espresso" in page
    assert "8789 foods" in page
    data = line_json(line, TABLE)
    assert data["foods"] == 8789
    assert data["matches"][0]["made_from"].startswith("60 g Beverages, coffee")


def test_in_a_diet_it_counts_as_an_estimate_and_is_asked() -> None:
    """Free text counts as our estimate with the recipe beside it; once chosen, the parts stay in what it rests on."""
    eaten = (Eaten(text="a latte"), Eaten(text="300 g latte"), Eaten(text="latte", food="mu-latte", grams=300.0))
    first, weighed, chosen = read_diet_lines(Diet((DietDay(meals=eaten),)), TABLE, load_supplements()).foods()
    assert (first.state, weighed.state, chosen.state) == (State.ESTIMATED, State.ESTIMATED, State.SURE)
    assert any("made up from" in doubt for doubt in first.doubts)
    assert any("made up from" in doubt for doubt in weighed.doubts)
    assert "made up from" in chosen.basis
    calcium = chosen.amount_of("calcium_mg")
    assert calcium is not None
    assert calcium.best == pytest.approx(240 * 1.13 + 60 * 0.02, rel=0.01)
