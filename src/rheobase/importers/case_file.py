"""Read a case file: what one person told, in YAML or JSON, and everything that is wrong with it in one go."""

from __future__ import annotations

from collections.abc import Mapping
from datetime import date
from types import MappingProxyType

from rheobase.errors import DataRefusedError
from rheobase.importers.case_answers import AnswerReader, medicine_findings
from rheobase.importers.case_labs import LabReader
from rheobase.importers.case_medicines import MedicineReader
from rheobase.importers.case_problems import Problems, did_you_mean, names_of, shown
from rheobase.importers.safe_yaml import load_yaml
from rheobase.knowledge import Knowledge
from rheobase.person import SETTINGS, Diet, MedicineUse, Person, Status
from rheobase.plain_text import printable

VERSION = 1
VERSION_KEY = "rheobase_case"
KEYS = (
    VERSION_KEY,
    "about",
    "present",
    "absent",
    "unknown",
    "findings",
    "values",
    "medicines",
    "takes_no_medicine",
    "labs",
    "diet",
    "not_understood",
    "notes",
)
ABOUT_KEYS = ("age", "sex", "setting", "region")
AGE, SEX = "age_years", "sex"

_REGION_LENGTH = 2
_NO = "NO"

# A year of a food diary stands in it. One limit for what is read, stored, packed and brought back.
MAX_BYTES = 4_000_000


def read_case(data: bytes, knowledge: Knowledge, *, name: str, on: date | None = None) -> Person:
    """Return the person whom a case file describes.

    Present, absent, unknown (asked, not known) and not asked stay apart. A medicine that is not recognised is kept as
    written and reported in ``not_understood``.

    Args:
        data: The bytes of the file.
        knowledge: The findings, analytes and medicines that it may name.
        name: How to call the file in a message.
        on: Today; a later day of a diet is refused. None: days are not compared.

    Raises:
        DataRefusedError: One line for each thing that is wrong: what came, what was expected, what to do.
    """
    problems = Problems(name)
    case = _mapping(load_yaml(data, name=name, limit=MAX_BYTES), problems)
    about = _about(case.get("about"), problems)
    reader = AnswerReader(knowledge, problems)
    reader.read_values("about", {AGE: about.get("age"), SEX: about.get("sex")})
    for place in ("present", "absent", "unknown"):
        reader.read_list(place, case.get(place))
    for place in ("findings", "values"):
        reader.read_values(place, case.get(place))
    reader.check_together()
    medicine_reader = MedicineReader(knowledge, problems)
    medicines, no_medicine = medicine_reader.read(case.get("medicines"))
    no_medicine = _no_medicine(case.get("takes_no_medicine"), problems) or no_medicine
    if no_medicine:
        _check_no_medicine(medicines, reader, problems)
    labs, other_tests = LabReader(knowledge, problems).read(case.get("labs"))
    diet = _diet(case.get("diet"), problems, on)
    kept = _kept(case.get("not_understood"), problems)
    setting, region = _setting(about.get("setting"), problems), _region(about.get("region"), problems)
    notes = _text("notes", case.get("notes"), problems)
    problems.raise_if_any()
    return Person(
        answers=MappingProxyType(reader.answers),
        labs=labs,
        medicines=medicines,
        setting=setting,
        region=region,
        not_understood=tuple(dict.fromkeys((*kept, *other_tests, *medicine_reader.not_understood))),
        takes_no_medicine=no_medicine,
        notes=notes,
        diet=diet,
    )


def _mapping(case: object, problems: Problems) -> Mapping[str, object]:
    start = f"Start one with `rheobase new`; its first line is `{VERSION_KEY}: {VERSION}`."
    shown_name = printable(problems.name, limit=200)
    if not isinstance(case, dict):
        raise DataRefusedError(f"{shown_name}: expected a case file, got {shown(case)}. {start}")
    version = case.get(VERSION_KEY)
    if version is None:
        raise DataRefusedError(f"{shown_name}: is not a case file: no {VERSION_KEY}. {start}")
    if version != VERSION or isinstance(version, bool):
        message = f"{shown_name}: {VERSION_KEY} is {shown(version)}, this Rheobase reads {VERSION}. Update Rheobase."
        raise DataRefusedError(message)
    _check_keys("", case, KEYS, problems)
    return case


def _about(about: object, problems: Problems) -> Mapping[str, object]:
    if about is None:
        return {}
    if not isinstance(about, dict):
        problems.add(f"about: expected a mapping such as {{age: 28, sex: female}}, got {shown(about)}.")
        return {}
    _check_keys("about: ", about, ABOUT_KEYS, problems)
    return about


def _check_keys(place: str, given: Mapping[str, object], keys: tuple[str, ...], problems: Problems) -> None:
    known = names_of((key, ()) for key in keys)
    for key in given:
        if key not in keys:
            near = "" if problems.full else did_you_mean(known.near(key, most=1, cutoff=0.6))
            problems.add(f"{place}{shown(key)} is not one of {', '.join(keys)}.{near}")


def _setting(setting: object, problems: Problems) -> str:
    if setting is None:
        return SETTINGS[0]
    if isinstance(setting, str) and setting in SETTINGS:
        return setting
    near = names_of((each, ()) for each in SETTINGS).near(setting, most=1) if isinstance(setting, str) else ()
    problems.add(f"about: setting: expected one of {', '.join(SETTINGS)}, got {shown(setting)}.{did_you_mean(near)}")
    return SETTINGS[0]


def _region(region: object, problems: Problems) -> str | None:
    if region is None:
        return None
    # Norway, unquoted: YAML's "no" can only be meant as the region here.
    code = _NO if region is False else region.strip().upper() if isinstance(region, str) else ""
    if len(code) == _REGION_LENGTH and code.isascii() and code.isalpha():
        return code
    problems.add(f"about: region: expected two letters such as GB or US, got {shown(region)}.")
    return None


def _text(place: str, text: object, problems: Problems) -> str:
    if isinstance(text, str | None):
        return text or ""
    problems.add(f"{place}: expected text, got {shown(text)}. Put quotes around it.")
    return ""


def _diet(diet: object, problems: Problems, on: date | None) -> Diet | None:
    if diet is None:
        return None
    from rheobase.importers.diet_file import read_section  # noqa: PLC0415 - only a case with a diet pays for foods

    return read_section(diet, problems, on=on)


def _kept(lines: object, problems: Problems) -> tuple[str, ...]:
    if lines is None:
        return ()
    if isinstance(lines, list) and all(isinstance(line, str) for line in lines):
        return tuple(lines)
    problems.add(f"not_understood: expected a list of texts, got {shown(lines)}.")
    return ()


def _no_medicine(given: object, problems: Problems) -> bool:
    if isinstance(given, bool | None):
        return given or False
    problems.add(f"takes_no_medicine: expected yes or no, got {shown(given)}.")
    return False


def _check_no_medicine(medicines: tuple[MedicineUse, ...], reader: AnswerReader, problems: Problems) -> None:
    for use in medicines:
        if use.status is not Status.ABSENT:
            problems.add(
                f"takes_no_medicine is yes, but {shown(use.written)} is listed. Change one, or add stopped: yes."
            )
    for finding in medicine_findings(reader.knowledge):
        answer = reader.answers.get(finding)
        if answer is not None and answer.value is True:
            problems.add(f"medicines: none, but {finding} is present. Change one of them.")
