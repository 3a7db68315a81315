"""What a recorded diet says to the assessment, by example."""

from __future__ import annotations

import math
from dataclasses import replace
from datetime import date, timedelta

import pytest

from rheobase.assess import Assessment, assess
from rheobase.assess.causes import LedgerLine
from rheobase.assess.weights import recorded, weighers
from rheobase.diet.reading import read_diet_lines
from rheobase.diet.summary import summarise
from rheobase.errors import DataRefusedError
from rheobase.foods import load_foods
from rheobase.importers.what_if import supposed_person
from rheobase.intake.life_stage import Who
from rheobase.intake.record import record_of
from rheobase.intake.record_facts import Record
from rheobase.knowledge import load_knowledge
from rheobase.knowledge.supplements import load_supplements
from rheobase.person import Answer, Diet, DietDay, Eaten, Person, Status, Taken, Value
from rheobase.report import Audience, assessment_document, render
from rheobase.report.record_words import ledger_words

KNOWLEDGE = load_knowledge()
ON = date(2026, 11, 24)
POOR = {"magnesium_mg": 120.0, "calcium_mg": 300.0, "potassium_mg": 900.0, "vitamin_d_ug": 0.5, "energy_kcal": 1800.0}


def told(**values: Value) -> dict[str, Answer]:
    return {n: Answer(Status.ABSENT if v is False else Status.PRESENT, v) for n, v in values.items()}


def days(count: int, holds: dict[str, float], *, complete: bool | None = True, more: tuple[Taken, ...] = ()) -> Diet:
    eaten = (Eaten("dinner", holds=holds),)
    return Diet(tuple(DietDay(ON - timedelta(days=at + 1), complete, eaten, supplements=more) for at in range(count)))


def judged(diet: Diet | None, **values: Value) -> Assessment:
    answers = told(**{"age_years": 40.0, "sex": "male", "muscle_twitching": True, **values})
    return assess(Person(answers, diet=diet), KNOWLEDGE, on=ON)


def line(assessment: Assessment, cause: str, finding: str) -> LedgerLine | None:
    fit = next(each for each in (*assessment.causes, *assessment.contributors) if each.cause == cause)
    return next((each for each in fit.ledger if each.finding == finding), None)


def magnesium(assessment: Assessment) -> LedgerLine:
    found = line(assessment, "hypomagnesaemia", "diet_low_magnesium")
    assert found is not None
    return found


def record(diet: Diet, row: str = "magnesium") -> Record:
    which = next(each for each in KNOWLEDGE.intake.evidence if each.id == row)
    summary = summarise(read_diet_lines(diet, load_foods(), load_supplements()))
    found = record_of(which, summary, Who(40, "male"), KNOWLEDGE.intake)
    assert found is not None
    return found


def test_a_record_as_likely_either_way_weighs_nothing_and_a_sure_one_weighs_as_the_answer() -> None:
    """Odds of 1 give the weight 0; odds without end give the weight of yes, odds of nearly 0 that of no."""
    for weigher in (each for table in weighers(KNOWLEDGE).values() for each in table):
        if weigher.finding == "diet_low_magnesium":
            assert recorded(weigher, 1).weight == 0
            assert math.isclose(recorded(weigher, 1e12).weight, weigher.bins[0].weight, abs_tol=1e-9)
            assert math.isclose(recorded(weigher, 1e-12).weight, weigher.bins[1].weight, abs_tol=1e-9)


def test_the_weight_is_that_of_a_mixture_of_yes_and_no() -> None:
    """With chance p after and q before, the ratio is p/q parts of yes and (1-p)/(1-q) of no, as Pearl derives it."""
    weigher = next(each for each in weighers(KNOWLEDGE)["hypomagnesaemia"] if each.finding == "diet_low_magnesium")
    yes, no = weigher.bins
    after, before = 0.8, 0.55
    parts = after / before, (1 - after) / (1 - before)
    with_cause = parts[0] * yes.with_cause + parts[1] * no.with_cause
    without = parts[0] * yes.without + parts[1] * no.without
    odds = after / (1 - after) / (before / (1 - before))
    assert math.isclose(recorded(weigher, odds).weight, math.log(with_cause / without), abs_tol=1e-12)


def test_little_magnesium_speaks_for_and_much_against() -> None:
    """The line says what it rests on, leans the right way and cites the norms."""
    little, much = (magnesium(judged(days(4, {**POOR, "magnesium_mg": mg}))) for mg in (120.0, 700.0))
    assert little.weight > 0.3
    assert much.weight < -0.3
    assert "nhanes2017_intake" in little.sources
    words = ledger_words(little, KNOWLEDGE)
    assert words.startswith("what you ate on 4 days: too little magnesium (more than 9 in 10; about 6 in 10 for people")


def test_a_short_record_gives_way_to_an_answer_and_a_longer_one_takes_its_place() -> None:
    """Two days leave what was answered; three whole days stand for it, and it says so; never both."""
    for answer in (True, False):
        short = magnesium(judged(days(2, POOR), diet_low_magnesium=answer))
        assert (short.record, short.value) == (None, answer)
        whole = judged(days(3, POOR), diet_low_magnesium=answer)
        assert magnesium(whole).record is not None
        assert whole.facts.values["diet_low_magnesium"] is True
        assert any("says otherwise" in note for note in whole.facts.notes) is (answer is False)


def test_fewer_days_weigh_less() -> None:
    """One poor day says less than seven of the same."""
    one, seven = (magnesium(judged(days(count, {**POOR, "magnesium_mg": 230.0}))).weight for count in (1, 7))
    assert 0 < one < seven


def test_supplements_that_nobody_mentioned_leave_doubt() -> None:
    """Days not called complete weigh less and have a wider range; an unclear supplement takes the weight away."""
    whole, unsaid = (magnesium(judged(days(3, POOR, complete=each))) for each in (True, None))
    assert 0 < unsaid.weight < whole.weight
    assert unsaid.spread > whole.spread
    unclear = judged(days(3, POOR, more=(Taken("magnesium"),)))
    assert line(unclear, "hypomagnesaemia", "diet_low_magnesium") is None
    said = judged(days(3, POOR, complete=None), takes_magnesium_or_antacid=True)
    assert line(said, "hypomagnesaemia", "diet_low_magnesium") is None


def test_a_supplement_counts_and_is_known_to_be_taken() -> None:
    """400 mg of magnesium a day make up for poor food, and the plan knows that magnesium is taken."""
    dose = Taken("magnesium", amount=400.0, unit="mg", means="elemental", form="magnesium_citrate")
    assessment = judged(days(3, POOR, more=(dose,)))
    assert magnesium(assessment).weight < 0
    assert assessment.facts.values["takes_magnesium_or_antacid"] is True


def test_below_an_adequate_intake_nothing_is_said() -> None:
    """Little potassium moves nothing; much speaks against a lack."""
    assert line(judged(days(5, POOR)), "hypokalaemia", "diet_low_potassium") is None
    much = line(judged(days(5, {**POOR, "potassium_mg": 6000.0})), "hypokalaemia", "diet_low_potassium")
    assert much is not None
    assert much.weight < 0
    assert record(days(5, POOR), "potassium").odds.best == 1


def test_vitamin_d_is_judged_by_the_survey_limit_and_weakly() -> None:
    """Below the requirement but above 2 micrograms says nothing for a lack; sun is another finding of its group."""
    some = line(judged(days(5, {**POOR, "vitamin_d_ug": 5.0})), "vitamin_d_deficiency", "diet_low_vitamin_d")
    none = line(judged(days(5, POOR)), "vitamin_d_deficiency", "diet_low_vitamin_d")
    beside = line(judged(days(5, POOR), sun_low=True), "vitamin_d_deficiency", "diet_low_vitamin_d")
    assert some is not None
    assert none is not None
    assert beside is not None
    assert some.weight < 0 < none.weight < 0.5
    assert beside.share == KNOWLEDGE.scale.further_share
    assert "vitamin D a day from food" in ledger_words(none, KNOWLEDGE)


def test_without_an_age_nothing_is_weighed_and_it_is_said() -> None:
    """What is enough depends on age: unknown is not guessed."""
    person = Person(told(muscle_twitching=True), diet=days(5, POOR))
    assessment = assess(person, KNOWLEDGE, on=ON)
    assert not any(each.record for fit in assessment.causes for each in fit.ledger)
    assert any("depends on your age" in note for note in assessment.facts.notes)


@pytest.mark.parametrize(
    ("finding", "holds", "count", "value"),
    [
        ("caffeine_mg_day", {"caffeine_mg": 450.0}, 3, 450.0),
        ("caffeine_mg_day", {"caffeine_mg": 450.0}, 2, None),
        ("alcohol_units_week", {"alcohol_g": 40.0}, 7, 35.0),
        ("alcohol_units_week", {"alcohol_g": 40.0}, 6, None),
    ],
)
def test_amounts_are_measured_over_enough_whole_days(
    finding: str, holds: dict[str, float], count: int, value: float | None
) -> None:
    """Caffeine needs three whole days, alcohol a week; an answer of one's own is kept."""
    assert judged(days(count, {**POOR, **holds})).facts.values.get(finding) == value
    assert judged(days(count, {**POOR, **holds}), **{finding: 7.0}).facts.values[finding] == 7.0


def test_a_part_of_a_day_is_no_day() -> None:
    """A day with 300 kcal that nobody called complete measures no caffeine, and little in it is no evidence of lack."""
    breakfast = {"magnesium_mg": 20.0, "energy_kcal": 300.0, "caffeine_mg": 450.0}
    assessment = judged(days(3, breakfast, complete=None))
    assert "caffeine_mg_day" not in assessment.facts.values
    found = line(assessment, "hypomagnesaemia", "diet_low_magnesium")
    assert found is None or found.weight <= 0


@pytest.mark.parametrize(("drink", "value"), [("1 litre tap water", None), ("2 litres tap water", True)])
def test_little_drunk_in_a_record_is_not_little_drunk(drink: str, value: bool | None) -> None:
    """Plain water is seldom written down: only enough of it is evidence."""
    eaten = tuple(
        DietDay(ON - timedelta(days=at + 1), True, drinks=(Eaten(drink),), meals=(Eaten("x", holds=POOR),))
        for at in range(3)
    )
    assert ("water_litres" in judged(Diet(eaten)).facts.values) is bool(value)


def test_days_that_are_called_incomplete_count_for_nothing_and_it_is_said() -> None:
    """A record of incomplete days moves no cause, and the report says why."""
    assessment = judged(days(3, POOR, complete=False))
    assert assessment.causes == judged(None).causes
    assert assessment.facts.notes == ["What you ate is not used: every recorded day is called incomplete."]


def test_an_impossible_day_is_refused_for_that_nutrient_only() -> None:
    """A slip of the pen is said, in words, and the rest is judged."""
    assessment = judged(days(3, {**POOR, "magnesium_mg": 1e9}))
    assert any("not used for magnesium" in note for note in assessment.facts.notes)
    assert line(assessment, "hypocalcaemia", "diet_low_calcium") is not None


def test_a_child_gets_no_ranking_from_a_diet() -> None:
    """Under 16 years a record moves no cause."""
    child = assess(Person(told(age_years=9.0, sex="male"), diet=days(3, POOR)), KNOWLEDGE, on=ON)
    assert child.causes == ()


def test_what_if_says_that_the_record_stands() -> None:
    """Supposing another answer to what the record shows is refused with the reason."""
    person = Person(told(age_years=40.0, sex="male"), diet=days(3, POOR))
    with pytest.raises(DataRefusedError, match="from what you recorded on 3 days"):
        supposed_person(person, ["diet_low_magnesium=no"], KNOWLEDGE)


def eater(*lines: str, **values: Value) -> str:
    diet = Diet(
        tuple(
            DietDay(ON - timedelta(days=at + 1), True, (Eaten("200 g cooked white rice"), *map(Eaten, lines)))
            for at in range(3)
        )
    )
    more = {"cramps": True, "hx_diabetes": True, "alcohol_units_week": 5.0, **values}
    assessment = judged(diet, **{"hx_ckd": False, "hx_dialysis": False, "med_raise_potassium": False, **more})
    text = " ".join(render(assessment_document(assessment, KNOWLEDGE), width=200).split())
    assert "chia seeds" in text
    return text


def test_the_plan_names_foods_that_are_eaten_already() -> None:
    """Almonds on Monday come before the general list; coffee and rice are not praised for their magnesium."""
    text = eater("20 g almonds", "1 cup brewed coffee", hx_kidney_stones=False)
    assert 'You already eat: "20 g almonds" on Monday: 55 mg; one more such portion a day adds as much again.' in text


def test_a_food_that_is_forbidden_is_not_named_though_it_is_eaten() -> None:
    """With kidney stones nobody is told to have more almonds; where that is not known, it hangs on it."""
    assert "You already eat" not in eater("20 g almonds", hx_kidney_stones=True)
    assert "more of it only without kidney stones (we do not know)" in eater("20 g almonds")


def test_clinician_and_doctor_see_the_probability() -> None:
    """The clinician's page gives the probability, the one before, and the odds."""
    document = assessment_document(
        judged(days(3, POOR), cramps=True, hx_diabetes=True), KNOWLEDGE, audience=Audience.CLINICIAN
    )
    assert "food record of 3 days: too little magnesium" in " ".join(render(document, width=300).split())


def test_a_diet_is_read_once_for_one_person(monkeypatch: pytest.MonkeyPatch) -> None:
    """Assessing the same diet again reads no line again."""
    diet = days(3, POOR)
    person = Person(told(age_years=40.0, sex="male"), diet=diet)
    first = assess(person, KNOWLEDGE, on=ON)
    monkeypatch.setattr("rheobase.assess.diet_made.read_diet_lines", None)
    again = assess(replace(person, answers={**person.answers, **told(cramps=True)}), KNOWLEDGE, on=ON)
    assert again.facts.diet is first.facts.diet
