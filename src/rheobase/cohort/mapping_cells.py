"""Cells of one column, read all at once: a value, nothing, or the reason why a cell cannot be used."""

from __future__ import annotations

import math
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from datetime import date
from typing import cast

import polars as pl

from rheobase.cohort.frame import COMPARATOR, COMPARATORS, PER_DAY, limits, options, schema
from rheobase.cohort.mapping import UNKNOWN, ColumnMap, is_daily, unit_factor
from rheobase.knowledge import Knowledge
from rheobase.plain_text import printable

_YES, _NO = ("true", "t", "yes", "y", "1", "present"), ("false", "f", "no", "n", "0", "absent")
_STOPPED, _NOWHERE = "stopped", "none"
_SILENT = ("", UNKNOWN, "not known", "don't know")
_SIGNS = {"≤": "<=", "≥": ">=", "=<": "<=", "=>": ">="}
_SEPARATORS = "[;|,]"
_HOUR = r"^(\d{4}-\d{2}-\d{2})[T ]\d{2}:\d{2}(?::\d{2}(?:\.\d+)?)?(?:Z|[+-]\d{2}:?\d{2})?$"
# A unit or a word that is quoted back is cut here.
_SHOWN = 40


@dataclass(frozen=True, slots=True)
class Cells:
    """One column as read.

    Attributes:
        told: Columns of the told frame, by name; null where nothing is known or the cell is refused.
        why: For each row why its cell is refused; null where it is not. None: no cell is.
    """

    told: Mapping[str, pl.Series]
    why: pl.Series | None = None


@dataclass(frozen=True)
class CellReader:
    """Reads columns of one source.

    Attributes:
        knowledge: Options, limits and units.
        missing: Texts that say nothing, beside the empty one.
        on: The day that is judged; None where that does not matter.
        factors: Units that were looked up before, by analyte and spelling.
    """

    knowledge: Knowledge
    missing: Sequence[str] = ()
    on: date | None = None
    factors: dict[tuple[str, str], float | None] = field(default_factory=dict)

    def read(self, frame: pl.DataFrame, column: ColumnMap) -> Cells:
        """Return what one column of a source tells."""
        series = frame[column.source]
        expected = schema(self.knowledge)[column.target]
        if series.dtype == pl.Null:
            return Cells({column.target: pl.Series(column.target, [None] * len(series), expected)})
        if _as_it_is(series.dtype, expected, column):
            return Cells({column.target: series.alias(column.target)})
        if not _readable(series.dtype, expected):
            refused = _why(series.is_not_null(), f"holds {series.dtype}, expected {_words(expected)}")
            return Cells({column.target: pl.Series(column.target, [None] * len(series), expected)}, refused)
        if expected == pl.Float64:
            return self._numbers(frame, column)
        if expected == pl.Boolean or column.option:
            told, why = _truths(self._text(series, column), asked=column.asked)
        elif expected == pl.Date:
            told, why = self._dates(series, column)
        elif isinstance(expected, pl.List):
            told, why = self._sites(series, column)
        else:
            told, why = self._choices(series, column)
        return Cells({column.target: told.rename(column.target)}, why)

    def _text(self, series: pl.Series, column: ColumnMap) -> pl.Series:
        """Return cells as text: stripped, codes put in words, null where nothing is said."""
        text = as_text(series)
        if column.values:
            meant = [_canonical(value) for value in column.values.values()]
            text = text.replace(list(column.values), pl.Series(meant, dtype=pl.String))
        silent = [*_SILENT, *self.missing]
        low = text.str.to_lowercase()
        return pl.select(pl.when(text.is_in(self.missing) | low.is_in(silent)).then(None).otherwise(text)).to_series()

    def _numbers(self, frame: pl.DataFrame, column: ColumnMap) -> Cells:
        series = frame[column.source]
        if (quick := self._all_fine(series, column)) is not None:
            return quick
        comparator = None
        if series.dtype.is_numeric() and not column.values and not self.missing:
            # A NaN of a float column is how most libraries write "missing"; it is never a value.
            number = series.cast(pl.Float64).fill_nan(None)
            why = _why(number.is_infinite(), "is not a finite number")
        else:
            text = self._text(series, column)
            if column.target.startswith("lab.") and column.analyte and "." not in column.target[4:]:
                comparator, text = _comparator(text)
            number = text.cast(pl.Float64, strict=False).fill_nan(None)
            why = _why(text.is_not_null() & (number.is_null() | number.is_infinite()), "is no number")
        number, why = _only_fine(number * column.factor + column.offset, why)
        daily = None
        if column.analyte:
            number, why, daily = self._in_si(frame, column, (number, why))
        low, high = self._limits(column)
        number, why = _within(number, why, (low, high))
        told = {column.target: number}
        # There in every batch or in none, so that every part of a run has the same columns.
        if comparator is not None:
            told[column.target + COMPARATOR] = _where(number.is_not_null(), comparator)
        if daily is not None:
            told[column.target + PER_DAY] = _where(number.is_not_null(), daily)
        return Cells(told, why)

    def _all_fine(self, series: pl.Series, column: ColumnMap) -> Cells | None:
        """Return a column of numbers in one unit if each is missing or one that can be; else it is read by cell."""
        if not series.dtype.is_numeric() or column.values or self.missing or column.unit_column is not None:
            return None
        number = series.cast(pl.Float64).fill_nan(None)
        if (column.factor, column.offset) != (1.0, 0.0):
            number = number * column.factor + column.offset
        factor = self._factor(column.analyte, column.unit) if column.analyte and column.unit else None
        if factor is not None:
            number = number * factor
        least, most = cast("float | None", number.min()), cast("float | None", number.max())
        low, high = self._limits(column)
        if least is not None and most is not None:
            ends = (-math.inf if low is None else low, math.inf if high is None else high)
            if not (ends[0] <= least and most <= ends[1] and math.isfinite(least) and math.isfinite(most)):
                return None
        told = {column.target: number}
        if column.analyte and is_daily(column.unit or ""):
            told[column.target + PER_DAY] = _where(number.is_not_null(), pl.Series([True] * len(number)))
        return Cells(told)

    def _in_si(
        self, frame: pl.DataFrame, column: ColumnMap, read: tuple[pl.Series, pl.Series]
    ) -> tuple[pl.Series, pl.Series, pl.Series | None]:
        """Return values in the SI unit, why some are refused, and which are amounts a day."""
        number, why = read
        name = str(column.analyte)
        analyte = self.knowledge.analytes[name]
        if column.unit_column is None:
            factor = self._factor(name, column.unit) if column.unit else 1.0
            a_day = pl.Series([True] * len(number)) if column.unit and is_daily(column.unit) else None
            return number * (factor or 1.0), why, a_day
        unit = as_text(frame[column.unit_column]).replace("", None)
        found = {each: self._factor(name, each) for each in unit.unique().drop_nulls().to_list()}
        factors = unit.replace_strict(list(found), list(found.values()), default=None, return_dtype=pl.Float64)
        expected = ", ".join(each.unit for each in analyte.units)
        strange = {
            each: f"unit {printable(each, limit=_SHOWN)!r} is not one of {analyte.name}: expected {expected}"
            for each, factor in found.items()
            if factor is None
        }
        told = number.is_not_null()
        if strange:
            reason = unit.replace_strict(list(strange), list(strange.values()), default=None, return_dtype=pl.String)
            why = why.zip_with(why.is_not_null() | ~told, reason)
        why = _and_why(why, told & unit.is_null(), f"has no unit, expected {expected}")
        a_day = None
        if any(is_daily(each.unit) for each in analyte.units):
            a_day = unit.is_in([each for each in found if is_daily(each)]).fill_null(value=False)
        return (*_only_fine(number * factors, why), a_day)

    def _factor(self, analyte: str, unit: str) -> float | None:
        if (analyte, unit) not in self.factors:
            self.factors[analyte, unit] = unit_factor(self.knowledge, analyte, unit)
        return self.factors[analyte, unit]

    def _limits(self, column: ColumnMap) -> tuple[float | None, float | None]:
        # The ends of a laboratory's interval may lie outside of what a result can be.
        low, high, _ = limits(self.knowledge).get(column.target, (0.0, None, ""))
        return low, high

    def _choices(self, series: pl.Series, column: ColumnMap) -> tuple[pl.Series, pl.Series]:
        known = options(self.knowledge).get(column.target, COMPARATORS)
        text = self._text(series, column)
        low = text.str.to_lowercase().str.replace_all(r"[\s-]+", "_")
        told = _where(low.is_in(list(known)).fill_null(value=False), low)
        return told, _why(text.is_not_null() & told.is_null(), f"is not one of {', '.join(known)}")

    def _sites(self, series: pl.Series, column: ColumnMap) -> tuple[pl.Series, pl.Series]:
        known = options(self.knowledge)[column.target]
        said = pl.Series([True] * len(series), dtype=pl.Boolean)
        if isinstance(series.dtype, pl.List):
            lists = series.cast(pl.List(pl.String))
        else:
            text = self._text(series, column).str.to_lowercase()
            lists = text.str.replace_all(_SEPARATORS, ";").str.split(";").list.eval(pl.element().str.strip_chars())
            # "None" is nowhere; a lone separator says nothing, and is not "nowhere".
            said = lists.list.eval(pl.element() != "").list.any().fill_null(value=True)
            lists = lists.list.eval(pl.element().filter(~pl.element().is_in(["", _NOWHERE])))
        strange = lists.list.eval(~pl.element().is_in(list(known))).list.any().fill_null(value=False)
        why = _why(strange, f"names a place that is not one of {', '.join(known)}")
        return _only_fine(lists, _and_why(why, ~said, f"names no place, expected some of {', '.join(known)}, or none"))

    def _dates(self, series: pl.Series, column: ColumnMap) -> tuple[pl.Series, pl.Series]:
        if series.dtype in (pl.Date, pl.Datetime):
            return series.cast(pl.Date), _fine(len(series))
        text = self._text(series, column)
        form = column.format or "%Y-%m-%d"
        if column.format is None:
            # The hour after a day is left; anything else beside it makes it no date.
            text = text.str.replace(_HOUR, "$1")
        told = text.str.to_date(form, strict=False)
        return told, _why(text.is_not_null() & told.is_null(), f"is no date as {form}")


def as_text(series: pl.Series) -> pl.Series:
    """Return cells as stripped text; 1.0 in a column of numbers is "1", as a code is written; NaN is missing.

    By the cell: a 0.5 elsewhere in the column must not make another text of the 99.0 that stands for "missing".
    """
    if series.dtype.is_float():
        series = series.fill_nan(None)
        whole = series.cast(pl.Int64, strict=False)
        plain = (whole.cast(series.dtype) == series).fill_null(value=False)
        return pl.select(pl.when(plain).then(whole.cast(pl.String)).otherwise(series.cast(pl.String))).to_series()
    return series.cast(pl.String).str.strip_chars()


def sites_of(parts: Sequence[tuple[str, pl.Series]]) -> pl.Series:
    """Return the sites that several yes/no columns name together.

    Args:
        parts: Site and its column of truths. One yes is enough to know something; no is known when all say no.
    """
    named = pl.concat_list(
        [pl.when(series.fill_null(value=False)).then(pl.lit(site)) for site, series in parts]
    ).list.drop_nulls()
    lists = pl.select(named).to_series() if len(parts[0][1]) else pl.Series([], dtype=pl.List(pl.String))
    all_known = pl.select(pl.all_horizontal([series.is_not_null() for _, series in parts])).to_series()
    return _where((lists.list.len() > 0) | all_known, lists)


def _canonical(value: object) -> str | None:
    if isinstance(value, bool):
        return _YES[0] if value else _NO[0]
    if isinstance(value, str):
        return value.strip()
    return repr(value)


def _truths(text: pl.Series, *, asked: bool) -> tuple[pl.Series, pl.Series]:
    low = text.str.to_lowercase()
    if asked:
        told = low.is_in(_YES)
        fine = (told | low.is_in([*_NO, _STOPPED])).fill_null(value=True)
        told = _where((told | (low == _STOPPED)).fill_null(value=False), told)
    else:
        told = low.is_in(_YES)
        fine = (told | low.is_in(_NO)).fill_null(value=True)
        told = _where(fine, told)
    expected = "yes, no or stopped" if asked else "yes or no"
    return told, _why(~fine, f"is not understood, expected {expected}; say what it means under values")


def _comparator(text: pl.Series) -> tuple[pl.Series, pl.Series]:
    """Return the sign before each number, and the number without it."""
    signs = (*COMPARATORS, *_SIGNS)
    pattern = "^(" + "|".join(sorted(signs, key=len, reverse=True)) + r")\s*"
    sign = text.str.extract(pattern, 1).replace(list(_SIGNS), list(_SIGNS.values()))
    return sign, text.str.replace(pattern, "")


def _within(
    number: pl.Series, why: pl.Series, limits: tuple[float | None, float | None]
) -> tuple[pl.Series, pl.Series]:
    low, high = limits
    if low is not None:
        outside = (number < low).fill_null(value=False)
        why = _and_why(why, outside, f"is below {low:g}, the least that can be" + ("" if high is None else _unit_hint))
    if high is not None:
        outside = (number > high).fill_null(value=False)
        why = _and_why(why, outside, f"is above {high:g}, the most that can be{_unit_hint}")
    return _only_fine(number, why)


_unit_hint = "; is the unit right?"


def _only_fine(number: pl.Series, why: pl.Series) -> tuple[pl.Series, pl.Series]:
    return _where(why.is_null(), number), why


def _where(mask: pl.Series, values: pl.Series) -> pl.Series:
    return pl.select(pl.when(mask).then(values)).to_series()


def _why(refused: pl.Series, reason: str) -> pl.Series:
    return pl.select(pl.when(refused.fill_null(value=False)).then(pl.lit(reason))).to_series()


def _and_why(why: pl.Series, refused: pl.Series, reason: str) -> pl.Series:
    return pl.select(pl.when(why.is_null() & refused).then(pl.lit(reason)).otherwise(why)).to_series()


def _fine(rows: int) -> pl.Series:
    return pl.Series([None] * rows, dtype=pl.String)


def _as_it_is(came: pl.DataType, expected: pl.DataType, column: ColumnMap) -> bool:
    """Whether truths and dates mean what they say, so that no cell needs to be read."""
    plain = not column.values and not column.option and not column.asked and column.format is None
    return plain and came == expected and expected in (pl.Boolean, pl.Date)


def _readable(came: pl.DataType, expected: pl.DataType) -> bool:
    if isinstance(came, pl.List):
        return isinstance(expected, pl.List) and came.inner in (pl.String, pl.Categorical, pl.Enum, pl.Null)
    if came in (pl.Date, pl.Datetime):
        return expected == pl.Date
    if came == pl.Boolean:
        return expected != pl.Float64
    return came.is_numeric() or came in (pl.String, pl.Categorical, pl.Enum)


def _words(expected: pl.DataType) -> str:
    if expected == pl.Float64:
        return "numbers"
    if expected == pl.Boolean:
        return "yes or no"
    return "a date" if expected == pl.Date else "words"
