"""Vitamin D from the sun: what the noon sun allows, what so many minutes may make, and that reddening is too much."""

from __future__ import annotations

from dataclasses import dataclass, replace

from rheobase.intake.amounts import Range
from rheobase.intake.eater import Eater
from rheobase.intake.life_stage import references_for
from rheobase.intake.sun import Made, Season, Sun, noon_zenith, season, vitamin_d_from_sun
from rheobase.knowledge import Knowledge
from rheobase.report.document import Block, Footnotes, Paragraph, Point, Section
from rheobase.report.figures import figure

TITLE = "Vitamin D from the sun"
MONTHS = (
    "January", "February", "March", "April", "May", "June", "July", "August", "September", "October", "November",
    "December",
)  # fmt: skip
SEASONS = {
    Season.MADE: "the noon sun stands high enough for skin to make vitamin D",
    Season.DOUBTFUL: "the noon sun stands so low that little vitamin D is made, or none",
    Season.PRACTICALLY_NONE: "the noon sun stands too low: practically no vitamin D is made",
    Season.NONE: "the noon sun stands too low: no vitamin D is made",
}


@dataclass(frozen=True, slots=True)
class SunTold:
    """What was said of the sun, and what follows.

    Attributes:
        latitude: Degrees, north positive.
        month: 1 to 12.
        zenith: Noon sun's distance from overhead [degree].
        season: What the noon sun allows.
        sun: The exposure; None when no minutes were said.
        made: What it made; None without minutes.
    """

    latitude: float
    month: int
    zenith: float
    season: Season
    sun: Sun | None
    made: Made | None


def sun_told(sun: Sun | None, eater: Eater, knowledge: Knowledge, *, minutes: float | None) -> SunTold | None:
    """Return what can be said of the sun; None without a latitude.

    Args:
        sun: Where, when and how; its minutes are taken from ``minutes``.
        eater: Whose skin; old skin makes less.
        knowledge: Facts on sun and skin.
        minutes: Minutes outdoors near noon; None when they were not said.
    """
    if sun is None:
        return None
    zenith = noon_zenith(sun.latitude, sun.month, knowledge.intake)
    allowed = season(zenith, knowledge.intake)
    if minutes is None:
        return SunTold(sun.latitude, sun.month, zenith, allowed, None, None)
    exposure = replace(sun, minutes=minutes, age=eater.who.age)
    return SunTold(sun.latitude, sun.month, zenith, allowed, exposure, vitamin_d_from_sun(exposure, knowledge.intake))


def sun_section(told: SunTold, eater: Eater, notes: Footnotes) -> Section:
    """Return what can be said of vitamin D from the sun, with its sources numbered in ``notes``."""
    intake = notes.knowledge.intake
    where = f"{abs(told.latitude):g}° {'north' if told.latitude >= 0 else 'south'}"
    marks = notes.cite(*(intake.fact(f"sun.{each}").source for each in ("sure_zenith", "none_zenith", "dark_zenith")))
    blocks: list[Block] = [Point(f"In {MONTHS[told.month - 1]} at {where} {SEASONS[told.season]}. {marks}")]
    if told.made is None or told.sun is None:
        if told.season in (Season.MADE, Season.DOUBTFUL):
            blocks.append(Paragraph("Say --minutes, --skin and --exposed for how much that may be."))
    else:
        blocks.append(_made(told.sun, told.made, eater, notes))
    if eater.little_sun:
        blocks.append(Paragraph("By what you told, little sun reaches the skin; food and supplements count then."))
    blocks.append(Paragraph(CLOSING))
    return Section(TITLE, tuple(blocks))


CLOSING = (
    "This is a rough figure and no advice to lie in the sun: skin that reddens is harmed, and a supplement "
    "does the same without. A blood test tells whether vitamin D is lacking."
)


def _made(sun: Sun, made: Made, eater: Eater, notes: Footnotes) -> Point:
    intake = notes.knowledge.intake
    text = f"{sun.minutes:g} minutes near noon: {_amount(made.iu, intake.value('sun.ug_per_iu'))}."
    details = []
    known = []
    known.append("skin type not known" if sun.skin_type is None else f"skin type {sun.skin_type}")
    known.append("how much skin not known" if sun.exposed is None else f"{100 * sun.exposed:.0f} % of the skin bare")
    details.append(f"{', '.join(known)}; clouds and sunscreen not known; the range allows for what is not known")
    rows = references_for(intake, "vitamin_d", eater.who)
    needs = sorted({row.rda for row in rows if row.rda is not None})
    if needs:
        span = figure(needs[0]) if len(needs) == 1 else f"{figure(needs[0])} to {figure(needs[-1])}"
        details.append(f"enough a day for nearly all, without any sun: {span} µg {notes.cite(rows[0].source)}")
    if made.burns is not False:
        sure = "would" if made.burns else "may"
        details.append(f"that long {sure} redden the skin: less time, shade or clothes; longer makes no more vitamin D")
    marks = notes.cite(*(intake.fact(f"sun.{each}").source for each in ("uvi_scale", "rule_iu")))
    return Point(f"{text} {marks}", tuple(details))


def _amount(iu: Range, per_iu: float) -> str:
    if iu.high <= 0:
        return "no vitamin D"
    low, middle, high = (_round(each * per_iu) for each in (iu.low, iu.value, iu.high))
    if iu.value <= 0:
        return f"hardly any vitamin D (0 to {high} µg)"
    return f"perhaps {middle} µg of vitamin D ({low} to {high} µg; {_round(iu.value)} IU)"


def _round(amount: float) -> str:
    """Return an amount to one figure: its range spans more than tenfold."""
    return f"{float(f'{amount:.1g}'):g}"


def sun_json(told: SunTold | None) -> dict[str, object] | None:
    """Return what can be said of the sun as plain data; None without a latitude."""
    if told is None:
        return None
    made, sun = told.made, told.sun
    return {
        "latitude": told.latitude,
        "month": told.month,
        "noon_zenith_degrees": told.zenith,
        "season": told.season.value,
        "minutes": None if sun is None else sun.minutes,
        "skin_type": None if sun is None else sun.skin_type,
        "exposed": None if sun is None else sun.exposed,
        "iu": None if made is None else {"low": made.iu.low, "middle": made.iu.value, "high": made.iu.high},
        "burns": None if made is None else made.burns,
        "uv_index": None
        if made is None
        else {"low": made.uv_index.low, "middle": made.uv_index.value, "high": made.uv_index.high},
    }
