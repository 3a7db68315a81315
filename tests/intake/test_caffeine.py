"""Caffeine over the day: conserved, superposable, slower or faster for known reasons, never guessed."""

from __future__ import annotations

import math

import pytest
from hypothesis import given
from hypothesis import strategies as st

from rheobase.errors import DataRefusedError
from rheobase.intake.caffeine import Dose, active, curve, disturbs_sleep, fate, guidance, half_life, modifiers
from rheobase.intake.life_stage import Who
from rheobase.knowledge import load_knowledge

INTAKE = load_knowledge().intake
PLAIN = half_life(INTAKE)

mg = st.floats(0, 1000)
hours = st.floats(0, 48)
lives = st.floats(0.5, 120)
doses = st.lists(st.builds(Dose, st.floats(0, 24), mg), max_size=6)


@given(mg, hours, lives, st.floats(0.01, 20))
def test_caffeine_is_conserved(dose: float, later: float, life: float, rate: float) -> None:
    """Gut, body and cleared sum to the dose at any time, and none is negative."""
    found = fate(dose, later, life, rate)
    assert min(found.gut, found.body, found.cleared) >= 0
    assert found.gut + found.body + found.cleared == pytest.approx(dose, abs=1e-6)


@given(doses, doses, st.floats(0, 40))
def test_doses_add_up(some: list[Dose], others: list[Dose], hour: float) -> None:
    """What two sets of drinks leave together is the sum of what each leaves."""
    both = active([*some, *others], hour, PLAIN, INTAKE)
    apart = [active(each, hour, PLAIN, INTAKE) for each in (some, others)]
    assert both.value == pytest.approx(sum(each.value for each in apart), abs=1e-6)


@given(doses, st.floats(0, 48))
def test_the_range_holds_the_estimate_and_never_more_than_was_drunk(taken: list[Dose], hour: float) -> None:
    """Low, middle and high are ordered, and bounded by the doses."""
    found = active(taken, hour, PLAIN, INTAKE)
    assert 0 <= found.low <= found.value <= found.high <= sum(each.mg for each in taken) + 1e-6


def test_the_formula_computed_by_hand() -> None:
    """100 mg, five hours' half-life, five hours later: D ka / (ka - ke) (exp(-ke t) - exp(-ka t))."""
    out, rate = math.log(2) / 5, 4.94
    by_hand = 100 * rate / (rate - out) * (math.exp(-out * 5) - math.exp(-rate * 5))
    assert fate(100, 5, 5, rate).body == pytest.approx(by_hand, rel=1e-12)
    assert by_hand == pytest.approx(51.4, abs=0.1)


def test_equal_rates_have_their_limit() -> None:
    """Where absorption equals elimination the body holds D k t exp(-k t)."""
    rate = math.log(2) / 5
    assert fate(100, 3, 5, rate).body == pytest.approx(100 * rate * 3 * math.exp(-rate * 3), rel=1e-6)


def test_the_peak_comes_within_the_first_hour() -> None:
    """As published for coffee: a peak between half an hour and an hour."""
    points = curve([Dose(0, 100)], [at / 60 for at in range(1, 240)], PLAIN, INTAKE)
    peak = max(points, key=lambda point: point[1].value)[0]
    assert 0.5 <= peak <= 1.0


@pytest.mark.parametrize(
    ("name", "published", "control"),
    [
        ("smoking", 3.5, 6.0),
        ("oral_contraceptive", 7.88, 5.37),
        ("pregnancy", 8.3, 3.4),
        ("pregnancy_3", 10.5, 3.0),
        ("fluvoxamine", 56, 4.9),
    ],
)
def test_modifiers_give_the_published_ratio(name: str, published: float, control: float) -> None:
    """The half-life changes by the ratio that the study found."""
    assert half_life(INTAKE, [name]).value / PLAIN.value == pytest.approx(published / control, rel=0.01)


@pytest.mark.parametrize("name", modifiers(INTAKE))
def test_what_is_not_known_widens_and_leaves_the_middle(name: str) -> None:
    """An unknown modifier spans with and without; the middle stays."""
    unsure, sure = half_life(INTAKE, unknown=[name]), half_life(INTAKE, [name])
    assert unsure.value == PLAIN.value
    assert unsure.low <= min(PLAIN.low, sure.low) + 1e-12
    assert unsure.high >= max(PLAIN.high, sure.high) - 1e-12


def test_sleep_is_disturbed_surely_maybe_or_not() -> None:
    """Coffee at midnight surely leaves 100 mg, one in the morning surely not; the afternoon depends on the person."""
    late = active([Dose(22, 300)], 23, PLAIN, INTAKE)
    early = active([Dose(7, 80)], 23, PLAIN, INTAKE)
    between = active([Dose(15, 200)], 23, PLAIN, INTAKE)
    assert [disturbs_sleep(each, INTAKE) for each in (late, early, between)] == [True, False, None]


def test_pregnancy_that_is_not_known_keeps_the_stricter_limit_in_view() -> None:
    """A woman whose pregnancy is not known sees 200 mg too; a man does not; a child has limits by weight."""
    woman = {each.mg for each in guidance(Who(30, "female"), None, INTAKE) if not each.at_once}
    man = {each.mg for each in guidance(Who(30, "male"), None, INTAKE) if not each.at_once}
    child = {each.mg for each in guidance(Who(10, "male"), 30, INTAKE)}
    assert (woman, man, child) == ({200, 300, 400}, {400}, {90, 75})


@pytest.mark.parametrize("bad", [math.nan, math.inf, -1, 1e9])
def test_impossible_doses_are_refused(bad: float) -> None:
    """NaN, infinity, a negative and a tonne are refused."""
    with pytest.raises(DataRefusedError, match="expected"):
        Dose(8, bad)


def test_an_unknown_modifier_is_refused_by_name() -> None:
    """The message lists those that are known."""
    with pytest.raises(DataRefusedError, match="smoking"):
        half_life(INTAKE, ["moonlight"])
