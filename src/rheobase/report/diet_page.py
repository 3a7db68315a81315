"""What a diet gives a day, nutrient by nutrient: at least how much, how much has no value, and what gave most."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

from rheobase import __version__
from rheobase.diet.span import Span
from rheobase.diet.summary import Coverage, Mean, Summary
from rheobase.diet.sums import Sum
from rheobase.foods.nutrients import nutrient_label, nutrient_unit
from rheobase.report.document import Document, Paragraph, Point, Section, Table
from rheobase.report.figures import UNKNOWN, figure
from rheobase.report.foods_page import FIRST, THEN

SCHEMA_VERSION = 1
GAVE_MOST, SHORT_NAME = 2, 22


def diet_page(summary: Summary, *, name: str, judged: Mapping[str, str] | None = None) -> Document:
    """Return the diet, summed.

    Args:
        summary: Means and coverage.
        name: File, as it was given.
        judged: Nutrient column to what is said of its adequacy; one more column of the table where it is given.
    """
    cover = summary.coverage
    if not cover.used:
        said = "No day counts: none is recorded, or all are marked as incomplete."
        return Document(f"Diet: {name}", (Section("In short", (Paragraph(said),)),), ())
    days = _days(cover.used)
    heads: tuple[str, ...] = ("nutrient", "a day, at least", "days from-to", "no value", "most from")
    rows = []
    for nutrient in (*FIRST, *THEN):
        mean = summary.means[nutrient]
        row = (nutrient_label(nutrient), _amount(mean.food, nutrient), _range(mean), _share(mean), _most(mean))
        rows.append((*row, (judged or {}).get(nutrient, "")) if judged else row)
    if judged:
        heads = (*heads, "enough?")
    sections = [
        Section("In short", tuple(Paragraph(each) for each in _inshort_name(summary, name))),
        Section("From food and drink", (Table(f"Mean of {days}", heads, tuple(rows)), Paragraph(_EXPLAINED))),
    ]
    if taken := _supplements(summary):
        sections.append(taken)
    sections.append(Section("Coverage", tuple(Point(each) for each in _coverage(cover))))
    return Document(f"Diet: {name}", tuple(sections), ())


_EXPLAINED = (
    "No value: share of the food, by weight and by energy, for which the table or label gives no figure, lines that "
    "wait for your word included. Such food counts as unknown, never as zero. "
    "A plus: a line without weight or energy comes on top."
)


def _days(count: int, kind: str = "") -> str:
    return f"{count} {kind}{'day' if count == 1 else 'days'}"


def _inshort_name(summary: Summary, name: str) -> list[str]:
    cover = summary.coverage
    verb = "counts" if cover.used == 1 else "count"
    said = [f"{cover.used} of {_days(cover.days, 'recorded ')} {verb}."]
    if cover.incomplete:
        said.append(f"{cover.incomplete} marked as incomplete and left out of the means.")
    if waiting := summary.reading.open:
        lines = (
            "1 line waits for your word and counts" if waiting == 1 else f"{waiting} lines wait for your word and count"
        )
        said.append(f"{lines} as unknown: rheobase diet read {name}")
    return said


def _amount(span: Span | None, nutrient: str) -> str:
    return UNKNOWN if span is None else f"{figure(span.best)} {nutrient_unit(nutrient)}"


def _range(mean: Mean) -> str:
    if mean.lowest is None or mean.days < 2:
        return ""
    return f"{figure(mean.lowest)}-{figure(mean.highest)}"


def _percent(value: float | None) -> str:
    if value is None:
        return "?"
    return "<1 %" if 0 < value < 0.01 else f"{100 * value:.0f} %"


def _share(mean: Mean) -> str:
    if mean.share_unknown_grams is None and mean.share_unknown_energy is None:
        return UNKNOWN
    more = "+" if mean.lines_unplaced else ""
    return f"{_percent(mean.share_unknown_grams)}{more}, {_percent(mean.share_unknown_energy)}{more}"


def _most(mean: Mean) -> str:
    if mean.food is None or mean.food.best <= 0:
        return ""
    named = [each for each in mean.by_food[:GAVE_MOST] if each.amount > 0]
    return ", ".join(f"{short_name(each.name)} {_percent(each.amount / mean.food.best)}" for each in named)


def short_name(name: str) -> str:
    """Return a food's name without its last details: "Bread, whole-wheat"."""
    parts = name.split(", ")
    while len(parts) > 1 and len(", ".join(parts)) > SHORT_NAME:
        parts.pop()
    return ", ".join(parts)


def _supplements(summary: Summary) -> Section | None:
    rows = tuple(
        (nutrient_label(name), _amount(mean.supplements, name), _span(mean.supplements, name))
        for name, mean in summary.means.items()
        if mean.supplements is not None
    )
    waiting = summary.coverage.supplements_open
    asked = Paragraph(f"{waiting} more not counted until their amount is settled.")
    if not rows:
        return Section("From supplements", (asked,)) if waiting else None
    caption = f"Mean of {_days(summary.coverage.used)}; days that list none count as none. Kept apart from food"
    table = Table(caption, ("nutrient", "a day", "by its form"), rows)
    return Section("From supplements", (table, asked) if waiting else (table,))


def _span(span: Span | None, nutrient: str) -> str:
    if span is None or span.low == span.high:
        return ""
    return f"{figure(span.low)}-{figure(span.high)} {nutrient_unit(nutrient)}"


def _coverage(cover: Coverage) -> list[str]:
    lines = sum(cover.lines.values())
    states = ", ".join(f"{count} {state}" for state, count in sorted(cover.lines.items()))
    said = [f"{lines} food and drink lines: {states}"] if lines else []
    if cover.from_totals:
        said.append(
            f"{cover.from_totals} of the days are a tracker's totals: which foods had no value in it is not known, and "
            "supplements logged there are in the totals."
        )
    if cover.unsaid:
        said.append(f"Of {cover.unsaid} nobody said whether they are complete; a forgotten meal looks like a low day.")
    if cover.undated:
        said.append(f"{cover.undated} without a date.")
    if cover.used - cover.undated > 0:
        said.append(f"{cover.weekend} on a weekend, {cover.used - cover.undated - cover.weekend} on a weekday.")
    return said


def _span_json(span: Span | None) -> dict[str, float] | None:
    return None if span is None else {"best": span.best, "low": span.low, "high": span.high}


def _sum_json(each: Sum) -> dict[str, Any]:
    return {
        "food": _span_json(each.food),
        "supplements": _span_json(each.supplements),
        "share_unknown_grams": each.share_unknown_grams,
        "share_unknown_energy": each.share_unknown_energy,
        "lines_unknown": each.lines_unknown,
        "lines_unplaced": each.lines_unplaced,
        "by_food": [{"name": one.name, "food": one.food, "amount": one.amount} for one in each.by_food],
    }


def _mean_json(mean: Mean) -> dict[str, Any]:
    return {
        "food": _span_json(mean.food),
        "supplements": _span_json(mean.supplements),
        "days": mean.days,
        "lowest_day": mean.lowest,
        "highest_day": mean.highest,
        "share_unknown_grams": mean.share_unknown_grams,
        "share_unknown_energy": mean.share_unknown_energy,
        "lines_unplaced": mean.lines_unplaced,
        "by_food": [{"name": one.name, "food": one.food, "amount": one.amount} for one in mean.by_food],
    }


def diet_json(summary: Summary) -> dict[str, Any]:
    """Return the diet, summed, as plain data; what is not known is null, never 0."""
    cover = summary.coverage
    return {
        "schema_version": SCHEMA_VERSION,
        "rheobase_version": __version__,
        "table": summary.reading.table,
        "coverage": {
            "days": cover.days,
            "used": cover.used,
            "incomplete": cover.incomplete,
            "completeness_not_said": cover.unsaid,
            "weekend": cover.weekend,
            "undated": cover.undated,
            "from_totals": cover.from_totals,
            "lines": {str(state): count for state, count in cover.lines.items()},
            "supplements_open": cover.supplements_open,
        },
        "means": {name: _mean_json(mean) for name, mean in summary.means.items()},
        "days": [
            {
                "date": day.reading.day.day.isoformat() if day.reading.day.day else None,
                "complete": day.reading.day.complete,
                "sums": {name: _sum_json(each) for name, each in day.sums.items()},
            }
            for day in summary.days
        ],
    }
