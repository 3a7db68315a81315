"""Facts on intake: reference values by life stage, variation of daily intake, and single sourced numbers."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from dataclasses import dataclass
from typing import Any, Literal, TypeVar

from rheobase.errors import KnowledgeError

T = TypeVar("T")
Sex = Literal["male", "female"]
State = Literal["", "pregnancy", "lactation"]


@dataclass(frozen=True, slots=True)
class IntakeFact:
    """One number with its source.

    Attributes:
        id: Dotted name, such as ``caffeine.half_life``.
        value: The number, in ``unit``.
        unit: Its unit in words.
        source: Id of the source.
        grade: A read in the source, B cited from memory, C our estimate.
        low: Lower end of its range; None when it has none.
        high: Upper end.
        note: What a reader should know.
    """

    id: str
    value: float
    unit: str
    source: str
    grade: str
    low: float | None = None
    high: float | None = None
    note: str = ""

    @property
    def range(self) -> tuple[float, float]:
        """Lower and upper end; the value twice when no range is given."""
        return (self.value if self.low is None else self.low, self.value if self.high is None else self.high)


@dataclass(frozen=True, slots=True)
class Reference:
    """Dietary reference intakes of one nutrient at one life stage; None where none is set.

    Attributes:
        nutrient: Nutrient id, such as ``magnesium``.
        life_stage: The stage in words.
        sex: male, female or both.
        age_min: First age [years].
        age_max: First age beyond [years]; None for no end.
        state: "", pregnancy or lactation.
        ear: Estimated average requirement, in ``unit``.
        rda: Recommended dietary allowance.
        ai: Adequate intake.
        ul: Tolerable upper level.
        ul_scope: What the upper level counts: all, or supplements (and medicines) only.
        cdrr: Intake above which lowering it reduces the risk of chronic disease.
        unit: Unit of all of them.
        source: Id of the source.
        grade: A, B or C.
        note: Remark.
    """

    nutrient: str
    life_stage: str
    sex: str
    age_min: float
    age_max: float | None
    state: str
    ear: float | None
    rda: float | None
    ai: float | None
    ul: float | None
    ul_scope: str
    cdrr: float | None
    unit: str
    source: str
    grade: str
    note: str


@dataclass(frozen=True, slots=True)
class Norm:
    """How daily intake of one nutrient varies in one group of people, on the scale of a root of the intake.

    Attributes:
        nutrient: Nutrient id.
        sex: male or female.
        age_min: First age [years].
        age_max: First age beyond; None for no end.
        root: The scale: intake ** (1 / root).
        mean: Mean of the group on that scale.
        between_sd: Standard deviation between people's usual positions.
        within_sd: Standard deviation from day to day within one person.
        unit: Unit of the intake.
        people: How many people it rests on.
        source: Id of the source.
        grade: A, B or C.
    """

    nutrient: str
    sex: str
    age_min: float
    age_max: float | None
    root: int
    mean: float
    between_sd: float
    within_sd: float
    unit: str
    people: int
    source: str
    grade: str


@dataclass(frozen=True, slots=True)
class IntakeEvidence:
    """How a record of days speaks for or against too little of one nutrient.

    Attributes:
        id: Name of the row.
        nutrient: Nutrient id of the reference values and norms.
        column: Column of the food table.
        finding: The finding whose odds it multiplies.
        says: ``requirement``, ``limit`` or ``adequate_intake``: what it gives a probability of.
        supplements: ``counted`` with food, or ``apart``, where another finding weighs them.
        least_days: With fewer recorded days it never speaks for too little.
        sets: Whether a clear record also answers the finding, for the plan.
        source: Id of the source.
        grade: A, B or C.
        limit: Usual intake below this is meant, in the nutrient's unit; None unless ``says`` is ``limit``.
        share: Share of people who take enough as a supplement, where nothing is said of any; None where a record that
            says nothing of supplements must not speak for too little.
        taken: Finding that says that a supplement is taken; None where there is none.
        note: What a reader should know.
    """

    id: str
    nutrient: str
    column: str
    finding: str
    says: str
    supplements: str
    least_days: int
    sets: bool
    source: str
    grade: str
    limit: float | None = None
    share: float | None = None
    taken: str | None = None
    note: str = ""


@dataclass(frozen=True, slots=True)
class IntakeNumber:
    """An amount that a record measures and that answers a finding.

    Attributes:
        id: The finding.
        column: Column of the food table.
        of: ``all``, or ``drinks`` only.
        times: From the column's unit a day to the finding's unit.
        least_days: Whole days that are needed.
        at_least: Whether the record is only a lower bound.
        source: Id of the source.
        grade: A, B or C.
        note: What a reader should know.
    """

    id: str
    column: str
    of: str
    times: float
    least_days: int
    at_least: bool
    source: str
    grade: str
    note: str = ""


@dataclass(frozen=True, slots=True)
class IntakeTaken:
    """A finding that is so when supplements give at least so much a day, in the unit of the column."""

    id: str
    column: str
    at_least: float
    source: str
    grade: str
    note: str = ""


@dataclass(frozen=True, slots=True)
class IntakeFacts:
    """All facts on intake."""

    facts: Mapping[str, IntakeFact]
    references: tuple[Reference, ...]
    norms: tuple[Norm, ...]
    evidence: tuple[IntakeEvidence, ...] = ()
    numbers: tuple[IntakeNumber, ...] = ()
    taken: tuple[IntakeTaken, ...] = ()

    def fact(self, name: str) -> IntakeFact:
        """Return one fact.

        Raises:
            KnowledgeError: There is no fact of this name.
        """
        try:
            return self.facts[name]
        except KeyError:
            raise KnowledgeError(f"no intake fact {name!r}; add it under knowledge/data/intake") from None

    def value(self, name: str) -> float:
        """Return the number of one fact, in the fact's unit; raises as ``fact`` does."""
        return self.fact(name).value


def build_intake(tables: Mapping[str, Any], index: Callable[..., Mapping[str, Any]]) -> IntakeFacts:
    """Return the facts on intake that the tables describe.

    Args:
        tables: Rows by table name.
        index: The loader's builder of a table by id.

    Raises:
        KnowledgeError: A row is malformed.
    """
    return IntakeFacts(
        facts=index(IntakeFact, tables.get("intake_fact", [])),
        references=tuple(_row(_reference, row) for row in tables.get("intake_reference", [])),
        norms=tuple(_row(_norm, row) for row in tables.get("intake_norms", [])),
        evidence=tuple(index(IntakeEvidence, tables.get("intake_evidence", [])).values()),
        numbers=tuple(index(IntakeNumber, tables.get("intake_number", [])).values()),
        taken=tuple(index(IntakeTaken, tables.get("intake_taken", [])).values()),
    )


def _row(build: Callable[[Mapping[str, str]], T], row: Mapping[str, str]) -> T:
    try:
        return build(row)
    except (KeyError, TypeError, ValueError) as problem:
        raise KnowledgeError(f"intake table, {row.get('nutrient')} {row.get('age_min')}: {problem}") from problem


def _optional(cell: str) -> float | None:
    return float(cell) if cell else None


def _reference(row: Mapping[str, str]) -> Reference:
    return Reference(
        nutrient=row["nutrient"],
        life_stage=row["life_stage"],
        sex=row["sex"],
        age_min=float(row["age_min"]),
        age_max=_optional(row["age_max"]),
        state=row["state"],
        ear=_optional(row["ear"]),
        rda=_optional(row["rda"]),
        ai=_optional(row["ai"]),
        ul=_optional(row["ul"]),
        ul_scope=row["ul_scope"],
        cdrr=_optional(row["cdrr"]),
        unit=row["unit"],
        source=row["source"],
        grade=row["grade"],
        note=row["note"],
    )


def _norm(row: Mapping[str, str]) -> Norm:
    return Norm(
        nutrient=row["nutrient"],
        sex=row["sex"],
        age_min=float(row["age_min"]),
        age_max=_optional(row["age_max"]),
        root=int(row["root"]),
        mean=float(row["mean"]),
        between_sd=float(row["between_sd"]),
        within_sd=float(row["within_sd"]),
        unit=row["unit"],
        people=int(row["people"]),
        source=row["source"],
        grade=row["grade"],
    )
