"""What an executor of Spark does with a piece of a table: it reads it, judges it, writes its part, and says so.

The rows do not go through Java: hundreds of columns, row by row, there and back, would take far longer than the
judgement. A file is named after the attempt that wrote it, and only those count of which the driver got word, once: a
task that is tried again, or run twice to be sure, leaves a file that nobody takes.
"""

from __future__ import annotations

import functools
import json
from collections.abc import Iterator, Mapping
from dataclasses import asdict, dataclass
from pathlib import Path
from typing import Any

import polars as pl
import pyarrow.parquet as pq

from rheobase.cohort.frame import PERSON
from rheobase.cohort.mapping import OWN, SourceMapping, own_mapping, parse_mapping
from rheobase.cohort.mapping_read import reader_for, without_formulas
from rheobase.cohort.outcome import aligned
from rheobase.cohort.readers import Chunk, Source, is_parquet, piece
from rheobase.cohort.run import Plan, Report, count, refused_in, told_chunk, write_part
from rheobase.cohort.run_folder import RunFolder
from rheobase.cohort.spark import same_knowledge

RECORD, PIECE = "record", "id"


@dataclass(frozen=True, slots=True)
class Piece:
    """What one task reads.

    Attributes:
        file: Place of the file in the source.
        groups: First row group of it, and the first that is not read; None for the whole file.
    """

    file: int
    groups: tuple[int, int] | None = None


def pieces(source: Source, batch: int) -> list[Piece]:
    """Return a source in pieces: of Parquet row groups that have a batch of rows together; a CSV is one piece.

    Args:
        source: The table.
        batch: Rows of a batch.
    """
    found = []
    for place, file in enumerate(source.files):
        if not is_parquet(file):
            found.append(Piece(place))
            continue
        table = pq.read_metadata(file)
        first = rows = 0
        for group in range(table.num_row_groups):
            rows += table.row_group(group).num_rows
            if rows >= batch or group + 1 == table.num_row_groups:
                found.append(Piece(place, (first, group + 1)))
                first, rows = group + 1, 0
    return found


@dataclass(frozen=True)
class Work:
    """Does pieces; pickled for the executors.

    Attributes:
        version: Of the knowledge.
        mapping: As it was written.
        source: The table, by absolute paths.
        pieces: Of it.
        folder: Of the run, by absolute paths.
        batch: Most rows of a part.
        options: Of the judgement.
        expected: The columns of the result; None where the judgement sees to that.
    """

    version: str
    mapping: str
    source: Source
    pieces: tuple[Piece, ...]
    folder: RunFolder
    batch: int
    options: Mapping[str, Any]
    expected: Mapping[str, pl.DataType] | None

    def __call__(self, batch: pl.DataFrame) -> pl.DataFrame:
        """Return one line for each part: its files, and what was lost and refused in it."""
        lines = [json.dumps(line) for number in batch[PIECE] for line in self._done(number)]
        return pl.DataFrame({RECORD: lines}, schema={RECORD: pl.String()})

    def _done(self, number: int) -> Iterator[dict[str, Any]]:
        from rheobase.cohort.judge import judge  # noqa: PLC0415 - numba is loaded only when something is judged

        knowledge = same_knowledge(self.version)
        mapping = _mapping(self.mapping, self.source.columns, self.version)

        def judged(told: pl.DataFrame, keep: tuple[str, ...]) -> pl.DataFrame:
            return judge(told, knowledge, keep=keep, **self.options)

        plan = Plan(self.source, mapping, knowledge, judged, self.batch)
        reader = reader_for(mapping, knowledge, on=self.options.get("on"))
        what = self.pieces[number]
        for part, chunk in enumerate(piece(self.source, mapping.needed, self.batch, (what.file, what.groups))):
            name = f"{number:06d}-{part:06d}-{_attempt()}"
            told, report = told_chunk(plan, chunk, reader), Report()
            refused = refused_in(chunk, told)
            count(report, chunk, refused)
            record: dict[str, Any] = {
                "place": [number, part],
                "name": name,
                "file": chunk.file,
                "report": asdict(report),
            }
            if refused.height:
                text = without_formulas(refused).write_csv(include_header=False)
                self.folder.write_text(made(self.folder) / f"{name}.csv", text)
                record["refused"] = f"{name}.csv"
            if chunk.frame.height:
                record |= self._part(name, plan, chunk, told.frame)
            yield record

    def _part(self, name: str, plan: Plan, chunk: Chunk, told: pl.DataFrame) -> dict[str, Any]:
        """Write the judged rows of a chunk, and beside them their ids, which must not stand twice in the table."""
        judged = plan.judge(told, plan.mapping.keep)
        if self.expected is not None:
            judged = aligned(judged, self.expected)
        where = made(self.folder)
        digest = self.folder.write(where / f"{name}.parquet", lambda stream: write_part(judged, stream))
        found: dict[str, Any] = {"part": f"{name}.parquet", "sha256": digest, "rows": judged.height}
        if plan.mapping.person_id is not None:
            ids = pl.DataFrame({"row": chunk.rows, "id": told[PERSON]})
            self.folder.write(where / f"{name}.ids", lambda stream: ids.write_ipc(stream, compression="lz4"))
            found["ids"] = f"{name}.ids"
        return found | {"from": {"file": chunk.file, "first_row": int(chunk.rows[0]), "last_row": int(chunk.rows[-1])}}


def made(folder: RunFolder) -> Path:
    """Return where the executors write, on the disc that all share."""
    return folder.state / "spark"


def _attempt() -> int:
    from pyspark import TaskContext  # noqa: PLC0415 - only for Spark

    context = TaskContext.get()
    return 0 if context is None else int(context.taskAttemptId())


@functools.lru_cache(maxsize=4)
def _mapping(text: str, there: tuple[str, ...], version: str) -> SourceMapping:
    knowledge = same_knowledge(version)
    if text.startswith(OWN):
        names = [line.removeprefix("# ") for line in text.removeprefix(OWN).split("\n")[:-1]]
        return own_mapping(names, knowledge, name="the source")
    return parse_mapping(text, knowledge, name="the mapping", there=there)
