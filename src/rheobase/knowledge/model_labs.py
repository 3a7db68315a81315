"""Laboratory facts: analytes, formulas and patterns."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field
from typing import Any

from rheobase.logic import Expression


@dataclass(frozen=True, slots=True)
class AcceptedUnit:
    """A unit accepted for one analyte, and the factor that turns it into the SI unit."""

    unit: str
    to_si: float


@dataclass(frozen=True, slots=True)
class Analyte:
    """One thing a laboratory measures."""

    id: str
    name: str
    unit_si: str | None = None
    short: str = ""
    specimen: str = ""
    loinc: Mapping[str, str] = field(default_factory=dict)
    unit_conventional: str | None = None
    conventional_to_si: float | None = None
    conversion_source: str | None = None
    units: tuple[AcceptedUnit, ...] = ()
    plausible_min: float | None = None
    plausible_max: float | None = None
    reference_adult_si: Any = None
    reference_source: str | None = None
    aliases: tuple[str, ...] = ()
    low_finding: str | None = None
    high_finding: str | None = None
    positive_finding: str | None = None
    negative_finding: str | None = None
    decision_limits: tuple[Any, ...] = ()
    critical: tuple[Any, ...] = ()
    findings: tuple[str, ...] = ()
    derived_from: tuple[str, ...] = ()
    formula: str | None = None
    sources: tuple[str, ...] = ()
    notes: str = ""


@dataclass(frozen=True, slots=True)
class Formula:
    """A published formula; its numbers live here and nowhere else."""

    id: str
    formula: str
    source: str
    grade: str
    caution: str = ""
    constants: Mapping[str, float] = field(default_factory=dict)


@dataclass(frozen=True, slots=True)
class Pattern:
    """Several results read together."""

    id: str
    name: str
    when: Expression
    means: str
    next_step: str
    sources: tuple[str, ...]
    grade: str
    causes: tuple[str, ...] = ()
    seen: tuple[str, ...] = ()
    note: str = ""
