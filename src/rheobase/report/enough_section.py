"""Is it enough? Usual intake from the recorded days, with its doubt, against what this person needs."""

from __future__ import annotations

from collections.abc import Iterator, Mapping

from rheobase.diet.span import Span
from rheobase.diet.summary import Summary
from rheobase.intake.adequacy import Adequacy, Verdict
from rheobase.intake.life_stage import Who
from rheobase.intake.recorded_days import judged_days
from rheobase.intake.usual import days_to_leave
from rheobase.knowledge import Knowledge
from rheobase.knowledge.model_intake import Reference
from rheobase.report.document import Footnotes, Paragraph, Point, Section
from rheobase.report.figures import figure
from rheobase.report.intake_pictures import SHOWN_INTERVAL, amount_unit, intakes_picture, nutrient_name
from rheobase.report.words import chance

HALF, MANY_DAYS = 0.5, 60
# A probability above a limit is worth a word from here on.
LEAST_ABOVE = 0.05
# A person of known age and sex may be in so many life stages (pregnant or breast-feeding or not); more is no answer.
MOST_STAGES = 4
TITLE = "Is it enough?"
TOTALS = (
    "These days are a tracker's totals, which take foods without a figure as if they held nothing: more may have been "
    "eaten, of minerals above all, and too little is then less likely than it says here. An export of single foods "
    "(Cronometer: servings.csv) tells more."
)
CHILD = (
    "For a child these figures are no verdict: needs grow with the child, and what it should eat is for a doctor or a "
    "dietitian who sees it. Change nothing on the strength of this page."
)


def judged(summary: Summary, who: Who, knowledge: Knowledge) -> dict[str, Adequacy]:
    """Return the judgement of each nutrient by its column.

    Args:
        summary: The diet, summed.
        who: Whose intake it is.
        knowledge: Reference intakes and how intake varies.
    """
    return judged_days(summary, who, knowledge.intake)


def enough_section(found: Mapping[str, Adequacy], notes: Footnotes, summary: Summary, *, full: bool = True) -> Section:
    """Return what the recorded days say of each nutrient.

    Args:
        found: As ``judged`` returns it.
        notes: Where its sources are numbered.
        summary: The diet, summed: for the recorded means in the picture.
        full: Say in words too what is needed; short, the picture says it.
    """
    if any(len(each.stages) > MOST_STAGES for each in found.values()):
        ask = "What is enough depends on who it is: give --case ME.yaml, or --age and --sex."
        return Section(TITLE, (Paragraph(ask),))
    points = []
    for column, each in found.items():
        over = _supplements_over(each, summary.means[column].supplements)
        if summary.means[column].food is None:
            points.append(Point(f"{nutrient_name(each.nutrient)}: what was eaten of it is not known.", over))
        else:
            points.append(Point(_said(each, notes), (*over, *_details(each, full=full, over=bool(over)))))
    closing = Paragraph(
        "A few days tell little about usual intake: the range holds four times in five. Intake below a requirement is "
        "not a lack in the blood; a blood test tells that. Where a day neither lists supplements nor is called "
        "complete, they may have been taken: the lower chance allows for it. Where a supplement stands on some days "
        "only, the higher chance is without it."
    )
    totals = (Paragraph(TOTALS),) if summary.coverage.from_totals else ()
    child = (Paragraph(CHILD),) if _is_child(found, notes) else ()
    return Section(TITLE, (*child, intakes_picture(found, summary), *points, *totals, closing))


def _is_child(found: Mapping[str, Adequacy], notes: Footnotes) -> bool:
    """Return whether every life stage that may fit ends before the age from which plans are made."""
    least = notes.knowledge.intake.value("menu.least_age")
    ends = [stage.reference.age_max for each in found.values() for stage in each.stages]
    return bool(ends) and all(end is not None and end <= least for end in ends)


def _supplements_over(each: Adequacy, taken: Span | None) -> tuple[str, ...]:
    """Return that what is known of supplements is above an upper level by itself, whatever else is not known."""
    limits = [stage.reference.ul for stage in each.stages if stage.reference.ul is not None]
    if taken is None or not limits or taken.low <= min(limits):
        return ()
    unit = amount_unit(each)
    words = (
        f"supplements alone give at least {figure(taken.low)} {unit} a day, above the upper level of "
        f"{figure(min(limits))} {unit}: ask a pharmacist or a doctor about this dose"
    )
    return (words,)


def _said(each: Adequacy, notes: Footnotes) -> str:
    usual, unit = each.usual(SHOWN_INTERVAL), amount_unit(each)
    marks = notes.cite(*(stage.reference.source for stage in each.stages))
    if usual is None:
        return f"{nutrient_name(each.nutrient)}: can't be judged from what is known. {marks}"
    amounts = f"about {figure(usual.value)} {unit} a day from food ({figure(usual.low)} to {figure(usual.high)})"
    # Without a whole day the group speaks, and the person must not take its figure for their own.
    words = f"{nutrient_name(each.nutrient)}: usually {amounts}"
    if not each.whole_days:
        words = f"{nutrient_name(each.nutrient)}: no day is wholly known, so mostly as others eat: {amounts}"
    return f"{words}. {_verdict(each)} {marks}"


def _verdict(each: Adequacy) -> str:
    if each.inadequate is not None:
        low, high = (chance(end) for end in each.inadequate)
        if low != high and each.supplement is None:
            return f"Too little for this person: {high}, less if supplements were taken."
        return f"Too little for this person: {low if low == high else f'between {low} and {high}'}."
    if each.verdict is Verdict.UNLIKELY_INADEQUATE:
        return "Above the adequate intake, so too little is unlikely."
    return "Only an adequate intake is set: below it nothing can be said, it may well be enough."


def _details(each: Adequacy, *, full: bool, over: bool) -> Iterator[str]:
    unit = amount_unit(each)
    if full:
        stages: dict[str, list[str]] = {}
        for stage in each.stages:
            stages.setdefault(_needs(stage.reference, unit), []).append(stage.reference.life_stage)
        yield "needs: " + "; ".join(f"{words} ({', '.join(dict.fromkeys(who))})" for words, who in stages.items())
    above = [stage.above_ul for stage in each.stages if stage.above_ul is not None]
    if above and max(above) >= LEAST_ABOVE and not over:
        scope = " from supplements" if any(s.reference.ul_scope == "supplements" for s in each.stages) else ""
        yield f"above the upper level{scope}: {chance(max(above))}"
    risk = [stage.above_cdrr for stage in each.stages if stage.above_cdrr is not None]
    if risk and max(risk) >= LEAST_ABOVE:
        yield f"more than is good for blood pressure: {chance(max(risk))}"
    if each.part_days:
        days = each.whole_days + each.part_days
        yield (
            f"{each.part_days} of {days} days {'is' if each.part_days == 1 else 'are'} known in part: what is known of "
            f"{'it' if each.part_days == 1 else 'them'} counts as the least that was eaten"
        )
    norms = [stage.usual.norm for stage in each.stages if stage.usual is not None]
    if norms:
        more = max(days_to_leave(HALF, each.whole_days, norm) for norm in norms)
        if 0 < more <= MANY_DAYS:
            yield f"{more} more whole {'day' if more == 1 else 'days'} would halve the doubt"


def _needs(reference: Reference, unit: str) -> str:
    parts = []
    if reference.ear is not None:
        parts.append(f"half of people need less than {figure(reference.ear)} {unit}")
    if reference.rda is not None:
        parts.append(f"enough for nearly all {figure(reference.rda)} {unit}")
    if reference.ai is not None:
        parts.append(f"adequate intake {figure(reference.ai)} {unit}")
    return ", ".join(parts) or "nothing is set"


def enough_json(found: Mapping[str, Adequacy]) -> dict[str, object]:
    """Return the judgements as plain data."""
    rows: dict[str, object] = {}
    for column, each in found.items():
        usual = each.usual(SHOWN_INTERVAL)
        rows[column] = {
            "nutrient": each.nutrient,
            "unit": each.unit,
            "usual": None if usual is None else {"low": usual.low, "middle": usual.value, "high": usual.high},
            "inadequate": None if each.inadequate is None else list(each.inadequate),
            "verdict": each.verdict.value,
            "whole_days": each.whole_days,
            "part_days": each.part_days,
            "stages": [
                {
                    "life_stage": stage.reference.life_stage,
                    "ear": stage.reference.ear,
                    "rda": stage.reference.rda,
                    "ai": stage.reference.ai,
                    "ul": stage.reference.ul,
                    "above_ul": stage.above_ul,
                    "above_cdrr": stage.above_cdrr,
                }
                for stage in each.stages
            ],
        }
    return rows
