"""Where a run writes: a folder beside the one asked for, which takes its place only when everything is whole.

OUT.unfinished/whole/      becomes OUT in one step at the end
OUT.unfinished/state/      settings, what is done, refused cells of each part; removed at the end
OUT.unfinished/told/       the table of a source, where the run began with its files; removed at the end
"""

from __future__ import annotations

import hashlib
import json
import os
import shutil
from collections.abc import Callable, Iterable, Iterator, Mapping
from contextlib import contextmanager
from dataclasses import dataclass
from pathlib import Path
from typing import IO, Any

from rheobase.errors import DataRefusedError, UsageError
from rheobase.plain_text import printable

PRIVATE = 0o700
SETTINGS = "settings.json"
SOURCE_TOLD, SOURCE_STAMP = "told", "told.json"
_CHUNK = 1 << 20

Lock = Callable[[IO[bytes]], bool]
Writer = Callable[[IO[bytes]], object]


@dataclass(frozen=True)
class RunFolder:
    """The working folder of one run.

    Attributes:
        out: The folder asked for; there only when the run is done.
        work: The folder beside it.
    """

    out: Path
    work: Path

    @property
    def whole(self) -> Path:
        """Return where finished parts stand."""
        return self.work / "whole"

    @property
    def state(self) -> Path:
        """Return where it is written down what is done."""
        return self.work / "state"

    def refuse_existing(self) -> None:
        """Refuse a result that is there.

        Raises:
            UsageError: It is, and is kept.
        """
        if self.out.exists() or self.out.is_symlink():
            asked = printable(str(self.out), limit=200)
            raise UsageError(f"{asked}: is there already and is kept. Give another name, or move it away.")

    def begun(self) -> bool:
        """Return whether a run has left its settings here."""
        return (self.state / SETTINGS).exists()

    def day_left(self) -> str | None:
        """Return the day that an unfinished run judges, as 2026-11-24; None where there is none."""
        for file, keys in ((self.state / SETTINGS, ("on", "day")), (self.work / SOURCE_STAMP, ("day",))):
            try:
                found: Any = json.loads(file.read_bytes())
            except (OSError, ValueError):
                continue
            plain = {**found, **found.get("stamp", {})} if isinstance(found, dict) else {}
            day = next((plain[key] for key in keys if isinstance(plain.get(key), str)), None)
            if day is not None:
                return str(day)
        return None

    def refuse_unfinished(self) -> None:
        """Refuse to begin where a run was stopped.

        Raises:
            UsageError: One was.
        """
        if self.begun():
            shown = printable(str(self.work), limit=200)
            raise UsageError(f"{shown}: an unfinished run is there. Go on with --resume, or remove it.")

    def make(self) -> None:
        """Make the folder.

        Raises:
            UsageError: What is there is no run of ours, or it cannot be made.
        """
        shown = printable(str(self.work), limit=200)
        ours = {"whole", "state", SOURCE_TOLD, SOURCE_STAMP}
        # A run that was stopped before it wrote anything leaves at most its own folders.
        there = {each.name for each in self.work.iterdir()} if self.work.exists() else set()
        if any(name not in ours and not name.startswith(f".{SOURCE_TOLD}.") for name in there):
            raise UsageError(f"{shown}: is there and is no run of ours. Move it away, or give another name.")
        try:
            self.whole.mkdir(parents=True, exist_ok=True, mode=PRIVATE)
            self.state.mkdir(exist_ok=True, mode=PRIVATE)
        except OSError as problem:
            raise UsageError(
                f"{shown}: cannot be made ({problem.strerror}). Give a folder that can be written."
            ) from problem

    def begin(self, settings: Mapping[str, Any], *, resume: bool) -> None:
        """Make the folder, or go on with one that a run left.

        Args:
            settings: Everything that a part depends on, beside its rows.
            resume: Go on; without a folder there begin.

        Raises:
            UsageError: Something is there that would be lost, or the run was begun with other settings.
        """
        shown = printable(str(self.work), limit=200)
        self.refuse_existing()
        there = self.state / SETTINGS
        if there.exists():
            if not resume:
                self.refuse_unfinished()
            if (differs := _differs(json.loads(there.read_bytes()), settings)) is not None:
                raise UsageError(
                    f"{shown}: was begun with {differs}. Give the same again, or remove it and begin anew."
                )
            return
        self.make()
        self.write_json(there, settings)

    def write(self, path: Path, writer: Writer) -> str:
        """Write a file under another name, make sure of it, then give it its name; return its SHA-256.

        Raises:
            OSError: The disc is full or fails; nothing is left under either name.
        """
        part = path.with_name(path.name + ".partial")
        try:
            with part.open("wb") as stream:
                writer(stream)
                stream.flush()
                os.fsync(stream.fileno())
            found = sha256_of(part)
            part.replace(path)
        except BaseException:
            part.unlink(missing_ok=True)
            raise
        return found

    def write_json(self, path: Path, data: Mapping[str, Any]) -> str:
        """Write plain data, the same bytes for the same data; return the SHA-256."""
        text = json.dumps(data, indent=2, ensure_ascii=False, allow_nan=False) + "\n"
        return self.write_text(path, text)

    def write_text(self, path: Path, text: str) -> str:
        """Write text; return the SHA-256."""
        return self.write(path, lambda stream: stream.write(text.encode()))

    def finish(self, parts: Iterable[str]) -> None:
        """Give the folder its name in one step; what is no part of it any more is removed before."""
        kept = set(parts)
        for each in self.whole.iterdir():
            if each.name not in kept:
                each.unlink()
        if self.out.exists():
            raise DataRefusedError(f"{self.out}: came to be while we worked; the result stays in {self.whole}.")
        self.whole.rename(self.out)
        shutil.rmtree(self.work, ignore_errors=True)


def run_folder(out: str) -> RunFolder:
    """Return the working folder for a result."""
    path = Path(out)
    return RunFolder(path, path.with_name(path.name + ".unfinished"))


@contextmanager
def locked(folder: RunFolder, lock: Lock) -> Iterator[None]:
    """Keep other runs away from a working folder; the system takes the lock back when a process ends, however it ends.

    Args:
        folder: Of the run.
        lock: Locks an open file; returns False if another process has it.

    Raises:
        UsageError: Another run works on it.
    """
    beside = folder.work.with_name(folder.work.name + ".lock")
    try:
        stream = beside.open("wb")
    except OSError as problem:
        shown = printable(str(folder.out), limit=200)
        raise UsageError(
            f"{shown}: cannot be made ({problem.strerror}). Give a folder in one that is there."
        ) from problem
    with stream:
        if not lock(stream):
            raise UsageError(f"{printable(str(folder.work), limit=200)}: another run works on it. Wait for its end.")
        try:
            yield
        finally:
            beside.unlink(missing_ok=True)


def sha256_of(path: Path) -> str:
    """Return the SHA-256 of a file."""
    with path.open("rb") as stream:
        return hashlib.file_digest(stream, "sha256").hexdigest()


def _differs(before: Mapping[str, Any], now: Mapping[str, Any]) -> str | None:
    changed = (key.replace("_", " ") for key in now if before.get(key) != now[key])
    return next((f"other {key}" if key.endswith("s") else f"another {key}" for key in changed), None)
