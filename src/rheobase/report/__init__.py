"""From an assessment to a document: sections once, rendered for terminal, page, PDF and JSON."""

from __future__ import annotations

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
