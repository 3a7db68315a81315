"""Check the tests: ids known, sources cited, results sound, and every clinician's finding given by some test."""

from __future__ import annotations

from collections.abc import Iterator

from rheobase.knowledge.load import Knowledge
from rheobase.knowledge.model import OLD_RESULT
from rheobase.knowledge.model_tests import KINDS, LAB, Test
from rheobase.logic import Expression, names

TESTED = ("lab", "exam", "test")


def sources_of_tests(knowledge: Knowledge) -> Iterator[str]:
    """Yield every source that a test or one of its limits cites."""
    for test in knowledge.tests.values():
        yield from test.sources
        yield from (limit.source for limit in test.limits)
    yield from knowledge.settling.sources


def conditions_of_tests(knowledge: Knowledge) -> Iterator[tuple[str, Expression]]:
    """Yield every condition of a test, with the place where it stands."""
    for test in knowledge.tests.values():
        conditions = (test.offer_when, *(limit.when for limit in test.limits))
        yield from ((f"test {test.id}", condition) for condition in conditions if condition is not None)


def check_tests(knowledge: Knowledge) -> Iterator[str]:
    """Yield one line for each thing that is wrong with the tests."""
    # A grade says how far out of range a result is; whatever gives the result gives the grade.
    given: set[str] = set(knowledge.lab_grades)
    for test in knowledge.tests.values():
        given.update(_given(test, knowledge))
        yield from (f"test {test.id}: {problem}" for problem in _test(test, knowledge))
    for rule in knowledge.rules.values():
        unknown = sorted(set(rule.asks_for) - knowledge.tests.keys())
        yield from (f"rule {rule.id}: asks for unknown test {name!r}" for name in unknown)
    # What an old result says follows from the result; nobody orders it.
    given.update(name for rule in knowledge.rules.values() if rule.kind == OLD_RESULT for name in names(rule.when))
    for finding in knowledge.findings.values():
        if finding.kind in TESTED and finding.id not in given:
            yield f"finding {finding.id}: no test gives it"


def _given(test: Test, knowledge: Knowledge) -> Iterator[str]:
    yield from test.gives
    for analyte in test.analytes:
        if (entry := knowledge.analytes.get(analyte)) is not None:
            yield from filter(None, (entry.low_finding, entry.high_finding))


def _test(test: Test, knowledge: Knowledge) -> Iterator[str]:
    scale = knowledge.settling
    if test.kind not in KINDS:
        yield f"kind {test.kind!r} is not one of {', '.join(KINDS)}"
    if not 0 <= test.burden < len(scale.burden) or not 0 <= test.cost < len(scale.cost):
        yield "burden and cost go from 0 to 4"
    if not test.sources:
        yield "no source"
    for name in test.gives:
        known = knowledge.analytes if name.startswith(LAB) else knowledge.findings
        if name.removeprefix(LAB) not in known:
            yield f"gives unknown {name!r}"
    for name in test.orders:
        if name not in knowledge.analytes:
            yield f"orders unknown analyte {name!r}"
    for name in test.contains:
        if name not in knowledge.tests:
            yield f"contains unknown test {name!r}"
    for name in (*test.words, *test.called):
        if name not in test.gives:
            yield f"words for {name!r}, which it does not give"
    yield from _results(test, knowledge)
    yield from _limits(test, knowledge)


def _results(test: Test, knowledge: Knowledge) -> Iterator[str]:
    parts: dict[str, int] = {}
    for result in test.results:
        parts[result.part] = parts.get(result.part, 0) + 1
        for name in result.sets:
            if name not in knowledge.findings:
                yield f"result {result.id}: sets unknown {name!r}"
            elif name not in test.gives:
                yield f"result {result.id}: sets {name!r}, which it does not give"
    for part, count in parts.items():
        if count == 1:
            yield f"part {part}: one result only"


def _limits(test: Test, knowledge: Knowledge) -> Iterator[str]:
    results = {result.id for result in test.results} | {"present", "absent", "low", "normal", "high"}
    for limit in test.limits:
        if limit.result and limit.result not in results:
            yield f"limit for unknown result {limit.result!r}"
        for cause in limit.causes:
            if cause not in knowledge.causes:
                yield f"limit for unknown cause {cause!r}"
