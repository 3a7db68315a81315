"""Judge every case, twice by what is known and twice by base rates."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from dataclasses import dataclass
from datetime import date

from rheobase.assess import Assessment, assess
from rheobase.evaluation.metrics import Judged, RankedCause
from rheobase.importers.published_case import FULL, HISTORY, PublishedCase, Reading, person_of
from rheobase.importers.published_terms import published_terms
from rheobase.knowledge import Knowledge
from rheobase.person import Person

COMMUNITY = "home"
RUNS = (
    (HISTORY, HISTORY, None),
    (FULL, FULL, None),
    ("history_community", HISTORY, COMMUNITY),
    ("full_community", FULL, COMMUNITY),
)
# Assessments do not depend on the date unless a result is dated; published cases are not.
ON = date(2026, 1, 1)

Judge = Callable[[Reading], tuple[tuple[RankedCause, ...], str, tuple[str, ...]]]


@dataclass(frozen=True, slots=True)
class Run:
    """One run over all cases."""

    name: str
    cases: tuple[Judged, ...]
    lab_lines: int
    lab_lines_understood: int


@dataclass(frozen=True, slots=True)
class Evaluation:
    """Every run, and the terms that no entry maps."""

    runs: tuple[Run, ...]
    unmapped_terms: tuple[str, ...]


def evaluate_cases(
    cases: Sequence[PublishedCase], knowledge: Knowledge, *, blind: bool = False, judge: Judge | None = None
) -> Evaluation:
    """Return every run over the cases.

    Args:
        cases: Published cases.
        knowledge: What to judge with.
        blind: Remove everything known but the setting, to see that accuracy comes from the facts.
        judge: Another way to judge, such as the naive comparator; ours by default.
    """
    unmapped: set[str] = set()
    runs = []
    for name, kind, setting in RUNS:
        judged, lines, understood = [], 0, 0
        for case in cases:
            reading = person_of(case, knowledge, run=kind, setting=setting)
            unmapped.update(reading.unmapped)
            lines, understood = lines + reading.lab_lines, understood + reading.lab_lines_understood
            if blind:
                reading.person = Person(setting=reading.person.setting)
            causes, urgency, could = (judge or _judge(knowledge))(reading)
            reference = case.reference
            judged.append(
                Judged(
                    case.id,
                    causes,
                    urgency,
                    could,
                    reference.accept_causes,
                    reference.primary_cause,
                    reference.triage,
                    reference.acceptable,
                )
            )
        runs.append(Run(name, tuple(judged), lines, understood))
    return Evaluation(tuple(runs), tuple(sorted(unmapped)))


def _judge(knowledge: Knowledge) -> Judge:
    def judge(reading: Reading) -> tuple[tuple[RankedCause, ...], str, tuple[str, ...]]:
        assessment = assess(reading.person, knowledge, on=ON)
        could = tuple(dict.fromkeys(each.finding for each in assessment.urgency.could_fire))
        return ranked(assessment, knowledge, reading.person), assessment.urgency.level, could

    return judge


def ranked(assessment: Assessment, knowledge: Knowledge, person: Person) -> tuple[RankedCause, ...]:
    """Return the explanations under the cases' own ids; of several of ours, the most probable counts.

    Under 16 years the assessment gives no ranking; for the evaluation the ranking behind it is used.
    """
    fits = assessment.causes
    if assessment.urgency.child:
        from rheobase.assess.causes import fit_causes  # noqa: PLC0415 - only for children

        fits = fit_causes(knowledge, assessment.facts, person.setting)
    cause_of, best = published_terms().cause_of, dict[str, RankedCause]()
    for fit in fits:
        if knowledge.causes[fit.cause].role == "explanation":
            name = cause_of.get(fit.cause, fit.cause)
            best.setdefault(name, RankedCause(name, fit.posterior, fit.band))
    return tuple(best.values())
