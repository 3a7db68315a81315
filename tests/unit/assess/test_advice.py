"""Which advice, in which order, and what forbids it."""

from __future__ import annotations

from datetime import date

import pytest

from rheobase.assess.advice import OfferedAdvice, WithheldAdvice, choose_advice
from rheobase.assess.causes import FITS_WELL, POSSIBLE, CauseFit
from rheobase.assess.contradictions import contradict, deciding, open_questions, prepare, true_names
from rheobase.assess.facts import Facts
from rheobase.assess.urgency import Urgency
from rheobase.knowledge import load_knowledge
from rheobase.logic import parse
from rheobase.person import Value

KNOWLEDGE = load_knowledge()
ON = date(2026, 11, 24)


def fit(cause: str, chance: float = 0.6, band: str = FITS_WELL) -> CauseFit:
    """Return a cause that fits, its base rate lower than its probability."""
    return CauseFit(cause, chance / 2, chance, 0.0, 1.0, band, near_miss=False, ledger=(), unknown=())


def chosen(
    values: dict[str, Value], *causes: CauseFit, level: str = "routine", child: bool = False
) -> tuple[tuple[OfferedAdvice, ...], tuple[WithheldAdvice, ...]]:
    """Return the advice for these facts and causes."""
    urgency = Urgency(level, (), (), (), child)
    return choose_advice(KNOWLEDGE, Facts(values=values), causes, urgency, on=ON)


def ids(offered: tuple[OfferedAdvice, ...]) -> list[str]:
    """Return the ids in order."""
    return [each.advice for each in offered]


def test_a_cause_that_fits_well_comes_before_a_possible_one() -> None:
    """The order is fit, then benefit, then probability; while urgent, what is arranged with a clinician leads."""
    values: dict[str, Value] = {"caffeine_mg_day": 500.0, "sleep_hours": 5.0, "sex": "male"}
    causes = (fit("caffeine_excess", 0.9), fit("idiopathic_leg_cramps", 0.5, POSSIBLE))
    order = ids(chosen(values, *causes)[0])
    assert order[0] == "caffeine_cut"
    assert order.index("sleep_7h") < order.index("stretch_calf")
    urgent = ids(chosen(values, fit("hypokalaemia"), *causes, level="urgent_days")[0])
    kinds = [KNOWLEDGE.advice[name] for name in urgent]
    arranged = [item.kind in ("doctor", "test", "medicine") or item.warns for item in kinds]
    assert arranged == sorted(arranged, reverse=True)


def test_an_open_block_is_named_and_a_known_one_forbids() -> None:
    """Kidney disease unknown: potassium foods "only if"; present: withheld with its reason; absent: no word of it."""
    cause = fit("hypokalaemia")
    offered, _ = chosen({}, cause)
    asked = next(each.ask_first for each in offered if each.advice == "k_food")
    assert {"hx_ckd", "hx_dialysis", "med_raise_potassium"} <= set(asked)
    offered, withheld = chosen({"hx_ckd": True}, cause)
    assert "k_food" not in ids(offered)
    reason = next(each for each in withheld if each.advice == "k_food")
    assert reason.because == ("hx_ckd",)
    assert "Kidney disease" in reason.why[0]
    denied: dict[str, Value] = {"hx_ckd": False, "hx_dialysis": False, "med_raise_potassium": False}
    offered, _ = chosen(denied, cause)
    assert not {"hx_ckd", "med_raise_potassium"} & set(next(e.ask_first for e in offered if e.advice == "k_food"))


@pytest.mark.parametrize(
    ("values", "cause", "forbidden"),
    [
        ({"med_raise_potassium": True}, "hypokalaemia", "k_food"),
        ({"lab_k_high": True}, "hypokalaemia", "k_food"),
        ({"lab.potassium": 5.2}, "hypokalaemia", "k_food"),
        ({"diet_very_little": True}, "hypokalaemia", "k_food"),
        ({"hx_eating_disorder": True}, "hypomagnesaemia", "mg_food"),
        ({"slow_heart_rate": True, "diet_low_magnesium": True}, "hypomagnesaemia", "mg_supplement"),
        ({"hx_dialysis": True, "diet_low_magnesium": True}, "hypomagnesaemia", "mg_supplement"),
        ({"diarrhoea": True, "diet_low_magnesium": True}, "hypomagnesaemia", "mg_supplement"),
        ({"med_digoxin": True, "diet_low_calcium": True}, "hypocalcaemia", "ca_supplement"),
        ({"hx_kidney_stones": True, "diet_low_calcium": True}, "hypocalcaemia", "ca_supplement"),
        ({"lab_ca_adj_high": True}, "vitamin_d_deficiency", "vitd_everyone_winter"),
        ({"hx_ckd": True}, "vitamin_d_deficiency", "vitd_everyone_winter"),
        ({"hx_heart_disease": True, "ankle_swelling": True}, "dehydration", "water_target"),
        ({"excess_plain_water": True}, "dehydration", "water_target"),
        ({"high_blood_pressure_known": True, "vomiting": True}, "dehydration", "ors_losses"),
        ({"chest_pain": True}, "stress_anxiety", "exercise_regular"),
        ({"chest_pain": True}, "stress_anxiety", "breathing_slow"),
        ({"alcohol_units_week": 60.0}, "alcohol_excess", "alcohol_limit"),
        ({"alcohol_stopped_recently": True, "alcohol_units_week": 20.0}, "alcohol_excess", "alcohol_limit"),
        ({"age_years": 12.0}, "stress_anxiety", "prevent_caffeine"),
        ({"weakness_one_limb": True}, "radiculopathy_myelopathy", "radiculopathy_care"),
        ({"med_ppi_over_3_months": True}, "idiopathic_leg_cramps", "mg_not_for_cramps"),
    ],
)
def test_what_would_harm_is_not_offered(values: dict[str, Value], cause: str, forbidden: str) -> None:
    """Each danger that is known keeps its advice away, however well the cause fits."""
    assert forbidden not in ids(chosen(values, fit(cause, 0.95))[0])


@pytest.mark.parametrize(
    ("values", "cause", "needed"),
    [
        ({"alcohol_units_week": 60.0}, "physiological_twitch", "alcohol_no_sudden_stop"),
        ({"alcohol_stopped_recently": True}, "sedative_alcohol_withdrawal", "alcohol_withdrawal_help"),
        ({"med_sedative_stopped": True}, "sedative_alcohol_withdrawal", "sedative_prescriber"),
        ({"med_ppi_over_3_months": True}, "hypomagnesaemia", "mg_ppi_review"),
        ({"med_loop_diuretic": True}, "hypokalaemia", "diuretic_review"),
        ({"diet_very_little": True}, "physiological_twitch", "phosphate_refeed_slow"),
        ({"hx_ckd": True}, "physiological_twitch", "ckd_no_otc"),
        ({"med_digoxin": True}, "hypokalaemia", "digoxin_level"),
        ({"pregnant": True, "caffeine_mg_day": 350.0}, "caffeine_excess", "caffeine_pregnancy"),
        ({"nitrous_oxide": True}, "vitamin_b12_deficiency", "b12_nitrous"),
        ({"cola_excess": True}, "hypokalaemia", "cola_less"),
    ],
)
def test_what_this_person_needs_is_offered(values: dict[str, Value], cause: str, needed: str) -> None:
    """What a fact calls for is there."""
    assert needed in ids(chosen(values, fit(cause))[0])


def test_heavy_drinking_never_gets_a_schedule() -> None:
    """Above the safe level there is help and a warning, no dates and no amounts."""
    offered, _ = chosen({"alcohol_units_week": 80.0}, fit("alcohol_excess", 0.95))
    assert "alcohol_no_sudden_stop" in ids(offered)
    about_alcohol = [each for each in offered if KNOWLEDGE.advice[each.advice].kind == "alcohol"]
    assert all(each.means.schedule == () for each in about_alcohol)
    assert all(KNOWLEDGE.advice[each.advice].cut_down == "help" for each in about_alcohol)


def test_pregnancy_has_its_own_step_down_and_replaces_the_other() -> None:
    """One schedule, not two."""
    offered, _ = chosen({"pregnant": True, "caffeine_mg_day": 350.0}, fit("caffeine_excess"))
    assert [each.advice for each in offered if each.means.schedule] == ["caffeine_pregnancy"]


def test_good_odds_are_told_only_to_those_who_denied_weakness() -> None:
    """Weakness unknown is not weakness absent: no reassurance until it is denied."""
    denied: dict[str, Value] = dict.fromkeys(
        (
            "weakness_functional",
            "muscle_wasting",
            "weakness_progressive",
            "weakness_one_limb",
            "slurred_speech",
            "swallowing_trouble",
        ),
        False,
    )
    cause = fit("benign_fasciculation_syndrome")
    worried: dict[str, Value] = {**denied, "worry_about_serious_illness": True}
    assert "reassure_no_weakness" in ids(chosen(worried, cause)[0])
    for name in denied:
        partly = {k: v for k, v in worried.items() if k != name}
        assert "reassure_no_weakness" not in ids(chosen(partly, cause)[0]), name
    assert "twitch_is_common" not in ids(chosen({}, cause)[0])
    assert "reassure_no_weakness" not in ids(chosen(worried, cause, level="within_2_weeks")[0])


def test_no_disease_is_named_to_people_who_named_no_fear() -> None:
    """Who denied weakness and did not speak of fear is told that it is common; who is afraid is told the odds."""
    denied: dict[str, Value] = dict.fromkeys(
        (
            "weakness_functional",
            "muscle_wasting",
            "weakness_progressive",
            "weakness_one_limb",
            "slurred_speech",
            "swallowing_trouble",
        ),
        False,
    )
    calm = ids(chosen(dict(denied), fit("physiological_twitch"))[0])
    assert "twitch_is_common" in calm
    assert "reassure_no_weakness" not in calm
    afraid = ids(chosen({**denied, "worry_about_serious_illness": True}, fit("physiological_twitch"))[0])
    assert "reassure_no_weakness" in afraid
    assert "twitch_is_common" not in afraid


def test_today_only_what_is_arranged_warned_of_or_taken_away() -> None:
    """Where a blood test is due today, food and tablets wait, and it is said; an emergency offers nothing at all."""
    values: dict[str, Value] = {"caffeine_mg_day": 600.0, "diet_low_magnesium": True}
    causes = (fit("hypomagnesaemia"), fit("caffeine_excess"))
    offered, withheld = chosen(values, *causes, level="same_day")
    assert "caffeine_cut" in ids(offered)
    assert not {"mg_food", "mg_supplement"} & set(ids(offered))
    assert {"mg_food", "mg_supplement"} <= {each.advice for each in withheld if each.waits}
    assert chosen(values, *causes, level="emergency") == ((), ())


def test_without_a_date_the_choice_is_the_same() -> None:
    """Asking only which advice, as when a test's results are tried out, gives the same items without dates."""
    facts = Facts(values={"caffeine_mg_day": 600.0})
    calm = Urgency("routine", (), (), (), child=False)
    dated, _ = choose_advice(KNOWLEDGE, facts, (fit("caffeine_excess"),), calm, on=ON)
    undated, _ = choose_advice(KNOWLEDGE, facts, (fit("caffeine_excess"),), calm)
    assert ids(dated) == ids(undated)
    assert all(each.means.recheck is None and each.means.schedule == () for each in undated)


def test_a_child_gets_no_advice_for_causes() -> None:
    """Under 16 years causes are not ranked, so nothing is advised for them."""
    offered, _ = chosen({"caffeine_mg_day": 600.0}, fit("caffeine_excess"), child=True)
    assert all(each.for_causes == () for each in offered)
    assert "caffeine_cut" not in ids(offered)


def test_a_cause_below_its_base_rate_brings_no_advice() -> None:
    """What is possible only because it is common, and was not raised by any answer, stays out of the plan."""
    common = CauseFit("overexertion", 0.2, 0.15, 0.0, 1.0, POSSIBLE, near_miss=False, ledger=(), unknown=())
    assert "rest_relax" not in ids(chosen({}, common)[0])


def test_contradiction_is_symmetrical() -> None:
    """Whichever of two items says so, both contradict each other; none contradicts itself."""
    items = list(KNOWLEDGE.advice.values())
    for one in items:
        assert not contradict(one, one), one.id
        for other in items:
            assert contradict(one, other) == contradict(other, one)


def test_the_rivals_prepared_are_all_that_contradict() -> None:
    """What is prepared once for every item names exactly the items that contradict it."""
    items = KNOWLEDGE.advice.values()
    found = {each.item.id: each.rivals for each in prepare(KNOWLEDGE)}
    assert found == {one.id: {other.id for other in items if contradict(one, other)} for one in items}
    assert any(found.values())


def test_the_warning_wins_a_contradiction() -> None:
    """Not too much water stays; a target to drink goes, whatever their order."""
    values: dict[str, Value] = {"excess_plain_water": True}
    offered, withheld = chosen(values, fit("dehydration", 0.95), fit("hyponatraemia", 0.3, POSSIBLE))
    assert "water_not_excess" in ids(offered)
    assert "water_target" in {each.advice for each in withheld}


def test_open_questions_are_those_that_can_still_decide() -> None:
    """A part that is already false asks nothing; of an "and" the first open part is enough to decide."""
    block = parse("hx_ckd or (hx_heart_disease and (ankle_swelling or lab.egfr < 30))")
    assert open_questions(KNOWLEDGE, block, {}) == ("hx_ckd", "hx_heart_disease", "ankle_swelling")
    assert open_questions(KNOWLEDGE, block, {"hx_heart_disease": False}) == ("hx_ckd",)
    assert open_questions(KNOWLEDGE, block, {"hx_ckd": True}) == ()
    assert [leaf.name for leaf in deciding(block, {})] == ["hx_ckd", "hx_heart_disease"]
    assert list(deciding(block, {"hx_ckd": True})) == []
    assert [leaf.name for leaf in deciding(parse("not hx_ckd"), {})] == ["hx_ckd"]
    assert true_names(block, {"hx_ckd": True, "hx_heart_disease": True}) == ("hx_ckd", "hx_heart_disease")
