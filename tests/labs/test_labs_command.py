"""``rheobase labs read``: what a person sees, writes and is refused."""

from __future__ import annotations

import json
import subprocess
import sys
from pathlib import Path

import pytest

from rheobase.errors import DataRefusedError
from rheobase.importers.case_file import read_case
from rheobase.importers.case_writer import write_case
from rheobase.importers.labs_import import report_of
from rheobase.knowledge import load_knowledge
from rheobase.labs.reading_names import facts_for
from rheobase.report import labs_doubt
from tests.labs.samples import locked, pdf_of

REPORT = """Collected: 2026-11-20 08:15
Mg 0.62 mmol/L (0.70-1.00) L
Potassium 4.1 mg/dL
Calcium 2.31 mmol/L (2.15-2.60)
Ferritin 45 ng/mL 30-300
Comment: slightly haemolysed
"""


def labs(*arguments: str, text: str = "") -> subprocess.CompletedProcess[str]:
    """Run the command on standard input."""
    return subprocess.run(
        [sys.executable, "-m", "rheobase", "labs", "read", *arguments, "--on", "2026-11-24"],
        input=text,
        capture_output=True,
        text=True,
        check=False,
    )


def test_the_page_shows_the_original_beside_what_was_read() -> None:
    """Both unit systems, what waits for a word, other tests and the haemolysed sample are on the page."""
    done = labs("-", "--width", "150", text=REPORT)
    assert done.returncode == 0, done.stderr
    for words in (
        "Mg 0.62 mmol/L (0.70-1.00) L",
        "1.51 mg/dL",
        "looks like mmol/L",
        "Ferritin",
        "haemolysed",
        "2026-11-20 08:15",
    ):
        assert words in done.stdout


def test_a_refused_line_is_exit_1_with_its_reason_and_what_it_looks_like() -> None:
    """140 mmol/L of potassium is refused, looks like sodium, and nothing else is lost."""
    done = labs("-", text="Potassium 140 mmol/L\nMg 0.85 mmol/L\n")
    assert done.returncode == 1
    assert "impossible for potassium" in done.stdout
    assert "looks like sodium" in done.stdout
    assert "0.85 mmol/L" in done.stdout


def test_json_has_every_line_and_its_state() -> None:
    """The JSON counts the states and gives readings to choose from."""
    found = json.loads(labs("-", "--json", text=REPORT).stdout)
    assert found["schema_version"] == 1
    assert found["counts"]["accepted"] == 2
    asked = next(each for each in found["lines"] if each["state"] == "to confirm")
    assert [each["unit"] for each in asked["readings"]] == ["mg/dL", "mmol/L"]
    assert asked["looks_like"] == ["mmol/L"]


def test_what_is_chosen_is_written_and_twice_adds_nothing(tmp_path: Path) -> None:
    """A choice settles a doubt; the case file holds time, sample and text; reading the report again adds nothing."""
    case = tmp_path / "case.yaml"
    assert labs("-", "--choose", "2=mmol/L", "--confirm", str(case), text=REPORT).returncode == 0
    person = read_case(case.read_bytes(), load_knowledge(), name="case")
    assert [(each.analyte, each.value, each.unit) for each in person.labs] == [
        ("magnesium", 0.62, "mmol/L"),
        ("potassium", 4.1, "mmol/L"),
        ("calcium_total", 2.31, "mmol/L"),
    ]
    assert person.labs[0].time == "08:15"
    assert person.labs[0].sample == ("haemolysed",)
    assert person.not_understood == ("blood test Ferritin 45 ng/mL 30-300",)
    again = labs("-", "--choose", "2=mmol/L", "--into", str(case), text=REPORT)
    assert "Nothing new" in again.stderr
    more = labs("-", "--into", str(case), text=REPORT + "Sodium 140 mmol/L\n")
    assert "Added 1 results" in more.stderr
    after = read_case(case.read_bytes(), load_knowledge(), name="case")
    assert after.labs[:3] == person.labs
    assert write_case(after) == case.read_text(encoding="utf-8")


@pytest.mark.parametrize("choice", ["9", "0", "1", "2=kg", "2=9", "x", "2=mmol/L,2"])
def test_a_wrong_choice_is_one_clear_line(choice: str) -> None:
    """A choice of no line, of a line that is not in doubt, or of no reading is a mistake in words, exit 2."""
    done = labs("-", "--choose", choice, text=REPORT)
    assert done.returncode == 2
    assert "--choose" in done.stderr
    assert "Traceback" not in done.stderr


def test_a_new_case_file_never_overwrites(tmp_path: Path) -> None:
    """A file that is there is kept."""
    case = tmp_path / "case.yaml"
    case.write_text("mine", encoding="utf-8")
    assert labs("-", "--confirm", str(case), text=REPORT).returncode == 2
    assert case.read_text(encoding="utf-8") == "mine"


@pytest.mark.parametrize(
    ("data", "words"),
    [
        (b"", "is empty"),
        (b"PK\x03\x04rest", "is not a whole zip"),
        (b"<?xml version='1.0'?><!DOCTYPE x [<!ENTITY a 'b'>]><x/>", "is XML"),
        (b'{"resourceType": "Bundle", "entry": 3}', "is no list"),
        (b"%PDF-1.7\nbroken", "damaged PDF"),
        (b"rheobase_case: 1\n", "is a case file"),
        (b"Potassium\x00 4.1", "binary"),
        (b"Test,Value\nPotassium,4.1\x07\n", "control character"),
    ],
)
def test_what_is_no_report_is_refused_in_one_line(data: bytes, words: str, tmp_path: Path) -> None:
    """Each is one line that says what came and what to do."""
    file = tmp_path / "report"
    file.write_bytes(data)
    done = labs(str(file))
    assert done.returncode == 1
    assert words in done.stderr
    assert done.stderr.count("\n") == 1


def test_a_text_without_results_is_exit_1() -> None:
    """A letter holds no result, and that is said."""
    done = labs("-", text="Dear reader,\nall is well.\n")
    assert done.returncode == 1
    assert "no result was found" in done.stderr


def test_the_text_of_a_pdf_is_read_like_pasted_lines() -> None:
    """Columns of a PDF keep their order, and an encrypted or empty one is refused."""
    lines = [
        "Collected: 2026-11-20",
        "Magnesium        0.62  L   mmol/L    0.70 - 1.00",
        "Sodium     140   mmol/L   135-145",
    ]
    report = report_of(pdf_of(lines), "r.pdf", facts_for(load_knowledge()))
    assert report.kind == "PDF"
    assert [(each.name, each.value, each.unit, each.date) for each in report.lines] == [
        ("Magnesium", "0.62", "mmol/L", "2026-11-20"),
        ("Sodium", "140", "mmol/L", "2026-11-20"),
    ]
    with pytest.raises(DataRefusedError, match="holds no text"):
        report_of(pdf_of([]), "r.pdf", facts_for(load_knowledge()))
    with pytest.raises(DataRefusedError, match="locked with a password"):
        report_of(locked(pdf_of(lines)), "r.pdf", facts_for(load_knowledge()))
    with pytest.raises(DataRefusedError, match="damaged"):
        report_of(pdf_of(lines)[:200], "r.pdf", facts_for(load_knowledge()))


def test_older_encodings_are_read() -> None:
    """Windows-1252 and UTF-16 give the same lines as UTF-8."""
    text = "Untersuchung;Ergebnis;Einheit\nFolsäure;8,2;ng/ml\nKreatinin;80;µmol/l\n"
    facts = facts_for(load_knowledge())
    wanted = report_of(text.encode(), "r", facts)
    for data in (text.encode("cp1252"), b"\xff\xfe" + text.encode("utf-16-le")):
        assert report_of(data, "r", facts) == wanted


def test_lines_in_doubt_are_settled_one_after_the_other(tmp_path: Path) -> None:
    """Each is asked with its readings; a reply that is none of them is asked again; Enter leaves a line open."""
    report = tmp_path / "report.txt"
    report.write_text("Potassium 4.1 mg/dL\nMg 2.1\nMagnesium 1.9\nCalcium 2.31 mmol/L (2.15-2.60)\n")
    found = labs(str(report), "--ask", "--json", text="9\n2\nn\n\n")
    assert found.returncode == 0
    states = [each["state"] for each in json.loads(found.stdout)["lines"]]
    assert states == ["accepted", "no result", "to confirm", "accepted"]
    assert "Line 1 (1 of 3): Potassium 4.1 mg/dL" in found.stderr
    assert "'9' is none of them" in found.stderr
    stopped = labs(str(report), "--ask", "--json", text="q\n")
    assert [each["state"] for each in json.loads(stopped.stdout)["lines"]][:3] == ["to confirm"] * 3


def test_what_is_pasted_can_be_kept(tmp_path: Path) -> None:
    """A pasted report is kept in a new file as it was, so that its lines can be settled without pasting it again."""
    kept = tmp_path / "kept.txt"
    found = labs("-", "--keep", str(kept), text=REPORT)
    assert f"rheobase labs read {kept} --ask" in found.stderr
    assert kept.read_text() == REPORT
    assert "is there already" in labs("-", "--keep", str(kept), text=REPORT).stderr
    assert labs(str(kept), "--keep", "other").returncode == 2


def test_what_was_not_looked_at_for_urgency_is_said() -> None:
    """Beyond 200 lines in doubt none is looked at for urgency, and the page says so with the count."""
    many = "".join(f"Potassium {3.5 + place / 100:.2f}\n" for place in range(labs_doubt.MOST + 3))
    shown = " ".join(labs("-", "--no-colour", text=many).stdout.split())
    assert "Only the first 200 of 203 lines in doubt were looked at for values that would be urgent" in shown


def test_a_line_in_doubt_that_would_be_urgent_is_asked_about_first() -> None:
    """A potassium of 6.9 without a unit does not count yet, but nobody has to find it among the others."""
    shown = labs("-", "--no-colour", text="Sodium 140\nPotassium 6.9\nMg 0.9 mmol/L\n").stdout
    assert "Settle first, since the first reading would be urgent: 2." in shown
    assert shown.count("settle this line first") == 1
    assert "Only the first" not in shown
    assert "Settle first" not in labs("-", "--no-colour", text="Sodium 140\nPotassium 4.1\n").stdout
