"""What is missing: the questions and tests whose answers could change the picture most."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass

from rheobase.assess.causes import CauseFit
from rheobase.assess.facts import Facts, fits_the_person
from rheobase.assess.urgency import Urgency
from rheobase.knowledge import Knowledge

# Beyond so many the answers could hardly change anything.
LISTED = 40


@dataclass(frozen=True, slots=True)
class MissingFact:
    """Something not known that would help.

    Attributes:
        finding: Finding id.
        information: Expected information about all causes together [nats].
        could_raise_to: The most urgent level that the answer alone could bring; None if it can't.
        causes: The causes that it would tell most about, up to three.
    """

    finding: str
    information: float
    could_raise_to: str | None
    causes: tuple[str, ...]


def missing_facts(
    knowledge: Knowledge, facts: Facts, fits: Iterable[CauseFit], urgency: Urgency
) -> tuple[MissingFact, ...]:
    """Return what is not known, most informative first; what was asked and is not known is left out."""
    gains: dict[str, dict[str, float]] = {}
    for fit in fits:
        for each in fit.unknown:
            gains.setdefault(each.finding, {})[fit.cause] = each.information
    raises: dict[str, str] = {}
    for could in urgency.could_fire:
        raises.setdefault(could.finding, could.urgency)
    findings, unknown = knowledge.findings, facts.unknown
    totals = sorted(
        (-sum(by_cause.values()), finding)
        for finding, by_cause in gains.items()
        if finding not in unknown and findings[finding].group != "person" and fits_the_person(findings[finding], facts)
    )
    return tuple(
        MissingFact(finding, -total, raises.get(finding), tuple(_most(gains[finding])))
        for total, finding in totals[:LISTED]
    )


def _most(by_cause: dict[str, float]) -> list[str]:
    """Return the three causes about which most would be learnt."""
    return sorted(by_cause, key=lambda cause: (-by_cause[cause], cause))[:3]
