"""What was told to ``rheobase nerve plate``: from the options, a case file or a diet file; the options win."""

from __future__ import annotations

import contextlib
import dataclasses
import sys
from collections.abc import Callable, Iterator, Mapping
from dataclasses import dataclass, replace
from datetime import date
from pathlib import Path
from typing import Literal

import click

from rheobase.errors import DataRefusedError, UsageError
from rheobase.importers.case_file import read_case
from rheobase.importers.text_file import read_limited
from rheobase.intake.plate import COLUMNS, model_medicines, usual_shares, with_shares
from rheobase.knowledge import Knowledge
from rheobase.nerve.plate import Eaten, Lost, Patient, Phase, Run, check, run
from rheobase.person import Diet, Person, Status
from rheobase.report.plate_page import Told

AGE, SEX = "age_years", "sex"
EGFR, VITAMIN_D = "egfr", "vitamin_d_25oh"
_COMPARED: Mapping[str, Phase] = {
    "400 mg of calcium a day": Phase(60, Eaten(calcium_mg=400)),
    "150 mg of magnesium a day": Phase(60, Eaten(magnesium_mg=150)),
    "1,500 mg of potassium a day": Phase(60, Eaten(potassium_mg=1500)),
    "no vitamin D eaten": Phase(60, Eaten(vitamin_d_ug=0)),
    "6 L of water a day": Phase(10, Eaten(water_l=6)),
    "2 L of sweat, made up with water": Phase(10, Eaten(water_l=4.5), Lost(sweat=2)),
    "1 L of loose stools a day": Phase(7, lost=Lost(diarrhoea=1)),
    "1 L of vomit a day": Phase(4, lost=Lost(vomiting=1)),
    "60 g of alcohol a day": Phase(60, lost=Lost(alcohol=60)),
    "a thiazide": Phase(60, medicines=("thiazide",)),
    "a loop diuretic": Phase(60, medicines=("loop_diuretic",)),
    "a proton pump inhibitor": Phase(60, medicines=("ppi",)),
    "a medicine that wastes magnesium": Phase(60, medicines=("magnesium_waster",)),
    "denosumab": Phase(21, medicines=("denosumab",)),
    "parathyroid glands removed": Phase(7, without_glands=True),
}


@dataclass(frozen=True, slots=True)
class Files:
    """Files that were named, and the day for which a diet is read."""

    case: str | None
    diet: str | None
    on: date


@dataclass(frozen=True, slots=True)
class Given:
    """Who, what, and the shares absorbed from ordinary food."""

    patient: Patient
    phase: Phase
    shares: tuple[float, float]
    unknown_medicines: tuple[str, ...]

    def as_told(self, seed: int, compared: Mapping[str, Run], knowledge: Knowledge) -> Told:
        """Return the same for the page."""
        intake = knowledge.intake
        size = (self.patient.weight or intake.value("plate.body.weight")) / intake.value("plate.body.weight")
        usual = {
            name: intake.value(f"plate.usual.{name}") * (1 if name == "vitamin_d_ug" else size)
            for name in (*COLUMNS, "water_l")
        }
        return Told(self.patient, self.phase, usual, self.unknown_medicines, seed, compared)


def told(  # noqa: PLR0917 - four kinds of what was told
    numbers: Mapping[str, float | None],
    sex: str | None,
    medicines: tuple[str, ...],
    files: Files,
    knowledge: Knowledge,
) -> Given:
    """Return what was told; what was not is left as usual.

    Raises:
        DataRefusedError: A number is not plausible, a file can't be read, or no medicine is known by a name.
        UsageError: Two diets were named.
    """
    person = _person(files.case, knowledge)
    if files.diet is not None and person is not None and person.diet is not None:
        raise UsageError("The case file holds a diet. Give --diet, or the case without its diet.")
    diet = _diet(files) if files.diet is not None else person.diet if person is not None else None
    by_name = {name: number for name, number in numbers.items() if number is not None}
    patient = _patient(person, by_name, sex)
    eaten = {**_eaten_of(diet), **_some(by_name, Eaten)}
    written = [*medicines]
    known, unknown = model_medicines(written, knowledge)
    if unknown:
        message = (
            f"Medicine {unknown[0]!r}: the model knows no effect of it on these values. It knows "
            "thiazides, loop and potassium-sparing "
            "diuretics, ACE inhibitors and ARBs, proton pump inhibitors, steroids, denosumab, zoledronic acid, "
            "calcitriol and alfacalcidol, and medicines that waste magnesium."
        )
        raise DataRefusedError(message)
    left: tuple[str, ...] = ()
    if person is not None:
        taken = [each.written for each in person.medicines if each.status is Status.PRESENT]
        more, left = model_medicines(taken, knowledge)
        known = tuple(dict.fromkeys((*known, *more)))
    phase = Phase(by_name["days"], Eaten(**eaten), Lost(**_some(by_name, Lost)), known)
    check(patient, [phase], knowledge.intake)
    if phase.days < 1:
        raise DataRefusedError(f"days: {phase.days:g} is less than a day. Give at least 1.")
    phase = replace(phase, eaten=with_shares(phase.eaten, patient, knowledge.intake))
    return Given(patient, phase, usual_shares(patient, knowledge.intake), left)


def _some(numbers: Mapping[str, float], kind: type[Eaten | Lost | Patient]) -> dict[str, float]:
    return {each.name: numbers[each.name] for each in dataclasses.fields(kind) if each.name in numbers}


def _person(case: str | None, knowledge: Knowledge) -> Person | None:
    if case is None:
        return None
    return read_case(read_limited("-" if case == "-" else Path(case)), knowledge, name=case)


def _patient(person: Person | None, numbers: Mapping[str, float], sex: str | None) -> Patient:
    """Return who it is; an option wins over the case file, a later blood test over an earlier."""
    found: dict[str, float] = {}
    recorded: object = sex
    if person is not None:
        age = person.answers[AGE].value if AGE in person.answers else None
        if isinstance(age, int | float):
            found["age"] = float(age)
        if sex is None and SEX in person.answers:
            recorded = person.answers[SEX].value
        for field, analyte in (("gfr", EGFR), ("vitamin_d", VITAMIN_D)):
            known = [each for each in person.labs if each.analyte == analyte and each.value is not None]
            if known:
                latest = max(known, key=lambda each: each.taken or date.min)
                found[field] = float(latest.value or 0.0)
    found |= _some(numbers, Patient)
    kind: Literal["male", "female"] | None = (
        "female" if recorded == "female" else "male" if recorded == "male" else None
    )
    return Patient(sex=kind, **found)


def _diet(files: Files) -> Diet:
    from rheobase.importers.diet_file import MAX_BYTES, read_diet

    name = str(files.diet)
    data = read_limited("-" if name == "-" else Path(name), limit=MAX_BYTES)
    return read_diet(data, name="standard input" if name == "-" else name, on=files.on)


def _eaten_of(diet: Diet | None) -> dict[str, float]:
    """Return the mean of a diet's days with supplements; a nutrient that no day knows stays out, and so as usual."""
    if diet is None or not diet.days:
        return {}
    from rheobase.diet.reading import read_diet_lines
    from rheobase.diet.summary import summarise
    from rheobase.foods import load_foods
    from rheobase.knowledge.supplements import load_supplements

    summary = summarise(read_diet_lines(diet, load_foods(), load_supplements()))
    found = {}
    for field, column in COLUMNS.items():
        mean = summary.means.get(column)
        if mean is not None and mean.food is not None:
            found[field] = mean.food.best + (mean.supplements.best if mean.supplements is not None else 0.0)
    return found


def others(given: Given, knowledge: Knowledge) -> dict[str, Run]:
    """Return what common diets, losses and medicines would do to the same body, each alone."""
    facts = knowledge.intake
    found = {}
    for words, phase in _COMPARED.items():
        whole = replace(phase, eaten=with_shares(phase.eaten, given.patient, facts))
        found[words] = run(given.patient, [whole], facts, shares=given.shares)
    return found


@contextlib.contextmanager
def progress(count: int) -> Iterator[Callable[[int], None]]:
    """Yield what moves a bar on standard error, on a terminal and with something to wait for; else nothing is shown."""
    if not count or sys.stderr is None or not sys.stderr.isatty():
        yield lambda _: None
        return
    with click.progressbar(length=count, label="Bodies", file=sys.stderr) as bar:
        yield lambda _: bar.update(1)
