"""Everyday foods that the table lacks, made up from foods that it has, in stated grams (``data/made_up.toml``)."""

from __future__ import annotations

import tomllib
from collections.abc import Mapping
from dataclasses import dataclass
from functools import lru_cache
from importlib import resources

from rheobase.foods.food import NUTRIENTS, Portion


@dataclass(frozen=True, slots=True)
class Recipe:
    """A food as the sum of its parts.

    Attributes:
        id: Such as "mu-latte"; no id of the table begins so.
        name: As it is searched for and shown.
        group: Food group of the table that it belongs to.
        parts: Id of each part in the table, and its weight [g] as eaten.
        portions: Household measures.
    """

    id: str
    name: str
    group: str
    parts: tuple[tuple[str, float], ...]
    portions: tuple[Portion, ...]

    @property
    def grams(self) -> float:
        """Weight of the whole [g]."""
        return sum(grams for _, grams in self.parts)

    def made_from(self, names: Mapping[str, str]) -> str:
        """Return the parts as they are read out, by the table's names."""
        return " + ".join(f"{grams:g} g {names[part]}" for part, grams in self.parts)

    def per_100_g(self, foods: Mapping[str, Mapping[str, float | None]]) -> dict[str, float | None]:
        """Return each nutrient in 100 g: None where one part has no value, since unknown is not zero.

        Args:
            foods: Id of each part to its own nutrients per 100 g.
        """
        found: dict[str, float | None] = {}
        for nutrient in NUTRIENTS:
            values = [(foods[part][nutrient], grams) for part, grams in self.parts]
            known = [value * grams for value, grams in values if value is not None]
            found[nutrient] = round(sum(known) / self.grams, 6) if len(known) == len(values) else None
        return found


@lru_cache(maxsize=1)
def load_recipes() -> tuple[Recipe, ...]:
    """Return the packaged recipes, read once."""
    text = resources.files("rheobase.foods").joinpath("data/made_up.toml").read_text(encoding="utf-8")
    return tuple(
        Recipe(
            id=each["id"],
            name=each["name"],
            group=each["group"],
            parts=tuple((part, grams) for part, grams in each["parts"]),
            portions=tuple(Portion(amount, measure, grams) for amount, measure, grams in each["portions"]),
        )
        for each in tomllib.loads(text)["food"]
    )
