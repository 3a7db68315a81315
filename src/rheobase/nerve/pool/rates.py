"""How often a pool fasciculates, and by what multiple of normal in a person's serum, with an interval.

What is fitted: the number of prone endings in a muscle, to the rate in healthy people. What is assumed: how those
endings differ and how noisy they are (all grade C, chosen by trying; ``pool.toml`` says how), and that none of a
healthy pool fires all along in ionised calcium 0.92 or potassium 5.0 mmol/L, since people do not have spasms there.
What comes out: multiples, whose order and direction are the model's and whose size the chosen noise decides. The
interval holds the doubt about the spread and the chance of the draw, not that about the membrane model. The model
makes far more of potassium than people show; read its multiples for calcium, magnesium and pH at normal potassium.
"""

from __future__ import annotations

from dataclasses import dataclass
from functools import lru_cache

import numpy as np
from numpy.typing import NDArray

from rheobase.knowledge.pool_facts import load_crowd, load_pool_facts
from rheobase.nerve.concentrations import Serum, normal_serum
from rheobase.nerve.pool.simulate import Noise, watch
from rheobase.nerve.pool.sites import Sites, Spread, possible_spreads, usual_spread, wide_spread

Array = NDArray[np.float64]
SECONDS, SEED = 5.0, 5
# Spreads that make up an interval, and the quantiles that are its ends.
SPREADS, ENDS = 300, (0.05, 0.95)
PEOPLE = 1000
_MINUTE = 60.0
_NEVER = 1e-12


@dataclass(frozen=True, slots=True)
class Multiple:
    """A person's rate against the normal one.

    Attributes:
        middle: Multiple of the normal rate with the spread in the facts; 0 where nothing was seen in the time watched.
        low, high: 90 % of the spreads that are possible lie between.
        all_along: Share of prone endings that fire all along, as in a spasm.
    """

    middle: float
    low: float
    high: float
    all_along: float


@dataclass(frozen=True, eq=False)
class Rates:
    """Rates of fasciculation of one muscle in many people [1/min].

    Attributes:
        per_minute: Of each, shape (people,).
        endings: Prone endings in a muscle on average: fitted.
    """

    per_minute: Array
    endings: float

    def quantiles(self, shares: tuple[float, ...] = (0.05, 0.25, 0.5, 0.75, 0.95)) -> dict[float, float]:
        """Return the rates that these shares of people do not exceed [1/min]."""
        return {each: float(np.quantile(self.per_minute, each)) for each in shares}


@lru_cache(maxsize=1)
def crowd() -> Sites:
    """Return the packaged crowd of calm endings, which all answers come from."""
    found = {name: np.array(values) for name, values in load_crowd().items()}
    return Sites(wide_spread(), found["na"], found["k"], found["current"], found["noise"])


@lru_cache(maxsize=64)
def events(serum: Serum, seconds: float = SECONDS, na: float = 1.0) -> Array:
    """Return the events a second of every ending of the crowd; the same noise in every serum.

    Args:
        serum: Around them.
        seconds: For how long they are watched. Normal serum was watched for longer, once for all.
        na: A factor on their persistent sodium.
    """
    if serum == normal_serum() and na == 1.0:
        return np.array(load_crowd()["normal"])
    sites = crowd()
    noise = Noise(sites.noise, load_pool_facts()["noise_time"], SEED)
    seen = watch(sites.membrane(serum, na=na), seconds, noise, hold=sites.current)
    return np.asarray(seen.events / seconds)


def multiple(serum: Serum, *, seconds: float = SECONDS, na: float = 1.0, against: float = 1.0) -> Multiple:
    """Return the multiple of the rate of fasciculation in a serum, against that in normal serum.

    Args:
        serum: The person's; normal serum is taken at its temperature.
        seconds: For how long the endings are watched.
        na: A factor on the persistent sodium of all endings.
        against: The same in normal serum; of healthy endings unless given.
    """
    known, sites = load_pool_facts(), crowd()
    normal, person = events(normal_serum(serum.temperature), seconds, against), events(serum, seconds, na)
    count, rng = normal.size, np.random.default_rng(SEED)

    def ratio(spread: Spread, chance: Array) -> float:
        weights = sites.weights(spread) * chance
        return float(weights @ person) / max(float(weights @ normal), _NEVER)

    # A random weight on every site stands for other draws of the crowd (Bayesian bootstrap).
    drawn = [ratio(each, rng.exponential(1.0, count)) for each in possible_spreads(known, SPREADS, SEED)]
    low, high = np.quantile(drawn, ENDS)
    usual = usual_spread(known)
    middle = ratio(usual, np.ones(count))
    along = float(sites.weights(usual) @ (person > known["restless"]))
    return Multiple(middle, float(min(low, middle)), float(max(high, middle)), along)


def muscle_rates(
    serum: Serum | None = None,
    *,
    na: float = 1.0,
    mean: float | None = None,
    people: int = PEOPLE,
    seconds: float = SECONDS,
) -> Rates:
    """Return how often one muscle fasciculates in many people.

    Each person has a spread of their own within what is possible, and a number of prone endings by chance about the
    mean, which is fitted: in normal serum and with ordinary sodium the mean of people is the reference.

    Args:
        serum: Normal unless given.
        na: A factor on the persistent sodium of all endings.
        mean: The reference [1/min], that of healthy people unless given.
        people: How many.
        seconds: For how long the endings are watched.
    """
    known, sites, rng = load_pool_facts(), crowd(), np.random.default_rng(SEED)
    bath = serum or normal_serum()
    normal, person = events(normal_serum(bath.temperature), seconds), events(bath, seconds, na)
    weights = [sites.weights(each) for each in possible_spreads(known, people, SEED + 1)]
    reference = known.rates["healthy"].per_minute if mean is None else mean
    endings = float(reference / _MINUTE / np.mean([each @ normal for each in weights]))
    found = np.empty(people)
    for at, each in enumerate(weights):
        own = rng.choice(normal.size, rng.poisson(endings), p=each)
        # What is counted in a minute varies by chance about the rate.
        found[at] = rng.poisson(person[own].sum() * _MINUTE)
    return Rates(found, endings)
