"""How a laboratory report is read: LOINC codes, spellings of units, names of tests, words, and what is usual."""

from __future__ import annotations

import tomllib
from collections.abc import Mapping
from dataclasses import dataclass
from functools import lru_cache
from pathlib import Path
from types import MappingProxyType
from typing import Any

from rheobase.errors import KnowledgeError
from rheobase.knowledge.read import DATA

FILE = "lab_reading.toml"


@dataclass(frozen=True, slots=True)
class LabCode:
    """A LOINC code.

    Attributes:
        code: Such as "2601-3".
        analyte: Id in ``labs.toml``, "" for a test that is not one of ours.
        kind: The kind of unit that it implies: "mass", "moles", "enzyme" and so on.
        says: Its long common name.
        grade: A when the name was read beside the code, B from memory.
    """

    code: str
    analyte: str
    kind: str
    says: str
    grade: str


@dataclass(frozen=True, slots=True)
class LabUnit:
    """A unit in our spelling, its kind, and other spellings."""

    unit: str
    kind: str
    also: tuple[str, ...]


@dataclass(frozen=True, slots=True)
class Usual:
    """What is usual for an analyte, in its SI unit, to tell units and tests apart.

    Attributes:
        analyte: Id in ``labs.toml``.
        intervals: Intervals that laboratories print, (low, high); 0 for no lower end.
        factor: How far an interval may be from these before it is doubted.
        met: Span of values met in practice.
    """

    analyte: str
    intervals: tuple[tuple[float, float], ...]
    factor: float
    met: tuple[float, float]


@dataclass(frozen=True, slots=True)
class Leaking:
    """What cells that broke in the tube let out.

    Attributes:
        analytes: Which results may read falsely high.
        says: What is said beside them.
        source: Where it comes from.
        grade: Of the source.
    """

    analytes: frozenset[str]
    says: str
    source: str
    grade: str


@dataclass(frozen=True, slots=True)
class LabReading:
    """All of it.

    Attributes:
        codes: By LOINC code.
        units: In our spelling.
        usual: By analyte.
        names: Further names by analyte.
        words: Folded words by what they say, such as "low" or "haemolysed".
        limits: Limits of the reading itself.
        twins: Tests whose bare name may mean another one, and that one.
        source: Where the codes are from.
        leaking: What a haemolysed sample falsifies.
    """

    codes: Mapping[str, LabCode]
    units: tuple[LabUnit, ...]
    usual: Mapping[str, Usual]
    names: Mapping[str, tuple[str, ...]]
    words: Mapping[str, frozenset[str]]
    limits: Mapping[str, float]
    twins: Mapping[str, str]
    source: str
    leaking: Leaking


@lru_cache(maxsize=4)
def load_lab_reading(folder: Path = DATA) -> LabReading:
    """Return the packaged facts, read once.

    Raises:
        KnowledgeError: The file is malformed, or a code's check digit is wrong.
    """
    raw = tomllib.loads((folder / FILE).read_text(encoding="utf-8"))
    try:
        found = LabReading(
            codes=MappingProxyType({row["code"]: LabCode(**row) for row in raw["lab_code"]}),
            units=tuple(LabUnit(row["unit"], row["kind"], tuple(row["also"])) for row in raw["lab_unit"]),
            usual=MappingProxyType({row["analyte"]: _usual(row) for row in raw["lab_usual"]}),
            names=MappingProxyType({key: tuple(value) for key, value in raw["lab_names"].items()}),
            words=MappingProxyType({key: frozenset(value) for key, value in raw["lab_words"].items()}),
            limits=MappingProxyType(raw["lab_limits"]),
            twins=MappingProxyType(raw["lab_twins"]),
            source=raw["lab_code_source"],
            leaking=Leaking(**{**raw["lab_leaking"], "analytes": frozenset(raw["lab_leaking"]["analytes"])}),
        )
    except (KeyError, TypeError, ValueError) as problem:
        raise KnowledgeError(f"{FILE}: {problem}") from problem
    for code in found.codes:
        if not is_loinc(code):
            raise KnowledgeError(f"{FILE}: {code} is no LOINC code (check digit)")
    return found


def _usual(row: Mapping[str, Any]) -> Usual:
    intervals = tuple((float(low), float(high)) for low, high in row["intervals"])
    low, high = row["met"]
    return Usual(row["analyte"], intervals, float(row["factor"]), (float(low), float(high)))


def is_loinc(code: str) -> bool:
    """Return whether a code has the form of LOINC and the right check digit (modulus 10, as LOINC defines it)."""
    number, dash, check = code.partition("-")
    if not (dash and number.isascii() and number.isdigit() and check.isascii() and check.isdigit() and len(check) == 1):
        return False
    total = 0
    for place, digit in enumerate(reversed(number)):
        value = int(digit) * (2 if place % 2 == 0 else 1)
        total += value // 10 + value % 10
    return (total + int(check)) % 10 == 0


def check_lab_reading(analytes: Mapping[str, Any], reading: LabReading) -> list[str]:
    """Return what is wrong in the reading facts beside the analytes; one line each.

    Args:
        analytes: Of ``labs.toml``, by id.
        reading: The facts.
    """
    named = {each.analyte for each in reading.codes.values()} | reading.usual.keys() | reading.names.keys()
    named |= reading.twins.keys() | set(reading.twins.values()) | reading.leaking.analytes
    lines = [f"{FILE}: unknown analyte {each!r}" for each in sorted(named - analytes.keys() - {""})]
    known = {each.unit for each in reading.units}
    for analyte in analytes.values():
        odd = [each.unit for each in analyte.units if each.unit not in known | {"IU/L", "mIU/L"}]
        lines.extend(f"{FILE}: unit {unit!r} of {analyte.id} has no spelling" for unit in odd)
        lines.extend(
            f"{FILE}: LOINC {code} of {analyte.id} is not listed, or as another analyte"
            for code in analyte.loinc.values()
            if code not in reading.codes or reading.codes[code].analyte not in (analyte.id, "egfr")
        )
    return lines
