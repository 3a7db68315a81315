"""What is in a food as far as people leave it out: from the hand-made list, or from its group and its name."""

from __future__ import annotations

from dataclasses import dataclass

from rheobase.foods import Food
from rheobase.foods.measures import fits
from rheobase.foods.search import has_brand
from rheobase.knowledge.menu import Menu, Rows

ANIMAL = frozenset({"milk", "egg", "fish", "shellfish", "meat"})


@dataclass(frozen=True, slots=True)
class Contents:
    """What is known of a food's contents.

    Attributes:
        kind: Id of a kind, "" when it is of none that may be added.
        holds: What people leave out; None when that is not known, which is never taken for nothing.
        tags: For the food rules.
    """

    kind: str
    holds: frozenset[str] | None
    tags: tuple[str, ...]


def contents(food: Food, menu: Menu) -> Contents:
    """Return what is known of a food's contents.

    Args:
        food: A row of a food table.
        menu: Facts.
    """
    listed = menu.foods.get(food.id)
    if listed is not None:
        return Contents(listed.kind, frozenset(listed.holds), listed.tags)
    group = menu.groups.get(food.group)
    words = [each for each in menu.words if fits(food, each.words, each.groups)]
    telling = next((each for each in words if each.kind), None)
    tags = [rows.id for rows in menu.tags if fits(food, rows.words, rows.groups)]
    if group is None:
        return Contents("", None, tuple(tags))
    # A word that tells the kind speaks for the whole food: an egg of the dairy group holds no milk.
    start = frozenset(group.holds) if telling is None else frozenset()
    holds = start.union(*(each.holds for each in words))
    if holds & ANIMAL:
        tags.append("animal")
    # What one maker puts in is not known by its name.
    mixed = fits(food, menu.mixed, ()) or has_brand(food.description)
    return Contents(telling.kind if telling else group.kind, None if mixed else holds, tuple(tags))


def first_fit(food: Food, rows: tuple[Rows, ...]) -> Rows | None:
    """Return the first rows that a food belongs to, None for none."""
    return next((each for each in rows if fits(food, each.words, each.groups)), None)


def is_named(food: Food, name: str, kind: str, words: tuple[str, ...]) -> bool:
    """Return whether one of a person's words means the food: by its id, a word of its names, or its kind."""
    known = f"{name} {kind} {food.description}".lower()
    return any(word == food.id.lower() or _means(word, known) for word in words)


def _means(word: str, known: str) -> bool:
    # Singular and plural mean the same; "milk" also means "soymilk", which errs on the side of leaving out.
    bare = word.removesuffix("es") if word.endswith(("oes", "ches", "shes")) else word.removesuffix("s")
    return all(part in known for part in bare.split()) if bare else False
