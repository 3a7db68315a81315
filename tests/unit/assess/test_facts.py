"""From what was told to what is known."""

from __future__ import annotations

from rheobase.assess.facts import gather
from rheobase.knowledge import load_knowledge
from rheobase.person import Answer, MedicineUse, Person, Status, Value

KNOWLEDGE = load_knowledge()


def told(**answers: Value) -> Person:
    """Return a person with the given answers."""
    return Person(answers={k: Answer(Status.ABSENT if v is False else Status.PRESENT, v) for k, v in answers.items()})


def test_presence_implies_the_general_finding() -> None:
    """Worsening weakness is weakness."""
    known = gather(told(weakness_progressive=True), KNOWLEDGE).values
    assert known["weakness_functional"] is True


def test_absence_implies_the_absence_of_the_special_finding() -> None:
    """No cramps at all means no night cramps."""
    assert gather(told(cramps=False), KNOWLEDGE).values["cramps_night_calf"] is False


def test_a_medicine_sets_what_taking_it_means() -> None:
    """Furosemide is a loop diuretic; what it sets says where it came from."""
    person = Person(medicines=(MedicineUse("furosemide 40 mg", "furosemide"),))
    facts = gather(person, KNOWLEDGE)
    assert facts.values["med_loop_diuretic"] is True
    assert "furosemide 40 mg" in facts.origins["med_loop_diuretic"]


def test_a_medicine_that_is_not_listed_is_unknown() -> None:
    """Listing one medicine denies no other."""
    known = gather(Person(medicines=(MedicineUse("furosemide", "furosemide"),)), KNOWLEDGE).values
    assert "med_lithium" not in known


def test_taking_none_denies_every_medicine() -> None:
    """Someone who takes nothing takes no diuretic."""
    assert gather(Person(takes_no_medicine=True), KNOWLEDGE).values["med_loop_diuretic"] is False


def test_riluzole_is_no_family_history() -> None:
    """A medicine never stands for something that it does not mean."""
    known = gather(Person(medicines=(MedicineUse("riluzole", "riluzole"),)), KNOWLEDGE).values
    assert "fh_mnd" not in known


def test_places_are_counted() -> None:
    """Two places are two or three; widespread is many."""
    assert gather(told(twitch_location=frozenset({"eyelid", "calf"})), KNOWLEDGE).values["twitch_site_count"] == (
        "two_or_three"
    )
    assert gather(told(twitch_location=frozenset({"widespread"})), KNOWLEDGE).values["twitch_site_count"] == (
        "four_or_more"
    )


def test_presence_from_a_medicine_wins_over_a_denial() -> None:
    """Someone who denies a water tablet and lists one takes one."""
    person = Person(
        answers={"med_loop_diuretic": Answer(Status.ABSENT, value=False)},
        medicines=(MedicineUse("furosemide", "furosemide"),),
    )
    assert gather(person, KNOWLEDGE).values["med_loop_diuretic"] is True
