"""From summed days to what intake is judged by: how much of a day is known, and whether supplements were told."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import replace

from rheobase.diet.span import Span
from rheobase.diet.summary import Summary
from rheobase.diet.sums import DaySums, Sum
from rheobase.intake.adequacy import Adequacy, judge
from rheobase.intake.life_stage import Who
from rheobase.intake.record_facts import Supplements
from rheobase.intake.usual import Day
from rheobase.knowledge.model_intake import IntakeFacts

# Column of the food table to nutrient id of the reference intakes, in the same unit.
COLUMNS = {
    "magnesium_mg": "magnesium",
    "calcium_mg": "calcium",
    "vitamin_d_ug": "vitamin_d",
    "potassium_mg": "potassium",
    "sodium_mg": "sodium",
    "phosphorus_mg": "phosphorus",
    "vitamin_b12_ug": "vitamin_b12",
}


def used_days(summary: Summary) -> list[DaySums]:
    """Return the days that count: all but those that were left incomplete."""
    return [each for each in summary.days if each.reading.day.complete is not False]


def supplements_told(days: Sequence[DaySums], column: str) -> Supplements:
    """Return what the days say of supplements that may hold one nutrient."""
    if any(day.sums[column].supplements_unknown for day in days):
        return Supplements.UNCLEAR
    # A day that is not called complete, and lists no supplement, does not say that none was taken.
    told = all(day.reading.day.complete or day.reading.day.supplements for day in days)
    return Supplements.TOLD if told else Supplements.UNTOLD


def dose_of(summary: Summary, column: str) -> float:
    """Return the mean daily dose that is known, in the unit of the column; 0 where none is listed."""
    taken = summary.means[column].supplements
    return 0.0 if taken is None else taken.best


def least_dose_of(summary: Summary, column: str) -> float:
    """Return the dose that can be counted on: the mean where every day that counts lists one, else 0.

    One tablet in three days does not tell whether a third of it is taken every day, or none.
    """
    daily = all(day.sums[column].supplements is not None for day in used_days(summary))
    return dose_of(summary, column) if daily else 0.0


def recorded_day(total: Sum, end: str = "best") -> Day:
    """Return a day with what share of it is known: the least favourable of weight, energy and, if need be, lines.

    Args:
        total: One nutrient of one day.
        end: ``best``, or ``low`` or ``high`` where portions may have been smaller or larger.
    """
    if total.food is None:
        return Day(None, 0.0)
    shares = [
        known / (known + unknown)
        for known, unknown in (
            (total.grams_known, total.grams_unknown),
            (total.energy_known, total.energy_unknown),
            (total.lines_known, total.lines_unknown if total.lines_unplaced else 0),
        )
        if known + unknown > 0
    ]
    return Day(_end(total.food, end), min(shares, default=1.0))


def _end(span: Span, end: str) -> float:
    return span.low if end == "low" else span.high if end == "high" else span.best


def judged_days(summary: Summary, who: Who, intake: IntakeFacts) -> dict[str, Adequacy]:
    """Return the judgement of each nutrient by its column.

    Args:
        summary: The diet, summed.
        who: Whose intake it is.
        intake: Reference intakes and how intake varies.
    """
    days, found = used_days(summary), {}
    for column, nutrient in COLUMNS.items():
        told = supplements_told(days, column) is Supplements.TOLD
        dose = dose_of(summary, column) if told else None
        totals = [recorded_day(day.sums[column]) for day in days]
        found[column] = judge(nutrient, totals, who, intake, supplement=dose)
        if dose and (least := least_dose_of(summary, column)) < dose:
            without = judge(nutrient, totals, who, intake, supplement=least)
            found[column] = _widened(found[column], without)
    return found


def _widened(taken: Adequacy, without: Adequacy) -> Adequacy:
    """Return a judgement whose highest chance of too little is that without a supplement of some days only."""
    stages = tuple(
        replace(one, inadequate=(one.inadequate[0], other.inadequate[1]))
        if one.inadequate and other.inadequate
        else one
        for one, other in zip(taken.stages, without.stages, strict=True)
    )
    return replace(taken, stages=stages)
