"""What is taken up of the calcium and magnesium eaten, with what it rests on and what is not known."""

from __future__ import annotations

from collections.abc import Iterator

from rheobase.foods.nutrients import nutrient_label
from rheobase.intake.absorbed_day import CALCIUM, TakenUp
from rheobase.intake.amounts import Range
from rheobase.intake.eater import Eater
from rheobase.report.document import Footnotes, Paragraph, Point, Section
from rheobase.report.figures import figure

TITLE = "What is taken up"
UNKNOWN = {
    "age": "age",
    "menopause": "whether after the menopause",
    "vitamin_d": "vitamin D in the blood",
    "acid_blocker": "whether an acid blocker is taken",
    "phytate": "phytate (wholemeal, bran, beans lower it)",
    "oxalate": "oxalate",
}
# Low magnesium in the blood of some people after long use of an acid blocker.
LONG_USE = "fda_ppi2011"
SOURCES = {CALCIUM: ("absorb.calcium.intercept", "absorb.calcium.spread"), "": ("absorb.magnesium.most",)}


def absorption_section(found: tuple[TakenUp, ...], eater: Eater, notes: Footnotes) -> Section:
    """Return what is taken up, with its sources numbered in ``notes``."""
    points = [Point(_said(each, notes), tuple(_details(each, eater, notes))) for each in found]
    return Section(TITLE, (*points, Paragraph(CLOSING)))


CLOSING = (
    "What is needed (above) allows for this already. Small amounts over the day are taken up better than one large "
    "one; people differ a good deal."
)


def _said(each: TakenUp, notes: Footnotes) -> str:
    facts = SOURCES.get(each.nutrient, SOURCES[""])
    marks = notes.cite(*(notes.knowledge.intake.fact(name).source for name in facts))
    return (
        f"{nutrient_label(each.nutrient).capitalize()}: of {figure(each.eaten)} mg a day in food about "
        f"{_span(each.food)} is taken up. {marks}"
    )


def _span(mg: Range) -> str:
    return f"{figure(mg.value)} mg ({figure(mg.low)} to {figure(mg.high)})"


def _details(each: TakenUp, eater: Eater, notes: Footnotes) -> Iterator[str]:
    intake = notes.knowledge.intake
    name = nutrient_label(each.nutrient)
    for words, mg, share in each.doses:
        yield f"of one dose of {words} ({figure(mg)} mg): {_span(share)}"
    if each.rich > 0:
        source = intake.fact(f"absorb.{name}.times_oxalate").source
        part = "less of it" if each.nutrient != CALCIUM else "little of it"
        rich = f"{figure(each.rich)} mg of it in foods rich in oxalate, such as spinach"
        yield f"{rich}: {part} is taken up {notes.cite(source)}"
    if each.nutrient == CALCIUM:
        if eater.vitamin_d_nmol_l is not None:
            source = intake.fact("absorb.calcium.times_d_between").source
            low = intake.fact("absorb.calcium.d_enough")
            state = "low, so somewhat less" if eater.vitamin_d_nmol_l < low.value else "enough"
            level = f"{eater.vitamin_d_nmol_l:.0f} nmol/L"
            yield f"vitamin D in the blood {level}: {state} {notes.cite(low.source, source)}"
        if eater.acid_blocker:
            with_meal, alone = (intake.fact(f"absorb.calcium.times_ppi_{how}") for how in ("meal", "fasting"))
            yield (
                "with an acid blocker food gives as much, calcium carbonate on an empty stomach much less: take it "
                f"with a meal {notes.cite(with_meal.source, alone.source)}"
            )
    elif eater.acid_blocker:
        marks = notes.cite(LONG_USE)
        yield f"what an acid blocker takes away is not known as a number; in a few, after long use, much {marks}"
    unknown = [UNKNOWN[name] for name in each.unknown if name in UNKNOWN]
    if unknown:
        yield f"not known: {', '.join(unknown)}"
    if each.beyond_data:
        yield "some meals are smaller or larger than those that were studied"


def absorption_json(found: tuple[TakenUp, ...]) -> list[dict[str, object]]:
    """Return what is taken up as plain data [mg a day]."""
    return [
        {
            "nutrient": each.nutrient,
            "eaten_mg": each.eaten,
            "taken_up_mg": {"low": each.food.low, "middle": each.food.value, "high": each.food.high},
            "in_foods_rich_in_oxalate_mg": each.rich,
            "doses": [
                {"what": what, "mg": mg, "taken_up_mg": {"low": share.low, "middle": share.value, "high": share.high}}
                for what, mg, share in each.doses
            ],
            "not_known": list(each.unknown),
            "beyond_what_was_studied": each.beyond_data,
        }
        for each in found
    ]
