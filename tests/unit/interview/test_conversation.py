"""What replies say, and what they never say."""

from __future__ import annotations

import pytest

from rheobase.assess.facts import gather
from rheobase.interview import Conversation, Kind, Question, Reply, ReplyKind
from rheobase.interview.put import about_medicines, finding_question
from rheobase.knowledge import load_knowledge
from rheobase.knowledge.model_interview import Item, Shown
from rheobase.person import MedicineUse, Person, Status

KNOWLEDGE = load_knowledge()


def asked(*lines: tuple[str, ...]) -> Question:
    """Return a list question that shows these findings, a line each."""
    items = tuple(Item(tuple(Shown(name, name) for name in line)) for line in lines)
    return Question("some", Kind.LIST, "Any of these?", items=items)


def told(talk: Conversation) -> dict[str, object]:
    """Return the answers as plain values; None for "don't know"."""
    return {name: answer.value for name, answer in talk.person(KNOWLEDGE).answers.items()}


def test_none_of_these_denies_exactly_what_was_shown() -> None:
    """Saying none sets absent for each finding on the lines, and for nothing else."""
    talk = Conversation().answered(asked(("cramps",), ("numbness", "saddle_numbness")), Reply())
    assert told(talk) == {"cramps": False, "numbness": False, "saddle_numbness": False}


def test_an_unsure_line_is_unknown_and_no_denial() -> None:
    """A line with a question mark is asked-and-not-known."""
    talk = Conversation().answered(asked(("cramps",), ("numbness",)), Reply(unsure=frozenset({1})))
    answers = talk.person(KNOWLEDGE).answers
    assert answers["numbness"].status is Status.UNKNOWN
    assert answers["cramps"].status is Status.ABSENT


@pytest.mark.parametrize(("kind", "count"), [(ReplyKind.SKIPPED, 0), (ReplyKind.NOT_KNOWN, 2)])
def test_skipping_says_nothing_and_not_knowing_says_unknown(kind: ReplyKind, count: int) -> None:
    """A skipped list leaves no answer behind; "don't know" leaves unknown ones."""
    talk = Conversation().answered(asked(("cramps",), ("numbness",)), Reply(kind))
    answers = talk.person(KNOWLEDGE).answers
    assert len(answers) == count
    assert all(answer.status is Status.UNKNOWN for answer in answers.values())


def test_a_ticked_line_with_several_findings_counts_in_full_until_told_apart() -> None:
    """The cautious reading holds until the person says which one it is."""
    line = ("breathless_at_rest", "noisy_breathing")
    talk = Conversation().answered(asked(line), Reply(ticked=frozenset({0})))
    assert told(talk) == {"breathless_at_rest": True, "noisy_breathing": True}
    told_apart = talk.answered(asked((line[0],), (line[1],)), Reply(ticked=frozenset({0})))
    assert told(told_apart) == {"breathless_at_rest": True, "noisy_breathing": False}


@pytest.mark.parametrize(
    "reply", [Reply(ReplyKind.NOT_KNOWN), Reply(ReplyKind.SKIPPED), Reply(unsure=frozenset({0, 1}))]
)
def test_doubt_about_which_takes_no_tick_back(reply: Reply) -> None:
    """Whoever ticked a line and can't say which of the things on it it is keeps the warning."""
    line = ("breathless_at_rest", "noisy_breathing")
    talk = Conversation().answered(asked(line), Reply(ticked=frozenset({0})))
    assert told(talk.answered(asked((line[0],), (line[1],)), reply)) == dict.fromkeys(line, True)


def test_a_ticked_special_line_wins_over_an_unticked_general_one() -> None:
    """Weakness that is getting worse is weakness, whatever the general line says; nothing contradicts itself."""
    question = asked(("weakness_felt",), ("weakness_functional",), ("weakness_progressive",))
    talk = Conversation().answered(question, Reply(ticked=frozenset({2})))
    assert told(talk) == {"weakness_progressive": True}
    assert gather(talk.person(KNOWLEDGE), KNOWLEDGE).values["weakness_felt"] is True


def test_going_back_forgets_the_last_reply_only() -> None:
    """Back drops one step; at the start it does nothing."""
    first = Conversation().answered(asked(("cramps",)), Reply())
    assert first.answered(asked(("numbness",)), Reply()).back() == first
    assert first.back().back() == Conversation()


def test_a_tick_beyond_the_lines_is_refused() -> None:
    """Nothing that was not shown can be ticked."""
    with pytest.raises(ValueError, match="not shown"):
        Conversation().answered(asked(("cramps",)), Reply(ticked=frozenset({1})))


def test_a_number_keeps_how_it_was_written() -> None:
    """The original words stand beside the converted value."""
    question = finding_question(KNOWLEDGE, "twitch_duration_days")
    person = Conversation().answered(question, Reply(value=21.0, original="3 weeks")).person(KNOWLEDGE)
    assert person.answers["twitch_duration_days"].original == "3 weeks"


def test_a_list_of_medicines_denies_others_only_when_it_is_complete_and_understood() -> None:
    """Not listed is not "not taken", unless the person says that this is all and every line was recognised."""
    omeprazole = MedicineUse("omeprazole", "omeprazole")
    unread = MedicineUse("xyzpril")
    for uses, complete, denies in (
        ((omeprazole,), True, True),
        ((omeprazole,), False, False),
        ((omeprazole, unread), True, False),
    ):
        reply = Reply(medicines=uses, complete=complete)
        answers = Conversation().answered(about_medicines(), reply).person(KNOWLEDGE).answers
        assert ("med_lithium" in answers) is denies
        assert "med_ppi" not in answers
        assert "med_sedative_stopped" not in answers


def test_no_medicine_at_all_says_nothing_about_stopped_ones() -> None:
    """Whoever takes nothing may have stopped a sedative last week."""
    person = Conversation().answered(about_medicines(), Reply(complete=True)).person(KNOWLEDGE)
    assert person.takes_no_medicine
    values = gather(person, KNOWLEDGE).values
    assert values["med_lithium"] is False
    assert "med_sedative_stopped" not in values
    assert "med_changed_8_weeks" not in values


def test_what_was_known_at_the_start_stays() -> None:
    """The interview adds to a case; it takes nothing away."""
    start = Person(medicines=(MedicineUse("lithium", "lithium"),), region="GB", notes="mine")
    person = Conversation(start).answered(asked(("cramps",)), Reply()).person(KNOWLEDGE)
    assert (person.medicines, person.region, person.notes) == (start.medicines, "GB", "mine")


def test_once_something_is_named_the_rest_is_as_unknown_as_said() -> None:
    """A racing heart is meant, chest pain not sure: the heart stays, the pain is unknown and no longer supposed."""
    line = ("chest_pain", "palpitations")
    talk = Conversation().answered(asked(line), Reply(ticked=frozenset({0})))
    named = talk.answered(asked((line[0],), (line[1],)), Reply(ticked=frozenset({1}), unsure=frozenset({0})))
    answers = named.person(KNOWLEDGE).answers
    assert answers["palpitations"].value is True
    assert answers["chest_pain"].status is Status.UNKNOWN
