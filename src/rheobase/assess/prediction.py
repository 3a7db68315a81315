"""How likely a result is before it is known: the background rate, moved by the causes that fit.

For a finding that is there or not, each cause moves the background rate by how likely the cause is: up where the
finding is more common with it, down where it is rarer; causes act independently. The results of one part of a test
exclude each other, so their chances are made to add up to 1. For a number or a choice, the cause that tells its
answers apart most finely gives the ranges and, with its own posterior, their chances.
"""

from __future__ import annotations

import functools
import math
from collections.abc import Mapping
from dataclasses import dataclass

from rheobase.assess.weights import Weigher, weighers
from rheobase.knowledge import Knowledge
from rheobase.person import Value

YES = "yes"


@dataclass(frozen=True, slots=True)
class _Rates:
    """Background rate of each yes or no finding; its rate with each cause; the finest weigher of any other finding."""

    background: Mapping[str, float]
    with_cause: Mapping[str, tuple[tuple[str, float], ...]]
    finest: Mapping[str, tuple[str, Weigher]]


@functools.lru_cache(maxsize=4)
def _rates(knowledge: Knowledge) -> _Rates:
    unlisted = knowledge.settling.unlisted_rate
    background = {
        finding.id: next((each.rate for each in finding.background if each.value == YES), unlisted)
        for finding in knowledge.findings.values()
        if finding.type == "yes_no"
    }
    with_cause: dict[str, list[tuple[str, float]]] = {}
    finest: dict[str, tuple[str, Weigher]] = {}
    for cause, table in weighers(knowledge).items():
        for weigher in table:
            name = weigher.finding
            if name in background:
                with_cause.setdefault(name, []).append((cause, weigher.bins[0].with_cause))
            elif name not in finest or len(weigher.chances) > len(finest[name][1].chances):
                finest[name] = (cause, weigher)
    return _Rates(background, {name: tuple(rows) for name, rows in with_cause.items()}, finest)


def chance_present(knowledge: Knowledge, posteriors: Mapping[str, float], name: str) -> float:
    """Return the chance that a yes or no finding is present.

    Args:
        knowledge: Background rates and evidence.
        posteriors: Probability of each cause.
        name: The finding.
    """
    rates = _rates(knowledge)
    base = rates.background[name]
    stays_away, falls = 1 - base, 1.0
    for cause, rate in rates.with_cause.get(name, ()):
        chance = posteriors.get(cause, 0.0)
        if rate > base:
            stays_away *= 1 - chance * (rate - base) / (1 - base)
        else:
            falls *= 1 - chance * (base - rate) / base
    return (1 - stays_away) * falls


@dataclass(frozen=True, slots=True)
class Range:
    """One range of a number, or one option of a choice, with a value that stands for it and its chance."""

    value: Value
    low: float
    high: float
    chance: float


def ranges(knowledge: Knowledge, posteriors: Mapping[str, float], name: str) -> tuple[Range, ...]:
    """Return the answers that a number or a choice can have, with chances that add up to 1; none without evidence."""
    found = _rates(knowledge).finest.get(name)
    finding = knowledge.findings[name]
    if found is None or finding.type not in ("number", "choice"):
        return ()
    cause, weigher = found
    posterior = posteriors.get(cause, 0.0)
    if finding.type == "number":
        bins = [
            (_stands_for(each.low, each.high), each.low, each.high, _mixed(each.with_cause, each.without, posterior))
            for each in weigher.bins
        ]
        return tuple(Range(*each) for each in bins if each[-1] > 0)
    rest = [option for option in finding.options if option not in weigher.options]
    left = weigher.bins[-1]
    chances = {option: _mixed(each.with_cause, each.without, posterior) for option, each in weigher.options.items()} | {
        option: _mixed(left.with_cause, left.without, posterior) / len(rest) for option in rest
    }
    total = sum(chances.values())
    return tuple(Range(option, 0.0, 0.0, chances[option] / total) for option in finding.options if chances[option] > 0)


def _mixed(with_cause: float, without: float, posterior: float) -> float:
    return posterior * with_cause + (1 - posterior) * without


def _stands_for(low: float, high: float) -> float:
    """Return the value of a range that is nearest to its neighbour below, so that nothing extreme is supposed."""
    return low if math.isfinite(low) else math.nextafter(high, low)
