"""What is typed, and what it is taken for."""

from __future__ import annotations

import pytest

from rheobase.errors import ReplyError
from rheobase.importers.interview_reply import looks_like, read_reply
from rheobase.interview import Kind, Question, Reply, ReplyKind
from rheobase.interview.put import about_medicines, finding_question
from rheobase.knowledge import load_knowledge
from rheobase.knowledge.model_interview import Item, Shown

KNOWLEDGE = load_knowledge()
LIST = Question("some", Kind.LIST, "Any?", items=tuple(Item((Shown(n, n),)) for n in ("cramps", "numbness", "fatigue")))
MONTHS = Question("months:omeprazole", Kind.MONTHS, "How long?")


def about(name: str) -> Question:
    """Return the question about one finding."""
    return finding_question(KNOWLEDGE, name)


@pytest.mark.parametrize("typed", ["none", "0", "No", " n ", "None of these"])
def test_none_has_to_be_said(typed: str) -> None:
    """A denial of a whole list is typed in words or as 0."""
    assert read_reply(LIST, typed, KNOWLEDGE) == Reply()


@pytest.mark.parametrize("typed", ["", "   ", "\t"])
def test_an_empty_line_is_no_answer(typed: str) -> None:
    """Pressing return never denies anything."""
    with pytest.raises(ReplyError, match="or s to skip"):
        read_reply(LIST, typed, KNOWLEDGE)


@pytest.mark.parametrize(
    ("typed", "ticked", "unsure"),
    [("1 3", {0, 2}, ()), ("2?", (), {1}), ("1, 3?", {0}, {2}), ("1;2", {0, 1}, ()), ("1, 2 and 3?", {0, 1}, {2})],
)
def test_numbers_tick_lines(typed: str, ticked: set[int], unsure: set[int]) -> None:
    """Numbers apart by anything tick; a question mark makes a line unsure."""
    reply = read_reply(LIST, typed, KNOWLEDGE)
    assert (reply.ticked, reply.unsure) == (frozenset(ticked), frozenset(unsure))


@pytest.mark.parametrize("typed", ["4", "0 1", "-1", "1.5", "cramps", "1 1?", "9" * 5000])
def test_a_wrong_tick_says_what_is_on_the_list(typed: str) -> None:
    """Anything else is asked again, with a clear line."""
    with pytest.raises(ReplyError) as refused:
        read_reply(LIST, typed, KNOWLEDGE)
    assert len(str(refused.value)) < 250


@pytest.mark.parametrize(
    ("name", "typed", "value"),
    [
        ("twitch_duration_days", "3 weeks", 21.0),
        ("twitch_duration_days", "10", 10.0),
        ("caffeine_mg_day", "400 mg", 400.0),
        ("sex", "2", "male"),
        ("sex", "Female", "female"),
        ("sex", "f", "female"),
        ("sex", "woman", "female"),
        ("sex", "M", "male"),
        ("twitch_duration_days", "about 10 days or so", 10.0),
        ("sleep_hours", "5 ish", 5.0),
        ("caffeine_mg_day", "None", 0.0),
        ("twitch_location", "1 3", frozenset({"eyelid", "half_face"})),
        ("twitch_location", "calf, thigh", frozenset({"calf", "thigh"})),
        ("twitch_location", "nowhere", frozenset()),
        ("cramps", "y", True),
        ("cramps", "No", False),
    ],
)
def test_values_are_read_as_in_a_case_file(name: str, typed: str, value: object) -> None:
    """Numbers with units, options by number or word, places, yes and no."""
    assert read_reply(about(name), typed, KNOWLEDGE).value == value


def test_the_written_form_of_a_converted_number_is_kept() -> None:
    """What was typed stays beside what it was converted to, and a bare number needs no such note."""
    assert read_reply(about("twitch_duration_days"), "3 weeks", KNOWLEDGE).original == "3 weeks"
    assert read_reply(about("twitch_duration_days"), "10", KNOWLEDGE).original is None


@pytest.mark.parametrize(
    ("name", "typed", "says"),
    [
        ("age_years", "400", "impossible"),
        ("age_years", "old", "xpected a number"),
        ("age_years", "nan", "xpected a number"),
        ("twitch_duration_days", "1,5 weeks", "point"),
        ("sex", "banana", "numbers 1 to 3"),
        ("age_years", "none", "xpected a number"),
        ("age_years", "about ten", "xpected a number"),
        ("sex", "9", "not on the list"),
        ("twitch_location", "1 99", "not on the list"),
        ("twitch_location", "moon", "xpected places"),
        ("cramps", "maybe", "Type y"),
    ],
)
def test_a_wrong_value_says_what_was_expected(name: str, typed: str, says: str) -> None:
    """Nothing is guessed and nothing is dropped in silence."""
    with pytest.raises(ReplyError, match=says):
        read_reply(about(name), typed, KNOWLEDGE)


@pytest.mark.parametrize(
    ("typed", "kind"), [("?", ReplyKind.NOT_KNOWN), ("don\u2019t know", ReplyKind.NOT_KNOWN), ("s", ReplyKind.SKIPPED)]
)
@pytest.mark.parametrize(
    "question", [LIST, about("cramps"), about("age_years"), about_medicines(), MONTHS], ids=lambda q: q.id
)
def test_not_knowing_and_skipping_are_always_there(question: Question, typed: str, kind: ReplyKind) -> None:
    """At every question."""
    assert read_reply(question, typed, KNOWLEDGE).kind is kind


def test_medicines_are_recognised_one_by_one() -> None:
    """Names between commas, with their time; what is not recognised is kept as written."""
    typed = "Losec 20 mg for 4 years, furosemide; xyzpril and lithium"
    reply = read_reply(about_medicines(), typed, KNOWLEDGE)
    assert [use.medicine for use in reply.medicines] == ["omeprazole", "furosemide", None, "lithium"]
    assert reply.medicines[0].months == pytest.approx(48)
    assert not reply.complete


def test_a_misspelt_medicine_is_offered_and_not_taken() -> None:
    """A name that looks like a known one comes back as a proposal; the reply itself holds it as not recognised."""
    reply = read_reply(about_medicines(), "furosemid, omeprazole", KNOWLEDGE)
    assert reply.medicines[0].medicine is None
    assert looks_like(reply.medicines[0], KNOWLEDGE)[0] == ("furosemide", "Furosemide")
    assert looks_like(reply.medicines[1], KNOWLEDGE) == ()


def test_a_dose_with_a_comma_stays_in_one_piece() -> None:
    """A comma inside a number parts nothing."""
    reply = read_reply(about_medicines(), "bisoprolol 2,5 mg", KNOWLEDGE)
    assert [use.medicine for use in reply.medicines] == ["bisoprolol"]


@pytest.mark.parametrize("typed", ["a" * 2000, ", ".join(["aspirin"] * 300)])
def test_too_much_is_refused(typed: str) -> None:
    """Limits are said."""
    with pytest.raises(ReplyError, match="at most"):
        read_reply(about_medicines(), typed, KNOWLEDGE)
