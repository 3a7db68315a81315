"""Everything that one can look up: its names, what it leads to, and a search over all of it."""

from __future__ import annotations

import functools
from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass

from rapidfuzz import fuzz, process

from rheobase.knowledge import Knowledge
from rheobase.logic import names
from rheobase.report.compare import comparison
from rheobase.report.document import Document
from rheobase.report.explain import explanation_of
from rheobase.report.words import label

CAUSE, NUTRIENT, TEST, MEDICINE, FINDING, RULE = "cause", "nutrient", "test", "medicine", "finding", "rule"
KINDS = (CAUSE, NUTRIENT, TEST, MEDICINE, FINDING, RULE)
# What a person looks for comes before what a clinician does.
TITLES = {
    CAUSE: "Causes",
    NUTRIENT: "Nutrients",
    TEST: "Tests",
    MEDICINE: "Medicines",
    FINDING: "Findings and questions",
    RULE: "Warning signs",
}
MOST_RELATED, MOST_FOUND = 12, 60
# A cause leads to the tests of so many findings that speak for it; further ones tell little.
SPEAKING = 8
# Likeness from 0 to 100 from which a misspelt word is taken for another.
LEAST_LIKENESS = 78


@dataclass(frozen=True, slots=True)
class Entry:
    """One thing that has a page.

    Attributes:
        kind: One of ``KINDS``.
        id: Within its kind.
        name: In plain words.
        about: A few words more; may be empty.
        words: Everything that it may be looked for by, in small letters.
    """

    kind: str
    id: str
    name: str
    about: str = ""
    words: str = ""


@functools.lru_cache(maxsize=2)
def catalogue(knowledge: Knowledge) -> Mapping[tuple[str, str], Entry]:
    """Return every entry by kind and id, kinds in their order."""
    return {(each.kind, each.id): each for each in _entries(knowledge)}


def _entries(knowledge: Knowledge) -> Iterator[Entry]:
    for cause in knowledge.causes.values():
        yield _entry(CAUSE, cause.id, cause.plain_name, cause.clinical_name, *cause.key_symptoms)
    for nutrient in knowledge.nutrients.values():
        foods = map(str, nutrient.fields.get("foods", ()))
        yield _entry(NUTRIENT, nutrient.id, nutrient.name, str(nutrient.fields.get("role", "")), *foods)
    for analyte in knowledge.analytes.values():
        yield _entry(TEST, analyte.id, analyte.name, analyte.specimen, analyte.short, *analyte.aliases)
    for test in knowledge.tests.values():
        if test.id not in knowledge.analytes:
            yield _entry(TEST, test.id, test.name, test.clinical)
    for medicine in knowledge.medicines.values():
        others = (*medicine.brands, *medicine.synonyms)
        yield _entry(MEDICINE, medicine.id, medicine.name, medicine.drug_class, *others)
    for group in knowledge.medicine_classes.values():
        yield _entry(MEDICINE, group.id, group.name, "a class of medicines", *group.aliases)
    for finding in knowledge.findings.values():
        yield _entry(FINDING, finding.id, label(knowledge, finding.id), finding.clinical, *finding.aliases)
    for rule in knowledge.rules.values():
        yield _entry(RULE, rule.id, rule.title or rule.id, knowledge.levels[rule.urgency].name)


def _entry(kind: str, name: str, words: str, about: str = "", *others: str) -> Entry:
    plain = words[:1].upper() + words[1:]
    return Entry(kind, name, plain, about, " ".join((words, name.replace("_", " "), about, *others)).casefold())


def look_up(typed: str, knowledge: Knowledge) -> tuple[Entry, ...]:
    """Return the entries that hold every typed word, those whose name begins with it first.

    Args:
        typed: A few words; the beginning of a word is enough. A slip of typing is forgiven where nothing fits.
        knowledge: What is searched.
    """
    wanted = typed.casefold().replace("-", " ").replace("_", " ").split()[:8]
    if not wanted:
        return ()
    found = _holding(wanted, knowledge)
    if not found:
        vocabulary = _vocabulary(knowledge)
        near = [_nearest(word, vocabulary) for word in wanted]
        found = _holding(near, knowledge) if all(near) else []
    return tuple(found[:MOST_FOUND])


def _holding(wanted: list[str], knowledge: Knowledge) -> list[Entry]:
    ranked = []
    for at, entry in enumerate(catalogue(knowledge).values()):
        if not all(f" {word}" in f" {entry.words}" for word in wanted):
            continue
        name = f" {entry.name.casefold()}"
        named = sum(f" {word}" in name for word in wanted)
        ranked.append(((-named, not name.startswith(f" {wanted[0]}"), at), entry))
    return [entry for _, entry in sorted(ranked, key=lambda each: each[0])]


@functools.lru_cache(maxsize=2)
def _vocabulary(knowledge: Knowledge) -> tuple[str, ...]:
    return tuple(sorted({word for entry in catalogue(knowledge).values() for word in entry.words.split()}))


def _nearest(word: str, vocabulary: tuple[str, ...]) -> str:
    found = process.extractOne(word[:40], vocabulary, scorer=fuzz.ratio, score_cutoff=LEAST_LIKENESS)
    return str(found[0]) if found is not None else ""


def page_of(entry: Entry, knowledge: Knowledge) -> Document:
    """Return what is known about one entry: the document that ``rheobase explain`` or ``compare`` prints."""
    if entry.kind == NUTRIENT:
        return comparison((entry.id,), knowledge)
    tables: dict[str, tuple[Mapping[str, object], ...]] = {
        CAUSE: (knowledge.causes,),
        TEST: (knowledge.analytes, knowledge.tests),
        MEDICINE: (knowledge.medicines, knowledge.medicine_classes),
        FINDING: (knowledge.findings,),
        RULE: (knowledge.rules,),
    }
    held = next(table[entry.id] for table in tables[entry.kind] if entry.id in table)
    return explanation_of(held, knowledge)  # type: ignore[arg-type] # each table holds one kind


def seed_comparison(knowledge: Knowledge) -> Document:
    """Return the comparison table of the seed document: every nutrient side by side."""
    return comparison(tuple(knowledge.nutrients), knowledge)


def related(entry: Entry, knowledge: Knowledge) -> tuple[tuple[str, tuple[Entry, ...]], ...]:
    """Return what an entry leads to, by kind; the most telling first, at most a dozen of each.

    Args:
        entry: Where one stands.
        knowledge: What it leads to.
    """
    known = catalogue(knowledge)
    leads: dict[str, dict[str, None]] = {}
    for kind, name in _LEADS[entry.kind](entry.id, knowledge):
        if (kind, name) in known and (kind, name) != (entry.kind, entry.id):
            leads.setdefault(kind, {})[name] = None
    return tuple(
        (TITLES[kind], tuple(known[kind, name] for name in list(leads[kind])[:MOST_RELATED]))
        for kind in KINDS
        if kind in leads
    )


Lead = tuple[str, str]


def _from_cause(name: str, knowledge: Knowledge) -> Iterator[Lead]:
    rows = sorted(knowledge.evidence.get(name, ()), key=lambda row: -abs(row.sensitivity / row.false_positive_rate - 1))
    told = [row.finding for row in rows]
    yield from ((FINDING, each) for each in told)
    yield from ((NUTRIENT, each.id) for each in knowledge.nutrients.values() if each.fields.get("cause") == name)
    yield from ((CAUSE, each) for each in knowledge.causes[name].acts_through)
    yield from ((CAUSE, each.id) for each in knowledge.causes.values() if name in each.acts_through)
    speaking = [row.finding for row in rows if row.sensitivity > row.false_positive_rate]
    yield from ((TEST, each) for each in _tests_telling(speaking[:SPEAKING], knowledge))


def _from_nutrient(name: str, knowledge: Knowledge) -> Iterator[Lead]:
    cause = str(knowledge.nutrients[name].fields.get("cause", ""))
    yield CAUSE, cause
    yield from ((TEST, each) for each in knowledge.analytes if each == name or each.startswith(f"{name}_"))
    if cause in knowledge.causes:
        yield from (lead for lead in _from_cause(cause, knowledge) if lead[0] in (TEST, FINDING))


def _from_test(name: str, knowledge: Knowledge) -> Iterator[Lead]:
    findings: list[str] = []
    if name in knowledge.analytes:
        held = knowledge.analytes[name]
        read = (held.low_finding, held.high_finding, held.positive_finding, held.negative_finding, *held.findings)
        findings.extend(each for each in read if each)
        yield from ((TEST, each) for each in held.derived_from)
    if name in knowledge.tests:
        test = knowledge.tests[name]
        findings.extend(each for each in test.gives if each in knowledge.findings)
        yield from ((TEST, each) for each in (*test.analytes, *test.contains))
    yield from ((FINDING, each) for each in findings)
    yield from ((CAUSE, each) for each in _causes_of(findings, knowledge))
    yield from ((NUTRIENT, each) for each in knowledge.nutrients if name == each or name.startswith(f"{each}_"))


def _from_medicine(name: str, knowledge: Knowledge) -> Iterator[Lead]:
    entry = knowledge.medicines.get(name) or knowledge.medicine_classes[name]
    implied = (*entry.implies, *entry.implies_after_months)
    yield from ((FINDING, each) for each in implied)
    yield from ((CAUSE, each) for each in _causes_of(implied, knowledge))
    for moved in () if name in knowledge.medicine_classes else (*entry.depletes, *entry.raises):  # type: ignore[union-attr] # classes have none
        yield NUTRIENT, moved
        yield TEST, moved
    members = knowledge.medicine_classes[name].members if name in knowledge.medicine_classes else ()
    yield from ((MEDICINE, each) for each in members)
    yield from ((MEDICINE, each.id) for each in knowledge.medicine_classes.values() if name in each.members)


def _from_finding(name: str, knowledge: Knowledge) -> Iterator[Lead]:
    yield from ((CAUSE, each) for each in _causes_of((name,), knowledge))
    yield from ((RULE, each.id) for each in knowledge.rules.values() if name in names(each.when))
    yield from ((TEST, each) for each in _tests_telling((name,), knowledge))
    yield from ((FINDING, each) for each in knowledge.findings[name].implies)
    for table in (knowledge.medicine_classes, knowledge.medicines):
        yield from (
            (MEDICINE, each.id) for each in table.values() if name in (*each.implies, *each.implies_after_months)
        )


def _from_rule(name: str, knowledge: Knowledge) -> Iterator[Lead]:
    rule = knowledge.rules[name]
    read = names(rule.when) if rule.unless is None else (*names(rule.when), *names(rule.unless))
    yield from ((FINDING, each) for each in read)
    yield from ((TEST, each.removeprefix("lab.")) for each in read if each.startswith("lab."))
    yield from ((TEST, each) for each in rule.asks_for)


_LEADS = {
    CAUSE: _from_cause,
    NUTRIENT: _from_nutrient,
    TEST: _from_test,
    MEDICINE: _from_medicine,
    FINDING: _from_finding,
    RULE: _from_rule,
}


def _causes_of(findings: Iterable[str], knowledge: Knowledge) -> list[str]:
    """Return the causes that any of the findings speaks for, the most raised first; the feared come last."""
    wanted, odds = set(findings), dict[str, float]()
    for cause, rows in knowledge.evidence.items():
        for row in rows:
            ratio = row.sensitivity / row.false_positive_rate
            if row.finding in wanted and ratio > 1:
                odds[cause] = max(odds.get(cause, 0.0), ratio)
    return sorted(odds, key=lambda cause: (knowledge.causes[cause].feared, -odds[cause]))


def _tests_telling(findings: Iterable[str], knowledge: Knowledge) -> Iterator[str]:
    wanted = list(dict.fromkeys(findings))
    for name in wanted:
        for analyte in knowledge.analytes.values():
            read = (analyte.low_finding, analyte.high_finding, analyte.positive_finding, *analyte.findings)
            if name in read:
                yield analyte.id
        yield from (each.id for each in knowledge.tests.values() if name in each.gives)
