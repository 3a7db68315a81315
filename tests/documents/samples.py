"""Documents to test: the three examples for each reader, and one person whose every free text attacks."""

from __future__ import annotations

import functools
import json
from datetime import date
from html.parser import HTMLParser

from rheobase.assess import assess
from rheobase.examples import example_bytes, example_names
from rheobase.importers.case_file import read_case
from rheobase.knowledge import Knowledge, load_knowledge
from rheobase.report import READERS, document_for
from rheobase.report.document import Document

ON = date(2026, 11, 24)
SAMPLES = [(name, reader) for name in example_names() for reader in READERS]
VOID = ("meta", "link", "br", "hr", "img", "input")

TAGS = "<script>alert(1)</script><img src=x onerror=alert(2)></style></main>"
ESCAPES = "\x1b[31mred\x1b[0m \x1b]0;title\x07 \x9b1m bell\x07 end"
MARKS = "\u202egnp.exe\u202c \u2066hidden\u2069 \u200f."
MARKUP = '#panic("x") *bold* _x_ $y$ [1] @ref <label> \\ `raw` // x #import "a"'
LONG = "w" * 10_000
ATTACKS = (TAGS, ESCAPES, MARKS, MARKUP, '&amp;&lt;b&gt; ]]> --> \'" onload="x', "https://attack.example/?q=1", LONG)


@functools.cache
def knowledge() -> Knowledge:
    """Return the packaged knowledge, read once."""
    return load_knowledge()


def document_of(data: bytes, reader: str, *, name: str = "case") -> Document:
    """Return the document of a case file for one reader."""
    person = read_case(data, knowledge(), name=name)
    return document_for(reader, person, assess(person, knowledge(), on=ON), knowledge(), region=person.region)


@functools.cache
def sample(name: str, reader: str) -> Document:
    """Return the document of a packaged example for one reader."""
    return document_of(example_bytes(name), reader, name=name)


def attacked(reader: str) -> Document:
    """Return the document of a person whose every free text is an attack."""
    case = {
        "rheobase_case": 1,
        "about": {"age": 40, "sex": "female", "region": "GB"},
        "present": ["muscle_twitching", "cramps", "med_ppi"],
        "medicines": [{"name": text[:1000], "note": text} for text in ATTACKS] + ["omeprazole <b>20</b>\u202e mg"],
        "labs": [
            {"name": "potassium", "value": 3.1, "unit": "mmol/L", "written": text, "taken": "2026-11-01"}
            for text in ATTACKS
        ]
        + [{"name": text[:900], "value": 1, "unit": text[:900]} for text in ATTACKS],
        "not_understood": list(ATTACKS),
        "notes": "\n".join(ATTACKS),
    }
    return document_of(json.dumps(case).encode(), reader)


class Page(HTMLParser):
    """A page taken apart: its elements in order, and its text."""

    def __init__(self, page: str) -> None:
        super().__init__(convert_charrefs=True)
        self.elements: list[tuple[str, dict[str, str]]] = []
        self.open: list[str] = []
        self.texts: list[str] = []
        self.mistakes: list[str] = []
        self.feed(page)
        self.close()

    def handle_starttag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        """Keep the element."""
        self.elements.append((tag, {name: value or "" for name, value in attrs}))
        if tag not in VOID:
            self.open.append(tag)

    def handle_startendtag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        """Keep an element that closes itself."""
        self.elements.append((tag, {name: value or "" for name, value in attrs}))

    def handle_endtag(self, tag: str) -> None:
        """Note an end that does not belong to the last start."""
        if not self.open or self.open.pop() != tag:
            self.mistakes.append(tag)

    def handle_data(self, data: str) -> None:
        """Keep the text."""
        if not self.open or self.open[-1] != "style":
            self.texts.append(data)

    @property
    def text(self) -> str:
        """The whole text."""
        return "".join(self.texts)

    def all(self, tag: str) -> list[dict[str, str]]:
        """Return the attributes of every element of a kind."""
        return [attributes for name, attributes in self.elements if name == tag]
