"""Suppose an answer: what would follow from it, which causes would move and how urgent it would be.

Only what reads the supposed answer is judged again; the outcome is the same as a whole assessment with that answer,
and a test holds it to that.
"""

from __future__ import annotations

import functools
from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass

from rheobase.assess.causes import CauseFit, LedgerLine, expit, judged, known_of, ledger_lines, ledger_weight, logit
from rheobase.assess.diet import DietFacts
from rheobase.assess.facts import Facts
from rheobase.assess.urgency import (
    INSUFFICIENT,
    REASSURING,
    RED_FLAG,
    CompiledRule,
    Urgency,
    compiled_rules,
    holds_today,
    level_of,
    reassures,
    rule_fires,
    told_something,
)
from rheobase.assess.weights import Weigher, weighers
from rheobase.intake.record_facts import Record
from rheobase.knowledge import Knowledge
from rheobase.knowledge.model import OLD_RESULT
from rheobase.logic import Condition, compile_condition, names
from rheobase.person import Value


@dataclass(frozen=True, slots=True)
class _Index:
    """Who reads what, for one knowledge."""

    implies: Mapping[str, tuple[str, ...]]
    implied_by: Mapping[str, tuple[str, ...]]
    defines: Mapping[str, tuple[tuple[str, Condition], ...]]
    rules: Mapping[str, tuple[int, ...]]
    groups_of: Mapping[str, frozenset[tuple[str, str]]]
    weighers_of: Mapping[tuple[str, str], tuple[Weigher, ...]]


@functools.lru_cache(maxsize=4)
def _index(knowledge: Knowledge) -> _Index:
    implied_by: dict[str, list[str]] = {}
    defines: dict[str, list[tuple[str, Condition]]] = {}
    rules: dict[str, list[int]] = {}
    groups_of: dict[str, set[tuple[str, str]]] = {}
    weighers_of: dict[tuple[str, str], list[Weigher]] = {}
    for finding in knowledge.findings.values():
        for other in finding.implies:
            implied_by.setdefault(other, []).append(finding.id)
        if finding.defined_by is not None:
            compiled = (finding.id, compile_condition(finding.defined_by))
            for name in names(finding.defined_by):
                defines.setdefault(name, []).append(compiled)
    for at, each in enumerate(compiled_rules(knowledge)):
        for name in _read(each):
            rules.setdefault(name, []).append(at)
    for cause, table in weighers(knowledge).items():
        for weigher in table:
            weighers_of.setdefault((cause, weigher.group), []).append(weigher)
            groups_of.setdefault(weigher.finding, set()).add((cause, weigher.group))
    for row in knowledge.intake.evidence:
        # Whether a supplement is taken changes what a record says.
        if row.taken is not None:
            groups_of.setdefault(row.taken, set()).update(groups_of.get(row.finding, ()))
    return _Index(
        implies={finding.id: finding.implies for finding in knowledge.findings.values() if finding.implies},
        implied_by={name: tuple(found) for name, found in implied_by.items()},
        defines={name: tuple(found) for name, found in defines.items()},
        rules={name: tuple(found) for name, found in rules.items()},
        groups_of={name: frozenset(found) for name, found in groups_of.items()},
        weighers_of={key: tuple(found) for key, found in weighers_of.items()},
    )


def _read(each: CompiledRule) -> Iterator[str]:
    rule = each.rule
    unless = () if rule.unless is None else names(rule.unless)
    return iter(dict.fromkeys((*names(rule.when), *unless, *rule.needs_absent)))


@dataclass(frozen=True, slots=True)
class Supposition:
    """What would be known, and which of it is new or other than before."""

    values: Mapping[str, Value]
    changed: tuple[str, ...]


def suppose(knowledge: Knowledge, values: Mapping[str, Value], sets: Mapping[str, Value]) -> Supposition:
    """Return what would be known with further answers and everything that follows from them.

    Args:
        knowledge: What implies what.
        values: What is known, with everything that already follows.
        sets: The further answers; what is known already is not overwritten, save a denial by a presence.
    """
    index, found = _index(knowledge), dict(values)
    waiting: list[str] = []
    changed: dict[str, None] = {}

    def put(name: str, value: Value) -> None:
        present = found.get(name)
        if present is None or (present is False and value is True):
            found[name] = value
            changed[name] = None
            waiting.append(name)

    for name, value in sets.items():
        put(name, value)
    while waiting:
        name = waiting.pop()
        value = found[name]
        if value is True:
            for other in index.implies.get(name, ()):
                put(other, True)
        elif value is False:
            for special in index.implied_by.get(name, ()):
                put(special, False)
        for defined, condition in index.defines.get(name, ()):
            if defined not in found and (truth := condition(found)) is not None:
                put(defined, truth)
    return Supposition(found, tuple(changed))


class Baseline:
    """Every cause of an assessment, ready for suppositions. A recorded diet keeps what it says of this person."""

    def __init__(
        self, knowledge: Knowledge, fits: Iterable[CauseFit], setting: str, diet: DietFacts | None = None
    ) -> None:
        self._knowledge = knowledge
        self._index = _index(knowledge)
        self._setting = setting
        self._diet = diet
        self.fits = {fit.cause: fit for fit in fits}
        self._sums: dict[tuple[str, str], float] = {}
        self._log_odds: dict[str, float] = {}
        for fit in self.fits.values():
            total = logit(fit.prior)
            for line in fit.ledger:
                key = (fit.cause, line.group)
                self._sums[key] = self._sums.get(key, 0.0) + line.weight
                total += line.weight
            self._log_odds[fit.cause] = total

    def posteriors(self, supposition: Supposition) -> dict[str, float]:
        """Return the new probability of each cause that has evidence on what changed."""
        moved: dict[str, float] = {}
        for cause, group in self._touched(supposition):
            total = ledger_weight(self._known(cause, group, supposition.values), self._knowledge)
            before = self._sums.get((cause, group), 0.0)
            moved[cause] = moved.get(cause, self._log_odds[cause]) + total - before
        return {cause: expit(log_odds) for cause, log_odds in moved.items()}

    def refit(self, supposition: Supposition) -> dict[str, CauseFit]:
        """Return the new fit, with its band, of each cause that has evidence on what changed."""
        touched: dict[str, list[str]] = {}
        for cause, group in self._touched(supposition):
            touched.setdefault(cause, []).append(group)
        return {cause: self._refitted(cause, groups, supposition) for cause, groups in touched.items()}

    def _refitted(self, cause: str, groups: list[str], supposition: Supposition) -> CauseFit:
        old = self.fits[cause]
        kept = [line for line in old.ledger if line.group not in groups]
        new = [line for group in groups for line in self._lines(cause, group, supposition.values)]
        lines = (*kept, *new)
        rate = self._knowledge.causes[cause].base_rates[self._setting]
        posterior, low, high, band = judged(self._knowledge, rate, lines)
        return CauseFit(cause, old.prior, posterior, low, high, band, lines, old.unknown, near_miss=False)

    def _touched(self, supposition: Supposition) -> list[tuple[str, str]]:
        """Return each cause and group of evidence that reads what changed, in order."""
        groups_of = self._index.groups_of
        touched = {key for name in supposition.changed for key in groups_of.get(name, ())}
        return sorted(key for key in touched if key[0] in self.fits)

    def _lines(self, cause: str, group: str, values: Mapping[str, Value]) -> tuple[LedgerLine, ...]:
        return ledger_lines(self._known(cause, group, values), self._knowledge)

    def _known(self, cause: str, group: str, values: Mapping[str, Value]) -> Iterator[tuple[Weigher, Value | Record]]:
        return known_of(self._index.weighers_of[cause, group], values, self._diet, self._knowledge)


@dataclass(frozen=True, slots=True)
class SupposedUrgency:
    """How urgent it would be, and which rules would then fire or stop."""

    level: str
    started: tuple[str, ...]
    stopped: tuple[str, ...]


def supposed_urgency(knowledge: Knowledge, urgency: Urgency, supposition: Supposition, facts: Facts) -> SupposedUrgency:
    """Return the urgency under a supposition; only the rules that read what changed are evaluated.

    Args:
        knowledge: Whose rules.
        urgency: As it is.
        supposition: What is supposed.
        facts: What is known, with old results, beside which what is supposed may warn.
    """
    index, rules, values = _index(knowledge), compiled_rules(knowledge), supposition.values
    before = {each.rule for each in urgency.fired}
    calming = set(urgency.reassured_by)
    fired, reassured = set(before), set(calming)
    ever = values if facts.with_old is None else supposed_facts(facts, supposition).ever
    for at in sorted({at for name in supposition.changed for at in index.rules.get(name, ())}):
        each = rules[at]
        if each.rule.kind in (RED_FLAG, OLD_RESULT):
            _keep(
                fired,
                each.rule.id,
                holds=rule_fires(each, values, when=holds_today(each, values, ever) or each.when(values)),
            )
        elif each.rule.kind == REASSURING:
            _keep(reassured, each.rule.id, holds=reassures(each, values))
    if fired == before and reassured == calming and urgency.level != INSUFFICIENT:
        return SupposedUrgency(urgency.level, (), ())
    level = level_of(
        knowledge,
        (knowledge.rules[rule].urgency for rule in fired),
        reassured,
        child=urgency.child,
        told=told_something(knowledge, values),
    )
    return SupposedUrgency(level, tuple(sorted(fired - before)), tuple(sorted(before - fired)))


def _keep(members: set[str], name: str, *, holds: bool) -> None:
    if holds:
        members.add(name)
    else:
        members.discard(name)


def supposed_facts(facts: Facts, supposition: Supposition) -> Facts:
    """Return the facts under a supposition, for whatever reads facts as a whole."""
    changed = {name: supposition.values[name] for name in supposition.changed}
    return Facts(
        values=dict(supposition.values),
        origins=facts.origins,
        unknown=facts.unknown - set(supposition.changed),
        readings=facts.readings,
        notes=facts.notes,
        diet=facts.diet,
        changes=facts.changes,
        with_old=None if facts.with_old is None else {**facts.with_old, **changed},
        was_critical=facts.was_critical,
    )
