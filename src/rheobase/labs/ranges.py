"""What is usual for a person of this age and sex, in pregnancy or not. Context only: the laboratory's interval wins."""

from __future__ import annotations

from collections.abc import Iterable, Mapping

from rheobase.knowledge import Knowledge
from rheobase.knowledge.model_labs import LabRange
from rheobase.person import Value

AGE, SEX, PREGNANT, MALE = "age_years", "sex", "pregnant", "male"


def context_range(knowledge: Knowledge, analyte: str, values: Mapping[str, Value]) -> LabRange | None:
    """Return what is usual for one analyte; None where that needs an age, sex or pregnancy that is not known.

    Args:
        knowledge: The ranges.
        analyte: Analyte id.
        values: What is known; ``age_years``, ``sex`` and ``pregnant`` are read.
    """
    listed = tuple(each for each in knowledge.lab_ranges.values() if each.analyte == analyte)
    age, sex = values.get(AGE), values.get(SEX)
    if not listed or not isinstance(age, float | int):
        return None
    fitting = [each for each in listed if each.age_from <= age < each.age_below]
    if any(each.sex is not None for each in fitting):
        fitting = [each for each in fitting if each.sex == sex]
    pregnant = _pregnant(fitting, values)
    if pregnant is None:
        return None
    fitting = [each for each in fitting if each.pregnant is None or each.pregnant is pregnant]
    return fitting[0] if len(fitting) == 1 else None


def _pregnant(fitting: Iterable[LabRange], values: Mapping[str, Value]) -> bool | None:
    """Return whether the range of a pregnant woman is meant; None if that matters and is not known."""
    told = values.get(PREGNANT)
    if isinstance(told, bool):
        return told
    if values.get(SEX) == MALE or not any(each.pregnant for each in fitting):
        return False
    return None
