"""What the readers of trackers' exports share: columns by name, units, numbers in either style, bad days."""

from __future__ import annotations

import csv
import hashlib
import io
import math
import re
from collections import Counter
from collections.abc import Mapping
from dataclasses import dataclass, field
from datetime import date
from types import MappingProxyType

from rheobase.errors import DataRefusedError
from rheobase.importers.diet_limits import FIRST_YEAR, too_much
from rheobase.importers.foods_rows import GRAMS, KCAL_PER_KJ, MOST_FIELD, UG_PER_IU, plain_header
from rheobase.importers.text_file import decode_text
from rheobase.plain_text import printable

# Column names of trackers, as ``plain_header`` gives them, to nutrient columns.
NAMES = {
    "energy": "energy_kcal",
    "calories": "energy_kcal",
    "water": "water_g",
    "alcohol": "alcohol_g",
    "caffeine": "caffeine_mg",
    "protein": "protein_g",
    "fat": "fat_g",
    "carbs": "carbohydrate_g",
    "carbohydrates": "carbohydrate_g",
    "fiber": "fibre_g",
    "fibre": "fibre_g",
    "dietary fiber": "fibre_g",
    "dietary fibre": "fibre_g",
    "sugars": "sugars_g",
    "sugar": "sugars_g",
    "calcium": "calcium_mg",
    "iron": "iron_mg",
    "magnesium": "magnesium_mg",
    "phosphorus": "phosphorus_mg",
    "potassium": "potassium_mg",
    "sodium": "sodium_mg",
    "zinc": "zinc_mg",
    "vitamin d": "vitamin_d_ug",
    "b12 (cobalamin)": "vitamin_b12_ug",
    "vitamin b12": "vitamin_b12_ug",
    "b12": "vitamin_b12_ug",
}
MOST_ROWS, MOST_COLUMNS, LISTED = 200_000, 500, 10
_HEADER = re.compile(r"(.*\S)\s*[(\[]([^()\[\]]*)[)\]]")
_POINT = re.compile(r"[+-]?(?:\d+\.(?:\d{1,2}|\d{4,})|0\.\d+|\d{1,3}(?:,\d{3})+\.\d+)")
_COMMA = re.compile(r"[+-]?(?:\d+,(?:\d{1,2}|\d{4,})|0,\d+|\d{1,3}(?:\.\d{3})+,\d+)")
_UNKNOWN = frozenset({"", "-", "--", "n/a", "na", "null", "none"})
_DATE = re.compile(r"(\d{4})([-/])(\d{1,2})\2(\d{1,2})(?!\d)")


@dataclass
class BadRows:
    """What is wrong in a file, by day, so that a day is taken whole or not at all."""

    file: str
    by_day: dict[date | None, list[str]] = field(default_factory=dict)
    more: int = 0

    def add(self, day: date | None, line: str) -> None:
        """Note one fault; of one day the first few are kept and the rest counted."""
        lines = self.by_day.setdefault(day, [])
        if len(lines) < LISTED:
            lines.append(f"{self.file}: {printable(line, limit=220)}")
        else:
            self.more += 1

    def settle(self, *, leave_out: bool) -> tuple[str, ...]:
        """Refuse the file for what is wrong in it, or return it as what was left out with its days.

        Raises:
            DataRefusedError: Something is wrong and bad days are not to be left out; one line each.
        """
        lines = [line for found in self.by_day.values() for line in found]
        if lines and not leave_out:
            count = len(lines) + self.more - LISTED
            more = [f"{self.file}: and {count} more."] if count > 0 else []
            how = f"{self.file}: nothing was imported. Mend it, or leave those days out with --leave-out-bad-days."
            raise DataRefusedError("\n".join([*lines[:LISTED], *more, how]))
        said = [f"{line} (its day is left out)" for line in lines]
        return (*said, f"{self.file}: and {self.more} more faults of these days") if self.more else tuple(said)


@dataclass(frozen=True)
class Sheet:
    """A delimited file in memory.

    Attributes:
        file: Its name, for messages.
        header: Column names as written.
        rows: Line number and cells, as many as the header has.
        comma: Whether numbers have a decimal comma.
    """

    file: str
    header: tuple[str, ...]
    rows: tuple[tuple[int, tuple[str, ...]], ...]
    comma: bool

    def at(self, *names: str) -> int | None:
        """Return the place of the first column with one of these names, None without any."""
        plain = [_name(each) for each in self.header]
        return next((plain.index(name) for name in names if name in plain), None)


def read_sheet(data: bytes, file: str) -> Sheet:
    """Return a delimited file: any of , ; tab and |, a byte-order mark or none, UTF-8, UTF-16 or Windows-1252.

    Raises:
        DataRefusedError: It has no header, a column twice, rows of another length, or numbers in two styles.
    """
    try:
        text = decode_text(data, name=file)
    except DataRefusedError:
        if b"\0" in data or data[:2] in (b"\xff\xfe", b"\xfe\xff"):
            raise
        text = decode_text(data.decode("cp1252", errors="replace").encode(), name=file)
    first = text.split("\n", 1)[0]
    if len(first) > MOST_FIELD or not first.strip():
        raise DataRefusedError(f"{file}: does not begin with a line of column names.")
    delimiter = max((",", ";", "\t", "|"), key=first.count)
    csv.field_size_limit(MOST_FIELD)
    reader = csv.reader(io.StringIO(text, newline=""), delimiter=delimiter)
    rows: list[tuple[int, tuple[str, ...]]] = []
    header: tuple[str, ...] = ()
    try:
        for row in reader:
            if not header:
                header = tuple(cell.strip() for cell in row)
                continue
            if not any(cell.strip() for cell in row):
                continue
            if len(row) != len(header):
                came = f"line {reader.line_num} has {len(row)} columns where the header has {len(header)}"
                raise DataRefusedError(f"{file}: {came}. Is it cut off, or a quotation mark not closed?")
            rows.append((reader.line_num, tuple(cell.strip() for cell in row)))
            if len(rows) > MOST_ROWS:
                raise DataRefusedError(f"{file}: has more than {MOST_ROWS:,} rows. Export a shorter time.")
    except csv.Error as problem:
        raise DataRefusedError(f"{file}: line {reader.line_num} cannot be read ({problem}).") from problem
    twice = [name for name, count in Counter(map(plain_header, header)).items() if count > 1 and name]
    if len(header) > MOST_COLUMNS or twice:
        what = f"the column {twice[0]!r} twice" if twice else f"more than {MOST_COLUMNS} columns"
        raise DataRefusedError(f"{file}: has {printable(what, limit=80)}. Export it again.")
    return Sheet(file, header, tuple(rows), _has_comma(rows, delimiter, file))


def _has_comma(rows: list[tuple[int, tuple[str, ...]]], delimiter: str, file: str) -> bool:
    """Return whether numbers have a decimal comma, from those that can only be read one way."""
    point = comma = ""
    for _, cells in rows:
        for cell in cells:
            point = point or (cell if _POINT.fullmatch(cell) else "")
            comma = comma or (cell if _COMMA.fullmatch(cell) else "")
    if point and comma:
        raise DataRefusedError(f"{file}: has numbers in two styles ({point} and {comma}). Export it again in one.")
    return bool(comma) or (not point and delimiter != ",")


def number(text: str, *, comma: bool) -> float | None:
    """Return a written number, None for an empty cell or a dash, which say no amount.

    Raises:
        ValueError: It is no number, not finite, or negative.
    """
    said = text.replace("\u00a0", "").replace("\u202f", "").replace(" ", "")
    if said.lower() in _UNKNOWN or said == "\u2013":
        return None
    said = said.replace(".", "").replace(",", ".") if comma else said.replace(",", "")
    if not re.fullmatch(r"[+-]?(?:\d+\.?\d*|\.\d+)(?:[eE][+-]?\d+)?", said):
        raise ValueError(f"{printable(text, limit=30)!r} is not a number")
    value = float(said)
    if not math.isfinite(value):
        raise ValueError(f"{printable(text, limit=30)!r} is too large")
    if value < 0:
        raise ValueError(f"{printable(text, limit=30)!r} is negative")
    return value


def unit_factor(unit: str, nutrient: str) -> float:
    """Return what one of a unit is in the unit of a nutrient's column.

    Raises:
        ValueError: The unit does not fit; says why.
    """
    said = plain_header(unit).replace("mcg", "ug")
    wanted = nutrient.rpartition("_")[2]
    if "%" in said or re.search(r"\bdv\b|\brdi\b", said):
        raise ValueError("a share of a daily value is not an amount, and which daily value is not said")
    if wanted == "kcal":
        if said not in ("kcal", "kj", "cal"):
            raise ValueError(f"{unit!r} is not a unit of energy")
        return KCAL_PER_KJ if said == "kj" else 1.0
    if said in ("iu", "ui"):
        if nutrient not in UG_PER_IU:
            raise ValueError("international units are known here for vitamin D only")
        return UG_PER_IU[nutrient]
    if nutrient == "water_g" and said == "ml":
        return 1.0
    if said not in GRAMS:
        raise ValueError(f"{unit!r} is not one of g, mg, \u00b5g, IU")
    return float(f"{GRAMS[said] / GRAMS[wanted]:.9g}")


def _name(head: str) -> str:
    """Return a column's name for comparison; some tools write "Food_Name" and "Energy_(kcal)"."""
    return plain_header(head.replace("_", " "))


@dataclass(frozen=True, slots=True)
class Column:
    """One nutrient column of a sheet: place, nutrient, and what one of its unit is in ours."""

    at: int
    nutrient: str
    factor: float


def nutrient_columns(sheet: Sheet, unsaid: Mapping[str, str]) -> tuple[tuple[Column, ...], tuple[str, ...]]:
    """Return the nutrient columns of a sheet, and in plain lines those that were left out and why.

    Args:
        sheet: The file.
        unsaid: Nutrient column to its unit where the header has none.
    """
    found: list[Column] = []
    left: list[str] = []
    for at, head in enumerate(sheet.header):
        name, unit = _name(head), ""
        # "B12 (Cobalamin) (µg)": the unit stands in the last brackets.
        if (parts := _HEADER.fullmatch(head)) and name not in NAMES:
            name, unit = _name(parts[1]), parts[2]
        nutrient = NAMES.get(name)
        if nutrient is None:
            continue
        shown = printable(head, limit=40)
        if not unit and nutrient not in unsaid:
            left.append(f"column {shown!r}: says no unit (mg or % of a daily value?); left out")
            continue
        if any(each.nutrient == nutrient for each in found):
            left.append(f"column {shown!r}: {nutrient} stands there already; left out")
            continue
        try:
            found.append(Column(at, nutrient, unit_factor(unit or unsaid[nutrient], nutrient)))
        except ValueError as problem:
            left.append(f"column {shown!r}: {problem}; left out")
    return tuple(found), tuple(left)


def amounts(
    sheet: Sheet, row: tuple[int, tuple[str, ...]], columns: tuple[Column, ...], wrong: list[str]
) -> Mapping[str, float]:
    """Return what a row says of each nutrient; empty cells are absent. Faults are added to ``wrong``."""
    line, cells = row
    found = {}
    for column in columns:
        try:
            value = number(cells[column.at], comma=sheet.comma)
            if value is None:
                continue
            value = float(f"{value * column.factor:.9g}")
            if reason := too_much(column.nutrient, value):
                raise ValueError(f"{cells[column.at]!r} cannot be: {reason}")  # noqa: TRY301 - one place for all faults
        except ValueError as problem:
            wrong.append(f"line {line}, {sheet.header[column.at]}: {problem}")
            continue
        found[column.nutrient] = value
    return MappingProxyType(found)


def read_day(text: str, on: date) -> date:
    """Return a day written as 2026-11-24, 2026-9-1 or 2026/11/24, by itself or before a time.

    Raises:
        ValueError: It is written otherwise, or has not been yet.
    """
    if not (said := _DATE.match(text)):
        raise ValueError(f"{printable(text, limit=30)!r} is not a day such as 2026-11-24")
    try:
        found = date(int(said[1]), int(said[3]), int(said[4]))
    except ValueError as problem:
        raise ValueError(f"{said[0]!r} is not a day of the calendar") from problem
    if found.year < FIRST_YEAR:
        raise ValueError(f"{found} is before {FIRST_YEAR}; is the year right?")
    if found > on:
        raise ValueError(f"{found} has not been yet (today is {on})")
    return found


def fingerprint(*cells: str) -> str:
    """Return a short mark of a row's content, the same for the same content."""
    return hashlib.sha256("\x1f".join(cells).encode("utf-8", "replace")).hexdigest()[:10]
