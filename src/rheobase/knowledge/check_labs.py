"""Check what is known of laboratory results: analytes, ranges, variation, limits, grades and patterns."""

from __future__ import annotations

from collections.abc import Iterator

from rheobase.knowledge.load import Knowledge
from rheobase.knowledge.model import OLD_RESULT
from rheobase.knowledge.model_labs import NOT_GRADED, STRENGTHS, LabGrade
from rheobase.logic import Expression, names

SEXES = (None, "female", "male")
LAB, WAS = "lab.", "lab_was_"


def sources_of_labs(knowledge: Knowledge) -> Iterator[str | None]:
    """Yield every source that a fact about laboratory results cites."""
    for analyte in knowledge.analytes.values():
        yield from (*analyte.sources, analyte.reference_source, analyte.conversion_source)
        limits = (*analyte.critical, *analyte.decision_limits)
        yield from (each.get("source") for each in limits if isinstance(each, dict))
    yield from (formula.source for formula in knowledge.formulas.values())
    yield from (source for each in knowledge.patterns.values() for source in each.sources)
    for table in (knowledge.lab_ranges, knowledge.lab_variations, knowledge.lab_limits, knowledge.lab_grades):
        yield from (entry.source for entry in table.values())
    yield from (span.source for span in knowledge.lab_spans.values())


def conditions_of_labs(knowledge: Knowledge) -> Iterator[tuple[str, Expression]]:
    """Yield every condition of a pattern and of a limit, with the place where it stands."""
    for pattern in knowledge.patterns.values():
        yield f"pattern {pattern.id}", pattern.when
        if pattern.suspect is not None:
            yield f"pattern {pattern.id}", pattern.suspect
    yield from ((f"lab_limit {limit.id}", limit.when) for limit in knowledge.lab_limits.values())


def check_labs(knowledge: Knowledge) -> Iterator[str]:
    """Yield one line for each thing that is wrong with the facts about laboratory results."""
    yield from _analytes(knowledge)
    yield from _patterns(knowledge)
    yield from _ranges(knowledge)
    for variation in knowledge.lab_variations.values():
        if variation.id not in knowledge.analytes:
            yield f"lab_variation {variation.id}: no such analyte"
        if variation.within <= 0 or variation.analytical <= 0:
            yield f"lab_variation {variation.id}: a coefficient of variation is above 0"
    yield from _spans(knowledge)
    yield from _old_results(knowledge)
    for grade in knowledge.lab_grades.values():
        yield from (f"lab_grade {grade.id}: {problem}" for problem in _grade(grade, knowledge))


def _patterns(knowledge: Knowledge) -> Iterator[str]:
    for pattern in knowledge.patterns.values():
        if pattern.strength not in STRENGTHS:
            yield f"pattern {pattern.id}: strength {pattern.strength!r} is not one of {', '.join(STRENGTHS)}"
        if not pattern.sources:
            yield f"pattern {pattern.id}: no source"
        unknown = (cause for cause in pattern.causes if cause not in knowledge.causes)
        yield from (f"pattern {pattern.id}: unknown cause {cause!r}" for cause in unknown)


def _ranges(knowledge: Knowledge) -> Iterator[str]:
    for entry in knowledge.lab_ranges.values():
        if entry.analyte not in knowledge.analytes:
            yield f"lab_range {entry.id}: unknown analyte {entry.analyte!r}"
        if entry.low is not None and entry.high is not None and entry.low >= entry.high:
            yield f"lab_range {entry.id}: low is not below high"
        if entry.sex not in SEXES:
            yield f"lab_range {entry.id}: sex {entry.sex!r} is not female or male"


def _spans(knowledge: Knowledge) -> Iterator[str]:
    """Every analyte that a laboratory reports says how long it speaks; what is worked out follows its inputs."""
    for span in knowledge.lab_spans.values():
        if span.id not in knowledge.analytes:
            yield f"lab_span {span.id}: no such analyte"
        if span.days <= 0:
            yield f"lab_span {span.id}: a span is above 0 days"
    yield from (f"analyte {name}: no lab_span" for name in knowledge.analytes if name not in knowledge.lab_spans)


def _old_results(knowledge: Knowledge) -> Iterator[str]:
    """Every ``lab_was_<level>`` is of a level and has its rule, and no level is left out above the mildest of them."""
    named = {name.removeprefix(WAS): name for name in knowledge.findings if name.startswith(WAS)}
    yield from (f"finding {name}: no such level" for level, name in named.items() if level not in knowledge.levels)
    ruled = {each for rule in knowledge.rules.values() if rule.kind == OLD_RESULT for each in names(rule.when)}
    yield from (f"finding {name}: no rule of the kind {OLD_RESULT!r}" for name in named.values() if name not in ruled)
    mildest = max((level.order for level in knowledge.levels.values() if level.id in named), default=0)
    for level in knowledge.levels.values():
        if level.order < mildest and level.id not in named:
            yield f"level {level.id}: no finding {WAS}{level.id}, so that an old result of it is forgotten"


def _analytes(knowledge: Knowledge) -> Iterator[str]:
    for analyte in knowledge.analytes.values():
        flags = (analyte.low_finding, analyte.high_finding, analyte.positive_finding, analyte.negative_finding)
        for finding in (*flags, *analyte.findings):
            if finding is not None and finding not in knowledge.findings:
                yield f"analyte {analyte.id}: unknown finding {finding!r}"
        if analyte.unit_si and analyte.unit_si not in {each.unit for each in analyte.units}:
            yield f"analyte {analyte.id}: its SI unit is not among its units"
        for name in analyte.derived_from:
            if name not in knowledge.analytes:
                yield f"analyte {analyte.id}: derived from unknown {name!r}"
        if analyte.formula is not None and analyte.formula not in knowledge.formulas:
            yield f"analyte {analyte.id}: unknown formula {analyte.formula!r}"


def _grade(grade: LabGrade, knowledge: Knowledge) -> Iterator[str]:
    finding = knowledge.findings.get(grade.id)
    options = {NOT_GRADED, *(step.option for step in grade.steps)}
    if finding is None or finding.type != "choice" or set(finding.options) != options:
        yield f"needs a choice finding of that id with the options {', '.join(sorted(options))}"
    if grade.of not in knowledge.findings:
        yield f"unknown finding {grade.of!r}"
    if knowledge.group_of.get(grade.id, grade.id) != knowledge.group_of.get(grade.of, grade.of):
        yield f"stands in another group than {grade.of}"
    if not grade.value.startswith(LAB) or grade.value.removeprefix(LAB) not in knowledge.analytes:
        yield f"unknown laboratory value {grade.value!r}"
    if not grade.steps or grade.steps[-1].below is not None or grade.steps[-1].least is not None:
        yield "the last step has no limit: it takes the rest"
