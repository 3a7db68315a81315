"""What is gone is gone: no log, copy or half-made file keeps what was deleted or is to be encrypted."""

from __future__ import annotations

import os
import sqlite3
import time
from pathlib import Path

import pytest

from rheobase.errors import DataRefusedError
from rheobase.storage import Store, database, encryption
from rheobase.storage.database import BUSY_MS, is_encrypted

TELLING = b"Zaphodine"
PHRASE = "four words it's made of"
posix = pytest.mark.skipif(os.name != "posix", reason="elsewhere nobody holds a file that is removed")


@pytest.fixture
def logs(monkeypatch: pytest.MonkeyPatch) -> list[tuple[bytes, bytes]]:
    """Return what each log held before and after it was overwritten."""
    held: list[tuple[bytes, bytes]] = []
    overwrite = database.overwrite

    def watched(handle: int) -> None:
        size = os.fstat(handle).st_size
        before = os.pread(handle, size, 0)
        overwrite(handle)
        held.append((before, os.pread(handle, size, 0)))

    monkeypatch.setattr(database, "overwrite", watched)
    return held


@posix
@pytest.mark.parametrize("ending", ["close", "delete", "encrypt"])
def test_a_plain_log_is_overwritten(tmp_path: Path, logs: list[tuple[bytes, bytes]], ending: str) -> None:
    """When the file is closed, a person deleted or the file encrypted, the log that held them is zeros, and gone."""
    if ending == "encrypt":
        pytest.importorskip("sqlcipher3")
    path = tmp_path / "data" / "rheobase.db"
    store = Store(path)
    person = store.add_person("Zaphodine", "case").id
    if ending == "delete":
        store.delete_person(person)
    elif ending == "encrypt":
        store.encrypt(PHRASE)
    else:
        store.close()
    assert any(TELLING in before for before, _ in logs)
    assert all(set(after) <= {0} for _, after in logs)
    if ending == "delete":
        assert store.people() == ()
        assert store.add_person("next", "case").id == 2
        store.close()
    if ending == "encrypt":
        store.close()
    assert [each.name for each in path.parent.iterdir()] == ["rheobase.db"]


def test_closing_waits_for_nobody(tmp_path: Path) -> None:
    """Where another has the file open, closing is quick, loses nothing, and the other goes on."""
    path = tmp_path / "rheobase.db"
    store, other = Store(path), Store(path)
    store.add_person("Zaphodine", "case")
    reader = sqlite3.connect(path)
    reader.execute("BEGIN")
    assert reader.execute("SELECT count(*) FROM person").fetchone() == (1,)
    started = time.monotonic()
    store.close()
    assert time.monotonic() - started < BUSY_MS / 2000
    reader.close()
    assert other.add_person("next", "case").id == 2
    other.close()
    again = Store(path)
    assert [each.name for each in again.people()] == ["Zaphodine", "next"]
    again.close()


def test_a_copy_that_a_kill_left_is_shredded(tmp_path: Path) -> None:
    """A folder of ours that is old goes at the next start; a young one, and anybody else's files, stay."""
    path = tmp_path / "rheobase.db"
    Store(path).close()
    left, young, others = (tmp_path / f"{encryption.COPYING}{name}" for name in ("left", "young", "others"))
    for folder in (left, young, others):
        folder.mkdir()
        (folder / path.name).write_bytes(TELLING)
    (others / "diary.txt").write_text("mine", encoding="utf-8")
    long_ago = time.time() - 2 * encryption.STALE_S
    for folder in (left, others):
        os.utime(folder, (long_ago, long_ago))
    Store(path).close()
    assert not left.exists()
    assert (young / path.name).exists()
    assert (others / path.name).exists()


def test_a_damaged_plain_copy_stands_in_the_way_of_encryption(tmp_path: Path) -> None:
    """It would stay readable: encrypting is refused until it is removed, and nothing was changed before."""
    pytest.importorskip("sqlcipher3")
    path = tmp_path / "rheobase.db"
    store = Store(path)
    store.add_person("Zaphodine", "case")
    copy = path.with_name("rheobase.db.before-2")
    copy.write_bytes(b"SQLite format 3\0" + TELLING * 900)
    with pytest.raises(DataRefusedError, match="damaged and would stay readable"):
        store.encrypt(PHRASE)
    assert not store.encrypted
    assert not is_encrypted(path)
    assert store.people()[0].name == "Zaphodine"
    store.delete_old_copies()
    store.encrypt(PHRASE)
    store.close()
    assert is_encrypted(path)
    assert not [each.name for each in tmp_path.iterdir() if TELLING in each.read_bytes()]
