"""The page of scenarios: every one in plain words, by topic, and how to write one."""

from __future__ import annotations

from collections.abc import Iterator
from itertools import groupby

from rheobase.knowledge import Knowledge
from rheobase.person import LabResult, MedicineUse, Person, Status
from rheobase.report.words import answer, label
from scenario_file import FOLDER, Scenario, read_scenario, scenario_files

SETTINGS = {
    "home": "asks at home",
    "primary_care": "seen by a family doctor",
    "specialist": "seen in a specialist clinic",
    "hospital": "seen in hospital",
}
EXPERT = "expert"
PERSON_KEYS = ("age_years", "sex")
INTRODUCTION = """# Scenarios

Made by `make docs` from `tests/scenarios`. Each is one person and what Rheobase must, and must not, say. Every one runs
as a test: when the knowledge changes and one no longer holds, somebody has to decide which of the two is wrong.

{count} scenarios{known_wrong}. None of these people is real. No clinician has reviewed them yet: please correct them.

## Correct or write one

You need a text editor, nothing else.

1. Open a file under `tests/scenarios/<topic>/` that is near to what you have in mind, and copy it under a new name.
2. `name`: one plain sentence that says what is true. `story`: a sentence or two, if it helps.
3. `person`: as in a [case file](case_file.md). Findings by their plain names, as in this page. What is under `present`
   is there, under `absent` was asked and is not there, under `unknown` was asked and is not known. **What is nowhere
   was not asked**, which is not the same as absent.
4. `expect`: what you expect **before** you see what Rheobase says.
5. `source`: where the expectation comes from (`rheobase explain NAME` shows what a source is; `expert` is our opinion).
6. Run `.venv/bin/pytest tests/scenarios`. Where it differs, the message says what was expected, what came, and which
   facts were read. Decide honestly whether the scenario or the knowledge is wrong. Never bend a weight for one
   scenario.

```yaml
name: An eyelid that twitches after long days at a screen needs no appointment
story: Eleven hours a day at a screen for a deadline.
person:
  about: {{age: 29, sex: male, setting: home, region: GB}}
  present:
    - muscle twitching
  absent:
    - weak face
  values:
    places that twitch: [eyelid]
    length of time twitching: 6 days
  medicines: none
expect:
  urgency: [self_care, routine]
  must_lead:
    - Eyelid twitch
  never_says:
    - "don't worry"
source: [nhs_twitch]
```

| under `expect` | means |
|---|---|
| `urgency: same_day` | exactly this level: {levels} |
| `urgency: [routine, self_care]` | any of these |
| `urgency: {{at_least: same_day}}` | this one or a more urgent one |
| `must_be_first` | the most probable cause is this one (or one of these) |
| `must_lead`, `must_not_lead` | these are, or are not, among the three most probable causes |
| `must_add` | these background factors are named as adding to it |
| `fires`, `never_fires` | these warning signs are, or are not, raised, by their titles |
| `offered`, `never_offered` | this advice is, or is not, given |
| `says`, `never_says` | these words stand, or do not stand, in the person's report, in small or capital letters |
| `clinician_says`, `clinician_never_says` | the same for the clinician's report |

`seed` names the statements of the [seed document](seed.md) that a scenario shows. `known_wrong` says why Rheobase does
not manage yet; such a test is expected to fail, and says so when it no longer does.
"""


def scenario_page(knowledge: Knowledge) -> str:
    """Return ``docs/scenarios.md``."""
    scenarios = [
        read_scenario(path.read_bytes(), knowledge, name=path.relative_to(FOLDER).as_posix())
        for path in scenario_files()
    ]
    wrong = sum(bool(each.known_wrong) for each in scenarios)
    text = INTRODUCTION.format(
        count=len(scenarios),
        known_wrong=f", of which {wrong} {'is' if wrong == 1 else 'are'} known not to hold yet" if wrong else "",
        levels=", ".join(f"`{each}`" for each in knowledge.levels),
    )
    lines = [text]
    for topic, group in groupby(scenarios, key=lambda each: each.topic):
        lines += [f"## {topic.replace('_', ' ').capitalize()}", ""]
        for scenario in group:
            lines += [*_scenario(scenario, knowledge), ""]
    return "\n".join(lines)


def _scenario(scenario: Scenario, knowledge: Knowledge) -> Iterator[str]:
    yield f"### {scenario.name}"
    yield ""
    if scenario.story:
        yield f"{scenario.story}"
        yield ""
    for title, items in _person(scenario.person, knowledge):
        if items:
            yield f"- {title}: {'; '.join(items)}"
    for title, expected in _expected(scenario, knowledge):
        yield f"- **{title}**: {expected}"
    if scenario.known_wrong:
        yield f"- **Does not hold yet**: {scenario.known_wrong}"
    if scenario.sources:
        yield f"- Source: {' '.join(_source(each, knowledge) for each in scenario.sources)}"
    if scenario.seed:
        yield f"- Seed document: {' '.join(knowledge.statements[each].words for each in scenario.seed)}"
    yield f"- File: `tests/scenarios/{scenario.topic}/{scenario.file}.yaml`"


def _source(source: str, knowledge: Knowledge) -> str:
    return "Our own clinical opinion." if source == EXPERT else knowledge.sources[source].citation


def _person(person: Person, knowledge: Knowledge) -> Iterator[tuple[str, list[str]]]:
    answers = {name: each for name, each in person.answers.items() if name not in PERSON_KEYS}
    yield "Person", [_who(person)]
    plain = [name for name, each in answers.items() if each.status is Status.PRESENT and each.value is True]
    yield "There", [label(knowledge, name) for name in plain]
    told = [name for name, each in answers.items() if each.status is Status.PRESENT and name not in plain]
    yield "Told", [answer(knowledge, name, each.value) for name in told if (each := answers[name]).value is not None]
    yield "Not there", [label(knowledge, name) for name, each in answers.items() if each.status is Status.ABSENT]
    yield "Asked, not known", [label(knowledge, name) for name, x in answers.items() if x.status is Status.UNKNOWN]
    yield "Medicines", ["none"] if person.takes_no_medicine else [_medicine(each) for each in person.medicines]
    yield "Blood tests", [_lab(each, knowledge) for each in person.labs]


def _who(person: Person) -> str:
    values = {name: person.answers[name].value for name in PERSON_KEYS if name in person.answers}
    age, sex = values.get("age_years"), values.get("sex")
    words = [f"{age:g} years old" if isinstance(age, float) else "", str(sex or ""), SETTINGS[person.setting]]
    return ", ".join(each for each in words if each)


def _medicine(use: MedicineUse) -> str:
    months = f" for {use.months:g} months" if use.months is not None else ""
    return f"{use.written}{months}{' (stopped)' if use.status is Status.ABSENT else ''}"


def _lab(result: LabResult, knowledge: Knowledge) -> str:
    name = knowledge.analytes[result.analyte].name
    if result.value is None:
        return f"{name}: {result.flag}"
    ends = (
        f" (reference {result.low:g} to {result.high:g})" if result.low is not None and result.high is not None else ""
    )
    unit = "" if result.unit in (None, "pH") else f" {result.unit}"
    return f"{name} {result.value:g}{unit}{ends}"


def _expected(scenario: Scenario, knowledge: Knowledge) -> Iterator[tuple[str, str]]:
    level = {each.id: each.name for each in knowledge.levels.values()}
    if scenario.at_least:
        yield "Urgency", f"{level[scenario.at_least]}, or more urgent"
    else:
        yield "Urgency", " or ".join(level[each] for each in scenario.levels)
    causes = {each.id: each.plain_name for each in knowledge.causes.values()}
    rules = {each.id: each.title for each in knowledge.rules.values()}
    advice = {each.id: each.title or each.id for each in knowledge.advice.values()}
    for key, title, names in (
        ("must_be_first", "First cause", causes),
        ("must_lead", "Among the first three causes", causes),
        ("must_not_lead", "Not among the first three causes", causes),
        ("must_add", "Named as adding to it", causes),
        ("fires", "Warning sign raised", rules),
        ("never_fires", "Warning sign not raised", rules),
        ("offered", "Advice given", advice),
        ("never_offered", "Advice not given", advice),
    ):
        if scenario.of(key):
            yield title, "; ".join(names[each] for each in scenario.of(key))
    for key, title in (
        ("says", "The report says"),
        ("never_says", "The report never says"),
        ("clinician_says", "The clinician's report says"),
        ("clinician_never_says", "The clinician's report never says"),
    ):
        if scenario.of(key):
            yield title, "; ".join(f'"{each}"' for each in scenario.of(key))
