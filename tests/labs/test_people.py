"""Whose results a report holds: two people are refused, and so is somebody else's report."""

from __future__ import annotations

from datetime import date
from pathlib import Path

import pytest
from click.testing import CliRunner

from rheobase.cli.labs import labs
from rheobase.errors import DataRefusedError
from rheobase.evaluation.lab_people import NAME_ALONE, RIGHT, measure_people
from rheobase.importers.labs_import import report_of
from rheobase.importers.labs_people import contradictions
from rheobase.knowledge import load_knowledge
from rheobase.labs.reading_line import Whose
from rheobase.labs.reading_names import facts_for
from rheobase.person import Answer, Person, Status

KNOWLEDGE = load_knowledge()
FACTS = facts_for(KNOWLEDGE)
ON = date(2026, 11, 24)
LINES = "Collected 2026-11-20\nMg 0.62 mmol/L (0.70-1.00) L\n"


def test_every_report_of_two_people_or_of_somebody_else_is_refused() -> None:
    """In made-up reports all that can be seen is refused, and no right one is."""
    found = measure_people(25, 2026, FACTS)
    assert all(each.refused == each.made for name, each in found.items() if name not in (RIGHT, NAME_ALONE))
    assert found[RIGHT].refused == 0


@pytest.mark.parametrize(
    ("first", "second"),
    [
        ("Patient: A. Roe", "Patient: B. Doe"),
        ("Patient: A. Roe   DOB: 1961-03-14", "Patient: A. Roe   DOB: 1971-03-14"),
        ("Patientenname: Roe, A.", "Patientenname: Doe, B."),
        ("Name: A. Roe  Sex: F", "Name: A. Roe  Sex: M"),
    ],
)
def test_a_second_person_is_refused(first: str, second: str) -> None:
    """Another name, day of birth or sex further down refuses the whole report."""
    with pytest.raises(DataRefusedError, match="two people"):
        report_of(f"{first}\n{LINES}{second}\nK 3.1 mmol/L\n".encode(), "x", FACTS)


@pytest.mark.parametrize(
    ("first", "second"),
    [
        ("Patient: Anna Roe", "Patient: ROE, ANNA M."),
        ("Patient: A. Roe  Sex: F", "Patient: A. Roe  Sex: F"),
        ("Name: Full blood count", "Name: Urea and electrolytes"),
        ("Patient ID: 12", "Ordering doctor: B. Doe"),
    ],
)
def test_the_same_person_in_other_words_is_one(first: str, second: str) -> None:
    """A name in another order or with an initial more, and names of panels, are no second person."""
    assert report_of(f"{first}\n{LINES}{second}\nK 3.1 mmol/L\n".encode(), "x", FACTS).lines


def test_what_a_report_says_of_its_person_is_read() -> None:
    """Day of birth and sex are read in words and letters; an ambiguous day says nothing."""
    assert report_of(f"Patient: A  DOB: 14/03/1961  Sex: F\n{LINES}".encode(), "x", FACTS).whose == Whose(
        date(1961, 3, 14), "female"
    )
    assert report_of(f"DOB: 04/03/1961  Geschlecht: m\n{LINES}".encode(), "x", FACTS).whose == Whose(None, "male")


def test_an_age_that_is_off_by_a_birthday_is_no_contradiction() -> None:
    """One year apart is a birthday or an age told last year; three are somebody else."""
    whose = Whose(date(1961, 3, 14), "female")
    for age, count in ((64.0, 0), (65.0, 0), (66.0, 0), (62.0, 1)):
        person = Person(answers={"age_years": Answer(Status.PRESENT, age), "sex": Answer(Status.PRESENT, "female")})
        assert len(contradictions(whose, person, on=ON)) == count
    assert not contradictions(whose, Person(), on=ON)


def test_a_report_of_somebody_else_is_not_added_to_a_case(tmp_path: Path) -> None:
    """The command says what differs and writes nothing."""
    case, report = tmp_path / "me.yaml", tmp_path / "report.txt"
    case.write_text("rheobase_case: 1\nvalues:\n  age_years: 30\n  sex: male\n")
    report.write_text(f"Patient: A. Roe  DOB: 14/03/1961  Sex: F\n{LINES}")
    before = case.read_bytes()
    found = CliRunner().invoke(labs, ["read", str(report), "--into", str(case), "--on", "2026-11-24"])
    assert isinstance(found.exception, DataRefusedError)
    assert "the case of a male one" in str(found.exception)
    assert "65 years old, the case says 30" in str(found.exception)
    assert case.read_bytes() == before
