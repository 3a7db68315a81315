"""What is read out of FHIR resources, and what is left out and said so."""

from __future__ import annotations

import copy
from collections.abc import Mapping

import pytest

from rheobase.errors import DataRefusedError
from rheobase.fhir.results import read_results

MAGNESIUM: dict[str, object] = {
    "resourceType": "Observation",
    "id": "mg-1",
    "status": "final",
    "code": {
        "coding": [{"system": "http://loinc.org", "code": "2601-3", "display": "Magnesium [Moles/volume]"}],
        "text": "Magnesium",
    },
    "subject": {"reference": "Patient/1"},
    "effectiveDateTime": "2026-03-01T08:15:00+01:00",
    "valueQuantity": {"value": 0.62, "unit": "mmol/L", "system": "http://unitsofmeasure.org", "code": "mmol/L"},
    "interpretation": [{"coding": [{"code": "L"}]}],
    "referenceRange": [{"low": {"value": 0.7, "unit": "mmol/L"}, "high": {"value": 1.0, "unit": "mmol/L"}}],
}

# As Apple Health keeps records of older servers: DSTU2, one interpretation, comments instead of notes.
OLDER: dict[str, object] = {
    "resourceType": "Observation",
    "id": "k-1",
    "status": "final",
    "code": {"text": "Potassium", "coding": [{"system": "http://loinc.org", "code": "2823-3"}]},
    "effectiveDateTime": "2019-05-02T09:00:00Z",
    "valueQuantity": {"value": 5.9, "unit": "mmol/L"},
    "interpretation": {"coding": [{"code": "H"}]},
    "comments": "Haemolysed sample",
    "referenceRange": [{"text": "3.5-5.1"}],
}


def changed(resource: Mapping[str, object], **keys: object) -> dict[str, object]:
    """Return a copy with some keys set, or removed where None."""
    copied = dict(copy.deepcopy(resource))
    for key, value in keys.items():
        if value is None:
            copied.pop(key, None)
        else:
            copied[key] = value
    return copied


def bundle(*resources: Mapping[str, object]) -> dict[str, object]:
    """Return a Bundle of resources."""
    return {"resourceType": "Bundle", "type": "searchset", "entry": [{"resource": each} for each in resources]}


def test_an_observation_keeps_everything_as_it_was_written() -> None:
    """Name, code, value, unit, interval, flag and time come out as they stand in the resource."""
    (only,) = read_results(MAGNESIUM, name="x").results
    assert (only.name, only.loinc, only.value, only.unit, only.ucum) == (
        "Magnesium",
        ("2601-3",),
        "0.62",
        "mmol/L",
        "mmol/L",
    )
    assert (only.low, only.high, only.flag, only.taken) == ("0.7", "1.0", "low", "2026-03-01T08:15:00+01:00")


def test_an_older_record_is_read_the_same_way() -> None:
    """DSTU2's single interpretation, comments and interval in words are understood."""
    (only,) = read_results(OLDER, name="x").results
    assert (only.value, only.flag, only.interval, only.remarks) == ("5.9", "high", "3.5-5.1", ("Haemolysed sample",))


def test_parts_of_a_panel_are_results_of_their_own() -> None:
    """Components are read one by one, with the time of the whole; a panel without a value is no result."""
    parts = [
        {"code": {"text": "Sodium"}, "valueQuantity": {"value": 140, "unit": "mmol/L"}},
        {"code": {"text": "Potassium"}, "valueQuantity": {"value": 3.4, "unit": "mmol/L"}},
    ]
    panel = changed(MAGNESIUM, valueQuantity=None, component=parts, interpretation=None, referenceRange=None)
    found = read_results(panel, name="x")
    assert [(each.name, each.value) for each in found.results] == [("Sodium", "140"), ("Potassium", "3.4")]
    assert {each.taken for each in found.results} == {"2026-03-01T08:15:00+01:00"}
    assert found.dropped == []


@pytest.mark.parametrize(
    ("keys", "said"),
    [
        ({"status": "cancelled"}, "its status is cancelled"),
        ({"status": "entered-in-error"}, "its status is entered-in-error"),
        ({"status": None}, "it has no status"),
        ({"modifierExtension": [{"url": "urn:not", "valueBoolean": True}]}, "a modifier extension"),
        ({"valueQuantity": None, "interpretation": None}, "no value"),
        ({"valueQuantity": {"value": "0.62"}, "interpretation": None}, "no value"),
        (
            {"valueQuantity": None, "interpretation": None, "dataAbsentReason": {"text": "sample clotted"}},
            "no value (sample clotted)",
        ),
        ({"valueQuantity": None, "interpretation": None, "valueRange": {}}, "a Range"),
    ],
)
def test_what_cannot_be_used_is_left_out_and_said(keys: dict[str, object], said: str) -> None:
    """Nothing is dropped without a word, and nothing that was called off is read."""
    found = read_results(changed(MAGNESIUM, **keys), name="x")
    assert found.results == []
    assert len(found.dropped) == 1
    assert found.dropped[0].startswith("Magnesium")
    assert said in found.dropped[0]


def test_a_preliminary_result_is_in_doubt() -> None:
    """A result that may still change is read, and a person is asked about it."""
    (only,) = read_results(changed(MAGNESIUM, status="preliminary"), name="x").results
    assert "not final yet" in only.doubts[0]


def test_several_intervals_are_not_guessed_between() -> None:
    """An interval for others is left aside; of two for anyone none is taken."""
    own = {"low": {"value": 0.7}, "high": {"value": 1.0}}
    pregnant = {"low": {"value": 0.6}, "high": {"value": 0.9}, "appliesTo": [{"text": "pregnant"}]}
    (clear,) = read_results(changed(MAGNESIUM, referenceRange=[pregnant, own]), name="x").results
    assert (clear.low, clear.high, clear.doubts) == ("0.7", "1.0", ())
    (unclear,) = read_results(changed(MAGNESIUM, referenceRange=[own, {"text": "0.8-1.1"}]), name="x").results
    assert (unclear.low, unclear.high, unclear.interval) == ("", "", "")
    assert "several intervals" in unclear.doubts[0]


def test_an_interval_in_another_unit_is_not_used() -> None:
    """Ends in mg/dL say nothing beside a value in mmol/L."""
    other = [{"low": {"value": 1.7, "unit": "mg/dL"}, "high": {"value": 2.4, "unit": "mg/dL"}}]
    (only,) = read_results(changed(MAGNESIUM, referenceRange=other), name="x").results
    assert (only.low, only.high) == ("", "")
    assert only.doubts


def test_positive_and_negative_are_flags() -> None:
    """A coded answer in SNOMED or HL7's own codes becomes a flag."""
    coded = {"coding": [{"system": "http://snomed.info/sct", "code": "260385009", "display": "Negative"}]}
    resource = changed(MAGNESIUM, valueQuantity=None, interpretation=None, valueCodeableConcept=coded)
    (only,) = read_results(resource, name="x").results
    assert (only.value, only.flag) == ("Negative", "negative")


def test_the_same_result_twice_is_read_once() -> None:
    """A Bundle and its contained copy give one result, and the second is named."""
    found = read_results(bundle(MAGNESIUM, MAGNESIUM), name="x")
    assert len(found.results) == 1
    assert found.dropped == ["Magnesium 0.62: stands twice; read once"]


def test_two_people_in_one_file_are_refused() -> None:
    """Results of two people are never joined."""
    other = changed(OLDER, subject={"reference": "Patient/2"})
    with pytest.raises(DataRefusedError, match="2 people"):
        read_results(bundle(MAGNESIUM, other), name="x")


def test_a_report_names_what_is_not_there() -> None:
    """A report whose results are elsewhere, or that is only a document, says so."""
    report = {
        "resourceType": "DiagnosticReport",
        "code": {"text": "Electrolytes"},
        "result": [{"reference": "Observation/mg-1"}, {"reference": "Observation/gone"}],
    }
    found = read_results(bundle(report, MAGNESIUM), name="x")
    assert found.dropped == ["Electrolytes: names a result that is not in this file"]
    scanned = {"resourceType": "DiagnosticReport", "code": {"text": "Scan"}, "presentedForm": [{}]}
    assert "only as a document" in read_results(scanned, name="x").dropped[0]


def test_contained_results_and_samples_are_found() -> None:
    """A report may carry its observations and samples inside itself."""
    sample = {
        "resourceType": "Specimen",
        "id": "s",
        "type": {"text": "Urine"},
        "condition": [{"text": "lipaemic"}],
        "collection": {"collectedDateTime": "2026-02-03"},
    }
    inner = changed(MAGNESIUM, specimen={"reference": "#s"}, effectiveDateTime=None, id="o")
    report = {
        "resourceType": "DiagnosticReport",
        "code": {"text": "R"},
        "contained": [sample, inner],
        "result": [{"reference": "#o"}],
    }
    (only,) = read_results(report, name="x").results
    assert (only.specimen, only.remarks, only.taken) == ("Urine", ("lipaemic",), "2026-02-03")


def test_a_page_of_several_is_said() -> None:
    """A search page that has a next one is not taken for everything."""
    page = bundle(MAGNESIUM) | {"link": [{"relation": "next", "url": "urn:next"}]}
    assert "one page of several" in read_results(page, name="x").notes[0]


@pytest.mark.parametrize("document", [[], {}, "text", 3, {"resourceType": 5}, {"resourceType": "Bundle", "entry": {}}])
def test_what_is_no_resource_is_refused(document: object) -> None:
    """Other JSON is refused with what was expected."""
    with pytest.raises(DataRefusedError, match=r"expected|Export"):
        read_results(document, name="x")


@pytest.mark.parametrize("junk", [None, 1, "x", [], {}, [[]], [None], {"coding": {}}, {"coding": [1]}, True])
def test_junk_in_any_place_never_breaks_the_reader(junk: object) -> None:
    """Whatever stands under a key, there is a result, a word, or a clear refusal, and no other error."""
    for key in [*MAGNESIUM, "component", "specimen", "note", "contained", "valueCodeableConcept", "effectivePeriod"]:
        if key == "resourceType":
            continue
        resource = copy.deepcopy(MAGNESIUM) | {key: junk}
        found = read_results(bundle(resource), name="x")
        assert found.results or found.dropped


def test_two_people_known_by_identifiers_are_refused() -> None:
    """People who are named by an identifier alone are told apart, too."""
    one = changed(MAGNESIUM, subject={"identifier": {"value": "a"}})
    other = changed(OLDER, subject={"identifier": {"value": "b"}})
    with pytest.raises(DataRefusedError, match="2 people"):
        read_results(bundle(one, other), name="x")


def test_a_result_of_somebody_else_is_not_used() -> None:
    """An observation with a focus, such as an unborn child, is not the patient's own."""
    found = read_results(changed(MAGNESIUM, focus=[{"reference": "Patient/unborn"}]), name="x")
    assert found.results == []
    assert "somebody" in found.dropped[0]


def test_each_result_has_its_own_contained_specimen() -> None:
    """Two observations may each call their specimen "#s"; neither takes the other's."""

    def of(kind: str, value: float) -> dict[str, object]:
        held = {"resourceType": "Specimen", "id": "s", "type": {"text": kind}}
        quantity = {"value": value, "unit": "mmol/L"}
        return changed(OLDER, id=kind, contained=[held], specimen={"reference": "#s"}, valueQuantity=quantity)

    found = read_results(bundle(of("Serum", 4.1), of("Urine", 41)), name="x")
    assert [each.specimen for each in found.results] == ["Serum", "Urine"]


def test_what_a_withdrawn_report_contains_is_not_used() -> None:
    """A report that was entered in error takes the results that it contains with it."""
    report = {"resourceType": "DiagnosticReport", "status": "entered-in-error", "contained": [MAGNESIUM]}
    found = read_results(report, name="x")
    assert found.results == []
    assert "entered-in-error" in found.dropped[0]


def _of(gender: str | None, born: str | None, *ranges: Mapping[str, object]) -> tuple[str, str, tuple[str, ...]]:
    """Return the interval that is used for a patient, and the doubts."""
    patient = {"resourceType": "Patient", "id": "1", "gender": gender, "birthDate": born}
    result = changed(MAGNESIUM, referenceRange=list(ranges), subject={"reference": "Patient/1"})
    bundle = {"resourceType": "Bundle", "entry": [{"resource": patient}, {"resource": result}]}
    (one,) = read_results(bundle, name="x").results
    return one.low, one.high, one.doubts


def test_an_interval_is_taken_for_the_sex_and_the_age_of_the_patient() -> None:
    """Of intervals for women and men, for children and grown-ups, the patient's counts; without it none does."""
    ends = {"low": {"value": 0.7}, "high": {"value": 1.0}}
    others = {"low": {"value": 0.6}, "high": {"value": 0.9}}
    women, men = (
        {**given, "appliesTo": [{"coding": [{"code": code}]}]}
        for given, code in ((ends, "248152002"), (others, "248153007"))
    )
    assert _of("female", None, women, men)[:2] == ("0.7", "1.0")
    assert _of("male", None, women, men)[:2] == ("0.6", "0.9")
    for gender, given in ((None, (women, men)), ("male", (women,)), (None, (women,))):
        low, high, doubts = _of(gender, None, *given)
        assert (low, high, len(doubts)) == ("", "", 1)
    grown = {**ends, "age": {"low": {"value": 18, "code": "a"}}}
    child = {**others, "age": {"high": {"value": 17, "code": "a"}}}
    assert _of(None, "1980-01-01", grown, child)[:2] == ("0.7", "1.0")
    assert _of(None, "2020-01-01", grown, child)[:2] == ("0.6", "0.9")
    assert "another sex or age" in _of(None, "2020-01-01", grown)[2][0]
    assert "is not known" in _of(None, None, grown)[2][0]
