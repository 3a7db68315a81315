"""People are judged in blocks by several threads: nobody's judgement depends on who else is there."""

from __future__ import annotations

import polars as pl
import pytest
from polars.testing import assert_frame_equal

from rheobase.cohort import judge as judging
from rheobase.cohort.dummy import dummy_frames
from rheobase.cohort.judge import judge
from rheobase.cohort.kernels import BLOCK
from rheobase.errors import DataRefusedError
from rheobase.knowledge import load_knowledge

KNOWLEDGE = load_knowledge()
PEOPLE = 5 * BLOCK + 77


@pytest.fixture(scope="module")
def told() -> pl.DataFrame:
    """Return people enough for several blocks, the last of them not full."""
    return pl.concat(dummy_frames(KNOWLEDGE, PEOPLE, 3))


@pytest.mark.parametrize("start", [0, 3, BLOCK + 5])
def test_a_judgement_does_not_depend_on_the_blocks(
    told: pl.DataFrame, start: int, monkeypatch: pytest.MonkeyPatch
) -> None:
    """A slice that starts anywhere, in blocks of the least size, is judged as it is among everybody."""
    whole = judge(told, KNOWLEDGE)
    monkeypatch.setattr(judging, "AT_ONCE", BLOCK)
    part = judge(told.slice(start, 2 * BLOCK + 9), KNOWLEDGE)
    assert part.height == 2 * BLOCK + 9
    assert_frame_equal(part, whole.slice(start, part.height).select(part.columns), check_exact=True)


def test_what_is_refused_is_said_by_its_row_in_the_whole(told: pl.DataFrame) -> None:
    """A number that cannot be, in the last of several pieces, is named by its row of the frame that was told."""
    ages = pl.Series("age_years", [40.0] * (PEOPLE - 1) + [400.0])
    with pytest.raises(DataRefusedError, match=f"'age_years' holds 400 in row {PEOPLE}"):
        judge(told.with_columns(ages), KNOWLEDGE)


def test_a_strange_word_is_refused_with_what_was_expected(told: pl.DataFrame) -> None:
    """A word that is none of a column's, in one piece of several, is named with its column."""
    places = pl.Series("setting", ["home"] * (PEOPLE - 1) + ["moon"])
    with pytest.raises(DataRefusedError, match="'setting' holds 'moon', expected one of home"):
        judge(told.with_columns(places), KNOWLEDGE)
