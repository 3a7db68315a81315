"""The curve of caffeine in the body over a day, and all that is said of caffeine as plain data."""

from __future__ import annotations

from rheobase.intake.amounts import Range
from rheobase.intake.caffeine_day import CaffeineDay, Drunk, active_in_body
from rheobase.intake.caffeine_told import Caffeine
from rheobase.knowledge import Knowledge
from rheobase.report.charts import Curve, CurvePoint, clock
from rheobase.report.document import Picture, Table
from rheobase.report.figures import figure

# The curve has so many points an hour, starts this long before the first drink and ends this long after bedtime [h].
PER_HOUR, BEFORE, AFTER = 4, 1.0, 2.0


def day_words(day: CaffeineDay) -> str:
    """Return which day it is, and why this one."""
    name = f"day {day.number}" if day.day is None else day.day.isoformat()
    return f"{name} (the last day with times)" if day.has_curve else f"{name} (the last day with caffeine)"


def in_body(amount: Range) -> str:
    """Return an amount in the body [mg] with its range, without false precision."""
    if amount.high < 1:
        return "less than 1 mg in the body"
    low, middle, high = (figure(float(round(each))) for each in (amount.low, amount.value, amount.high))
    return f"about {middle} mg in the body ({low} to {high})"


def misses_some(day: CaffeineDay) -> bool:
    """Whether the curve lacks something that was taken or may have been."""
    return day.at_least or bool(day.untimed) or not day.before_known


def caffeine_picture(told: Caffeine, knowledge: Knowledge) -> Picture:
    """Return the curve of a day that has hours.

    Raises:
        ValueError: The day has no hours.
    """
    if told.bed is None:
        raise ValueError("no hour, no curve")
    day, intake = told.day, knowledge.intake
    at_bed = told.bed[0]
    hours = [each.hour for each in day.drunk if each.hour is not None]
    start = float(int(min(hours) - BEFORE)) if min(hours) >= BEFORE else 0.0
    end = float(int(max(at_bed, *hours, told.now[0] if told.now else 0.0) + AFTER))
    steps = int((end - start) * PER_HOUR)
    points = []
    for step in range(steps + 1):
        hour = start + step / PER_HOUR
        amount = active_in_body(day.timed, hour, told.life, intake)
        points.append(CurvePoint(hour, amount.low, amount.value, amount.high))
    moments = [(at_bed, f"bed {clock(at_bed)}")]
    if told.now is not None:
        moments.insert(0, (told.now[0], f"at {clock(told.now[0])}"))
    near = intake.value("caffeine.near_bed_dose")
    doses = tuple((each.hour, each.mg.best) for each in day.drunk if each.hour is not None)
    drinks = "; ".join(f"{clock(each.hour or 0)} {each.name}, {figure(each.mg.best)} mg" for each in _of_day(day))
    rows = [point for point in points if point.hour == int(point.hour)]
    more = " Not all of that day is in it, so it may be more." if misses_some(day) else ""
    return Picture(
        title=f"Caffeine in the body, {day_words(day).partition(' (')[0]}",
        description=(
            "The line is the middle, the area its range over what is known of how fast it is cleared. "
            f"{drinks}. At bedtime, {clock(at_bed)}: {in_body(told.bed[1])}.{more}"
        ),
        chart=Curve(
            tuple(points), doses, tuple(moments), (near, f"may delay sleep: {figure(near)} mg"), "mg", misses_some(day)
        ),
        table=Table(
            "Caffeine in the body [mg]",
            ("Hour", "Middle", "Range"),
            tuple((clock(p.hour), f"{p.middle:.0f}", f"{p.low:.0f} to {p.high:.0f}") for p in rows),
        ),
    )


def _of_day(day: CaffeineDay) -> list[Drunk]:
    return [each for each in day.timed if each.hour is not None and each.hour >= 0]


def caffeine_json(told: Caffeine | None) -> dict[str, object] | None:
    """Return what can be said of caffeine as plain data; None where nothing with caffeine was recorded."""
    if told is None:
        return None
    day = told.day
    return {
        "date": day.day.isoformat() if day.day else None,
        "day": day.number,
        "mg": {"low": day.total.low, "best": day.total.best, "high": day.total.high},
        "at_least": day.at_least,
        "drinks": [
            {"name": e.name, "time": None if e.hour is None else clock(e.hour), "mg": e.mg.best} for e in day.drunk
        ],
        "caffeine_not_known": list(day.unknown),
        "foods_without_value": day.unknown_foods,
        "day_before_counted": day.before_known,
        "half_life_h": _range_json(told.life),
        "modifiers": {
            "counted": list(told.eater.present),
            "in_the_range": list(told.eater.possible),
            "not_asked": list(told.eater.rare),
        },
        "now": _moment_json(told.now),
        "bedtime": _moment_json(told.bed),
        "guidance": [{"fact": each.fact, "mg": each.mg, "at_once": each.at_once} for each in told.guidance],
    }


def _range_json(span: Range) -> dict[str, float]:
    return {"low": span.low, "middle": span.value, "high": span.high}


def _moment_json(moment: tuple[float, Range] | None) -> dict[str, object] | None:
    return None if moment is None else {"time": clock(moment[0]), "mg": _range_json(moment[1])}
