"""What is being gathered from the file of a nerve recording, checked piece by piece."""

from __future__ import annotations

from dataclasses import dataclass, field
from typing import NoReturn

from rheobase.errors import DataRefusedError
from rheobase.importers.nerve_recording_numbers import is_missing, number_of
from rheobase.knowledge.nerve_norms import Norm, load_nerve_norms
from rheobase.nerve.recorded_indices import worked_out
from rheobase.nerve.recording import Electrotonus, Note, Points, Recording
from rheobase.plain_text import printable

SHOWN = 60
# What a person can have: ends and unit.
PERSON = {
    "age": (0.0, 120.0, "years"),
    "temperature": (15.0, 42.0, "C"),
    "potassium": (1.5, 9.0, "mmol/L"),
}
_SEXES = {"m": "male", "male": "male", "1": "male", "f": "female", "female": "female", "2": "female"}


@dataclass
class Draft:
    """A recording in the making.

    Attributes:
        file: Its name, for messages.
        kind: Of the file.
    """

    file: str
    kind: str
    header: dict[str, str] = field(default_factory=dict)
    indices: dict[str, float] = field(default_factory=dict)
    others: dict[str, float] = field(default_factory=dict)
    curves: dict[str, Points] = field(default_factory=dict)
    electrotonus: list[Electrotonus] = field(default_factory=list)
    person: dict[str, float] = field(default_factory=dict)
    sex: str | None = None
    notes: list[Note] = field(default_factory=list)

    def refuse(self, line: int, text: str) -> NoReturn:
        """Refuse the file.

        Raises:
            DataRefusedError: Always; names the line.
        """
        raise DataRefusedError(f"{self.file}: line {line}: {text}")

    def note(self, line: int, text: str) -> None:
        """Write down what is left out or doubtful."""
        self.notes.append(Note(line, text))

    def number(self, line: int, what: str, text: str) -> float | None:
        """Return a number, None (with a note) where the file says that there is none.

        Raises:
            DataRefusedError: It is neither.
        """
        value = number_of(text)
        if value is not None:
            return value
        if not is_missing(text):
            wanted = "expected a number such as 0.45 or 0,45. Correct it or remove it."
            self.refuse(line, f"{what} is {shown(text)}, {wanted}")
        self.note(line, f"{what}: no value")
        return None

    def within(self, line: int, what: str, value: float, ends: tuple[float, float, str]) -> float:
        """Return a value that can be.

        Raises:
            DataRefusedError: It cannot be in this unit.
        """
        low, high, unit = ends
        if not low <= value <= high:
            expected = f"{low:g} to {high:g} {unit}".strip()
            self.refuse(line, f"{what} is {value:g}, expected {expected}. Check the number and its unit.")
        return value

    def index(self, line: int, norm: Norm, value: float) -> None:
        """Keep a figure of the recording.

        Raises:
            DataRefusedError: It cannot be in its unit.
        """
        self.within(line, norm.name, value, (*norm.possible, norm.unit))
        if norm.id in self.indices:
            self.note(line, f"{norm.name} stands twice: the first ({self.indices[norm.id]:g}) is kept, not {value:g}")
            return
        self.indices[norm.id] = value

    def of_person(self, line: int, name: str, text: str) -> None:
        """Keep age, temperature or potassium; two recordings put together give the mean of theirs."""
        values = [value for each in text.split("/") if (value := self.number(line, name, each)) is not None]
        if not values or (name == "temperature" and not any(values)):
            return
        for value in values:
            self.within(line, name, value, PERSON[name])
        if len(values) > 1:
            self.note(line, f"{name}: the mean of {printable(text, limit=SHOWN)} is taken")
        self.person.setdefault(name, sum(values) / len(values))

    def of_sex(self, line: int, text: str) -> None:
        """Keep the sex where it is said."""
        said = {_SEXES.get(each.strip().lower().removesuffix(".0")) for each in text.split("/") if not is_missing(each)}
        if said == {None} or len(said) > 1:
            self.note(line, f"sex: {shown(text)} is not understood, expected M or F; taken as not known")
        elif said:
            self.sex = self.sex or said.pop()

    def finished(self) -> Recording:
        """Return the recording, with the figures that its curves give.

        Raises:
            DataRefusedError: There is nothing in it to read.
        """
        if not self.indices and not self.curves and not self.electrotonus:
            raise DataRefusedError(
                f"{self.file}: holds no figure and no curve of nerve excitability. Expected a QTRAC file (.MEM) or a "
                "table with lines such as: rrp (ms),3.1"
            )
        indices, found = dict(self.indices), worked_out(self.curves, self.electrotonus)
        known = load_nerve_norms()
        for name, value in found.items():
            norm = known.norms[name]
            low, high = norm.possible
            if name in indices and abs(value - indices[name]) > known["agreement"] * norm.sd:
                self.note(0, f"{norm.name}: the file says {indices[name]:.4g}, its curve gives {value:.4g}; the file's "
                          "figure is used")  # fmt: skip
            elif name not in indices and not low <= value <= high:
                self.note(0, f"{norm.name}: the curve gives {value:.4g}, which cannot be; left out")
            elif name not in indices:
                indices[name] = value
        own = tuple(name for name in indices if name not in self.indices)
        ordered = {name: indices[name] for name in known.norms if name in indices}
        return Recording(
            self.kind, ordered, own, self.curves, tuple(self.electrotonus), self.header, self.person.get("age"),
            self.sex, self.person.get("temperature"), self.person.get("potassium"), self.others, tuple(self.notes),
        )  # fmt: skip


def shown(text: str) -> str:
    """Return a cell as it can stand in a message."""
    return repr(printable(text, limit=SHOWN))


def folded(name: str) -> str:
    """Return a name of a figure as the norms have it: small letters, single blanks, QTRAC's line break as a blank."""
    return " ".join(name.replace("\\", " ").replace("_", " ").lower().split()).replace("( c)", "(c)")
