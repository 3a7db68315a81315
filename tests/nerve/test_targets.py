"""The model against published figures."""

from __future__ import annotations

import subprocess
import sys
from pathlib import Path

import pytest

from rheobase.nerve.validation import Judged, judge_all

ROOT = Path(__file__).parents[2]
# Rows that the model does not reproduce; the page says why. A row that comes right has to leave this list.
OPEN = {"I8t", "I9s", "H3"}


@pytest.fixture(scope="module")
def judged() -> dict[str, Judged]:
    """Return every target with what the model gives."""
    return {each.target.id: each for each in judge_all()}


def test_every_target_is_within_its_limits_but_for_the_open_ones(judged: dict[str, Judged]) -> None:
    """V2 to V9, I1 to I9 and H1 to H8 as far as they concern the membrane; the open ones are exactly those named."""
    assert {name for name, each in judged.items() if each.within is False} == OPEN


def test_nine_in_ten_are_within(judged: dict[str, Judged]) -> None:
    """At least 26 rows of 29 are."""
    within = [each.within for each in judged.values() if each.within is not None]
    assert len(within) >= 29
    assert sum(within) >= 26


def test_what_is_not_within_or_not_judged_says_why(judged: dict[str, Judged]) -> None:
    """No miss without its reason."""
    for name, each in judged.items():
        assert each.within or each.target.why, name


@pytest.mark.slow
def test_the_page_is_fresh() -> None:
    """`benchmarks/nerve/validate.py` would change nothing."""
    command = [sys.executable, "benchmarks/nerve/validate.py", "--check"]
    done = subprocess.run(command, cwd=ROOT, capture_output=True, text=True, check=False)
    assert done.returncode == 0, done.stdout + done.stderr
