"""People drawn from the knowledge: causes by their base rates, answers by the evidence, everything else by background.

They are as right or wrong as the knowledge is. They measure how well the interview asks, never how good the answer is.
"""

from __future__ import annotations

import functools
import random
from collections.abc import Iterable, Mapping
from dataclasses import dataclass

from rheobase.assess.weights import Bin, Weigher, weighers
from rheobase.knowledge import Finding, Knowledge
from rheobase.logic import evaluate
from rheobase.person import Answer, Person, Status, Value

PERSON, EXPLANATION = "person", "explanation"
_YES = "yes"
# Where evidence and background say nothing: typical values, so that a number is never missing.
_RANGES = {"age_years": (18.0, 85.0)}


@dataclass(frozen=True, slots=True)
class SimulatedPerson:
    """Somebody made up.

    Attributes:
        causes: What they were drawn with.
        person: Every finding that fits the person and that they can answer, answered truthfully.
    """

    causes: tuple[str, ...]
    person: Person


def simulated_person(knowledge: Knowledge, draw: random.Random, *, setting: str = "home") -> SimulatedPerson:
    """Return one made-up person: one explanation by base rate, further causes by chance.

    Args:
        knowledge: Base rates, evidence and background rates.
        draw: Source of chance; the same state gives the same person.
        setting: Whose base rates.
    """
    causes = _causes(knowledge, draw, setting)
    answers: dict[str, Answer] = {}
    for finding in _general_first(knowledge):
        if finding.ask_when is not None and evaluate(finding.ask_when, _values(answers)) is False:
            continue
        if finding.type == "yes_no":
            answers[finding.id] = _yes_no(_Told(knowledge, causes, answers), finding, draw)
        elif finding.counts is None:
            answers[finding.id] = _valued(knowledge, finding, causes, draw)
    return SimulatedPerson(causes, Person(answers=dict(sorted(answers.items())), setting=setting))


def _causes(knowledge: Knowledge, draw: random.Random, setting: str) -> tuple[str, ...]:
    rates = {cause.id: cause.base_rates[setting].point for cause in knowledge.causes.values()}
    explanations = [each for each in rates if knowledge.causes[each].role == EXPLANATION]
    main = draw.choices(explanations, [rates[each] for each in explanations])[0]
    return (main, *(each for each, rate in rates.items() if each != main and draw.random() < rate))


@functools.lru_cache(maxsize=4)
def _general_first(knowledge: Knowledge) -> tuple[Finding, ...]:
    """Return the findings that a person answers: those asked of everybody first, the general before the special."""
    told = [each for each in knowledge.findings.values() if each.kind == PERSON]
    return (
        *_ordered(each for each in told if each.ask_when is None),
        *_ordered(each for each in told if each.ask_when),
    )


def _ordered(findings: Iterable[Finding]) -> tuple[Finding, ...]:
    left = {each.id: each for each in findings}
    ordered: list[Finding] = []
    while left:
        ready = [each for each in left.values() if not any(other in left for other in each.implies)]
        ordered.extend(ready)
        for each in ready:
            del left[each.id]
    return tuple(ordered)


@functools.lru_cache(maxsize=4)
def _table(knowledge: Knowledge) -> Mapping[tuple[str, str], tuple[Weigher, ...]]:
    table: dict[tuple[str, str], list[Weigher]] = {}
    for cause, rows in weighers(knowledge).items():
        for weigher in rows:
            table.setdefault((cause, weigher.finding), []).append(weigher)
    return {key: tuple(rows) for key, rows in table.items()}


def _values(answers: Mapping[str, Answer]) -> dict[str, Value]:
    return {name: answer.value for name, answer in answers.items() if answer.value is not None}


def _background(finding: Finding, value: str, otherwise: float) -> float:
    return next((each.rate for each in finding.background if each.value == value), otherwise)


def _rate(knowledge: Knowledge, finding: Finding, causes: tuple[str, ...]) -> float:
    """Return how likely a yes is: of the causes present, the one that moves the background most decides."""
    base = _background(finding, _YES, knowledge.settling.unlisted_rate)
    table = _table(knowledge)
    rates = [table[cause, finding.id][0].bins[0].with_cause for cause in causes if (cause, finding.id) in table]
    return max(rates, key=lambda rate: abs(rate - base), default=base)


@dataclass(frozen=True, slots=True)
class _Told:
    """What the next answer is drawn from."""

    knowledge: Knowledge
    causes: tuple[str, ...]
    answers: Mapping[str, Answer]


def _yes_no(told: _Told, finding: Finding, draw: random.Random) -> Answer:
    rate = _rate(told.knowledge, finding, told.causes)
    general = [other for other in finding.implies if other in told.answers]
    if any(told.answers[other].value is not True for other in general):
        return Answer(Status.ABSENT, value=False)
    for other in general:
        # Among those who have the general thing, the special one is that much more common.
        rate = min(1.0, rate / max(_rate(told.knowledge, told.knowledge.findings[other], told.causes), rate, 1e-9))
    present = draw.random() < rate
    return Answer(Status.PRESENT if present else Status.ABSENT, value=present)


def _valued(knowledge: Knowledge, finding: Finding, causes: tuple[str, ...], draw: random.Random) -> Answer:
    table = _table(knowledge)
    own = next((table[cause, finding.id] for cause in causes if (cause, finding.id) in table), None)
    value: Value
    if finding.type == "sites":
        value = _sites(knowledge, finding, causes, draw)
        return Answer(Status.PRESENT if value else Status.ABSENT, value)
    if finding.type == "choice":
        return Answer(Status.PRESENT, _choice(finding, own[0] if own else None, draw))
    bins = own[0].bins if own else _background_bins(knowledge, finding)
    return Answer(Status.PRESENT, _number(finding, bins, draw, own=own is not None))


def _sites(knowledge: Knowledge, finding: Finding, causes: tuple[str, ...], draw: random.Random) -> frozenset[str]:
    table, chosen = _table(knowledge), set()
    for option in finding.options:
        base = _background(finding, option, 0.0)
        rows = (row for cause in causes for row in table.get((cause, finding.id), ()) if row.option == option)
        rate = max((row.bins[0].with_cause for row in rows), key=lambda each: abs(each - base), default=base)
        if draw.random() < rate:
            chosen.add(option)
    return frozenset(chosen)


def _choice(finding: Finding, weigher: Weigher | None, draw: random.Random) -> str:
    named = {option: each.with_cause for option, each in weigher.options.items()} if weigher else {}
    rest = [option for option in finding.options if option not in named]
    spare = max(0.0, 1 - sum(named.values()))
    rates = [
        named.get(o, spare / len(rest) if weigher and rest else _background(finding, o, 0.1)) for o in finding.options
    ]
    return draw.choices(finding.options, [max(rate, 1e-9) for rate in rates])[0]


def _background_bins(knowledge: Knowledge, finding: Finding) -> tuple[Bin, ...]:
    """Return the ranges of any cause's evidence; their rates without the cause are the background."""
    table = _table(knowledge)
    return next((rows[0].bins for (_, name), rows in table.items() if name == finding.id), ())


def _number(finding: Finding, bins: tuple[Bin, ...], draw: random.Random, *, own: bool) -> float:
    low, high = _RANGES.get(finding.id, (finding.minimum or 0.0, _highest(finding)))
    chosen = None
    if bins:
        rates = [max(each.with_cause if own else each.without, 1e-9) for each in bins]
        chosen = draw.choices(bins, rates)[0]
        low = min(max(low, chosen.low), high)
        high = max(low, min(high, chosen.high))
    return round(draw.uniform(low, high), 1)


def _highest(finding: Finding) -> float:
    """Return an upper end that people reach: three times the highest limit that the background names."""
    limits = [float(n) for each in finding.background if (n := each.value.lstrip("<>=")).replace(".", "", 1).isdigit()]
    most = 3 * max(limits, default=10.0)
    return min(most, finding.maximum) if finding.maximum is not None else most
