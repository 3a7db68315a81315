"""A line may say its time, and a supplement may stand among the meals; days known in part are called so."""

from __future__ import annotations

from pathlib import Path

import pytest
from click.testing import CliRunner

from rheobase.cli.main import cli
from rheobase.importers.diet_file import read_diet
from rheobase.importers.diet_lines import split_time
from rheobase.importers.diet_writer import write_diet
from rheobase.person import Diet, DietDay, Eaten, Taken


@pytest.mark.parametrize(
    ("line", "rest", "time"),
    [
        ("2 cups brewed coffee at 08:00", "2 cups brewed coffee", "08:00"),
        ("08:00 coffee", "coffee", "08:00"),
        ("8 am: coffee", "coffee", "08:00"),
        ("coffee 8.30 pm", "coffee", "20:30"),
        ("coffee, 8am", "coffee", "08:00"),
        ("coffee (8:30 p.m.)", "coffee", "20:30"),
        ("12 am tea", "tea", "00:00"),
        ("12pm tea", "tea", "12:00"),
        ("0:00 tea", "tea", "00:00"),
    ],
)
def test_a_time_in_a_line_is_taken_out(line: str, rest: str, time: str) -> None:
    """A time of day at the start or the end of a line is read as its time, not as part of the food."""
    assert split_time(line) == (rest, time)


@pytest.mark.parametrize(
    "line",
    [
        "coffee at 8",
        "tea at 25:00",
        "tea 24:00",
        "08:00 tea 09:00",
        "coffee 13:00 pm",
        "8 pm",
        "10:00",
        "jam",
        "1 am",
        "",
    ],
)
def test_what_is_no_clear_time_stays(line: str) -> None:
    """A bare number, an impossible or a second time, or a time without a food is left as it was written."""
    assert split_time(line) == (line, "")


def test_times_and_supplements_among_meals_are_read() -> None:
    """A supplement among the meals is read as a supplement, never as a food whose name holds the same word."""
    text = b"""rheobase_diet: 1
meals: [magnesium 400 mg, spinach 100 g, milk 200 g]
drinks: [coffee at 08:00, vitamin D 1000 IU at 9 am]
supplements: [iron 14 mg at 21:00]
"""
    day = read_diet(text, name="d", on=None).days[0]
    assert day.meals == (Eaten("spinach 100 g"), Eaten("milk 200 g"))
    assert day.drinks == (Eaten("coffee", time="08:00"),)
    assert day.supplements == (
        Taken("iron 14 mg", time="21:00"),
        Taken("magnesium 400 mg"),
        Taken("vitamin D 1000 IU", time="09:00"),
    )


def test_a_text_with_a_time_survives_writing() -> None:
    """A text that would be split when read bare is written so that it is read back as it was."""
    diet = Diet((DietDay(meals=(Eaten("coffee at 08:00"),), supplements=(Taken("iron 14 mg 9:00"),)),))
    assert read_diet(write_diet(diet).encode(), name="d", on=None) == diet


def test_a_day_known_in_part_is_not_called_usual(tmp_path: Path) -> None:
    """Without a whole day the page says that the figure is mostly that of others, and how many days are partial."""
    file = tmp_path / "diet.yaml"
    file.write_text("rheobase_diet: 1\ncomplete: yes\nmeals: [spinach 100 g, wobblefruit]\n")
    told = CliRunner().invoke(cli, ["diet", "show", str(file), "--age", "28", "--sex", "female", "--width", "200"])
    assert told.exit_code == 0, told.output
    assert "no day is wholly known, so mostly as others eat" in told.output
    assert "1 of 1 days is known in part: what is known of it counts as the least that was eaten" in told.output
    assert "usually about" not in told.output
