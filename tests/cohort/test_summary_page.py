"""The command and the page of a summary."""

from __future__ import annotations

import json
from pathlib import Path

import polars as pl
import pytest
from click.testing import CliRunner

from rheobase.cli.cohort_summary import summary
from rheobase.errors import DataRefusedError, RheobaseError, UsageError
from rheobase.knowledge import load_knowledge


@pytest.fixture
def judged(tmp_path: Path) -> Path:
    """A judged cohort of 120 people in two parts, with weights."""
    knowledge = load_knowledge()
    rule, cause = next(iter(knowledge.rules)), next(iter(knowledge.causes))
    levels = [each.id for each in sorted(knowledge.levels.values(), key=lambda level: level.order)]
    folder = tmp_path / "out"
    folder.mkdir()
    for part, people in enumerate((50, 70)):
        at = pl.int_range(people, eager=True)
        pl.DataFrame(
            {
                "person_id": at.cast(pl.String),
                "urgency": pl.select(pl.when(at < 4).then(pl.lit(levels[0])).otherwise(pl.lit(levels[-1]))).to_series(),
                "rules_fired": [[rule] if each < 20 else [] for each in at],
                f"band.{cause}": ["fits_well" if each % 2 else "unlikely" for each in at],
                "flag.potassium": ["low" if each % 3 == 0 else None if each % 3 == 1 else "normal" for each in at],
                "weight": at + 1.0,
                "site": ["north" if each % 2 else "south" for each in at],
            }
        ).write_parquet(folder / f"part-{part}.parquet")
    return folder


def _run(*words: str) -> str:
    result = CliRunner().invoke(summary, list(words), catch_exceptions=False)
    assert result.exit_code == 0, result.output
    return result.stdout


def test_json_holds_every_line_and_hides_small_counts(judged: Path) -> None:
    """Counts, shares and intervals of each group come as JSON; eight people are hidden, and shown when asked for."""
    data = json.loads(_run(str(judged), "--weight", "weight", "--by", "site", "--json"))
    assert (data["people"], data["by"], data["weight"]) == (120, "site", "weight")
    assert {each["group"] for each in data["lines"]} == {"everybody", "north", "south"}
    hidden = [each for each in data["lines"] if each["kind"] == "urgency" and each["group"] == "everybody"]
    assert all(each["hidden"] and each["count"] is None and each["share"] is None for each in hidden)
    shown = json.loads(_run(str(judged), "--show-small", "--json"))
    assert sorted(each["count"] for each in shown["lines"] if each["kind"] == "urgency") == [8, 112]


def test_the_page_has_pictures_with_text_alternatives_and_plain_names(judged: Path, tmp_path: Path) -> None:
    """The HTML names rules and tests in words, has a described picture for each section, and no hidden number."""
    page = tmp_path / "page.html"
    _run(str(judged), "--html", str(page), "--by", "site")
    text = page.read_text(encoding="utf-8")
    assert text.count("<svg") >= 4
    assert text.count("<desc") == text.count("<svg")
    assert load_knowledge().analytes["potassium"].name in text
    assert ">hidden<" in text
    assert "By site" in text


@pytest.mark.parametrize("width", [40, 80, 140])
def test_the_terminal_page_keeps_its_width(judged: Path, width: int) -> None:
    """No line of the page is longer than the columns that were asked for."""
    lines = _run(str(judged), "--width", str(width), "--by", "site").splitlines()
    assert [line for line in lines if len(line) > width] == []


def test_nobody_and_one_person_are_said_in_words(judged: Path, tmp_path: Path) -> None:
    """A cohort of nobody has no shares, one person is no people, and where nothing is hidden no limit is named."""
    frame = pl.read_parquet(judged / "part-0.parquet")
    for people in (0, 1):
        frame.head(people).write_parquet(tmp_path / f"{people}.parquet")
    nobody = _run(str(tmp_path / "0.parquet"))
    assert "0 people." in nobody
    assert "Nobody is counted" in nobody
    assert "nobody known" not in nobody
    assert "1 person." in _run(str(tmp_path / "1.parquet"), "--show-small")
    assert "No small number is hidden" in _run(str(judged), "--smallest", "1")
    assert "Counts of 1, and those" in _run(str(judged), "--smallest", "2")
    (tmp_path / "run").mkdir()
    (tmp_path / "run" / "manifest.json").write_text("{}", encoding="utf-8")
    with pytest.raises(DataRefusedError, match="nobody was judged"):
        CliRunner().invoke(summary, [str(tmp_path / "run")], catch_exceptions=False)


def test_wrong_input_is_refused_in_words(judged: Path, tmp_path: Path) -> None:
    """A file that is not there, a folder without parts, a file that is no Parquet, and a column that is not there."""
    (tmp_path / "empty").mkdir()
    (tmp_path / "broken.parquet").write_bytes(b"nothing")
    for words, expected in (
        ([str(tmp_path / "empty")], "holds no Parquet file"),
        ([str(tmp_path / "broken.parquet")], "is no Parquet"),
        ([str(judged), "--psu", "nope"], "--psu nope: no such column"),
    ):
        with pytest.raises(DataRefusedError, match=expected):
            CliRunner().invoke(summary, words, catch_exceptions=False)
    # A path that is not there is a slip of the command, as everywhere else.
    with pytest.raises(UsageError, match="no such file"):
        CliRunner().invoke(summary, [str(tmp_path / "absent")], catch_exceptions=False)
    with pytest.raises(RheobaseError, match="do not go together"):
        CliRunner().invoke(summary, [str(judged), "--show-small", "--smallest", "5"], catch_exceptions=False)
