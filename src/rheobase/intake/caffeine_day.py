"""Caffeine of one recorded day: what was drunk when, what has no hour, and what is not known."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from datetime import date

from rheobase.diet.reading import DayReading, DietReading, line_words
from rheobase.diet.span import Span
from rheobase.intake.amounts import Range
from rheobase.intake.caffeine import Dose, active
from rheobase.knowledge.model_intake import IntakeFacts

CAFFEINE = "caffeine_mg"
HOURS = 24.0
# Days looked back: even with fluvoxamine (`caffeine.times.fluvoxamine`, about 57 h) less than a thousandth is left.
LOOKED_BACK = 30


@dataclass(frozen=True, slots=True)
class Drunk:
    """One thing with caffeine.

    Attributes:
        name: As it was written.
        hour: When, counted from midnight of the day; negative for the days before; None when no time was given.
        mg: How much [mg].
    """

    name: str
    hour: float | None
    mg: Span


@dataclass(frozen=True, slots=True)
class CaffeineDay:
    """The last day of which the curve can be drawn, or the last with caffeine.

    Attributes:
        day: Its date; None when it has none.
        number: Its place among the recorded days, from 1.
        complete: Whether everything of that day is here; None when nobody said.
        drunk: What had caffeine on that day.
        before: What had caffeine on the recorded days before, with its time.
        before_known: Whether the calendar day before was recorded, so that what was left of it is in the curve.
        unknown: Drinks and supplements of that day whose caffeine is not known, as they were written.
        unknown_foods: How many foods of that day have no value for caffeine.
    """

    day: date | None
    number: int
    complete: bool | None
    drunk: tuple[Drunk, ...]
    before: tuple[Drunk, ...]
    before_known: bool
    unknown: tuple[str, ...]
    unknown_foods: int

    @property
    def timed(self) -> tuple[Drunk, ...]:
        """What has an hour, the days before included, in the order of time."""
        found = [each for each in (*self.before, *self.drunk) if each.hour is not None]
        return tuple(sorted(found, key=lambda each: each.hour or 0.0))

    @property
    def untimed(self) -> tuple[Drunk, ...]:
        """What was drunk on that day at an hour that was not said."""
        return tuple(each for each in self.drunk if each.hour is None)

    @property
    def has_curve(self) -> bool:
        """Whether anything of that day has an hour."""
        return any(each.hour is not None for each in self.drunk)

    @property
    def total(self) -> Span:
        """Caffeine of that day as far as it is known [mg]."""
        total = Span.exact(0.0)
        for each in self.drunk:
            total = total + each.mg
        return total

    @property
    def at_least(self) -> bool:
        """Whether there may have been more."""
        return bool(self.unknown) or self.unknown_foods > 0 or self.complete is not True


def caffeine_day(reading: DietReading) -> CaffeineDay | None:
    """Return the last day with caffeine at a known hour, else the last with caffeine; None without any.

    Args:
        reading: The diet as it was read; days without a date count in the order of the file.
    """
    order = sorted(range(len(reading.days)), key=lambda at: (_ordinal(reading.days[at]), at))
    drunk = {at: tuple(_drunk(reading.days[at])) for at in order}
    timed = [at for at in order if any(each.hour is not None and each.mg.best > 0 for each in drunk[at])]
    some = timed or [at for at in order if any(each.mg.best > 0 for each in drunk[at])]
    if not some:
        return None
    chosen = some[-1]
    day = reading.days[chosen]
    before, known = _before(reading, chosen, drunk)
    unknown = tuple(_unknown_drinks(day))
    foods = sum(each.amount_of(CAFFEINE) is None for each in day.foods[: len(day.day.meals)])
    mine = tuple(each for each in drunk[chosen] if each.mg.high > 0)
    return CaffeineDay(day.day.day, chosen + 1, day.day.complete, mine, before, known, unknown, foods)


def _ordinal(day: DayReading) -> int:
    return day.day.day.toordinal() if day.day.day else 0


def _before(reading: DietReading, chosen: int, drunk: dict[int, tuple[Drunk, ...]]) -> tuple[tuple[Drunk, ...], bool]:
    """Return what has an hour on the days before, and whether the day before was recorded with all its hours."""
    today = reading.days[chosen].day.day
    if today is None:
        return (), False
    found: list[Drunk] = []
    known = False
    for at, day in enumerate(reading.days):
        if day.day.day is None or not 0 < (gap := (today - day.day.day).days) <= LOOKED_BACK:
            continue
        had = [each for each in drunk[at] if each.mg.high > 0]
        if gap == 1:
            whole = day.day.complete is True and not any(_unknown_drinks(day))
            known = whole and all(each.hour is not None for each in had)
        found += [Drunk(each.name, each.hour - gap * HOURS, each.mg) for each in had if each.hour is not None]
    return tuple(found), known


def _drunk(day: DayReading) -> Iterator[Drunk]:
    for each in day.foods:
        amount = each.amount_of(CAFFEINE)
        if amount is not None:
            yield Drunk(each.name, _hour(each.eaten.time), amount)
    for _, taken in day.supplements:
        if CAFFEINE in taken.gives:
            yield Drunk(line_words(taken.taken), _hour(taken.taken.time), taken.gives[CAFFEINE])
    totals = day.day.totals
    if totals is not None and CAFFEINE in totals:
        yield Drunk("the day's total", None, Span.exact(totals[CAFFEINE]))


def _unknown_drinks(day: DayReading) -> Iterator[str]:
    for each in day.foods[len(day.day.meals) :]:
        if each.amount_of(CAFFEINE) is None:
            yield each.name
    for _, taken in day.supplements:
        if taken.doubts and "caffeine" in line_words(taken.taken).lower():
            yield line_words(taken.taken)


def _hour(time: str) -> float | None:
    """Return HH:MM as hours from midnight, None where no time was given."""
    hours, colon, minutes = time.partition(":")
    return int(hours) + int(minutes) / 60 if colon else None


def active_in_body(drunk: Sequence[Drunk], hour: float, life: Range, intake: IntakeFacts) -> Range:
    """Return the caffeine in the body at an hour [mg], over the half-life and over what the cups may have held.

    Args:
        drunk: What was drunk; what has no hour is left out.
        hour: When, counted from midnight of the day.
        life: Half-life [h].
        intake: Facts on intake.
    """
    timed = [(each.hour, each.mg) for each in drunk if each.hour is not None]
    low = active([Dose(at, mg.low) for at, mg in timed], hour, life, intake)
    middle = active([Dose(at, mg.best) for at, mg in timed], hour, life, intake)
    high = active([Dose(at, mg.high) for at, mg in timed], hour, life, intake)
    return Range(low.low, middle.value, high.high)
