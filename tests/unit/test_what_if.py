"""What if: the changes that are understood, those that are refused, and what is printed."""

from __future__ import annotations

import json
from datetime import date

import pytest
from click.testing import CliRunner

from rheobase.assess import assess
from rheobase.assess.what_if import Comparison, compare
from rheobase.cli.main import cli
from rheobase.errors import DataRefusedError
from rheobase.examples import example_bytes
from rheobase.importers.case_file import read_case
from rheobase.importers.what_if import supposed_person
from rheobase.knowledge import load_knowledge
from rheobase.person import Person, Status
from rheobase.report import render
from rheobase.report.what_if_page import what_if_document

KNOWLEDGE = load_knowledge()
ON = date(2026, 11, 24)


def example(name: str) -> Person:
    return read_case(example_bytes(name), KNOWLEDGE, name=name)


def moved(name: str, *changes: str) -> Comparison:
    before = example(name)
    after = supposed_person(before, changes, KNOWLEDGE).person
    return compare(assess(before, KNOWLEDGE, on=ON), assess(after, KNOWLEDGE, on=ON))


def test_less_caffeine_lowers_the_chance_of_too_much_caffeine() -> None:
    """Supposing a quarter of the caffeine, too much caffeine fits less and the urgency stays."""
    found = moved("worried-28", "caffeine_mg_day=100")
    shift = next(each for each in found.causes if each.cause == "caffeine_excess")
    assert shift.after < shift.before
    assert found.urgency_before == found.urgency_after == "routine"


def test_what_was_told_already_changes_nothing() -> None:
    """The same answer again changes nothing, and the page says so plainly."""
    found = moved("worried-28", "weakness_functional=no")
    assert not found.changed
    assert "Nothing would change." in render(what_if_document(found, KNOWLEDGE))


def test_labels_and_aliases_are_understood() -> None:
    """A finding may be named by id, label or alias, in any case."""
    by_id, by_label = (
        supposed_person(example("worried-28"), [change], KNOWLEDGE).person
        for change in ("caffeine_mg_day=100", "Caffeine a day=100 mg")
    )
    assert by_id.answers["caffeine_mg_day"].value == by_label.answers["caffeine_mg_day"].value == 100


def test_a_blood_test_replaces_the_earlier_one_and_keeps_its_unit() -> None:
    """A supposed potassium stands alone, with its unit, and starts its red flag."""
    person = supposed_person(example("omeprazole-67"), ["potassium=3.1 mmol/L"], KNOWLEDGE).person
    assert [(each.value, each.unit) for each in person.labs] == [(3.1, "mmol/L")]
    again = supposed_person(person, ["potassium=5.9 mmol/L"], KNOWLEDGE).person
    assert [each.value for each in again.labs] == [5.9]
    assert supposed_person(again, ["potassium="], KNOWLEDGE).person.labs == ()


def test_a_flag_is_a_result() -> None:
    """``magnesium=low`` is a flag; ``magnesium=taken`` is the supplement."""
    low = supposed_person(example("worried-28"), ["magnesium=low"], KNOWLEDGE).person
    assert [each.flag for each in low.labs] == ["low"]
    taken = supposed_person(example("worried-28"), ["magnesium=taken"], KNOWLEDGE).person
    assert [each.medicine for each in taken.medicines] == ["magnesium_products"]


def test_a_medicine_is_stopped_under_its_own_name_and_never_advised_so() -> None:
    """``omeprazole=stopped`` stops the line that was written, and says that this is no advice."""
    found = supposed_person(example("omeprazole-67"), ["omeprazole=stopped"], KNOWLEDGE)
    status = {use.written: use.status for use in found.person.medicines}
    assert status["omeprazole 20 mg once a day"] is Status.ABSENT
    assert any("no advice to stop" in note for note in found.notes)


def test_a_class_stops_its_members() -> None:
    """Stopping the water tablet stops furosemide."""
    found = supposed_person(example("omeprazole-67"), ["water tablet=stopped"], KNOWLEDGE)
    assert next(use for use in found.person.medicines if "furosemide" in use.written).status is Status.ABSENT


def test_one_medicine_more_leaves_the_others_denied_and_its_time_open() -> None:
    """Who takes no medicine and supposes one still denies the others; how long it is taken stays unknown."""
    person = supposed_person(example("worried-28"), ["omeprazole=taken"], KNOWLEDGE).person
    facts = assess(person, KNOWLEDGE, on=ON).facts
    assert facts.values["med_ppi"] is True
    assert facts.values["med_loop_diuretic"] is False
    assert "med_ppi_over_3_months" not in facts.values


def test_unknown_and_nothing_differ() -> None:
    """``name=unknown`` is asked and not known; ``name=`` is as if never asked."""
    person = example("worried-28")
    unknown = supposed_person(person, ["cramps=unknown"], KNOWLEDGE).person
    never = supposed_person(person, ["cramps="], KNOWLEDGE).person
    assert unknown.answers["cramps"].status is Status.UNKNOWN
    assert "cramps" not in never.answers


@pytest.mark.parametrize(
    ("name", "change", "says"),
    [
        ("worried-28", "caffein=100", "Did you mean 'caffeine'"),
        ("worried-28", "foo", "NAME=VALUE"),
        ("worried-28", "=3", "NAME=VALUE"),
        ("worried-28", "caffeine_mg_day=lots", "expected a number of mg/day"),
        ("worried-28", "caffeine_mg_day=-5", "impossible"),
        ("worried-28", "potassium=3.1", "unit is missing"),
        ("worried-28", "potassium=3.1 kg", "expected one of mmol/L"),
        ("worried-28", "potassium=140 mmol/L", "impossible"),
        ("worried-28", "omeprazole=sometimes", "expected taken"),
        ("worried-28", "weakness_functional=yes", "weakness_felt"),
        ("omeprazole-67", "med_ppi=no", "omeprazole"),
        ("worried-28", "\x1b[31mred\x1b[0m=1", "not a finding"),
        ("worried-28", "x" * 400 + "=1", "NAME=VALUE"),
    ],
)
def test_what_cannot_be_supposed_is_refused_in_one_line(name: str, change: str, says: str) -> None:
    """Each mistake or contradiction is one line that says what was expected or what contradicts."""
    with pytest.raises(DataRefusedError) as refused:
        supposed_person(example(name), [change], KNOWLEDGE)
    assert says in str(refused.value)
    assert "\n" not in str(refused.value)
    assert "\x1b" not in str(refused.value)


def test_a_denied_finding_and_a_result_that_shows_it_are_refused() -> None:
    """A supposed potassium of 3.1 contradicts "no low potassium"; taking that back as well is accepted."""
    person = supposed_person(example("worried-28"), ["lab_k_low=no"], KNOWLEDGE).person
    with pytest.raises(DataRefusedError, match="lab_k_low"):
        supposed_person(person, ["potassium=3.1 mmol/L"], KNOWLEDGE)
    accepted = supposed_person(person, ["potassium=3.1 mmol/L", "lab_k_low="], KNOWLEDGE).person
    assert assess(accepted, KNOWLEDGE, on=ON).facts.values["lab_k_low"] is True


def test_command_line_prints_text_and_json() -> None:
    """``--what-if`` may be repeated, prints what changes, and gives before and after as JSON."""
    runner = CliRunner()
    command = ["assess", "--example", "omeprazole-67", "--on", "2026-11-24", "--what-if", "omeprazole=stopped"]
    text = runner.invoke(cli, [*command, "--what-if", "potassium=3.1 mmol/L"])
    assert text.exit_code == 0
    assert "WHAT WOULD CHANGE" in text.output
    data = json.loads(runner.invoke(cli, [*command, "--json"]).output)
    assert data["before"]["urgency"] == "same_day"
    assert data["changes"]["rules_stopped"]
    assert data["supposed"] == ["omeprazole=stopped"]
