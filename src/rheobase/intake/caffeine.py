"""Caffeine over the day: drunk, absorbed, cleared. One compartment, first order in and out; doses add up."""

from __future__ import annotations

import math
from collections.abc import Iterable, Sequence
from dataclasses import dataclass

from rheobase.errors import DataRefusedError
from rheobase.intake.amounts import Range, amount
from rheobase.intake.life_stage import Who
from rheobase.knowledge.model_intake import IntakeFacts

_PREFIX = "caffeine.times."
_LONGEST = 24.0 * 400  # hours; more than a year between dose and question is a slip
_MOST = 50_000.0  # mg at once; several times what has killed


@dataclass(frozen=True, slots=True)
class Dose:
    """Caffeine taken at one time.

    Attributes:
        hour: When, in hours on any clock of the caller's (may pass 24 or be negative for the day before).
        mg: How much [mg].
    """

    hour: float
    mg: float

    def __post_init__(self) -> None:
        amount("hour of a caffeine dose", self.hour, least=-_LONGEST, most=_LONGEST)
        amount("caffeine in mg", self.mg, most=_MOST)


@dataclass(frozen=True, slots=True)
class Fate:
    """Where one dose is [mg]; the three sum to the dose."""

    gut: float
    body: float
    cleared: float


@dataclass(frozen=True, slots=True)
class Guidance:
    """What an authority calls no concern.

    Attributes:
        fact: Id of the fact.
        mg: The limit [mg], a day or at once.
        at_once: Whether it is for a single dose.
    """

    fact: str
    mg: float
    at_once: bool


def modifiers(intake: IntakeFacts) -> tuple[str, ...]:
    """Return the names of what changes the half-life, such as ``smoking`` and ``pregnancy_3``."""
    return tuple(name.removeprefix(_PREFIX) for name in intake.facts if name.startswith(_PREFIX))


def half_life(intake: IntakeFacts, present: Iterable[str] = (), unknown: Iterable[str] = ()) -> Range:
    """Return the half-life [h] with its range between people.

    Args:
        intake: Facts on intake.
        present: Modifiers that hold.
        unknown: Modifiers that may hold; they widen the range and leave the middle.

    Raises:
        DataRefusedError: A modifier is not known; names those that are.
    """
    base = intake.fact("caffeine.half_life")
    low, high = base.range
    result = Range(low, base.value, high)
    for name, certain in [*((each, True) for each in present), *((each, False) for each in unknown)]:
        fact = intake.facts.get(_PREFIX + name)
        if fact is None:
            raise DataRefusedError(f"caffeine: {name!r} is not known; expected one of {', '.join(modifiers(intake))}")
        least, most = fact.range
        result = result.times(least, fact.value, most) if certain else result.times(min(1, least), 1, max(1, most))
    return result


def fate(dose_mg: float, hours: float, half_life_h: float, absorption_rate: float) -> Fate:
    """Return where a dose is after some hours.

    Args:
        dose_mg: Dose [mg].
        hours: Time since it was taken [h]; before it was taken nothing is anywhere.
        half_life_h: Half-life of elimination [h].
        absorption_rate: First-order rate of absorption [1/h].

    Raises:
        DataRefusedError: A number is not finite or a rate not above zero.
    """
    amount("caffeine in mg", dose_mg)
    amount("hours", hours, least=-2 * _LONGEST)
    amount("half-life in hours", half_life_h, least=1e-6)
    amount("absorption rate", absorption_rate, least=1e-6)
    if hours <= 0:
        return Fate(dose_mg, 0.0, 0.0)
    out = math.log(2) / half_life_h
    gut = dose_mg * math.exp(-absorption_rate * hours)
    difference = (absorption_rate - out) * hours
    # expm1 keeps the sum exact where the two rates meet.
    shape = hours if abs(difference) < 1e-12 else -math.expm1(-difference) / (absorption_rate - out)
    body = dose_mg * absorption_rate * math.exp(-out * hours) * shape
    return Fate(gut, body, max(0.0, dose_mg - gut - body))


def active(doses: Sequence[Dose], hour: float, life: Range, intake: IntakeFacts) -> Range:
    """Return the caffeine in the body at an hour [mg], with the range that the half-life leaves.

    Args:
        doses: What was drunk.
        hour: When, on the doses' clock; bedtime after midnight is past 24.
        life: Half-life, see ``half_life``.
        intake: Facts on intake.

    Raises:
        DataRefusedError: A number is not finite.
    """
    amount("hour", hour, least=-_LONGEST, most=_LONGEST)
    rate, share = intake.value("caffeine.absorption_rate"), intake.value("caffeine.bioavailability")
    at = [
        math.fsum(fate(dose.mg * share, hour - dose.hour, each, rate).body for dose in doses if dose.hour < hour)
        for each in (life.low, life.value, life.high)
    ]
    # A longer half-life always leaves more; sorting only guards the last bit of rounding.
    low, middle, high = sorted(at)
    return Range(low, middle, high)


def curve(
    doses: Sequence[Dose], hours: Sequence[float], life: Range, intake: IntakeFacts
) -> tuple[tuple[float, Range], ...]:
    """Return the caffeine in the body at each hour, for a plot."""
    return tuple((hour, active(doses, hour, life, intake)) for hour in hours)


def disturbs_sleep(at_bedtime: Range, intake: IntakeFacts) -> bool | None:
    """Return whether what is left at bedtime is as much as a dose known to delay sleep; None where it may be."""
    limit = intake.value("caffeine.near_bed_dose")
    if at_bedtime.low >= limit:
        return True
    return None if at_bedtime.high >= limit else False


def guidance(
    who: Who, weight_kg: float | None, intake: IntakeFacts, *, expecting: bool = False
) -> tuple[Guidance, ...]:
    """Return every limit that may hold for the person; the unknown keeps the stricter in the list.

    Args:
        who: What is known of the person.
        weight_kg: Body weight [kg], needed under 18 years; None when it is not known.
        intake: Facts on intake.
        expecting: Whether a pregnancy or the weeks after birth were told, which one not: the limits of other adults
            then do not hold.

    Raises:
        DataRefusedError: The weight is no weight.
    """
    if weight_kg is not None:
        amount("body weight in kg", weight_kg, least=1, most=500)
    adult_from = intake.value("caffeine.adult")
    groups = []
    if not expecting and (who.age is None or who.age >= adult_from):
        groups.append("adult")
    groups += [
        state
        for state, holds in (("pregnancy", who.pregnant), ("lactation", who.lactating))
        if who.sex != "male" and holds is not False
    ]
    found = []
    for name, fact in intake.facts.items():
        parts = name.split(".")
        if len(parts) != 4 or parts[0] != "caffeine":
            continue
        _, kind, group, _ = parts
        if kind in ("day", "dose") and group in groups:
            found.append(Guidance(name, fact.value, kind == "dose"))
        elif kind == "kg" and weight_kg is not None and (who.age is None or who.age < adult_from):
            found.append(Guidance(name, fact.value * weight_kg, at_once=False))
    return tuple(found)
