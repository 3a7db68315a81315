"""Laws of what would settle it, over generated people."""

from __future__ import annotations

import math
import random
from dataclasses import replace
from datetime import date

from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from rheobase.assess import assess
from rheobase.assess.settle import QUESTION, Settling, what_would_settle
from rheobase.knowledge import load_knowledge
from rheobase.person import Answer, Person, Status
from tests.properties.strategies import people

KNOWLEDGE = load_knowledge()
ON = date(2026, 11, 24)
some = settings(suppress_health_check=[HealthCheck.too_slow, HealthCheck.data_too_large], max_examples=40)


def settlings(person: Person) -> tuple[Settling, ...]:
    return what_would_settle(assess(person, KNOWLEDGE, on=ON), KNOWLEDGE)


@some
@given(people(KNOWLEDGE))
def test_information_is_never_negative_and_chances_add_up(person: Person) -> None:
    """Expected information and power are never negative; the chances of the results of one part add up to 1."""
    for each in settlings(person):
        assert each.information >= 0
        assert each.urgency_power >= 0
        assert 0 <= each.advice_power <= 1 + 1e-9
        for part in each.parts:
            assert math.isclose(sum(outcome.chance for outcome in part.outcomes), 1, abs_tol=1e-9)
            assert all(0 <= outcome.chance <= 1 for outcome in part.outcomes)


@some
@given(people(KNOWLEDGE))
def test_nothing_known_is_proposed_and_nothing_unknown_is_asked_again(person: Person) -> None:
    """No result names something known as its news; what a person did not know is not asked as a question again."""
    assessment = assess(person, KNOWLEDGE, on=ON)
    for each in what_would_settle(assessment, KNOWLEDGE):
        for part in each.parts:
            for outcome in part.outcomes:
                assert any(name not in assessment.facts.values for name in outcome.sets)
                for name, value in outcome.sets.items():
                    assert assessment.facts.values.get(name, value) == value
        if each.kind == QUESTION:
            assert each.id not in assessment.facts.unknown


@settings(suppress_health_check=[HealthCheck.too_slow, HealthCheck.data_too_large], max_examples=25)
@given(people(KNOWLEDGE), st.data())
def test_supposing_a_result_equals_a_whole_assessment_with_it(person: Person, data: st.DataObject) -> None:
    """The posteriors, bands, urgency, rules and advice of a result are those of a whole assessment with that result."""
    before = assess(person, KNOWLEDGE, on=ON)
    found = what_would_settle(before, KNOWLEDGE)
    if not found:
        return
    part = data.draw(st.sampled_from(data.draw(st.sampled_from(found)).parts))
    outcome = data.draw(st.sampled_from(part.outcomes))
    answers = {
        name: Answer(Status.ABSENT if value is False else Status.PRESENT, value)
        for name, value in outcome.sets.items()
        if name not in before.facts.values
    }
    after = assess(replace(person, answers={**person.answers, **answers}), KNOWLEDGE, on=ON)
    assert outcome.urgency == after.urgency.level
    fired = {each.rule for each in before.urgency.fired}
    assert fired.union(outcome.rules_started).difference(outcome.rules_stopped) == {
        each.rule for each in after.urgency.fired
    }
    now, then = ({each.advice for each in one.advice} for one in (before, after))
    assert (set(outcome.advice_added), set(outcome.advice_withheld)) == (then - now, now - then)
    moves = {move.cause: move for move in outcome.moves}
    old = {fit.cause: fit for fit in (*before.causes, *before.contributors)}
    for fit in (*after.causes, *after.contributors):
        if fit.cause in moves:
            assert math.isclose(moves[fit.cause].after, fit.posterior, abs_tol=1e-9)
            assert moves[fit.cause].band_after == fit.band
        else:
            assert math.isclose(old[fit.cause].posterior, fit.posterior, abs_tol=1e-9)


@settings(some, max_examples=15)
@given(people(KNOWLEDGE), st.randoms(use_true_random=False))
def test_the_order_of_answers_is_irrelevant(person: Person, shuffler: random.Random) -> None:
    """The same answers in another order, and the same answers again, give the same settlings."""
    items = list(person.answers.items())
    shuffler.shuffle(items)
    assert settlings(person) == settlings(replace(person, answers=dict(items))) == settlings(person)


@some
@given(people(KNOWLEDGE))
def test_a_child_gets_no_ranking_of_causes(person: Person) -> None:
    """Under 16 years only the urgency counts: no result moves a cause, and information is 0."""
    child = replace(person, answers={**person.answers, "age_years": Answer(Status.PRESENT, 9.0)})
    for each in settlings(child):
        assert each.information == 0
        assert not any(outcome.moves for part in each.parts for outcome in part.outcomes)
