"""Write a person as a case file that reads back as the same person."""

from __future__ import annotations

import re
from collections.abc import Iterator

from rheobase.importers.case_answers import VALUE, WRITTEN
from rheobase.importers.case_file import AGE, SEX, VERSION, VERSION_KEY
from rheobase.importers.case_medicines import line_start
from rheobase.importers.diet_section import diet_section
from rheobase.importers.yaml_text import block, entry, number, prose, quoted
from rheobase.person import Answer, LabResult, MedicineUse, Person, Status

# A code could be read as a number or a date.
_IS_CODE = re.compile(r"[0-9]{1,7}-[0-9]")
_HEADER = "# A Rheobase case file. It stays on this machine."


def write_case(person: Person) -> str:
    """Return the case file of a person; ``read_case`` of it gives an equal person.

    Args:
        person: Anyone. Half characters (lone surrogates), which no file can hold, become U+FFFD.
    """
    return "\n".join([_HEADER, f"{VERSION_KEY}: {VERSION}", *_sections(person)]) + "\n"


def _sections(person: Person) -> Iterator[str]:
    answers = dict(sorted(person.answers.items()))
    yield from _about(person, answers)
    plain = {name: answer for name, answer in answers.items() if answer.original is None}
    for status in Status:
        names = [name for name, answer in plain.items() if answer.status is status and _is_listed(answer)]
        yield from block(status.value, names)
    valued = {name: answer for name, answer in answers.items() if name not in plain or not _is_listed(answer)}
    if valued:
        yield "values:"
        yield from (f"  {name}: {_value(answer)}" for name, answer in valued.items())
    yield from block("medicines", map(_medicine, person.medicines))
    if person.takes_no_medicine:
        yield "takes_no_medicine: yes" if person.medicines else "medicines: none"
    yield from block("labs", map(_lab, person.labs))
    if person.diet is not None:
        yield from diet_section(person.diet)
    # What is said of a medicine is found again on reading, and would be stale once the name is mended.
    found_again = tuple(line_start(use.written) for use in person.medicines if use.medicine is None)
    kept = (line for line in person.not_understood if not found_again or not line.startswith(found_again))
    yield from block("not_understood", map(quoted, kept))
    if person.notes:
        yield f"notes: {prose(person.notes)}"


def _about(person: Person, answers: dict[str, Answer]) -> Iterator[str]:
    """Write who it is, and take out of the answers what is said here."""
    yield "about:"
    for key, name in (("age", AGE), ("sex", SEX)):
        if name in answers:
            yield f"  {key}: {_value(answers.pop(name))}"
    yield f"  setting: {person.setting}"
    if person.region is not None:
        yield f"  region: {quoted(person.region)}"


def _is_listed(answer: Answer) -> bool:
    """Say whether the finding's name alone, in its list, is the whole answer."""
    return answer.status is Status.UNKNOWN or isinstance(answer.value, bool)


def _value(answer: Answer) -> str:
    value = answer.value
    if answer.status is Status.UNKNOWN:
        text = Status.UNKNOWN.value
    elif isinstance(value, bool):
        text = "yes" if value else "no"
    elif isinstance(value, frozenset):
        text = f"[{', '.join(map(quoted, sorted(value)))}]"
    elif isinstance(value, float | int):
        text = number(value)
    else:
        text = quoted(value or "")
    return text if answer.original is None else entry({VALUE: text, WRITTEN: quoted(answer.original)})


def _medicine(use: MedicineUse) -> str:
    keys: dict[str, str] = {"name": quoted(use.written)}
    if use.medicine is not None:
        keys["medicine"] = quoted(use.medicine)
    if use.status is not Status.PRESENT:
        keys["stopped"] = "yes" if use.status is Status.ABSENT else Status.UNKNOWN.value
    if use.months is not None:
        keys["months"] = number(use.months)
    if use.note:
        keys["note"] = quoted(use.note)
    return entry(keys) if len(keys) > 1 else keys["name"]


def _lab(result: LabResult) -> str:
    keys: dict[str, str] = {"name": quoted(result.analyte)}
    if result.value is not None:
        value = number(result.value)
        keys["value"] = f'"{result.comparator}{value}"' if result.comparator else value
    if result.unit is not None:
        keys["unit"] = quoted(result.unit)
    for key, end in (("low", result.low), ("high", result.high)):
        if end is not None:
            keys[key] = number(end)
    if result.flag is not None:
        keys["flag"] = result.flag
    if result.taken is not None:
        keys["taken"] = result.taken.isoformat()
    if result.time:
        keys["time"] = f'"{result.time}"'
    if result.sample:
        keys["sample"] = f"[{', '.join(map(quoted, result.sample))}]"
    for key, text in (("code", result.code), ("printed_unit", result.printed_unit)):
        if text:
            keys[key] = f'"{text}"' if _IS_CODE.fullmatch(text) else quoted(text)
    if result.original:
        keys["written"] = quoted(result.original)
    return entry(keys)
