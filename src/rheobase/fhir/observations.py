"""Laboratory results as FHIR R4 Observations, so that a doctor's own system can take them.

Source:
    HL7 FHIR R4 (4.0.1), Observation (profile of laboratory results) and Bundle.
"""

from __future__ import annotations

import uuid
from collections.abc import Mapping

from rheobase.fhir.systems import ABSENT_REASON, CATEGORY, INTERPRETATION, LOINC, UCUM
from rheobase.fhir.ucum import ucum_of
from rheobase.knowledge import Analyte, Knowledge
from rheobase.person import LabResult, Person, Status
from rheobase.units import normalise

# Names of results are made from their content: the same file gives the same Bundle, and takes it back only once.
_NAMESPACE = uuid.uuid5(uuid.NAMESPACE_URL, "urn:rheobase:fhir")
_FLAG_CODES = {
    "low": ("L", "Low"),
    "high": ("H", "High"),
    "normal": ("N", "Normal"),
    "positive": ("POS", "Positive"),
    "negative": ("NEG", "Negative"),
}
SEXES = ("female", "male")

Json = dict[str, object]


def labs_bundle(person: Person, knowledge: Knowledge) -> Json:
    """Return a Bundle (collection) of one Patient without a name, and one Observation for each result.

    Args:
        person: Whose results; the sex is told when it is known, nothing else of them.
        knowledge: Names, codes and units of the tests.
    """
    patient = _address("patient")
    entries = [{"fullUrl": patient, "resource": _patient(person)}]
    for number, result in enumerate(person.labs):
        resource = observation(result, knowledge.analytes[result.analyte], subject=patient)
        entries.append({"fullUrl": _address(f"{number}|{result!r}"), "resource": resource})
    return {"resourceType": "Bundle", "type": "collection", "entry": entries}


def observation(result: LabResult, analyte: Analyte, *, subject: str) -> Json:
    """Return one result as an Observation.

    Value, unit and interval are the laboratory's own. A LOINC code is given only where it agrees with the unit, since
    a code for moles beside a figure in mg/dL would be read wrongly.

    Args:
        result: The result.
        analyte: What was measured.
        subject: Address of the Patient.
    """
    resource: Json = {
        "resourceType": "Observation",
        "status": "final",
        "category": [{"coding": [{"system": CATEGORY, "code": "laboratory", "display": "Laboratory"}]}],
        "code": _code(result, analyte),
        "subject": {"reference": subject},
    }
    if result.taken is not None:
        resource["effectiveDateTime"] = result.taken.isoformat()
    if result.value is not None:
        resource["valueQuantity"] = _quantity(result.value, result.unit, result.comparator)
    elif result.flag in ("positive", "negative"):
        resource["valueCodeableConcept"] = _concept(INTERPRETATION, *_FLAG_CODES[result.flag])
    else:
        resource["dataAbsentReason"] = _concept(ABSENT_REASON, "unknown", "Unknown")
    if result.flag is not None:
        resource["interpretation"] = [_concept(INTERPRETATION, *_FLAG_CODES[result.flag])]
    ends = {"low": result.low, "high": result.high}
    interval = {key: _quantity(end, result.unit, None) for key, end in ends.items() if end is not None}
    if interval:
        resource["referenceRange"] = [interval]
    if result.original:
        resource["note"] = [{"text": f"As written: {result.original}"}]
    return resource


def loinc_of(analyte: Analyte, unit: str | None) -> str | None:
    """Return the LOINC code that agrees with a unit, or None.

    Args:
        analyte: What was measured.
        unit: Unit of the value; None without a value.
    """
    codes: Mapping[str, str] = analyte.loinc
    if len(set(codes.values())) == 1:
        return next(iter(codes.values()))
    if unit is None:
        return None
    for kind, own in (("si", analyte.unit_si), ("conventional", analyte.unit_conventional)):
        if own is not None and normalise(own) == normalise(unit):
            return codes.get(kind)
    return None


def _patient(person: Person) -> Json:
    resource: Json = {"resourceType": "Patient"}
    sex = person.answers.get("sex")
    if sex is not None and sex.status is not Status.UNKNOWN and sex.value in SEXES:
        resource["gender"] = sex.value
    return resource


def _code(result: LabResult, analyte: Analyte) -> Json:
    code: Json = {"text": analyte.name}
    if (loinc := loinc_of(analyte, result.unit)) is not None:
        code["coding"] = [{"system": LOINC, "code": loinc}]
    return code


def _quantity(value: float, unit: str | None, comparator: str | None) -> Json:
    # A whole number stays one: 140 and not 140.0.
    quantity: Json = {"value": int(value) if value.is_integer() else value}
    if comparator is not None:
        quantity["comparator"] = comparator
    if unit:
        quantity |= {"unit": unit, "system": UCUM, "code": ucum_of(unit)}
    return quantity


def _concept(system: str, code: str, display: str) -> Json:
    return {"coding": [{"system": system, "code": code, "display": display}]}


def _address(content: str) -> str:
    return uuid.uuid5(_NAMESPACE, content).urn
