"""Blood tests as plain data: results in both unit systems, derived values, changes, patterns, limits."""

from __future__ import annotations

from typing import Any

from rheobase.assess.facts import Facts
from rheobase.assess.labs import Reading
from rheobase.knowledge import Knowledge
from rheobase.labs.limits import limits_of_results
from rheobase.labs.patterns import read_patterns
from rheobase.labs.ranges import context_range
from rheobase.labs.trend import Change
from rheobase.report.labs_words import conventional, flag_of, grade_of, needed, own_figures, range_flag


def labs_json(facts: Facts, knowledge: Knowledge) -> dict[str, Any]:
    """Return the results and what they mean as plain data: same input, same bytes.

    Args:
        facts: What is known, with readings and changes.
        knowledge: Patterns, ranges, limits.
    """
    seen, waiting = read_patterns(knowledge, facts.ever)
    return {
        "results": [_result(each, facts, knowledge) for each in facts.readings if each.result is not None],
        "derived": [_derived(each, knowledge) for each in facts.readings if each.result is None],
        "changes": [_change(each, knowledge) for each in facts.changes],
        "patterns": [_pattern(each, facts, knowledge) for each in seen],
        "open_patterns": [
            {
                **_pattern(each.pattern, facts, knowledge),
                "needs": list(each.needs),
                "needs_in_words": list(needed(each.needs, knowledge, facts)),
            }
            for each in waiting
        ],
        "limits": [
            {"id": each.id, "text": each.text, "source": each.source, "grade": each.grade}
            for each in limits_of_results(knowledge, facts.ever)
        ],
    }


def _result(reading: Reading, facts: Facts, knowledge: Knowledge) -> dict[str, Any]:
    analyte, result = knowledge.analytes[reading.analyte], reading.result
    other = conventional(analyte)
    usual = context_range(knowledge, reading.analyte, facts.ever)
    told = None
    if result is not None:
        told = {
            "value": result.value,
            "unit": result.unit,
            "comparator": result.comparator,
            "flag": result.flag,
            "low": result.low,
            "high": result.high,
            "taken": None if result.taken is None else result.taken.isoformat(),
            "original": result.original,
        }
    return {
        "analyte": reading.analyte,
        "name": analyte.name,
        "loinc": dict(analyte.loinc),
        "reported": told,
        "si": {"value": reading.value, "unit": analyte.unit_si},
        "conventional": None
        if other is None or reading.value is None
        else {"value": reading.value / other.to_si, "unit": other.unit},
        "flag": flag_of(reading, knowledge, facts.ever),
        "flag_by_range": range_flag(reading, knowledge, facts.ever),
        "grade": grade_of(reading, knowledge, facts.ever),
        "usual": None
        if usual is None
        else {
            "low": usual.low,
            "high": usual.high,
            "unit": analyte.unit_si,
            "words": usual.words,
            "source": usual.source,
            "grade": usual.grade,
        },
    }


def _derived(reading: Reading, knowledge: Knowledge) -> dict[str, Any]:
    formula = knowledge.formulas.get(reading.formula)
    analyte = knowledge.analytes[reading.analyte]
    return {
        "analyte": reading.analyte,
        "name": analyte.name,
        "value": reading.value,
        "unit": analyte.unit_si,
        "words": reading.words,
        "formula": None
        if formula is None
        else {
            "id": formula.id,
            "formula": formula.formula,
            "source": formula.source,
            "grade": formula.grade,
            "caution": formula.caution,
        },
    }


def _change(change: Change, knowledge: Knowledge) -> dict[str, Any]:
    return {
        "analyte": change.analyte,
        "unit": knowledge.analytes[change.analyte].unit_si,
        "results": [
            {"on": each.on.isoformat(), "value": each.value, "limit_only": each.limit} for each in change.results
        ],
        "share": change.share,
        "days": change.days,
        "beyond_chance": change.beyond,
        "fall_limit": None if change.limits is None else change.limits.fall,
        "rise_limit": None if change.limits is None else change.limits.rise,
    }


def _pattern(name: str, facts: Facts, knowledge: Knowledge) -> dict[str, Any]:
    pattern = knowledge.patterns[name]
    return {
        "id": pattern.id,
        "name": pattern.name,
        "means": pattern.means,
        "strength": pattern.strength,
        "grade": pattern.grade,
        "your_results": list(own_figures(pattern, knowledge, facts)),
        "also": list(pattern.also),
        "settles": pattern.settles,
        "next_step": pattern.next_step,
        "causes": list(pattern.causes),
        "sources": list(pattern.sources),
    }
