"""An assessment as JSON, versioned."""

from __future__ import annotations

import dataclasses
from typing import Any

from rheobase import __version__
from rheobase.assess import Assessment
from rheobase.assess.causes import CauseFit
from rheobase.assess.settle import Settling, what_would_settle
from rheobase.knowledge import Knowledge
from rheobase.report.document import Document
from rheobase.report.labs_json import labs_json
from rheobase.report.nerve_section import nerve_section_json
from rheobase.report.plan_json import plan_json, withheld_json
from rheobase.report.record_words import diet_json, record_json
from rheobase.report.settle_json import settling_json

SCHEMA_VERSION = 1


def assessment_json(
    assessment: Assessment, knowledge: Knowledge, document: Document, settlings: tuple[Settling, ...] | None = None
) -> dict[str, Any]:
    """Return the assessment as plain data: same input, same bytes.

    Args:
        assessment: What was judged.
        knowledge: For names and sources.
        document: The report whose sources are listed.
        settlings: What would settle it; worked out here unless given.
    """
    urgency = assessment.urgency
    level = knowledge.levels[urgency.level]
    if settlings is None:
        settlings = what_would_settle(assessment, knowledge)
    return {
        "schema_version": SCHEMA_VERSION,
        "rheobase_version": __version__,
        "knowledge_version": assessment.knowledge_version,
        "on": assessment.on.isoformat(),
        "setting": assessment.setting,
        "urgency": {
            "level": urgency.level,
            "name": level.name,
            "within": level.within,
            "see": level.see,
            "child": urgency.child,
            "fired": [
                {
                    **dataclasses.asdict(each),
                    "because": list(each.because),
                    "tell_person": knowledge.rules[each.rule].tell_person,
                    "tell_clinician": knowledge.rules[each.rule].tell_clinician,
                    "sources": list(knowledge.rules[each.rule].sources),
                }
                for each in urgency.fired
            ],
            "could_fire": [dataclasses.asdict(each) for each in urgency.could_fire],
            "reassured_by": list(urgency.reassured_by),
        },
        "causes": [_fit(fit, knowledge) for fit in assessment.causes],
        "contributors": [_fit(fit, knowledge) for fit in assessment.contributors],
        "together": [dataclasses.asdict(each) for each in assessment.together],
        "patterns": list(assessment.patterns),
        "labs": labs_json(assessment.facts, knowledge),
        "nerve": nerve_section_json(assessment),
        "missing": [{**dataclasses.asdict(each), "causes": list(each.causes)} for each in assessment.missing],
        "settling": settling_json(settlings, knowledge),
        "advice": plan_json(assessment, knowledge),
        "withheld": withheld_json(assessment),
        "known": {
            name: {"value": _plain(value), "origin": assessment.facts.origins.get(name, "told")}
            for name, value in sorted(assessment.facts.values.items())
        },
        "diet": diet_json(assessment),
        "asked_and_unknown": sorted(assessment.facts.unknown),
        "notes": list(assessment.facts.notes),
        "not_understood": list(assessment.not_understood),
        "sources": [_source(source, knowledge) for source in document.sources],
        "review_note": knowledge.review_note,
    }


def _source(source: str, knowledge: Knowledge) -> dict[str, Any]:
    entry = knowledge.sources[source]
    return {"id": source, "citation": entry.citation, "url": entry.url, "grade": entry.seen_grade}


def _plain(value: object) -> object:
    return sorted(value) if isinstance(value, frozenset) else value


def _listed(row: dict[str, Any]) -> dict[str, Any]:
    return {key: list(value) if isinstance(value, tuple) else value for key, value in row.items()}


def _fit(fit: CauseFit, knowledge: Knowledge) -> dict[str, Any]:
    return {
        "id": fit.cause,
        "name": knowledge.causes[fit.cause].plain_name,
        "prior": fit.prior,
        "posterior": fit.posterior,
        "low": fit.low,
        "high": fit.high,
        "band": fit.band,
        "near_miss": fit.near_miss,
        "ledger": [
            {
                **{key: _plain(value) if key == "value" else value for key, value in _listed(line._asdict()).items()},
                "record": record_json(line.record),
            }
            for line in fit.ledger
        ],
        "unknown": [each._asdict() for each in fit.unknown],
    }
