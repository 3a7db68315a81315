"""Blood tests on every surface: terminal, page, page for the doctor, JSON."""

from __future__ import annotations

import json
from datetime import date
from xml.etree import ElementTree as ET

import pytest

from rheobase.assess import Assessment, assess
from rheobase.knowledge import load_knowledge
from rheobase.person import Answer, LabResult, Person, Status
from rheobase.report import document_for, render, render_html
from rheobase.report.document import Footnotes, Picture
from rheobase.report.labs_json import labs_json
from rheobase.report.labs_section import labs_document, labs_section
from rheobase.report.labs_trend_chart import Trend, TrendPoint, figure, trend_lines
from rheobase.report.labs_words import conventional, flag_words
from rheobase.report.pictures import picture_svg

KNOWLEDGE = load_knowledge()
ON = date(2026, 11, 24)
LABS = (
    LabResult("magnesium", 0.78, "mmol/L", low=0.7, high=1.0, taken=date(2026, 1, 10)),
    LabResult("magnesium", 1.1, "mg/dL", low=1.7, high=2.4, taken=date(2026, 10, 10), original="Mg 1.1 L"),
    LabResult("calcium_total", 1.95, "mmol/L", taken=date(2026, 10, 10)),
    LabResult("albumin", 38, "g/L", taken=date(2026, 10, 10)),
    LabResult("potassium", 3.1, "mmol/L", taken=date(2026, 10, 10)),
)
TOLD = {"age_years": Answer(Status.PRESENT, 58.0), "sex": Answer(Status.PRESENT, "female")}


def judged(*labs: LabResult) -> tuple[Person, Assessment]:
    """Return a person with these results, and their assessment."""
    person = Person(answers=TOLD, labs=labs)
    return person, assess(person, KNOWLEDGE, on=ON)


@pytest.mark.parametrize("reader", ["person", "clinician", "doctor"])
def test_patterns_stand_in_every_report_with_the_persons_own_figures(reader: str) -> None:
    """The pattern is named, with 1.1 mg/dL as it was printed, and what an open one waits for."""
    person, assessment = judged(*LABS)
    text = " ".join(render(document_for(reader, person, assessment, KNOWLEDGE)).split())
    assert "Low potassium that does not rise with potassium" in text
    assert "magnesium 1.1 mg/dL (very low)" in text
    assert "it would need Parathyroid hormone" in text


def test_both_unit_systems_stand_in_the_table() -> None:
    """1.1 mg/dL is shown as 0.45 mmol/L too, and 1.95 mmol/L as 7.82 mg/dL."""
    _, assessment = judged(*LABS)
    text = " ".join(render(labs_document(assessment, KNOWLEDGE), width=110).split())
    assert "1.1 mg/dL 0.45 mmol/L" in text
    assert "1.95 mmol/L 7.82 mg/dL" in text


def test_without_results_there_is_no_section() -> None:
    """Nobody without a result reads of blood tests."""
    _, assessment = judged()
    assert labs_section(assessment.facts, KNOWLEDGE, Footnotes(KNOWLEDGE)).blocks == ()


def test_json_holds_results_changes_patterns_and_limits() -> None:
    """Both unit systems, the change, what an open pattern waits for, and the formula behind a derived value."""
    _, assessment = judged(*LABS)
    data = json.loads(json.dumps(labs_json(assessment.facts, KNOWLEDGE)))
    magnesium = next(each for each in data["results"] if each["analyte"] == "magnesium")
    assert magnesium["reported"]["value"] == 1.1
    assert magnesium["si"]["value"] == pytest.approx(0.4525, abs=0.001)
    assert (magnesium["flag"], magnesium["grade"]) == ("low", "severe")
    assert data["changes"][0]["beyond_chance"] is True
    assert data["derived"][0]["formula"]["source"] == "payne1973"
    waiting = {each["id"]: each["needs"] for each in data["open_patterns"]}
    assert waiting["low_ca_low_mg"] == ["lab_pth_high"]


def test_the_picture_is_sound_and_can_be_read_aloud() -> None:
    """The drawing is well-formed XML with a title and a description; nothing in it breaks out."""
    _, assessment = judged(*LABS)
    section = labs_section(assessment.facts, KNOWLEDGE, Footnotes(KNOWLEDGE))
    picture = next(block for block in section.blocks if isinstance(block, Picture))
    root = ET.fromstring(picture_svg(picture, name="p1"))  # noqa: S314 - our own drawing
    assert [child.tag.rpartition("}")[2] for child in root][:2] == ["title", "desc"]
    assert "<svg" in render_html(labs_document(assessment, KNOWLEDGE))


@pytest.mark.parametrize("values", [(4.0, 4.0), (0.001, 900.0), (5.0, 4.0, 3.0, 2.0)])
def test_trend_lines_fit_a_narrow_screen(values: tuple[float, ...]) -> None:
    """Equal values, far-apart values and several dates all draw within 60 columns."""
    points = tuple(TrendPoint(date(2026, 1, at + 1), value) for at, value in enumerate(values))
    lines = trend_lines(Trend(points, "mmol/L", 3.5, 5.3), 60)
    assert len(lines) == len(values) + 1
    assert max(map(len, lines)) <= 60


def test_figures_have_no_exponent() -> None:
    """From 0.0042 to 22000, figures stay plain."""
    assert [figure(x) for x in (22000, 138.4, 12.34, 0.452, 0.0042)] == ["22000", "138", "12.3", "0.45", "0.0042"]


def test_the_other_unit_system_is_one_that_is_used() -> None:
    """Calcium, magnesium, vitamin D and glucose have a second unit; sodium and potassium are the same in both."""
    for name in ("calcium_total", "calcium_adjusted", "magnesium", "vitamin_d_25oh", "glucose", "creatinine"):
        assert conventional(KNOWLEDGE.analytes[name]) is not None, name
    for name in ("sodium", "potassium", "ph", "inr"):
        assert conventional(KNOWLEDGE.analytes[name]) is None, name


@pytest.mark.parametrize(
    ("result", "words"),
    [
        (LabResult("tsh", 5.0, "mIU/L"), "above usual, not called high"),
        (LabResult("potassium", 5.4, "mmol/L"), "above usual, not called high"),
        (LabResult("potassium", 5.2, "mmol/L"), "normal"),
        (LabResult("sodium", 150, "mmol/L", flag="normal", low=135, high=145), "marked normal, but above its range"),
        (LabResult("potassium", 3.0, "mmol/L", flag="high", low=3.5, high=5.1), "marked high, but below its range"),
        (LabResult("potassium", 5.4, "mmol/L", low=3.5, high=5.6), "normal"),
    ],
)
def test_no_value_is_called_normal_beside_a_range_that_it_lies_outside_of(result: LabResult, words: str) -> None:
    """Mark and range are both said where they differ; the laboratory's own range goes before what is usual."""
    _, assessment = judged(result)
    reading = next(each for each in assessment.facts.readings if each.result is not None)
    assert flag_words(reading, KNOWLEDGE, assessment.facts.ever) == words
