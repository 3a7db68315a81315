"""Writing reports: whole files, nothing lost, one clear line for each mistake."""

from __future__ import annotations

import subprocess
import sys
from pathlib import Path

import pytest

EXAMPLE = ("assess", "--example", "worried-28", "--on", "2026-11-24")


def rheobase(*arguments: str, given: bytes = b"") -> subprocess.CompletedProcess[bytes]:
    """Run the command as a process."""
    return subprocess.run([sys.executable, "-m", "rheobase", *arguments], input=given, capture_output=True, check=False)


def test_files_are_written_and_text_is_printed_only_without_them(tmp_path: Path) -> None:
    """--html and --pdf write; standard output stays empty; without them the text is printed."""
    page, pdf = tmp_path / "a.html", tmp_path / "a.pdf"
    done = rheobase(*EXAMPLE, "--html", str(page), "--pdf", str(pdf), "--for", "doctor")
    assert done.returncode == 0, done.stderr
    assert done.stdout == b""
    assert done.stderr.count(b"Wrote ") == 2
    assert page.read_bytes().startswith(b"<!doctype html>")
    assert pdf.read_bytes().startswith(b"%PDF-")
    assert b"In the person" not in page.read_bytes()[:200]
    assert sorted(each.name for each in tmp_path.iterdir()) == ["a.html", "a.pdf"]
    assert rheobase(*EXAMPLE, "--for", "doctor").stdout.startswith(b"For your doctor")


@pytest.mark.parametrize(("option", "start"), [("--html", b"<!doctype html>"), ("--pdf", b"%PDF-")])
def test_a_report_goes_to_standard_output(option: str, start: bytes) -> None:
    """'-' writes the bytes, the same each time."""
    first, second = (rheobase(*EXAMPLE, option, "-") for _ in range(2))
    assert first.returncode == 0, first.stderr
    assert first.stdout.startswith(start)
    assert first.stdout == second.stdout


def test_a_later_report_replaces_an_earlier_one_and_nothing_else(tmp_path: Path) -> None:
    """Our own reports may be replaced; any other file is kept, unless --force is given."""
    page, pdf, other = tmp_path / "a.html", tmp_path / "a.pdf", tmp_path / "letter.html"
    for _ in range(2):
        assert rheobase(*EXAMPLE, "--html", str(page), "--pdf", str(pdf)).returncode == 0
    other.write_text("<html>a letter</html>", encoding="utf-8")
    done = rheobase(*EXAMPLE, "--html", str(other), "--pdf", str(pdf))
    assert done.returncode == 2
    assert b"--force" in done.stderr
    assert other.read_text(encoding="utf-8") == "<html>a letter</html>"
    assert rheobase(*EXAMPLE, "--html", str(other), "--force").returncode == 0
    assert other.read_bytes().startswith(b"<!doctype html>")


def test_the_case_file_is_never_written_over(tmp_path: Path) -> None:
    """Not even with --force, nor through a link."""
    case, link = tmp_path / "me.yaml", tmp_path / "link.html"
    case.write_text("rheobase_case: 1\npresent: [cramps]\n", encoding="utf-8")
    link.symlink_to(case)
    for target in (case, link):
        done = rheobase("assess", str(case), "--html", str(target), "--force")
        assert done.returncode == 2
        assert b"is kept" in done.stderr
    assert case.read_text(encoding="utf-8").startswith("rheobase_case")


@pytest.mark.parametrize(
    "arguments",
    [
        ("--html", "no-such-folder/a.html"),
        ("--html", "."),
        ("--html", ""),
        ("--html", "-", "--pdf", "-"),
        ("--html", "a.html", "--pdf", "./a.html"),
        ("--json", "--html", "-"),
        ("--pdf", "a.pdf", "--paper", "foolscap"),
        ("--for", "nobody"),
    ],
)
def test_a_target_that_cannot_be_is_refused(arguments: tuple[str, ...], tmp_path: Path) -> None:
    """Exit code 2, no traceback, nothing written."""
    command = [sys.executable, "-m", "rheobase", *EXAMPLE, *arguments]
    done = subprocess.run(command, cwd=tmp_path, capture_output=True, check=False)
    assert done.returncode == 2, done.stderr
    assert b"Traceback" not in done.stderr
    assert done.stdout == b""
    assert list(tmp_path.iterdir()) == []


def test_a_case_that_is_refused_leaves_the_earlier_report(tmp_path: Path) -> None:
    """Nothing is written before everything is made."""
    page = tmp_path / "a.html"
    assert rheobase(*EXAMPLE, "--html", str(page)).returncode == 0
    before = page.read_bytes()
    done = rheobase("assess", "-", "--html", str(page), given=b"rheobase_case: 1\npresent: [crampz]\n")
    assert done.returncode == 1
    assert page.read_bytes() == before


def test_json_may_go_with_a_file(tmp_path: Path) -> None:
    """--json prints, the page is written beside it."""
    done = rheobase(*EXAMPLE, "--json", "--html", str(tmp_path / "a.html"))
    assert done.returncode == 0, done.stderr
    assert done.stdout.startswith(b"{")
