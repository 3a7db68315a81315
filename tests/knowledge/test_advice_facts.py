"""What is known about advice: it can be followed, judged and blocked, and it acts on what the seed says."""

from __future__ import annotations

import re
from typing import Any

import pytest

from rheobase.errors import KnowledgeError
from rheobase.knowledge import build_knowledge, load_knowledge
from rheobase.knowledge.check import check_knowledge
from rheobase.knowledge.read import read_tables

TABLES, FINGERPRINT = read_tables()
KNOWLEDGE = load_knowledge()


def changed(table: str, name: str, **fields: Any) -> dict[str, Any]:
    """Return the tables with one row changed; a field of None is taken away."""
    rows = []
    for row in TABLES[table]:
        new = {**row, **fields} if row["id"] == name else row
        rows.append({key: value for key, value in new.items() if value is not None})
    return {**TABLES, table: rows}


TAPER = {
    "finding": "caffeine_mg_day",
    "target": 200,
    "step_share": 0.25,
    "every_days": 3,
    "round_to": 5,
    "unit": "mg a day",
}


@pytest.mark.parametrize(
    ("tables", "complaint"),
    [
        (changed("advice", "mg_food", kind="magic"), "unknown kind 'magic'"),
        (changed("advice", "mg_food", benefit=9), "benefit 9"),
        (changed("advice", "mg_food", strength="huge"), "strength 'huge'"),
        (changed("advice", "mg_food", steps=None), "needs 'steps'"),
        (changed("advice", "mg_food", recheck_days=None), "go together"),
        (changed("advice", "mg_food", recheck_days=0), "above 0"),
        (changed("advice", "mg_food", better_if=None), "go together"),
        (changed("advice", "mg_food", nutrient="unobtainium"), "no food is good for 'unobtainium'"),
        (changed("advice", "mg_food", pushes={"unobtainium": "up"}), "unknown substance 'unobtainium'"),
        (changed("advice", "mg_food", pushes={"magnesium": "sideways"}), "'up' or 'down'"),
        (changed("advice", "mg_food", pushes={"potassium_tablets": "up"}), "which no advice may"),
        (changed("advice", "mg_food", pushes={"alcohol": "up"}), "which no advice may"),
        (changed("advice", "mg_food", covers=["no_such_advice"]), "unknown advice 'no_such_advice'"),
        (changed("advice", "mg_food", conflicts_with=["mg_food"]), "names itself"),
        (changed("advice", "mg_food", ask_first=["no_such_finding"]), "unknown finding"),
        (changed("advice", "mg_food", do_not_offer_when="hx_ckd"), "needs either 'blocked_because' or 'quiet'"),
        (changed("advice", "mg_food", keeps_away=["moonlight"]), "kept away from 'moonlight'"),
        (changed("advice", "mg_food", reassures=True), "must be 'only_when_calm'"),
        (changed("advice", "alcohol_limit", taper=TAPER, cut_down="taper"), "for caffeine only"),
        (changed("advice", "sedative_prescriber", taper=TAPER, cut_down="taper"), "for caffeine only"),
        (changed("advice", "caffeine_cut", taper=None), "go together"),
        (changed("advice", "caffeine_cut", taper={**TAPER, "step_share": 1.5}), "share between 0 and 1"),
        (changed("advice", "caffeine_cut", taper={**TAPER, "every_days": 0}), "share between 0 and 1"),
        (changed("advice", "caffeine_cut", taper={**TAPER, "finding": "cramps"}), "not a number that is asked"),
        (changed("advice", "neuropathy_work_up", offer_when="hx_diabetes"), "cause peripheral_neuropathy: no advice"),
        (changed("substance", "potassium", because_up=None), "needs a reason in words"),
        (changed("substance", "potassium", never_up_when="no_such_finding"), "unknown finding"),
        (changed("food", "milk", good_for=["unobtainium"]), "no unit for 'unobtainium'"),
        (changed("food", "milk", grams=None), "need 'grams'"),
        (changed("food", "milk", per_100g={"calcium": -1}), "below 0"),
        (changed("food", "milk", per_100g={"potassium": 140}), "its amount is not given"),
        (changed("food", "milk", source="no_such_source"), "cited but not listed"),
        (changed("food_rule", "oxalate", tags=["unheard"]), "concerns no food"),
        (changed("food_rule", "much_potassium", over=None), "go together"),
        (changed("food_rule", "oxalate", when="no_such_finding"), "unknown finding"),
    ],
)
def test_a_fault_in_the_plan_is_found(tables: dict[str, Any], complaint: str) -> None:
    """A fault planted in advice, a substance, a food or a food rule is reported in words."""
    problems = check_knowledge(build_knowledge(tables, FINGERPRINT))
    assert any(complaint in problem for problem in problems), problems


@pytest.mark.parametrize(
    ("tables", "complaint"),
    [
        (changed("advice", "caffeine_cut", taper={**TAPER, "evry_days": 3}), "unknown key 'evry_days'"),
        (changed("advice", "caffeine_cut", taper={"target": 200}), "Taper: missing"),
        (changed("substance", "potassium", never_up_when="hx_ckd or"), "ends too early"),
        (changed("food", "milk", portion=None), "missing portion"),
        (changed("food_rule", "oxalate", when=None), "missing when"),
    ],
)
def test_what_cannot_be_read_is_refused(tables: dict[str, Any], complaint: str) -> None:
    """A misspelt key, a missing field or a broken condition is refused with its place."""
    with pytest.raises(KnowledgeError) as caught:
        build_knowledge(tables, FINGERPRINT)
    assert complaint in str(caught.value)


def test_nobody_is_told_to_stop_a_prescribed_medicine() -> None:
    """No words about a medicine say stop, halve or skip it; what is cut down goes through the prescriber."""
    telling = re.compile(
        r"(?<!not )(?<!never )\b(stop taking|stop your|skip (a|the|your) dose|halve the dose|come off)\b", re.IGNORECASE
    )
    for item in KNOWLEDGE.advice.values():
        words = " ".join((item.title, item.text, *item.steps))
        if item.kind == "medicine":
            assert not telling.search(words), item.id
            assert item.cut_down in ("", "prescriber"), item.id


def test_only_caffeine_has_dates() -> None:
    """Alcohol above the safe level, sedatives, acid blockers and nicotine are cut down with help, not by a schedule."""
    by_way = {item.id: item.cut_down for item in KNOWLEDGE.advice.values() if item.cut_down}
    assert {name for name, way in by_way.items() if way == "taper"} == {"caffeine_cut", "caffeine_pregnancy"}
    assert by_way["alcohol_no_sudden_stop"] == by_way["nicotine_reduce"] == "help"
    assert by_way["sedative_prescriber"] == by_way["mg_ppi_review"] == by_way["steroid_k_bone"] == "prescriber"


@pytest.mark.parametrize("cause", sorted(KNOWLEDGE.causes))
def test_every_cause_has_something_to_do(cause: str) -> None:
    """At least one item for each cause needs no further fact to be offered."""
    assert any(cause in item.for_causes and item.offer_when is None for item in KNOWLEDGE.advice.values())


@pytest.mark.parametrize(
    ("said", "advice"),
    [
        ("magnesium from leafy greens, nuts, seeds and wholegrains", "mg_food"),
        ("calcium from dairy, leafy greens, tofu and nuts", "ca_food"),
        ("vitamin D from sunlight, fatty fish, egg yolks and fortified foods", "vitd_food_sun"),
        ("electrolytes: sodium", "na_test_and_review"),
        ("electrolytes: potassium", "k_food"),
        ("dehydration", "water_target"),
        ("stress and anxiety", "rest_relax"),
        ("excessive caffeine", "caffeine_cut"),
        ("overexertion", "exercise_rest_3d"),
        ("medications like corticosteroids", "steroid_k_bone"),
        ("consult a doctor if over two weeks, several places, weakness, numbness, poor coordination", "safety_net"),
        ("blood tests can check for deficiencies", "blood_tests_basic"),
        ("rule out neuromuscular conditions", "neuro_referral"),
        ("a balanced diet can help", "balanced_diet"),
        ("prevention: hydration", "prevent_hydration"),
        ("prevention: stress management", "prevent_stress"),
        ("prevention: moderate caffeine", "prevent_caffeine"),
    ],
)
def test_what_the_seed_says_to_do_is_acted_on(said: str, advice: str) -> None:
    """Each statement of the seed about acting has its advice, which cites the seed or evidence of grade A or B."""
    item = KNOWLEDGE.advice[advice]
    carried = any(f"advice:{advice}" in statement.carried_by for statement in KNOWLEDGE.statements.values())
    assert "seed" in item.sources or carried or item.grade in ("A", "B"), said


@pytest.mark.parametrize(
    ("nutrient", "foods"),
    [
        ("magnesium", {"spinach", "almonds", "pumpkin_seeds", "wholemeal_bread"}),
        ("calcium", {"milk", "kale", "tofu_calcium", "almonds"}),
        ("vitamin_d", {"salmon", "egg", "cereal_fortified"}),
        ("potassium", {"potato", "lentils", "banana"}),
        ("vitamin_b12", {"sardines", "egg", "nutritional_yeast"}),
    ],
)
def test_the_seeds_foods_are_in_the_table(nutrient: str, foods: set[str]) -> None:
    """The kinds of food that the seed names are listed for their nutrient, most with an amount read in a table."""
    listed = {food.id: food for food in KNOWLEDGE.foods.values() if nutrient in food.good_for}
    assert foods <= listed.keys()
    measured = [food for food in listed.values() if food.grade == "A" and food.in_portion(nutrient)]
    assert len(measured) >= 5


def test_amounts_equal_the_table_that_they_come_from() -> None:
    """A sample of amounts per 100 g as USDA SR28 prints them."""
    expected = {
        ("12016", "magnesium"): 550,
        ("11458", "potassium"): 466,
        ("01117", "calcium"): 183,
        ("15241", "vitamin_d"): 19,
        ("15088", "vitamin_b12"): 8.94,
        ("16123", "sodium"): 5493,
    }
    found = {
        (food.usda, nutrient): amount
        for food in KNOWLEDGE.foods.values()
        for nutrient, amount in food.per_100g.items()
        if (food.usda, nutrient) in expected
    }
    assert found == expected
