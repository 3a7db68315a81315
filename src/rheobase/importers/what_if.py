"""Read "what if" changes, such as ``caffeine_mg_day=100``, and give the person as they would be then.

The same readers as for a case file check each value. A change that the rest of what was told contradicts is refused
with the reason: a supposition must be a person that could be.
"""

from __future__ import annotations

import re
from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass, field, replace
from datetime import date
from types import MappingProxyType

from rheobase.assess.old_results import facts_of
from rheobase.importers.case_answers import AnswerReader, finding_names
from rheobase.importers.case_labs import FLAGS, LabReader, analyte_names
from rheobase.importers.case_medicines import MedicineReader
from rheobase.importers.case_problems import Problems, did_you_mean, folded, shown
from rheobase.knowledge import Finding, Knowledge
from rheobase.knowledge.medicine_names import MedicineIndex
from rheobase.logic import evaluate, names
from rheobase.person import Answer, LabResult, MedicineUse, Person, Status

PLACE, ANSWERS = "what if", "answers"
NO_MEDICINE = "takes no medicine"
NOT_ADVICE = "This is no advice to stop a prescribed medicine: ask whoever prescribed it first."
EXAMPLES = "caffeine_mg_day=100, weakness_felt=no, potassium='3.1 mmol/L' or omeprazole=stopped"
LONGEST, MOST = 300, 50

_TAKEN = re.compile(r"(?:taken|takes|taking)(?:\s+for\s+(?P<time>.+))?", re.IGNORECASE)
_STOPPED = frozenset({"stopped", "not taken", "stop"})
_UNKNOWN = frozenset({"unknown", "not known", "don't know", "?"})
_QUANTITY = re.compile(r"(?P<number>[<>]?\s*[-+]?[\d.,]+(?:[eE][-+]?\d+)?)\s*(?P<unit>.*)")


@dataclass(frozen=True, slots=True)
class Supposed:
    """The person with the changes, and what is worth saying about how they were taken."""

    person: Person
    notes: tuple[str, ...] = ()


@dataclass(slots=True)
class _Changer:
    """Takes one change after another."""

    person: Person
    knowledge: Knowledge
    problems: Problems
    on: date | None
    reader: AnswerReader = field(init=False)
    removed: set[str] = field(default_factory=set)
    results: dict[str, tuple[LabResult, ...]] = field(default_factory=dict)
    uses: dict[str, MedicineUse | None] = field(default_factory=dict)
    index: MedicineIndex = field(init=False)

    def __post_init__(self) -> None:
        self.reader = AnswerReader(self.knowledge, self.problems)
        self.index = MedicineIndex(self.knowledge.medicines, self.knowledge.medicine_classes)

    def take(self, text: str) -> None:
        """Take one change, or record what is wrong with it."""
        name, equals, value = (part.strip() for part in text.partition("="))
        if not equals or not name or len(text) > LONGEST:
            self.problems.add(f"{shown(text)}: expected NAME=VALUE, such as {EXAMPLES}.")
            return
        finding = finding_names(self.knowledge).find(name)
        analyte = analyte_names(self.knowledge).find(name)
        medicine = self.index.find(name)
        if _is_about_medicine(value) and (medicine.id is not None or self._listed(name)):
            self._medicine(name, medicine.id, value)
        elif finding is not None:
            self._finding(self.knowledge.findings[finding], value)
        elif analyte is not None:
            self._result(name, analyte, value)
        elif medicine.id is not None or self._listed(name):
            self._medicine(name, medicine.id, value)
        else:
            near = (*finding_names(self.knowledge).near(name), *analyte_names(self.knowledge).near(name, most=1))
            hint = did_you_mean(dict.fromkeys((*near, *medicine.suggestions))) or (
                " `rheobase knowledge schema` lists every finding."
            )
            self.problems.add(f"{shown(name)} is not a finding, a blood test or a medicine.{hint}")

    def _finding(self, finding: Finding, value: str) -> None:
        if not value:
            self.removed.add(finding.id)
            return
        places = value.strip("[]").split(",")
        answer: object = [each.strip() for each in places] if finding.type == "sites" and len(places) > 1 else value
        self.reader.read_answer(ANSWERS, finding, answer)

    def _result(self, name: str, analyte: str, value: str) -> None:
        item: dict[str, object] = {"name": name}
        if not value or value.lower() in _UNKNOWN:
            self.results[analyte] = ()
            return
        if value.lower() in FLAGS:
            item["flag"] = value.lower()
        elif (match := _QUANTITY.fullmatch(value)) is not None:
            item |= {"value": match["number"], "unit": match["unit"].strip() or None, "written": value}
        else:
            item["value"] = value
        # The readers of case files know the word "labs"; the message is the same.
        read, _ = LabReader(self.knowledge, self.problems).read([item])
        if read:
            self.results[read[0].analyte] = read

    def _listed(self, name: str) -> list[MedicineUse]:
        """Return the medicines of the person that a name means: the same, of the same class, or so written."""
        found = self.index.find(name).id
        group = self.knowledge.medicine_classes.get(found or "")
        members = () if group is None else group.members
        return [
            use
            for use in self.person.medicines
            if (use.medicine is not None and (use.medicine == found or use.medicine in members))
            or (use.medicine is None and folded(use.written).startswith(folded(name)))
        ]

    def _medicine(self, name: str, medicine: str | None, value: str) -> None:
        word, taken = value.lower(), _TAKEN.fullmatch(value)
        item: dict[str, object] = {"name": name, "medicine": medicine}
        if not value:
            self.uses.update({use.written: None for use in self._listed(name)})
            return
        if word in _STOPPED:
            item["stopped"] = True
        elif word in _UNKNOWN:
            item["stopped"] = Status.UNKNOWN.value
        elif taken is not None:
            item["months"] = taken["time"]
        else:
            expected = "expected taken, taken for 6 months, stopped or unknown"
            self.problems.add(f"{shown(name)} is a medicine: {expected}, got {shown(value)}.")
            return
        uses, _ = MedicineReader(self.knowledge, self.problems).read([item])
        for use in uses:
            listed = self._listed(name)
            for old in listed:
                months = use.months if use.months is not None else old.months
                self.uses[old.written] = replace(old, status=use.status, months=months)
            if not listed:
                self.uses[use.written] = use

    def changed(self) -> Person:
        """Return the person with every change; what was not touched stays as it was told."""
        kept = {name: answer for name, answer in self.person.answers.items() if name not in self.removed}
        labs = [result for result in self.person.labs if result.analyte not in self.results]
        labs.extend(result for results in self.results.values() for result in results)
        medicines = [self.uses.get(use.written, use) for use in self.person.medicines]
        written = {use.written for use in self.person.medicines}
        medicines.extend(use for name, use in self.uses.items() if name not in written)
        uses = tuple(use for use in medicines if use is not None)
        answers, none = {**kept, **self.reader.answers}, self.person.takes_no_medicine
        if none and any(use.status is not Status.ABSENT for use in uses):
            answers, none = {**self._no_other_medicine(uses), **answers}, False
        return replace(
            self.person,
            answers=MappingProxyType(answers),
            labs=tuple(labs),
            medicines=uses,
            takes_no_medicine=none,
        )

    def _no_other_medicine(self, uses: Iterable[MedicineUse]) -> dict[str, Answer]:
        """Return "no" for what was denied by taking none, but not for what the supposed medicine may bring with it."""
        open_for = set(_brought(uses, self.knowledge))
        facts = facts_of(self.person, self.knowledge, on=self.on)
        denied = (name for name, value in facts.values.items() if value is False)
        return {
            name: Answer(Status.ABSENT, value=False)
            for name in denied
            if facts.origins.get(name) == NO_MEDICINE and name not in open_for
        }


def supposed_person(
    person: Person, changes: Sequence[str], knowledge: Knowledge, *, on: date | None = None
) -> Supposed:
    """Return the person as they would be.

    Args:
        person: As told.
        changes: Each ``name=value``: a finding (id, label or alias) with an answer, an analyte with a value and unit
            or a flag, a medicine with ``stopped``, ``taken`` or ``taken for 6 months``. ``unknown`` is "asked, not
            known"; nothing after the sign is "as if never asked".
        knowledge: What the names may mean.
        on: Today, so that a result too old to speak for today contradicts nothing; None where no result has a date.

    Raises:
        DataRefusedError: One line for each change that is not understood or that the rest contradicts; or a result has
            a date, and today is not said.
    """
    problems = Problems(PLACE)
    if len(changes) > MOST:
        problems.add(f"{len(changes)} changes, at most {MOST} are taken.")
        problems.raise_if_any()
    changer = _Changer(person, knowledge, problems, on)
    for text in changes:
        changer.take(text)
    for name in sorted(changer.removed & changer.reader.answers.keys()):
        problems.add(f"{name} is both answered and taken back. Keep one of them.")
    problems.raise_if_any()
    then = changer.changed()
    together = AnswerReader(knowledge, problems)
    together.answers.update(then.answers)
    together.check_together()
    problems.raise_if_any()
    notes = tuple(_check(changer, then))
    problems.raise_if_any()
    return Supposed(then, notes)


def _check(changer: _Changer, then: Person) -> Iterator[str]:
    """Record what the rest of the answers contradicts; yield what is worth saying."""
    knowledge, problems = changer.knowledge, changer.problems
    facts = facts_of(then, knowledge, on=changer.on)
    for name, answer in changer.reader.answers.items():
        held = facts.values.get(name)
        if answer.status is Status.UNKNOWN or answer.value == held:
            continue
        why = facts.origins.get(name, "from what else was told")
        problems.add(f"{name} can't be so: something else says otherwise ({why}). Change that as well.")
    for name in sorted(changer.removed | {n for n, a in changer.reader.answers.items() if a.status is Status.UNKNOWN}):
        if name in facts.values:
            words = knowledge.findings[name].label or name
            yield f"{words}: still known, {facts.origins.get(name, 'from what else was told')}."
    if any(use is not None and use.status is Status.ABSENT for use in changer.uses.values()):
        yield NOT_ADVICE
    for name in sorted(set(_brought([use for use in changer.uses.values() if use], knowledge, sure=True))):
        said = then.answers.get(name)
        if said is not None and said.value is False:
            problems.add(f"{name} was answered no, but follows from the supposed medicine. Add --what-if {name}= too.")
    for analyte in sorted(changer.results):
        for name, truth in _measured(analyte, then, changer):
            said = then.answers.get(name)
            if said is not None and said.value is not None and said.value != truth:
                told = "yes" if said.value else "no"
                problems.add(
                    f"{name} was answered {told}, but the supposed {analyte} says otherwise. Add --what-if {name}= too."
                )


def _brought(uses: Iterable[MedicineUse], knowledge: Knowledge, *, sure: bool = False) -> Iterator[str]:
    """Yield every finding that a medicine brings with it, and what follows from those; ``sure`` leaves out may-be."""
    waiting: list[str] = []
    taken = [use for use in uses if use.status is not Status.ABSENT]
    for use in taken:
        entry = knowledge.medicines.get(use.medicine or "") or knowledge.medicine_classes.get(use.medicine or "")
        if entry is None or (sure and use.status is not Status.PRESENT):
            continue
        waiting.extend(entry.implies)
        waiting.extend(() if sure else entry.implies_after_months)
    if not sure and len(taken) > 1:
        waiting.extend(name for each in knowledge.combinations.values() for name in each.implies)
    seen: set[str] = set()
    while waiting:
        name = waiting.pop()
        if name not in seen and name in knowledge.findings:
            seen.add(name)
            waiting.extend(knowledge.findings[name].implies)
            yield name


def _measured(analyte: str, then: Person, changer: _Changer) -> Iterator[tuple[str, bool]]:
    """Yield what the supposed result says of each finding by itself, without the answers."""
    knowledge = changer.knowledge
    only = replace(then, answers=MappingProxyType({}), medicines=(), takes_no_medicine=False)
    alone = facts_of(only, knowledge, on=changer.on)
    value = f"lab.{analyte}"
    entry = knowledge.analytes[analyte]
    read = {entry.low_finding, entry.high_finding, entry.positive_finding, entry.negative_finding}
    for finding in knowledge.findings.values():
        defined = finding.defined_by is not None and value in names(finding.defined_by)
        if defined and finding.defined_by is not None:
            truth = evaluate(finding.defined_by, alone.values)
            if truth is not None:
                yield finding.id, truth
        elif finding.id in read and isinstance(held := alone.values.get(finding.id), bool):
            yield finding.id, held


def _is_about_medicine(value: str) -> bool:
    return value.lower() in _STOPPED or _TAKEN.fullmatch(value) is not None
