"""Whose results they are: several people in one report are refused, and a report of somebody else is seen.

A report names its person in lines such as "Patient: A. Miller   DOB: 14/03/1961   Sex: F". Nothing of it is kept but
the day of birth and the sex, and those only to compare them.
"""

from __future__ import annotations

import re
from collections.abc import Iterable, Iterator
from datetime import date

from rheobase.errors import DataRefusedError
from rheobase.labs.reading_dates import read_date
from rheobase.labs.reading_line import Whose
from rheobase.labs.reading_words import folded
from rheobase.person import Person, Status
from rheobase.plain_text import printable

NAME, BORN, SEX, BARE = "name", "birth date", "sex", "name"
_LABELS = {
    NAME: r"patient(?: ?name|en ?name|in)?|name of patient|paciente|nom du patient|name",
    BORN: r"date of birth|birth ?date|d\.?o\.?b\.?|born|geburtsdatum|geb\.?(?: am| datum)?|n[e\u00e9](?:e|\u00e9e)? le|"
    r"date de naissance|fecha de nacimiento",
    SEX: r"sex|gender|geschlecht|sexe|sexo",
}
_ANY = "|".join(f"(?P<{at}>{words})" for at, words in zip(("n", "b", "s"), _LABELS.values(), strict=True))
_LABEL = re.compile(rf"(?<![\w])(?:{_ANY})\s*[:=]\s*", re.IGNORECASE)
_NEXT = re.compile(r"\s{2,}|\t|[|;]")
_SEXES = {
    "female": frozenset({"f", "female", "woman", "w", "weiblich", "femme", "feminin", "mujer", "femenino", "frau"}),
    "male": frozenset(
        {"m", "male", "man", "mannlich", "maennlich", "homme", "masculin", "hombre", "masculino", "herr"}
    ),
}
_LONGEST = 400
# A person whose birthday falls between the report and today, or whose age was told as of last year.
_YEARS_APART = 1


class People:
    """Takes what lines and columns say of the person, and refuses a second one."""

    def __init__(self, file: str) -> None:
        self._file = file
        self._said: dict[str, str] = {}
        self._shown: dict[str, str] = {}

    def take_line(self, line: str) -> None:
        """Take what a line without a result says of the person.

        Raises:
            DataRefusedError: It is another person than the lines above say.
        """
        for kind, text in _labelled(line[:_LONGEST]):
            self.take(kind, text)

    def take(self, kind: str, text: str) -> None:
        """Take one name, day of birth or sex.

        Raises:
            DataRefusedError: It is another one than before.
        """
        plain = _plain(kind, text)
        if not plain:
            return
        before = self._said.setdefault(kind, plain)
        shown = self._shown.setdefault(kind, printable(text.strip(), limit=40))
        same = before == plain
        if kind == NAME:
            # "A. Miller" and "Miller, Anna A." are one: a part of the name is missing on one of them.
            one, other = set(before.split()), set(plain.split())
            same = one <= other or other <= one
        if not same:
            raise DataRefusedError(
                f"{self._file}: speaks of two people: one {kind} is {shown!r}, another "
                f"{printable(text.strip(), limit=40)!r}. Expected one person. Give the report of one person alone."
            )

    def whose(self) -> Whose:
        """Return the day of birth and the sex, as far as they are certain."""
        days = read_date(self._said.get(BORN, ""), None).days
        sex = next((each for each, words in _SEXES.items() if self._said.get(SEX) in words), "")
        return Whose(days[0] if len(days) == 1 else None, sex)


def _labelled(line: str) -> Iterator[tuple[str, str]]:
    kinds = {"n": NAME, "b": BORN, "s": SEX}
    every = list(_LABEL.finditer(line))
    for found, after in zip(every, (*every[1:], None), strict=False):
        # "Name:" alone may be that of a test or of a laboratory; beside a birth date or a sex it is the person's.
        if found[0].lower().startswith(BARE) and {each.lastgroup for each in every} == {"n"}:
            continue
        rest = line[found.end() : after.start() if after else None].strip()
        yield kinds[str(found.lastgroup)], _NEXT.split(rest, maxsplit=1)[0]


def _plain(kind: str, text: str) -> str:
    if kind == BORN:
        # The same day in two spellings is one day; what is no date says nothing.
        found = read_date(text.strip().split(" (")[0], None)
        return text.strip().split(" (")[0] if found.days else ""
    words = re.findall(r"[^\W_]+", folded(text))
    return " ".join(sorted(words)) if kind == NAME else "".join(words[:1])


def contradictions(whose: Whose, person: Person, *, on: date) -> tuple[str, ...]:
    """Return in which way a report is of somebody else; nothing where either side is not known.

    Args:
        whose: What the report says.
        person: As told.
        on: Today.
    """
    told = {name: each.value for name, each in person.answers.items() if each.status is Status.PRESENT}
    found = []
    age, sex = told.get("age_years"), told.get("sex")
    if whose.sex and sex in _SEXES and sex != whose.sex:
        found.append(f"the report is of a {whose.sex} person, the case of a {sex} one")
    if whose.born is not None and isinstance(age, float | int):
        years = on.year - whose.born.year - ((on.month, on.day) < (whose.born.month, whose.born.day))
        if abs(years - age) > _YEARS_APART:
            found.append(f"by its birth date the person of the report is {years} years old, the case says {age:g}")
    return tuple(found)


def refuse_other(whose: Whose, person: Person, name: str, *, on: date) -> None:
    """Refuse a report of somebody else.

    Args:
        whose: What the report says.
        person: Whose results they are to be.
        name: Of the report, for the message.
        on: Today.

    Raises:
        DataRefusedError: Age or sex differ.
    """
    if said := contradictions(whose, person, on=on):
        raise DataRefusedError(
            f"{name}: {'; '.join(said)}. Whose results are they? If they are this person's, mend age or sex first."
        )


def people_in(lines: Iterable[str], file: str) -> People:
    """Return what lines say of the person."""
    people = People(file)
    for line in lines:
        people.take_line(line)
    return people
