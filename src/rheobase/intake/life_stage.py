"""Who a reference value or a norm is for; what is not known about a person leaves more than one."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Protocol, TypeVar

from rheobase.errors import DataRefusedError
from rheobase.intake.amounts import amount
from rheobase.knowledge.model_intake import IntakeFacts, Norm, Reference, Sex

_OLDEST = 130


class _Banded(Protocol):
    """Anything that holds for one sex and one band of ages."""

    @property
    def nutrient(self) -> str: ...
    @property
    def sex(self) -> str: ...
    @property
    def age_min(self) -> float: ...
    @property
    def age_max(self) -> float | None: ...


Row = TypeVar("Row", bound=_Banded)


@dataclass(frozen=True, slots=True)
class Who:
    """What is known of the person; None is not known, and never taken for no.

    Attributes:
        age: Age [years].
        sex: male or female.
        pregnant: Whether pregnant.
        lactating: Whether breast-feeding.
    """

    age: float | None = None
    sex: Sex | None = None
    pregnant: bool | None = None
    lactating: bool | None = None

    def __post_init__(self) -> None:
        if self.age is not None:
            amount("age in years", self.age, most=_OLDEST)
        if self.sex not in (None, "male", "female"):
            raise DataRefusedError(f"sex: expected male, female or nothing, got {self.sex!r}")
        if self.sex == "male" and (self.pregnant or self.lactating):
            raise DataRefusedError("pregnancy and breast-feeding do not go with sex male; say which is right")


def _fits(row: _Banded, who: Who) -> bool:
    if who.sex is not None and row.sex not in (who.sex, "both"):
        return False
    if (who.pregnant or who.lactating) and row.sex == "male":
        return False
    return who.age is None or (row.age_min <= who.age and (row.age_max is None or who.age < row.age_max))


def _of(rows: tuple[Row, ...], nutrient: str, who: Who) -> tuple[Row, ...]:
    of_nutrient = tuple(row for row in rows if row.nutrient == nutrient)
    if not of_nutrient:
        known = ", ".join(sorted({row.nutrient for row in rows}))
        raise DataRefusedError(f"nutrient {nutrient!r} has no reference values; expected one of {known}")
    return tuple(row for row in of_nutrient if _fits(row, who))


def references_for(intake: IntakeFacts, nutrient: str, who: Who) -> tuple[Reference, ...]:
    """Return the reference values of every life stage that the person may be in.

    Args:
        intake: Facts on intake.
        nutrient: Nutrient id.
        who: What is known of the person.

    Returns:
        At least one row; more than one when age, sex, pregnancy or breast-feeding is not known. Pregnancy and
        breast-feeding replace the row of the same age; where a person is both, both rows stand.

    Raises:
        DataRefusedError: The nutrient has no reference values, or none for this person.
    """
    rows = _of(intake.references, nutrient, who)
    states = {"pregnancy": who.pregnant, "lactation": who.lactating}
    certain = {state for state, holds in states.items() if holds}
    possible = {state for state, holds in states.items() if holds is not False}
    chosen = tuple(
        row for row in rows if (row.state in certain if certain else (not row.state or row.state in possible))
    )
    if not chosen:
        raise DataRefusedError(
            f"there are no reference values of {nutrient} for {' and '.join(sorted(certain))} at age {who.age}; "
            "they are set from 14 to 50 years"
        )
    return chosen


def has_requirement(intake: IntakeFacts, nutrient: str) -> bool:
    """Return whether a mean requirement is set for anybody, so that a chance of too little can be said."""
    return any(row.nutrient == nutrient and row.ear is not None for row in intake.references)


def norms_for(intake: IntakeFacts, nutrient: str, who: Who) -> tuple[Norm, ...]:
    """Return how intake varies in each group that the person may belong to; empty under two years.

    Raises:
        DataRefusedError: Nothing is known of how this nutrient's intake varies.
    """
    return _of(intake.norms, nutrient, who)
