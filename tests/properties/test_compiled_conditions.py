"""The compiled condition is the condition."""

from __future__ import annotations

from hypothesis import given
from hypothesis import strategies as st

from rheobase.knowledge import load_knowledge
from rheobase.logic import Expression, compile_condition, evaluate
from tests.properties.strategies import NAMES, answers, expressions

KNOWLEDGE = load_knowledge()


@given(expressions(), st.dictionaries(st.sampled_from(NAMES), st.booleans()))
def test_compiled_and_interpreted_conditions_agree(condition: Expression, facts: dict[str, bool]) -> None:
    """For any condition and any facts both give the same one of three truths."""
    assert compile_condition(condition)(facts) is evaluate(condition, facts)


@given(st.data())
def test_every_rule_compiles_to_its_meaning(data: st.DataObject) -> None:
    """For the packaged rules too, with numbers, choices and sites."""
    rule = data.draw(st.sampled_from(sorted(KNOWLEDGE.rules.values(), key=lambda each: each.id)))
    names = [n for n in KNOWLEDGE.findings if n in str(rule.when)]
    facts = {}
    for name in names:
        value = data.draw(answers(KNOWLEDGE.findings[name])).value
        if value is not None:
            facts[name] = value
    assert compile_condition(rule.when)(facts) is evaluate(rule.when, facts)
