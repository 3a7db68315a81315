"""Published cases as people. Reads only what was known at presentation: never source, final, triage or any notes."""

from __future__ import annotations

import re
from collections.abc import Iterable, Mapping
from dataclasses import dataclass, field
from datetime import date
from typing import Any

from rheobase.errors import DataRefusedError
from rheobase.importers.published_terms import Meaning, PublishedTerms, published_terms
from rheobase.importers.safe_yaml import load_yaml
from rheobase.knowledge import Knowledge
from rheobase.labs.reading import judge
from rheobase.labs.reading_line import LabLine
from rheobase.labs.reading_names import facts_for
from rheobase.person import Answer, LabResult, MedicineUse, Person, Status, Value

HISTORY, FULL = "history", "full"
# What each run may read; everything else in a file does not exist for it.
TERM_LISTS = (
    ("findings", ("presentation", "present"), ("presentation", "absent")),
    ("history", ("history",), ("history_absent",)),
    ("family_history", ("family_history",), ("family_history_absent",)),
    ("medicines", ("medicines",), ("medicines_absent",)),
    ("lifestyle", ("lifestyle", "present"), ("lifestyle", "absent")),
)
FULL_LISTS = (
    ("findings", ("exam", "present"), ("exam", "absent")),
    ("ecg", ("ecg",), ()),
    ("emg", ("emg",), ()),
)
# Published results have no date; no later day makes a difference.
ON = date(2026, 1, 1)
_TWITCH_TERMS = frozenset({"muscle_twitching", "eyelid_twitching", "facial_twitching", "fasciculations_seen"})


@dataclass(frozen=True, slots=True)
class Reference:
    """What the authors concluded; for scoring only, never fed to the assessment."""

    accept_causes: tuple[str, ...]
    primary_cause: str
    triage: str
    acceptable: tuple[str, ...]


@dataclass(frozen=True, slots=True)
class PublishedCase:
    """One case: its id, what was known, and the reference answer kept apart."""

    id: str
    facts: Mapping[str, Any]
    reference: Reference


@dataclass(slots=True)
class Reading:
    """A case read for one run, with what could not be mapped."""

    person: Person
    unmapped: tuple[str, ...]
    lab_lines: int
    lab_lines_understood: int


@dataclass(frozen=True, slots=True)
class _Flag:
    """The direction of a result whose number is not understood."""

    result: LabResult


@dataclass(slots=True)
class _Collector:
    """Gathers values; a stated presence is never overwritten by a denial that comes from another term."""

    terms: PublishedTerms
    values: dict[str, Value] = field(default_factory=dict)
    sites: set[str] = field(default_factory=set)
    unmapped: list[str] = field(default_factory=list)
    medicines: list[str] = field(default_factory=list)
    serotonergic: int = 0
    takes_none: bool = False

    def term(self, section: str, term: str, *, present: bool) -> None:
        """Take over one stated term."""
        meaning: Meaning | None = self.terms.sections[section].get(term)
        if meaning is None:
            self.unmapped.append(f"{section}:{term}")
            return
        for name, value in (meaning.present if present else meaning.absent).items():
            if not (self.values.get(name) is True and value is False):
                self.values[name] = value
        if present:
            self.sites.update(meaning.sites)
            self.serotonergic += meaning.serotonergic
        elif meaning.takes_none:
            self.takes_none = True
        if section == "medicines" and present:
            self.medicines.append(term)


def read_published_case(data: bytes, *, name: str) -> PublishedCase:
    """Return one case.

    Args:
        data: The YAML file.
        name: How to call it in a message.

    Raises:
        DataRefusedError: It is not a published case; says what is missing.
    """
    raw = load_yaml(data, name=name)
    if not isinstance(raw, dict) or not isinstance(raw.get("presentation"), dict):
        raise DataRefusedError(
            f"{name}: not a published case; expected a mapping with 'id', 'patient', 'presentation'."
        )
    try:
        final, triage = raw["final"], raw["triage"]
        reference = Reference(
            tuple(final["accept_causes"]), final["primary_cause"], triage["level"], tuple(triage["acceptable"])
        )
        case_id = str(raw["id"])
    except (KeyError, TypeError) as problem:
        raise DataRefusedError(f"{name}: a published case needs {problem} to be scored.") from problem
    kept = {"patient", "presentation", "history", "history_absent", "family_history", "family_history_absent"}
    kept |= {"medicines", "medicines_absent", "lifestyle", "exam", "ecg", "emg", "labs"}
    return PublishedCase(case_id, {key: value for key, value in raw.items() if key in kept}, reference)


def person_of(case: PublishedCase, knowledge: Knowledge, *, run: str, setting: str | None = None) -> Reading:
    """Return the person that a case describes.

    Args:
        case: The case.
        knowledge: Analytes of its blood tests.
        run: ``history`` or ``full``.
        setting: Base rates to use instead of the case's own.
    """
    terms = published_terms()
    collector = _Collector(terms)
    for section, present, absent in (*TERM_LISTS, *(FULL_LISTS if run == FULL else ())):
        for term in _terms(case.facts, absent):
            collector.term(section, term, present=False)
        for term in _terms(case.facts, present):
            collector.term(section, term, present=True)
    _presentation(case.facts["presentation"], collector)
    _patient(case.facts.get("patient") or {}, collector)
    if collector.serotonergic > 1:
        collector.values["med_two_serotonergic"] = True
    labs, lines = [], case.facts.get("labs") or () if run == FULL else ()
    understood = 0
    for line in lines:
        result = _lab(line, knowledge, collector)
        understood += result is True or isinstance(result, LabResult)
        labs.extend(
            [result.result if isinstance(result, _Flag) else result] if isinstance(result, LabResult | _Flag) else []
        )
    where = case.facts["presentation"].get("setting") or ""
    if where not in terms.settings:
        collector.unmapped.append(f"setting:{where}")
    person = Person(
        answers={name: _answer(value) for name, value in collector.values.items()},
        labs=tuple(labs),
        medicines=tuple(
            MedicineUse(m.replace("_", " "), m if m in knowledge.medicines else "") for m in collector.medicines
        ),
        setting=setting or terms.settings.get(where, terms.settings[""]),
        takes_no_medicine=collector.takes_none,
    )
    return Reading(person, tuple(collector.unmapped), len(lines), understood)


def _terms(facts: Mapping[str, Any], path: tuple[str, ...]) -> Iterable[str]:
    found: Any = facts if path else ()
    for key in path:
        found = found.get(key) if isinstance(found, dict) else None
        if found is None:
            return ()
    return [str(term) for term in found] if isinstance(found, list) else ()


def _answer(value: Value) -> Answer:
    return Answer(Status.ABSENT if value is False else Status.PRESENT, value)


def _presentation(presentation: Mapping[str, Any], collector: _Collector) -> None:
    for site in presentation.get("twitch_sites") or ():
        collector.term("twitch_sites", str(site), present=True)
    if side := presentation.get("twitch_side"):
        collector.term("twitch_side", str(side), present=True)
    if collector.sites:
        collector.values["twitch_location"] = frozenset(collector.sites)
    for key, finding in (("migratory", "twitch_moves_around"), ("at_rest", "twitch_at_rest")):
        if isinstance(presentation.get(key), bool):
            collector.values[finding] = presentation[key]
    days = presentation.get("duration_days")
    twitches = _TWITCH_TERMS & set(presentation.get("present") or ()) or collector.sites
    if isinstance(days, int | float) and not isinstance(days, bool):
        collector.values["complaint_duration_days"] = float(days)
        # It is the twitch's duration only where twitching is the complaint.
        if twitches:
            collector.values["twitch_duration_days"] = float(days)


def _patient(patient: Mapping[str, Any], collector: _Collector) -> None:
    age, span = patient.get("age"), re.findall(r"\d+", str(patient.get("age_range") or ""))
    if isinstance(age, int | float) and not isinstance(age, bool):
        collector.values["age_years"] = float(age)
    elif span:
        collector.values["age_years"] = sum(float(each) for each in span) / len(span)
    if patient.get("sex") in ("male", "female"):
        collector.values["sex"] = str(patient["sex"])


def _lab(line: Mapping[str, Any], knowledge: Knowledge, collector: _Collector) -> LabResult | _Flag | bool | None:
    """Return a result; True for a line that sets a finding by itself, a flag or None for one that is not understood."""
    name, flag = str(line.get("name")), line.get("flag")
    entry = collector.terms.analytes.get(name, {})
    if entry and "analyte" not in entry:
        finding = entry.get(str(flag))
        if finding is not None:
            collector.values[finding] = True
        return True
    analyte = knowledge.analytes.get(entry.get("analyte", name))
    if analyte is None:
        collector.unmapped.append(f"lab_names:{name}")
        return None
    judged = judge(_lab_line(line, analyte.id), facts_for(knowledge), ON)
    if judged.result is not None:
        return judged.result
    collector.unmapped.append(
        f"lab_lines:{name} {line.get('value', '')} {line.get('unit', '')}: {'; '.join(judged.reasons)}"
    )
    # What is said of the direction still counts.
    return None if flag is None else _Flag(LabResult(analyte.id, flag=str(flag), original=_written(line)))


def _lab_line(line: Mapping[str, Any], analyte: str) -> LabLine:
    """Return a line of a published case as the one kind of line that every reader gives."""
    value, unit, flag, ref = (
        str(line[key]) if line.get(key) is not None else "" for key in ("value", "unit", "flag", "ref")
    )
    return LabLine(_written(line), analyte, value, unit, range=ref, flag=flag, comma=False)


def _written(line: Mapping[str, Any]) -> str:
    return " ".join(str(value) for key, value in line.items() if key != "note")
