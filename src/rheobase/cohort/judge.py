"""The whole judgement of a told frame: what ``assess`` says of each person, as columns."""

from __future__ import annotations

import functools
from collections.abc import Collection, Iterator, Mapping, Sequence
from concurrent.futures import ThreadPoolExecutor
from dataclasses import dataclass

import numpy as np
import numpy.typing as npt
import polars as pl

from rheobase.assess.assessment import EXPLANATION
from rheobase.cohort import outputs
from rheobase.cohort.causes import BANDS, Packs, code_planes, packs, weighing
from rheobase.cohort.circuit import EVERYBODY, NOBODY, Circuit, Wired, wired
from rheobase.cohort.columns import WORKED_OUT, Block, Plane, run, share
from rheobase.cohort.frame import FLAG, FLAGS, LAB, PERSON, SETTING, check_told, options
from rheobase.cohort.gather import Stage, graded, implied_stage, told_stage, values_of, worked_out
from rheobase.cohort.kernels import BLOCK, fit_causes, most_probable
from rheobase.cohort.labs import with_labs
from rheobase.cohort.patterns import pattern_planes
from rheobase.cohort.urgency import urgency_planes
from rheobase.errors import DataRefusedError
from rheobase.knowledge import Knowledge
from rheobase.person import SETTINGS, Person

URGENCY, CAUSES, PATTERNS, LABS = "urgency", "causes", "patterns", "labs"
PARTS = (URGENCY, CAUSES, PATTERNS, LABS)
# People at a time: few enough that their planes stay in the cache.
AT_ONCE = 131072
TOP = 5
LISTED = ("rules_fired", "reassured_by", "could_fire", "patterns", "open_patterns")
_NONE = np.zeros(0, dtype=np.uint64)
# Worked out from others without being named as such.
_WORKED_OUT = ("calcium_adjusted", "egfr")


@dataclass(frozen=True, slots=True)
class Plan:
    """Everything that is worked out for frames with the same columns.

    Attributes:
        told: What was told.
        implied: One pass over what findings imply.
        judged: The judgement.
        rows: The row of each plane of the judgement, by part and name.
        wires: What makes up the codes of the findings that causes weigh.
        packs: The causes' tables.
    """

    told: Stage
    implied: Stage
    judged: Wired
    rows: Mapping[str, Mapping[str, int]]
    wires: npt.NDArray[np.int32]
    packs: Packs


@functools.lru_cache(maxsize=16)
def plan(knowledge: Knowledge, columns: frozenset[str], parts: frozenset[str]) -> Plan:
    """Return what to work out.

    Args:
        knowledge: What is known.
        columns: The columns in which something is known of somebody.
        parts: Of ``PARTS``, what is asked for.
    """
    told, known = told_stage(knowledge, columns)
    implied, known = implied_stage(knowledge, columns, known)
    circuit = Circuit()
    truths = {name: worked_out(circuit, name) for name in knowledge.findings if name in known}
    values = values_of(knowledge, columns, circuit, truths)
    graded(knowledge, values)
    planes: dict[str, dict[str, int]] = {}
    urgency = urgency_planes(knowledge, values)
    planes["child"] = {"child": urgency.child}
    if URGENCY in parts:
        planes["rules_fired"], planes["could_fire"] = dict(urgency.fired), dict(urgency.could_fire)
        planes["reassured_by"], planes[URGENCY] = dict(urgency.reassured_by), dict(urgency.levels)
    if PATTERNS in parts:
        planes["patterns"], planes["open_patterns"] = pattern_planes(knowledge, values)
    coded = weighing(knowledge).coded if CAUSES in parts else ()
    found = {index: [x for x in code_planes(each, values) if x[0] != NOBODY] for index, each in enumerate(coded)}
    tables = packs(knowledge, frozenset(index for index, each in found.items() if each))
    wires = [(column, plane, step) for column, index in enumerate(tables.columns) for plane, step in found[index]]
    listed = [plane for group in planes.values() for plane in group.values()]
    whole = wired(circuit, [*listed, *(plane for _, plane, _ in wires)])
    at = iter(whole.outputs)
    rows = {part: {name: next(at) for name in group} for part, group in planes.items()}
    table = np.array([(column, next(at), step) for column, _, step in wires], dtype=np.int32)
    return Plan(told, implied, whole, rows, table.reshape(-1, 3), tables)


def judge(
    told: pl.DataFrame,
    knowledge: Knowledge,
    *,
    keep: Sequence[str] = (),
    parts: Collection[str] = PARTS,
) -> pl.DataFrame:
    """Return the judgement of everyone in a told frame, in the same order.

    Args:
        told: One row per person; see ``cohort.frame`` for its columns. Null is "not known".
        knowledge: What is known.
        keep: Columns that are carried along unread.
        parts: Of ``PARTS``, what is asked for; less is faster.

    Raises:
        DataRefusedError: A column, its type, a word or a number is not one that may be told, or a part is not known.
    """
    if strange := sorted(set(parts) - set(PARTS)):
        raise DataRefusedError(f"part {strange[0]!r} is not known: expected some of {', '.join(PARTS)}")
    checked = check_told(told, knowledge, keep)
    carried = [name for name in checked.columns if name == PERSON or name in keep]
    known = checked.select(_known_columns(checked.drop(carried))).rechunk()
    known = with_labs(known, knowledge)
    known = known.select(_known_columns(known))
    work = plan(knowledge, frozenset(known.columns), frozenset(parts))
    threads = pl.thread_pool_size()
    with ThreadPoolExecutor(threads) as pool:
        judging = _Judging(knowledge, work, frozenset(parts), pool, threads)
        starts = range(0, max(checked.height, 1), AT_ONCE)
        pieces = [judging.block(known.slice(start, AT_ONCE), min(AT_ONCE, checked.height - start)) for start in starts]
    judged = outputs.as_words(pl.concat(pieces, rechunk=False), judging.words())
    found = [checked.select(carried), judged]
    if LABS in parts:
        found.append(known.select(_labs(knowledge, known.columns)))
    return pl.concat([each for each in found if each.width], how="horizontal")


def _known_columns(frame: pl.DataFrame) -> list[str]:
    """Return the columns in which something is known of somebody."""
    if not frame.width:
        return []
    return [name for name, nulls in frame.null_count().row(0, named=True).items() if nulls < frame.height]


def _labs(knowledge: Knowledge, columns: Collection[str]) -> Iterator[pl.Expr]:
    """Yield the values that may have been worked out, and every flag, as used."""
    for analyte in knowledge.analytes.values():
        name = f"{LAB}{analyte.id}"
        if name in columns and (analyte.derived_from or analyte.id in _WORKED_OUT):
            yield pl.col(name)
        if name + FLAG in columns:
            yield pl.col(name + FLAG).cast(pl.Enum(FLAGS)).alias(f"flag.{analyte.id}")


@dataclass(frozen=True, slots=True)
class _Judging:
    """Judges one block of people after the other."""

    knowledge: Knowledge
    plan: Plan
    parts: frozenset[str]
    pool: ThreadPoolExecutor
    threads: int

    def block(self, frame: pl.DataFrame, people: int) -> pl.DataFrame:
        """Return the judgement of a block of people."""
        block = Block(frame, people, options(self.knowledge))
        self._gather(block)
        rows = run(self.plan.judged, block, self.pool, self.threads)
        child = rows[self.plan.rows["child"]["child"]]
        columns: dict[str, pl.Series] = {}
        if URGENCY in self.parts:
            levels = self.plan.rows[URGENCY]
            at = outputs.chosen([rows[row] for row in levels.values()], people)
            columns[URGENCY] = outputs.codes(at)
            columns["child"] = outputs.truths(child, people)
        for part in LISTED:
            if part in self.plan.rows:
                columns[part] = outputs.lists(rows, self.plan.rows[part], people)
        if CAUSES in self.parts:
            columns.update(self._causes(block, rows, rows[EVERYBODY] & ~child))
        return pl.DataFrame(columns)

    def words(self) -> dict[str, Sequence[str]]:
        """Return the words of each column of words that ``block`` returns by their places."""
        found: dict[str, Sequence[str]] = {
            part: list(self.plan.rows[part]) for part in (URGENCY, *LISTED) if part in self.plan.rows
        }
        if CAUSES in self.parts:
            found.update({f"band.{cause}": list(BANDS) for cause in self.knowledge.causes})
            found["top_causes"] = self._explanations()
        return found

    def _explanations(self) -> list[str]:
        """Return the causes that can stand alone, those first that win a tie."""
        return sorted(name for name, cause in self.knowledge.causes.items() if cause.role == EXPLANATION)

    def _gather(self, block: Block) -> None:
        """Work out what is known of everyone: what was told, then what it implies, until nothing changes."""
        for source in self.plan.implied.circuit.sources:
            if source.kind == WORKED_OUT:
                block.made[source] = np.zeros(block.words, dtype=np.uint64)
        self._step(block, self.plan.told)
        while self._step(block, self.plan.implied):
            pass

    def _step(self, block: Block, stage: Stage) -> bool:
        """Work out one stage; return whether it changed anything."""
        rows = run(stage.circuit, block, self.pool, self.threads)
        changed = False
        for source, row in zip(stage.outputs, stage.circuit.outputs, strict=True):
            changed = changed or not np.array_equal(rows[row], block.made.get(source, _NONE))
            block.made[source] = rows[row]
        return changed

    def _causes(self, block: Block, rows: Plane, adult: Plane) -> dict[str, pl.Series]:
        """Return the probability, interval and band of every cause, and the most probable ones; null for a child."""
        tables, all_units, scale = self.plan.packs, weighing(self.knowledge), self.knowledge.scale
        setting = np.zeros(block.people, dtype=np.uint8)
        if SETTING in block.frame.columns:
            told = block.frame[SETTING].cast(pl.Enum(SETTINGS)).to_physical()
            setting = told.fill_null(SETTINGS.index(Person().setting)).cast(pl.UInt8).to_numpy()
        shape = (len(all_units.causes), block.people)
        found = tuple(np.empty(shape) for _ in range(3))
        band = np.empty(shape, dtype=np.uint8)
        limits = (scale.interval_z, scale.fits_well, scale.possible, scale.undecided_width)
        inputs = (rows, self.plan.wires, len(tables.columns), setting)
        weights = (
            *(all_units.prior, all_units.prior_variance, tables.first, tables.members, tables.column, tables.stride),
            *(tables.entries, tables.adds, limits),
        )

        def fit(low: int, high: int) -> None:
            fit_causes(inputs, weights, (*found, band), (low, high))

        share(self.pool, self.threads, -(-block.people // BLOCK), fit)
        columns: dict[str, pl.Series] = {}
        for index, cause in enumerate(all_units.causes):
            for name, values in zip(("posterior", "low", "high"), found, strict=True):
                columns[f"{name}.{cause}"] = outputs.numbers(values[index], adult)
            columns[f"band.{cause}"] = outputs.codes(band[index], adult)
        columns["top_causes"] = self._top(found[0], adult)
        return columns

    def _top(self, posterior: npt.NDArray[np.float64], adult: Plane) -> pl.Series:
        names = self._explanations()
        place = {name: index for index, name in enumerate(self.knowledge.causes)}
        candidates = np.array([place[name] for name in names], dtype=np.int64)
        people = posterior.shape[1]
        best = np.empty((people, min(TOP, len(names))), dtype=np.uint8)

        def choose(low: int, high: int) -> None:
            most_probable(posterior, candidates, best, (low, high))

        share(self.pool, self.threads, people, choose)
        return outputs.fixed_lists(best, adult)
