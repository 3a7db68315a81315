"""Every layout of a laboratory report, good and bad, is read as its spec says."""

from __future__ import annotations

from datetime import date
from pathlib import Path
from typing import Any

import pytest
import yaml

from rheobase.importers.labs_import import report_of
from rheobase.knowledge import load_knowledge
from rheobase.labs.reading import judge_all
from rheobase.labs.reading_names import LabFacts, facts_for
from tests.labs.layout_words import ON, words

FOLDER = Path(__file__).parent / "layouts"


def layouts() -> list[Any]:
    """Return every layout with its name."""
    return [
        pytest.param(each["input"], each["expect"], id=f"{path.stem}: {each['name']}")
        for path in sorted(FOLDER.glob("*.yaml"))
        for each in yaml.safe_load(path.read_text(encoding="utf-8"))
    ]


@pytest.fixture(scope="module")
def facts() -> LabFacts:
    """Names, codes and units."""
    return facts_for(load_knowledge())


@pytest.mark.parametrize(("text", "expected"), layouts())
def test_a_layout_is_read_as_its_spec_says(text: str, expected: list[str], facts: LabFacts) -> None:
    """Each line is read, asked about, refused or left out exactly as written beside it."""
    report = report_of(text.encode(), "report", facts)
    assert words(judge_all(report.lines, facts, ON)) == expected


def test_there_are_at_least_sixty_layouts() -> None:
    """The corpus holds the good and the bad."""
    specs = [each.values[1] for each in layouts()]
    assert len(specs) >= 60
    assert sum(any(not line.startswith("read") for line in spec) for spec in specs) >= 25


@pytest.mark.parametrize(("text", "expected"), layouts())
def test_no_line_is_dropped(text: str, expected: list[str], facts: LabFacts) -> None:
    """Each line of a text is a result or is listed as holding none, and every line says why it does not count."""
    report = report_of(text.encode(), "report", facts)
    judged = judge_all(report.lines, facts, ON)
    assert all(each.result is not None or each.reasons for each in judged)
    if report.kind == "text":
        seen = {each.line.number for each in judged}
        written = [number for number, line in enumerate(text.splitlines(), 1) if line.strip()]
        assert len(seen) + len(report.left_out) == len(written)


def test_a_report_says_the_day_before_which_it_was_read(facts: LabFacts) -> None:
    """A result of tomorrow is refused today and read tomorrow."""
    report = report_of(b"Test,Result,Units,Date\nSodium,140,mmol/L,2026-11-25\n", "report", facts)
    assert words(judge_all(report.lines, facts, date(2026, 11, 24))) == ["refused"]
    assert words(judge_all(report.lines, facts, date(2026, 11, 25))) == ["read sodium 140 mmol/L 2026-11-25"]
