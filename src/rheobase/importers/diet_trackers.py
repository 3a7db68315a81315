"""Read the exports of Cronometer and MyFitnessPal."""

from __future__ import annotations

import re
from collections import Counter
from collections.abc import Iterable
from datetime import date

from rheobase.diet.plan import ImportedFile
from rheobase.errors import DataRefusedError
from rheobase.importers.diet_limits import MOST_GRAMS, MOST_LINES
from rheobase.importers.diet_rows import (
    BadRows,
    Column,
    Sheet,
    amounts,
    fingerprint,
    number,
    nutrient_columns,
    read_day,
)
from rheobase.person import DietDay, Eaten, Taken
from rheobase.plain_text import printable

DAILY, SERVINGS, FITNESS_PAL = "cronometer dailysummary", "cronometer servings", "myfitnesspal"
# MyFitnessPal's units where its header has none; calcium and iron are left out, being shares of a daily value or mg.
_UNSAID = {"energy_kcal": "kcal", "potassium_mg": "mg", "fibre_g": "g", "sugars_g": "g", "sodium_mg": "mg"}
_GRAMS = {"g": 1.0, "gram": 1.0, "grams": 1.0, "kg": 1000.0, "mg": 0.001, "oz": 28.349523125, "lb": 453.59237}
_AMOUNT = re.compile(r"([\d.,]+)\s*(.*)")
_TIME = re.compile(r"(\d{1,2}):(\d{2})(?::\d{2})?\s*([ap]\.?m\.?)?", re.IGNORECASE)
_TOTAL = re.compile(r"(?:daily |day )?totals?", re.IGNORECASE)
MAKES_ZERO = "it adds up foods without a figure as if they held none: its sums may be too low, most of all for minerals"


def read_tracker(sheet: Sheet, on: date, *, leave_out: bool) -> ImportedFile:
    """Return the days of a tracker's export, told apart by its columns.

    Args:
        sheet: The file.
        on: Today; later days are faults.
        leave_out: Leave out days with a fault instead of refusing the file.

    Raises:
        DataRefusedError: It is none of the known ones, or something in it is wrong; one line each.
    """
    if sheet.at("food name") is not None and sheet.at("day", "date") is not None:
        return _servings(sheet, on, leave_out=leave_out)
    if sheet.at("date") is not None and sheet.at("meal") is not None and sheet.at("calories") is not None:
        return _meals(sheet, on, leave_out=leave_out)
    columns, _ = nutrient_columns(sheet, {})
    if sheet.at("date", "day") is not None and columns:
        return _daily(sheet, on, leave_out=leave_out)
    came = printable(", ".join(sheet.header), limit=120)
    raise DataRefusedError(
        f"{sheet.file}: is none of the known exports; its columns are {came}. Expected Cronometer dailysummary.csv or "
        "servings.csv, MyFitnessPal's Nutrition-Summary, an Open Food Facts table or Apple Health's export."
    )


def _day(sheet: Sheet, row: tuple[int, tuple[str, ...]], on: date, bad: BadRows) -> date | None:
    at = sheet.at("day", "date")
    try:
        return read_day(row[1][at or 0], on)
    except ValueError as problem:
        bad.add(None, f"line {row[0]}: {problem}")
        return None


def _columns(sheet: Sheet, unsaid: dict[str, str]) -> tuple[tuple[Column, ...], list[str]]:
    columns, left = nutrient_columns(sheet, unsaid)
    return columns, [f"{sheet.file}: {line}" for line in left]


def _daily(sheet: Sheet, on: date, *, leave_out: bool) -> ImportedFile:
    """Read one row for each day."""
    bad = BadRows(sheet.file)
    columns, dropped = _columns(sheet, {})
    completed = sheet.at("completed", "complete")
    days: dict[date, DietDay] = {}
    if not sheet.rows:
        raise DataRefusedError(f"{sheet.file}: holds no row. Is this the right file?")
    for row in sheet.rows:
        if (day := _day(sheet, row, on, bad)) is None:
            continue
        wrong: list[str] = []
        totals = amounts(sheet, row, columns, wrong)
        for line in wrong:
            bad.add(day, line)
        said = row[1][completed].lower() if completed is not None else ""
        complete = {"true": True, "yes": True, "1": True, "false": False, "no": False, "0": False}.get(said)
        new = DietDay(day=day, complete=complete, totals=totals, origin=f"{DAILY} {fingerprint(*row[1])}")
        if day in days and days[day] != new:
            bad.add(day, f"line {row[0]}: {day} stands twice and differs; which is right?")
        elif day in days:
            dropped.append(f"{sheet.file}: line {row[0]}: {day} stands twice, the same; kept once")
        elif not any(totals.values()) and not wrong:
            dropped.append(f"{sheet.file}: line {row[0]}: {day}: nothing was logged (all zero); left out")
        else:
            days[day] = new
    dropped += bad.settle(leave_out=leave_out)
    kept = tuple(each for day, each in sorted(days.items()) if day not in bad.by_day)
    return ImportedFile(DAILY, kept, tuple(dropped), ("supplements logged there are in its totals", MAKES_ZERO))


def _time(text: str) -> str:
    """Return a time of day as HH:MM, "" where there is none or it is not understood."""
    found = _TIME.fullmatch(text.strip())
    if not found:
        return ""
    hour = int(found[1]) % 12 + (12 if found[3].lower().startswith("p") else 0) if found[3] else int(found[1])
    return f"{hour:02d}:{found[2]}" if hour < 24 and int(found[2]) < 60 else ""


def _grams(text: str, *, comma: bool) -> tuple[float | None, str]:
    """Return the weight in "58.00 g" [g], None for another unit, and the words for it.

    Raises:
        ValueError: It is no amount, or cannot be.
    """
    found = _AMOUNT.fullmatch(text.strip())
    if not found:
        if text.strip():
            raise ValueError(f"{printable(text, limit=30)!r} is not an amount")
        return None, ""
    value, unit = number(found[1], comma=comma), found[2].strip().lower()
    if value is None or unit not in _GRAMS:
        return None, f"{value:g} {unit}" if value is not None else ""
    grams = float(f"{value * _GRAMS[unit]:.9g}")
    if not 0 < grams <= MOST_GRAMS:
        raise ValueError(f"{printable(text, limit=30)!r} is more than can be, or nothing")
    return grams, f"{value:g} {unit}"


def _servings(sheet: Sheet, on: date, *, leave_out: bool) -> ImportedFile:
    """Read one row for each food."""
    bad = BadRows(sheet.file)
    columns, dropped = _columns(sheet, {})
    rows: list[tuple[date, Eaten | Taken]] = []
    seen: Counter[tuple[str, ...]] = Counter()
    for row in sheet.rows:
        if (day := _day(sheet, row, on, bad)) is not None:
            wrong: list[str] = []
            seen[row[1]] += 1
            # Two equal rows are two cups; the second has a mark of its own.
            origin = f"{SERVINGS} {fingerprint(*row[1], str(seen[row[1]]))}"
            rows.append((day, _serving(sheet, row, columns, (origin, wrong))))
            for line in wrong:
                bad.add(day, line)
    _check_lines(rows, sheet, bad)
    dropped += bad.settle(leave_out=leave_out)
    days = _by_day(((day, each) for day, each in rows if day not in bad.by_day))
    notes = (
        ("the file says what each food holds, and not whether a day is complete",)
        if columns
        else ("the file has no nutrient columns; its foods are looked up by name",)
    )
    return ImportedFile(SERVINGS, days, tuple(dropped), notes)


def _serving(
    sheet: Sheet, row: tuple[int, tuple[str, ...]], columns: tuple[Column, ...], into: tuple[str, list[str]]
) -> Eaten | Taken:
    origin, wrong = into
    cells = row[1]

    def cell(*names: str) -> str:
        at = sheet.at(*names)
        return "" if at is None else cells[at]

    holds = amounts(sheet, row, columns, wrong) or None
    try:
        # Some exports put the unit into a column of its own.
        grams, said = _grams(f"{cell('amount')} {cell('unit')}".strip(), comma=sheet.comma)
    except ValueError as problem:
        wrong.append(f"line {row[0]}, Amount: {problem}")
        grams, said = None, ""
    name = printable(cell("food name"), limit=150)
    if not name:
        wrong.append(f"line {row[0]}: has no food name")
    text = f"{name}, {said}" if said else name
    kind = f"{cell('category')} {cell('group')}".lower()
    time = _time(cell("time"))
    if "supplement" in kind:
        return Taken(text=text, time=time, holds=holds, origin=origin)
    return Eaten(text=text, grams=grams, time=time, holds=holds, origin=origin)


def _check_lines(rows: list[tuple[date, Eaten | Taken]], sheet: Sheet, bad: BadRows) -> None:
    for day, count in Counter(day for day, _ in rows).items():
        if count > MOST_LINES:
            bad.add(day, f"{day} has {count} rows, at most {MOST_LINES} a day are read")
    if not rows and not bad.by_day:
        raise DataRefusedError(f"{sheet.file}: holds no row. Is this the right file?")


def _by_day(rows: Iterable[tuple[date, Eaten | Taken]]) -> tuple[DietDay, ...]:
    days: dict[date, tuple[list[Eaten], list[Taken]]] = {}
    for day, each in rows:
        foods, taken = days.setdefault(day, ([], []))
        if isinstance(each, Eaten):
            foods.append(each)
        else:
            taken.append(each)
    return tuple(
        DietDay(day=day, meals=tuple(foods), supplements=tuple(taken)) for day, (foods, taken) in sorted(days.items())
    )


def _meals(sheet: Sheet, on: date, *, leave_out: bool) -> ImportedFile:
    """Read one row for each meal."""
    bad = BadRows(sheet.file)
    columns, dropped = _columns(sheet, _UNSAID)
    meal, at = sheet.at("meal") or 0, sheet.at("time")
    rows: list[tuple[date, Eaten | Taken]] = []
    seen: Counter[tuple[str, ...]] = Counter()
    for row in sheet.rows:
        if _TOTAL.fullmatch(row[1][sheet.at("date") or 0]) or _TOTAL.fullmatch(row[1][meal]):
            dropped.append(f"{sheet.file}: line {row[0]}: a total, which would count twice; left out")
            continue
        if (day := _day(sheet, row, on, bad)) is None:
            continue
        wrong: list[str] = []
        holds = amounts(sheet, row, columns, wrong)
        for line in wrong:
            bad.add(day, line)
        seen[row[1]] += 1
        if seen[row[1]] > 1:
            dropped.append(f"{sheet.file}: line {row[0]}: the same meal of {day} again; kept once")
            continue
        name = printable(row[1][meal], limit=60) or "meal"
        origin = f"{FITNESS_PAL} {fingerprint(*row[1])}"
        time = _time(row[1][at]) if at is not None else ""
        rows.append((day, Eaten(text=name, time=time, holds=holds, origin=origin)))
    _check_lines(rows, sheet, bad)
    dropped += bad.settle(leave_out=leave_out)
    notes = (
        "it names no foods, and holds neither magnesium nor vitamin D; those stay unknown",
        "potassium without a unit is taken as mg",
        MAKES_ZERO,
    )
    days = _by_day((day, each) for day, each in rows if day not in bad.by_day)
    return ImportedFile(FITNESS_PAL, days, tuple(dropped), notes)
