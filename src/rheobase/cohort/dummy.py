"""People who do not exist, as a told frame: for trying things out where no real data may be used.

Causes are drawn by their base rates, answers by the evidence for those causes and else by background, laboratory
values around what is usual; how many are urgent is as in life (``dummy_levels``). They are as right or wrong as the
knowledge is; nobody can be recognised in them. How much is missing is our assumption: a person leaves a share of the
questions open that differs from person to person, half of all people had blood taken, and most were never examined by
a specialist.
"""

from __future__ import annotations

import functools
from collections.abc import Callable, Iterator, Mapping
from dataclasses import dataclass, field
from typing import Any

import numpy as np
import numpy.typing as npt
import polars as pl

from rheobase.assess.weights import Bin, Weigher, weighers
from rheobase.cohort.dummy_labs import OUTSIDE, draw_labs
from rheobase.cohort.dummy_levels import as_in_life
from rheobase.cohort.frame import PERSON, schema
from rheobase.knowledge import Finding, Knowledge
from rheobase.logic import And, Atom, Compare, Expression, Not, Or
from rheobase.logic.evaluate import OPERATORS

Truths = npt.NDArray[np.bool_]
Numbers = npt.NDArray[np.float64]

BATCH = 50_000
EXPLANATION, TOLD, ALWAYS = "explanation", "person", ("age_years", "sex")
_AGES = (18.0, 85.0)
_YES = "yes"
# Shape of the share of questions that a person leaves open, and shares of people who had the rest.
_OPEN_SHAPE, _EXAMINED = 4.0, 0.1
_UNTOLD = 0.01
_SKEW = 3.0
# At a time, at least: most who are drawn are more urgent than people in life, and are set aside.
_LEAST = 1_000


@dataclass
class Crowd:
    """People while they are drawn.

    Attributes:
        knowledge: Base rates, evidence, background.
        draw: Source of chance.
        people: How many.
        causes: Who has which.
        truths: Answers to yes/no findings.
        others: Numbers, words and sites.
    """

    knowledge: Knowledge
    draw: np.random.Generator
    people: int
    causes: dict[str, Truths] = field(default_factory=dict)
    truths: dict[str, Truths] = field(default_factory=dict)
    others: dict[str, Any] = field(default_factory=dict)

    def rate(self, finding: Finding, unlisted: float | None = None) -> Numbers:
        """Return how likely each is to say yes: of the causes present, the one furthest from background decides."""
        base = _background(finding, _YES, self.knowledge.settling.unlisted_rate if unlisted is None else unlisted)
        rate = np.full(self.people, base)
        for cause, rows in _table(self.knowledge).get(finding.id, {}).items():
            with_cause = rows[0].bins[0].with_cause
            stronger = self.causes[cause] & (np.abs(rate - base) < abs(with_cause - base))
            rate[stronger] = with_cause
        return rate

    def chance(self) -> Numbers:
        """Return a number between 0 and 1 for each."""
        return self.draw.random(self.people)


def dummy_frames(knowledge: Knowledge, people: int, seed: int, *, setting: str = "home") -> Iterator[pl.DataFrame]:
    """Yield made-up people as told frames; the same seed gives the same people.

    Args:
        knowledge: What is drawn from.
        people: How many in all.
        seed: Names the people.
        setting: Whose base rates.
    """
    for number, first in enumerate(range(0, people, BATCH)):
        draw, wanted = np.random.default_rng([seed, number]), min(BATCH, people - first)
        found = as_in_life(_anybody(knowledge, draw, wanted, setting), wanted, draw, knowledge)
        names = pl.Series(PERSON, [f"dummy-{n:08d}" for n in range(first + 1, first + wanted + 1)])
        yield found.select(names, pl.all())


def _anybody(knowledge: Knowledge, draw: np.random.Generator, wanted: int, setting: str) -> Iterator[pl.DataFrame]:
    """Yield people without end, about as many at a time as are still needed."""
    while True:
        yield _frame(Crowd(knowledge, draw, max(_LEAST, wanted)), setting)


def _frame(crowd: Crowd, setting: str) -> pl.DataFrame:
    _draw_causes(crowd, setting)
    asked = {finding.id: _answer(crowd, finding) for finding in _general_first(crowd.knowledge)}
    share = crowd.draw.beta(1.0, _OPEN_SHAPE, crowd.people)
    columns: dict[str, pl.Series] = {}
    types = schema(crowd.knowledge)
    for name, was_asked in asked.items():
        finding = crowd.knowledge.findings[name]
        told = was_asked & (crowd.chance() >= (_UNTOLD if name in ALWAYS else share))
        if finding.kind != TOLD:
            told &= crowd.chance() < _EXAMINED
        values = crowd.truths[name] if name in crowd.truths else crowd.others[name]
        columns[name] = _series(values, told, types[name])
    columns.update(draw_labs(crowd.knowledge, lambda of: crowd.rate(of, OUTSIDE), crowd.draw, crowd.people))
    return pl.DataFrame(columns)


def _series(values: Any, told: Truths, kind: pl.DataType) -> pl.Series:
    series = values if isinstance(values, pl.Series) else pl.Series(values)
    return pl.select(pl.when(pl.Series(told)).then(series.cast(kind))).to_series()


def _draw_causes(crowd: Crowd, setting: str) -> None:
    rates = {each.id: each.base_rates[setting].point for each in crowd.knowledge.causes.values()}
    crowd.causes = {each: crowd.chance() < rate for each, rate in rates.items()}
    # People come because something is the matter: one explanation at least.
    main = [each.id for each in crowd.knowledge.causes.values() if each.role == EXPLANATION]
    weights = np.array([rates[each] for each in main])
    chosen = crowd.draw.choice(len(main), crowd.people, p=weights / weights.sum())
    for place, each in enumerate(main):
        crowd.causes[each] |= chosen == place


def _answer(crowd: Crowd, finding: Finding) -> Truths:
    """Draw everybody's answer to one finding; return who is asked at all."""
    if finding.type == "yes_no":
        rate = crowd.rate(finding)
        possible = np.ones(crowd.people, dtype=bool)
        for other in finding.implies:
            if other in crowd.truths:
                possible &= crowd.truths[other]
                # Among those who have the general thing, the special one is that much more common.
                general = crowd.rate(crowd.knowledge.findings[other])
                rate = np.minimum(1.0, rate / np.maximum(np.maximum(general, rate), _UNTOLD * _UNTOLD))
        crowd.truths[finding.id] = possible & (crowd.chance() < rate)
    else:
        by_type: dict[str, Callable[[Crowd, Finding], Any]] = {"number": _number, "choice": _choice, "sites": _sites}
        crowd.others[finding.id] = by_type[finding.type](crowd, finding)
    return np.ones(crowd.people, dtype=bool) if finding.ask_when is None else _holds(finding.ask_when, crowd)


def _number(crowd: Crowd, finding: Finding) -> Numbers:
    rows = _table(crowd.knowledge).get(finding.id, {})
    low, high = _AGES if finding.id == ALWAYS[0] else (finding.minimum or 0.0, _highest(finding))
    drawn = low + crowd.chance() * (high - low)
    if rows:
        drawn = _in_bins(crowd, next(iter(rows.values()))[0].bins, (low, high), own=False)
    for cause, weighed in rows.items():
        drawn = np.where(crowd.causes[cause], _in_bins(crowd, weighed[0].bins, (low, high), own=True), drawn)
    return np.round(drawn, 0 if finding.id == ALWAYS[0] else 1)


def _in_bins(crowd: Crowd, bins: tuple[Bin, ...], ends: tuple[float, float], *, own: bool) -> Numbers:
    rates = np.array([max(each.with_cause if own else each.without, 0.0) for each in bins])
    chosen = crowd.draw.choice(len(bins), crowd.people, p=rates / rates.sum())
    low = np.clip([each.low for each in bins], *ends)
    high = np.clip([each.high for each in bins], *ends)
    # Of an open range, most people are near its beginning.
    power = np.array([_SKEW if each.high > ends[1] else 1.0 for each in bins])
    found: Numbers = low[chosen] + crowd.chance() ** power[chosen] * (high - low)[chosen]
    return found


def _highest(finding: Finding) -> float:
    """Return an upper end that people reach: three times the highest limit that the background names."""
    limits = [float(n) for each in finding.background if (n := each.value.lstrip("<>=")).replace(".", "", 1).isdigit()]
    most = 3 * max(limits, default=10.0)
    return min(most, finding.maximum) if finding.maximum is not None else most


def _choice(crowd: Crowd, finding: Finding) -> pl.Series:
    words = np.array(finding.options, dtype=object)
    base = np.array([_background(finding, option, 0.0) for option in finding.options])
    if base.sum() < 1:
        # What the background does not name shares what is left.
        free = base == 0
        base[free] = (1 - base.sum()) / max(int(free.sum()), 1)
    drawn = crowd.draw.choice(len(words), crowd.people, p=base / base.sum())
    for cause, rows in _table(crowd.knowledge).get(finding.id, {}).items():
        named = {option: each.with_cause for option, each in rows[0].options.items()}
        rest = np.array([option not in named for option in finding.options])
        # What the cause does not name keeps its proportions.
        others = np.where(rest, base, 0.0) if base[rest].sum() > 0 else rest.astype(float)
        spare = others / others.sum() if rest.any() else others
        rates = max(0.0, 1 - sum(named.values())) * spare + np.array([named.get(o, 0.0) for o in finding.options])
        if rates.sum() > 0:
            own = crowd.draw.choice(len(words), crowd.people, p=rates / rates.sum())
            drawn = np.where(crowd.causes[cause], own, drawn)
    return pl.Series(words[drawn].tolist(), dtype=pl.String)


def _sites(crowd: Crowd, finding: Finding) -> pl.Series:
    named = []
    table = _table(crowd.knowledge).get(finding.id, {})
    for option in finding.options:
        base = _background(finding, option, 0.0)
        rate = np.full(crowd.people, base)
        for cause, rows in table.items():
            for each in rows:
                if each.option == option:
                    rate[crowd.causes[cause]] = each.bins[0].with_cause
        named.append(pl.when(pl.Series(crowd.chance() < rate)).then(pl.lit(option)))
    return pl.select(pl.concat_list(named).list.drop_nulls()).to_series()


def _holds(expression: Expression, crowd: Crowd) -> Truths:
    """Return for whom a condition holds; everything is known while people are drawn."""
    match expression:
        case And(parts):
            return np.asarray(np.logical_and.reduce([_holds(part, crowd) for part in parts]), dtype=bool)
        case Or(parts):
            return np.asarray(np.logical_or.reduce([_holds(part, crowd) for part in parts]), dtype=bool)
        case Not(part):
            return ~_holds(part, crowd)
        case Atom(name):
            return crowd.truths[name]
        case Compare(name, operator, value):
            values = crowd.others[name]
            given = values.to_numpy() if isinstance(values, pl.Series) else values
            return np.asarray(OPERATORS[operator](given, value), dtype=bool)
        case _:
            return np.ones(crowd.people, dtype=bool)


def _background(finding: Finding, value: str, otherwise: float) -> float:
    return next((each.rate for each in finding.background if each.value == value), otherwise)


@functools.lru_cache(maxsize=4)
def _table(knowledge: Knowledge) -> Mapping[str, Mapping[str, tuple[Weigher, ...]]]:
    """Return for each finding what each cause says of it."""
    table: dict[str, dict[str, tuple[Weigher, ...]]] = {}
    for cause, rows in weighers(knowledge).items():
        for each in rows:
            own = table.setdefault(each.finding, {})
            own[cause] = (*own.get(cause, ()), each)
    return table


@functools.lru_cache(maxsize=4)
def _general_first(knowledge: Knowledge) -> tuple[Finding, ...]:
    """Return what is answered by people: asked of everybody first, the general before the special."""
    left = [
        each
        for each in knowledge.findings.values()
        if each.kind != "lab" and each.counts is None and not each.defined_by
    ]
    left.sort(key=lambda each: each.ask_when is not None)
    ordered: list[Finding] = []
    while left:
        names = {each.id for each in left}
        ready = [each for each in left if not names & set(each.implies)]
        ordered += ready
        left = [each for each in left if each not in ready]
    return tuple(sorted(ordered, key=lambda each: each.ask_when is not None))
