"""Dates, amounts that step down, foods, and what to keep apart."""

from __future__ import annotations

from dataclasses import replace
from datetime import date, timedelta
from itertools import pairwise

import pytest

from rheobase.assess.plan import foods_for, means, taper_schedule
from rheobase.knowledge import load_knowledge
from rheobase.knowledge.model_advice import Taper
from rheobase.person import MedicineUse, Status

KNOWLEDGE = load_knowledge()
ON = date(2026, 11, 24)
CAFFEINE = KNOWLEDGE.advice["caffeine_cut"]


def taper() -> Taper:
    """Return the caffeine taper of the knowledge."""
    assert CAFFEINE.taper is not None
    return CAFFEINE.taper


def test_four_coffees_step_down_to_two_in_a_week() -> None:
    """400 mg a day goes to 300, 225 and 200, three days apart, and ends there."""
    steps = taper_schedule(taper(), 400.0, on=ON)
    assert [(step.day, step.amount) for step in steps] == [
        (ON, 300),
        (date(2026, 11, 27), 225),
        (date(2026, 11, 30), 200),
    ]


@pytest.mark.parametrize("amount", [None, 0, 80, 199.9, 200, True, False, "much", frozenset({"x"})])
def test_nothing_is_stepped_down_that_is_not_known_or_not_above_the_target(amount: object) -> None:
    """No amount, an amount that is no number, or one at the target gives no schedule; unknown is not a number."""
    assert taper_schedule(taper(), amount, on=ON) == ()  # type: ignore[arg-type]


@pytest.mark.parametrize("amount", [200.1, 201, 260, 999, 20000])
def test_a_schedule_falls_and_ends_at_the_target(amount: float) -> None:
    """From any amount above it the steps fall, no step takes more than the share and the rounding, the last is 200."""
    steps = taper_schedule(taper(), amount, on=ON)
    amounts = [amount, *(step.amount for step in steps)]
    assert amounts[-1] == taper().target
    assert all(later < before for before, later in pairwise(amounts))
    least = 1 - taper().step_share
    pairs = pairwise(amounts)
    assert all(later >= min(before * least - taper().round_to, taper().target) for before, later in pairs)
    days = [step.day for step in steps]
    assert days == [ON + timedelta(days=taper().every_days * at) for at in range(len(days))]


def test_what_is_cut_down_is_judged_after_it_was_at_its_target() -> None:
    """The recheck counts from the last step; without a schedule it counts from the day of the assessment."""
    with_schedule = means(CAFFEINE, KNOWLEDGE, {"caffeine_mg_day": 400.0}, on=ON)
    without = means(CAFFEINE, KNOWLEDGE, {}, on=ON)
    assert with_schedule.recheck == date(2026, 12, 14)
    assert without.recheck == date(2026, 12, 8)
    assert without.schedule == ()


def test_kidney_disease_leaves_out_foods_rich_in_potassium_and_keeps_the_others() -> None:
    """With kidney disease no food above 200 mg of potassium in a portion is listed for magnesium; rice is."""
    choices, left_out = foods_for("magnesium", KNOWLEDGE, {"hx_ckd": True})
    names = {each.food for each in choices}
    assert "brown_rice" in names
    for name in names:
        amount = KNOWLEDGE.foods[name].in_portion("potassium")
        assert amount is not None
        assert amount <= 200
    assert {"spinach", "pumpkin_seeds"} <= {each.food for each in left_out}


def test_unknown_kidneys_mark_a_food_and_do_not_clear_it() -> None:
    """While kidney disease is not known, spinach says so and stands after what surely suits."""
    choices, _ = foods_for("magnesium", KNOWLEDGE, {"hx_kidney_stones": False, "med_raise_potassium": False})
    by_name = {each.food: each for each in choices}
    assert "hx_ckd" in by_name["spinach"].only_if_not
    assert by_name["brown_rice"].only_if_not == ()
    marked = [bool(each.only_if_not) for each in choices]
    assert marked == sorted(marked)


def test_kidney_stones_and_no_animal_food_leave_out_what_they_must() -> None:
    """Oxalate with stones, dairy and fish for those who eat no animal food."""
    _, stones = foods_for("magnesium", KNOWLEDGE, {"hx_kidney_stones": True})
    assert {"spinach", "almonds"} <= {each.food for each in stones if each.rule == "oxalate"}
    vegan, _ = foods_for("calcium", KNOWLEDGE, {"diet_vegan_no_b12": True})
    assert not {"yoghurt", "milk", "cheddar", "sardines"} & {each.food for each in vegan}
    assert {"tofu_calcium", "soya_drink"} <= {each.food for each in vegan}


def test_an_amount_that_is_not_known_counts_as_too_much() -> None:
    """A food whose potassium nobody measured is not cleared for weak kidneys: missing is never zero."""
    rule = KNOWLEDGE.food_rules["much_potassium"]
    food = KNOWLEDGE.foods["brown_rice"]
    assert not rule.concerns(food)
    assert rule.concerns(replace(food, per_100g={"magnesium": 39}))
    assert rule.concerns(replace(food, grams=None))
    assert KNOWLEDGE.foods["nutritional_yeast"].in_portion("vitamin_b12") is None


def test_a_medicine_that_clashes_with_a_mineral_is_named() -> None:
    """An antibiotic that magnesium binds is kept apart; a stopped one is not spoken of."""
    item = KNOWLEDGE.advice["mg_supplement"]
    taken = MedicineUse("doxycycline 100 mg", "doxycycline")
    found = means(item, KNOWLEDGE, {}, on=ON, medicines=[taken, MedicineUse("?", None)])
    assert [clash.medicine for clash in found.keep_apart] == ["doxycycline"]
    stopped = replace(taken, status=Status.ABSENT)
    assert means(item, KNOWLEDGE, {}, on=ON, medicines=[stopped]).keep_apart == ()


def test_a_portion_is_computed_from_the_amount_per_100_g() -> None:
    """28 g of pumpkin seeds with 550 mg per 100 g hold 154 mg."""
    assert KNOWLEDGE.foods["pumpkin_seeds"].in_portion("magnesium") == pytest.approx(154)
