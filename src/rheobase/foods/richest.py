"""Foods that give most of a nutrient in a usual helping."""

from __future__ import annotations

import math
import re
from dataclasses import dataclass

from rheobase.foods.food import Food, Portion
from rheobase.foods.measures import fits, load_measures
from rheobase.foods.search import find_foods, has_brand
from rheobase.foods.table import FoodTable
from rheobase.foods.words import load_words, tokens

# A household measure stands for the helping when it weighs at most so much of it.
MOST_SHARE = 1.6
_NOT_A_HELPING = re.compile(r"recipe|yield|package|\blb\b|cubic|nlea", re.IGNORECASE)
_LEFT_OUT = ("Baby Foods", "American Indian/Alaska Native Foods")
# Dry by nature, not dried to be made up again.
_DRIED_IS_EATEN = ("Nut and Seed Products", "Fruits and Fruit Juices", "Sausages and Luncheon Meats")
AMONG = 60


@dataclass(frozen=True, slots=True)
class Rich:
    """A food, an ordinary portion of it, and what that holds.

    Attributes:
        food: The food.
        portion: A usual helping, as the table's own household measure where one is near.
        amount: Nutrient in the helping, in the unit of its column.
    """

    food: Food
    portion: Portion
    amount: float


def usual_helping(food: Food) -> Portion | None:
    """Return what is usually eaten of a food at once, in the table's own measures where they come near.

    None when the table lists no household measure of it at all.
    """
    grams = next(each.grams for each in load_measures().helpings if fits(food, each.words, each.groups))
    own = [each for each in food.portions if not _NOT_A_HELPING.search(each.measure)]
    if not own:
        return None
    nearest = min(own, key=lambda each: abs(math.log(each.grams / grams)))
    # A smaller measure is the table's word on how little is eaten; a larger one is cut to a helping.
    return Portion(grams, "g", grams) if nearest.grams > MOST_SHARE * grams else nearest


def _is_bought_ready(food: Food) -> bool:
    """Return whether the row is one maker's or restaurant's; left out unless it was asked for by name."""
    return food.group in ("Fast Foods", "Restaurant Foods") or has_brand(food.description)


def _is_eaten(food: Food, said: frozenset[str]) -> bool:
    """Return whether the row is eaten as it is, by its words."""
    words = load_words()
    if food.group in _LEFT_OUT or said & words.not_as_eaten:
        return False
    cooked = "cooked" in words.default_state.get(food.group, ())
    if food.group == "Cereal Grains and Pasta" and not said & {"cooked", "prepared"}:
        return False
    if "instant" in said and not said & {"prepared", "ready"}:
        return False
    if "dried" in said and food.group not in _DRIED_IS_EATEN:
        return False
    return not (cooked and "raw" in said) and not ("dry" in said and not said & {"heat", "roasted", "wine", "hard"})


def richest(table: FoodTable, nutrient: str, *, name: str = "", limit: int = 15) -> tuple[Rich, ...]:
    """Return the foods with most of a nutrient per usual helping, most first.

    Powders, concentrates, flours, raw grains and baby foods are left out: nobody eats a portion of them; so are brands
    and restaurants unless a name is given. Of near
    equal rows ("with salt", "without salt") the richest stands for all. Foods without a value are left out, not
    ranked as zero.

    Args:
        table: Where to look.
        nutrient: One of ``NUTRIENTS``.
        name: Only foods that this name may mean; "" for all.
        limit: Longest result.
    """
    foods = [match.food for match in find_foods(name, table, limit=AMONG)] if name else list(table)
    found = []
    for food in foods:
        if not _is_eaten(food, frozenset(tokens(food.description))) or (not name and _is_bought_ready(food)):
            continue
        portion = usual_helping(food)
        if portion and (amount := food.amount_of(nutrient, portion.grams)):
            found.append(Rich(food, portion, amount))
    best: dict[str, Rich] = {}
    for each in sorted(found, key=lambda one: (-one.amount, one.food.id)):
        best.setdefault(", ".join(each.food.description.split(", ")[:2]).lower(), each)
    return tuple(best.values())[:limit]
