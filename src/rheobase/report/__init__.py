"""From an assessment to a document: sections once, rendered for terminal and JSON."""

from __future__ import annotations

from rheobase.report.json_out import assessment_json
from rheobase.report.sections import Audience, assessment_document
from rheobase.report.terminal import render

__all__ = ["Audience", "assessment_document", "assessment_json", "render"]
