"""What a plan of the menu may propose: foods, swaps, what is never proposed, and what forbids pushing a nutrient."""

from __future__ import annotations

import dataclasses
import tomllib
from collections.abc import Callable, Iterator, Mapping
from dataclasses import dataclass
from functools import lru_cache
from types import MappingProxyType
from typing import TYPE_CHECKING, Any, TypeVar

from rheobase.errors import ExpressionError, KnowledgeError
from rheobase.knowledge.read import DATA
from rheobase.logic import Expression, parse

if TYPE_CHECKING:
    from rheobase.knowledge.load import Knowledge

T = TypeVar("T")
FILES = ("menu/foods.toml", "menu/rules.toml")
GRADES, EFFORTS = frozenset("ABC"), frozenset({"snack", "dish"})


@dataclass(frozen=True, slots=True)
class MenuFood:
    """A food that may be proposed to somebody who does not eat it yet.

    Attributes:
        id: Number in the packaged food table.
        name: In words, as it stands inside a sentence.
        measure: One helping in words.
        grams: Weight of one helping [g].
        most: Helpings a day that people may well eat.
        effort: "snack" or "dish".
        kind: Id of a ``MenuKind``.
        holds: What people leave out, by allergy or by choice.
        tags: For the food rules of the plan.
        reason: What it is good for.
        source: Where its figures come from.
        grade: Of the choice.
        none_of: Columns without a value of which it is well known that there is none.
    """

    id: str
    name: str
    measure: str
    grams: float
    most: float
    effort: str
    kind: str
    holds: tuple[str, ...]
    tags: tuple[str, ...]
    reason: str
    source: str
    grade: str
    none_of: tuple[str, ...] = ()


@dataclass(frozen=True, slots=True)
class MenuKind:
    """A kind of food, and how many helpings a day a plan may add of it."""

    id: str
    name: str
    most: float
    source: str
    grade: str


@dataclass(frozen=True, slots=True)
class Rows:
    """Rows of the food table by words of their name and beginning of their group; empty means any.

    Attributes:
        id: Name within the knowledge.
        name: In words.
        words: One of them is in the food's name.
        groups: The food's group begins with one of them.
        to: Menu foods that may take its place.
        reason: Why it is never proposed.
        source: Where that comes from.
        grade: A, B or C.
    """

    id: str
    words: tuple[str, ...]
    name: str = ""
    groups: tuple[str, ...] = ()
    to: tuple[str, ...] = ()
    reason: str = ""
    source: str = "expert"
    grade: str = "C"


@dataclass(frozen=True, slots=True)
class MenuGroup:
    """A group of the table of which a bigger helping may be proposed, and what each of its foods holds."""

    id: str
    kind: str
    holds: tuple[str, ...]


@dataclass(frozen=True, slots=True)
class MenuWord:
    """Words of a food's name that tell what it holds, and of which kind it is ("": they do not tell)."""

    words: tuple[str, ...]
    holds: tuple[str, ...]
    groups: tuple[str, ...] = ()
    kind: str = ""


@dataclass(frozen=True, slots=True)
class MenuStyle:
    """An allergy or a way of eating, and what it leaves out."""

    id: str
    name: str
    leaves_out: tuple[str, ...]


@dataclass(frozen=True, slots=True)
class MenuBlock:
    """What forbids pushing a nutrient up, beyond the blocks of its substance.

    Attributes:
        id: Name within the knowledge.
        nutrient: Column of the food table.
        substance: Substance whose blocks also hold; "" for none.
        when: Further condition.
        because: Why, in words.
        source: Where it comes from.
        grade: A, B or C.
        rise: "medical" where even an ordinary rise matters while the condition is not known.
        note: For whoever reads the knowledge.
    """

    id: str
    nutrient: str
    substance: str = ""
    when: Expression | None = None
    because: str = ""
    source: str = ""
    grade: str = "C"
    rise: str = ""
    note: str = ""


@dataclass(frozen=True, slots=True)
class MenuMedicine:
    """Foods with a tag are left as they are while one of these medicines is taken."""

    id: str
    tag: str
    medicines: tuple[str, ...]
    name: str
    because: str
    source: str
    grade: str


@dataclass(frozen=True, eq=False)
class Menu:
    """Everything known of what may be proposed. Compared by identity: one process has one.

    Attributes:
        foods: By id.
        kinds: By id.
        swaps: What may be replaced.
        tags: Tags by words of a name.
        less: What may be proposed in smaller amounts.
        never: What is never proposed.
        groups: By the table's group.
        words: In order of their weight.
        mixed: Words that make unknown what else a food holds.
        styles: Allergies and ways of eating, by id.
        blocks: By column.
        medicines: Medicines that fix some foods.
    """

    foods: Mapping[str, MenuFood]
    kinds: Mapping[str, MenuKind]
    swaps: tuple[Rows, ...]
    tags: tuple[Rows, ...]
    less: tuple[Rows, ...]
    never: tuple[Rows, ...]
    groups: Mapping[str, MenuGroup]
    words: tuple[MenuWord, ...]
    mixed: tuple[str, ...]
    styles: Mapping[str, MenuStyle]
    blocks: Mapping[str, MenuBlock]
    medicines: tuple[MenuMedicine, ...]


def _build(kind: type[T], row: Mapping[str, Any]) -> T:
    known = {field.name: field for field in dataclasses.fields(kind)}  # type: ignore[arg-type]
    where = f"menu, {kind.__name__} {row.get('id', '')}".strip()
    values: dict[str, Any] = {}
    for key, value in row.items():
        if key not in known:
            raise KnowledgeError(f"{where}: unknown key {key!r}")
        if key == "when":
            try:
                values[key] = parse(value)
            except ExpressionError as problem:
                raise KnowledgeError(f"{where}: {problem}") from problem
        else:
            values[key] = tuple(value) if isinstance(value, list) else value
    try:
        return kind(**values)
    except TypeError as problem:
        raise KnowledgeError(f"{where}: {problem}") from problem


def _by(key: Callable[[T], str], rows: list[T]) -> Mapping[str, T]:
    found = {key(row): row for row in rows}
    if len(found) != len(rows):
        raise KnowledgeError(f"menu: an id of {type(rows[0]).__name__} stands twice")
    return MappingProxyType(found)


@lru_cache(maxsize=1)
def load_menu() -> Menu:
    """Return the packaged facts, read once.

    Raises:
        KnowledgeError: A file is malformed, or an id stands twice.
    """
    raw: dict[str, Any] = {}
    for file in FILES:
        raw |= tomllib.loads((DATA / file).read_text(encoding="utf-8"))
    rows = {name: raw.get(f"menu_{name}", []) for name in ("swap", "less", "never", "tag", "word", "medicine")}
    return Menu(
        foods=_by(lambda each: each.id, [_build(MenuFood, row) for row in raw["menu_food"]]),
        kinds=_by(lambda each: each.id, [_build(MenuKind, row) for row in raw["menu_kind"]]),
        swaps=tuple(_build(Rows, row) for row in rows["swap"]),
        tags=tuple(_build(Rows, row) for row in rows["tag"]),
        less=tuple(_build(Rows, row) for row in rows["less"]),
        never=tuple(_build(Rows, row) for row in rows["never"]),
        groups=_by(lambda each: each.id, [_build(MenuGroup, row) for row in raw["menu_group"]]),
        words=tuple(_build(MenuWord, row) for row in rows["word"]),
        mixed=tuple(raw["menu_mixed"]["words"]),
        styles=_by(lambda each: each.id, [_build(MenuStyle, row) for row in raw["menu_style"]]),
        blocks=_by(lambda each: each.nutrient, [_build(MenuBlock, row) for row in raw["menu_block"]]),
        medicines=tuple(_build(MenuMedicine, row) for row in rows["medicine"]),
    )


def cited_by_menu() -> frozenset[str]:
    """Return the id of every source that the facts on the menu cite."""
    menu = load_menu()
    rows: tuple[MenuFood | MenuKind | Rows | MenuMedicine | MenuBlock, ...] = (
        *menu.foods.values(),
        *menu.kinds.values(),
        *(*menu.swaps, *menu.less, *menu.never),
        *menu.medicines,
        *menu.blocks.values(),
    )
    return frozenset(each.source for each in rows if each.source)


def check_menu(
    knowledge: Knowledge, conditions: Callable[[Knowledge, str, Expression], Iterator[str]]
) -> Iterator[str]:
    """Yield every problem of the facts on the menu, each one line.

    Args:
        knowledge: As loaded.
        conditions: Yields the problems of one condition.
    """
    menu = load_menu()
    left_out = {each for style in menu.styles.values() for each in style.leaves_out}
    for food in menu.foods.values():
        where = f"menu food {food.id}"
        if food.effort not in EFFORTS or food.kind not in menu.kinds:
            yield f"{where}: unknown effort {food.effort!r} or kind {food.kind!r}"
        if not set(food.holds) <= left_out:
            yield f"{where}: holds {sorted(set(food.holds) - left_out)}, which no style leaves out"
        if food.grams <= 0 or food.most <= 0 or food.grade not in GRADES:
            yield f"{where}: grams and most are above zero, the grade is A, B or C"
    holders: tuple[MenuGroup | MenuWord, ...] = (*menu.groups.values(), *menu.words)
    for holder in holders:
        if not set(holder.holds) <= left_out or (holder.kind and holder.kind not in menu.kinds):
            yield f"menu, {holder}: holds or kind is not known"
    for swap in menu.swaps:
        yield from (f"menu swap {swap.id}: unknown food {each!r}" for each in swap.to if each not in menu.foods)
    yield from _blocks(menu, knowledge, conditions)


def _blocks(
    menu: Menu, knowledge: Knowledge, conditions: Callable[[Knowledge, str, Expression], Iterator[str]]
) -> Iterator[str]:
    for block in menu.blocks.values():
        where = f"menu block {block.id}"
        if block.substance and block.substance not in knowledge.substances:
            yield f"{where}: unknown substance {block.substance!r}"
        if block.when is not None:
            yield from conditions(knowledge, where, block.when)
            if not block.because or not block.source:
                yield f"{where}: a condition needs its reason and its source"
    for medicine in menu.medicines:
        yield from (
            f"menu medicine {medicine.id}: unknown medicine {each!r}"
            for each in medicine.medicines
            if each not in knowledge.medicines
        )
