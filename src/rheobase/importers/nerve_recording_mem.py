"""QTRAC's text files of one recording (.MEM): a header, tables, then numbered figures and extra ones."""

from __future__ import annotations

import re
from dataclasses import dataclass, field

from rheobase.importers.nerve_recording_draft import Draft, folded, shown
from rheobase.importers.nerve_recording_numbers import number_of
from rheobase.importers.nerve_recording_tables import KINDS, ROW, Kind, Row, check_heading, keep, read_row
from rheobase.knowledge.nerve_norms import Norm, load_nerve_norms
from rheobase.nerve.recording import Recording
from rheobase.plain_text import printable

_SECTION = re.compile(r"\s*([A-Z][A-Z/ \-]{7,60}?)\s*(\(.*)?$")
_HEADER = re.compile(r"\s*([A-Za-z][^:\t]{0,40}):\s*(.*)$")
_FIGURE = re.compile(r"\s*(\d{1,4})\.\s+(\S+)\s+(\S.*)$")
_SETTING = re.compile(r"\s*([^=]{1,80}?)\s*=\s*(.*)$")
FIGURES, EXTRA = "EXCITABILITY VARIABLES", "EXTRA VARIABLES"
_PERSON = {
    "temperature (c)": "temperature",
    "age (years)": "age",
    "potassium": "potassium",
    "temperature": "temperature",
}
_SEX = "sex (m=1, f=2)"
_POLARISED = ("polarizing current (% threshold)", "polarizing current (ma)")
_LONGEST = 1_000


def is_mem(text: str) -> bool:
    """Return whether a text is a QTRAC file of one recording."""
    return any(_section_of(line) is not None for line in text.split("\n"))


def read_mem(text: str, file: str) -> Recording:
    """Return a recording.

    Args:
        text: The file, its lines ended by a line feed.
        file: Its name, for messages.

    Raises:
        DataRefusedError: A line cannot be what it says; names it and says what was expected.
    """
    reader = _Reader(Draft(file, "QTRAC"))
    for number, line in enumerate(text.split("\n"), 1):
        if len(line) > _LONGEST:
            reader.draft.refuse(number, f"has {len(line):,} characters, at most {_LONGEST:,} are read.")
        if line.strip():
            reader.line(number, line)
    reader.close()
    return reader.draft.finished()


def _section_of(line: str) -> str | None:
    """Return the title of a section, None for any other line."""
    found = _SECTION.fullmatch(line.rstrip())
    title = " ".join(found.group(1).split()) if found else ""
    known = title.endswith((" DATA", " VARIABLES", " WAVEFORMS"))
    return title if known and " " in title else None


@dataclass
class _Reader:
    """Goes through the lines and knows in which section it is."""

    draft: Draft
    title: str = ""
    started: int = 0
    kind: Kind | None = None
    rows: list[Row] = field(default_factory=list)
    unread: int = 0

    def line(self, number: int, text: str) -> None:
        title = _section_of(text)
        if title is not None:
            self.close()
            self.title, self.started, self.rows, self.unread = title, number, [], 0
            self.kind = next((kind for word, kind in KINDS.items() if word in title), None)
        elif not self.title:
            self._header(number, text)
        elif FIGURES in self.title:
            self._figure(number, text)
        elif EXTRA in self.title:
            self._extra(number, text)
        elif self.kind is not None:
            self._table(number, text, self.kind)
        else:
            self.unread += 1

    def close(self) -> None:
        """End a section."""
        if self.kind is not None and self.rows:
            keep(self.draft, self.kind, self.rows, self.started)
        elif self.kind is not None:
            self.draft.note(self.started, f"{self.title.capitalize()}: holds no row")
        if self.unread:
            self.draft.note(self.started, f"{self.title.capitalize()}: not read ({self.unread} lines)")
        self.kind, self.rows = None, []

    def _header(self, number: int, text: str) -> None:
        found = _HEADER.fullmatch(text.rstrip())
        if found is None:
            self.draft.note(number, f"{shown(text)} is not understood")
            return
        key, value = found.group(1).strip(), printable(found.group(2))
        self.draft.header[key] = value
        name = key.lower()
        if name in ("age", "temperature") and value:
            self.draft.of_person(number, name, value)
        elif name == "sex" and value:
            self.draft.of_sex(number, value)

    def _table(self, number: int, text: str, kind: Kind) -> None:
        if (found := ROW.fullmatch(text.rstrip())) is not None:
            row = read_row(self.draft, kind, number, found)
            self.rows.extend([] if row is None else [row])
        elif not check_heading(self.draft, kind, number, text) and number_of(text.split(maxsplit=1)[0]) is not None:
            self.draft.note(number, f"{shown(text)} has no label such as RC1.1; left out")
        else:
            self._setting(text)

    def _setting(self, text: str) -> None:
        """Keep a line of words such as ``Max CMAP  1 ms =  1.16 mV``."""
        found = _SETTING.fullmatch(text.rstrip())
        if found is not None:
            self.draft.header[printable(found.group(1))] = printable(found.group(2))

    def _figure(self, number: int, text: str) -> None:
        found = _FIGURE.fullmatch(text.rstrip())
        if found is None:
            if "=" in text:
                self._setting(text)
            else:
                self.draft.note(number, f"{shown(text)} is not understood, expected: number, value, name")
            return
        name = folded(found.group(3))
        value = self.draft.number(number, printable(found.group(3)), found.group(2))
        if value is None:
            return
        norm = _norm_of(name)
        expected = next(
            (each for each in load_nerve_norms().norms.values() if each.number == int(found.group(1))), None
        )
        if norm is not None:
            if expected is not norm:
                self.draft.note(number, f"{norm.name} has number {found.group(1)}, usually {norm.number}; its name is "
                                "followed")  # fmt: skip
            self.draft.index(number, norm, value)
        else:
            self._other(number, name, found.group(3), value)

    def _extra(self, number: int, text: str) -> None:
        found = _SETTING.fullmatch(text.rstrip())
        if found is None:
            self.draft.note(number, f"{shown(text)} is not understood, expected such as: Potassium = 4.5")
            return
        written = found.group(1)
        if (value := self.draft.number(number, printable(written), found.group(2))) is None:
            return
        norm = _norm_of(folded(written))
        if norm is not None:
            self.draft.index(number, norm, value)
        else:
            self._other(number, folded(written), written, value)

    def _other(self, number: int, name: str, written: str, value: float) -> None:
        """Keep what belongs to the person, or what is not read here."""
        if name in _PERSON:
            self.draft.of_person(number, _PERSON[name], f"{value:g}")
        elif name == _SEX:
            self.draft.of_sex(number, f"{value:g}")
        else:
            self.draft.others[printable(written.replace("\\", " "))] = value
            if name in _POLARISED and value:
                self.draft.note(number, f"a polarising current of {value:g} flowed: the figures are not those of a "
                                "nerve at rest")  # fmt: skip


def _norm_of(name: str) -> Norm | None:
    return next((each for each in load_nerve_norms().norms.values() if name in each.names), None)
