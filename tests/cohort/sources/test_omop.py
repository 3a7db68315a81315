"""OMOP tables become told frames."""

from __future__ import annotations

from datetime import date
from pathlib import Path
from typing import Any

import polars as pl
import pytest

from rheobase.cohort.frame import check_told
from rheobase.cohort.judge import judge
from rheobase.cohort.sources import spool
from rheobase.cohort.sources.batch import Batch
from rheobase.cohort.sources.omop import omop
from rheobase.errors import DataRefusedError
from rheobase.knowledge import load_knowledge

ON = date(2026, 11, 24)
K, CA, UNKNOWN_TEST, MMOL, MGDL = 3023103, 3006906, 5, 8753, 8840
DM, T2DM, CRAMP, HYPOK = 201820, 201826, 4195384, 437833
HCTZ, TABLET = 974166, 40001


def _tables() -> dict[str, pl.DataFrame]:
    concept = pl.DataFrame(
        [
            (K, "2823-3", "LOINC", "Potassium"),
            (CA, "17861-6", "LOINC", "Calcium"),
            (MMOL, "mmol/L", "UCUM", "millimole per liter"),
            (MGDL, "mg/dL", "UCUM", "milligram per deciliter"),
            (DM, "73211009", "SNOMED", "Diabetes mellitus"),
            (T2DM, "99999901", "SNOMED", "A kind of diabetes"),
            (CRAMP, "55300003", "SNOMED", "Cramp"),
            (HYPOK, "43339004", "SNOMED", "Hypokalemia"),
            (HCTZ, "5487", "RxNorm", "hydrochlorothiazide"),
            (TABLET, "310798", "RxNorm", "a tablet of something"),
        ],
        schema=["concept_id", "concept_code", "vocabulary_id", "concept_name"],
        orient="row",
    )
    ancestor = pl.DataFrame(
        [(DM, T2DM), (DM, DM), (HCTZ, TABLET)], schema=["ancestor_concept_id", "descendant_concept_id"], orient="row"
    )
    person = pl.DataFrame(
        [(1, 8532, 1960, 11, 25), (2, 8507, 1990, None, None), (3, 8507, 1950, 1, 1), (1, 8507, 1950, 1, 1)],
        schema=["person_id", "gender_concept_id", "year_of_birth", "month_of_birth", "day_of_birth"],
        orient="row",
    )
    measurement = pl.DataFrame(
        [
            (1, K, date(2026, 11, 1), "2026-11-01 08:00:00", 4.4, MMOL, None, 0),
            (1, K, date(2026, 11, 20), "2026-11-20 06:00:00", 3.4, MMOL, None, 0),
            (1, K, date(2026, 11, 20), "2026-11-20 08:00:00", 3.0, MMOL, None, 0),
            (1, K, date(2026, 11, 20), "2026-11-20 07:00:00", 3.3, MMOL, None, 0),
            (1, CA, date(2026, 11, 20), None, 8.0, MGDL, 8.5, 4171756),
            (2, K, date(2026, 11, 20), None, 33.0, MMOL, None, 0),
            (2, K, date(2026, 11, 20), None, None, MMOL, None, 0),
            (2, UNKNOWN_TEST, date(2026, 11, 20), None, 1.0, MMOL, None, 0),
            (2, K, date(2020, 11, 20), None, 2.0, MMOL, None, 0),
        ],
        schema=[
            "person_id",
            "measurement_concept_id",
            "measurement_date",
            "measurement_datetime",
            "value_as_number",
            "unit_concept_id",
            "range_low",
            "operator_concept_id",
        ],
        orient="row",
    )
    condition = pl.DataFrame(
        [(1, T2DM, date(1999, 1, 1)), (1, CRAMP, date(2026, 11, 20)), (2, CRAMP, date(2009, 1, 1)), (2, HYPOK, ON)],
        schema=["person_id", "condition_concept_id", "condition_start_date"],
        orient="row",
    )
    drug = pl.DataFrame(
        [
            (1, TABLET, date(2026, 9, 1), date(2026, 10, 10), "x"),
            (1, TABLET, date(2026, 10, 12), date(2026, 12, 1), "x"),
            (2, 0, date(2026, 10, 1), date(2026, 11, 10), "furosemide 40 mg"),
            (2, 0, date(2026, 10, 1), date(2026, 12, 10), "nosuchthing"),
        ],
        schema=[
            "person_id",
            "drug_concept_id",
            "drug_exposure_start_date",
            "drug_exposure_end_date",
            "drug_source_value",
        ],
        orient="row",
    )
    death = pl.DataFrame({"person_id": [3], "death_date": [date(2020, 1, 1)]})
    return {
        "concept": concept,
        "concept_ancestor": ancestor,
        "person": person,
        "measurement": measurement,
        "condition_occurrence": condition,
        "drug_exposure": drug,
        "death": death,
    }


def _write(folder: Path, form: str) -> None:
    for name, frame in _tables().items():
        if form == "parquet":
            frame.write_parquet(folder / f"{name}.parquet")
        else:
            frame.write_csv(folder / f"{name.upper()}.csv", separator="\t" if name.startswith("concept") else ",")


def _read(folder: Path, form: str = "parquet") -> Batch:
    _write(folder, form)
    (batch,) = omop(folder, load_knowledge(), on=ON)
    return batch


def _row(batch: Batch, person: str) -> dict[str, Any]:
    return check_told(batch.told, load_knowledge()).row(by_predicate=pl.col("person_id") == person, named=True)


@pytest.mark.parametrize("form", ["parquet", "csv"])
def test_tables_become_one_row_a_person(tmp_path: Path, form: str) -> None:
    """Age, sex, the newest result by its hour, a comparator, an interval in SI, a history and a complaint are told."""
    row = _row(_read(tmp_path, form), "1")
    assert (row["age_years"], row["sex"], row["lab.potassium"]) == (65, "female", 3.0)
    assert row["lab.calcium_total"] == pytest.approx(8.0 * 0.2495)
    assert row["lab.calcium_total.low"] == pytest.approx(8.5 * 0.2495)
    assert row["lab.calcium_total.comparator"] == "<"
    assert (row["hx_diabetes"], row["cramps"]) == (True, True)


def test_a_tablet_is_its_ingredient_and_supplies_without_a_gap_are_one_use(tmp_path: Path) -> None:
    """A product is known through its ancestor; months run from the first supply; one that ended lately was stopped."""
    batch = _read(tmp_path)
    row = _row(batch, "1")
    assert row["medicine.hydrochlorothiazide"] is True
    assert row["medicine.hydrochlorothiazide.months"] == pytest.approx((ON - date(2026, 9, 1)).days / 30.4375)
    assert _row(batch, "2")["medicine.furosemide"] is False


def test_no_record_is_not_absence(tmp_path: Path) -> None:
    """Somebody without a record of diabetes or of a recent cramp is null there, not false."""
    row = _row(_read(tmp_path), "2")
    assert (row["hx_diabetes"], row["cramps"]) == (None, None)


def test_a_critical_potassium_of_years_ago_is_told_with_its_day_and_judged(tmp_path: Path) -> None:
    """No result is dropped for its age: potassium 2.0 of six years ago has to be measured again."""
    told = _read(tmp_path).told.filter(pl.col("person_id") == "2")
    assert told.select("lab.potassium", "lab.potassium.taken").row(0) == (2.0, date(2020, 11, 20))
    assert "rf_lab_was_same_day" in judge(told, load_knowledge(), on=ON, parts=["urgency"])["rules_fired"][0]


def test_results_of_which_the_newer_is_not_known_are_counted(tmp_path: Path) -> None:
    """Of two values of one day without hours, or one without a date, the last is told and the other is said."""
    pl.DataFrame({"person_id": [1, 2, 3], "year_of_birth": [1960] * 3}).write_parquet(tmp_path / "person.parquet")
    pl.DataFrame(
        {
            "person_id": [1, 1, 2, 2, 3, 3],
            "measurement_date": [ON, ON, ON, None, ON, ON],
            "measurement_source_value": ["2823-3"] * 6,
            "unit_source_value": ["mmol/L"] * 6,
            "value_as_number": [2.4, 4.1, 2.9, 4.2, 4.3, 4.3],
        }
    ).write_parquet(tmp_path / "measurement.parquet")
    (batch,) = omop(tmp_path, load_knowledge(), on=ON)
    assert batch.told["lab.potassium"].to_list() == [4.1, 4.2, 4.3]
    assert batch.told["lab.potassium.taken"].to_list() == [ON, None, ON]
    said = batch.refused.filter(pl.col("value") == "potassium").sort("why")["why"].to_list()
    assert [each.split(",")[0] for each in said] == ["another result of the same day", "another result"]


@pytest.mark.parametrize(
    ("file", "words"),
    [
        ("person", "stands twice"),
        ("person", "had died"),
        ("measurement", "expected 1.0 to 12.0"),
        ("measurement", "no number"),
        ("measurement", "no finding or test of ours"),
        ("condition_occurrence", "older than 30 days"),
        ("condition_occurrence", "the result itself is read"),
        ("drug_exposure", "no medicine of ours"),
    ],
)
def test_nothing_is_dropped_silently(tmp_path: Path, file: str, words: str) -> None:
    """Everything that is not told is in the refused rows with its reason."""
    refused = _read(tmp_path).refused
    assert refused.filter((pl.col("file") == file) & pl.col("why").str.contains(words, literal=True)).height == 1


def test_without_the_concept_table_source_values_are_codes(tmp_path: Path) -> None:
    """LOINC codes, ICD-10 codes and units in the source values are read when no vocabulary is there."""
    pl.DataFrame({"person_id": [1], "year_of_birth": [1960]}).write_parquet(tmp_path / "person.parquet")
    pl.DataFrame(
        {
            "person_id": [1],
            "measurement_date": [ON],
            "measurement_source_value": ["2823-3"],
            "unit_source_value": ["mmol/L"],
            "value_as_number": [2.9],
        }
    ).write_parquet(tmp_path / "measurement.parquet")
    pl.DataFrame({"person_id": [1], "condition_start_date": [ON], "condition_source_value": ["E11.9"]}).write_parquet(
        tmp_path / "condition_occurrence.parquet"
    )
    (batch,) = omop(tmp_path, load_knowledge(), on=ON)
    assert (batch.told["lab.potassium"][0], batch.told["hx_diabetes"][0]) == (2.9, True)


def test_an_operator_that_is_not_understood_is_not_taken_for_equal(tmp_path: Path) -> None:
    """Null, 0 and "=" are the number itself, "<" a limit of a result; anything else is refused by its row."""
    operators = [None, 0, 4172703, 4171756, 99]
    pl.DataFrame({"person_id": range(1, 7), "year_of_birth": [1960] * 6}).write_parquet(tmp_path / "person.parquet")
    pl.DataFrame(
        {
            "person_id": range(1, 7),
            "measurement_date": [ON] * 6,
            "measurement_source_value": ["2823-3"] * 5 + ["8867-4"],
            "unit_source_value": ["mmol/L"] * 5 + ["/min"],
            "value_as_number": [4.0] * 5 + [80.0],
            "operator_concept_id": [*operators, 4171756],
        }
    ).write_parquet(tmp_path / "measurement.parquet")
    (batch,) = omop(tmp_path, load_knowledge(), on=ON)
    assert batch.told["lab.potassium"].to_list() == [4.0] * 4 + [None] * 2
    assert batch.told["lab.potassium.comparator"].to_list() == [None] * 3 + ["<"] + [None] * 2
    assert "heart_rate" not in batch.told.columns
    refused = batch.refused.filter(pl.col("column") == "operator_concept_id")
    assert refused.select("row", "value").rows() == [(5, "99"), (6, "4171756")]


def test_many_buckets_tell_the_same(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    """A database larger than the memory is told in several batches, each person once and the same."""
    whole = _read(tmp_path).told
    monkeypatch.setattr(spool, "BUCKET_BYTES", 3_000)
    parts = list(omop(tmp_path, load_knowledge(), on=ON))
    assert len(parts) > 1
    together = pl.concat([each.told for each in parts], how="diagonal").sort("person_id")
    assert together.select(whole.columns).equals(whole.sort("person_id"))


def test_a_damaged_or_foreign_table_is_refused_in_words(tmp_path: Path) -> None:
    """A file that is no Parquet, and a table without its columns, are named."""
    (tmp_path / "person.parquet").write_bytes(b"PAR1 not really")
    with pytest.raises(DataRefusedError, match="person"):
        list(omop(tmp_path, load_knowledge(), on=ON))
    pl.DataFrame({"name": ["x"]}).write_parquet(tmp_path / "person.parquet")
    with pytest.raises(DataRefusedError, match="has no column person_id"):
        list(omop(tmp_path, load_knowledge(), on=ON))
