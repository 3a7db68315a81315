"""How old blood tests are, said where they decide something: a level of years ago is not that of today."""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from datetime import date

from rheobase.assess.labs import Reading
from rheobase.knowledge import Knowledge
from rheobase.report.document import Point

FORMULA, SHOWN = "age_of_result", 6


def age_points(readings: Iterable[Reading], knowledge: Knowledge, *, on: date) -> Iterator[Point]:
    """Yield what is to be said of old results, and of results of a day that is still to come; nothing for recent ones.

    Args:
        readings: The newest of each test.
        knowledge: From which age on it is said.
        on: Today.
    """
    limits = knowledge.formulas[FORMULA].constants
    dated = [
        (each.result.taken, knowledge.analytes[each.analyte].name)
        for each in readings
        if each.result is not None and each.result.taken is not None
    ]
    old = sorted(each for each in dated if (on - each[0]).days > limits["days_old"])
    if old:
        first, last = ((on - day).days for day, _ in (old[0], old[-1]))
        ages = " to ".join(dict.fromkeys((ago(first, knowledge), ago(last, knowledge))))
        which = f"all of {old[0][0].isoformat()}" if first == last and len(old) == len(dated) else _names(old)
        yield Point(
            f"Old blood tests ({ages} ago): {which}. What is said of them was true then, and may not be now.",
            ("Treated or measured again since? Then the newer result counts. If not, ask for the test again.",),
        )
    if late := sorted(each for each in dated if each[0] > on):
        yield Point(f"Dated after {on.isoformat()}: {_names(late)}. Is the date right?")


def ago(days: int, knowledge: Knowledge) -> str:
    """Return an age in words: "6 weeks", "4 months", "10 years".

    Args:
        days: From the sample to today.
        knowledge: When to count in weeks, months and years.
    """
    limits = knowledge.formulas[FORMULA].constants
    unit, size = "years", limits["days_in_year"]
    if days < limits["weeks_below"]:
        unit, size = "weeks", limits["days_in_week"]
    elif days < limits["months_below"]:
        unit, size = "months", limits["days_in_month"]
    return f"{int(days / size)} {unit}"


def _names(dated: list[tuple[date, str]]) -> str:
    by_day: dict[date, list[str]] = {}
    for day, name in dated[:SHOWN]:
        by_day.setdefault(day, []).append(name)
    said = "; ".join(f"{', '.join(names)} ({day.isoformat()})" for day, names in by_day.items())
    more = len(dated) - SHOWN
    return f"{said} and {more} more" if more > 0 else said
