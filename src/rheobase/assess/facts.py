"""From what was told to what is known: medicines, blood tests and answers imply further findings."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass, field

from rheobase.assess.diet import DietFacts, diet_facts
from rheobase.assess.labs import Reading, changes, grades, read_labs
from rheobase.assess.weights import counts_in_full
from rheobase.intake.record_facts import Supplements
from rheobase.knowledge import Finding, Knowledge, Medicine, MedicineClass
from rheobase.knowledge.medicine_facts import told_by_name
from rheobase.labs.trend import Change
from rheobase.logic import evaluate
from rheobase.person import MedicineUse, Person, Status, Value

ONE, SOME, MANY = "one", "two_or_three", "four_or_more"


@dataclass(slots=True)
class Facts:
    """What is known, and where each thing comes from.

    Attributes:
        values: Known values by finding id, and laboratory values as ``lab.<analyte>`` in SI.
        origins: For each derived value, where it came from, in words.
        unknown: Findings that the person was asked and does not know.
        readings: Laboratory results in SI, with what was made of them.
        notes: What was assumed or could not be used.
        diet: What a recorded diet says; None without one.
        changes: How results with several dates have moved.
        with_old: The values as they would be if every result still spoke for today; None where none is too old.
        was_critical: In words, what was urgent by results that no longer speak for today.
    """

    values: dict[str, Value] = field(default_factory=dict)
    origins: dict[str, str] = field(default_factory=dict)
    unknown: frozenset[str] = frozenset()
    readings: tuple[Reading, ...] = ()
    notes: list[str] = field(default_factory=list)
    diet: DietFacts | None = None
    changes: tuple[Change, ...] = ()
    with_old: dict[str, Value] | None = None
    was_critical: list[str] = field(default_factory=list)

    @property
    def ever(self) -> dict[str, Value]:
        """Return the values with those of old results: for what must not be forgotten, such as what forbids advice."""
        return self.values if self.with_old is None else self.with_old

    def add(self, name: str, value: Value, origin: str) -> bool:
        """Record a derived value; a value that speaks for danger wins over a denial. Return whether it is new."""
        present = self.values.get(name)
        if present is not None and not (present is False and value is True):
            return False
        self.values[name] = value
        self.origins[name] = origin
        return True


def gather(person: Person, knowledge: Knowledge) -> Facts:
    """Return everything that follows from what one person told.

    Unknown stays unknown: a medicine that is not listed is not "not taken", and a result without a value
    sets nothing but what its flag says.
    """
    facts = Facts(unknown=frozenset(k for k, a in person.answers.items() if a.status is Status.UNKNOWN))
    for name, answer in person.answers.items():
        if answer.status is not Status.UNKNOWN and answer.value is not None:
            facts.values[name] = answer.value
    facts.readings, notes = read_labs(person, knowledge, facts.values)
    facts.notes.extend(notes)
    for reading in facts.readings:
        for name, value in reading.sets.items():
            facts.add(name, value, reading.words)
    _medicines(person, knowledge, facts)
    _sites(knowledge, facts)
    while _implied(knowledge, facts):
        pass
    if person.diet is not None:
        _eaten(person, knowledge, facts)
        while _implied(knowledge, facts):
            pass
    if facts.readings:
        _lab_meaning(person, knowledge, facts)
    return facts


def _lab_meaning(person: Person, knowledge: Knowledge, facts: Facts) -> None:
    """Say how far out of range results are, and how they have moved."""
    for name, option in grades(knowledge, facts.values):
        facts.add(name, option, "from the values given")
    if len(person.labs) > 1:
        facts.changes = changes(person, knowledge)


def fits_the_person(finding: Finding, facts: Facts) -> bool:
    """Whether a question makes sense for this person: nobody known to be a man is asked about a pregnancy."""
    return finding.ask_when is None or evaluate(finding.ask_when, facts.values) is not False


def _medicines(person: Person, knowledge: Knowledge, facts: Facts) -> None:
    serotonergic = 0
    for use in person.medicines:
        entry = knowledge.medicines.get(use.medicine or "") or knowledge.medicine_classes.get(use.medicine or "")
        if entry is not None:
            _medicine(entry, use, facts)
            serotonergic += entry.serotonergic and use.status is Status.PRESENT
    for combination in knowledge.combinations.values():
        if all(serotonergic >= number for number in combination.needs.values()):
            for name in combination.implies:
                facts.add(name, value=True, origin="from the medicines together")
    if person.takes_no_medicine:
        for name in sorted(told_by_name(knowledge)):
            facts.add(name, value=False, origin="takes no medicine")


def _medicine(entry: Medicine | MedicineClass, use: MedicineUse, facts: Facts) -> None:
    if use.status is Status.UNKNOWN:
        return
    stopped = use.status is Status.ABSENT
    origin = f"{use.written} was stopped" if stopped else f"from {use.written}"
    for name in entry.implies_when_stopped if stopped else entry.implies:
        facts.add(name, value=True, origin=origin)
    if not stopped and use.months is not None:
        for name, months in entry.implies_after_months.items():
            facts.add(name, value=use.months >= months, origin=origin)


def _eaten(person: Person, knowledge: Knowledge, facts: Facts) -> None:
    """Add what a recorded diet measures and, for the plan, what it shows clearly; the causes weigh its chances."""
    diet = facts.diet = diet_facts(person, knowledge, facts.values)
    if diet is None:
        if person.diet is not None and person.diet.days:
            facts.notes.append("What you ate is not used: every recorded day is called incomplete.")
        return
    facts.notes.extend(diet.problems)
    origin = f"from what you recorded on {diet.days} {'day' if diet.days == 1 else 'days'}"
    for name in diet.taken:
        facts.add(name, value=True, origin=origin)
    for each in diet.numbers:
        # An answer of one's own is not written over; of a lower bound only what more would not change is used.
        if not each.row.at_least or counts_in_full(knowledge, each.row.id, each.value):
            facts.add(each.row.id, each.value, origin)
    clear = knowledge.intake.value("evidence.clear")
    for name, record in diet.records.items():
        if not record.row.sets or not diet.stands(name):
            continue
        truth = True if record.chance.best >= clear else False if record.chance.best <= 1 - clear else None
        if truth is None or record.supplements is Supplements.UNCLEAR:
            continue
        if name in facts.values and facts.values[name] is not truth:
            words = knowledge.findings[name].label
            facts.notes.append(
                f"{words}: your record over {record.days} days says otherwise than your answer; it counts."
            )
        # The record is longer and closer than an impression: it stands in its place.
        facts.values[name], facts.origins[name] = truth, origin


def _sites(knowledge: Knowledge, facts: Facts) -> None:
    """Count the places from the places themselves."""
    for finding in knowledge.findings.values():
        sites = facts.values.get(finding.counts or "")
        if not isinstance(sites, frozenset) or not sites:
            continue
        several = finding.widespread_option in sites or len(sites) > len((ONE, SOME, MANY))
        count = MANY if several else ONE if len(sites) == 1 else SOME
        facts.add(finding.id, count, "counted from the places you named")


def _implied(knowledge: Knowledge, facts: Facts) -> bool:
    changed = False
    for finding in _relevant(knowledge):
        value = facts.values.get(finding.id)
        if value is None and finding.defined_by is not None:
            truth = evaluate(finding.defined_by, facts.values)
            if truth is not None:
                changed |= facts.add(finding.id, truth, "from the values given")
        for other in finding.implies:
            # Something that implies an absent finding cannot be there; presence always wins.
            if value is True:
                changed |= facts.add(other, value=True, origin=f"follows from {finding.label or finding.id}")
            elif value is None and facts.values.get(other) is False:
                changed |= facts.add(finding.id, value=False, origin="follows from what you said is absent")
    return changed


def _relevant(knowledge: Knowledge) -> Iterator[Finding]:
    return (each for each in knowledge.findings.values() if each.implies or each.defined_by is not None)
