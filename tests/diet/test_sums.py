"""Sums of a diet: unknown is never zero, and every amount is accounted for."""

from __future__ import annotations

from datetime import date

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from rheobase.diet.reading import DietReading, State, read_diet_lines
from rheobase.diet.summary import summarise
from rheobase.diet.sums import sum_day
from rheobase.foods import NUTRIENTS, Food, FoodTable, load_foods
from rheobase.knowledge.supplements import load_supplements
from rheobase.person import Diet, DietDay, Eaten, Taken

FACTS = load_supplements()
values = st.none() | st.floats(0, 500)


def small_table(rows: list[dict[str, float | None]]) -> FoodTable:
    """Return a table of a few foods named f0, f1, ..."""
    return FoodTable.of("small", [Food(f"f{at}", f"food {at}", "", "small", (), row) for at, row in enumerate(rows)])


def read(diet: Diet, table: FoodTable) -> DietReading:
    """Return a diet as it is read."""
    return read_diet_lines(diet, table, FACTS)


rows_of_foods = st.lists(st.fixed_dictionaries(dict.fromkeys(NUTRIENTS, values)), min_size=1, max_size=5)


@settings(max_examples=60)
@given(rows_of_foods, st.data())
def test_unknown_stays_unknown_through_the_sum(rows: list[dict[str, float | None]], data: st.DataObject) -> None:
    """A total is the sum of what is known, its share unknown is of what is not, and None when nothing is known."""
    eaten = data.draw(
        st.lists(st.tuples(st.integers(0, len(rows) - 1), st.floats(0.1, 2000)), max_size=6), label="eaten"
    )
    day = DietDay(meals=tuple(Eaten(food=f"f{at}", grams=grams) for at, grams in eaten))
    found = read(Diet((day,)), small_table(rows))
    for nutrient in ("magnesium_mg", "vitamin_d_ug"):
        total = sum_day(found.days[0], nutrient)
        known = [(rows[at][nutrient], grams) for at, grams in eaten if rows[at][nutrient] is not None]
        if not known:
            assert total.food is None
        else:
            assert total.food is not None
            assert total.food.best == pytest.approx(sum((value or 0) * grams / 100 for value, grams in known))
            assert sum(each.amount for each in total.by_food) == pytest.approx(total.food.best)
        whole = sum(grams for _, grams in eaten)
        assert total.grams_known + total.grams_unknown == pytest.approx(whole)
        assert total.grams_known == pytest.approx(sum(grams for _, grams in known))
        assert total.lines_known + total.lines_unknown == len(eaten)
        if eaten:
            assert total.share_unknown_grams == pytest.approx(1 - sum(grams for _, grams in known) / whole, abs=1e-9)


@settings(max_examples=60)
@given(rows_of_foods, st.floats(0.1, 2000), st.booleans())
def test_one_more_food_never_lowers_what_is_known(
    rows: list[dict[str, float | None]], grams: float, blank: bool
) -> None:
    """Adding a food adds to the total, or to what is not known when it has no value; never takes away."""
    table = small_table([*rows, dict.fromkeys(NUTRIENTS)])
    before = DietDay(meals=tuple(Eaten(food=f"f{at}", grams=100.0) for at in range(len(rows))))
    more = Eaten(food=f"f{len(rows) if blank else 0}", grams=grams)
    after = DietDay(meals=(*before.meals, more))
    first, then = (sum_day(read(Diet((day,)), table).days[0], "magnesium_mg") for day in (before, after))
    if first.food is not None:
        assert then.food is not None
        assert then.food.best >= first.food.best
    if blank:
        assert then.food == first.food
        assert then.grams_unknown == pytest.approx(first.grams_unknown + grams)


def test_a_line_in_doubt_counts_for_nothing_until_it_is_settled() -> None:
    """A poor match is unknown; the same line with its id counts."""
    table = load_foods()
    found = read(Diet((DietDay(meals=(Eaten(text="200 g zorgle stew"), Eaten(text="100 g spinach"))),)), table)
    doubtful, sure = found.days[0].foods
    assert not doubtful.state.counts
    assert sure.state is State.SURE
    total = sum_day(found.days[0], "magnesium_mg")
    assert total.food is not None
    assert total.food.best == pytest.approx(79)
    settled = read(Diet((DietDay(meals=(Eaten(text="200 g zorgle stew", food="11457", grams=200.0),)),)), table)
    assert settled.days[0].foods[0].amount_of("magnesium_mg").best == pytest.approx(158)  # type: ignore[union-attr]


def test_an_estimated_weight_counts_with_its_range() -> None:
    """A handful of almonds counts, and its range goes into the total."""
    found = read(Diet((DietDay(meals=(Eaten(text="a handful of almonds"),)),)), load_foods())
    total = sum_day(found.days[0], "magnesium_mg").food
    assert found.days[0].foods[0].state is State.ESTIMATED
    assert total is not None
    assert total.low < total.best < total.high


def test_supplements_stay_apart_from_food() -> None:
    """The upper limit of magnesium is for supplements only, so the two are never added."""
    day = DietDay(meals=(Eaten(text="100 g spinach"),), supplements=(Taken(text="magnesium 100 mg"),))
    total = sum_day(read(Diet((day,)), load_foods()).days[0], "magnesium_mg")
    assert total.food is not None
    assert total.supplements is not None
    assert (round(total.food.best), total.supplements.best) == (79, 100)


def test_an_incomplete_day_counts_in_no_mean() -> None:
    """A day that was left incomplete is shown and does not pull the mean down."""
    days = (
        DietDay(day=date(2026, 11, 2), complete=True, totals={"magnesium_mg": 300.0}),
        DietDay(day=date(2026, 11, 3), complete=False, totals={"magnesium_mg": 40.0}),
    )
    found = summarise(read(Diet(days), load_foods()))
    mean = found.means["magnesium_mg"]
    assert mean.food is not None
    assert (mean.food.best, mean.days) == (300, 1)
    assert (found.coverage.incomplete, found.coverage.used, len(found.days)) == (1, 1, 2)
    assert mean.share_unknown_grams is None
    assert found.means["calcium_mg"].food is None


@pytest.mark.parametrize(
    ("text", "counts"),
    [
        ("500 ml mineral water, calcium 350 mg/l, magnesium 80 mg/l", True),
        ("500 ml mineral water (magnesium: 80 mg per litre)", True),
        ("mineral water 330 ml", False),
    ],
)
def test_a_mineral_water_counts_by_its_label(text: str, counts: bool) -> None:
    """Half a litre with 80 mg of magnesium a litre holds 40 mg; without a label nobody can say."""
    found = read(Diet((DietDay(drinks=(Eaten(text=text),)),)), load_foods()).days[0].foods[0]
    amount = found.amount_of("magnesium_mg")
    assert (amount is not None) == counts == found.state.counts
    if amount is not None:
        assert amount.best == pytest.approx(40, rel=0.01)
