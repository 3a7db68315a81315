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
# Our assumptions (C): who had blood taken, how often each test was in it.
_TESTED, _ORDERED = 0.5, 0.6
# How far out a value lies that is out of range, on the mean, as a share of the interval's width on a log scale: most
# lie just outside. Of adults with a low potassium 1 in 28 is below 3.0 mmol/L, of those with a low calcium 1 in 21
# below 2.1 (nhanes_labs, docs/validation/labs.md), which is 0.1; magnesium and sodium lie at 0.2.
_FAR = 0.12
# Out of range at one end where the knowledge names no rate: by the meaning of an interval of 95 in 100.
OUTSIDE = 0.025
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
        width = float(np.log(high / low)) if low > 0 else 1.0
        for name, outside in ((analyte.low_finding, low), (analyte.high_finding, high)):
            if name is None or outside <= 0:
                continue
            out = draw.random(people) < rate(knowledge.findings[name])
            beyond = np.exp(draw.exponential(_FAR * width, people))
            far = outside / beyond if name == analyte.low_finding else outside * beyond
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
