"""Data of the pictures of a diet: usual intakes against what is needed, and an amount in the body over the hours."""

from __future__ import annotations

from dataclasses import dataclass


@dataclass(frozen=True, slots=True)
class Mark:
    """A reference value; over several life stages that the person may be in it has two ends.

    Attributes:
        name: EAR, RDA, AI, UL or CDRR.
        low: Lower end, in the unit of the row.
        high: Upper end.
    """

    name: str
    low: float
    high: float


@dataclass(frozen=True, slots=True)
class IntakeRow:
    """One nutrient in a picture of intakes.

    Attributes:
        name: Of the nutrient.
        unit: Of every amount, a day.
        usual: Low end, middle and high end of usual intake from food; None where nothing can be said of it.
        recorded: Mean of the recorded days, at least; None when nothing is known: nothing is drawn, never a zero.
        at_least: Whether part of what was eaten is not known, so that the intake may be higher: an open end.
        marks: Reference values that count what is eaten.
        supplement: Taken beside food, a day; None when it is not known whether or how much.
        supplement_limit: Upper level that counts supplements alone.
        words: What is said of it, in a few words.
    """

    name: str
    unit: str
    usual: tuple[float, float, float] | None
    recorded: float | None
    at_least: bool
    marks: tuple[Mark, ...]
    supplement: float | None = 0.0
    supplement_limit: Mark | None = None
    words: str = ""


@dataclass(frozen=True, slots=True)
class Intakes:
    """Nutrients under each other, each on an axis of its own that starts at zero."""

    rows: tuple[IntakeRow, ...]


@dataclass(frozen=True, slots=True)
class CurvePoint:
    """An amount at an hour, with its range."""

    hour: float
    low: float
    middle: float
    high: float


@dataclass(frozen=True, slots=True)
class Curve:
    """An amount in the body over the hours.

    Attributes:
        points: In the order of time; hours may pass 24.
        doses: Hour and amount of everything that was taken.
        moments: Hour and words of what is pointed out, such as bedtime.
        limit: Amount that is worth a line across, with its words; None without one.
        unit: Of the amounts.
        at_least: Whether something taken is not in it, because its hour or its amount is not known.
    """

    points: tuple[CurvePoint, ...]
    doses: tuple[tuple[float, float], ...]
    moments: tuple[tuple[float, str], ...]
    limit: tuple[float, str] | None
    unit: str
    at_least: bool


def axis_end(row: IntakeRow) -> float:
    """Return where the axis of a row ends: everything that is drawn fits, but a limit far beyond does not stretch it.

    A mark more than twice as far as all else is named beyond the end instead.
    """
    near = [*(row.usual or ()), *([] if row.recorded is None else [row.recorded])]
    near += [mark.high for mark in row.marks if mark.name not in FAR_ONES]
    total = row.usual[1] + (row.supplement or 0.0) if row.usual else 0.0
    most = max((*near, total), default=0.0)
    far = [mark.high for mark in row.marks if mark.name in FAR_ONES and mark.high <= 2 * most]
    return 1.08 * max((most, *far)) or 1.0


FAR_ONES = ("UL", "CDRR")


def clock(hour: float) -> str:
    """Return an hour as it is read off a clock: 23.5 as 23:30, 25 as 01:00."""
    minutes = round(hour * 60) % (24 * 60)
    return f"{minutes // 60:02d}:{minutes % 60:02d}"
