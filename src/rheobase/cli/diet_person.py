"""Whose diet it is: from the case file, or from what was said on the command line; else unknown."""

from __future__ import annotations

from pathlib import Path

from rheobase.errors import UsageError
from rheobase.importers.case_file import read_case
from rheobase.importers.text_file import read_limited
from rheobase.intake.eater import Eater, eater_from
from rheobase.intake.life_stage import Who
from rheobase.knowledge import Knowledge
from rheobase.person import Person


def who_of(person: Person | None, age: float | None, sex: str | None) -> Who:
    """Return what is known of a person's life stage; age in years and sex count where there is no person."""
    if person is None:
        return _said(age, sex)
    from rheobase.assess.eating import who_is

    return who_is(person)


def person_of_diet(data: bytes, said: tuple[float | None, str | None], knowledge: Knowledge, *, name: str) -> Person:
    """Return the person of the case file that the diet itself stands in: its illnesses and medicines must count.

    Args:
        data: The bytes of the file.
        said: Age in years and sex from the command line, which would leave the rest of the case out.
        knowledge: For reading the case.
        name: How to call the file in a message.

    Raises:
        UsageError: Age or sex was given beside it.
        DataRefusedError: The case file can't be read.
    """
    if said != (None, None):
        message = f"{name} is a case file and says itself who it is. Leave out --age and --sex, or write them into it."
        raise UsageError(message)
    return read_case(data, knowledge, name=name)


def person_of(case: str | None, age: float | None, sex: str | None, knowledge: Knowledge) -> Person | None:
    """Return the person of a case file, None without one.

    Args:
        case: Case file, if one was named; ``-`` is standard input.
        age: Age in years from the command line.
        sex: ``female`` or ``male`` from the command line.
        knowledge: For reading the case.

    Raises:
        UsageError: Both a case file and age or sex were given.
        DataRefusedError: The case file can't be read.
    """
    if case is None:
        return None
    if age is not None or sex is not None:
        message = "Give --case, or --age and --sex; not both."
        raise UsageError(message)
    return read_case(read_limited("-" if case == "-" else Path(case)), knowledge, name=case)


def eater_of(
    person: Person | None,
    said: tuple[float | None, str | None],
    knowledge: Knowledge,
    *,
    hours: tuple[float | None, float | None] = (None, None),
) -> Eater:
    """Return everything known of the person that bears on what is eaten and drunk.

    Args:
        person: As a case file tells; None without one.
        said: Age in years and sex from the command line, which count without a case file.
        knowledge: What medicines and blood tests mean.
        hours: Hours of sweating exercise and of great heat, where they were said.
    """
    if person is None:
        return eater_from(_said(*said), {}, knowledge.intake, hours=hours)
    from rheobase.assess.eating import eater_of_person

    return eater_of_person(person, knowledge, hours=hours)


def _said(age: float | None, sex: str | None) -> Who:
    return Who(age, "female" if sex == "female" else "male" if sex == "male" else None)
