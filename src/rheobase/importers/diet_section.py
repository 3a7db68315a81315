"""The lines of a diet as YAML: of a file of its own, or as a part of a case file."""

from __future__ import annotations

from collections.abc import Iterator, Mapping

from rheobase.importers.diet_lines import split_time
from rheobase.importers.yaml_text import entry, number, prose, quoted
from rheobase.person import Diet, DietDay, Eaten, Taken


def diet_section(diet: Diet) -> Iterator[str]:
    """Yield the lines of a diet under its key in a case file."""
    lines = list(diet_lines(diet))
    yield "diet:" if lines else "diet: {}"
    for block in lines:
        yield from (f"  {line}" if line else "" for line in block.split("\n"))


def diet_lines(diet: Diet) -> Iterator[str]:
    """Yield the lines of a diet."""
    if diet.days:
        yield "days:"
    for day in diet.days:
        first = True
        for line in _day(day):
            yield f"  {'- ' if first else '  '}{line}"
            first = False
    if diet.not_understood:
        yield "not_understood:"
        yield from (f"  - {quoted(line)}" for line in diet.not_understood)
    if diet.notes:
        yield f"notes: {prose(diet.notes)}"


def _day(day: DietDay) -> Iterator[str]:
    # A day always has its key, so that an empty one is kept.
    yield f"date: {day.day.isoformat() if day.day else 'null'}"
    if day.complete is not None:
        yield f"complete: {'yes' if day.complete else 'no'}"
    for key, eaten in (("meals", day.meals), ("drinks", day.drinks)):
        if eaten:
            yield f"{key}:"
            yield from (f"  - {_eaten(each)}" for each in eaten)
    if day.supplements:
        yield "supplements:"
        yield from (f"  - {_taken(each)}" for each in day.supplements)
    if day.totals is not None:
        yield f"totals: {_amounts(day.totals)}"
    if day.origin:
        yield f"from: {quoted(day.origin)}"
    if day.notes:
        yield f"notes: {quoted(day.notes)}"


def _amounts(amounts: Mapping[str, float]) -> str:
    return entry({key: number(value) for key, value in amounts.items()})


def _eaten(each: Eaten) -> str:
    keys: dict[str, str] = {}
    if each.text:
        keys["text"] = quoted(each.text)
    if each.food is not None:
        # Ids are text: an unquoted one could be read as a number.
        keys["food"] = f'"{each.food}"' if each.food.isdigit() else quoted(each.food)
    if each.grams is not None:
        keys["grams"] = number(each.grams)
    if each.time:
        keys["time"] = quoted(each.time)
    for key, amounts in (("holds", each.holds), ("per_100_g", each.per_100_g)):
        if amounts is not None:
            keys[key] = _amounts(amounts)
    if each.origin:
        keys["from"] = quoted(each.origin)
    return _line(keys, each.text)


def _taken(each: Taken) -> str:
    keys: dict[str, str] = {}
    if each.text:
        keys["text"] = quoted(each.text)
    if each.form is not None:
        keys["substance"] = quoted(each.form)
    if each.amount is not None:
        keys["amount"] = number(each.amount)
    for key, text in (("unit", each.unit), ("as", each.means)):
        if text:
            keys[key] = quoted(text)
    if each.times != 1:
        keys["times"] = number(each.times)
    if each.time:
        keys["time"] = quoted(each.time)
    if each.holds is not None:
        keys["holds"] = _amounts(each.holds)
    if each.origin:
        keys["from"] = quoted(each.origin)
    return _line(keys, each.text)


def _line(keys: Mapping[str, str], text: str) -> str:
    """Return a line as bare text where it would be read back as the same; a time in its words would be taken out."""
    bare = keys.keys() == {"text"} and text.strip() and not split_time(text)[1]
    return keys["text"] if bare else entry(keys)
