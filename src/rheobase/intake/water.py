"""Water: what is needed, what comes in with food and drink, what is lost beyond an ordinary day."""

from __future__ import annotations

from dataclasses import dataclass

from rheobase.intake.amounts import Range, amount
from rheobase.intake.life_stage import Who, references_for
from rheobase.knowledge.model_intake import IntakeFacts


@dataclass(frozen=True, slots=True)
class Losses:
    """Losses beyond an ordinary day; None is not known and widens the answer.

    Attributes:
        exercise_hours: Hours of sweating exercise.
        heat_hours: Hours in great heat without exercise.
        temperature: Body temperature [degree C].
        loose_stools: Number of loose stools.
        vomits: How often vomited.
    """

    exercise_hours: float | None = 0.0
    heat_hours: float | None = 0.0
    temperature: float | None = 37.0
    loose_stools: float | None = 0.0
    vomits: float | None = 0.0


@dataclass(frozen=True, slots=True)
class Balance:
    """A day's water [L].

    Attributes:
        need: What such a person needs on an ordinary day, all water.
        extra: Losses beyond that.
        intake: What came in; its high end is not known when food or drink is not.
        at_least_only: Whether the intake is only a lower bound.
        short: How much less came in than is needed; below zero when there was plenty. None when intake is a lower
            bound that does not reach the need: then it cannot be said.
        unknown: Which losses were not known and are left out of ``extra``.
    """

    need: Range
    extra: Range
    intake: Range
    at_least_only: bool
    short: Range | None
    unknown: tuple[str, ...]


def need(who: Who, intake: IntakeFacts) -> Range:
    """Return the water that such a person needs a day from food and drink [L], over every stage that may hold.

    European figures are the low end and US figures the high end for adults; under 19 years the US figures alone.
    """
    ends: list[Range] = []
    for row in references_for(intake, "water", who):
        if row.ai is None:
            continue
        if row.age_min < intake.value("water.adult"):
            ends.append(Range(row.ai, row.ai, row.ai))
            continue
        fact = intake.fact(f"water.need.{row.sex}")
        base = Range(fact.range[0], fact.value, fact.range[1])
        if row.state:
            more = intake.fact(f"water.more.{row.state}")
            base = base.plus(more.range[0], more.value, more.range[1])
        ends.append(base)
    middles = [each.value for each in ends]
    return Range(min(each.low for each in ends), (min(middles) + max(middles)) / 2, max(each.high for each in ends))


def losses(told: Losses, intake: IntakeFacts) -> tuple[Range, tuple[str, ...]]:
    """Return the losses beyond an ordinary day [L] and the names of those that are not known.

    Raises:
        DataRefusedError: A number is not finite, negative, or beyond a day.
    """
    total, unknown = Range(0, 0, 0), []
    above = None
    if told.temperature is not None:
        above = max(
            0.0,
            amount("body temperature in degree C", told.temperature, least=25, most=45)
            - intake.value("water.body_temperature"),
        )
    for name, number, most, fact_id in (
        ("exercise_hours", told.exercise_hours, 24, "water.sweat.exercise"),
        ("heat_hours", told.heat_hours, 24, "water.sweat.heat"),
        ("temperature", above, 10, "water.fever"),
        ("loose_stools", told.loose_stools, 100, "water.loose_stool"),
        ("vomits", told.vomits, 100, "water.vomit"),
    ):
        if number is None:
            unknown.append(name)
            continue
        times = amount(name, number, most=most)
        fact = intake.fact(fact_id)
        total = total.plus(fact.range[0] * times, fact.value * times, fact.range[1] * times)
    return total, tuple(unknown)


def balance(
    who: Who,
    told: Losses,
    intake: IntakeFacts,
    *,
    drinks: float | Range | None,
    food_water: float | Range | None,
    at_least: bool = False,
) -> Balance:
    """Return a day's water balance.

    Args:
        who: What is known of the person.
        told: Losses of the day.
        intake: Facts on intake.
        drinks: Water in drinks [L]; None when not known.
        food_water: Water in food [L]; None when not known: then the published share of all water stands in.
        at_least: Whether more may have come in than is known, such as a drink that nobody wrote down.

    Raises:
        DataRefusedError: A number is no amount.
    """
    wanted = need(who, intake)
    extra, unknown = losses(told, intake)
    known = Range(0, 0, 0)
    if drinks is not None:
        litres = _litres("water in drinks in L", drinks, 50)
        known = known.plus(litres.low, litres.value, litres.high)
    if food_water is not None:
        litres = _litres("water in food in L", food_water, 20)
        known = known.plus(litres.low, litres.value, litres.high)
    elif drinks is not None:
        share = intake.fact("water.food_share")
        # Drinks are the rest of all water, so food brings share / (1 - share) of what was drunk.
        shares = (share.range[0], share.value, share.range[1])
        ends = (known.low, known.value, known.high)
        known = known.plus(*(end * each / (1 - each) for end, each in zip(ends, shares, strict=True)))
    whole = wanted.plus(extra.low, extra.value, extra.high)
    partly = at_least or drinks is None
    short = None
    if not partly or known.low >= whole.high:
        short = Range(whole.low - known.high, whole.value - known.value, whole.high - known.low)
    return Balance(wanted, extra, known, partly, short, unknown)


def _litres(name: str, litres: float | Range, most: float) -> Range:
    if not isinstance(litres, Range):
        exact = amount(name, litres, most=most)
        return Range(exact, exact, exact)
    for each in (litres.low, litres.value, litres.high):
        amount(name, each, most=most)
    return litres
