"""What is to be expected of an answer that is not known yet: background rate and fitting causes, mixed."""

from __future__ import annotations

from collections.abc import Iterable, Mapping

from rheobase.assess.causes import CauseFit
from rheobase.assess.prediction import chance_present
from rheobase.knowledge import Finding, Knowledge
from rheobase.logic import Compare, Has, In, Known
from rheobase.logic.expression import Leaf


def expected_rates(knowledge: Knowledge, fits: Iterable[CauseFit]) -> dict[str, float]:
    """Return, for each yes or no finding that a person answers, the chance that it is present, by what is known so far.

    Args:
        knowledge: Background rates and evidence.
        fits: Every cause with its posterior.
    """
    least = knowledge.interview.likely_enough
    posteriors = {fit.cause: fit.posterior for fit in fits if fit.posterior > least}
    asked = (each for each in knowledge.findings.values() if each.type == "yes_no" and each.kind == "person")
    return {each.id: chance_present(knowledge, posteriors, each.id) for each in asked}


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
