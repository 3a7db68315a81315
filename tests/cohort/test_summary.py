"""Weighted proportions, and what is hidden of them."""

from __future__ import annotations

import os
from pathlib import Path

import numpy as np
import polars as pl
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from rheobase.cohort.summary import EVERYBODY, Line, Summary, summarise
from rheobase.cohort.summary_hidden import Cell, hidden_cells
from rheobase.cohort.summary_survey import SurveyDesign
from rheobase.errors import DataRefusedError

FOLDER = Path(os.environ.get("RHEOBASE_SURVEYS", Path(__file__).parents[2].parent / "shared" / "data" / "nhanes"))
LEVELS = ["emergency_now", "same_day", "routine"]
DESIGN = SurveyDesign("w", "s", "p")


def _judged(people: int = 600, seed: int = 1) -> pl.DataFrame:
    rng = np.random.default_rng(seed)
    levels = rng.choice(LEVELS, people, p=[0.15, 0.35, 0.5])
    flags = [
        None if known else flag
        for known, flag in zip(rng.random(people) < 0.3, rng.choice(["low", "normal"], people), strict=True)
    ]
    return pl.DataFrame(
        {
            "urgency": pl.Series(levels, dtype=pl.Enum(LEVELS)),
            "rules_fired": [["fit"] if each == "emergency_now" else [] for each in levels],
            "flag.potassium": flags,
            "tested.potassium": [each is not None for each in flags],
            "w": rng.uniform(0.5, 4.0, people),
            "s": rng.integers(0, 6, people),
            "p": rng.integers(0, 3, people),
            "sex": rng.choice(["female", "male"], people),
        }
    )


def _of(summary: Summary, *names: str, group: str = EVERYBODY) -> Line:
    (found,) = (
        each
        for each in summary.lines
        if (each.measure.kind, each.measure.of, each.measure.value) == names and each.group == group
    )
    return found


def _by_hand(judged: pl.DataFrame, true: pl.Series, domain: pl.Series) -> tuple[float, float]:
    """Share and standard error of a domain: residuals summed by unit, their spread within each stratum."""
    weight = judged["w"].to_numpy() * domain.to_numpy()
    y = true.fill_null(value=False).cast(pl.Float64).to_numpy()
    total = weight.sum()
    share = float((weight * y).sum() / total)
    residual = weight * (y - share) / total
    variance = 0.0
    for stratum in judged["s"].unique():
        inside = (judged["s"] == stratum).to_numpy()
        units = judged["p"].filter(judged["s"] == stratum).unique()
        sums = np.array([residual[inside & (judged["p"] == unit).to_numpy()].sum() for unit in units])
        variance += len(sums) / (len(sums) - 1) * float(((sums - sums.mean()) ** 2).sum())
    return share, float(np.sqrt(variance))


def test_error_agrees_with_the_formula_by_hand() -> None:
    """Share and standard error are those of Taylor linearisation by hand, overall and in a domain."""
    judged = _judged()
    summary = summarise(judged, DESIGN)
    everyone = pl.Series([True] * judged.height)
    known = judged["flag.potassium"].is_not_null()
    for line, true, domain in (
        (_of(summary, "urgency", "", "same_day"), judged["urgency"].cast(pl.String) == "same_day", everyone),
        (_of(summary, "flag", "potassium", "low"), judged["flag.potassium"] == "low", known),
    ):
        share, error = _by_hand(judged, true, domain)
        assert line.estimate is not None
        assert line.estimate.share == pytest.approx(share, rel=1e-12)
        assert line.estimate.error == pytest.approx(error, rel=1e-9)
        assert line.estimate.freedom == 18 - 6
        assert line.estimate.low < share < line.estimate.high


def test_a_group_is_a_domain_of_the_whole_design() -> None:
    """The share of one sex is worked out with the units of both, as a domain and not as a survey of its own."""
    judged = _judged()
    line = _of(summarise(judged, DESIGN, by="sex"), "urgency", "", "routine", group="male")
    share, error = _by_hand(judged, judged["urgency"].cast(pl.String) == "routine", judged["sex"] == "male")
    assert line.estimate is not None
    assert line.estimate.share == pytest.approx(share)
    assert line.estimate.error == pytest.approx(error, rel=1e-9)


def test_what_is_not_known_is_in_no_denominator() -> None:
    """A flag is a share of those tested, and those not tested are counted as such."""
    judged = _judged()
    summary = summarise(judged)
    flag, untested = _of(summary, "flag", "potassium", "low"), _of(summary, "not_tested", "potassium", "")
    assert flag.known == judged["flag.potassium"].count()
    assert untested.count == judged["flag.potassium"].null_count()
    assert untested.known == judged.height


def test_people_without_a_weight_are_left_out_and_counted() -> None:
    """Rows with no weight, a weight of nought or no stratum are not in the shares, and their number is said."""
    judged = _judged().with_columns(
        pl.when(pl.int_range(pl.len()) < 20)
        .then(0.0)
        .when(pl.int_range(pl.len()) < 40)
        .then(None)
        .otherwise("w")
        .alias("w")
    )
    summary = summarise(judged, DESIGN)
    assert (summary.people, summary.left_out) == (560, 40)


@pytest.mark.skipif(not FOLDER.is_dir(), reason="the files of the survey are not here")
def test_a_published_prevalence_is_met() -> None:
    """Crude obesity of adults 2015-2016 is 39.8 % (men 38.0, women 41.5), as NCHS Data Brief 288 prints it."""
    people = pl.read_parquet(FOLDER / "nhanes_2015_2016.parquet")
    adult = (pl.col("RIDAGEYR") >= 20) & (pl.col("RIDEXPRG").fill_null(0) != 1) & pl.col("BMXBMI").is_not_null()
    obese = pl.when(adult).then(pl.when(pl.col("BMXBMI") >= 30).then(pl.lit("yes")).otherwise(pl.lit("no")))
    judged = people.with_columns(obese.alias("flag.bmi"), pl.lit("routine").alias("urgency"))
    summary = summarise(judged, SurveyDesign("WTMEC2YR", "SDMVSTRA", "SDMVPSU"), by="RIAGENDR", kinds=("flag",))
    for group, percent in ((EVERYBODY, 39.8), ("1", 38.0), ("2", 41.5)):
        estimate = _of(summary, "flag", "bmi", "yes", group=group).estimate
        assert estimate is not None
        assert round(100 * estimate.share, 1) == percent
        assert estimate.freedom == 15


def test_nobody_has_an_upper_end_and_no_error() -> None:
    """When nobody in a group has it the share is 0 with an interval above, and it is shown."""
    judged = _judged().with_columns(
        pl.when(pl.col("sex") == "male")
        .then(pl.lit([], dtype=pl.List(pl.String)))
        .otherwise("rules_fired")
        .alias("rules_fired")
    )
    line = _of(summarise(judged, by="sex", kinds=("rule",)), "rule", "fit", "", group="male")
    assert line.estimate is not None
    assert (line.count, line.estimate.share, line.estimate.low) == (0, 0.0, 0.0)
    assert 0 < line.estimate.high < 0.05


def test_small_numbers_are_hidden_unless_asked_for() -> None:
    """A count of 1 to 10 has neither number nor share, and nor has the one that would give it away."""
    judged = _judged(60).with_columns(
        pl.Series("urgency", ["emergency_now"] * 3 + ["same_day"] * 27 + ["routine"] * 30)
    )
    summary = summarise(judged, kinds=("urgency",))
    small, next_one = _of(summary, "urgency", "", "emergency_now"), _of(summary, "urgency", "", "same_day")
    assert (small.hidden, small.count, small.estimate) == (True, None, None)
    assert (next_one.hidden, next_one.count, next_one.estimate) == (True, None, None)
    assert _of(summary, "urgency", "", "routine").count == 30
    shown = _of(summarise(judged, kinds=("urgency",), smallest=0), "urgency", "", "emergency_now")
    assert shown.count == 3


@settings(max_examples=150, deadline=None)
@given(st.lists(st.lists(st.integers(0, 40), min_size=3, max_size=3), min_size=2, max_size=4))
def test_no_hidden_number_follows_from_the_shown_ones(table: list[list[int]]) -> None:
    """No line of groups or of a partition has a single hidden cell, or hidden cells that are few."""
    groups = ["all", *(f"g{at}" for at in range(len(table)))]
    known = [sum(row) for row in table]
    cells = {(f"m{m}", f"g{g}"): Cell(known[g], table[g][m]) for g in range(len(table)) for m in range(3)}
    cells |= {(f"m{m}", "all"): Cell(sum(known), sum(row[m] for row in table)) for m in range(3)}
    hide = hidden_cells(cells, groups, {f"m{m}": "one" for m in range(3)}, 11)
    for key, cell in cells.items():
        assert key in hide or not 0 < cell.count < 11
    lines = [[(f"m{m}", group) for group in groups[1:]] for m in range(3)]
    lines += [[(f"m{m}", group) for m in range(3)] for group in groups]
    for line in lines:
        hidden = [key for key in line if key in hide]
        if hidden and len(hidden) < len(line):
            assert len(hidden) > 1
            assert sum(cells[key].count for key in hidden) >= 11
    for m in range(3):
        unsaid = [cells[f"m{m}", group].known for group in groups[1:] if hide.get((f"m{m}", group))]
        assert not unsaid or len(unsaid) == len(table) or (len(unsaid) > 1 and sum(unsaid) >= 11)


@pytest.mark.parametrize(
    ("design", "by", "words"),
    [
        (SurveyDesign("nope"), "", "--weight nope: no such column"),
        (SurveyDesign("sex"), "", "expected numbers"),
        (SurveyDesign(), "w", "at most 60 groups"),
    ],
)
def test_a_wrong_design_is_refused_in_words(design: SurveyDesign, by: str, words: str) -> None:
    """A column that is not there, a weight in words, and a group for every person are refused."""
    with pytest.raises(DataRefusedError, match=words):
        summarise(_judged(100), design, by=by)


def test_a_frame_without_a_judgement_is_refused() -> None:
    """A table that no cohort run wrote says so."""
    with pytest.raises(DataRefusedError, match="no column of a judgement"):
        summarise(pl.DataFrame({"age": [1]}))
