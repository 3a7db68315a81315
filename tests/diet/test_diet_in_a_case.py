"""A case file that a diet is imported into or confirmed in stays a case file, with everything else in it."""

from __future__ import annotations

from pathlib import Path

import pytest
from click.testing import CliRunner

from rheobase.cli.main import cli
from rheobase.errors import UsageError
from rheobase.importers.case_file import read_case
from rheobase.knowledge import load_knowledge
from rheobase.person import Person

ON = ("--on", "2026-11-24")
CASE = """rheobase_case: 1
about: {age: 47, sex: female}
present: [hx_ckd]
medicines: [spironolactone 50 mg]
"""
EXPORT = "Date,Energy (kcal),Magnesium (mg),Completed\n2026-11-20,1800,240,true\n"


def _person(file: Path) -> Person:
    return read_case(file.read_bytes(), load_knowledge(), name="c")


@pytest.mark.parametrize("diet", ["", "diet: {days: [{date: 2026-11-19, meals: [spinach 100 g]}]}\n"])
def test_an_import_into_a_case_file_keeps_the_case(tmp_path: Path, diet: str) -> None:
    """Days are added to the diet of a case file; illnesses and medicines stay, and a second import adds nothing."""
    case, export = tmp_path / "me.yaml", tmp_path / "dailysummary.csv"
    case.write_text(CASE + diet)
    export.write_text(EXPORT)
    before = _person(case)
    for _ in range(2):
        done = CliRunner().invoke(cli, ["diet", "import", str(export), "-o", str(case), *ON])
        assert done.exit_code == 0, done.output
    after = _person(case)
    assert (after.answers, after.medicines) == (before.answers, before.medicines)
    assert after.diet is not None
    assert len(after.diet.days) == (2 if diet else 1)
    assert sorted(each.name for each in tmp_path.iterdir()) == ["dailysummary.csv", "me.yaml", "me.yaml.1.bak"]


def test_confirming_lines_of_a_case_file_writes_a_case_file(tmp_path: Path) -> None:
    """What is settled in a case file's diet is written with the case around it, so that no illness is left behind."""
    case, new = tmp_path / "me.yaml", tmp_path / "new.yaml"
    case.write_text(CASE + "diet: {meals: [spinach 100 g]}\n")
    done = CliRunner().invoke(cli, ["diet", "read", str(case), "--confirm", str(new), *ON])
    assert done.exit_code == 0, done.output
    assert _person(new).medicines == _person(case).medicines
    assert "11457" in new.read_text()


def test_no_file_is_called_a_dash(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    """Standard output is no place for a diet file: a dash is refused, and no file of that name is made."""
    monkeypatch.chdir(tmp_path)
    Path("d.yaml").write_text("rheobase_diet: 1\nmeals: [spinach 100 g]\n")
    Path("e.csv").write_text(EXPORT)
    assert CliRunner().invoke(cli, ["diet", "read", "d.yaml", "--confirm", "-", *ON]).exit_code != 0
    assert isinstance(CliRunner().invoke(cli, ["diet", "import", "e.csv", "-o", "-", *ON]).exception, UsageError)
    assert not Path("-").exists()
