"""What share of calcium and magnesium is absorbed: published functions, each with its limits."""

from __future__ import annotations

import math
from dataclasses import dataclass

from rheobase.intake.amounts import Range, amount
from rheobase.knowledge.model_intake import IntakeFact, IntakeFacts

_MOST = 100_000.0  # mg at once


@dataclass(frozen=True, slots=True)
class Absorbed:
    """What is absorbed of one load.

    Attributes:
        share: Share of the load.
        mg: Amount [mg].
        beyond_data: Whether the load lies outside those that were studied; the nearest studied share is used.
        unknown: What was not known and widens the range.
    """

    share: Range
    mg: Range
    beyond_data: bool
    unknown: tuple[str, ...]


@dataclass(frozen=True, slots=True)
class CalciumMeal:
    """Circumstances of one calcium load; None is not known.

    Attributes:
        vitamin_d_nmol_l: Serum 25-OH vitamin D [nmol/L].
        age: Age [years].
        after_menopause: Whether after the menopause; False for men.
        high_oxalate: Whether the calcium comes with as much oxalate as in spinach.
        acid_blocker: Whether a proton pump inhibitor is taken.
        carbonate_fasting: Whether it is calcium carbonate on an empty stomach.
    """

    vitamin_d_nmol_l: float | None = None
    age: float | None = None
    after_menopause: bool | None = None
    high_oxalate: bool | None = None
    acid_blocker: bool | None = None
    carbonate_fasting: bool = False


def calcium_absorbed(load_mg: float, meal: CalciumMeal, intake: IntakeFacts) -> Absorbed:
    """Return what is absorbed of one calcium load.

    Args:
        load_mg: Calcium taken at once [mg].
        meal: Circumstances.
        intake: Facts on intake.

    Raises:
        DataRefusedError: A number is no amount.
    """
    load = amount("calcium load in mg", load_mg, most=_MOST)
    least, most = (intake.value(f"absorb.calcium.load_{end}") for end in ("min", "max"))
    floor = intake.value("absorb.calcium.floor")
    slope = intake.value("absorb.calcium.slope")
    base = intake.value("absorb.calcium.intercept") + slope * math.log(max(load, least))
    unknown = []
    for fact_id, number in _shifts(meal, intake):
        if number is None:
            unknown.append(fact_id)
        else:
            base += number
    share = _spread(max(base, floor), intake.fact("absorb.calcium.spread"))
    for name, fact, holds in (
        ("vitamin_d", _vitamin_d(meal.vitamin_d_nmol_l, intake), meal.vitamin_d_nmol_l is not None),
        ("oxalate", intake.fact("absorb.calcium.times_oxalate"), meal.high_oxalate),
        ("acid_blocker", _acid_blocker(meal, intake), meal.acid_blocker),
    ):
        # An unknown vitamin D status counts as known to be somewhere: its whole range, without moving the middle.
        status_unknown = name == "vitamin_d" and not holds
        if holds is None or status_unknown:
            unknown.append(name)
            share = share.times(min(1, fact.range[0]), 1, max(1, fact.range[1]) if status_unknown else 1)
        elif holds:
            share = share.times(fact.range[0], fact.value, fact.range[1])
    return _absorbed(share, load, not least <= load <= most, tuple(unknown))


def _shifts(meal: CalciumMeal, intake: IntakeFacts) -> tuple[tuple[str, float | None], ...]:
    years = None
    if meal.age is not None:
        years = max(0.0, amount("age in years", meal.age, most=130) - intake.value("absorb.calcium.age_from"))
    by_age = None if years is None else years * intake.value("absorb.calcium.age_slope")
    menopause = None
    if meal.after_menopause is not None:
        menopause = intake.value("absorb.calcium.menopause") if meal.after_menopause else 0.0
    return ("age", by_age), ("menopause", menopause)


def _vitamin_d(level: float | None, intake: IntakeFacts) -> IntakeFact:
    low = intake.fact("absorb.calcium.times_d_low")
    if level is None:
        enough = intake.fact("absorb.calcium.times_d_enough")
        return IntakeFact("", 1, "times", low.source, "C", low.range[0], enough.range[1])
    amount("25-OH vitamin D in nmol/L", level, most=2000)
    if level < intake.value("absorb.calcium.d_low"):
        return low
    enough_from = intake.value("absorb.calcium.d_enough")
    return intake.fact(f"absorb.calcium.times_d_{'enough' if level >= enough_from else 'between'}")


def _acid_blocker(meal: CalciumMeal, intake: IntakeFacts) -> IntakeFact:
    return intake.fact(f"absorb.calcium.times_ppi_{'fasting' if meal.carbonate_fasting else 'meal'}")


def magnesium_absorbed(
    load_mg: float, intake: IntakeFacts, *, phytate_mmol: float | None = None, high_oxalate: bool | None = None
) -> Absorbed:
    """Return what is absorbed of one magnesium load: a saturable part and a fixed share of all.

    What a proton pump inhibitor does to it is not known as a number; rarely the loss is severe.

    Args:
        load_mg: Magnesium in the meal [mg].
        intake: Facts on intake.
        phytate_mmol: Phytic acid in the meal [mmol]; None when not known: then the range reaches down to wholemeal.
        high_oxalate: Whether the magnesium comes with as much oxalate as in spinach; None when not known.

    Raises:
        DataRefusedError: A number is no amount.
    """
    load = amount("magnesium load in mg", load_mg, most=_MOST)
    least, most = (intake.value(f"absorb.magnesium.load_{end}") for end in ("min", "max"))
    saturable = intake.value("absorb.magnesium.most") / (intake.value("absorb.magnesium.half") + max(load, least))
    share = _spread(saturable + intake.value("absorb.magnesium.passive"), intake.fact("absorb.magnesium.spread"))
    unknown = []
    if phytate_mmol is None:
        unknown.append("phytate")
        share = share.times(intake.value("absorb.magnesium.times_phytate_2"), 1, 1)
    else:
        factor = _phytate(amount("phytate in mmol", phytate_mmol, most=50), intake)
        share = share.times(factor, factor, factor)
    oxalate = intake.fact("absorb.magnesium.times_oxalate")
    if high_oxalate is None:
        unknown.append("oxalate")
        share = share.times(oxalate.range[0], 1, 1)
    elif high_oxalate:
        share = share.times(oxalate.range[0], oxalate.value, oxalate.range[1])
    return _absorbed(share, load, not least <= load <= most, tuple(unknown))


def _phytate(mmol: float, intake: IntakeFacts) -> float:
    """Straight lines through the two meals that were studied; no further fall beyond the second."""
    first, second = (intake.value(f"absorb.magnesium.phytate_{at}") for at in (1, 2))
    at_first, at_second = (intake.value(f"absorb.magnesium.times_phytate_{at}") for at in (1, 2))
    if mmol <= first:
        return 1 + (at_first - 1) * mmol / first
    return at_first + (at_second - at_first) * min(1.0, (mmol - first) / (second - first))


def _spread(share: float, spread: IntakeFact) -> Range:
    return Range(share * (1 - spread.value), share, min(1.0, share * (1 + spread.value)))


def _absorbed(share: Range, load: float, beyond: bool, unknown: tuple[str, ...]) -> Absorbed:  # noqa: FBT001
    capped = Range(*(min(1.0, each) for each in (share.low, share.value, share.high)))
    return Absorbed(capped, capped.times(load, load, load), beyond, unknown)
