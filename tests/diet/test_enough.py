"""Is it enough? What a few recorded days say, and what they leave open."""

from __future__ import annotations

import json
from pathlib import Path
from typing import Any

from click.testing import CliRunner

from rheobase.cli.main import cli

DIET = """\
rheobase_diet: 1
days:
  - date: 2026-11-22
    complete: yes
    meals: ["spinach 100 g", "200 g chicken breast"]
    drinks: ["500 ml water"]
    supplements: SUPPLEMENTS
"""
CASE = "rheobase_case: 1\nabout: {age: 28, sex: female}\nabsent: [pregnant]\n"


def show(folder: Path, *arguments: str, supplements: str = "[]") -> str:
    """Return what is printed for the diet."""
    (folder / "diet.yaml").write_text(DIET.replace("SUPPLEMENTS", supplements), encoding="utf-8")
    (folder / "me.yaml").write_text(CASE, encoding="utf-8")
    given = [str(folder / each) if each == "me.yaml" else each for each in arguments]
    done = CliRunner().invoke(cli, ["diet", "show", str(folder / "diet.yaml"), "--on", "2026-11-24", *given])
    assert done.exit_code == 0, done.output
    return done.output


def enough(folder: Path, *arguments: str, supplements: str = "[]") -> dict[str, dict[str, Any]]:
    """Return the judgements by column."""
    found: dict[str, dict[str, Any]] = json.loads(show(folder, "--json", *arguments, supplements=supplements))["enough"]
    return found


def test_without_age_and_sex_nothing_is_judged(tmp_path: Path) -> None:
    """Need depends on who it is; nobody is taken for an average adult."""
    text = show(tmp_path)
    assert "depends on who it is" in text
    assert "Too little for this person" not in text


def test_a_known_person_is_judged_with_doubt(tmp_path: Path) -> None:
    """Little vitamin D in spinach and chicken: too little is likely, by how much and how sure is said."""
    found = enough(tmp_path, "--case", "me.yaml")
    low, high = found["vitamin_d_ug"]["inadequate"]
    assert 0.5 < low <= high <= 1
    assert "would halve the doubt" in show(tmp_path, "--case", "me.yaml")


def test_an_adequate_intake_says_no_probability(tmp_path: Path) -> None:
    """Potassium has no average requirement, so no chance of inadequacy is made up."""
    assert enough(tmp_path, "--age", "28", "--sex", "female")["potassium_mg"]["inadequate"] is None


def test_a_supplement_counts_and_one_in_doubt_leaves_it_open(tmp_path: Path) -> None:
    """With 1000 IU vitamin D too little is unlikely; with a dose not settled both ends are possible."""
    settled = enough(tmp_path, "--case", "me.yaml", supplements='["vitamin D3 1000 IU"]')["vitamin_d_ug"]
    assert settled["inadequate"][1] < 0.1
    left_open = enough(tmp_path, "--case", "me.yaml", supplements='["magnesium citrate 400 mg"]')["magnesium_mg"]
    low, high = left_open["inadequate"]
    assert low == 0
    assert high > settled["inadequate"][1]


def test_supplements_that_nobody_mentioned_are_unknown_and_not_none(tmp_path: Path) -> None:
    """Only a complete day, or one that lists them, says what was taken beside food."""
    (tmp_path / "open.yaml").write_text(
        DIET.replace("    complete: yes\n", "").replace("    supplements: SUPPLEMENTS\n", ""), encoding="utf-8"
    )
    given = [
        "diet",
        "show",
        str(tmp_path / "open.yaml"),
        "--on",
        "2026-11-24",
        "--age",
        "28",
        "--sex",
        "female",
        "--json",
    ]
    done = CliRunner().invoke(cli, given)
    assert done.exit_code == 0, done.output
    left_open = json.loads(done.output)["enough"]["vitamin_d_ug"]["inadequate"]
    assert left_open[0] == 0 < left_open[1]
    assert enough(tmp_path, "--age", "28", "--sex", "female")["vitamin_d_ug"]["inadequate"][0] > 0.5


def test_a_case_and_an_age_are_not_both_taken(tmp_path: Path) -> None:
    """One of them decides, and the person says which."""
    (tmp_path / "diet.yaml").write_text(DIET.replace("SUPPLEMENTS", "[]"), encoding="utf-8")
    (tmp_path / "me.yaml").write_text(CASE, encoding="utf-8")
    given = ["diet", "show", str(tmp_path / "diet.yaml"), "--case", str(tmp_path / "me.yaml"), "--age", "40"]
    assert CliRunner().invoke(cli, given).exit_code != 0


def test_a_case_file_with_a_diet_can_be_shown(tmp_path: Path) -> None:
    """What is written under `diet:` in the case file is summed as a diet file is; a case without one is refused."""
    case = tmp_path / "case.yaml"
    case.write_text(CASE + 'diet: {days: [{date: 2026-11-22, meals: ["spinach 100 g"]}]}\n', encoding="utf-8")
    shown = CliRunner().invoke(cli, ["diet", "show", str(case), "--on", "2026-11-24"])
    assert shown.exit_code == 0
    assert "magnesium" in shown.output
    case.write_text(CASE, encoding="utf-8")
    assert CliRunner().invoke(cli, ["diet", "show", str(case)]).exit_code != 0
