"""Read a scenario: one person in plain words, and what Rheobase must say about them. Used by the tests and the docs."""

from __future__ import annotations

import json
from collections.abc import Callable, Iterator
from dataclasses import dataclass
from pathlib import Path

from rheobase.errors import DataRefusedError
from rheobase.importers.case_file import VERSION, VERSION_KEY, read_case
from rheobase.importers.case_problems import Names, Problems, did_you_mean, names_of, shown
from rheobase.importers.safe_yaml import load_yaml
from rheobase.knowledge import Knowledge
from rheobase.person import Person

FOLDER = Path(__file__).resolve().parents[1] / "tests" / "scenarios"
KEYS = ("name", "story", "person", "expect", "source", "seed", "known_wrong")
AT_LEAST = "at_least"
INSUFFICIENT = "insufficient"
CONTRIBUTOR = "contributor"
URGENCY = "urgency"
# Which things the lists under `expect` name; the others are words that stand in the report.
CAUSES = ("must_be_first", "must_lead", "must_not_lead", "must_add")
RULES = ("fires", "never_fires")
ADVICE = ("offered", "never_offered")
WORDS = ("says", "never_says", "clinician_says", "clinician_never_says")
EXPECT_KEYS = (URGENCY, *CAUSES, *RULES, *ADVICE, *WORDS)


@dataclass(frozen=True, slots=True)
class Scenario:
    """One person, and what must be said.

    Attributes:
        topic: Name of the folder.
        file: Name of the file without its ending.
        name: One sentence that says what is true.
        story: A sentence or two about the person, or nothing.
        person: Whom Rheobase judges.
        levels: Ids of the urgency levels that are right.
        at_least: The level that was given as ``at_least``, if it was.
        lists: What else is expected, by key of ``expect``: ids of causes, rules and advice, or words.
        sources: Ids of the sources that the expectation comes from.
        seed: Ids of the statements of the seed document that it shows.
        known_wrong: Why Rheobase does not manage yet; nothing where it does.
    """

    topic: str
    file: str
    name: str
    story: str
    person: Person
    levels: tuple[str, ...]
    at_least: str | None
    lists: dict[str, tuple[str, ...]]
    sources: tuple[str, ...]
    seed: tuple[str, ...]
    known_wrong: str

    def of(self, key: str) -> tuple[str, ...]:
        """Return one list of ``expect``; empty where it was not given."""
        return self.lists.get(key, ())


def scenario_files(folder: Path = FOLDER) -> list[Path]:
    """Return every scenario file, by topic and name."""
    return sorted(folder.glob("*/*.yaml"))


def read_scenario(data: bytes, knowledge: Knowledge, *, name: str) -> Scenario:
    """Return one scenario.

    Args:
        data: The bytes of the file.
        knowledge: The findings, causes, rules, advice and sources that it may name.
        name: ``topic/file.yaml``, to call it in a message.

    Raises:
        DataRefusedError: One line for each thing that is wrong: what came, what was expected, what to do.
    """
    content = load_yaml(data, name=name)
    if not isinstance(content, dict):
        raise DataRefusedError(f"{name}: expected a scenario with {', '.join(KEYS[:4])}, got {shown(content)}.")
    return _Reader(knowledge, Problems(name)).read(content)


@dataclass(slots=True)
class _Reader:
    """Reads one file and gathers everything that is wrong with it."""

    knowledge: Knowledge
    problems: Problems

    def read(self, content: dict[str, object]) -> Scenario:
        """Return the scenario, or refuse the file."""
        self._check_keys("", content, KEYS)
        sentence, story = self._text("name", content, needed=True), self._text("story", content)
        expect = content.get("expect")
        if not isinstance(expect, dict):
            self.problems.add(f"expect: expected a mapping such as {{urgency: routine}}, got {shown(expect)}.")
            expect = {}
        self._check_keys("expect: ", expect, EXPECT_KEYS)
        levels, at_least = self._levels(expect.get(URGENCY))
        lists = dict(self._lists(expect))
        sources = self._ids("source", content.get("source"), names_of((each, ()) for each in self.knowledge.sources))
        seed = self._ids("seed", content.get("seed"), names_of((each, ()) for each in self.knowledge.statements))
        known_wrong = self._text("known_wrong", content)
        person = self._person(content.get("person"))
        self.problems.raise_if_any()
        topic, _, file = self.problems.name.rpartition("/")
        return Scenario(
            topic=topic,
            file=file.removesuffix(".yaml"),
            name=sentence,
            story=story,
            person=person,
            levels=levels,
            at_least=at_least,
            lists=lists,
            sources=sources,
            seed=seed,
            known_wrong=known_wrong,
        )

    def _person(self, body: object) -> Person:
        """Return the person; the case-file reader judges the body and names what is wrong with it."""
        if not isinstance(body, dict):
            expected = "a mapping such as {about: {age: 28}, present: [cramps]}"
            self.problems.add(f"person: expected {expected}, got {shown(body)}.")
            return Person()
        case = json.dumps({VERSION_KEY: VERSION, **body}).encode()
        try:
            return read_case(case, self.knowledge, name=f"{self.problems.name}: person")
        except DataRefusedError as refused:
            for line in str(refused).splitlines():
                self.problems.add(line.removeprefix(f"{self.problems.name}: "))
            return Person()

    def _text(self, key: str, content: dict[str, object], *, needed: bool = False) -> str:
        text = content.get(key)
        if isinstance(text, str) and text.strip():
            return " ".join(text.split())
        if text is not None or needed:
            self.problems.add(f"{key}: expected one plain sentence, got {shown(text)}.")
        return ""

    def _check_keys(self, place: str, given: dict[str, object], keys: tuple[str, ...]) -> None:
        known = names_of((key, ()) for key in keys)
        for key in given:
            if key not in keys:
                near = did_you_mean(known.near(key, most=1, cutoff=0.6))
                self.problems.add(f"{place}{shown(key)} is not one of {', '.join(keys)}.{near}")

    def _levels(self, given: object) -> tuple[tuple[str, ...], str | None]:
        """Return the acceptable levels; ``at_least`` means that one and every more urgent one."""
        levels = self.knowledge.levels
        known = names_of((each.id, (each.name, each.within)) for each in levels.values())
        if isinstance(given, dict):
            if set(given) != {AT_LEAST} or given[AT_LEAST] == INSUFFICIENT:
                self.problems.add(f"expect: urgency: expected {{at_least: same_day}}, got {shown(given)}.")
                return (), None
            lowest = self._ids("expect: urgency: at_least", given[AT_LEAST], known)
            orders = [levels[each].order for each in lowest]
            return tuple(x.id for x in levels.values() if orders and x.order <= orders[0]), next(iter(lowest), None)
        found = self._ids("expect: urgency", given, known)
        if not found and not self.problems.lines:
            self.problems.add(f"expect: urgency: expected one of {', '.join(levels)}, got {shown(given)}.")
        return found, None

    def _lists(self, expect: dict[str, object]) -> Iterator[tuple[str, tuple[str, ...]]]:
        knowledge = self.knowledge
        causes = names_of((x.id, (x.plain_name, x.clinical_name)) for x in knowledge.causes.values())
        rules = names_of((x.id, (x.title,)) for x in knowledge.rules.values())
        advice = names_of((x.id, (x.title,)) for x in knowledge.advice.values())
        for keys, known, check in (
            (CAUSES, causes, self._check_role),
            (RULES, rules, None),
            (ADVICE, advice, None),
            (WORDS, None, None),
        ):
            for key in keys:
                if key in expect:
                    yield key, self._ids(f"expect: {key}", expect[key], known, check)

    def _ids(
        self, place: str, given: object, known: Names | None, check: Callable[[str, str], None] | None = None
    ) -> tuple[str, ...]:
        """Return ids from one name or a list of them; without ``known`` the words themselves."""
        found: list[str] = []
        items = given if isinstance(given, list) else [] if given is None else [given]
        for item in items:
            if not isinstance(item, str) or not item.strip():
                self.problems.add(f"{place}: expected text, got {shown(item)}. Put quotes around it.")
                continue
            if known is None:
                found.append(" ".join(item.split()))
                continue
            meant = known.find(item)
            if meant is None:
                self.problems.add(f"{place}: {shown(item)} is not known.{did_you_mean(known.near(item))}")
                continue
            if check is not None:
                check(place, meant)
            found.append(meant)
        return tuple(found)

    def _check_role(self, place: str, cause: str) -> None:
        adds = self.knowledge.causes[cause].role == CONTRIBUTOR
        key = place.removeprefix("expect: ")
        if adds and key in ("must_be_first", "must_lead"):
            name = self.knowledge.causes[cause].plain_name
            self.problems.add(f"{place}: {name!r} only adds to other causes. Write it under must_add.")
        if not adds and key == "must_add":
            name = self.knowledge.causes[cause].plain_name
            self.problems.add(f"{place}: {name!r} is a cause of its own. Write it under must_lead.")
