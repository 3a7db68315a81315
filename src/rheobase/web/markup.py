"""Reports as markup for within a page; the report escaped every text."""

from __future__ import annotations

from markupsafe import Markup

from rheobase.report.document import Document, Section
from rheobase.report.html import render_inside, render_section


def report_markup(document: Document, *, folded: bool = False) -> Markup:
    """Return a report's contents and sections for within a page's main part; the report escaped every text."""
    return Markup(render_inside(document, folded=folded))  # noqa: S704 - escaped there


def section_markup(section: Section, *, sources: int = 0) -> Markup:
    """Return one section as markup, escaped by the report."""
    return Markup(render_section(section, sources=sources))  # noqa: S704 - escaped there


def sections_markup(document: Document) -> tuple[Markup, ...]:
    """Return each of a report's sections for a page that has contents and text of its own around them."""
    count = len(document.sources)
    return tuple(
        Markup(render_section(each, sources=count, name=f"part-{number}", folded=True))  # noqa: S704 - escaped there
        for number, each in enumerate(document.sections, 1)
    )
