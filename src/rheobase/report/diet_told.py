"""Everything that a diet and its eater tell: sums, adequacy, caffeine, water, sun, absorption; as page and as data."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass

from rheobase.diet.reading import DietReading
from rheobase.diet.summary import Mean, Summary, summarise
from rheobase.foods.nutrients import nutrient_label, nutrient_unit
from rheobase.intake.absorbed_day import TakenUp, taken_up
from rheobase.intake.adequacy import Adequacy
from rheobase.intake.caffeine_told import Caffeine, caffeine_told
from rheobase.intake.eater import Eater
from rheobase.intake.sun import Sun
from rheobase.intake.water import Balance
from rheobase.intake.water_day import WaterIntake
from rheobase.knowledge import Knowledge
from rheobase.report.absorption_section import absorption_json, absorption_section
from rheobase.report.caffeine_picture import caffeine_json
from rheobase.report.caffeine_section import caffeine_section
from rheobase.report.diet_page import diet_json, diet_page, short_name
from rheobase.report.document import Document, Footnotes, Kind, Paragraph, Section, Table
from rheobase.report.enough_section import enough_json, enough_section, judged
from rheobase.report.figures import figure
from rheobase.report.foods_page import FIRST, THEN
from rheobase.report.sun_section import SunTold, sun_json, sun_section, sun_told
from rheobase.report.water_section import water_json, water_section, water_told

GAVE_MOST = 5


@dataclass(frozen=True, slots=True)
class Asked:
    """What was asked beside the diet.

    Attributes:
        now: Hour to say the caffeine in the body at; None when it was not asked.
        bed: Bedtime as an hour of the clock.
        sun: Where, when and how the skin is exposed; None without a latitude.
        minutes: Minutes outdoors near noon; None when they were not said.
    """

    now: float | None
    bed: float
    sun: Sun | None = None
    minutes: float | None = None


@dataclass(frozen=True, slots=True)
class DietTold:
    """What a diet and its eater tell; None where nothing is known of a matter."""

    summary: Summary
    eater: Eater
    enough: dict[str, Adequacy]
    caffeine: Caffeine | None
    water: tuple[WaterIntake, Balance] | None
    sun: SunTold | None
    taken_up: tuple[TakenUp, ...]


def diet_told(reading: DietReading, eater: Eater, knowledge: Knowledge, asked: Asked) -> DietTold:
    """Return everything that a diet and its eater tell.

    Args:
        reading: The diet as it was read.
        eater: Whose it is.
        knowledge: Facts on intake.
        asked: Hours and sun.
    """
    summary = summarise(reading)
    sun = sun_told(asked.sun, eater, knowledge, minutes=asked.minutes)
    if not summary.coverage.used:
        return DietTold(summary, eater, {}, None, None, sun, ())
    return DietTold(
        summary=summary,
        eater=eater,
        enough=judged(summary, eater.who, knowledge),
        caffeine=caffeine_told(reading, eater, knowledge.intake, now=asked.now, bed=asked.bed),
        water=water_told(reading, eater, knowledge),
        sun=sun,
        taken_up=taken_up(summary, eater, knowledge.intake),
    )


def diet_told_page(told: DietTold, knowledge: Knowledge, *, name: str, full: bool) -> Document:
    """Return the diet as a page.

    Args:
        told: What is known.
        knowledge: For sources.
        name: File, as it was given.
        full: With every picture and detail, as a page of its own has; else short, as a terminal likes it.
    """
    notes = Footnotes(knowledge)
    page = diet_page(told.summary, name=name)
    sums = list(page.sections)
    said = tuple(_said(told, notes, full=full))
    closing = [notes.section()] if notes.cited else []
    if full:
        # What it means comes first, then what it was worked out from; coverage closes the sums.
        if told.summary.coverage.used:
            sums.insert(-1, gave_most(told.summary))
        sums, said = [sums[0], *said], tuple(sums[1:])
        closing.append(_about(told.summary, knowledge))
    elif told.enough:
        closing.insert(
            0, Section("More", (Paragraph(f"Everything, drawn: rheobase diet show {name} --html page.html, or --all"),))
        )
    return Document(page.title, (*sums, *said, *closing), tuple(notes.cited))


def _said(told: DietTold, notes: Footnotes, *, full: bool) -> Iterator[Section]:
    if told.enough:
        yield enough_section(told.enough, notes, told.summary, full=full)
    if told.caffeine is not None:
        yield caffeine_section(told.caffeine, notes, full=full)
    if told.water is not None:
        yield water_section(told.water, told.eater, notes, full=full)
    if told.sun is not None:
        yield sun_section(told.sun, told.eater, notes)
    if full and told.taken_up:
        yield absorption_section(told.taken_up, told.eater, notes)


def gave_most(summary: Summary) -> Section:
    """Return which foods gave most of each nutrient, with amounts."""
    rows = []
    for nutrient in (*FIRST, *THEN):
        foods = _foods(summary.means[nutrient], nutrient)
        if foods:
            name = nutrient_label(nutrient)
            rows.append((name[:1].upper() + name[1:], foods[0], "; ".join(foods[1:])))
    caption = "What each food gave a day, most first, of what is known"
    return Section("Foods that gave most", (Table(caption, ("nutrient", "gave most", "then"), tuple(rows)),))


def _foods(mean: Mean, nutrient: str) -> list[str]:
    unit = nutrient_unit(nutrient)
    total = mean.food.best if mean.food else 0.0
    return [
        f"{short_name(each.name)} {figure(each.amount)} {unit} ({100 * each.amount / total:.0f} %)"
        for each in mean.by_food[:GAVE_MOST]
        if each.amount > 0 and total > 0
    ]


def _about(summary: Summary, knowledge: Knowledge) -> Section:
    text = (
        f"Rheobase informs; it does not diagnose. {knowledge.review_note} Foods: {summary.reading.table}. "
        f"Knowledge {knowledge.version}. Everything stays on this machine."
    )
    return Section("About this page", (Paragraph(text),), Kind.ABOUT)


def diet_told_json(told: DietTold) -> dict[str, object]:
    """Return everything as plain data; what is not known is null, never 0."""
    return {
        **diet_json(told.summary),
        "enough": enough_json(told.enough),
        "caffeine": caffeine_json(told.caffeine),
        "water": water_json(told.water),
        "sun": sun_json(told.sun),
        "taken_up": absorption_json(told.taken_up),
    }
