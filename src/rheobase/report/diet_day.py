"""One day of a diary in everyday words: each line, what it was read as, what is in doubt and what may be meant."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass, replace

from rheobase.diet.diary import DRINKS, MEALS, SUPPLEMENTS, key_of
from rheobase.diet.reading import DayReading, Reading, State
from rheobase.diet.sums import DaySums
from rheobase.diet.supplement_lines import read_supplement
from rheobase.diet.supplements import TakenReading, dose_gives
from rheobase.foods.nutrients import nutrient_label, nutrient_unit
from rheobase.knowledge.supplements import EITHER, SALT, Supplements
from rheobase.plain_text import printable
from rheobase.report.figures import UNKNOWN, figure

# What a day shows at a glance; the whole list stands on the page that asks whether it is enough.
SHOWN = (
    "magnesium_mg",
    "calcium_mg",
    "potassium_mg",
    "sodium_mg",
    "vitamin_d_ug",
    "caffeine_mg",
    "water_g",
    "energy_kcal",
)
WAITING = {
    State.CONFIRM: "Which food is meant?",
    State.UNWEIGHED: "How much was it?",
    State.NOT_FOUND: "What is it?",
}


@dataclass(frozen=True, slots=True)
class Line:
    """One line of a day as it is shown.

    Attributes:
        number: Its place in the day, from 1.
        key: What it is called in a form.
        text: What it was, in the person's words.
        time: When, as HH:MM; "" when not said.
        read: What it was read as, in plain words; "" while it waits.
        waits: What is asked first, "" once it counts.
        estimated: Whether its weight is our estimate.
        doubts: Why a person should look at it.
        choices: Foods that it may be: id and name.
        grams: What it would weigh, for the form; "" when not known.
        by_compound: Whether a label's amount may be of the element or of the whole compound.
        rewritable: Whether it can only be said another way.
        weighable: Whether grams may be given.
        own: Whether a person wrote it, and no tracker.
    """

    number: int
    key: str
    text: str
    time: str
    read: str
    waits: str = ""
    estimated: bool = False
    doubts: tuple[str, ...] = ()
    choices: tuple[tuple[str, str], ...] = ()
    grams: str = ""
    by_compound: bool = False
    rewritable: bool = False
    weighable: bool = False
    own: bool = True


@dataclass(frozen=True, slots=True)
class Part:
    """One part of a day: its name in a form, its title and its lines."""

    section: str
    title: str
    lines: tuple[Line, ...]


def day_parts(reading: DayReading, facts: Supplements) -> tuple[Part, ...]:
    """Return the parts of a day that hold a line.

    Args:
        reading: The day as it was read.
        facts: Compounds, to see what a person may settle.
    """
    meals = len(reading.day.meals)
    parts = (
        Part(MEALS, "Food", tuple(_food(MEALS, at, each) for at, each in enumerate(reading.foods[:meals]))),
        Part(DRINKS, "Drinks", tuple(_food(DRINKS, at, each) for at, each in enumerate(reading.foods[meals:]))),
        Part(
            SUPPLEMENTS,
            "Supplements and antacids",
            tuple(_taken(at, number, each, facts) for at, (number, each) in enumerate(reading.supplements)),
        ),
    )
    return tuple(part for part in parts if part.lines)


def _food(section: str, at: int, each: Reading) -> Line:
    eaten, state = each.eaten, each.state
    labelled = eaten.holds is not None or eaten.per_100_g is not None
    return Line(
        number=each.number,
        key=key_of(section, at, eaten),
        text=printable(each.name),
        time=eaten.time,
        read=_read(each) if state.counts else "",
        waits="" if state.counts else WAITING[state],
        estimated=state is State.ESTIMATED,
        doubts=each.doubts,
        choices=() if labelled else tuple((match.food.id, match.food.description) for match in each.candidates),
        grams="" if each.grams is None else figure(each.grams.best),
        rewritable=state is State.NOT_FOUND or (state is State.CONFIRM and not each.candidates),
        weighable=eaten.holds is None,
        own=not eaten.origin,
    )


def _read(each: Reading) -> str:
    """Return what a line that counts was read as."""
    what = each.food.description if each.food else each.basis
    if each.grams is None:
        return what
    if each.state is State.ESTIMATED and each.grams.low < each.grams.high:
        span = f"perhaps {figure(each.grams.low)} to {figure(each.grams.high)} g"
        return f"{what}; about {figure(each.grams.best)} g, {span}"
    return f"{what}; {figure(each.grams.best)} g"


def _taken(at: int, number: int, each: TakenReading, facts: Supplements) -> Line:
    taken = each.taken
    by_compound = bool(each.doubts) and _may_be_settled(each, facts)
    return Line(
        number=number,
        key=key_of(SUPPLEMENTS, at, taken),
        text=printable(taken.text or each.what),
        time=taken.time,
        read="" if each.doubts else _gives(each),
        waits="What does the label say?" if each.doubts else "",
        doubts=each.doubts,
        by_compound=by_compound,
        rewritable=bool(each.doubts) and not by_compound,
        own=not taken.origin,
    )


def _gives(each: TakenReading) -> str:
    """Return what a supplement gives, the compound's companions included."""
    amounts = []
    for column, span in each.gives.items():
        best = f"{nutrient_label(column)} {figure(span.best)} {nutrient_unit(column)}"
        amounts.append(best if span.low == span.high else f"{best} ({figure(span.low)} to {figure(span.high)})")
    if not amounts:
        return each.what
    return f"{each.what}: {', '.join(amounts)}" if len(amounts) > 1 else f"{each.what}; {amounts[0]}"


def _may_be_settled(each: TakenReading, facts: Supplements) -> bool:
    """Return whether "the element" or "the whole compound" is the answer that is wanted."""
    taken = each.taken
    if taken.form is not None:
        form = facts.forms.get(taken.form)
        return form is not None and form.dosed_as == EITHER and not taken.means
    line = read_supplement(taken.text, facts)
    if len(line.doses) != 1 or line.doubts or line.doses[0].form is None:
        return False
    return not dose_gives(replace(line.doses[0], means=SALT), facts)[1]


def day_counts(parts: tuple[Part, ...]) -> str:
    """Return in words how many lines count and how many wait."""
    lines = [line for part in parts for line in part.lines]
    if not lines:
        return ""
    waiting, estimated = sum(bool(line.waits) for line in lines), sum(line.estimated for line in lines)
    said = "1 line" if len(lines) == 1 else f"{len(lines)} lines"
    if not waiting and not estimated:
        return f"{said}, {'counted' if len(lines) == 1 else 'all counted'}."
    found = []
    if waiting:
        waits = "1 waits" if waiting == 1 else f"{waiting} wait"
        found.append(f"{waits} for your word and {'counts' if waiting == 1 else 'count'} as unknown until then")
    if estimated:
        found.append(f"the weight of {estimated} is our estimate")
    return f"{said}: {'; '.join(found)}."


@dataclass(frozen=True, slots=True)
class Total:
    """One nutrient of the day so far."""

    name: str
    amount: str
    supplements: str
    missing: str


def day_totals(sums: DaySums) -> Iterator[Total]:
    """Yield the day's sums at a glance; what is not known is said, never zero.

    Args:
        sums: The day, summed.
    """
    for column in SHOWN:
        each, unit = sums.sums[column], nutrient_unit(column)
        if each.food is None and each.supplements is None and not each.lines_unknown:
            continue
        name = nutrient_label(column)
        missing = each.lines_unknown + each.supplements_unknown
        yield Total(
            name=name[:1].upper() + name[1:],
            amount=UNKNOWN if each.food is None else f"{figure(each.food.best)} {unit}",
            supplements="" if each.supplements is None else f"{figure(each.supplements.best)} {unit}",
            missing="" if not missing else "1 line" if missing == 1 else f"{missing} lines",
        )
