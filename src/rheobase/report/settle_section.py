"""What would settle it: what to answer, to have examined or tested next, and what each result would mean."""

from __future__ import annotations

import math
from collections.abc import Iterator, Sequence
from dataclasses import dataclass

from rheobase.assess import Assessment
from rheobase.assess.advice import CALM, INSUFFICIENT, PREVENTION
from rheobase.assess.assessment import EXPLANATION
from rheobase.assess.causes import FITS_WELL, POSSIBLE, logit
from rheobase.assess.settle import QUESTION, CauseMove, Outcome, Settling, SettlingPart
from rheobase.knowledge import Knowledge
from rheobase.knowledge.model_tests import Limit, Test
from rheobase.plain_text import in_sentence
from rheobase.report.document import Footnotes, Paragraph, Point, Section
from rheobase.report.words import chance, clinical, label, percent

TITLE = "What would settle it"
SHOWN_QUESTIONS, SHOWN_TESTS, SHOWN_FOR_CLINICIAN = 2, 3, 6
SHOWN_RESULTS, SHOWN_PARTS, SHOWN_MOVES, SHOWN_MOVES_FOR_CLINICIAN, SHOWN_ADVICE = 2, 3, 2, 4, 2
# What moves a chance by less is in the JSON, not in the text.
LEAST_MOVE, LEAST_MOVE_FOR_CLINICIAN = 0.05, 0.02
# A feared cause is named only where its odds would change by at least this factor.
LEAST_FACTOR = 2.0
# A result rarer than this is told only if it would change the urgency.
RARE = 0.02
EMERGENCY, INFORMATION = "emergency", "information"
CALMING = ("normal", "absent")
WORRIED, FEARED_MOST = "worry_about_serious_illness", "als_mnd"
NOTHING = "no material change"
LIKELY = (FITS_WELL, POSSIBLE)


@dataclass(frozen=True, slots=True)
class _Writer:
    """What every line needs."""

    assessment: Assessment
    knowledge: Knowledge
    notes: Footnotes
    for_clinician: bool

    def feared(self, cause: str) -> bool:
        return self.knowledge.causes[cause].feared

    def cause(self, name: str) -> str:
        entry = self.knowledge.causes[name]
        return entry.clinical_name if self.for_clinician else in_sentence(entry.plain_name)


def settle_section(
    assessment: Assessment,
    knowledge: Knowledge,
    settlings: Sequence[Settling],
    notes: Footnotes,
    *,
    for_clinician: bool,
) -> Section:
    """Return the section; without blocks where there is nothing worth doing, or where help is needed now.

    Args:
        assessment: What was judged.
        knowledge: For the words.
        settlings: What would settle it, the most worthwhile first.
        notes: Where sources are cited.
        for_clinician: Clinical names, codes, weights and costs; else plain words, and no figure for a feared cause.
    """
    writer = _Writer(assessment, knowledge, notes, for_clinician)
    if for_clinician:
        return Section(TITLE, tuple(_for_clinician(each, writer) for each in settlings[:SHOWN_FOR_CLINICIAN]))
    if assessment.urgency.level == EMERGENCY:
        # Nothing stands beside the red flag's own words.
        return Section(TITLE, ())
    # Whoever should be seen soon needs the appointment more than further questions.
    calm = assessment.urgency.level in (*CALM, INSUFFICIENT)
    asked = [each for each in settlings if each.kind == QUESTION and _says_something(each, writer)]
    questions = asked[: SHOWN_QUESTIONS if calm else 1]
    # For a child a clinician chooses the tests; what is asked here are the warning signs.
    child = assessment.urgency.child
    tests = [] if child else [each for each in settlings if each.kind != QUESTION][:SHOWN_TESTS]
    shown = [each for each in settlings if each in questions or each in tests]
    points = tuple(_for_person(each, writer) for each in shown)
    first = "What the warning sign asks for comes first" if any(e.asked_for for e in shown) else "The best comes first"
    closing = Paragraph(f"{first}, by its worth for its trouble. How often each result comes is our estimate.")
    return Section(TITLE, (*points, closing) if points else ())


def _for_person(each: Settling, writer: _Writer) -> Point:
    knowledge = writer.knowledge
    if each.kind == QUESTION:
        finding = knowledge.findings[each.id]
        text, test = finding.question or finding.label, None
        more = []
    else:
        test = knowledge.tests[each.id]
        text = f"{test.name}. {test.like} {writer.notes.cite(*test.sources)}".rstrip()
        more = [f"Where: {test.where}."]
    details = [
        *_results_for_person(each, writer),
        *(_limit(limit, writer) for limit in each.limits if not limit.result),
    ]
    more.extend(_other_results(each, test, writer))
    return Point(text, tuple(details), strong=True, more=tuple(more))


def _told(each: Settling, writer: _Writer) -> list[Outcome]:
    """Return the results worth telling, the calming one first."""
    order = sorted(each.parts[0].outcomes, key=lambda result: (result.id not in CALMING, -result.chance))
    return [result for result in order if result.chance >= RARE or result.urgency != writer.assessment.urgency.level]


def _says_something(each: Settling, writer: _Writer) -> bool:
    """Whether a result that is shown would change what is read; a question that changes nothing isn't asked."""
    return any(
        result.urgency != writer.assessment.urgency.level or [*_moved(result, writer), *_feared(each, result, writer)]
        for result in _told(each, writer)[:SHOWN_RESULTS]
    )


def _results_for_person(each: Settling, writer: _Writer) -> Iterator[str]:
    told = _told(each, writer)
    silent = _no_figures(told[:SHOWN_RESULTS], writer)
    for result in told[:SHOWN_RESULTS]:
        often = "" if silent else f" ({chance(result.chance)})"
        yield f"If {_result_words(each, result, writer)}{often}: {_meaning(each, result, writer)}"


def _other_results(each: Settling, test: Test | None, writer: _Writer) -> Iterator[str]:
    """Say what else a test tells; a question has no more to it."""
    others = [_part_name(other, test, writer) for other in each.parts[1:] if other.information > 0]
    if each.kind == QUESTION:
        return
    if len(_told(each, writer)) > SHOWN_RESULTS:
        yield "A doctor will say what other results mean."
    elif others:
        names = ", ".join(others[:SHOWN_PARTS])
        more = len(others) - SHOWN_PARTS
        yield f"It also tells about: {names}{f', and {more} more' if more > 0 else ''}."


def _no_figures(results: Sequence[Outcome], writer: _Writer) -> bool:
    """Whether a result would speak mostly about a feared cause that is open: then no chance is printed."""
    for result in results:
        for move in result.moves[:SHOWN_MOVES]:
            if writer.feared(move.cause) and (move.band_before in LIKELY or move.band_after in LIKELY):
                return True
    return False


def _result_words(each: Settling, result: Outcome, writer: _Writer) -> str:
    """Return a result after "if"."""
    if result.words:
        return result.words
    finding = writer.knowledge.findings[each.id]
    if finding.type == "yes_no":
        return "yes" if result.id == "present" else "no"
    if finding.type == "choice":
        return result.id.replace("_", " ")
    unit = f" {finding.unit}" if finding.unit else ""
    if math.isinf(result.low):
        return f"less than {result.high:g}{unit}"
    if math.isinf(result.high):
        return f"{result.low:g}{unit} or more"
    return f"{result.low:g} to {result.high:g}{unit}"


def _meaning(each: Settling, result: Outcome, writer: _Writer) -> str:
    knowledge, now = writer.knowledge, writer.assessment.urgency.level
    said = [*_moved(result, writer), *_feared(each, result, writer)]
    if result.urgency != now:
        said.append(urgency_words(knowledge, now, result.urgency))
    elif each.kind != QUESTION:
        said.extend(_to_do(result, writer))
    words = "; ".join(said) or "the picture stays much as it is"
    limits = " ".join(_limit(limit, writer) for limit in each.limits if limit.result == result.id)
    return f"{words}. {limits}".rstrip()


def urgency_words(knowledge: Knowledge, before: str, after: str) -> str:
    """Return in words how the urgency would change between two levels."""
    levels = knowledge.levels
    if after == EMERGENCY:
        return "it would be an emergency"
    if before == INSUFFICIENT:
        return f"it could be told how urgent it is ({in_sentence(levels[after].name)})"
    more = levels[after].order < levels[before].order
    return f"it would be {'more' if more else 'less'} urgent ({in_sentence(levels[after].name)})"


def _moved(result: Outcome, writer: _Writer) -> Iterator[str]:
    moves = [
        move
        for move in result.moves
        if writer.knowledge.causes[move.cause].role == EXPLANATION
        and not writer.feared(move.cause)
        and abs(move.after - move.before) >= LEAST_MOVE
    ]
    for move in moves[:SHOWN_MOVES]:
        before, after = chance(move.before), chance(move.after)
        if before != after:
            yield f"{writer.cause(move.cause)} {'up' if move.after > move.before else 'down'} from {before} to {after}"


def _feared(each: Settling, result: Outcome, writer: _Writer) -> Iterator[str]:
    """Say in which direction a feared cause would move, without a figure, if it is open or if it is the worry."""
    worried = writer.assessment.facts.values.get(WORRIED) is True and each.kind != QUESTION
    more, less = [], []
    for move in result.moves:
        if not writer.feared(move.cause) or abs(logit(move.after) - logit(move.before)) < math.log(LEAST_FACTOR):
            continue
        up = move.after > move.before
        if up and move.band_after in LIKELY:
            more.append(writer.cause(move.cause))
        elif not up and (move.band_before in LIKELY or (worried and move.cause == FEARED_MOST)):
            less.append(writer.cause(move.cause))
    if less:
        yield f"less reason to think of {' or '.join(less)}"
    if more:
        yield f"more reason to have {' and '.join(more)} looked into by a specialist"


def _to_do(result: Outcome, writer: _Writer) -> Iterator[str]:
    """Name what a result would add to the plan. What it would take back is not for a person to act on beforehand."""
    items = [writer.knowledge.advice[name] for name in result.advice_added]
    titles = [in_sentence(item.title) for item in items if item.title and item.kind not in (PREVENTION, INFORMATION)]
    if titles:
        yield f"then to do: {', '.join(titles[:SHOWN_ADVICE])}"


def _part_name(part: SettlingPart, test: Test | None, writer: _Writer) -> str:
    knowledge = writer.knowledge
    if part.id in knowledge.findings:
        return label(knowledge, part.id)
    called = {} if test is None else test.called
    return called.get(f"lab.{part.id}", part.id.replace("_", " "))


def _limit(limit: Limit, writer: _Writer) -> str:
    return f"{limit.text} {writer.notes.cite(limit.source)}".rstrip()


def _for_clinician(each: Settling, writer: _Writer) -> Point:
    knowledge, scale = writer.knowledge, writer.knowledge.settling
    head = [f"expected information {each.information:.2f} nats"]
    if each.urgency_power:
        head.append(f"urgency {each.urgency_power:.2f} levels")
    if each.kind == QUESTION:
        text = f"Ask: {clinical(knowledge, each.id)}"
    else:
        test = knowledge.tests[each.id]
        codes = ", ".join(f"{name} {code}" for name, code in each.codes)
        text = f"{test.clinical}{f' (LOINC: {codes})' if codes else ''} {writer.notes.cite(*test.sources)}".rstrip()
        head.append(f"{scale.burden[test.burden].words}; {scale.cost[test.cost].words}; grade {test.grade}")
    details = ["; ".join(head)]
    now = writer.assessment.urgency.level
    for part in each.parts[:SHOWN_PARTS]:
        told = [result for result in part.outcomes if result.chance >= RARE or result.urgency != now]
        lines = [_clinical_result(each, result, writer) for result in told]
        # A part of which nothing would change is only worth a line when it is the whole of the test.
        details.extend(line for line in lines if part is each.parts[0] or not line.endswith(NOTHING))
    details.extend(f"limit: {_limit(limit, writer)}" for limit in each.limits)
    return Point(text, tuple(details), strong=True)


def _clinical_result(each: Settling, result: Outcome, writer: _Writer) -> str:
    knowledge = writer.knowledge
    told = [move for move in result.moves if abs(move.after - move.before) >= LEAST_MOVE_FOR_CLINICIAN]
    said = [_clinical_move(move, writer) for move in told[:SHOWN_MOVES_FOR_CLINICIAN]]
    if result.urgency != writer.assessment.urgency.level:
        rules = [knowledge.rules[rule].title or rule for rule in (*result.rules_started, *result.rules_stopped)]
        why = f" ({', '.join(rules[:SHOWN_MOVES])})" if rules else ""
        said.append(f"urgency {in_sentence(knowledge.levels[result.urgency].name)}{why}")
    elif result.advice_added or result.advice_withheld:
        advice = knowledge.advice
        for sign, names in (("+", result.advice_added), ("-", result.advice_withheld)):
            titles = [advice[name].title for name in names if advice[name].title]
            said.extend([f"plan {sign} {', '.join(map(in_sentence, titles[:SHOWN_ADVICE]))}"] if titles else ())
    words = _result_words(each, result, writer)
    return f"if {words} ({percent(result.chance)}): {'; '.join(said) or NOTHING}"


def _clinical_move(move: CauseMove, writer: _Writer) -> str:
    return f"{writer.cause(move.cause)} {percent(move.before)} -> {percent(move.after)}"
