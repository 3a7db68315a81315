"""The plan as a person reads it: what to do first, how, when it is judged, what is not for them, when to come back."""

from __future__ import annotations

from collections.abc import Iterator

from rheobase.assess import Assessment
from rheobase.assess.advice import CALM, INSUFFICIENT, PREVENTION, OfferedAdvice, WithheldAdvice
from rheobase.assess.plan import EatenChoice, FoodChoice
from rheobase.knowledge import Advice, Knowledge
from rheobase.report.document import Block, Footnotes, Paragraph, Point, Section
from rheobase.report.plan_words import (
    asked_words,
    day_words,
    eaten_words,
    food_words,
    schedule_words,
    without_implied,
)
from rheobase.report.words import label

SHOWN_ADVICE, SHOWN_FOODS, SHOWN_WITHHELD, SHOWN_REASONS = 6, 5, 4, 3
SAFETY_NET, SOONER = "safety_net", "safety_net_sooner"


def advice_sections(assessment: Assessment, knowledge: Knowledge, notes: Footnotes) -> Iterator[Section]:
    """Yield the plan, what was withheld, how to keep it away, and the safety net."""
    if not assessment.advice and not assessment.withheld:
        return
    chosen = [each for each in assessment.advice if each.advice not in (SAFETY_NET, SOONER)]
    plan = shown_plan(assessment, knowledge)
    blocks: list[Block] = [_point(each, assessment, knowledge, notes, first=each is plan[0]) for each in plan]
    waiting = [knowledge.advice[each.advice].title.lower() for each in assessment.withheld if each.waits]
    if waiting:
        blocks.append(Paragraph(f"Wait with these until you have been seen and tested: {', '.join(waiting)}."))
    yield Section("What to do", tuple(blocks))
    yield Section("Not for you", tuple(_withheld(assessment, knowledge, notes)))
    prevention = [each for each in chosen if knowledge.advice[each.advice].kind == PREVENTION]
    yield Section("To keep it away", tuple(Point(_words(knowledge.advice[each.advice], notes)) for each in prevention))
    calm = assessment.urgency.level in (*CALM, INSUFFICIENT)
    net = knowledge.advice.get(SAFETY_NET if calm else SOONER)
    if net is not None:
        title = "Come back if" if calm else "Do not wait if"
        yield Section(title, (Point(_words(net, notes, titled=False)),))


def shown_plan(assessment: Assessment, knowledge: Knowledge) -> list[OfferedAdvice]:
    """Return the few things that are shown, in their order: a warning is never the one that is left out."""
    advice = knowledge.advice
    chosen = [
        each
        for each in assessment.advice
        if each.advice not in (SAFETY_NET, SOONER) and advice[each.advice].kind != PREVENTION
    ]
    warned = [each for each in chosen if advice[each.advice].warns]
    others = [each for each in chosen if not advice[each.advice].warns][: max(SHOWN_ADVICE - len(warned), 1)]
    return [each for each in chosen if each in warned or each in others]


def _point(
    each: OfferedAdvice, assessment: Assessment, knowledge: Knowledge, notes: Footnotes, *, first: bool
) -> Point:
    item = knowledge.advice[each.advice]
    words = _words(item, notes)
    # In reading order, so that sources are numbered as they are met.
    how = tuple(_how(each, assessment, knowledge, notes))
    safe = (*_foods(each, assessment, knowledge, notes), *_cautions(each, assessment, knowledge, notes))
    again = tuple(_again(each, assessment, knowledge))
    if first:
        return Point(f"First: {words}", (*how, *safe, *again), strong=True)
    # What keeps somebody safe stands on paper too; how to do what comes later may be folded.
    return Point(words, (*safe, *again), more=how)


def _how(each: OfferedAdvice, assessment: Assessment, knowledge: Knowledge, notes: Footnotes) -> Iterator[str]:
    item, means, on = knowledge.advice[each.advice], each.means, assessment.on
    if item.steps:
        yield f"How: {' '.join(item.steps)}"
    if item.taper is not None and means.schedule:
        amount = assessment.facts.values.get(item.taper.finding)
        recorded = item.taper.finding in assessment.facts.origins
        yield schedule_words(item.taper, means.schedule, amount, on, recorded=recorded)
    if item.limits:
        yield f"Where it is: {_sources_of(item.limits, knowledge, notes)}"


def _cautions(each: OfferedAdvice, assessment: Assessment, knowledge: Knowledge, notes: Footnotes) -> Iterator[str]:
    item, means = knowledge.advice[each.advice], each.means
    for clash in means.keep_apart:
        yield f"With your {knowledge.medicines[clash.medicine].name.lower()}: {clash.text} {notes.cite(clash.source)}"
    for caution in each.cautions:
        source = next((known.source for known in item.cautions if known.text == caution), None)
        yield f"Take care: {caution} {notes.cite(source)}".rstrip()
    if each.ask_first:
        asked = asked_words(knowledge, item, each.ask_first, assessment.facts.values)
        yield f"Only if none of these is so (we do not know): {asked}."
    if item.stop_if:
        yield f"Pause it if: {'; '.join(item.stop_if)}."


def _again(each: OfferedAdvice, assessment: Assessment, knowledge: Knowledge) -> Iterator[str]:
    item, when = knowledge.advice[each.advice], each.means.recheck
    if when is not None:
        day = day_words(when, assessment.on)
        yield f"Look again on {day}. Better: {item.better_if}. Worse: {item.worse_if}."


def _foods(each: OfferedAdvice, assessment: Assessment, knowledge: Knowledge, notes: Footnotes) -> Iterator[str]:
    item, means = knowledge.advice[each.advice], each.means
    if item.nutrient is None:
        return
    yield from _eaten(means.eats, item.nutrient, assessment, knowledge)
    sure = [food for food in means.foods if not food.only_if_not]
    unsure = [food for food in means.foods if food.only_if_not][:SHOWN_FOODS]
    if sure:
        yield f"Foods, in a portion: {_listed(sure, item.nutrient, knowledge, notes)}."
    if unsure:
        asked = dict.fromkeys(name for food in unsure for name in food.only_if_not)
        conditions = ", ".join(label(knowledge, name) for name in without_implied(asked, knowledge))
        listed = _listed(unsure, item.nutrient, knowledge, notes)
        yield f"Also, but only without {conditions} (we do not know): {listed}."
    if means.left_out:
        rules: dict[str, list[str]] = {}
        for left in means.left_out:
            rules.setdefault(left.rule, []).append(knowledge.foods[left.food].name.split(",")[0])
        for rule, names in rules.items():
            entry = knowledge.food_rules[rule]
            yield f"Not for you: {', '.join(names)}; {entry.because} {notes.cite(*entry.sources)}"


def _eaten(eats: tuple[EatenChoice, ...], nutrient: str, assessment: Assessment, knowledge: Knowledge) -> Iterator[str]:
    """Yield what the person eats already and may have more of; what hangs on something unknown says so."""
    sure = [each for each in eats if not each.only_if_not]
    unsure = [each for each in eats if each.only_if_not]

    def listed(choices: list[EatenChoice]) -> str:
        return "; ".join(eaten_words(each.food, nutrient, knowledge, assessment.on) for each in choices)

    if sure:
        one = "one more such portion a day adds as much again"
        yield f"You already eat: {listed(sure)}; {one}."
    if unsure:
        asked = dict.fromkeys(name for each in unsure for name in each.only_if_not)
        conditions = ", ".join(label(knowledge, name) for name in without_implied(asked, knowledge))
        yield f"You already eat, but more of it only without {conditions} (we do not know): {listed(unsure)}."


def _listed(foods: list[FoodChoice], nutrient: str, knowledge: Knowledge, notes: Footnotes) -> str:
    shown = foods[:SHOWN_FOODS]
    marks = notes.cite(*(knowledge.foods[each.food].source for each in shown))
    words = "; ".join(food_words(knowledge.foods[each.food], nutrient, each.amount, knowledge) for each in shown)
    return f"{words} {marks}"


def _sources_of(substance: str, knowledge: Knowledge, notes: Footnotes) -> str:
    foods = [food for food in knowledge.foods.values() if substance in food.rich_in]
    words = "; ".join(food_words(food, substance, food.in_portion(substance), knowledge) for food in foods)
    return f"{words} {notes.cite(*(food.source for food in foods))}"


def _words(item: Advice, notes: Footnotes, *, titled: bool = True) -> str:
    title = f"{item.title}. " if item.title and titled else ""
    return f"{title}{item.text} {notes.cite(*item.sources)}"


def _withheld(assessment: Assessment, knowledge: Knowledge, notes: Footnotes) -> Iterator[Block]:
    said = [each for each in assessment.withheld if each.why]
    for each in said[:SHOWN_WITHHELD]:
        because = ", ".join(label(knowledge, name) for name in each.because[:SHOWN_REASONS])
        words = f"{_title(each, knowledge)}: not advised here, because of {because}. {' '.join(each.why)}"
        yield Point(f"{words} {notes.cite(*each.sources)}")
    if len(said) > SHOWN_WITHHELD:
        rest = ", ".join(_title(each, knowledge).lower() for each in said[SHOWN_WITHHELD:])
        yield Point(f"For the same kind of reason, not: {rest}.")


def _title(each: WithheldAdvice, knowledge: Knowledge) -> str:
    item = knowledge.advice[each.advice]
    return item.title or item.text
