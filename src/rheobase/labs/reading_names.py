"""What a printed test name means: one of our tests, another test, or a slip of the pen."""

from __future__ import annotations

import re
from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass, field
from functools import lru_cache

from rheobase.knowledge import Analyte, Knowledge
from rheobase.knowledge.lab_reading import LabReading, load_lab_reading
from rheobase.labs.reading_units import Units, accepted, units_of
from rheobase.labs.reading_words import Words, folded

URINE, BLOOD, ELSEWHERE = "urine", "blood", "other"
_NOT_WORD = re.compile(r"[^a-z0-9+]+")
_AXIS = re.compile(r"\[[^\]]*/[^\]]*\]")
# How alike two names must be (of 100) to be taken for a slip.
_ALIKE, _SHORTEST = 84.0, 4
_FILLERS = frozenset({"in", "or", "of", "by", "im", "the", "and", "en", "de", "i"})


@dataclass(frozen=True, slots=True)
class NameFound:
    """What a name means.

    Attributes:
        analyte: Id of the test, None when it is none of ours.
        sample: "urine", "blood", "other", "" when it is not said.
        near: Id of a test that it may be, when it is not exactly one.
        other: It is known to be another test.
    """

    analyte: str | None = None
    sample: str = ""
    near: str | None = None
    other: bool = False


@dataclass(frozen=True)
class LabFacts:
    """Knowledge and the tables made of it, for reading many lines.

    Attributes:
        knowledge: The analytes.
        reading: Codes, spellings, words.
        names: Folded name to analyte id.
        others: Folded names of other tests.
        units: Spellings of units.
        seen: Names that were looked up before.
        sizes: Units of tests that were looked up before.
    """

    knowledge: Knowledge
    reading: LabReading
    names: Mapping[str, str]
    others: frozenset[str]
    units: Units
    seen: dict[tuple[str, str], NameFound] = field(default_factory=dict)
    sizes: dict[str, dict[str, tuple[str, float]]] = field(default_factory=dict)

    @property
    def words(self) -> Words:
        """Return the words of reports."""
        return self.reading.words

    def accepted(self, name: str) -> dict[str, tuple[str, float]]:
        """Return the units of a test in our spelling, each with its spelling there and its factor to SI."""
        if name not in self.sizes:
            self.sizes[name] = accepted(self.knowledge.analytes[name], self.units)
        return self.sizes[name]

    def analyte(self, name: str) -> Analyte:
        """Return a test by its id."""
        return self.knowledge.analytes[name]


def lab_facts(knowledge: Knowledge, reading: LabReading) -> LabFacts:
    """Return the tables for reading lines, made once for many."""
    names: dict[str, str] = {}
    twice: set[str] = set()
    for analyte in knowledge.analytes.values():
        own = (analyte.id, analyte.name, analyte.short, *analyte.aliases, *reading.names.get(analyte.id, ()))
        says = (each.says for each in reading.codes.values() if each.analyte == analyte.id)
        for name in (*own, *says):
            for key in _keys(name):
                if names.setdefault(key, analyte.id) != analyte.id:
                    twice.add(key)
    # A name of two tests names neither; the analyte's own id always does.
    for key in twice - {_key(each) for each in knowledge.analytes}:
        del names[key]
    others = {key for name in reading.words["other_tests"] for key in _keys(name)}
    others |= {key for code in reading.codes.values() if not code.analyte for key in _keys(code.says)}
    return LabFacts(knowledge, reading, names, frozenset(others - names.keys()), units_of(reading))


@lru_cache(maxsize=1)
def facts_for(knowledge: Knowledge) -> LabFacts:
    """Return the tables for this knowledge and the packaged reading facts; made once for the knowledge last used."""
    return lab_facts(knowledge, load_lab_reading())


def _key(name: str) -> str:
    return _NOT_WORD.sub(" ", folded(name)).strip()


def _keys(name: str) -> Iterator[str]:
    """Yield the keys under which a name is found: as it is, and its words in order of the alphabet."""
    if not name:
        return
    key = _key(name)
    yield key
    yield _sorted(key.split())


def _sorted(tokens: Iterable[str]) -> str:
    return " ".join(sorted(tokens))


def find_name(facts: LabFacts, name: str, specimen: str = "") -> NameFound:
    """Return what a printed name means.

    Args:
        facts: Names of tests and samples.
        name: As printed, such as "Calcium, ionised (serum)".
        specimen: Sample as printed beside it.
    """
    asked = (name, specimen)
    if asked not in facts.seen:
        if len(facts.seen) > 50_000:
            facts.seen.clear()
        facts.seen[asked] = _find(facts, name, specimen)
    return facts.seen[asked]


def _find(facts: LabFacts, name: str, specimen: str) -> NameFound:
    said = sample_of(facts, specimen)
    key = _key(_AXIS.sub(" ", name)) if _AXIS.search(name) and _key(name) not in facts.names else _key(name)
    tokens, own = _without_sample(facts, key)
    sample = own or said
    bare = _sorted(tokens)
    found = _first(facts.names, key, _sorted(key.split()))
    if found is None and (own == ELSEWHERE or {key, _sorted(key.split()), bare} & facts.others):
        return NameFound(other=True, sample=sample)
    found = found or _first(facts.names, " ".join(tokens), bare)
    if found is None:
        near = _near(facts, tokens)
        meant = _in_sample(facts, near, sample) if near else NameFound(sample=sample)
        return NameFound(near=meant.analyte, sample=sample)
    if own and said and own != said:
        # The name says one sample and the column another.
        return NameFound(near=found, sample=sample)
    return _in_sample(facts, found, sample)


def _first(names: Mapping[str, str], *keys: str) -> str | None:
    return next((names[key] for key in keys if key in names), None)


def sample_of(facts: LabFacts, text: str) -> str:
    """Return which sample a text names, "" for none."""
    return _without_sample(facts, _key(text))[1] if text.strip() else ""


def _without_sample(facts: LabFacts, key: str) -> tuple[list[str], str]:
    """Return the words of a name without those of the sample, and the sample."""
    words = facts.words
    padded = f" {key} "
    for phrase in words["other_samples"]:
        if f" {phrase} " in padded:
            return padded.replace(f" {phrase} ", " ").split(), ELSEWHERE
    sample = ""
    for phrase in sorted(words["urine"], key=len, reverse=True):
        plain = _key(phrase)
        if plain and f" {plain} " in padded:
            padded, sample = padded.replace(f" {plain} ", "  "), URINE
    tokens = []
    for token in padded.split():
        if token in words["blood"]:
            sample = sample or BLOOD
        elif token not in words["dropped"] and token not in _FILLERS and token not in words["arterial"]:
            tokens.append(token)
    return tokens, sample


def _in_sample(facts: LabFacts, analyte: str, sample: str) -> NameFound:
    """Return a test in the sample that was said; the urine's is another test than the blood's."""
    analytes = facts.knowledge.analytes
    urine = "urine" in analytes[analyte].specimen or analyte.startswith("urine_")
    if sample == ELSEWHERE or (urine and sample == BLOOD):
        return NameFound(other=True, sample=sample)
    if sample == URINE and not urine:
        same = f"urine_{analyte.removesuffix('_total')}"
        return NameFound(analyte=same, sample=sample) if same in analytes else NameFound(other=True, sample=sample)
    return NameFound(analyte=analyte, sample=URINE if urine else sample)


def _near(facts: LabFacts, tokens: list[str]) -> str | None:
    """Return the test that a name may be: by a slip of the pen, or with words that are not known."""
    from rapidfuzz import fuzz, process  # noqa: PLC0415 - only a name that is not known needs it

    joined = " ".join(tokens)[:80]
    if len(joined) >= _SHORTEST:
        best = process.extractOne(joined, facts.names.keys(), scorer=fuzz.ratio, score_cutoff=_ALIKE)
        other = process.extractOne(joined, facts.others, scorer=fuzz.ratio, score_cutoff=_ALIKE)
        if best and (not other or other[1] < best[1]):
            return facts.names[best[0]]
    for size in (3, 2, 1):
        for at in range(len(tokens) - size + 1):
            part = _sorted(tokens[at : at + size])
            if len(part) >= _SHORTEST and part in facts.names:
                return facts.names[part]
    return None
