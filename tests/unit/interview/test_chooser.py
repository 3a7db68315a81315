"""Which question comes next."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import replace
from datetime import date

import pytest

from rheobase.assess.facts import gather
from rheobase.interview import Conversation, Kind, Question, Reply, look_ahead, why_asked
from rheobase.interview.put import finding_question
from rheobase.knowledge import load_knowledge
from rheobase.person import Answer, LabResult, MedicineUse, Person, Status, Value

KNOWLEDGE = load_knowledge()


def calm(question: Question) -> Reply:
    """Reply as somebody with nothing alarming would."""
    values: dict[str, Value] = {"age_years": 40.0, "sex": "male"}
    if question.kind is Kind.LIST:
        return Reply()
    if question.kind is Kind.MEDICINES:
        return Reply(complete=True)
    if question.kind is Kind.FORM:
        return Reply(
            fields=tuple((name, calm(finding_question(KNOWLEDGE, name)).value, None) for name in question.findings)
        )
    finding = KNOWLEDGE.findings[question.finding or "age_years"]
    if question.kind is Kind.CHOICE:
        return Reply(value=values.get(finding.id, finding.options[-1]))
    usual: dict[Kind, Value] = {Kind.SITES: frozenset({"calf"}), Kind.NUMBER: 5.0}
    return Reply(value=values.get(finding.id, usual.get(question.kind, False)))


def whole(start: Person | None = None, most: int = 60) -> list[tuple[Conversation, Question]]:
    """Return every question of one interview with the conversation before it."""
    talk, asked = Conversation(start or Person()), []
    for _ in range(most):
        question = look_ahead(talk, KNOWLEDGE).question
        if question is None:
            break
        asked.append((talk, question))
        talk = talk.answered(question, calm(question))
    return asked


def test_warning_signs_come_first_as_one_short_list() -> None:
    """The first question is the list of red flags, at most twelve lines."""
    question = look_ahead(Conversation(), KNOWLEDGE).question
    assert question is not None
    assert question.id == "red_flags"
    assert 1 < len(question.items) <= 12


def test_then_who_it_is_and_what_kind_of_movement() -> None:
    """Age, sex and the kind of movement follow."""
    assert [question.id for _, question in whole(most=3)] == ["red_flags", "about_you", "movement"]


def test_nothing_known_is_asked_and_nothing_is_asked_twice() -> None:
    """Every question shows only findings that are not known by then."""
    seen: set[str] = set()
    for talk, question in whole():
        known = gather(talk.person(KNOWLEDGE), KNOWLEDGE).values
        assert not set(question.findings) & set(known), question.id
        assert question.id not in seen
        seen.add(question.id)


def test_the_interview_ends() -> None:
    """Sooner or later nothing is left that could change the answer, and it says so."""
    asked = whole(most=200)
    assert len(asked) < 100
    talk, question = asked[-1]
    end = look_ahead(talk.answered(question, calm(question)), KNOWLEDGE)
    assert end.question is None
    assert end.left == 0


def test_the_same_conversation_gives_the_same_question() -> None:
    """The choice is a pure function."""
    talk, question = whole(most=12)[-1]
    assert look_ahead(talk, KNOWLEDGE).question == question


def test_what_does_not_fit_the_person_is_not_asked() -> None:
    """A man is not asked whether he is pregnant."""
    assert all("pregnant" not in question.findings for _, question in whole(most=200))


def test_what_was_asked_and_is_not_known_is_not_asked_again() -> None:
    """An answer of not knowing is an answer."""
    start = Person(answers={"caffeine_mg_day": Answer(Status.UNKNOWN)})
    assert all("caffeine_mg_day" not in question.findings for _, question in whole(start, most=200))


def test_a_ticked_line_with_several_findings_is_told_apart_at_once() -> None:
    """The next question after such a tick is which one."""
    first = look_ahead(Conversation(), KNOWLEDGE).question
    assert first is not None
    at = next(number for number, item in enumerate(first.items) if len(item.shows) > 1)
    talk = Conversation().answered(first, Reply(ticked=frozenset({at})))
    following = look_ahead(talk, KNOWLEDGE).question
    assert following is not None
    assert following.findings == tuple(shown.finding for shown in first.items[at].shows)
    assert all(len(item.shows) == 1 for item in following.items)


def test_months_are_asked_for_a_medicine_that_acts_over_months() -> None:
    """An acid blocker without its time is asked about; with it, it is not."""
    talk, question = next((before, each) for before, each in whole() if each.kind is Kind.MEDICINES)
    use = MedicineUse("omeprazole", "omeprazole")
    for months, asks in ((None, True), (48.0, False)):
        after = talk.answered(question, Reply(medicines=(replace(use, months=months),)))
        following = look_ahead(after, KNOWLEDGE).question
        assert following is not None
        assert (following.kind is Kind.MONTHS) is asks


def test_under_sixteen_only_the_urgency_matters() -> None:
    """A child is asked about warning signs, not about causes."""
    child = Person(answers={"age_years": Answer(Status.PRESENT, 9.0)})
    grown = Person(answers={"age_years": Answer(Status.PRESENT, 40.0)})
    assert len(whole(child, most=200)) < len(whole(grown, most=200))


def test_a_field_that_was_left_out_is_not_asked_again() -> None:
    """A form comes back only with fields that were not put yet."""
    (_, first), (talk, form) = whole(most=2)
    assert form.kind is Kind.FORM
    after = talk.answered(form, Reply(fields=(("age_years", 30.0, None),)))
    following = look_ahead(after, KNOWLEDGE).question
    assert following is not None
    assert "sex" not in following.findings
    cut = replace(form, items=form.items[:1])
    again = look_ahead(talk.answered(cut, Reply(fields=(("age_years", 30.0, None),))), KNOWLEDGE).question
    assert again is not None
    assert again.findings == ("sex",)
    assert first.id == "red_flags"


@pytest.mark.parametrize("at", [0, 2, 5])
def test_every_question_says_why(at: int) -> None:
    """The reason has words, names no feared cause, and knows whether a yes could make it more urgent."""
    talk, question = whole(most=8)[at]
    reason = why_asked(question, talk, KNOWLEDGE)
    assert reason.words
    assert not any(KNOWLEDGE.causes[cause].feared for cause in reason.causes)
    if at == 0:
        assert reason.could_raise_to == "emergency"


def test_an_old_result_keeps_no_question_back() -> None:
    """With a potassium of ten years ago the interview goes on exactly as without one; with today's it does not."""
    today = date(2026, 11, 24)

    def outlook(taken: date | None) -> Mapping[str, float]:
        labs = () if taken is None else (LabResult("potassium", 4.2, "mmol/L", taken=taken),)
        return look_ahead(Conversation(Person(labs=labs)), KNOWLEDGE, on=today).values

    assert outlook(date(2016, 11, 24)) == outlook(None)
    assert outlook(today) != outlook(None)
