"""Counts and proportions of a judged frame, overall and by group, with survey weights and small numbers hidden.

A proportion is of those in whom the thing is known: a flag of those tested, a band of those of 16 and over.
"""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass

import polars as pl

from rheobase.cohort.summary_hidden import SMALLEST, Cell, hidden_cells
from rheobase.cohort.summary_survey import NOT_KNOWN, Estimate, Proportions, SurveyDesign
from rheobase.errors import DataRefusedError

SCHEMA_VERSION = 1
URGENCY, RULE, BAND, PATTERN, OPEN, FLAG, TESTED = (
    "urgency",
    "rule",
    "band",
    "pattern",
    "open_pattern",
    "flag",
    "not_tested",
)
KINDS = (URGENCY, RULE, BAND, PATTERN, OPEN, FLAG, TESTED)
_LISTS = {RULE: "rules_fired", PATTERN: "patterns", OPEN: "open_patterns"}
_TESTED = "tested."
EVERYBODY = "everybody"
MOST_GROUPS = 60


@dataclass(frozen=True, slots=True)
class Measure:
    """Something that is true of a person, or not, or not known.

    Attributes:
        kind: One of ``KINDS``.
        of: Rule, cause, pattern or analyte; "" for urgency.
        value: Level, band or flag; "" where there is only one.
        partition: Measures of one partition exclude each other and cover everyone known; "" for one that stands alone.
    """

    kind: str
    of: str
    value: str
    partition: str = ""


@dataclass(frozen=True, slots=True)
class Line:
    """One measure in one group.

    Attributes:
        measure: What is counted.
        group: Value of the grouping column, ``everybody`` for all.
        known: People in the group in whom it is known, unweighted; None when hidden.
        count: People in whom it is true, unweighted; None when hidden.
        estimate: The weighted share with its error; None when hidden or when nobody is known.
        hidden: Whether it is hidden because it, or another that follows from it, is small.
    """

    measure: Measure
    group: str
    known: int | None
    count: int | None
    estimate: Estimate | None
    hidden: bool


@dataclass(frozen=True, slots=True)
class Summary:
    """All lines of a judged frame.

    Attributes:
        people: Rows with a weight.
        left_out: Rows without a positive weight, stratum or sampling unit.
        design: Weight, strata and sampling units.
        by: Grouping column; "" for none.
        smallest: Counts below it are hidden; 0 when nothing is.
        lines: Overall first, then by group.
        method: How intervals are worked out, in words.
    """

    people: int
    left_out: int
    design: SurveyDesign
    by: str
    smallest: int
    lines: tuple[Line, ...]
    method: str

    def json(self) -> dict[str, object]:
        """Return the summary as plain data."""
        return {
            "schema_version": SCHEMA_VERSION,
            "people": self.people if not 0 < self.people < self.smallest else None,
            "left_out": self.left_out if not 0 < self.left_out < self.smallest else None,
            "weight": self.design.weight,
            "strata": self.design.strata,
            "psu": self.design.psu,
            "by": self.by or None,
            "counts_below_are_hidden": self.smallest,
            "method": self.method,
            "lines": [_line_json(each) for each in self.lines],
        }


def _line_json(line: Line) -> dict[str, object]:
    estimate = line.estimate
    return {
        "kind": line.measure.kind,
        "of": line.measure.of,
        "value": line.measure.value,
        "group": line.group,
        "known": line.known,
        "count": line.count,
        "hidden": line.hidden,
        "share": None if estimate is None else estimate.share,
        "standard_error": None if estimate is None else estimate.error,
        "low": None if estimate is None else estimate.low,
        "high": None if estimate is None else estimate.high,
        "degrees_of_freedom": None if estimate is None else estimate.freedom,
        "unreliable": None if estimate is None else estimate.unreliable,
    }


def summarise(
    judged: pl.DataFrame,
    design: SurveyDesign | None = None,
    *,
    by: str = "",
    smallest: int = SMALLEST,
    kinds: Sequence[str] = KINDS,
) -> Summary:
    """Return counts and proportions of everything that a judged frame holds.

    Args:
        judged: As ``judge`` returns it, with the columns of the design and of the group kept.
        design: Weight, strata and sampling units; None: everyone counts the same.
        by: A column of groups; people without a value there are a group of their own, "not known".
        smallest: Counts from 1 to below it are hidden, and what would give them away; 0 hides nothing.
        kinds: What to count.

    Raises:
        DataRefusedError: A column is not there, a weight is negative, or there are too many groups.
    """
    design = design or SurveyDesign()
    _check(judged, design, by)
    sample = Proportions.of(judged, design, by)
    measures = dict(_measures(sample.frame, kinds))
    groups = [EVERYBODY, *sample.groups]
    cells: dict[tuple[Measure, str], Cell] = {}
    for measure, column in measures.items():
        for group, known, count in sample.counts(column):
            cells[measure, group] = Cell(known, count)
    hide = hidden_cells(cells, groups, {each: each.partition for each in measures}, smallest)
    estimates = sample.estimates(measures)
    lines = tuple(
        _line((measure, group), cells.get((measure, group), Cell(0, 0)), estimates.get((measure, group)), hide)
        for group in groups
        for measure in measures
    )
    return Summary(sample.frame.height, sample.left_out, design, by, smallest, lines, sample.method)


def _line(
    key: tuple[Measure, str], cell: Cell, estimate: Estimate | None, hide: Mapping[tuple[Measure, str], bool]
) -> Line:
    measure, group = key
    hidden = key in hide
    # Whether even the number of those known is hidden.
    known = None if hide.get(key) else cell.known
    return Line(measure, group, known, None if hidden else cell.count, None if hidden else estimate, hidden)


def _check(judged: pl.DataFrame, design: SurveyDesign, by: str) -> None:
    given = (("--weight", design.weight), ("--strata", design.strata), ("--psu", design.psu), ("--by", by))
    for what, name in given:
        if name and name not in judged.columns:
            keep = "keep it when the cohort is judged (keep=)"
            raise DataRefusedError(f"{what} {name}: no such column; expected one of the judged frame, so {keep}.")
        if name and (judged[name].dtype.is_nested() or judged[name].dtype == pl.Binary):
            raise DataRefusedError(f"{what} {name}: holds {judged[name].dtype}, expected words or numbers.")
    if not {"urgency", "rules_fired", "patterns"} & set(judged.columns):
        raise DataRefusedError(
            "no column of a judgement (urgency, rules_fired, ...): expected the output of a cohort run."
        )
    for name in (each for each in _LISTS.values() if each in judged.columns):
        kind = judged[name].dtype
        if not isinstance(kind, pl.List) or not isinstance(kind.inner, pl.String | pl.Enum | pl.Categorical):
            raise DataRefusedError(f"column {name!r} holds no lists of words: expected the output of a cohort run.")
    if design.weight:
        _check_weights(judged[design.weight], design.weight)
    if by:
        _check_groups(judged[by], by)


def _check_weights(weights: pl.Series, name: str) -> None:
    if not weights.dtype.is_numeric():
        raise DataRefusedError(f"--weight {name}: holds {weights.dtype}, expected numbers.")
    if bool((weights < 0).any()):
        raise DataRefusedError(f"--weight {name}: holds a negative weight, expected 0 or more.")
    if bool(weights.cast(pl.Float64).is_infinite().any()):
        raise DataRefusedError(f"--weight {name}: holds an infinite weight, expected 0 or more.")


def _check_groups(groups: pl.Series, name: str) -> None:
    count = groups.n_unique()
    if count > MOST_GROUPS:
        raise DataRefusedError(f"--by {name}: has {count} values, at most {MOST_GROUPS} groups are shown.")
    if bool(groups.cast(pl.String).is_in([EVERYBODY, NOT_KNOWN]).any()):
        # These words name the whole and those without a value; a group called so would be taken for them.
        raise DataRefusedError(f"--by {name}: a group is called '{EVERYBODY}' or '{NOT_KNOWN}'. Rename it.")


def _measures(frame: pl.DataFrame, kinds: Sequence[str]) -> Iterator[tuple[Measure, pl.Series]]:
    """Yield each measure with its column: true, false, or null where it is not known."""
    if URGENCY in kinds and URGENCY in frame.columns:
        for level in _words(frame[URGENCY]):
            yield Measure(URGENCY, "", level, URGENCY), frame[URGENCY].cast(pl.String) == level
    for kind, column in _LISTS.items():
        if kind in kinds and column in frame.columns:
            for each in sorted(frame[column].explode().drop_nulls().unique()):
                yield Measure(kind, each, ""), frame[column].list.contains(each)
    if BAND in kinds:
        for name in (each for each in frame.columns if each.startswith("band.")):
            cause = name.removeprefix("band.")
            for band in _words(frame[name]):
                yield Measure(BAND, cause, band, name), frame[name].cast(pl.String) == band
    yield from _flags(frame, kinds)


def _flags(frame: pl.DataFrame, kinds: Sequence[str]) -> Iterator[tuple[Measure, pl.Series]]:
    for name in (each for each in frame.columns if FLAG in kinds and each.startswith("flag.")):
        for flag in _words(frame[name]):
            yield Measure(FLAG, name.removeprefix("flag."), flag, name), frame[name].cast(pl.String) == flag
    for name in (each for each in frame.columns if TESTED in kinds and each.startswith(_TESTED)):
        yield Measure(TESTED, name.removeprefix(_TESTED), ""), ~frame[name]


def _words(column: pl.Series) -> list[str]:
    """Return the words that a column can hold, those of an Enum in their order, without those that nobody has."""
    met = set(column.drop_nulls().cast(pl.String).unique())
    if isinstance(column.dtype, pl.Enum):
        return [each for each in column.dtype.categories if each in met]
    return sorted(met)
