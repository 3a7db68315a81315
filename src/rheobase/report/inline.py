"""Text with marks of sources, split into what is read and what is a mark."""

from __future__ import annotations

import re
from collections.abc import Iterator

from rheobase.plain_text import printable
from rheobase.report.document import Document, Paragraph, Picture, Point, Quote, Reference, Table

_MARK = re.compile(r"\[(\d{1,4})\]")


def runs(text: str, sources: int) -> Iterator[str | int]:
    """Yield the printable pieces of a text, and as a number each mark of one of the numbered sources.

    Args:
        text: Such as ``Keep caffeine moderate. [5][6]``.
        sources: How many sources are listed; a number beyond them is plain text.
    """
    plain = printable(text)
    at = 0
    for mark in _MARK.finditer(plain):
        number = int(mark[1])
        if not 1 <= number <= sources:
            continue
        if mark.start() > at:
            yield plain[at : mark.start()]
        yield number
        at = mark.end()
    if at < len(plain):
        yield plain[at:]


def lines(text: str) -> tuple[str, ...]:
    """Return the lines of somebody's own words, each printable, without the empty ones."""
    return tuple(line for line in (printable(each) for each in text.splitlines()) if line)


def cited_on_paper(document: Document) -> frozenset[int]:
    """Return the numbers of the sources that are cited where a document in brief is printed."""
    count = len(document.sources)
    texts = (text for section in document.sections for block in section.blocks for text in _texts(block))
    return frozenset(each for text in texts for each in runs(text, count) if isinstance(each, int))


def all_texts(document: Document) -> Iterator[str]:
    """Yield every text of a document in reading order, further details and what a picture says included."""
    yield document.title
    for section in document.sections:
        yield section.title
        for block in section.blocks:
            match block:
                case Point(_, _, _, more):
                    yield from (*_texts(block), *more)
                case Table(caption):
                    yield from (caption, *_texts(block))
                case Quote(text) | Reference(_, text):
                    yield text
                case Picture(title, description, _, table):
                    yield from (title, description, *_texts(table))
                case _:
                    yield from _texts(block)


def _texts(block: object) -> Iterator[str]:
    match block:
        case Paragraph(text):
            yield text
        case Point(text, details):
            yield from (text, *details)
        case Table(_, header, rows):
            yield from (cell for row in (header, *rows) for cell in row)
