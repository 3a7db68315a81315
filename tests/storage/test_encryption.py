"""Encryption of the file: nothing readable is left, nothing is lost, and a failure leaves everything as it was."""

from __future__ import annotations

import os
import subprocess
import sys
import time
from collections.abc import Callable
from pathlib import Path
from typing import Any

import pytest

from rheobase.errors import DataRefusedError, UsageError
from rheobase.storage import Judged, Store, encryption
from rheobase.storage.database import is_encrypted

pytest.importorskip("sqlcipher3")
PHRASE, OTHER = "four words it's made of", 'another "one" -- of words'
TELLING = b"Zaphodine"


@pytest.fixture
def path(tmp_path: Path) -> Path:
    """Return a plain database with a person, replies, an assessment, and a copy of an earlier schema."""
    path = tmp_path / "data" / "rheobase.db"
    store = Store(path)
    person = store.add_person("Zaphodine", "case of Zaphodine").id
    store.revise(person, "second", why="again")
    store.add_step(person, 0, "Zaphodine said")
    store.keep_judged(person, Judged(0, "", "2026-11-24", 2, "k", "routine", "{}"))
    store.back_up(path.with_name("rheobase.db.before-2"))
    store.close()
    return path


def held(store: Store) -> tuple[object, ...]:
    """Return everything that a store holds."""
    return (store.people(), store.revisions(1), store.steps(1), store.judged(1))


def readable(path: Path) -> list[str]:
    """Return the files beside a database that tell who it is about."""
    return [each.name for each in sorted(path.parent.iterdir()) if TELLING in each.read_bytes()]


def test_encrypting_keeps_everything_and_leaves_nothing_readable(path: Path) -> None:
    """The same people, revisions, replies and answers; neither the file nor its old copies can be read."""
    store = Store(path)
    before = held(store)
    store.encrypt(PHRASE)
    assert store.encrypted
    assert held(store) == before
    store.add_step(1, 1, "Zaphodine again")
    store.close()
    assert is_encrypted(path)
    assert readable(path) == []
    assert sorted(each.name for each in path.parent.iterdir()) == ["rheobase.db", "rheobase.db.before-2"]
    again = Store(path, passphrase=PHRASE)
    assert held(again)[:2] == before[:2]
    assert len(again.steps(1)) == 2
    again.close()
    copy = Store(path.with_name("rheobase.db.before-2"), passphrase=PHRASE)
    assert copy.people()[0].name == "Zaphodine"
    copy.close()


def test_a_passphrase_is_changed_and_taken_off(path: Path) -> None:
    """The old passphrase opens nothing any more; without one the file is plain again, and whole."""
    store = Store(path)
    before = held(store)
    store.encrypt(PHRASE)
    store.change_passphrase(PHRASE, OTHER)
    store.close()
    with pytest.raises(DataRefusedError, match="does not open"):
        Store(path, passphrase=PHRASE)
    store = Store(path, passphrase=OTHER)
    assert held(store) == before
    store.decrypt(OTHER)
    assert held(store) == before
    store.close()
    assert not is_encrypted(path)
    plain = Store(path)
    assert held(plain) == before
    assert plain.add_person("next", "x").id == 2
    plain.close()


def test_the_old_file_is_overwritten_not_only_removed(path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    """Before its name is given up, the plain file holds zeros only."""
    last: list[bytes] = []
    unlink = Path.unlink

    def watched(each: Path, *, missing_ok: bool = False) -> None:
        if each.name.endswith(encryption.OLD):
            last.append(each.read_bytes())
        unlink(each, missing_ok=missing_ok)

    monkeypatch.setattr(Path, "unlink", watched)
    store = Store(path)
    store.encrypt(PHRASE)
    store.close()
    assert len(last) == 2
    assert all(set(each) == {0} for each in last)


@pytest.mark.parametrize("fault", ["digest", "replace", "full"])
def test_a_failure_leaves_the_old_file(path: Path, monkeypatch: pytest.MonkeyPatch, fault: str) -> None:
    """A new file that differs, one that can't be put in place, and a full disk: the old file stands and is open."""
    store = Store(path)
    before = held(store)

    def fails(*_: Any, **__: Any) -> None:
        raise OSError(28, "No space left on device")

    counted = iter(range(100))
    with monkeypatch.context() as patch:
        if fault == "digest":
            patch.setattr(encryption, "_digest", lambda _: next(counted))
        elif fault == "replace":
            patch.setattr(Path, "replace", fails)
        else:
            patch.setattr(encryption, "_to_disk", fails)
        with pytest.raises((DataRefusedError, UsageError), match=r"kept|as it was"):
            store.encrypt(PHRASE)
    assert not store.encrypted
    assert held(store) == before
    assert store.add_step(1, 1, "on we go")
    store.close()
    assert not is_encrypted(path)
    assert not [each for each in path.parent.iterdir() if each.name.endswith(encryption.NEW)]
    Store(path).close()
    assert not [each for each in path.parent.iterdir() if each.name.endswith((encryption.NEW, encryption.OLD))]


def leave_second_name(path: Path) -> None:
    """Stop just before the new file is in place."""
    os.link(path, path.with_name(path.name + encryption.OLD))


def leave_half_a_file(path: Path) -> None:
    """Stop in the midst of writing the new file, long ago."""
    half = path.with_name(path.name + encryption.NEW)
    half.write_bytes(b"Zaphodine" * 100)
    os.utime(half, (0, 0))


def leave_old_file(path: Path) -> None:
    """Stop just after the new file is in place."""
    path.with_name(path.name + encryption.OLD).write_bytes(b"Zaphodine" * 100)


@pytest.mark.parametrize("killed", [leave_second_name, leave_half_a_file, leave_old_file])
def test_what_a_kill_leaves_behind_is_cleared_away(path: Path, killed: Callable[[Path], None]) -> None:
    """Wherever it was killed, the next start finds a whole file and clears away the rest."""
    store = Store(path)
    before = held(store)
    store.close()
    killed(path)
    again = Store(path)
    assert held(again) == before
    again.close()
    assert sorted(each.name for each in path.parent.iterdir()) == ["rheobase.db", "rheobase.db.before-2"]


def test_it_waits_for_nobody_who_has_the_file_open(path: Path) -> None:
    """While another process works with the file nothing is changed, and the message says so."""
    program = (
        "import sys; from pathlib import Path; from rheobase.storage import Store\n"
        "store = Store(Path(sys.argv[1])); print('open', flush=True); sys.stdin.readline(); store.close()"
    )
    command = [sys.executable, "-c", program, str(path)]
    with subprocess.Popen(command, stdin=subprocess.PIPE, stdout=subprocess.PIPE, text=True) as other:
        assert other.stdout is not None
        assert other.stdout.readline() == "open\n"
        store = Store(path)
        with pytest.raises(DataRefusedError, match="Another Rheobase"):
            store.encrypt(PHRASE)
        assert store.people()
        other.communicate("\n")
    store.encrypt(PHRASE)
    store.close()


@pytest.mark.parametrize("phrase", ["", "short", "x" * 201, "two\nlines of it", "with a \0 in it"])
def test_a_passphrase_has_to_protect(path: Path, phrase: str) -> None:
    """Too short, endless, or not to be typed again: refused, and nothing is changed."""
    store = Store(path)
    with pytest.raises(DataRefusedError):
        store.encrypt(phrase)
    store.close()
    assert not is_encrypted(path)


def test_a_wrong_passphrase_changes_nothing(path: Path) -> None:
    """Neither changing nor taking off works without the present passphrase; nor does encrypting twice."""
    store = Store(path)
    with pytest.raises(DataRefusedError, match="not encrypted"):
        store.decrypt(PHRASE)
    store.encrypt(PHRASE)
    with pytest.raises(DataRefusedError, match="not the present"):
        store.decrypt(OTHER)
    with pytest.raises(DataRefusedError, match="not the present"):
        store.change_passphrase(OTHER, PHRASE)
    with pytest.raises(DataRefusedError, match="already"):
        store.encrypt(OTHER)
    store.close()
    Store(path, passphrase=PHRASE).close()


def test_one_passphrase_on_every_keyboard(path: Path) -> None:
    """An accent typed as one character or as two opens the same file."""
    store = Store(path)
    store.encrypt("cafe\u0301 au lait")
    store.close()
    Store(path, passphrase="caf\u00e9 au lait").close()  # noqa: S106 - of a test


def test_old_copies_are_removed_when_asked(path: Path) -> None:
    """The copies of earlier schemas go, and nothing else."""
    store = Store(path)
    assert [each.name for each in store.old_copies()] == ["rheobase.db.before-2"]
    store.delete_old_copies()
    assert store.old_copies() == ()
    assert store.people()
    store.close()


@pytest.mark.slow
@pytest.mark.parametrize("after", [0.0, 0.02, 0.1, 0.25, 0.4, 0.6])
def test_a_kill_while_encrypting_loses_nothing(path: Path, after: float) -> None:
    """Killed at any moment of encrypting or decrypting, the file opens, is whole, and nothing plain is left over."""
    store = Store(path)
    before = held(store)
    store.close()
    program = (
        "import sys; from pathlib import Path; from rheobase.storage import Store\n"
        "store = Store(Path(sys.argv[1])); print('open', flush=True)\n"
        "while True:\n"
        "    store.encrypt(sys.argv[2]); store.decrypt(sys.argv[2])\n"
    )
    with subprocess.Popen([sys.executable, "-c", program, str(path), PHRASE], stdout=subprocess.PIPE) as child:
        assert child.stdout is not None
        child.stdout.readline()
        time.sleep(after)
        child.kill()
    store = Store(path, passphrase=PHRASE if is_encrypted(path) else None)
    assert held(store) == before
    store.close()
    left = [each.name for each in path.parent.iterdir() if each.name.endswith(encryption.OLD)]
    assert left == []
