"""Turn an amount of a food into grams, and say how it was done and how far off it may be."""

from __future__ import annotations

import re
from dataclasses import dataclass, replace
from enum import StrEnum

from rheobase.foods.amounts import Amount
from rheobase.foods.food import Food
from rheobase.foods.measures import Density, Usual, fits, load_measures
from rheobase.foods.own_portions import MUCH, NOT_ONE, TRULY_ONE, Choice, density, one_thing, own_measure, read_out


class Certainty(StrEnum):
    """How an amount became grams, surest first."""

    WEIGHED = "weighed"  # a weight was said
    MEASURED = "measured"  # a volume was said, and the table weighs that very measure
    DENSITY = "density"  # a volume was said; the table weighs another volume of the food, or we know its kind
    OWN_MEASURE = "own_measure"  # a household measure that the table weighs
    USUAL = "usual"  # a household measure weighed by our own estimate
    ASSUMED = "assumed"  # no measure was said, or none that is known; a usual helping is assumed
    UNKNOWN = "unknown"  # no weight can be said


@dataclass(frozen=True, slots=True)
class Weight:
    """What an amount weighs.

    Attributes:
        grams: Best estimate [g]; None when none can be given.
        low: Lower end of what it may well be [g].
        high: Upper end [g].
        certainty: How the grams were found.
        basis: In plain words, what they rest on: "1 cup (8 fl oz) = 237 g".
        confirm: Whether a person should confirm it.
    """

    grams: float | None
    low: float | None
    high: float | None
    certainty: Certainty
    basis: str
    confirm: bool


def _weight(
    amount: Amount, each: float, how: tuple[Certainty, str], limits: tuple[float, float] | None = None
) -> Weight:
    """Return the weight of an amount of things of ``each`` grams; ``limits`` are lowest and highest grams of one."""
    known = load_measures()
    certainty, basis = how
    number = 1.0 if amount.number is None else amount.number
    low, high = (amount.low or number), (amount.high or number)
    share = known.within[certainty]
    least, most = limits or (each * (1 - share), each * (1 + share))
    unsaid = amount.number is None and certainty is not Certainty.ASSUMED and not amount.unit
    return Weight(
        grams=round(number * each, 2),
        low=round(low * least, 2),
        high=round(high * most, 2),
        certainty=certainty,
        basis=basis,
        confirm=amount.loose or unsaid or certainty in (Certainty.USUAL, Certainty.ASSUMED),
    )


def _is_drink(food: Food) -> bool:
    if food.group in ("Beverages", "Soups, Sauces, and Gravies"):
        return True
    water = food.per_100_g["water_g"]
    return water is not None and water > 80 and food.group == "Dairy and Egg Products"


def _usual_density(food: Food) -> Density | None:
    """Return our estimate of a food's weight per volume, None for kinds of food that nobody measures so."""
    return next((each for each in load_measures().densities if fits(food, each.words, each.groups)), None)


def _by_volume(food: Food, amount: Amount) -> Weight:
    """Weigh a volume: by the table's own volume of the food, else by what such foods weigh."""
    known = load_measures()
    millilitres, name = known.millilitres[amount.unit], known.volume_name[amount.unit]
    low, high = known.millilitres_range.get(amount.unit, (millilitres, millilitres))
    if (own := density(food)) is not None:
        per_ml, basis = own
        said = basis.split(" = ", maxsplit=1)[0].split()[1:]
        same = bool(said) and said[0].startswith(name.split()[0])
        certainty = Certainty.MEASURED if same else Certainty.DENSITY
        share = known.within[certainty]
        limits = (low * per_ml * (1 - share), high * per_ml * (1 + share))
        return _weight(amount, millilitres * per_ml, (certainty, basis), limits)
    if (like := _usual_density(food)) is not None:
        basis = f"such foods weigh about {like.grams:g} g per ml (our estimate)"
        found = _weight(
            amount, millilitres * like.grams, (Certainty.DENSITY, basis), (low * like.low, high * like.high)
        )
        # A drink is near enough to water not to ask.
        return found if _is_drink(food) and like.high < MUCH * like.low else replace(found, confirm=True)
    basis = f"{food.table} gives no volume of this food; say its weight in grams"
    return Weight(None, None, None, Certainty.UNKNOWN, basis, confirm=True)


def _usual(food: Food, unit: str) -> Usual | None:
    """Return what a measure of such a food usually holds, None when we have no idea."""
    listed = (each for each in load_measures().usual if each.measure == unit)
    return next((each for each in listed if fits(food, each.words, each.groups)), None)


def _usual_words(usual: Usual, amount: Amount, unit: str) -> str:
    """Say what a measure usually holds."""
    what = " ".join(filter(None, ("one", amount.size, unit.removeprefix("one")))) if unit else "a usual helping"
    factor = load_measures().size_factor.get(amount.size, 1.0)
    return f"{what}: about {usual.amount * factor:.3g} {'ml' if usual.is_volume else 'g'} (our estimate)"


def _by_estimate(food: Food, amount: Amount, unit: str) -> Weight | None:
    """Weigh a measure by our own estimate of what it holds."""
    if (usual := _usual(food, unit)) is None:
        return None
    factor = load_measures().size_factor.get(amount.size, 1.0)
    per_unit = 1.0
    if usual.is_volume:
        own, like = density(food), _usual_density(food)
        if own is None and like is None:
            return None
        per_unit = own[0] if own else like.grams if like else 1.0
    each, low, high = (value * factor * per_unit for value in (usual.amount, usual.low, usual.high))
    basis = _usual_words(usual, amount, unit)
    certainty = Certainty.USUAL if unit else Certainty.ASSUMED
    return _weight(amount, each, (certainty, basis), (low, high))


def _assumed(food: Food, amount: Amount, *, counted: bool) -> Weight:
    """Weigh an amount of which only the table's portions are known; ``counted`` when single things were meant."""
    things = [each for each in food.portions if not NOT_ONE.match(each.measure)]
    helpings = [each for each in food.portions if re.search(r"serving|nlea|quantity not", each.measure, re.IGNORECASE)]
    plain = [each for each in food.portions if not re.match(r"oz\b|lb\b|cubic", each.measure)]
    if counted and things:
        return _weight(amount, things[0].grams_each, (Certainty.ASSUMED, f"assumed: {read_out(things[0])}"))
    # So many single things are never so many cups.
    listed = [] if counted and amount.number != 1 else helpings or plain or list(food.portions)
    if not listed:
        basis = f"{food.table} has no weight for this measure; say the weight in grams"
        return Weight(None, None, None, Certainty.UNKNOWN, basis, confirm=True)
    return _weight(amount, listed[0].grams, (Certainty.ASSUMED, f"assumed: {read_out(listed[0])}"))


def weigh(food: Food, amount: Amount) -> Weight:
    """Return what an amount of a food weighs.

    Args:
        food: The food.
        amount: What was said.

    Returns:
        Grams with a range, what they rest on and whether they need a person's word. Nothing is guessed silently: an
        estimate of ours is marked as one, and where there is no ground for any the grams are None.
    """
    known = load_measures()
    if amount.unit in known.grams:
        return _weight(amount, known.grams[amount.unit], (Certainty.WEIGHED, "a weight was given"))
    if amount.unit in known.millilitres:
        return _by_volume(food, amount)
    unit = known.household.get(amount.unit, "")
    if not unit:
        return _counted(food, amount)
    return _by_household(food, amount, unit)


def _by_household(food: Food, amount: Amount, unit: str) -> Weight:
    """Weigh so many mugs, slices or handfuls."""
    usual = _usual(food, unit)
    # A packet of crisps is the one that is eaten at once, not the largest that is sold.
    ours_first = unit == "portion" or (unit == "packet" and usual is not None and bool(usual.words))
    if not ours_first and (choice := own_measure(food, unit, amount.size)) is not None:
        return _checked(_by_choice(amount, choice), choice.portion.grams_each, usual, amount)
    if (found := _by_estimate(food, amount, unit)) is not None:
        return found
    if unit in TRULY_ONE and (choice := one_thing(food, amount.size)):
        return _by_choice(amount, choice, Certainty.USUAL)
    return _assumed(food, amount, counted=unit in TRULY_ONE)


def _checked(own: Weight, each: float, usual: Usual | None, amount: Amount) -> Weight:
    """Return the table's own weight; ask when our estimate of one disagrees, as for a slice of bread of 139 g."""
    if usual is None or not usual.words or usual.is_volume or usual.low / MUCH <= each <= usual.high * MUCH:
        return own
    number = 1.0 if amount.number is None else amount.number
    low, high = min(own.low or 0.0, usual.low * number), max(own.high or 0.0, usual.high * number)
    basis = f"{own.basis}, but {_usual_words(usual, amount, usual.measure)}"
    return replace(own, basis=basis, low=low, high=high, confirm=True)


def _by_choice(amount: Amount, choice: Choice, certainty: Certainty = Certainty.OWN_MEASURE) -> Weight:
    """Weigh by the table's own measure; ask where it has several that differ much."""
    basis = read_out(choice.portion)
    if not choice.doubtful:
        return _weight(amount, choice.portion.grams_each, (certainty, basis))
    basis += f"; by its size from {choice.low:.3g} to {choice.high:.3g} g"
    found = _weight(amount, choice.portion.grams_each, (certainty, basis), (choice.low, choice.high))
    return replace(found, confirm=True)


def _counted(food: Food, amount: Amount) -> Weight:
    """Weigh so many of the food itself, or a helping when nothing was said."""
    if amount.number is not None or amount.size:
        if (choice := one_thing(food, amount.size)) is not None:
            return _by_choice(amount, choice)
        if (found := _by_estimate(food, amount, "one")) is not None:
            return found
    counted = amount.number is not None and not _is_drink(food)
    return _by_estimate(food, amount, "") or _assumed(food, amount, counted=counted)
