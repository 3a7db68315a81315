"""The told frame: which columns may say something of people, of which type, and what is refused.

One row per person; null means "not known" and never "no". Columns, all optional:

- a finding's id: Boolean (yes/no), Float64 (number, in the finding's unit), String (choice), List(String) (sites);
- ``lab.<analyte>``: Float64 in SI; beside it ``.flag``, ``.comparator`` (String), ``.low``, ``.high``
  (Float64, the laboratory's own interval, SI), ``.taken`` (Date of the sample: results too far apart are not combined)
  and ``.per_day`` (Boolean: the urine result is an amount a day, not a concentration);
- ``medicine.<medicine or class>``: Boolean (true: takes it; false: it was stopped), ``.months`` Float64;
- ``takes_no_medicine`` Boolean, ``setting`` String, ``intake.<nutrient>`` Float64 a day, ``person_id`` String.
"""

from __future__ import annotations

import difflib
import functools
from collections.abc import Collection, Iterable, Iterator, Mapping
from types import MappingProxyType

import polars as pl

from rheobase.assess.lab_reading import HIGH, LOW, NEGATIVE, NORMAL, POSITIVE
from rheobase.errors import DataRefusedError
from rheobase.knowledge import Knowledge
from rheobase.person import SETTINGS

PERSON, SETTING, NO_MEDICINE = "person_id", "setting", "takes_no_medicine"
LAB, MEDICINE, INTAKE = "lab.", "medicine.", "intake."
FLAG, COMPARATOR, LOWER, UPPER, TAKEN, PER_DAY = ".flag", ".comparator", ".low", ".high", ".taken", ".per_day"
MONTHS = ".months"
FLAGS = (LOW, NORMAL, HIGH, POSITIVE, NEGATIVE)
COMPARATORS = ("<", "<=", ">", ">=")

_BY_TYPE: Mapping[str, pl.DataType] = MappingProxyType(
    {"yes_no": pl.Boolean(), "number": pl.Float64(), "choice": pl.String(), "sites": pl.List(pl.String())}
)


@functools.lru_cache(maxsize=4)
def schema(knowledge: Knowledge) -> Mapping[str, pl.DataType]:
    """Return every column that may be told, and its type."""
    columns: dict[str, pl.DataType] = {PERSON: pl.String(), SETTING: pl.String(), NO_MEDICINE: pl.Boolean()}
    columns.update({finding.id: _BY_TYPE[finding.type] for finding in knowledge.findings.values()})
    for analyte in knowledge.analytes:
        name = f"{LAB}{analyte}"
        columns.update({name: pl.Float64(), name + LOWER: pl.Float64(), name + UPPER: pl.Float64()})
        columns.update({name + FLAG: pl.String(), name + COMPARATOR: pl.String()})
        columns.update({name + TAKEN: pl.Date(), name + PER_DAY: pl.Boolean()})
    for medicine in (*knowledge.medicines, *knowledge.medicine_classes):
        columns.update({f"{MEDICINE}{medicine}": pl.Boolean(), f"{MEDICINE}{medicine}{MONTHS}": pl.Float64()})
    columns.update({f"{INTAKE}{nutrient}": pl.Float64() for nutrient in knowledge.nutrients})
    return MappingProxyType(columns)


@functools.lru_cache(maxsize=4)
def options(knowledge: Knowledge) -> Mapping[str, tuple[str, ...]]:
    """Return the words that each column of words may hold, by column."""
    words = {f.id: f.options for f in knowledge.findings.values() if f.type in ("choice", "sites")}
    for analyte in knowledge.analytes:
        words[f"{LAB}{analyte}{FLAG}"] = FLAGS
        words[f"{LAB}{analyte}{COMPARATOR}"] = COMPARATORS
    return MappingProxyType({**words, SETTING: SETTINGS})


def check_told(frame: pl.DataFrame, knowledge: Knowledge, keep: Collection[str] = ()) -> pl.DataFrame:
    """Return a told frame with every column in its own type; whole numbers and categories are widened.

    Args:
        frame: One row per person.
        knowledge: Which findings, analytes, medicines and nutrients there are.
        keep: Columns that are carried along and never read.

    Raises:
        DataRefusedError: A column is not known, has another type, or holds a word or a number that it cannot hold;
            names the column, what came and what was expected, and the first row of a number that cannot be.
    """
    known = schema(knowledge)
    for name in frame.columns:
        if name not in known and name not in keep:
            raise DataRefusedError(_unknown(name, known))
    told = [name for name in frame.columns if name in known and name not in keep]
    checked = frame.with_columns(_typed(frame.schema, told, known))
    _check_words(checked, told, options(knowledge))
    _check_numbers(checked, (name for name in told if known[name] == pl.Float64))
    _check_limits(checked, told, limits(knowledge))
    return checked


@functools.lru_cache(maxsize=4)
def limits(knowledge: Knowledge) -> Mapping[str, tuple[float | None, float | None, str]]:
    """Return the least and the most that each column of numbers may hold, and its unit, by column."""
    most = knowledge.intake.value("adequacy.most_per_day")
    found: dict[str, tuple[float | None, float | None, str]] = {
        each.id: (each.minimum, each.maximum, each.unit or "")
        for each in knowledge.findings.values()
        if each.type == "number"
    }
    for analyte in knowledge.analytes.values():
        found[f"{LAB}{analyte.id}"] = (analyte.plausible_min, analyte.plausible_max, analyte.unit_si or "")
    for medicine in (*knowledge.medicines, *knowledge.medicine_classes):
        found[f"{MEDICINE}{medicine}{MONTHS}"] = (0.0, None, "months")
    for nutrient in knowledge.nutrients:
        found[f"{INTAKE}{nutrient}"] = (0.0, most, f"{knowledge.food_units[nutrient].unit} a day")
    return MappingProxyType(found)


def coded(checked: pl.DataFrame, knowledge: Knowledge) -> pl.DataFrame:
    """Return checked columns with their words, but not those of places, as Enum: small numbers inside."""
    words = options(knowledge)
    named = [name for name, kind in checked.schema.items() if name in words and kind == pl.String]
    return checked.with_columns(pl.col(name).cast(pl.Enum(words[name])) for name in named)


def _unknown(name: str, known: Iterable[str]) -> str:
    near = difflib.get_close_matches(name, known, 1)
    hint = f"did you mean {near[0]!r}? " if near else ""
    return f"column {name!r} is not known: {hint}name it in keep= to carry it along unread"


def _typed(
    found: Mapping[str, pl.DataType], told: Iterable[str], known: Mapping[str, pl.DataType]
) -> Iterator[pl.Expr]:
    for name in told:
        came, expected = found[name], known[name]
        if came == expected:
            continue
        if not _widens(came, expected):
            raise DataRefusedError(f"column {name!r} holds {came}, expected {expected}: convert it first")
        yield pl.col(name).cast(expected)


def _widens(came: pl.DataType, expected: pl.DataType) -> bool:
    """Whether nothing is lost or guessed: a number from a number, words from categories, anything from nulls alone."""
    if came == pl.Null:
        return True
    if expected == pl.Float64:
        return came.is_numeric() and came != pl.Decimal
    if expected == pl.String:
        return came in (pl.Categorical, pl.Enum)
    if isinstance(came, pl.List) and isinstance(expected, pl.List):
        return came.inner in (pl.Categorical, pl.Enum, pl.Null)
    return False


def _check_words(frame: pl.DataFrame, told: Iterable[str], words: Mapping[str, tuple[str, ...]]) -> None:
    named = (frame[name] for name in told if name in words)
    columns = (each.explode(empty_as_null=False, keep_nulls=False) if each.dtype == pl.List else each for each in named)
    for column in columns:
        understood = column.cast(pl.Enum(words[column.name]), strict=False)
        if understood.null_count() > column.null_count():
            strange = column.filter(understood.is_null() & column.is_not_null()).unique().sort()[0]
            expected = ", ".join(words[column.name])
            raise DataRefusedError(f"column {column.name!r} holds {strange!r}, expected one of {expected} or null")


def _check_numbers(frame: pl.DataFrame, numbers: Iterable[str]) -> None:
    names = list(numbers)
    if not names or not frame.height:
        return
    strange = frame.select((~pl.col(name).is_finite()).any() for name in names).row(0)
    for name, found in zip(names, strange, strict=True):
        if found:
            raise DataRefusedError(f"column {name!r} holds a NaN or an infinite number, expected a number or null")


def _check_limits(
    frame: pl.DataFrame, told: Iterable[str], known: Mapping[str, tuple[float | None, float | None, str]]
) -> None:
    names = [name for name in told if name in known]
    if not names or not frame.height:
        return
    ends = frame.select(
        pl.struct(pl.col(name).min().alias("min"), pl.col(name).max().alias("max")).alias(name) for name in names
    )
    for name, found in ends.row(0, named=True).items():
        low, high, unit = known[name]
        below = low is not None and found["min"] is not None and found["min"] < low
        if below or (high is not None and found["max"] is not None and found["max"] > high):
            value = found["min"] if below else found["max"]
            row = int((frame[name] == value).arg_max() or 0) + 1
            expected = f"{low:.10g} or more" if high is None else f"{low or 0:.10g} to {high:.10g}"
            raise DataRefusedError(
                f"column {name!r} holds {value:.10g} in row {row}, expected {expected} {unit}".rstrip() + ", or null"
            )
