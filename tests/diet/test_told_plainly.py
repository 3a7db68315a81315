"""What a page about a diet must say: doses above a limit, lines that wait, and days that have not been yet."""

from __future__ import annotations

from pathlib import Path

import pytest
from click.testing import CliRunner

from rheobase.cli.main import cli
from rheobase.errors import DataRefusedError

CASE = """rheobase_case: 1
about: {age: 28, sex: female}
present: [muscle_twitching]
diet:
  days: [{date: 2026-11-22, complete: yes, meals: [spinach 100 g, wobblefruit]}]
"""


def test_supplements_above_a_limit_are_said_whatever_else_is_unknown(tmp_path: Path) -> None:
    """A dose above the upper level is said even where no food is known and another supplement is in doubt."""
    file = tmp_path / "diet.yaml"
    file.write_text(
        "rheobase_diet: 1\nsupplements: [50 x magnesium 400 mg, magnesium oxide 400 mg, vitamin D 10000 IU]\n"
    )
    shown = CliRunner().invoke(cli, ["diet", "show", str(file), "--age", "28", "--sex", "female", "--width", "200"])
    assert shown.exit_code == 0, shown.output
    assert "supplements alone give at least 20000 mg a day, above the upper level of 350 mg" in shown.output
    assert "supplements alone give at least 250 µg a day, above the upper level of 100 µg" in shown.output


def test_an_answer_says_which_lines_of_the_diet_wait(tmp_path: Path) -> None:
    """An assessment names the lines of a diet that count as unknown until the person has said what they are."""
    file = tmp_path / "me.yaml"
    file.write_text(CASE)
    told = CliRunner().invoke(cli, ["assess", str(file), "--on", "2026-11-24", "--width", "200"])
    assert told.exit_code == 0, told.output
    assert "What you ate: 1 line waits for your word and counts as unknown" in told.output


@pytest.mark.parametrize("command", [["assess"], ["diet", "show"], ["diet", "plan"], ["diet", "read"]])
def test_a_day_to_come_is_refused_in_a_case_file_too(tmp_path: Path, command: list[str]) -> None:
    """A day later than today is refused in a case file as it is in a diet file."""
    file = tmp_path / "me.yaml"
    file.write_text(CASE)
    told = CliRunner().invoke(cli, [*command, str(file), "--on", "2026-11-20"])
    assert isinstance(told.exception, DataRefusedError)
    assert "2026-11-22 has not been yet" in str(told.exception)


def test_the_doctor_is_told_too_which_lines_wait(tmp_path: Path) -> None:
    """The page for the doctor says beside the food record that lines of it count as unknown."""
    file = tmp_path / "me.yaml"
    file.write_text(CASE)
    told = CliRunner().invoke(cli, ["assess", str(file), "--on", "2026-11-24", "--for", "doctor", "--width", "200"])
    assert told.exit_code == 0, told.output
    assert "1 line waits for your word and counts as unknown" in told.output


def test_a_limit_for_other_adults_is_not_told_to_a_pregnant_woman(tmp_path: Path) -> None:
    """Who is pregnant, or has just given birth, reads the limits of caffeine that hold then, and no larger one."""
    file = tmp_path / "me.yaml"
    file.write_text(
        "rheobase_case: 1\nabout: {age: 31, sex: female}\npresent: [pregnant]\n"
        "diet: {meals: [spinach 100 g], drinks: [2 cups brewed coffee at 08:00]}\n"
    )
    told = CliRunner().invoke(cli, ["diet", "show", str(file), "--on", "2026-11-24", "--width", "200"])
    assert told.exit_code == 0, told.output
    assert "200 mg a day in pregnancy" in told.output
    assert "400 mg a day" not in told.output


@pytest.mark.parametrize(("days", "said"), [(1, "between fewer than 1 in 1,000 and"), (3, "fewer than 1 in 1,000. ")])
def test_a_tablet_on_one_day_does_not_make_up_for_all_days(tmp_path: Path, days: int, said: str) -> None:
    """A supplement on some days only leaves open that none is taken as a rule; one on every day counts in full."""
    listed = [f"supplements: [magnesium {1200 // days} mg]" if day < days else "supplements: []" for day in range(3)]
    rows = "".join(
        f"  - {{date: 2026-11-2{day}, complete: yes, meals: [white bread 500 g], {each}}}\n"
        for day, each in enumerate(listed)
    )
    file = tmp_path / "diet.yaml"
    file.write_text("rheobase_diet: 1\ndays:\n" + rows)
    given = ["--on", "2026-11-24", "--age", "28", "--sex", "male", "--width", "200"]
    told = CliRunner().invoke(cli, ["diet", "show", str(file), *given])
    assert told.exit_code == 0, told.output
    line = next(each for each in told.output.splitlines() if "Magnesium: usually" in each)
    assert f"Too little for this person: {said}" in line, line


@pytest.mark.parametrize(("age", "said"), [("12", True), ("28", False)])
def test_figures_for_a_child_are_called_no_verdict(tmp_path: Path, age: str, *, said: bool) -> None:
    """Of a child the page says first that these figures decide nothing; of an adult it does not."""
    file = tmp_path / "diet.yaml"
    file.write_text("rheobase_diet: 1\nmeals: [white bread 500 g]\n")
    told = CliRunner().invoke(cli, ["diet", "show", str(file), "--age", age, "--sex", "male", "--width", "200"])
    assert told.exit_code == 0, told.output
    assert ("For a child these figures are no verdict" in told.output) is said


def test_a_tracker_s_totals_are_called_what_they_are_beside_the_chances(tmp_path: Path) -> None:
    """Beside the chances of too little it stands that totals of a tracker may be too low."""
    file = tmp_path / "diet.yaml"
    file.write_text("rheobase_diet: 1\ncomplete: yes\ntotals: {magnesium_mg: 240, energy_kcal: 1800}\n")
    told = CliRunner().invoke(cli, ["diet", "show", str(file), "--age", "40", "--sex", "male", "--width", "200"])
    assert told.exit_code == 0, told.output
    assert "too little is then less likely than it says here" in " ".join(told.output.split())
