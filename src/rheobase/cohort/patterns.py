"""Results read together, over columns: the gates for what ``labs.patterns`` does for one person."""

from __future__ import annotations

from rheobase.cohort.circuit import EVERYBODY, NOBODY
from rheobase.cohort.conditions import Values, condition
from rheobase.knowledge import Knowledge
from rheobase.labs.patterns import LAB


def pattern_planes(knowledge: Knowledge, values: Values) -> tuple[dict[str, int], dict[str, int]]:
    """Return the planes of the patterns that are seen, and of those that stay open, in the order of the knowledge."""
    circuit = values.circuit
    tested = circuit.any_of(values.known(name) for name in values.names() if name.startswith(LAB))
    seen: dict[str, int] = {}
    waiting: dict[str, int] = {}
    for pattern in knowledge.patterns.values():
        when = condition(pattern.when, values)
        seen[pattern.id] = circuit.both(tested, when.true)
        suspect = NOBODY if pattern.suspect is None else condition(pattern.suspect, values).true
        undecided = circuit.but_not(EVERYBODY, circuit.known(when))
        waiting[pattern.id] = circuit.all_of((tested, undecided, suspect))
    return seen, waiting
