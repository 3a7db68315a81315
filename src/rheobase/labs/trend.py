"""How a result has moved: the change between two dates against what chance and a healthy body do by themselves."""

from __future__ import annotations

import math
from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from datetime import date

from rheobase.knowledge.model_labs import Variation


@dataclass(frozen=True, slots=True)
class Dated:
    """One result in SI with its day; ``limit`` if the laboratory only gave ``<`` or ``>``."""

    value: float
    on: date
    limit: bool = False


@dataclass(frozen=True, slots=True)
class ChangeLimits:
    """The fall and the rise [share of the first value] beyond which chance alone is unlikely."""

    fall: float
    rise: float


@dataclass(frozen=True, slots=True)
class Change:
    """What one analyte did between the last two dates.

    Attributes:
        analyte: Analyte id.
        results: Every dated result in SI, the oldest first.
        share: Change from the last but one to the last [share of the former].
        days: Between those two.
        limits: Beyond which chance alone is unlikely; None where the variation is not known.
        beyond: Whether the change is beyond them; None where that can't be told.
    """

    analyte: str
    results: tuple[Dated, ...]
    share: float
    days: int
    limits: ChangeLimits | None
    beyond: bool | None


def change_limits(constants: Mapping[str, float], variation: Variation) -> ChangeLimits:
    """Return the reference change values of one analyte, on the logarithm of the values.

    Args:
        constants: ``z`` (1.96: one in twenty by chance, either way) and ``percent``.
        variation: Within-person and analytical coefficients of variation [%].

    Source:
        RCV = sqrt(2) * Z * sqrt(CVA^2 + CVI^2): Fraser CG, Biological Variation, 2001; logarithmic form:
        Fokkema MR et al. Clin Chem 2006;52:1602-1603.
    """
    total = math.hypot(variation.within, variation.analytical) / constants["percent"]
    spread = math.sqrt(math.log1p(total**2))
    width = math.sqrt(2) * constants["z"] * spread
    return ChangeLimits(fall=math.exp(-width) - 1, rise=math.exp(width) - 1)


def change_of(
    analyte: str, results: Iterable[Dated], variation: Variation | None, constants: Mapping[str, float]
) -> Change | None:
    """Return how an analyte moved; None with fewer than two days.

    Args:
        analyte: Analyte id.
        results: In SI. Of several on one day the last counts.
        variation: Of the analyte; None where it is not known.
        constants: Of the formula ``reference_change_value``.
    """
    by_day = {each.on: each for each in results}
    ordered = tuple(by_day[on] for on in sorted(by_day))
    if len(ordered) < 2 or ordered[-2].value <= 0:
        return None
    before, last = ordered[-2:]
    share = last.value / before.value - 1
    limits = None if variation is None else change_limits(constants, variation)
    told = limits is not None and not (before.limit or last.limit)
    beyond = (share < limits.fall or share > limits.rise) if told and limits is not None else None
    return Change(analyte, ordered, share, (last.on - before.on).days, limits, beyond)
