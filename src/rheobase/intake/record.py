"""What a record of days says about too little of a nutrient: by how much it multiplies the odds.

The record is compared with knowing nothing but the person's age and sex: the same norms, no days. Odds after, divided
by odds before, are the likelihood ratio of the record; a record that tells nothing has the ratio 1, whatever the group.
"""

from __future__ import annotations

import math
from collections.abc import Sequence

from rheobase.diet.summary import Summary
from rheobase.diet.sums import ENERGY, DaySums
from rheobase.intake.adequacy import Stage, judge, probability_above
from rheobase.intake.life_stage import Who
from rheobase.intake.record_facts import (
    ADEQUATE_INTAKE,
    LIMIT,
    REQUIREMENT,
    Measured,
    Record,
    Supplements,
    Three,
    only_against,
)
from rheobase.intake.recorded_days import dose_of, least_dose_of, recorded_day, supplements_told, used_days
from rheobase.intake.usual import Day
from rheobase.knowledge.model_intake import IntakeEvidence, IntakeFacts, IntakeNumber, Norm, Reference

APART, DRINKS, BEVERAGES = "apart", "drinks", "Beverages"
# Nearer to 0 or 1 a probability is an artefact of the grid; the cap on the odds lies far inside.
_TINY = 1e-9

# Probability of too little at each life stage that may be the person's.
Chances = tuple[float, ...]


def record_of(row: IntakeEvidence, summary: Summary, who: Who, intake: IntakeFacts) -> Record | None:
    """Return what the recorded days say of one nutrient; None where nothing is recorded or can be judged.

    Args:
        row: What to ask of the record.
        summary: The diet, summed over the row's column at least.
        who: Whose diet it is; without an age nothing can be judged.
        intake: Reference values, norms and caps.

    Raises:
        DataRefusedError: A day is beyond all reason.
    """
    days = used_days(summary)
    known = [day for day in days if day.sums[row.column].food is not None]
    stages = () if who.age is None else judge(row.nutrient, (), who, intake, supplement=0.0).stages
    before = _chances(row, stages, 0.0)
    if not known or not before:
        return None
    counted = row.supplements != APART
    told = supplements_told(days, row.column) if counted else Supplements.TOLD
    dose = dose_of(summary, row.column) if counted else 0.0

    least = least_dose_of(summary, row.column) if counted else 0.0

    def chances(end: str, dose: float = dose) -> Chances:
        totals = [_day(day, row.column, intake, end) for day in days]
        return _chances(row, judge(row.nutrient, totals, who, intake, supplement=dose).stages, dose)

    best = chances("best")
    exact = all(span is None or span.low == span.high for day in days for span in (day.sums[row.column].food,))
    # Smaller portions than the best estimate mean less of the nutrient, and so the highest chance.
    after = (best, best, best) if exact and least == dose else (chances("high"), best, chances("low", least))
    share = row.share if told is Supplements.UNTOLD and row.share is not None else 0.0
    whole_from = intake.value("adequacy.whole_day")
    whole = sum(_day(day, row.column, intake).known_share >= whole_from for day in known)
    unheard = told is Supplements.UNCLEAR or (told is Supplements.UNTOLD and row.share is None)
    odds = _odds(row, before, after, share=share)
    if unheard:
        odds = only_against(odds, intake)
    elif len(known) < row.least_days:
        odds = Three(min(odds.low, 1.0), min(odds.best, 1.0), odds.high)
    return Record(
        row=row,
        # Where a supplement may have been taken unsaid, the chance may be anything below.
        chance=Three(0.0 if share or unheard else min(after[0]), _middle(best) * (1 - share), max(after[2])),
        before=(min(before), max(before)),
        odds=_capped(odds, intake),
        whole_days=whole,
        part_days=len(known) - whole,
        supplements=told,
        sources=_sources(row, [stage.reference for stage in stages], [s.usual.norm for s in stages if s.usual]),
        grade=max(row.grade, intake.fact("evidence.most_odds").grade),
    )


def measured(row: IntakeNumber, summary: Summary, intake: IntakeFacts) -> Measured | None:
    """Return an amount that enough whole days measure, None where they do not.

    A day counts where nearly all of it is known for this column; of drinks, where every drink is.
    """
    days = used_days(summary)
    if row.of == DRINKS:
        amounts = [_drunk(day, row.column) for day in days]
    else:
        amounts = [_taken_in(day, row.column, intake) for day in days]
    known = [each for each in amounts if each is not None]
    if len(known) < row.least_days:
        return None
    # To three figures: portions are not known better.
    return Measured(row, float(f"{math.fsum(known) / len(known) * row.times:.3g}"), len(known))


def _day(day: DaySums, column: str, intake: IntakeFacts, end: str = "best") -> Day:
    """Return one nutrient of one day; of a day that may be a part of one only, as a lower bound."""
    found = recorded_day(day.sums[column], end)
    energy = day.sums[ENERGY].food
    unsaid = day.reading.day.complete is None
    if unsaid and (energy is None or energy.best < intake.value("evidence.least_energy")):
        return Day(found.amount, 0.0)
    return found


def _taken_in(day: DaySums, column: str, intake: IntakeFacts) -> float | None:
    total, known = day.sums[column], _day(day, column, intake)
    if known.amount is None or total.supplements_unknown or known.known_share < intake.value("adequacy.whole_day"):
        return None
    return known.amount + (0.0 if total.supplements is None else total.supplements.best)


def _drunk(day: DaySums, column: str) -> float | None:
    """Return what the drinks of a day hold; None where there is none, or one of them is not known."""
    listed = set(map(id, day.reading.day.drinks))
    drinks = [
        each
        for each in day.reading.foods
        if id(each.eaten) in listed or (each.food is not None and each.food.group == BEVERAGES)
    ]
    amounts = [each.amount_of(column) for each in drinks]
    known = [each.best for each in amounts if each is not None]
    return math.fsum(known) if known and len(known) == len(amounts) else None


def _chances(row: IntakeEvidence, stages: Sequence[Stage], dose: float) -> Chances:
    """Return the probability of too little at each life stage of which it can be said, in order."""
    chances = (_too_little(row, stage, dose) for stage in stages)
    return tuple(each for each in chances if each is not None)


def _too_little(row: IntakeEvidence, stage: Stage, dose: float) -> float | None:
    if stage.usual is None:
        return None
    if row.says == REQUIREMENT:
        return None if stage.inadequate is None else stage.inadequate[1]
    limit = row.limit if row.says == LIMIT else stage.reference.ai
    return None if limit is None else 1 - probability_above(stage.usual, limit, dose)


def _odds(row: IntakeEvidence, before: Chances, after: tuple[Chances, Chances, Chances], *, share: float) -> Three:
    """Return by how much the odds rose, over life stages, portions, and how many take a supplement unsaid."""
    shares = (0.0, share, 1.0) if share else (0.0,)
    ends = [
        _ratio(row, now, prior, taking)
        for chances in after
        for taking in shares
        for now, prior in zip(chances, before, strict=True)
    ]
    best = [_ratio(row, now, prior, share) for now, prior in zip(after[1], before, strict=True)]
    middle = math.sqrt(min(best) * max(best))
    return Three(min(*ends, middle), middle, max(*ends, middle))


def _ratio(row: IntakeEvidence, now: float, before: float, share: float) -> float:
    """Return the likelihood ratio of the record for too little, where a share of people is covered by a supplement."""
    if now == before:
        return 1.0
    now, before = (min(max(each, _TINY), 1 - _TINY) for each in (now, before))
    if row.says == ADEQUATE_INTAKE:
        # Whoever has too little is below the AI; of those with enough, at least all who are above it are above it.
        below = now * (1 - before) / ((1 - now) * before)
        return min(1.0, below / (1 - before + before * below))
    if share >= 1:
        return now / before
    now, before = now * (1 - share), before * (1 - share)
    return now * (1 - before) / ((1 - now) * before)


def _capped(odds: Three, intake: IntakeFacts) -> Three:
    most = intake.value("evidence.most_odds")
    return Three(*(min(max(each, 1 / most), most) for each in odds))


def _middle(chances: Sequence[float]) -> float:
    return (min(chances) + max(chances)) / 2


def _sources(row: IntakeEvidence, references: Sequence[Reference], norms: Sequence[Norm]) -> tuple[str, ...]:
    of_references = [each.source for each in references] if row.says != LIMIT else [row.source]
    return tuple(dict.fromkeys((*of_references, *(each.source for each in norms))))
