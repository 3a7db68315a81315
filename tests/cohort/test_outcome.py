"""The columns of a result follow from what may be told, so that every part of a run has the same."""

from __future__ import annotations

from pathlib import Path

import polars as pl
import pytest

from rheobase.cohort.dummy import dummy_frames
from rheobase.cohort.frame import schema
from rheobase.cohort.judge import judge
from rheobase.cohort.lab_outcomes import possible_labs
from rheobase.cohort.mapping import parse_mapping
from rheobase.cohort.mapping_read import reader_for, told_of
from rheobase.cohort.outcome import outcome_schema
from rheobase.cohort.plan import LEDGER, MISSING, USUAL
from rheobase.cohort.readers import open_source
from rheobase.cohort.run import Plan, run
from rheobase.cohort.run_folder import run_folder
from rheobase.errors import DataRefusedError
from rheobase.knowledge import load_knowledge
from rheobase.knowledge.lab_reading import load_lab_reading

KNOWN = load_knowledge()
OWN = '[person]\nid = "person_id"\nown = true\nkeep = ["weight"]\n'


def everyone_usual() -> pl.DataFrame:
    """Return one person with the middle of the usual interval of every blood test, and an age."""
    usual = load_lab_reading().usual
    values = {f"lab.{name}": sum(usual[name].intervals[0]) / 2 for name in usual if name in KNOWN.analytes}
    return pl.DataFrame({"age_years": 40.0, "sex": "female", **values})


def test_the_columns_of_a_judgement_do_not_depend_on_what_is_known() -> None:
    """Nobody, one person and hundreds, everything told or everything unknown: the same columns of the same types."""
    people = next(dummy_frames(KNOWN, 300, 5))
    told = people.with_columns(
        pl.lit(None, dtype=kind).alias(name) for name, kind in schema(KNOWN).items() if name not in people.columns
    )
    expected = judge(told, KNOWN).schema
    for frame in (told.clear(), told.head(1), told.clear(n=2)):
        assert list(judge(frame, KNOWN).schema.items()) == list(expected.items())
    few = told.head(2)
    parts = [*USUAL, LEDGER, MISSING]
    assert judge(few, KNOWN, parts=parts).schema == judge(few.clear(), KNOWN, parts=parts).schema


def test_every_value_that_is_worked_out_has_a_foreseen_column() -> None:
    """Whatever blood test alone is lacking of a person with all of them, no column comes that was not foreseen."""
    person = everyone_usual()
    foreseen = possible_labs(KNOWN, frozenset(person.columns))
    assert {"lab.sodium_corrected", "lab.egfr", "lab.anion_gap"} <= foreseen.keys()
    lacking = [
        person.with_columns(pl.lit(None, dtype=pl.Float64).alias(name))
        for name in person.columns
        if name.startswith("lab.")
    ]
    judged = judge(pl.concat([person.with_columns(pl.lit(30.0).alias("lab.glucose")), *lacking]), KNOWN)
    # What was told comes back as it was used.
    labs = {name for name in judged.columns if name.startswith(("lab.", "flag.", "tested."))}
    assert labs == foreseen.keys() | {name for name in person.columns if name.startswith("lab.")}
    assert judged["tested.sodium"].sum() == judged.height - 1
    assert judged["lab.sodium_corrected"].null_count() < judged.height


def test_a_value_that_only_a_later_part_can_have_is_in_every_part(tmp_path: Path) -> None:
    """Sodium corrected for a high glucose, which nobody has in the first part, is a column of nulls there."""
    rows = 240
    glucose = [5.0 if n < 200 else 30.0 for n in range(rows)]
    table = {"person_id": [str(n) for n in range(rows)], "lab.sodium": [140.0] * rows, "lab.glucose": glucose}
    pl.DataFrame({**table, "weight": [2.0] * rows}).write_parquet(tmp_path / "a.parquet")
    source = open_source(str(tmp_path / "a.parquet"))
    mapping = parse_mapping(OWN, KNOWN, name="m", there=source.columns)
    told = {**{name: schema(KNOWN)[name] for name in table}, "weight": pl.Float64()}

    def judged(frame: pl.DataFrame, keep: tuple[str, ...]) -> pl.DataFrame:
        return judge(frame, KNOWN, keep=keep)

    expected = outcome_schema(told, mapping.keep, KNOWN, judged)
    plan = Plan(source, mapping, KNOWN, judged, 100, expected)
    folder = run_folder(str(tmp_path / "out"))
    folder.begin(plan.settings(), resume=False)
    run(plan, folder)
    found = pl.read_parquet(tmp_path / "out" / "*.parquet")
    assert found["lab.sodium_corrected"].is_not_null().to_list() == [each > 10 for each in glucose]
    assert found["weight"].to_list() == [2.0] * rows


def told_by(text: str, **columns: list[object]) -> pl.DataFrame:
    """Return what a batch tells by a mapping."""
    batch = pl.DataFrame(columns, strict=False)
    mapping = parse_mapping(text, KNOWN, name="m", there=batch.columns)
    return told_of(batch, pl.int_range(0, batch.height, eager=True), mapping, reader_for(mapping, KNOWN)).frame


def test_columns_of_our_own_names_are_told_as_they_are() -> None:
    """A stopped medicine stays stopped, an amount a day stays one, and only what is named in keep is carried along."""
    columns: dict[str, list[object]] = {
        "person_id": ["a", "b"],
        "medicine.omeprazole": [True, False],
        "lab.urine_magnesium": [3.0, 4.0],
        "lab.urine_magnesium.per_day": [True, None],
        "weight": [1.0, 2.0],
        "other": [1, 2],
    }
    told = told_by(OWN, **columns)
    assert told.columns == ["person_id", "weight", *list(columns)[1:4]]
    assert {name: told[name].to_list() for name in told.columns} == {name: columns[name] for name in told.columns}


def test_a_mapping_can_say_which_results_are_amounts_a_day() -> None:
    """A part "per_day" reads yes and no; together with a unit that says so itself it is refused."""
    urine = (
        '[columns.u]\nlab = "urine_magnesium"\nunit = "{}"\n[columns.d]\nlab = "urine_magnesium"\npart = "per_day"\n'
    )
    told = told_by(urine.format("mmol/L"), u=[3.0, 4.0], d=["yes", "no"])
    assert told["lab.urine_magnesium.per_day"].to_list() == [True, False]
    with pytest.raises(DataRefusedError, match="amount a day"):
        told_by(urine.format("mmol/day"), u=[3.0], d=["yes"])


def test_a_sign_in_a_column_of_its_own_is_not_lost() -> None:
    """The column of signs and the sign before a value are both read, whichever stands first."""
    sign = '[columns.s]\nlab = "potassium"\npart = "comparator"\n'
    value = '[columns.k]\nlab = "potassium"\nunit = "mmol/L"\n'
    for text in (sign + value, value + sign):
        told = told_by(text, k=["3.0", "<2.0", "4.0"], s=["<", None, None])
        assert told["lab.potassium.comparator"].to_list() == ["<", "<", None]
