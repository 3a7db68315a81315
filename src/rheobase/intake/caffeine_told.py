"""What can be said of caffeine: how fast it is cleared, what is in the body now and at bedtime, and guidance."""

from __future__ import annotations

from dataclasses import dataclass

from rheobase.diet.reading import DietReading
from rheobase.intake.amounts import Range
from rheobase.intake.caffeine import Guidance, guidance, half_life
from rheobase.intake.caffeine_day import HOURS, CaffeineDay, active_in_body, caffeine_day
from rheobase.intake.eater import Eater
from rheobase.knowledge.model_intake import IntakeFacts

# A bedtime up to noon is that of the night that follows.
NOON = 12.0
SLOWEST = "fluvoxamine"


@dataclass(frozen=True, slots=True)
class Caffeine:
    """What can be said of caffeine.

    Attributes:
        day: The day that it is about.
        life: Half-life [h].
        eater: Whose.
        now: Hour that was asked for, and the caffeine in the body then [mg]; None without a time or without a curve.
        bed: Bedtime and the caffeine in the body then.
        slowed: The same at bedtime if a rare modifier holds: its name and the amount.
        guidance: Limits of authorities that may hold.
    """

    day: CaffeineDay
    life: Range
    eater: Eater
    now: tuple[float, Range] | None
    bed: tuple[float, Range] | None
    slowed: tuple[str, Range] | None
    guidance: tuple[Guidance, ...]


def caffeine_told(
    reading: DietReading, eater: Eater, intake: IntakeFacts, *, now: float | None, bed: float
) -> Caffeine | None:
    """Return what can be said of caffeine; None where nothing with caffeine was recorded.

    Args:
        reading: The diet as it was read.
        eater: Whose.
        intake: Half-life, modifiers and guidance.
        now: Hour to say the caffeine in the body at; None when it was not asked.
        bed: Bedtime as an hour of the clock; up to noon it is that of the next day.
    """
    day = caffeine_day(reading)
    if day is None:
        return None
    life = half_life(intake, eater.present, eater.possible)
    limits = guidance(eater.who, None, intake, expecting=eater.expecting)
    if not day.has_curve:
        return Caffeine(day, life, eater, None, None, None, limits)
    at_bed = bed + HOURS if bed <= NOON else bed
    in_bed = active_in_body(day.timed, at_bed, life, intake)
    if now is not None and now < min(each.hour for each in day.drunk if each.hour is not None):
        # Before the first drink of the day: the night or the morning that follows is meant.
        now += HOURS
    at_now = None if now is None else (now, active_in_body(day.timed, now, life, intake))
    slowed = None
    if SLOWEST in eater.rare:
        longer = half_life(intake, (*eater.present, SLOWEST), eater.possible)
        slowed = (SLOWEST, active_in_body(day.timed, at_bed, longer, intake))
    return Caffeine(day, life, eater, at_now, (at_bed, in_bed), slowed, limits)
