"""From what a record says, row by row, to one row a person: newest results, findings still true, medicines."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from datetime import date
from typing import NamedTuple

import polars as pl

from rheobase.assess.lab_newest import is_newer, newer_is_unknown
from rheobase.cohort.frame import COMPARATOR, FLAG, LAB, LOWER, MEDICINE, MONTHS, PER_DAY, PERSON, TAKEN, UPPER
from rheobase.cohort.sources.batch import Refusals
from rheobase.cohort.sources.codes import Days
from rheobase.person import LabResult

DAYS_A_MONTH = 30.4375
# Multiplied, not divided: the same to the last bit for one row as for a million.
_A_DAY = 1 / DAYS_A_MONTH

PEOPLE = pl.Schema(
    {PERSON: pl.String, "age_years": pl.Float64, "sex": pl.String, "left_out": pl.Boolean, "order": pl.Int64}
)
LABS = pl.Schema(
    {
        PERSON: pl.String,
        "analyte": pl.String,
        "value": pl.Float64,
        "comparator": pl.String,
        "flag": pl.String,
        "low": pl.Float64,
        "high": pl.Float64,
        "per_day": pl.Boolean,
        "taken": pl.Date,
        "time": pl.String,
        "order": pl.Int64,
    }
)
SAID = pl.Schema(
    {PERSON: pl.String, "finding": pl.String, "yes": pl.Boolean, "number": pl.Float64, "on": pl.Date, "order": pl.Int64}
)
TAKES = pl.Schema(
    {PERSON: pl.String, "medicine": pl.String, "start": pl.Date, "end": pl.Date, "open": pl.Boolean, "order": pl.Int64}
)
KINDS: Mapping[str, pl.Schema] = {"people": PEOPLE, "labs": LABS, "said": SAID, "takes": TAKES}

_ROW = "_row"
_NO_HOUR = "another result of the same day, and no hour says which is newer; the last listed was read"
_NO_DATE = "another result, and one of them has no date, so which is newer is not known; the last listed was read"

_LAB_COLUMNS = {"value": "", "comparator": COMPARATOR, "flag": FLAG, "low": LOWER, "high": UPPER}


@dataclass(frozen=True, slots=True)
class Moment:
    """The date that is judged, and how long what a record says stays true."""

    on: date
    days: Days


class _Listed(NamedTuple):
    """One of several results of an analyte: its place, when it was taken, and what it says."""

    row: int
    result: LabResult
    says: tuple[object, ...]


def told(
    kinds: Mapping[str, pl.DataFrame],
    moment: Moment,
    schema: Mapping[str, pl.DataType],
    seen: tuple[Refusals, str],
) -> pl.DataFrame:
    """Return one row a person, in the order of the people; only columns that tell something.

    A person met in the results alone is kept, with age and sex not known.

    Args:
        kinds: ``people``, ``labs``, ``said`` and ``takes``, as ``KINDS`` describes them; rows still in force.
        moment: The date that is judged.
        schema: Every column that may be told.
        seen: Where to count the results that may be as new as the one that is told, and the file of the results.
    """
    people = _people(kinds)
    frames = [
        _labs(newest(kinds["labs"], seen)),
        _said(kinds["said"]),
        _takes(uses(kinds["takes"], moment), moment),
    ]
    frame = people
    for each in frames:
        frame = frame.join(each, on=PERSON, how="left", maintain_order="left")
    names = [
        name for name in schema if name in frame.columns and (name == PERSON or frame[name].null_count() < len(frame))
    ]
    return frame.select(pl.col(name).cast(schema[name]) for name in names)


def in_force(
    frame: pl.DataFrame, column: str, still: tuple[Moment, int | None], seen: tuple[Refusals, str]
) -> pl.DataFrame:
    """Return the rows whose day is known, not after the date that is judged, and not too long before; count the others.

    Args:
        frame: Rows.
        column: The column of the day.
        still: The date that is judged, and how many days a row stays true; None for ever.
        seen: Where to count what is left out, and the name of the file.
    """
    refusals, file = seen
    moment, days = still
    ages = (pl.lit(moment.on) - pl.col(column)).dt.total_days()
    old = pl.lit(value=False) if days is None else ages > days
    why = (
        pl.when(pl.col(column).is_null())
        .then(pl.lit("no date: whether it is still true cannot be told"))
        .when(ages < 0)
        .then(pl.lit(f"after {moment.on}, the date that is judged"))
        .when(old)
        .then(pl.lit(f"older than {days} days on {moment.on}"))
    )
    marked = frame.with_columns(why.alias("_why"))
    what = next((name for name in ("analyte", "finding", "medicine") if name in frame.columns), column)
    late = marked.filter(pl.col("_why").is_not_null()).group_by(what, "_why").len().sort(what, "_why")
    for name, reason, times in late.iter_rows():
        refusals.count(file, column, name, reason, times=times)
    return marked.filter(pl.col("_why").is_null()).drop("_why")


def until(labs: pl.DataFrame, moment: Moment, seen: tuple[Refusals, str]) -> pl.DataFrame:
    """Return the blood tests up to the date that is judged, however old, and those without a date; count the others.

    How long a result speaks is for ``assess.old_results`` to say; one without a date counts as today's.

    Args:
        labs: Rows of ``LABS``.
        moment: The date that is judged.
        seen: Where to count what is left out, and the name of the file.
    """
    dated = in_force(labs.filter(pl.col("taken").is_not_null()), "taken", (moment, None), seen)
    return pl.concat([dated, labs.filter(pl.col("taken").is_null())])


def newest(labs: pl.DataFrame, seen: tuple[Refusals, str]) -> pl.DataFrame:
    """Return the result that counts of each analyte of each person: the newest, as ``assess.lab_newest`` says.

    Of results of which neither day nor hour says which is newer the last that is listed counts; the others, where they
    say something else, are counted.

    Args:
        labs: Rows of ``LABS``, in the order in which they are listed.
        seen: Where to count them, and the name of the file.
    """
    by = [PERSON, "analyte"]
    taken = pl.col("taken")
    last = labs.filter(taken.is_null() | (taken == taken.max().over(by))).sort("order").with_row_index(_ROW)
    several = last.filter(pl.len().over(by) > 1)
    if not several.height:
        return last.drop(_ROW)
    groups: dict[tuple[str, str], list[_Listed]] = {}
    for person, analyte, day, time, row, *says in several.select(
        *by, "taken", "time", _ROW, *_LAB_COLUMNS, "per_day"
    ).iter_rows():
        listed = _Listed(row, LabResult(analyte, taken=day, time=time or ""), tuple(says))
        groups.setdefault((person, analyte), []).append(listed)
    refusals, file = seen
    rows: list[int] = []
    for (_, analyte), several_of in groups.items():
        kept = several_of[0]
        for each in several_of[1:]:
            kept = each if is_newer(each.result, kept.result) else kept
        rows.append(kept.row)
        for each in several_of:
            if each.says != kept.says and newer_is_unknown(each.result, kept.result):
                undated = each.result.taken is None or kept.result.taken is None
                refusals.count(file, "taken", analyte, _NO_DATE if undated else _NO_HOUR)
    chosen = pl.col(_ROW).is_in(pl.Series(rows, dtype=pl.UInt32).implode())
    return last.filter((pl.len().over(by) == 1) | chosen).drop(_ROW)


def uses(takes: pl.DataFrame, moment: Moment) -> pl.DataFrame:
    """Return for each person and medicine the present or last period of use: supplies close together are one.

    Args:
        takes: Rows of ``TAKES``; a row that is ``open`` has no end, another without an end lasts for
            ``days.medicine_open``.
        moment: The date that is judged.
    """
    by = [PERSON, "medicine"]
    open_end = pl.col("start") + pl.duration(days=moment.days.medicine_open)
    end = pl.when(pl.col("open")).then(pl.lit(moment.on)).otherwise(pl.coalesce("end", open_end))
    sorted_rows = takes.with_columns(end.alias("end")).sort(*by, "start", "order")
    reached = pl.col("end").cum_max().shift(1).over(by)
    breaks = (pl.col("start") > reached + pl.duration(days=moment.days.gap)).fill_null(value=False)
    return (
        sorted_rows.with_columns(breaks.alias("_new"))
        .with_columns(pl.col("_new").cum_sum().over(by).alias("_use"))
        .group_by(*by, "_use", maintain_order=True)
        .agg(pl.col("start").min(), pl.col("end").max())
        .group_by(*by, maintain_order=True)
        .last()
        .drop("_use")
    )


def _people(kinds: Mapping[str, pl.DataFrame]) -> pl.DataFrame:
    listed = kinds["people"].sort("order").unique(PERSON, keep="first", maintain_order=True)
    others = pl.concat([kinds[kind].select(PERSON) for kind in ("labs", "said", "takes")])
    extra = others.unique(maintain_order=True).join(listed, on=PERSON, how="anti", maintain_order="left")
    everyone = pl.concat([listed, extra], how="diagonal")
    return everyone.filter(~pl.col("left_out").fill_null(value=False)).select(PERSON, "age_years", "sex")


def _labs(labs: pl.DataFrame) -> pl.DataFrame:
    columns: list[pl.Expr] = []
    for analyte in labs["analyte"].unique().sort():
        own = pl.col("analyte") == analyte
        name = f"{LAB}{analyte}"
        pairs = {**{name + end: column for column, end in _LAB_COLUMNS.items()}, name + TAKEN: "taken"}
        columns += [pl.col(column).filter(own).first().alias(target) for target, column in pairs.items()]
        daily = pl.col("per_day").filter(own).first()
        columns.append(pl.when(daily).then(daily).alias(name + PER_DAY))
    return labs.group_by(PERSON, maintain_order=True).agg(columns)


def _said(said: pl.DataFrame) -> pl.DataFrame:
    """Return findings; a yes in force wins over a no of the same finding, the newest number counts."""
    columns: list[pl.Expr] = []
    for finding in said["finding"].unique().sort():
        own = pl.col("finding") == finding
        numbers = bool(said.filter(own)["number"].is_not_null().any())
        column = pl.col("number").filter(own).last() if numbers else pl.col("yes").filter(own).max()
        columns.append(column.alias(finding))
    return (
        said.sort("on", "order", nulls_last=False, maintain_order=True)
        .group_by(PERSON, maintain_order=True)
        .agg(columns)
    )


def _takes(periods: pl.DataFrame, moment: Moment) -> pl.DataFrame:
    now = pl.col("end") >= pl.lit(moment.on)
    lately = pl.col("end") >= pl.lit(moment.on) - pl.duration(days=moment.days.stopped)
    states = periods.with_columns(
        pl.when(now).then(statement=True).when(lately).then(statement=False).alias("_state"),
        pl.when(now).then((pl.lit(moment.on) - pl.col("start")).dt.total_days() * _A_DAY).alias("_months"),
    ).filter(pl.col("_state").is_not_null())
    columns: list[pl.Expr] = []
    for medicine in states["medicine"].unique().sort():
        own = pl.col("medicine") == medicine
        columns.append(pl.col("_state").filter(own).first().alias(f"{MEDICINE}{medicine}"))
        columns.append(pl.col("_months").filter(own).first().alias(f"{MEDICINE}{medicine}{MONTHS}"))
    return states.group_by(PERSON, maintain_order=True).agg(columns)


def age_on(on: date, born: Iterable[int | None]) -> float | None:
    """Return full years of age on a date; where month or day is not known, the fewest that are possible.

    Args:
        on: The date.
        born: Year, month and day; None for what is not known.
    """
    year, month, day = born
    if year is None:
        return None
    had = (on.month, on.day) >= (month or 12, day or 31)
    return float(on.year - year - (0 if had else 1))
