"""From an assessment to a document: sections once, rendered for terminal, page, PDF and JSON.

What is named here is imported when it is asked for, so that a page without a report need not wait for all of it.
"""

from __future__ import annotations

import importlib
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from rheobase.report.html import render_html
    from rheobase.report.json_out import assessment_json
    from rheobase.report.pdf import render_pdf
    from rheobase.report.readers import READERS, document_for
    from rheobase.report.sections import Audience, assessment_document
    from rheobase.report.terminal import render

__all__ = [
    "READERS",
    "Audience",
    "assessment_document",
    "assessment_json",
    "document_for",
    "render",
    "render_html",
    "render_pdf",
]

_WHERE = {
    "READERS": "readers",
    "Audience": "sections",
    "assessment_document": "sections",
    "assessment_json": "json_out",
    "document_for": "readers",
    "render": "terminal",
    "render_html": "html",
    "render_pdf": "pdf",
}


def __getattr__(name: str) -> object:
    """Return one of the names above from the module that holds it."""
    if name not in _WHERE:
        raise AttributeError(name)
    # Found here the next time.
    found = globals()[name] = getattr(importlib.import_module(f"{__name__}.{_WHERE[name]}"), name)
    return found
