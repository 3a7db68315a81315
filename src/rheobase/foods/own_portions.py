"""Choose, among a food's own household measures, the one that is meant."""

from __future__ import annotations

import re
from collections.abc import Iterable
from dataclasses import dataclass

from rheobase.foods.food import Food, Portion
from rheobase.foods.measures import load_measures
from rheobase.foods.words import tokens

# Measures of this kind say nothing about one whole thing.
NOT_ONE = re.compile(
    r"^(?:cup|tbsp|tablespoon|tsp|teaspoon|fl oz|oz|lb|quart|pint|liter|cubic inch|package|serving|nlea|container|can"
    r"|bottle|jar|box|bag|carton|packet|slices?|strips?|wedge|sprig|bunch|rings?|half|recipe|yield|pat|unit \(yield"
    r"|piece, cooked|piece, raw|block|roast|skin|bone|pouch)\b",
    re.IGNORECASE,
)
_ONE = re.compile(
    r"^(?:medium|large|small|fruit|each|item|whole|pieces?|unit|extra large|ear|pod|leaf|root|head|link|patty|sandwich"
    r"|cookies?|biscuits?|crackers?|cakes?|rolls?|nut|kernels?)\b"
)
# "oz (23 whole kernels)", "serving (1 hot dog)": how many things make up a measure.
_SO_MANY = re.compile(r"\((\d+)(?: whole| shelled)? [a-z ]*(?:kernels|nuts|hot dog|halves)\)")
_VOLUME = re.compile(
    r"^(?P<unit>cup|tbsp|tablespoon|tsp|teaspoon|fl oz|quart|pint|liter|ml)\b(?P<rest>.*)", re.IGNORECASE
)
# A table may call a slice of cake a piece.
_LIKE = {"slice": ("piece", "wedge"), "bar": ("piece",)}
# One weight this many times another is another amount.
MUCH = 1.5
TRULY_ONE = ("piece", "stick", "spear", "clove", "leaf", "slice", "rasher", "fillet", "ear")
_ODD = frozenset(("small", "large", "thin", "thick", "miniature", "mini", "snack", "crust", "giant", "king", "jumbo"))
_FLUID_OUNCES = re.compile(r"\((\d+(?:\.\d+)?) fl oz\)")
# A cup of these pours or packs as the food does by itself; other descriptors ("chopped") change its weight.
_POURED = re.compile(r"^(?:\s*\(?(?:8 fl oz|1 nlea serving|1 serving|fluid)?\)?|,? (?:cooked|fluid|whole|drained))\s*$")


def read_out(portion: Portion) -> str:
    """Return a portion as it is read out: "1 cup = 245 g"."""
    return f"{portion.words} = {portion.grams:g} g"


def _volume_of(measure: str) -> float | None:
    """Return the volume of one of a table's measures [ml], None when it is not a volume."""
    if found := _FLUID_OUNCES.search(measure):
        return float(found[1]) * load_measures().millilitres["fl oz"]
    found = _VOLUME.match(measure)
    return load_measures().millilitres[found["unit"].lower()] if found else None


def density(food: Food) -> tuple[float, str] | None:
    """Return a food's weight per volume [g/ml] by its own volume measures, with the measure it rests on.

    A measure that only pours is preferred to one that says how the food was cut. None when the table weighs no volume.
    """
    best: tuple[int, float, str] | None = None
    for portion in food.portions:
        if (volume := _volume_of(portion.measure)) is None or portion.grams <= 0:
            continue
        found = _VOLUME.match(portion.measure)
        rank = 0 if found is None or _POURED.match(found["rest"]) else 1
        if best is None or rank < best[0]:
            best = (rank, portion.grams_each / volume, read_out(portion))
    return None if best is None else best[1:]


@dataclass(frozen=True, slots=True)
class Choice:
    """The household measure that is taken, and the others that it may be.

    Attributes:
        portion: The measure taken.
        low: Weight of the lightest that may be meant [g].
        high: Weight of the heaviest [g].
    """

    portion: Portion
    low: float
    high: float

    @property
    def doubtful(self) -> bool:
        """Whether those that may be meant weigh so differently that a person should say which."""
        return self.high > MUCH * self.low


def _sized(portions: Iterable[Portion], size: str) -> Choice | None:
    """Choose the portion of a size, else the medium or regular, else the one with the fewest conditions."""
    listed = list(portions)
    for wanted in filter(None, (size, "medium", "regular")):
        for portion in listed:
            if wanted in tokens(portion.measure):
                return Choice(portion, portion.grams_each, portion.grams_each)
    chosen = min(listed, key=lambda each: _oddness(each.measure), default=None)
    if chosen is None:
        return None
    odd, _ = _oddness(chosen.measure)
    # Nothing was said of a size and none is the usual one: every portion that is as plain may be meant.
    alike = [each.grams_each for each in listed if _oddness(each.measure)[0] == odd]
    if odd and not size:
        # Only a large one is listed, say: an unsaid size may be half of it.
        alike.append(chosen.grams_each * (0.5 if "large" in tokens(chosen.measure) else 2.0))
    return Choice(chosen, min(alike), max(alike))


def _oddness(measure: str) -> tuple[int, int]:
    """Return how far a measure is from the plain one: words such as "miniature" first, then how much it explains."""
    return len(_ODD.intersection(tokens(measure))), len(re.findall(r"[a-z]+", measure.split("(", maxsplit=1)[0]))


def own_measure(food: Food, unit: str, size: str) -> Choice | None:
    """Choose the table's own portion of a household measure, None when it has none."""
    household = load_measures().household
    for wanted in (unit, *_LIKE.get(unit, ())):
        fits = []
        for portion in food.portions:
            words = re.findall(r"[a-z]+", portion.measure.lower())
            if words and (household.get(words[0]) == wanted or {wanted, f"{wanted}s"} & set(words[:2])):
                fits.append(portion)
        if fits:
            return _sized(fits, size)
    return None


def one_thing(food: Food, size: str) -> Choice | None:
    """Choose the portion that is one of the food itself: "1 medium", "1 bagel", "1 fruit"; None when unclear."""
    name = frozenset(tokens(food.description))
    head = frozenset(tokens(food.description.split(",")[0]))
    ranked: list[tuple[int, int]] = []
    for at, portion in enumerate(food.portions):
        if NOT_ONE.match(portion.measure):
            continue
        first = tokens(portion.measure)[:2]
        if head & set(first):
            ranked.append((0, at))
        elif name & set(first):
            ranked.append((1, at))
        elif _ONE.match(portion.measure):
            ranked.append((2, at))
        else:
            ranked.append((3, at))
    if size and (sized := [food.portions[at] for _, at in ranked if size in tokens(food.portions[at].measure)]):
        return Choice(sized[0], sized[0].grams_each, sized[0].grams_each)
    clear = [food.portions[at] for rank, at in sorted(ranked) if rank < 3]
    if clear:
        return _sized(clear, size or ("large" if food.group.startswith("Dairy and Egg") else ""))
    for portion in food.portions:
        if found := _SO_MANY.search(portion.measure):
            counted = Portion(float(found[1]), portion.measure, portion.grams)
            return Choice(counted, counted.grams_each, counted.grams_each)
    return None
