"""One printed line of a laboratory report, and what was made of it. Every reader of files gives these lines."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date
from enum import StrEnum

from rheobase.person import LabResult

HAEMOLYSED, LIPAEMIC, ICTERIC = "haemolysed", "lipaemic", "icteric"


@dataclass(frozen=True, slots=True)
class LabLine:
    """One result as it was printed: text only, nothing converted.

    A reader fills in what its format has and leaves the rest empty; ``judge`` parses the text. A reader whose format
    has true numbers (FHIR) writes them with ``repr`` and sets ``comma`` to False.

    Attributes:
        text: The whole line as it was written.
        name: Test name.
        value: Value as printed; may hold a comparator, a unit, flags or words.
        unit: Unit as printed.
        low: Lower end of the laboratory's interval, when it stands by itself.
        high: Upper end of the laboratory's interval, when it stands by itself.
        range: The interval as one text, such as "0.70-1.00" or "< 0.41".
        flag: Flag as printed.
        comparator: "<", "<=", ">", ">=" when the format has it apart from the value.
        specimen: What was tested, when the format says so, such as "Urine".
        note: Comment of the line: haemolysed and the like.
        date: Date as printed; may hold a time and a zone.
        time: Time as printed, when it stands by itself.
        code: Code as printed; used when it is a LOINC code.
        id: The format's own id of the result, "" without one.
        number: Place in the file, from 1.
        comma: Whether numbers have a decimal comma; None when nothing says so.
        flagged: Whether the report marks abnormal results, so that no mark means not abnormal.
        broken: Why the line itself can't be read ("has 6 columns where the header has 5"); it is refused with this.
        doubts: Why the format itself leaves it in doubt; a person is asked.
    """

    text: str
    name: str = ""
    value: str = ""
    unit: str = ""
    low: str = ""
    high: str = ""
    range: str = ""
    flag: str = ""
    comparator: str = ""
    specimen: str = ""
    note: str = ""
    date: str = ""
    time: str = ""
    code: str = ""
    id: str = ""
    number: int = 0
    comma: bool | None = None
    flagged: bool = False
    broken: str = ""
    doubts: tuple[str, ...] = ()


class State(StrEnum):
    """What was made of a line."""

    ACCEPTED = "accepted"
    DOUBT = "to confirm"
    REFUSED = "refused"
    OTHER = "another test"
    NO_RESULT = "no result"

    @property
    def counts(self) -> bool:
        """Whether its value is used."""
        return self is State.ACCEPTED


@dataclass(frozen=True, slots=True)
class Judged:
    """A line and what was made of it.

    Attributes:
        line: As it was printed.
        state: Whether it counts, and why not.
        result: What is used; None unless accepted.
        reasons: Why it is doubted, refused or left out; one sentence each.
        looks_like: What it looks like instead, such as "mg/dL" or "sodium".
        candidates: Readings to choose from, the likeliest first.
        notes: What was understood beside the value, such as a haemolysed sample.
    """

    line: LabLine
    state: State
    result: LabResult | None = None
    reasons: tuple[str, ...] = ()
    looks_like: tuple[str, ...] = ()
    candidates: tuple[LabResult, ...] = ()
    notes: tuple[str, ...] = ()


@dataclass(frozen=True, slots=True)
class Whose:
    """What a report says of its person, to tell it from somebody else's: never kept.

    Attributes:
        born: Day of birth; None when it is not certain.
        sex: "female", "male", "" when nothing says so.
    """

    born: date | None = None
    sex: str = ""


@dataclass(frozen=True, slots=True)
class LabFile:
    """What a reader found in a file.

    Attributes:
        kind: Such as "table", "text" or "PDF".
        lines: In the order of the file.
        left_out: Lines that hold no result (headings, addresses), as written.
        whose: What it says of its person.
    """

    kind: str
    lines: tuple[LabLine, ...]
    left_out: tuple[str, ...] = ()
    whose: Whose = Whose()
