"""Usual intake, inadequacy and upper levels, against hand calculation, a published example and laws."""

from __future__ import annotations

import math
from statistics import NormalDist

import pytest
from hypothesis import given
from hypothesis import strategies as st

from rheobase.errors import DataRefusedError
from rheobase.intake.adequacy import Verdict, judge, probability_above, probability_below_requirement
from rheobase.intake.life_stage import Who, references_for
from rheobase.intake.usual import Day, Usual, days_to_leave, doubt_left, usual_amount, usual_intake
from rheobase.knowledge import load_knowledge
from rheobase.knowledge.model_intake import Norm

INTAKE = load_knowledge().intake
WOMAN = Who(35, "female", pregnant=False, lactating=False)
MAN = Who(35, "male")
NUTRIENTS = ("magnesium", "calcium", "potassium", "sodium", "vitamin_d", "phosphorus", "vitamin_b12")
EAR_NUTRIENTS = ("magnesium", "calcium", "vitamin_d", "phosphorus", "vitamin_b12")
PLAIN = Norm("magnesium", "female", 19, 51, 1, 200.0, 50.0, 80.0, "mg/d", 1, "expert", "C")

day_amounts = st.floats(0, 5000, allow_nan=False)
days_lists = st.lists(st.builds(Day, day_amounts), max_size=6)


def norm(nutrient: str) -> Norm:
    """Return the norm of a woman of 35."""
    return next(
        each
        for each in INTAKE.norms
        if each.nutrient == nutrient and each.sex == "female" and each.age_min > 18 and each.age_max
    )


def test_shrinkage_is_the_normal_one_computed_by_hand() -> None:
    """On a plain scale three days of 150 mean give the textbook posterior mean and deviation."""
    usual = usual_intake([Day(140), Day(150), Day(160)], PLAIN, INTAKE)
    weight = 50**2 / (50**2 + 80**2 / 3)
    mean = math.fsum(w * p for p, w in zip(usual.points, usual.weights, strict=True))
    assert mean == pytest.approx(weight * 150 + (1 - weight) * 200, abs=0.01)
    assert usual.doubt == pytest.approx(50 * math.sqrt(1 - weight), abs=0.01)


def test_inadequacy_is_the_normal_one_computed_by_hand() -> None:
    """With normal intake and normal requirement the probability is that of a normal difference."""
    usual = usual_intake([Day(140), Day(150), Day(160)], PLAIN, INTAKE)
    weight = 50**2 / (50**2 + 80**2 / 3)
    difference = NormalDist(weight * 150 + (1 - weight) * 200 - 265, math.hypot(50 * math.sqrt(1 - weight), 26.5))
    assert probability_below_requirement(usual, 265, 26.5) == pytest.approx(difference.cdf(0), abs=1e-4)


def test_the_published_example_of_one_womans_magnesium() -> None:
    """IOM 2000, page 54: three days of 320 mg, EAR 265 (SD 26.5), day SD 85.9: about 85 % sure."""
    flat = Norm("magnesium", "female", 31, 51, 1, 320.0, 5000.0, 85.9, "mg/d", 1, "iom2000_assessment", "A")
    usual = usual_intake([Day(320)] * 3, flat, INTAKE)
    assert 1 - probability_below_requirement(usual, 265, 26.5) == pytest.approx(0.835, abs=0.03)


@pytest.mark.parametrize("root", [1, 2, 3, 4])
def test_usual_amount_is_the_mean_over_days(root: int) -> None:
    """The closed moments equal an average over many quantiles of the day's deviation."""
    each = Norm("x", "male", 0, None, root, 5.0, 1.0, 0.7, "mg/d", 1, "expert", "C")
    deviations = [NormalDist(0, 0.7).inv_cdf((at + 0.5) / 20000) for at in range(20000)]
    mean = math.fsum((5 + deviation) ** root for deviation in deviations) / len(deviations)
    assert usual_amount(each, 5.0) == pytest.approx(mean, rel=1e-3)


def test_no_day_gives_the_group_and_not_zero() -> None:
    """Without records the answer is what is known of such people."""
    bare = usual_intake([], norm("magnesium"), INTAKE)
    assert bare.interval(0.9).value == pytest.approx(usual_amount(norm("magnesium"), norm("magnesium").mean), rel=0.01)


@given(st.sampled_from(NUTRIENTS), days_lists)
def test_an_unknown_day_is_never_a_zero(nutrient: str, days: list[Day]) -> None:
    """A day of which nothing is known changes nothing; a zero lowers usual intake or leaves it."""
    before = usual_intake(days, norm(nutrient), INTAKE)
    unknown = usual_intake([*days, Day(None), Day(0.0, 0.2)], norm(nutrient), INTAKE)
    assert unknown.weights == pytest.approx(before.weights)
    zero = usual_intake([*days, Day(0.0)], norm(nutrient), INTAKE)
    if all(day.amount for day in days):
        assert zero.interval(0.9).value <= before.interval(0.9).value + 1e-9


@given(st.sampled_from(NUTRIENTS), days_lists, day_amounts)
def test_a_partly_known_day_is_a_lower_bound(nutrient: str, days: list[Day], amount: float) -> None:
    """What is known of a part of a day can only raise usual intake."""
    before = usual_intake(days, norm(nutrient), INTAKE)
    after = usual_intake([*days, Day(amount, 0.5)], norm(nutrient), INTAKE)
    assert after.interval(0.9).value >= before.interval(0.9).value * (1 - 1e-3)
    assert after.part_days == 1


@given(st.sampled_from(EAR_NUTRIENTS), st.lists(day_amounts, min_size=1, max_size=5), st.floats(0, 2000))
def test_probabilities_are_probabilities_and_fall_with_intake(nutrient: str, days: list[float], more: float) -> None:
    """More eaten on one day never raises the probability of inadequacy nor lowers that of excess."""
    low = judge(nutrient, [Day(each) for each in days], WOMAN, INTAKE, supplement=0)
    high = judge(nutrient, [Day(days[0] + more), *(Day(each) for each in days[1:])], WOMAN, INTAKE, supplement=0)
    assert low.inadequate is not None
    assert high.inadequate is not None
    assert 0 <= high.inadequate[0] <= high.inadequate[1] <= low.inadequate[1] + 1e-9 <= 1 + 1e-8
    for below, above in zip(low.stages, high.stages, strict=True):
        if below.above_ul is not None and above.above_ul is not None:
            assert 0 <= below.above_ul <= above.above_ul + 1e-9 <= 1 + 1e-8


@given(st.sampled_from(NUTRIENTS), st.floats(1, 4000), st.integers(1, 6))
def test_more_days_narrow_the_doubt(nutrient: str, amount: float, count: int) -> None:
    """One more like day leaves less doubt, by exactly the share that was foretold."""
    before = usual_intake([Day(amount)] * count, norm(nutrient), INTAKE)
    after = usual_intake([Day(amount)] * (count + 1), norm(nutrient), INTAKE)
    assert after.doubt < before.doubt
    assert after.doubt / before.doubt == pytest.approx(doubt_left(count, 1, norm(nutrient)), rel=1e-4)


@given(st.sampled_from(NUTRIENTS), st.floats(0.2, 1), st.integers(0, 20))
def test_the_days_needed_are_enough_and_not_one_too_many(nutrient: str, share: float, days: int) -> None:
    """The number of further days is the smallest that leaves at most the wanted share of doubt."""
    more = days_to_leave(share, days, norm(nutrient))
    assert doubt_left(days, more, norm(nutrient)) <= share + 1e-6
    if more:
        assert doubt_left(days, more - 1, norm(nutrient)) > share


def test_below_an_ai_nothing_is_said_and_above_it_inadequacy_is_unlikely() -> None:
    """Potassium has an AI: little cannot be judged, much is unlikely to be inadequate; never a probability."""
    little = judge("potassium", [Day(1500)] * 5, WOMAN, INTAKE, supplement=0)
    much = judge("potassium", [Day(5000)] * 10, WOMAN, INTAKE, supplement=0)
    assert (little.verdict, much.verdict) == (Verdict.CANNOT_BE_JUDGED, Verdict.UNLIKELY_INADEQUATE)
    assert little.inadequate is None
    assert much.inadequate is None


def test_the_upper_level_of_magnesium_counts_supplements_only() -> None:
    """Almonds by the kilogram are not above it; 400 mg of tablets are; an unknown dose is not judged."""
    food = judge("magnesium", [Day(1500)] * 10, WOMAN, INTAKE, supplement=0)
    tablets = judge("magnesium", [Day(100)] * 10, WOMAN, INTAKE, supplement=400)
    unknown = judge("magnesium", [Day(100)] * 10, WOMAN, INTAKE, supplement=None)
    assert [each.stages[0].above_ul for each in (food, tablets, unknown)] == [0.0, 1.0, None]


def test_the_upper_level_of_calcium_counts_everything() -> None:
    """Food and tablets add up."""
    food = judge("calcium", [Day(1800)] * 10, WOMAN, INTAKE, supplement=0)
    both = judge("calcium", [Day(1800)] * 10, WOMAN, INTAKE, supplement=1200)
    assert (food.stages[0].above_ul or 0) < 0.1
    assert (both.stages[0].above_ul or 0) > 0.9


def test_an_unknown_supplement_leaves_only_a_highest_probability() -> None:
    """Food alone is short; with an unknown tablet it may not be."""
    result = judge("vitamin_d", [Day(2)] * 5, WOMAN, INTAKE, supplement=None)
    assert result.inadequate is not None
    assert result.inadequate[0] == 0
    assert result.inadequate[1] > 0.9
    assert result.stages[0].at_least_only


def test_sodium_is_judged_by_its_cdrr() -> None:
    """Five salty days are above it, without an upper level."""
    result = judge("sodium", [Day(4500)] * 5, MAN, INTAKE, supplement=0)
    assert (result.stages[0].above_cdrr or 0) > 0.95
    assert result.stages[0].above_ul is None


def test_an_unknown_person_gets_every_stage_and_no_silent_default() -> None:
    """Nothing known: all stages; an adult of unknown sex: both, and a range of probabilities."""
    nobody = judge("magnesium", [Day(250)], Who(), INTAKE, supplement=0)
    assert nobody.inadequate is None
    assert nobody.verdict is Verdict.CANNOT_BE_JUDGED
    adult = judge("magnesium", [Day(250)] * 4, Who(35), INTAKE, supplement=0)
    assert adult.inadequate is not None
    assert adult.inadequate[0] < adult.inadequate[1] - 0.2


def test_pregnancy_that_is_not_known_keeps_both_rows() -> None:
    """Where pregnancy is not known three rows stand; a pregnant woman has hers alone."""
    assert {row.state for row in references_for(INTAKE, "magnesium", Who(35, "female"))} == {
        "",
        "pregnancy",
        "lactation",
    }
    assert [row.ear for row in references_for(INTAKE, "magnesium", Who(35, "female", pregnant=True))] == [300.0]


@pytest.mark.parametrize(
    ("age", "sex", "ear"),
    [(30.9, "male", 330), (31, "male", 350), (70.9, "female", 265), (71, "female", 265), (3, None, 65)],
)
def test_life_stages_begin_on_their_birthday(age: float, sex: str | None, ear: float) -> None:
    """Bands are half-open."""
    who = Who(age, sex, pregnant=False, lactating=False)  # type: ignore[arg-type]
    assert {row.ear for row in references_for(INTAKE, "magnesium", who)} == {ear}


def test_infants_have_no_norm_and_no_guess() -> None:
    """Below two years nothing is said of usual intake."""
    result = judge("magnesium", [Day(60)], Who(0.7, "male"), INTAKE, supplement=0)
    assert result.usual(0.9) is None
    assert result.verdict is Verdict.CANNOT_BE_JUDGED


@pytest.mark.parametrize("bad", [math.nan, math.inf, -1.0, True, 1e9, "300"])
def test_what_is_no_amount_is_refused(bad: float) -> None:
    """NaN, infinity, a negative, a truth value, a billion and a text are refused in one line each."""
    with pytest.raises(DataRefusedError, match="expected"):
        judge("magnesium", [Day(bad)], WOMAN, INTAKE, supplement=0)
    with pytest.raises(DataRefusedError, match="expected"):
        judge("magnesium", [], WOMAN, INTAKE, supplement=bad)


@pytest.mark.parametrize(
    "call", [lambda: Who(-1), lambda: Who(200), lambda: Who(30, "male", pregnant=True), lambda: Day(1, 1.5)]
)
def test_impossible_people_and_days_are_refused(call: object) -> None:
    """An age of 200, a pregnant man and a share of 1.5 are refused."""
    with pytest.raises(DataRefusedError):
        call()  # type: ignore[operator]


def test_an_unknown_nutrient_names_those_that_are_known() -> None:
    """The message lists the candidates."""
    with pytest.raises(DataRefusedError, match="magnesium"):
        judge("unobtainium", [], WOMAN, INTAKE, supplement=0)


def test_a_higher_limit_is_exceeded_less() -> None:
    """The probability of being above falls with the limit."""
    usual: Usual = usual_intake([Day(3000)], norm("sodium"), INTAKE)
    above = [probability_above(usual, limit) for limit in (1000, 2300, 4000, 9000)]
    assert above == sorted(above, reverse=True)
