"""Is it enough: what the diary gives against what is needed; caffeine, water, sun, absorption. As reports have it."""

from __future__ import annotations

from contextlib import suppress
from dataclasses import dataclass, replace
from datetime import date
from typing import Any

from markupsafe import Markup
from starlette.responses import Response

from rheobase.assess.eating import eater_of_person
from rheobase.diet.diary import time_of
from rheobase.diet.reading import read_diet_lines
from rheobase.errors import DataRefusedError
from rheobase.foods import load_foods
from rheobase.intake.caffeine_day import caffeine_day
from rheobase.intake.sun import Sun
from rheobase.knowledge import Knowledge
from rheobase.knowledge.supplements import load_supplements
from rheobase.person import Diet, Person
from rheobase.plain_text import printable
from rheobase.report.diet_told import Asked, diet_told, diet_told_page
from rheobase.report.document import Document
from rheobase.report.on_screen import document_on_screen
from rheobase.web.desk import Desk, Papers
from rheobase.web.markup import sections_markup
from rheobase.web.visit import Visit

BED = "23:00"
Parts = tuple[tuple[tuple[int, str], ...], tuple[Markup, ...]]
# What is behind the answer, for those who want to know more.
ASIDE = ("What is taken up", "From food and drink", "From supplements", "Foods that gave most", "Coverage", "Sources")


@dataclass(frozen=True, slots=True)
class Box:
    """One box of the form: its name, words, unit and bounds."""

    name: str
    words: str
    unit: str
    low: float
    high: float


@dataclass(frozen=True, slots=True)
class Said:
    """What the form said: numbers by box (None where nothing was said), and hours of the clock."""

    numbers: dict[str, float | None]
    at: float | None
    bed: float | None


DAY_BOXES = (
    Box("exercise", "Sweating exercise a day", "hours", 0, 24),
    Box("heat", "Great heat a day", "hours", 0, 24),
)
SUN_BOXES = (
    Box("latitude", "Latitude (south is negative; London 52, Madrid 40, Sydney -34)", "degrees", -90, 90),
    Box("month", "Month", "1 to 12", 1, 12),
    Box("minutes", "Outdoors near noon", "minutes", 0, 1440),
    Box("skin", "Skin type: 1 always burns, 6 deeply pigmented", "1 to 6", 1, 6),
    Box("exposed", "Skin that is bare: face and hands about 5, shorts and bare shoulders about 60", "per cent", 0, 100),
)
WHOLE = ("month", "skin")


def enough(visit: Visit) -> Response:
    """Show what the diary gives and whether that is enough."""
    papers, query = visit.papers(), visit.query
    typed = {box.name: query.get(box.name, "").strip() for box in (*DAY_BOXES, *SUN_BOXES)}
    values: dict[str, Any] = {
        "papers": papers,
        "typed": typed,
        "at": query.get("at", ""),
        "bed": query.get("bed", BED) or BED,
        "day_boxes": DAY_BOXES,
        "sun_boxes": SUN_BOXES,
    }
    diet = papers.talk.start.diet
    if diet is None or not diet.days:
        return visit.show("food_enough.html", problem="", parts=(), report=(), **values)
    problem, said = "", nothing_said()
    try:
        numbers = {box.name: _number(box, typed[box.name]) for box in (*DAY_BOXES, *SUN_BOXES)}
        said = Said(numbers, _hour(query.get("at", "")), _hour(query.get("bed", "") or BED))
    except DataRefusedError as refused:
        problem = str(refused)
    parts, shown = _parts(visit.desk, papers, said)
    status = 400 if problem else 200
    return visit.show("food_enough.html", status=status, problem=problem, parts=parts, report=shown, **values)


def foresee(desk: Desk, number: int) -> None:
    """Work out the page of somebody whose diary changed, as it is shown when nothing more is said."""
    with suppress(DataRefusedError):
        papers = desk.papers(number)
        if desk.helper.ready and papers.person.diet is not None and papers.person.diet.days:
            _parts(desk, papers, nothing_said())


def nothing_said() -> Said:
    """Return what an empty form says."""
    return Said(dict.fromkeys(box.name for box in (*DAY_BOXES, *SUN_BOXES)), None, _hour(BED))


def _parts(desk: Desk, papers: Papers, said: Said) -> Parts:
    # What is in the body changes slowly; the quarter of an hour is near enough.
    clock, who, today = round(4 * desk.settings.hour()) / 4, papers.person, desk.today

    def here() -> Parts:
        return parts_of(who, desk.knowledge, said, clock=clock, on=today)

    key = (papers.state, today, clock, repr(said))
    found: Parts = desk.kept.get(key, lambda: desk.worked_out("enough", who, said, clock, today, here=here))
    return found


def parts_of(person: Person, knowledge: Knowledge, said: Said, *, clock: float, on: date) -> Parts:
    """Return number and title of each part of the page, and its markup.

    Args:
        person: With the diary.
        knowledge: What it is judged with.
        said: What the form said.
        clock: The hour of the day.
        on: The day.
    """
    document = _document(person, knowledge, said, clock=clock, today=on)
    titles = tuple((number, each.title) for number, each in enumerate(document.sections, 1))
    return titles, sections_markup(document)


def _document(person: Person, knowledge: Knowledge, said: Said, *, clock: float, today: date) -> Document:
    reading = read_diet_lines(person.diet or Diet(), load_foods(), load_supplements())
    eater = eater_of_person(person, knowledge, hours=(said.numbers["exercise"], said.numbers["heat"]))
    now = said.at
    if now is None and (day := caffeine_day(reading)) is not None and day.day == today:
        # Today is not over: what is in the body now can be said, once something was drunk.
        first = min((each.hour for each in day.drunk if each.hour is not None), default=None)
        now = clock if first is not None and clock >= first else None
    asked = Asked(now, said.bed or 0.0, _sun(said.numbers, today.month), said.numbers["minutes"])
    told = diet_told(reading, eater, knowledge, asked)
    page = document_on_screen(diet_told_page(told, knowledge, name="your diary", full=True))
    sections = (replace(each, aside=each.title in ASIDE) for each in page.sections)
    return replace(page, sections=tuple(sections))


def _sun(numbers: dict[str, float | None], month: int) -> Sun | None:
    latitude, skin, exposed = numbers["latitude"], numbers["skin"], numbers["exposed"]
    if latitude is None:
        return None
    said = numbers["month"]
    return Sun(
        latitude,
        month if said is None else int(said),
        0.0,
        None if skin is None else int(skin),
        None if exposed is None else exposed / 100,
    )


def _number(box: Box, said: str) -> float | None:
    if not said:
        return None
    try:
        value = float(said.replace(",", ".").replace("\u2212", "-"))
    except ValueError:
        value = float("nan")
    if not box.low <= value <= box.high or (box.name in WHOLE and value != int(value)):
        shown = printable(said, limit=20)
        raise DataRefusedError(f"{box.words.split(':')[0]}: expected {box.low:g} to {box.high:g}, got {shown!r}.")
    return value


def _hour(said: str) -> float | None:
    time = time_of(said)
    return int(time[:2]) + int(time[3:]) / 60 if time else None
