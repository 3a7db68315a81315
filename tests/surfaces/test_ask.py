"""The interview as a person meets it: a process, a keyboard, a file."""

from __future__ import annotations

import os
import signal
import subprocess
import sys
import time
from pathlib import Path

import pytest

from rheobase.cli.interviewer import Interviewer, Screen
from rheobase.importers.case_file import read_case
from rheobase.importers.interview_journal import read_journal
from rheobase.interview import Conversation, Kind, Reply, ReplyKind, look_ahead
from rheobase.interview.put import about_medicines
from rheobase.knowledge import load_knowledge

KNOWLEDGE = load_knowledge()
COMMAND = [sys.executable, "-m", "rheobase", "ask"]


def ask(folder: Path, typed: str, *arguments: str) -> subprocess.CompletedProcess[str]:
    """Run one interview in a folder with everything typed at once."""
    return subprocess.run(
        [*COMMAND, *arguments], cwd=folder, input=typed, capture_output=True, text=True, check=False, timeout=120
    )


def test_stopping_at_once_gives_an_honest_answer_and_a_case_file(tmp_path: Path) -> None:
    """With nothing told, too little is known to say; the file is there all the same."""
    done = ask(tmp_path, "q\n")
    assert done.returncode == 0, done.stderr
    assert "Too little is known to say" in done.stdout
    assert (tmp_path / "me.yaml").exists()
    assert not (tmp_path / "me.yaml.interview").exists()


def test_questions_go_to_standard_error_and_the_answer_to_standard_output(tmp_path: Path) -> None:
    """The answer can be redirected without the questions."""
    done = ask(tmp_path, "0\n40\n1\n1\nq\n")
    assert "Question 1" in done.stderr
    assert "Question 1" not in done.stdout
    assert "HOW URGENT" in done.stdout
    assert done.stderr.rstrip().endswith("rheobase assess me.yaml --html answer.html")
    assert "In short: " in done.stderr


def test_an_emergency_is_said_at_once(tmp_path: Path) -> None:
    """After the tick, before any further question, with the number to call."""
    done = ask(tmp_path, "1\nq\n", "--region", "gb")
    said = done.stderr
    assert "PLEASE READ THIS FIRST" in said
    assert "999" in said
    assert said.index("PLEASE READ THIS FIRST") < said.index("Question 2")


def test_a_fright_waits_until_it_is_known_what_was_meant(tmp_path: Path) -> None:
    """A line that holds chest pain and a pounding heart alarms nobody before "which of these" is answered."""
    palpitations = ask(tmp_path, "4\n3\n28\nf\nq\n", "--region", "gb").stderr
    assert "Which of these is it?" in palpitations
    assert "PLEASE READ THIS FIRST" not in palpitations
    fainting = ask(tmp_path, "4\n2\nq\n", "--region", "gb", "other.yaml").stderr
    assert "PLEASE READ THIS FIRST" in fainting
    unsure = ask(tmp_path, "4\ns\nq\n", "--region", "gb", "third.yaml").stderr
    assert "PLEASE READ THIS FIRST" in unsure


@pytest.mark.parametrize("width", ["40", "60", "80"])
def test_every_line_of_the_interview_fits(tmp_path: Path, width: str) -> None:
    """On a narrow screen no line is broken inside a word by the terminal."""
    typed = "banana\n0\nw\n40\nf\n1\nomeprazol 20mg, furosemid, abcdefgh\ny\ny\nb\nnone\n0\nw\nq\n"
    said = ask(tmp_path, typed, "--width", width).stderr
    assert max(len(line.removeprefix("> ")) for line in said.splitlines()) <= int(width)


def test_a_misspelt_medicine_is_asked_about(tmp_path: Path) -> None:
    """A yes takes it as the medicine that it looks like; anything else keeps it as it was written."""
    skipped, talk = "", Conversation()
    while (question := look_ahead(talk, KNOWLEDGE).question) is not None and question.kind is not Kind.MEDICINES:
        form = question.kind is Kind.FORM
        skipped += "s\n" * (len(question.items) if form else 1)
        talk = talk.answered(question, Reply() if form else Reply(ReplyKind.SKIPPED))
    ask(tmp_path, f"{skipped}furosemid, ramiprill\ny\nn\nb\nfurosemid, ramiprill\ny\nn\ny\nq\n")
    person = read_case((tmp_path / "me.yaml").read_bytes(), KNOWLEDGE, name="me")
    assert [use.medicine for use in person.medicines] == ["furosemide", None]


def test_a_wrong_reply_is_asked_again_with_a_reason(tmp_path: Path) -> None:
    """Nothing is guessed, nothing breaks."""
    done = ask(tmp_path, "banana\n\n99\n0\nold\n40\nq\n")
    assert done.returncode == 0
    assert "Traceback" not in done.stderr
    assert "Type the numbers that are true" in done.stderr
    assert "not on the list" in done.stderr


def test_why_back_and_do_not_know_are_always_there(tmp_path: Path) -> None:
    """Each can be typed at a question, and back undoes the last reply."""
    done = ask(tmp_path, "w\n0\nb\n?\n40\nw\nq\n")
    assert done.returncode == 0, done.stderr
    assert done.stderr.count("WHY WE ASK") == 2
    person = read_case((tmp_path / "me.yaml").read_bytes(), KNOWLEDGE, name="me")
    assert {answer.status.value for name, answer in person.answers.items() if name != "age_years"} == {"unknown"}


def test_a_killed_interview_goes_on_where_it_stopped(tmp_path: Path) -> None:
    """Kill -9 between two answers loses nothing."""
    process = subprocess.Popen(
        COMMAND, cwd=tmp_path, stdin=subprocess.PIPE, stdout=subprocess.PIPE, stderr=subprocess.PIPE
    )
    assert process.stdin is not None
    process.stdin.write(b"0\n40\n")
    process.stdin.flush()
    journal = tmp_path / "me.yaml.interview"
    for _ in range(200):
        if journal.exists() and journal.read_bytes().count(b"\n") >= 3:
            break
        time.sleep(0.05)
    os.kill(process.pid, signal.SIGKILL)
    process.communicate()
    done = ask(tmp_path, "q\n")
    assert "2 replies are kept" in done.stderr
    person = read_case((tmp_path / "me.yaml").read_bytes(), KNOWLEDGE, name="me")
    assert person.answers["age_years"].value == 40
    assert person.answers["seizure"].value is False


def test_an_existing_case_is_kept_and_only_added_to(tmp_path: Path) -> None:
    """What a person wrote, comments included, stays beside the new file; what it says is not asked again."""
    case = tmp_path / "me.yaml"
    before = "# my own words\nrheobase_case: 1\nabout: {age: 33, sex: female}\nnotes: it twitches\n"
    case.write_text(before, encoding="utf-8")
    done = ask(tmp_path, "0\nq\n")
    assert "How old are you" not in done.stderr
    assert (tmp_path / "me.before-1.yaml").read_text(encoding="utf-8") == before
    person = read_case(case.read_bytes(), KNOWLEDGE, name="me")
    assert person.notes == "it twitches"
    assert person.answers["seizure"].value is False


def test_a_broken_case_or_journal_is_refused_and_left_alone(tmp_path: Path) -> None:
    """One clear line, exit 1, the file as it was."""
    for name in ("me.yaml", "me.yaml.interview"):
        path = tmp_path / name
        path.write_text("hello: world\n", encoding="utf-8")
        done = ask(tmp_path, "q\n")
        assert done.returncode == 1
        assert len(done.stderr.strip().splitlines()) == 1
        assert path.read_text(encoding="utf-8") == "hello: world\n"
        path.unlink()


@pytest.mark.parametrize("arguments", [("--region", "GBR"), ("--most", "0"), ("missing/folder/me.yaml",)])
def test_wrong_use_says_what_is_wrong(tmp_path: Path, arguments: tuple[str, ...]) -> None:
    """No traceback, and nothing is left behind."""
    done = ask(tmp_path, "q\n", *arguments)
    assert done.returncode in (1, 2)
    assert "Traceback" not in done.stderr
    assert not list(tmp_path.iterdir())


def test_attacks_typed_as_a_medicine_are_shown_as_text(tmp_path: Path) -> None:
    """Escapes and marks of direction reach neither screen nor answer."""
    typed = "0\n40\n1\n1\n" + "\x1b[31mevil\x1b[0m \u202egpj <b>x</b>\n" * 3 + "y\nq\n"
    done = ask(tmp_path, typed)
    assert "Traceback" not in done.stderr
    for text in (done.stdout, done.stderr):
        assert "\x1b[31m" not in text
        assert "\u202e" not in text


def test_json_comes_alone_on_standard_output(tmp_path: Path) -> None:
    """The same JSON as from assess."""
    import json

    done = ask(tmp_path, "0\nq\n", "--json", "--on", "2026-11-24")
    again = subprocess.run(
        [sys.executable, "-m", "rheobase", "assess", "me.yaml", "--json", "--on", "2026-11-24"],
        cwd=tmp_path,
        capture_output=True,
        text=True,
        check=True,
    )
    assert json.loads(done.stdout) == json.loads(again.stdout)


@pytest.mark.parametrize("name", ["", ".", "/", "-", "a" * 250, "/dev/null"])
def test_what_is_no_name_of_a_file_is_refused_before_anything_is_asked(tmp_path: Path, name: str) -> None:
    """One line, and nothing is left behind."""
    done = ask(tmp_path, "q\n", name)
    assert done.returncode == 2
    assert len(done.stderr.strip().splitlines()) == 1
    assert not list(tmp_path.iterdir())


def test_bytes_that_are_no_text_cost_that_line_only(tmp_path: Path) -> None:
    """A binary line, one of a megabyte and a closed input are no crash, and the lines after them are read."""
    typed = b"\xff\xfe\x00\n" + b"1" * 1_000_000 + b"\n0\n41\nq\n"
    strict = {**os.environ, "PYTHONIOENCODING": "utf-8:strict"}
    done = subprocess.run(COMMAND, cwd=tmp_path, input=typed, capture_output=True, check=False, env=strict, timeout=120)
    assert done.returncode == 0, done.stderr
    assert b"no text" in done.stderr
    assert b"too long" in done.stderr
    person = read_case((tmp_path / "me.yaml").read_bytes(), KNOWLEDGE, name="me")
    assert person.answers["age_years"].value == 41
    closed = subprocess.run(
        ["/bin/sh", "-c", '"$0" -m rheobase ask other.yaml <&- >&-', sys.executable],
        cwd=tmp_path,
        capture_output=True,
        text=True,
        check=False,
        timeout=120,
    )
    assert "Traceback" not in closed.stderr
    assert (tmp_path / "other.yaml").exists()


def test_a_second_interview_with_the_same_case_is_refused_while_the_first_is_open(tmp_path: Path) -> None:
    """Two at once would mix their replies; the first goes on undisturbed."""
    first = subprocess.Popen(
        COMMAND, cwd=tmp_path, stdin=subprocess.PIPE, stdout=subprocess.PIPE, stderr=subprocess.PIPE
    )
    assert first.stdin is not None
    first.stdin.write(b"1\n")
    first.stdin.flush()
    journal = tmp_path / "me.yaml.interview"
    for _ in range(200):
        if journal.exists() and journal.read_bytes().count(b"\n") >= 2:
            break
        time.sleep(0.05)
    second = ask(tmp_path, "0\nq\n")
    assert second.returncode == 1
    assert "another interview" in second.stderr
    out, _ = first.communicate(b"q\n")
    assert b"HOW URGENT" in out
    assert not journal.exists()


def test_a_journal_cut_off_in_its_first_line_starts_anew(tmp_path: Path) -> None:
    """Killed before the first line was whole, nothing was answered, and nothing stands in the way."""
    for torn in ("", '{"rheo', '{"rheobase_interview": 1, "start": "# A Rh'):
        (tmp_path / "me.yaml.interview").write_text(torn, encoding="utf-8")
        done = ask(tmp_path, "0\nq\n")
        assert done.returncode == 0, done.stderr
        assert not (tmp_path / "me.yaml.interview").exists()


def test_medicines_are_kept_before_it_is_asked_whether_they_are_all(tmp_path: Path) -> None:
    """Killed at that question, the names typed are there, and nothing is taken as not taken."""
    knowledge = KNOWLEDGE
    screen = Screen(80, colour=False)
    interviewer = Interviewer.open(tmp_path / "me.yaml", knowledge, screen, setting=None, region=None)
    kept: list[int] = []

    def killed() -> str | None:
        if not kept:
            kept.append(1)
            return "omeprazole"
        raise KeyboardInterrupt

    screen.read = killed  # type: ignore[method-assign]
    with pytest.raises(KeyboardInterrupt):
        interviewer._put(about_medicines(), look_ahead(interviewer.talk, knowledge))
    person = read_journal(tmp_path / "me.yaml.interview", knowledge).talk.person(knowledge)
    assert [use.written for use in person.medicines] == ["omeprazole"]
    assert not person.answers


def test_a_case_changed_since_and_a_region_given_on_going_on_are_not_passed_over(tmp_path: Path) -> None:
    """What was written meanwhile is kept and said; the emergency number is that of the region asked for now."""
    (tmp_path / "me.yaml").write_text("rheobase_case: 1\nabout: {age: 33}\n", encoding="utf-8")
    screen = Screen(80, colour=False)
    Interviewer.open(tmp_path / "me.yaml", KNOWLEDGE, screen, setting=None, region=None)
    (tmp_path / "me.yaml").write_text("rheobase_case: 1\nabout: {age: 33}\npresent: [chest_pain]\n", encoding="utf-8")
    done = ask(tmp_path, "1\nq\n", "--region", "gb")
    assert "was changed since" in done.stderr
    assert "999" in done.stderr
    assert "chest_pain" in (tmp_path / "me.before-1.yaml").read_text(encoding="utf-8")


@pytest.mark.skipif(not Path("/dev/full").exists(), reason="needs a device that is always full")
def test_a_full_disc_stops_with_one_line_and_keeps_what_was_written(tmp_path: Path) -> None:
    """Neither a reply nor the answer that can't be written ends in a traceback."""
    with Path("/dev/full").open("wb") as full:
        done = subprocess.run(
            COMMAND, cwd=tmp_path, input="q\n", stdout=full, stderr=subprocess.PIPE, text=True, check=False, timeout=120
        )
    assert done.returncode == 1
    assert "Traceback" not in done.stderr
    assert (tmp_path / "me.yaml").exists()
