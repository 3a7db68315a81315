"""Caffeine over the day: what is in the body now and at bedtime, with its range, and what raises no concern."""

from __future__ import annotations

from collections.abc import Iterator

from rheobase.intake.amounts import Range
from rheobase.intake.caffeine import disturbs_sleep
from rheobase.intake.caffeine_day import HOURS
from rheobase.intake.caffeine_told import Caffeine
from rheobase.knowledge import Knowledge
from rheobase.report.caffeine_picture import caffeine_picture, day_words, in_body, misses_some
from rheobase.report.charts import clock
from rheobase.report.document import Block, Footnotes, Paragraph, Point, Section
from rheobase.report.figures import figure

TITLE = "Caffeine over the day"
NAMED = 3
AUTHORITIES = {"efsa": "EFSA", "health_canada": "Health Canada"}
GROUPS = {"adult": "for adults", "pregnancy": "in pregnancy", "lactation": "when breast-feeding"}
MODIFIERS = {
    "smoking": "smoking (shorter)",
    "oral_contraceptive": "the combined pill (longer)",
    "pregnancy": "pregnancy (longer)",
    "fluvoxamine": "fluvoxamine (many times longer)",
    "ciprofloxacin": "ciprofloxacin (longer)",
    "cirrhosis": "cirrhosis of the liver (longer)",
}


def caffeine_section(told: Caffeine, notes: Footnotes, *, full: bool) -> Section:
    """Return what can be said of caffeine.

    Args:
        told: As ``caffeine_told`` returns it.
        notes: Where its sources are numbered.
        full: Draw the curve and say what the half-life rests on.
    """
    blocks: list[Block] = []
    if full and told.bed is not None:
        blocks.append(caffeine_picture(told, notes.knowledge))
    blocks.append(Point(_amount(told), tuple(_left_out(told))))
    if told.bed is None:
        blocks.append(Paragraph(NO_HOURS))
    if told.now is not None:
        hour, amount = told.now
        day = ", the day after" if hour >= HOURS else ""
        blocks.append(Point(f"At {clock(hour)}{day}: {in_body(amount)}."))
    if told.bed is not None:
        blocks.append(_bedtime(told, *told.bed, notes, full=full))
    blocks.append(Point(_guidance(told, notes)))
    return Section(TITLE, tuple(blocks))


NO_HOURS = (
    "No drink has a time, so what is in the body at bedtime can't be said. Write it beside the drink: "
    '- {text: 2 cups coffee, time: "08:00"}'
)


def _amount(told: Caffeine) -> str:
    day = told.day
    total = day.total
    span = "" if total.low == total.high else f" ({figure(total.low)} to {figure(total.high)})"
    most = max(day.drunk, key=lambda each: each.mg.best)
    at_least = "at least " if day.at_least else ""
    return (
        f"On {day_words(day)}: {at_least}{figure(total.best)} mg{span}; most at once {figure(most.mg.best)} mg, "
        f"{most.name}."
    )


def _left_out(told: Caffeine) -> Iterator[str]:
    day = told.day
    if day.untimed and day.has_curve:
        more = sum(each.mg.high for each in day.untimed)
        names = _named([each.name for each in day.untimed])
        yield f"of that without a time, so not in the hours below: up to {figure(more)} mg, {names}"
    if day.unknown:
        yield f"caffeine not known, and not counted: {_named(list(day.unknown))}"
    if day.unknown_foods:
        foods = "1 food has" if day.unknown_foods == 1 else f"{day.unknown_foods} foods have"
        yield f"{foods} no value for caffeine"
    if day.has_curve and not day.before_known:
        yield "what was left from the day before is not known and not counted"


def _named(names: list[str]) -> str:
    more = f" and {len(names) - NAMED} more" if len(names) > NAMED else ""
    return ", ".join(names[:NAMED]) + more


def _bedtime(told: Caffeine, hour: float, amount: Range, notes: Footnotes, *, full: bool) -> Point:
    intake = notes.knowledge.intake
    near = intake.fact("caffeine.near_bed_dose")
    lasts = disturbs_sleep(amount, intake)
    verdict = {
        True: f"As much as a dose that may delay sleep ({figure(near.value)} mg)",
        None: f"It may be as much as a dose that may delay sleep ({figure(near.value)} mg)",
        # What is not in the curve may still keep someone awake.
        False: f"Less than a dose that is known to delay sleep ({figure(near.value)} mg)"
        + (", as far as is known" if misses_some(told.day) else ""),
    }[lasts]
    text = f"At bedtime, {clock(hour)}: {in_body(amount)}. {verdict}. {notes.cite(near.source)}"
    return Point(text, tuple(_half_life(told, notes, full=full)))


def _half_life(told: Caffeine, notes: Footnotes, *, full: bool) -> Iterator[str]:
    life, intake = told.life, notes.knowledge.intake
    sources = [intake.fact("caffeine.half_life").source]
    sources += [intake.fact(f"caffeine.times.{each}").source for each in (*told.eater.present, *told.eater.possible)]
    yield f"half is gone after about {life.value:.1f} h ({life.low:.1f} to {life.high:.1f}) {notes.cite(*sources)}"
    if told.eater.present:
        yield f"counted: {', '.join(MODIFIERS[each] for each in told.eater.present)}"
    if told.eater.possible:
        yield f"not known, so the range allows for it: {', '.join(MODIFIERS[e] for e in told.eater.possible)}"
    if full and told.eater.rare:
        yield f"not asked, and not in the range: {', '.join(MODIFIERS[each] for each in told.eater.rare)}"
    if full and told.slowed is not None:
        name, amount = told.slowed
        yield f"with {name} it would be {in_body(amount)} {notes.cite(intake.fact(f'caffeine.times.{name}').source)}"


def _guidance(told: Caffeine, notes: Footnotes) -> str:
    intake, day = notes.knowledge.intake, told.day
    most = max(each.mg.best for each in day.drunk)
    authorities: dict[tuple[bool, float, str], list[str]] = {}
    for each in sorted(told.guidance, key=lambda limit: (limit.at_once, limit.mg)):
        _, _, group, authority = each.fact.split(".")
        authorities.setdefault((each.at_once, each.mg, GROUPS[group]), []).append(AUTHORITIES[authority])
    groups: dict[tuple[bool, float, str], list[str]] = {}
    for (at_once, mg, group), names in authorities.items():
        groups.setdefault((at_once, mg, " and ".join(names)), []).append(group)
    said = []
    for (at_once, mg, who_says), people in groups.items():
        more = (most if at_once else day.total.best) > mg
        verdict = "this is more" if more else "not more, as far as is known" if day.at_least else "this is not more"
        much = f"{figure(mg)} mg {'at once' if at_once else 'a day'}"
        said.append(f"{much} {' or '.join(people)} ({who_says}; {verdict})")
    sources = [intake.fact(each.fact).source for each in told.guidance]
    if may_be_child(told, notes.knowledge):
        kilo = [intake.fact(f"caffeine.kg.child.{authority}") for authority in AUTHORITIES]
        per = " to ".join(f"{each.value:g}" for each in sorted(kilo, key=lambda fact: fact.value))
        said.append(f"under 18 years {per} mg a day for each kg of weight")
        sources += [each.source for each in kilo]
    return f"No concern is seen up to: {'; '.join(said)}. {notes.cite(*sources)}"


def may_be_child(told: Caffeine, knowledge: Knowledge) -> bool:
    """Whether the person is, or may be, under the age from which adults' guidance holds."""
    age = told.eater.who.age
    return age is None or age < knowledge.intake.value("caffeine.adult")
