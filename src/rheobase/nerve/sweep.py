"""Sweeps: indices over a grid of blood values, of one axon or of a population whose axons differ."""

from __future__ import annotations

from collections.abc import Collection, Iterator, Mapping, Sequence
from dataclasses import dataclass, field
from itertools import product

import numpy as np
from numpy.typing import NDArray

from rheobase.errors import DataRefusedError
from rheobase.knowledge.nerve_facts import load_nerve_facts
from rheobase.nerve.concentrations import NAMES, Serum, normal_serum, serum_of
from rheobase.nerve.indices import INDICES, measure_some
from rheobase.nerve.membrane import membrane
from rheobase.nerve.protocols.spontaneous import spontaneous

Array = NDArray[np.float64]
# What spreads over axons, and the parameters that it moves together.
PARAMETERS: Mapping[str, tuple[str, ...]] = {
    "p_na": ("p_na",),
    "na_persistent": ("na_persistent",),
    "g_k_slow": ("g_k_slow", "g_k_slow_i"),
    "g_k_fast": ("g_k_fast", "g_k_fast_i"),
    "g_leak": ("g_leak", "g_leak_i"),
    "g_h": ("g_h_i",),
}
KINDS = ("motor", "sensory")
THRESHOLD, FIRING, CHANGE = "threshold", "firing", "threshold_change"
# Ids of every index, with what is no index of a nerve laboratory but of this model: how often the axon fires by itself
# [Hz], and its threshold against that of the same axon in normal serum [%].
ALL = (*(each.id for each in INDICES), CHANGE, FIRING)
UNITS: Mapping[str, str] = {**{each.id: each.unit for each in INDICES}, CHANGE: "%", FIRING: "Hz"}
# Most rows of a sweep, widest spread, and how many axons run side by side.
MOST_ROWS, WIDEST, BATCH = 1_000_000, 1.0, 1024


@dataclass(frozen=True, slots=True)
class Sweep:
    """What is swept.

    Attributes:
        axes: Values by the name of the input, in the order in which they were asked; the last one runs fastest.
        wanted: Ids of indices, of ``ALL``.
        kind: Of axon.
        axons: How many there are in every serum; with one it is the typical axon, without spread.
        spread: Standard deviation of the logarithm of a factor by name, of ``PARAMETERS``; else of the facts.
        seed: Starts the draws of the population.
    """

    axes: Mapping[str, Sequence[float]]
    wanted: Collection[str] = (THRESHOLD, CHANGE)
    kind: str = "motor"
    axons: int = 1
    spread: Mapping[str, float] = field(default_factory=dict)
    seed: int = 1

    @property
    def rows(self) -> int:
        """Return how many rows the table will have."""
        return int(np.prod([len(each) for each in self.axes.values()], dtype=float)) * self.axons


@dataclass(frozen=True, eq=False)
class Part:
    """Some rows of the table: number of the axon, factors, blood values and indices, each by column, shape (rows,)."""

    columns: Mapping[str, Array]

    @property
    def rows(self) -> int:
        """Return how many rows these are."""
        return next(iter(self.columns.values())).size


def check(sweep: Sweep) -> None:
    """Refuse what cannot be reckoned, before anything is.

    Raises:
        DataRefusedError: A value that no living person has, an unknown index, kind or spread, or too many rows.
    """
    for name in sweep.axes:
        if name not in NAMES:
            raise DataRefusedError(f"no blood value {name!r}; choose from {', '.join(NAMES)}")
        for value in sweep.axes[name]:
            serum_of({name: value})
    for name in sweep.wanted or ("",):
        if name not in ALL:
            raise DataRefusedError(f"no index {name!r}; choose from {', '.join(ALL)}")
    if sweep.kind not in KINDS:
        raise DataRefusedError(f"no axon {sweep.kind!r}; choose from {', '.join(KINDS)}")
    for name, width in sweep.spread.items():
        if name not in PARAMETERS:
            raise DataRefusedError(f"no spread of {name!r}; choose from {', '.join(PARAMETERS)}")
        if not 0 <= width <= WIDEST:
            raise DataRefusedError(f"spread of {name}: {width:g} is not possible; expected 0 to {WIDEST:g}")
    if not 1 <= sweep.rows <= MOST_ROWS:
        raise DataRefusedError(
            f"{sweep.rows} rows; expected 1 to {MOST_ROWS:,}. Use fewer values, fewer axons, or several sweeps."
        )


def factors(sweep: Sweep) -> dict[str, Array]:
    """Return the factor of every axon by name, shape (axons,); none for a single axon, which is the typical one."""
    if sweep.axons == 1:
        return {}
    known, rng = load_nerve_facts(), np.random.default_rng(sweep.seed)
    widths = {name: sweep.spread.get(name, known[f"spread_{name}"]) for name in PARAMETERS}
    # Every factor is drawn, so that another width of one leaves the others as they were.
    return {name: np.exp(width * rng.standard_normal(sweep.axons)) for name, width in widths.items()}


def run(sweep: Sweep) -> Iterator[Part]:
    """Yield the table part by part, in the order of the axes, every axon in each serum.

    Raises:
        DataRefusedError: As ``check``.
    """
    check(sweep)
    drawn, names = factors(sweep), tuple(sweep.axes)
    serums = (serum_of(dict(zip(names, values, strict=True))) for values in product(*sweep.axes.values()))
    for batch in _batches(serums, max(1, BATCH // sweep.axons)):
        for lo in range(0, sweep.axons, BATCH):
            yield _part(sweep, batch, np.arange(lo, min(lo + BATCH, sweep.axons)), drawn)


def _batches(serums: Iterator[Serum], most: int) -> Iterator[list[Serum]]:
    """Yield serums in groups of one temperature."""
    batch: list[Serum] = []
    for each in serums:
        if batch and (len(batch) == most or each.temperature != batch[0].temperature):
            yield batch
            batch = []
        batch.append(each)
    if batch:
        yield batch


def _part(sweep: Sweep, batch: list[Serum], axons: NDArray[np.intp], drawn: Mapping[str, Array]) -> Part:
    """Return the rows of some axons in some serums."""
    which = np.tile(axons, len(batch))
    bath = [each for each in batch for _ in axons]
    vary = {target: drawn[name][which] for name in drawn for target in PARAMETERS[name]}
    here = membrane(sweep.kind, bath, vary=vary)
    needed = dict.fromkeys(THRESHOLD if each == CHANGE else each for each in sweep.wanted if each != FIRING)
    found = dict(measure_some(here, tuple(needed))) if needed else {}
    if CHANGE in sweep.wanted:
        own = {name: each[: axons.size] for name, each in vary.items()}
        # Both are without a value where the axon has lost its impulse.
        usual = measure_some(membrane(sweep.kind, [normal_serum()] * axons.size, vary=own), [THRESHOLD])[THRESHOLD]
        found[CHANGE] = 100 * (found[THRESHOLD] / np.tile(usual, len(batch)) - 1)
    if FIRING in sweep.wanted:
        found[FIRING] = spontaneous(here)
    columns = {"axon": which.astype(float)} if sweep.axons > 1 else {}
    columns |= {f"factor_{name}": each[which] for name, each in drawn.items()}
    columns |= {name: np.array([getattr(each, name) for each in bath]) for name in NAMES}
    # What has no value, such as the threshold of an axon that cannot fire, is missing, never a number.
    columns |= {name: np.where(np.isfinite(found[name]), found[name], np.nan) for name in sweep.wanted}
    return Part(columns)
