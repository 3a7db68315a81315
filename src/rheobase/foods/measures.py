"""What people call an amount, read from ``data/measures.toml``."""

from __future__ import annotations

import re
import tomllib
from collections.abc import Mapping
from dataclasses import dataclass
from functools import lru_cache
from importlib import resources

from rheobase.foods.food import Food


@dataclass(frozen=True, slots=True)
class Usual:
    """What a measure usually holds where the table has no such measure.

    Attributes:
        measure: Household measure, "" for no measure at all.
        words: One of them is in the food's name; empty for any food.
        groups: The food's group begins with one of them; empty for any group.
        amount: Usual amount [g], or [ml] when ``is_volume``.
        low: Lower end of the range in which it mostly lies, same unit.
        high: Upper end, same unit.
        is_volume: Whether the three are millilitres.
    """

    measure: str
    words: tuple[str, ...]
    groups: tuple[str, ...]
    amount: float
    low: float
    high: float
    is_volume: bool


def fits(food: Food, words: tuple[str, ...], groups: tuple[str, ...]) -> bool:
    """Return whether one of the words is in a food's name, and its group begins with one of the groups.

    Empty words or groups fit every food. A word also fits its plural, and nothing longer: "water" is not watermelon.
    """
    if groups and not food.group.startswith(groups):
        return False
    name = food.description.lower()
    return not words or any(_pattern(word).search(name) for word in words)


@lru_cache(maxsize=500)
def _pattern(word: str) -> re.Pattern[str]:
    return re.compile(rf"(?<![a-z]){re.escape(word)}(?:e?s)?(?![a-z])")


@dataclass(frozen=True, slots=True)
class Helping:
    """A usual helping of a kind of food.

    Attributes:
        words: One of them is in the food's name; empty for any food.
        groups: The food's group begins with one of them; empty for any group.
        grams: What is eaten at once [g].
    """

    words: tuple[str, ...]
    groups: tuple[str, ...]
    grams: float


@dataclass(frozen=True, slots=True)
class Density:
    """What a kind of food weighs per volume where the table does not say.

    Attributes:
        words: One of them is in the food's name; empty for any food.
        groups: The food's group begins with one of them.
        grams: Weight of 1 ml [g].
        low: Lower end of the range in which it mostly lies [g/ml].
        high: Upper end [g/ml].
    """

    words: tuple[str, ...]
    groups: tuple[str, ...]
    grams: float
    low: float
    high: float


@dataclass(frozen=True)
class Measures:
    """Every word for an amount.

    Attributes:
        grams: Word to grams.
        millilitres: Word to millilitres.
        millilitres_range: Word to the lowest and highest volume that it means somewhere [ml].
        volume_name: Word to the measure's own name ("cups": "cup").
        household: Word to the measure's own name ("tins": "can").
        sizes: Word to small, medium or large.
        size_factor: Size to its share of the usual.
        numbers: Phrase to its number.
        loose: Phrases whose number is itself loose.
        within: Way of reading to the share by which the truth may differ.
        usual: Usual amounts, most particular first.
        helpings: Usual helpings, most particular first; the last fits every food.
        densities: Weights per volume, most particular first; some foods have none.
    """

    grams: Mapping[str, float]
    millilitres: Mapping[str, float]
    millilitres_range: Mapping[str, tuple[float, float]]
    volume_name: Mapping[str, str]
    household: Mapping[str, str]
    sizes: Mapping[str, str]
    size_factor: Mapping[str, float]
    numbers: Mapping[str, float]
    loose: frozenset[str]
    within: Mapping[str, float]
    usual: tuple[Usual, ...]
    helpings: tuple[Helping, ...]
    densities: tuple[Density, ...]


def _by_word(names: Mapping[str, list[str]]) -> dict[str, str]:
    return {word: name for name, words in names.items() for word in words}


@lru_cache(maxsize=1)
def load_measures() -> Measures:
    """Return the packaged measures, read once."""
    raw = tomllib.loads(resources.files("rheobase.foods").joinpath("data/measures.toml").read_text(encoding="utf-8"))
    volume = _by_word(raw["millilitres"])
    return Measures(
        grams={word: raw["grams_each"][name] for word, name in _by_word(raw["grams"]).items()},
        millilitres={word: raw["millilitres_each"][name] for word, name in volume.items()},
        millilitres_range={
            word: (limits[0], limits[1])
            for word, name in volume.items()
            if (limits := raw["millilitres_range"].get(name))
        },
        volume_name=volume,
        household=_by_word(raw["household"]),
        sizes=_by_word(raw["sizes"]),
        size_factor=raw["size_factor"],
        numbers=raw["numbers"],
        loose=frozenset(raw["loose"]["words"]),
        within=raw["within"],
        usual=tuple(
            Usual(
                measure=each["measure"],
                words=tuple(each.get("words", ())),
                groups=tuple(each.get("groups", ())),
                amount=each.get("ml", each.get("grams")),
                low=each["low"],
                high=each["high"],
                is_volume="ml" in each,
            )
            for each in raw["usual"]
        ),
        helpings=tuple(
            Helping(tuple(each.get("words", ())), tuple(each.get("groups", ())), each["grams"])
            for each in raw["helping"]
        ),
        densities=tuple(
            Density(tuple(each.get("words", ())), tuple(each["groups"]), each["grams"], each["low"], each["high"])
            for each in raw["density"]
        ),
    )
