"""What the store keeps, what it refuses, and that nothing entered is lost."""

from __future__ import annotations

import os
import signal
import sqlite3
import stat
import subprocess
import sys
import threading
from dataclasses import replace
from pathlib import Path

import pytest

from rheobase.errors import DataRefusedError, UsageError
from rheobase.storage import Judged, Store
from rheobase.storage import database as database_module
from rheobase.storage.database import is_encrypted, steps_of_schema


@pytest.fixture
def path(tmp_path: Path) -> Path:
    """Return where a database may be made."""
    return tmp_path / "data" / "rheobase.db"


def judged(body: str, on: str = "2026-11-24") -> Judged:
    """Return an assessment to keep."""
    return Judged(0, "", on, 1, "k", "routine", body)


def test_what_was_told_is_there_after_opening_again(path: Path) -> None:
    """A person, their revisions and open replies come back from the file, in order."""
    store = Store(path)
    person = store.add_person("  Me  myself ", "first").id
    store.revise(person, "second", why="blood tests")
    assert store.add_step(person, 0, "a")
    assert store.add_step(person, 1, "b")
    store.close()
    again = Store(path)
    assert [each.name for each in again.people()] == ["Me myself"]
    assert again.newest(person).case == "second"
    assert [each.case for each in again.revisions(person)] == ["second", "first"]
    assert [(each.number, each.body) for each in again.steps(person)] == [(0, "a"), (1, "b")]
    again.close()


def test_the_file_is_for_its_owner_alone(path: Path) -> None:
    """Neither the folder nor the file can be read by others."""
    Store(path).close()
    assert stat.S_IMODE(path.stat().st_mode) == 0o600
    assert stat.S_IMODE(path.parent.stat().st_mode) == 0o700


def test_two_tabs_cannot_both_give_one_reply(path: Path) -> None:
    """The second reply with the same number is not kept, and the first stays."""
    store = Store(path)
    person = store.add_person("me", "x").id
    assert store.add_step(person, 0, "first tab")
    assert not store.add_step(person, 0, "second tab")
    assert [each.body for each in store.steps(person)] == ["first tab"]
    store.close()


def test_many_threads_lose_nothing(path: Path) -> None:
    """Of replies given at once under one number exactly one is kept, and every number is taken once."""
    store = Store(path)
    person = store.add_person("me", "x").id
    kept: list[int] = []

    def give() -> None:
        kept.extend(number for number in range(20) if store.add_step(person, number, "x"))

    threads = [threading.Thread(target=give) for _ in range(4)]
    for each in threads:
        each.start()
    for each in threads:
        each.join()
    assert sorted(kept) == [each.number for each in store.steps(person)]
    assert len(set(kept)) == len(kept)
    store.close()


def test_a_reply_taken_back_is_kept_aside(path: Path) -> None:
    """Back takes the last reply out of the interview, and only the last; the row stays in the file."""
    store = Store(path)
    person = store.add_person("me", "x").id
    store.add_step(person, 0, "a")
    store.add_step(person, 1, "b")
    assert not store.take_back(person, 0)
    assert store.take_back(person, 1)
    assert store.add_step(person, 1, "c")
    assert store.replace_step(person, 1, "longer c")
    assert not store.replace_step(person, 0, "late")
    assert [each.body for each in store.steps(person)] == ["a", "longer c"]
    store.close()
    rows = sqlite3.connect(path).execute("SELECT body, over FROM step ORDER BY id").fetchall()
    assert rows == [("a", None), ("b", "taken back"), ("c", "replaced"), ("longer c", None)]


def test_an_interview_ends_with_the_revision_that_holds_it(path: Path) -> None:
    """Closing and writing are one transaction."""
    store = Store(path)
    person = store.add_person("me", "x").id
    store.add_step(person, 0, "a")
    store.revise(person, "with the replies", why="interview", close_interview=True)
    assert store.steps(person) == ()
    assert store.newest(person).case == "with the replies"
    store.close()


def test_a_deleted_person_is_gone_from_the_file(path: Path) -> None:
    """Nothing of what they told is left in any file, and the others are untouched."""
    store = Store(path)
    store.add_person("other", "kept")
    person = store.add_person("Zaphodine", "x").id
    store.add_step(person, 0, "unmistakable-words")
    store.keep_judged(person, judged("{}"))
    store.delete_person(person)
    assert [each.name for each in store.people()] == ["other"]
    with pytest.raises(DataRefusedError, match="no person number"):
        store.newest(person)
    store.close()
    for each in path.parent.iterdir():
        assert b"unmistakable-words" not in each.read_bytes()
        assert b"Zaphodine" not in each.read_bytes()


def test_of_a_day_one_answer_is_kept_for_each_level_that_it_went_through(path: Path) -> None:
    """A day of typing leaves its last answer; what changed the urgency, the knowledge or the day adds one."""
    store = Store(path)
    person, other = store.add_person("me", "x").id, store.add_person("other", "x").id
    store.keep_judged(other, judged("other"))
    told = [("1", "2026-11-24", "routine"), ("1", "2026-11-24", "routine"), ("2", "2026-11-24", "routine")]
    told += [("3", "2026-11-24", "same_day"), ("4", "2026-11-24", "routine"), ("4", "2026-11-25", "routine")]
    for at, (body, on, level) in enumerate(told, 1):
        store.keep_judged(person, replace(judged(body, on), level=level, revision=at))
    store.keep_judged(person, replace(judged("5", "2026-11-25"), knowledge="newer"))
    assert [(each.on, each.level, each.body, each.knowledge) for each in store.judged(person)] == [
        ("2026-11-25", "routine", "5", "newer"),
        ("2026-11-25", "routine", "4", "k"),
        ("2026-11-24", "routine", "4", "k"),
        ("2026-11-24", "same_day", "3", "k"),
        ("2026-11-24", "routine", "2", "k"),
    ]
    assert [each.revision for each in store.judged(person)][-1] == 3
    assert [each.body for each in store.judged(other)] == ["other"]
    assert store.judged_before(person, "2026-11-25") is not None
    store.close()


@pytest.mark.parametrize("name", ["", "  ", "x" * 81])
def test_a_name_has_to_be_one(path: Path, name: str) -> None:
    """An empty or endless name is refused, and nobody is added."""
    store = Store(path)
    with pytest.raises(DataRefusedError, match="1 to 80"):
        store.add_person(name, "x")
    assert store.people() == ()
    store.close()


def test_a_change_of_the_schema_keeps_a_copy(path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    """The file as it was stands beside the new one, and a second change gets a name of its own."""
    store = Store(path)
    person = store.add_person("me", "x").id
    store.close()
    steps = steps_of_schema()
    monkeypatch.setattr(database_module, "steps_of_schema", lambda: [*steps, "CREATE TABLE more (a TEXT) STRICT;"])
    newer = Store(path)
    assert newer.newest(person).case == "x"
    newer.close()
    copy = path.with_name("rheobase.db.before-2")
    assert sqlite3.connect(copy).execute("PRAGMA user_version").fetchone() == (1,)
    assert sqlite3.connect(copy).execute("SELECT name FROM person").fetchall() == [("me",)]


def test_a_failed_change_of_the_schema_changes_nothing(path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    """A step that fails half-way is rolled back whole; the file opens as before."""
    store = Store(path)
    store.add_person("me", "x")
    store.close()
    steps = steps_of_schema()
    broken = "CREATE TABLE more (a TEXT) STRICT; CREATE TABLE more (a TEXT) STRICT;"
    with monkeypatch.context() as patch:
        patch.setattr(database_module, "steps_of_schema", lambda: [*steps, broken])
        with pytest.raises(DataRefusedError):
            Store(path)
    again = Store(path)
    assert [each.name for each in again.people()] == ["me"]
    again.close()


def test_files_of_others_are_left_alone(tmp_path: Path) -> None:
    """A newer file, another programme's database, and what is none are refused and not touched."""
    other = tmp_path / "other.db"
    connection = sqlite3.connect(other)
    connection.execute("CREATE TABLE a (b)")
    connection.close()
    before = other.read_bytes()
    with pytest.raises(DataRefusedError, match="another programme"):
        Store(other)
    newer = tmp_path / "newer.db"
    Store(newer).close()
    connection = sqlite3.connect(newer)
    connection.execute("PRAGMA user_version = 99")
    connection.close()
    with pytest.raises(DataRefusedError, match="newer Rheobase"):
        Store(newer)
    junk = tmp_path / "junk.db"
    junk.write_bytes(b"no database at all" * 100)
    with pytest.raises(DataRefusedError, match="no database"):
        Store(junk)
    assert junk.read_bytes() == b"no database at all" * 100
    assert sqlite3.connect(other).execute("SELECT name FROM sqlite_master").fetchall() == [("a",)]
    assert before[:16] == other.read_bytes()[:16]
    with pytest.raises(UsageError, match="cannot be used"):
        Store(junk / "inside.db")


def test_an_encrypted_file_opens_with_its_passphrase_only(path: Path) -> None:
    """Nothing can be read without the passphrase; quotes in it do no harm; copies are encrypted too."""
    pytest.importorskip("sqlcipher3")
    phrase = "it's a \"long\" one'; DROP TABLE person; --"
    store = Store(path, passphrase=phrase)
    person = store.add_person("Zaphodine", "x").id
    store.back_up(path.with_name("copy.db"))
    store.close()
    for each in path.parent.iterdir():
        assert is_encrypted(each) or b"Zaphodine" not in each.read_bytes()
    assert is_encrypted(path)
    assert is_encrypted(path.with_name("copy.db"))
    with pytest.raises(DataRefusedError, match="passphrase"):
        Store(path, passphrase=phrase[1:])
    with pytest.raises(DataRefusedError):
        Store(path)
    for name in ("rheobase.db", "copy.db"):
        again = Store(path.with_name(name), passphrase=phrase)
        assert again.newest(person).case == "x"
        again.close()


def test_a_kill_loses_nothing_that_was_kept(path: Path) -> None:
    """After SIGKILL in the midst of writing, every reply that was confirmed is there, and the file is whole."""
    program = (
        "import sys; from pathlib import Path; from rheobase.storage import Store\n"
        "store = Store(Path(sys.argv[1])); person = store.add_person('me', 'x').id\n"
        "number = 0\n"
        "while store.add_step(person, number, 'x' * 1000):\n"
        "    print(number, flush=True); number += 1\n"
    )
    child = subprocess.Popen([sys.executable, "-c", program, str(path)], stdout=subprocess.PIPE, text=True)
    assert child.stdout is not None
    last = -1
    for line in child.stdout:
        last = int(line)
        if last >= 20:
            os.kill(child.pid, signal.SIGKILL)
            break
    child.wait()
    child.stdout.close()
    store = Store(path)
    assert len(store.steps(1)) >= last + 1
    store.close()
    assert sqlite3.connect(path).execute("PRAGMA integrity_check").fetchone() == ("ok",)


def test_a_number_is_never_given_to_another_person(path: Path) -> None:
    """After a person is deleted, the next one gets a new number."""
    store = Store(path)
    first = store.add_person("a", "x").id
    store.delete_person(first)
    assert store.add_person("b", "y").id != first
    store.close()
