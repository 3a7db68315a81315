"""Adults' limits judge adults: a growing child's phosphate is no finding."""

from __future__ import annotations

import pytest

from rheobase.assess.facts import gather
from rheobase.knowledge import load_knowledge
from rheobase.person import Answer, LabResult, Person, Status

HIGH = "lab_phosphate_high"


@pytest.mark.parametrize(
    ("age", "phosphate", "high"),
    [(6, 1.7, False), (40, 1.7, True), (None, 1.7, None), (None, 2.4, True), (6, 2.4, True), (None, 1.2, False)],
)
def test_a_childs_phosphate_is_not_judged_by_adult_limits(
    age: float | None, phosphate: float, high: bool | None
) -> None:
    """Between the two limits the age decides, and without an age nothing is said."""
    answers = {} if age is None else {"age_years": Answer(Status.PRESENT, float(age))}
    facts = gather(Person(answers, (LabResult("phosphate", phosphate, "mmol/L"),)), load_knowledge())
    assert facts.values.get(HIGH) is high
