"""What would settle it: questions, examinations and tests by what they would change against their trouble.

The worth of a result is the information about the causes that it brings (how far it moves each cause, as relative
entropy), the levels of urgency that it moves, and whether it changes what to do. Each is weighted by the chance of the
result. Nothing here is called by ``assess``; the answer to "what next" is asked for by itself.

Source:
    Expected value of information; relative entropy after Kullback and Leibler 1951.
"""

from __future__ import annotations

import math
from collections.abc import Callable, Iterable, Iterator, Mapping
from dataclasses import dataclass, replace

from rheobase.assess.advice import advice_offered
from rheobase.assess.assessment import Assessment
from rheobase.assess.causes import FITS_WELL, POSSIBLE, CauseFit
from rheobase.assess.facts import Facts
from rheobase.assess.settling_options import NORMAL, Option, Part, open_parts, open_questions, question
from rheobase.assess.supposing import (
    Baseline,
    SupposedUrgency,
    Supposition,
    suppose,
    supposed_facts,
    supposed_urgency,
)
from rheobase.assess.urgency import INSUFFICIENT, ROUTINE, Fired
from rheobase.knowledge import Knowledge
from rheobase.knowledge.model_tests import Limit, Test
from rheobase.logic import evaluate
from rheobase.person import Value

QUESTION = "question"


@dataclass(frozen=True, slots=True)
class CauseMove:
    """How a result would move one cause: probability and band before and after, and the information in it [nats]."""

    cause: str
    before: float
    after: float
    band_before: str
    band_after: str
    information: float


@dataclass(frozen=True, slots=True)
class Outcome:
    """What one result would mean.

    Attributes:
        id: ``present``, ``absent``, ``low``, ``normal``, ``high``, an option, or the id in tests.toml.
        words: What follows "if"; empty for an answer to a question.
        sets: What would then be known.
        chance: How likely it is, by the causes that fit now.
        low: Of a range of numbers, its lower end (belongs to it); minus infinity for none.
        high: Its upper end (does not belong to it); infinity for none.
        moves: Every cause that would move, the one about which most is learnt first.
        urgency: The level of urgency then.
        rules_started: Red flags that would fire then.
        rules_stopped: Red flags that would no longer fire.
        advice_added: Advice that would be given then and is not now.
        advice_withheld: Advice that is given now and would not be then.
    """

    id: str
    words: str
    sets: Mapping[str, Value]
    chance: float
    low: float
    high: float
    moves: tuple[CauseMove, ...]
    urgency: str
    rules_started: tuple[str, ...]
    rules_stopped: tuple[str, ...]
    advice_added: tuple[str, ...]
    advice_withheld: tuple[str, ...]


@dataclass(frozen=True, slots=True)
class SettlingPart:
    """One part of a question or test: its expected information [nats], and what each result would mean."""

    id: str
    information: float
    outcomes: tuple[Outcome, ...]


@dataclass(frozen=True, slots=True)
class Settling:
    """One thing to ask, examine or test.

    Attributes:
        id: Finding id of a question, or test id.
        kind: ``question``, or the kind of the test.
        information: Expected information about the causes, serious ones weighted [nats]; never negative.
        urgency_power: Expected number of levels by which the urgency would move.
        advice_power: Chance that the result changes what to do.
        worth: All of it against the trouble; the order of the list.
        parts: The most telling first.
        limits: What the test cannot tell, as far as it matters here.
        codes: LOINC codes by analyte, or by name.
        asked_for: Whether a warning sign that decides the urgency asks for it; such tests come first.
    """

    id: str
    kind: str
    information: float
    urgency_power: float
    advice_power: float
    worth: float
    parts: tuple[SettlingPart, ...]
    limits: tuple[Limit, ...]
    codes: tuple[tuple[str, str], ...]
    asked_for: bool = False


@dataclass(frozen=True, slots=True)
class _Seen:
    """A result, what would follow from it, and how urgent it would be."""

    option: Option
    supposition: Supposition
    urgency: SupposedUrgency


@dataclass(frozen=True, slots=True)
class _Candidate:
    """A question or a test with what it would tell, before the meaning of each result is worked out."""

    id: str
    kind: str
    effort: float
    parts: tuple[Part, ...]
    seen: tuple[tuple[_Seen, ...], ...]
    information: tuple[float, ...]
    urgency_power: float
    test: Test | None = None


def what_would_settle(assessment: Assessment, knowledge: Knowledge) -> tuple[Settling, ...]:
    """Return what to ask, examine or test next, the most worthwhile first.

    What is known is never proposed. What was asked and is not known is not asked again, but may be tested. Under 16
    years there is no ranking of causes, so that only the urgency counts.

    Args:
        assessment: What is judged so far.
        knowledge: The knowledge that it was judged with.
    """
    return _Settler(assessment, knowledge).ranked()


class _Settler:
    """Works out one assessment."""

    def __init__(self, assessment: Assessment, knowledge: Knowledge) -> None:
        self.knowledge = knowledge
        self.scale = knowledge.settling
        self.facts: Facts = assessment.facts
        self.urgency = assessment.urgency
        fits = (*assessment.causes, *assessment.contributors)
        self.base = Baseline(knowledge, fits, assessment.setting, self.facts.diet)
        self.posteriors = {fit.cause: fit.posterior for fit in fits}
        self.fitting = frozenset(fit.cause for fit in fits if fit.band in (FITS_WELL, POSSIBLE))
        self.offered = frozenset(each.advice for each in assessment.advice)
        self.wanted = tuple(dict.fromkeys(self._asked_for()))

    def ranked(self) -> tuple[Settling, ...]:
        scale = self.scale
        questions = _best(self._questions(), scale.questions_tried, self._worth)
        open_tests = list(self._tests())
        tests = _best(open_tests, scale.tests_tried, self._worth)
        tests += [each for each in open_tests if each.id in self.wanted and each not in tests]
        asked = _most(map(self._settling, questions), scale.questions_listed)
        found = [replace(each, asked_for=each.id in self.wanted) for each in map(self._settling, tests)]
        tested = self._apart(sorted(found, key=_order))[: scale.tests_listed]
        return tuple(sorted((*asked, *tested), key=_order))

    def _asked_for(self) -> Iterator[str]:
        """Yield the tests that the deciding warning signs ask for, while they are more urgent than routine."""
        levels, now = self.knowledge.levels, self.urgency.level
        if levels[now].order < levels[ROUTINE].order:
            for fired in self.urgency.fired:
                if fired.urgency == now:
                    yield from self.knowledge.rules[fired.rule].asks_for

    def _apart(self, ranked: list[Settling]) -> list[Settling]:
        """Keep of a panel and the tests that it contains either the one or the others."""
        tests, left_out = self.knowledge.tests, set()
        for panel in ranked:
            members = [each for each in ranked if each.id in tests[panel.id].contains]
            if any(each.asked_for for each in members) or any(
                each.worth >= panel.worth * self.scale.member_share for each in members
            ):
                left_out.add(panel.id)
            else:
                left_out.update(each.id for each in members)
        return [each for each in ranked if each.id not in left_out]

    def _questions(self) -> Iterator[_Candidate]:
        gains: dict[str, float] = {}
        for fit in self.base.fits.values():
            for each in fit.unknown:
                gains[each.finding] = gains.get(each.finding, 0.0) + each.information
        urgent = {each.finding for each in self.urgency.could_fire}
        likely = sorted(gains, key=lambda name: (-gains[name], name))
        # The rough gain counts answers of one group in full; looking at more of them leaves out nothing that matters.
        names = [*likely[: 3 * self.scale.questions_tried], *sorted(urgent)]
        for finding in open_questions(self.knowledge, self.facts, dict.fromkeys(names)):
            part = question(finding, self.knowledge, self.posteriors)
            if part is not None:
                yield self._candidate(finding.id, (part,))

    def _tests(self) -> Iterator[_Candidate]:
        for test in self.knowledge.tests.values():
            parts = open_parts(test, self.knowledge, self.facts, self.posteriors)
            if parts:
                yield self._candidate(test.id, parts, test)

    def _trouble(self, test: Test) -> float:
        """Return what a test asks of a person; it counts less where a red flag has fired."""
        whole = self.scale.burden[test.burden].effort + self.scale.cost[test.cost].effort
        levels = self.knowledge.levels
        calm = levels[self.urgency.level].order >= levels[ROUTINE].order
        return whole if calm else whole * self.scale.trouble_share_when_urgent

    def _candidate(self, name: str, parts: tuple[Part, ...], test: Test | None = None) -> _Candidate:
        seen = tuple(tuple(map(self._seen, part.options)) for part in parts)
        gains = tuple(sum(each.option.chance * self._gain(each) for each in options) for options in seen)
        levels = tuple(
            sum(each.option.chance * self._levels(each.urgency.level) for each in options) for options in seen
        )
        kind, effort = (QUESTION, 1.0) if test is None else (test.kind, 1 + self._trouble(test))
        power = self._together(levels)
        # Parts that teach nothing are not worked out; of a test that teaches little at all, its best part stays.
        worth = [gain + self.scale.urgency_value * level for gain, level in zip(gains, levels, strict=True)]
        least = min(self.scale.least_information, max(worth))
        kept = [at for at, value in enumerate(worth) if value >= least]
        return _Candidate(
            id=name,
            kind=kind,
            effort=effort,
            parts=tuple(parts[at] for at in kept),
            seen=tuple(seen[at] for at in kept),
            information=tuple(gains[at] for at in kept),
            urgency_power=power,
            test=test,
        )

    def _seen(self, option: Option) -> _Seen:
        supposition = suppose(self.knowledge, self.facts.values, option.sets)
        return _Seen(option, supposition, supposed_urgency(self.knowledge, self.urgency, supposition, self.facts))

    def _gain(self, each: _Seen) -> float:
        """Return how much a result would tell about the causes [nats]; what is serious counts more."""
        after = self.base.posteriors(each.supposition)
        return sum(self._weight(cause) * _moved(chance, self.posteriors[cause]) for cause, chance in after.items())

    def _weight(self, cause: str) -> float:
        return self.scale.feared_weight if self.knowledge.causes[cause].feared else 1.0

    def _together(self, values: Iterable[float]) -> float:
        """Return what the parts of one test are worth: the best in full, each further one in part."""
        first, *others = sorted(values, reverse=True)
        return first + self.scale.further_share * sum(others)

    def _worth(self, each: _Candidate) -> float:
        value = self._together(each.information) + self.scale.urgency_value * each.urgency_power
        return value / each.effort if value >= self.scale.least_information else 0.0

    def _levels(self, level: str) -> int:
        """Return by how many levels the urgency would move; that something is told at all moves nothing."""
        levels = self.knowledge.levels
        before = ROUTINE if self.urgency.level == INSUFFICIENT else self.urgency.level
        return 0 if level == INSUFFICIENT else abs(levels[before].order - levels[level].order)

    def _settling(self, each: _Candidate) -> Settling:
        parts = [
            SettlingPart(part.id, gain, tuple(map(self._outcome, seen)))
            for part, seen, gain in zip(each.parts, each.seen, each.information, strict=True)
        ]
        advice = max(
            sum(outcome.chance for outcome in part.outcomes if outcome.advice_added or outcome.advice_withheld)
            for part in parts
        )
        information = self._together(each.information)
        value = information + self.scale.urgency_value * each.urgency_power + self.scale.advice_value * advice
        test = each.test
        return Settling(
            id=each.id,
            kind=each.kind,
            information=information,
            urgency_power=each.urgency_power,
            advice_power=advice,
            worth=value / each.effort,
            parts=tuple(sorted(parts, key=lambda part: (-part.information, part.id))),
            limits=() if test is None else limits_that_matter(test, self.facts, self.fitting),
            codes=() if test is None else tuple(codes_of(test, self.knowledge)),
        )

    def _outcome(self, seen: _Seen) -> Outcome:
        option, supposition, urgency = seen.option, seen.supposition, seen.urgency
        refitted = self.base.refit(supposition)
        added, withheld = self._advice(supposition, refitted, urgency)
        return Outcome(
            id=option.id,
            words=option.words,
            sets=option.sets,
            chance=option.chance,
            low=option.low,
            high=option.high,
            moves=tuple(self._moves(refitted)),
            urgency=urgency.level,
            rules_started=urgency.started,
            rules_stopped=urgency.stopped,
            advice_added=added,
            advice_withheld=withheld,
        )

    def _moves(self, refitted: Mapping[str, CauseFit]) -> list[CauseMove]:
        moves = [
            CauseMove(cause, old.posterior, new.posterior, old.band, new.band, _moved(new.posterior, old.posterior))
            for cause, new in refitted.items()
            if (old := self.base.fits[cause]).posterior != new.posterior
        ]
        return sorted(moves, key=lambda move: (-move.information, move.cause))

    def _advice(
        self, supposition: Supposition, refitted: Mapping[str, CauseFit], urgency: SupposedUrgency
    ) -> tuple[tuple[str, ...], tuple[str, ...]]:
        knowledge, stopped = self.knowledge, set(urgency.stopped)
        fired = [each for each in self.urgency.fired if each.rule not in stopped]
        fired.extend(Fired(rule, knowledge.rules[rule].urgency, ()) for rule in urgency.started)
        order = sorted(fired, key=lambda each: (knowledge.levels[each.urgency].order, each.rule))
        then = replace(self.urgency, level=urgency.level, fired=tuple(order))
        fits = {**self.base.fits, **refitted}.values()
        names = advice_offered(knowledge, supposed_facts(self.facts, supposition), fits, then)
        return (
            tuple(name for name in names if name not in self.offered),
            tuple(sorted(self.offered.difference(names))),
        )


def _best(candidates: Iterable[_Candidate], most: int, worth: Callable[[_Candidate], float]) -> list[_Candidate]:
    kept = [(gain, each) for each in candidates if (gain := worth(each)) > 0]
    return [each for _, each in sorted(kept, key=lambda pair: (-pair[0], pair[1].id))[:most]]


def _order(each: Settling) -> tuple[bool, float, str]:
    return (not each.asked_for, -each.worth, each.id)


def _most(settlings: Iterable[Settling], most: int) -> list[Settling]:
    return sorted(settlings, key=_order)[:most]


def _moved(after: float, before: float) -> float:
    """Return the relative entropy of a new probability to the old one [nats]; never negative."""
    total = 0.0
    for new, old in ((after, before), (1 - after, 1 - before)):
        if new > 0 and old > 0:
            total += new * math.log(new / old)
    return max(total, 0.0)


def limits_that_matter(test: Test, facts: Facts, fitting: Iterable[str]) -> tuple[Limit, ...]:
    """Return what a test cannot tell, as far as it matters to this person.

    Args:
        test: Whose limits.
        facts: What is known of the person; a limit whose condition is not known to hold is left out.
        fitting: The causes that fit or are possible.
    """
    likely = frozenset(fitting)
    return tuple(
        limit
        for limit in test.limits
        if (not limit.causes or likely.intersection(limit.causes))
        and (limit.when is None or evaluate(limit.when, facts.values) is True)
    )


def codes_of(test: Test, knowledge: Knowledge) -> Iterator[tuple[str, str]]:
    """Yield each code of a test with the name of what it orders."""
    for analyte in test.orders or test.analytes:
        entry = knowledge.analytes[analyte]
        for system in ("si", "conventional", "arterial", "westergren"):
            if system in entry.loinc:
                yield entry.name, entry.loinc[system]
                break
    yield from test.codes.items()


__all__ = ["NORMAL", "QUESTION", "CauseMove", "Outcome", "Settling", "SettlingPart", "what_would_settle"]
