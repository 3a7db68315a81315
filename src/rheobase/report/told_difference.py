"""What one person as told has that another has not: for an import before it is applied, and for an earlier state."""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Sequence

from rheobase.knowledge import Knowledge
from rheobase.person import Answer, Diet, LabResult, MedicineUse, Person, Status
from rheobase.plain_text import printable
from rheobase.report.document import Block, Paragraph, Point, Section
from rheobase.report.words import answer, label

SHOWN = 12


def told_difference(before: Person, after: Person, knowledge: Knowledge, *, title: str) -> Section:
    """Return what is told anew, otherwise, and no longer.

    Args:
        before: As it stands, or stood.
        after: As it would be, or is.
        knowledge: For words.
        title: Of the section.
    """
    blocks = [*_answers(before, after, knowledge), *_lists(before, after, knowledge), *_about(before, after)]
    return Section(title, tuple(blocks) or (Paragraph("Nothing is different."),))


def _answers(before: Person, after: Person, knowledge: Knowledge) -> Iterator[Block]:
    new = [name for name in after.answers if name not in before.answers]
    gone = [name for name in before.answers if name not in after.answers]
    other = [n for n, a in after.answers.items() if n in before.answers and before.answers[n] != a]
    if new:
        words = (_said(name, after.answers[name], knowledge) for name in new)
        yield Point(f"New answers: {len(new)}", _few(words, len(new)), strong=True)
    if other:
        words = (
            f"{_said(name, after.answers[name], knowledge)} (was: {_said(name, before.answers[name], knowledge)})"
            for name in other
        )
        yield Point(f"Answers that differ: {len(other)}", _few(words, len(other)), strong=True)
    if gone:
        words = (_said(name, before.answers[name], knowledge) for name in gone)
        yield Point(f"Answers that are not there: {len(gone)}", _few(words, len(gone)), strong=True)


def _said(name: str, given: Answer, knowledge: Knowledge) -> str:
    if name not in knowledge.findings:
        return printable(name, limit=60)
    if given.status is Status.UNKNOWN or given.value is None:
        return f"{label(knowledge, name)}: not known"
    return answer(knowledge, name, given.value)


def _few(words: Iterable[str], count: int) -> tuple[str, ...]:
    shown = [each for each, _ in zip(words, range(SHOWN), strict=False)]
    return (*shown, f"and {count - SHOWN} more") if count > SHOWN else tuple(shown)


def _lists(before: Person, after: Person, knowledge: Knowledge) -> Iterator[Block]:
    yield from _moved("Blood tests", [_result(e, knowledge) for e in before.labs],
                      [_result(e, knowledge) for e in after.labs])  # fmt: skip
    yield from _moved("Medicines", [_use(e) for e in before.medicines], [_use(e) for e in after.medicines])
    yield from _moved("Days of food and drink", _days(before.diet), _days(after.diet))
    kept = [[printable(each, limit=80) for each in one.not_understood] for one in (before, after)]
    yield from _moved("Lines that were not understood", *kept)


def _moved(what: str, before: Sequence[str], after: Sequence[str]) -> Iterator[Block]:
    for word, words in (
        ("new", [each for each in after if each not in before]),
        ("not there", [each for each in before if each not in after]),
    ):
        if words:
            yield Point(f"{what}, {word}: {len(words)}", _few(words, len(words)), strong=True)


def _result(each: LabResult, knowledge: Knowledge) -> str:
    entry = knowledge.analytes.get(each.analyte)
    value = each.flag or "" if each.value is None else f"{each.comparator or ''}{each.value:g} {each.unit or ''}"
    taken = f", {each.taken.isoformat()}" if each.taken else ""
    return f"{entry.name if entry else printable(each.analyte, limit=60)}: {value.strip()}{taken}"


def _use(use: MedicineUse) -> str:
    months = "" if use.months is None else f", {use.months:g} months"
    status = {Status.PRESENT: "", Status.ABSENT: ", stopped", Status.UNKNOWN: ", perhaps"}[use.status]
    return f"{printable(use.written, limit=60)}{months}{status}"


def _days(diet: Diet | None) -> list[str]:
    if diet is None:
        return []
    return [
        f"{each.day.isoformat() if each.day else f'day {at}'}: {len(each.meals) + len(each.drinks)} foods and drinks"
        for at, each in enumerate(diet.days, 1)
    ]


def _about(before: Person, after: Person) -> Iterator[Block]:
    if before.region != after.region:
        yield Point(f"Region: {after.region or 'not said'} (was: {before.region or 'not said'})")
    if before.takes_no_medicine != after.takes_no_medicine:
        yield Point("Takes no medicine: " + ("yes" if after.takes_no_medicine else "no longer said"))
    if before.notes != after.notes:
        yield Point("The notes differ.")
