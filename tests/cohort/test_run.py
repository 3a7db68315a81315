"""A run over a table: killed, full disc, corrupt files, wrong cells. Nothing is lost, nothing looks whole too early."""

from __future__ import annotations

import csv
import errno
import json
import signal
import subprocess
import sys
from collections.abc import Callable
from dataclasses import replace
from pathlib import Path
from typing import IO, Any

import polars as pl
import pyarrow.parquet as pq
import pytest

from rheobase.cohort.mapping import own_mapping, parse_mapping
from rheobase.cohort.readers import open_source
from rheobase.cohort.run import Plan, Report, run
from rheobase.cohort.run_folder import RunFolder, run_folder
from rheobase.errors import DataRefusedError, UsageError
from rheobase.knowledge import load_knowledge
from tests.cohort.small_judge import small_judge

MAPPING = """
[person]
id = "who"
missing = ["."]
[columns.k]
lab = "potassium"
unit_column = "unit"
[columns.age]
finding = "age_years"
[columns.tired]
finding = "fatigue"
values = {"1" = true, "2" = false, "9" = "unknown"}
"""


def plan_of(source: Path, *, mapping: str = MAPPING, batch: int = 100) -> Plan:
    """Return a plan with a small judge."""
    knowledge = load_knowledge()
    return Plan(
        open_source(str(source)), parse_mapping(mapping, knowledge, name="m.toml"), knowledge, small_judge, batch
    )


def begun(out: Path, plan: Plan, *, resume: bool = False) -> RunFolder:
    """Return the folder of a run, ready to be written to."""
    folder = run_folder(str(out))
    folder.begin(plan.settings(), resume=resume)
    return folder


def refused_of(out: Path) -> list[dict[str, str]]:
    """Return the lines of refused.csv."""
    with (out / "refused.csv").open(encoding="utf-8", newline="") as stream:
        return list(csv.DictReader(stream))


def bytes_of(folder: Path) -> dict[str, bytes]:
    """Return every file of a folder."""
    return {each.name: each.read_bytes() for each in folder.iterdir()}


def table(rows: int) -> pl.DataFrame:
    """Return a table of people without a fault."""
    return pl.DataFrame(
        {
            "who": [f"p{n}" for n in range(rows)],
            "k": [3.0 + n % 20 / 10 for n in range(rows)],
            "unit": ["mmol/L" if n % 2 else "mEq/L" for n in range(rows)],
            "age": [20 + n % 60 for n in range(rows)],
            "tired": [1 + n % 2 for n in range(rows)],
            "more": ["x"] * rows,
        }
    )


def done(source: Path, out: Path, **options: Any) -> Report:
    """Run to the end."""
    plan = plan_of(source, **options)
    return run(plan, begun(out, plan))


def test_csv_and_parquet_of_the_same_people_give_the_same_parts(tmp_path: Path) -> None:
    """What is read does not depend on the kind of file, and every row is in the result in its order."""
    table(250).write_csv(tmp_path / "a.csv")
    table(250).write_parquet(tmp_path / "a.parquet", row_group_size=60)
    for name in ("a.csv", "a.parquet"):
        report = done(tmp_path / name, tmp_path / f"{name}.out")
        assert (report.judged, report.lost, len(report.parts), report.unread) == (250, 0, 3, ("more",))
    one, other = (pl.read_parquet(tmp_path / f"{name}.out" / "*.parquet") for name in ("a.csv", "a.parquet"))
    assert one.equals(other)
    assert one["person_id"].to_list() == table(250)["who"].to_list()
    assert one["known"].unique().to_list() == [3]


def test_the_manifest_holds_the_hash_of_every_file_and_no_unfinished_folder_is_left(tmp_path: Path) -> None:
    """Whoever gets the folder can check that nothing is missing or was changed."""
    from rheobase.cohort.run_folder import sha256_of

    table(150).write_csv(tmp_path / "a.csv")
    done(tmp_path / "a.csv", tmp_path / "out")
    manifest = json.loads((tmp_path / "out" / "manifest.json").read_bytes())
    hashes = {each["file"]: each["sha256"] for each in manifest["parts"]} | manifest["files_written"]
    assert hashes == {p.name: sha256_of(p) for p in (tmp_path / "out").iterdir() if p.name != "manifest.json"}
    assert manifest["rows"] == {"judged": 150, "lost": 0, "files_cut_short": []}
    assert manifest["columns_not_read"] == ["more"]
    assert not (tmp_path / "out.unfinished").exists()


def test_every_wrong_cell_is_told_by_row_and_is_unknown_in_the_result(tmp_path: Path) -> None:
    """A unit that differs by row is converted; one that is not known, a word for a number, a code: refused by row."""
    lines = ["who,k,unit,age,tired", "a,4.0,mmol/L,30,1", "b,15.6,mg/dL,31,2", "c,4,stone,32,9", "d,x,mmol/L,230,7"]
    (tmp_path / "a.csv").write_text("\n".join([*lines, "e,4.0,,.,", "f,4.0,mmol/L", "a,3.0,mmol/L,40,2"]) + "\n")
    report = done(tmp_path / "a.csv", tmp_path / "out")
    told = [(each["row"], each["id"], each["column"], each["value"]) for each in refused_of(tmp_path / "out")]
    assert told == [
        ("3", "c", "k", "4"),
        ("4", "d", "k", "x"),
        ("4", "d", "age", "230"),
        ("4", "d", "tired", "7"),
        ("5", "e", "k", "4.0"),
        ("6", "", "", "f,4.0,mmol/L"),
        ("7", "a", "who", "a"),
    ]
    why = [each["why"] for each in refused_of(tmp_path / "out")]
    assert "stone" in why[0]
    assert "mmol/L, mEq/L" in why[0]
    assert "no unit" in why[4]
    assert "3 cells, expected 5" in why[5]
    assert "row 1" in why[6]
    assert report.refused == {"k": 3, "age": 1, "tired": 1}
    assert (report.judged, report.lost, report.repeated) == (6, 1, 1)
    found = pl.read_parquet(tmp_path / "out" / "*.parquet")
    assert dict(found.select("person_id", "known").head(5).iter_rows()) == {"a": 3, "b": 3, "c": 1, "d": 0, "e": 0}


def test_an_id_that_stands_twice_in_different_files_is_told_and_both_are_judged(tmp_path: Path) -> None:
    """Repetitions are found over all files of a folder."""
    (tmp_path / "in").mkdir()
    table(120).write_csv(tmp_path / "in" / "1.csv")
    table(3).write_csv(tmp_path / "in" / "2.csv")
    report = done(tmp_path / "in", tmp_path / "out")
    assert (report.judged, report.repeated) == (123, 3)
    assert [(each["file"], each["row"], each["id"]) for each in refused_of(tmp_path / "out")] == [
        ("2.csv", "1", "p0"),
        ("2.csv", "2", "p1"),
        ("2.csv", "3", "p2"),
    ]
    assert "1.csv row 1" in refused_of(tmp_path / "out")[0]["why"]


def test_a_corrupt_row_group_is_told_and_the_others_are_judged(tmp_path: Path) -> None:
    """The rows of the row group that cannot be read are named, counted and not in the result."""
    source = tmp_path / "a.parquet"
    table(500).write_parquet(source, row_group_size=100)
    column = pq.read_metadata(source).row_group(2).column(0)
    start = column.dictionary_page_offset or column.data_page_offset
    data = bytearray(source.read_bytes())
    for place in range(start + 30, start + column.total_compressed_size - 5):
        data[place] ^= 0x5A
    source.write_bytes(data)
    report = done(source, tmp_path / "out")
    assert (report.judged, report.lost, report.whole) == (400, 100, False)
    (line,) = refused_of(tmp_path / "out")
    assert (line["file"], line["row"]) == ("a.parquet", "201")
    assert "rows 201 to 300" in line["why"]
    assert "row group 3" in line["why"]
    assert json.loads((tmp_path / "out" / "manifest.json").read_bytes())["rows"]["lost"] == 100


def test_a_column_of_the_wrong_type_is_told_for_every_row(tmp_path: Path) -> None:
    """Dates where potassium is expected are refused cell by cell, and are never read as numbers."""
    table(5).with_columns(pl.date(2026, 1, 1).alias("k")).write_parquet(tmp_path / "a.parquet")
    report = done(tmp_path / "a.parquet", tmp_path / "out")
    assert report.refused == {"k": 5}
    assert {each["why"] for each in refused_of(tmp_path / "out")} == {"holds Date, expected numbers"}


def test_a_file_that_is_cut_short_is_refused_before_anything_is_written(tmp_path: Path) -> None:
    """A Parquet file without its end is named, and no folder is made."""
    table(50).write_parquet(tmp_path / "a.parquet")
    (tmp_path / "b.parquet").write_bytes((tmp_path / "a.parquet").read_bytes()[:-50])
    with pytest.raises(DataRefusedError, match=r"b\.parquet: cannot be read"):
        open_source(str(tmp_path / "b.parquet"))


def _full_after(folder: RunFolder, parts: int, real: Callable[..., str]) -> Callable[..., str]:
    """Return a writer of a disc that is full after some parts, half-way through the next."""

    def write(path: Path, writer: Callable[[IO[bytes]], object]) -> str:
        if len(list(folder.state.glob("part-*.json"))) < parts:
            return real(path, writer)

        def half(stream: IO[bytes]) -> None:
            stream.write(b"PAR1half")
            raise OSError(errno.ENOSPC, "No space left on device")

        return real(path, half)

    return write


def test_a_full_disc_leaves_no_half_part_and_the_run_goes_on_later(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    """The message says what to do; what was done is kept; the resumed result is that of a run without the fault."""
    table(450).write_csv(tmp_path / "a.csv")
    done(tmp_path / "a.csv", tmp_path / "expected")
    plan = plan_of(tmp_path / "a.csv")
    folder = begun(tmp_path / "out", plan)
    with monkeypatch.context() as patch:
        real = folder.write
        patch.setattr(RunFolder, "write", lambda _, path, writer: _full_after(folder, 2, real)(path, writer))
        with pytest.raises(DataRefusedError, match=r"No space left on device.*--resume"):
            run(plan, folder)
    assert not (tmp_path / "out").exists()
    assert sorted(each.name for each in folder.whole.iterdir()) == ["part-000000.parquet", "part-000001.parquet"]
    with pytest.raises(UsageError, match="--resume"):
        begun(tmp_path / "out", plan)
    report = run(plan, begun(tmp_path / "out", plan, resume=True))
    assert report.reused == 2
    assert bytes_of(tmp_path / "out") == bytes_of(tmp_path / "expected")


def test_a_resumed_run_judges_again_what_was_changed_or_damaged(tmp_path: Path) -> None:
    """A part is taken over only if it is whole and its rows are still the same."""
    table(300).write_csv(tmp_path / "a.csv")
    plan = plan_of(tmp_path / "a.csv")
    folder = begun(tmp_path / "out", plan)

    def stop(told: pl.DataFrame, keep: tuple[str, ...]) -> pl.DataFrame:
        if told["person_id"][0] == "p200":
            raise KeyboardInterrupt
        return small_judge(told, keep)

    with pytest.raises(KeyboardInterrupt):
        run(replace(plan, judge=stop), folder)
    (folder.whole / "part-000000.parquet").write_bytes(b"PAR1")
    table(300).with_columns(pl.col("k") + 0.1).write_csv(tmp_path / "a.csv")
    report = run(plan, begun(tmp_path / "out", plan, resume=True))
    assert (report.reused, report.judged) == (0, 300)
    done(tmp_path / "a.csv", tmp_path / "expected")
    assert bytes_of(tmp_path / "out") == bytes_of(tmp_path / "expected")


def test_a_run_does_not_go_on_with_other_settings(tmp_path: Path) -> None:
    """Parts of two mappings are never mixed; the message says what differs."""
    table(30).write_csv(tmp_path / "a.csv")
    begun(tmp_path / "out", plan_of(tmp_path / "a.csv"))
    with pytest.raises(UsageError, match="another mapping"):
        begun(tmp_path / "out", plan_of(tmp_path / "a.csv", mapping=MAPPING + "# changed\n"), resume=True)
    with pytest.raises(UsageError, match="another batch"):
        begun(tmp_path / "out", plan_of(tmp_path / "a.csv", batch=7), resume=True)


def test_nothing_that_is_there_is_written_over(tmp_path: Path) -> None:
    """An existing result, or a foreign folder of the working name, is kept."""
    table(3).write_csv(tmp_path / "a.csv")
    plan = plan_of(tmp_path / "a.csv")
    (tmp_path / "out").mkdir()
    with pytest.raises(UsageError, match="is there already and is kept"):
        begun(tmp_path / "out", plan)
    (tmp_path / "new.unfinished").mkdir()
    (tmp_path / "new.unfinished" / "mine.txt").write_text("mine")
    with pytest.raises(UsageError, match="no run of ours"):
        begun(tmp_path / "new", plan)


def test_people_without_an_id_are_told_by_their_row(tmp_path: Path) -> None:
    """Without an id column a person is called by file and row, so that the result can be joined again."""
    (tmp_path / "in").mkdir()
    for name in ("1.csv", "2.csv"):
        pl.DataFrame({"age_years": [30, 40]}).write_csv(tmp_path / "in" / name)
    source = open_source(str(tmp_path / "in"))
    knowledge = load_knowledge()
    plan = Plan(source, own_mapping(source.columns, knowledge, name="in"), knowledge, small_judge)
    run(plan, begun(tmp_path / "out", plan))
    found = pl.read_parquet(tmp_path / "out" / "*.parquet")["person_id"].to_list()
    assert found == ["1.csv#1", "1.csv#2", "2.csv#1", "2.csv#2"]


KILLED = """
import os, signal, sys
from pathlib import Path
from tests.cohort.small_judge import small_judge
from tests.cohort.test_run import begun, plan_of
from dataclasses import replace
from rheobase.cohort.run import run
plan = plan_of(Path(sys.argv[1]))
def judge(told, keep):
    if told["person_id"][0] == "p300":
        os.kill(os.getpid(), signal.SIGKILL)
    return small_judge(told, keep)
run(replace(plan, judge=judge), begun(Path(sys.argv[2]), plan))
"""


def test_killed_half_way_and_resumed_gives_the_same_bytes(tmp_path: Path) -> None:
    """Kill -9 leaves no folder of the result's name; --resume gives the files of a run that was not killed."""
    table(600).write_parquet(tmp_path / "a.parquet", row_group_size=70)
    out = tmp_path / "out"
    killed = subprocess.run(
        [sys.executable, "-c", KILLED, str(tmp_path / "a.parquet"), str(out)],
        cwd=Path(__file__).parents[2],
        check=False,
    )
    assert killed.returncode == -signal.SIGKILL
    assert not out.exists()
    plan = plan_of(tmp_path / "a.parquet")
    assert run(plan, begun(out, plan, resume=True)).reused == 3
    done(tmp_path / "a.parquet", tmp_path / "expected")
    assert bytes_of(out) == bytes_of(tmp_path / "expected")
