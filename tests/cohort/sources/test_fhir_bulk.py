"""FHIR bulk files become told frames."""

from __future__ import annotations

import json
from datetime import date
from pathlib import Path
from typing import Any

import polars as pl
import pytest

from rheobase.cohort.frame import check_told
from rheobase.cohort.sources import spool
from rheobase.cohort.sources.batch import Batch
from rheobase.cohort.sources.fhir_bulk import fhir_bulk
from rheobase.errors import DataRefusedError
from rheobase.knowledge import load_knowledge

ON = date(2026, 11, 24)
LOINC, SNOMED = "http://loinc.org", "http://snomed.info/sct"


def _write(folder: Path, kind: str, *resources: dict[str, Any] | str) -> None:
    lines = [each if isinstance(each, str) else json.dumps({"resourceType": kind, **each}) for each in resources]
    (folder / f"{kind}.ndjson").write_text("\n".join(lines) + "\n", encoding="utf-8")


def _of(person: str) -> dict[str, Any]:
    return {"subject": {"reference": f"Patient/{person}"}}


def _lab(person: str, code: str, value: float, unit: str, *when: str, **more: Any) -> dict[str, Any]:
    quantity = {"value": value, "unit": unit, "system": "http://unitsofmeasure.org", "code": unit}
    return {
        **_of(person),
        "status": "final",
        "code": {"coding": [{"system": LOINC, "code": code}]},
        "effectiveDateTime": when[0],
        "valueQuantity": quantity,
        **more,
    }


def _coded(person: str, system: str, code: str, status: str, *when: str) -> dict[str, Any]:
    return {
        **_of(person),
        "code": {"coding": [{"system": system, "code": code}]},
        "clinicalStatus": {"coding": [{"code": status}]},
        "onsetDateTime": when[0],
    }


def _medicine(person: str, name: str, status: str, when: str, **more: Any) -> dict[str, Any]:
    return {**_of(person), "status": status, "medicationCodeableConcept": {"text": name}, "authoredOn": when, **more}


def _export(folder: Path) -> None:
    _write(
        folder,
        "Patient",
        {"id": "a", "gender": "female", "birthDate": "1960-11-25"},
        {"id": "b", "gender": "male", "birthDate": "1990"},
        {"id": "c", "deceasedDateTime": "2020-01-01"},
        '{"resourceType": "Patient", "id": ',
    )
    _write(
        folder,
        "Observation",
        _lab("a", "2823-3", 4.4, "mmol/L", "2026-11-01T08:00:00Z"),
        _lab("a", "2823-3", 3.0, "mmol/L", "2026-11-20T08:00:00Z"),
        _lab("a", "2823-3", 5.0, "mmol/L", "2026-10-01"),
        _lab("a", "17861-6", 8.0, "mg/dL", "2026-11-20"),
        _lab("a", "2000-8", 8.0, "mg/dL", "2026-11-21"),
        _lab("a", "2601-3", 0.5, "mmol/L", "2020-11-21"),
        _lab("b", "2823-3", 33.0, "mmol/L", "2026-11-20"),
        _lab("b", "2823-3", 3.9, "bananas", "2026-11-20"),
        _lab("b", "99999-9", 3.9, "mmol/L", "2026-11-20"),
        _lab("b", "8480-6", 85, "mm[Hg]", "2026-11-24T09:00:00+00:00"),
        _lab("b", "8867-4", 150, "/min", "2026-11-01"),
        _lab("c", "2823-3", 2.0, "mmol/L", "2026-11-20"),
        _lab("d", "2823-3", 3.4, "mmol/L", "2026-11-20", status="preliminary"),
        _lab("d", "2823-3", 3.3, "mmol/L", "2026-11-20"),
    )
    _write(
        folder,
        "Condition",
        _coded("a", SNOMED, "44054006", "resolved", "1999-01-01"),
        _coded("a", "http://hl7.org/fhir/sid/icd-10-cm", "R25.2", "active", "2026-11-20"),
        _coded("b", SNOMED, "91175000", "active", "2009-01-01"),
        _coded("b", SNOMED, "43339004", "active", "2026-11-20"),
        _coded("b", SNOMED, "1", "active", "2026-11-20"),
    )
    _write(
        folder,
        "MedicationRequest",
        _medicine("a", "hydrochlorothiazide 25 MG Oral Tablet", "active", "2026-10-24"),
        _medicine("a", "hydrochlorothiazide 25 MG Oral Tablet", "completed", "2026-07-20"),
        _medicine("b", "omeprazole", "cancelled", "2026-11-01"),
        _medicine("b", "furosemide", "active", "2019-11-01"),
        _medicine("b", "nosuchthing", "active", "2026-11-01"),
    )


@pytest.fixture
def batch(tmp_path: Path) -> Batch:
    """One export, read whole."""
    _export(tmp_path)
    (found,) = fhir_bulk(tmp_path, load_knowledge(), on=ON)
    return found


def _row(batch: Batch, person: str) -> dict[str, Any]:
    return check_told(batch.told, load_knowledge()).row(by_predicate=pl.col("person_id") == person, named=True)


def test_the_newest_result_counts_in_si(batch: Batch) -> None:
    """Of three potassium results in any order the newest is told, and calcium in mg/dL becomes mmol/L."""
    row = _row(batch, "a")
    assert (row["lab.potassium"], row["lab.potassium.taken"]) == (3.0, date(2026, 11, 20))
    assert row["lab.calcium_total"] == pytest.approx(8.0 * 0.2495)


def test_age_is_in_full_years_and_the_fewest_when_only_the_year_is_known(batch: Batch) -> None:
    """The day before a birthday the year is not yet full; a year of birth alone gives the younger age."""
    assert (_row(batch, "a")["age_years"], _row(batch, "b")["age_years"]) == (65, 35)


def test_a_person_without_a_patient_is_kept_with_age_unknown(batch: Batch) -> None:
    """Results of somebody who has no Patient resource are judged, without age and sex; an unreleased one is not."""
    row = _row(batch, "d")
    assert (row["lab.potassium"], row["age_years"], row["sex"]) == (3.3, None, None)


def test_no_record_is_not_absence(batch: Batch) -> None:
    """A finding that no record speaks of is null, never false."""
    booleans = [name for name, kind in batch.told.schema.items() if kind == pl.Boolean]
    assert booleans
    assert not any((batch.told[name] == False).any() for name in booleans)  # noqa: E712 - null is meant to stay null


def test_a_history_stays_and_an_old_complaint_does_not(batch: Batch) -> None:
    """Diabetes of 1999 is still a history; a cramp of this week is told; a seizure of 2009 says nothing of today."""
    assert (_row(batch, "a")["hx_diabetes"], _row(batch, "a")["cramps"]) == (True, True)
    assert "seizure" not in batch.told.columns


def test_the_pulse_of_another_day_is_not_todays(batch: Batch) -> None:
    """A blood pressure of today is told, a pulse of three weeks ago is not."""
    assert _row(batch, "b")["systolic_bp"] == 85
    assert "heart_rate" not in batch.told.columns


def test_prescriptions_close_together_are_one_use(batch: Batch) -> None:
    """Months are counted from the first of the prescriptions without a gap; one of years ago is not told at all."""
    row = _row(batch, "a")
    assert row["medicine.hydrochlorothiazide"] is True
    assert row["medicine.hydrochlorothiazide.months"] == pytest.approx((ON - date(2026, 7, 20)).days / 30.4375)
    assert "medicine.furosemide" not in batch.told.columns
    assert "medicine.omeprazole" not in batch.told.columns


def test_the_dead_are_left_out_and_said(batch: Batch) -> None:
    """Somebody who had died by the date is in no row, and is reported."""
    assert batch.told["person_id"].to_list() == ["a", "b", "d"]
    assert batch.refused.filter(pl.col("column") == "deceased")["person_id"].to_list() == ["c"]


@pytest.mark.parametrize(
    ("column", "words"),
    [
        ("calcium_total", "the code is for moles, the unit for mass"),
        ("potassium", "expected 1 to 12"),
        ("potassium", "unit is not one of"),
        ("potassium", "not final yet"),
        ("code", "no test of ours"),
        ("code", "the result itself is read"),
        ("code", "no finding of ours"),
        ("medication", "no medicine of ours"),
        ("status", "whether it is taken is not known"),
        ("Patient", "is not JSON"),
    ],
)
def test_nothing_is_dropped_silently(batch: Batch, column: str, words: str) -> None:
    """Everything that is not told is in the refused rows with its reason."""
    rows = batch.refused.filter((pl.col("column") == column) & pl.col("why").str.contains(words, literal=True))
    assert rows.height >= 1


def test_old_and_undated_results_are_told(tmp_path: Path) -> None:
    """Magnesium of six years ago stands there with its day, potassium of an unknown day without one."""
    _export(tmp_path)
    undated = _lab("e", "2823-3", 2.3, "mmol/L", "")
    _write(tmp_path, "Observation", _lab("a", "2601-3", 0.5, "mmol/L", "2020-11-21"), undated)
    (batch,) = fhir_bulk(tmp_path, load_knowledge(), on=ON)
    assert (_row(batch, "a")["lab.magnesium"], _row(batch, "a")["lab.magnesium.taken"]) == (0.5, date(2020, 11, 21))
    assert _row(batch, "e")["lab.potassium"] == 2.3


def test_results_of_one_observation_are_not_taken_for_those_of_another(tmp_path: Path) -> None:
    """Two results in one resource share its place; of each analyte its own newest is told."""
    parts = [
        {key: _lab("a", code, value, "mmol/L", "")[key] for key in ("code", "valueQuantity")}
        for code, value in (("2823-3", 4.9), ("2951-2", 140))
    ]
    panel = [
        {
            **_of("a"),
            "status": "final",
            "code": {"coding": [{"system": LOINC, "code": "24326-1"}]},
            "effectiveDateTime": "2026-11-20T08:00:00Z",
            "component": parts,
        },
        _lab("a", "2823-3", 2.9, "mmol/L", "2026-11-20T09:00:00Z"),
        _lab("a", "2951-2", 120, "mmol/L", "2026-11-20T07:00:00Z"),
    ]
    _write(tmp_path, "Observation", *panel)
    (batch,) = fhir_bulk(tmp_path, load_knowledge(), on=ON)
    assert (_row(batch, "a")["lab.potassium"], _row(batch, "a")["lab.sodium"]) == (2.9, 140)


def test_a_condition_without_a_patient_is_refused_once(tmp_path: Path) -> None:
    """Conditions are read in one pass: what is wrong with one is said once."""
    condition = {**_coded("a", SNOMED, "44054006", "active", "1999-01-01"), "subject": {}}
    _write(tmp_path, "Patient", {"id": "a"})
    _write(tmp_path, "Condition", condition, "{")
    (batch,) = fhir_bulk(tmp_path, load_knowledge(), on=ON)
    assert batch.refused["times"].to_list() == [1, 1]


def test_many_buckets_tell_the_same(tmp_path: Path, batch: Batch, monkeypatch: pytest.MonkeyPatch) -> None:
    """An export larger than the memory is told in several batches, each person once and the same."""
    monkeypatch.setattr(spool, "BUCKET_BYTES", 700)
    parts = list(fhir_bulk(tmp_path, load_knowledge(), on=ON))
    assert len(parts) > 3
    together = pl.concat([each.told for each in parts], how="diagonal").sort("person_id")
    assert together.select(batch.told.columns).equals(batch.told.sort("person_id"))


def test_a_folder_without_resources_is_refused(tmp_path: Path) -> None:
    """A folder that is no bulk export says what was expected."""
    with pytest.raises(DataRefusedError, match=r"Patient\.ndjson"):
        list(fhir_bulk(tmp_path, load_knowledge(), on=ON))
