"""Hold what Rheobase says about a scenario's person against what was expected, in words that a clinician can read."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass
from datetime import date

from rheobase.assess import Assessment, assess
from rheobase.assess.causes import FITS_WELL, POSSIBLE
from rheobase.knowledge import Knowledge
from rheobase.report import Audience, assessment_document, render
from rheobase.report.words import answer, percent
from scenario_file import Scenario

# Of one day, so that a scenario does not change by itself.
ON = date(2026, 11, 24)
LEADING = 3
# Stands in nobody's report, whatever a scenario asks for.
WIDE = 4000
NEVER = ("don't worry", "do not worry", "nothing to worry about")


@dataclass(frozen=True, slots=True)
class Verdict:
    """What came, and where it differs from what was expected (nothing where all is as it should be)."""

    assessment: Assessment
    differences: tuple[str, ...]


def judge(scenario: Scenario, knowledge: Knowledge) -> Verdict:
    """Return what Rheobase says about the scenario's person, and every difference from what was expected."""
    assessment = assess(scenario.person, knowledge, on=ON)
    differences = [
        *_urgency(scenario, assessment),
        *_causes(scenario, assessment, knowledge),
        *_rules(scenario, assessment, knowledge),
        *_advice(scenario, assessment),
        *_words(scenario, assessment, knowledge),
    ]
    return Verdict(assessment, tuple(differences))


def explained(scenario: Scenario, verdict: Verdict, knowledge: Knowledge) -> str:
    """Return the message of a scenario that does not hold: what was expected, what came, which facts were read."""
    assessment = verdict.assessment
    fired = [f"{knowledge.rules[x.rule].title or x.rule} ({x.urgency})" for x in assessment.urgency.fired]
    first = [f"{knowledge.causes[x.cause].plain_name} {percent(x.posterior)}" for x in assessment.causes[:5]]
    facts = assessment.facts
    read = [answer(knowledge, name, value) for name, value in sorted(facts.values.items())]
    lines = [
        scenario.name,
        f"  file: tests/scenarios/{scenario.topic}/{scenario.file}.yaml",
        *(f"  - {each}" for each in verdict.differences),
        f"  warning signs that fired: {'; '.join(fired) or 'none'}",
        f"  first causes: {'; '.join(first) or 'none (not ranked)'}",
        f"  advice: {', '.join(x.advice for x in assessment.advice) or 'none'}",
        f"  facts that were read: {'; '.join(read) or 'none'}",
        f"  asked, not known: {', '.join(sorted(facts.unknown)) or 'nothing'}",
        f"  not understood: {'; '.join(assessment.not_understood) or 'nothing'}",
    ]
    return "\n".join(lines)


def _urgency(scenario: Scenario, assessment: Assessment) -> Iterator[str]:
    level = assessment.urgency.level
    if level not in scenario.levels:
        expected = f"at least {scenario.at_least}" if scenario.at_least else " or ".join(scenario.levels)
        yield f"urgency: expected {expected}, came {level}"


def _causes(scenario: Scenario, assessment: Assessment, knowledge: Knowledge) -> Iterator[str]:
    ranked = [fit.cause for fit in assessment.causes]
    leading = ranked[:LEADING]
    # A common cause at or below its base rate leads nowhere, even where nothing else is known.
    raised = {fit.cause for fit in assessment.causes if fit.posterior > fit.prior}
    adding = [fit.cause for fit in assessment.contributors if fit.band in (FITS_WELL, POSSIBLE) and fit.speaks_for]

    def place(cause: str) -> str:
        return f"at place {ranked.index(cause) + 1}" if cause in ranked else "not ranked"

    def name(cause: str) -> str:
        return knowledge.causes[cause].plain_name

    first = scenario.of("must_be_first")
    if first and not set(first) & set(ranked[:1]):
        yield f"causes: expected {' or '.join(map(name, first))} first, came {', '.join(map(place, first))}"
    for cause in scenario.of("must_lead"):
        if cause not in leading:
            yield f"causes: expected {name(cause)} among the first three, came {place(cause)}"
    for cause in scenario.of("must_not_lead"):
        if cause in leading and cause in raised:
            yield f"causes: expected {name(cause)} not among the first three, came {place(cause)}"
    for cause in scenario.of("must_add"):
        if cause not in adding:
            yield f"causes: expected {name(cause)} under what may be adding to it, came without"


def _rules(scenario: Scenario, assessment: Assessment, knowledge: Knowledge) -> Iterator[str]:
    fired = {each.rule for each in assessment.urgency.fired}
    for rule in scenario.of("fires"):
        if rule not in fired:
            yield f"warning signs: expected {knowledge.rules[rule].title!r}, came without"
    for rule in scenario.of("never_fires"):
        if rule in fired:
            yield f"warning signs: expected no {knowledge.rules[rule].title!r}, but it fired"


def _advice(scenario: Scenario, assessment: Assessment) -> Iterator[str]:
    offered = {each.advice for each in assessment.advice}
    for advice in scenario.of("offered"):
        if advice not in offered:
            yield f"advice: expected {advice}, came without"
    for advice in scenario.of("never_offered"):
        if advice in offered:
            yield f"advice: expected no {advice}, but it was offered"


def _words(scenario: Scenario, assessment: Assessment, knowledge: Knowledge) -> Iterator[str]:
    for audience, says, never in (
        (Audience.PERSON, "says", "never_says"),
        (Audience.CLINICIAN, "clinician_says", "clinician_never_says"),
    ):
        if audience is Audience.CLINICIAN and not scenario.of(says) and not scenario.of(never):
            continue
        document = assessment_document(assessment, knowledge, audience=audience, region=scenario.person.region)
        # One line a block: nothing that is looked for is cut by the edge of a page.
        text = " ".join(render(document, width=WIDE).split()).casefold()
        for words in scenario.of(says):
            if words.casefold() not in text:
                yield f"words for the {audience}: expected {words!r}, came without"
        for words in (*scenario.of(never), *NEVER):
            if words.casefold() in text:
                yield f"words for the {audience}: expected no {words!r}, but it stands there"
