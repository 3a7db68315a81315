"""Every single change that may be proposed to this person: more, another, instead, less; with what it gives."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from dataclasses import dataclass, replace
from enum import StrEnum

from rheobase.assess.contradictions import open_questions
from rheobase.foods import NUTRIENTS, Food, FoodTable
from rheobase.foods.richest import usual_helping
from rheobase.knowledge import Knowledge
from rheobase.knowledge.menu import Menu, MenuFood
from rheobase.knowledge.model_advice import Food as ListedFood
from rheobase.logic import evaluate
from rheobase.menu.aims import ENERGY, Aims
from rheobase.menu.blocks import WATER, Block, FixedFoods, State
from rheobase.menu.contents import contents, first_fit, is_named
from rheobase.menu.eaten import Eaten
from rheobase.menu.wishes import Wishes
from rheobase.person import Value

# A helping is halved or doubled and nothing finer: nobody weighs a snack.
HELPINGS = (0.5, 1.0, 2.0)
DRINKS = ("drink", "juice", "dairy")
EPSILON = 1e-9


class Action(StrEnum):
    """What a change does."""

    MORE = "more"
    ADD = "add"
    SWAP = "swap"
    LESS = "less"


@dataclass(frozen=True, slots=True)
class Helping:
    """A food with one helping of it.

    Attributes:
        food: The row of the table.
        name: In words.
        measure: One helping in words.
        grams: What it weighs [g].
        said: What the person wrote of it; "" where nothing.
    """

    food: Food
    name: str
    measure: str
    grams: float
    said: str = ""


@dataclass(frozen=True, slots=True)
class Option:
    """One change, of one size.

    Attributes:
        item: What is the same for every size of it; a plan holds one size at most.
        action: What it does.
        helpings: Size, in helpings a day.
        more: What is added; None where nothing is.
        less: What is eaten less of; None where nothing is. Its grams are one usual time.
        kind: Kind of what is added.
        price: Effort.
        ask_first: Findings that would forbid it and are not known.
        fixed: Ids of the medicines' rules that would forbid it and are not known.
        gains: Known change of every column a day; what is not known of a food that is added counts as nothing.
        unknown: Columns of which the added food has no value: no limit of theirs can be said to be kept.
    """

    item: str
    action: Action
    helpings: float
    more: Helping | None
    less: Helping | None
    kind: str
    price: float
    ask_first: tuple[str, ...]
    fixed: tuple[str, ...]
    gains: Mapping[str, float]
    unknown: frozenset[str]

    @property
    def foods(self) -> frozenset[str]:
        """Ids of the foods that it is about."""
        return frozenset(each.food.id for each in (self.more, self.less) if each is not None)


@dataclass(frozen=True, slots=True)
class Table:
    """What options are built from.

    Attributes:
        knowledge: Food rules, findings, prices.
        menu: What may be proposed.
        foods: The food table.
        values: What is known of the person.
        blocks: By column, food and water.
        fixed: Foods that a medicine fixes.
        wishes: What was asked for.
    """

    knowledge: Knowledge
    menu: Menu
    foods: FoodTable
    values: Mapping[str, Value]
    blocks: Mapping[str, Block]
    fixed: tuple[FixedFoods, ...]
    wishes: Wishes

    def number(self, name: str) -> float:
        """Return one of the menu's numbers."""
        return self.knowledge.intake.value(f"menu.{name}")


def build_options(eaten: tuple[Eaten, ...], aims: Aims, table: Table) -> tuple[Option, ...]:
    """Return every change that nothing known forbids and that can help, in a fixed order.

    Args:
        eaten: The usual day.
        aims: What to reach and to keep.
        table: What options are built from.
    """
    every = (*_more(eaten, table), *_added(eaten, table), *_swapped(eaten, table), *_less(eaten, table))
    return tuple(
        each
        for each in every
        if _keeps_limits_sayable(each, aims) and (each.action is Action.LESS or _helps(each, aims, table))
    )


def _keeps_limits_sayable(option: Option, aims: Aims) -> bool:
    """Whether every sum with an upper end stays known: a value that is not known may be anything."""
    return not any(each.most is not None and each.column in option.unknown for each in aims.limits)


def _helps(option: Option, aims: Aims, table: Table) -> bool:
    share = table.number("useful_share")
    return any(option.gains[each.column] >= share * each.missing for each in aims.aims)


def _more(eaten: tuple[Eaten, ...], table: Table) -> Iterator[Option]:
    for each in eaten:
        helping = _helping_of(each, table)
        if helping is None or first_fit(each.food, table.menu.less):
            continue
        listed = table.menu.foods.get(each.food.id)
        most = listed.most if listed else table.number("most_eaten")
        for size in HELPINGS:
            if (
                size <= table.number("most_more")
                and each.grams + size * helping.grams <= most * helping.grams + EPSILON
            ):
                yield from _option(Action.MORE, size, (helping, None), table)


def _helping_of(each: Eaten, table: Table) -> Helping | None:
    """Return a usual helping of a food that is eaten, None where a bigger one is not proposed."""
    food, listed = each.food, table.menu.foods.get(each.food.id)
    if listed is not None:
        helping = _listed(listed, table)
        return None if helping is None else replace(helping, said=each.said)
    if not contents(food, table.menu).kind:
        return None
    portion = usual_helping(food)
    return None if portion is None else Helping(food, plain_name(food), portion.words, portion.grams, each.said)


def plain_name(food: Food) -> str:
    """Return a food's name without its last details: "bread, white"."""
    name = ", ".join(food.description.split(", ")[:2])
    return name[:1].lower() + name[1:]


def _listed(food: MenuFood, table: Table) -> Helping | None:
    row = table.foods.get(food.id)
    return None if row is None else Helping(row, food.name, food.measure, food.grams)


def _added(eaten: tuple[Eaten, ...], table: Table) -> Iterator[Option]:
    known = {each.food.id for each in eaten}
    for listed in table.menu.foods.values():
        helping = _listed(listed, table)
        # Plain water fills no gap; it is there to take the place of a sweet drink.
        if helping is None or listed.id in known or not helping.food.per_100_g[ENERGY]:
            continue
        for size in HELPINGS:
            if size <= listed.most:
                yield from _option(Action.ADD, size, (helping, None), table, effort=listed.effort)


def _swapped(eaten: tuple[Eaten, ...], table: Table) -> Iterator[Option]:
    present = {each.food.id: each.grams for each in eaten}
    for each in eaten:
        swap = first_fit(each.food, table.menu.swaps)
        if swap is None or each.food.id in swap.to:
            continue
        less = Helping(each.food, swap.name, "", each.at_once, each.said)
        for target in swap.to:
            listed = table.menu.foods[target]
            helping = _listed(listed, table)
            if helping is None:
                continue
            room = listed.most * helping.grams - present.get(target, 0.0)
            for size in HELPINGS:
                if size * each.at_once <= each.grams + EPSILON and size * helping.grams <= room + EPSILON:
                    yield from _option(Action.SWAP, size, (helping, less), table)


def _less(eaten: tuple[Eaten, ...], table: Table) -> Iterator[Option]:
    if table.blocks["food"].state is State.FORBIDDEN:
        return
    for each in eaten:
        if rows := first_fit(each.food, table.menu.less):
            less = Helping(each.food, rows.name, "", each.at_once, each.said)
            for size in HELPINGS[:2]:
                if size * each.at_once <= each.grams + EPSILON:
                    yield from _option(Action.LESS, size, (None, less), table)


def _option(
    action: Action, size: float, foods: tuple[Helping | None, Helping | None], table: Table, *, effort: str = ""
) -> Iterator[Option]:
    """Yield the change, unless something known of the person or of the food forbids it."""
    more, less = foods
    gains = dict.fromkeys(NUTRIENTS, 0.0)
    unknown = set()
    listed = None if more is None else table.menu.foods.get(more.food.id)
    none_of = () if listed is None else listed.none_of
    for name in NUTRIENTS:
        if more is not None:
            value = more.food.amount_of(name, more.grams * size)
            if value is None and name not in none_of:
                unknown.add(name)
            gains[name] += value or 0.0
        if less is not None:
            # What is not known of a food that is left off was never counted, so nothing known is lost.
            gains[name] -= less.food.amount_of(name, less.grams * size) or 0.0
    if less is not None and less.food.per_100_g[ENERGY] is None:
        return
    asked: list[str] = []
    fixed: list[str] = []
    for each, adds in ((more, True), (less, False)):
        if each is None:
            continue
        allowed = _allowed(each, table, adds=adds)
        if allowed is None:
            return
        asked.extend(allowed[0])
        fixed.extend(allowed[1])
    kind = "" if more is None else contents(more.food, table.menu).kind
    if (
        more is not None
        and less is None
        and table.blocks[WATER].state is State.FORBIDDEN
        and _is_drink(more, kind, table)
    ):
        return
    item = ":".join((action.value, *(each.food.id for each in (more, less) if each is not None)))
    option = Option(
        item, action, size, more, less, kind, 0.0, tuple(dict.fromkeys(asked)), tuple(fixed), gains, frozenset(unknown)
    )
    yield replace(option, price=_price(option, effort or action.value, table))


def _is_drink(helping: Helping, kind: str, table: Table) -> bool:
    water = helping.food.per_100_g["water_g"]
    return kind in DRINKS and (water is None or water >= table.number("drink_water"))


def _price(option: Option, effort: str, table: Table) -> float:
    return table.number(f"effort.{effort}") + option.helpings * table.number("effort.helping")


def _allowed(helping: Helping, table: Table, *, adds: bool) -> tuple[list[str], list[str]] | None:
    """Return what has to be asked first, and rules of medicines; None where the change is forbidden."""
    known = contents(helping.food, table.menu)
    fixed: list[str] = []
    for each in table.fixed:
        if each.rule.tag in known.tags:
            if each.state is State.FORBIDDEN:
                return None
            fixed.append(each.rule.id)
    if not adds:
        return [], fixed
    left_out = {each for style in table.wishes.styles for each in table.menu.styles[style].leaves_out}
    if left_out and (known.holds is None or known.holds & left_out):
        return None
    if first_fit(helping.food, table.menu.never) and helping.food.id not in table.menu.foods:
        return None
    if is_named(helping.food, helping.name, known.kind, table.wishes.without):
        return None
    asked = _by_food_rules(helping, known.tags, table)
    return None if asked is None else (asked, fixed)


def _by_food_rules(helping: Helping, tags: tuple[str, ...], table: Table) -> list[str] | None:
    """Return what the plan's food rules ask first; None where one of them forbids the food."""
    names = {"potassium": "potassium_mg", "magnesium": "magnesium_mg", "calcium": "calcium_mg", "sodium": "sodium_mg"}
    values = {name: helping.food.per_100_g[column] for name, column in names.items()}
    food = ListedFood(
        id=helping.food.id,
        name=helping.name,
        portion=helping.measure,
        source="usda_sr28",
        grams=helping.grams,
        per_100g={name: value for name, value in values.items() if value is not None},
        tags=tags,
    )
    asked: list[str] = []
    for rule in table.knowledge.food_rules.values():
        if not rule.concerns(food):
            continue
        truth = evaluate(rule.when, table.values)
        if truth is True:
            return None
        if truth is None and rule.ask:
            asked.extend(open_questions(table.knowledge, rule.when, table.values))
    return asked
