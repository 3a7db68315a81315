"""Plans keep every limit, block, allergy and wish; the solver's answer is the least; what can't be done is said."""

from __future__ import annotations

import math
from collections.abc import Mapping
from itertools import combinations

import pytest
from hypothesis import assume, given, settings
from hypothesis import strategies as st

from rheobase.diet.summary import Summary
from rheobase.errors import DataRefusedError, UsageError
from rheobase.foods import load_foods
from rheobase.intake.life_stage import Who
from rheobase.knowledge import load_knowledge
from rheobase.knowledge.menu import load_menu
from rheobase.logic import evaluate
from rheobase.menu import programme as menu_programme
from rheobase.menu.aims import Why
from rheobase.menu.options import Action, Option
from rheobase.menu.planner import Plan, Proposal
from rheobase.menu.programme import AIM, SHAPE, Programme, solve
from rheobase.menu.recheck import Demand, Moved, recheck
from rheobase.menu.wishes import Wishes, read_wishes
from rheobase.person import Value
from tests.menu.made_up import NOTHING_WRONG, ORDINARY, USUAL, planned, summary_of

ALLERGENS = {
    "milk": ("milk", "yogurt", "cheese", "butter", "cream"),
    "egg": ("egg,",),
    "fish": ("fish,",),
    "nuts": ("nuts, almonds", "nuts, cashew", "nuts, hazel", "nuts, walnuts", "almond milk"),
    "peanut": ("peanut",),
    "soy": ("soy", "tofu", "edamame"),
    "wheat": ("whole-wheat", "wheat germ", "bulgur", "bread", "pasta"),
    "sesame": ("sesame", "tahini"),
}
ANIMAL = ("milk, reduced", "yogurt", "cheese", "egg,", "fish,", "beef", "chicken", "butter,")
SLACK = 1e-6

days = st.lists(
    st.dictionaries(st.sampled_from(ORDINARY), st.integers(10, 300), min_size=5, max_size=12), min_size=1, max_size=3
)
truths = st.sampled_from((True, False, None))
people = st.builds(Who, st.integers(19, 90), st.sampled_from(("female", "male")), st.just(False), st.just(False))
healths = st.fixed_dictionaries(
    dict.fromkeys(("hx_ckd", "hx_dialysis", "med_raise_potassium", "hx_kidney_stones", "lab_ca_adj_high"), truths)
)


def known(values: Mapping[str, bool | None]) -> dict[str, Value]:
    """Return the answers that were given."""
    return {name: value for name, value in values.items() if value is not None}


def moved(plan: Plan) -> dict[str, float]:
    """Return a plan as grams a day by food."""
    grams: dict[str, float] = {}
    for change in plan.changes:
        if change.more is not None:
            grams[change.more.food.id] = grams.get(change.more.food.id, 0.0) + change.more.grams * change.helpings
        if change.less is not None:
            grams[change.less.food.id] = grams.get(change.less.food.id, 0.0) - change.less.grams * change.helpings
    return grams


def sums(summary: Summary, plan: Plan | None, column: str) -> float:
    """Return a nutrient a day by hand: the lines over the days, and what the plan moves; unknown is left out."""
    total = math.fsum(each.amount_of(column).best for each in summary.reading.foods() if each.amount_of(column))  # type: ignore[union-attr]
    total /= len(summary.days)
    for food, grams in moved(plan).items() if plan else ():
        row = load_foods().get(food)
        assert row is not None
        total += (row.amount_of(column, 100) or 0.0) * grams / 100
    return total


def check(proposal: Proposal, summary: Summary, values: Mapping[str, Value]) -> None:
    """Check the plans against the rules as they stand in the knowledge, not as the model has them."""
    knowledge = load_knowledge()
    assert proposal.failed == ()
    for plan in (*proposal.plans, *([proposal.careful] if proposal.careful else [])):
        energy = sums(summary, None, "energy_kcal")
        room = max(0.1 * energy, 100)
        assert abs(sums(summary, plan, "energy_kcal") - energy) <= room + SLACK * energy
        sodium = sums(summary, None, "sodium_mg")
        assert sums(summary, plan, "sodium_mg") <= max(sodium, 2300) * (1 + SLACK)
        for column, most in (("calcium_mg", 2000), ("vitamin_d_ug", 100), ("phosphorus_mg", 3000)):
            limit = max(sums(summary, None, column), most + (500 if column == "calcium_mg" else 0))
            assert sums(summary, plan, column) <= max(limit, 4000 if column == "phosphorus_mg" else 0) * (1 + SLACK)
        for column in ("caffeine_mg", "alcohol_g"):
            assert sums(summary, plan, column) <= sums(summary, None, column) + SLACK
        for column, substance in (
            ("potassium_mg", "potassium"),
            ("calcium_mg", "calcium"),
            ("vitamin_d_ug", "vitamin_d"),
        ):
            when = knowledge.substances[substance].never_up_when
            if when is not None and evaluate(when, values) is True:
                assert sums(summary, plan, column) <= sums(summary, None, column) * (1 + SLACK) + SLACK
        if values.get("hx_ckd") is True or values.get("hx_dialysis") is True:
            for column in ("potassium_mg", "phosphorus_mg", "magnesium_mg", "sodium_mg"):
                assert sums(summary, plan, column) <= sums(summary, None, column) * (1 + SLACK) + SLACK
        reach = {each.column for each in proposal.out_of_reach}
        for aim in proposal.aims.aims if plan is not proposal.careful else ():
            if aim.column not in reach:
                assert sums(summary, plan, aim.column) >= aim.goal * (1 - SLACK)
            assert sums(summary, plan, aim.column) >= sums(summary, None, aim.column) - SLACK
        # On a busy machine the time limit may come first; then the bound says how far off it may be.
        assert plan.price >= plan.bound - SLACK
        if plan.status == "optimal":
            assert plan.price == pytest.approx(plan.bound, rel=1e-6)


@settings(max_examples=12)
@given(days, people, healths, st.sampled_from(("magnesium_mg", "calcium_mg", "potassium_mg", "vitamin_b12_ug")))
def test_no_plan_breaks_a_limit_or_a_block(
    eaten: list[dict[str, int]], who: Who, health: dict[str, bool | None], column: str
) -> None:
    """Whatever is eaten and whatever is known or not known: energy, upper levels, salt and every block hold."""
    summary, values = summary_of(eaten), known(health)
    assume(sums(summary, None, "energy_kcal") >= 800)
    proposal = planned(Wishes((column,), alternatives=1), summary=summary, values=values, who=who)
    check(proposal, summary, values)
    if column == "potassium_mg" and (values.get("hx_ckd") or values.get("med_raise_potassium")):
        assert not proposal.plans
        assert proposal.aims.not_aimed[0].blocked


@settings(max_examples=8)
@given(
    st.sets(st.sampled_from(sorted(ALLERGENS)), max_size=3),
    st.sampled_from(("", "vegan", "vegetarian", "lactose-free")),
    st.sampled_from(("magnesium_mg", "calcium_mg")),
    st.sampled_from(((), ("nuts",), ("spinach", "bread"), ("seeds",))),
)
def test_no_plan_breaks_an_allergy_a_style_or_a_dislike(
    allergies: set[str], style: str, column: str, without: tuple[str, ...]
) -> None:
    """What is added is free of what is left out, by the names in the table itself."""
    styles = frozenset(allergies | ({style} if style else set()))
    proposal = planned(Wishes((column,), without=without, styles=styles, alternatives=2))
    assert proposal.failed == ()
    for plan in proposal.plans:
        for food, grams in moved(plan).items():
            row = load_foods().get(food)
            assert row is not None
            if grams <= 0:
                continue
            name = row.description.lower()
            plant = any(word in name for word in ("soymilk", "almond milk", "peanut butter", "buckwheat"))
            for allergy in allergies:
                hit = any(word in name for word in ALLERGENS[allergy])
                dairy_word = allergy == "milk" and plant
                assert not hit or dairy_word, (name, allergy)
            if style == "vegan":
                assert plant or not any(word in name for word in ANIMAL), name
            if style == "vegetarian":
                assert not name.startswith(("fish", "beef", "chicken", "mollusks")), name
            if style == "lactose-free":
                assert not (row.per_100_g["lactose_g"] or 0) > 1, name
            assert not any(word.rstrip("s") in name for word in without), name


def test_the_other_plans_are_other_plans() -> None:
    """Three others follow; each has a food that the plans before it have not, and none is a part of another."""
    proposal = planned(Wishes(("magnesium_mg",)))
    assert len(proposal.plans) == 4
    sets = [frozenset(change.item for change in plan.changes) for plan in proposal.plans]
    foods = [frozenset().union(*(change.foods for change in plan.changes)) for plan in proposal.plans]
    for at in range(1, 4):
        for before in range(at):
            assert not sets[before] <= sets[at]
            assert foods[at] - foods[before]
    prices = [plan.price for plan in proposal.plans]
    assert prices == sorted(prices)


def test_the_same_diet_gives_the_same_plans() -> None:
    """Nothing of chance or of the clock is in it."""
    first, again = (planned(Wishes(("calcium_mg",))) for _ in range(2))
    assert [plan.changes for plan in first.plans] == [plan.changes for plan in again.plans]


def test_the_solver_finds_what_trying_all_finds() -> None:
    """On a small choice no set of up to three changes takes less effort than the solver's."""
    seen: list[Programme] = []
    original = menu_programme.write_programme

    proposal = planned(Wishes(("calcium_mg",), without=("milk", "cheese", "yogurt", "soy"), alternatives=0))
    assert proposal.plans
    best = proposal.plans[0]
    options = [each for each in _options(("calcium_mg",)) if each.action is not Action.LESS][:40]
    whole = original(tuple(options), proposal.aims, kinds={}, most_changes=6)
    seen.append(whole)
    found = solve(whole)
    assert found.chosen
    least = min(
        (
            sum(options[at].price for at in chosen)
            for count in (1, 2, 3)
            for chosen in combinations(range(len(options)), count)
            if all(
                row.low - SLACK <= sum(row.coefficients[at] for at in chosen) <= row.high + SLACK for row in whole.rows
            )
        ),
        default=math.inf,
    )
    assert found.price == pytest.approx(min(least, found.price))
    assert found.price <= least
    assert best.changes


def _options(columns: tuple[str, ...]) -> list[Option]:
    """Return the changes that are weighed for an ordinary day."""
    from rheobase.menu.blocks import judge_blocks
    from rheobase.menu.eaten import usual_foods
    from rheobase.menu.options import Table, build_options

    knowledge, menu = load_knowledge(), load_menu()
    blocks = judge_blocks(knowledge, menu, NOTHING_WRONG)
    table = Table(knowledge, menu, load_foods(), NOTHING_WRONG, blocks, (), Wishes(columns))
    aims = planned(Wishes(columns, alternatives=0)).aims
    return list(build_options(usual_foods(summary_of([USUAL])), aims, table))


def test_what_is_eaten_already_comes_first() -> None:
    """Somebody who drinks milk and lacks calcium is told of more milk before anything new."""
    best = planned(read_wishes((), ("calcium=650",), (), frozenset())).plans[0]
    (change,) = best.changes
    assert change.action is Action.MORE
    assert change.more is not None
    assert change.more.food.id == "01079"


def test_a_food_without_a_value_is_no_way_to_keep_a_limit() -> None:
    """Chia has no value of vitamin D, of which there is an upper level: it is not proposed, and the check says why."""
    assert load_foods().get("12006").per_100_g["vitamin_d_ug"] is None  # type: ignore[union-attr]
    problems = recheck(
        [Moved("12006", 28.0)],
        summary_of([USUAL]).reading,
        [Demand("vitamin_d_ug", None, 100.0)],
        table=load_foods(),
        menu=load_menu(),
    )
    assert problems == ("vitamin_d_ug: 12006 has no value, so the limit can't be said to be kept",)
    for plan in planned(Wishes(("magnesium_mg",), alternatives=5)).plans:
        for change in plan.changes:
            assert not change.unknown & {"vitamin_d_ug", "calcium_mg", "sodium_mg", "caffeine_mg"}


@pytest.mark.parametrize(
    ("change", "demand", "said"),
    [
        (Moved("01079", 5000.0), Demand("calcium_mg", None, 2500.0), "is above"),
        (Moved("01079", 10.0), Demand("calcium_mg", 1000.0, None), "is below"),
        (Moved("14148", -900.0), Demand("calcium_mg", 0.0, None), "less than"),
        (Moved("12061", 200.0), Demand("calcium_mg", 0.0, None), "more than"),
        (Moved("nothing", 1.0), Demand("calcium_mg", 0.0, None), "not in the table"),
    ],
)
def test_the_second_check_finds_what_is_wrong(change: Moved, demand: Demand, said: str) -> None:
    """Too much, too little, more off than was eaten, more than people eat, no such food."""
    found = recheck([change], summary_of([USUAL]).reading, [demand], table=load_foods(), menu=load_menu())
    assert any(said in each for each in found), found


def test_a_target_out_of_reach_is_said_with_how_far_and_why() -> None:
    """Vitamin D is not to be had from vegan food alone: how much is, and a plan for most of it."""
    proposal = planned(Wishes(("vitamin_d_ug",), without=("mushrooms",), styles=frozenset({"vegan"})))
    (missed,) = proposal.out_of_reach
    assert missed.column == "vitamin_d_ug"
    assert proposal.aims.aims[0].before < missed.reachable < missed.goal
    assert proposal.plans
    reached = proposal.plans[0].after["vitamin_d_ug"].best
    assert reached >= proposal.aims.aims[0].before + 0.9 * (missed.reachable - proposal.aims.aims[0].before) - SLACK


def test_nothing_can_be_done_when_everything_is_left_out() -> None:
    """With every food unwanted there is no plan, and it is said that the target is out of reach."""
    words = ("a", "e", "i", "o", "u", "y")
    proposal = planned(Wishes(("calcium_mg",), without=words))
    assert not proposal.plans
    assert proposal.out_of_reach[0].reachable == pytest.approx(proposal.aims.aims[0].before)


def test_an_eating_disorder_means_no_plan_at_all() -> None:
    """Food is then built up with a clinician; nothing is proposed, neither more nor less."""
    proposal = planned(Wishes(("calcium_mg",)), values={"hx_eating_disorder": True})
    assert proposal.refused
    assert not proposal.plans


def test_what_is_not_known_is_asked_first() -> None:
    """Unknown is not no: with nothing known of the kidneys, a plan for potassium says what must not be so."""
    proposal = planned(Wishes(("potassium_mg",), alternatives=0), values={})
    assert {"hx_ckd", "hx_dialysis", "med_raise_potassium"} <= set(proposal.plans[0].ask_first)
    assert proposal.careful_sought
    cleared = planned(Wishes(("potassium_mg",), alternatives=0))
    assert not {"hx_ckd", "hx_dialysis"} & set(cleared.plans[0].ask_first)


def test_with_warfarin_green_vegetables_stay_as_they_are() -> None:
    """Neither more nor less of what holds much vitamin K; without a word on medicines it is asked."""
    proposal = planned(
        Wishes(("calcium_mg",), without=("milk", "cheese", "yogurt"), alternatives=5), medicines=("warfarin",)
    )
    greens = {each.id for each in load_menu().foods.values() if "vitamin_k" in each.tags}
    assert greens
    assert proposal.plans
    for plan in proposal.plans:
        assert not greens & moved(plan).keys()


def test_supplements_count_towards_a_target_and_an_upper_level() -> None:
    """Calcium is counted over food and tablets: with 1000 mg in tablets nothing is short."""
    summary = summary_of([USUAL], ("calcium 1000 mg (as carbonate)",))
    proposal = planned(Wishes(("calcium_mg",)), summary=summary)
    assert proposal.aims.before["calcium_mg"].best > 1000
    assert not proposal.aims.aims
    assert "already reach" in proposal.aims.not_aimed[0].why


def test_a_diet_above_a_limit_is_never_made_worse() -> None:
    """Somebody above 2300 mg of sodium gets no plan that adds any."""
    salty = {**USUAL, "18069": 350, "01009": 120}
    summary = summary_of([salty])
    proposal = planned(Wishes(("magnesium_mg",), alternatives=1), summary=summary)
    assert any(each.why is Why.ALREADY_SALTY for each in proposal.aims.limits)
    assert proposal.plans
    for plan in proposal.plans:
        assert sums(summary, plan, "sodium_mg") <= sums(summary, None, "sodium_mg") * (1 + SLACK)


def test_a_few_recorded_bites_are_no_usual_day() -> None:
    """Below 800 kcal a day nothing is planned, and help is named."""
    with pytest.raises(DataRefusedError, match=r"too little for a plan.*speak to a doctor"):
        planned(Wishes(("calcium_mg",)), summary=summary_of([{"09003": 200}]))


@pytest.mark.parametrize(
    ("nutrients", "targets", "without", "said"),
    [
        (("sodium",), (), (), "salt is only ever kept down"),
        (("protein",), (), (), "no target is set"),
        (("magnesum",), (), (), "Did you mean 'magnesium'"),
        ((), ("magnesium",), (), "expected NAME=AMOUNT"),
        ((), ("magnesium=-3",), (), "expected NAME=AMOUNT"),
        ((), ("magnesium=nan",), (), "expected NAME=AMOUNT"),
        ((), (), ("  ",), "needs the name of a food"),
    ],
)
def test_wishes_that_make_no_sense_are_refused(
    nutrients: tuple[str, ...], targets: tuple[str, ...], without: tuple[str, ...], said: str
) -> None:
    """One line says what came and what was expected."""
    with pytest.raises(UsageError, match=said):
        read_wishes(nutrients, targets, without, frozenset())


def test_an_own_target_beyond_reason_is_refused() -> None:
    """More than twice the allowance, or more than an upper level, is a matter for a clinician."""
    with pytest.raises(UsageError, match="Ask a doctor"):
        planned(read_wishes((), ("magnesium=900",), (), frozenset()))
    with pytest.raises(UsageError, match="Ask a doctor"):
        planned(read_wishes((), ("vitamin d=101",), (), frozenset()))


def test_a_programme_without_a_way_is_infeasible() -> None:
    """No option, no plan; the solver's word is passed on."""
    assert solve(Programme((), ())).status == "infeasible"
    options = tuple(_options(("calcium_mg",)))[:3]
    row = menu_programme.Row(AIM, "calcium_mg", (0.0,) * 3, 1.0, math.inf)
    assert solve(Programme(options, (row,))).status == "infeasible"
    assert menu_programme.at_least(Programme(options, ()), 4.2).family == SHAPE
