"""A document as one self-contained page: no network, no script, dark and light, fit for paper."""

from __future__ import annotations

import base64
import hashlib
from collections.abc import Iterator
from dataclasses import replace
from html import escape
from itertools import groupby

from rheobase import __version__
from rheobase.plain_text import printable
from rheobase.report.document import (
    Block,
    Document,
    Kind,
    Paragraph,
    Picture,
    Point,
    Quote,
    Reference,
    Section,
    Table,
)
from rheobase.report.inline import cited_on_paper, lines, runs
from rheobase.report.pictures import picture_svg
from rheobase.report.style import page_style

# Found in every page of ours, so that a later one may take its place.
GENERATOR = f'<meta name="generator" content="Rheobase {__version__}">'
# The first words of a detail that are set in bold, for finding one's way.
LEADS = ("for", "against", "not known", "would settle it", "because of")
# How the one point begins whose details are never folded: the next step.
FIRST = "First:"
# How the details of what to do begin that only list something: they warn of nothing, and nothing is done by them.
LISTS = ("Where it is:", "Foods, in a portion:", "You already eat:")
_FEWEST_SECTIONS = 4


def render_html(document: Document) -> str:
    """Return the document as a page; the same document gives the same bytes.

    Args:
        document: What to show. Every text in it is escaped and made printable here.
    """
    style = page_style()
    digest = base64.b64encode(hashlib.sha256(style.encode()).digest()).decode()
    policy = f"default-src 'none'; style-src 'sha256-{digest}'; base-uri 'none'; form-action 'none'"
    title = _plain(document.title)
    parts = [
        '<!doctype html>\n<html lang="en">\n<head>\n<meta charset="utf-8">',
        f'<meta http-equiv="Content-Security-Policy" content="{policy}">',
        '<meta name="viewport" content="width=device-width, initial-scale=1">',
        '<meta name="color-scheme" content="light dark">\n<meta name="referrer" content="no-referrer">',
        GENERATOR,
        f"<title>{title}</title>\n<style>{style}</style>\n</head>",
        f'<body class="{"brief" if document.in_brief else "full"}">\n<a class="skip" href="#main">Skip to the text</a>',
        f"<header><h1>{title}</h1></header>",
        *_parts(document),
        "</body>\n</html>\n",
    ]
    return "\n".join(part for part in parts if part)


def render_inside(document: Document, *, folded: bool = False) -> str:
    """Return the document's contents and sections for a page that has a main part and a footer of its own.

    How urgent it is, where that comes first, stands before the contents: it is seen at once on a small screen.

    Args:
        document: What to show, escaped as in ``render_html``. The page needs the rules of ``page_style``.
        folded: Leave what is for those who want to know more to be opened: sections aside, and details of points.
    """
    if folded:
        document = replace(document, sections=tuple(map(_folded, document.sections)))
    main = [each for each in document.sections if each.kind is not Kind.ABOUT]
    names = {id(each): f"part-{number}" for number, each in enumerate(document.sections, 1)}
    sections = [_section(each, names[id(each)], document, fold=folded) for each in document.sections]
    lead = 1 if main and main[0] is document.sections[0] and main[0].kind is Kind.URGENCY else 0
    parts = (*sections[:lead], _contents(main[lead:], names), *sections[lead:])
    return "\n".join(part for part in parts if part)


def render_section(section: Section, *, sources: int = 0, name: str = "part", folded: bool = False) -> str:
    """Return one section for a page that has a head of its own.

    Args:
        section: What to show, escaped as in ``render_html``.
        sources: How many sources the page lists; marks beyond are shown as text.
        name: Of the section, for links to it.
        folded: Leave a section that is aside to be opened.
    """
    return _section(section, name, Document("", (section,), ("",) * sources), fold=folded)


def _parts(document: Document) -> Iterator[str]:
    main = [each for each in document.sections if each.kind is not Kind.ABOUT]
    about = [each for each in document.sections if each.kind is Kind.ABOUT]
    names = {id(each): f"part-{number}" for number, each in enumerate(document.sections, 1)}
    count = len(document.sources)
    yield _contents(main, names)
    yield '<main id="main" tabindex="-1">'
    yield from (_section(each, names[id(each)], document) for each in main)
    yield "</main>\n<footer>"
    yield from (
        f"<h2>{_plain(each.title)}</h2>{''.join(_blocks(each.blocks, count, '', brief=True))}" for each in about
    )
    yield "</footer>"


def _plain(text: str) -> str:
    return escape(printable(text), quote=True)


def _inline(text: str, sources: int) -> str:
    """Return text escaped, with each mark of a source as a link to its entry."""
    parts = (
        f'<a href="#source-{each}">[{each}]</a>' if isinstance(each, int) else escape(each, quote=True)
        for each in runs(text, sources)
    )
    return "".join(parts)


def _contents(sections: list[Section], names: dict[int, str]) -> str:
    if len(sections) < _FEWEST_SECTIONS:
        return ""
    items = "".join(f'<li><a href="#{names[id(each)]}">{_plain(each.title)}</a></li>' for each in sections)
    return f'<nav aria-label="Contents"><ul>{items}</ul></nav>'


def _folded(section: Section) -> Section:
    """Return a section with the details of its leading points folded: a cause's for and against, opened on demand.

    What to do first is not folded, nor are cautions, which are details of points that do not lead.
    """
    if section.kind is not Kind.TEXT:
        return section
    return replace(section, blocks=tuple(_folded_block(each) for each in section.blocks))


def _folded_block(block: Block) -> Block:
    if not isinstance(block, Point):
        return block
    if not block.strong or block.text.startswith(FIRST):
        # Lists to look things up in; every other detail says what to do, or warns.
        lists = tuple(each for each in block.details if each.startswith(LISTS))
        rest = tuple(each for each in block.details if each not in lists)
        return replace(block, details=rest, more=(*lists, *block.more))
    return replace(block, details=(), more=(*block.details, *block.more))


def _section(section: Section, name: str, document: Document, *, fold: bool = False) -> str:
    level = f" level-{section.level}" if section.level else ""
    body = "".join(_blocks(section.blocks, len(document.sources), name, brief=document.in_brief))
    if section.kind is Kind.SOURCES and document.in_brief:
        # What only folded text cites is left off the paper, with that text.
        printed = cited_on_paper(document)
        for number in range(1, len(document.sources) + 1):
            if number not in printed:
                body = body.replace(f'<li id="source-{number}"', f'<li class="folded" id="source-{number}"')
    head = f"<h2>{_plain(section.title)}</h2>"
    if fold and section.aside:
        # The name is inside: who follows a link to it finds it opened.
        inside = f'<div id="{name}">{body}</div>'
        body = f'<details class="folds"><summary>{head}</summary>{inside}</details>'
        return f'<section class="{section.kind}{level}">{body}</section>'
    return f'<section id="{name}" class="{section.kind}{level}">{head}{body}</section>'


def _blocks(blocks: tuple[Block, ...], sources: int, name: str, *, brief: bool) -> Iterator[str]:
    for kind, group in groupby(blocks, key=type):
        if kind is Point:
            items = (_point(each, sources, brief=brief) for each in group if isinstance(each, Point))
            yield f'<ul class="points">{"".join(items)}</ul>'
            continue
        if kind is Reference:
            yield f"<ol>{''.join(_reference(each) for each in group if isinstance(each, Reference))}</ol>"
            continue
        if kind is Picture:
            drawn = [
                _picture(each, sources, f"{name}-{n}") for n, each in enumerate(group) if isinstance(each, Picture)
            ]
            yield f'<div class="figures{" one" if len(drawn) == 1 else ""}">{"".join(drawn)}</div>'
            continue
        for block in group:
            match block:
                case Paragraph(text, strong):
                    lead = ' class="lead"' if strong else ""
                    yield f"<p{lead}>{_inline(text, sources)}</p>"
                case Quote(text):
                    said = "".join(f"<p>{escape(line, quote=True)}</p>" for line in lines(text))
                    yield f"<blockquote>{said}</blockquote>"
                case Table():
                    yield _table(block, sources)
                case _:  # the others were yielded above
                    continue


def _point(point: Point, sources: int, *, brief: bool) -> str:
    text = _inline(point.text, sources)
    if point.strong:
        head, colon, rest = text.partition(":")
        text = f"<strong>{head}{colon}</strong>{rest}"
    more = " ".join(_detail(each, sources) for each in point.more)
    details = " ".join(_detail(each, sources) for each in point.details)
    if more and not brief:
        details, more = f"{details} {more}".strip(), ""
    if details:
        text += f"<ul>{details}</ul>"
    if more:
        about = f'<span class="unseen"> about {_plain(point.text.partition(":")[0])}</span>'
        text += f"<details><summary>More{about}</summary><ul>{more}</ul></details>"
    return f"<li>{text}</li>"


def _detail(text: str, sources: int) -> str:
    head, colon, rest = text.partition(": ")
    if colon and head in LEADS:
        return f"<li><b>{head}:</b> {_inline(rest, sources)}</li>"
    return f"<li>{_inline(text, sources)}</li>"


def _reference(entry: Reference) -> str:
    text = _plain(entry.text)
    if entry.url and entry.url.startswith(("https://", "http://")):
        text = f'<a href="{escape(printable(entry.url), quote=True)}" rel="noreferrer">{text}</a>'
    return f'<li id="source-{entry.number}" value="{entry.number}">{text}</li>'


def _table(table: Table, sources: int) -> str:
    head = "".join(f'<th scope="col">{_inline(each, sources)}</th>' for each in table.header)
    rows = []
    for first, *rest in table.rows:
        cells = "".join(f"<td>{_inline(each, sources)}</td>" for each in rest)
        rows.append(f'<tr><th scope="row">{_inline(first, sources)}</th>{cells}</tr>')
    caption = _plain(table.caption)
    return (
        f'<div class="wide" tabindex="0" role="group" aria-label="{caption}"><table><caption>{caption}</caption>'
        f"<thead><tr>{head}</tr></thead><tbody>{''.join(rows)}</tbody></table></div>"
    )


def _picture(picture: Picture, sources: int, name: str) -> str:
    return (
        f"<figure><figcaption>{_plain(picture.title)}</figcaption>{picture_svg(picture, name=name)}"
        f'<details><summary>The figures<span class="unseen"> of {_plain(picture.title)}</span></summary>'
        f"{_table(picture.table, sources)}</details></figure>"
    )
