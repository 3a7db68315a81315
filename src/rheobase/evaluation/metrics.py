"""Figures over judged cases. Every share comes with the counts behind it."""

from __future__ import annotations

import statistics
from collections.abc import Sequence
from dataclasses import dataclass

URGENCY = ("emergency", "same_day", "urgent_days", "within_2_weeks", "routine", "self_care")
LOW_URGENCY = ("routine", "self_care")
EMERGENCY = "emergency"


@dataclass(frozen=True, slots=True)
class RankedCause:
    """One cause in a ranking, under the cases' own id."""

    id: str
    probability: float
    band: str


@dataclass(frozen=True, slots=True)
class Judged:
    """One case with our answer and the reference."""

    id: str
    causes: tuple[RankedCause, ...]
    urgency: str
    could_fire: tuple[str, ...]
    accept_causes: tuple[str, ...]
    primary_cause: str
    triage: str
    acceptable: tuple[str, ...]

    @property
    def rank(self) -> int | None:
        """Rank of the first accepted cause, from 1; None when it is not listed."""
        ranks = (at for at, cause in enumerate(self.causes, 1) if cause.id in self.accept_causes)
        return next(ranks, None)

    @property
    def is_acceptable(self) -> bool:
        """Whether the urgency is one that counts as right."""
        return self.urgency in self.acceptable

    @property
    def is_safe(self) -> bool:
        """Whether the urgency is no less than the least urgent acceptable; insufficient is not safe."""
        if self.urgency not in URGENCY:
            return False
        return URGENCY.index(self.urgency) <= max(URGENCY.index(each) for each in self.acceptable)

    @property
    def is_over_triaged(self) -> bool:
        """Whether the urgency is more than the most urgent acceptable."""
        if self.urgency not in URGENCY:
            return False
        return URGENCY.index(self.urgency) < min(URGENCY.index(each) for each in self.acceptable)


def share(flags: Sequence[bool]) -> float:
    """Return the share that is true; 0 of none."""
    return sum(flags) / len(flags) if flags else 0.0


def top(cases: Sequence[Judged], first: int) -> float:
    """Return the share of cases with an accepted cause among the first so many."""
    return share([case.rank is not None and case.rank <= first for case in cases])


def mean_reciprocal_rank(cases: Sequence[Judged]) -> float:
    """Return the mean of one over the rank of the first accepted cause."""
    return statistics.fmean(1 / case.rank if case.rank else 0.0 for case in cases) if cases else 0.0


def brier(cases: Sequence[Judged]) -> float:
    """Return the mean squared error of every cause's probability against being accepted.

    Source:
        Brier GW. Mon Weather Rev 1950;78:1-3.
    """
    errors = [(c.probability - (c.id in case.accept_causes)) ** 2 for case in cases for c in case.causes]
    return statistics.fmean(errors) if errors else 0.0


def calibration(cases: Sequence[Judged], bins: int = 5) -> list[dict[str, float | int]]:
    """Return, for each range of probability, how many causes, their mean probability and the share accepted."""
    pairs = [(c.probability, c.id in case.accept_causes) for case in cases for c in case.causes]
    rows: list[dict[str, float | int]] = []
    for at in range(bins):
        inside = [(p, right) for p, right in pairs if at / bins <= p < (at + 1) / bins or (at == bins - 1 and p == 1)]
        if inside:
            predicted = statistics.fmean(p for p, _ in inside)
            rows.append({"n": len(inside), "predicted": predicted, "accepted": share([right for _, right in inside])})
    return rows


def confusion(cases: Sequence[Judged]) -> dict[str, dict[str, int]]:
    """Return counts by reference level, then by our level."""
    table: dict[str, dict[str, int]] = {}
    for case in cases:
        row = table.setdefault(case.triage, {})
        row[case.urgency] = row.get(case.urgency, 0) + 1
    return {level: table[level] for level in URGENCY if level in table}


def per_cause(cases: Sequence[Judged]) -> dict[str, dict[str, int]]:
    """Return, for each primary cause, the number of cases and how many were right at first and within three."""
    table: dict[str, dict[str, int]] = {}
    for case in cases:
        row = table.setdefault(case.primary_cause, {"n": 0, "top1": 0, "top3": 0})
        row["n"] += 1
        row["top1"] += case.rank == 1
        row["top3"] += case.rank is not None and case.rank <= 3
    return dict(sorted(table.items()))


def triage_figures(cases: Sequence[Judged]) -> dict[str, object]:
    """Return the triage figures of the issue's JSON shape."""
    low = [case for case in cases if case.triage in LOW_URGENCY]
    return {
        "exact": share([case.urgency == case.triage for case in cases]),
        "acceptable": share([case.is_acceptable for case in cases]),
        "safe": share([case.is_safe for case in cases]),
        "insufficient": [case.id for case in cases if case.urgency not in URGENCY],
        "emergencies_under_triaged": [c.id for c in cases if c.triage == EMERGENCY and not c.is_safe],
        "over_triaged_low_urgency": share([case.is_over_triaged for case in low]),
        "low_urgency": len(low),
        "confusion": confusion(cases),
    }
