"""What could be asked, examined or tested, part by part, and the results that each part can have."""

from __future__ import annotations

import functools
import math
from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass

from rheobase.assess.facts import Facts, fits_the_person
from rheobase.assess.prediction import chance_present, ranges
from rheobase.knowledge import Finding, Knowledge
from rheobase.knowledge.model_tests import LAB, Test
from rheobase.logic import evaluate
from rheobase.person import Value

PERSON, YES_NO = "person", "yes_no"
PRESENT, ABSENT, LOW, NORMAL, HIGH = "present", "absent", "low", "normal", "high"


@dataclass(frozen=True, slots=True)
class Option:
    """One possible result.

    Attributes:
        id: ``present``, ``absent``, ``low``, ``normal``, ``high``, an option of a choice, or the id in tests.toml.
        words: What follows "if"; empty for an answer to a question.
        sets: What would then be known.
        chance: How likely it is.
        low: Of a range of numbers, its lower end; minus infinity for none.
        high: Its upper end, which does not belong to it.
    """

    id: str
    words: str
    sets: Mapping[str, Value]
    chance: float = 0.0
    low: float = -math.inf
    high: float = math.inf


@dataclass(frozen=True, slots=True)
class Part:
    """One thing that is answered, and the results that exclude each other; their chances add up to 1."""

    id: str
    options: tuple[Option, ...]


@functools.lru_cache(maxsize=4)
def _parts(knowledge: Knowledge) -> Mapping[str, tuple[Part, ...]]:
    """Return the parts of every test, before anything is known of a person."""
    return {test.id: tuple(_parts_of(test, knowledge)) for test in knowledge.tests.values()}


def _parts_of(test: Test, knowledge: Knowledge) -> Iterator[Part]:
    written: dict[str, list[Option]] = {}
    for result in test.results:
        written.setdefault(result.part, []).append(Option(result.id, result.words, result.sets))
    for part, options in written.items():
        yield Part(part, tuple(options))
    covered = {name for result in test.results for name in result.sets}
    for analyte in test.analytes:
        yield Part(analyte, tuple(_flags(test, analyte, knowledge)))
    for name in test.gives:
        finding = knowledge.findings.get(name)
        if finding is not None and finding.type == YES_NO and name not in covered:
            shows, lacks = test.words.get(name, (finding.label, f"no {finding.label}"))
            yield Part(name, (Option(PRESENT, shows, {name: True}), Option(ABSENT, lacks, {name: False})))


def _flags(test: Test, analyte: str, knowledge: Knowledge) -> Iterator[Option]:
    entry = knowledge.analytes[analyte]
    name = test.called.get(LAB + analyte, entry.name)
    ends = {LOW: entry.low_finding, HIGH: entry.high_finding}
    findings = [finding for finding in ends.values() if finding is not None]
    for flag in (LOW, NORMAL, HIGH):
        if flag == NORMAL or ends[flag] is not None:
            sets = {finding: finding == ends.get(flag) for finding in findings}
            yield Option(flag, f"{name} is {flag}", sets)


def open_parts(test: Test, knowledge: Knowledge, facts: Facts, posteriors: Mapping[str, float]) -> tuple[Part, ...]:
    """Return the parts of a test that would tell something new, with the chance of each result.

    What a person can say is not tested unless they were asked and do not know.
    """
    if test.offer_when is not None and evaluate(test.offer_when, facts.values) is not True:
        return ()
    parts = []
    for part in _parts(knowledge)[test.id]:
        options = tuple(option for option in part.options if _possible(option.sets, facts.values))
        named = [name for option in options if (name := _named_by(option)) is not None]
        if len(options) == 1 or any(name in facts.values for name in named) or not named:
            continue
        if any(knowledge.findings[name].kind == PERSON and name not in facts.unknown for name in named):
            continue
        parts.append(Part(part.id, tuple(_with_chances(options, knowledge, posteriors))))
    return tuple(parts)


def _possible(sets: Mapping[str, Value], values: Mapping[str, Value]) -> bool:
    return all(values.get(name, value) == value for name, value in sets.items())


def _named_by(option: Option) -> str | None:
    """Return the finding whose presence is this result; none for the result that only denies."""
    return next((name for name, value in option.sets.items() if value is True), None)


def _with_chances(
    options: tuple[Option, ...], knowledge: Knowledge, posteriors: Mapping[str, float]
) -> Iterator[Option]:
    leads = [_named_by(option) for option in options]
    chances = [0.0 if lead is None else chance_present(knowledge, posteriors, lead) for lead in leads]
    rest, denials = max(0.0, 1 - sum(chances)), leads.count(None)
    if denials:
        chances = [rest / denials if lead is None else chance for lead, chance in zip(leads, chances, strict=True)]
    total = sum(chances)
    for option, chance in zip(options, chances, strict=True):
        yield Option(option.id, option.words, option.sets, chance / total)


def question(finding: Finding, knowledge: Knowledge, posteriors: Mapping[str, float]) -> Part | None:
    """Return a question with its possible answers; None if it has none that could be told apart."""
    name = finding.id
    if finding.type == YES_NO:
        yes = chance_present(knowledge, posteriors, name)
        return Part(name, (Option(PRESENT, "", {name: True}, yes), Option(ABSENT, "", {name: False}, 1 - yes)))
    found = ranges(knowledge, posteriors, name)
    if len(found) in (0, 1):
        return None
    return Part(
        name,
        tuple(
            Option(each.value if isinstance(each.value, str) else str(at), "", {name: each.value}, each.chance)
            if isinstance(each.value, str)
            else Option(str(at), "", {name: each.value}, each.chance, each.low, each.high)
            for at, each in enumerate(found)
        ),
    )


def open_questions(knowledge: Knowledge, facts: Facts, names: Iterable[str]) -> Iterator[Finding]:
    """Yield the findings among ``names`` that a person can still be asked: not known, not asked before."""
    for name in names:
        finding = knowledge.findings.get(name)
        if finding is None or name in facts.values or name in facts.unknown:
            continue
        # Age and sex are asked of everybody at the start; a count of places follows from the places.
        if finding.kind != PERSON or finding.group == PERSON or finding.counts is not None:
            continue
        if fits_the_person(finding, facts):
            yield finding
