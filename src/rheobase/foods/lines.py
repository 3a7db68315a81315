"""Read one line of what was eaten or drunk: which food, how much, and how sure both are."""

from __future__ import annotations

import re
from dataclasses import dataclass

from rheobase.errors import DataRefusedError
from rheobase.foods.amounts import Amount, split_amount
from rheobase.foods.food import Food
from rheobase.foods.portions import Weight, weigh
from rheobase.foods.search import SURE_SCORE, Match, find_foods
from rheobase.foods.table import FoodTable
from rheobase.foods.words import ambiguous_words
from rheobase.plain_text import printable

_JOINED = re.compile(r"\b(?:with|and|on|plus|topped)\b|&|\+")
# More than this at once is a slip of the unit [g].
MOST_GRAMS = 20_000.0
LONGEST_LINE, SHOWN = 200, 60
# Words of an amount that no food is called by.
_AMOUNTS = frozenset(
    ("nan", "inf", "infinite", "infinity", "minus", "negative", "zero", "cup", "cups", "gram", "grams")
)
# Foods whose scores differ by less than this fit equally well; of so many first ones; energies this far apart are
# another food, unless all are as thin as a drink [kcal/100 g].
NEAR_TIE, SEEN, UNLIKE, SLIGHT = 2.5, 3, 1.6, 25.0


@dataclass(frozen=True, slots=True)
class FoodLine:
    """What a line was read as.

    Attributes:
        text: The line as it came.
        name: The food's name in the line, without the amount.
        amount: The amount in the line.
        matches: Foods that the name may mean, best first; empty when nothing is near.
        weight: What the amount weighs of the best match; None when there is no match.
        food_doubts: In plain words, why a person should say which food is meant; empty when it is clear.
        amount_doubts: Why a person should say how much; empty when it is clear.
        recipe_doubts: What the food was made up from, where the table lacks it; empty for a food of the table.
    """

    text: str
    name: str
    amount: Amount
    matches: tuple[Match, ...]
    weight: Weight | None
    food_doubts: tuple[str, ...]
    amount_doubts: tuple[str, ...]
    recipe_doubts: tuple[str, ...] = ()

    @property
    def doubts(self) -> tuple[str, ...]:
        """Every reason why a person should confirm the reading."""
        return (*self.food_doubts, *self.amount_doubts, *self.recipe_doubts)

    @property
    def confirm(self) -> bool:
        """Whether a person should look at it before it counts."""
        return bool(self.doubts)


def differ(one: Food, other: Food) -> bool:
    """Return whether two foods are so unlike that it matters which is meant, by their energy per 100 g."""
    energies = [value for food in (one, other) if (value := food.per_100_g["energy_kcal"])]
    return len(energies) > 1 and max(energies) > max(SLIGHT, UNLIKE * min(energies))


def _food_doubts(name: str, matches: tuple[Match, ...]) -> tuple[str, ...]:
    """Return why a person should say which food is meant."""
    if not matches:
        return (f"nothing like {printable(name, limit=SHOWN)!r} is in the table",)
    best = matches[0]
    if best.kin:
        shown = printable(name, limit=SHOWN)
        return (f"{shown!r} is not in {best.food.table}; the nearest is {best.food.description!r}. Is it near enough?",)
    found = [
        f"{word!r} means different foods in different countries; is {best.food.description!r} meant?"
        for word in ambiguous_words(name)
    ]
    if joined := _JOINED.search(name):
        # "burrito with beans and cheese" may be one food of the table; "coffee with milk" is two.
        whole = " ".join(re.findall(r"[a-z0-9&%]+", best.food.description.lower()))
        if " ".join(re.findall(r"[a-z0-9&%]+", name)) not in whole:
            found.append(f"the word {joined[0]!r} may join several foods; one food per line is read best")
    rivals = [best, *(each for each in matches[1:SEEN] if best.score - each.score < NEAR_TIE)]
    other = next((each.food for each in rivals if differ(best.food, each.food)), None)
    if not found and best.exact and other is not None:
        asked = f"{best.food.description!r} or {other.description!r}"
        found.append(f"{printable(name, limit=SHOWN)!r} fits foods that differ: {asked}?")
    if not found and (not best.exact or best.score < SURE_SCORE):
        found.append(f"is {printable(name, limit=SHOWN)!r} meant as {best.food.description!r}?")
    return tuple(found)


def _amount_doubts(weight: Weight | None) -> tuple[str, ...]:
    """Return why a person should say how much."""
    if weight is None or not weight.confirm:
        return ()
    if weight.grams is None:
        return (f"how much it weighs is not known: {weight.basis}",)
    return (f"is the amount right? {weight.basis}",)


def nearest_foods(text: str, table: FoodTable, *, limit: int = 5) -> tuple[Match, ...]:
    """Return the foods that a line without a readable amount may be of, best first.

    Args:
        text: A line that ``read_line`` refused.
        table: Where to look.
        limit: Longest result.
    """
    words = [
        each for each in re.findall(r"[^\W\d_]{3,}", printable(text[:LONGEST_LINE]).lower()) if each not in _AMOUNTS
    ]
    return find_foods(" ".join(words), table, limit=limit) if words else ()


def read_line(text: str, table: FoodTable, *, limit: int = 5) -> FoodLine:
    """Return what a line such as "2 cups brewed coffee" means.

    Args:
        text: One food or drink with or without its amount.
        table: Where to look.
        limit: Most candidates.

    Returns:
        Candidates, the weight of the first, and every doubt. The caller decides; nothing is settled here.

    Raises:
        DataRefusedError: The line is empty, too long, its number cannot be one, or it weighs more than 20 kg.
    """
    shown = printable(text, limit=SHOWN)
    if not shown:
        raise DataRefusedError('The line is empty; write a food with its amount, such as "2 cups brewed coffee".')
    if len(text) > LONGEST_LINE:
        raise DataRefusedError(
            f"{shown!r} has {len(text)} characters; one food per line, at most {LONGEST_LINE} characters."
        )
    try:
        amount, name = split_amount(printable(text))
    except ValueError as problem:
        raise DataRefusedError(f"{shown!r}: the amount cannot be read ({problem}).") from problem
    matches = find_foods(name, table, limit=max(limit, SEEN))
    weight = weigh(matches[0].food, amount) if matches else None
    if weight and weight.grams is not None and weight.grams > MOST_GRAMS:
        raise DataRefusedError(
            f"{shown!r} is {weight.grams / 1000:,.0f} kg, at most 20 kg is one line. Check the unit."
        )
    return FoodLine(
        text=text,
        name=name,
        amount=amount,
        matches=matches[:limit],
        weight=weight,
        food_doubts=_food_doubts(name, matches),
        amount_doubts=_amount_doubts(weight),
        recipe_doubts=_recipe_doubts(matches),
    )


def _recipe_doubts(matches: tuple[Match, ...]) -> tuple[str, ...]:
    """Return what the first food was made up from, where the table itself lacks it."""
    if not matches or not (parts := matches[0].food.made_from):
        return ()
    return (f"made up from {parts} (our estimate); if yours differs, write its parts on lines of their own",)
