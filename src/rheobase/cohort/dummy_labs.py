"""Laboratory values of people who do not exist: around what is usual, out of range as often as the knowledge says."""

from __future__ import annotations

from collections.abc import Callable, Iterator

import numpy as np
import numpy.typing as npt
import polars as pl

from rheobase.cohort.frame import LAB
from rheobase.knowledge import Analyte, Finding, Knowledge
from rheobase.knowledge.lab_reading import Usual, load_lab_reading

Numbers = npt.NDArray[np.float64]
# Our assumptions: who had blood taken, how often each test was in it, how far out a value that is out of range lies.
_TESTED, _ORDERED, _FAR = 0.5, 0.6, 0.3
_SPAN = 2 * 1.96
_DIGITS = 3


def draw_labs(
    knowledge: Knowledge, rate: Callable[[Finding], Numbers], draw: np.random.Generator, people: int
) -> dict[str, pl.Series]:
    """Return values by column, in SI units.

    Args:
        knowledge: Analytes, and the findings that a value out of range is.
        rate: How likely each person is to have a finding.
        draw: Source of chance.
        people: How many.
    """
    tested = draw.random(people) < _TESTED
    columns: dict[str, pl.Series] = {}
    for analyte, usual in _measured(knowledge):
        values = _around(usual, draw, people)
        low, high = usual.intervals[0]
        for name, outside in ((analyte.low_finding, low), (analyte.high_finding, high)):
            if name is None or outside <= 0:
                continue
            out = draw.random(people) < rate(knowledge.findings[name])
            share = draw.random(people) * _FAR
            far = outside * (1 - share) if name == analyte.low_finding else outside * (1 + share)
            values = np.where(out, far, values)
        values = np.clip(values, analyte.plausible_min, analyte.plausible_max)
        told = tested & (draw.random(people) < _ORDERED)
        column = pl.Series(values).round_sig_figs(_DIGITS)
        columns[f"{LAB}{analyte.id}"] = pl.select(pl.when(pl.Series(told)).then(column)).to_series()
    return columns


def _measured(knowledge: Knowledge) -> Iterator[tuple[Analyte, Usual]]:
    """Yield what is measured, not worked out, and what is usual for it."""
    for name, usual in load_lab_reading().usual.items():
        analyte = knowledge.analytes[name]
        if not analyte.derived_from and usual.intervals[0][1] > 0:
            yield analyte, usual


def _around(usual: Usual, draw: np.random.Generator, people: int) -> Numbers:
    """Return values of which 95 in 100 lie in the usual interval, inside of it for the rest as well."""
    low, high = usual.intervals[0]
    low = low if low > 0 else high / 10
    middle, spread = (np.log(low) + np.log(high)) / 2, (np.log(high) - np.log(low)) / _SPAN
    # What lies outside is drawn on its own, as often as the findings say.
    found: Numbers = np.exp(np.clip(draw.normal(middle, spread, people), np.log(low), np.log(high)))
    return found
