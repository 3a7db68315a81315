"""``rheobase diet`` as a user meets it."""

from __future__ import annotations

import json
from pathlib import Path

import pytest
from click.testing import CliRunner, Result

from rheobase.cli.diet import diet as command
from rheobase.errors import DataRefusedError, UsageError

TEXT = """rheobase_diet: 1
days:
- date: 2026-11-20
  complete: yes
  meals: [100 g spinach, a handful of almonds, 6 pierogi, biscuits]
  drinks: [2 cups brewed coffee, mineral water 330 ml]
  supplements: [magnesium citrate 400 mg, vitamin D3 1000 IU]
- date: 2026-11-21
  complete: no
  meals: [1 banana]
"""


@pytest.fixture
def file(tmp_path: Path) -> str:
    """Return the path of a small diet."""
    path = tmp_path / "diet.yaml"
    path.write_text(TEXT, encoding="utf-8")
    return str(path)


def run(*arguments: str) -> Result:
    """Run the command."""
    return CliRunner().invoke(command, [*arguments, "--on", "2026-11-24"])


def refusal(*arguments: str) -> str:
    """Return how the command refuses."""
    problem = run(*arguments).exception
    assert isinstance(problem, UsageError | DataRefusedError)
    return str(problem)


@pytest.mark.parametrize("verb", ["read", "show"])
def test_pages_fit_eighty_columns(verb: str, file: str, monkeypatch: pytest.MonkeyPatch) -> None:
    """Nothing but a long file name is wider than a small terminal, and a pipe gets no colour."""
    monkeypatch.chdir(Path(file).parent)
    done = run(verb, "diet.yaml")
    assert done.exit_code == 0
    assert max(map(len, done.output.splitlines())) <= 80
    assert "\x1b" not in done.output


def test_each_line_is_said_to_be_sure_asked_or_not_found(file: str) -> None:
    """What counts, what waits for a word and what was not understood stand apart."""
    data = json.loads(run("read", file, "--json").stdout)
    states = {each["text"]: each["state"] for each in data["days"][0]["foods"]}
    assert states == {
        "100 g spinach": "sure",
        "a handful of almonds": "estimated",
        "6 pierogi": "not found",
        "biscuits": "to confirm",
        "2 cups brewed coffee": "sure",
        "mineral water 330 ml": "to confirm",
    }
    asked, sure = data["days"][0]["supplements"]
    assert asked["doubts"]
    assert not asked["gives"]
    assert sure["gives"]["vitamin_d_ug"]["best"] == 25
    assert data["open"] == 4


def test_choices_are_written_to_a_new_file_only(file: str, tmp_path: Path) -> None:
    """The sure foods and what was chosen get their ids; the old file stays as it is; nothing is overwritten."""
    target = tmp_path / "new.yaml"
    arguments = ("read", file, "--choose", "4=18163:30", "--choose", "6=14384", "--choose", "7=salt")
    assert run(*arguments, "--confirm", str(target)).exit_code == 0
    assert Path(file).read_text(encoding="utf-8") == TEXT
    data = json.loads(run("read", str(target), "--json").stdout)
    foods = {each["text"]: (each["food"], each["counts"]) for each in data["days"][0]["foods"]}
    assert foods["100 g spinach"] == ("11457", True)
    assert foods["biscuits"] == ("18163", True)
    assert foods["6 pierogi"] == (None, False)
    assert data["days"][0]["supplements"][0]["gives"]["magnesium_mg"]["best"] == pytest.approx(64.65, abs=0.1)
    assert "is there already" in refusal(*arguments, "--confirm", str(target))


@pytest.mark.parametrize(
    ("choice", "says"),
    [
        ("x", "is not understood"),
        ("99", "there is no line 99"),
        ("4=nothing", "is not an id"),
        ("4=18163:-3", "is not understood"),
        ("4=18163:999999", "cannot be"),
        ("3", "nothing was found"),
        ("7=14209", "expected 7=elemental"),
        ("4=18163:1.2.3", "is not understood"),
    ],
)
def test_a_wrong_choice_is_refused(choice: str, says: str, file: str) -> None:
    """A choice that cannot be meant says what can."""
    assert says in refusal("read", file, "--choose", choice)


def test_the_sums_say_at_least_and_how_much_is_not_known(file: str) -> None:
    """The complete day counts; lines that wait are unknown; a supplement that is open counts for nothing."""
    data = json.loads(run("show", file, "--json").stdout)
    magnesium = data["means"]["magnesium_mg"]
    assert magnesium["days"] == 1
    assert magnesium["food"]["best"] == pytest.approx(79 + 81 + 14.2, abs=0.5)
    assert magnesium["supplements"] is None
    assert magnesium["share_unknown_grams"] > 0.3
    assert data["coverage"]["incomplete"] == 1
    assert {"schema_version", "rheobase_version"} <= data.keys()
    output = run("show", file).output
    assert "a day, at" in output
    assert "wait for your word" in output


@pytest.mark.parametrize("text", ["rheobase_diet: 1\n", "rheobase_diet: 1\ndays: [{complete: no, meals: [milk]}]\n"])
def test_a_diet_without_a_whole_day_says_so(text: str, tmp_path: Path) -> None:
    """No day that counts is no zero."""
    path = tmp_path / "x.yaml"
    path.write_text(text, encoding="utf-8")
    assert "No day counts" in run("show", str(path)).output


def test_a_missing_file_is_a_usage_error() -> None:
    """The message says what to give."""
    assert "Give the path of a file" in refusal("show", "no-such-file.yaml")
