"""What of a day's calcium and magnesium is taken up: food spread over meals, foods rich in oxalate and doses apart."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass, replace

from rheobase.diet.summary import Mean, Summary
from rheobase.intake.absorption import Absorbed, CalciumMeal, calcium_absorbed, magnesium_absorbed
from rheobase.intake.amounts import Range
from rheobase.intake.eater import Eater
from rheobase.knowledge.model_intake import IntakeFacts

CALCIUM, MAGNESIUM = "calcium_mg", "magnesium_mg"
_RICH = "absorb.oxalate_rich."
CARBONATE = "calcium carbonate"


@dataclass(frozen=True, slots=True)
class TakenUp:
    """What is taken up of one nutrient.

    Attributes:
        nutrient: Column of the food table.
        eaten: Mean a day from food as far as it is known [mg].
        food: Taken up of that [mg]; spans few large and many small meals, and what is not known.
        rich: Part of ``eaten`` in foods rich in oxalate [mg].
        doses: Name and amount of each supplement dose [mg], and what is taken up of it.
        unknown: What was not known and widens the range.
        beyond_data: Whether some load lies outside those that were studied.
    """

    nutrient: str
    eaten: float
    food: Range
    rich: float
    doses: tuple[tuple[str, float, Range], ...]
    unknown: tuple[str, ...]
    beyond_data: bool


def taken_up(summary: Summary, eater: Eater, intake: IntakeFacts) -> tuple[TakenUp, ...]:
    """Return what is taken up of calcium and magnesium; nothing for one of which nothing is known.

    Args:
        summary: The diet, summed.
        eater: Vitamin D, age and acid blockers bear on calcium.
        intake: Facts on intake.
    """
    meal = CalciumMeal(
        vitamin_d_nmol_l=eater.vitamin_d_nmol_l,
        age=eater.who.age,
        after_menopause=False if eater.who.sex == "male" else None,
        acid_blocker=eater.acid_blocker,
    )

    def calcium(mg: float, *, rich: bool) -> Absorbed:
        return calcium_absorbed(mg, replace(meal, high_oxalate=rich), intake)

    def magnesium(mg: float, *, rich: bool) -> Absorbed:
        return magnesium_absorbed(mg, intake, high_oxalate=rich)

    found = []
    for column, load in ((CALCIUM, calcium), (MAGNESIUM, magnesium)):
        mean = summary.means[column]
        if mean.food is None or mean.food.best <= 0:
            continue
        rich = _rich(mean, intake)
        plain, beyond, unknown = _spread(max(0.0, mean.food.best - rich), load, intake)
        total = plain
        if rich > 0:
            # A food rich in oxalate mostly comes in one meal.
            from_rich = load(rich, rich=True)
            total = total.plus(from_rich.mg.low, from_rich.mg.value, from_rich.mg.high)
        found.append(
            TakenUp(column, mean.food.best, total, rich, tuple(_doses(summary, column, meal, intake)), unknown, beyond)
        )
    return tuple(found)


def _rich(mean: Mean, intake: IntakeFacts) -> float:
    words = [name.removeprefix(_RICH).replace("_", " ") for name in intake.facts if name.startswith(_RICH)]
    return sum(amount for (name, _), amount in mean.gave.items() if any(word in name.lower() for word in words))


def _spread(mg: float, load: Callable[..., Absorbed], intake: IntakeFacts) -> tuple[Range, bool, tuple[str, ...]]:
    """Return what is taken up of an amount that comes in a number of meals that nobody counted [mg]."""
    meals = intake.fact("absorb.meals")
    few, usual, many = (load(mg / count, rich=False) for count in (meals.range[0], meals.value, meals.range[1]))
    # The more meals, the larger the share of each.
    spread = Range(few.mg.low * meals.range[0], usual.mg.value * meals.value, many.mg.high * meals.range[1])
    return spread, any(each.beyond_data for each in (few, usual, many)), usual.unknown


def _doses(summary: Summary, column: str, meal: CalciumMeal, intake: IntakeFacts) -> list[tuple[str, float, Range]]:
    """Return each supplement once, its dose as one load; the same supplement on several days stands once."""
    found: dict[str, tuple[str, float, Range]] = {}
    for _, each in summary.reading.supplements():
        if column not in each.gives or each.gives[column].best <= 0:
            continue
        mg = each.gives[column].best / max(1.0, each.taken.times)
        if column == MAGNESIUM:
            # Salts bring no phytate and no oxalate.
            share = magnesium_absorbed(mg, intake, phytate_mmol=0.0, high_oxalate=False).mg
        else:
            share = calcium_absorbed(mg, replace(meal, high_oxalate=False), intake).mg
            if CARBONATE in each.what and eater_blocks(meal):
                # Whether it is taken with food is not known; without, little of the carbonate dissolves.
                alone = calcium_absorbed(mg, replace(meal, high_oxalate=False, carbonate_fasting=True), intake).mg
                share = Range(min(share.low, alone.low), share.value, share.high)
        found.setdefault(each.what, (each.what, mg, share))
    return list(found.values())


def eater_blocks(meal: CalciumMeal) -> bool:
    """Whether an acid blocker is taken, or may be."""
    return meal.acid_blocker is not False
