"""The survey check runs where the survey is, and says so where it is not."""

from __future__ import annotations

import importlib.util
import os
import sys
from pathlib import Path
from types import ModuleType

import pytest

ROOT = Path(__file__).parents[2]
FOLDER = Path(os.environ.get("RHEOBASE_SURVEYS", ROOT.parent / "shared" / "data" / "nhanes"))


def benchmark() -> ModuleType:
    """Return the benchmark as a module."""
    spec = importlib.util.spec_from_file_location("intake_nhanes", ROOT / "benchmarks" / "intake_nhanes.py")
    assert spec is not None
    assert spec.loader is not None
    module = importlib.util.module_from_spec(spec)
    sys.modules["intake_nhanes"] = module
    spec.loader.exec_module(module)
    return module


def test_without_the_survey_it_says_why_it_stops(tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> None:
    """An empty folder gives one line and exit status 2."""
    assert benchmark().main([str(tmp_path)]) == 2
    assert "skipped: no nhanes_2015_2016.parquet" in capsys.readouterr().out


def test_the_page_is_there_with_its_bad_figures() -> None:
    """The committed page has all three parts and says what is wrong."""
    page = (ROOT / "docs" / "validation" / "intake.md").read_text(encoding="utf-8")
    for words in ("## Prevalence", "## A second day foretold", "worst tenth off", "## What is wrong with it"):
        assert words in page


@pytest.mark.slow
@pytest.mark.skipif(not FOLDER.is_dir(), reason="the NHANES files are not here; set RHEOBASE_SURVEYS to their folder")
def test_one_day_foretells_the_next_in_proportion() -> None:
    """On 1,500 adults magnesium is calibrated to a few points, and prevalence lies by the published figure."""
    module = benchmark()
    adults = module.people(FOLDER)[:1500]
    rows = module.foretell(adults, "magnesium")
    told, came = module.mean(rows, lambda row: row.probability), module.mean(rows, lambda row: row.came)
    assert told == pytest.approx(came, abs=0.04)
    assert module.coverage(rows, 0.8) == pytest.approx(80, abs=4)
    assert module.share(module.beyond(adults, "magnesium"), lambda row: row.usual) == pytest.approx(53, abs=5)
