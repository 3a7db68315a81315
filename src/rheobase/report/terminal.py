"""A document as plain text for a terminal, 80 columns unless told otherwise, colour optional."""

from __future__ import annotations

import textwrap

from rheobase.plain_text import printable
from rheobase.report.document import Block, Document, Paragraph, Picture, Point, Quote, Reference, Table
from rheobase.report.inline import lines as own_lines
from rheobase.report.terminal_pictures import picture_lines

_BOLD, _HEAD, _OFF = "\x1b[1m", "\x1b[1;36m", "\x1b[0m"


def render(document: Document, *, width: int = 80, colour: bool = False) -> str:
    """Return the document as text.

    Args:
        document: What to show.
        width: Columns.
        colour: Use bold and colour; meaning never depends on it.
    """
    lines = [_styled(printable(document.title), _BOLD, colour=colour), ""]
    for section in document.sections:
        lines.append(_styled(printable(section.title).upper(), _HEAD, colour=colour))
        for block in section.blocks:
            lines.extend(_block(block, width, colour=colour))
        lines.append("")
    return "\n".join(lines)


def _styled(text: str, style: str, *, colour: bool) -> str:
    return f"{style}{text}{_OFF}" if colour and text else text


def _wrap(text: str, width: int, first: str, rest: str) -> list[str]:
    return textwrap.wrap(
        printable(text),
        width,
        initial_indent=first,
        subsequent_indent=rest,
        break_long_words=True,
        break_on_hyphens=False,
    ) or [first.rstrip()]


def _block(block: Block, width: int, *, colour: bool) -> list[str]:
    match block:
        case Paragraph(text, strong):
            wrapped = _wrap(text, width, "  ", "  ")
            return [_styled(line, _BOLD, colour=colour) for line in wrapped] if strong else wrapped
        case Point(text, details, strong, more):
            lines = _wrap(text, width, "  - ", "    ")
            if strong:
                lines = [_styled(line, _BOLD, colour=colour) for line in lines]
            for detail in (*details, *more):
                lines.extend(_wrap(detail, width, "      ", "        "))
            return lines
        case Table():
            return _table(block, width)
        case Quote(text):
            return [line for each in own_lines(text) for line in _wrap(each, width, "  > ", "  > ")]
        case Reference(number, text, url):
            return _wrap(f"[{number}] {text} {url or ''}", width, "  - ", "    ")
        case Picture():
            return picture_lines(block, width)


def _table(table: Table, width: int) -> list[str]:
    """Return a table with wrapped cells; columns share the width by what they hold."""
    count = len(table.header)
    room = width - 2 - 2 * (count - 1)
    longest = [max(len(printable(row[i])) for row in (table.header, *table.rows)) for i in range(count)]
    widest_word = [
        max((len(word) for row in (table.header, *table.rows) for word in printable(row[i]).split()), default=1)
        for i in range(count)
    ]
    widths = [min(longest[i], max(widest_word[i], room * longest[i] // max(sum(longest), 1))) for i in range(count)]
    while sum(widths) > room:
        widths[widths.index(max(widths))] -= 1
    lines = _wrap(table.caption, width, "  ", "  ")
    for row in (table.header, tuple("-" * each for each in widths), *table.rows):
        cells = [textwrap.wrap(printable(cell), each) or [""] for cell, each in zip(row, widths, strict=True)]
        for at in range(max(len(cell) for cell in cells)):
            parts = [(cell[at] if at < len(cell) else "").ljust(each) for cell, each in zip(cells, widths, strict=True)]
            lines.append(("  " + "  ".join(parts)).rstrip())
    return lines
