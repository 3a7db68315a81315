"""Water: what came in with drinks and food, what is needed, what was lost beyond an ordinary day."""

from __future__ import annotations

from collections.abc import Iterator

from rheobase.diet.reading import DietReading
from rheobase.intake.amounts import Range
from rheobase.intake.eater import Eater
from rheobase.intake.life_stage import references_for
from rheobase.intake.water import Balance, balance
from rheobase.intake.water_day import WaterIntake, water_intake
from rheobase.knowledge import Knowledge
from rheobase.report.document import Footnotes, Paragraph, Point, Section

TITLE = "Water"
LOSSES = {
    "exercise_hours": "sweating exercise (--exercise HOURS)",
    "heat_hours": "great heat (--heat HOURS)",
    "temperature": "fever",
    "loose_stools": "diarrhoea",
    "vomits": "vomiting",
}
FACTS = {
    "exercise_hours": "water.sweat.exercise",
    "heat_hours": "water.sweat.heat",
    "temperature": "water.fever",
    "loose_stools": "water.loose_stool",
    "vomits": "water.vomit",
}


def water_told(reading: DietReading, eater: Eater, knowledge: Knowledge) -> tuple[WaterIntake, Balance] | None:
    """Return the water that came in and its balance; None where nothing of it is known."""
    came = water_intake(reading)
    if came is None:
        return None
    # Without any drink the share that food gives of all water can't be turned round: what is known is a lower bound.
    day = balance(
        eater.who,
        eater.losses,
        knowledge.intake,
        drinks=came.drinks,
        food_water=came.food if came.food is not None else Range(0, 0, 0),
        at_least=came.at_least or came.food is None,
    )
    return came, day


def water_section(told: tuple[WaterIntake, Balance], eater: Eater, notes: Footnotes, *, full: bool) -> Section:
    """Return what can be said of water.

    Args:
        told: As ``water_told`` returns it.
        eater: Whose it is.
        notes: Where its sources are numbered.
        full: Name the losses that are not known.
    """
    came, day = told
    at_least = "at least " if day.at_least_only else ""
    parts = [
        f"{_litres(each)} in {name}"
        for name, each in (("drinks", came.drinks), ("food", came.food))
        if each is not None
    ]
    missing = "; " + _unknown_lines(came) if came.unknown else ""
    blocks = [Point(f"Came in: {at_least}{_litres(day.intake)} a day ({', '.join(parts)}{missing})")]
    if eater.who.age is None or eater.who.sex is None:
        ask = "What is needed depends on who it is: give --case ME.yaml, or --age and --sex."
        return Section(TITLE, (*blocks, Paragraph(ask)))
    blocks.append(Point(_needed(day, eater, notes), tuple(_lost(day, eater, notes, full=full))))
    more = " Heavy sweat, fever, diarrhoea and vomiting come on top." if day.unknown else ""
    return Section(TITLE, (*blocks, Paragraph(_verdict(day) + more)))


def _litres(span: Range) -> str:
    low, middle, high = (f"{each:.1f}" for each in (span.low, span.value, span.high))
    return f"{middle} L" if low == high else f"{middle} L ({low} to {high})"


def _unknown_lines(came: WaterIntake) -> str:
    return "1 line is not known" if came.unknown == 1 else f"{came.unknown} lines are not known"


def _needed(day: Balance, eater: Eater, notes: Footnotes) -> str:
    intake = notes.knowledge.intake
    rows = references_for(intake, "water", eater.who)
    sexes = sorted({row.sex for row in rows} & {"male", "female"})
    sources = [intake.fact(f"water.need.{sex}").source for sex in sexes] + [row.source for row in rows]
    low, high = f"{day.need.low:.1f}", f"{day.need.high:.1f}"
    if low == high:
        words = f"Needed on an ordinary day: {low} L, food included, by the European and the US figure."
        return f"{words} {notes.cite(*sources)}"
    return (
        f"Needed on an ordinary day: {low} to {high} L, food included; the low end is the European figure, the high "
        f"end the US one. {notes.cite(*sources)}"
    )


def _lost(day: Balance, eater: Eater, notes: Footnotes, *, full: bool) -> Iterator[str]:
    intake = notes.knowledge.intake
    known = [(name, getattr(eater.losses, name)) for name in ("exercise_hours", "heat_hours")]
    named = [name for name, hours in known if hours]
    if named:
        marks = notes.cite(*(intake.fact(FACTS[each]).source for each in named))
        yield f"lost beyond that: {_litres(day.extra)} {marks}"
    if full and day.unknown:
        yield f"not known, and not in it: {', '.join(LOSSES[each] for each in day.unknown)}"


def _verdict(day: Balance) -> str:
    if day.short is None:
        return (
            "Part of what came in is not known, so it can't be said whether it was enough. Thirst and the colour of "
            "urine tell more than this sum."
        )
    if day.short.high <= 0:
        return "That is as much as is needed, or more. More than thirst asks for brings no gain."
    if day.short.low > 0:
        return (
            f"That is {day.short.low:.1f} to {day.short.high:.1f} L less than is needed. People's needs differ; "
            "thirst and dark urine show whether it was too little."
        )
    return (
        "That is within what is needed, as far as such figures tell. Thirst and dark urine show if it was too little."
    )


def water_json(told: tuple[WaterIntake, Balance] | None) -> dict[str, object] | None:
    """Return what can be said of water as plain data [L]; what is not known is null, never 0."""
    if told is None:
        return None
    came, day = told
    return {
        "drinks": _range_json(came.drinks),
        "food": _range_json(came.food),
        "intake": _range_json(day.intake),
        "at_least_only": day.at_least_only,
        "lines_not_known": came.unknown,
        "need": _range_json(day.need),
        "lost_beyond": _range_json(day.extra),
        "losses_not_known": list(day.unknown),
        "short": _range_json(day.short),
    }


def _range_json(span: Range | None) -> dict[str, float] | None:
    return None if span is None else {"low": span.low, "middle": span.value, "high": span.high}
