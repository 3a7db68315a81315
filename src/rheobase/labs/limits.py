"""What a result does not say, shown where it is known to matter."""

from __future__ import annotations

import functools
from collections.abc import Mapping

from rheobase.knowledge import Knowledge
from rheobase.knowledge.model_labs import LabLimit
from rheobase.logic import Condition, compile_condition
from rheobase.person import Value

LAB = "lab"


@functools.lru_cache(maxsize=4)
def _compiled(knowledge: Knowledge) -> tuple[tuple[LabLimit, Condition], ...]:
    return tuple((each, compile_condition(each.when)) for each in knowledge.lab_limits.values())


def limits_of_results(knowledge: Knowledge, values: Mapping[str, Value]) -> tuple[LabLimit, ...]:
    """Return the limits that matter for what is known, in the order of the file.

    Args:
        knowledge: The limits.
        values: What is known of the person.
    """
    if not any(name.startswith(LAB) for name in values):
        return ()
    return tuple(limit for limit, when in _compiled(knowledge) if when(values) is True)
