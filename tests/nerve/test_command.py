"""``rheobase nerve show``."""

from __future__ import annotations

import importlib.util
import json
from pathlib import Path
from typing import Any

import pytest
from click.testing import CliRunner, Result

from rheobase.cli.main import cli
from rheobase.errors import RheobaseError, UsageError

CASE = """rheobase_case: 1
labs:
  - {name: potassium, value: 3.0, unit: mmol/L}
  - {name: calcium, value: 7.2, unit: mg/dL}
  - {name: albumin, value: 3.0, unit: g/dL}
"""


def run(*arguments: str, given: str | None = None) -> Result:
    """Run the command."""
    return CliRunner().invoke(cli, ["nerve", "show", *arguments], input=given)


def data_of(*arguments: str, given: str | None = None) -> dict[str, Any]:
    """Return its JSON."""
    done = run(*arguments, "--json", given=given)
    assert done.exit_code == 0, done.output
    found: dict[str, Any] = json.loads(done.stdout)
    return found


def test_low_calcium_makes_the_nerve_easier_to_fire() -> None:
    """The JSON gives each index in normal serum, here, and the change in per cent of normal."""
    found = data_of("--ca", "0.8")
    threshold = found["indices"]["threshold"]
    assert threshold["change_percent"] == pytest.approx(100 * (threshold["here"] / threshold["normal"] - 1))
    assert -35 < threshold["change_percent"] < -10
    assert "easier to set off" in found["in_words"]
    assert found["fires_by_itself_hz"]["prone"]["here"] > 0 == found["fires_by_itself_hz"]["motor"]["here"]
    assert found["values"]["potassium"]["from"] == "normal"


def test_nothing_given_is_a_normal_nerve() -> None:
    """All changes are 0, nothing fires, and the words are calm."""
    found = data_of()
    assert all(not each["change_percent"] for each in found["indices"].values())
    assert "about as easily as it usually does" in found["in_words"]
    assert not any(each["here"] for each in found["fires_by_itself_hz"].values())


def test_a_case_file_is_read_and_an_option_wins(tmp_path: Path) -> None:
    """Total calcium is judged by albumin; --k replaces the file's potassium."""
    case = tmp_path / "case.yaml"
    case.write_text(CASE, encoding="utf-8")
    found = data_of(str(case), "--k", "4.0")["values"]
    assert found["potassium"]["value"] == 4.0
    assert 0.9 < found["calcium_ionised"]["value"] < 1.1
    assert "albumin 30 g/L" in found["calcium_ionised"]["from"]
    assert data_of("-", given=CASE)["values"]["potassium"]["value"] == 3.0


def test_the_page_says_what_was_assumed_and_what_the_model_cannot_say() -> None:
    """Normal where nothing was given, the limits, the sources, no urgency."""
    page = " ".join(
        run("--ca", "0.9", "--mg", "0.5", "--k", "3.0", "--na", "140", "--ph", "7.55", "--temp", "36").stdout.split()
    )
    for words in (
        "IN SHORT",
        "CANNOT SAY",
        "nothing about how urgent",
        "Hille B",
        "not yet been",
    ):
        assert words in page
    assert "not given: taken as normal" in " ".join(run("--ca", "1.0").stdout.split())


@pytest.mark.parametrize(
    ("arguments", "urgency"),
    [(("--ca", "0.7"), "emergency_now"), (("--k", "6.6"), "emergency_now"), (("--k", "2.9"), "same_day")],
)
def test_a_value_that_is_urgent_by_itself_is_said_first(arguments: tuple[str, ...], urgency: str) -> None:
    """What a laboratory phones through stands before all explaining, in the page and in the JSON."""
    assert [each["urgency"] for each in data_of(*arguments)["alerts"]] == [urgency]
    page = run(*arguments).stdout
    assert page.index("BEFORE ANYTHING ELSE") < page.index("IN SHORT")
    assert not data_of("--ca", "1.2")["alerts"]


@pytest.mark.slow
@pytest.mark.parametrize("ends", [("0.3", "1", "6.8", "20"), ("3", "10", "7.9", "42"), ("0.3", "10", "7.9", "42")])
def test_the_ends_of_what_is_possible_break_nothing(ends: tuple[str, str, str, str]) -> None:
    """Even where no index can be measured the page is whole and the JSON holds no NaN."""
    calcium, potassium, ph, warmth = ends
    arguments = ("--ca", calcium, "--k", potassium, "--ph", ph, "--temp", warmth)
    assert data_of(*arguments)["outside_of_what_was_checked"]
    assert run(*arguments).exit_code == 0


def test_far_values_are_said_to_be_a_guess() -> None:
    """Outside of what the model was compared with, the page says so."""
    assert "take the size of the effect as a guess" in " ".join(run("--ca", "0.5").stdout.split())


@pytest.mark.parametrize(
    ("arguments", "words"),
    [
        (("--ca", "0"), "ionised calcium: 0 mmol/L is beyond what the model takes; expected 0.3 to 3"),
        (("--k", "200"), "potassium: 200 mmol/L is beyond what the model takes"),
        (("--ph", "3"), "pH of the blood: 3 is beyond what the model takes; expected 6.8 to 7.9"),
        (("--k", "nan"), "potassium: nan"),
        (("--total-ca", "-1"), "total calcium: -1 mmol/L is beyond what the model takes"),
        (("--ca", "1", "--total-ca", "2"), "Give --ca or --total-ca, not both."),
        (("--albumin", "30"), "give --total-ca too"),
    ],
)
def test_what_cannot_be_is_refused_in_one_line(arguments: tuple[str, ...], words: str) -> None:
    """The message says what came, what was expected and what to do."""
    done = run(*arguments)
    assert isinstance(done.exception, RheobaseError)
    assert words in str(done.exception)


def test_a_case_without_blood_tests_is_refused() -> None:
    """It says how to add one."""
    done = run("-", given="rheobase_case: 1\n")
    assert "Add one under `labs:`" in str(done.exception)


def test_a_missing_extra_is_named(monkeypatch: pytest.MonkeyPatch) -> None:
    """Without numba the command says how to get it, before it reads anything."""
    found = importlib.util.find_spec
    monkeypatch.setattr(importlib.util, "find_spec", lambda name: None if name == "numba" else found(name))
    done = run("--ca", "0.9")
    assert isinstance(done.exception, UsageError)
    assert "rheobase[nerve]" in str(done.exception)


def test_the_web_page_is_written_once(tmp_path: Path) -> None:
    """--html writes a page that stands by itself and never over a file."""
    out = tmp_path / "nerve.html"
    assert run("--ca", "0.9", "--html", str(out)).exit_code == 0
    assert "easier to set off" in out.read_text(encoding="utf-8")
    assert isinstance(run("--ca", "0.9", "--html", str(out)).exception, UsageError)
    printed = run("--ca", "0.9", "--html", "-").stdout
    assert printed.startswith("<!doctype html>")
    assert not Path("-").exists()


def test_the_web_page_shows_the_curve_with_the_point_on_it(tmp_path: Path) -> None:
    """The picture has a title and words to read aloud, axes with units, the person's point, and its table."""
    out = tmp_path / "nerve.html"
    assert run("--ca", "0.9", "--mg", "0.4", "--html", str(out)).exit_code == 0
    page = out.read_text(encoding="utf-8")
    picture = page[page.index("<svg") : page.index("</svg>")]
    for words in ("<title", "<desc", "Ionised calcium [mmol/L]", "Threshold [% of normal]", 'class="p-dot"', ">here<"):
        assert words in picture
    share = data_of("--ca", "0.9", "--mg", "0.4")["threshold_over_calcium"]
    (here,) = (each["percent_of_normal"] for each in share if each["calcium_ionised"] == 0.9)
    assert f"It is {here:.0f} % at 0.9 mmol/L" in picture
    assert "0.9 (here)" in page
    assert "< here" in run("--ca", "0.9", "--mg", "0.4").stdout
