"""What is known: frozen facts, each with its sources. Field names are the keys of the files in ``data``."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field
from typing import Any

from rheobase.logic import Expression

# A rule for a blood test that would be urgent if it were of today, and is too old to say how it is now.
OLD_RESULT = "old_result"


@dataclass(frozen=True, slots=True)
class Source:
    """One publication. ``seen_grade`` A: read; B: cited from memory; C: estimate."""

    id: str
    citation: str
    type: str = ""
    year: int | None = None
    seen_grade: str = "C"
    url: str | None = None
    seen_at: str | None = None
    doi: str | None = None
    pmid: str | None = None
    used_for: str = ""
    note: str = ""


@dataclass(frozen=True, slots=True)
class Background:
    """How often people who twitch, cramp or spasm give this answer for any reason."""

    value: str
    rate: float
    grade: str
    source: str
    note: str = ""


@dataclass(frozen=True, slots=True)
class Finding:
    """One question that a person, a clinician or a test can answer."""

    id: str
    group: str
    kind: str
    type: str
    label: str = ""
    clinical: str = ""
    question: str = ""
    why_asked: str = ""
    unit: str | None = None
    minimum: float | None = None
    maximum: float | None = None
    options: tuple[str, ...] = ()
    implies: tuple[str, ...] = ()
    defined_by: Expression | None = None
    aliases: tuple[str, ...] = ()
    background: tuple[Background, ...] = ()
    codes: Mapping[str, str] = field(default_factory=dict)
    counts: str | None = None
    widespread_option: str | None = None
    observable: bool = False
    ask_when: Expression | None = None
    note: str = ""


@dataclass(frozen=True, slots=True)
class BaseRate:
    """Probability before anything is known, in one setting, with its plausible range."""

    point: float
    low: float
    high: float
    grade: str
    basis: str
    source: str | None = None


@dataclass(frozen=True, slots=True)
class Frequency:
    """A published count or share about a cause."""

    text: str
    grade: str
    source: str


@dataclass(frozen=True, slots=True)
class Cause:
    """One cause. ``role`` is ``explanation`` or ``contributor`` (adds to others)."""

    id: str
    plain_name: str
    clinical_name: str
    group: str
    mechanism: str
    time_course: str
    base_rates: Mapping[str, BaseRate]
    sources: tuple[str, ...]
    role: str = "explanation"
    in_seed: bool = False
    codes: Mapping[str, str] = field(default_factory=dict)
    typical_locations: tuple[str, ...] = ()
    key_symptoms: tuple[str, ...] = ()
    population_frequency: tuple[Frequency, ...] = ()
    settling_tests: tuple[str, ...] = ()
    acts_through: tuple[str, ...] = ()
    feared: bool = False
    reassurance: str = ""
    reassurance_sources: tuple[str, ...] = ()
    notes: str = ""


@dataclass(frozen=True, slots=True)
class Evidence:
    """How common one answer is with a cause (``sensitivity``) and without it."""

    cause: str
    finding: str
    value: str
    sensitivity: float
    false_positive_rate: float
    grade: str
    grade_fpr: str
    method: str
    source: str
    note: str = ""


@dataclass(frozen=True, slots=True)
class Group:
    """Findings that tell much the same story; their weights do not simply add up."""

    id: str
    label: str
    findings: tuple[str, ...]
    why: str = ""


@dataclass(frozen=True, slots=True)
class Scale:
    """How weights are capped, discounted, banded and given their uncertainty."""

    caps: Mapping[str, float]
    further_share: float
    grade_spread: Mapping[str, float]
    fits_well: float
    possible: float
    undecided_width: float
    interval_z: float
    near_miss_weight: float


@dataclass(frozen=True, slots=True)
class Rule:
    """One urgency rule: fires if ``when`` is true and ``unless`` is not known to be true.

    ``asks_for`` are the tests that its words for the clinician name.
    """

    id: str
    urgency: str
    when: Expression
    tell_person: str
    grade: str
    sources: tuple[str, ...]
    unless: Expression | None = None
    unless_by: str | None = None
    kind: str = "red_flag"
    needs_absent: tuple[str, ...] = ()
    title: str = ""
    tell_clinician: str = ""
    asks_for: tuple[str, ...] = ()
    in_seed: bool = False
    note: str = ""


@dataclass(frozen=True, slots=True)
class UrgencyLevel:
    """One level of urgency, its time and who to see. ``order`` 1 is the most urgent."""

    id: str
    order: int
    name: str
    within: str
    see: str
    person: str
    clinician: str = ""
    note: str = ""


@dataclass(frozen=True, slots=True)
class Region:
    """Where to call."""

    id: str
    name: str
    emergency: str
    advice_line: str = ""
    poison: str = ""
    distress: str = ""
    grade: str = "C"
    source: str = "expert"
    note: str = ""


@dataclass(frozen=True, slots=True)
class Medicine:
    """One medicine, what it does to minerals and nerves, and what taking it implies."""

    id: str
    name: str
    drug_class: str
    sources: tuple[str, ...]
    grade: str = "C"
    atc: tuple[str, ...] = ()
    atc_names: tuple[str, ...] = ()
    rxnorm_ingredient: str | None = None
    brands: tuple[str, ...] = ()
    synonyms: tuple[str, ...] = ()
    contains: tuple[str, ...] = ()
    causes_twitching_directly: bool = False
    depletes: tuple[str, ...] = ()
    raises: tuple[str, ...] = ()
    mechanism: str = ""
    onset: str = ""
    strength: str = ""
    relevance: str = ""
    implies: tuple[str, ...] = ()
    implies_after_months: Mapping[str, float] = field(default_factory=dict)
    implies_when_stopped: tuple[str, ...] = ()
    serotonergic: bool = False
    interactions: tuple[Mapping[str, Any], ...] = ()
    label_reactions_sider: tuple[str, ...] = ()
    label_twitching_frequency: Any = None
    note: str = ""


@dataclass(frozen=True, slots=True)
class MedicineClass:
    """A class named instead of a medicine ("water tablet")."""

    id: str
    name: str
    aliases: tuple[str, ...] = ()
    implies: tuple[str, ...] = ()
    implies_after_months: Mapping[str, float] = field(default_factory=dict)
    implies_when_stopped: tuple[str, ...] = ()
    members: tuple[str, ...] = ()
    sources: tuple[str, ...] = ()
    serotonergic: bool = False
    note: str = ""


@dataclass(frozen=True, slots=True)
class Combination:
    """Findings that follow from several medicines together."""

    id: str
    needs: Mapping[str, int]
    implies: tuple[str, ...]
    sources: tuple[str, ...] = ()
    note: str = ""
