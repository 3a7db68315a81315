"""Endings that may fire by themselves: drawn once from a wide crowd, then weighed to stand for any narrower one.

A site's behaviour depends on its own numbers alone, so one run of a wide crowd answers for every distribution within
it: each site counts by how much more common it is there than in the crowd (importance sampling). That is how the doubt
about the distribution becomes an interval without new runs.
"""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass, replace

import numpy as np
from numpy.typing import NDArray

from rheobase.knowledge.pool_facts import PoolFacts, load_pool_facts
from rheobase.nerve.concentrations import Serum
from rheobase.nerve.membrane import Membrane, membrane

Array = NDArray[np.float64]
# The crowd against the distribution in the facts: more excitable, and wider, so that weights stay small.
_MORE_NA, _LESS_K, _WIDER, _MORE_CURRENT, _NOISES = 1.05, 0.98, 1.3, 1.5, 1.5


@dataclass(frozen=True, slots=True)
class Spread:
    """How prone endings are spread.

    Attributes:
        na_middle, na_spread: Persistent sodium: median, standard deviation of the logarithm.
        k_middle, k_spread: Slow potassium, likewise.
        current: Standard deviation of the standing current, half normal [pA].
        noise, noise_spread: Current noise: median [pA], standard deviation of the logarithm.
    """

    na_middle: float
    na_spread: float
    k_middle: float
    k_spread: float
    current: float
    noise: float
    noise_spread: float


@dataclass(frozen=True, eq=False)
class Sites:
    """A crowd of endings: factors on persistent sodium and slow potassium; standing current and noise [pA]."""

    spread: Spread
    na: Array
    k: Array
    current: Array
    noise: Array

    def membrane(self, serum: Serum, *, na: float = 1.0) -> Membrane:
        """Return them in a serum; ``na``: a factor on the persistent sodium of all."""
        persistent, prone = na * self.na, np.full(self.na.size, load_pool_facts()["na"])
        factors = {"p_na": prone, "na_persistent": persistent, "g_k_slow": self.k, "g_k_slow_i": self.k}
        return membrane("motor", serum, vary=factors)

    def weights(self, spread: Spread) -> Array:
        """Return how much each site counts for a crowd that is spread like this; they sum to 1."""
        found = np.exp(self._log_density(spread) - self._log_density(self.spread))
        return np.asarray(found / found.sum())

    def _log_density(self, spread: Spread) -> Array:
        parts = (
            (self.na, spread.na_middle, spread.na_spread),
            (self.k, spread.k_middle, spread.k_spread),
            (self.noise, spread.noise, spread.noise_spread),
        )
        found = -0.5 * (self.current / spread.current) ** 2 - np.log(spread.current)
        for values, middle, width in parts:
            found = found - 0.5 * (np.log(values / middle) / width) ** 2 - np.log(width)
        return np.asarray(found)


def usual_spread(known: PoolFacts) -> Spread:
    """Return the spread in the facts."""
    return Spread(
        known["na_persistent_middle"], known["na_persistent_spread"], known["k_slow_middle"], known["k_slow_spread"],
        known["current_spread"], known["noise_middle"], known["noise_spread"],
    )  # fmt: skip


def possible_spreads(known: PoolFacts, count: int, seed: int) -> Iterator[Spread]:
    """Yield spreads drawn evenly over the ranges in the facts."""
    names = ("na_persistent_middle", "na_persistent_spread", "k_slow_middle", "k_slow_spread", "current_spread",
             "noise_middle", "noise_spread")  # fmt: skip
    ends = [(each.value if each.low is None else each.low, each.value if each.high is None else each.high)
            for each in (known.facts[name] for name in names)]  # fmt: skip
    low, high = np.array(ends).T
    for drawn in np.random.default_rng(seed).random((count, len(names))):
        yield Spread(*(low + drawn * (high - low)).tolist())


def wide_spread() -> Spread:
    """Return the spread of the crowd: wider and a little more excitable than the facts say."""
    usual = usual_spread(load_pool_facts())
    return replace(
        usual, na_middle=usual.na_middle * _MORE_NA, na_spread=usual.na_spread * _WIDER,
        k_middle=usual.k_middle * _LESS_K, k_spread=usual.k_spread * _WIDER, current=usual.current * _MORE_CURRENT,
        noise_spread=usual.noise_spread * _NOISES,
    )  # fmt: skip


def draw(count: int, seed: int) -> Sites:
    """Return a crowd drawn anew, calm or not."""
    wide, rng = wide_spread(), np.random.default_rng(seed)
    return Sites(
        wide,
        wide.na_middle * np.exp(rng.normal(0, wide.na_spread, count)),
        wide.k_middle * np.exp(rng.normal(0, wide.k_spread, count)),
        np.abs(rng.normal(0, wide.current, count)),
        wide.noise * np.exp(rng.normal(0, wide.noise_spread, count)),
    )
