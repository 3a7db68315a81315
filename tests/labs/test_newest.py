"""Old results, results of one day, and results of several people."""

from __future__ import annotations

from datetime import date

import pytest

from rheobase.assess import Assessment, assess
from rheobase.errors import DataRefusedError
from rheobase.importers.labs_import import report_of
from rheobase.knowledge import load_knowledge
from rheobase.labs.reading_names import facts_for
from rheobase.person import LabResult, Person
from rheobase.report import document_for, render
from rheobase.report.labs_age import ago
from rheobase.report.labs_read_page import other_system
from rheobase.report.labs_section import labs_document
from rheobase.report.labs_words import conventional

KNOWLEDGE = load_knowledge()
ON = date(2026, 11, 24)


def potassium(value: float | None, taken: date | None = ON, time: str = "", flag: str | None = None) -> LabResult:
    """Return a potassium result."""
    unit = None if value is None else "mmol/L"
    return LabResult("potassium", value, unit, flag=flag, low=3.5, high=5.3, taken=taken, time=time)


def judged(*labs: LabResult) -> tuple[Person, Assessment]:
    """Return a person with these results, and their assessment."""
    person = Person(labs=labs)
    return person, assess(person, KNOWLEDGE, on=ON)


@pytest.mark.parametrize("value", [2.4, 4.1])
def test_an_old_result_is_said_to_be_old_where_it_decides(value: float) -> None:
    """Both pages say how old a result of years ago is, whether it is critical or normal."""
    person, found = judged(potassium(value, date(2016, 10, 14)))
    page = render(labs_document(found, KNOWLEDGE), width=200, colour=False)
    whole = render(document_for("person", person, found, KNOWLEDGE), width=200, colour=False)
    assert "Old blood tests (10 years ago): all of 2016-10-14" in page
    assert "Old blood tests (10 years ago): all of 2016-10-14" in whole


def test_a_recent_result_is_not_called_old() -> None:
    """Nothing is said of the age of results of this month."""
    _, found = judged(potassium(2.4, date(2026, 11, 10)))
    assert "Old blood" not in render(labs_document(found, KNOWLEDGE), width=200, colour=False)


def test_a_result_of_a_day_to_come_is_said() -> None:
    """A result dated after the day of the assessment is asked about."""
    _, found = judged(potassium(4.1, date(2027, 1, 2)))
    assert "Dated after 2026-11-24" in render(labs_document(found, KNOWLEDGE), width=200, colour=False)


def test_ages_are_in_words_of_their_size() -> None:
    """Weeks, months and years follow one another."""
    assert [ago(days, KNOWLEDGE) for days in (35, 120, 800)] == ["5 weeks", "3 months", "2 years"]


@pytest.mark.parametrize(
    ("first", "second"),
    [("14:00", "08:00"), ("14:00:30", "08:00"), ("14:00Z", "08:00Z"), ("14:00+01:00", "13:30+01:00")],
)
def test_of_one_day_the_later_hour_counts(first: str, second: str) -> None:
    """A report that lists the newest first does not make the morning's value today's."""
    _, found = judged(potassium(4.1, time=first), potassium(2.4, time=second))
    assert found.facts.values["lab.potassium"] == 4.1
    assert found.urgency.level != "emergency"


def test_of_one_hour_or_an_unknown_one_the_last_listed_counts() -> None:
    """Without hours that can be compared the order of the list decides."""
    for times in (("", ""), ("08:00", ""), ("08:00Z", "09:00"), ("08:00", "08:00")):
        _, found = judged(potassium(4.1, time=times[0]), potassium(3.2, time=times[1]))
        assert found.facts.values["lab.potassium"] == 3.2


def test_an_amount_that_is_known_is_not_called_unknown() -> None:
    """The rule for a potassium without a figure is silent where the figure is there, and fires without one."""
    _, known = judged(potassium(2.4))
    _, unknown = judged(potassium(None, flag="low"))
    assert "rf_k_low_amount_unknown" not in [each.rule for each in known.urgency.fired]
    assert known.urgency.level == "emergency"
    assert "rf_k_low_amount_unknown" in [each.rule for each in unknown.urgency.fired]


def test_a_table_of_two_people_is_refused() -> None:
    """Results of two people in one table are never read as those of one."""
    table = "Patient,Test,Result,Units\nA,Potassium,3.2,mmol/L\nB,Potassium,4.1,mmol/L\n"
    with pytest.raises(DataRefusedError, match="2 people"):
        report_of(table.encode(), "x.csv", facts_for(KNOWLEDGE))
    assert len(report_of(table.replace("B,", "A,").encode(), "x.csv", facts_for(KNOWLEDGE)).lines) == 2


def test_lines_beyond_what_is_read_are_not_dropped_without_a_word() -> None:
    """A text with more lines than are read is refused, never cut."""
    with pytest.raises(DataRefusedError, match="50,001 lines"):
        report_of(b"Potassium 3.2 mmol/L\n" * 50_001, "x", facts_for(KNOWLEDGE))


def test_the_other_unit_is_the_same_in_both_tables() -> None:
    """What was read and what it means name the same other unit, or both name none."""
    for name, value, unit in (("potassium", 3.2, "mmol/L"), ("magnesium", 0.62, "mmol/L"), ("alp", 70, "U/L")):
        result = LabResult(name, value, unit)
        other = conventional(KNOWLEDGE.analytes[name])
        said = other_system(result, KNOWLEDGE.analytes[name])
        assert said.endswith(other.unit) if other is not None else said == ""
