"""Made-up people, the data dictionary, and the commands around a cohort."""

from __future__ import annotations

import json
import subprocess
import sys
from pathlib import Path

import polars as pl
import pytest

from rheobase.cohort.dictionary import OTHER, dictionary, dictionary_markdown
from rheobase.cohort.dummy import BATCH, dummy_frames
from rheobase.cohort.dummy_levels import SHARES
from rheobase.cohort.dummy_write import write_frames
from rheobase.cohort.frame import check_told, schema
from rheobase.cohort.judge import judge
from rheobase.cohort.outcome import aligned, outcome_schema
from rheobase.errors import DataRefusedError, UsageError
from rheobase.knowledge import load_knowledge


def command(*arguments: str, given: str | None = None) -> subprocess.CompletedProcess[str]:
    """Run the command as a person does."""
    return subprocess.run(
        [sys.executable, "-m", "rheobase", "cohort", *arguments],
        capture_output=True,
        text=True,
        input=given,
        check=False,
    )


@pytest.fixture(scope="module")
def people() -> pl.DataFrame:
    """Ten thousand made-up people."""
    return next(dummy_frames(load_knowledge(), 10_000, 11))


def test_made_up_people_are_the_same_for_the_same_seed(people: pl.DataFrame) -> None:
    """A seed names its people; another seed makes others."""
    knowledge = load_knowledge()
    assert people.equals(next(dummy_frames(knowledge, 10_000, 11)))
    assert not people.equals(next(dummy_frames(knowledge, 10_000, 12)))
    assert people.height <= BATCH
    check_told(people, knowledge)


def test_made_up_people_answer_as_often_as_the_background_says(people: pl.DataFrame) -> None:
    """A finding that no cause changes has its background rate; sex has that of the knowledge; blood is usual."""
    knowledge = load_knowledge()
    weighed = {each.finding for rows in knowledge.evidence.values() for each in rows}
    plain = [
        each
        for each in knowledge.findings.values()
        if each.type == "yes_no" and each.kind == "person" and each.id not in weighed and not each.implies
        if each.ask_when is None and each.background and each.id in people.columns
    ]
    assert len(plain) > 5
    for each in plain:
        share = people[each.id].drop_nulls().mean()
        assert isinstance(share, float)
        assert abs(share - each.background[0].rate) < 0.02, each.id
    potassium = people["lab.potassium"].drop_nulls()
    middle = potassium.median()
    assert isinstance(middle, float)
    assert 3.5 < middle < 5.0
    assert 0.001 < (potassium < 3.5).sum() / len(potassium) < 0.3


def test_made_up_people_are_possible_and_much_is_missing(people: pl.DataFrame) -> None:
    """No man is pregnant, what implies something goes with it, and every column has gaps, age and sex few."""
    assert not people.filter(pl.col("sex") == "male")["pregnant"].drop_nulls().any()
    knowledge = load_knowledge()
    for name in ("weakness_progressive",):
        for general in knowledge.findings[name].implies:
            both = people.filter(pl.col(name) & pl.col(general).is_not_null())
            assert both[general].all()
    gaps = {name: people[name].null_count() / people.height for name in people.columns if name != "person_id"}
    assert all(share > 0 for share in gaps.values())
    assert gaps["age_years"] < 0.03
    assert 0.1 < gaps["fatigue"] < 0.35
    assert gaps["lab.potassium"] > 0.5


def test_as_many_made_up_people_are_urgent_as_in_life(people: pl.DataFrame) -> None:
    """One or two in a hundred are an emergency, most are routine; a value out of range lies mostly just outside."""
    found = judge(people, load_knowledge(), parts=("urgency",))["urgency"].cast(pl.String)
    shares = {level: (found == level).mean() for level in ("emergency", "same_day", "urgent_days", "within_2_weeks")}
    for level, share in SHARES.items():
        assert shares[level] == pytest.approx(share, abs=0.008), level
    assert 0.005 < SHARES["emergency"] < 0.02
    potassium = people["lab.potassium"].drop_nulls()
    assert 5 * (potassium < 3.0).sum() < (potassium < 3.5).sum()
    # Nobody is drawn twice, and those of one level do not stand together.
    assert people.drop("person_id").n_unique() == people.height
    assert (found.head(1000) == "emergency").sum() > 3


def test_a_file_of_made_up_people_is_whole_or_not_there(tmp_path: Path) -> None:
    """A writer that stops leaves nothing under the name; a file that is there is kept; only two kinds are written."""
    frames = list(dummy_frames(load_knowledge(), 20, 1))

    def stopping() -> object:
        yield frames[0]
        raise KeyboardInterrupt

    for name in ("a.csv", "a.parquet"):
        with pytest.raises(KeyboardInterrupt):
            write_frames(stopping(), str(tmp_path / name))  # type: ignore[arg-type]
        assert list(tmp_path.iterdir()) == []
        write_frames(frames, str(tmp_path / name))
        with pytest.raises(UsageError, match="is there already and is kept"):
            write_frames(frames, str(tmp_path / name))
        (tmp_path / name).unlink()
    with pytest.raises(UsageError, match=r"ends in \.csv or \.parquet"):
        write_frames(frames, str(tmp_path / "a.xlsx"))


def test_every_column_of_a_result_is_in_the_dictionary() -> None:
    """No column is left without its meaning; a kept one says that it is not ours."""
    knowledge = load_knowledge()
    told = {**schema(knowledge), "weight": pl.Float64()}
    columns = outcome_schema(told, ("weight",), knowledge, lambda frame, keep: judge(frame, knowledge, keep=keep))
    entries = dictionary(columns, knowledge)
    assert [each.column for each in entries] == list(columns)
    assert [each.column for each in entries if each.meaning == OTHER] == ["weight"]
    page = dictionary_markdown(entries, knowledge)
    assert "| `posterior.hypomagnesaemia` | number | 0 to 1 |" in page
    assert "not yet been reviewed" in page


def test_parts_always_have_the_same_columns() -> None:
    """What nobody in a part has is a column of nulls; a column that was not foreseen is a fault, not dropped."""
    frame = aligned(pl.DataFrame({"b": [1.0]}), {"a": pl.String(), "b": pl.Float64()})
    assert frame.to_dicts() == [{"a": None, "b": 1.0}]
    with pytest.raises(DataRefusedError, match="unexpected column 'c'"):
        aligned(pl.DataFrame({"c": [1]}), {"a": pl.String()})


def test_the_commands_from_made_up_people_to_a_judged_folder(tmp_path: Path) -> None:
    """Dummy, map, run and run again: each says what it wrote; wrong input is one line and exit 1 or 2."""
    people, out = str(tmp_path / "people.csv"), tmp_path / "out"
    made = command("dummy", "--n", "120", "-o", people, "--seed", "3")
    assert (made.returncode, made.stdout) == (0, "")
    ran = command("run", people, "-o", str(out), "--batch", "100", "--json")
    assert ran.returncode == 0, ran.stderr
    assert ran.stderr == ""
    report = json.loads(ran.stdout)
    assert report["rows"]["judged"] == 120
    assert report["refused_cells"] == {}
    parts = [pl.read_parquet(each) for each in sorted(out.glob("part-*.parquet"))]
    assert [each.height for each in parts] == [100, 20]
    assert parts[0].schema == parts[1].schema
    assert parts[0]["person_id"][0] == "dummy-00000001"
    again = command("run", people, "-o", str(out))
    assert (again.returncode, again.stdout) == (2, "")
    assert "is there already and is kept" in again.stderr
    unmapped = command("run", "-", "-o", str(tmp_path / "x"), given="a,b\n1,2\n")
    assert unmapped.returncode == 1
    assert "Write a mapping for it with 'rheobase cohort map'" in unmapped.stderr
    assert sorted(each.name for each in tmp_path.iterdir()) == ["out", "people.csv"]


def test_map_prints_a_mapping_that_run_takes(tmp_path: Path) -> None:
    """The proposal goes to standard output, the count of what is open to standard error, and a broken row exits 1."""
    table = tmp_path / "t.csv"
    table.write_text("id,age,K (mmol/L),shoe\na,40,2.4,41\nb,50,4.1\n")
    proposed = command("map", str(table), "-o", str(tmp_path / "m.toml"))
    assert proposed.returncode == 0
    assert "3 columns settled, 0 open, 1 not understood." in proposed.stderr
    ran = command("run", str(table), "-o", str(tmp_path / "out"), "--map", str(tmp_path / "m.toml"))
    assert ran.returncode == 1
    assert "Judged 1 people" in ran.stdout
    assert "shoe" in ran.stdout
    assert "1 rows could not be read" in ran.stderr
    judged = pl.read_parquet(tmp_path / "out" / "part-000000.parquet")
    assert judged["urgency"].cast(pl.String).to_list() == ["emergency"]
