"""Laboratory results as FHIR R4 Observations, so that a doctor's own system can take them.

Source:
    HL7 FHIR R4 (4.0.1), Observation (profile of laboratory results) and Bundle.
"""

from __future__ import annotations

import re
import uuid

from rheobase.fhir.systems import ABSENT_REASON, CATEGORY, INTERPRETATION, LOINC, UCUM
from rheobase.fhir.ucum import ucum_of
from rheobase.knowledge import Analyte, Knowledge
from rheobase.knowledge.lab_reading import LabReading
from rheobase.labs.reading_units import units_of
from rheobase.person import LabResult, Person, Status

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

_ZONED = re.compile(r"([0-9]{2}:[0-9]{2})(?::([0-9]{2}))?([+-][0-9]{2}:[0-9]{2})")

Json = dict[str, object]


def labs_bundle(person: Person, knowledge: Knowledge, reading: LabReading) -> Json:
    """Return a Bundle (collection) of one Patient without a name, and one Observation for each result.

    Args:
        person: Whose results; the sex is told when it is known, nothing else of them.
        knowledge: Names of the tests.
        reading: Their codes and units.
    """
    patient = _address("patient")
    entries = [{"fullUrl": patient, "resource": _patient(person)}]
    for number, result in enumerate(person.labs):
        resource = observation(result, knowledge.analytes[result.analyte], reading, subject=patient)
        entries.append({"fullUrl": _address(f"{number}|{result!r}"), "resource": resource})
    return {"resourceType": "Bundle", "type": "collection", "entry": entries}


def observation(result: LabResult, analyte: Analyte, reading: LabReading, *, subject: str) -> Json:
    """Return one result as an Observation.

    Value, unit and interval are the laboratory's own. A LOINC code is given only where it agrees with the unit, since
    a code for moles beside a figure in mg/dL would be read wrongly.

    Args:
        result: The result.
        analyte: What was measured.
        reading: Codes and units.
        subject: Address of the Patient.
    """
    resource: Json = {
        "resourceType": "Observation",
        "status": "final",
        "category": [{"coding": [{"system": CATEGORY, "code": "laboratory", "display": "Laboratory"}]}],
        "code": _code(result, analyte, reading),
        "subject": {"reference": subject},
    }
    if result.taken is not None:
        resource["effectiveDateTime"] = _when(result)
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
    remarks = [f"Sample {each}." for each in result.sample]
    if result.time and "T" not in str(resource.get("effectiveDateTime", "")):
        remarks.append(f"Taken at {result.time} by the laboratory's clock.")
    remarks += [f"As written: {result.original}"] if result.original else []
    if remarks:
        resource["note"] = [{"text": each} for each in remarks]
    return resource


def loinc_of(result: LabResult, reading: LabReading) -> str | None:
    """Return the LOINC code of a result: the laboratory's own, or the one that agrees with its unit; else None.

    Args:
        result: The result.
        reading: Codes, and the kind of each unit.
    """
    if result.code:
        return result.code
    units = units_of(reading)
    unit = units.read(result.unit) if result.unit else None
    kind = units.kinds.get(unit) if unit is not None else None
    fitting = [each.code for each in reading.codes.values() if each.analyte == result.analyte and each.kind == kind]
    # Arterial or venous, with or without a method: which of several can't be told.
    return fitting[0] if len(fitting) == 1 else None


def _when(result: LabResult) -> str:
    """Return when the sample was taken; FHIR allows a time only with its zone, so one without stays in the note."""
    day = "" if result.taken is None else result.taken.isoformat()
    clock = result.time.upper().replace("Z", "+00:00")
    zoned = _ZONED.fullmatch(clock)
    if zoned is None:
        return day
    return f"{day}T{zoned[1]}:{zoned[2] or '00'}{zoned[3]}"


def _patient(person: Person) -> Json:
    resource: Json = {"resourceType": "Patient"}
    sex = person.answers.get("sex")
    if sex is not None and sex.status is not Status.UNKNOWN and sex.value in SEXES:
        resource["gender"] = sex.value
    return resource


def _code(result: LabResult, analyte: Analyte, reading: LabReading) -> Json:
    code: Json = {"text": analyte.name}
    if (loinc := loinc_of(result, reading)) is not None:
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
