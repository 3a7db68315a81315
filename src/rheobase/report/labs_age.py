"""How old blood tests are, said where they decide something: a level of years ago is not that of today."""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from datetime import date

from rheobase.assess.facts import Facts
from rheobase.assess.old_results import is_old
from rheobase.knowledge import Knowledge
from rheobase.person import LabResult
from rheobase.report.document import Point

FORMULA, SHOWN = "age_of_result", 6
Dated = tuple[date, str]


def age_points(facts: Facts, knowledge: Knowledge, *, on: date) -> Iterator[Point]:
    """Yield what is to be said of the days of results; nothing where all are recent.

    Args:
        facts: With the newest of each test, and what was urgent by results that no longer speak for today.
        knowledge: How long each test speaks, and from which age on it is said at all.
        on: Today.
    """
    limits = knowledge.formulas[FORMULA].constants
    results = [each.result for each in facts.readings if each.result is not None]
    dated = _dated(results, knowledge)
    past = _dated((each for each in results if is_old(each, knowledge, on=on)), knowledge)
    urgent = tuple(f"urgent then, and not known to be mended - {each}" for each in facts.was_critical)
    if urgent and not past:
        yield Point(
            "Of some tests there are two results, and it is not known which is the newer one. What the one that is "
            "not used would mean is said here so that it is not lost. Write the days, and the hours of one day.",
            urgent,
        )
    if past:
        yield Point(
            f"Old blood tests ({_ages(past, knowledge, on)}): {_which(past, dated)}. What is said of them was true "
            "then, and may not be now. They are too old to weigh in the causes or to rule anything out today.",
            (
                *urgent,
                "Treated or measured again since? Then the newer result counts. If not, ask for the test again.",
            ),
        )
    aged = sorted(each for each in set(dated) - set(past) if (on - each[0]).days > limits["days_old"])
    if aged:
        yield Point(f"Not new, and still counted ({_ages(aged, knowledge, on)}): {_which(aged, dated)}.")
    if late := [each for each in dated if each[0] > on]:
        yield Point(f"Dated after {on.isoformat()}: {_names(late)}. Is the date right?")


def undated_point(facts: Facts, knowledge: Knowledge) -> Iterator[Point]:
    """Yield which results have no date: they count as today's, since unknown is not old.

    Args:
        facts: With the newest of each test.
        knowledge: Their names.
    """
    results = [each.result for each in facts.readings if each.result is not None]
    if undated := [knowledge.analytes[each.analyte].name for each in results if each.taken is None]:
        more = f" and {len(undated) - SHOWN} more" if len(undated) > SHOWN else ""
        yield Point(f"Without a date, so taken as of today: {', '.join(undated[:SHOWN])}{more}.")


def ago(days: int, knowledge: Knowledge) -> str:
    """Return an age in words: "6 weeks", "4 months", "10 years".

    Args:
        days: From the sample to today.
        knowledge: When to count in days, weeks, months and years.
    """
    limits = knowledge.formulas[FORMULA].constants
    unit, size = "years", limits["days_in_year"]
    if days < limits["days_below"]:
        unit, size = "days", 1.0
    elif days < limits["weeks_below"]:
        unit, size = "weeks", limits["days_in_week"]
    elif days < limits["months_below"]:
        unit, size = "months", limits["days_in_month"]
    return f"{int(days / size)} {unit}"


def _dated(results: Iterable[LabResult], knowledge: Knowledge) -> list[Dated]:
    return sorted((each.taken, knowledge.analytes[each.analyte].name) for each in results if each.taken is not None)


def _ages(some: list[Dated], knowledge: Knowledge, on: date) -> str:
    ages = dict.fromkeys(ago((on - day).days, knowledge) for day, _ in (some[0], some[-1]))
    return f"{' to '.join(ages)} ago"


def _which(some: list[Dated], dated: list[Dated]) -> str:
    one_day = some[0][0] == some[-1][0] and len(some) == len(dated)
    return f"all of {some[0][0].isoformat()}" if one_day else _names(some)


def _names(dated: list[Dated]) -> str:
    by_day: dict[date, list[str]] = {}
    for day, name in dated[:SHOWN]:
        by_day.setdefault(day, []).append(name)
    said = "; ".join(f"{', '.join(names)} ({day.isoformat()})" for day, names in by_day.items())
    more = len(dated) - SHOWN
    return f"{said} and {more} more" if more > 0 else said
