"""How well each cause fits each person: arrays over everyone, which threads fill block by block."""

from __future__ import annotations

from collections.abc import Iterator
from typing import Any, NamedTuple

import numpy as np
import numpy.typing as npt
import polars as pl

from rheobase.assess.assessment import EXPLANATION
from rheobase.cohort import outputs
from rheobase.cohort.causes import BANDS, weighing
from rheobase.cohort.columns import Block, Plane, apart
from rheobase.cohort.frame import SETTING
from rheobase.cohort.kernels import BLOCK, CODES, WORD, fit_causes
from rheobase.cohort.plan import Plan
from rheobase.errors import KnowledgeError
from rheobase.knowledge import Knowledge
from rheobase.person import SETTINGS, Person

TOP = 5
TOP_CAUSES = "top_causes"


class Fits(NamedTuple):
    """How well each cause fits each person.

    Attributes:
        posterior: Its probability, (cause, person).
        low: The low end of its interval, (cause, person).
        high: The high end.
        band: Its place in ``causes.BANDS``, (cause, person).
        best: The most probable of ``explanations``, by their places, (person, place).
        adult: Of whom causes are said.
    """

    posterior: npt.NDArray[np.float64]
    low: npt.NDArray[np.float64]
    high: npt.NDArray[np.float64]
    band: npt.NDArray[np.uint8]
    best: npt.NDArray[np.uint8]
    adult: Plane

    def part(self, start: int, people: int) -> Fits:
        """Return those of some people, which are filled where they lie.

        Args:
            start: The first of them, a multiple of ``BLOCK``.
            people: How many.
        """
        cut = slice(start, start + people)
        words = slice(start // WORD, start // WORD - (-people // BLOCK) * (BLOCK // WORD))
        posterior, low, high = (each[:, cut] for each in (self.posterior, self.low, self.high))
        return Fits(posterior, low, high, self.band[:, cut], self.best[cut], self.adult[words])


def empty_fits(knowledge: Knowledge, people: int) -> Fits:
    """Return arrays for so many people, not yet filled."""
    count = (len(knowledge.causes), people)
    posterior, low, high = (apart(count, np.float64) for _ in range(3))
    best = np.empty((people, min(TOP, len(explanations(knowledge)))), dtype=np.uint8)
    words = -(-people // BLOCK) * (BLOCK // WORD)
    return Fits(posterior, low, high, apart(count, np.uint8), best, np.zeros(words, dtype=np.uint64))


def explanations(knowledge: Knowledge) -> list[str]:
    """Return the causes that can stand alone, those first that win a tie.

    Raises:
        KnowledgeError: There are more than ``fit_causes`` can tell apart.
    """
    names = sorted(name for name, cause in knowledge.causes.items() if cause.role == EXPLANATION)
    if len(names) > CODES:
        raise KnowledgeError(f"there are {len(names)} causes that can stand alone, expected at most {CODES}")
    return names


def settings_of(block: Block) -> npt.NDArray[np.uint8]:
    """Return the setting of each person of a block, by its place in ``SETTINGS``."""
    home = SETTINGS.index(Person().setting)
    if SETTING not in block.told.frame.columns:
        return np.full(block.people, home, dtype=np.uint8)
    known = np.unpackbits(block.known(SETTING).view(np.uint8), count=block.people, bitorder="little")
    return np.where(known, block.values(SETTING), home).astype(np.uint8)


def fit(knowledge: Knowledge, plan: Plan, block: tuple[Plane, npt.NDArray[np.uint8]], fits: Fits) -> None:
    """Fill in how well each cause fits a block of people, all but ``adult``.

    Args:
        knowledge: The causes.
        plan: What makes up the codes of the findings, and the tables.
        block: What was worked out of the block, uint64 (row, word), and each person's setting, by its place.
        fits: Those of the block.
    """
    rows, setting = block
    tables, all_units, scale = plan.packs, weighing(knowledge), knowledge.scale
    names = {name: place for place, name in enumerate(explanations(knowledge))}
    named = np.array([names.get(cause, -1) for cause in all_units.causes], dtype=np.int64)
    limits = (scale.interval_z, scale.fits_well, scale.possible, scale.undecided_width)
    weights: tuple[Any, ...] = (
        *(all_units.prior, all_units.prior_variance, tables.first, tables.members, tables.column, tables.stride),
        *(tables.entries, tables.adds, named, limits),
    )
    inputs = (rows, plan.wires, len(tables.columns), setting)
    fit_causes(inputs, weights, (fits.posterior, fits.low, fits.high, fits.band, fits.best))


def fit_columns(knowledge: Knowledge, fits: Fits) -> pl.DataFrame:
    """Return the columns of the causes, null for a child; words by their places (``fit_words``)."""
    return pl.DataFrame(dict(_columns(knowledge, fits)))


def _columns(knowledge: Knowledge, fits: Fits) -> Iterator[tuple[str, pl.Series]]:
    for index, cause in enumerate(weighing(knowledge).causes):
        for name, values in (("posterior", fits.posterior), ("low", fits.low), ("high", fits.high)):
            yield f"{name}.{cause}", outputs.numbers(values[index], fits.adult)
        yield f"band.{cause}", outputs.codes(fits.band[index], fits.adult)
    yield TOP_CAUSES, outputs.fixed_lists(fits.best, fits.adult)


def fit_words(knowledge: Knowledge) -> dict[str, list[str]]:
    """Return the words of each column of ``fit_columns`` that holds their places."""
    return {**{f"band.{cause}": list(BANDS) for cause in knowledge.causes}, TOP_CAUSES: explanations(knowledge)}
