"""The judgement of one block of people, few enough that their planes stay near the processor."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from typing import cast

import numpy as np
import numpy.typing as npt
import polars as pl

from rheobase.assess.causes import CANT_TELL, FITS_WELL, POSSIBLE
from rheobase.cohort import outputs
from rheobase.cohort.advice import POSSIBLE as MAYBE
from rheobase.cohort.advice import UNDECIDED, WELL, cause_source, level_source
from rheobase.cohort.causes import BANDS, weighing
from rheobase.cohort.circuit import EVERYBODY, WORKED_OUT, Source, Wired
from rheobase.cohort.columns import Block, Plane, Scratch
from rheobase.cohort.fits import Fits, empty_fits, fit, settings_of
from rheobase.cohort.gather import Stage
from rheobase.cohort.lab_findings import FINDING, found_columns
from rheobase.cohort.plan import CAUSES, CHILD, KNOWN, LEVELS, URGENCY, Plan, needed
from rheobase.knowledge import Knowledge

WITHHELD = "advice_withheld"
LISTED = ("rules_fired", "reassured_by", "could_fire", "patterns", "open_patterns")
# Columns that a judgement has before those of causes.
BEFORE_CAUSES = (URGENCY, CHILD, *LISTED)
_NONE = np.zeros(0, dtype=np.uint64)


@dataclass(frozen=True, slots=True)
class Judging:
    """Judges blocks of people, each of them by itself; threads may share it."""

    knowledge: Knowledge
    plan: Plan
    parts: frozenset[str]

    def block(self, block: Block, fits: Fits | None, scratch: Scratch) -> pl.DataFrame:
        """Return the judgement of a block of people, all but the columns of causes.

        Args:
            block: The people.
            fits: What is filled in of their causes; None where causes are not asked for.
            scratch: Memory of this thread.
        """
        people = block.people
        self._gather(block, scratch)
        rows = scratch.run(self.plan.judged, block)
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
            filled = empty_fits(self.knowledge, people) if fits is None else fits
            np.bitwise_and(rows[EVERYBODY], ~child, out=filled.adult)
            setting = settings_of(block)
            fit(self.knowledge, self.plan, (rows, setting), filled)
            if self.plan.withheld is not None:
                columns[WITHHELD] = self._withheld(block, rows, (filled, setting), scratch)
        columns.update(found_columns(self.knowledge, self.plan.rows, rows, people))
        if KNOWN in self.parts:
            columns[KNOWN] = pl.Series(outputs.counted(rows, self.plan.rows[KNOWN], people))
        return outputs.as_words(pl.DataFrame(columns), self._words())

    def _words(self) -> dict[str, Sequence[str]]:
        """Return the words of each column of ``block`` that holds their places."""
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
        return found

    def _has_words(self, column: str) -> bool:
        return self.knowledge.findings[column.removeprefix(FINDING)].type == "choice"

    def _gather(self, block: Block, scratch: Scratch) -> None:
        """Work out what is known of everyone: what was told, then what it implies, until nothing changes."""
        for told, implied in self.plan.gathering:
            for source in implied.circuit.sources:
                if source.kind == WORKED_OUT:
                    block.made[source] = np.zeros(block.words, dtype=np.uint64)
            _changes(block, told, scratch.run(told.circuit, block))
            changed = _changes(block, implied, scratch.run(implied.circuit, block))
            while changed:
                changed = _changes(block, implied, scratch.run_again(implied.circuit, block, changed))

    def _withheld(
        self, block: Block, rows: Plane, fitted: tuple[Fits, npt.NDArray[np.uint8]], scratch: Scratch
    ) -> pl.Series:
        """Return the advice that something known forbids."""
        fits, setting = fitted
        for level, row in self.plan.rows[LEVELS].items():
            block.made[level_source(level)] = rows[row]
        all_units = weighing(self.knowledge)
        for index, cause in enumerate(all_units.causes):
            raised = block.packed(all_units.raised(index, fits.posterior[index], setting))
            bands = [block.packed(fits.band[index] == BANDS.index(band)) for band in (FITS_WELL, POSSIBLE, CANT_TELL)]
            block.made[cause_source(WELL, cause)] = bands[0] & fits.adult
            block.made[cause_source(MAYBE, cause)] = bands[1] & raised & fits.adult
            block.made[cause_source(UNDECIDED, cause)] = bands[2] & raised & fits.adult
        withheld = cast("Wired", self.plan.withheld)
        found = scratch.run(withheld, block)
        return outputs.lists(found, self.plan.withheld_rows, block.people)


def _changes(block: Block, stage: Stage, rows: Plane) -> set[Source]:
    """Take over what a stage has worked out; return what has changed."""
    changed = set()
    for source, row in zip(stage.outputs, stage.circuit.outputs, strict=True):
        if not np.array_equal(rows[row], block.made.get(source, _NONE)):
            block.made[source] = rows[row].copy()
            changed.add(source)
    return changed
