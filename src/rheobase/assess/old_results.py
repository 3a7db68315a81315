"""Old blood tests: what they still say today, and what they no longer decide.

A result speaks for today for as long as its analyte's span (``lab_spans.toml``). Beyond that it weighs nothing in the
causes and silences no warning sign. It is not forgotten either:

- A warning sign that rests on old results alone is not "now", but nobody knows that it was mended: a finding
  ``lab_was_<level>`` takes its place, whose own rule asks for the test to be measured again soon.
- A warning sign that needs something present today beside the old result (spasms, and a magnesium that was low) fires
  in full: age alone does not silence it. ``urgency`` decides that.
- Advice that an old result forbade stays forbidden, and patterns are still named, as of then (``Facts.ever``).

A result without a date counts as today's: unknown is not old. Where one analyte has results with and without a date, it
is not known which is newer: one is used, and what the other would have been urgent for is to be measured again.
"""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from dataclasses import replace
from datetime import date

from rheobase.assess.facts import Facts, gather
from rheobase.assess.lab_reading import Reading
from rheobase.assess.urgency import RED_FLAG, CompiledRule, compiled_rules, holds_today, rule_fires
from rheobase.knowledge import Knowledge
from rheobase.logic import names
from rheobase.person import LabResult, Person
from rheobase.plain_text import in_sentence

WAS = "lab_was_"


def gather_on(person: Person, knowledge: Knowledge, *, on: date) -> Facts:
    """Return what is known of a person today; results too old to speak for today stand in ``ever`` alone.

    Args:
        person: What was told.
        knowledge: What is known, with how long each result speaks.
        on: Today.

    Raises:
        UnknownUnitError: A laboratory result has a unit that its analyte does not know.
    """
    everything = gather(person, knowledge)
    unclear = _undated_beside_dated(person.labs)
    fresh = tuple(each for each in person.labs if not is_old(each, knowledge, on=on))
    if len(fresh) == len(person.labs) and not unclear:
        return everything
    facts = everything
    if len(fresh) < len(person.labs):
        facts = gather(replace(person, labs=fresh), knowledge)
        facts.readings, facts.changes, facts.with_old = everything.readings, everything.changes, everything.values
        facts.notes = everything.notes
    _measure_again(knowledge, facts, everything)
    for name in unclear:
        _either(person, knowledge, facts, name)
    return facts


def is_old(result: LabResult, knowledge: Knowledge, *, on: date) -> bool:
    """Return whether a result is too old to speak for today; one without a date is not.

    Args:
        result: As the laboratory gave it.
        knowledge: How long each analyte speaks.
        on: Today.
    """
    span = knowledge.lab_spans.get(result.analyte)
    return span is not None and result.taken is not None and (on - result.taken).days > span.days


def _undated_beside_dated(labs: Iterable[LabResult]) -> tuple[str, ...]:
    """Return the analytes that have results with and without a date, in order."""
    dated: dict[str, set[bool]] = {}
    for each in labs:
        dated.setdefault(each.analyte, set()).add(each.taken is not None)
    return tuple(name for name, kinds in dated.items() if len(kinds) > 1)


def _either(person: Person, knowledge: Knowledge, facts: Facts, name: str) -> None:
    """Say which of two results is used, of which the newer is not known; let what the other would raise be measured."""
    used = next((each.result for each in facts.readings if each.analyte == name and each.result is not None), None)
    if used is None:
        return
    with_date = used.taken is not None
    others = tuple(each for each in person.labs if each.analyte != name or (each.taken is not None) is not with_date)
    facts.notes.append(
        f"{knowledge.analytes[name].name} was given with and without a date, so which is newer is not known. The one "
        f"{f'of {used.taken.isoformat()}' if used.taken is not None else 'without a date'} is used. Write the dates."
    )
    _measure_again(knowledge, facts, gather(replace(person, labs=others), knowledge))


def _measure_again(knowledge: Knowledge, facts: Facts, other: Facts) -> None:
    """Set ``lab_was_<level>`` for each warning sign that other results alone would raise, and today's do not."""
    for each in sorted(_raised_elsewhere(knowledge, facts, other), key=lambda rule: rule.order):
        name = f"{WAS}{each.rule.urgency}"
        if name not in knowledge.findings:
            continue
        results = _results(each, other.readings, knowledge)
        origin = f"{in_sentence(each.rule.title)}: {results}"
        if not any(said.endswith(f": {results}") for said in facts.was_critical):
            # Of several warning signs by the same results the most urgent is said.
            facts.was_critical.append(origin)
        for values in (facts.values, facts.ever):
            values[name] = True
        facts.origins.setdefault(name, origin)


def _raised_elsewhere(knowledge: Knowledge, facts: Facts, other: Facts) -> Iterator[CompiledRule]:
    for each in compiled_rules(knowledge):
        there, here = (rule_fires(each, of.values, when=each.when(of.values)) for of in (other, facts))
        if each.rule.kind == RED_FLAG and there and not here and not holds_today(each, facts):
            yield each


def _results(each: CompiledRule, readings: Iterable[Reading], knowledge: Knowledge) -> str:
    """Return the results that a warning sign rests on, with their days."""
    read = set(each.names)
    for name in each.names:
        finding = knowledge.findings.get(name)
        read.update(names(finding.defined_by) if finding is not None and finding.defined_by is not None else ())
    taken = {one.analyte: one.result.taken for one in readings if one.result is not None and one.result.taken}
    said = []
    for one in (one for one in readings if not read.isdisjoint(one.sets)):
        # What is worked out is as old as the oldest result that it comes from.
        days = [taken[name] for name in (one.analyte, *knowledge.analytes[one.analyte].derived_from) if name in taken]
        said.append(f"{one.words} on {min(days).isoformat()}" if days else one.words)
    return ", ".join(dict.fromkeys(said))
