"""Tests: what one can ask for or do, what it answers, what it costs, and what it cannot tell."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field

from rheobase.logic import Expression

LAB = "lab."


@dataclass(frozen=True, slots=True)
class Limit:
    """What a result does not say.

    Attributes:
        text: In one plain sentence.
        source: Where it comes from.
        grade: Of the source for this sentence.
        when: It matters only if this holds; None for always.
        causes: It matters only while one of these causes fits or is possible; empty for any.
        result: Id of the one result beside which it is shown; empty for the test as a whole.
    """

    text: str
    source: str
    grade: str = "C"
    when: Expression | None = None
    causes: tuple[str, ...] = ()
    result: str = ""


@dataclass(frozen=True, slots=True)
class Result:
    """One possible result of one part of a test; the results of a part exclude each other.

    Attributes:
        part: Which part of the test, such as ``ecg``.
        id: Such as ``normal``.
        words: What follows "if", such as ``the ECG is normal``.
        sets: What would then be known, by finding. The first that is present names how often this result is met;
            a result that only denies takes the rest.
    """

    part: str
    id: str
    words: str
    sets: Mapping[str, bool | float | str]


@dataclass(frozen=True, slots=True)
class Test:
    """Something that one can order or do.

    Attributes:
        id: Short name.
        name: In plain words.
        clinical: As a clinician would order it.
        kind: One of ``KINDS``.
        gives: Findings that it answers, and ``lab.<analyte>`` where it is low, normal or high.
        orders: Analytes to order, for their LOINC codes; those of ``gives`` unless told otherwise.
        codes: Further codes by name.
        burden: 0 to 4, worded in ``SettlingScale.burden``.
        cost: 0 to 4, worded in ``SettlingScale.cost``.
        where: Where it is done.
        like: What it is like, in one plain sentence.
        contains: Tests that it includes; either it or they are proposed, never both.
        offer_when: It is offered only if this is true; None for always.
        results: Results that exclude each other, where ``gives`` alone would not say so.
        called: For an analyte of ``gives``: its short name, as in "magnesium is low".
        words: For a finding of ``gives``: what follows "if" when it is present, and when it is absent.
        limits: What it cannot tell.
    """

    id: str
    name: str
    clinical: str
    kind: str
    gives: tuple[str, ...]
    burden: int
    cost: int
    where: str
    like: str
    sources: tuple[str, ...]
    grade: str = "C"
    orders: tuple[str, ...] = ()
    codes: Mapping[str, str] = field(default_factory=dict)
    contains: tuple[str, ...] = ()
    offer_when: Expression | None = None
    results: tuple[Result, ...] = ()
    called: Mapping[str, str] = field(default_factory=dict)
    words: Mapping[str, tuple[str, str]] = field(default_factory=dict)
    limits: tuple[Limit, ...] = ()
    note: str = ""

    @property
    def analytes(self) -> tuple[str, ...]:
        """Analytes whose low, normal or high it tells."""
        return tuple(name.removeprefix(LAB) for name in self.gives if name.startswith(LAB))


KINDS = ("records", "examination", "trial", "blood", "urine", "ecg", "neurophysiology", "imaging", "gene")


@dataclass(frozen=True, slots=True)
class Step:
    """One step of a scale from 0 to 4: what it is called, and the effort that it stands for."""

    words: str
    effort: float


@dataclass(frozen=True, slots=True)
class SettlingScale:
    """How what would be learnt is set against its trouble; modelling choices, each with its why in the file."""

    burden: tuple[Step, ...]
    cost: tuple[Step, ...]
    urgency_value: float
    advice_value: float
    trouble_share_when_urgent: float
    feared_weight: float
    member_share: float
    further_share: float
    least_information: float
    unlisted_rate: float
    questions_tried: int
    tests_tried: int
    questions_listed: int
    tests_listed: int
    sources: tuple[str, ...] = ()
