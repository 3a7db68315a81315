"""Spoil whose results a report holds: two people in one file, or somebody else's report for a case."""

from __future__ import annotations

import random
from collections.abc import Callable
from dataclasses import dataclass
from datetime import date
from types import MappingProxyType

from rheobase.errors import DataRefusedError
from rheobase.evaluation.lab_reports import kinds, make_report
from rheobase.importers.labs_import import report_of
from rheobase.importers.labs_people import refuse_other
from rheobase.labs.reading_names import LabFacts
from rheobase.person import Answer, Person, Status

ON = date(2026, 11, 24)
_NAMES = ("A. Example", "B. Sample", "C. Specimen", "D. Pattern")
_SEXES = ("female", "male")
_LEAST, _MOST, _FAR = 19, 80, 3


@dataclass(slots=True)
class PeopleTally:
    """How many reports were spoiled so, and how many of them were refused; the rest were read."""

    made: int = 0
    refused: int = 0


@dataclass(frozen=True, slots=True)
class Who:
    """Somebody as a report names them."""

    name: str
    born: date
    sex: str

    def line(self, draw: random.Random) -> str:
        """Return them as a line of a report."""
        born = draw.choice((self.born.isoformat(), f"{self.born:%d %b %Y}"))
        sex = draw.choice((self.sex, self.sex[0].upper()))
        return draw.choice(
            (
                f"Patient: {self.name}   DOB: {born}   Sex: {sex}",
                f"Patient name: {self.name} | Date of birth: {born} | Gender: {sex}",
                f"Name: {self.name}  Born: {born}  Sex: {sex}",
            )
        )


def _somebody(draw: random.Random, *, name: str, sex: str | None = None) -> Who:
    age = draw.randint(_LEAST, _MOST)
    return Who(name, date(ON.year - age, draw.randint(1, 12), draw.randint(1, 28)), sex or draw.choice(_SEXES))


Spoil = Callable[[random.Random, str, Who], str]


def _second_below(draw: random.Random, text: str, who: Who) -> str:
    """Return a report in which a second person's begins halfway."""
    lines = text.splitlines()
    other = _somebody(draw, name=draw.choice([each for each in _NAMES if each != who.name]))
    at = len(lines) // 2
    return "\n".join([who.line(draw), *lines[:at], other.line(draw), *lines[at:]])


def _second_in_column(draw: random.Random, _text: str, who: Who) -> str:
    other = draw.choice([each for each in _NAMES if each != who.name])
    rows = [f"{who.name},Potassium,4.1,mmol/L", f"{other},Potassium,3.1,mmol/L", f"{who.name},Sodium,140,mmol/L"]
    draw.shuffle(rows)
    return "\n".join((f"{draw.choice(('Patient', 'Patient name', 'MRN'))},Test,Result,Unit", *rows))


def _second_birth_date(draw: random.Random, _text: str, who: Who) -> str:
    other = _somebody(draw, name=who.name)
    rows = [f"{each.born.isoformat()},Potassium,{value},mmol/L" for each, value in ((who, 4.1), (other, 3.1))]
    return "\n".join(("DOB,Test,Result,Unit", *rows))


def _other_sex(draw: random.Random, text: str, who: Who) -> str:
    return f"{Who(who.name, who.born, _SEXES[1 - _SEXES.index(who.sex)]).line(draw)}\n{text}"


def _other_age(draw: random.Random, text: str, who: Who) -> str:
    years = draw.choice((-1, 1)) * draw.randint(_FAR, _FAR * 5)
    return f"{Who(who.name, who.born.replace(year=who.born.year - years), who.sex).line(draw)}\n{text}"


def _right(draw: random.Random, text: str, who: Who) -> str:
    return f"{who.line(draw)}\n{text}"


def _other_name(draw: random.Random, text: str, who: Who) -> str:
    return f"Patient: {draw.choice([each for each in _NAMES if each != who.name])}\n{text}"


RIGHT, NAME_ALONE = "no fault", "another name alone"
SPOILS: dict[str, Spoil] = {
    "a second person halfway": _second_below,
    "a second person in a column": _second_in_column,
    "a second birth date in a column": _second_birth_date,
    "sex of somebody else": _other_sex,
    "birth date of somebody else": _other_age,
    # A case holds no name, so that another name alone can't be seen.
    NAME_ALONE: _other_name,
    RIGHT: _right,
}


def measure_people(count: int, seed: int, facts: LabFacts) -> dict[str, PeopleTally]:
    """Return for each way of spoiling how many reports were refused.

    Args:
        count: Reports of each way.
        seed: The same seed, the same reports.
        facts: What the reader knows.
    """
    draw = random.Random(seed)  # noqa: S311 - made-up reports, not secrets
    found: dict[str, PeopleTally] = {}
    for name, spoil in SPOILS.items():
        tally = found.setdefault(name, PeopleTally())
        for _ in range(count):
            who = _somebody(draw, name=draw.choice(_NAMES))
            tally.made += 1
            tally.refused += _is_refused(spoil(draw, make_report(draw, kinds()).text()[0], who), who, facts)
    return found


def _is_refused(text: str, who: Who, facts: LabFacts) -> bool:
    age = ON.year - who.born.year - ((ON.month, ON.day) < (who.born.month, who.born.day))
    told = {"age_years": Answer(Status.PRESENT, float(age)), "sex": Answer(Status.PRESENT, who.sex)}
    try:
        report = report_of(text.encode(), "report", facts)
        refuse_other(report.whose, Person(answers=MappingProxyType(told)), "report", on=ON)
    except DataRefusedError:
        return True
    return False
