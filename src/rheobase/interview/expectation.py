"""What is to be expected of an answer that is not known yet: background rate and fitting causes, mixed."""

from __future__ import annotations

import functools
from collections.abc import Iterable, Mapping
from dataclasses import dataclass

from rheobase.assess.causes import CauseFit
from rheobase.assess.weights import weighers
from rheobase.knowledge import Finding, Knowledge
from rheobase.logic import Compare, Has, In, Known
from rheobase.logic.expression import Leaf

YES = "yes"


@dataclass(frozen=True, slots=True)
class _Rates:
    """For each yes or no finding: its background rate, and its rate with each cause that bears on it."""

    background: Mapping[str, float]
    with_cause: Mapping[str, tuple[tuple[str, float], ...]]


@functools.lru_cache(maxsize=4)
def _rates(knowledge: Knowledge) -> _Rates:
    background = {
        finding.id: next(
            (each.rate for each in finding.background if each.value == YES), knowledge.interview.unlisted_rate
        )
        for finding in knowledge.findings.values()
        if finding.type == "yes_no"
    }
    with_cause: dict[str, list[tuple[str, float]]] = {}
    for cause, table in weighers(knowledge).items():
        for weigher in table:
            if weigher.finding in background:
                with_cause.setdefault(weigher.finding, []).append((cause, weigher.bins[0].with_cause))
    return _Rates(background, {name: tuple(rows) for name, rows in with_cause.items()})


def expected_rates(knowledge: Knowledge, fits: Iterable[CauseFit]) -> dict[str, float]:
    """Return, for each yes or no finding, the chance that it is present, by what is known so far.

    A cause moves the background rate by how likely the cause is: up where the finding is more common with it, down
    where it is rarer. Causes are taken to act independently.

    Args:
        knowledge: Background rates and evidence.
        fits: Every cause with its posterior.
    """
    rates, least = _rates(knowledge), knowledge.interview.likely_enough
    posterior = {fit.cause: fit.posterior for fit in fits if fit.posterior > least}
    expected = {}
    for name, base in rates.background.items():
        stays_away, falls = 1 - base, 1.0
        for cause, rate in rates.with_cause.get(name, ()):
            if (chance := posterior.get(cause)) is None:
                continue
            if rate > base:
                stays_away *= 1 - chance * (rate - base) / (1 - base)
            elif base > 0:
                falls *= 1 - chance * (base - rate) / base
        expected[name] = (1 - stays_away) * falls
    return expected


def leaf_rate(leaf: Leaf, finding: Finding, unlisted: float) -> float:
    """Return how often people give an answer that makes a condition on a number, an option or a place true.

    The nearest background rate that the finding has is taken; exactness does not matter for the order of questions.
    """
    rates = {each.value.replace(" ", ""): each.rate for each in finding.background}
    match leaf:
        case Known():
            return 1.0
        case Has(_, option):
            return rates.get(option, unlisted)
        case In(_, options):
            return min(1.0, sum(rates.get(option, unlisted) for option in options))
        case Compare(_, symbol, str(option)):
            rate = rates.get(option, unlisted)
            return 1 - rate if symbol == "!=" else rate
        case Compare(_, symbol, float(limit)):
            return _nearest(rates, symbol[0], limit, unlisted)
        case _:
            return unlisted


def _nearest(rates: Mapping[str, float], direction: str, limit: float, unlisted: float) -> float:
    """Return the rate of the nearest limit in the same direction."""
    near: list[tuple[float, float]] = []
    for text, rate in rates.items():
        number = text.lstrip("<>=")
        if text[:1] == direction and number.replace(".", "", 1).isdigit():
            near.append((abs(float(number) - limit), rate))
    return min(near, default=(0.0, unlisted))[1]
