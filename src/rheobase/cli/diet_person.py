"""Whose diet it is: from the case file, or from what was said on the command line; else unknown."""

from __future__ import annotations

from pathlib import Path

from rheobase.errors import UsageError
from rheobase.importers.case_file import read_case
from rheobase.importers.text_file import read_limited
from rheobase.intake.life_stage import Who
from rheobase.knowledge import Knowledge

PREGNANT, AGE, SEX = "pregnant", "age_years", "sex"


def who_eats(case: str | None, age: float | None, sex: str | None, knowledge: Knowledge) -> Who:
    """Return what is known of the person; what is not known stays None.

    Args:
        case: Case file, if one was named.
        age: Age in years from the command line.
        sex: ``female`` or ``male`` from the command line.
        knowledge: For reading the case.

    Raises:
        UsageError: Both a case file and age or sex were given.
        DataRefusedError: The case file can't be read.
    """
    if case is None:
        return Who(age, "female" if sex == "female" else "male" if sex == "male" else None)
    if age is not None or sex is not None:
        message = "Give --case, or --age and --sex; not both."
        raise UsageError(message)
    answers = read_case(read_limited(Path(case)), knowledge, name=case).answers
    told = {name: answers[name].value for name in (AGE, SEX, PREGNANT) if name in answers}
    years, recorded, pregnant = told.get(AGE), told.get(SEX), told.get(PREGNANT)
    return Who(
        float(years) if isinstance(years, int | float) else None,
        "female" if recorded == "female" else "male" if recorded == "male" else None,
        # The question is about pregnancy and the weeks after birth: a yes does not say which, a no denies it.
        pregnant=False if pregnant is False else None,
    )
