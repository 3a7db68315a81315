"""Dates and times as laboratories print them; what may be two days is never guessed."""

from __future__ import annotations

import re
from collections.abc import Iterable
from dataclasses import dataclass
from datetime import date
from functools import lru_cache

DMY, MDY = "dmy", "mdy"
ORDERS = (DMY, MDY)
# First letters of the months in English, German, French and Spanish, without accents.
_MONTHS = {
    "jan": 1, "ene": 1, "feb": 2, "fev": 2, "mar": 3, "mrz": 3, "mae": 3, "apr": 4, "avr": 4, "abr": 4, "may": 5,
    "mai": 5, "jun": 6, "juin": 6, "jul": 7, "juil": 7, "aug": 8, "aou": 8, "ago": 8, "sep": 9, "oct": 10, "okt": 10,
    "nov": 11, "dec": 12, "dez": 12, "dic": 12,
}  # fmt: skip
_TIME = re.compile(
    r"[T\s,]*(?:(?:at|um|a)\s+)?([01]?[0-9]|2[0-3]):?([0-5][0-9])(?::?([0-5][0-9])(?:\.[0-9]+)?)?\s*(am|pm|a\.m\.|p\.m\.|uhr)?"
    r"\s*(Z|UTC|GMT|[+-][0-9]{2}:?[0-9]{2})?\s*",
    re.IGNORECASE,
)
_ISO = re.compile(r"([0-9]{4})[-/.]([0-9]{2})[-/.]([0-9]{2})(?![0-9])")
_COMPACT = re.compile(r"(19|20)([0-9]{2})([0-9]{2})([0-9]{2})(?=[0-9]{4}(?:[0-9]{2})?(?![0-9])|(?![0-9]))")
_NUMERIC = re.compile(r"([0-9]{1,2})([-/.])([0-9]{1,2})\2([0-9]{4}|[0-9]{2})(?![0-9])")
_NAMED = re.compile(r"([0-9]{1,2})(?:st|nd|rd|th|\.)?[-\s/.]+([^\W\d_]{3,12})\.?[-\s/,.]+([0-9]{4}|[0-9]{2})(?![0-9])")
_NAMED_FIRST = re.compile(r"([^\W\d_]{3,12})\.?\s+([0-9]{1,2})(?:st|nd|rd|th)?,?\s+([0-9]{4})(?![0-9])")
_PREFIX = re.compile(r"^(?:mon|tue|wed|thu|fri|sat|sun)[a-z]*[,.]?\s+", re.IGNORECASE)
_CENTURY = 2000


@dataclass(frozen=True, slots=True)
class DateText:
    """A date as printed.

    Attributes:
        days: The days that it may be: none for no date, two when the order is not known.
        time: "08:15" or "08:15:30+01:00", "" without one.
        problem: Why it is not understood, "" when it is.
    """

    days: tuple[date, ...] = ()
    time: str = ""
    problem: str = ""


def date_order(texts: Iterable[str]) -> str | None:
    """Return the order of day and month that the dates of a report prove, None when none does or they disagree."""
    found: set[str] = set()
    for text in texts:
        match = _NUMERIC.match(text.strip())
        if match and match[2] != "." and not _ISO.match(text.strip()):
            first, second = int(match[1]), int(match[3])
            if first > 12 >= second:
                found.add(DMY)
            elif second > 12 >= first:
                found.add(MDY)
    return found.pop() if len(found) == 1 else None


def is_short_year(text: str) -> bool:
    """Return whether a date has two figures for its year; beside dates with four, one may be cut off."""
    match = _NUMERIC.match(text.strip())
    return match is not None and len(match[4]) == 2


@lru_cache(maxsize=20_000)
def read_date(text: str, order: str | None, time: str = "") -> DateText:
    """Return a date, and the time beside it.

    Args:
        text: As printed; "" for none.
        order: "dmy" or "mdy" when the report proves one.
        time: Time as printed, when it stands by itself.
    """
    said = _PREFIX.sub("", text.strip())
    if not said:
        return DateText(time=_clock(time)[0])
    days, rest = _days(said, order)
    if not days:
        return DateText(problem=f"{text.strip()[:30]!r} is not a date such as 2026-11-24")
    clock, left = _clock(rest or time)
    if left.strip(" ,;."):
        return DateText(days, clock, f"{left.strip()[:30]!r} after the date is not understood")
    return DateText(days, clock)


def _clock(text: str) -> tuple[str, str]:
    """Return a time and its zone in one spelling, and what is left."""
    if not text.strip():
        return "", ""
    match = _TIME.match(text)
    if match is None:
        return "", text
    hour, half = int(match[1]), (match[4] or "").lower().replace(".", "")
    if half in ("am", "pm"):
        if not 1 <= hour <= 12:
            return "", text
        hour = hour % 12 + (12 if half == "pm" else 0)
    zone = (match[5] or "").upper()
    zone = "Z" if zone in ("Z", "UTC", "GMT") else (f"{zone[:3]}:{zone[-2:]}" if zone else "")
    seconds = f":{match[3]}" if match[3] and match[3] != "00" else ""
    return f"{hour:02d}:{match[2]}{seconds}{zone}", text[match.end() :]


def _days(said: str, order: str | None) -> tuple[tuple[date, ...], str]:
    if match := _ISO.match(said):
        return _valid([(int(match[1]), int(match[2]), int(match[3]))]), said[match.end() :]
    if match := _COMPACT.match(said):
        return _valid([(int(match[1] + match[2]), int(match[3]), int(match[4]))]), said[match.end() :]
    if match := _NUMERIC.match(said):
        return _numeric(match, order), said[match.end() :]
    if match := _NAMED.match(said):
        return _valid([(_year(match[3]), _month(match[2]), int(match[1]))]), said[match.end() :]
    if match := _NAMED_FIRST.match(said):
        return _valid([(int(match[3]), _month(match[1]), int(match[2]))]), said[match.end() :]
    return (), said


def _numeric(match: re.Match[str], order: str | None) -> tuple[date, ...]:
    first, second, year = int(match[1]), int(match[3]), _year(match[4])
    dmy, mdy = (year, second, first), (year, first, second)
    if match[2] == ".":
        # With points it is the day first, wherever it is written so.
        return _valid([dmy])
    tries = {DMY: [dmy], MDY: [mdy]}.get(order or "", [dmy, mdy])
    if len(match[4]) == 2 and order is None:
        # 26/11/24 may be year first, too.
        tries = [*tries, (_year(match[1].zfill(2)), second, int(match[4]))]
    return _valid(tries)


def _year(text: str) -> int:
    return int(text) + (_CENTURY if len(text) == 2 else 0)


def _month(word: str) -> int:
    from unicodedata import normalize  # noqa: PLC0415 - only a month in words needs it

    plain = "".join(each for each in normalize("NFKD", word.lower()) if each.isalpha() and each.isascii())
    return _MONTHS.get(plain[:4], _MONTHS.get(plain[:3], 0))


def _valid(tries: Iterable[tuple[int, int, int]]) -> tuple[date, ...]:
    found: list[date] = []
    for year, month, day in tries:
        try:
            each = date(year, month, day)
        except ValueError:
            continue
        if each not in found:
            found.append(each)
    return tuple(found)
