"""The whole judgement in one call."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass
from datetime import date

from rheobase.assess.advice import OfferedAdvice, WithheldAdvice, choose_advice
from rheobase.assess.causes import FITS_WELL, POSSIBLE, CauseFit, fit_causes
from rheobase.assess.facts import Facts
from rheobase.assess.old_results import gather_on
from rheobase.assess.questions import MissingFact, missing_facts
from rheobase.assess.urgency import Urgency, decide_urgency
from rheobase.knowledge import Knowledge
from rheobase.labs.patterns import OpenPattern, read_patterns
from rheobase.person import Person

EXPLANATION = "explanation"


@dataclass(frozen=True, slots=True)
class Together:
    """Two causes that fit and belong together: the first acts through the second."""

    cause: str
    through: str


@dataclass(frozen=True, slots=True)
class Assessment:
    """One reasoned answer.

    Attributes:
        on: Date of the assessment.
        knowledge_version: Which knowledge was used.
        setting: Whose base rates were used.
        urgency: How urgent, which rules fired, which could.
        causes: Explanations, the most probable first. Empty under 16 years.
        contributors: Background factors that may add to it, the most probable first.
        together: Pairs of fitting causes of which one acts through the other.
        patterns: Laboratory patterns that are seen, in old results too: as of then.
        open_patterns: Laboratory patterns that are suggested and wait for a result.
        missing: What is not known and would help, most informative first.
        advice: What to do.
        withheld: Advice that something known of this person forbids.
        facts: What was known, told or derived.
        not_understood: What was told and could not be used.
    """

    on: date
    knowledge_version: str
    setting: str
    urgency: Urgency
    causes: tuple[CauseFit, ...]
    contributors: tuple[CauseFit, ...]
    together: tuple[Together, ...]
    patterns: tuple[str, ...]
    open_patterns: tuple[OpenPattern, ...]
    missing: tuple[MissingFact, ...]
    advice: tuple[OfferedAdvice, ...]
    withheld: tuple[WithheldAdvice, ...]
    facts: Facts
    not_understood: tuple[str, ...]


def assess(person: Person, knowledge: Knowledge, *, on: date) -> Assessment:
    """Return the assessment of one person.

    Args:
        person: What was told.
        knowledge: What is known.
        on: The date that the assessment is for.

    Raises:
        UnknownUnitError: A laboratory result has a unit that its analyte does not know.
    """
    facts = gather_on(person, knowledge, on=on)
    urgency = decide_urgency(knowledge, facts)
    fits = () if urgency.child else fit_causes(knowledge, facts, person.setting)
    roles = {cause.id: cause.role for cause in knowledge.causes.values()}
    advice, withheld = choose_advice(knowledge, facts, fits, urgency, on=on, medicines=person.medicines)
    patterns, open_patterns = read_patterns(knowledge, facts.ever)
    told = " ".join(person.not_understood)
    unread = (use.written for use in person.medicines if use.medicine is None and use.written not in told)
    return Assessment(
        on=on,
        knowledge_version=knowledge.version,
        setting=person.setting,
        urgency=urgency,
        causes=tuple(fit for fit in fits if roles[fit.cause] == EXPLANATION),
        contributors=tuple(fit for fit in fits if roles[fit.cause] != EXPLANATION),
        together=tuple(_together(knowledge, fits)),
        patterns=patterns,
        open_patterns=open_patterns,
        missing=missing_facts(knowledge, facts, fits, urgency),
        advice=advice,
        withheld=withheld,
        facts=facts,
        not_understood=(*person.not_understood, *(f"medicine {written!r}" for written in unread)),
    )


def _together(knowledge: Knowledge, fits: tuple[CauseFit, ...]) -> Iterator[Together]:
    fitting = {fit.cause for fit in fits if fit.band in (FITS_WELL, POSSIBLE)}
    for fit in fits:
        if fit.cause in fitting:
            through = (other for other in knowledge.causes[fit.cause].acts_through if other in fitting)
            yield from (Together(fit.cause, other) for other in through)
