"""Where triage is decided: red-flag rules over findings, never over the list of causes."""

from __future__ import annotations

import functools
from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass

from rheobase.assess.facts import Facts
from rheobase.knowledge import Finding, Knowledge, Rule
from rheobase.knowledge.model import OLD_RESULT
from rheobase.logic import (
    And,
    Compare,
    Condition,
    Expression,
    Has,
    In,
    Known,
    Not,
    Or,
    Truth,
    atoms,
    compile_condition,
    evaluate,
    names,
)
from rheobase.person import Value

INSUFFICIENT, ROUTINE, SELF_CARE = "insufficient", "routine", "self_care"
RED_FLAG, REASSURING, CHILD = "red_flag", "reassuring", "child"
LAB, PERSON = "lab", "person"


@dataclass(frozen=True, slots=True)
class CompiledRule:
    """A rule with its conditions as functions, and for each finding the answers that would make a leaf true.

    ``names`` are what its condition reads; ``symptoms`` those of them that are neither a blood test nor age, sex and
    the like.
    """

    rule: Rule
    when: Condition
    unless: Condition | None
    suppositions: tuple[tuple[str, Value], ...]
    order: int
    names: frozenset[str]
    symptoms: frozenset[str]


@functools.lru_cache(maxsize=4)
def compiled_rules(knowledge: Knowledge) -> tuple[CompiledRule, ...]:
    """Return every rule, compiled once for one knowledge."""
    return tuple(
        CompiledRule(
            rule,
            compile_condition(rule.when),
            None if rule.unless is None else compile_condition(rule.unless),
            tuple(_suppositions(rule)),
            knowledge.levels[rule.urgency].order,
            frozenset(names(rule.when)),
            frozenset(name for name in names(rule.when) if _can_be_there_today(knowledge.findings.get(name))),
        )
        for rule in knowledge.rules.values()
    )


def _can_be_there_today(finding: Finding | None) -> bool:
    return finding is not None and finding.kind != LAB and finding.group != PERSON


@dataclass(frozen=True, slots=True)
class Fired:
    """A rule that fired, and the known findings that made it fire."""

    rule: str
    urgency: str
    because: tuple[str, ...]


@dataclass(frozen=True, slots=True)
class CouldFire:
    """A rule that one answer would make fire."""

    rule: str
    urgency: str
    finding: str


@dataclass(frozen=True, slots=True)
class Urgency:
    """How urgent it is.

    Attributes:
        level: Id of the level, or ``insufficient``.
        fired: Every rule that fired, most urgent first.
        could_fire: Rules more urgent than the level that a single unknown answer would make fire.
        reassured_by: Reassuring rules whose every exclusion is known absent.
        child: Under 16 years: no ranking of causes is given.
    """

    level: str
    fired: tuple[Fired, ...]
    could_fire: tuple[CouldFire, ...]
    reassured_by: tuple[str, ...]
    child: bool


def decide_urgency(knowledge: Knowledge, facts: Facts) -> Urgency:
    """Return the urgency: the most urgent red flag wins, nothing silences it.

    Without a red flag, self-care needs a reassuring rule with every exclusion known absent; anything
    else that was told earns a routine appointment; nothing told is ``insufficient``.
    """
    order = {level.id: level.order for level in knowledge.levels.values()}
    rules = compiled_rules(knowledge)
    child = any(each.rule.kind == CHILD and each.when(facts.values) for each in rules)
    truths = tuple(True if holds_today(each, facts.values, facts.ever) else each.when(facts.values) for each in rules)
    fired = sorted(_fired(rules, truths, facts), key=lambda each: (order[each.urgency], each.rule))
    reassured = tuple(sorted(each.rule.id for each in rules if reassures(each, facts.values)))
    told = told_something(knowledge, facts.values)
    level = level_of(knowledge, (each.urgency for each in fired), reassured, child=child, told=told)
    unsure = tuple(each for each, truth in zip(rules, truths, strict=True) if truth is None)
    could = _could_fire(unsure, facts, below=order[level])
    return Urgency(level, tuple(fired), tuple(could), reassured, child)


def level_of(knowledge: Knowledge, fired: Iterable[str], reassured: Iterable[str], *, child: bool, told: bool) -> str:
    """Return the level of urgency.

    Args:
        knowledge: The levels and rules.
        fired: The level of each red flag that fired.
        reassured: The reassuring rules that hold.
        child: Under 16 years.
        told: Something but age, sex and the like is known.
    """
    levels = knowledge.levels
    levels_fired = sorted(fired, key=lambda level: levels[level].order)
    calming = sorted((knowledge.rules[rule].urgency for rule in reassured), key=lambda level: levels[level].order)
    if levels_fired:
        level = levels_fired[0]
    elif calming and not child:
        level = calming[0]
    else:
        level = ROUTINE if child or told else INSUFFICIENT
    return min((level, ROUTINE), key=lambda each: levels[each].order) if child else level


def rule_fires(each: CompiledRule, values: Mapping[str, Value], *, when: Truth) -> bool:
    """Return whether a red flag fires: its condition is true, and its ``unless`` is not known to be true."""
    if each.rule.kind not in (RED_FLAG, OLD_RESULT) or when is not True:
        return False
    return each.unless is None or each.unless(values) is not True


def holds_today(each: CompiledRule, values: Mapping[str, Value], ever: Mapping[str, Value]) -> bool:
    """Return whether a red flag holds by what is present today together with a result that is too old by itself.

    A symptom of today beside a result that nobody knows to be mended is a warning of today: age silences nothing here.
    What old results say alone is another matter (``old_results``).

    Args:
        each: The rule.
        values: What is known today.
        ever: The same with old results; ``values`` itself where there is none.
    """
    if ever is values or each.rule.kind != RED_FLAG:
        return False
    return _stands_on_today(each, each.rule.when, values, ever)


def _stands_on_today(
    each: CompiledRule, expression: Expression, values: Mapping[str, Value], ever: Mapping[str, Value]
) -> bool:
    """Return whether a condition that old results help to make true needs something that is present today."""
    if evaluate(expression, ever) is not True:
        return False
    match expression:
        case And(parts) | Or(parts):
            return any(_stands_on_today(each, part, values, ever) for part in parts)
        case Not() | Known():
            return False
    return expression.name in each.symptoms and evaluate(expression, values) is True


def _fired(rules: tuple[CompiledRule, ...], truths: tuple[Truth, ...], facts: Facts) -> Iterator[Fired]:
    for each, truth in zip(rules, truths, strict=True):
        rule = each.rule
        if not rule_fires(each, facts.values, when=truth):
            continue
        because = tuple(dict.fromkeys(leaf.name for leaf in atoms(rule.when) if evaluate(leaf, facts.values)))
        yield Fired(rule.id, rule.urgency, because)


def reassures(each: CompiledRule, values: Mapping[str, Value]) -> bool:
    """Return whether a reassuring rule holds, with every one of its exclusions known absent."""
    rule = each.rule
    if rule.kind != REASSURING or not all(values.get(finding) is False for finding in rule.needs_absent):
        return False
    return each.when(values) is True


def told_something(knowledge: Knowledge, values: Mapping[str, Value]) -> bool:
    """Whether anything but age, sex and the like is known."""
    findings = knowledge.findings
    return any(name.startswith("lab.") or findings[name].group != "person" for name in values)


def _could_fire(rules: tuple[CompiledRule, ...], facts: Facts, *, below: int) -> list[CouldFire]:
    """Return which of the undecided rules one answer would make fire, most urgent first."""
    found, values = [], facts.values
    # One working copy: each supposition is set, tried and taken back, so that the facts themselves stay untouched.
    supposing = dict(values)
    ever = supposing if facts.with_old is None else dict(facts.with_old)
    for each in rules:
        if each.rule.kind != RED_FLAG or each.order >= below:
            continue
        if each.unless is not None and each.unless(values):
            continue
        for name, supposed in each.suppositions:
            if name in values:
                continue
            held = ever.get(name)
            supposing[name] = ever[name] = supposed
            if each.when(supposing) or holds_today(each, supposing, ever):
                found.append((each.order, CouldFire(each.rule.id, each.rule.urgency, name)))
            del supposing[name]
            if held is not None:
                ever[name] = held
            else:
                ever.pop(name, None)
    return [could for _, could in sorted(found, key=lambda x: (x[0], x[1].rule, x[1].finding))]


def _suppositions(rule: Rule) -> Iterator[tuple[str, Value]]:
    """Yield, for each finding of a rule, an answer that makes its own leaf true."""
    for leaf in dict.fromkeys(atoms(rule.when)):
        match leaf:
            case Compare(name, symbol, float(limit)):
                yield name, limit + (1 if symbol == ">" else -1 if symbol == "<" else 0)
            case Compare(name, _, str(option)):
                yield name, option
            case In(name, options):
                yield name, options[0]
            case Has(name, option):
                yield name, frozenset({option})
            case _:
                yield leaf.name, True
