"""What is drawn of usual intakes: each with its range against what is needed and what is too much."""

from __future__ import annotations

from collections.abc import Iterator, Mapping

from rheobase.diet.summary import Summary
from rheobase.intake.adequacy import Adequacy, Stage, Verdict
from rheobase.report.charts import IntakeRow, Intakes, Mark
from rheobase.report.document import Picture, Table
from rheobase.report.figures import UNKNOWN, figure

# The range that is drawn and said: it holds so often.
SHOWN_INTERVAL = 0.8
NEARLY_SURE = 0.95
NOT_SAID = "can't be said"
ALL, SUPPLEMENTS_ONLY = "all", "supplements"
LABELS = {"vitamin_d": "Vitamin D", "vitamin_b12": "Vitamin B12"}


def nutrient_name(nutrient: str) -> str:
    """Return a nutrient of the reference intakes as it is read out: "Vitamin D" for ``vitamin_d``."""
    return LABELS.get(nutrient, nutrient.capitalize())


def amount_unit(adequacy: Adequacy) -> str:
    """Return the unit of an amount a day, without the day: mg or µg."""
    return adequacy.unit.removesuffix("/d").replace("ug", "µg")


def intakes_picture(found: Mapping[str, Adequacy], summary: Summary) -> Picture:
    """Return a picture of every nutrient that was judged.

    Args:
        found: Judgement by column of the food table.
        summary: The diet, summed: for the recorded means.
    """
    rows = [_row(each, summary, column) for column, each in found.items()]
    said = "; ".join(_sentence(row) for row in rows)
    return Picture(
        title="Usual intake and what is needed",
        description=(
            "Each nutrient has an axis of its own, from zero. The dot is what is usually eaten, the thick line its "
            "range, which holds in 8 cases of 10; the diamond is the mean of the recorded days. An arrow means that "
            f"part is not known and it may be more. {said}."
        ),
        chart=Intakes(tuple(rows)),
        table=Table("A day, with what is needed", HEADER, tuple(_cells(row) for row in rows)),
    )


HEADER = ("Nutrient", "Usual, from food", "Range", "Recorded", "Supplements", "Needed and limits", "In short")


def _row(each: Adequacy, summary: Summary, column: str) -> IntakeRow:
    recorded = summary.means[column].food
    # Where nothing of it was recorded the group's usual intake is no statement on this person.
    usual = None if recorded is None else each.usual(SHOWN_INTERVAL)
    return IntakeRow(
        name=nutrient_name(each.nutrient),
        unit=amount_unit(each),
        usual=None if usual is None else (usual.low, usual.value, usual.high),
        recorded=None if recorded is None else recorded.best,
        at_least=each.part_days > 0,
        marks=tuple(_marks(each.stages)),
        supplement=each.supplement,
        supplement_limit=_mark("UL", [s.reference.ul for s in each.stages if s.reference.ul_scope == SUPPLEMENTS_ONLY]),
        words=UNKNOWN if recorded is None else _words(each),
    )


def _marks(stages: tuple[Stage, ...]) -> Iterator[Mark]:
    references = [stage.reference for stage in stages]
    for name, values in (
        ("EAR", [each.ear for each in references]),
        ("RDA", [each.rda for each in references]),
        ("AI", [each.ai for each in references]),
        # An upper level for supplements alone says nothing of what is eaten, so it does not stand on this axis.
        ("UL", [each.ul for each in references if each.ul_scope == ALL]),
        ("CDRR", [each.cdrr for each in references]),
    ):
        mark = _mark(name, values)
        if mark is not None:
            yield mark


def _mark(name: str, values: list[float | None]) -> Mark | None:
    known = [each for each in values if each is not None]
    return Mark(name, min(known), max(known)) if known else None


def _words(each: Adequacy) -> str:
    if each.usual(SHOWN_INTERVAL) is None:
        return "can't be judged"
    if each.inadequate is not None:
        low, high = each.inadequate
        if _brief(low) == _brief(high):
            return f"too little: {_brief(high)}"
        return NOT_SAID if high >= NEARLY_SURE else f"too little: at most {_brief(high)}"
    risk = [stage.above_cdrr for stage in each.stages if stage.above_cdrr is not None]
    if risk:
        return f"above CDRR: {_brief(max(risk))}"
    return "enough is likely" if each.verdict is Verdict.UNLIKELY_INADEQUATE else NOT_SAID


def _brief(probability: float) -> str:
    """Return a chance in as few words as fit beside a name."""
    if probability < 0.01:
        return "under 1 in 100"
    if probability < 0.095:
        return f"{round(probability * 100)} in 100"
    return "over 9 in 10" if probability >= NEARLY_SURE else f"{round(probability * 10)} in 10"


def _span(mark: Mark) -> str:
    low, high = figure(mark.low), figure(mark.high)
    return f"{mark.name} {low}" if low == high else f"{mark.name} {low} to {high}"


def _cells(row: IntakeRow) -> tuple[str, ...]:
    more = " or more" if row.at_least else ""
    middle = UNKNOWN if row.usual is None else f"{figure(row.usual[1])} {row.unit}"
    span = UNKNOWN if row.usual is None else f"{figure(row.usual[0])} to {figure(row.usual[2])}{more}"
    recorded = UNKNOWN if row.recorded is None else f"{figure(row.recorded)}{more}"
    limit = f"; {_span(row.supplement_limit)} for supplements alone" if row.supplement_limit else ""
    taken = UNKNOWN if row.supplement is None else f"{figure(row.supplement)} {row.unit}"
    return (row.name, middle, span, recorded, taken, ", ".join(map(_span, row.marks)) + limit, row.words)


def _sentence(row: IntakeRow) -> str:
    if row.usual is None:
        return f"{row.name}: {UNKNOWN if row.recorded is None else f'at least {figure(row.recorded)} {row.unit}'}"
    more = " or more" if row.at_least else ""
    low, middle, high = map(figure, row.usual)
    needed = ", ".join(map(_span, row.marks))
    return f"{row.name} {middle} {row.unit} ({low} to {high}{more}); {needed}; {row.words}"
