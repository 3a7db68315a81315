"""FHIR bulk data (NDJSON): Patient, Observation, Condition, MedicationRequest, MedicationStatement.

Source:
    HL7 FHIR Bulk Data Access 2.0 and FHIR R4 (4.0.1).
"""

from __future__ import annotations

import itertools
import math
import re
from collections.abc import Iterator
from dataclasses import dataclass, field
from datetime import date
from pathlib import Path
from typing import Any

import polars as pl

from rheobase.cohort.frame import schema
from rheobase.cohort.sources.batch import Batch, Refusals
from rheobase.cohort.sources.codes import SYSTEMS, Codes, load_codes
from rheobase.cohort.sources.fhir_results import Reader, day_and_time
from rheobase.cohort.sources.ndjson import files_of, resources
from rheobase.cohort.sources.record import KINDS, Moment, age_on, in_force, told, until
from rheobase.cohort.sources.spool import Spool
from rheobase.errors import DataRefusedError
from rheobase.knowledge import Knowledge

OBSERVATION, CONDITION, MEDICATION = "Observation", "Condition", "Medication"
_CHUNK = 50_000
_SUBJECT = re.compile(r"(?:^|/)Patient/([^/|#?]+)")
_TRUE_CONDITION = ("active", "recurrence", "relapse")
_DOUBTFUL = ("refuted", "entered-in-error")
_NOT_TAKEN = ("cancelled", "entered-in-error", "draft", "not-taken", "intended", "unknown")
_ENDED = ("completed", "stopped")


@dataclass(slots=True)
class _Export:
    """A folder that is being read."""

    folder: Path
    codes: Codes
    moment: Moment
    refusals: Refusals
    order: Iterator[int] = field(default_factory=lambda: itertools.count(1))


def fhir_bulk(folder: Path, knowledge: Knowledge, *, on: date) -> Iterator[Batch]:
    """Yield the patients of a bulk export in batches that fit the memory.

    Only what is still true on the date is told: see ``data/codes.toml``. Patients who have died by then are left out.

    Args:
        folder: Holds ``Patient.ndjson``, ``Observation.ndjson`` and so on, plain or gzip, in one or several parts.
        knowledge: Findings, analytes and medicines.
        on: The date that is judged; what came later is counted and not used.

    Raises:
        DataRefusedError: There is no NDJSON file of patients or observations, or one is damaged.
    """
    if not folder.is_dir() or not (files_of(folder, "Patient") or files_of(folder, OBSERVATION)):
        raise DataRefusedError(f"{folder.name}: expected a folder with Patient.ndjson and Observation.ndjson in it.")
    codes = load_codes(knowledge)
    export = _Export(folder, codes, Moment(on, codes.days), Refusals())
    size = sum(each.stat().st_size for each in folder.glob("*.ndjson*"))
    known = schema(knowledge)
    with Spool(KINDS, size=size) as spool:
        _patients(export, spool)
        _observations(export, spool)
        _conditions(export, spool)
        _medicines(export, spool)
        for bucket in range(spool.buckets):
            yield Batch(
                told(
                    {kind: spool.take(kind, bucket) for kind in KINDS},
                    export.moment,
                    known,
                    (export.refusals, OBSERVATION),
                ),
                export.refusals.take(),
            )


def _chunks(rows: Iterator[tuple[Any, ...]], kind: str) -> Iterator[pl.DataFrame]:
    while part := list(itertools.islice(rows, _CHUNK)):
        yield pl.DataFrame(part, schema=KINDS[kind], orient="row")


def _read(export: _Export, kind: str) -> Iterator[tuple[tuple[str, int, str | None], dict[str, Any]]]:
    """Yield place and resource of every resource of a kind that is of a patient; others are refused."""
    for path in files_of(export.folder, kind):
        for number, resource in resources(path, kind, export.refusals):
            person = _person(resource)
            if person is None:
                export.refusals.add((path.name, number, None), "subject", resource.get("id"), "is not of a Patient")
            else:
                yield (path.name, number, person), resource


def _person(resource: dict[str, Any]) -> str | None:
    if resource.get("resourceType") == "Patient":
        identity = resource.get("id")
        return identity if isinstance(identity, str) and identity else None
    subject = resource.get("subject") or resource.get("patient")
    reference = subject.get("reference") if isinstance(subject, dict) else None
    if not isinstance(reference, str):
        return None
    found = _SUBJECT.search(reference)
    if found:
        return found[1]
    return reference.removeprefix("urn:uuid:") if reference.startswith("urn:uuid:") else None


def _patients(export: _Export, spool: Spool) -> None:
    def rows() -> Iterator[tuple[Any, ...]]:
        seen: set[str] = set()
        oldest = export.codes.knowledge.findings["age_years"].maximum or math.inf
        for where, resource in _read(export, "Patient"):
            person = str(where[2])
            if person in seen:
                export.refusals.add(where, "id", person, "stands twice; the first was read")
                continue
            seen.add(person)
            dead = _dead(resource, export.moment.on)
            if dead:
                export.refusals.add(where, "deceased", person, f"had died by {export.moment.on}; left out")
            born, written = _date_parts(resource.get("birthDate")), resource.get("birthDate")
            age = age_on(export.moment.on, born)
            if (written is not None and age is None) or (age is not None and not 0 <= age <= oldest):
                export.refusals.add(where, "birthDate", written, "expected a date before the one that is judged")
                age = None
            gender = resource.get("gender")
            sex = gender if gender in ("female", "male", "other") else None
            if gender is not None and sex is None and gender != "unknown":
                export.refusals.add(where, "gender", gender, "expected female, male, other or unknown")
            yield person, age, sex, dead, next(export.order)

    for chunk in _chunks(rows(), "people"):
        spool.add("people", chunk)


def _dead(resource: dict[str, Any], on: date) -> bool:
    if resource.get("deceasedBoolean") is True:
        return True
    died, _ = day_and_time(resource.get("deceasedDateTime"))
    return "deceasedDateTime" in resource and (died is None or died <= on)


def _date_parts(written: object) -> tuple[int | None, int | None, int | None]:
    found = re.fullmatch(r"(\d{4})(?:-(\d{2})(?:-(\d{2}))?)?", written) if isinstance(written, str) else None
    if found is None:
        return None, None, None
    year, month, day = (None if each is None else int(each) for each in found.groups())
    return year, month, day


def _observations(export: _Export, spool: Spool) -> None:
    reader = Reader(export.codes, export.refusals)
    for where, resource in _read(export, OBSERVATION):
        reader.read(where, resource, next(export.order))
        if len(reader.labs) + len(reader.said) >= _CHUNK:
            _spool_observations(export, spool, reader)
    _spool_observations(export, spool, reader)


def _spool_observations(export: _Export, spool: Spool, reader: Reader) -> None:
    moment, seen = export.moment, (export.refusals, OBSERVATION)
    for chunk in _chunks(iter(reader.labs), "labs"):
        spool.add("labs", until(chunk, moment, seen))
    for chunk in _chunks(iter(reader.said), "said"):
        spool.add("said", in_force(chunk, "on", (moment, moment.days.sign), seen))
    reader.labs.clear()
    reader.said.clear()


def _conditions(export: _Export, spool: Spool) -> None:
    def rows() -> Iterator[tuple[Any, ...]]:
        for where, resource in _read(export, CONDITION):
            finding = _condition(export, where, resource)
            if finding is None:
                continue
            on, _ = day_and_time(_first(resource, "onsetDateTime", "recordedDate", "onsetPeriod.start", "assertedDate"))
            if on is None and export.codes.history(finding):
                on = date.min  # a history without a date is one all the same
            yield where[2], finding, True, None, on, next(export.order)

    lasting = [name for name in export.codes.knowledge.findings if export.codes.history(name)]
    history = pl.col("finding").is_in(lasting)
    for chunk in _chunks(rows(), "said"):
        for part, most in ((chunk.filter(history), None), (chunk.filter(~history), export.moment.days.symptom)):
            spool.add("said", in_force(part, "on", (export.moment, most), (export.refusals, CONDITION)))


def _condition(export: _Export, where: tuple[str, int, str | None], resource: dict[str, Any]) -> str | None:
    """Return the finding that a condition says is true; what it does not say is counted."""
    found, written, result = None, "", False
    for vocabulary, code, display in _codings(resource.get("code")):
        written = written or f"{vocabulary} {code} {display}".strip()
        found = found or export.codes.finding(vocabulary, code)
        result = result or export.codes.is_result(vocabulary, code)
    why = ""
    status, verified = _status(resource.get("clinicalStatus")), _status(resource.get("verificationStatus"))
    if found is None:
        why = "diagnosis of a blood result: the result itself is read" if result else "no finding of ours has this code"
    elif verified in _DOUBTFUL:
        why = f"its verification status is {verified}: not taken for present, nor for absent"
    elif not export.codes.history(found) and status not in _TRUE_CONDITION:
        why = f"a complaint that is {status or 'of no clinical status'}: whether it is present is not known"
    if why:
        export.refusals.count(where[0], "code", written or "(no code)", why)
        return None
    return found


def _medicines(export: _Export, spool: Spool) -> None:
    named = {
        f"{MEDICATION}/{resource.get('id')}": resource.get("code")
        for path in files_of(export.folder, MEDICATION)
        for _, resource in resources(path, MEDICATION, export.refusals)
    }

    def rows(kind: str) -> Iterator[tuple[Any, ...]]:
        for where, resource in _read(export, kind):
            status = resource.get("status")
            if status in _NOT_TAKEN or resource.get("intent") in ("proposal", "plan", "option"):
                why = f"status {status}, intent {resource.get('intent', 'not given')}: whether it is taken is not known"
                export.refusals.count(where[0], "status", status, why)
                continue
            start, end = _period(resource, kind)
            if status in _ENDED and end is None and kind == "MedicationStatement":
                end = start
            still = kind == "MedicationStatement" and status == "active" and end is None
            for medicine in _medicine(export, where, resource, named):
                yield where[2], medicine, start, end, still, next(export.order)

    for kind in ("MedicationStatement", "MedicationRequest"):
        for chunk in _chunks(rows(kind), "takes"):
            spool.add("takes", in_force(chunk, "start", (export.moment, None), (export.refusals, kind)))


def _period(resource: dict[str, Any], kind: str) -> tuple[date | None, date | None]:
    if kind == "MedicationStatement":
        start, _ = day_and_time(_first(resource, "effectivePeriod.start", "effectiveDateTime", "dateAsserted"))
        end, _ = day_and_time(_first(resource, "effectivePeriod.end"))
        return start, end
    start, _ = day_and_time(_first(resource, "dispenseRequest.validityPeriod.start", "authoredOn"))
    end, _ = day_and_time(_first(resource, "dispenseRequest.validityPeriod.end"))
    return start, end


def _medicine(
    export: _Export, where: tuple[str, int, str | None], resource: dict[str, Any], named: dict[str, Any]
) -> tuple[str, ...]:
    """Return the medicines of a resource by their code, else by their name; what is not known is counted."""
    concept = resource.get("medicationCodeableConcept")
    reference = resource.get("medicationReference")
    if concept is None and isinstance(reference, dict):
        target = str(reference.get("reference", ""))
        own = [each for each in resource.get("contained", []) if isinstance(each, dict)]
        inside = next((each.get("code") for each in own if f"#{each.get('id')}" == target), None)
        at = target.find(f"{MEDICATION}/")
        concept = inside or named.get(target[at:] if at >= 0 else target) or {"text": reference.get("display", "")}
    names: list[str] = []
    for vocabulary, code, display in _codings(concept):
        if (found := export.codes.medicine(vocabulary, code)) is not None:
            return (found,)
        names += [display] if display else []
    text = concept.get("text") if isinstance(concept, dict) else None
    for name in dict.fromkeys([*names, *([text] if isinstance(text, str) else [])]):
        ids, unread = export.codes.medicines(name)
        if ids:
            if unread:
                export.refusals.count(where[0], "medication", name, "understood in part")
            return ids
    export.refusals.count(where[0], "medication", next(iter(names), text) or "(no name)", "no medicine of ours")
    return ()


def _codings(concept: object) -> Iterator[tuple[str, str, str]]:
    codings = concept.get("coding") if isinstance(concept, dict) else None
    for coding in codings if isinstance(codings, list) else []:
        if isinstance(coding, dict) and isinstance(coding.get("code"), str):
            system, display = coding.get("system"), coding.get("display")
            vocabulary = SYSTEMS.get(str(system), str(system or ""))
            yield vocabulary, coding["code"], display if isinstance(display, str) else ""


def _status(concept: object) -> str:
    if isinstance(concept, str):
        return concept
    return next((code for _, code, _ in _codings(concept)), "")


def _first(resource: dict[str, Any], *paths: str) -> object:
    for path in paths:
        found: object = resource
        for key in path.split("."):
            found = found.get(key) if isinstance(found, dict) else None
        if found is not None:
            return found
    return None
