"""Change a diary line by line: from one diet to the next. What a diet file refuses is refused here too."""

from __future__ import annotations

import hashlib
import re
from collections.abc import Callable
from dataclasses import dataclass, replace
from datetime import date

from rheobase.diet.limits import FIRST_YEAR, MOST_DAYS, MOST_GRAMS, MOST_LINES
from rheobase.errors import DataRefusedError
from rheobase.foods.lines import LONGEST_LINE
from rheobase.person import Diet, DietDay, Eaten, Taken
from rheobase.plain_text import printable

MEALS, DRINKS, SUPPLEMENTS = SECTIONS = ("meals", "drinks", "supplements")
UNDATED = "undated"
_AT = re.compile(r"[\s,]*(?:\bat\b|@|,)\s*(\d{1,2})(?::([0-5]\d))?\s*([ap]\.?m\.?)?\s*$", re.IGNORECASE)
_TIME = re.compile(r"([01]?\d|2[0-3]):([0-5]\d)")
GONE = "That line was changed or removed meanwhile, perhaps in another tab. Nothing was changed; this is the day now."


@dataclass(frozen=True, slots=True)
class Place:
    """Where a line stands: its part of the day and its place there, from 0."""

    section: str
    at: int


def day_names(diet: Diet) -> tuple[str, ...]:
    """Return what each day is called: its date, or "undated-1" and so on for those without."""
    names, undated = [], 0
    for day in diet.days:
        undated += day.day is None
        names.append(day.day.isoformat() if day.day else f"{UNDATED}-{undated}")
    return tuple(names)


def date_of(name: str, *, today: date) -> date | None:
    """Return the date of a day's name, None for a day without one.

    Args:
        name: As ``day_names`` gives it.
        today: Later days are refused.

    Raises:
        DataRefusedError: It is no day, is too old, or has not been yet.
    """
    if name.startswith(UNDATED):
        return None
    try:
        found = date.fromisoformat(name)
    except ValueError:
        found = None
    # "20261124" is the same day under another name.
    if found is None or found.isoformat() != name:
        raise DataRefusedError(f"{printable(name, limit=40)!r} is not a day. Write it as 2026-11-24.")
    if found.year < FIRST_YEAR:
        raise DataRefusedError(f"{found} is before {FIRST_YEAR}. Mend the year.")
    if found > today:
        raise DataRefusedError(f"{found} has not been yet (today is {today}). Choose today or an earlier day.")
    return found


def day_of(diet: Diet, name: str, *, today: date) -> DietDay:
    """Return one day; an empty one where nothing is recorded.

    Raises:
        DataRefusedError: As of ``date_of``, or there is no such day without a date.
    """
    when = date_of(name, today=today)
    found = next((day for day, each in zip(diet.days, day_names(diet), strict=True) if each == name), None)
    if found is None and when is None:
        raise DataRefusedError(f"There is no day {printable(name, limit=40)!r}. Choose one of the list.")
    return found or DietDay(day=when)


def lines_of(day: DietDay, section: str) -> tuple[Eaten | Taken, ...]:
    """Return the lines of one part of a day."""
    if section == SUPPLEMENTS:
        return day.supplements
    return day.meals if section == MEALS else day.drinks


def key_of(section: str, at: int, line: Eaten | Taken) -> str:
    """Return what a line is called in a form: its place, and a mark of what it says, so that no other is changed."""
    mark = hashlib.sha256(repr(line).encode("utf-8", "surrogatepass")).hexdigest()[:12]
    return f"{section}-{at}-{mark}"


def place_of(day: DietDay, key: str) -> Place:
    """Return where the line of a key stands now.

    Raises:
        DataRefusedError: It is not there any more.
    """
    for section in SECTIONS:
        for at, line in enumerate(lines_of(day, section)):
            if key_of(section, at, line) == key:
                return Place(section, at)
    raise DataRefusedError(GONE)


def split_time(text: str) -> tuple[str, str]:
    """Part a line such as "2 cups coffee at 8:00" into what it was and when; "" where no hour is said.

    Example:
        >>> split_time("black tea at 5 pm")
        ('black tea', '17:00')
    """
    found = _AT.search(text)
    if found is None or not (found[2] or found[3]):
        return text.strip(), ""
    hour, half = int(found[1]), (found[3] or "").lower()[:1]
    if half:
        if not 1 <= hour <= 12:
            return text.strip(), ""
        hour = hour % 12 + (12 if half == "p" else 0)
    if hour > 23 or not text[: found.start()].strip():
        return text.strip(), ""
    return text[: found.start()].strip(), f"{hour:02d}:{found[2] or '00'}"


def time_of(said: str) -> str:
    """Return a time of day as HH:MM, "" for none.

    Raises:
        DataRefusedError: It is none.
    """
    if not said.strip():
        return ""
    found = _TIME.fullmatch(said.strip())
    if found is None:
        shown = printable(said, limit=40)
        raise DataRefusedError(f"{shown!r} is not a time of day. Write it as 07:30, or leave it empty.")
    return f"{int(found[1]):02d}:{found[2]}"


def grams_of(said: str) -> float | None:
    """Return a weight in grams, None for none.

    Raises:
        DataRefusedError: It is no number, or cannot be one line.
    """
    text = said.strip().lower().removesuffix("g").strip().replace(",", ".")
    if not text:
        return None
    try:
        grams = float(text)
    except ValueError:
        shown = printable(said, limit=40)
        raise DataRefusedError(f"{shown!r} is not a weight. Write grams, such as 150.") from None
    if not 0 < grams <= MOST_GRAMS:
        raise DataRefusedError(
            f"{grams:g} g cannot be: one line is more than 0 and at most {MOST_GRAMS / 1000:g} kg. Check the unit."
        )
    return grams


def told(section: str, text: str, *, time: str = "", food: str = "", grams: float | None = None) -> Eaten | Taken:
    """Return a line as a person told it; an hour at its end is read unless one is given.

    Args:
        section: One of ``SECTIONS``.
        text: What it was, such as "2 cups brewed coffee at 08:00".
        time: As HH:MM; "" when not said apart.
        food: Id of the food that was chosen; "" to read it from the text.
        grams: Its weight [g], where that was said.

    Raises:
        DataRefusedError: It is empty or too long.
    """
    said, hour = split_time(printable(text))
    if not said:
        raise DataRefusedError('Nothing is written. Say what it was, such as "2 cups brewed coffee at 08:00".')
    if len(said) > LONGEST_LINE:
        raise DataRefusedError(
            f"{printable(said, limit=40)!r} has {len(said)} characters, at most {LONGEST_LINE} are one line. "
            "Write one food for each line."
        )
    if section == SUPPLEMENTS:
        return Taken(text=said, time=time or hour)
    return Eaten(text=said, food=food or None, grams=grams, time=time or hour)


def with_lines(day: DietDay, section: str, lines: tuple[Eaten | Taken, ...]) -> DietDay:
    """Return a day with other lines in one part.

    Raises:
        DataRefusedError: There are too many, or the day has a tracker's totals, which would count twice.
    """
    if len(lines) > MOST_LINES:
        raise DataRefusedError(f"{len(lines)} lines of {section}, at most {MOST_LINES} a day are kept.")
    if section == SUPPLEMENTS:
        return replace(day, supplements=tuple(each for each in lines if isinstance(each, Taken)))
    if lines and day.totals is not None:
        raise DataRefusedError(
            "This day holds a tracker's totals; food written beside them would count twice. "
            "Remove the totals first, or choose another day."
        )
    eaten = tuple(each for each in lines if isinstance(each, Eaten))
    return replace(day, meals=eaten) if section == MEALS else replace(day, drinks=eaten)


def added(day: DietDay, section: str, *lines: Eaten | Taken) -> DietDay:
    """Return a day with more lines; raises as ``with_lines`` does."""
    return with_lines(day, section, (*lines_of(day, section), *lines))


def exchanged(day: DietDay, place: Place, *lines: Eaten | Taken) -> DietDay:
    """Return a day with some lines, or none, in the place of one; raises as ``with_lines`` does."""
    there = lines_of(day, place.section)
    return with_lines(day, place.section, (*there[: place.at], *lines, *there[place.at + 1 :]))


def copied(day: DietDay, other: DietDay) -> DietDay:
    """Return a day with the lines of another after its own; they are the person's own from then on.

    Raises:
        DataRefusedError: The other has nothing to copy; or as of ``with_lines``.
    """
    if not any(lines_of(other, section) for section in SECTIONS):
        raise DataRefusedError("There is no line on that day to copy.")
    for section in SECTIONS:
        day = added(day, section, *(replace(each, origin="") for each in lines_of(other, section)))
    return day


def with_day(diet: Diet, name: str, change: Callable[[DietDay], DietDay], *, today: date) -> Diet:
    """Return a diet with one day changed; days stand in the order of their dates, a day with nothing is left out.

    Args:
        diet: Before.
        name: Of the day.
        change: From the day, empty where it is new, to the day.
        today: Later days are refused.

    Raises:
        DataRefusedError: As of ``day_of``, of ``change``, or there are too many days.
    """
    new = change(day_of(diet, name, today=today))
    names = day_names(diet)
    if name in names:
        at = names.index(name)
        days = (*diet.days[:at], *((new,) if _says_something(new) else ()), *diet.days[at + 1 :])
    elif _says_something(new):
        days = (*diet.days, new)
        days = tuple(sorted(days, key=lambda day: (day.day is None, day.day or date.min)))
    else:
        days = diet.days
    if len(days) > MOST_DAYS:
        raise DataRefusedError(f"{len(days):,} days, at most {MOST_DAYS:,} are kept. Remove old ones first.")
    return replace(diet, days=days)


def _says_something(day: DietDay) -> bool:
    # A day that is complete without a line is one of fasting.
    lines = any(lines_of(day, section) for section in SECTIONS)
    return lines or day.complete is not None or day.totals is not None or bool(day.notes)
