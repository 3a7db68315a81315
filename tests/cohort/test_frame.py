"""What a told frame may hold, what is refused, and that it holds what people told."""

from __future__ import annotations

from datetime import date
from typing import Any

import polars as pl
import pytest

from rheobase.assess.causes import expit, logit
from rheobase.cohort.frame import check_told, schema
from rheobase.cohort.judge import judge
from rheobase.errors import DataRefusedError
from rheobase.knowledge import load_knowledge

KNOWLEDGE = load_knowledge()


@pytest.mark.parametrize(
    ("column", "words"),
    [
        (pl.Series("cramps", ["yes"]), ["'cramps'", "String", "Boolean"]),
        (pl.Series("cramps", [1]), ["'cramps'", "Int64", "Boolean"]),
        (pl.Series("age_years", ["40"]), ["'age_years'", "String", "Float64"]),
        (pl.Series("crampz", [True]), ["'crampz'", "did you mean 'cramps'", "keep="]),
        (pl.Series("sex", ["woman"]), ["'sex'", "'woman'", "female"]),
        (pl.Series("twitch_location", [["nose"]]), ["'twitch_location'", "'nose'", "eyelid"]),
        (pl.Series("age_years", [float("nan")]), ["'age_years'", "NaN", "null"]),
        (pl.Series("lab.magnesium", [float("inf")]), ["'lab.magnesium'", "infinite"]),
        (pl.Series("lab.magnesium.flag", ["L"]), ["'lab.magnesium.flag'", "'L'", "low"]),
        (pl.Series("lab.potassium", [4.0, 400.0]), ["'lab.potassium'", "400 in row 2", "expected 1 to 12 mmol/L"]),
        (pl.Series("lab.potassium", [None, -3.0]), ["'lab.potassium'", "-3 in row 2", "1 to 12"]),
        (pl.Series("age_years", [-3]), ["'age_years'", "-3 in row 1", "0 to 120"]),
        (pl.Series("intake.magnesium", [-5.0]), ["'intake.magnesium'", "-5 in row 1", "mg a day"]),
        (pl.Series("medicine.omeprazole.months", [-1.0]), ["'medicine.omeprazole.months'", "0 or more months"]),
        (pl.Series("setting", ["ward"]), ["'setting'", "'ward'", "hospital"]),
    ],
)
def test_a_column_that_cannot_be_told_is_refused(column: pl.Series, words: list[str]) -> None:
    """The error names the column, what came and what was expected."""
    with pytest.raises(DataRefusedError) as refused:
        judge(pl.DataFrame([column]), KNOWLEDGE)
    assert all(word in str(refused.value) for word in words), str(refused.value)


def test_a_result_of_a_later_day_is_refused() -> None:
    """What was measured after the day that is judged says nothing of it; the error names column, day and row."""
    days = [date(2026, 11, 24), date(2026, 11, 25)]
    told = pl.DataFrame({"lab.potassium": [4.0, 2.0], "lab.potassium.taken": days})
    judge(told, KNOWLEDGE, on=days[1], parts=["urgency"])
    with pytest.raises(DataRefusedError, match=r"'lab.potassium.taken' holds 2026-11-25 in row 2.*after 2026-11-24"):
        judge(told, KNOWLEDGE, on=days[0], parts=["urgency"])


def test_numbers_and_words_are_widened() -> None:
    """Whole numbers, small floats, categories and columns of nulls alone are taken; nothing else is guessed."""
    told = pl.DataFrame(
        {
            "age_years": pl.Series([40, None], dtype=pl.Int16),
            "lab.magnesium": pl.Series([0.5, None], dtype=pl.Float32),
            "sex": pl.Series(["male", None], dtype=pl.Categorical),
            "cramps": [None, None],
        }
    )
    checked = check_told(told, KNOWLEDGE)
    assert checked.schema == {name: schema(KNOWLEDGE)[name] for name in told.columns}
    assert checked.to_dicts()[0] == {"age_years": 40.0, "lab.magnesium": 0.5, "sex": "male", "cramps": None}


def test_kept_columns_are_carried_along_unread() -> None:
    """A column named in keep stands first and unchanged, with the person's id, even if it bears a finding's name."""
    told = pl.DataFrame({"person_id": ["x", "y"], "seizure": ["?", "!"], "fever": [True, False]})
    judged = judge(told, KNOWLEDGE, keep=["seizure"])
    assert judged.columns[:2] == ["person_id", "seizure"]
    assert judged["seizure"].to_list() == ["?", "!"]
    assert judged["urgency"].to_list() == judge(told.drop("seizure"), KNOWLEDGE)["urgency"].to_list()


@pytest.mark.parametrize("people", [0, 1, 700])
def test_nothing_known_is_insufficient_and_not_calm(people: int) -> None:
    """People of whom every column is null, or there is none but their id, are judged as unknown; no rows give none."""
    nobody = pl.DataFrame({"person_id": pl.Series([str(row) for row in range(people)], dtype=pl.String)})
    nulls = nobody.with_columns(
        pl.lit(None, dtype=kind).alias(name) for name, kind in schema(KNOWLEDGE).items() if name != "person_id"
    )
    for frame in (nobody, nulls):
        judged = judge(frame, KNOWLEDGE)
        assert judged.height == people
        assert judged["urgency"].to_list() == ["insufficient"] * people
        assert judged["rules_fired"].to_list() == [[]] * people
        assert set(judged["band.hypocalcaemia"].to_list()) <= {"cant_tell"}


def test_a_part_that_does_not_exist_is_refused() -> None:
    """The error names the parts that there are."""
    with pytest.raises(DataRefusedError, match=r"'urgencies'.*urgency, causes"):
        judge(pl.DataFrame({"fever": [True]}), KNOWLEDGE, parts=["urgencies"])


def test_the_same_people_in_pieces_are_judged_the_same() -> None:
    """A frame of several chunks and a slice of a larger one give the rows that the whole gives."""
    rows: list[dict[str, Any]] = [{"fever": row % 3 == 0, "cramps": None if row % 2 else True} for row in range(90)]
    whole = pl.DataFrame(rows)
    pieces = pl.concat([whole[:41], whole[41:]], rechunk=False)
    judged = judge(whole, KNOWLEDGE)
    assert judge(pieces, KNOWLEDGE).equals(judged)
    assert judge(whole[13:77], KNOWLEDGE).equals(judged[13:77])


def test_a_ledger_adds_up_to_the_posterior() -> None:
    """With the base rate's log-odds the weights of a cause sum to the posterior's, and what is missing is unknown."""
    told = pl.DataFrame({"cramps": [True, None, True], "age_years": [70.0, None, 9.0], "med_ppi": [True, False, True]})
    judged = judge(told, KNOWLEDGE, ledger=True, parts=["causes", "missing"])
    assert judged["ledger"].is_null().to_list() == judged["missing"].is_null().to_list() == [False, False, True]
    for row in judged.head(2).iter_rows(named=True):
        for name, cause in KNOWLEDGE.causes.items():
            total = sum(line["weight"] for line in row["ledger"] if line["cause"] == name)
            assert expit(logit(cause.base_rates["home"].point) + total) == pytest.approx(row[f"posterior.{name}"])
        assert len(row["missing"]) == 5
        assert not {"cramps", "med_ppi"} & set(row["missing"])
