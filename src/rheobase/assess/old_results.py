"""Old blood tests: what they still say today, and what they no longer decide.

A result speaks for today for as long as its analyte's span (``lab_spans.toml``). Beyond that it weighs nothing in the
causes and silences no warning sign. It is not forgotten either:

- A warning sign that rests on old results alone is not "now", but nobody knows that it was mended: a finding
  ``lab_was_<level>`` takes its place, whose own rule asks for the test to be measured again soon. There is one for
  each level down to "within days"; what was milder is shown with its day and asks for nothing.
- A warning sign that needs something present today beside the old result (spasms, and a magnesium that was low) fires
  in full: age alone does not silence it. ``urgency`` decides that.
- Advice that an old result forbade stays forbidden, and patterns are still named, as of then (``Facts.ever``).

A result without a date counts as today's: unknown is not old. Where one analyte has two results of which the newer is
not known (one or both without a date, or of one day without an hour), one is used, and what the other would have been
urgent for is to be measured again.
"""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from dataclasses import replace
from datetime import date

from rheobase.assess.facts import Facts, gather
from rheobase.assess.lab_newest import is_newer, newer_is_unknown
from rheobase.assess.lab_reading import Reading
from rheobase.assess.urgency import RED_FLAG, CompiledRule, compiled_rules, holds_today, rule_fires
from rheobase.errors import DataRefusedError
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
    unclear = _unclear(person.labs, everything)
    fresh = tuple(each for each in person.labs if not is_old(each, knowledge, on=on))
    if len(fresh) == len(person.labs) and not unclear:
        return everything
    facts = everything
    if len(fresh) < len(person.labs):
        facts = gather(replace(person, labs=fresh), knowledge)
        today = {each.analyte: each for each in facts.readings if each.result is not None}
        # Where an old result is listed after one without a date, the one that counts today is shown.
        facts.readings = tuple(today.get(each.analyte, each) for each in everything.readings)
        facts.changes, facts.with_old = everything.changes, everything.values
        facts.notes = everything.notes
    _measure_again(knowledge, facts, everything)
    for name, others in unclear.items():
        _either(person, knowledge, facts, (name, others))
    return facts


def facts_of(person: Person, knowledge: Knowledge, *, on: date | None) -> Facts:
    """Return what is known of a person on a day; without one only where no result's age matters.

    Args:
        person: What was told.
        knowledge: What is known.
        on: Today; None where no result has a date.

    Raises:
        DataRefusedError: A result that can be too old has a date, and today is not said: old is not "as of today".
    """
    if on is not None:
        return gather_on(person, knowledge, on=on)
    dated = next((each for each in person.labs if each.taken is not None and each.analyte in knowledge.lab_spans), None)
    if dated is not None:
        raise DataRefusedError(
            f"the result {dated.analyte!r} has a date ({dated.taken}), so the day that is judged has to be said: "
            "on=date(year, month, day)"
        )
    return gather(person, knowledge)


def is_old(result: LabResult, knowledge: Knowledge, *, on: date) -> bool:
    """Return whether a result is too old to speak for today; one without a date is not.

    Args:
        result: As the laboratory gave it.
        knowledge: How long each analyte speaks.
        on: Today.
    """
    span = knowledge.lab_spans.get(result.analyte)
    return span is not None and result.taken is not None and (on - result.taken).days > span.days


def _unclear(labs: Iterable[LabResult], everything: Facts) -> dict[str, tuple[LabResult, ...]]:
    """Return the results that differ from the one of their analyte that is used, and may be newer; by analyte."""
    by_analyte: dict[str, list[LabResult]] = {}
    for each in labs:
        by_analyte.setdefault(each.analyte, []).append(each)
    used = {each.analyte: each.result for each in everything.readings if each.result is not None}
    found: dict[str, tuple[LabResult, ...]] = {}
    for name, results in by_analyte.items():
        one = used.get(name)
        if one is None or len(results) == 1:
            continue
        others = {
            _says(each): each
            for each in _not_superseded(results)
            if _says(each) != _says(one) and newer_is_unknown(each, one)
        }
        if others:
            found[name] = _ends(others.values())
    return found


def _not_superseded(results: Iterable[LabResult]) -> list[LabResult]:
    """Return the results without a date, and of the newest day those without an hour and the last of those with one."""
    held = list(results)
    newest = max((each.taken for each in held if each.taken is not None), default=None)
    kept = [each for each in held if each.taken is None or (each.taken == newest and not each.time)]
    # With and without a zone hours can't be compared.
    last: dict[bool, LabResult] = {}
    for each in (one for one in held if one.taken is not None and one.taken == newest and one.time):
        zoned = each.time.endswith("Z") or "+" in each.time or "-" in each.time
        if zoned not in last or is_newer(each, last[zoned]):
            last[zoned] = each
    return [*kept, *last.values()]


def _says(result: LabResult) -> tuple[object, ...]:
    return result.value, result.unit, result.comparator, result.flag, result.low, result.high


def _ends(others: Iterable[LabResult]) -> tuple[LabResult, ...]:
    """Return the lowest and the highest of those alike but for the number, and every one without: none says worse."""
    plain: list[LabResult] = []
    numbers: dict[tuple[object, ...], list[LabResult]] = {}
    for each in others:
        (plain if each.value is None else numbers.setdefault(_says(each)[1:], [])).append(each)
    for alike in numbers.values():
        ordered = sorted(alike, key=lambda one: one.value or 0.0)
        plain.extend(dict.fromkeys((ordered[0], ordered[-1])))
    return tuple(plain)


def _either(person: Person, knowledge: Knowledge, facts: Facts, unclear: tuple[str, tuple[LabResult, ...]]) -> None:
    """Say which of several results counts today, where the newest is not known; let what another raises be measured."""
    name, others = unclear
    used = next((each for each in facts.readings if each.analyte == name and each.result is not None), None)
    if used is None or used.result is None:
        return
    taken = used.result.taken
    if len({each.taken is None for each in person.labs if each.analyte == name}) > 1:
        said = "with and without a date"
        which = f"'{used.words}' " + ("without a date" if taken is None else f"of {taken.isoformat()}")
    else:
        said = "differently, " + ("without a date" if taken is None else f"for {taken.isoformat()}")
        which = f"'{used.words}'"
    facts.notes.append(
        f"{knowledge.analytes[name].name} was given {said}, so which is newer is not known. {which} is used. "
        "Write the dates, and the hours of results of one day."
    )
    rest = tuple(each for each in person.labs if each.analyte != name)
    for other in others:
        _measure_again(knowledge, facts, gather(replace(person, labs=(*rest, other)), knowledge))


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
        if each.rule.kind == RED_FLAG and there and not here and not holds_today(each, facts.values, facts.ever):
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
