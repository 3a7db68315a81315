"""Laboratory facts: analytes, formulas and patterns."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field
from typing import Any

from rheobase.logic import Expression

STRENGTHS = ("settles", "strong", "suggests")
NOT_GRADED = "none"


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
    """Several results read together.

    Attributes:
        id: Short name.
        name: In plain words.
        when: Holds when the pattern is seen.
        means: What it means.
        next_step: What to do about it.
        sources: Where it comes from.
        grade: Of the sources for this pattern.
        causes: Causes that it speaks for.
        seen: The conditions in words.
        note: Why it is as it is.
        suspect: While ``when`` is not known, the pattern stays open if this holds; None: it is never named as open.
        strength: How much it says: one of ``STRENGTHS``.
        also: What else would be seen if it is so.
        settles: What settles it.
    """

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
    suspect: Expression | None = None
    strength: str = "suggests"
    also: tuple[str, ...] = ()
    settles: str = ""


@dataclass(frozen=True, slots=True)
class LabRange:
    """What is usual for one analyte in one kind of person; context only, the laboratory's own interval wins.

    Attributes:
        id: Short name.
        analyte: What is measured.
        source: Where it comes from.
        grade: Of the source.
        low: Lower end [SI]; None for none.
        high: Upper end [SI]; None for none.
        sex: ``female`` or ``male``; None for both.
        age_from: From this age on [years].
        age_below: Below this age [years].
        pregnant: True only in pregnancy, False only outside it, None for both.
        words: In a few words, such as ``in pregnancy, by trimester lower``.
    """

    id: str
    analyte: str
    source: str
    grade: str
    low: float | None = None
    high: float | None = None
    sex: str | None = None
    age_from: float = 18
    age_below: float = 200
    pregnant: bool | None = False
    words: str = ""


@dataclass(frozen=True, slots=True)
class Variation:
    """How much one analyte varies in a healthy person without anything being wrong.

    Attributes:
        id: Analyte.
        within: Coefficient of variation within a person (CVI) [%].
        analytical: Coefficient of variation of the measurement (CVA) [%].
        source: Of ``within``.
        grade: Of the source.
        note: Where ``analytical`` comes from, and what else matters.
    """

    id: str
    within: float
    analytical: float
    source: str
    grade: str
    note: str = ""


@dataclass(frozen=True, slots=True)
class LabSpan:
    """How long a result of one analyte speaks for today.

    Attributes:
        id: Analyte.
        days: From the sample; a result older than that says what was, not what is.
        source: Of ``days``.
        grade: Of the source for this span.
        note: Why so long.
    """

    id: str
    days: float
    source: str
    grade: str
    note: str = ""


@dataclass(frozen=True, slots=True)
class LabLimit:
    """What a result does not say, and when that matters.

    Attributes:
        id: Short name.
        text: In one plain sentence.
        when: It is shown only if this is known to hold.
        source: Where it comes from.
        grade: Of the source for this sentence.
    """

    id: str
    text: str
    when: Expression
    source: str
    grade: str


@dataclass(frozen=True, slots=True)
class LabGrade:
    """How far out of range a value is, as a finding of its own that takes the place of "low" or "high".

    Attributes:
        id: The finding: a choice among ``steps`` and ``none``.
        of: The finding low or high that it refines; the laboratory's own interval decides that one.
        value: The laboratory value that grades it, such as ``lab.magnesium``.
        steps: Option and limit [SI], the furthest out first; the last has no limit and takes the rest.
        source: Of the limits.
        grade: Of the source.
        note: Why these limits.
    """

    id: str
    of: str
    value: str
    steps: tuple[GradeStep, ...]
    source: str
    grade: str
    note: str = ""


@dataclass(frozen=True, slots=True)
class GradeStep:
    """One grade: the value is below ``below``, or at least ``least``; neither for the rest."""

    option: str
    below: float | None = None
    least: float | None = None
