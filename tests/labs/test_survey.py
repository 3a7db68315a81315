"""The survey check of blood tests runs where the survey is, and says so where it is not."""

from __future__ import annotations

import importlib.util
import os
import sys
from pathlib import Path
from types import ModuleType

import pytest

from rheobase.knowledge import load_knowledge

KNOWLEDGE = load_knowledge()
ROOT = Path(__file__).parents[2]
FOLDER = Path(os.environ.get("RHEOBASE_SURVEYS", ROOT.parent / "shared" / "data" / "nhanes"))
HERE = pytest.mark.skipif(
    not FOLDER.is_dir(), reason="the NHANES files are not here; set RHEOBASE_SURVEYS to their folder"
)


def benchmark() -> ModuleType:
    """Return the benchmark as a module."""
    spec = importlib.util.spec_from_file_location("labs_nhanes", ROOT / "benchmarks" / "labs_nhanes.py")
    assert spec is not None
    assert spec.loader is not None
    module = importlib.util.module_from_spec(spec)
    sys.modules["labs_nhanes"] = module
    spec.loader.exec_module(module)
    return module


def test_without_the_survey_it_says_why_it_stops(tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> None:
    """An empty folder gives one line and exit status 2."""
    assert benchmark().main([str(tmp_path)]) == 2
    assert "skipped: no nhanes_2013_2014.parquet" in capsys.readouterr().out


def test_the_page_is_there_and_every_derived_value_agrees() -> None:
    """The committed page has its parts, and no derived value off by more than is allowed."""
    page = (ROOT / "docs" / "validation" / "labs.md").read_text(encoding="utf-8")
    for words in ("## Derived values", "## How common low results are", "## Hydrochlorothiazide", "## What is wrong"):
        assert words in page
    assert "| NO |" not in page


CUTS = {
    "lab_ca_level": ("adjusted calcium below 1.9", "adjusted calcium below 2.1", "adjusted calcium below 2.20"),
    "lab_mg_level": ("magnesium below 0.5", "magnesium below 0.6", "magnesium below 0.70"),
    "lab_k_level": ("potassium below 2.5", "potassium below 3.0", "potassium below 3.5"),
    "lab_na_level": ("sodium below 125", "sodium below 130", "sodium below 133"),
}


@pytest.mark.parametrize("finding", sorted(CUTS))
def test_the_rates_of_the_grades_are_those_of_the_page(finding: str) -> None:
    """What a grade is worth rests on the share of adults that our own formula puts there, as the page prints it."""
    page = (ROOT / "docs" / "validation" / "labs.md").read_text(encoding="utf-8")
    rows = [line for line in page.splitlines() if line.startswith("|")]
    below = []
    for words in CUTS[finding]:
        row = next(line for line in rows if line.startswith(f"| {words}"))
        below.append(float(row.split("|")[4].split("%")[0]) / 100)
    grades = ("severe", "moderate", "mild")
    shares = dict(zip(grades, (below[0], below[1] - below[0], below[2] - below[1]), strict=True))
    shares["none"] = 1 - below[-1]
    rates = {
        row.value: row.false_positive_rate
        for rows in KNOWLEDGE.evidence.values()
        for row in rows
        if row.finding == finding
    }
    assert rates.keys() == shares.keys()
    for grade, share in shares.items():
        assert rates[grade] == pytest.approx(share, rel=0.1, abs=0.00015), grade


@pytest.mark.slow
@HERE
def test_derived_values_agree_with_a_second_implementation() -> None:
    """In 1,000 adults each derived value agrees with the formula written out in conventional units."""
    module = benchmark()
    adults = [module.judged(row) for row in module.rows(FOLDER, module.CYCLES[:1])[:1000]]
    for each in module.agreements(adults):
        assert each.people > 900, each.name
        assert each.largest <= each.allowed, each.name


@pytest.mark.slow
@HERE
def test_hydrochlorothiazide_lowers_potassium() -> None:
    """Users have less potassium than others, with an interval that leaves out 0; about 1 in 8 of them is below 3.5."""
    module = benchmark()
    users, others = module.thiazide(FOLDER)
    off = module.difference(users, others, lambda row: row["LBXSKSI"])
    assert off.high < 0
    assert off.value == pytest.approx(-0.18, abs=0.03)
    share = module.estimate(users, lambda row: float(row["LBXSKSI"] < 3.5))
    assert share.low < 0.126 < share.high
