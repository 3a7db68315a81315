"""Which test a line is of: its name and its code, which have to agree."""

from __future__ import annotations

import re
from dataclasses import dataclass

from rheobase.knowledge.lab_reading import LabCode, is_loinc
from rheobase.labs.reading_line import LabLine, State
from rheobase.labs.reading_names import LabFacts, NameFound, find_name
from rheobase.plain_text import in_sentence, printable

_LOINC = re.compile(r"(?:(?:http://|https://)?loinc(?:\.org)?[/:|\s#]*)?([0-9]{1,7}-[0-9])", re.IGNORECASE)


class StopError(Exception):
    """A line that can't be used; says what was made of it and why."""

    def __init__(self, state: State, reason: str, looks_like: tuple[str, ...] = ()) -> None:
        super().__init__(reason)
        self.state, self.reason, self.looks_like = state, reason, looks_like


@dataclass(frozen=True, slots=True)
class WhichTest:
    """The test of a line.

    Attributes:
        analyte: Its id.
        code: Its LOINC code, None without a known one.
        doubts: Why it is not certain.
    """

    analyte: str
    code: LabCode | None
    doubts: tuple[str, ...] = ()


def find_test(line: LabLine, facts: LabFacts) -> WhichTest:
    """Return which test a line is of.

    Raises:
        StopError: It is another test, or its name and its code contradict each other.
    """
    name = find_name(facts, line.name, line.specimen)
    printed = _LOINC.fullmatch(line.code.strip())
    if printed is None:
        return _by_name(line, facts, name)
    if not is_loinc(printed[1]):
        raise StopError(
            State.REFUSED,
            f"its code {printed[1]} is no LOINC code: the check digit is wrong. Look at the code again.",
        )
    code = facts.reading.codes.get(printed[1])
    if code is None:
        found = _by_name(line, facts, name)
        doubt = f"its code {printed[1]} is not one that is known here; it may be of another sample or method"
        return WhichTest(found.analyte, None, (*found.doubts, doubt))
    return _by_code(line, facts, name, code)


def _by_name(line: LabLine, facts: LabFacts, name: NameFound) -> WhichTest:
    shown = printable(line.name, limit=60)
    if name.analyte is not None:
        return WhichTest(name.analyte, None)
    if name.near is not None:
        near = in_sentence(facts.analyte(name.near).name)
        return WhichTest(name.near, None, (f"{shown!r} is not exactly a test that is known; it may be {near}",))
    if name.other and name.sample not in ("", "blood"):
        raise StopError(State.OTHER, f"{shown!r} of this sample is not used here; it is kept as written")
    raise StopError(State.OTHER, f"{shown!r} is not a test that is used here; it is kept as written")


def _by_code(line: LabLine, facts: LabFacts, name: NameFound, code: LabCode) -> WhichTest:
    shown = printable(line.name, limit=60)
    contradiction = (
        f"the name says {shown!r}, its code {code.code} says {code.says}. Which is right? Mend the name or the code."
    )
    if name.analyte == code.analyte or (name.near == code.analyte and name.near is not None):
        return WhichTest(code.analyte, code)
    if name.analyte is not None:
        own = facts.analyte(name.analyte)
        if not code.analyte and _same_substance(facts, name.analyte, code):
            raise StopError(State.OTHER, f"its code says {code.says}: another test; it is kept as written")
        looks = in_sentence(facts.analyte(code.analyte).name) if code.analyte else code.says
        raise StopError(State.REFUSED, contradiction, (in_sentence(own.name), looks))
    if not code.analyte:
        raise StopError(State.OTHER, f"its code says {code.says}: another test; it is kept as written")
    if not line.name.strip():
        return WhichTest(code.analyte, code)
    if name.other or name.near is not None:
        raise StopError(State.REFUSED, contradiction, (in_sentence(facts.analyte(code.analyte).name),))
    doubt = f"the name {shown!r} is not known; its code {code.code} says {code.says}"
    return WhichTest(code.analyte, code, (doubt,))


def _same_substance(facts: LabFacts, analyte: str, code: LabCode) -> bool:
    """Return whether a code is of the same substance in another sample."""
    substance = code.says.split(" ", 1)[0]
    return any(
        each.analyte == analyte and each.says.split(" ", 1)[0] == substance for each in facts.reading.codes.values()
    )
