"""Laboratory results out of FHIR resources, as they stand there: nothing is converted, nothing is judged.

Source:
    HL7 FHIR R4 (4.0.1), Observation, DiagnosticReport and Bundle; DSTU2 (1.0.2) where Apple Health still holds it.
"""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from dataclasses import dataclass, field

from rheobase.errors import DataRefusedError
from rheobase.fhir.ranges import Patient, holds_for, is_for_some, patient_of
from rheobase.fhir.systems import LOINC, UCUM
from rheobase.plain_text import printable

# A result is used once it has been released; what was called off or entered in error never is.
RELEASED = ("final", "amended", "corrected")
NOT_YET = ("registered", "preliminary")
VOID = ("entered-in-error", "cancelled")
FLAGS = {
    "L": "low",
    "LL": "low",
    "LU": "low",
    "H": "high",
    "HH": "high",
    "HU": "high",
    "N": "normal",
    "POS": "positive",
    "NEG": "negative",
    # SNOMED CT, as laboratories code them.
    "10828004": "positive",
    "260385009": "negative",
}
# DSTU2 and R4 write the same value under these names.
_VALUES = ("valueQuantity", "valueString", "valueCodeableConcept", "valueInteger")
_UNREAD = ("valueRange", "valueRatio", "valueSampledData", "valueBoolean", "valueTime", "valueDateTime", "valuePeriod")

Resource = Mapping[str, object]


@dataclass(frozen=True, slots=True)
class CodedResult:
    """One result as its resource gives it.

    Attributes:
        name: What the laboratory calls the test.
        loinc: Every LOINC code given; several are checked against each other later.
        value: The number or words as text; "" when there is none.
        unit: The unit in words; "" when not given.
        ucum: The unit's UCUM code; "" when not given.
        low: Lower end of the laboratory's own interval, as text; "" when not given.
        high: Upper end, the same way.
        interval: The interval in words, when it was not given as numbers.
        flag: ``low``, ``normal``, ``high``, ``positive``, ``negative``, or "".
        taken: When the sample was taken, as written; "" when not given.
        specimen: What was examined, in words; "" when not given.
        remarks: Notes of the laboratory, such as a haemolysed sample.
        doubts: Why a person has to look at it, in plain words.
        identity: What makes it the same result when it comes again.
    """

    name: str
    loinc: tuple[str, ...] = ()
    value: str = ""
    unit: str = ""
    ucum: str = ""
    low: str = ""
    high: str = ""
    interval: str = ""
    flag: str = ""
    taken: str = ""
    specimen: str = ""
    remarks: tuple[str, ...] = ()
    doubts: tuple[str, ...] = ()
    identity: str = ""


@dataclass(slots=True)
class FhirResults:
    """What a FHIR document holds.

    Attributes:
        results: In the order of the document.
        dropped: In plain lines, what was left out and why.
        notes: What to know about the document.
        subjects: Whom the results are of, as referenced; more than one means more than one person.
        patient: Sex and day of birth of that person, as far as the document says.
    """

    results: list[CodedResult] = field(default_factory=list)
    dropped: list[str] = field(default_factory=list)
    notes: list[str] = field(default_factory=list)
    subjects: set[str] = field(default_factory=set)
    patient: Patient = field(default_factory=Patient)


def read_results(document: object, *, name: str) -> FhirResults:
    """Return every laboratory result of a resource or a Bundle.

    Args:
        document: Parsed JSON.
        name: How to call the file in a message.

    Raises:
        DataRefusedError: It is no FHIR resource, or holds results of more than one person.
    """
    found = FhirResults()
    resources = list(_resources(document, found, name))
    by_reference = _index(resources)
    seen: set[str] = set()
    for _, resource in resources:
        kind = resource.get("resourceType")
        if kind == "Observation":
            _observation(resource, found, seen, by_reference)
        elif kind == "DiagnosticReport":
            _report(resource, found, by_reference)
    if len(found.subjects) > 1:
        raise DataRefusedError(
            f"{name}: holds results of {len(found.subjects)} people "
            f"({', '.join(printable(each, limit=40) for each in sorted(found.subjects)[:3])}), expected one person. "
            "Export one person alone."
        )
    return found


def _resources(document: object, found: FhirResults, name: str) -> Iterator[tuple[str, Resource]]:
    """Yield each resource with its full address, contained ones after the one that contains them."""
    if not isinstance(document, dict) or not isinstance(kind := document.get("resourceType"), str):
        raise DataRefusedError(f'{name}: is no FHIR resource, expected an object with "resourceType".')
    if kind != "Bundle":
        yield from _with_contained("", document)
        return
    entries = document.get("entry", [])
    if not isinstance(entries, list):
        raise DataRefusedError(f"{name}: the Bundle's entry is no list. Export it again.")
    if any(isinstance(link, dict) and link.get("relation") == "next" for link in _list(document.get("link"))):
        found.notes.append("This is one page of several: the server has more results than stand in this file.")
    for number, entry in enumerate(entries, start=1):
        resource = entry.get("resource") if isinstance(entry, dict) else None
        if isinstance(resource, dict) and isinstance(resource.get("resourceType"), str):
            yield from _with_contained(_text(entry.get("fullUrl")), resource)
        else:
            found.dropped.append(f"entry {number}: holds no resource")


def _with_contained(address: str, resource: Resource) -> Iterator[tuple[str, Resource]]:
    yield address, resource
    if resource["resourceType"] == "DiagnosticReport" and resource.get("status") in VOID:
        return
    for inner in _list(resource.get("contained")):
        if isinstance(inner, dict) and isinstance(inner.get("resourceType"), str):
            yield f"#{_text(inner.get('id'))}", inner


def _index(resources: list[tuple[str, Resource]]) -> dict[str, Resource]:
    index: dict[str, Resource] = {}
    for address, resource in resources:
        if address:
            index.setdefault(address, resource)
        if identity := _text(resource.get("id")):
            index.setdefault(f"{resource['resourceType']}/{identity}", resource)
    return index


def _report(report: Resource, found: FhirResults, by_reference: Mapping[str, Resource]) -> None:
    """Say what a report promises and the document does not hold; the results themselves are observations."""
    missing = [
        reference
        for each in _list(report.get("result"))
        if isinstance(each, dict) and (reference := _text(each.get("reference"))) and reference not in by_reference
    ]
    title = _words(report.get("code")) or "a report"
    if report.get("status") in VOID:
        found.dropped.append(f"{title}: the report is {report['status']}; what it contains is not used")
        return
    if missing:
        what = "a result that is" if len(missing) == 1 else f"{len(missing)} results that are"
        found.dropped.append(f"{title}: names {what} not in this file")
    if not _list(report.get("result")):
        held = "only as a document (PDF or text)" if report.get("presentedForm") else "without results"
        found.dropped.append(f"{title}: a report {held}")


def _observation(resource: Resource, found: FhirResults, seen: set[str], by_reference: Mapping[str, Resource]) -> None:
    name = _words(resource.get("code")) or "an observation without a name"
    status = _text(resource.get("status"))
    if "modifierExtension" in resource or "implicitRules" in resource:
        found.dropped.append(f"{name}: has a rule that may change its meaning (a modifier extension); not used")
        return
    if status not in (*RELEASED, *NOT_YET):
        why = f"its status is {printable(status, limit=30)}" if status else "it has no status"
        found.dropped.append(f"{name}: {why}; only released results are used")
        return
    subject = resource.get("subject")
    if isinstance(subject, dict) and (whom := _text(subject.get("reference")) or _identifier(subject)):
        found.subjects.add(whom)
        found.patient = patient_of(by_reference.get(whom))
    if resource.get("focus"):
        found.dropped.append(f"{name}: is about somebody or something else than the patient (focus); not used")
        return
    doubts = (f"not final yet (status {status})",) if status in NOT_YET else ()
    shared = _shared(resource, by_reference)
    parts = [each for each in _list(resource.get("component")) if isinstance(each, dict)]
    if any(key in resource for key in (*_VALUES, *_UNREAD)) or not parts:
        one = _one(resource, name, shared, doubts)
        _keep(one, resource, found, seen)
    for part in parts:
        _keep(_one(part, _words(part.get("code")) or name, shared, doubts), part, found, seen)


def _identifier(subject: Resource) -> str:
    """Return whom a reference names that has an identifier only."""
    identifier = subject.get("identifier")
    return _text(identifier.get("value")) if isinstance(identifier, dict) else ""


def _keep(result: CodedResult, resource: Resource, found: FhirResults, seen: set[str]) -> None:
    unread = next((key for key in _UNREAD if key in resource), None)
    if not result.value and not result.flag:
        reason = _words(resource.get("dataAbsentReason"))
        if unread:
            reason = f"its value is a {unread.removeprefix('value')}, which no blood test here has"
        elif not reason and resource.get("hasMember"):
            return  # a panel: its members stand by themselves
        found.dropped.append(f"{result.name}: no value{f' ({reason})' if reason else ''}")
        return
    if result.identity in seen:
        found.dropped.append(f"{result.name} {result.value}: stands twice; read once")
        return
    seen.add(result.identity)
    found.results.append(result)


@dataclass(frozen=True, slots=True)
class _Shared:
    """What the parts of one observation have in common."""

    taken: str
    specimen: str
    remarks: tuple[str, ...]
    patient: Patient


def _shared(resource: Resource, by_reference: Mapping[str, Resource]) -> _Shared:
    period = resource.get("effectivePeriod")
    taken = _text(resource.get("effectiveDateTime")) or _text(resource.get("effectiveInstant"))
    if not taken and isinstance(period, dict):
        taken = _text(period.get("start"))
    specimen = resource.get("specimen")
    words = _text(specimen.get("display")) if isinstance(specimen, dict) else ""
    remarks: list[str] = []
    if isinstance(specimen, dict) and (held := _held(resource, specimen, by_reference)) is not None:
        words = words or _words(held.get("type"))
        remarks += [text for each in _list(held.get("condition")) if (text := _words(each))]
        if not taken and isinstance(collection := held.get("collection"), dict):
            taken = _text(collection.get("collectedDateTime"))
    notes = [*_list(resource.get("note")), {"text": resource.get("comments")}]
    remarks += [text for each in notes if isinstance(each, dict) and (text := _text(each.get("text")))]
    subject = resource.get("subject")
    whom = _text(subject.get("reference")) if isinstance(subject, dict) else ""
    return _Shared(taken, words, tuple(remarks), patient_of(by_reference.get(whom)))


def _held(resource: Resource, specimen: Resource, by_reference: Mapping[str, Resource]) -> Resource | None:
    """Return the specimen that is referred to; "#1" is the resource's own, another resource may have a "#1" too."""
    reference = _text(specimen.get("reference"))
    own = {f"#{_text(each.get('id'))}": each for each in _list(resource.get("contained")) if isinstance(each, dict)}
    return own.get(reference) or by_reference.get(reference)


def _one(resource: Resource, name: str, shared: _Shared, doubts: tuple[str, ...]) -> CodedResult:
    value, unit, ucum, flag = _value(resource)
    low, high, interval, doubt = _interval(resource, (unit, ucum), shared)
    printed = _flag(resource)
    if doubt:
        doubts = (*doubts, doubt)
    if flag and printed and flag != printed:
        doubts = (*doubts, f"says {flag} and is marked {printed}")
    codes = tuple(dict.fromkeys(_codes(resource.get("code"), LOINC)))
    identity = "|".join((*codes, name, value, ucum or unit, shared.taken, shared.specimen))
    return CodedResult(
        name=name,
        loinc=codes,
        value=value,
        unit=unit,
        ucum=ucum,
        low=low,
        high=high,
        interval=interval,
        flag=flag or printed,
        taken=shared.taken,
        specimen=shared.specimen,
        remarks=shared.remarks,
        doubts=doubts,
        identity=identity,
    )


def _value(resource: Resource) -> tuple[str, str, str, str]:
    """Return value, unit, UCUM code and flag."""
    quantity = resource.get("valueQuantity")
    if isinstance(quantity, dict):
        number, unit, ucum = _quantity(quantity)
        comparator = _text(quantity.get("comparator"))
        return f"{comparator}{number}" if number else "", unit, ucum, ""
    if "valueString" in resource:
        return _text(resource.get("valueString")), "", "", ""
    whole = resource.get("valueInteger")
    if isinstance(whole, int) and not isinstance(whole, bool):
        return str(whole), "", "", ""
    concept = resource.get("valueCodeableConcept")
    coded = next((FLAGS[code] for code in _codes(concept) if code in FLAGS), "")
    return _words(concept), "", "", coded


def _quantity(quantity: Mapping[str, object]) -> tuple[str, str, str]:
    number = quantity.get("value")
    text = repr(number) if isinstance(number, int | float) and not isinstance(number, bool) else ""
    ucum = _text(quantity.get("code")) if quantity.get("system") == UCUM else ""
    return text, _text(quantity.get("unit")), ucum


def _interval(resource: Resource, units: tuple[str, str], shared: _Shared) -> tuple[str, str, str, str]:
    """Return low, high, words, and why none could be used; of several the one for this patient counts."""
    unit, ucum = units
    ranges = [each for each in _list(resource.get("referenceRange")) if isinstance(each, dict)]
    usual = [each for each in ranges if not _special(each)]
    told = [(each, holds_for(each, shared.patient, shared.taken)) for each in usual]
    meant = [each for each, holds in told if holds is True]
    # One for this sex or age is meant rather than one for everybody.
    meant = [each for each in meant if is_for_some(each)] or meant
    if len(meant) != 1:
        why = "gives several intervals and does not say which is meant; none was used"
        if len(usual) == 1 and told[0][1] is False:
            why = "its interval is for another sex or age than the patient's; it was not used"
        elif len(usual) == 1:
            why = "its interval is for some people only, and whether for this one is not known; it was not used"
        return "", "", "", why if ranges else ""
    only = meant[0]
    ends = [only.get("low"), only.get("high")]
    texts = []
    for end in ends:
        number, end_unit, end_ucum = _quantity(end) if isinstance(end, dict) else ("", "", "")
        same = not (end_ucum and ucum and end_ucum != ucum) and not (end_unit and unit and end_unit != unit)
        texts.append(number if same else "")
        if number and not same:
            # An end in another unit than the value says nothing safely.
            return "", "", "", "its interval is in another unit than its value; it was not used"
    return texts[0], texts[1], _text(only.get("text")), ""


def _special(given: Mapping[str, object]) -> bool:
    """Whether an interval is none of what is usual, but a therapeutic or a critical one."""
    kinds = list(_codes(given.get("type"))) + [each for kind in _list(given.get("type")) for each in _codes(kind)]
    return any(kind != "normal" for kind in kinds)


def _flag(resource: Resource) -> str:
    given = resource.get("interpretation")
    concepts = given if isinstance(given, list) else [given]
    flags = [FLAGS[code] for concept in concepts for code in _codes(concept) if code in FLAGS]
    return flags[0] if len(set(flags)) == 1 else ""


def _codes(concept: object, system: str | None = None) -> Iterator[str]:
    if not isinstance(concept, dict):
        return
    for coding in _list(concept.get("coding")):
        if isinstance(coding, dict) and (system is None or coding.get("system") == system):
            code = _text(coding.get("code"))
            if code:
                yield code


def _words(concept: object) -> str:
    if not isinstance(concept, dict):
        return ""
    said = _text(concept.get("text"))
    shown = (_text(each.get("display")) for each in _list(concept.get("coding")) if isinstance(each, dict))
    return said or next((each for each in shown if each), "") or next(_codes(concept), "")


def _list(value: object) -> list[object]:
    return value if isinstance(value, list) else []


def _text(value: object) -> str:
    return printable(value) if isinstance(value, str) else ""
