"""From what was told to what is known, over columns: the gates for what ``assess.facts.gather`` does for one person.

Blood tests, medicines and places imply findings; findings imply findings until nothing changes. What speaks for danger
wins over a denial, so that of yes/no values "true" wins whatever the order, and every other value is the first one.
"""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass, field

from rheobase.assess.facts import MANY, ONE, SOME
from rheobase.assess.lab_reading import HIGH, LOW, NEGATIVE, NORMAL, POSITIVE
from rheobase.cohort.circuit import EVERYBODY, NOBODY, UNKNOWN, WORKED_OUT, Circuit, Source, Three, Wired, wired
from rheobase.cohort.columns import KNOWN, NUMBER, PLACE, WORD_IS, YES
from rheobase.cohort.conditions import Values, condition
from rheobase.cohort.frame import FLAG, LAB, MEDICINE, MONTHS, NO_MEDICINE
from rheobase.knowledge import Finding, Knowledge, Medicine, MedicineClass
from rheobase.knowledge.medicine_facts import told_by_name
from rheobase.knowledge.model_labs import NOT_GRADED

CALCIUM, TOTAL = "calcium_adjusted", "calcium_total"
# Boolean: calcium stands in for the adjusted value, and so does its flag.
UNADJUSTED = "lab.calcium_total.unadjusted"


@dataclass(frozen=True, slots=True)
class Stage:
    """A circuit, and what each of its outputs is to the circuits after it."""

    circuit: Wired
    outputs: tuple[Source, ...]


def truth_sources(name: str) -> tuple[Source, Source]:
    """Return what a yes/no finding that has been worked out is to the circuits after it."""
    return Source(WORKED_OUT, name, True), Source(WORKED_OUT, name, False)


def worked_out(circuit: Circuit, name: str) -> Three:
    """Return a yes/no finding that an earlier circuit has worked out."""
    return Three(*(circuit.input(each) for each in truth_sources(name)))


def stage(circuit: Circuit, truths: Mapping[str, Three]) -> Stage:
    """Return the stage that works out some yes/no findings."""
    planes = [plane for each in truths.values() for plane in each]
    sources = tuple(circuit.here(source) for name in truths for source in truth_sources(name))
    return Stage(wired(circuit, planes), sources)


@dataclass(slots=True)
class _Told:
    """Collects what sets each yes/no finding."""

    circuit: Circuit
    true: dict[str, list[int]] = field(default_factory=lambda: defaultdict(list))
    false: dict[str, list[int]] = field(default_factory=lambda: defaultdict(list))

    def add(self, name: str, column: Three) -> None:
        self.true[name].append(column.true)
        self.false[name].append(column.false)

    def imply(self, names: Iterable[str], plane: int) -> None:
        for name in names:
            self.true[name].append(plane)

    def truths(self, absent: Mapping[str, int]) -> dict[str, Three]:
        """Return each finding; whoever is in its plane of ``absent`` lacks it unless something else is known."""
        found = {}
        for name in dict.fromkeys((*self.true, *absent)):
            true = self.circuit.any_of(self.true.get(name, ()))
            false = self.circuit.any_of((*self.false.get(name, ()), absent.get(name, NOBODY)))
            found[name] = Three(true, self.circuit.but_not(false, true))
        return {name: each for name, each in found.items() if each != UNKNOWN}


def told_stage(knowledge: Knowledge, columns: frozenset[str], world: str) -> tuple[Stage, frozenset[str]]:
    """Return the stage of what was told, and the yes/no findings of which it may know something.

    Args:
        knowledge: Analytes, medicines, findings.
        columns: The columns in which something is known of somebody, by their plain names.
        world: Today, "", or ``EVER``.
    """
    circuit = Circuit(world=world)
    told = _Told(circuit)
    for name in knowledge.findings:
        if knowledge.findings[name].type == "yes_no" and name in columns:
            told.add(name, _column(circuit, name))
    _flags(knowledge, columns, told)
    _medicines(knowledge, columns, told)
    absent: dict[str, int] = {}
    if NO_MEDICINE in columns:
        absent = dict.fromkeys(sorted(told_by_name(knowledge)), circuit.input(Source(YES, NO_MEDICINE)))
    truths = told.truths(absent)
    return stage(circuit, truths), frozenset(truths)


def _column(circuit: Circuit, name: str) -> Three:
    return circuit.of_known(circuit.input(Source(KNOWN, name)), circuit.input(Source(YES, name)))


def _flags(knowledge: Knowledge, columns: frozenset[str], told: _Told) -> None:
    for analyte in knowledge.analytes.values():
        flag = f"{LAB}{analyte.id}{FLAG}"
        if flag not in columns:
            continue
        by_flag = {
            LOW: analyte.low_finding,
            HIGH: analyte.high_finding,
            POSITIVE: analyte.positive_finding,
            NEGATIVE: analyte.negative_finding,
        }
        # As in ``assess``: where one finding stands for two flags the later flag decides.
        sets = {finding: word for word, finding in by_flag.items() if finding is not None}
        for finding, word in sets.items():
            told.add(finding, _flagged(told.circuit, flag, word))
        if analyte.id == TOTAL and UNADJUSTED in columns:
            _unadjusted(knowledge, flag, told)


def _flagged(circuit: Circuit, flag: str, word: str) -> Three:
    return circuit.of_known(circuit.input(Source(KNOWN, flag)), circuit.input(Source(WORD_IS, flag, word)))


def _unadjusted(knowledge: Knowledge, flag: str, told: _Told) -> None:
    """The flag of a total calcium that could not be adjusted counts as that of the adjusted value."""
    circuit = told.circuit
    stands_in = circuit.input(Source(YES, UNADJUSTED))
    adjusted = knowledge.analytes[CALCIUM]
    own = {name: word for name, word in ((adjusted.low_finding, LOW), (adjusted.high_finding, HIGH)) if name}
    judged = circuit.any_of(circuit.input(Source(WORD_IS, flag, word)) for word in (LOW, NORMAL, HIGH))
    for finding, word in own.items():
        here = circuit.both(stands_in, judged)
        told.add(finding, circuit.of_known(here, circuit.input(Source(WORD_IS, flag, word))))


def _medicines(knowledge: Knowledge, columns: frozenset[str], told: _Told) -> None:
    circuit = told.circuit
    serotonergic = []
    for entry in _entries(knowledge):
        name = f"{MEDICINE}{entry.id}"
        if name not in columns:
            continue
        taken, stopped = _column(circuit, name)
        told.imply(entry.implies, taken)
        told.imply(entry.implies_when_stopped, stopped)
        if entry.serotonergic:
            serotonergic.append(taken)
        if name + MONTHS in columns:
            for finding, months in entry.implies_after_months.items():
                long = circuit.input(Source(NUMBER, name + MONTHS, (">=", months)))
                here = circuit.both(taken, circuit.input(Source(KNOWN, name + MONTHS)))
                told.add(finding, circuit.of_known(here, long))
    for combination in knowledge.combinations.values():
        # Something that needs no medicine would be there for everyone.
        enough = (circuit.at_least(int(number), serotonergic) for number in combination.needs.values())
        told.imply(combination.implies, circuit.all_of(enough))


def _entries(knowledge: Knowledge) -> Iterator[Medicine | MedicineClass]:
    yield from knowledge.medicines.values()
    yield from (each for name, each in knowledge.medicine_classes.items() if name not in knowledge.medicines)


def choices(knowledge: Knowledge, columns: frozenset[str], circuit: Circuit) -> dict[str, dict[str, int]]:
    """Return the planes of each choice that was told or is counted from the places."""
    words: dict[str, dict[str, int]] = {}
    for finding in knowledge.findings.values():
        planes = dict.fromkeys(finding.options, NOBODY) if finding.type == "choice" else {}
        if planes and finding.id in columns:
            planes = {word: circuit.input(Source(WORD_IS, finding.id, word)) for word in finding.options}
        if finding.counts in columns:
            planes = _counted(finding, knowledge.findings[str(finding.counts)].options, planes, circuit)
        if any(plane != NOBODY for plane in planes.values()):
            words[finding.id] = planes
    return words


def _counted(finding: Finding, places: Iterable[str], told: Mapping[str, int], circuit: Circuit) -> dict[str, int]:
    named = {place: circuit.input(Source(PLACE, str(finding.counts), place)) for place in places}
    number = list(named.values())
    several = len((ONE, SOME, MANY)) + 1
    many = circuit.either(named.get(finding.widespread_option or "", NOBODY), circuit.at_least(several, number))
    some = circuit.but_not(circuit.at_least(2, number), many)
    one = circuit.but_not(circuit.at_least(1, number), circuit.either(some, many))
    free = circuit.but_not(EVERYBODY, circuit.any_of(told.values()))
    counted = {ONE: one, SOME: some, MANY: many}
    return {word: circuit.either(plane, circuit.both(free, counted.get(word, NOBODY))) for word, plane in told.items()}


def graded(knowledge: Knowledge, values: Values) -> None:
    """Add how far out of range each value is; what was told of it stands."""
    circuit = values.circuit
    for grade in knowledge.lab_grades.values():
        out = values.truths.get(grade.of, UNKNOWN)
        known = circuit.both(values.known(grade.value), circuit.known(out))
        if known == NOBODY:
            continue
        told = values.words.get(grade.id) or dict.fromkeys(knowledge.findings[grade.id].options, NOBODY)
        open_ = circuit.but_not(known, circuit.any_of(told.values()))
        planes = {**told, NOT_GRADED: circuit.either(told[NOT_GRADED], circuit.both(open_, out.false))}
        left = circuit.both(open_, out.true)
        for step in grade.steps:
            limits = [("<", step.below), (">=", step.least)]
            reached = circuit.all_of(
                circuit.input(Source(NUMBER, grade.value, (symbol, limit)))
                for symbol, limit in limits
                if limit is not None
            )
            planes[step.option] = circuit.either(planes[step.option], circuit.both(left, reached))
            left = circuit.but_not(left, reached)
        values.words[grade.id] = planes


def values_of(knowledge: Knowledge, columns: frozenset[str], circuit: Circuit, truths: dict[str, Three]) -> Values:
    """Return what is known of people, with choices that were told or counted."""
    findings = knowledge.findings
    numbers = {name for name in columns if name in findings and findings[name].type == "number"}
    numbers |= {f"{LAB}{analyte}" for analyte in knowledge.analytes} & columns
    places = {name: each.options for name, each in findings.items() if each.type == "sites" and name in columns}
    return Values(circuit, truths, choices(knowledge, columns, circuit), frozenset(numbers), places)


def implied_stage(
    knowledge: Knowledge, columns: frozenset[str], known: frozenset[str], world: str
) -> tuple[Stage, frozenset[str]]:
    """Return one pass over what findings imply, and every yes/no finding of which something may then be known.

    The pass is run until it changes nothing.

    Args:
        knowledge: The findings.
        columns: The columns in which something is known of somebody.
        known: The yes/no findings of which something may be known before.
        world: Today, "", or ``EVER``.
    """
    while True:
        circuit = Circuit(world=world)
        before = {name: worked_out(circuit, name) for name in knowledge.findings if name in known}
        values = values_of(knowledge, columns, circuit, dict(before))
        for finding in knowledge.findings.values():
            if finding.implies or finding.defined_by is not None:
                _imply(finding, values)
        found = frozenset(name for name, each in values.truths.items() if each != UNKNOWN)
        if found == known:
            moved = {name: each for name, each in values.truths.items() if each != before.get(name, UNKNOWN)}
            return stage(circuit, moved), found
        known = found


def _imply(finding: Finding, values: Values) -> None:
    """Do for everyone what one step of ``assess`` does for one person, in the same order."""
    circuit, truths = values.circuit, values.truths
    was = truths.get(finding.id, UNKNOWN)
    unknown = circuit.but_not(EVERYBODY, circuit.known(was))
    if finding.defined_by is not None:
        defined = condition(finding.defined_by, values)
        truths[finding.id] = Three(
            circuit.either(was.true, circuit.both(unknown, defined.true)),
            circuit.either(was.false, circuit.both(unknown, defined.false)),
        )
    for other in finding.implies:
        there = truths.get(other, UNKNOWN)
        truths[other] = Three(circuit.either(there.true, was.true), circuit.but_not(there.false, was.true))
        now = truths.get(finding.id, UNKNOWN)
        open_ = circuit.but_not(unknown, circuit.known(now))
        truths[finding.id] = Three(now.true, circuit.either(now.false, circuit.both(open_, there.false)))
