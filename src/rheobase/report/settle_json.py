"""What would settle it, as plain data."""

from __future__ import annotations

import math
from collections.abc import Iterable
from typing import Any

from rheobase.assess.settle import QUESTION, CauseMove, Outcome, Settling
from rheobase.knowledge import Knowledge


def settling_json(settlings: Iterable[Settling], knowledge: Knowledge) -> list[dict[str, Any]]:
    """Return the settlings as plain data, in their order.

    Args:
        settlings: The most worthwhile first.
        knowledge: For names, burden and cost.
    """
    return [_settling(each, knowledge) for each in settlings]


def _settling(each: Settling, knowledge: Knowledge) -> dict[str, Any]:
    test = None if each.kind == QUESTION else knowledge.tests[each.id]
    return {
        "id": each.id,
        "kind": each.kind,
        "name": knowledge.findings[each.id].label if test is None else test.name,
        "clinical": None if test is None else test.clinical,
        "asked_for": each.asked_for,
        "worth": each.worth,
        "information": each.information,
        "urgency_power": each.urgency_power,
        "advice_power": each.advice_power,
        "burden": 0 if test is None else test.burden,
        "cost": 0 if test is None else test.cost,
        "loinc": [{"name": name, "code": code} for name, code in each.codes],
        "limits": [
            {"text": limit.text, "result": limit.result or None, "source": limit.source, "grade": limit.grade}
            for limit in each.limits
        ],
        "parts": [
            {
                "id": part.id,
                "information": part.information,
                "outcomes": [_outcome(outcome) for outcome in part.outcomes],
            }
            for part in each.parts
        ],
    }


def _outcome(outcome: Outcome) -> dict[str, Any]:
    return {
        "id": outcome.id,
        "words": outcome.words or None,
        "sets": dict(outcome.sets),
        # Infinity is not JSON: an open end is null.
        "from": outcome.low if math.isfinite(outcome.low) else None,
        "below": outcome.high if math.isfinite(outcome.high) else None,
        "chance": outcome.chance,
        "causes": [_move(move) for move in outcome.moves],
        "urgency": outcome.urgency,
        "rules_started": list(outcome.rules_started),
        "rules_stopped": list(outcome.rules_stopped),
        "advice_added": list(outcome.advice_added),
        "advice_withheld": list(outcome.advice_withheld),
    }


def _move(move: CauseMove) -> dict[str, Any]:
    """Return a move in its order; of hundreds, ``dataclasses.asdict`` would copy each value."""
    return {
        "cause": move.cause,
        "before": move.before,
        "after": move.after,
        "band_before": move.band_before,
        "band_after": move.band_after,
        "information": move.information,
    }
