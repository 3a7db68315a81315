"""How the lines of a diet were read, what needs a person's word, and what was not understood."""

from __future__ import annotations

from typing import Any

from rheobase import __version__
from rheobase.diet.reading import DietReading, Reading, State
from rheobase.diet.supplements import TakenReading
from rheobase.foods import NUTRIENTS
from rheobase.foods.nutrients import nutrient_label
from rheobase.report.document import Block, Document, Paragraph, Point, Section, Table
from rheobase.report.figures import figure

SCHEMA_VERSION = 1
SHOWN_CANDIDATES = 3


def read_page(reading: DietReading, *, name: str) -> Document:
    """Return how each line was read.

    Args:
        reading: The diet as it was read.
        name: File, for the command that confirms.
    """
    foods, taken = tuple(reading.foods()), tuple(reading.supplements())
    sections = [Section("In short", (Paragraph(_in_short(reading)),))]
    if counted := [each for each in foods if each.state.counts]:
        rows = tuple(_row(each) for each in counted)
        sections.append(Section("Read", (Table("What counts", ("", "line", "read as", "grams", "sure"), rows),)))
    if settled := [(number, each) for number, each in taken if not each.doubts]:
        rows = tuple((str(number), each.taken.text or each.taken.form or "", each.what) for number, each in settled)
        sections.append(Section("Supplements", (Table("What counts", ("", "line", "read as"), rows),)))
    asked = [_asked(each) for each in foods if each.state in (State.CONFIRM, State.UNWEIGHED)]
    asked += [_asked_supplement(number, each) for number, each in taken if each.doubts]
    if asked:
        how = (
            "These do not count until you say so. Take the first with --choose NUMBER, another with "
            f"--choose NUMBER=ID or NUMBER=ID:GRAMS, then write a new file: rheobase diet read {name} --choose 3 "
            "--confirm NEW.yaml"
        )
        sections.append(Section("To confirm", (Paragraph(how), *asked)))
    lost: list[Block] = [_asked(each) for each in foods if each.state is State.NOT_FOUND]
    lost += [Point(line) for line in reading.diet.not_understood]
    if lost:
        sections.append(Section("Not understood", tuple(lost)))
    return Document(f"What {name} says", tuple(sections), ())


def _in_short(reading: DietReading) -> str:
    lines = sum(1 for _ in reading.foods()) + sum(1 for _ in reading.supplements())
    estimated = sum(each.state is State.ESTIMATED for each in reading.foods())
    days = len(reading.days)
    said = f"{days} {'day' if days == 1 else 'days'}, {lines} {'line' if lines == 1 else 'lines'}: "
    sure = lines - reading.open
    said += f"{sure} {'counts' if sure == 1 else 'count'}, {reading.open} {'waits' if reading.open == 1 else 'wait'} "
    said += "for your word."
    return said + (f" The weight of {estimated} is our estimate." if estimated else "")


def _row(each: Reading) -> tuple[str, ...]:
    what = each.food.description if each.food else each.basis
    grams = figure(each.grams.best) if each.grams else "not known"
    if each.state is State.ESTIMATED and each.grams:
        grams = f"{grams} ({figure(each.grams.low)}-{figure(each.grams.high)})"
    return str(each.number), each.name, what, grams, str(each.state)


def _asked(each: Reading) -> Point:
    details = list(each.doubts)
    if each.candidates:
        shown = "; ".join(f"{match.food.id} {match.food.description}" for match in each.candidates[:SHOWN_CANDIDATES])
        details.append(f"choices: {shown}")
    return Point(f"{each.number}. {each.name}", tuple(details))


def _asked_supplement(number: int, each: TakenReading) -> Point:
    return Point(f"{number}. {each.taken.text or each.taken.form or ''}", (*each.doubts, _until_then(each)))


def _until_then(each: TakenReading) -> str:
    """Say which nutrients are not known while a supplement is in doubt."""
    if len(each.may_hold) == len(NUTRIENTS):
        return "until then what supplements give is not known for any nutrient"
    names = [nutrient_label(name) for name in NUTRIENTS if name in each.may_hold]
    return f"until then what supplements give is not known for {', '.join(names)}"


def _food_json(each: Reading) -> dict[str, Any]:
    return {
        "number": each.number,
        "text": each.eaten.text,
        "state": str(each.state),
        "counts": each.state.counts,
        "food": each.food.id if each.food else None,
        "description": each.food.description if each.food else None,
        "grams": each.grams.best if each.grams else None,
        "grams_low": each.grams.low if each.grams else None,
        "grams_high": each.grams.high if each.grams else None,
        "basis": each.basis,
        "doubts": list(each.doubts),
        "candidates": [
            {"id": match.food.id, "description": match.food.description, "score": match.score}
            for match in each.candidates
        ],
    }


def read_json(reading: DietReading) -> dict[str, Any]:
    """Return how each line was read, as plain data; what is not known is null."""
    return {
        "schema_version": SCHEMA_VERSION,
        "rheobase_version": __version__,
        "table": reading.table,
        "open": reading.open,
        "days": [
            {
                "date": day.day.day.isoformat() if day.day.day else None,
                "complete": day.day.complete,
                "foods": [_food_json(each) for each in day.foods],
                "supplements": [
                    {
                        "number": number,
                        "text": each.taken.text,
                        "read_as": each.what,
                        "gives": {
                            key: {"best": span.best, "low": span.low, "high": span.high}
                            for key, span in each.gives.items()
                        },
                        "doubts": list(each.doubts),
                        "may_hold": [name for name in NUTRIENTS if name in each.may_hold],
                    }
                    for number, each in day.supplements
                ],
            }
            for day in reading.days
        ],
        "not_understood": list(reading.diet.not_understood),
    }
