"""Laws of the plan, over generated people, causes and urgencies."""

from __future__ import annotations

from dataclasses import replace
from datetime import date
from itertools import combinations

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from rheobase.assess import assess
from rheobase.assess.advice import CALM, EMERGENCY, SAME_DAY, OfferedAdvice, choose_advice
from rheobase.assess.causes import FITS_WELL, POSSIBLE, CauseFit
from rheobase.assess.contradictions import contradict
from rheobase.assess.facts import Facts
from rheobase.assess.urgency import Urgency
from rheobase.knowledge import Advice, load_knowledge
from rheobase.logic import Atom, Compare, Expression, atoms, evaluate, names
from rheobase.person import Person, Value
from rheobase.report import assessment_document
from rheobase.report.advice_section import SHOWN_ADVICE, shown_plan
from tests.properties.strategies import answers, people

KNOWLEDGE = load_knowledge()
ON = date(2026, 11, 24)
LEVELS = (*sorted(KNOWLEDGE.levels),)
# What a blood test says is high, and what must then never be pushed up.
HIGH = {
    "lab_k_high": ("potassium", "potassium_tablets"),
    "lab_mg_high": ("magnesium", "magnesium_tablets"),
    "lab_ca_adj_high": ("calcium", "calcium_tablets", "vitamin_d", "vitamin_d_tablets"),
    "lab_na_high": ("sodium",),
}
slow = settings(suppress_health_check=[HealthCheck.too_slow, HealthCheck.data_too_large])


def blocks(item: Advice) -> list[Expression]:
    """Return everything that forbids an item, read from the knowledge afresh."""
    found = [] if item.do_not_offer_when is None else [item.do_not_offer_when]
    for name, direction in item.pushes.items():
        substance = KNOWLEDGE.substances[name]
        if direction == "up" and substance.never_up_when is not None:
            found.append(substance.never_up_when)
        if direction == "down" and substance.never_down_when is not None and not item.warns:
            found.append(substance.never_down_when)
    return found


# Every finding and value that any condition of any advice reads.
READ = sorted(
    {
        name
        for item in KNOWLEDGE.advice.values()
        for expression in (*blocks(item), *(each for each in (item.offer_when,) if each is not None))
        for name in names(expression)
    }
)


@st.composite
def situations(draw: st.DrawFn) -> tuple[dict[str, Value], tuple[CauseFit, ...], Urgency]:
    """Return facts that advice reads, causes that fit, and an urgency: more hostile than real people are."""
    values: dict[str, Value] = {}
    for name in draw(st.lists(st.sampled_from(READ), max_size=30, unique=True)):
        if name.startswith("lab."):
            values[name] = draw(st.floats(0, 200, allow_nan=False))
        else:
            value = draw(answers(KNOWLEDGE.findings[name])).value
            if value is not None:
                values[name] = value
    causes = draw(st.lists(st.sampled_from(sorted(KNOWLEDGE.causes)), max_size=12, unique=True))
    fits = tuple(
        CauseFit(cause, 0.1, chance, 0.0, 1.0, FITS_WELL if chance >= 0.5 else POSSIBLE, (), (), near_miss=False)
        for cause in causes
        for chance in (draw(st.floats(0.05, 0.95)),)
    )
    level = draw(st.sampled_from(LEVELS))
    return values, fits, Urgency(level, (), (), (), draw(st.booleans()))


def offered(situation: tuple[dict[str, Value], tuple[CauseFit, ...], Urgency]) -> tuple[OfferedAdvice, ...]:
    """Return what is offered."""
    values, fits, urgency = situation
    return choose_advice(KNOWLEDGE, Facts(values=values), fits, urgency, on=ON)[0]


@slow
@given(situations())
def test_no_plan_contradicts_itself(situation: tuple[dict[str, Value], tuple[CauseFit, ...], Urgency]) -> None:
    """No two offered items conflict as declared, and none push one thing both up and down."""
    items = [KNOWLEDGE.advice[each.advice] for each in offered(situation)]
    for one, other in combinations(items, 2):
        assert not contradict(one, other), (one.id, other.id)
        assert other.id not in one.conflicts_with
        assert one.id not in other.conflicts_with
    directions: dict[str, set[str]] = {}
    for item in items:
        for name, direction in item.pushes.items():
            directions.setdefault(name, set()).add(direction)
    assert all(len(each) == 1 for each in directions.values()), directions


def satisfied(expression: Expression) -> dict[str, Value]:
    """Return answers that make every leaf of a condition true, where one answer can."""
    found: dict[str, Value] = {}
    for leaf in atoms(expression):
        match leaf:
            case Atom(name):
                found[name] = True
            case Compare(name, symbol, float(limit)):
                found[name] = limit + (1 if symbol.startswith(">") else -1 if symbol.startswith("<") else 0)
    return found


CONTRADICTING = [(one, other) for one, other in combinations(KNOWLEDGE.advice.values(), 2) if contradict(one, other)]


@pytest.mark.parametrize(("one", "other"), CONTRADICTING, ids=lambda item: item.id)
def test_contradicting_items_never_stand_together(one: Advice, other: Advice) -> None:
    """For each pair, a person for whom both are wanted and to whom nothing else is known gets at most one of them."""
    values: dict[str, Value] = {}
    for item in (one, other):
        if item.offer_when is not None:
            values.update(satisfied(item.offer_when))
    causes = [next(cause for cause in (*item.for_causes, "stress_anxiety") if cause != "*") for item in (one, other)]
    for first, second in ((0.9, 0.6), (0.6, 0.9)):
        fits = tuple(
            CauseFit(cause, 0.1, chance, 0.0, 1.0, FITS_WELL, (), (), near_miss=False)
            for cause, chance in zip(causes, (first, second), strict=True)
        )
        found = {each.advice for each in offered((values, fits, Urgency("routine", (), (), (), child=False)))}
        assert not {one.id, other.id} <= found


@given(st.sampled_from(sorted(KNOWLEDGE.substances)), st.booleans(), st.booleans(), st.booleans())
def test_opposite_pushes_exclude_each_other(substance: str, swapped: bool, declared: bool, warns: bool) -> None:
    """Two items made up for this test, equal but for the direction or a declared conflict: one of them at most."""
    up = Advice("made_up_one", "food", "x", ("stress_anxiety",), ("expert",), pushes={substance: "up"})
    down = Advice("made_up_two", "food", "y", ("stress_anxiety",), ("expert",), pushes={substance: "down"}, warns=warns)
    if declared:
        up, down = replace(up, pushes={}, conflicts_with=("made_up_two",)), replace(down, pushes={})
    items = (down, up) if swapped else (up, down)
    known = replace(KNOWLEDGE, advice={item.id: item for item in items})
    fit = CauseFit("stress_anxiety", 0.1, 0.9, 0.0, 1.0, FITS_WELL, (), (), near_miss=False)
    calm = Urgency("routine", (), (), (), child=False)
    found, withheld = choose_advice(known, Facts(), (fit,), calm, on=ON)
    assert len(found) == 1
    assert len(withheld) == 1
    assert not warns or found[0].advice == "made_up_two"


@slow
@given(situations())
def test_nothing_forbidden_is_offered(situation: tuple[dict[str, Value], tuple[CauseFit, ...], Urgency]) -> None:
    """No block of an offered item is true, and nothing is pushed up that a blood test found high."""
    values, _, _ = situation
    for each in offered(situation):
        item = KNOWLEDGE.advice[each.advice]
        assert not any(evaluate(block, values) is True for block in blocks(item)), item.id
        for finding, substances in HIGH.items():
            if values.get(finding) is True:
                assert not any(item.pushes.get(name) == "up" for name in substances), (item.id, finding)


@slow
@given(situations())
def test_an_unknown_block_is_an_open_question(
    situation: tuple[dict[str, Value], tuple[CauseFit, ...], Urgency],
) -> None:
    """Whatever a person could answer and would forbid an offered item is among its open questions."""
    values, _, _ = situation
    for each in offered(situation):
        for block in blocks(KNOWLEDGE.advice[each.advice]):
            for name in names(block):
                finding = KNOWLEDGE.findings.get(name)
                if finding is None or finding.kind != "person" or finding.type != "yes_no" or name in values:
                    continue
                if evaluate(block, {**values, name: True}) is True:
                    assert name in each.ask_first, (each.advice, name)


@slow
@given(situations())
def test_comfort_keeps_away_from_danger(situation: tuple[dict[str, Value], tuple[CauseFit, ...], Urgency]) -> None:
    """An emergency offers nothing; comfort needs calm; good odds need each exclusion that can be answered denied."""
    values, _, urgency = situation
    found = offered(situation)
    if urgency.level == EMERGENCY:
        assert found == ()
    for each in found:
        item = KNOWLEDGE.advice[each.advice]
        assert urgency.level in CALM or not item.only_when_calm, item.id
        if urgency.level == SAME_DAY:
            assert "up" not in item.pushes.values() or item.kind in ("doctor", "test", "medicine"), item.id
        if item.reassures:
            assert item.do_not_offer_when is not None
            person = [name for name in names(item.do_not_offer_when) if KNOWLEDGE.findings[name].kind == "person"]
            assert all(values.get(name) is False for name in person), item.id


@slow
@given(situations())
def test_dates_lie_ahead_and_amounts_fall(situation: tuple[dict[str, Value], tuple[CauseFit, ...], Urgency]) -> None:
    """A recheck is after today and after the last step; a schedule falls to its target; no forbidden food is listed."""
    values, _, _ = situation
    for each in offered(situation):
        item, how = KNOWLEDGE.advice[each.advice], each.means
        assert how.recheck is None or how.recheck > ON
        if how.schedule:
            assert item.taper is not None
            assert item.kind == "caffeine"
            assert how.schedule[-1].amount == item.taper.target
            assert how.recheck is not None
            assert how.recheck > how.schedule[-1].day
        for choice in how.foods:
            rules = [rule for rule in KNOWLEDGE.food_rules.values() if rule.concerns(KNOWLEDGE.foods[choice.food])]
            assert not any(evaluate(rule.when, values) is True for rule in rules), choice.food


@slow
@given(people(KNOWLEDGE))
def test_the_plan_that_is_shown_is_short(person: Person) -> None:
    """At most six things, unless warnings alone are more; each that is shown is offered; the document can be made."""
    assessment = assess(person, KNOWLEDGE, on=ON)
    shown = shown_plan(assessment, KNOWLEDGE)
    warnings = [each for each in shown if KNOWLEDGE.advice[each.advice].warns]
    assert len(shown) <= max(SHOWN_ADVICE, len(warnings) + 1)
    assert set(shown) <= set(assessment.advice)
    assert assessment_document(assessment, KNOWLEDGE).sections
