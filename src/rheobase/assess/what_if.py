"""What if: two assessments of one person side by side, and everything that moved between them."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from dataclasses import dataclass

from rheobase.assess.assessment import Assessment
from rheobase.assess.causes import CauseFit
from rheobase.person import Value


@dataclass(frozen=True, slots=True)
class FactShift:
    """Something that is known otherwise: its value before and after; None for not known."""

    name: str
    before: Value | None
    after: Value | None


@dataclass(frozen=True, slots=True)
class CauseShift:
    """One cause whose probability moved."""

    cause: str
    before: float
    after: float
    band_before: str
    band_after: str


@dataclass(frozen=True, slots=True)
class Comparison:
    """Everything that is different after a change.

    Attributes:
        urgency_before: Level before.
        urgency_after: Level after.
        rules_started: Red flags that fire only after, most urgent first.
        rules_stopped: Red flags that fire only before, most urgent first.
        rules_kept: Red flags that fire in both.
        causes: Explanations that moved, the largest move first.
        contributors: Contributors that moved, the largest move first.
        patterns_seen: Laboratory patterns that are seen only after.
        patterns_gone: Laboratory patterns that are seen only before.
        advice_added: Advice that is given only after, in the order of the plan.
        advice_removed: Advice that is given only before.
        withheld_added: Advice that something forbids only after.
        withheld_removed: Advice that something forbids only before.
        facts: What is known otherwise, told or derived.
    """

    urgency_before: str
    urgency_after: str
    rules_started: tuple[str, ...]
    rules_stopped: tuple[str, ...]
    rules_kept: tuple[str, ...]
    causes: tuple[CauseShift, ...]
    contributors: tuple[CauseShift, ...]
    patterns_seen: tuple[str, ...]
    patterns_gone: tuple[str, ...]
    advice_added: tuple[str, ...]
    advice_removed: tuple[str, ...]
    withheld_added: tuple[str, ...]
    withheld_removed: tuple[str, ...]
    facts: tuple[FactShift, ...]

    @property
    def changed(self) -> bool:
        """Whether anything but the facts themselves is different."""
        return self.urgency_before != self.urgency_after or any(
            (
                self.rules_started,
                self.rules_stopped,
                self.causes,
                self.contributors,
                self.patterns_seen,
                self.patterns_gone,
                self.advice_added,
                self.advice_removed,
                self.withheld_added,
                self.withheld_removed,
            )
        )


def compare(before: Assessment, after: Assessment) -> Comparison:
    """Return everything that moved between two assessments of one person.

    Args:
        before: As things are.
        after: With the supposed answers.
    """
    fired = tuple(each.rule for each in before.urgency.fired)
    fires = tuple(each.rule for each in after.urgency.fired)
    offered, offers = (tuple(each.advice for each in one.advice) for one in (before, after))
    forbidden, forbids = (tuple(each.advice for each in one.withheld) for one in (before, after))
    return Comparison(
        urgency_before=before.urgency.level,
        urgency_after=after.urgency.level,
        rules_started=_only(fires, fired),
        rules_stopped=_only(fired, fires),
        rules_kept=tuple(rule for rule in fired if rule in fires),
        causes=tuple(_shifts(before.causes, after.causes)),
        contributors=tuple(_shifts(before.contributors, after.contributors)),
        patterns_seen=_only(after.patterns, before.patterns),
        patterns_gone=_only(before.patterns, after.patterns),
        advice_added=_only(offers, offered),
        advice_removed=_only(offered, offers),
        withheld_added=_only(forbids, forbidden),
        withheld_removed=_only(forbidden, forbids),
        facts=tuple(_facts(before.facts.values, after.facts.values)),
    )


def _only(here: tuple[str, ...], there: tuple[str, ...]) -> tuple[str, ...]:
    return tuple(name for name in here if name not in there)


def _shifts(before: tuple[CauseFit, ...], after: tuple[CauseFit, ...]) -> list[CauseShift]:
    old = {fit.cause: fit for fit in before}
    new = {fit.cause: fit for fit in after}
    shifts = [
        CauseShift(cause, old[cause].posterior, fit.posterior, old[cause].band, fit.band)
        for cause, fit in new.items()
        if cause in old and (old[cause].posterior, old[cause].band) != (fit.posterior, fit.band)
    ]
    return sorted(shifts, key=lambda shift: (-abs(shift.after - shift.before), shift.cause))


def _facts(before: Mapping[str, Value], after: Mapping[str, Value]) -> Iterator[FactShift]:
    for name in sorted(before.keys() | after.keys()):
        if before.get(name) != after.get(name):
            yield FactShift(name, before.get(name), after.get(name))
