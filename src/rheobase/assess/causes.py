"""How well each cause fits: base rate, then each answer's weight, added up in a ledger."""

from __future__ import annotations

import math
from collections.abc import Collection, Iterable, Iterator, Mapping
from dataclasses import dataclass
from typing import NamedTuple

from rheobase.assess.diet import DietFacts
from rheobase.assess.facts import Facts
from rheobase.assess.weights import Bin, Weigher, recorded, weighers, worse_grade
from rheobase.intake.record_facts import Record
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
        spread: Standard deviation of the weight from what the record leaves open [nats]; 0 for an answer.
        record: The record of days that speaks here in place of an answer; ``value`` is the side that it leans to.
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
    spread: float = 0.0
    record: Record | None = None


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
    def raised(self) -> bool:
        """Whether the answers have raised it above its base rate: by more than the rounding of the last digits."""
        return self.posterior > self.prior and not math.isclose(self.posterior, self.prior)

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
    lines = ledger_lines(known_of(table, values, facts.diet, knowledge), knowledge)
    rate = cause.base_rates[setting]
    posterior, low, high, band = judged(knowledge, rate, lines)
    speaks_for = sum(line.weight for line in lines if line.weight > 0)
    told = values.keys() if facts.diet is None else values.keys() | set(filter(facts.diet.stands, facts.diet.records))
    unknown = _unknown(posterior, (weigher for weigher in table if weigher.finding not in told))
    near = band == UNLIKELY and speaks_for >= knowledge.scale.near_miss_weight
    return CauseFit(cause.id, rate.point, posterior, low, high, band, lines, unknown, near)


def judged(knowledge: Knowledge, rate: BaseRate, ledger: Collection[LedgerLine]) -> tuple[float, float, float, str]:
    """Return the posterior, both ends of its interval, and the band of a cause with this ledger."""
    scale = knowledge.scale
    log_odds = logit(rate.point) + sum([line.weight for line in ledger])
    of_grade = scale.grade_spread
    spread = math.hypot(
        (logit(rate.high) - logit(rate.low)) / (2 * scale.interval_z),
        *[of_grade[line.grade] * line.weight for line in ledger],
        *[line.spread for line in ledger if line.spread],
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


def known_of(
    table: Iterable[Weigher], values: Mapping[str, Value], diet: DietFacts | None, knowledge: Knowledge
) -> Iterator[tuple[Weigher, Value | Record]]:
    """Yield each weigher of which something is known, with the answer, or with the record that stands in its place."""
    for weigher in table:
        name = weigher.finding
        record = None if diet is None else diet.evidence(name, values, knowledge)
        if record is not None:
            yield weigher, record
        elif name in values:
            yield weigher, values[name]


class _Entry(NamedTuple):
    """What is known of one finding, and its weight; ``spread`` is that of the weight before it is shared [nats]."""

    weigher: Weigher
    value: Value
    chosen: Bin
    record: Record | None
    spread: float


def _entry(weigher: Weigher, known: Value | Record, interval_z: float) -> _Entry:
    if not isinstance(known, Record):
        return _Entry(weigher, known, weigher.answer(known), None, 0.0)
    low, high = (_capped(weigher, recorded(weigher, odds).weight) for odds in (known.odds.low, known.odds.high))
    chosen = recorded(weigher, known.odds.best)
    return _Entry(weigher, known.odds.best > 1, chosen, known, abs(high - low) / (2 * interval_z))


def _capped(weigher: Weigher, weight: float) -> float:
    return max(-weigher.cap, min(weigher.cap, weight))


class _Counted(NamedTuple):
    """An entry with the share of it that counts, and the weight that it then adds [nats]."""

    entry: _Entry
    share: float
    weight: float


def _counted(known: Iterable[tuple[Weigher, Value | Record]], knowledge: Knowledge) -> Iterator[_Counted]:
    """Yield what counts, strongest first within each group and direction; further entries count in part."""
    scale = knowledge.scale
    told = tuple(known)
    refined = {weigher.refines for weigher, _ in told}
    entries = [_entry(weigher, value, scale.interval_z) for weigher, value in told if weigher.finding not in refined]
    entries = [each for each in entries if each.chosen.weight]
    entries.sort(key=lambda each: (-abs(each.chosen.weight), each.weigher.finding, each.weigher.option or ""))
    seen: set[tuple[str, bool]] = set()
    for each in entries:
        raw = each.chosen.weight
        direction = (each.weigher.group, raw > 0)
        share = scale.further_share if direction in seen else 1.0
        seen.add(direction)
        yield _Counted(each, share, _capped(each.weigher, raw) * share)


def ledger_weight(known: Iterable[tuple[Weigher, Value | Record]], knowledge: Knowledge) -> float:
    """Return the sum of the weights of ``ledger_lines``, to the last bit, without the lines [nats]."""
    return sum([each.weight for each in _counted(known, knowledge)])


def ledger_lines(known: Iterable[tuple[Weigher, Value | Record]], knowledge: Knowledge) -> tuple[LedgerLine, ...]:
    """Return the lines, strongest first within each group and direction; further lines count in part.

    Where a finding is known more exactly ("severe" beside "low"), only the more exact one counts.
    """
    return tuple([_line(each) for each in _counted(known, knowledge)])


def _line(counted: _Counted) -> LedgerLine:
    (weigher, value, chosen, record, spread), share, weight = counted
    return LedgerLine(
        finding=weigher.finding,
        value=value,
        option=weigher.option,
        weight=weight,
        raw=chosen.weight,
        share=share,
        group=weigher.group,
        with_cause=chosen.with_cause,
        without=chosen.without,
        grade=weigher.grade if record is None else worse_grade(weigher.grade, record.grade),
        sources=weigher.sources if record is None else (*weigher.sources, *record.sources),
        spread=spread * share,
        record=record,
    )


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
