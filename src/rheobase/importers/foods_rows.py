"""What the readers of food tables share: careful numbers, units by nutrient, and what was left out and why.

A value that cannot be true becomes unknown and is listed; it never becomes zero, and never a guess. A file whose shape
is wrong is refused whole.
"""

from __future__ import annotations

import csv
import io
import math
import re
import unicodedata
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass, field
from types import MappingProxyType
from typing import IO

from rheobase.errors import DataRefusedError
from rheobase.foods import NUTRIENTS, Food, FoodTable, Portion
from rheobase.plain_text import printable

MOST_FOODS, MOST_FIELD, MOST_COLUMNS, LISTED = 200_000, 100_000, 5_000, 10
# The heaviest helping that a table may weigh [g]; the energy of pure fat with room [kcal/100 g]; mass in 100 g [g].
MOST_PORTION_G, MOST_ENERGY_KCAL, MOST_MASS_G = 20_000.0, 1_000.0, 100.5
GRAMS = {"g": 1.0, "mg": 1e-3, "ug": 1e-6}
KCAL_PER_KJ = 1 / 4.184
# Vitamin D: 1 international unit is 0.025 µg. Other vitamins have other units, so IU is refused for them.
UG_PER_IU = {"vitamin_d_ug": 0.025}
_THOUSANDS = re.compile(r"^[+-]?\d{1,3}(?:,\d{3})+(?:\.\d+)?$")
_PERCENT = re.compile(r"%|\bdv\b", re.IGNORECASE)


@dataclass
class LeftOut:
    """What was not taken, in plain lines; the first few are kept and the rest counted."""

    count: int = 0
    lines: list[str] = field(default_factory=list)

    def note(self, line: str) -> None:
        """Add one line."""
        self.count += 1
        if len(self.lines) < LISTED:
            self.lines.append(printable(line, limit=200))

    def told(self) -> tuple[str, ...]:
        """Return the lines, with how many more there are."""
        more = self.count - len(self.lines)
        return (*self.lines, *((f"and {more} more",) if more else ()))


@dataclass(frozen=True)
class FoodImport:
    """A table read from a person's own file.

    Attributes:
        table: The foods.
        left_out: In plain lines, what was not taken and why.
    """

    table: FoodTable
    left_out: tuple[str, ...]


def read_number(text: str, *, decimal_comma: bool) -> float | None:
    """Return a written number; None for an empty cell, a dash, "traces" or "< 0.5", which say no amount.

    Raises:
        ValueError: It is no number, or not finite.
    """
    said = text.strip().replace("\u00a0", "").replace(" ", "")
    if not said or said in ("-", "--", "\u2013") or said.lower() in ("traces", "tr", "n/a", "na", "null", "none"):
        return None
    if said.startswith("<"):
        return None
    if "," in said:
        said = said.replace(",", "") if not decimal_comma and _THOUSANDS.match(said) else said.replace(",", ".")
    value = float(said)
    if not math.isfinite(value):
        raise ValueError(f"{text.strip()!r} is not a finite number")
    return value


def to_column(value: float, unit: str, nutrient: str) -> float:
    """Return a value in the unit of a nutrient's column.

    Args:
        value: Amount in 100 g.
        unit: g, mg, ug (or its other spellings), kcal, kJ or IU.
        nutrient: One of ``NUTRIENTS``.

    Raises:
        ValueError: The unit does not fit the nutrient, or the amount cannot be true.
    """
    said = unit.strip().lower().replace("\u00b5", "u").replace("\u03bc", "u").replace("mcg", "ug")
    wanted = nutrient.rpartition("_")[2]
    if _PERCENT.search(said):
        raise ValueError("a share of a daily value is not an amount")
    if wanted == "kcal":
        if said not in ("kcal", "kj"):
            raise ValueError(f"unit {unit!r} is not one of energy (kcal, kJ)")
        found = value * (KCAL_PER_KJ if said == "kj" else 1.0)
        if not 0 <= found <= MOST_ENERGY_KCAL:
            raise ValueError(f"{value:g} {unit} in 100 g cannot be")
        return found
    if said in ("iu", "ui"):
        if nutrient not in UG_PER_IU:
            raise ValueError("international units are known for vitamin D only")
        grams = value * UG_PER_IU[nutrient] * GRAMS["ug"]
    elif said in GRAMS:
        grams = value * GRAMS[said]
    else:
        raise ValueError(f"unit {unit!r} is not one of g, mg, \u00b5g, IU")
    if not 0 <= grams <= MOST_MASS_G:
        raise ValueError(f"{value:g} {unit} in 100 g cannot be")
    return value if said == wanted else float(f"{grams / GRAMS[wanted]:.9g}")


@dataclass
class Draft:
    """One food while it is read."""

    id: str
    description: str
    group: str = ""
    values: dict[str, float] = field(default_factory=dict)
    portions: list[Portion] = field(default_factory=list)

    def take(self, nutrient: str, value: float | None, unit: str, left_out: LeftOut) -> None:
        """Take a value if it can be true; else note it. The first value of a nutrient stays."""
        if value is None or nutrient in self.values:
            return
        try:
            self.values[nutrient] = to_column(value, unit, nutrient)
        except ValueError as problem:
            left_out.note(f"{self.description} ({self.id}), {nutrient.rpartition('_')[0]}: {problem}; taken as unknown")

    def take_portion(self, amount: float | None, measure: str, grams: float | None, left_out: LeftOut) -> None:
        """Take a household measure if it weighs something sensible; else note it."""
        if amount is None or grams is None or not measure:
            return
        if not (0 < grams <= MOST_PORTION_G and 0 < amount <= MOST_PORTION_G):
            left_out.note(f"{self.description} ({self.id}): {amount:g} {measure} = {grams:g} g cannot be; left out")
            return
        self.portions.append(Portion(amount, measure, grams))

    def food(self, table: str) -> Food:
        """Return the finished food; whatever was not read is unknown."""
        values = MappingProxyType({name: self.values.get(name) for name in NUTRIENTS})
        return Food(self.id, self.description, self.group, table, tuple(self.portions), values)


def finish(drafts: Sequence[Draft], name: str, left_out: LeftOut, *, file: str) -> FoodImport:
    """Return the table of everything that was read.

    Raises:
        DataRefusedError: There is no food in it, or an id stands twice, or more is impossible than possible.
    """
    if not drafts:
        raise DataRefusedError(f"{file}: holds no food. Is this the right file?")
    if left_out.count > max(LISTED, sum(len(each.values) for each in drafts)):
        first = left_out.lines[0]
        raise DataRefusedError(f"{file}: more values are impossible than possible, such as: {first}. Check the units.")
    try:
        table = FoodTable.of(name, (each.food(name) for each in drafts))
    except ValueError as problem:
        raise DataRefusedError(f"{file}: {problem} Keep one of them.") from problem
    return FoodImport(table, left_out.told())


def check_count(count: int, file: str) -> None:
    """Refuse a table with more foods than can be searched.

    Raises:
        DataRefusedError: There are more than ``MOST_FOODS``.
    """
    if count > MOST_FOODS:
        raise DataRefusedError(f"{file}: has more than {MOST_FOODS:,} foods. Cut it down to those that you eat.")


def plain_header(text: str) -> str:
    """Return a column name for comparison: lower case, no accents, single spaces."""
    decomposed = unicodedata.normalize("NFKD", text.replace("\u00b5", "u"))
    bare = "".join(letter for letter in decomposed if not unicodedata.combining(letter))
    return " ".join(bare.lower().replace("\u03bc", "u").split())


@dataclass(frozen=True)
class Rows:
    """A delimited file.

    Attributes:
        header: Column names as written.
        delimiter: What parts the columns.
        rows: Each row by column name; rows of another length are refused as they come.
    """

    header: tuple[str, ...]
    delimiter: str
    rows: Iterator[Mapping[str, str]]


def open_rows(stream: IO[bytes], file: str) -> Rows:
    """Return a delimited file by its header: any of , ; tab and |, with or without a byte-order mark.

    Raises:
        DataRefusedError: It has no header, too many columns, a column twice, or is no text in UTF-8 or Windows-1252.
    """
    first = stream.readline(MOST_FIELD + 1)
    # A spreadsheet breaks long column names within their quotes: the header then has several lines.
    while b"\t" not in first and first.count(b'"') % 2 and len(first) <= MOST_FIELD:
        if not (more := stream.readline(MOST_FIELD + 1)):
            break
        first += more
    if len(first) > MOST_FIELD:
        raise DataRefusedError(f"{file}: its first line has more than {MOST_FIELD:,} characters; expected a header.")
    if b"\0" in first or not first.strip():
        raise DataRefusedError(f"{file}: does not begin with a line of column names.")
    # A file in Windows-1252 shows it in its first accented letter; later letters are not worth refusing it.
    try:
        first.decode("utf-8-sig")
        encoding = "utf-8-sig"
    except UnicodeDecodeError:
        encoding = "cp1252"
    line = first.decode(encoding, errors="replace")
    delimiter = max(("\t", ";", ",", "|"), key=line.count)
    header = tuple(
        " ".join(name.split()) for name in next(csv.reader(io.StringIO(line, newline=""), delimiter=delimiter))
    )
    if len(header) > MOST_COLUMNS or len(set(header)) != len(header):
        raise DataRefusedError(f"{file}: has a column name twice, or more than {MOST_COLUMNS:,} columns.")
    text = _lines(stream, encoding.removesuffix("-sig"), file)
    # Tab-separated exports write quotes as they are.
    if delimiter == "\t":
        reader = csv.reader(text, delimiter=delimiter, quoting=csv.QUOTE_NONE)
    else:
        reader = csv.reader(text, delimiter=delimiter)
    return Rows(header, delimiter, _by_name(reader, header, file))


def _lines(stream: IO[bytes], encoding: str, file: str) -> Iterator[str]:
    """Yield lines as text, none longer than a line may be."""
    while line := stream.readline(MOST_FIELD + 1):
        if len(line) > MOST_FIELD:
            raise DataRefusedError(f"{file}: a line has more than {MOST_FIELD:,} characters. Is this the right file?")
        yield line.decode(encoding, errors="replace")


def _by_name(reader: Iterator[list[str]], header: tuple[str, ...], file: str) -> Iterator[Mapping[str, str]]:
    csv.field_size_limit(MOST_FIELD)
    number = 1
    while True:
        number += 1
        try:
            row = next(reader, None)
        except csv.Error as problem:
            raise DataRefusedError(f"{file}: line {number} cannot be read ({problem}).") from problem
        if row is None:
            return
        if not row:
            continue
        if len(row) != len(header):
            raise DataRefusedError(
                f"{file}: line {number} has {len(row)} columns where the header has {len(header)}. Is it cut off, "
                "or a quotation mark not closed?"
            )
        yield dict(zip(header, row, strict=True))


def need_columns(rows: Rows, names: Sequence[str], file: str) -> None:
    """Refuse a file that lacks a column.

    Raises:
        DataRefusedError: Names those that are missing and those that came.
    """
    if missing := [name for name in names if name not in rows.header]:
        came = printable(", ".join(rows.header), limit=120)
        raise DataRefusedError(f"{file}: has no column {', '.join(missing)}; it has {came}.")
