"""Watch sites at rest: with a standing current and noise, for seconds to minutes, in steps as wide as they may be."""

from __future__ import annotations

import os
from concurrent.futures import ThreadPoolExecutor
from dataclasses import dataclass

import numpy as np
from numpy.typing import ArrayLike, NDArray

from rheobase.nerve.kernel import LANES, ORIGIN
from rheobase.nerve.membrane import Membrane
from rheobase.nerve.pool import kernel
from rheobase.nerve.protocols.resting import resting, steady_current
from rheobase.nerve.simulate import pack
from rheobase.nerve.state import held_at

Array = NDArray[np.float64]
# Beat of the noise [ms]; steps in a beat at rest and in one excited.
BEAT, WIDE, FINE = 0.1, 1, 5
# Excited: this far above rest, or moving so much within a beat [mV]; for so many beats after.
_ABOVE, _SWIFT, _LINGER = 8.0, 2.0, 20
# Sites are ranked by their steady current this far above rest [mV].
_PROBE = 8.0
# Impulses after a shorter silence belong to the same event [ms].
PAUSE = 100.0


@dataclass(frozen=True, eq=False)
class Noise:
    """Current noise of each site: standard deviation [pA], one for all or one for each; time constant [ms]; seed."""

    size: ArrayLike
    time: float
    seed: int = 1


@dataclass(frozen=True, eq=False)
class Watched:
    """What sites did.

    Attributes:
        impulses: How many, shape (sites,).
        events: Impulses after a pause: single discharges, doublets and bursts count once.
        times: Of the first impulses [ms], shape (sites, kept); NaN where there were fewer.
        seconds: For how long they were watched.
        steps: Steps taken, all sites together.
        fine: Share of them that were fine.
    """

    impulses: NDArray[np.int64]
    events: NDArray[np.int64]
    times: Array
    seconds: float
    steps: int
    fine: float


def watch(  # noqa: PLR0913
    membrane: Membrane,
    seconds: float,
    noise: Noise,
    *,
    hold: ArrayLike = 0.0,
    cut: tuple[int, int] = (WIDE, FINE),
    keep: int = 1,
    dtype: type[np.floating] = np.float32,
) -> Watched:
    """Watch sites at rest.

    Args:
        membrane: The sites, of two compartments.
        seconds: For how long.
        noise: Of each site; sites of one number have the same noise in every run of one seed.
        hold: Standing current [pA].
        cut: Steps in a beat at rest and in one excited.
        keep: Impulses of each site of which the time is kept.
        dtype: Floats of the integration.
    """
    count = membrane.count
    held = np.array(np.broadcast_to(np.asarray(hold, float), count), np.float32)
    v, vi = resting(membrane, held.astype(float))
    # Sites of like excitability share a block, so that the quiet ones need not keep pace with the restless.
    order = np.argsort(steady_current(membrane, v + _PROBE, held.astype(float)), kind="stable")
    packed, states = pack(membrane, dtype), held_at(membrane, v, vi, dtype)
    seeds = np.random.default_rng(noise.seed).integers(1, 2**32, count, np.uint32)
    sizes = np.array(np.broadcast_to(np.asarray(noise.size, float), count), dtype)
    share = np.exp(-BEAT / noise.time)
    drawn = (seeds, sizes, dtype(share), dtype(np.sqrt(1 - share**2)))
    times, last = np.full((count, keep), np.nan), np.full(count, -np.inf)
    impulses, events = np.zeros(count, np.int64), np.zeros(count, np.int64)
    beats = max(1, round(1000 * seconds / BEAT))
    tally = []

    def part(lo: int) -> None:
        chosen = order[lo : lo + LANES]
        least = dtype(np.max(v[chosen]) - ORIGIN + _ABOVE)
        timing = (BEAT, beats, *cut, least, dtype(_SWIFT), _LINGER, PAUSE)
        steps, own = np.zeros(2, np.int64), np.ascontiguousarray(states[:, chosen])
        found = times[chosen], impulses[chosen], events[chosen], last[chosen]
        rows = np.ascontiguousarray(packed.parameters[:, chosen])
        own_noise = (seeds[chosen], sizes[chosen], drawn[2], drawn[3])
        kernel.rest(own, (rows, packed.gates, packed.scalars, held[chosen], own_noise), timing, (*found, steps))
        times[chosen], impulses[chosen], events[chosen] = found[:3]
        tally.append(steps)

    blocks = range(0, count, LANES)
    with ThreadPoolExecutor(min(len(blocks), os.cpu_count() or 1)) as pool:
        for done in [pool.submit(part, each) for each in blocks]:
            done.result()
    fine, every = np.sum(tally, axis=0)
    return Watched(impulses, events, times, seconds, int(every), float(fine / max(every, 1)))
