"""From columns to planes of bits: what each input of a circuit reads from a block of people."""

from __future__ import annotations

import functools
import itertools
from collections.abc import Callable, Mapping
from concurrent.futures import ThreadPoolExecutor
from dataclasses import dataclass, field
from typing import Any, cast

import numpy as np
import numpy.typing as npt
import polars as pl

from rheobase.cohort.circuit import EVER, EVERYBODY, WORKED_OUT, Source, Wired
from rheobase.cohort.kernels import BLOCK, WORD, run_gates
from rheobase.logic.evaluate import OPERATORS

Plane = npt.NDArray[np.uint64]

# Kinds of source: a yes/no column that is true; a column that is known; a word; a place; a number against a limit.
YES, KNOWN, WORD_IS, PLACE, NUMBER = "yes", "known", "word", "place", "number"
# Bytes of a line of the cache.
_LINE = 64
_BITS = 8


@dataclass(slots=True)
class Block:
    """A block of people, and the planes that were read from it.

    Attributes:
        frame: Their columns, of one piece each.
        people: How many there are.
        options: The words of each column of words, in the order of their codes.
        made: Planes that a circuit has worked out.
        read: Planes that were read.
        arrays: The last column that was read as an array.
    """

    frame: pl.DataFrame
    people: int
    options: Mapping[str, tuple[str, ...]]
    made: dict[Source, Plane] = field(default_factory=dict)
    read: dict[Source, Plane] = field(default_factory=dict)
    arrays: dict[tuple[str, str], npt.NDArray[Any]] = field(default_factory=dict)

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

    def array(self, kind: str, column: str, make: Callable[[pl.Series], npt.NDArray[Any]]) -> npt.NDArray[Any]:
        """Return a column as an array; only the last one is kept, so that its memory is used again and again."""
        key = (kind, column)
        if key not in self.arrays:
            self.arrays.clear()
            self.arrays[key] = make(self.frame[column])
        return self.arrays[key]

    def packed(self, truths: npt.NDArray[np.bool_]) -> Plane:
        """Return a plane of one truth per person."""
        plane = np.zeros(self.words, dtype=np.uint64)
        bits = np.packbits(truths, bitorder="little")
        plane.view(np.uint8)[: len(bits)] = bits
        return plane


def everybody(people: int, words: int) -> Plane:
    """Return the plane in which every person stands and nobody behind the last."""
    plane = np.zeros(words, dtype=np.uint64)
    plane.view(np.uint8)[: people // _BITS] = 0xFF
    if people % _BITS:
        plane.view(np.uint8)[people // _BITS] = (1 << people % _BITS) - 1
    return plane


def _bits(block: Block, buffer: Any, offset: int) -> Plane | None:
    """Return a plane from Arrow's bits, None where they do not start on a byte."""
    if offset % _BITS:
        return None
    size = -(-block.people // _BITS)
    plane = np.zeros(block.words, dtype=np.uint64)
    octets = plane.view(np.uint8)
    octets[:size] = np.frombuffer(buffer, dtype=np.uint8)[offset // _BITS : offset // _BITS + size]
    if block.people % _BITS:
        octets[size - 1] &= (1 << block.people % _BITS) - 1
    return plane


def _known(block: Block, source: Source) -> Plane:
    column = block.frame[source.column]
    if not column.null_count():
        return everybody(block.people, block.words)
    if column.dtype in (pl.Boolean, pl.Float64):
        found = column.to_arrow()
        plane = _bits(block, found.buffers()[0], found.offset)
        if plane is not None:
            return plane
    return block.packed(column.is_not_null().to_numpy())


def _yes(block: Block, source: Source) -> Plane:
    column = block.frame[source.column]
    found = column.to_arrow()
    plane = _bits(block, found.buffers()[1], found.offset)
    if plane is None:
        return block.packed(column.fill_null(value=False).to_numpy())
    known = block.plane(Source(KNOWN, source.column))
    return np.bitwise_and(plane, known, out=plane)


def _word(block: Block, source: Source) -> Plane:
    words = block.options[source.column.removeprefix(EVER)]
    codes = block.array(WORD_IS, source.column, lambda column: _codes(column, words))
    return block.packed(codes == words.index(str(source.detail)))


def _codes(column: pl.Series, words: tuple[str, ...]) -> npt.NDArray[Any]:
    physical = column.cast(pl.Enum(words)).to_physical().cast(pl.Int16)
    return physical.fill_null(-1).to_numpy()


def _place(block: Block, source: Source) -> Plane:
    column = block.frame[source.column]
    words = block.options[source.column]

    def masks(_: pl.Series) -> npt.NDArray[Any]:
        flat = column.explode(empty_as_null=False, keep_nulls=False)
        people = np.repeat(np.arange(block.people), column.list.len().fill_null(0).to_numpy())
        found = np.zeros(block.people, dtype=np.uint64)
        np.bitwise_or.at(found, people, np.uint64(1) << _codes(flat, words).astype(np.uint64))
        return found

    bit = np.uint64(1 << words.index(str(source.detail)))
    return block.packed((block.array(PLACE, source.column, masks) & bit) != 0)


def _number(block: Block, source: Source) -> Plane:
    symbol, limit = cast("tuple[str, float]", source.detail)
    numbers = block.array(NUMBER, source.column, lambda column: column.to_numpy())
    with np.errstate(invalid="ignore"):
        plane = block.packed(np.asarray(OPERATORS[symbol](numbers, limit)))
    # "!=" holds for what is not known, which numpy writes as NaN.
    return plane & block.plane(Source(KNOWN, source.column)) if symbol == "!=" else plane


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
class Workers:
    """Threads that share the work of a block, and memory that every block uses again.

    Attributes:
        pool: The threads.
        threads: How many there are.
        rows: For each circuit, by its identity, its rows: a block's are overwritten by the next one's.
    """

    pool: ThreadPoolExecutor
    threads: int
    rows: dict[int, Plane] = field(default_factory=dict)

    def run(self, circuit: Wired, block: Block) -> Plane:
        """Return every row of a circuit for a block of people, uint64 (row, word); valid until it is run again."""
        height, width = self.rows.get(id(circuit), np.empty((0, 0))).shape
        if height < circuit.rows or width < block.words:
            self.rows[id(circuit)] = apart((circuit.rows, block.words), np.uint64)
        rows = self.rows[id(circuit)][:, : block.words]
        rows[0] = 0
        rows[EVERYBODY] = everybody(block.people, block.words)
        # Column by column, so that each is read once.
        for index, source in sorted(enumerate(circuit.sources), key=lambda each: each[1][:2]):
            rows[index + 2] = block.plane(source)
        self.share(block.words, functools.partial(run_gates, rows, circuit.steps))
        return rows

    def share(self, length: int, work: Callable[[int, int], object]) -> None:
        """Do some work over ``0 ... length``, each thread its part; what a thread raises is raised."""
        cuts = [length * part // self.threads for part in range(self.threads + 1)]
        jobs = [self.pool.submit(work, low, high) for low, high in itertools.pairwise(cuts)]
        for job in jobs:
            job.result()
