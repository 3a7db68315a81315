"""What serum does to a nerve, read from a table of the membrane model: at once, and without numba.

The table is drawn over what the model itself sees: the shift of the gates and the blocking ions that calcium,
magnesium and pH make, potassium, warmth and sodium. Between its points four neighbours along each direction are joined
by a cubic, two by a line beside where the axon has no impulse. Within what people have who walk about the threshold
comes within 0.6 % of normal and the resting potential within 0.1 mV of the model; within all that the model was
compared with, 3 % and 0.4 mV. Where the model has no impulse the table has no threshold. Whether a prone ending fires
is right in 19 of 20, the rest near its edge (tests hold that).
"""

from __future__ import annotations

import math
from bisect import bisect_right
from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass
from functools import lru_cache

from rheobase.knowledge.nerve_facts import load_nerve_facts
from rheobase.knowledge.nerve_table import (
    IONS,
    NORMAL_SODIUM,
    NORMAL_TEMPERATURE,
    POTASSIUM,
    SHIFTS,
    SODIUM,
    TEMPERATURE,
    NerveTable,
    load_nerve_table,
)
from rheobase.nerve.concentrations import Serum, normal_serum
from rheobase.nerve.screening import blocking_ions, gating_shift

# Neighbours and weights along one direction.
Weights = tuple[tuple[int, float], ...]
_LOG_POTASSIUM = tuple(math.log(each) for each in POTASSIUM)


@dataclass(frozen=True, slots=True)
class Twitching:
    """By what multiple of normal prone endings twitch, with the ends of its interval.

    Attributes:
        low, middle, high: Multiples of the normal rate.
        along: Share of the endings that fire all along.
    """

    low: float
    middle: float
    high: float
    along: float


@dataclass(frozen=True, slots=True)
class Tabled:
    """What serum does to a nerve.

    Attributes:
        threshold: Of a 1 ms pulse to a motor axon, in per cent of that in normal serum at the normal temperature; None
            where the axon has lost its impulse (depolarisation block), or is so near it that the table can't tell.
        resting: Potential of the node [mV].
        firing: Impulses a second of a nerve ending that is prone to fire, left alone [Hz].
        twitching: From calcium, magnesium and pH alone: potassium, sodium and warmth are taken as normal.
    """

    threshold: float | None
    resting: float
    firing: float
    twitching: Twitching

    @property
    def change(self) -> float | None:
        """By what the threshold differs from normal [%]; None where there is none."""
        return None if self.threshold is None else self.threshold - 100


@lru_cache(maxsize=4096)
def tabled(serum: Serum) -> Tabled | None:
    """Return what serum does, None where it is outside of the table.

    Args:
        serum: Values that a living person can have.
    """
    known, table = load_nerve_facts(), load_nerve_table()
    shift, ions = gating_shift(serum, known), blocking_ions(serum, known)
    usual = normal_serum(NORMAL_TEMPERATURE)
    alone = Serum(
        serum.calcium_ionised, serum.magnesium_ionised, usual.potassium, usual.sodium, serum.ph, usual.temperature
    )
    alone_shift = shift if alone == serum else gating_shift(alone, known)
    inside = (
        _within(shift, SHIFTS) and _within(alone_shift, SHIFTS) and _within(ions, IONS)
        and _within(serum.potassium, POTASSIUM) and _within(serum.temperature, TEMPERATURE)
        and _within(serum.sodium, SODIUM)
    )  # fmt: skip
    if not inside:
        return None
    threshold, resting, firing = (_membrane(table.membrane[name], serum, shift, ions)
                                  for name in ("threshold", "resting", "firing"))  # fmt: skip
    # A neighbour without an impulse leaves no figure to join.
    share = None if math.isnan(threshold) else 100 * threshold / usual_threshold()
    return Tabled(share, resting, max(firing, 0.0), _pool(table, alone_shift, ions))


@lru_cache(maxsize=1)
def usual_tabled() -> Tabled:
    """Return what normal serum does."""
    found = tabled(normal_serum())
    if found is None:
        raise AssertionError("normal serum is in the table")
    return found


@lru_cache(maxsize=1)
def usual_threshold() -> float:
    """Return the threshold of a 1 ms pulse to a motor axon in normal serum [pA]."""
    usual, known = normal_serum(), load_nerve_facts()
    return _membrane(load_nerve_table().membrane["threshold"], usual, 0.0, blocking_ions(usual, known))


def _within(value: float, axis: Sequence[float]) -> bool:
    return axis[0] <= value <= axis[-1]


def _membrane(
    table: Mapping[tuple[float, float, float, float], tuple[float, ...]], serum: Serum, shift: float, ions: float
) -> float:
    """Return one value: over shift, potassium, ions and warmth in normal sodium, then moved by sodium."""
    # Firing sets in at once: a curve would swing beside the step.
    curved = table is not load_nerve_table().membrane["firing"]
    along, salty = _ways(shift, SHIFTS, curved=curved), _ways(math.log(serum.potassium), _LOG_POTASSIUM, curved=curved)
    blocked, warm = _ways(ions, IONS, curved=curved), _ways(serum.temperature, TEMPERATURE, curved=curved)

    def at(sodium: float, temperature: float) -> float:
        def salted(one: int) -> float:
            potassium = POTASSIUM[one]
            return _join(
                blocked, lambda other: _join(along, table[sodium, temperature, potassium, IONS[other]].__getitem__)
            )

        return _join(salty, salted)

    found = _join(warm, lambda place: at(NORMAL_SODIUM, TEMPERATURE[place]))
    if serum.sodium != NORMAL_SODIUM:
        usual = at(NORMAL_SODIUM, NORMAL_TEMPERATURE)
        own = _ways(serum.sodium, SODIUM, curved=curved)
        found += _join(own, lambda place: at(SODIUM[place], NORMAL_TEMPERATURE)) - usual
    return found


def _ways(value: float, axis: Sequence[float], *, curved: bool) -> tuple[Weights, ...]:
    """Return how a value can be joined from points of an axis, the best way first."""
    line = tuple(each for each in _straight(value, axis) if each[1])
    return (_cubic(value, axis), line) if curved else (line,)


def _join(ways: tuple[Weights, ...], at: Callable[[int], float]) -> float:
    """Return what lies between points: a line where a point that the curve needs has no figure; else nan."""
    found = math.nan
    for way in ways:
        found = sum([weight * at(place) for place, weight in way])
        if not math.isnan(found):
            break
    return found


def _pool(table: NerveTable, shift: float, ions: float) -> Twitching:
    (lower, low_share), (upper, _) = _pair(_straight(ions, IONS))
    found = []
    for column in range(3):
        # Over many powers of ten a straight line joins the logarithms.
        logs = [sum(weight * math.log(table.pool[IONS[place]][at][column] + _LEAST)
                    for at, weight in _straight(shift, SHIFTS)) for place in (lower, upper)]  # fmt: skip
        found.append(max(math.exp(low_share * logs[0] + (1 - low_share) * logs[1]) - _LEAST, 0.0))
    along = [sum(weight * table.pool[IONS[place]][at][3] for at, weight in _straight(shift, SHIFTS))
             for place in (lower, upper)]  # fmt: skip
    return Twitching(found[0], found[1], found[2], low_share * along[0] + (1 - low_share) * along[1])


# Multiples below this are all the same [1].
_LEAST = 1e-3


def _pair(weights: Weights) -> Weights:
    return weights if len(weights) == 2 else (*weights, *weights)


def _place(value: float, axis: Sequence[float]) -> int:
    """Return the last point of an axis that is not above a value and has a neighbour above it."""
    return min(max(bisect_right(axis, value) - 1, 0), len(axis) - 2)


def _straight(value: float, axis: Sequence[float]) -> Weights:
    """Return the two neighbours of a value with what each counts."""
    at = _place(value, axis)
    share = (value - axis[at]) / (axis[at + 1] - axis[at])
    return (at, 1 - share), (at + 1, share)


def _cubic(value: float, axis: Sequence[float]) -> Weights:
    """Return the four points (or all, of a shorter axis) about a value with what each counts in their polynomial."""
    if value in axis:
        return ((axis.index(value), 1.0),)
    first = min(max(_place(value, axis) - 1, 0), max(len(axis) - 4, 0))
    chosen = range(first, min(first + 4, len(axis)))
    weights = []
    for at in chosen:
        weight = 1.0
        for other in chosen:
            if other != at:
                weight *= (value - axis[other]) / (axis[at] - axis[other])
        weights.append((at, weight))
    return tuple(weights)
