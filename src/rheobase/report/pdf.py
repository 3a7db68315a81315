"""A document as PDF: tagged (PDF/UA-1), for A4, the same bytes for the same document.

The text is handed to typst as data, never as markup. Fonts are those that typst brings; only where a script is not in
them, the fonts of the machine help, and what no font has is written as its code point.
"""

from __future__ import annotations

import json
import re
import unicodedata
from datetime import UTC, datetime
from importlib import resources
from types import ModuleType
from typing import Any

from rheobase.errors import RheobaseError, UsageError
from rheobase.plain_text import printable
from rheobase.report.document import Block, Document, Paragraph, Picture, Point, Quote, Reference, Section, Table
from rheobase.report.inline import cited_on_paper, lines, runs
from rheobase.report.pictures import FIXED_STYLE, picture_svg

# Found in every file of ours, so that a later one may take its place.
KEYWORD = "Rheobase"
# typst breaks lines only between words; a longer word gets places to break, which have no width.
_LONG_WORD, _PIECE, _BREAK = re.compile(r"\S{41,}"), re.compile(r"\S{1,10}"), "\u200b"
# Typst's time grows with the cube of the marks that are piled on one letter; no script piles up more than a few.
_MOST_MARKS = 8
PAPERS = {"a4": "a4", "letter": "us-letter"}
_UNSHOWN = re.compile(r'the text `"(.+?)"` could not be displayed', re.DOTALL)
_ESCAPED = re.compile(r"\\u\{([0-9a-f]{1,6})\}")
# Each try names what is missing; the last one writes out all that is not Latin, Greek or Cyrillic.
_MOST_TRIES, _COMMON_SCRIPTS = 6, 0x052F


def render_pdf(document: Document, *, paper: str = "a4") -> bytes:
    """Return the document as PDF.

    Args:
        document: What to show; its date is the date of the file.
        paper: ``a4`` or ``letter``.

    Raises:
        UsageError: typst is not installed, or the paper is unknown.
    """
    if paper not in PAPERS:
        raise UsageError(f"{printable(paper, limit=40)!r} is not a size of paper. Choose one of {', '.join(PAPERS)}.")
    typst = _typst()
    data = json.dumps(_data(document, PAPERS[paper]), ensure_ascii=False, sort_keys=True)
    source = resources.files("rheobase.report").joinpath("assets", "document.typ").read_bytes()
    problem = ""
    for attempt in range(_MOST_TRIES):
        try:
            return _compile(typst, source, data, own_fonts=attempt == 0)
        except typst.TypstError as fault:
            problem = f"{fault.message}\n{fault.diagnostic}"
        unshown = _unshown(problem)
        if not unshown:
            break
        if attempt >= _MOST_TRIES - 2:
            unshown |= {each for each in data if ord(each) > _COMMON_SCRIPTS and each != _BREAK}
        if attempt:
            data = _spelt_out(data, unshown)
    raise RheobaseError(f"The PDF could not be made ({printable(problem, limit=300)}). The page (--html) has the same.")


def _typst() -> ModuleType:
    try:
        import typst  # noqa: PLC0415 - an extra, asked for by name only where it is used
    except ImportError as problem:
        raise UsageError('A PDF needs typst, which is not installed. Run: pip install "rheobase[pdf]"') from problem
    return typst


def _compile(typst: ModuleType, source: bytes, data: str, *, own_fonts: bool) -> bytes:
    day = datetime.fromisoformat(json.loads(data)["on"]).replace(tzinfo=UTC)
    made = typst.compile(
        source,
        format="pdf",
        ignore_system_fonts=own_fonts,
        sys_inputs={"data": data},
        pdf_standards=["ua-1"],
        timestamp=int(day.timestamp()),
    )
    if not isinstance(made, bytes):
        raise RheobaseError("typst gave no PDF; expected one file.")
    return made


def _unshown(problem: str) -> set[str]:
    """Return the characters that typst says no font has."""
    named = (_ESCAPED.sub(lambda code: chr(int(code[1], 16)), text) for text in _UNSHOWN.findall(problem))
    return {each for text in named for each in text if not each.isascii()}


def _spelt_out(data: str, unshown: set[str]) -> str:
    """Return the data with what no font can show written as code points, such as ``[U+1F600]``."""
    return data.translate({ord(each): f"[U+{ord(each):04X}]" for each in unshown})


def _data(document: Document, paper: str) -> dict[str, Any]:
    on = document.on.isoformat() if document.on is not None else "1970-01-01"
    return {
        "title": printable(document.title) or KEYWORD,
        "keyword": KEYWORD,
        "on": on,
        "paper": paper,
        "brief": document.in_brief,
        "sections": [_section(each, document) for each in document.sections],
    }


def _section(section: Section, document: Document) -> dict[str, Any]:
    count, printed = len(document.sources), cited_on_paper(document) if document.in_brief else None
    shown = (
        each for each in section.blocks if printed is None or not isinstance(each, Reference) or each.number in printed
    )
    return {
        "title": printable(section.title),
        "kind": section.kind.value,
        "level": section.level,
        "blocks": [_block(each, count, brief=document.in_brief) for each in shown],
    }


def _runs(text: str, count: int) -> list[str | int]:
    return [each if isinstance(each, int) else _breakable(each) for each in runs(text, count)]


def _breakable(text: str) -> str:
    """Return text in which a word too long for a line may be broken; spaces at its ends stay."""
    text = text if text.isascii() else _without_piles(text)
    return _LONG_WORD.sub(lambda word: _BREAK.join(_PIECE.findall(word[0])), text)


def _without_piles(text: str) -> str:
    """Return text without the marks (accents, signs) beyond the first few on one letter."""
    kept, piled = [], 0
    for each in text:
        piled = piled + 1 if unicodedata.category(each) in ("Mn", "Me") else 0
        if piled <= _MOST_MARKS:
            kept.append(each)
    return "".join(kept)


def _block(block: Block, count: int, *, brief: bool) -> dict[str, Any]:
    match block:
        case Paragraph(text, strong):
            return {"is": "paragraph", "text": _runs(text, count), "strong": strong}
        case Point(text, details, strong, more):
            shown = details if brief else (*details, *more)
            head, rest = "", text
            if strong and ":" in text:
                head, _, rest = text.partition(":")
                head, rest = f"{head}:", rest.strip()
            inner = [_runs(each, count) for each in shown]
            return {"is": "point", "head": _breakable(printable(head)), "text": _runs(rest, count), "details": inner}
        case Table(caption, header, rows):
            cells = [[_runs(cell, count) for cell in row] for row in rows]
            return {
                "is": "table",
                "caption": printable(caption),
                "header": [printable(x) for x in header],
                "rows": cells,
            }
        case Quote(text):
            return {"is": "quote", "lines": [_breakable(line) for line in lines(text)]}
        case Reference(number, text, url):
            link = url if url and url.startswith(("https://", "http://")) else None
            return {"is": "reference", "number": number, "text": printable(text), "url": link}
        case Picture(title, description):
            svg = picture_svg(block, name="picture", style=FIXED_STYLE)
            alt = f"{printable(title)}. {printable(description)}"
            return {"is": "picture", "title": printable(title), "alt": alt, "svg": svg}
