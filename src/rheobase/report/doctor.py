"""The page to hand to a doctor: who, the story, what was asked, what was considered and why, in clinical words.

The person carries this page and reads it too: a feared cause that may fit gets its reasons and no figure.
"""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from dataclasses import dataclass

from rheobase.assess import Assessment
from rheobase.assess.causes import CANT_TELL, FITS_WELL, POSSIBLE, CauseFit, LedgerLine
from rheobase.assess.settle import Settling, what_would_settle
from rheobase.knowledge import Knowledge
from rheobase.person import Person
from rheobase.report.cause_pictures import bands_picture
from rheobase.report.doctor_tests import tests_worth_having
from rheobase.report.doctor_told import finding_blocks, lab_blocks, medicine_blocks, value_words
from rheobase.report.document import Block, Document, Footnotes, Kind, Paragraph, Point, Quote, Section
from rheobase.report.labs_section import labs_section
from rheobase.report.record_words import ledger_words, record_blocks
from rheobase.report.sections import SETTINGS
from rheobase.report.words import BANDS, chance, clinical, percent

AGE, SEX = "age_years", "sex"
SHOWN_CAUSES, SHOWN_FEARED, SHOWN_LINES, SHOWN_RULES = 4, 3, 4, 4
LONGEST_STORY = 12_000
# A weight below this moves the odds by less than a sixth.
LEAST_WEIGHT = 0.15


@dataclass(frozen=True, slots=True)
class _Page:
    person: Person
    assessment: Assessment
    knowledge: Knowledge
    notes: Footnotes


def doctor_document(
    person: Person, assessment: Assessment, knowledge: Knowledge, settlings: tuple[Settling, ...] | None = None
) -> Document:
    """Return the page for the doctor.

    Args:
        person: What was told, as it was told.
        assessment: What was judged of it.
        knowledge: The knowledge that it was judged with.
        settlings: What would settle it; worked out here unless given.
    """
    if settlings is None:
        settlings = what_would_settle(assessment, knowledge)
    notes = Footnotes(knowledge)
    page = _Page(person, assessment, knowledge, notes)
    sections = [
        Section("Who", (Paragraph(_who(page)),)),
        Section("In the person's own words", tuple(_story(person))),
        _urgency(page),
        Section("Asked", tuple(finding_blocks(person, assessment, knowledge))),
        Section("Values told", tuple(_values(page))),
        Section("Food record", tuple(record_blocks(assessment, knowledge))),
        Section("Test results", tuple(lab_blocks(person, assessment, knowledge))),
        labs_section(assessment.facts, knowledge, notes, title="Test results read together", table=False),
        Section("Medicines", tuple(medicine_blocks(person, knowledge))),
        Section("Considered, and why", tuple(_considered(page))),
        Section("Not to be missed, and why it fits less", tuple(_feared(page))),
        Section("Tests worth having", tuple(tests_worth_having(settlings, knowledge, notes))),
        Section("What the person was advised", tuple(_advised(page))),
        Section("Not understood", tuple(Point(each) for each in assessment.not_understood)),
    ]
    sections = [section for section in sections if section.blocks]
    if notes.cited:
        sections.append(notes.section())
    sections.append(_about(page))
    title = f"For your doctor - {assessment.on:%d %B %Y}".replace(" 0", " ")
    return Document(title, tuple(sections), tuple(notes.cited), on=assessment.on, in_brief=True)


def _who(page: _Page) -> str:
    answers = page.person.answers
    age, sex = (answers[each].value if each in answers else None for each in (AGE, SEX))
    who = {"female": "Woman", "male": "Man"}.get(str(sex), "Person, sex not told")
    years = f"{age:g} years" if isinstance(age, float | int) else "age not told"
    return f"{who}, {years}. Base rates: {SETTINGS[page.assessment.setting]}."


def _story(person: Person) -> Iterator[Block]:
    story = person.notes.strip()
    if not story:
        return
    yield Quote(story[:LONGEST_STORY])
    if len(story) > LONGEST_STORY:
        yield Paragraph(f"Cut here: {len(story) - LONGEST_STORY} more characters are in the case file.")


def _urgency(page: _Page) -> Section:
    urgency, knowledge = page.assessment.urgency, page.knowledge
    level = knowledge.levels[urgency.level]
    blocks: list[Block] = [Paragraph(f"{level.name}. {level.clinician or level.person}", strong=True)]
    if urgency.child:
        blocks.append(Paragraph("Under 16 years: warning signs only, causes are not ranked."))
    for fired in urgency.fired[:SHOWN_RULES]:
        rule = knowledge.rules[fired.rule]
        title = f"{rule.title}: " if rule.title else ""
        because = ", ".join(clinical(knowledge, each) for each in fired.because)
        details = (f"because of: {because}",) if because else ()
        said = rule.tell_clinician or rule.tell_person
        blocks.append(Point(f"{title}{said} {page.notes.cite(*rule.sources)}", details))
    if len(urgency.fired) > SHOWN_RULES:
        rest = ", ".join(knowledge.rules[each.rule].title or each.rule for each in urgency.fired[SHOWN_RULES:])
        blocks.append(Point(f"Also noted: {rest}."))
    return Section("How urgent, and why", tuple(blocks), Kind.URGENCY, urgency.level)


def _values(page: _Page) -> Iterator[Block]:
    words = list(value_words(page.person, page.knowledge, leave_out=(AGE, SEX)))
    if words:
        yield Paragraph("; ".join(words) + ".")


def _considered(page: _Page) -> Iterator[Block]:
    causes = page.knowledge.causes
    fitting = [fit for fit in page.assessment.causes if fit.band in (FITS_WELL, POSSIBLE) and fit.ledger]
    # A feared cause that can't be told, or that others crowd out, is what the doctor must not be left to guess.
    open_still = [
        fit
        for fit in page.assessment.causes
        if causes[fit.cause].feared and fit.ledger and _is_open(fit) and fit not in fitting[:SHOWN_CAUSES]
    ]
    # It is never the first that the person reads.
    shown = sorted([*fitting[:SHOWN_CAUSES], *open_still], key=lambda fit: causes[fit.cause].feared)
    drawn = [fit for fit in shown if not causes[fit.cause].feared]
    if drawn:
        yield bands_picture(drawn, page.knowledge, clinical_names=True)
    yield from (_cause(fit, page, figure=not causes[fit.cause].feared) for fit in shown)
    if not shown and not page.assessment.urgency.child:
        yield Paragraph("No single cause stands out from what is known so far.")


def _is_open(fit: CauseFit) -> bool:
    """Whether a cause may be so: it fits, or what is known raises it and can't tell."""
    return fit.band in (FITS_WELL, POSSIBLE) or (fit.band == CANT_TELL and fit.raised)


def _cause(fit: CauseFit, page: _Page, *, figure: bool) -> Point:
    cause = page.knowledge.causes[fit.cause]
    text = (
        f"{BANDS[fit.band]}, {chance(fit.posterior)} (range {percent(fit.low)} to {percent(fit.high)}, base rate "
        f"{percent(fit.prior)})"
        if figure
        else "to be told apart by examination and tests; no figure is put on it here"
    )
    details = list(_reasons(fit, page))
    return Point(f"{cause.clinical_name}: {text} {page.notes.cite(*cause.sources[:1])}", tuple(details), strong=True)


def _reasons(fit: CauseFit, page: _Page) -> Iterator[str]:
    for head, lines in (("for", fit.speaks_for), ("against", fit.speaks_against)):
        telling = [line for line in lines if abs(line.weight) >= LEAST_WEIGHT]
        if telling:
            more = f", and {len(telling) - SHOWN_LINES} more" if len(telling) > SHOWN_LINES else ""
            yield f"{head}: " + ", ".join(_weighed(telling[:SHOWN_LINES], page)) + more


def _weighed(lines: Iterable[LedgerLine], page: _Page) -> Iterator[str]:
    for line in lines:
        yield f"{ledger_words(line, page.knowledge, for_clinician=True)} {line.weight:+.1f} {line.grade}"


def _feared(page: _Page) -> Iterator[Block]:
    """Yield the feared causes that the answers speak against, those first that have most for them."""
    causes = page.knowledge.causes
    unlikely = [
        fit
        for fit in page.assessment.causes
        if causes[fit.cause].feared and fit.band not in (FITS_WELL, POSSIBLE, CANT_TELL) and fit.speaks_against
    ]
    unlikely.sort(key=lambda fit: -sum(line.weight for line in fit.speaks_for))
    for fit in unlikely[:SHOWN_FEARED]:
        yield Point(
            f"{causes[fit.cause].clinical_name}: {chance(fit.posterior)}", tuple(_reasons(fit, page)), strong=True
        )


def _advised(page: _Page) -> Iterator[Block]:
    advice = page.knowledge.advice
    titles = [advice[each.advice].title or advice[each.advice].text for each in page.assessment.advice]
    if titles:
        yield Paragraph("; ".join(each.rstrip(".") for each in titles) + ".")
    for each in page.assessment.withheld:
        item = advice[each.advice]
        if each.why:
            reasons = ", ".join(clinical(page.knowledge, name) for name in each.because)
            yield Point(f"Withheld: {item.title or item.text} ({' '.join(each.why) or reasons})")


def _about(page: _Page) -> Section:
    text = (
        f"Made by Rheobase, which informs and does not diagnose. {page.knowledge.review_note} "
        f"Knowledge {page.assessment.knowledge_version}. Weights are natural logarithms of likelihood ratios with the "
        "grade of their evidence (A read in the source, B cited from memory, C estimate); several causes can act "
        "together."
    )
    return Section("About this page", (Paragraph(text),), Kind.ABOUT)
