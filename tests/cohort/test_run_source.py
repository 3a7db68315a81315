"""From the published files of a source to a judged folder and its summary, in one command."""

from __future__ import annotations

import errno
import json
import re
from collections.abc import Callable
from pathlib import Path

import polars as pl
import pyreadstat
import pytest
from click.testing import CliRunner

from rheobase.cli import cohort_run
from rheobase.cli.cohort import cohort
from rheobase.cohort import run as runs
from rheobase.cohort.run_source import table_of
from rheobase.errors import DataRefusedError, RheobaseError, UsageError
from tests.cohort.sources import test_fhir_bulk, test_omop

ON = "2026-11-24"


def said(*words: str) -> str:
    """Return what a command says, which must succeed."""
    result = CliRunner().invoke(cohort, list(words), catch_exceptions=False)
    assert result.exit_code == 0, result.output
    return result.stdout


def survey(folder: Path, people: int = 240) -> Path:
    """Write a small cycle of NHANES: every fourth person has low potassium, and weights differ by stratum."""
    folder.mkdir()
    ids = [float(n + 1) for n in range(people)]
    demo = {
        "SEQN": ids,
        "RIAGENDR": [1.0 + n % 2 for n in range(people)],
        "RIDAGEYR": [20.0 + n % 60 for n in range(people)],
        "WTMEC2YR": [1000.0 if n % 8 else 3000.0 for n in range(people)],
        "SDMVSTRA": [1.0 + n // 80 for n in range(people)],
        "SDMVPSU": [1.0 + n // 40 % 2 for n in range(people)],
    }
    labs = {"SEQN": ids, "LBXSKSI": [2.4 if n % 4 == 0 else 4.2 for n in range(people)], "LBXSTR": [1.0] * people}
    pyreadstat.write_xport(pl.DataFrame(demo), folder / "DEMO_I.XPT")
    pyreadstat.write_xport(pl.DataFrame(labs), folder / "BIOPRO_I.XPT")
    return folder


def omop(folder: Path) -> Path:
    """Write a small OMOP database."""
    folder.mkdir()
    test_omop._write(folder, "parquet")
    return folder


def fhir(folder: Path) -> Path:
    """Write a small FHIR bulk export."""
    folder.mkdir()
    test_fhir_bulk._export(folder)
    return folder


def bytes_of(folder: Path) -> dict[str, bytes]:
    """Return every file of a folder."""
    return {each.name: each.read_bytes() for each in folder.iterdir()}


def test_survey_files_become_a_weighted_summary(tmp_path: Path) -> None:
    """XPT files are told, judged and summed up with their weights: a share is that of the weights, not of the rows."""
    out = str(tmp_path / "out")
    told = said("run", "--source", "nhanes", str(survey(tmp_path / "in")), "-o", out)
    assert "240  LBXSTR: says nothing that is judged here" in told
    assert "Judged 240 people" in told
    counts = json.loads(
        said("summary", out, "--weight", "WTMEC2YR", "--strata", "SDMVSTRA", "--psu", "SDMVPSU", "--json")
    )
    judged = pl.read_parquet(tmp_path / "out" / "part-*.parquet")
    same_day = judged.filter(pl.col("urgency") == judged.filter(pl.col("person_id") == "1")["urgency"][0])
    share = float(same_day["WTMEC2YR"].sum()) / float(judged["WTMEC2YR"].sum())
    assert share != pytest.approx(same_day.height / judged.height)
    level = same_day["urgency"][0]
    (line,) = (each for each in counts["lines"] if each["kind"] == "urgency" and each["value"] == level)
    assert line["share"] == pytest.approx(share, abs=1e-6)


@pytest.mark.parametrize(("kind", "make", "people"), [("omop", omop, 2), ("fhir", fhir, 3)])
def test_records_become_a_summary(tmp_path: Path, kind: str, make: Callable[[Path], Path], people: int) -> None:
    """A database and an export are judged for a day; what was not used is beside the result, under its hash."""
    out = tmp_path / "out"
    said("run", "--source", kind, str(make(tmp_path / "in")), "-o", str(out), "--on", ON)
    manifest = json.loads((out / "manifest.json").read_bytes())
    assert (manifest["source"], manifest["day"], manifest["rows"]["judged"]) == (kind, ON, people)
    assert manifest["files_written"].keys() == {"refused.csv", "dictionary.md", "not_used.csv"} | (
        {"mapping.toml"} & manifest["files_written"].keys()
    )
    assert pl.read_csv(out / "not_used.csv")["times"].sum() > 0
    assert "Hidden" in said("summary", str(out)) or "hidden" in said("summary", str(out))


def test_told_first_or_on_the_way_gives_the_same_parts(tmp_path: Path) -> None:
    """The folder that told wrote, the people in it, and the source itself are judged alike, without --map."""
    source = str(survey(tmp_path / "in"))
    said("told", "nhanes", source, "-o", str(tmp_path / "told"))
    said("run", str(tmp_path / "told"), "-o", str(tmp_path / "a"))
    said("run", str(tmp_path / "told" / "people"), "-o", str(tmp_path / "b"))
    said("run", "--source", "nhanes", source, "-o", str(tmp_path / "c"))
    one, other, third = (bytes_of(tmp_path / name)["part-000000.parquet"] for name in "abc")
    assert one == other == third
    assert "WTMEC2YR" in pl.read_parquet_schema(tmp_path / "a" / "part-000000.parquet")
    assert table_of(str(tmp_path / "in")).mapping is None


def test_a_run_from_a_source_goes_on_without_telling_it_again(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    """Stopped by a full disc and resumed it gives the same bytes; with another day it is refused."""
    source, out = str(omop(tmp_path / "in")), tmp_path / "out"
    words = ["run", "--source", "omop", source, "--on", ON]
    said(*words, "-o", str(tmp_path / "expected"))
    write = runs.write_part

    def full(*_: object) -> None:
        raise OSError(errno.ENOSPC, "No space left on device")

    monkeypatch.setattr(runs, "write_part", full)
    with pytest.raises(DataRefusedError, match="--resume"):
        said(*words, "-o", str(out))
    monkeypatch.setattr(runs, "write_part", write)
    assert not out.exists()
    with pytest.raises(UsageError, match="an unfinished run is there"):
        said(*words, "-o", str(out))
    with pytest.raises(UsageError, match="another day"):
        said(*words[:-1], "2026-11-25", "-o", str(out), "--resume")
    monkeypatch.setattr(cohort_run, "batches_of", full)
    said(*words, "-o", str(out), "--resume")
    assert bytes_of(out) == bytes_of(tmp_path / "expected")
    assert not (tmp_path / "out.unfinished").exists()


def test_a_run_goes_on_after_midnight_for_its_own_day(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    """Without --on a table with dates and a source are resumed for the day on which they were begun."""
    table = tmp_path / "people.csv"
    table.write_text("lab.potassium,lab.potassium.taken\n2.3,2025-01-01\n4,2025-01-01\n", encoding="utf-8")
    write = runs.write_part

    def full(*_: object) -> None:
        raise OSError(errno.ENOSPC, "No space left on device")

    for words in (["run", str(table)], ["run", "--source", "omop", str(omop(tmp_path / "in"))]):
        out = tmp_path / f"out{len(words)}"
        monkeypatch.setattr(runs, "write_part", full)
        with pytest.raises(DataRefusedError, match="--resume"):
            said(*words, "--on", ON, "-o", str(out))
        monkeypatch.setattr(runs, "write_part", write)
        said(*words, "-o", str(out), "--resume")
        manifest = json.loads((out / "manifest.json").read_bytes())
        assert manifest["on"] == ON


def test_two_cycles_of_a_survey_are_not_taken_for_one(tmp_path: Path) -> None:
    """A file none of whose participants is in the other is of another cycle: refused, not judged without them."""
    first = survey(tmp_path / "a", 20)
    later = pl.DataFrame({"SEQN": [1000.0 + n for n in range(20)], "RIDAGEYR": [40.0] * 20})
    pyreadstat.write_xport(later, first / "P_DEMO.XPT")
    with pytest.raises(DataRefusedError, match="another cycle"):
        said("run", "--source", "nhanes", str(first), "-o", str(tmp_path / "out"))
    assert [each.name for each in tmp_path.iterdir()] == ["a"]


@pytest.mark.parametrize(
    ("words", "expected"),
    [
        (["{table}", "{table}"], "expected one INPUT"),
        (["--on", ON, "{table}"], "--on is for"),
        (["--source", "omop", "{absent}"], "is not there"),
        (["--source", "omop", "{empty}"], "table person"),
        (["--source", "omop", "--on", "yesterday", "{empty}"], "is not a date"),
        (["--source", "fhir", "{empty}", "{empty}"], "expected one folder"),
        (["--source", "nhanes", "{empty}"], r"no \.XPT"),
    ],
)
def test_wrong_words_leave_no_result(tmp_path: Path, words: list[str], expected: str) -> None:
    """What does not fit together or is not there is said in words, and nothing looks like a result."""
    places = {"absent": tmp_path / "absent", "empty": tmp_path / "empty", "table": tmp_path / "a.csv"}
    places["empty"].mkdir()
    places["table"].write_text("person_id,age_years\n1,40\n")
    asked = ["run", *(each.format(**places) for each in words), "-o", str(tmp_path / "out")]
    try:
        result = CliRunner().invoke(cohort, asked, catch_exceptions=False)
    except RheobaseError as problem:
        found = str(problem)
    else:
        assert result.exit_code == 2
        found = result.output
    assert re.search(expected, found)
    assert not (tmp_path / "out").exists()
