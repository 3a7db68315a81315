"""A person as told: answers, blood tests, medicines. No judgement here."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field
from datetime import date
from enum import StrEnum
from types import MappingProxyType

from rheobase.person.diet import Diet

Value = bool | float | str | frozenset[str]

SETTINGS = ("home", "primary_care", "specialist", "hospital")


class Status(StrEnum):
    """What an answer says. A finding with no answer at all was not asked."""

    PRESENT = "present"
    ABSENT = "absent"
    UNKNOWN = "unknown"


@dataclass(frozen=True, slots=True)
class Answer:
    """One answer to one finding.

    Attributes:
        status: ``UNKNOWN`` means asked, and the person does not know.
        value: True or False, a number in the finding's unit, an option, or a set of sites.
        original: The answer as it was written, when it was converted.
    """

    status: Status
    value: Value | None = None
    original: str | None = None


@dataclass(frozen=True, slots=True)
class LabResult:
    """One blood or urine result as the laboratory gave it.

    Attributes:
        analyte: Id in ``labs.toml``.
        value: Number in ``unit``; None when only a flag is known.
        unit: Unit as understood; None only when there is no value.
        comparator: ``<``, ``<=``, ``>`` or ``>=`` when the laboratory gave a limit.
        flag: ``low``, ``normal``, ``high``, ``positive`` or ``negative`` as printed.
        low: Lower end of the laboratory's own interval, in ``unit``.
        high: Upper end of the laboratory's own interval, in ``unit``.
        taken: Date of the sample.
        original: The line as it was written.
        time: Time of the sample as printed, with its zone when it has one, such as ``08:15+01:00``.
        sample: What is said of the sample: ``haemolysed``, ``lipaemic``, ``icteric``.
        code: LOINC code as printed.
        printed_unit: The unit as printed, where it is spelt otherwise than ``unit``.
    """

    analyte: str
    value: float | None = None
    unit: str | None = None
    comparator: str | None = None
    flag: str | None = None
    low: float | None = None
    high: float | None = None
    taken: date | None = None
    original: str = ""
    time: str = ""
    sample: tuple[str, ...] = ()
    code: str = ""
    printed_unit: str = ""


@dataclass(frozen=True, slots=True)
class MedicineUse:
    """One medicine as written, and the entry it was recognised as (None: not understood)."""

    written: str
    medicine: str | None = None
    status: Status = Status.PRESENT
    months: float | None = None
    note: str = ""


@dataclass(frozen=True, slots=True)
class Person:
    """Everything known about one person.

    Attributes:
        answers: By finding id. A missing id was not asked.
        labs: Every result; several of one analyte may stand side by side.
        medicines: As written, with what was recognised.
        setting: Where the question is asked: one of ``SETTINGS``; chooses the base rates.
        region: Two-letter region for emergency numbers.
        not_understood: What was told and could not be used; reported, never dropped.
        takes_no_medicine: The person said that they take none.
        notes: Free text, kept and never read.
        diet: What was eaten, drunk and taken; None when nothing of it was told.
    """

    answers: Mapping[str, Answer] = field(default_factory=lambda: MappingProxyType({}))
    labs: tuple[LabResult, ...] = ()
    medicines: tuple[MedicineUse, ...] = ()
    setting: str = "home"
    region: str | None = None
    not_understood: tuple[str, ...] = ()
    takes_no_medicine: bool = False
    notes: str = ""
    diet: Diet | None = None
