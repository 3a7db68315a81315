"""The whole judgement of a told frame: what ``assess`` says of each person, as columns."""

from __future__ import annotations

from collections.abc import Collection, Sequence
from concurrent.futures import ThreadPoolExecutor
from dataclasses import dataclass
from datetime import date
from typing import NamedTuple, cast

import numpy as np
import numpy.typing as npt
import polars as pl

from rheobase.assess.assessment import EXPLANATION
from rheobase.assess.causes import CANT_TELL, FITS_WELL, POSSIBLE
from rheobase.cohort import outputs
from rheobase.cohort.adequacy import adequacy_columns
from rheobase.cohort.advice import POSSIBLE as MAYBE
from rheobase.cohort.advice import UNDECIDED, WELL, cause_source, level_source
from rheobase.cohort.causes import BANDS, weighing
from rheobase.cohort.circuit import EVERYBODY, WORKED_OUT, Wired
from rheobase.cohort.columns import Block, Plane, Workers, apart
from rheobase.cohort.frame import PERSON, SETTING, check_told, coded, options
from rheobase.cohort.gather import Stage
from rheobase.cohort.kernels import BLOCK, fit_causes, most_probable
from rheobase.cohort.lab_findings import FINDING, every_finding, found_columns, measured
from rheobase.cohort.lab_outcomes import lab_outcomes
from rheobase.cohort.labs import with_labs
from rheobase.cohort.old_results import in_both_worlds, without_old
from rheobase.cohort.one_by_one import one_by_one
from rheobase.cohort.plan import (
    ADEQUACY,
    CAUSES,
    CHILD,
    KNOWN,
    LABS,
    LEDGER,
    LEVELS,
    MISSING,
    PARTS,
    URGENCY,
    USUAL,
    Plan,
    needed,
    plan,
)
from rheobase.errors import DataRefusedError
from rheobase.knowledge import Knowledge
from rheobase.person import SETTINGS, Person

# People at a time: few enough that their planes stay in the cache.
AT_ONCE = 65536
TOP = 5
WITHHELD = "advice_withheld"
LISTED = ("rules_fired", "reassured_by", "could_fire", "patterns", "open_patterns")
_NONE = np.zeros(0, dtype=np.uint64)


def judge(
    told: pl.DataFrame,
    knowledge: Knowledge,
    *,
    on: date | None = None,
    ledger: bool = False,
    keep: Sequence[str] = (),
    parts: Collection[str] = USUAL,
) -> pl.DataFrame:
    """Return the judgement of everyone in a told frame, in the same order.

    Its columns follow from those of the told frame, never from what is known in them. Causes whose probabilities are
    the same but for the last digits may stand in either order in ``top_causes``.

    Args:
        told: One row per person; see ``cohort.frame`` for its columns. Null is "not known".
        knowledge: What is known.
        on: The day that is judged, needed where a result has a date (``lab.<analyte>.taken``): results that are too
            old to speak for that day weigh nothing and silence nothing. A result without a date counts as that day's.
        ledger: Also give the ledger of every cause, one person after the other, which is slow.
        keep: Columns that are carried along unread.
        parts: Of ``plan.PARTS``, what is asked for; less is faster.

    Raises:
        DataRefusedError: A column, its type, a word or a number is not one that may be told, a part is not known,
            results have dates and ``on`` is not given or is an earlier day.
    """
    if strange := sorted(set(parts) - set(PARTS)):
        raise DataRefusedError(f"part {strange[0]!r} is not known: expected some of {', '.join(PARTS)}")
    asked = frozenset((*parts, LEDGER) if ledger else parts)
    checked = check_told(told, knowledge, keep)
    carried = [name for name in checked.columns if name == PERSON or name in keep]
    known = checked.select(_known_columns(checked.drop(carried))).rechunk()
    known = _worked_out(coded(known, knowledge), knowledge, on)
    work = plan(knowledge, frozenset(known.columns), asked)
    with ThreadPoolExecutor(pl.thread_pool_size()) as pool:
        judging = _Judging(knowledge, work, asked, Workers(pool, pl.thread_pool_size()))
        starts = range(0, max(checked.height, 1), AT_ONCE)
        pieces = [judging.block(known.slice(start, AT_ONCE), min(AT_ONCE, checked.height - start)) for start in starts]
    judged = outputs.as_words(pl.concat(pieces, rechunk=False), judging.words())
    found = [checked.select(carried), judged]
    if LABS in parts:
        names = frozenset(checked.drop(keep).columns)
        found[1] = every_finding(judged, knowledge, names)
        found.append(lab_outcomes(known, knowledge, checked.drop(keep)))
        found.append(measured(known, knowledge, names, people=checked.height))
    if ADEQUACY in parts:
        found.append(pl.DataFrame(list(adequacy_columns(checked.drop(keep), knowledge))))
    if asked & {LEDGER, MISSING}:
        found.append(one_by_one(checked.drop(keep), knowledge, asked, on=on))
    return pl.concat([each for each in found if each.width], how="horizontal")


def _worked_out(told: pl.DataFrame, knowledge: Knowledge, on: date | None) -> pl.DataFrame:
    """Return what is told with what follows from blood tests, in both worlds where some result is old."""
    today = without_old(told, knowledge, on)
    known = with_labs(today, knowledge)
    if today is not told:
        known = in_both_worlds(known, with_labs(told, knowledge))
    return known.select(_known_columns(known))


def _known_columns(frame: pl.DataFrame) -> list[str]:
    """Return the columns in which something is known of somebody."""
    if not frame.width:
        return []
    return [name for name, nulls in frame.null_count().row(0, named=True).items() if nulls < frame.height]


class Fits(NamedTuple):
    """How well each cause fits each person of a block: (cause, person), and the setting of each person."""

    setting: npt.NDArray[np.uint8]
    posterior: npt.NDArray[np.float64]
    low: npt.NDArray[np.float64]
    high: npt.NDArray[np.float64]
    band: npt.NDArray[np.uint8]


@dataclass(frozen=True, slots=True)
class _Judging:
    """Judges one block of people after the other."""

    knowledge: Knowledge
    plan: Plan
    parts: frozenset[str]
    workers: Workers

    def block(self, frame: pl.DataFrame, people: int) -> pl.DataFrame:
        """Return the judgement of a block of people."""
        block = Block(frame, people, options(self.knowledge))
        self._gather(block)
        rows = self.workers.run(self.plan.judged, block)
        child = rows[self.plan.rows[CHILD][CHILD]]
        columns: dict[str, pl.Series] = {}
        if URGENCY in self.parts:
            at = outputs.chosen([rows[row] for row in self.plan.rows[LEVELS].values()], people)
            columns[URGENCY] = outputs.codes(at)
            columns[CHILD] = outputs.truths(child, people)
        for part in LISTED:
            if part in self.plan.rows:
                columns[part] = outputs.lists(rows, self.plan.rows[part], people)
        if CAUSES in needed(self.parts):
            fits = self._fits(block, rows)
            adult = rows[EVERYBODY] & ~child
            if CAUSES in self.parts:
                columns.update(self._causes(fits, adult))
            if self.plan.withheld is not None:
                columns[WITHHELD] = self._withheld(block, rows, fits, adult)
        columns.update(found_columns(self.knowledge, self.plan.rows, rows, people))
        if KNOWN in self.parts:
            columns[KNOWN] = pl.Series(outputs.counted(rows, self.plan.rows[KNOWN], people))
        return pl.DataFrame(columns)

    def words(self) -> dict[str, Sequence[str]]:
        """Return the words of each column of words that ``block`` returns by their places."""
        found: dict[str, Sequence[str]] = {
            part: list(self.plan.rows[part]) for part in LISTED if part in self.plan.rows
        }
        if URGENCY in self.parts:
            found[URGENCY] = list(self.plan.rows[LEVELS])
        if self.plan.withheld is not None:
            found[WITHHELD] = list(self.plan.withheld_rows)
        found.update(
            {
                name: list(planes)
                for name, planes in self.plan.rows.items()
                if name.startswith(FINDING) and self._has_words(name)
            }
        )
        if CAUSES in self.parts:
            found.update({f"band.{cause}": list(BANDS) for cause in self.knowledge.causes})
            found["top_causes"] = self._explanations()
        return found

    def _has_words(self, column: str) -> bool:
        return self.knowledge.findings[column.removeprefix(FINDING)].type == "choice"

    def _explanations(self) -> list[str]:
        """Return the causes that can stand alone, those first that win a tie."""
        return sorted(name for name, cause in self.knowledge.causes.items() if cause.role == EXPLANATION)

    def _gather(self, block: Block) -> None:
        """Work out what is known of everyone: what was told, then what it implies, until nothing changes."""
        for told, implied in self.plan.gathering:
            for source in implied.circuit.sources:
                if source.kind == WORKED_OUT:
                    block.made[source] = np.zeros(block.words, dtype=np.uint64)
            self._step(block, told)
            while self._step(block, implied):
                pass

    def _step(self, block: Block, stage: Stage) -> bool:
        """Work out one stage; return whether it changed anything."""
        rows = self.workers.run(stage.circuit, block)
        changed = False
        for source, row in zip(stage.outputs, stage.circuit.outputs, strict=True):
            if not np.array_equal(rows[row], block.made.get(source, _NONE)):
                block.made[source] = rows[row].copy()
                changed = True
        return changed

    def _fits(self, block: Block, rows: Plane) -> Fits:
        """Return the probability, interval and band of every cause."""
        tables, all_units, scale = self.plan.packs, weighing(self.knowledge), self.knowledge.scale
        setting = np.zeros(block.people, dtype=np.uint8)
        if SETTING in block.frame.columns:
            told = block.frame[SETTING].cast(pl.Enum(SETTINGS)).to_physical()
            setting = told.fill_null(SETTINGS.index(Person().setting)).cast(pl.UInt8).to_numpy()
        count = (len(all_units.causes), block.people)
        posterior, low, high = (apart(count, np.float64) for _ in range(3))
        fits = Fits(setting, posterior, low, high, apart(count, np.uint8))
        limits = (scale.interval_z, scale.fits_well, scale.possible, scale.undecided_width)
        inputs = (rows, self.plan.wires, len(tables.columns), setting)
        weights = (
            *(all_units.prior, all_units.prior_variance, tables.first, tables.members, tables.column, tables.stride),
            *(tables.entries, tables.adds, limits),
        )

        def fit(low: int, high: int) -> None:
            fit_causes(inputs, weights, (fits.posterior, fits.low, fits.high, fits.band), (low, high))

        self.workers.share(-(-block.people // BLOCK), fit)
        return fits

    def _causes(self, fits: Fits, adult: Plane) -> dict[str, pl.Series]:
        """Return the columns of the causes, null for a child."""
        columns: dict[str, pl.Series] = {}
        for index, cause in enumerate(weighing(self.knowledge).causes):
            for name, values in (("posterior", fits.posterior), ("low", fits.low), ("high", fits.high)):
                columns[f"{name}.{cause}"] = outputs.numbers(values[index], adult)
            columns[f"band.{cause}"] = outputs.codes(fits.band[index], adult)
        columns["top_causes"] = self._top(fits.posterior, adult)
        return columns

    def _withheld(self, block: Block, rows: Plane, fits: Fits, adult: Plane) -> pl.Series:
        """Return the advice that something known forbids."""
        for level, row in self.plan.rows[LEVELS].items():
            block.made[level_source(level)] = rows[row]
        all_units = weighing(self.knowledge)
        for index, cause in enumerate(all_units.causes):
            raised = block.packed(all_units.raised(index, fits.posterior[index], fits.setting))
            bands = [block.packed(fits.band[index] == BANDS.index(band)) for band in (FITS_WELL, POSSIBLE, CANT_TELL)]
            block.made[cause_source(WELL, cause)] = bands[0] & adult
            block.made[cause_source(MAYBE, cause)] = bands[1] & raised & adult
            block.made[cause_source(UNDECIDED, cause)] = bands[2] & raised & adult
        withheld = cast("Wired", self.plan.withheld)
        found = self.workers.run(withheld, block)
        return outputs.lists(found, self.plan.withheld_rows, block.people)

    def _top(self, posterior: npt.NDArray[np.float64], adult: Plane) -> pl.Series:
        names = self._explanations()
        place = {name: index for index, name in enumerate(self.knowledge.causes)}
        candidates = np.array([place[name] for name in names], dtype=np.int64)
        people = posterior.shape[1]
        best = np.empty((people, min(TOP, len(names))), dtype=np.uint8)

        def choose(low: int, high: int) -> None:
            most_probable(posterior, candidates, best, (low, high))

        self.workers.share(people, choose)
        return outputs.fixed_lists(best, adult)
