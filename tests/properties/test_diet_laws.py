"""Laws of a recorded diet in the assessment, over generated diets and people."""

from __future__ import annotations

import math
from dataclasses import replace
from datetime import date, timedelta

from hypothesis import HealthCheck, assume, given, settings
from hypothesis import strategies as st

from rheobase.assess import Assessment, assess
from rheobase.assess.causes import CauseFit, logit
from rheobase.assess.settle import what_would_settle
from rheobase.assess.weights import cap_kind
from rheobase.knowledge import load_knowledge
from rheobase.person import Answer, Diet, DietDay, Eaten, Person, Status, Value
from tests.properties.strategies import people

KNOWLEDGE = load_knowledge()
ON = date(2026, 11, 24)
ORDER = {level.id: level.order for level in KNOWLEDGE.levels.values()}
some = settings(
    suppress_health_check=[HealthCheck.too_slow, HealthCheck.data_too_large], max_examples=30, deadline=None
)
# Most a day of each nutrient that a person could eat, in the unit of its column.
MOST = {
    "magnesium_mg": 1500.0,
    "calcium_mg": 4000.0,
    "potassium_mg": 9000.0,
    "vitamin_d_ug": 60.0,
    "vitamin_b12_ug": 40.0,
    "caffeine_mg": 900.0,
    "alcohol_g": 90.0,
    "energy_kcal": 4000.0,
}
CAUSES = {
    "magnesium_mg": "hypomagnesaemia",
    "calcium_mg": "hypocalcaemia",
    "vitamin_d_ug": "vitamin_d_deficiency",
    "potassium_mg": "hypokalaemia",
    "vitamin_b12_ug": "vitamin_b12_deficiency",
}


@st.composite
def diets(draw: st.DrawFn) -> Diet:
    """Return diets of one to eight days whose contents are given as a tracker gives them, some of them unknown."""
    days = []
    for at in range(draw(st.integers(1, 8))):
        known = draw(st.lists(st.sampled_from(sorted(MOST)), unique=True))
        holds = {name: draw(st.floats(0, MOST[name], allow_nan=False)) for name in known}
        eaten = (Eaten("lunch", holds=holds),) if holds else ()
        unread = (Eaten("qqzz unheard of"),) if draw(st.booleans()) else ()
        days.append(DietDay(ON - timedelta(days=at + 1), draw(st.sampled_from((True, None))), (*eaten, *unread)))
    return Diet(tuple(days))


def adult(person: Person, sex: str, age: float) -> Person:
    """Return the person with an age and a sex, and nothing that contradicts them."""
    told = {name: each for name, each in person.answers.items() if name not in ("pregnant", "age_years", "sex")}
    who = {"age_years": Answer(Status.PRESENT, age), "sex": Answer(Status.PRESENT, sex)}
    return replace(person, answers={**told, **who})


adults = st.builds(adult, people(KNOWLEDGE, most=15), st.sampled_from(("male", "female")), st.floats(19, 90))


def fits(assessment: Assessment) -> dict[str, CauseFit]:
    return {fit.cause: fit for fit in (*assessment.causes, *assessment.contributors)}


def judged(person: Person) -> Assessment:
    return assess(person, KNOWLEDGE, on=ON)


def with_answers(person: Person, values: dict[str, Value]) -> Person:
    added = {name: Answer(Status.ABSENT if value is False else Status.PRESENT, value) for name, value in values.items()}
    return replace(person, answers={**person.answers, **added})


@some
@given(adults, diets())
def test_the_ledger_still_sums_to_the_posterior(person: Person, diet: Diet) -> None:
    """With a record too, prior log-odds plus the weights are the posterior's, within the caps and the interval."""
    for fit in fits(judged(replace(person, diet=diet))).values():
        total = logit(fit.prior) + math.fsum(line.weight for line in fit.ledger)
        assert math.isclose(1 / (1 + math.exp(-total)), fit.posterior, abs_tol=1e-12)
        assert fit.low <= fit.posterior <= fit.high
        for line in fit.ledger:
            assert abs(line.weight) <= KNOWLEDGE.scale.caps[cap_kind(KNOWLEDGE.findings[line.finding])] + 1e-12
            assert 0 <= line.with_cause <= 1
            assert 0 <= line.without <= 1


@some
@given(adults, st.integers(1, 8), st.sampled_from((True, None)))
def test_a_diet_of_which_nothing_is_known_changes_nothing(person: Person, days: int, complete: bool | None) -> None:
    """Lines that nobody understands move no cause, no urgency and no advice."""
    unknown = Diet(tuple(DietDay(ON - timedelta(days=at + 1), complete, (Eaten("qqzz"),)) for at in range(days)))
    before, after = judged(person), judged(replace(person, diet=unknown))
    assert after.causes == before.causes
    assert after.urgency == before.urgency
    assert after.advice == before.advice


@some
@given(adults, diets(), st.sampled_from(sorted(CAUSES)), st.floats(1, 20))
def test_more_of_a_nutrient_never_raises_its_cause(person: Person, diet: Diet, column: str, times: float) -> None:
    """The same record with more of one nutrient leaves the cause of its lack as probable as it was, or less."""

    def more(day: DietDay) -> DietDay:
        meals = (
            replace(each, holds={n: v * times if n == column else v for n, v in each.holds.items()})
            if each.holds is not None
            else each
            for each in day.meals
        )
        return replace(day, meals=tuple(meals))

    richer = Diet(tuple(map(more, diet.days)))
    little, much = (fits(judged(replace(person, diet=each)))[CAUSES[column]] for each in (diet, richer))
    assert much.posterior <= little.posterior + 1e-9


@some
@given(adults, diets())
def test_a_diet_moves_the_urgency_only_as_the_same_answers_would(person: Person, diet: Diet) -> None:
    """Chances of too little never touch the urgency; a measured amount does what answering it does; none lowers it."""
    after = judged(replace(person, diet=diet))
    new = {name: value for name, value in after.facts.values.items() if name not in judged(person).facts.values}
    answered = judged(with_answers(person, new))
    assert after.urgency.level == answered.urgency.level
    before = judged(person).urgency.level
    if before != "insufficient":
        assert ORDER[after.urgency.level] <= ORDER[before]


@some
@given(adults, diets(), st.data())
def test_supposing_a_result_equals_a_whole_assessment_beside_a_diet_too(
    person: Person, diet: Diet, data: st.DataObject
) -> None:
    """With a record, each supposed result moves every cause exactly as a whole assessment with it does."""
    eats = replace(person, diet=diet)
    before = judged(eats)
    found = [each for each in what_would_settle(before, KNOWLEDGE) if each.id != "pregnant"]
    assume(found)
    outcome = data.draw(st.sampled_from(data.draw(st.sampled_from(data.draw(st.sampled_from(found)).parts)).outcomes))
    values = {name: value for name, value in outcome.sets.items() if name not in before.facts.values}
    after = fits(judged(with_answers(eats, values)))
    moves = {move.cause: move.after for move in outcome.moves}
    for cause, fit in fits(before).items():
        assert math.isclose(moves.get(cause, fit.posterior), after[cause].posterior, abs_tol=1e-9), cause


@some
@given(adults, diets())
def test_the_same_diet_gives_the_same_answer(person: Person, diet: Diet) -> None:
    """What is kept of one diet is never mistaken for another: an equal diet gives an equal assessment."""
    again = Diet(tuple(replace(day) for day in diet.days))
    first, second = (judged(replace(person, diet=each)) for each in (diet, again))
    assert first.causes == second.causes
    assert first.facts.values == second.facts.values
