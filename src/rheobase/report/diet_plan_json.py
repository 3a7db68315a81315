"""Plans for a diet as plain data; what is not known is null, never 0."""

from __future__ import annotations

from typing import Any

from rheobase import __version__
from rheobase.assess import Assessment
from rheobase.diet.span import Span
from rheobase.diet.summary import Summary
from rheobase.knowledge import Knowledge
from rheobase.menu.options import Helping, Option
from rheobase.menu.planner import Plan, Proposal
from rheobase.report.diet_plan_page import change_words

SCHEMA_VERSION = 1


def _head(knowledge: Knowledge) -> dict[str, Any]:
    return {
        "schema_version": SCHEMA_VERSION,
        "rheobase_version": __version__,
        "knowledge_version": knowledge.version,
    }


def waiting_json(assessment: Assessment, knowledge: Knowledge) -> dict[str, Any]:
    """Return that no plan is made until the person has been seen.

    Args:
        assessment: Of the case file.
        knowledge: For its version.
    """
    return {**_head(knowledge), "waits_for": assessment.urgency.level, "plans": []}


def plan_json(proposal: Proposal, summary: Summary, knowledge: Knowledge) -> dict[str, Any]:
    """Return the plans.

    Args:
        proposal: What was found.
        summary: The diet that they are for.
        knowledge: For its version.
    """
    before = proposal.aims.before
    return {
        **_head(knowledge),
        "table": summary.reading.table,
        "days": summary.coverage.used,
        "waits_for": None,
        "refused": proposal.refused or None,
        "targets": [
            {"nutrient": each.column, "target": each.goal, "kind": each.kind, "now": each.before}
            for each in proposal.aims.aims
        ],
        "no_target": [
            {"nutrient": each.column, "why": each.why, "blocked": each.blocked} for each in proposal.aims.not_aimed
        ],
        "limits": [
            {"nutrient": each.column, "least": each.least, "most": each.most, "why": each.why.value}
            for each in proposal.aims.limits
        ],
        "blocks": {
            name: {"state": each.state.value, "findings": list(each.findings), "because": list(each.because)}
            for name, each in proposal.blocks.items()
        },
        "now": {column: _span(span) for column, span in before.items()},
        "share_unknown_energy": {column: mean.share_unknown_energy for column, mean in summary.means.items()},
        "plans": [_plan(each) for each in proposal.plans],
        "raises_neither_potassium_nor_phosphorus": None if proposal.careful is None else _plan(proposal.careful),
        "out_of_reach": [
            {
                "nutrient": each.column,
                "target": each.goal,
                "reachable": each.reachable,
                "stopped_by": list(each.stopped_by),
                "only_with_the_others": each.with_others,
            }
            for each in proposal.out_of_reach
        ],
        "changes_weighed": proposal.options,
        "failed_second_check": list(proposal.failed),
    }


def _span(span: Span) -> dict[str, float]:
    return {"best": span.best, "low": span.low, "high": span.high}


def _plan(plan: Plan) -> dict[str, Any]:
    return {
        "changes": [_change(each) for each in plan.changes],
        "then": {column: _span(span) for column, span in plan.after.items()},
        "ask_first": list(plan.ask_first),
        "ask_first_medicines": list(plan.fixed),
        "effort": plan.price,
        "proof": {"status": plan.status, "bound": plan.bound, "gap": plan.gap},
    }


def _change(option: Option) -> dict[str, Any]:
    return {
        "action": option.action.value,
        "words": change_words(option),
        "helpings": option.helpings,
        "more": _helping(option.more, option.helpings),
        "less": _helping(option.less, option.helpings),
        "gives": {column: None if column in option.unknown else gain for column, gain in option.gains.items()},
        "ask_first": list(option.ask_first),
    }


def _helping(helping: Helping | None, size: float) -> dict[str, Any] | None:
    if helping is None:
        return None
    return {
        "food": helping.food.id,
        "description": helping.food.description,
        "name": helping.name,
        "grams_a_day": helping.grams * size,
    }
