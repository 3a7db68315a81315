"""Results written as FHIR: valid, honest about codes, and the same results when they are read again."""

from __future__ import annotations

import json
from datetime import date

import pytest
from fhir.resources.R4B.bundle import Bundle
from hypothesis import given
from hypothesis import strategies as st

from rheobase.fhir.observations import labs_bundle, loinc_of
from rheobase.fhir.ucum import ucum_of
from rheobase.importers.labs_fhir import read_fhir
from rheobase.knowledge import load_knowledge
from rheobase.knowledge.lab_reading import load_lab_reading
from rheobase.labs.reading import judge_all
from rheobase.labs.reading_line import State
from rheobase.labs.reading_names import facts_for
from rheobase.labs.reading_units import units_of
from rheobase.person import Answer, LabResult, Person, Status

KNOWLEDGE = load_knowledge()
READING = load_lab_reading()
FACTS = facts_for(KNOWLEDGE)
TODAY = date(2026, 11, 24)


def bundle_of(*results: LabResult) -> dict[str, object]:
    """Return the Bundle of some results."""
    return labs_bundle(Person(labs=results), KNOWLEDGE, READING)


def observation_of(result: LabResult) -> dict[str, object]:
    """Return the one Observation of a result."""
    entry = bundle_of(result)["entry"]
    assert isinstance(entry, list)
    found = entry[1]["resource"]
    assert isinstance(found, dict)
    return found


MAGNESIUM = LabResult("magnesium", 0.62, "mmol/L", None, "low", 0.7, 1.0, date(2026, 3, 1))


def test_a_bundle_is_valid_fhir() -> None:
    """The published model of R4 takes it, every code system is an address, nothing is null, numbers stay themselves."""
    sodium = LabResult("sodium", 140.0, "mmol/L", taken=date(2026, 3, 1))
    positive = LabResult("magnesium", flag="low")
    bundle = bundle_of(MAGNESIUM, sodium, positive)
    Bundle.model_validate_json(json.dumps(bundle))
    text = json.dumps(bundle)
    assert "null" not in text
    assert '"value": 140,' in text
    assert '"value": 0.62,' in text
    assert '"system": "loinc"' not in text


def test_the_same_results_give_the_same_bytes() -> None:
    """Addresses come from the content, so that two exports can be compared."""
    assert json.dumps(bundle_of(MAGNESIUM)) == json.dumps(bundle_of(MAGNESIUM))
    entries = bundle_of(MAGNESIUM, MAGNESIUM)["entry"]
    assert isinstance(entries, list)
    addresses = [each["fullUrl"] for each in entries]
    assert len(set(addresses)) == len(addresses)


def test_only_the_sex_is_told_of_the_person() -> None:
    """No name and no birth date leave with the results; an unknown sex is left out."""
    told = Person(answers={"sex": Answer(Status.PRESENT, "female")}, labs=(MAGNESIUM,))
    entries = labs_bundle(told, KNOWLEDGE, READING)["entry"]
    assert isinstance(entries, list)
    assert entries[0]["resource"] == {"resourceType": "Patient", "gender": "female"}
    unknown = Person(answers={"sex": Answer(Status.UNKNOWN)})
    entries = labs_bundle(unknown, KNOWLEDGE, READING)["entry"]
    assert isinstance(entries, list)
    assert entries[0]["resource"] == {"resourceType": "Patient"}


def test_a_code_never_contradicts_the_unit() -> None:
    """Moles get the code for moles, a mass the one for mass, and what is not certain gets none."""
    assert loinc_of(LabResult("magnesium", 0.62, "mmol/L"), READING) == "2601-3"
    assert loinc_of(LabResult("magnesium", 1.5, "mg/dL"), READING) == "19123-9"
    assert loinc_of(LabResult("magnesium", flag="low"), READING) is None
    assert loinc_of(LabResult("ph", 7.4, "pH"), READING) is None
    assert loinc_of(LabResult("ph", 7.4, "pH", code="2744-1"), READING) == "2744-1"


def test_every_unit_has_a_ucum_code_that_is_read_back() -> None:
    """What is written for a unit of the knowledge means the same unit when it is read."""
    units = units_of(READING)
    for analyte in KNOWLEDGE.analytes.values():
        for each in analyte.units:
            if each.unit != "1":
                assert units.read(ucum_of(each.unit)) == units.read(each.unit), each.unit


@pytest.mark.parametrize(
    ("time", "written"),
    [("", "2026-03-01"), ("08:15+01:00", "2026-03-01T08:15:00+01:00"), ("08:15:30Z", "2026-03-01T08:15:30+00:00")],
)
def test_a_time_is_written_with_its_zone_only(time: str, written: str) -> None:
    """FHIR has no time without a zone; one without stays in words and is never made up."""
    result = LabResult("magnesium", 0.62, "mmol/L", taken=date(2026, 3, 1), time=time)
    assert observation_of(result)["effectiveDateTime"] == written
    local = LabResult("magnesium", 0.62, "mmol/L", taken=date(2026, 3, 1), time="08:15")
    assert observation_of(local)["effectiveDateTime"] == "2026-03-01"
    assert "08:15" in json.dumps(observation_of(local)["note"])


@st.composite
def results(draw: st.DrawFn) -> LabResult:
    """Return a result of any test with a usual value in any of its units."""
    ids = [each.id for each in KNOWLEDGE.analytes.values() if each.id in READING.usual and each.units]
    analyte = KNOWLEDGE.analytes[draw(st.sampled_from(sorted(ids)))]
    unit = draw(st.sampled_from(analyte.units))
    low, high = READING.usual[analyte.id].intervals[0]
    share = draw(st.integers(0, 100)) / 100
    value = float(f"{(low + share * (high - low)) / unit.to_si:.4g}")
    comparator = draw(st.sampled_from([None, None, "<", ">"]))
    taken = draw(st.dates(date(2000, 1, 1), TODAY) | st.none())
    return LabResult(analyte.id, value, unit.unit, comparator, taken=taken)


@given(results())
def test_a_result_that_is_written_is_read_back_as_itself(result: LabResult) -> None:
    """Value, unit, sign and day come back; what the reader can't be sure of waits, and is never another value."""
    file = read_fhir(json.dumps(bundle_of(result)), "x", FACTS)
    (judged,) = judge_all(file.lines, FACTS, TODAY)
    assert judged.state in (State.ACCEPTED, State.DOUBT), judged.reasons
    for found in (judged.result,) if judged.result else judged.candidates:
        assert (found.analyte, found.value, found.comparator, found.taken) == (
            result.analyte,
            result.value,
            result.comparator,
            result.taken,
        )
    if loinc_of(result, READING):
        assert judged.state is State.ACCEPTED, judged.reasons
