"""Water balance, vitamin D from the sun, and absorption: published points, order, and honest limits."""

from __future__ import annotations

import math
from dataclasses import replace

import pytest
from hypothesis import given
from hypothesis import strategies as st

from rheobase.errors import DataRefusedError
from rheobase.intake.absorption import CalciumMeal, calcium_absorbed, magnesium_absorbed
from rheobase.intake.life_stage import Who
from rheobase.intake.sun import Season, Sun, noon_zenith, season, uv_index, vitamin_d_from_sun
from rheobase.intake.water import Losses, balance, losses, need
from rheobase.knowledge import load_knowledge

INTAKE = load_knowledge().intake
MAN = Who(35, "male")
KNOWN = CalciumMeal(60, 30, after_menopause=False, high_oxalate=False, acid_blocker=False)


def test_needs_of_adults_span_europe_and_america() -> None:
    """Men 2.5 to 3.7 L, women 2.0 to 2.7 L, lactation more."""
    woman = Who(35, "female", pregnant=False, lactating=False)
    nursing = Who(35, "female", pregnant=False, lactating=True)
    assert (need(MAN, INTAKE).low, need(MAN, INTAKE).high) == (2.5, 3.7)
    assert (need(woman, INTAKE).low, need(woman, INTAKE).high) == (2.0, 2.7)
    assert (need(nursing, INTAKE).low, need(nursing, INTAKE).high) == pytest.approx((2.7, 3.8))


def test_the_balance_adds_food_water_and_losses() -> None:
    """2 L drunk and 0.5 L in food against 2.5 L and an hour of exercise: about a litre short."""
    day = balance(MAN, Losses(exercise_hours=1), INTAKE, drinks=2.0, food_water=0.5)
    assert day.short is not None
    assert day.short.value == pytest.approx(1.0)


def test_unknown_drinks_are_not_none() -> None:
    """Without drinks nothing is said of a shortage; unknown losses are named, not zero."""
    day = balance(MAN, Losses(loose_stools=None), INTAKE, drinks=None, food_water=0.6)
    assert day.at_least_only
    assert day.short is None
    assert day.unknown == ("loose_stools",)


@given(st.floats(0, 20), st.floats(0, 24), st.floats(36, 42), st.floats(0, 50))
def test_more_loss_never_means_less_need(drinks: float, exercise: float, temperature: float, stools: float) -> None:
    """Each loss adds, and each is ordered."""
    less = balance(MAN, Losses(), INTAKE, drinks=drinks, food_water=None)
    more = balance(MAN, Losses(exercise, 0, temperature, stools), INTAKE, drinks=drinks, food_water=None)
    assert less.short is not None
    assert more.short is not None
    assert more.short.value >= less.short.value - 1e-9
    assert more.extra.low <= more.extra.value <= more.extra.high


@pytest.mark.parametrize("bad", [math.nan, math.inf, -1.0, 1e9])
def test_impossible_water_is_refused(bad: float) -> None:
    """NaN, infinity, negatives and lakes are refused in drinks, food and losses."""
    with pytest.raises(DataRefusedError):
        balance(MAN, Losses(), INTAKE, drinks=bad, food_water=None)
    with pytest.raises(DataRefusedError):
        losses(Losses(exercise_hours=bad), INTAKE)


def test_the_clear_sky_formula_has_its_published_value() -> None:
    """Overhead sun and 300 DU give an index of 12.5; the index falls with the sun."""
    assert uv_index(0, 300, INTAKE) == pytest.approx(12.5)
    assert uv_index(60, 300, INTAKE) == pytest.approx(12.5 * 0.5**2.42)
    assert uv_index(95, 300, INTAKE) == 0


@pytest.mark.parametrize(
    ("latitude", "month", "wanted"),
    [
        (42.2, 12, Season.PRACTICALLY_NONE),
        (42.2, 1, Season.PRACTICALLY_NONE),
        (42.2, 7, Season.MADE),
        (59.3, 12, Season.NONE),
        (51.5, 12, Season.NONE),
        (69.6, 1, Season.NONE),
        (34.0, 1, Season.DOUBTFUL),
        (0.0, 1, Season.MADE),
        (-42.2, 6, Season.PRACTICALLY_NONE),
        (-42.2, 12, Season.MADE),
    ],
)
def test_winter_far_from_the_equator_makes_none_and_says_so(latitude: float, month: int, wanted: Season) -> None:
    """Boston's winter, London's and Stockholm's December, and the southern winter by their noon sun."""
    made = vitamin_d_from_sun(Sun(latitude, month, 60, 2, 0.25, "clear"), INTAKE)
    assert made.season is wanted
    assert season(noon_zenith(latitude, month, INTAKE), INTAKE) is wanted
    if wanted in (Season.NONE, Season.PRACTICALLY_NONE):
        assert made.iu.value == 0
    if wanted is Season.NONE:
        assert made.iu.high == 0


def test_a_quarter_of_a_reddening_dose_on_a_quarter_of_the_skin_is_a_thousand_units() -> None:
    """The rule itself, at the time that its dose takes."""
    zenith = noon_zenith(10, 6, INTAKE)
    index = uv_index(zenith, INTAKE.value("sun.ozone"), INTAKE)
    minutes = 250 / 4 / (1.5 * index)
    made = vitamin_d_from_sun(Sun(10, 6, minutes, 2, 0.25, "clear", shade=False, sunscreen=False, age=30), INTAKE)
    assert made.iu.value == pytest.approx(1000)
    assert made.iu.high / made.iu.low > 9


@given(
    st.builds(
        Sun,
        latitude=st.floats(-90, 90),
        month=st.integers(1, 12),
        minutes=st.floats(0, 600),
        skin_type=st.sampled_from([None, 1, 2, 3, 4, 5, 6]),
        exposed=st.sampled_from([None, 0.0, 0.1, 1.0]),
        sky=st.sampled_from([None, "clear", "partly", "overcast"]),
    )
)
def test_any_exposure_gives_an_ordered_range(sun: Sun) -> None:
    """Whatever is known or not, the answer is finite, ordered, not negative, and grows with time."""
    made = vitamin_d_from_sun(sun, INTAKE)
    longer = vitamin_d_from_sun(replace(sun, minutes=sun.minutes + 10), INTAKE)
    assert 0 <= made.iu.low <= made.iu.value <= made.iu.high < 1e6
    assert longer.iu.value >= made.iu.value


def test_darker_skin_makes_less_in_the_same_time() -> None:
    """Types 1 to 6 in order."""
    made = [vitamin_d_from_sun(Sun(40, 6, 5, each, 0.25, "clear"), INTAKE).iu.value for each in range(1, 7)]
    assert made == sorted(made, reverse=True)


@pytest.mark.parametrize(
    "change",
    [{"latitude": 91}, {"month": 13}, {"minutes": math.nan}, {"skin_type": 7}, {"exposed": 1.2}, {"sky": "green"}],
)
def test_impossible_exposures_are_refused(change: dict[str, object]) -> None:
    """Each in one line that says what was expected."""
    with pytest.raises(DataRefusedError, match="expected"):
        Sun(**{"latitude": 50, "month": 6, "minutes": 10, **change})  # type: ignore[arg-type]


@pytest.mark.parametrize(("load", "share"), [(15, 0.640), (500, 0.286)])
def test_calcium_absorption_meets_the_published_ends(load: float, share: float) -> None:
    """64.0 % at 15 mg and 28.6 % at 500 mg, within 1.5 points."""
    assert calcium_absorbed(load, KNOWN, INTAKE).share.value == pytest.approx(share, abs=0.015)


@pytest.mark.parametrize(("load", "share"), [(36, 0.65), (973, 0.11)])
def test_magnesium_absorption_meets_the_published_ends(load: float, share: float) -> None:
    """65 % at the lowest and 11 % at the highest load."""
    found = magnesium_absorbed(load, INTAKE, phytate_mmol=0, high_oxalate=False)
    assert found.share.value == pytest.approx(share, abs=0.005)


@pytest.mark.parametrize(("phytate", "ratio"), [(0.75, 24.0 / 32.2), (1.49, 13.0 / 32.5)])
def test_phytate_lowers_magnesium_as_published(phytate: float, ratio: float) -> None:
    """Brown and wholemeal bread."""
    plain = magnesium_absorbed(88, INTAKE, phytate_mmol=0, high_oxalate=False).share.value
    bread = magnesium_absorbed(88, INTAKE, phytate_mmol=phytate, high_oxalate=False).share.value
    assert bread / plain == pytest.approx(ratio, abs=0.005)


@given(st.floats(0, 5000), st.floats(0, 5000))
def test_larger_loads_are_absorbed_less_well_but_more_in_all(one: float, other: float) -> None:
    """The share falls and the amount rises with the load, for both minerals."""
    low, high = sorted((one, other))
    for less, more in (
        [calcium_absorbed(load, KNOWN, INTAKE) for load in (low, high)],
        [magnesium_absorbed(load, INTAKE, phytate_mmol=0, high_oxalate=False) for load in (low, high)],
    ):
        assert more.share.value <= less.share.value + 1e-12
        assert more.mg.value >= less.mg.value - 1e-9
        assert 0 <= less.share.low <= less.share.high <= 1


def test_what_is_not_known_of_a_meal_widens_the_range_and_is_named() -> None:
    """An unknown meal spans the known one."""
    known, unknown = calcium_absorbed(300, KNOWN, INTAKE), calcium_absorbed(300, CalciumMeal(), INTAKE)
    assert unknown.share.low < known.share.low
    assert set(unknown.unknown) == {"age", "menopause", "vitamin_d", "oxalate", "acid_blocker"}
    assert magnesium_absorbed(100, INTAKE).unknown == ("phytate", "oxalate")


def test_an_acid_blocker_matters_for_carbonate_on_an_empty_stomach_only() -> None:
    """As the two trials found."""
    fasting = CalciumMeal(60, 70, after_menopause=True, high_oxalate=False, acid_blocker=True, carbonate_fasting=True)
    fed = CalciumMeal(60, 70, after_menopause=True, high_oxalate=False, acid_blocker=True)
    without = CalciumMeal(60, 70, after_menopause=True, high_oxalate=False, acid_blocker=False)
    shares = [calcium_absorbed(500, each, INTAKE).share.value for each in (fasting, fed, without)]
    assert shares[0] == pytest.approx(0.385 * shares[2])
    assert shares[1] == shares[2]


def test_loads_beyond_the_data_are_marked() -> None:
    """Two grams of calcium were not studied."""
    assert calcium_absorbed(2000, KNOWN, INTAKE).beyond_data
    assert not calcium_absorbed(300, KNOWN, INTAKE).beyond_data


@pytest.mark.parametrize("bad", [math.nan, math.inf, -5.0, 1e9])
def test_impossible_loads_are_refused(bad: float) -> None:
    """NaN, infinity, negatives and tonnes."""
    with pytest.raises(DataRefusedError):
        calcium_absorbed(bad, KNOWN, INTAKE)
    with pytest.raises(DataRefusedError):
        magnesium_absorbed(bad, INTAKE)
