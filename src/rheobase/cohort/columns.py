"""From columns to planes of bits: what each input of a circuit reads from a block of people."""

from __future__ import annotations

from collections.abc import Callable, Collection, Mapping
from dataclasses import dataclass, field
from typing import Any, NamedTuple, cast

import numpy as np
import numpy.typing as npt
import polars as pl

from rheobase.cohort.circuit import EVER, EVERYBODY, WORKED_OUT, Source, Wired
from rheobase.cohort.kernels import BLOCK, WORD, run_gates
from rheobase.logic.evaluate import OPERATORS

Plane = npt.NDArray[np.uint64]
Octets = npt.NDArray[np.uint8]

# Kinds of source: a yes/no column that is true; a column that is known; a word; a place; a number against a limit.
YES, KNOWN, WORD_IS, PLACE, NUMBER = "yes", "known", "word", "place", "number"
# Bytes of a line of the cache.
_LINE = 64
_BITS = 8
_NOTHING = np.zeros(0)


class Column(NamedTuple):
    """A column where it lies in memory, the first person first.

    Attributes:
        known: Bits of whoever is not null; None where nobody is.
        values: Bits of yes/no, numbers, or the places of words; anything where null.
    """

    known: Octets | None
    values: npt.NDArray[Any]


@dataclass(frozen=True, slots=True)
class Told:
    """What was told of people, each column read once, without copying it.

    Attributes:
        frame: Columns of one piece each.
        options: The words of each column of words, in the order of their codes.
        found: The columns that were read.
    """

    frame: pl.DataFrame
    options: Mapping[str, tuple[str, ...]]
    found: dict[str, Column] = field(default_factory=dict)

    def column(self, name: str) -> Column:
        """Return a column of truths, numbers or words."""
        # Two threads may both read it: they find the same.
        if name not in self.found:
            self.found[name] = self._column(name)
        return self.found[name]

    def _column(self, name: str) -> Column:
        column = self.frame.get_column(name)
        if column.dtype in (pl.String, pl.Categorical, pl.Enum):
            column = column.cast(pl.Enum(self.options[name.removeprefix(EVER)])).to_physical()
        array = column.to_arrow()
        if column.dtype == pl.List:
            # What it holds is read block by block.
            return Column(_octets(array.buffers()[0], array.offset, len(array)) if array.null_count else None, _NOTHING)
        known, values = array.buffers()
        there = _octets(known, array.offset, len(array)) if array.null_count else None
        if column.dtype == pl.Boolean:
            return Column(there, _octets(values, array.offset, len(array)))
        kind = np.dtype(str(array.type))
        return Column(there, np.frombuffer(values or b"", dtype=kind)[array.offset : array.offset + len(array)])


def _octets(buffer: Any, offset: int, people: int) -> Octets:
    """Return Arrow's bits from the first person on, copied only if they do not start on a byte."""
    octets = np.frombuffer(buffer or b"", dtype=np.uint8)
    if offset % _BITS == 0:
        return octets[offset // _BITS :]
    return np.packbits(np.unpackbits(octets, bitorder="little")[offset : offset + people], bitorder="little")


@dataclass(slots=True)
class Block:
    """A block of people, and the planes that were read from it.

    Attributes:
        told: What was told of them and of others.
        people: How many there are.
        start: The first of them, a multiple of 8.
        made: Planes that a circuit has worked out.
        read: Planes that were read; none of them is ever written to.
        places: For each person the places of a column, as bits.
    """

    told: Told
    people: int
    start: int = 0
    made: dict[Source, Plane] = field(default_factory=dict)
    read: dict[Source, Plane] = field(default_factory=dict)
    places: dict[str, Plane] = field(default_factory=dict)

    @property
    def words(self) -> int:
        """How many words of bits they take, in whole blocks."""
        return -(-self.people // BLOCK) * (BLOCK // WORD)

    def plane(self, source: Source) -> Plane:
        """Return the plane of a source; nobody stands behind the last person."""
        if source.kind == WORKED_OUT:
            return self.made[source]
        if source not in self.read:
            self.read[source] = _READ[source.kind](self, source)
        return self.read[source]

    def values(self, name: str) -> npt.NDArray[Any]:
        """Return the numbers or places of words of a column; anything where null."""
        return self.told.column(name).values[self.start : self.start + self.people]

    def known(self, name: str) -> Plane:
        """Return of whom a column is known."""
        return self.plane(Source(KNOWN, name))

    def bits(self, octets: Octets) -> Plane:
        """Return a plane of bits that lie in a column, where they lie if they fill their words."""
        here = octets[self.start // _BITS :][: -(-self.people // _BITS)]
        if self.people % BLOCK == 0:
            return here.view(np.uint64)
        plane = np.zeros(self.words, dtype=np.uint64)
        plane.view(np.uint8)[: len(here)] = here
        if self.people % _BITS:
            plane.view(np.uint8)[len(here) - 1] &= (1 << self.people % _BITS) - 1
        return plane

    def packed(self, truths: npt.NDArray[np.bool_]) -> Plane:
        """Return a plane of one truth per person."""
        octets = np.packbits(truths, bitorder="little")
        if self.people % BLOCK == 0:
            return octets.view(np.uint64)
        plane = np.zeros(self.words, dtype=np.uint64)
        plane.view(np.uint8)[: len(octets)] = octets
        return plane


def everybody(people: int, words: int) -> Plane:
    """Return the plane in which every person stands and nobody behind the last."""
    plane = np.zeros(words, dtype=np.uint64)
    plane.view(np.uint8)[: people // _BITS] = 0xFF
    if people % _BITS:
        plane.view(np.uint8)[people // _BITS] = (1 << people % _BITS) - 1
    return plane


def _known(block: Block, source: Source) -> Plane:
    known = block.told.column(source.column).known
    return everybody(block.people, block.words) if known is None else block.bits(known)


def _yes(block: Block, source: Source) -> Plane:
    return block.bits(block.told.column(source.column).values) & block.known(source.column)


def _word(block: Block, source: Source) -> Plane:
    words = block.told.options[source.column.removeprefix(EVER)]
    truths = block.values(source.column) == words.index(str(source.detail))
    return block.packed(truths) & block.known(source.column)


def _slice(block: Block, name: str) -> pl.Series:
    return block.told.frame.get_column(name).slice(block.start, block.people)


def _place(block: Block, source: Source) -> Plane:
    words = block.told.options[source.column]
    if source.column not in block.places:
        column = _slice(block, source.column)
        flat = column.explode(empty_as_null=False, keep_nulls=False).cast(pl.Enum(words)).to_physical()
        people = np.repeat(np.arange(block.people), column.list.len().fill_null(0).to_numpy())
        found = np.zeros(block.people, dtype=np.uint64)
        np.bitwise_or.at(found, people, np.uint64(1) << flat.to_numpy().astype(np.uint64))
        block.places[source.column] = found
    bit = np.uint64(1 << words.index(str(source.detail)))
    return block.packed((block.places[source.column] & bit) != 0)


def _number(block: Block, source: Source) -> Plane:
    symbol, limit = cast("tuple[str, float]", source.detail)
    truths = block.packed(np.asarray(OPERATORS[symbol](block.values(source.column), limit)))
    return truths & block.known(source.column)


_READ: Mapping[str, Callable[[Block, Source], Plane]] = {
    YES: _yes,
    KNOWN: _known,
    WORD_IS: _word,
    PLACE: _place,
    NUMBER: _number,
}


def apart(shape: tuple[int, int], kind: type[np.generic]) -> npt.NDArray[Any]:
    """Return an array to be filled whose rows do not all start on the same line of a cache.

    Args:
        shape: Rows and columns.
        kind: Of the elements.
    """
    rows, columns = shape
    line = _LINE // np.dtype(kind).itemsize
    # An odd number of lines to a row.
    width = (-(-columns // line) | 1) * line
    return np.empty((rows, width), dtype=kind)[:, :columns]


@dataclass(frozen=True, slots=True)
class Scratch:
    """Memory of one thread that every block uses again.

    Attributes:
        rows: For each circuit, by its identity, its rows: a block's are overwritten by the next one's.
    """

    rows: dict[int, Plane] = field(default_factory=dict)

    def run(self, circuit: Wired, block: Block) -> Plane:
        """Return every row of a circuit for a block of people, uint64 (row, word); valid until it is run again."""
        rows = self._rows(circuit, block)
        rows[0] = 0
        rows[EVERYBODY] = everybody(block.people, block.words)
        # Column by column, so that each is still near when it is read again.
        for index, source in sorted(enumerate(circuit.sources, start=2), key=lambda each: each[1][:2]):
            rows[index] = block.plane(source)
        run_gates(rows, circuit.steps)
        return rows

    def run_again(self, circuit: Wired, block: Block, changed: Collection[Source]) -> Plane:
        """Return the rows of a circuit that was last run for the same block, of which only some planes have changed."""
        rows = self._rows(circuit, block)
        for index, source in enumerate(circuit.sources, start=2):
            if source in changed:
                rows[index] = block.plane(source)
        run_gates(rows, circuit.steps)
        return rows

    def _rows(self, circuit: Wired, block: Block) -> Plane:
        height, width = self.rows.get(id(circuit), np.empty((0, 0))).shape
        if height < circuit.rows or width < block.words:
            self.rows[id(circuit)] = apart((circuit.rows, block.words), np.uint64)
        return self.rows[id(circuit)][:, : block.words]
