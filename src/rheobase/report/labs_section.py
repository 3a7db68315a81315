"""Blood tests in a report: results in both unit systems, how they moved, what they mean together and can't say.

``labs_section`` stands in the assessment, on the page for the doctor and below ``rheobase labs read``;
``labs_document`` is a page of its own.
"""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import replace

from rheobase.assess import Assessment
from rheobase.assess.facts import Facts
from rheobase.knowledge import Knowledge
from rheobase.knowledge.model_labs import Pattern
from rheobase.labs.limits import limits_of_results
from rheobase.labs.patterns import read_patterns
from rheobase.labs.ranges import AGE, SEX, context_range
from rheobase.labs.trend import Change
from rheobase.plain_text import in_sentence
from rheobase.report.document import Block, Document, Footnotes, Kind, Paragraph, Picture, Point, Section, Table
from rheobase.report.labs_age import age_points, undated_point
from rheobase.report.labs_trend_chart import Trend, TrendPoint, figure
from rheobase.report.labs_words import (
    STRENGTHS,
    as_reported,
    flag_words,
    in_other_unit,
    needed,
    own_figures,
    range_words,
)

SHOWN_PICTURES, SHOWN_OPEN, SHOWN_LIMITS = 4, 5, 2
TITLE = "Your blood tests read together"


def labs_section(
    facts: Facts, knowledge: Knowledge, notes: Footnotes, *, title: str = TITLE, table: bool = True
) -> Section:
    """Return what the results say; a section without blocks where there is no result.

    Args:
        facts: What is known, with readings and changes.
        knowledge: Patterns, ranges, limits.
        notes: Takes the sources.
        title: Of the section.
        table: Show every result in a table; leave it out where one stands already.
    """
    blocks: list[Block] = [*_table(facts, knowledge)] if table else []
    blocks.extend(undated_point(facts, knowledge))
    blocks.extend(_ranges_by_age(facts, knowledge))
    blocks.extend(_derived(facts, knowledge, notes))
    blocks.extend(_changes(facts, knowledge, notes))
    seen, waiting = read_patterns(knowledge, facts.ever)
    blocks.extend(_pattern(knowledge.patterns[each], facts, knowledge, notes) for each in seen)
    for each in waiting[:SHOWN_OPEN]:
        pattern = knowledge.patterns[each.pattern]
        wants = ", ".join(needed(each.needs, knowledge, facts))
        about = ", ".join(own_figures(pattern, knowledge, facts))
        blocks.append(
            Point(
                f"Still open - {in_sentence(pattern.name)}: it would need {wants}.",
                (f"suggested by: {about}",) if about else (),
            )
        )
    blocks.extend(_limits(facts, knowledge, notes))
    return Section(title, tuple(blocks))


def _limits(facts: Facts, knowledge: Knowledge, notes: Footnotes) -> Iterator[Block]:
    """Yield what the results can't say: the first few plainly, the rest where a screen may fold it."""
    said = [f"{each.text} {notes.cite(each.source)}".rstrip() for each in limits_of_results(knowledge, facts.ever)]
    if said:
        yield Point("What this can't say:", tuple(said[:SHOWN_LIMITS]), more=tuple(said[SHOWN_LIMITS:]))


def _ranges_by_age(facts: Facts, knowledge: Knowledge) -> Iterator[Block]:
    """Yield for which results age and sex would give what is usual: no range is printed, and these are not known."""
    if all(facts.values.get(name) is not None for name in (AGE, SEX)):
        return
    listed = {each.analyte for each in knowledge.lab_ranges.values()}
    names = [
        knowledge.analytes[each.analyte].name
        for each in facts.readings
        if each.analyte in listed and each.result is not None and range_words(each, knowledge, facts) == "-"
    ]
    if names:
        more = f" and {len(names) - SHOWN_OPEN} more" if len(names) > SHOWN_OPEN else ""
        yield Point(
            f"No range is printed; age and sex would show what is usual: {', '.join(names[:SHOWN_OPEN])}{more}."
        )


def labs_document(
    assessment: Assessment, knowledge: Knowledge, *, before: tuple[Section, ...] = (), table: bool = True
) -> Document:
    """Return a page on the results alone: what is urgent about them, then what they say.

    Args:
        assessment: Of the person with these results.
        knowledge: The knowledge that it was judged with.
        before: Sections that stand first, such as what was read from a file.
        table: Show every result in a table; leave it out where one stands already.
    """
    notes = Footnotes(knowledge)
    urgent, read = _urgency(assessment, knowledge, notes), labs_section(assessment.facts, knowledge, notes, table=table)
    if not urgent.blocks:
        read = replace(read, blocks=(*age_points(assessment.facts, knowledge, on=assessment.on), *read.blocks))
    sections = [*before, urgent, read]
    sections = [section for section in sections if section.blocks]
    if notes.cited:
        sections.append(notes.section())
    about = (
        f"Rheobase informs; it does not diagnose. {knowledge.review_note} Knowledge {assessment.knowledge_version}. "
        "The laboratory's own range wins over what is usual. Everything stays on this machine."
    )
    sections.append(Section("About this page", (Paragraph(about),), Kind.ABOUT))
    title = f"Blood tests - {assessment.on:%d %B %Y}".replace(" 0", " ")
    return Document(title, tuple(sections), tuple(notes.cited), on=assessment.on)


def _urgency(assessment: Assessment, knowledge: Knowledge, notes: Footnotes) -> Section:
    fired = assessment.urgency.fired
    if not fired:
        return Section("How urgent", ())
    level = knowledge.levels[assessment.urgency.level]
    blocks: list[Block] = [Paragraph(f"{level.name}. {level.person}", strong=True)]
    blocks.extend(age_points(assessment.facts, knowledge, on=assessment.on))
    for each in fired[:3]:
        rule = knowledge.rules[each.rule]
        blocks.append(Point(f"{rule.title}: {rule.tell_person} {notes.cite(*rule.sources)}"))
    return Section("How urgent", tuple(blocks), Kind.URGENCY, assessment.urgency.level)


def _table(facts: Facts, knowledge: Knowledge) -> Iterator[Block]:
    measured = [reading for reading in facts.readings if reading.result is not None]
    rows = []
    for reading in measured:
        analyte, result = knowledge.analytes[reading.analyte], reading.result
        if result is None:
            continue
        flag = flag_words(reading, knowledge, facts.ever)
        other = in_other_unit(reading, analyte) or "-"
        taken = result.taken.isoformat() if result.taken is not None else "-"
        rows.append((analyte.name, as_reported(result), other, range_words(reading, knowledge, facts), flag, taken))
    if rows:
        header = ("Test", "Result", "Other unit", "Range", "Flag", "Taken")
        dated = any(row[-1] != "-" for row in rows)
        shown = rows if dated else [row[:-1] for row in rows]
        caption = "The newest result of each test; 'usually' where the laboratory printed no range"
        yield Table(caption, header if dated else header[:-1], tuple(shown))


def _derived(facts: Facts, knowledge: Knowledge, notes: Footnotes) -> Iterator[Block]:
    words = []
    for reading in facts.readings:
        if reading.result is None and reading.formula:
            formula = knowledge.formulas[reading.formula]
            words.append(f"{reading.words} {notes.cite(formula.source)}".rstrip())
    if words:
        yield Point("Worked out from them: " + "; ".join(words) + ".")


def _changes(facts: Facts, knowledge: Knowledge, notes: Footnotes) -> Iterator[Block]:
    ordered = sorted(facts.changes, key=lambda change: (change.beyond is not True, -abs(change.share)))
    for change in ordered[:SHOWN_PICTURES]:
        yield Point(_moved(change, knowledge, notes))
        yield _picture(change, facts, knowledge)


def _moved(change: Change, knowledge: Knowledge, notes: Footnotes) -> str:
    analyte = knowledge.analytes[change.analyte]
    before, last = change.results[-2:]
    percent = round(100 * abs(change.share))
    went = f"{'down' if change.share < 0 else 'up'} {percent} %" if percent else "unchanged"
    text = (
        f"{analyte.name}: {figure(before.value)} to {figure(last.value)} {analyte.unit_si or ''}, {went} in "
        f"{change.days} days"
    )
    if change.beyond is None or change.limits is None:
        return f"{text}; how much it varies by itself is not known here."
    fall, rise = round(100 * -change.limits.fall), round(100 * change.limits.rise)
    variation = knowledge.lab_variations[change.analyte]
    said = (
        "more than chance and a healthy body explain"
        if change.beyond
        else "within what chance and a healthy body do by themselves"
    )
    cited = notes.cite(knowledge.formulas["reference_change_value"].source, variation.source)
    return f"{text}: {said} (a fall of {fall} % or a rise of {rise} % would be more) {cited}"


def _picture(change: Change, facts: Facts, knowledge: Knowledge) -> Picture:
    analyte = knowledge.analytes[change.analyte]
    unit = analyte.unit_si or ""
    low, high = _ends(change.analyte, facts, knowledge)
    points = tuple(TrendPoint(each.on, each.value) for each in change.results)
    first, last = points[0], points[-1]
    return Picture(
        title=f"{analyte.name} over time",
        description=(
            f"From {figure(first.value)} on {first.on.isoformat()} to {figure(last.value)} {unit} on "
            f"{last.on.isoformat()}, {len(points)} results."
        ),
        chart=Trend(points, unit, low, high),
        table=Table("The figures", ("Date", unit), tuple((each.on.isoformat(), figure(each.value)) for each in points)),
    )


def _ends(name: str, facts: Facts, knowledge: Knowledge) -> tuple[float | None, float | None]:
    """Return the interval in SI: the laboratory's own of the newest result, else what is usual for such a person."""
    analyte = knowledge.analytes[name]
    result = next((each.result for each in facts.readings if each.analyte == name), None)
    if result is not None and (result.low is not None or result.high is not None):
        factor = {each.unit: each.to_si for each in analyte.units}.get(result.unit or analyte.unit_si or "", 1.0)
        return tuple(None if end is None else end * factor for end in (result.low, result.high))  # type: ignore[return-value]
    usual = context_range(knowledge, name, facts.ever)
    return (None, None) if usual is None else (usual.low, usual.high)


def _pattern(pattern: Pattern, facts: Facts, knowledge: Knowledge, notes: Footnotes) -> Point:
    details = []
    if figures := own_figures(pattern, knowledge, facts):
        details.append(f"your results: {', '.join(figures)}")
    details.append(f"next: {pattern.next_step}")
    more = [f"how much it says: {STRENGTHS[pattern.strength]} (evidence {pattern.grade})"]
    if pattern.also:
        more.append(f"would be seen too: {', '.join(pattern.also)}")
    if pattern.settles:
        more.append(f"what settles it: {pattern.settles}")
    return Point(f"{pattern.name}: {pattern.means} {notes.cite(*pattern.sources)}", tuple(details), more=tuple(more))
