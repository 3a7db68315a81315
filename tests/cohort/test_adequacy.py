"""What is eaten, over columns: of each person what ``intake.adequacy`` says of one recorded day."""

from __future__ import annotations

import random
from typing import Literal

import polars as pl
import pytest

from rheobase.cohort.judge import judge
from rheobase.errors import DataRefusedError
from rheobase.intake.adequacy import Adequacy
from rheobase.intake.adequacy import judge as judge_one
from rheobase.intake.life_stage import Who
from rheobase.intake.usual import Day
from rheobase.knowledge import load_knowledge

KNOWLEDGE = load_knowledge()
AGES = (None, 0.0, 1.9, 2.0, 8.9, 15.0, 19.0, 30.9, 31.0, 50.0, 51.0, 70.9, 71.0, 99.0)
AMOUNTS = (None, 0.0, 5.0, 20.0, 250.0, 420.0, 900.0, 2300.0, 2600.0, 5000.0)
NUTRIENTS = sorted(KNOWLEDGE.nutrients)
SEXES: tuple[Literal["male", "female"] | None, ...] = (None, "male", "female")


def told() -> pl.DataFrame:
    """Return people of every age, sex and answer about pregnancy, with amounts about which something turns."""
    draw = random.Random(3)
    rows = [
        {"age_years": age, "sex": sex, "pregnant": pregnant}
        | {f"intake.{name}": draw.choice(AMOUNTS) for name in NUTRIENTS}
        for age in AGES
        for sex in SEXES
        for pregnant in (None, False, True)
    ]
    kinds = {"age_years": pl.Float64(), "sex": pl.String(), "pregnant": pl.Boolean()}
    return pl.DataFrame(rows, schema={**kinds, **{f"intake.{name}": pl.Float64() for name in NUTRIENTS}})


def alone(nutrient: str, row: dict[str, object]) -> Adequacy | None:
    """Return what is said of one person alone; None where nothing is told."""
    amount, age, sex = row[f"intake.{nutrient}"], row["age_years"], row["sex"]
    if not isinstance(amount, float):
        return None
    recorded = next(each for each in SEXES if each == sex)
    who = Who(age if isinstance(age, float) else None, recorded, False if row["pregnant"] is False else None)
    return judge_one(nutrient, [Day(amount)], who, KNOWLEDGE.intake, supplement=None)


@pytest.mark.parametrize("nutrient", NUTRIENTS)
def test_everyone_is_judged_as_alone(nutrient: str) -> None:
    """The chance, or the verdict, is the one of a single person; unknown stays null."""
    frame = told()
    judged = judge(frame, KNOWLEDGE, parts=["adequacy"])[f"adequacy.{nutrient}"].to_list()
    known = 0
    for row, found in zip(frame.iter_rows(named=True), judged, strict=True):
        one = alone(nutrient, row)
        if one is None:
            assert found is None
        elif not any(each.reference.ear for each in one.stages) and nutrient in ("potassium", "sodium"):
            assert found == one.verdict.value
            known += 1
        else:
            expected = None if one.inadequate is None else one.inadequate[1]
            assert (found is None) == (expected is None)
            assert found is None or found == pytest.approx(expected, abs=1e-9)
            known += found is not None
    assert known > 60


def test_no_amount_told_is_no_column() -> None:
    """Who told nothing of eating is not judged by it, and whoever left a cell open is not called short of it."""
    judged = judge(pl.DataFrame({"age_years": [40.0]}), KNOWLEDGE)
    assert not [name for name in judged.columns if name.startswith("adequacy.")]
    open_ = judge(pl.DataFrame({"age_years": [40.0], "intake.magnesium": [None]}), KNOWLEDGE)
    assert open_["adequacy.magnesium"].to_list() == [None]
    assert open_["adequacy.magnesium"].dtype == pl.Float64


@pytest.mark.parametrize("amount", [-1.0, 1e12])
def test_an_impossible_amount_is_refused_by_name(amount: float) -> None:
    """Less than nothing, or beyond all reason, is refused with the column and what came."""
    with pytest.raises(
        DataRefusedError, match=r"column 'intake.calcium' holds .* in row 1, expected 0 to 1000000 mg a day"
    ):
        judge(pl.DataFrame({"intake.calcium": [amount]}), KNOWLEDGE)
