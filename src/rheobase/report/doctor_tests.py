"""Tests worth having, for the page for the doctor, with the codes that a laboratory understands."""

from __future__ import annotations

from collections.abc import Iterator

from rheobase.assess import Assessment
from rheobase.knowledge import Analyte, Knowledge
from rheobase.report.document import Block, Table
from rheobase.report.words import clinical

SHOWN = 8
PERSON = "person"


def tests_worth_having(assessment: Assessment, knowledge: Knowledge) -> Iterator[Block]:
    """Yield the examinations and tests that would tell most, the most telling first, with their LOINC codes.

    This is the one place where a ranking of tests plugs in.
    """
    analytes = _by_finding(knowledge)
    rows: dict[str, tuple[str, str]] = {}
    for each in assessment.missing:
        finding = knowledge.findings[each.finding]
        if finding.kind == PERSON:
            continue
        found = analytes.get(each.finding, [])
        name = ", ".join(dict.fromkeys(one.name for one in found)) or clinical(knowledge, each.finding)
        codes = "; ".join(dict.fromkeys(code for one in found for code in one.loinc.values()))
        rows.setdefault(name, (name, codes or finding.codes.get("loinc", "") or "-"))
    if rows:
        yield Table("Most telling first", ("Test or examination", "LOINC"), tuple(list(rows.values())[:SHOWN]))


def _by_finding(knowledge: Knowledge) -> dict[str, list[Analyte]]:
    found: dict[str, list[Analyte]] = {}
    for analyte in knowledge.analytes.values():
        for name in (analyte.low_finding, analyte.high_finding, analyte.positive_finding, analyte.negative_finding):
            if name is not None and analyte not in found.setdefault(name, []):
                found[name].append(analyte)
    return found
