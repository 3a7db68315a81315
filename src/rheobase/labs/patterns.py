"""Results read together: which patterns are seen, and which stay open for want of a result."""

from __future__ import annotations

import functools
from collections.abc import Iterator, Mapping
from dataclasses import dataclass

from rheobase.knowledge import Knowledge
from rheobase.knowledge.model_labs import Pattern
from rheobase.logic import And, Condition, Expression, Not, Or, compile_condition, evaluate
from rheobase.person import Value

# Every pattern reads a laboratory finding (``lab_``) or value (``lab.``); without one none can be seen.
LAB = "lab"


@dataclass(frozen=True, slots=True)
class OpenPattern:
    """A pattern that what is known suggests, and the findings or values that would decide it."""

    pattern: str
    needs: tuple[str, ...]


@dataclass(frozen=True, slots=True)
class _Compiled:
    pattern: Pattern
    when: Condition
    suspect: Condition | None


@functools.lru_cache(maxsize=4)
def _compiled(knowledge: Knowledge) -> tuple[_Compiled, ...]:
    return tuple(
        _Compiled(
            each,
            compile_condition(each.when),
            None if each.suspect is None else compile_condition(each.suspect),
        )
        for each in knowledge.patterns.values()
    )


def read_patterns(knowledge: Knowledge, values: Mapping[str, Value]) -> tuple[tuple[str, ...], tuple[OpenPattern, ...]]:
    """Return the patterns that are seen, and those that stay open.

    A result that is not known makes no pattern seen and rules none out: the pattern is open if what is known
    suggests it.

    Args:
        knowledge: The patterns.
        values: What is known of the person, with laboratory values as ``lab.<analyte>`` in SI.
    """
    if not any(name.startswith(LAB) for name in values):
        return (), ()
    seen: list[str] = []
    waiting: list[OpenPattern] = []
    for each in _compiled(knowledge):
        truth = each.when(values)
        if truth is True:
            seen.append(each.pattern.id)
        elif truth is None and each.suspect is not None and each.suspect(values) is True:
            waiting.append(OpenPattern(each.pattern.id, _needs(each, values)))
    return tuple(seen), tuple(waiting)


def _needs(each: _Compiled, values: Mapping[str, Value]) -> tuple[str, ...]:
    return tuple(dict.fromkeys(_open(each.pattern.when, values)))


def _open(expression: Expression, values: Mapping[str, Value]) -> Iterator[str]:
    """Yield what keeps a condition open; a part that is decided keeps none."""
    if evaluate(expression, values) is not None:
        return
    match expression:
        case And(parts) | Or(parts):
            for part in parts:
                yield from _open(part, values)
        case Not(part):
            yield from _open(part, values)
        case _:
            yield expression.name
