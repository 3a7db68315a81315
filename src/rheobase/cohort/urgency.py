"""Where triage is decided, over columns: the gates for what ``assess.urgency`` does for one person."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass

from rheobase.assess.urgency import CHILD, INSUFFICIENT, REASSURING, RED_FLAG, ROUTINE, CompiledRule, compiled_rules
from rheobase.cohort.circuit import EVERYBODY, NOBODY, Three
from rheobase.cohort.conditions import Values, condition
from rheobase.cohort.frame import LAB
from rheobase.cohort.old_results import holds_today
from rheobase.knowledge import Knowledge
from rheobase.knowledge.model import OLD_RESULT
from rheobase.person import Value

# What makes it urgent where its condition is true.
_FIRING = (RED_FLAG, OLD_RESULT)


@dataclass(frozen=True, slots=True)
class UrgencyPlanes:
    """Planes of everything that urgency says.

    Attributes:
        fired: Red flags that fire, most urgent first.
        could_fire: Red flags more urgent than the level that one answer would make fire, most urgent first.
        reassured_by: Reassuring rules that hold, by name.
        levels: For each level, who is at it: everyone is at exactly one.
        child: Under 16 years.
    """

    fired: Mapping[str, int]
    could_fire: Mapping[str, int]
    reassured_by: Mapping[str, int]
    levels: Mapping[str, int]
    child: int


def urgency_planes(knowledge: Knowledge, values: Values, ever: Values) -> UrgencyPlanes:
    """Return the planes of urgency: the most urgent red flag wins, nothing silences it.

    Args:
        knowledge: The rules and levels.
        values: What is known today.
        ever: The same with old results, which warn beside what is present today.
    """
    circuit = values.circuit
    rules = sorted(compiled_rules(knowledge), key=lambda each: (each.order, each.rule.id))
    whens = {each.rule.id: _when(each, values, ever) for each in rules}
    fired = {
        each.rule.id: circuit.but_not(whens[each.rule.id].true, _excused(each, values))
        for each in rules
        if each.rule.kind in _FIRING
    }
    calm = {
        each.rule.id: circuit.all_of(
            (whens[each.rule.id].true, *(values.truths_of(name).false for name in each.rule.needs_absent))
        )
        for each in sorted(rules, key=lambda each: each.rule.id)
        if each.rule.kind == REASSURING
    }
    child = circuit.any_of(whens[each.rule.id].true for each in rules if each.rule.kind == CHILD)
    levels = _levels(knowledge, values, {**fired, **calm}, child)
    could = {
        each.rule.id: circuit.both(
            _could_fire(each, values, ever, whens[each.rule.id]),
            circuit.any_of(plane for level, plane in levels.items() if knowledge.levels[level].order > each.order),
        )
        for each in rules
        if each.rule.kind == RED_FLAG
    }
    return UrgencyPlanes(fired, could, calm, levels, child)


def _when(each: CompiledRule, values: Values, ever: Values) -> Three:
    """Return a rule's condition; it holds, too, by what is present today beside a result that is too old by itself."""
    when = condition(each.rule.when, values)
    if ever is values:
        return when
    held = holds_today(each, values, ever)
    return Three(values.circuit.either(when.true, held), values.circuit.but_not(when.false, held))


def _excused(each: CompiledRule, values: Values) -> int:
    return NOBODY if each.rule.unless is None else condition(each.rule.unless, values).true


def _levels(knowledge: Knowledge, values: Values, hold: Mapping[str, int], child: int) -> dict[str, int]:
    """Return who is at each level; ``hold`` are the red flags that fire and the reassuring rules that hold."""
    circuit = values.circuit
    ordered = sorted(knowledge.levels.values(), key=lambda level: level.order)
    levels = dict.fromkeys((level.id for level in ordered), NOBODY)
    left = EVERYBODY
    for kinds, for_whom in ((_FIRING, EVERYBODY), ((REASSURING,), circuit.but_not(EVERYBODY, child))):
        for level in ordered:
            rules = (knowledge.rules[rule] for rule in hold)
            planes = (hold[rule.id] for rule in rules if rule.kind in kinds and rule.urgency == level.id)
            here = circuit.all_of((left, for_whom, circuit.any_of(planes)))
            levels[level.id] = circuit.either(levels[level.id], here)
            left = circuit.but_not(left, here)
    told = circuit.both(left, circuit.either(child, told_something(knowledge, values)))
    levels[ROUTINE] = circuit.either(levels[ROUTINE], told)
    levels[INSUFFICIENT] = circuit.either(levels[INSUFFICIENT], circuit.but_not(left, told))
    # A child is always seen.
    for level in ordered:
        if level.order > knowledge.levels[ROUTINE].order:
            moved = circuit.both(levels[level.id], child)
            levels[ROUTINE] = circuit.either(levels[ROUTINE], moved)
            levels[level.id] = circuit.but_not(levels[level.id], moved)
    return levels


def told_something(knowledge: Knowledge, values: Values) -> int:
    """Return of whom anything but age, sex and the like is known."""
    findings = knowledge.findings
    told = (name for name in values.names() if name.startswith(LAB) or findings[name].group != "person")
    return values.circuit.any_of(values.known(name) for name in told)


def _could_fire(each: CompiledRule, values: Values, ever: Values, when: Three) -> int:
    """Return for whom the rule is undecided and one answer would make it fire."""
    circuit = values.circuit
    undecided = circuit.but_not(circuit.but_not(EVERYBODY, circuit.known(when)), _excused(each, values))
    if undecided == NOBODY:
        return NOBODY
    return circuit.both(
        undecided,
        circuit.any_of(
            circuit.both(values.unknown(name), _would_hold(each, values, ever, {name: supposed}))
            for name, supposed in each.suppositions
        ),
    )


def _would_hold(each: CompiledRule, values: Values, ever: Values, supposed: Mapping[str, Value]) -> int:
    holds = condition(each.rule.when, values, supposed).true
    return holds if ever is values else values.circuit.either(holds, holds_today(each, values, ever, supposed))
