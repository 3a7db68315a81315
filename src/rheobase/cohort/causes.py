"""What each cause weighs, as tables: a few findings together give one number, and one look-up adds it.

Findings that tell much the same story, or of which one says another more exactly, form one unit: what they weigh
together for every combination of answers is asked of ``assess`` once, so that cap, sharing and refinement are its own.
Units that are independent of each other are multiplied into packs, so that one look-up does for several.
"""

from __future__ import annotations

import functools
import itertools
import math
from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from typing import NamedTuple

import numpy as np
import numpy.typing as npt

from rheobase.assess.causes import CANT_TELL, FITS_WELL, POSSIBLE, UNLIKELY, LedgerLine, ledger_lines, logit
from rheobase.assess.weights import Weigher, weighers
from rheobase.cohort.circuit import NOBODY
from rheobase.cohort.conditions import Values, leaf
from rheobase.errors import KnowledgeError
from rheobase.knowledge import Knowledge
from rheobase.logic import Compare, Has
from rheobase.person import SETTINGS, Value

BANDS = (FITS_WELL, POSSIBLE, UNLIKELY, CANT_TELL)
# One pack has at most so many combinations, so that the tables of a cause stay in the cache near the processor; a unit
# that has more by itself stands alone, up to what its index can hold.
_PACKED, _MOST = 81, 65536
# Below this share of themselves two probabilities differ by rounding only.
_SAME = 1e-9


class Coded(NamedTuple):
    """One finding as small numbers; of places, one place. Code 0 is unknown.

    Attributes:
        finding: Finding id.
        option: The place; None for other findings.
        answers: An answer for each code from 1 on.
        cuts: For a number, where the codes change: the first answer lies below the first cut.
    """

    finding: str
    option: str | None
    answers: tuple[Value, ...]
    cuts: tuple[float, ...] = ()

    @property
    def codes(self) -> int:
        """How many codes there are, unknown among them."""
        return len(self.answers) + 1


@dataclass(frozen=True, slots=True)
class Unit:
    """Findings that have to be weighed together for one cause, and what each combination of answers weighs.

    Attributes:
        members: Numbers of coded findings; the first one's code changes fastest.
        lines: The ledger's lines for each combination.
    """

    members: tuple[int, ...]
    lines: tuple[tuple[LedgerLine, ...], ...]


@dataclass(frozen=True, slots=True)
class Weighing:
    """Every cause's tables.

    Attributes:
        coded: The findings that some cause weighs.
        causes: Cause ids, in the order of the tables.
        units: For each cause its units.
        prior: Log-odds before anything is known (setting, cause) [nats].
        prior_variance: Their variance [nats squared].
        rate: Probability before anything is known (setting, cause).
    """

    coded: tuple[Coded, ...]
    causes: tuple[str, ...]
    units: tuple[tuple[Unit, ...], ...]
    prior: npt.NDArray[np.float64]
    prior_variance: npt.NDArray[np.float64]
    rate: npt.NDArray[np.float64]

    def raised(
        self, cause: int, posterior: npt.NDArray[np.float64], setting: npt.NDArray[np.uint8]
    ) -> npt.NDArray[np.bool_]:
        """Return for whom the answers have raised a cause, by its number."""
        rate = self.rate[setting, cause]
        # As CauseFit.raised: the tolerance of math.isclose.
        raised: npt.NDArray[np.bool_] = posterior - rate > _SAME * np.maximum(posterior, rate)
        return raised


@functools.lru_cache(maxsize=4)
def weighing(knowledge: Knowledge) -> Weighing:
    """Return the tables of one knowledge; made once.

    Raises:
        KnowledgeError: Too many findings are weighed together.
    """
    tables = weighers(knowledge)
    coded = tuple(_coded(knowledge, tables))
    number = {(each.finding, each.option): index for index, each in enumerate(coded)}
    units = tuple(tuple(_units(tables.get(cause, ()), coded, number, knowledge)) for cause in knowledge.causes)
    rates = [[cause.base_rates[setting] for cause in knowledge.causes.values()] for setting in SETTINGS]
    prior = np.array([[logit(rate.point) for rate in row] for row in rates])
    z = knowledge.scale.interval_z
    spread = np.array([[(logit(rate.high) - logit(rate.low)) / (2 * z) for rate in row] for row in rates])
    points = np.array([[rate.point for rate in row] for row in rates])
    return Weighing(coded, tuple(knowledge.causes), units, prior, spread**2, points)


def _coded(knowledge: Knowledge, tables: Mapping[str, tuple[Weigher, ...]]) -> Iterator[Coded]:
    cuts: dict[tuple[str, str | None], set[float]] = {}
    for weigher in itertools.chain.from_iterable(tables.values()):
        ends = {each.low for each in weigher.bins} if knowledge.findings[weigher.finding].type == "number" else set()
        cuts.setdefault((weigher.finding, weigher.option), set()).update(ends - {-math.inf})
    for (name, option), limits in cuts.items():
        finding = knowledge.findings[name]
        if finding.type == "number":
            ordered = tuple(sorted(limits))
            # Ranges include their lower end, so that each cut is an answer of the range above it.
            yield Coded(name, None, (-math.inf, *ordered), ordered)
        elif finding.type == "choice":
            yield Coded(name, None, finding.options)
        elif finding.type == "sites":
            yield Coded(name, option, (frozenset({str(option)}), frozenset()))
        else:
            yield Coded(name, None, (True, False))


def _units(
    table: Sequence[Weigher],
    coded: tuple[Coded, ...],
    number: Mapping[tuple[str, str | None], int],
    knowledge: Knowledge,
) -> Iterator[Unit]:
    for weighed in _together(table):
        members = tuple(number[each.finding, each.option] for each in weighed)
        sizes = [coded[member].codes for member in members]
        if math.prod(sizes) > _MOST:
            names = ", ".join(each.finding for each in weighed)
            raise KnowledgeError(f"one cause weighs too many findings together: {names}; split their group")
        lines = []
        # The first member's code changes fastest.
        for codes in itertools.product(*(range(size) for size in reversed(sizes))):
            chosen = zip(weighed, members, reversed(codes), strict=True)
            known = [(each, coded[member].answers[code - 1]) for each, member, code in chosen if code]
            lines.append(ledger_lines(known, knowledge))
        yield Unit(members, tuple(lines))


def _together(table: Iterable[Weigher]) -> Iterator[list[Weigher]]:
    """Yield the weighers of each group, together with the groups of those that they say more exactly."""
    units: list[tuple[set[str], list[Weigher]]] = []
    for weigher in table:
        # A group and a finding may bear one name.
        names = {f"group {weigher.group}", f"finding {weigher.finding}", f"finding {weigher.refines}"}
        names.discard("finding None")
        found = [unit for unit in units if unit[0] & names]
        merged = (names.union(*(unit[0] for unit in found)), [*itertools.chain(*(unit[1] for unit in found)), weigher])
        units = [unit for unit in units if not unit[0] & names]
        units.append(merged)
    yield from (each for _, each in units)


def code_planes(coded: Coded, values: Values) -> Iterator[tuple[int, int]]:
    """Yield the planes that make up a finding's code, each with what a person in it adds to the code."""
    name = coded.finding
    if coded.cuts:
        yield values.known(name), 1
        for cut in coded.cuts:
            yield leaf(Compare(name, ">=", cut), values).true, 1
    elif coded.option is not None:
        yield from zip(leaf(Has(name, coded.option), values), (1, 2), strict=True)
    elif name in values.truths:
        yield from zip(values.truths[name], (1, 2), strict=True)
    else:
        words = values.words.get(name, {})
        yield from ((words.get(str(word), NOBODY), code) for code, word in enumerate(coded.answers, start=1))


@dataclass(frozen=True, slots=True)
class Packs:
    """The tables of the findings that are there, for ``kernels.fit_causes``.

    Attributes:
        columns: The coded findings that are there, in the order of the code columns.
        first: First pack of each cause, and the end.
        members: First member of each pack, and the end.
        column: Code column of each member.
        stride: What one step of a member's code adds to the index.
        entries: First entry of each pack, and the end.
        adds: What each combination adds to the log-odds [nats] and to their variance [nats squared], (entry, 2); the
            second is 0 only where no finding speaks.
    """

    columns: tuple[int, ...]
    first: npt.NDArray[np.int64]
    members: npt.NDArray[np.int64]
    column: npt.NDArray[np.int64]
    stride: npt.NDArray[np.int64]
    entries: npt.NDArray[np.int64]
    adds: npt.NDArray[np.float64]


class _Table(NamedTuple):
    members: tuple[int, ...]
    weight: npt.NDArray[np.float64]
    variance: npt.NDArray[np.float64]


def packs(knowledge: Knowledge, there: frozenset[int]) -> Packs:
    """Return the tables of the coded findings that are there, by their numbers in ``weighing``."""
    all_units = weighing(knowledge)
    columns = tuple(sorted(there))
    place = {member: index for index, member in enumerate(columns)}
    first, members, entries = [0], [0], [0]
    column: list[int] = []
    stride: list[int] = []
    weights: list[npt.NDArray[np.float64]] = []
    variances: list[npt.NDArray[np.float64]] = []
    for units in all_units.units:
        for pack in _packed(_tables(units, there, all_units.coded, knowledge)):
            step = 1
            for member in pack.members:
                column.append(place[member])
                stride.append(step)
                step *= all_units.coded[member].codes
            members.append(len(column))
            entries.append(entries[-1] + step)
            weights.append(pack.weight)
            variances.append(pack.variance)
        first.append(len(members) - 1)
    empty = np.zeros(0)
    return Packs(
        columns=columns,
        first=np.array(first, dtype=np.int64),
        members=np.array(members, dtype=np.int64),
        column=np.array(column, dtype=np.int64),
        stride=np.array(stride, dtype=np.int64),
        entries=np.array(entries, dtype=np.int64),
        adds=np.column_stack([np.concatenate([empty, *each]) for each in (weights, variances)]),
    )


def _tables(
    units: Iterable[Unit], there: frozenset[int], coded: tuple[Coded, ...], knowledge: Knowledge
) -> Iterator[_Table]:
    """Yield each unit's sums, with only the members that are there."""
    spreads = knowledge.scale.grade_spread
    tiny = np.finfo(np.float64).tiny
    for unit in units:
        shape = [coded[member].codes for member in reversed(unit.members)]
        kept = tuple(slice(None) if member in there else 0 for member in reversed(unit.members))
        weight = np.array([sum(line.weight for line in lines) for lines in unit.lines]).reshape(shape)[kept]
        variance = [sum((spreads[line.grade] * line.weight) ** 2 for line in lines) for lines in unit.lines]
        # Whether anything speaks at all is read off the variance.
        told = [max(each, float(tiny)) if lines else 0.0 for each, lines in zip(variance, unit.lines, strict=True)]
        members = tuple(member for member in unit.members if member in there)
        if members:
            yield _Table(members, weight.ravel(), np.array(told).reshape(shape)[kept].ravel())


def _packed(tables: Iterable[_Table]) -> Iterator[_Table]:
    """Yield packs of tables, small ones together."""
    waiting: _Table | None = None
    for table in sorted(tables, key=lambda each: len(each.weight)):
        if waiting is None:
            waiting = table
        elif len(waiting.weight) * len(table.weight) <= _PACKED:
            # The members of the first change fastest.
            weight = (table.weight[:, None] + waiting.weight[None, :]).ravel()
            variance = (table.variance[:, None] + waiting.variance[None, :]).ravel()
            waiting = _Table((*waiting.members, *table.members), weight, variance)
        else:
            yield waiting
            waiting = table
    if waiting is not None:
        yield waiting
