"""Encrypt the database, change its passphrase, or decrypt it: written whole beside it, checked, then put in its place.

Whatever fails or is killed on the way, the file at its own name is whole: the old one or the new one. What is left of
the old one is overwritten before its name is given up. A disk that moves its blocks (flash) may still keep parts of it.
"""

from __future__ import annotations

import hashlib
import os
import time
from collections.abc import Iterator
from contextlib import closing, suppress
from pathlib import Path
from typing import Any

from rheobase.errors import DataRefusedError, UsageError
from rheobase.plain_text import printable
from rheobase.storage.database import PRIVATE_FILE, composed, driver, is_encrypted, key_pragma, overwrite

FEWEST, MOST = 8, 200
NEW, OLD = ".new", ".old"
# How the folder begins in which a copy is made that somebody asked for.
COPYING = ".rheobase-copy-"
STALE_S = 600
_TABLES = "SELECT name FROM sqlite_master WHERE type = 'table' ORDER BY name"


def check_passphrase(passphrase: str) -> None:
    """Refuse a passphrase that is too short to protect anything, or that can't be typed again.

    Raises:
        DataRefusedError: It is too short, too long, or holds control characters.
    """
    if not FEWEST <= len(passphrase) <= MOST:
        raise DataRefusedError(
            f"A passphrase has {FEWEST} to {MOST} characters, got {len(passphrase)}. Take four or five words."
        )
    if not passphrase.isprintable():
        raise DataRefusedError("A passphrase is one line of characters that can be typed. Leave out the others.")


def rekey(path: Path, old: str | None, new: str | None) -> None:
    """Write a closed database, and its copies of earlier schemas, anew under another passphrase.

    Args:
        path: The database; nobody has it open.
        old: Its passphrase; None for a plain file.
        new: Its passphrase from now on; None for a plain file.

    Raises:
        DataRefusedError: The old passphrase is wrong, another programme has it open, or the new file differs.
        UsageError: Encryption is not installed, or the file can't be written. In each case the old file stands.
    """
    finish(path)
    # The copies first: once the file itself is new, all of it is.
    files = [*old_copies(path), path]
    made: list[Path] = []
    for each in files:
        shred(each.with_name(each.name + NEW))
    try:
        for each in files:
            made.append(each.with_name(each.name + NEW))
            _write(each, made[-1], old, new, needed=each == path)
        for each in files:
            if each.with_name(each.name + NEW).exists():
                _put_in_place(each)
    except OSError as problem:
        message = f"{printable(path.name)}: could not be written anew ({problem.strerror}); it is as it was."
        raise UsageError(f"{message} Make room on the disk and try again.") from problem
    finally:
        for each in made:
            shred(each)


def old_copies(path: Path) -> list[Path]:
    """Return the copies that changes of the schema left beside the database."""
    return sorted(
        each
        for each in path.parent.glob(f"{path.name}.before-*")
        if each.is_file() and not each.name.endswith((NEW, OLD))
    )


def finish(path: Path) -> None:
    """Clear away what a killed change left behind: half a new file, or an old one that is not yet overwritten."""
    for each in (*old_copies(path), path):
        spare, half = each.with_name(each.name + OLD), each.with_name(each.name + NEW)
        if spare.exists() and each.exists() and spare.samefile(each):
            # Killed before the new file was in place: a second name of the file that is still in use.
            spare.unlink()
        shred(spare)
        # A young one may be another process's, in the midst of it.
        if half.exists() and _stale(half):
            shred(half)
    for folder in path.parent.glob(f"{COPYING}*"):
        # Only what we put there is removed: the folder of the data may be anybody's.
        if folder.is_dir() and _stale(folder) and {each.name for each in folder.iterdir()} <= {path.name}:
            shred(folder / path.name)
            folder.rmdir()


def _stale(path: Path) -> bool:
    return time.time() - path.stat().st_mtime > STALE_S


def shred(path: Path) -> None:
    """Overwrite a file and give up its name; nothing happens where there is none."""
    with suppress(FileNotFoundError):
        with path.open("rb+") as stream:
            overwrite(stream.fileno())
        path.unlink()


def _write(source: Path, target: Path, old: str | None, new: str | None, *, needed: bool) -> None:
    """Write a new file with everything of the old one, and check that it holds the same."""
    os.close(os.open(target, os.O_CREAT | os.O_EXCL | os.O_RDWR, PRIVATE_FILE))
    errors = driver().DatabaseError
    try:
        with closing(_opened(source, old)) as connection:
            # Refused while anybody else has it open; and everything is in the one file from here on.
            if connection.execute("PRAGMA journal_mode = DELETE").fetchone()[0] != "delete":
                raise DataRefusedError("Another Rheobase has the data open. Stop it, then try again.")
            connection.execute("ATTACH DATABASE ? AS other KEY ?", (str(target), composed(new or "")))
            connection.execute("SELECT sqlcipher_export('other')")
            for each in ("user_version", "application_id"):
                value = int(connection.execute(f"PRAGMA main.{each}").fetchone()[0])
                connection.execute(f"PRAGMA other.{each} = {value}")
            connection.execute("DETACH DATABASE other")
            before = _digest(connection)
        with closing(_opened(target, new)) as written:
            whole = written.execute("PRAGMA integrity_check").fetchone()[0] == "ok"
            if not whole or _digest(written) != before:
                raise DataRefusedError("The new file does not hold the same; the old one is kept. Check the disk.")
        _to_disk(target)
    except errors as problem:
        if not needed and (new is None or is_encrypted(source)):
            # A copy under some earlier passphrase is left as it is.
            shred(target)
            return
        if not needed:
            raise DataRefusedError(
                f"{printable(source.name)}, a copy of an earlier version, is damaged and would stay readable by "
                "everybody. Remove the copies of earlier versions first; nothing was changed."
            ) from problem
        if "locked" in str(problem):
            raise DataRefusedError("Another Rheobase has the data open. Stop it, then try again.") from problem
        raise DataRefusedError("That passphrase does not open it; nothing was changed.") from problem


def _opened(path: Path, passphrase: str | None) -> Any:
    connection = driver().connect(str(path), isolation_level=None, check_same_thread=False)
    if passphrase is not None:
        connection.execute(key_pragma(passphrase))
    return connection


def _digest(connection: Any) -> str:
    """Return a digest of every row of every table, and of the schema's number."""
    digest = hashlib.sha256()
    for each in ("user_version", "application_id"):
        digest.update(repr(connection.execute(f"PRAGMA {each}").fetchone()).encode())
    for (name,) in connection.execute(_TABLES).fetchall():
        digest.update(name.encode())
        for row in _rows(connection, name):
            digest.update(repr(row).encode())
    return digest.hexdigest()


def _rows(connection: Any, table: str) -> Iterator[tuple[Any, ...]]:
    quoted = table.replace('"', '""')
    yield from connection.execute(f'SELECT rowid, * FROM "{quoted}" ORDER BY rowid')  # noqa: S608 - a name of the schema


def _put_in_place(path: Path) -> None:
    """Put the new file in the old one's place in one step, then overwrite the old one."""
    spare = path.with_name(path.name + OLD)
    # On a file system without second names the old file is given up without being overwritten.
    with suppress(OSError, NotImplementedError):
        os.link(path, spare)
    path.with_name(path.name + NEW).replace(path)
    # It is done; what can't be cleared away now is when the file is opened next.
    with suppress(OSError):
        if os.name == "posix":
            _to_disk(path.parent)
        shred(spare)


def _to_disk(path: Path) -> None:
    handle = os.open(path, os.O_RDONLY)
    try:
        os.fsync(handle)
    finally:
        os.close(handle)
