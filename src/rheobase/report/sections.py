"""The sections of an assessment, in the order in which a person needs them."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass, replace
from enum import StrEnum

from rheobase.assess import Assessment
from rheobase.assess.assessment import Together
from rheobase.assess.causes import CANT_TELL, FITS_WELL, POSSIBLE, CauseFit, LedgerLine, logit
from rheobase.assess.settle import Settling, what_would_settle
from rheobase.assess.urgency import INSUFFICIENT, ROUTINE, SELF_CARE
from rheobase.knowledge import Knowledge
from rheobase.report.advice_section import advice_sections
from rheobase.report.cause_pictures import bands_picture, ledger_picture
from rheobase.report.document import Block, Document, Footnotes, Kind, Paragraph, Point, Section
from rheobase.report.labs_age import age_points
from rheobase.report.labs_section import labs_section
from rheobase.report.nerve_section import nerve_section
from rheobase.report.record_words import ledger_words
from rheobase.report.settle_section import settle_section
from rheobase.report.words import BANDS, answer, chance, clinical, label, percent

SHOWN_NEAR, SHOWN_PAIRS, SHOWN_CAUSES, SHOWN_LINES, SHOWN_QUESTIONS, SHOWN_RULES = 2, 1, 5, 4, 6, 3
# A weight below this moves the odds by less than a sixth; it is in the JSON, not in the text.
LEAST_WEIGHT = 0.15
# A merely possible cause is listed when the answers have raised it by a fifth over its base rate.
LEAST_RISE = 1.2
BENIGN, FEARED_MOST, WORRIED = "benign", "als_mnd", "worry_about_serious_illness"
DISTRESS = (WORRIED, "low_mood")
SETTINGS = {
    "home": "people asking at home",
    "primary_care": "people seen by a family doctor",
    "specialist": "people seen in a specialist clinic",
    "hospital": "people seen in hospital",
}


class Audience(StrEnum):
    """Who reads it; the facts are the same, the words differ."""

    PERSON = "person"
    CLINICIAN = "clinician"


def _next_step(page: _Page) -> str:
    """Return the one thing to do next: where to go while it matters, else the advice that fits best."""
    urgency, knowledge = page.assessment.urgency, page.knowledge
    level = knowledge.levels[urgency.level]
    if urgency.level not in (ROUTINE, SELF_CARE):
        return f"{level.see}; {level.within}."
    offered = [each for each in page.assessment.advice if knowledge.advice[each.advice].title and each.for_causes]
    if not offered:
        return f"{level.see}; {level.within}."
    return f"{knowledge.advice[offered[0].advice].title.lower()} (see 'What to do')."


@dataclass(frozen=True, slots=True)
class _Page:
    """What every section needs."""

    assessment: Assessment
    knowledge: Knowledge
    notes: Footnotes
    audience: Audience
    region: str | None

    @property
    def for_clinician(self) -> bool:
        return self.audience is Audience.CLINICIAN

    def name(self, finding: str) -> str:
        """Return a finding's name in the reader's words."""
        return (clinical if self.for_clinician else label)(self.knowledge, finding)


def assessment_document(
    assessment: Assessment,
    knowledge: Knowledge,
    *,
    audience: Audience = Audience.PERSON,
    region: str | None = None,
    settlings: tuple[Settling, ...] | None = None,
) -> Document:
    """Return the whole report of one assessment.

    Args:
        assessment: What was judged.
        knowledge: The knowledge that it was judged with.
        audience: For the person or for the clinician.
        region: Two-letter code for the emergency number.
        settlings: What would settle it; worked out here unless given.
    """
    page = _Page(assessment, knowledge, Footnotes(knowledge), audience, region)
    notes = page.notes
    if settlings is None:
        settlings = what_would_settle(assessment, knowledge)
    sections = [
        _urgency(page),
        *_causes(page),
        labs_section(assessment.facts, knowledge, notes),
        *_why_not(page),
        *_missing(page, settled=bool(settlings)),
        _aside(settle_section(assessment, knowledge, settlings, notes, for_clinician=page.for_clinician)),
        *advice_sections(assessment, knowledge, notes),
        nerve_section(assessment, notes),
        *_comfort(page),
        *_understood(page),
    ]
    sections = [section for section in sections if section.blocks]
    if notes.cited:
        sections.append(_aside(notes.section()))
    sections.append(_about(page))
    title = f"Rheobase - {assessment.on:%d %B %Y}".replace(" 0", " ")
    sources = tuple(notes.cited)
    return Document(title, tuple(sections), sources, on=assessment.on, in_brief=audience is Audience.PERSON)


def _aside(section: Section) -> Section:
    return replace(section, aside=True)


def _urgency(page: _Page) -> Section:
    urgency, knowledge, notes = page.assessment.urgency, page.knowledge, page.notes
    level, for_clinician = knowledge.levels[urgency.level], page.for_clinician
    blocks: list[Block] = [
        Paragraph(f"{level.name}. {level.clinician if for_clinician else level.person}", strong=True)
    ]
    blocks.append(Paragraph(f"Next step: {_next_step(page)}"))
    if urgency.level == "emergency":
        where = knowledge.regions.get(page.region or "") or knowledge.regions["default"]
        blocks.append(Paragraph(f"Emergency number: {where.emergency} ({where.name})."))
    if urgency.child:
        blocks.append(
            Paragraph("Under 16 years Rheobase checks for warning signs only; let a clinician see the child.")
        )
    if urgency.level == INSUFFICIENT:
        blocks.append(Paragraph("Too little is known to say. Answer the questions under 'What is missing' first."))
    blocks.extend(age_points(page.assessment.facts, knowledge, on=page.assessment.on))
    for fired in urgency.fired[:SHOWN_RULES]:
        rule = knowledge.rules[fired.rule]
        words = (rule.tell_clinician or rule.tell_person) if for_clinician else rule.tell_person
        name = f"{rule.title}: " if rule.title else ""
        because = ", ".join(label(knowledge, each) for each in fired.because)
        details = (f"because of: {because}",) if because else ()
        blocks.append(Point(f"{name}{words} {notes.cite(*rule.sources)}", details))
    if len(urgency.fired) > SHOWN_RULES:
        rest = ", ".join(knowledge.rules[each.rule].title or each.rule for each in urgency.fired[SHOWN_RULES:])
        blocks.append(Point(f"Also noted: {rest}."))
    for reassuring in urgency.reassured_by[:1]:
        if urgency.level in (SELF_CARE, ROUTINE):
            rule = knowledge.rules[reassuring]
            blocks.append(Point(f"{rule.tell_person} {notes.cite(*rule.sources)}"))
    return Section("How urgent", tuple(blocks), Kind.URGENCY, urgency.level)


def _in_order(fits: tuple[CauseFit, ...], page: _Page) -> list[CauseFit]:
    """For a clinician by probability. For a person what the answers point to comes first, a feared cause never."""
    if page.for_clinician:
        return list(fits)

    def key(fit: CauseFit) -> tuple[bool, bool, float]:
        # Among the merely possible, a common cause that was not asked about must not hide what was told.
        fits_well = fit.band == FITS_WELL
        telling = fit.posterior if fits_well else logit(fit.posterior) - logit(fit.prior)
        return (not fits_well, page.knowledge.causes[fit.cause].feared, -telling)

    return sorted(fits, key=key)


def _causes(page: _Page) -> Iterator[Section]:
    assessment, knowledge = page.assessment, page.knowledge
    if assessment.urgency.child:
        return
    fitting = tuple(fit for fit in assessment.causes if _raised(fit))[:SHOWN_CAUSES]
    if page.for_clinician:
        fitting += tuple(fit for fit in assessment.causes if _untold(fit, knowledge) and fit not in fitting)
    ordered = _in_order(fitting, page)
    blocks: list[Block] = [*_cause_pictures(ordered, page), *(_cause(fit, page) for fit in ordered)]
    if fitting:
        note = "Several causes can act together, so the chances do not add up to 100 %."
    else:
        note = "No single cause stands out from what is known so far."
    blocks.append(Paragraph(note))
    for pair in _worth_saying(page)[:SHOWN_PAIRS]:
        one, other = knowledge.causes[pair.cause].plain_name, knowledge.causes[pair.through].plain_name
        blocks.append(Point(f"Together: {one.lower()} can act through {other.lower()}."))
    yield Section("What fits", tuple(blocks))
    adding = tuple(fit for fit in assessment.contributors if fit.band in (FITS_WELL, POSSIBLE) and fit.speaks_for)
    yield Section(
        "What may be adding to it",
        tuple(_cause(fit, page) for fit in adding[:3]),
    )


def _cause_pictures(ordered: list[CauseFit], page: _Page) -> Iterator[Block]:
    """Yield where the causes stand; for a clinician also how the one that rose most was reckoned."""
    knowledge = page.knowledge
    shown = [fit for fit in ordered if page.for_clinician or not knowledge.causes[fit.cause].feared]
    if shown:
        yield bands_picture(shown, knowledge, clinical_names=page.for_clinician)
    if page.for_clinician and ordered:
        risen = max(ordered, key=lambda fit: logit(fit.posterior) - logit(fit.prior))
        yield ledger_picture(risen, knowledge)


def _raised(fit: CauseFit) -> bool:
    """Whether a cause fits well, or is possible by more than its base rate."""
    return fit.band == FITS_WELL or (fit.band == POSSIBLE and fit.posterior > fit.prior * LEAST_RISE)


def _untold(fit: CauseFit, knowledge: Knowledge) -> bool:
    """Whether a cause not to be missed is raised, but can't be told: a clinician must not be left to guess it."""
    return knowledge.causes[fit.cause].feared and fit.band == CANT_TELL and fit.raised and bool(fit.ledger)


def _worth_saying(page: _Page) -> list[Together]:
    """Return the pairs that teach something: that stress makes ordinary twitches needs no line of its own."""
    causes = page.knowledge.causes
    return [pair for pair in page.assessment.together if causes[pair.through].group != BENIGN]


def _cause(fit: CauseFit, page: _Page) -> Point:
    assessment, knowledge, notes = page.assessment, page.knowledge, page.notes
    cause = knowledge.causes[fit.cause]
    name = cause.clinical_name if page.for_clinician else cause.plain_name
    who = SETTINGS[assessment.setting]
    if cause.feared and not page.for_clinician:
        # What a person tells can't settle these; a number would frighten and say more than is known.
        text = (
            f"{name}: to be told apart by an examination. What you told us can't settle it ({chance(fit.prior)} of "
            f"{who} before your answers); no figure is put on it here"
        )
    else:
        text = (
            f"{name}: {BANDS[fit.band]} - {chance(fit.posterior)} (range {percent(fit.low)} to {percent(fit.high)}; "
            f"{chance(fit.prior)} of {who} before your answers)"
        )
    details = []
    more = [cause.mechanism + " " + notes.cite(*cause.sources[:2])] if not page.for_clinician else []
    if fit.speaks_for:
        details.append("for: " + _lines(fit.speaks_for, page))
    if fit.speaks_against:
        details.append("against: " + _lines(fit.speaks_against, page))
    open_for = {"person", "exam", "test", "lab"} if page.for_clinician else {"person"}
    unknown = [page.name(x.finding) for x in fit.unknown if knowledge.findings[x.finding].kind in open_for]
    if unknown:
        more.append("not known: " + ", ".join(unknown[:SHOWN_LINES]))
    return Point(text, tuple(details), strong=True, more=tuple(more))


def _lines(lines: tuple[LedgerLine, ...], page: _Page) -> str:
    telling = [line for line in lines if abs(line.weight) >= LEAST_WEIGHT] or list(lines[:1])
    shown = []
    for line in telling[:SHOWN_LINES]:
        words = ledger_words(line, page.knowledge, for_clinician=page.for_clinician)
        weight = f" {line.weight:+.1f} {line.grade}" if page.for_clinician else ""
        shown.append(f"{words}{weight} {page.notes.cite(*line.sources)}".rstrip())
    more = len(telling) - len(shown)
    return ", ".join(shown) + (f", and {more} more" if more > 0 else "")


def _why_not(page: _Page) -> Iterator[Section]:
    """Say why the feared causes and the near misses do not fit; nothing is said where that can't be told."""
    assessment, knowledge, notes = page.assessment, page.knowledge, page.notes
    blocks: list[Block] = []
    unlikely = [fit for fit in assessment.causes if fit.band not in (FITS_WELL, POSSIBLE, CANT_TELL)]
    worried = assessment.facts.values.get(WORRIED) is True
    told = [fit for fit in unlikely if fit.cause == FEARED_MOST and fit.speaks_against and worried]
    near = [fit for fit in unlikely if fit.near_miss and fit not in told]
    for fit in [*told, *near[:SHOWN_NEAR]]:
        cause = knowledge.causes[fit.cause]
        details = []
        if fit.speaks_for:
            details.append("for: " + _lines(fit.speaks_for, page))
        if fit.speaks_against:
            details.append("against: " + _lines(fit.speaks_against, page))
        if cause.reassurance and assessment.urgency.level in (ROUTINE, SELF_CARE):
            details.append(f"{cause.reassurance} {notes.cite(*cause.reassurance_sources)}")
        text = f"{cause.plain_name}: {chance(fit.posterior)}"
        # What the person fears is answered at once; the reasons against the others may be folded.
        at_once = page.for_clinician or fit in told
        blocks.append(Point(text, tuple(details)) if at_once else Point(text, more=tuple(details)))
    yield Section("What fits less, and why", tuple(blocks))


def _missing(page: _Page, *, settled: bool) -> Iterator[Section]:
    """Say what would make it more urgent; what would tell most about the cause too, unless its own section does."""
    assessment, knowledge = page.assessment, page.knowledge
    blocks: list[Block] = []
    urgent: dict[str, str] = {}
    for each in assessment.urgency.could_fire:
        finding = knowledge.findings.get(each.finding)
        if finding is not None and finding.kind == "person" and finding.type == "yes_no":
            urgent.setdefault(each.finding, each.urgency)
    by_level: dict[str, list[str]] = {}
    for name, level in urgent.items():
        by_level.setdefault(level, []).append(page.name(name))
    for level, found in list(by_level.items())[:3]:
        more = f", and {len(found) - SHOWN_QUESTIONS} more" if len(found) > SHOWN_QUESTIONS else ""
        name = knowledge.levels[level].name.lower()
        blocks.append(
            Point(f"Would make it more urgent ({name}), if present: {', '.join(found[:SHOWN_QUESTIONS])}{more}.")
        )
    wanted = [each.finding for each in assessment.missing if each.finding not in urgent]
    asks = [page.name(f) for f in wanted if knowledge.findings[f].kind == "person"][:SHOWN_QUESTIONS]
    if asks and not settled:
        blocks.append(Point(f"Would tell most about the cause: {', '.join(asks)}."))
    yield Section("What is missing", tuple(blocks))


def _comfort(page: _Page) -> Iterator[Section]:
    """Say where to turn when distress shows; the line of the person's region, or a doctor."""
    values = page.assessment.facts.values
    if page.for_clinician or not any(values.get(name) is True for name in DISTRESS):
        return
    region = page.knowledge.regions.get(page.region or "")
    line = f" To talk to someone at any hour: {region.distress}." if region is not None and region.distress else ""
    words = (
        "Worry about a twitch can be harder than the twitch. Tell your doctor about the worry too; it can be treated."
    )
    yield Section("If the worry is too much", (Paragraph(words + line),))


def _understood(page: _Page) -> Iterator[Section]:
    assessment, knowledge = page.assessment, page.knowledge
    blocks: list[Block] = [Point(f"Not understood, and not used: {each}.") for each in assessment.not_understood]
    blocks.extend(Point(note) for note in assessment.facts.notes)
    values = assessment.facts.values
    measured = () if assessment.facts.diet is None else [each.row.id for each in assessment.facts.diet.numbers]
    derived = [
        f"{answer(knowledge, name, values[name])} ({origin})"
        for name, origin in sorted(assessment.facts.origins.items())
        if name in knowledge.findings and (values.get(name) is True or name in measured)
    ]
    if derived:
        blocks.append(Point(f"Taken from what you told: {'; '.join(derived[:8])}."))
    yield Section("How your answers were read", tuple(blocks))


def _about(page: _Page) -> Section:
    assessment, knowledge = page.assessment, page.knowledge
    text = (
        f"Rheobase informs; it does not diagnose. {knowledge.review_note} Knowledge {assessment.knowledge_version}; "
        f"base rates for {SETTINGS[assessment.setting]}. Everything stays on this machine."
    )
    return Section("About this report", (Paragraph(text),), Kind.ABOUT)
