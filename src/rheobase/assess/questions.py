"""What is missing: the questions and tests whose answers could change the picture most."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass

from rheobase.assess.causes import CauseFit
from rheobase.assess.facts import Facts
from rheobase.assess.urgency import Urgency
from rheobase.knowledge import Knowledge


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
    found = (
        MissingFact(
            finding,
            sum(by_cause.values()),
            raises.get(finding),
            tuple(sorted(by_cause, key=lambda cause: (-by_cause[cause], cause))[:3]),
        )
        for finding, by_cause in gains.items()
        if finding not in facts.unknown and knowledge.findings[finding].group != "person"
    )
    return tuple(sorted(found, key=lambda each: (-each.information, each.finding)))
