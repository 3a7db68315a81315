"""A circuit over people: conditions as gates, 64 people to a word.

A three-valued column is two planes of bits, "known to be true" and "known to be false"; neither is unknown. Kleene's
connectives are then plain gates, and negation only swaps the planes. A circuit is built once for the columns that are
there; equal gates are built once, and what is the same for everyone is worked out while building.
"""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from dataclasses import dataclass, field
from typing import NamedTuple

import numpy as np
import numpy.typing as npt

from rheobase.cohort.frame import LAB
from rheobase.logic import Truth

AND, OR, BUT_NOT = 0, 1, 2
# The kind of source that another circuit has worked out.
WORKED_OUT = "worked_out"
# Every circuit starts with these two planes: nobody and everybody.
NOBODY, EVERYBODY = 0, 1
# Before the name of a blood test, or of what follows from blood tests: as if every result still spoke for today.
EVER = "ever."


class Source(NamedTuple):
    """What fills an input plane: ``kind`` says how the column is read, ``detail`` what is asked of it."""

    kind: str
    column: str
    detail: str | float | bool | tuple[str, float] | None = None


class Three(NamedTuple):
    """A three-valued column: the planes of those for whom it is known to be true, and known to be false."""

    true: int
    false: int

    @property
    def negated(self) -> Three:
        """Kleene negation."""
        return Three(self.false, self.true)


TRUE, FALSE, UNKNOWN = Three(EVERYBODY, NOBODY), Three(NOBODY, EVERYBODY), Three(NOBODY, NOBODY)


def constant(truth: Truth) -> Three:
    """Return a column that is the same for everyone."""
    return UNKNOWN if truth is None else TRUE if truth else FALSE


@dataclass(slots=True)
class Circuit:
    """Gates in the order in which they are worked out.

    Attributes:
        sources: What fills each input; input ``i`` is the plane ``i + 2``.
        gates: ``(kind, first, second)`` by their planes, after the inputs in order of making; ``-`` numbers are gates.
        world: Which world the inputs are of: "" for today, or ``EVER``.
    """

    sources: dict[Source, int] = field(default_factory=dict)
    gates: dict[tuple[int, int, int], int] = field(default_factory=dict)
    world: str = ""

    def of(self, world: str) -> Circuit:
        """Return the same circuit, whose inputs are of another world."""
        return Circuit(self.sources, self.gates, world)

    def here(self, source: Source) -> Source:
        """Return a source as it is named in this world: what was told is the same in all but for blood tests."""
        differs = source.kind == WORKED_OUT or source.column.startswith(LAB)
        return source._replace(column=self.world + source.column) if differs else source

    def input(self, source: Source) -> int:
        """Return the plane that a source fills."""
        # Inputs are numbered from 2 upwards and gates from -1 downwards, so that either can grow.
        return self.sources.setdefault(self.here(source), len(self.sources) + 2)

    def both(self, one: int, other: int) -> int:
        """Return who is in both planes."""
        if NOBODY in (one, other):
            return NOBODY
        if other in (one, EVERYBODY):
            return one
        return other if one == EVERYBODY else self._gate(AND, *sorted((one, other)))

    def either(self, one: int, other: int) -> int:
        """Return who is in one plane or the other."""
        if EVERYBODY in (one, other):
            return EVERYBODY
        if other in (one, NOBODY):
            return one
        return other if one == NOBODY else self._gate(OR, *sorted((one, other)))

    def but_not(self, one: int, other: int) -> int:
        """Return who is in the first plane and not in the other."""
        if one in (NOBODY, other) or other == EVERYBODY:
            return NOBODY
        return one if other == NOBODY else self._gate(BUT_NOT, one, other)

    def all_of(self, planes: Iterable[int]) -> int:
        """Return who is in every plane."""
        result = EVERYBODY
        for plane in planes:
            result = self.both(result, plane)
        return result

    def any_of(self, planes: Iterable[int]) -> int:
        """Return who is in at least one plane."""
        result = NOBODY
        for plane in planes:
            result = self.either(result, plane)
        return result

    def conjunction(self, parts: Iterable[Three]) -> Three:
        """Return Kleene's conjunction."""
        listed = tuple(parts)
        return Three(self.all_of(each.true for each in listed), self.any_of(each.false for each in listed))

    def disjunction(self, parts: Iterable[Three]) -> Three:
        """Return Kleene's disjunction."""
        listed = tuple(parts)
        return Three(self.any_of(each.true for each in listed), self.all_of(each.false for each in listed))

    def known(self, column: Three) -> int:
        """Return for whom a column is known."""
        return self.either(column.true, column.false)

    def of_known(self, known: int, true: int) -> Three:
        """Return the column that is true in one plane, and false for everyone else in ``known``."""
        return Three(self.both(known, true), self.but_not(known, true))

    def at_least(self, number: int, planes: Iterable[int]) -> int:
        """Return who is in at least so many planes."""
        reached = [EVERYBODY] + [NOBODY] * number
        for plane in planes:
            for count in range(number, 0, -1):
                reached[count] = self.either(reached[count], self.both(reached[count - 1], plane))
        return reached[number]

    def _gate(self, kind: int, one: int, other: int) -> int:
        return self.gates.setdefault((kind, one, other), -1 - len(self.gates))


@dataclass(frozen=True, slots=True)
class Wired:
    """A circuit with its rows: where the inputs stand, what is worked out, and where the outputs are.

    Attributes:
        sources: What fills the rows 2, 3, ...
        steps: ``(kind, target row, first row, second row)`` of each gate.
        outputs: The row of each output.
        rows: How many rows there are.
    """

    sources: tuple[Source, ...]
    steps: npt.NDArray[np.int32]
    outputs: tuple[int, ...]
    rows: int


def wired(circuit: Circuit, outputs: Sequence[int]) -> Wired:
    """Return a circuit with only the gates that the outputs need; a row is used again once it is not needed."""
    gates = list(circuit.gates)
    last = _last_use(gates, outputs)
    rows = {plane: plane for plane in range(len(circuit.sources) + 2)}
    free: list[int] = []
    height = len(rows)
    steps = []
    for index, (kind, one, other) in enumerate(gates):
        plane = -1 - index
        if plane not in last:
            continue
        first, second = rows[one], rows[other]
        free.extend(rows[each] for each in {one, other} if each < 0 and last[each] == index)
        if not free:
            free.append(height)
            height += 1
        rows[plane] = free.pop()
        steps.append((kind, rows[plane], first, second))
    table = np.array(steps, dtype=np.int32).reshape(len(steps), 4)
    return Wired(tuple(circuit.sources), table, tuple(rows[plane] for plane in outputs), height)


def _last_use(gates: Sequence[tuple[int, int, int]], outputs: Iterable[int]) -> dict[int, int]:
    """Return for each gate that is needed the index of the last gate that reads it; an output is read at the end."""
    last = {plane: len(gates) for plane in outputs if plane < 0}
    for index in range(len(gates) - 1, -1, -1):
        if -1 - index in last:
            for each in gates[index][1:]:
                if each < 0:
                    last.setdefault(each, index)
    return last
