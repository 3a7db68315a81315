"""The journal of an interview: one line for each reply, on disk before the next question is put.

The first line says what was known at the start; each further line is a reply, or a step back. Whatever kills the
program, at most the line being written is lost, and reading says so.
"""

from __future__ import annotations

import errno
import json
import os
from collections.abc import Iterator, Mapping
from contextlib import suppress
from dataclasses import dataclass, replace
from pathlib import Path
from typing import IO, Any
from weakref import finalize

from rheobase.errors import DataRefusedError
from rheobase.importers.case_file import read_case
from rheobase.importers.case_writer import write_case
from rheobase.importers.file_lock import lock
from rheobase.importers.safe_json import load_json
from rheobase.importers.text_file import decode_text, read_limited
from rheobase.interview import Conversation, Kind, Question, Reply, ReplyKind, Step
from rheobase.knowledge import Knowledge
from rheobase.person import MedicineUse, Person, Status, Value
from rheobase.plain_text import printable

VERSION, VERSION_KEY = 1, "rheobase_interview"
SUFFIX = ".interview"
PRIVATE = 0o600
BACK, AGAIN = "back", "again"
# A case file of the largest size and two hundred replies, each character of them escaped.
MAX_BYTES = 50_000_000


def journal_of(case: Path) -> Path:
    """Return where the journal of a case file stands: beside it."""
    return case.with_name(case.name + SUFFIX)


@dataclass(frozen=True, slots=True)
class Resumed:
    """A journal read back.

    Attributes:
        talk: The conversation as it stood.
        notes: What could not be used, in words.
    """

    talk: Conversation
    notes: tuple[str, ...]


class Journal:
    """An open journal. Every line is flushed to the disk before the call returns."""

    def __init__(self, path: Path) -> None:
        """Remember where it stands; nothing is written yet.

        Args:
            path: The journal's file.
        """
        self.path = path
        self._held: IO[bytes] | None = None

    def hold(self) -> None:
        """Keep the journal for this process alone, until it is done or the process ends, however it ends.

        Raises:
            DataRefusedError: Another process has it, or it can't be opened.
        """
        try:
            stream = self.path.open("rb+", buffering=0)
        except OSError as problem:
            raise self._unwritten(problem) from problem
        # The file goes back with the journal, whoever forgets to say that it is done.
        finalize(self, stream.close)
        # Without a name left, it was finished by another process while this one opened it.
        if not lock(stream) or not os.fstat(stream.fileno()).st_nlink:
            stream.close()
            raise DataRefusedError(
                f"{self._name}: another interview with this case is open. Finish it there, or give another case file."
            )
        self._held = stream

    @property
    def _name(self) -> str:
        return printable(self.path.name, limit=200)

    def _unwritten(self, problem: OSError) -> DataRefusedError:
        return DataRefusedError(f"{self._name}: cannot be written ({problem.strerror}). Choose another folder.")

    def begin(self, start: Person) -> None:
        """Write the first line to a new file.

        Args:
            start: What was known before the first question.

        Raises:
            DataRefusedError: The file is there already, or can't be written.
        """
        header = {VERSION_KEY: VERSION, "start": write_case(start)}
        if was_begun(self.path):
            raise self._unwritten(FileExistsError(errno.EEXIST, os.strerror(errno.EEXIST)))
        try:
            if self._held is None:
                # "x" fails if anything is there, a link included.
                with open(self.path, "xb", opener=_private):
                    pass
                self.hold()
            if self._held is not None:
                # Held before: only the torn beginning of a first line, as was_begun found.
                self._held.truncate(0)
                self._held.seek(0)
                _write(self._held, header)
        except OSError as problem:
            if self._held is not None:
                # No reply was given yet: nothing is lost with the first line.
                self.done()
            raise self._unwritten(problem) from problem

    def add(self, question: Question, talk: Conversation, *, again: bool = False) -> None:
        """Append the newest reply, with the question as it was shown; ``again`` takes the place of the one before."""
        self._append({"asked": question.text, **step_data(talk.steps[-1]), AGAIN: again})

    def back(self) -> None:
        """Append a step back."""
        self._append({BACK: True})

    def _append(self, row: Mapping[str, Any]) -> None:
        try:
            if self._held is None:
                self.hold()
            if self._held is not None:
                self._held.seek(0, os.SEEK_END)
                _write(self._held, row)
        except OSError as problem:
            message = (
                f"{self._name}: the last reply could not be written ({problem.strerror}). Every earlier one is kept; "
                "make room there and give the same command again."
            )
            raise DataRefusedError(message) from problem

    def done(self) -> None:
        """Remove the journal, once the case file holds everything."""
        self.path.unlink(missing_ok=True)
        if self._held is not None:
            self._held.close()
            self._held = None


def _private(path: str, flags: int) -> int:
    # Health is private: only the owner may read it.
    return os.open(path, flags, 0o600)


def _write(stream: IO[bytes], row: Mapping[str, Any]) -> None:
    """Append one line whole, on the disk before it returns; what could not be written whole is taken back."""
    end = stream.tell()
    line = (json.dumps(row, ensure_ascii=True, sort_keys=True, allow_nan=False) + "\n").encode()
    if end:
        # A torn last line is closed first, so that it spoils no other.
        stream.seek(end - 1)
        line = line if stream.read(1) == b"\n" else b"\n" + line
    try:
        stream.seek(end)
        # A full disc takes a part, and refuses the next one.
        while line:
            line = line[stream.write(line) :]
        os.fsync(stream.fileno())
    except OSError:
        with suppress(OSError):
            os.ftruncate(stream.fileno(), end)
        raise


def was_begun(path: Path) -> bool:
    """Whether a journal is there to go on with; one that was cut off within its first line holds nothing yet.

    Args:
        path: The journal, there or not.

    Raises:
        DataRefusedError: Something else stands there.
        UsageError: It can't be read.
    """
    if not os.path.lexists(path):
        return False
    if not path.is_file():
        raise DataRefusedError(f"{printable(path.name, limit=200)}: is not a file. Move it away to start.")
    data, start = read_limited(path, limit=MAX_BYTES), f'{{"{VERSION_KEY}": '.encode()
    shared = min(len(data), len(start))
    return b"\n" in data or data[:shared] != start[:shared]


def read_journal(path: Path, knowledge: Knowledge) -> Resumed:
    """Return the conversation that a journal holds.

    Args:
        path: The journal.
        knowledge: Findings that are no longer known are left out, and said.

    Raises:
        DataRefusedError: It is no journal, or of a newer version.
    """
    name = printable(path.name, limit=200)
    lines = decode_text(read_limited(path, limit=MAX_BYTES), name=name).split("\n")
    header = load_json(lines[0], name=name) if lines[0].strip() else None
    if not isinstance(header, dict) or header.get(VERSION_KEY) != VERSION or not isinstance(header.get("start"), str):
        raise DataRefusedError(
            f"{name}: is not an interview that this Rheobase can go on with. Move it away to start anew."
        )
    talk = Conversation(read_case(header["start"].encode(), knowledge, name=name))
    notes: list[str] = []
    for number, line in enumerate(lines[1:], 2):
        if line.strip():
            talk = _replayed(talk, line, f"{name}: line {number}", notes)
    steps = tuple(_known(step, knowledge, notes) for step in talk.steps)
    return Resumed(Conversation(talk.start, steps), tuple(dict.fromkeys(notes)))


def _replayed(talk: Conversation, line: str, place: str, notes: list[str]) -> Conversation:
    try:
        row = load_json(line, name=place)
        if isinstance(row, dict) and row.get(BACK) is True:
            return talk.back()
        step = step_of(row)
        kept = talk.back() if isinstance(row, dict) and row.get(AGAIN) is True else talk
        return Conversation(kept.start, (*kept.steps, step))
    except (DataRefusedError, KeyError, TypeError, ValueError):
        notes.append(f"{place} was cut off or changed, and was left out; that question will be asked again.")
        return talk


def _known(step: Step, knowledge: Knowledge, notes: list[str]) -> Step:
    """Return a step without findings that this version of the knowledge no longer has."""
    gone = [name for name in step.findings if name not in knowledge.findings]
    if not gone:
        return step
    notes.append(f"no longer asked, and left out: {', '.join(gone)}.")
    lines = tuple(tuple(name for name in line if name not in gone) for line in step.lines)
    fields = tuple(each for each in step.reply.fields if each[0] not in gone)
    reply = replace(step.reply, fields=fields)
    return Step(step.question, step.kind, lines, None if step.finding in gone else step.finding, reply)


def step_data(step: Step) -> dict[str, Any]:
    """Return a step as plain data."""
    reply = step.reply
    return {
        "question": step.question,
        "kind": step.kind.value,
        "lines": [list(line) for line in step.lines],
        "finding": step.finding,
        "reply": reply.kind.value,
        "ticked": sorted(reply.ticked),
        "unsure": sorted(reply.unsure),
        "value": _plain(reply.value),
        "original": reply.original,
        "fields": [[name, _plain(each), original] for name, each, original in reply.fields],
        "medicines": [
            {"written": use.written, "medicine": use.medicine, "status": use.status.value, "months": use.months}
            for use in reply.medicines
        ],
        "complete": reply.complete,
    }


def step_of(row: Any) -> Step:
    """Return the step that plain data describes.

    Raises:
        KeyError, TypeError, ValueError: The data is not of a step.
    """
    lines = tuple(tuple(str(name) for name in line) for line in row["lines"])
    marked = (frozenset(_numbers(row[key], len(lines))) for key in ("ticked", "unsure"))
    ticked, unsure = marked
    reply = Reply(
        ReplyKind(row["reply"]),
        ticked,
        unsure,
        _value(row["value"]),
        row["original"],
        tuple((str(name), _value(each), original) for name, each, original in row["fields"]),
        tuple(_medicine(each) for each in row["medicines"]),
        complete=row["complete"] is True,
    )
    finding = None if row["finding"] is None else str(row["finding"])
    return Step(str(row["question"]), Kind(row["kind"]), lines, finding, reply)


def _plain(value: Value | None) -> object:
    return sorted(value) if isinstance(value, frozenset) else value


def _value(value: Any) -> Value | None:
    if isinstance(value, list):
        return frozenset(str(each) for each in value)
    if isinstance(value, int) and not isinstance(value, bool):
        return float(value)
    if value is None or isinstance(value, bool | float | str):
        return value
    raise TypeError(value)


def _numbers(row: Any, count: int) -> Iterator[int]:
    for each in row:
        if not isinstance(each, int) or not 0 <= each < count:
            raise ValueError(each)
        yield each


def _medicine(row: Any) -> MedicineUse:
    months = None if row["months"] is None else float(row["months"])
    medicine = None if row["medicine"] is None else str(row["medicine"])
    return MedicineUse(str(row["written"]), medicine, Status(row["status"]), months)
