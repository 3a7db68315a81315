"""Answers of a case file: each checked against its finding, and against each other."""

from __future__ import annotations

import re
from collections.abc import Mapping
from dataclasses import dataclass, field

from rheobase.importers.case_problems import Names, Problems, did_you_mean, folded, names_of, shown
from rheobase.knowledge import Finding, Knowledge, Medicine
from rheobase.knowledge.model import MedicineClass
from rheobase.person import Answer, Status

PRESENT, ABSENT, UNKNOWN = Status.PRESENT.value, Status.ABSENT.value, Status.UNKNOWN.value
VALUE, WRITTEN = "value", "written"

_YES = frozenset({"yes", "y", "true", "present"})
_NO = frozenset({"no", "n", "false", "absent"})
_NOT_KNOWN = frozenset({"unknown", "not known", "don't know", "do not know", "not sure", "?"})
_NONE = frozenset({"none", "nowhere"})

_QUANTITY = re.compile(r"([-+]?\d{1,15}(?:\.\d{1,15})?)\s*(\D[^\d]{0,40})?")
SCALE = "0-10"
_DECIMAL_COMMA = re.compile(r"\d+,\d+\D*")
_DAY = 1.0
_YEAR = 365.25
_TIMES = {
    "hour": _DAY / 24,
    "day": _DAY,
    "week": 7 * _DAY,
    "month": _YEAR / 12,
    "year": _YEAR,
}
_TIME_WORDS = {
    word: name
    for name, words in {
        "hour": ("h", "hr", "hrs", "hour", "hours"),
        "day": ("d", "day", "days"),
        "week": ("w", "wk", "wks", "week", "weeks"),
        "month": ("mo", "month", "months"),
        "year": ("y", "yr", "yrs", "year", "years"),
    }.items()
    for word in words
}


def finding_names(knowledge: Knowledge) -> Names:
    """Return every name of every finding: id, label, aliases."""
    return names_of((each.id, (each.label, *each.aliases)) for each in knowledge.findings.values())


def in_unit(text: str, unit: str) -> float | None:
    """Return a quantity in words ("3 weeks", "400 mg") in the unit asked for; None if it is not one.

    Args:
        text: A number, or a number and a unit.
        unit: ``days``, ``years``, ``mg/day`` and so on; a time is converted, any other unit must be the same.
    """
    match = _QUANTITY.fullmatch(text.strip())
    if match is None:
        return None
    number, given = float(match[1]), (match[2] or "").strip().lower()
    if not given:
        return number
    source, target = _TIME_WORDS.get(given), _TIME_WORDS.get(unit.lower())
    if source and target:
        return number * _TIMES[source] / _TIMES[target]
    # "400 mg" answers a question in mg/day: the time is part of the question.
    whole, asked = unit.lower(), unit.lower().split("/")[0]
    same = given in (whole, asked) or whole.endswith(f" {given}") or asked.endswith(f" {given}")
    return number if same else None


@dataclass(slots=True)
class AnswerReader:
    """Collects the answers of one file; a second answer that differs from the first is a contradiction."""

    knowledge: Knowledge
    problems: Problems
    answers: dict[str, Answer] = field(default_factory=dict)
    places: dict[str, str] = field(default_factory=dict)
    names: Names = field(init=False)

    def __post_init__(self) -> None:
        """Index the names once."""
        self.names = finding_names(self.knowledge)

    def read_list(self, place: str, items: object) -> None:
        """Take a list of finding ids that are all present, absent or unknown.

        Args:
            place: ``present``, ``absent`` or ``unknown``: the key, and what it says.
            items: What stands under the key.
        """
        if items is None:
            return
        if not isinstance(items, list):
            self.problems.add(f"{place}: expected a list such as [cramps, numbness], got {shown(items)}.")
            return
        for item in items:
            if (finding := self.find(place, item)) is None:
                continue
            if place == UNKNOWN:
                self._put(finding, place, Answer(Status.UNKNOWN))
            elif finding.type == "yes_no":
                self._put(finding, place, Answer(Status(place), value=place == PRESENT))
            elif finding.type == "sites" and place == ABSENT:
                self._put(finding, place, Answer(Status.ABSENT, frozenset()))
            else:
                example = f"values: {{{finding.id}: {_like(finding)}}}"
                self.problems.add(f"{place}: {finding.id} is not a yes or no. Write {example}.")

    def read_values(self, place: str, items: object) -> None:
        """Take a mapping of finding ids to answers; an empty answer was not given."""
        if items is None:
            return
        if not isinstance(items, dict):
            self.problems.add(f"{place}: expected a mapping such as {{cramps: yes}}, got {shown(items)}.")
            return
        for name, value in items.items():
            if (finding := self.find(place, name)) is not None:
                self.read_answer(place, finding, value)

    def find(self, place: str, name: object) -> Finding | None:
        """Return the finding that a name means, or record that there is none."""
        if not isinstance(name, str):
            self.problems.add(f"{place}: expected the name of a finding, got {shown(name)}.")
            return None
        finding_id = self.names.find(name)
        if finding_id is not None:
            return self.knowledge.findings[finding_id]
        if not self.problems.full:
            hint = did_you_mean(self.names.near(name)) or self._elsewhere(name)
            self.problems.add(f"{place}: {shown(name)} is not a finding.{hint}")
        else:
            self.problems.add(place)
        return None

    def read_answer(self, place: str, finding: Finding, value: object) -> None:
        """Take one answer to one finding; None means that it was not given."""
        written: str | None = None
        if isinstance(value, dict):
            given, written = value.get(VALUE), value.get(WRITTEN)
            if set(value) - {VALUE, WRITTEN} or given is None or not isinstance(written, str | None):
                self.problems.add(f"{place}: {finding.id}: expected {{value: ..., written: text}}.")
                return
            value = given
        if value is None:
            return
        if isinstance(value, str) and value.strip().lower() in _NOT_KNOWN:
            self._put(finding, place, Answer(Status.UNKNOWN, original=written))
            return
        if (answer := self._understood(place, finding, value)) is not None:
            if written is not None:
                answer = Answer(answer.status, answer.value, written)
            self._put(finding, place, answer)

    def check_together(self) -> None:
        """Record answers that cannot all be true because one implies another."""
        for name, answer in self.answers.items():
            if answer.value is True:
                self._check_implied(name)

    def _check_implied(self, name: str) -> None:
        findings, waiting, seen = self.knowledge.findings, [name], {name}
        while waiting:
            for other in findings[waiting.pop()].implies:
                if other in seen or other not in findings:
                    continue
                seen.add(other)
                waiting.append(other)
                if (answer := self.answers.get(other)) is not None and answer.value is False:
                    self.problems.add(f"{name} is present, so {other} is too, but that is absent. Change one of them.")

    def _elsewhere(self, name: str) -> str:
        if folded(name) in {folded(each) for each in self.knowledge.analytes}:
            return " It is a blood test: write it under labs."
        if folded(name) in {folded(each) for each in self.knowledge.medicines}:
            return " It is a medicine: write it under medicines."
        return " `rheobase knowledge schema` lists every finding."

    def _put(self, finding: Finding, place: str, answer: Answer) -> None:
        before = self.answers.get(finding.id)
        if before is not None and before != answer:
            first = self.places[finding.id]
            where = f"under {first} and under {place}" if first != place else f"twice under {place}"
            self.problems.add(f"{finding.id} is answered {where}, differently. Keep one of them.")
            return
        self.answers[finding.id], self.places[finding.id] = answer, place

    def _understood(self, place: str, finding: Finding, value: object) -> Answer | None:
        readers = {"yes_no": _yes_no, "number": _number, "choice": _choice, "sites": _sites}
        answer = readers[finding.type](finding, value)
        if isinstance(answer, str):
            self.problems.add(f"{place}: {finding.id}: {answer}")
            return None
        return answer


def _yes_no(_finding: Finding, value: object) -> Answer | str:
    word = value.strip().lower() if isinstance(value, str) else value
    if word is True or word in _YES:
        return Answer(Status.PRESENT, value=True)
    if word is False or word in _NO:
        return Answer(Status.ABSENT, value=False)
    return f"expected yes, no or unknown, got {shown(value)}."


def _number(finding: Finding, value: object) -> Answer | str:
    unit = finding.unit or ""
    original: str | None = None
    if isinstance(value, str):
        original = value
        number = in_unit(value, unit)
        if number is None:
            comma = " Write decimals with a point." if _DECIMAL_COMMA.fullmatch(value.strip()) else ""
            return f"expected {_of(unit)}, got {shown(value)}.{comma}"
    elif isinstance(value, bool) or not isinstance(value, int | float):
        return f"expected {_of(unit)}, got {shown(value)}."
    else:
        number = float(value)
    low, high = finding.minimum, finding.maximum
    if (low is not None and number < low) or (high is not None and number > high):
        ends = f"{'' if low is None else f'{low:g}'} to {'' if high is None else f'{high:g}'}"
        # A scale is named by its ends, which are no unit.
        given = f"{number:g}" if unit == SCALE else f"{number:g} {unit}"
        return f"{given} is impossible, expected {ends.strip()}. Check the number and its unit."
    return Answer(Status.PRESENT, number, original)


def _choice(finding: Finding, value: object) -> Answer | str:
    if isinstance(value, str) and (option := _option(finding, value)) is not None:
        return Answer(Status.PRESENT, option)
    return f"expected one of {', '.join(finding.options)}, got {shown(value)}.{_near_option(finding, value)}"


def _sites(finding: Finding, value: object) -> Answer | str:
    if value is False or (isinstance(value, str) and value.strip().lower() in _NONE):
        return Answer(Status.ABSENT, frozenset())
    chosen: set[str] = set()
    for item in value if isinstance(value, list) else [value]:
        option = _option(finding, item) if isinstance(item, str) else None
        if option is None:
            places = ", ".join(finding.options)
            return f"expected places out of {places}, got {shown(item)}.{_near_option(finding, item)}"
        chosen.add(option)
    return Answer(Status.PRESENT if chosen else Status.ABSENT, frozenset(chosen))


def _option(finding: Finding, value: str) -> str | None:
    return {folded(each): each for each in finding.options}.get(folded(value))


def _near_option(finding: Finding, value: object) -> str:
    names = names_of((each, ()) for each in finding.options)
    return did_you_mean(names.near(value, most=1, cutoff=0.6)) if isinstance(value, str) else ""


def _like(finding: Finding) -> str:
    if finding.type == "number":
        return f"<{finding.unit or 'number'}>"
    return f"[{finding.options[0]}]" if finding.type == "sites" else finding.options[0]


def medicine_findings(knowledge: Knowledge) -> Mapping[str, str]:
    """Return the findings that only someone who takes a medicine can have, with the name of one such medicine."""
    named: dict[str, str] = {}
    entries: list[Medicine | MedicineClass] = [*knowledge.medicines.values(), *knowledge.medicine_classes.values()]
    for entry in entries:
        for name in (*entry.implies, *entry.implies_after_months):
            if name in knowledge.findings and knowledge.findings[name].group == "medicine":
                named.setdefault(name, entry.name)
    return named


def _of(unit: str) -> str:
    return f"a number from {SCALE.replace('-', ' to ')}" if unit == SCALE else f"a number of {unit}"
