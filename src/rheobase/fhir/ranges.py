"""For whom an interval of a laboratory holds: ``appliesTo`` and ``age`` of a FHIR reference range, and the patient.

Source:
    HL7 FHIR R4 (4.0.1), Observation.referenceRange; AdministrativeGender; SNOMED CT for female and male.
"""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from datetime import date

Resource = Mapping[str, object]
_SEXES = {
    **dict.fromkeys(("female", "f", "248152002", "woman", "women"), "female"),
    **dict.fromkeys(("male", "m", "248153007", "man", "men"), "male"),
}
_IN_YEAR = {"a": 1.0, "year": 1.0, "years": 1.0, "y": 1.0, "yr": 1.0, "mo": 12.0, "month": 12.0, "months": 12.0}


@dataclass(frozen=True, slots=True)
class Patient:
    """Sex and day of birth as a Patient resource gives them; "" and None where it does not."""

    sex: str = ""
    born: date | None = None


def patient_of(resource: Resource | None) -> Patient:
    """Return sex and day of birth of a Patient resource.

    Args:
        resource: None without one.
    """
    if resource is None or resource.get("resourceType") != "Patient":
        return Patient()
    sex = _SEXES.get(str(resource.get("gender") or "").lower(), "")
    return Patient(sex, _day(resource.get("birthDate")))


def is_for_some(given: Resource) -> bool:
    """Return whether an interval is for some people only."""
    return bool(given.get("appliesTo")) or isinstance(given.get("age"), dict)


def holds_for(given: Resource, patient: Patient, taken: str) -> bool | None:
    """Return whether an interval is one for this patient; None where that can't be told.

    Args:
        given: One reference range.
        patient: Whose result.
        taken: When the sample was taken, as written.
    """
    parts = (_of_sex(given.get("appliesTo"), patient), _of_age(given.get("age"), patient, taken))
    if False in parts:
        return False
    return None if None in parts else True


def _of_sex(applies: object, patient: Patient) -> bool | None:
    for concept in applies if isinstance(applies, list) else []:
        said = {_SEXES[each] for each in _said(concept) if each in _SEXES}
        if len(said) != 1:
            # Pregnancy, a race, a phase of the cycle: nothing that is known here.
            return None
        if not patient.sex:
            return None
        if patient.sex not in said:
            return False
    return True


def _said(concept: object) -> Iterator[str]:
    if not isinstance(concept, dict):
        return
    coding = concept.get("coding")
    for each in coding if isinstance(coding, list) else []:
        if isinstance(each, dict):
            yield str(each.get("code") or "").lower()
    yield str(concept.get("text") or "").lower().strip()


def _of_age(given: object, patient: Patient, taken: str) -> bool | None:
    if not isinstance(given, dict):
        return True
    on = _day(taken[:10])
    if patient.born is None or on is None:
        return None
    age = (on - patient.born).days / 365.25
    for name in ("low", "high"):
        end = given.get(name)
        if not isinstance(end, dict):
            continue
        value, size = end.get("value"), _IN_YEAR.get(str(end.get("code") or end.get("unit") or "").lower())
        if size is None or not isinstance(value, int | float):
            return None
        if age < value / size if name == "low" else age > value / size:
            return False
    return True


def _day(text: object) -> date | None:
    try:
        return date.fromisoformat(str(text))
    except ValueError:
        return None
