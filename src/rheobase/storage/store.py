"""The store: people, revisions, the open interview, and assessments as they were shown. Texts go in and out unread."""

from __future__ import annotations

import threading
import zlib
from collections.abc import Callable, Iterator
from contextlib import contextmanager, suppress
from datetime import UTC, datetime
from pathlib import Path
from typing import Any

from rheobase.errors import DataRefusedError
from rheobase.storage import encryption
from rheobase.storage.database import composed, copy_database, empty_log, open_database
from rheobase.storage.records import Judged, OnePerson, Revision, StoredStep

LONGEST_NAME, MOST_ROWS = 80, 2**63 - 1
FILE = "rheobase.db"


def _now() -> str:
    return datetime.now(UTC).strftime("%Y-%m-%dT%H:%M:%SZ")


class Store:
    """One open database. Every method is one transaction; a killed process loses at most the one that was running."""

    def __init__(self, path: Path, *, passphrase: str | None = None, now: Callable[[], str] = _now) -> None:
        """Open the file, made where it is not there.

        Args:
            path: The database's file.
            passphrase: Of an encrypted file.
            now: Gives the time, UTC.

        Raises:
            DataRefusedError, UsageError: As for ``open_database``.
        """
        self.path = path
        self._now = now
        self._passphrase = passphrase
        self._lock = threading.RLock()
        self._connection = open_database(path, passphrase)
        # What can't be cleared away now is when the file is opened next.
        with suppress(OSError):
            encryption.finish(path)

    @property
    def encrypted(self) -> bool:
        """Whether the file needs a passphrase."""
        return self._passphrase is not None

    def close(self) -> None:
        """Close the file."""
        with self._lock:
            self._empty_log()
            self._connection.close()

    def _empty_log(self) -> None:
        # What an encrypted file's log holds is encrypted too.
        if self.encrypted:
            self._connection.execute("PRAGMA wal_checkpoint(TRUNCATE)")
            return
        with suppress(OSError):
            empty_log(self._connection, self.path)

    @contextmanager
    def _change(self) -> Iterator[Any]:
        """Hold one transaction: everything in it is kept, or nothing."""
        with self._lock:
            self._connection.execute("BEGIN IMMEDIATE")
            try:
                yield self._connection
            except BaseException:
                self._connection.execute("ROLLBACK")
                raise
            self._connection.execute("COMMIT")

    def _rows(self, sql: str, *values: object) -> list[tuple[Any, ...]]:
        with self._lock:
            return list(self._connection.execute(sql, values).fetchall())

    # People

    def people(self) -> tuple[OnePerson, ...]:
        """Return everybody, in the order in which they were added."""
        return tuple(OnePerson(*row) for row in self._rows("SELECT id, name, made FROM person ORDER BY id"))

    def add_person(self, name: str, case: str, *, why: str = "begun") -> OnePerson:
        """Add a person with a first revision.

        Args:
            name: What to call them here.
            case: The text of a case file.
            why: What it is, in a few words.

        Raises:
            DataRefusedError: The name is empty or too long.
        """
        name = " ".join(name.split())
        if not 0 < len(name) <= LONGEST_NAME:
            raise DataRefusedError(f"A name has 1 to {LONGEST_NAME} characters, got {len(name)}.")
        made = self._now()
        with self._change() as change:
            person = change.execute("INSERT INTO person (name, made) VALUES (?, ?)", (name, made)).lastrowid
            self._revise(change, person, case, why)
        return OnePerson(person, name, made)

    def rename(self, person: int, name: str) -> None:
        """Call a person something else; refused as in ``add_person``."""
        name = " ".join(name.split())
        if not 0 < len(name) <= LONGEST_NAME:
            raise DataRefusedError(f"A name has 1 to {LONGEST_NAME} characters, got {len(name)}.")
        with self._change() as change:
            change.execute("UPDATE person SET name = ? WHERE id = ?", (name, person))

    def delete_person(self, person: int) -> None:
        """Delete a person with everything of them; what was deleted is overwritten in the file."""
        with self._change() as change:
            change.execute("DELETE FROM person WHERE id = ?", (person,))
        with self._lock:
            self._empty_log()
            self._connection.execute("VACUUM")
            self._empty_log()

    # Revisions

    def revise(self, person: int, case: str, *, why: str, close_interview: bool = False) -> int:
        """Write what is told of a person now; what was told before stays. Return the number of the revision.

        Args:
            person: Whose.
            case: The text of a case file.
            why: What changed, in a few words.
            close_interview: The revision holds the replies of the open interview, which ends with it.
        """
        with self._change() as change:
            if close_interview:
                change.execute("UPDATE step SET over = 'closed' WHERE person = ? AND over IS NULL", (person,))
            return self._revise(change, person, case, why)

    def _revise(self, change: Any, person: int, case: str, why: str) -> int:
        body = zlib.compress(case.encode())
        values = (person, self._now(), why, body)
        return int(change.execute("INSERT INTO revision (person, at, why, body) VALUES (?, ?, ?, ?)", values).lastrowid)

    def newest(self, person: int) -> Revision:
        """Return the newest revision.

        Raises:
            DataRefusedError: There is no such person.
        """
        sql = "SELECT id, at, why, body FROM revision WHERE person = ? ORDER BY id DESC LIMIT 1"
        # A number from an address may be one that no row can have.
        rows = self._rows(sql, person) if person <= MOST_ROWS else []
        if not rows:
            raise DataRefusedError(f"There is no person number {person} here. Choose one of the list.")
        return _revision(rows[0])

    def before(self, person: int, revision: int) -> Revision | None:
        """Return the revision before one, None where that is the first."""
        sql = "SELECT id, at, why, body FROM revision WHERE person = ? AND id < ? ORDER BY id DESC LIMIT 1"
        rows = self._rows(sql, person, revision)
        return _revision(rows[0]) if rows else None

    def revisions(self, person: int) -> tuple[Revision, ...]:
        """Return every revision, the newest first."""
        rows = self._rows("SELECT id, at, why, body FROM revision WHERE person = ? ORDER BY id DESC", person)
        return tuple(map(_revision, rows))

    def revisions_listed(self, person: int, *, most: int) -> tuple[Revision, ...]:
        """Return the newest revisions, the newest first, each without its case file: a long history is large."""
        sql = "SELECT id, at, why FROM revision WHERE person = ? ORDER BY id DESC LIMIT ?"
        return tuple(Revision(*(*row, "")) for row in self._rows(sql, person, most))

    def revision(self, person: int, number: int) -> Revision | None:
        """Return one revision, None where that person has none of that number."""
        sql = "SELECT id, at, why, body FROM revision WHERE person = ? AND id = ?"
        return next(map(_revision, self._rows(sql, person, min(number, MOST_ROWS))), None)

    # The open interview

    def steps(self, person: int) -> tuple[StoredStep, ...]:
        """Return the replies of the open interview, the first one first."""
        sql = "SELECT number, at, body FROM step WHERE person = ? AND over IS NULL ORDER BY number"
        return tuple(StoredStep(*row) for row in self._rows(sql, person))

    def add_step(self, person: int, number: int, body: str) -> bool:
        """Keep reply number ``number``; return False, and keep nothing, when another came first.

        Args:
            person: Whose interview.
            number: How many replies there were when the question was shown.
            body: The reply as JSON.
        """
        with self._change() as change:
            count = change.execute("SELECT count(*) FROM step WHERE person = ? AND over IS NULL", (person,)).fetchone()
            if count[0] != number:
                return False
            values = (person, number, self._now(), body)
            change.execute("INSERT INTO step (person, number, at, body) VALUES (?, ?, ?, ?)", values)
            return True

    def replace_step(self, person: int, number: int, body: str) -> bool:
        """Put the longer form of the last reply in its place; return False when it is no longer the last."""
        with self._change() as change:
            sql = "SELECT max(number) FROM step WHERE person = ? AND over IS NULL"
            if change.execute(sql, (person,)).fetchone()[0] != number:
                return False
            change.execute(
                "UPDATE step SET over = 'replaced' WHERE person = ? AND number = ? AND over IS NULL", (person, number)
            )
            values = (person, number, self._now(), body)
            change.execute("INSERT INTO step (person, number, at, body) VALUES (?, ?, ?, ?)", values)
            return True

    def take_back(self, person: int, number: int) -> bool:
        """Take back the last reply if it is number ``number``; it is kept as taken back. Return whether it was."""
        with self._change() as change:
            sql = "SELECT max(number) FROM step WHERE person = ? AND over IS NULL"
            if change.execute(sql, (person,)).fetchone()[0] != number:
                return False
            change.execute(
                "UPDATE step SET over = 'taken back' WHERE person = ? AND number = ? AND over IS NULL",
                (person, number),
            )
            return True

    # Assessments as shown

    def keep_judged(self, person: int, judged: Judged) -> None:
        """Keep an assessment as it was shown: the last of a day, and the last at each level that a day went through.

        The newest one is written over where it is of the same day, level and knowledge. What was told stays in the
        revisions and in the steps of the interview; so a day of typing leaves one judgement, and today can be compared
        with last month.

        Args:
            person: Whose.
            judged: What was shown; its number and time are given here.
        """
        last = self.judged(person, most=1)
        if last and (last[0].on, last[0].body) == (judged.on, judged.body):
            return
        values = (
            person,
            judged.revision,
            self._now(),
            judged.on,
            judged.knowledge,
            judged.level,
            zlib.compress(judged.body.encode()),
        )
        same = last and (last[0].on, last[0].level, last[0].knowledge) == (judged.on, judged.level, judged.knowledge)
        with self._change() as change:
            if same:
                change.execute(
                    "UPDATE judged SET revision = ?, at = ?, body = ? WHERE id = ? AND person = ?",
                    (judged.revision, values[2], values[-1], last[0].id, person),
                )
                return
            change.execute(
                "INSERT INTO judged (person, revision, at, on_date, knowledge, level, body) "
                "VALUES (?, ?, ?, ?, ?, ?, ?)",
                values,
            )

    def judged(self, person: int, *, most: int = 100) -> tuple[Judged, ...]:
        """Return assessments as they were shown, the newest first."""
        sql = (
            "SELECT id, at, on_date, revision, knowledge, level, body FROM judged "
            "WHERE person = ? ORDER BY id DESC LIMIT ?"
        )
        rows = self._rows(sql, person, most)
        return tuple(map(_judged, rows))

    def judged_listed(self, person: int, *, most: int) -> tuple[Judged, ...]:
        """Return assessments as they were shown, the newest first, each without its body."""
        sql = "SELECT id, at, on_date, revision, knowledge, level FROM judged WHERE person = ? ORDER BY id DESC LIMIT ?"
        return tuple(Judged(*(*row, "")) for row in self._rows(sql, person, most))

    def judged_one(self, person: int, number: int) -> Judged | None:
        """Return one assessment as it was shown, None where that person has none of that number."""
        sql = "SELECT id, at, on_date, revision, knowledge, level, body FROM judged WHERE person = ? AND id = ?"
        return next(map(_judged, self._rows(sql, person, min(number, MOST_ROWS))), None)

    def judged_before(self, person: int, on: str) -> tuple[int, str] | None:
        """Return the number and date of the newest assessment of an earlier day than ``on``, None without one."""
        sql = "SELECT id, on_date FROM judged WHERE person = ? AND on_date < ? ORDER BY on_date DESC, id DESC LIMIT 1"
        return next(iter(self._rows(sql, person, on)), None)

    # The file

    def back_up(self, target: Path) -> None:
        """Copy the whole database to a new file.

        Raises:
            OSError: It is there already, or can't be written.
        """
        with self._lock:
            copy_database(self._connection, target, self._passphrase)

    def old_copies(self) -> tuple[Path, ...]:
        """Return the copies that changes of the schema left; they hold what was deleted since."""
        return tuple(encryption.old_copies(self.path))

    def delete_old_copies(self) -> None:
        """Overwrite and remove the copies that changes of the schema left."""
        for each in self.old_copies():
            encryption.shred(each)

    def encrypt(self, passphrase: str) -> None:
        """Encrypt the file; refused where it is encrypted already.

        Raises:
            DataRefusedError, UsageError: As for ``encryption.rekey``; the file is then as it was.
        """
        if self.encrypted:
            raise DataRefusedError("The data is encrypted already. Change its passphrase instead.")
        encryption.check_passphrase(passphrase)
        self._rekey(None, passphrase)

    def change_passphrase(self, old: str, new: str) -> None:
        """Encrypt the file with another passphrase; ``old`` has to be the present one."""
        self._check(old)
        encryption.check_passphrase(new)
        self._rekey(old, new)

    def decrypt(self, passphrase: str) -> None:
        """Take the passphrase off; it has to be given once more."""
        self._check(passphrase)
        self._rekey(passphrase, None)

    def _check(self, passphrase: str) -> None:
        if self._passphrase is None:
            raise DataRefusedError("The data is not encrypted. Encrypt it first.")
        if composed(passphrase) != composed(self._passphrase):
            raise DataRefusedError("That is not the present passphrase; nothing was changed.")

    def _rekey(self, old: str | None, new: str | None) -> None:
        with self._lock:
            self._empty_log()
            self._connection.close()
            try:
                encryption.rekey(self.path, old, new)
                self._passphrase = new
            finally:
                self._connection = open_database(self.path, self._passphrase)


def _revision(row: tuple[Any, ...]) -> Revision:
    number, at, why, body = row
    return Revision(number, at, why, zlib.decompress(body).decode())


def _judged(row: tuple[Any, ...]) -> Judged:
    number, at, on, revision, knowledge, level, body = row
    return Judged(number, at, on, revision, knowledge, level, zlib.decompress(body).decode())
