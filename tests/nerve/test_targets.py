"""The model against published figures."""

from __future__ import annotations

import importlib.util
from collections.abc import Sequence
from pathlib import Path
from types import ModuleType

import pytest

from rheobase.knowledge.nerve_facts import Target
from rheobase.nerve.validation import Judged, judged

ROOT = Path(__file__).parents[2]
# Rows that the model does not reproduce; the page says why. A row that comes right has to leave this list.
OPEN = {"V5", "I8t", "I9s", "H3", "F1d"}
# Every row of the dossier of targets.
DOSSIER = {
    *(f"V{number}" for number in range(1, 13)),
    *(f"I{number}" for number in range(1, 11)),
    *(f"H{number}" for number in range(1, 10)),
    *(f"F{number}" for number in range(1, 6)),
}
Parts = Sequence[tuple[str, tuple[Judged, ...]]]


@pytest.fixture(scope="module")
def script() -> ModuleType:
    """Return benchmarks/nerve/validate.py as a module."""
    found = importlib.util.spec_from_file_location("validate", ROOT / "benchmarks" / "nerve" / "validate.py")
    assert found is not None
    assert found.loader is not None
    module = importlib.util.module_from_spec(found)
    found.loader.exec_module(module)
    return module


@pytest.fixture(scope="module")
def parts(script: ModuleType) -> Parts:
    """Return every part of the model with its targets and what it gives."""
    given: Parts = script.judge()
    return given


@pytest.fixture(scope="module")
def rows(parts: Parts) -> dict[str, Judged]:
    """Return every target by its id."""
    found = [each for _, part in parts for each in part]
    by_id = {each.target.id: each for each in found}
    assert len(by_id) == len(found), "two targets of one id"
    return by_id


def test_every_row_of_the_dossier_is_there(rows: dict[str, Judged]) -> None:
    """V1 to V12, I1 to I10, H1 to H9, F1 to F5: none is left out, whichever part of the model answers it."""
    assert rows.keys() >= DOSSIER


def test_every_target_is_within_its_limits_but_for_the_open_ones(rows: dict[str, Judged]) -> None:
    """The membrane, the fibre and the pool; the open ones are exactly those named."""
    assert {name for name, each in rows.items() if each.within is False} == OPEN


def test_most_rows_are_within(rows: dict[str, Judged]) -> None:
    """At least 36 rows of 41 are, and what was fitted is counted apart."""
    within = [each.within for each in rows.values() if each.within is not None]
    assert len(within) >= 41
    assert sum(within) >= 36
    assert {each.target.basis for each in rows.values()} == {"prediction", "fitted", "construction", "solver"}
    assert {name for name in ("V2", "V9m", "H6", "F1", "F4", "H6p") if rows[name].target.basis != "fitted"} == set()


def test_what_is_not_within_or_not_judged_says_why(rows: dict[str, Judged]) -> None:
    """No miss without its reason."""
    for name, each in rows.items():
        assert each.within or each.target.why, name


def test_a_miss_is_never_rounded_to_a_hit(script: ModuleType) -> None:
    """8.68 beside limits from 9 to 19 is shown as 8.7, while 9.7 needs no decimal."""
    target = Target("X", "x", "x", "expert", "C", low=9.0, high=19.0)
    assert [script.shown(target, each) for each in (8.68, 8.98, 9.7, 19.02)] == ["8.7", "8.98", "10", "19.02"]


def test_a_row_is_judged_by_both_ends() -> None:
    """Below, between, above; an open end lets everything through; what the model does not give is not judged."""
    target = Target("X", "x", "x", "expert", "C", low=1.0, high=2.0)
    assert [judged(target, each).within for each in (0.9, 1.0, 2.0, 2.1, None)] == [False, True, True, False, None]
    assert judged(Target("X", "x", "x", "expert", "C", high=0.0), -1e9).within is True
    assert judged(Target("X", "x", "x", "expert", "C", high=0.0), 1.0).within is False


@pytest.mark.slow
def test_the_page_is_fresh(script: ModuleType, parts: Parts) -> None:
    """`benchmarks/nerve/validate.py` would change nothing."""
    assert script.PAGE.read_text(encoding="utf-8") == script.page(parts)
