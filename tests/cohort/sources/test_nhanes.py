"""NHANES files become told frames."""

from __future__ import annotations

import os
from pathlib import Path

import polars as pl
import pyreadstat
import pytest

from rheobase.cohort.frame import check_told
from rheobase.cohort.sources.batch import Batch
from rheobase.cohort.sources.nhanes import nhanes
from rheobase.errors import DataRefusedError
from rheobase.knowledge import load_knowledge

FOLDER = Path(os.environ.get("RHEOBASE_SURVEYS", Path(__file__).parents[3].parent / "shared" / "data" / "nhanes"))


def _write(folder: Path, name: str, **columns: list[object]) -> None:
    pyreadstat.write_xport(pl.DataFrame(columns, strict=False), folder / name)


def _cycle(folder: Path) -> Batch:
    ids: list[object] = [1.0, 2.0, 3.0]
    _write(
        folder, "DEMO_I.XPT", SEQN=ids, RIAGENDR=[1.0, 2.0, 2.0], RIDAGEYR=[54.0, 80.0, 12.0], WTMEC2YR=[1.0, 2.0, 3.0]
    )
    _write(folder, "BIOPRO_I.XPT", SEQN=[1.0, 2.0, 9.0], LBXSKSI=[3.1, None, 4.0], LBXSCA=[9.2, 900.0, 9.0])
    _write(folder, "DIQ_I.XPT", SEQN=ids, DIQ010=[1.0, 2.0, 9.0], DIQ999=[1.0, 1.0, 1.0])
    medicines: list[object] = ["HYDROCHLOROTHIAZIDE; LISINOPRIL", "NOSUCHTHING", "OMEPRAZOLE", ""]
    _write(folder, "RXQ_RX_I.XPT", SEQN=[1.0, 1.0, 2.0, 3.0], RXDDRUG=medicines, RXDDAYS=[365.0, 5.0, 99999.0, None])
    (batch,) = nhanes(folder, load_knowledge())
    return batch


def test_files_of_a_cycle_are_joined_by_participant(tmp_path: Path) -> None:
    """Age, sex, results in SI, findings and medicines of one participant stand in one row, and pass the check."""
    batch = _cycle(tmp_path)
    told = check_told(batch.told, load_knowledge(), batch.keep)
    first = told.row(0, named=True)
    assert (first["person_id"], first["age_years"], first["sex"], first["hx_diabetes"]) == ("1", 54, "male", True)
    assert first["lab.potassium"] == 3.1
    assert first["lab.calcium_total"] == pytest.approx(9.2 * 0.2495)
    assert first["medicine.lisinopril_hydrochlorothiazide"] is True
    assert first["medicine.lisinopril_hydrochlorothiazide.months"] == pytest.approx(365 / 30.4375)
    assert batch.keep == ("WTMEC2YR",)


def test_what_was_not_measured_or_not_answered_stays_unknown(tmp_path: Path) -> None:
    """No row, no value, "don't know" and an unknown number of days are null; nobody is told to take nothing."""
    told = _cycle(tmp_path).told
    assert told["lab.potassium"].to_list() == [3.1, None, None]
    assert told["hx_diabetes"].to_list() == [True, False, None]
    assert told["medicine.omeprazole"].to_list() == [None, True, None]
    assert told["medicine.omeprazole.months"].null_count() == 3
    assert "takes_no_medicine" not in told.columns


def test_what_cannot_be_used_is_refused_with_its_place(tmp_path: Path) -> None:
    """An impossible value, a strange participant, an unknown medicine and an unread column are all reported."""
    refused = _cycle(tmp_path).refused
    found = {(each["column"], each["value"], each["times"]) for each in refused.iter_rows(named=True)}
    assert ("LBXSCA", str(900.0 * 0.2495), 1) in found
    assert ("SEQN", "(several)", 1) in found
    assert ("RXDDRUG", "NOSUCHTHING", 1) in found
    assert ("DIQ999", "", 3) in found
    assert refused.filter(pl.col("column") == "LBXSCA")["person_id"].to_list() == ["2"]


@pytest.mark.parametrize("content", [b"", b"HEADER RECORD*******LIBRARY HEADER", b"\x00" * 400])
def test_a_damaged_file_is_refused_in_words(tmp_path: Path, content: bytes) -> None:
    """A file that is no XPT is named, without a traceback."""
    (tmp_path / "DEMO_I.XPT").write_bytes(content)
    with pytest.raises(DataRefusedError, match=r"DEMO_I\.XPT"):
        list(nhanes(tmp_path, load_knowledge()))


def test_an_empty_folder_is_refused_in_words(tmp_path: Path) -> None:
    """A folder without files of NHANES says what was expected."""
    with pytest.raises(DataRefusedError, match=r"no \.XPT"):
        list(nhanes(tmp_path, load_knowledge()))


@pytest.mark.skipif(not FOLDER.is_dir(), reason="the files of the survey are not here")
def test_the_published_files_give_the_known_potassium_of_thiazide_users() -> None:
    """Adults of 40 and over on hydrochlorothiazide have a mean potassium of 3.90, the others 4.08 mmol/L."""
    files = [FOLDER / "nhanes_2013_2014.parquet", FOLDER / "nhanes_2013_2014_medications.parquet"]
    (batch,) = nhanes(files, load_knowledge())
    adults = batch.told.filter(pl.col("age_years") >= 40).drop_nulls("lab.potassium")
    holding = [
        f"medicine.{each.id}"
        for each in load_knowledge().medicines.values()
        if "hydrochlorothiazide" in (each.id, *each.contains)
    ]
    takes = pl.any_horizontal(pl.col(each).fill_null(value=False) for each in holding if each in adults.columns)
    assert adults.filter(takes)["lab.potassium"].mean() == pytest.approx(3.90, abs=0.02)
    assert adults.filter(~takes)["lab.potassium"].mean() == pytest.approx(4.08, abs=0.03)
