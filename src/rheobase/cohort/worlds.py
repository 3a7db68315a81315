"""What is known of everyone, today and with old results: two worlds over one circuit, one where no result is old."""

from __future__ import annotations

from dataclasses import dataclass

from rheobase.cohort.circuit import EVER, Circuit
from rheobase.cohort.conditions import Values
from rheobase.cohort.gather import Stage, graded, implied_stage, told_stage, values_of, worked_out
from rheobase.cohort.old_results import columns_of, measure_again
from rheobase.knowledge import Knowledge


@dataclass(frozen=True, slots=True)
class World:
    """How what is known in one world is worked out.

    Attributes:
        name: "" for today, or ``EVER``.
        columns: The columns in which something is known of somebody, by their plain names.
        told: What was told.
        implied: One pass over what findings imply.
        known: The yes/no findings of which something may then be known.
    """

    name: str
    columns: frozenset[str]
    told: Stage
    implied: Stage
    known: frozenset[str]


def worlds_of(knowledge: Knowledge, columns: frozenset[str]) -> tuple[World, ...]:
    """Return today, and ``EVER`` where some result is old.

    Args:
        knowledge: What is known.
        columns: The columns in which something is known of somebody; those of ``EVER`` by their names there.
    """
    names = ("", EVER) if any(name.startswith(EVER) for name in columns) else ("",)
    return tuple(_world(knowledge, columns_of(columns, name), name) for name in names)


def _world(knowledge: Knowledge, columns: frozenset[str], name: str) -> World:
    told, known = told_stage(knowledge, columns, name)
    implied, known = implied_stage(knowledge, columns, known, name)
    return World(name, columns, told, implied, known)


def both_values(knowledge: Knowledge, worlds: tuple[World, ...]) -> tuple[Values, Values]:
    """Return what is known today and ever, over one new circuit; the same where there is one world.

    Args:
        knowledge: What is known.
        worlds: As ``worlds_of`` returns them.
    """
    circuit = Circuit()
    found = [_values(knowledge, world, circuit.of(world.name)) for world in worlds]
    if len(found) > 1:
        measure_again(knowledge, *found)
    return found[0], found[-1]


def _values(knowledge: Knowledge, world: World, circuit: Circuit) -> Values:
    truths = {name: worked_out(circuit, name) for name in knowledge.findings if name in world.known}
    values = values_of(knowledge, world.columns, circuit, truths)
    graded(knowledge, values)
    return values
