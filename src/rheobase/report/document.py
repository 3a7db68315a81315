"""A document: titled sections of paragraphs, points and tables, with numbered sources."""

from __future__ import annotations

from dataclasses import dataclass, field

from rheobase.knowledge import Knowledge


@dataclass(frozen=True, slots=True)
class Paragraph:
    """Running text."""

    text: str
    strong: bool = False


@dataclass(frozen=True, slots=True)
class Point:
    """One item of a list, with details beneath it."""

    text: str
    details: tuple[str, ...] = ()
    strong: bool = False


@dataclass(frozen=True, slots=True)
class Table:
    """Rows under column headings; ``caption`` says in words what it shows."""

    caption: str
    header: tuple[str, ...]
    rows: tuple[tuple[str, ...], ...]


Block = Paragraph | Point | Table


@dataclass(frozen=True, slots=True)
class Section:
    """A heading and what stands beneath it."""

    title: str
    blocks: tuple[Block, ...]


@dataclass(frozen=True, slots=True)
class Document:
    """Sections in reading order, and the sources cited in them, in the order of their numbers."""

    title: str
    sections: tuple[Section, ...]
    sources: tuple[str, ...]


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
        points = []
        for number, source in enumerate(self.cited, 1):
            entry = self.knowledge.sources[source]
            seen = {"A": "", "B": " (cited from memory)", "C": " (estimate)"}.get(entry.seen_grade, "")
            where = f" {entry.url}" if entry.url else ""
            points.append(Point(f"[{number}] {entry.citation}{seen}{where}"))
        return Section("Sources", tuple(points))
