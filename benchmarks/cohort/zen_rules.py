"""The red flags in zen-engine's own expression language, for the comparison of speed."""

from __future__ import annotations

import json
from collections.abc import Callable
from typing import Any

from rheobase.assess.urgency import RED_FLAG
from rheobase.knowledge import Knowledge
from rheobase.logic import And, Compare, Expression, Has, In, Known, Not, Or


def engine_of(knowledge: Knowledge) -> Callable[[dict[str, Any]], list[str]] | None:
    """Return a function that gives the red flags that fire for one person; None without zen-engine."""
    try:
        import zen
    except ImportError:
        return None
    rules = [rule for rule in knowledge.rules.values() if rule.kind == RED_FLAG]
    expressions = []
    for rule in rules:
        fires = text(rule.when) if rule.unless is None else f"{text(rule.when)} and not ({text(rule.unless)})"
        expressions.append({"id": rule.id, "key": rule.id, "value": fires})
    nodes = [
        {"id": "in", "name": "in", "type": "inputNode"},
        {"id": "rules", "name": "rules", "type": "expressionNode", "content": {"expressions": expressions}},
        {"id": "out", "name": "out", "type": "outputNode"},
    ]
    edges = [
        {"id": "1", "type": "edge", "sourceId": "in", "targetId": "rules"},
        {"id": "2", "type": "edge", "sourceId": "rules", "targetId": "out"},
    ]
    decision = zen.ZenEngine().create_decision(json.dumps({"nodes": nodes, "edges": edges}))

    def decide(known: dict[str, Any]) -> list[str]:
        result = decision.evaluate(known)["result"]
        return [name for name, fires in result.items() if fires is True]

    return decide


def text(expression: Expression) -> str:  # noqa: PLR0911 - one branch per kind of node
    """Return a condition in its language, false where something is not known: it has no third truth."""
    match expression:
        case And(parts):
            return "(" + " and ".join(text(part) for part in parts) + ")"
        case Or(parts):
            return "(" + " or ".join(text(part) for part in parts) + ")"
        case Not(part):
            return f"(not {text(part)})"
        case Known(name):
            return f"({_path(name)} != null)"
        case Compare(name, symbol, value):
            shown = f"'{value}'" if isinstance(value, str) else f"{value:g}"
            return f"({_path(name)} != null and {_path(name)} {symbol} {shown})"
        case In(name, options):
            listed = ", ".join(f"'{option}'" for option in options)
            return f"({_path(name)} != null and {_path(name)} in [{listed}])"
        case Has(name, option):
            return f"({_path(name)} != null and contains({_path(name)}, '{option}'))"
        case _:
            return f"({_path(expression.name)} == true)"


def _path(name: str) -> str:
    return name.replace(".", "_")
