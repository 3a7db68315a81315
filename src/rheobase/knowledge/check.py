"""Check every fact: each id known, each rule reachable, each source cited, each probability sound."""

from __future__ import annotations

import re
from collections.abc import Iterable, Iterator
from itertools import chain

from rheobase.knowledge.check_advice import advice_problems
from rheobase.knowledge.check_intake import check_intake, check_intake_evidence, intake_sources
from rheobase.knowledge.check_interview import check_interview
from rheobase.knowledge.check_labs import check_labs, conditions_of_labs, sources_of_labs
from rheobase.knowledge.check_tests import check_tests, conditions_of_tests, sources_of_tests
from rheobase.knowledge.fibre_facts import cited_by_fibre
from rheobase.knowledge.lab_reading import check_lab_reading, load_lab_reading
from rheobase.knowledge.load import Knowledge
from rheobase.knowledge.menu import check_menu, cited_by_menu
from rheobase.knowledge.model import Evidence, Finding, Medicine, MedicineClass
from rheobase.knowledge.nerve_facts import cited_by_nerve
from rheobase.knowledge.nerve_presets import cited_by_presets
from rheobase.knowledge.pool_facts import cited_by_pool
from rheobase.knowledge.supplements import cited_by_supplements
from rheobase.logic import And, Atom, Compare, Expression, Has, In, Not, Or, atoms, render

ESTIMATE = "expert"
GRADES = frozenset({"A", "B", "C"})
SETTINGS = ("home", "primary_care", "specialist", "hospital")
_NUMBER_VALUE = re.compile(r"(<=|>=|<|>)\d+(\.\d+)?")


def check_knowledge(knowledge: Knowledge) -> tuple[str, ...]:
    """Return every problem found, each one line; empty when all is well.

    Args:
        knowledge: As loaded; loading itself has already refused unknown keys, repeated ids and broken conditions.
    """
    checks = (
        _sources(knowledge),
        _findings(knowledge),
        _causes(knowledge),
        _evidence(knowledge),
        _groups(knowledge),
        _rules(knowledge),
        _medicines(knowledge),
        check_labs(knowledge),
        advice_problems(knowledge, _names),
        _statements(knowledge),
        check_interview(knowledge),
        check_tests(knowledge),
        chain.from_iterable(_names(knowledge, *each) for each in conditions_of_tests(knowledge)),
        chain.from_iterable(_names(knowledge, *each) for each in conditions_of_labs(knowledge)),
        check_intake(knowledge.intake),
        check_lab_reading(knowledge.analytes, load_lab_reading()),
        check_intake_evidence(knowledge.intake, knowledge.findings, knowledge.evidence),
        check_menu(knowledge, _names),
    )
    return tuple(chain.from_iterable(checks))


def cited_sources(knowledge: Knowledge) -> frozenset[str]:
    """Return the id of every source that some fact cites."""
    cited: set[str | None] = {row.source for rows in knowledge.evidence.values() for row in rows}
    cited.update(intake_sources(knowledge.intake))
    cited.add(load_lab_reading().source)
    for table in (knowledge.causes, knowledge.rules, knowledge.medicines, knowledge.advice):
        cited.update(source for entry in table.values() for source in entry.sources)
    for finding in knowledge.findings.values():
        cited.update(background.source for background in finding.background)
    for cause in knowledge.causes.values():
        cited.update(each.source for each in cause.population_frequency)
        cited.update(each.source for each in cause.base_rates.values())
        cited.update(cause.reassurance_sources)
    cited.update(sources_of_labs(knowledge))
    for nutrient in knowledge.nutrients.values():
        cited.update(nutrient.fields.get("sources", ()))
    cited.update(source for each in knowledge.medicine_classes.values() for source in each.sources)
    cited.update(source for each in knowledge.combinations.values() for source in each.sources)
    cited.update(source for each in knowledge.statements.values() for source in each.sources)
    cited.update(region.source for region in knowledge.regions.values())
    cited.update(caution.source for item in knowledge.advice.values() for caution in item.cautions)
    cited.update(str(each["source"]) for each in knowledge.daily_amounts if "source" in each)
    cited.update(food.source for food in knowledge.foods.values())
    cited.update(source for substance in knowledge.substances.values() for source in substance.sources)
    cited.update(source for rule in knowledge.food_rules.values() for source in rule.sources)
    cited.update(sources_of_tests(knowledge))
    cited.update(cited_by_supplements())
    cited.update(cited_by_menu())
    cited.update(cited_by_nerve())
    cited.update(cited_by_presets())
    cited.update(cited_by_fibre())
    cited.update(cited_by_pool())
    for medicine in knowledge.medicines.values():
        cited.update(each.get("source") for each in medicine.interactions)
    return frozenset(source for source in cited if source)


def _sources(knowledge: Knowledge) -> Iterator[str]:
    cited = cited_sources(knowledge)
    for source in sorted(cited - knowledge.sources.keys()):
        yield f"source {source}: cited but not listed"
    for source in sorted(knowledge.sources.keys() - cited - {ESTIMATE}):
        yield f"source {source}: listed but nothing cites it"
    for entry in knowledge.sources.values():
        if entry.seen_grade not in GRADES:
            yield f"source {entry.id}: grade {entry.seen_grade!r} is not A, B or C"


def _findings(knowledge: Knowledge) -> Iterator[str]:
    for finding in knowledge.findings.values():
        if not finding.label:
            yield f"finding {finding.id}: no label"
        if finding.kind == "person" and not finding.question:
            yield f"finding {finding.id}: no question"
        if finding.type in ("choice", "sites") and not finding.options:
            yield f"finding {finding.id}: no options"
        for other in finding.implies:
            if other not in knowledge.findings:
                yield f"finding {finding.id}: implies unknown {other!r}"
        if finding.defined_by is not None:
            yield from _names(knowledge, f"finding {finding.id}", finding.defined_by)
        for each in finding.background:
            if not 0 < each.rate < 1:
                yield f"finding {finding.id}: background rate {each.rate} is not between 0 and 1"


def _causes(knowledge: Knowledge) -> Iterator[str]:
    for cause in knowledge.causes.values():
        for setting in SETTINGS:
            rate = cause.base_rates.get(setting)
            if rate is None:
                yield f"cause {cause.id}: no base rate for {setting}"
            elif not 0 < rate.low <= rate.point <= rate.high < 1:
                yield f"cause {cause.id}: base rate for {setting} is not ordered between 0 and 1"
        if cause.id not in knowledge.evidence:
            yield f"cause {cause.id}: no evidence"
        for other in cause.acts_through:
            if other not in knowledge.causes:
                yield f"cause {cause.id}: acts through unknown {other!r}"


def _evidence(knowledge: Knowledge) -> Iterator[str]:
    for cause, rows in knowledge.evidence.items():
        if cause not in knowledge.causes:
            yield f"evidence {cause}: no such cause"
        seen: set[tuple[str, str]] = set()
        for row in rows:
            where = f"evidence {cause}/{row.finding} {row.value}"
            if (row.finding, row.value) in seen:
                yield f"{where}: stands twice"
            seen.add((row.finding, row.value))
            finding = knowledge.findings.get(row.finding)
            yield from _row(where, row, finding)


def _row(where: str, row: Evidence, finding: Finding | None) -> Iterator[str]:
    if finding is None:
        yield f"{where}: no such finding"
    elif finding.type == "number" and not _NUMBER_VALUE.fullmatch(row.value):
        yield f"{where}: a number needs a threshold such as >=400"
    elif finding.type in ("choice", "sites") and row.value not in finding.options:
        yield f"{where}: no such option"
    elif finding.type == "yes_no" and row.value != "yes":
        yield f"{where}: a yes/no finding needs 'yes'"
    if not 0 < row.sensitivity <= 1 or not 0 < row.false_positive_rate < 1:
        yield f"{where}: probabilities must lie between 0 and 1"
    if row.grade not in GRADES or row.grade_fpr not in GRADES:
        yield f"{where}: grade is not A, B or C"


def _groups(knowledge: Knowledge) -> Iterator[str]:
    seen: dict[str, str] = {}
    for group in knowledge.groups.values():
        for finding in group.findings:
            if finding not in knowledge.findings:
                yield f"group {group.id}: unknown finding {finding!r}"
            if finding in seen:
                yield f"group {group.id}: {finding!r} is in {seen[finding]!r} too"
            seen[finding] = group.id


def _rules(knowledge: Knowledge) -> Iterator[str]:
    for rule in knowledge.rules.values():
        where = f"rule {rule.id}"
        if rule.urgency not in knowledge.levels:
            yield f"{where}: unknown level {rule.urgency!r}"
        yield from _names(knowledge, where, rule.when)
        if rule.unless is not None:
            yield from _names(knowledge, where, rule.unless)
            if rule.unless_by is None:
                yield f"{where}: 'unless' needs 'unless_by' (who says so)"
        for finding in rule.needs_absent:
            if finding not in knowledge.findings:
                yield f"{where}: unknown finding {finding!r}"
        if not rule.sources:
            yield f"{where}: no source"
        if not reachable(rule.when):
            yield f"{where}: can never fire: {render(rule.when)}"


def reachable(expression: Expression) -> bool:
    """Return whether some set of yes/no answers makes the condition true; numbers are taken as free."""
    names = sorted({leaf.name for leaf in atoms(expression)})
    return any(_satisfies(expression, name) for name in ("", *names))


def _satisfies(expression: Expression, denied: str) -> bool:
    """Whether the condition holds with every leaf true but one; enough for conditions without contradiction."""
    match expression:
        case And(parts):
            return all(_satisfies(part, denied) for part in parts)
        case Or(parts):
            return any(_satisfies(part, denied) for part in parts)
        case Not():
            return True
        case _:
            return expression.name != denied


def _names(knowledge: Knowledge, where: str, expression: Expression) -> Iterator[str]:
    for leaf in atoms(expression):
        if leaf.name.startswith("lab."):
            if leaf.name.removeprefix("lab.") not in knowledge.analytes:
                yield f"{where}: unknown laboratory value {leaf.name!r}"
            continue
        finding = knowledge.findings.get(leaf.name)
        if finding is None:
            yield f"{where}: unknown finding {leaf.name!r}"
            continue
        fits = {
            Atom: finding.type == "yes_no",
            Has: finding.type == "sites",
            In: finding.type == "choice",
            Compare: finding.type in ("number", "choice"),
        }.get(type(leaf), True)
        if not fits:
            yield f"{where}: {render(leaf)!r} does not suit a {finding.type} finding"
        match leaf:
            case Has(_, option) if option not in finding.options:
                yield f"{where}: {leaf.name} has no option {option!r}"
            case In(_, options):
                for option in options:
                    if option not in finding.options:
                        yield f"{where}: {leaf.name} has no option {option!r}"


def _medicines(knowledge: Knowledge) -> Iterator[str]:
    classes = knowledge.medicine_classes.values()
    entries: tuple[Medicine | MedicineClass, ...] = (*knowledge.medicines.values(), *classes)
    for entry in entries:
        implied: Iterable[str] = (*entry.implies, *entry.implies_after_months, *entry.implies_when_stopped)
        for finding in implied:
            if finding not in knowledge.findings:
                yield f"medicine {entry.id}: implies unknown {finding!r}"


def _statements(knowledge: Knowledge) -> Iterator[str]:
    tables = {
        "cause": knowledge.causes,
        "finding": knowledge.findings,
        "rule": knowledge.rules,
        "advice": knowledge.advice,
        "nutrient": knowledge.nutrients,
        "medicine": knowledge.medicines,
        "analyte": knowledge.analytes,
        "pattern": knowledge.patterns,
        "source": knowledge.sources,
    }
    evidence = {f"{c}/{row.finding}" for c, rows in knowledge.evidence.items() for row in rows}
    for statement in knowledge.statements.values():
        for fact in statement.carried_by:
            kind, _, name = fact.partition(":")
            known = name in evidence if kind == "evidence" else name in tables.get(kind, {})
            if not known:
                yield f"seed statement {statement.id}: carried by unknown {fact!r}"
