"""The people of the published cases and of the scenarios, as they are told to the cohort."""

from __future__ import annotations

from dataclasses import replace
from datetime import date
from pathlib import Path

from rheobase.importers.published_case import FULL, HISTORY, person_of, read_published_case
from rheobase.knowledge import load_knowledge
from rheobase.person import Person
from scenario_file import read_scenario, scenario_files

KNOWLEDGE = load_knowledge()
ON = date(2026, 11, 24)
CASES = sorted((Path(__file__).parents[1] / "cases" / "dev").glob("c*.yaml"))


def published() -> list[Person]:
    """Return the people of the published cases, with their tests and without."""
    read = [read_published_case(path.read_bytes(), name=path.name) for path in CASES]
    return [person_of(case, KNOWLEDGE, run=run, setting=None).person for case in read for run in (FULL, HISTORY)]


def scenarios() -> list[Person]:
    """Return the people of the scenarios; what they ate has no place in a told frame."""
    read = (read_scenario(path.read_bytes(), KNOWLEDGE, name=path.name).person for path in scenario_files())
    return [replace(person, diet=None) for person in read]


def aged(people: list[Person]) -> list[Person]:
    """Return the same people, whose undated results are of more and more days ago: old ones among them."""
    days = (date.fromordinal(ON.toordinal() - 17 * place) for place in range(100_000))
    return [
        replace(person, labs=tuple(replace(each, taken=each.taken or next(days)) for each in person.labs[:20]))
        if person.labs and number % 2
        else person
        for number, person in enumerate(people)
    ]
