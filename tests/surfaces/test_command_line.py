"""The command line as a user meets it: answers, exit codes, one clear line for each mistake."""

from __future__ import annotations

import json
import subprocess
import sys
from pathlib import Path

import pytest

from rheobase.cli.main import COMMANDS
from rheobase.examples import example_names

CASES = Path(__file__).parents[1] / "cases" / "dev"


def rheobase(*arguments: str, given: bytes = b"") -> subprocess.CompletedProcess[str]:
    """Run the command as a process."""
    command = [sys.executable, "-m", "rheobase", *arguments]
    done = subprocess.run(command, input=given, capture_output=True, check=False)
    return subprocess.CompletedProcess(command, done.returncode, done.stdout.decode(), done.stderr.decode())


@pytest.mark.parametrize("name", COMMANDS)
def test_every_command_has_help(name: str) -> None:
    """-h works everywhere."""
    done = rheobase(name, "-h")
    assert done.returncode == 0
    assert "Usage:" in done.stdout


@pytest.mark.parametrize("name", example_names())
@pytest.mark.parametrize("audience", ["person", "clinician"])
def test_examples_are_assessed_within_eighty_columns(name: str, audience: str) -> None:
    """Each packaged example gives a report that fits a small terminal, and no colour codes in a pipe."""
    done = rheobase("assess", "--example", name, "--for", audience)
    assert done.returncode == 0, done.stderr
    assert max(len(line) for line in done.stdout.splitlines()) <= 80
    assert "\x1b" not in done.stdout
    words = " ".join(done.stdout.split())
    assert words.count("does not diagnose") == 1
    assert "not yet been reviewed by a clinician" in words


def test_json_is_versioned_and_the_same_every_time() -> None:
    """The same case gives the same bytes, with three versions in them."""
    first, second = (rheobase("assess", "--example", "omeprazole-67", "--on", "2026-11-24", "--json") for _ in range(2))
    assert first.stdout == second.stdout
    data = json.loads(first.stdout)
    assert {"schema_version", "rheobase_version", "knowledge_version"} <= data.keys()
    assert data["urgency"]["level"] == "same_day"


def test_a_case_comes_from_standard_input() -> None:
    """'-' reads standard input."""
    done = rheobase("assess", "-", given=b"rheobase_case: 1\npresent: [cramps]\n")
    assert done.returncode == 0, done.stderr


def test_a_child_gets_urgency_and_no_ranking() -> None:
    """Under 16 years causes are not ranked."""
    case = b"rheobase_case: 1\nabout: {age: 10}\npresent: [muscle_twitching]\n"
    data = json.loads(rheobase("assess", "-", "--json", given=case).stdout)
    assert data["causes"] == []
    assert data["urgency"]["level"] == "routine"


def test_nothing_told_is_insufficient() -> None:
    """An empty case is not reassured."""
    data = json.loads(rheobase("assess", "-", "--json", given=b"rheobase_case: 1\nabout: {age: 30}\n").stdout)
    assert data["urgency"]["level"] == "insufficient"


@pytest.mark.parametrize(
    ("given", "complaint"),
    [
        (b"rheobase_case: 1\npresent: [crampz]\n", "cramps"),
        (b"rheobase_case: 1\nvalues: {sleep_hours: lots}\n", "sleep"),
        (b"rheobase_case: 1\nvalues: {sleep_hours: 99}\n", "24"),
        (b"rheobase_case: 1\nlabs: [{name: potassium, value: 3.1}]\n", "unit"),
        (b"rheobase_case: 1\nlabs: [{name: potassium, value: 3.1, unit: furlong}]\n", "mmol/L"),
        (b"rheobase_case: 1\npresent: [cramps]\nabsent: [cramps]\n", "cramps"),
        (b"rheobase_case: 1\npresent: [cramps]\npresent: [fever]\n", "present"),
        (b"", "empty"),
        (b"\x00\x01\x02\xff", ""),
        ("rheobase_case: 1\nnotes: \xe9".encode("latin-1"), ""),
        (b"a: &a [x]\nb: &b [*a, *a]\nc: [*b, *b]\n", ""),
        (b"rheobase_case: 1\npresent: [" + b"[" * 5000, ""),
    ],
)
def test_bad_input_is_refused_in_clear_lines(given: bytes, complaint: str) -> None:
    """Exit code 1, no traceback, nothing on standard output, and the fault named."""
    done = rheobase("assess", "-", given=given)
    assert done.returncode == 1, done.stdout + done.stderr
    assert "Traceback" not in done.stderr
    assert done.stdout == ""
    assert complaint in done.stderr
    assert len(done.stderr.strip().splitlines()) <= 3


def test_a_huge_file_is_refused_without_being_read(tmp_path: Path) -> None:
    """50 MB are not read to say no."""
    huge = tmp_path / "huge.yaml"
    with huge.open("wb") as handle:
        handle.truncate(50_000_000)
    done = rheobase("assess", str(huge))
    assert done.returncode == 1
    assert "MB" in done.stderr or "bytes" in done.stderr


def test_an_unknown_medicine_is_kept_and_reported() -> None:
    """It is never dropped and never guessed."""
    done = rheobase("assess", "-", given=b"rheobase_case: 1\npresent: [cramps]\nmedicines: [unobtainium 5 mg]\n")
    assert done.returncode == 0, done.stderr
    assert "unobtainium" in done.stdout


@pytest.mark.parametrize(
    "arguments", [(), ("nonsense",), ("assess",), ("assess", "a", "--example", "b"), ("explain", "x")]
)
def test_misuse_is_exit_code_two(arguments: tuple[str, ...]) -> None:
    """A command that is not understood says what to do."""
    done = rheobase(*arguments)
    assert done.returncode in ((0, 2) if not arguments else (2,))
    assert "Traceback" not in done.stderr


def test_a_missing_file_is_one_line() -> None:
    """No traceback for a wrong path."""
    done = rheobase("assess", "no-such-file.yaml")
    assert done.returncode in (1, 2)
    assert "Traceback" not in done.stderr


def test_text_with_escapes_and_marks_is_shown_as_text() -> None:
    """ANSI escapes and right-to-left marks in a medicine's name never reach the terminal."""
    case = '{"rheobase_case": 1, "present": ["cramps"], "medicines": ["\\u001b[31mred\\u202e pill"]}'
    done = rheobase("assess", "-", given=case.encode())
    assert "\x1b" not in done.stdout + done.stderr
    assert "\u202e" not in done.stdout + done.stderr


@pytest.mark.parametrize(
    "name", ["hypocalcaemia", "tingling_mouth", "rf_spasm", "omeprazole", "potassium", "magnesium"]
)
def test_explain_shows_sources(name: str) -> None:
    """A cause, a finding, a rule, a medicine, a test and a nutrient can each be explained."""
    done = rheobase("explain", name)
    assert done.returncode == 0, done.stderr
    assert "SOURCES" in done.stdout


def test_compare_gives_the_seeds_table() -> None:
    """The four nutrients of the seed, and sodium, side by side."""
    done = rheobase("compare", "magnesium", "calcium", "vitamin_d", "potassium", "sodium")
    assert done.returncode == 0, done.stderr
    for name in ("Magnesium", "Calcium", "Vitamin D", "Potassium", "Sodium"):
        assert name in done.stdout


def test_evaluate_prints_figures_and_writes_a_plot(tmp_path: Path) -> None:
    """The command runs on the committed cases."""
    plot = tmp_path / "plot.svg"
    done = rheobase("evaluate", str(CASES), "--plot", str(plot), "--baseline")
    assert done.returncode == 0, done.stderr
    assert "top-1" in done.stdout
    assert plot.read_text(encoding="utf-8").startswith("<svg")
    assert rheobase("evaluate", str(tmp_path / "none")).returncode == 1


def test_new_writes_a_case_that_can_be_assessed(tmp_path: Path) -> None:
    """The template claims nothing, and is not overwritten."""
    target = tmp_path / "me.yaml"
    assert rheobase("new", str(target)).returncode == 0
    assert rheobase("assess", str(target)).returncode == 0
    again = rheobase("new", str(target))
    assert again.returncode != 0
    assert "Traceback" not in again.stderr


def test_knowledge_commands_work() -> None:
    """Check, version and schema."""
    assert rheobase("knowledge", "check").returncode == 0
    assert rheobase("knowledge", "version").stdout.startswith("20")
    assert json.loads(rheobase("knowledge", "schema").stdout)["$schema"]


def test_reassurance_never_stands_beside_a_red_flag() -> None:
    """Where it is urgent, no odds are recited and no comfort is offered before what has to be arranged."""
    urgent = json.loads(rheobase("assess", "--example", "wasted-hand-58", "--json").stdout)
    assert urgent["urgency"]["level"] == "urgent_days"
    assert "reassure_no_weakness" not in {item["advice"] for item in urgent["advice"]}
    text = rheobase("assess", "--example", "wasted-hand-58").stdout
    assert "none had developed" not in " ".join(text.split())
    calm = " ".join(rheobase("assess", "--example", "worried-28").stdout.split())
    assert "Samaritans 116 123" in calm


def test_an_emergency_says_where_to_call_and_gives_no_tips() -> None:
    """The number of the region, the red flag's words, and no advice on food."""
    case = (
        b"rheobase_case: 1\nabout: {region: GB}\npresent: [hand_foot_spasm, seizure]\nvalues: {caffeine_mg_day: 800}\n"
    )
    done = rheobase("assess", "-", given=case)
    assert "999" in done.stdout
    assert "WHAT TO DO" not in done.stdout


@pytest.mark.parametrize(
    ("given", "withheld"),
    [
        (
            b"present: [hx_ckd, diet_low_potassium, med_thiazide, weakness_felt, constipation, cramps, lab_k_low]",
            "k_food",
        ),
        (b"present: [hx_ckd, diet_low_magnesium, previous_low_magnesium, cramps, lab_mg_low]", "mg_supplement"),
    ],
)
def test_blocks_are_applied_to_this_person(given: bytes, withheld: str) -> None:
    """Kidney disease forbids extra potassium and magnesium, and the report says so."""
    data = json.loads(rheobase("assess", "-", "--json", given=b"rheobase_case: 1\n" + given).stdout)
    assert withheld in {item["advice"] for item in data["withheld"]}
    assert withheld not in {item["advice"] for item in data["advice"]}
