"""Which of our findings, analytes and medicines a code of a record names, and what its unit is worth in SI."""

from __future__ import annotations

import functools
import tomllib
from collections.abc import Iterable, Mapping
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any

from rheobase.fhir.systems import LOINC, SNOMED
from rheobase.knowledge import Analyte, Knowledge
from rheobase.knowledge.lab_reading import LabCode, LabReading, load_lab_reading
from rheobase.knowledge.medicine_names import MedicineIndex
from rheobase.labs.reading_units import accepted, units_of

DATA = Path(__file__).parent / "data"
RXNORM, ATC = "http://www.nlm.nih.gov/research/umls/rxnorm", "http://www.whocc.no/atc"
# What OMOP calls the vocabularies, and FHIR their addresses.
SYSTEMS = {
    LOINC: "LOINC",
    SNOMED: "SNOMED",
    "http://hl7.org/fhir/sid/icd-10-cm": "ICD10CM",
    "http://hl7.org/fhir/sid/icd-10": "ICD10",
    RXNORM: "RxNorm",
    ATC: "ATC",
}
# Their result needs no unit.
_BARE = ("pH", "ratio")


@dataclass(frozen=True, slots=True)
class Factor:
    """What a value in some unit is worth.

    Attributes:
        factor: Multiplies to the analyte's SI unit.
        per_day: Whether it is an amount a day.
    """

    factor: float
    per_day: bool = False


@dataclass(frozen=True, slots=True)
class Days:
    """How long what a record says stays true [days]."""

    symptom: int
    sign: int
    gap: int
    stopped: int
    medicine_open: int


@dataclass(slots=True)
class Codes:
    """Looks up codes; the same question is answered once.

    Attributes:
        knowledge: Findings, analytes and medicines.
        reading: LOINC codes of analytes, and spellings of units.
        days: How long what a record says stays true.
    """

    knowledge: Knowledge
    reading: LabReading
    days: Days
    tables: Mapping[str, Any]
    _factors: dict[tuple[str, str, str], Factor | str] = field(default_factory=dict)
    _medicines: dict[str, tuple[tuple[str, ...], tuple[str, ...]]] = field(default_factory=dict)
    _index: dict[str, dict[str, str]] = field(default_factory=dict)
    _names: MedicineIndex | None = None

    def analyte(self, loinc: str) -> LabCode | None:
        """Return what a LOINC code measures; its ``analyte`` is "" for a test that is not one of ours."""
        return self.reading.codes.get(loinc)

    def finding(self, vocabulary: str, code: str) -> str | None:
        """Return the finding that a code says: of a number (LOINC), or of a complaint or a history.

        Args:
            vocabulary: ``LOINC``, ``SNOMED``, ``ICD10`` or ``ICD10CM``.
            code: As written.
        """
        if vocabulary in ("ICD10", "ICD10CM"):
            table = self._table("icd10")
            plain = code.replace(".", "").upper()
            return next((table[plain[:end]] for end in range(len(plain), 2, -1) if plain[:end] in table), None)
        return self._table(vocabulary.lower()).get(code)

    def is_result(self, vocabulary: str, code: str) -> bool:
        """Return whether a code is the diagnosis of a blood result, which is read from the result itself."""
        return code in self._table(f"{vocabulary.lower()}_results")

    def history(self, finding: str) -> bool:
        """Return whether a finding, once true, stays true."""
        return self.knowledge.findings[finding].group == "history"

    def factor(self, analyte: str, unit: str, kind: str) -> Factor | str:
        """Return what a unit is worth for an analyte, or in words why it cannot be used.

        Args:
            analyte: Id.
            unit: As written: UCUM or as printed.
            kind: What kind of unit the code implies, "" for none.
        """
        key = (analyte, unit, kind)
        if key not in self._factors:
            self._factors[key] = self._factor(self.knowledge.analytes[analyte], unit, kind)
        return self._factors[key]

    def units_of_finding(self, finding: str) -> tuple[str, ...]:
        """Return the units in which a finding that is a number is accepted as it stands."""
        return tuple(self.tables["units"].get(finding, ()))

    def medicines(self, name: str) -> tuple[tuple[str, ...], tuple[str, ...]]:
        """Return the medicines that a name names, and the words in it that were not understood.

        Args:
            name: Such as ``Hydrochlorothiazide 25 MG Oral Tablet`` or ``hydrochlorothiazide; lisinopril``.
        """
        if name not in self._medicines:
            if self._names is None:
                self._names = MedicineIndex(self.knowledge.medicines, self.knowledge.medicine_classes)
            found = self._names.find(name)
            self._medicines[name] = (found.ids, found.unread)
        return self._medicines[name]

    def medicine(self, vocabulary: str, code: str) -> str | None:
        """Return the medicine of an RxNorm ingredient or an ATC code."""
        return self._table(vocabulary.lower()).get(code)

    def every(self, vocabularies: Iterable[str]) -> list[tuple[str, str]]:
        """Return every code of some vocabularies that names a finding or a medicine, with its vocabulary."""
        return [(each, code) for each in vocabularies for code in self._table(each.lower())]

    def _factor(self, analyte: Analyte, unit: str, kind: str) -> Factor | str:
        units = units_of(self.reading)
        known = accepted(analyte, units)
        if not unit.strip():
            bare = next((known[each] for each in _BARE if each in known), None)
            return Factor(bare[1]) if bare else f"has no unit, expected one of {', '.join(known)}"
        ours = units.read(unit)
        if ours is None or ours not in known:
            return f"unit is not one of {', '.join(known)}"
        said = units.kinds.get(ours, "")
        if kind and said and kind != said:
            return f"the code is for {kind}, the unit for {said}: which is wrong cannot be told"
        return Factor(known[ours][1], per_day=ours.endswith("/day"))

    def _table(self, name: str) -> dict[str, str]:
        if not self._index:
            self._index = _tables(self.knowledge, self.tables)
        return self._index.get(name, {})


def _tables(knowledge: Knowledge, tables: Mapping[str, Any]) -> dict[str, dict[str, str]]:
    loinc: dict[str, str] = {}
    snomed: dict[str, str] = {}
    results: dict[str, str] = {}
    for finding in knowledge.findings.values():
        is_lab = finding.id.startswith("lab_")
        if (code := finding.codes.get("snomed")) is not None:
            (results if is_lab else snomed).setdefault(code, finding.id)
        if not is_lab and finding.type == "number" and (code := finding.codes.get("loinc")) is not None:
            loinc[code] = finding.id
    for finding_id, codes in tables["snomed"].items():
        snomed.update(dict.fromkeys(codes, finding_id))
    for code in snomed:
        results.pop(code, None)
    icd10 = {code.replace(".", ""): finding_id for finding_id, codes in tables["icd10"].items() for code in codes}
    return {
        "loinc": loinc,
        "snomed": snomed,
        "snomed_results": results,
        "icd10": icd10,
        "rxnorm": {each.rxnorm_ingredient: each.id for each in knowledge.medicines.values() if each.rxnorm_ingredient},
        "atc": {code: each.id for each in knowledge.medicines.values() for code in each.atc},
    }


@functools.lru_cache(maxsize=2)
def load_codes(knowledge: Knowledge) -> Codes:
    """Return the codes of the knowledge, and those of records beside them."""
    tables = tomllib.loads((DATA / "codes.toml").read_text(encoding="utf-8"))
    return Codes(knowledge, load_lab_reading(), Days(**tables["days"]), tables)
