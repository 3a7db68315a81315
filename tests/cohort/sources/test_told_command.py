"""The command that turns the files of a source into a table of people."""

from __future__ import annotations

import json
import tomllib
from datetime import date
from pathlib import Path

import polars as pl
import pytest
from click.testing import CliRunner

from rheobase.cli.cohort_told import told
from rheobase.cohort.frame import check_told
from rheobase.cohort.judge import judge
from rheobase.cohort.sources import spool
from rheobase.errors import RheobaseError
from rheobase.knowledge import load_knowledge
from tests.cohort.sources import test_fhir_bulk, test_nhanes


def _run(*words: str) -> str:
    result = CliRunner().invoke(told, list(words), catch_exceptions=False)
    assert result.exit_code == 0, result.output
    return result.stdout


def test_parts_of_records_are_one_table_that_can_be_judged(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    """Several batches give parts with the same columns; together they are judged, and what was refused is a file."""
    source, out = tmp_path / "in", tmp_path / "out"
    source.mkdir()
    test_fhir_bulk._export(source)
    monkeypatch.setattr(spool, "BUCKET_BYTES", 1_500)
    said = json.loads(_run("fhir", str(source), "-o", str(out), "--on", "2026-11-24", "--json"))
    parts = sorted((out / "people").iterdir())
    assert (said["people"], said["parts"], said["mapping"]) == (3, len(parts), False)
    assert len(parts) > 1
    assert len({tuple(pl.read_parquet_schema(each).items()) for each in parts}) == 1
    frame = pl.read_parquet(parts).sort("person_id")
    assert judge(frame, load_knowledge(), on=date(2026, 11, 24))["rules_fired"].list.len().to_list()[0] > 0
    assert pl.read_csv(out / "refused.csv")["times"].sum() == said["refused"]


def test_weights_are_carried_along_by_a_mapping(tmp_path: Path) -> None:
    """NHANES comes with a mapping that keeps the weights; what was not used is said by reason, columns together."""
    source, out = tmp_path / "in", tmp_path / "out"
    source.mkdir()
    test_nhanes._cycle(source)
    said = _run("nhanes", str(source), "-o", str(out)).splitlines()
    assert said[1] == f"Not used: 6 cells and records, each counted in {out}/refused.csv."
    assert [" ".join(each.split()) for each in said[2:6]] == [
        "3 DIQ999: says nothing that is judged here; not read",
        "1 LBXSCA: expected 0.5 to 6.0 (after conversion)",
        "1 RXDDRUG: no medicine of ours, or only in part",
        "1 SEQN: not in DEMO_I.XPT: another cycle?",
    ]
    mapping = tomllib.loads((out / "mapping.toml").read_text(encoding="utf-8"))
    assert mapping == {"person": {"id": "person_id", "own": True, "keep": ["WTMEC2YR"]}}
    frame = pl.read_parquet(out / "people" / "part-000000.parquet")
    check_told(frame, load_knowledge(), ["WTMEC2YR"])


@pytest.mark.parametrize(
    ("words", "expected"),
    [
        (["omop", "{absent}", "-o", "{new}"], "is not there"),
        (["omop", "{empty}", "-o", "{new}"], "table person"),
        (["fhir", "{empty}", "{empty}", "-o", "{new}"], "expected one folder"),
        (["fhir", "{empty}", "-o", "{empty}"], "is there already"),
        (["fhir", "{empty}", "-o", "{absent}/deep/new"], "cannot be written"),
    ],
)
def test_wrong_input_leaves_nothing_behind(tmp_path: Path, words: list[str], expected: str) -> None:
    """A missing or foreign folder, two folders and a place that cannot be written are refused; no part is left."""
    places = {"absent": tmp_path / "absent", "empty": tmp_path / "empty", "new": tmp_path / "new"}
    places["empty"].mkdir()
    with pytest.raises(RheobaseError, match=expected):
        CliRunner().invoke(told, [each.format(**places) for each in words], catch_exceptions=False)
    assert [each.name for each in tmp_path.iterdir()] == ["empty"]
