"""A document: titled sections of paragraphs, points, tables and pictures, with numbered sources."""

from __future__ import annotations

from dataclasses import dataclass, field
from datetime import date
from enum import StrEnum

from rheobase.knowledge import Knowledge
from rheobase.report.band_chart import BandChart
from rheobase.report.charts import Curve, Intakes
from rheobase.report.cohort_shapes import Shares
from rheobase.report.courses import Courses
from rheobase.report.labs_trend_chart import Trend
from rheobase.report.nerve_chart import Lines


@dataclass(frozen=True, slots=True)
class Paragraph:
    """Running text."""

    text: str
    strong: bool = False


@dataclass(frozen=True, slots=True)
class Point:
    """One item of a list, with details beneath it.

    Attributes:
        text: The item.
        details: Shown wherever the item is.
        strong: Set in bold.
        more: Further details. On a screen they may be folded, on the person's paper they may be left out.
    """

    text: str
    details: tuple[str, ...] = ()
    strong: bool = False
    more: tuple[str, ...] = ()


@dataclass(frozen=True, slots=True)
class Table:
    """Rows under column headings; ``caption`` says in words what it shows."""

    caption: str
    header: tuple[str, ...]
    rows: tuple[tuple[str, ...], ...]


@dataclass(frozen=True, slots=True)
class Quote:
    """Someone's own words, line by line; nothing in them is read as a mark of a source."""

    text: str


@dataclass(frozen=True, slots=True)
class Reference:
    """One entry of the list of sources; ``url`` is where it was read."""

    number: int
    text: str
    url: str | None = None


@dataclass(frozen=True, slots=True)
class Band:
    """One cause in a picture: chances between 0 and 1 with their range, and the base rate before the answers."""

    name: str
    low: float
    chance: float
    high: float
    before: float


@dataclass(frozen=True, slots=True)
class Bands:
    """Causes over the zones unlikely, possible and fits well; the two limits are chances between 0 and 1."""

    rows: tuple[Band, ...]
    possible: float
    fits_well: float


@dataclass(frozen=True, slots=True)
class Step:
    """One answer in a ledger and its weight [nats]."""

    name: str
    weight: float


@dataclass(frozen=True, slots=True)
class Ledger:
    """Weights that add up from the log-odds of the base rate to those of the answer [nats]."""

    before: float
    steps: tuple[Step, ...]
    after: float


Chart = Bands | Ledger | Courses | Intakes | Curve | Trend | BandChart | Shares | Lines


@dataclass(frozen=True, slots=True)
class Picture:
    """A chart with what it says in words and the table behind it; each renderer shows it in its own way.

    Attributes:
        title: What it is, in a few words.
        description: How to read it, and what it shows.
        chart: The data.
        table: The same data as a table.
    """

    title: str
    description: str
    chart: Chart
    table: Table


Block = Paragraph | Point | Table | Quote | Reference | Picture


class Kind(StrEnum):
    """What a section is, for its looks; its words stand alone."""

    TEXT = "text"
    URGENCY = "urgency"
    SOURCES = "sources"
    ABOUT = "about"


@dataclass(frozen=True, slots=True)
class Section:
    """A heading and what stands beneath it.

    Attributes:
        title: The heading.
        blocks: What stands beneath it.
        kind: What it is.
        level: Level of urgency in a section of that kind.
        aside: For those who want to know more; on a screen it may be folded.
    """

    title: str
    blocks: tuple[Block, ...]
    kind: Kind = Kind.TEXT
    level: str = ""
    aside: bool = False


@dataclass(frozen=True, slots=True)
class Document:
    """Sections in reading order, and the sources cited in them, in the order of their numbers.

    Attributes:
        title: Of the whole.
        sections: In the order in which they are read.
        sources: Ids of the sources, in the order of their numbers.
        on: Date of the assessment; the date of a printed document.
        in_brief: On paper the further details of a point are left out.
    """

    title: str
    sections: tuple[Section, ...]
    sources: tuple[str, ...]
    on: date | None = None
    in_brief: bool = False


@dataclass(slots=True)
class Footnotes:
    """Numbers sources in the order in which they are cited, so that exactly those used are listed."""

    knowledge: Knowledge
    cited: list[str] = field(default_factory=list)

    def cite(self, *sources: str | None) -> str:
        """Return the marks of the sources, such as ``[1][4]``; nothing for none."""
        marks = []
        for source in dict.fromkeys(each for each in sources if each):
            if source not in self.cited:
                self.cited.append(source)
            marks.append(f"[{self.cited.index(source) + 1}]")
        return "".join(marks)

    def section(self) -> Section:
        """Return the list of every source cited so far."""
        entries = []
        for number, source in enumerate(self.cited, 1):
            entry = self.knowledge.sources[source]
            seen = {"A": "", "B": " (cited from memory)", "C": " (estimate)"}.get(entry.seen_grade, "")
            entries.append(Reference(number, f"{entry.citation}{seen}", entry.url))
        return Section("Sources", tuple(entries), Kind.SOURCES)
