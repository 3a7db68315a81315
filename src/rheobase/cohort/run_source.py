"""Where the table of a run comes from: a folder that ``cohort told`` wrote, or the files of a source."""

from __future__ import annotations

import json
import shutil
from collections.abc import Callable, Iterator, Mapping, Sequence
from dataclasses import asdict, dataclass
from pathlib import Path
from typing import Any

from rheobase import __version__
from rheobase.cohort.run_folder import SOURCE_STAMP, SOURCE_TOLD, RunFolder
from rheobase.cohort.sources.batch import Batch
from rheobase.cohort.sources.write import MAPPING, PEOPLE, REFUSED_FILE, Reason, Written, write_told
from rheobase.errors import UsageError
from rheobase.knowledge import Knowledge
from rheobase.plain_text import printable

NOT_USED = "not_used.csv"


@dataclass(frozen=True, slots=True)
class Table:
    """A table of people and what its columns mean.

    Attributes:
        path: Of the file or folder.
        mapping: The mapping that was written with it; None where there is none.
    """

    path: str
    mapping: str | None = None


def table_of(path: str) -> Table:
    """Return the table that a path names; of a folder that ``cohort told`` wrote the people in it, with their mapping.

    Either the folder or its ``people`` may be named. Every other path is returned as it is.
    """
    given = Path(path)
    for folder in (given, given.parent if given.name == PEOPLE else given):
        if (folder / PEOPLE).is_dir() and (folder / REFUSED_FILE).is_file():
            mapping = folder / MAPPING
            return Table(str(folder / PEOPLE), str(mapping) if mapping.is_file() else None)
    return Table(path)


@dataclass(frozen=True, slots=True)
class Origin:
    """The files of a source, and the day that is judged.

    Attributes:
        kind: nhanes, omop or fhir.
        paths: As they were given.
        day: That is judged, as 2026-11-24; None for a source that has none.
    """

    kind: str
    paths: Sequence[Path]
    day: str | None

    def settings(self) -> dict[str, Any]:
        """Return what names a source in a manifest: the same for the same files, wherever and whenever they lie."""
        files = [{"name": name, "bytes": path.stat().st_size} for name, path in self._files()]
        return {"source": self.kind, "day": self.day, "source_files": files}

    def stamp(self, knowledge: Knowledge) -> dict[str, Any]:
        """Return what the told table depends on; it is used again only when all of it is the same."""
        changed = [path.stat().st_mtime_ns for _, path in self._files()]
        versions = {"knowledge_version": knowledge.version, "rheobase_version": __version__}
        return {**self.settings(), **versions, "changed": changed}

    def _files(self) -> Iterator[tuple[str, Path]]:
        for given in self.paths:
            found = sorted(each for each in given.rglob("*") if each.is_file()) if given.is_dir() else [given]
            yield from ((each.relative_to(given.parent).as_posix(), each) for each in found)


def told_within(
    folder: RunFolder,
    origin: Origin,
    batches: Callable[[], Iterator[Batch]],
    knowledge: Knowledge,
    *,
    tell: Callable[[int], None] = lambda _: None,
) -> Written:
    """Write the table of a source into the working folder of a run, unless the run before did.

    Args:
        folder: Of the run, locked, not yet begun.
        origin: The source; its files name what was written.
        batches: Begins to read it.
        knowledge: Which columns may be told.
        tell: Is told the number of people of each batch.

    Raises:
        UsageError: The run was begun with other files or for another day, or the folder cannot be written.
        DataRefusedError: The source cannot be read.
    """
    stamp, told, note = origin.stamp(knowledge), folder.work / SOURCE_TOLD, folder.work / SOURCE_STAMP
    before = _before(note)
    if before is not None and before["stamp"] == stamp and told.is_dir():
        reasons = tuple(Reason(**{**each, "columns": tuple(each["columns"])}) for each in before["written"]["reasons"])
        return Written(**{**before["written"], "reasons": reasons})
    if before is not None and folder.begun():
        shown = printable(str(folder.work), limit=200)
        raise UsageError(
            f"{shown}: was begun with other files, another day or another version. Give the same again, or remove it "
            "and begin anew."
        )
    note.unlink(missing_ok=True)
    shutil.rmtree(told, ignore_errors=True)
    folder.make()
    for left in folder.work.glob(f".{SOURCE_TOLD}.*"):
        shutil.rmtree(left, ignore_errors=True)
    try:
        written = write_told(batches(), told, knowledge, tell)
    except BaseException:
        if not folder.begun():
            shutil.rmtree(folder.work, ignore_errors=True)
        raise
    folder.write_json(note, {"stamp": stamp, "written": asdict(written)})
    return written


def _before(note: Path) -> Mapping[str, Any] | None:
    try:
        found: dict[str, Any] = json.loads(note.read_bytes())
    except (OSError, ValueError):
        return None
    return found if {"stamp", "written"} <= found.keys() else None
