"""The database file: opened, brought to the present schema, and copied before every change of the schema."""

from __future__ import annotations

import os
import sqlite3
import unicodedata
from collections.abc import Iterator
from importlib import resources
from pathlib import Path
from typing import Any

from rheobase.errors import DataRefusedError, UsageError
from rheobase.plain_text import printable

# Which programme wrote the file, readable by `file` and by us: "RHEO".
APPLICATION = 0x5248454F
PLAIN = b"SQLite format 3\0"
PRIVATE_FILE, PRIVATE_FOLDER = 0o600, 0o700
BUSY_MS, CHUNK = 5000, 1 << 20


def is_encrypted(path: Path) -> bool:
    """Whether a database is there and is not readable without its passphrase."""
    try:
        with path.open("rb") as stream:
            start = stream.read(len(PLAIN))
    except FileNotFoundError:
        return False
    return bool(start) and start != PLAIN


def open_database(path: Path, passphrase: str | None = None) -> Any:
    """Return a connection to the database, made or brought to the present schema where needed.

    Args:
        path: The file; its folder is made, for its owner alone.
        passphrase: For an encrypted file, or a new one that is to be encrypted.

    Raises:
        UsageError: The file or its folder can't be used, or encryption is not installed.
        DataRefusedError: The passphrase is wrong, or the file is no database of this Rheobase.
    """
    name = printable(str(path), limit=200)
    try:
        path.parent.mkdir(mode=PRIVATE_FOLDER, parents=True, exist_ok=True)
        if not path.exists():
            os.close(os.open(path, os.O_CREAT | os.O_RDWR, PRIVATE_FILE))
    except OSError as problem:
        raise UsageError(f"{name}: cannot be used ({problem.strerror}). Give another --data-dir.") from problem
    connection = _connect(path, passphrase)
    # Both drivers raise errors of their own with the same names.
    errors: tuple[type[Exception], ...] = (sqlite3.DatabaseError, *_driver_errors(passphrase))
    try:
        connection.execute(f"PRAGMA busy_timeout = {BUSY_MS}")
        connection.execute("PRAGMA foreign_keys = ON")
        connection.execute("PRAGMA secure_delete = ON")
        # Every reply is on the disk before the next page is shown.
        connection.execute("PRAGMA journal_mode = WAL")
        connection.execute("PRAGMA synchronous = FULL")
        migrate(connection, path, passphrase)
    except errors as problem:
        connection.close()
        if "locked" in str(problem):
            raise DataRefusedError(f"{name}: another programme is writing to it. Close that one, or wait.") from problem
        if "not a database" not in str(problem):
            raise DataRefusedError(
                f"{name}: could not be opened ({problem}). Nothing was changed. Is the disk full? Try again."
            ) from problem
        if passphrase is not None:
            raise DataRefusedError(f"{name}: that passphrase does not open it.") from problem
        raise DataRefusedError(f"{name}: is no database of Rheobase ({problem}). Move it away.") from problem
    except BaseException:
        connection.close()
        raise
    return connection


def steps_of_schema() -> list[str]:
    """Return the SQL of every step of the schema, the first one first."""
    folder = resources.files("rheobase.storage").joinpath("migrations")
    names = sorted(each.name for each in folder.iterdir() if each.name.endswith(".sql"))
    return [folder.joinpath(name).read_text(encoding="utf-8") for name in names]


def migrate(connection: Any, path: Path, passphrase: str | None = None) -> None:
    """Bring the schema to the present; what the file held before stands beside it, as ``NAME.before-2``.

    Raises:
        DataRefusedError: The file was written by a newer Rheobase, or by another programme.
    """
    version = int(connection.execute("PRAGMA user_version").fetchone()[0])
    steps = steps_of_schema()
    owner = int(connection.execute("PRAGMA application_id").fetchone()[0])
    name = printable(str(path), limit=200)
    holds = connection.execute("SELECT count(*) FROM sqlite_master").fetchone()[0]
    if (owner != APPLICATION and holds) or version > len(steps):
        what = "by a newer Rheobase" if owner == APPLICATION else "by another programme"
        raise DataRefusedError(f"{name}: was written {what} and is left as it is. Give another --data-dir.")
    if version == len(steps):
        return
    if version:
        copy_database(connection, _free(path, version), passphrase)
    for number, sql in enumerate(steps[version:], version + 1):
        connection.execute("BEGIN IMMEDIATE")
        try:
            if int(connection.execute("PRAGMA user_version").fetchone()[0]) >= number:
                # Another process was first; both started on the same file.
                connection.execute("COMMIT")
                continue
            for statement in statements(sql):
                connection.execute(statement)
            connection.execute(f"PRAGMA user_version = {number}")
            connection.execute(f"PRAGMA application_id = {APPLICATION}")
            connection.execute("COMMIT")
        except BaseException:
            connection.execute("ROLLBACK")
            raise


def statements(sql: str) -> Iterator[str]:
    """Yield each statement of a step of the schema; ``executescript`` would commit between them."""
    held = ""
    for line in sql.splitlines(keepends=True):
        held += line
        if sqlite3.complete_statement(held):
            yield held
            held = ""


def copy_database(connection: Any, target: Path, passphrase: str | None = None) -> None:
    """Copy the open database to a new file, with the same passphrase.

    Raises:
        OSError: The file can't be written.
    """
    os.close(os.open(target, os.O_CREAT | os.O_EXCL | os.O_RDWR, PRIVATE_FILE))
    other = _connect(target, passphrase)
    try:
        connection.backup(other)
    finally:
        other.close()


def empty_log(connection: Any, path: Path) -> None:
    """Bring what the write-ahead log holds into the file, and overwrite the log before its name is given up.

    Where another process has the file open too, or the system lets nobody hold a file that is removed, the log is only
    brought in.

    Args:
        connection: The open database; no transaction is going on.
        path: Its file.
    """
    # Both drivers raise errors of their own with the same names.
    errors: tuple[type[Exception], ...] = (sqlite3.OperationalError,)
    log = path.with_name(f"{path.name}-wal")
    handle = os.open(log, os.O_RDWR) if os.name == "posix" and log.exists() else None
    try:
        connection.execute("PRAGMA busy_timeout = 0")
        if connection.execute("PRAGMA journal_mode = DELETE").fetchone()[0] == "delete" and handle is not None:
            overwrite(handle)
        connection.execute("PRAGMA journal_mode = WAL")
    except errors:
        # Somebody else works with it: the last one to close it empties the log.
        return
    finally:
        if handle is not None:
            os.close(handle)
        connection.execute(f"PRAGMA busy_timeout = {BUSY_MS}")


def overwrite(handle: int) -> None:
    """Write zeros over everything that an open file holds, to the disk."""
    left = os.fstat(handle).st_size
    os.lseek(handle, 0, os.SEEK_SET)
    while left > 0:
        left -= os.write(handle, bytes(min(left, CHUNK)))
    os.fsync(handle)


def _free(path: Path, version: int) -> Path:
    number = 1
    while (name := path.with_name(f"{path.name}.before-{version + 1}" + (f"-{number}" if number > 1 else ""))).exists():
        number += 1
    return name


def _connect(path: Path, passphrase: str | None) -> Any:
    # Statements are grouped by us, in explicit transactions.
    if passphrase is None:
        return sqlite3.connect(path, isolation_level=None, check_same_thread=False)
    connection = driver().connect(str(path), isolation_level=None, check_same_thread=False)
    connection.execute(key_pragma(passphrase))
    return connection


def key_pragma(passphrase: str) -> str:
    """Return the statement that opens an encrypted file."""
    quoted = composed(passphrase).replace("'", "''")
    return f"PRAGMA key = '{quoted}'"


def composed(passphrase: str) -> str:
    """Return a passphrase in the one form that every keyboard comes to: one has é as one character, one as two."""
    return unicodedata.normalize("NFC", passphrase)


def driver() -> Any:
    """Return the driver for encrypted files.

    Raises:
        UsageError: Encryption is not installed.
    """
    try:
        from sqlcipher3 import dbapi2  # noqa: PLC0415 - an extra, and slow to load
    except ImportError as problem:
        message = "A passphrase needs the extra 'encrypt': pip install 'rheobase[encrypt]'."
        raise UsageError(message) from problem
    return dbapi2


def _driver_errors(passphrase: str | None) -> tuple[type[Exception], ...]:
    return () if passphrase is None else (driver().DatabaseError,)
