"""How well each cause fits: base rate, then each answer's weight, added up in a ledger."""

from __future__ import annotations

import math
from collections.abc import Collection, Iterable
from dataclasses import dataclass
from typing import NamedTuple

from rheobase.assess.facts import Facts
from rheobase.assess.weights import Bin, Weigher, weighers
from rheobase.knowledge import BaseRate, Cause, Knowledge
from rheobase.person import Value

# About a cause as improbable as this no single answer is expected to teach anything.
NEGLIGIBLE = 0.001
FITS_WELL, POSSIBLE, UNLIKELY, CANT_TELL = "fits_well", "possible", "unlikely", "cant_tell"


class LedgerLine(NamedTuple):
    """One answer and what it adds to the log-odds of one cause.

    Attributes:
        finding: Finding id.
        value: The answer.
        option: For sites, the one site that this line is about.
        weight: What is added, after cap and grouping [nats]; positive speaks for the cause.
        raw: The log likelihood ratio before cap and grouping [nats].
        share: Share of the capped weight that counts (below 1 when a stronger line of its group stands).
        with_cause: P(this answer | cause).
        without: P(this answer | not this cause).
        grade: The weaker grade of the two probabilities.
        sources: Where the probabilities come from.
    """

    finding: str
    value: Value
    option: str | None
    weight: float
    raw: float
    share: float
    group: str
    with_cause: float
    without: float
    grade: str
    sources: tuple[str, ...]


class Unanswered(NamedTuple):
    """A finding that bears on a cause and is not known, with its expected information about it [nats]."""

    finding: str
    information: float


@dataclass(frozen=True, slots=True)
class CauseFit:
    """How well one cause fits one person.

    Attributes:
        cause: Cause id.
        prior: Base rate in this setting.
        posterior: Probability after every known answer.
        low: Lower end of the 90 % interval from the grades of the evidence.
        high: Upper end.
        band: ``fits_well``, ``possible``, ``unlikely`` or ``cant_tell``.
        ledger: Every known answer that bears on the cause; with the prior's log-odds it sums to the posterior's.
        unknown: Findings that bear on the cause and were not answered, most informative first.
        near_miss: Some answers speak clearly for it, yet on the whole it is unlikely.
    """

    cause: str
    prior: float
    posterior: float
    low: float
    high: float
    band: str
    ledger: tuple[LedgerLine, ...]
    unknown: tuple[Unanswered, ...]
    near_miss: bool

    @property
    def speaks_for(self) -> tuple[LedgerLine, ...]:
        """Lines that raise the probability, strongest first."""
        return tuple(sorted((x for x in self.ledger if x.weight > 0), key=lambda x: (-x.weight, x.finding)))

    @property
    def speaks_against(self) -> tuple[LedgerLine, ...]:
        """Lines that lower the probability, strongest first."""
        return tuple(sorted((x for x in self.ledger if x.weight < 0), key=lambda x: (x.weight, x.finding)))


def logit(probability: float) -> float:
    """Return the log-odds of a probability [nats]."""
    return math.log(probability / (1 - probability))


def expit(log_odds: float) -> float:
    """Return the probability of log-odds [nats], without overflow."""
    if log_odds >= 0:
        return 1 / (1 + math.exp(-log_odds))
    grown = math.exp(log_odds)
    return grown / (1 + grown)


def fit_causes(knowledge: Knowledge, facts: Facts, setting: str) -> tuple[CauseFit, ...]:
    """Return every cause with its fit, the most probable first."""
    fits = (_fit(knowledge, cause, facts, setting) for cause in knowledge.causes.values())
    return tuple(sorted(fits, key=lambda fit: (-fit.posterior, fit.cause)))


def _fit(knowledge: Knowledge, cause: Cause, facts: Facts, setting: str) -> CauseFit:
    table = weighers(knowledge).get(cause.id, ())
    values = facts.values
    known = [(weigher, values[weigher.finding]) for weigher in table if weigher.finding in values]
    lines = ledger_lines(known, knowledge.scale.further_share)
    rate = cause.base_rates[setting]
    posterior, low, high, band = judged(knowledge, rate, lines)
    speaks_for = sum(line.weight for line in lines if line.weight > 0)
    unknown = _unknown(posterior, (weigher for weigher in table if weigher.finding not in values))
    near = band == UNLIKELY and speaks_for >= knowledge.scale.near_miss_weight
    return CauseFit(cause.id, rate.point, posterior, low, high, band, lines, unknown, near)


def judged(knowledge: Knowledge, rate: BaseRate, ledger: Collection[LedgerLine]) -> tuple[float, float, float, str]:
    """Return the posterior, both ends of its interval, and the band of a cause with this ledger."""
    scale = knowledge.scale
    log_odds = logit(rate.point) + sum(line.weight for line in ledger)
    spread = math.hypot(
        (logit(rate.high) - logit(rate.low)) / (2 * scale.interval_z),
        *(scale.grade_spread[line.grade] * line.weight for line in ledger),
    )
    low, high = expit(log_odds - scale.interval_z * spread), expit(log_odds + scale.interval_z * spread)
    posterior = expit(log_odds)
    return posterior, low, high, _band(posterior, low=low, high=high, knowledge=knowledge, told=bool(ledger))


def _band(posterior: float, *, low: float, high: float, knowledge: Knowledge, told: bool) -> str:
    scale = knowledge.scale
    if not told or high - low > scale.undecided_width:
        return CANT_TELL
    if posterior >= scale.fits_well:
        return FITS_WELL
    return POSSIBLE if posterior >= scale.possible else UNLIKELY


def ledger_lines(known: Iterable[tuple[Weigher, Value]], further_share: float) -> tuple[LedgerLine, ...]:
    """Return the lines, strongest first within each group and direction; further lines count in part.

    Where a finding is known more exactly ("severe" beside "low"), only the more exact one counts.
    """
    entries: list[tuple[Weigher, Value, Bin, float]] = []
    refined: set[str] = set()
    for weigher, value in known:
        if weigher.refines is not None:
            refined.add(weigher.refines)
        chosen = weigher.answer(value)
        raw = chosen.weight
        if raw:
            entries.append((weigher, value, chosen, raw))
    if refined:
        entries = [entry for entry in entries if entry[0].finding not in refined]
    entries.sort(key=lambda entry: (-abs(entry[3]), entry[0].finding, entry[0].option or ""))
    seen: set[tuple[str, bool]] = set()
    lines = []
    for weigher, value, chosen, raw in entries:
        capped = max(-weigher.cap, min(weigher.cap, raw))
        direction = (weigher.group, raw > 0)
        share = further_share if direction in seen else 1.0
        seen.add(direction)
        lines.append(
            LedgerLine(
                finding=weigher.finding,
                value=value,
                option=weigher.option,
                weight=capped * share,
                raw=raw,
                share=share,
                group=weigher.group,
                with_cause=chosen.with_cause,
                without=chosen.without,
                grade=weigher.grade,
                sources=weigher.sources,
            )
        )
    return tuple(lines)


def information(posterior: float, chances: Iterable[tuple[float, float, float, float]]) -> float:
    """Return the expected information of one answer about one cause [nats].

    Args:
        posterior: Probability of the cause now.
        chances: For each possible answer, its probability with the cause and without, and the logarithms of both.

    Source:
        Shannon's mutual information between the cause and the answer.
    """
    total, rest = 0.0, 1 - posterior
    log = math.log
    for with_cause, without, log_with, log_without in chances:
        here, there = posterior * with_cause, rest * without
        both = here + there
        if both > 0:
            total += here * log_with + there * log_without - both * log(both)
    return total


def _unknown(posterior: float, table: Iterable[Weigher]) -> tuple[Unanswered, ...]:
    gains: dict[str, float] = {}
    if posterior < NEGLIGIBLE:
        return tuple(
            Unanswered(name, 0.0) for name in sorted({weigher.finding for weigher in table if weigher.refines is None})
        )
    for weigher in table:
        if weigher.refines is not None:
            # What is asked for is the result itself; how far out it is follows from it.
            continue
        name = weigher.finding
        gains[name] = gains.get(name, 0.0) + information(posterior, weigher.chances)
    return tuple(Unanswered(name, -less) for less, name in sorted((-gain, name) for name, gain in gains.items()))
