"""The food table: columns in memory, one ``Food`` made when it is asked for.

The packaged table is USDA SR28; ``data/manifest.toml`` says where it comes from and how to recognise it.
"""

from __future__ import annotations

import json
import zlib
from collections import Counter
from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass, field
from functools import lru_cache
from importlib import resources
from types import MappingProxyType
from typing import Any

from rheobase.errors import KnowledgeError
from rheobase.foods.food import NUTRIENTS, Food, Portion
from rheobase.foods.made_up import Recipe, load_recipes

PACKAGED_TABLE = "USDA SR28"


@dataclass(frozen=True)
class Columns:
    """A table as columns, one entry per food.

    Attributes:
        ids: The table's own number of each food; all differ.
        descriptions: Names.
        other_names: Further everyday names, "" for none.
        groups: Food groups, "" for none.
        nutrients: Each name of ``NUTRIENTS`` to its values per 100 g, None where the table has none.
        portions: Row to the household measures of that food; rows without any are absent.
        made_from: Row to the parts of a food that was made up from others; rows of the source are absent.
    """

    ids: Sequence[str]
    descriptions: Sequence[str]
    other_names: Sequence[str]
    groups: Sequence[str]
    nutrients: Mapping[str, Sequence[float | None]]
    portions: Mapping[int, Sequence[Portion]]
    made_from: Mapping[int, str] = field(default_factory=dict)


class FoodTable:
    """A table of foods that never changes after it is made.

    Args:
        name: Name of the table, kept with every food.
        columns: What it holds.

    Raises:
        ValueError: Two foods have the same id.
    """

    def __init__(self, name: str, columns: Columns) -> None:
        self.name = name
        self.columns = columns
        self._made: dict[int, Food] = {}
        self._place = {food: at for at, food in enumerate(columns.ids)}
        if len(self._place) != len(columns.ids):
            double, _ = Counter(columns.ids).most_common(1)[0]
            raise ValueError(f"Two foods of {name} have the id {double!r}.")

    @classmethod
    def of(cls, name: str, foods: Iterable[Food]) -> FoodTable:
        """Return a table of foods.

        Raises:
            ValueError: Two foods have the same id.
        """
        listed = tuple(foods)
        columns = Columns(
            ids=tuple(food.id for food in listed),
            descriptions=tuple(food.description for food in listed),
            other_names=("",) * len(listed),
            groups=tuple(food.group for food in listed),
            nutrients={name: tuple(food.per_100_g.get(name) for food in listed) for name in NUTRIENTS},
            portions={at: food.portions for at, food in enumerate(listed) if food.portions},
            made_from={at: food.made_from for at, food in enumerate(listed) if food.made_from},
        )
        return cls(name, columns)

    def __len__(self) -> int:
        return len(self.columns.ids)

    def __iter__(self) -> Iterator[Food]:
        return (self.at(row) for row in range(len(self)))

    def __contains__(self, food: object) -> bool:
        return food in self._place

    def at(self, row: int) -> Food:
        """Return the food of one row, from 0."""
        if row not in self._made:
            values = {name: self.columns.nutrients[name][row] for name in NUTRIENTS}
            self._made[row] = Food(
                id=self.columns.ids[row],
                description=self.columns.descriptions[row],
                group=self.columns.groups[row],
                table=self.name,
                portions=tuple(self.columns.portions.get(row, ())),
                per_100_g=MappingProxyType(values),
                made_from=self.columns.made_from.get(row, ""),
            )
        return self._made[row]

    def get(self, food: str) -> Food | None:
        """Return the food with an id, None when there is none."""
        row = self._place.get(food)
        return None if row is None else self.at(row)

    def row_of(self, food: str) -> int | None:
        """Return the row of an id, None when there is none."""
        return self._place.get(food)

    def column(self, nutrient: str) -> Sequence[float | None]:
        """Return one nutrient of every food, per 100 g, None where the table has no value."""
        return self.columns.nutrients[nutrient]


def _read_columns(raw: Mapping[str, Any]) -> Columns:
    """Return columns as ``tools/build_foods.py`` writes them."""
    found, measures = raw["portions"], raw["measures"]
    portions: dict[int, list[Portion]] = {}
    for food, amount, at, grams in zip(found["food"], found["amount"], found["measure"], found["grams"], strict=True):
        portions.setdefault(food, []).append(Portion(amount, measures[at], grams))
    return Columns(
        ids=raw["id"],
        descriptions=raw["description"],
        other_names=raw["common_name"],
        groups=[raw["groups"][at] for at in raw["group"]],
        nutrients=raw["nutrients"],
        portions=portions,
    )


def with_recipes(columns: Columns, recipes: Sequence[Recipe]) -> Columns:
    """Return a table with the foods that are made up from its own added at its end.

    Raises:
        KnowledgeError: A recipe names a food that the table lacks.
    """
    place = {food: at for at, food in enumerate(columns.ids)}
    first = len(columns.ids)
    nutrients = {name: list(values) for name, values in columns.nutrients.items()}
    portions, made_from = dict(columns.portions), dict(columns.made_from)
    for at, recipe in enumerate(recipes, first):
        if missing := [part for part, _ in recipe.parts if part not in place]:
            raise KnowledgeError(f"made_up.toml: {recipe.id}: {missing[0]} is not in the table")
        rows = {part: place[part] for part, _ in recipe.parts}
        found = recipe.per_100_g(
            {part: {name: columns.nutrients[name][row] for name in NUTRIENTS} for part, row in rows.items()}
        )
        for name, value in found.items():
            nutrients[name].append(value)
        portions[at] = recipe.portions
        made_from[at] = recipe.made_from({part: columns.descriptions[row] for part, row in rows.items()})
    return Columns(
        ids=(*columns.ids, *(each.id for each in recipes)),
        descriptions=(*columns.descriptions, *(each.name for each in recipes)),
        other_names=(*columns.other_names, *("" for _ in recipes)),
        groups=(*columns.groups, *(each.group for each in recipes)),
        nutrients=nutrients,
        portions=portions,
        made_from=made_from,
    )


@lru_cache(maxsize=1)
def load_foods() -> FoodTable:
    """Return the packaged table with the everyday foods that are made up from it, read once.

    Raises:
        KnowledgeError: A packaged file is damaged.
    """
    return FoodTable(PACKAGED_TABLE, with_recipes(load_sr28().columns, load_recipes()))


@lru_cache(maxsize=1)
def load_sr28() -> FoodTable:
    """Return the packaged table as its source has it, read once.

    Raises:
        KnowledgeError: The packaged file is damaged.
    """
    packed = resources.files("rheobase.foods").joinpath("data/sr28.json.z").read_bytes()
    try:
        columns = json.loads(zlib.decompress(packed))
    except (zlib.error, ValueError) as problem:
        raise KnowledgeError(f"The packaged food table is damaged ({problem}); install Rheobase again.") from problem
    return FoodTable(PACKAGED_TABLE, _read_columns(columns))
