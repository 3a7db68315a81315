"""Write a person as a case file that reads back as the same person."""

from __future__ import annotations

import re
from collections.abc import Iterable, Iterator, Mapping

from rheobase.importers.case_answers import VALUE, WRITTEN
from rheobase.importers.case_file import AGE, SEX, VERSION, VERSION_KEY
from rheobase.importers.case_medicines import line_start
from rheobase.person import Answer, LabResult, MedicineUse, Person, Status

# Text that YAML and our reader take for the very same text without quotes.
_BARE = re.compile(r"[A-Za-z][A-Za-z0-9_]*(?:[ /.%+-]?[A-Za-z0-9_]+)*")
_TAKEN = frozenset({"yes", "no", "true", "false", "null", "on", "off", "y", "n"})
_ESCAPES = {'"': '\\"', "\\": "\\\\", "\n": "\\n", "\t": "\\t", "\r": "\\r"}
_BYTE, _BASIC_PLANE = 0xFF, 0xFFFF
_SURROGATES = re.compile("[\ud800-\udfff]")
_LARGEST_INTEGER = 1e15
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
        yield from _block(status.value, names)
    valued = {name: answer for name, answer in answers.items() if name not in plain or not _is_listed(answer)}
    if valued:
        yield "values:"
        yield from (f"  {name}: {_value(answer)}" for name, answer in valued.items())
    yield from _block("medicines", map(_medicine, person.medicines))
    if person.takes_no_medicine:
        yield "takes_no_medicine: yes" if person.medicines else "medicines: none"
    yield from _block("labs", map(_lab, person.labs))
    # What is said of a medicine is found again on reading, and would be stale once the name is mended.
    found_again = tuple(line_start(use.written) for use in person.medicines if use.medicine is None)
    kept = (line for line in person.not_understood if not found_again or not line.startswith(found_again))
    yield from _block("not_understood", map(_text, kept))
    if person.notes:
        yield f"notes: {_prose(person.notes)}"


def _about(person: Person, answers: dict[str, Answer]) -> Iterator[str]:
    """Write who it is, and take out of the answers what is said here."""
    yield "about:"
    for key, name in (("age", AGE), ("sex", SEX)):
        if name in answers:
            yield f"  {key}: {_value(answers.pop(name))}"
    yield f"  setting: {person.setting}"
    if person.region is not None:
        yield f"  region: {_text(person.region)}"


def _block(key: str, lines: Iterable[str]) -> Iterator[str]:
    for number, line in enumerate(lines):
        if number == 0:
            yield f"{key}:"
        yield f"  - {line}"


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
        text = f"[{', '.join(map(_text, sorted(value)))}]"
    elif isinstance(value, float | int):
        text = _number(value)
    else:
        text = _text(value or "")
    return text if answer.original is None else _entry({VALUE: text, WRITTEN: _text(answer.original)})


def _medicine(use: MedicineUse) -> str:
    keys: dict[str, str] = {"name": _text(use.written)}
    if use.medicine is not None:
        keys["medicine"] = _text(use.medicine)
    if use.status is not Status.PRESENT:
        keys["stopped"] = "yes" if use.status is Status.ABSENT else Status.UNKNOWN.value
    if use.months is not None:
        keys["months"] = _number(use.months)
    if use.note:
        keys["note"] = _text(use.note)
    return _entry(keys) if len(keys) > 1 else keys["name"]


def _lab(result: LabResult) -> str:
    keys: dict[str, str] = {"name": _text(result.analyte)}
    if result.value is not None:
        number = _number(result.value)
        keys["value"] = f'"{result.comparator}{number}"' if result.comparator else number
    if result.unit is not None:
        keys["unit"] = _text(result.unit)
    for key, end in (("low", result.low), ("high", result.high)):
        if end is not None:
            keys[key] = _number(end)
    if result.flag is not None:
        keys["flag"] = result.flag
    if result.taken is not None:
        keys["taken"] = result.taken.isoformat()
    if result.original:
        keys["written"] = _text(result.original)
    return _entry(keys)


def _entry(keys: Mapping[str, str]) -> str:
    return "{" + ", ".join(f"{key}: {text}" for key, text in keys.items()) + "}"


def _number(value: float) -> str:
    if value.is_integer() and abs(value) < _LARGEST_INTEGER:
        return str(int(value))
    return repr(float(value))


def _text(text: str) -> str:
    """Return text for one line: bare where that is safe, else in double quotes with every odd character escaped."""
    if _BARE.fullmatch(text) and text.lower() not in _TAKEN:
        return text
    return '"' + "".join(map(_escaped, _SURROGATES.sub("\ufffd", text))) + '"'


def _escaped(character: str) -> str:
    if character in _ESCAPES:
        return _ESCAPES[character]
    if character.isprintable():
        return character
    code = ord(character)
    if code <= _BYTE:
        return f"\\x{code:02x}"
    return f"\\u{code:04x}" if code <= _BASIC_PLANE else f"\\U{code:08x}"


def _prose(text: str) -> str:
    """Return longer text as a block that stays readable, if nothing in it needs an escape."""
    body = text.removesuffix("\n")
    lines = body.split("\n")
    if "\n" not in text or not lines[-1].strip() or not all(line.isprintable() for line in lines):
        return _text(text)
    mark = "|2-" if body == text else "|2"
    return "\n".join([mark, *(f"  {line}" if line else "" for line in lines)])
