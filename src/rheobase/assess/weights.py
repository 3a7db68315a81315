"""Turn the evidence table into weights: what each possible answer adds to a cause's log-odds."""

from __future__ import annotations

import functools
import math
from collections.abc import Mapping
from dataclasses import dataclass
from typing import NamedTuple

from rheobase.knowledge import Evidence, Finding, Knowledge
from rheobase.person import Value

# Probabilities of exactly 0 or 1 would make one answer decide alone, which no survey can justify.
_FLOOR = 0.001
OBSERVED = "observed"


class Bin(NamedTuple):
    """One range of answers (``low <= number < high``) or one option, with both probabilities.

    ``weight`` is the log likelihood ratio before the cap [nats].
    """

    low: float
    high: float
    with_cause: float
    without: float
    weight: float


def _bin(with_cause: float, without: float, low: float = 0.0, high: float = 0.0) -> Bin:
    return Bin(low, high, with_cause, without, math.log(_clip(with_cause) / _clip(without)))


@dataclass(frozen=True, slots=True)
class Weigher:
    """Everything one cause knows about one finding (for sites: one option of it).

    ``refines`` names the finding that this one says more exactly: where both are known, only this one counts.
    """

    finding: str
    kind: str
    group: str
    cap: float
    grade: str
    rows: tuple[Evidence, ...]
    sources: tuple[str, ...]
    option: str | None
    bins: tuple[Bin, ...]
    options: Mapping[str, Bin]
    chances: tuple[tuple[float, float, float, float], ...]
    refines: str | None = None

    def answer(self, value: Value) -> Bin:
        """Return the probabilities of the answer that was given."""
        if isinstance(value, bool):
            return self.bins[0] if value else self.bins[1]
        if isinstance(value, frozenset):
            return self.bins[0] if self.option in value else self.bins[1]
        if isinstance(value, str):
            return self.options.get(value, self.bins[-1])
        return next((each for each in self.bins if each.low <= value < each.high), self.bins[-1])


def recorded(weigher: Weigher, odds: float) -> Bin:
    """Return both probabilities of a record that multiplies the odds of a yes/no finding, and its weight.

    The record is soft evidence on the finding: its probability with the cause is ``odds`` times that of the finding
    plus that of its absence, and the same without; only the ratio of the two matters. With odds of 1 it is 0, with
    very large or small odds that of the plain answer.

    Source:
        Pearl J. Probabilistic Reasoning in Intelligent Systems, 1988, section 2.2.2 (virtual evidence).
    """
    present = weigher.bins[0]
    # Scaled so that both stay probabilities.
    yes, no = odds / max(odds, 1), 1 / max(odds, 1)
    with_cause, without = (yes * each + no * (1 - each) for each in (present.with_cause, present.without))
    weight = 0.0 if odds == 1 else math.log(_clip(with_cause) / _clip(without))
    return Bin(0.0, 0.0, with_cause, without, weight)


def counts_in_full(knowledge: Knowledge, name: str, value: float) -> bool:
    """Whether a number lies in the highest range of every cause that weighs it, so that more would weigh the same."""
    found = [each for table in weighers(knowledge).values() for each in table if each.finding == name]
    return bool(found) and all(each.answer(value).high == math.inf for each in found)


def _clip(probability: float) -> float:
    return min(max(probability, _FLOOR), 1 - _FLOOR)


def _chances(each: Bin) -> tuple[float, float, float, float]:
    """Return both probabilities and their logarithms; a probability of 0 adds nothing, so its logarithm is moot."""
    logs = (math.log(p) if p > 0 else 0.0 for p in (each.with_cause, each.without))
    return (each.with_cause, each.without, *logs)  # type: ignore[return-value]


def worse_grade(first: str, second: str) -> str:
    """Return the weaker of two evidence grades (A is the strongest)."""
    return max(first, second)


def _yes_no(row: Evidence) -> tuple[Bin, ...]:
    return (
        _bin(row.sensitivity, row.false_positive_rate),
        _bin(1 - row.sensitivity, 1 - row.false_positive_rate),
    )


def _below(row: Evidence) -> tuple[float, float, float]:
    """Return (limit, P(below | cause), P(below | not cause)) of a row such as ``>=400``."""
    text = row.value.strip()
    symbol = text.rstrip("0123456789.").strip()
    limit = float(text[len(symbol) :])
    # ">" and "<=" cut just above the limit, so that whole-number answers fall on the right side.
    if symbol in (">", "<="):
        limit = math.nextafter(limit, math.inf)
    if symbol in (">", ">="):
        return limit, 1 - row.sensitivity, 1 - row.false_positive_rate
    return limit, row.sensitivity, row.false_positive_rate


def _number(rows: tuple[Evidence, ...]) -> tuple[Bin, ...]:
    """Return disjoint ranges from nested thresholds, so that ``>=200`` and ``>=400`` are not counted twice."""
    cuts = sorted(_below(row) for row in rows)
    bins, low, reached_with, reached_without = [], -math.inf, 0.0, 0.0
    for limit, with_cause, without in [*cuts, (math.inf, 1.0, 1.0)]:
        # Thresholds from different sources may cross; the running maximum keeps every share >= 0.
        up_with, up_without = max(with_cause, reached_with), max(without, reached_without)
        bins.append(_bin(up_with - reached_with, up_without - reached_without, low, limit))
        low, reached_with, reached_without = limit, up_with, up_without
    return tuple(bins)


def _choice(rows: tuple[Evidence, ...]) -> tuple[dict[str, Bin], tuple[Bin, ...]]:
    options = {row.value: _bin(row.sensitivity, row.false_positive_rate) for row in rows}
    rest = _bin(
        max(0.0, 1 - sum(each.with_cause for each in options.values())),
        max(0.0, 1 - sum(each.without for each in options.values())),
    )
    return options, (rest,)


def cap_kind(finding: Finding) -> str:
    """Return which cap a finding has: what others can see is less open to error than what is felt."""
    return OBSERVED if finding.observable and finding.kind == "person" else finding.kind


def _weighers(knowledge: Knowledge, rows: tuple[Evidence, ...]) -> list[Weigher]:
    finding = knowledge.findings[rows[0].finding]
    cap = knowledge.scale.caps[cap_kind(finding)]
    group = knowledge.group_of.get(finding.id, finding.id)
    grade_of = knowledge.lab_grades.get(finding.id)
    refines = None if grade_of is None else grade_of.of

    def build(
        part: tuple[Evidence, ...], option: str | None, options: Mapping[str, Bin], bins: tuple[Bin, ...]
    ) -> Weigher:
        grade = max(worse_grade(row.grade, row.grade_fpr) for row in part)
        chances = tuple(_chances(each) for each in (*options.values(), *bins))
        sources = tuple(dict.fromkeys(row.source for row in part))
        return Weigher(
            finding.id, finding.kind, group, cap, grade, part, sources, option, bins, options, chances, refines
        )

    match finding.type:
        case "sites":
            return [build((row,), row.value, {}, _yes_no(row)) for row in rows]
        case "number":
            return [build(rows, None, {}, _number(rows))]
        case "choice":
            options, rest = _choice(rows)
            return [build(rows, None, options, rest)]
        case _:
            return [build(rows, None, {}, _yes_no(rows[-1]))]


@functools.lru_cache(maxsize=4)
def weighers(knowledge: Knowledge) -> Mapping[str, tuple[Weigher, ...]]:
    """Return, for each cause, how each of its findings weighs. Computed once for one knowledge."""
    table: dict[str, tuple[Weigher, ...]] = {}
    for cause, evidence in knowledge.evidence.items():
        by_finding: dict[str, list[Evidence]] = {}
        for row in evidence:
            by_finding.setdefault(row.finding, []).append(row)
        table[cause] = tuple(w for rows in by_finding.values() for w in _weighers(knowledge, tuple(rows)))
    return table
