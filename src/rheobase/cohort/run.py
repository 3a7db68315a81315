"""Judge a table of any size: batch after batch into parts, resumable, and whole only when everything is."""

from __future__ import annotations

import functools
import hashlib
import io
import json
import shutil
from collections.abc import Callable, Mapping
from dataclasses import dataclass, field
from datetime import date
from pathlib import Path
from typing import IO, Any

import polars as pl

from rheobase import __version__
from rheobase.cohort.frame import PERSON
from rheobase.cohort.mapping import SourceMapping
from rheobase.cohort.mapping_cells import CellReader
from rheobase.cohort.mapping_read import REFUSED, Told, reader_for, told_of, without_formulas
from rheobase.cohort.outcome import Judge, aligned
from rheobase.cohort.readers import Chunk, Source
from rheobase.cohort.run_folder import RunFolder, Writer, sha256_of
from rheobase.cohort.run_ids import IdBook
from rheobase.errors import DataRefusedError
from rheobase.knowledge import Knowledge
from rheobase.plain_text import printable

SCHEMA_VERSION = 1
MANIFEST, REFUSED_FILE, DICTIONARY, MAPPING = "manifest.json", "refused.csv", "dictionary.md", "mapping.toml"
# Rows of one batch: a few hundred columns of them take some 150 MB while they are judged.
BATCH = 50_000

_REFUSED_PART = "refused-{:06d}.csv"


@dataclass(frozen=True)
class Plan:
    """What a run does.

    Attributes:
        source: The table.
        mapping: What its columns tell.
        knowledge: By which it is judged.
        judge: Takes a told frame and the names of kept columns; returns the judged frame.
        batch: Most rows of a part.
        expected: The columns of the result, so that every part has the same; None where the judge sees to that.
        options: What else the judged columns depend on, such as the ledger.
        dictionary: What the columns of the result mean, as Markdown.
        origin: The files that the source was told from, as the manifest names them; empty for a table.
        beside: Further files of the result, by their names there.
    """

    source: Source
    mapping: SourceMapping
    knowledge: Knowledge
    judge: Judge
    batch: int = BATCH
    expected: Mapping[str, pl.DataType] | None = None
    options: Mapping[str, Any] = field(default_factory=dict)
    dictionary: str = ""
    origin: Mapping[str, Any] = field(default_factory=dict)
    beside: Mapping[str, Path] = field(default_factory=dict)

    def settings(self) -> dict[str, Any]:
        """Return everything that a part depends on, beside its rows."""
        return {
            "schema_version": SCHEMA_VERSION,
            "rheobase_version": __version__,
            "knowledge_version": self.knowledge.version,
            "polars_version": pl.__version__,
            "mapping": hashlib.sha256(self.mapping.text.encode()).hexdigest(),
            "batch": self.batch,
            "files": list(self.source.names),
            **{name: str(each) if isinstance(each, date) else each for name, each in self.options.items()},
            **self.origin,
        }


@dataclass
class Report:
    """What a run did.

    Attributes:
        judged: Rows in the result.
        lost: Rows that could not be read.
        rest_lost: Files of which it is not known how many rows were lost at their end.
        refused: Cells by column.
        examples: The first refused cell of each column, in words.
        repeated: Rows whose id stood in an earlier row.
        unread: Columns of the source that the mapping does not name.
        reused: Parts taken over from the run before.
        chunks: Batches of the source, those with nothing but lost rows among them.
        parts: One entry for each part, as it stands in the manifest.
    """

    judged: int = 0
    lost: int = 0
    rest_lost: tuple[str, ...] = ()
    refused: dict[str, int] = field(default_factory=dict)
    examples: dict[str, str] = field(default_factory=dict)
    repeated: int = 0
    unread: tuple[str, ...] = ()
    reused: int = 0
    chunks: int = 0
    parts: list[dict[str, Any]] = field(default_factory=list)

    @property
    def whole(self) -> bool:
        """Return whether every row of the source was judged."""
        return not self.lost and not self.rest_lost

    def plain(self) -> dict[str, Any]:
        """Return the report as it stands in the manifest."""
        return {
            "rows": {"judged": self.judged, "lost": self.lost, "files_cut_short": list(self.rest_lost)},
            "refused_cells": dict(sorted(self.refused.items())),
            "repeated_ids": self.repeated,
            "columns_not_read": list(self.unread),
        }


def run(plan: Plan, folder: RunFolder, tell: Callable[[int], None] = lambda _: None) -> Report:
    """Judge every row of a source and write the result.

    Args:
        plan: What to do.
        folder: Where; already begun.
        tell: Called with the number of rows after each batch.

    Raises:
        DataRefusedError: The disc is full, or a file changed under our hands; what is done is kept for --resume.
    """
    needed = plan.mapping.needed
    plan.source.check(needed)
    report = Report(unread=tuple(c for c in plan.source.columns if c not in {*needed, *plan.mapping.ignored}))
    reader = reader_for(plan.mapping, plan.knowledge, on=plan.options.get("on"))
    try:
        with IdBook(folder.state / "ids") as ids:
            for number, chunk in enumerate(plan.source.chunks(needed, plan.batch)):
                told = told_chunk(plan, chunk, reader)
                _part(plan, folder, (number, chunk, told), report)
                if plan.mapping.person_id is not None:
                    ids.add(chunk.file, chunk.rows, told.frame[PERSON])
                report.chunks = number + 1
                tell(chunk.frame.height)
            repeated = ids.repeated()
            report.repeated = repeated.height
        finish(plan, folder, lambda stream: all_refused(plan, folder, (repeated, report), stream), report)
    except OSError as problem:
        raise _stopped(folder, problem, report) from problem
    return report


def told_chunk(plan: Plan, chunk: Chunk, reader: CellReader) -> Told:
    """Return what some rows of a source tell."""
    if not chunk.frame.width:
        # Nothing but lost rows is left of this one.
        return Told(pl.DataFrame(schema={PERSON: pl.String()}), REFUSED.to_frame())
    told = told_of(chunk.frame, chunk.rows, plan.mapping, reader)
    if plan.mapping.person_id is None and len(plan.source.files) > 1:
        return Told(
            told.frame.with_columns(pl.concat_str(pl.lit(f"{chunk.file}#"), PERSON).alias(PERSON)), told.refused
        )
    return told


def _part(plan: Plan, folder: RunFolder, step: tuple[int, Chunk, Told], report: Report) -> None:
    """Write one part and what was refused in it, unless the run before did."""
    number, chunk, told = step
    name = f"part-{number:06d}.parquet"
    record_file = folder.state / f"{name}.json"
    refused = refused_in(chunk, told)
    inside = _fingerprint(told.frame)
    record = _done(record_file, folder.whole / name, inside) if chunk.frame.height else None
    count(report, chunk, refused)
    _write_refused(folder, number, refused)
    if not chunk.frame.height:
        return
    if record is None:
        judged = plan.judge(told.frame, plan.mapping.keep)
        if plan.expected is not None:
            judged = aligned(judged, plan.expected)
        if judged.height != told.frame.height:
            raise DataRefusedError(f"{name}: {told.frame.height} rows became {judged.height}; this is a fault of ours.")
        digest = folder.write(folder.whole / name, lambda stream: write_part(judged, stream))
        record = {"file": name, "rows": judged.height, "sha256": digest, "told_sha256": inside}
        folder.write_json(record_file, record)
    else:
        report.reused += 1
    first, last = int(chunk.rows[0]), int(chunk.rows[-1])
    report.parts.append({**record, "from": {"file": chunk.file, "first_row": first, "last_row": last}})
    report.judged += chunk.frame.height


def write_part(frame: pl.DataFrame, stream: IO[bytes]) -> None:
    """Write judged rows as every part of a result is written."""
    # Through memory: a library that meets a full disc in its own threads may say so in its own way.
    buffer = io.BytesIO()
    # Higher levels take twice the time for a twelfth less: most of a part are probabilities, which hardly shrink.
    frame.write_parquet(buffer, compression="zstd", compression_level=1, statistics=True)
    stream.write(buffer.getbuffer())


def _done(record_file: Path, part: Path, inside: str) -> dict[str, Any] | None:
    """Return what is written of a part of the run before, if it is whole and of the same rows."""
    try:
        record = json.loads(record_file.read_bytes())
        fine = record["told_sha256"] == inside and record["sha256"] == sha256_of(part)
    except (OSError, ValueError, KeyError, TypeError):
        return None
    return dict(record) if fine else None


def _fingerprint(frame: pl.DataFrame) -> str:
    buffer = io.BytesIO()
    frame.rechunk().write_ipc(buffer, compression="uncompressed")
    return hashlib.sha256(buffer.getbuffer()).hexdigest()


def refused_in(chunk: Chunk, told: Told) -> pl.DataFrame:
    """Return the lines of refused.csv of some rows: what could not be read, and the cells that were refused."""
    lost = [
        {
            "row": each.row,
            "id": None,
            "column": each.column,
            "value": each.value,
            "why": each.why if each.last == each.row else f"rows {each.row} to {each.last or 'the end'}: {each.why}",
        }
        for each in chunk.lost
    ]
    both = pl.concat([pl.DataFrame(lost, schema=REFUSED), told.refused]).sort("row", maintain_order=True)
    return both.select(pl.lit(chunk.file).alias("file"), pl.all())


def count(report: Report, chunk: Chunk, refused: pl.DataFrame) -> None:
    """Add to a report what was lost and refused of some rows."""
    whole_rows = [each for each in chunk.lost if not each.column]
    report.lost += sum(each.last - each.row + 1 for each in whole_rows if each.last is not None)
    if any(each.last is None for each in whole_rows):
        report.rest_lost = (*report.rest_lost, chunk.file)
    counted = refused.filter(pl.col("column") != "").group_by("column", maintain_order=True)
    for (column,), rows in counted:
        report.refused[str(column)] = report.refused.get(str(column), 0) + rows.height
        first = rows.row(0, named=True)
        words = f"{first['file']} row {first['row']}: {printable(str(first['value']), limit=40)!r} {first['why']}"
        report.examples.setdefault(str(column), words)
    for each in whole_rows[:1]:
        report.examples.setdefault("", f"{chunk.file} row {each.row}: {each.why}")


def refused_file(folder: RunFolder, number: int) -> Path:
    """Return where the lines of refused.csv of one part stand until the end."""
    return folder.state / _REFUSED_PART.format(number)


def _write_refused(folder: RunFolder, number: int, refused: pl.DataFrame) -> None:
    file = refused_file(folder, number)
    if refused.is_empty():
        file.unlink(missing_ok=True)
        return
    folder.write_text(file, without_formulas(refused).write_csv(include_header=False))


def finish(plan: Plan, folder: RunFolder, refused: Writer, report: Report) -> None:
    """Write what goes with the parts, and give the folder its name.

    Args:
        plan: What was done.
        folder: Where the parts stand already.
        refused: Writes ``refused.csv``.
        report: What the manifest says.
    """
    hashes = {REFUSED_FILE: folder.write(folder.whole / REFUSED_FILE, refused)}
    for name, text in ((MAPPING, plan.mapping.text), (DICTIONARY, plan.dictionary)):
        if text:
            hashes[name] = folder.write_text(folder.whole / name, text)
    for name, file in plan.beside.items():
        hashes[name] = folder.write(folder.whole / name, functools.partial(_copy, file))
    manifest = {**plan.settings(), **report.plain(), "files_written": hashes, "parts": report.parts}
    folder.write_json(folder.whole / MANIFEST, manifest)
    folder.finish([MANIFEST, *hashes, *(each["file"] for each in report.parts)])


def _copy(file: Path, stream: IO[bytes]) -> None:
    with file.open("rb") as found:
        shutil.copyfileobj(found, stream)


def all_refused(plan: Plan, folder: RunFolder, found: tuple[pl.DataFrame, Report], stream: IO[bytes]) -> None:
    """Write refused.csv: the lines of every part, then the ids that stood before."""
    repeated, report = found
    stream.write((",".join(("file", *REFUSED.names())) + "\n").encode())
    for number in range(report.chunks):
        file = refused_file(folder, number)
        if file.exists():
            stream.write(file.read_bytes())
    where = pl.when(pl.col("file") == pl.col("first_file")).then(pl.lit("")).otherwise(pl.col("first_file") + " ")
    lines = repeated.select(
        "file",
        "row",
        "id",
        pl.lit(plan.mapping.person_id).alias("column"),
        pl.col("id").alias("value"),
        pl.concat_str(
            pl.lit("is the id of "), where, pl.lit("row "), "first_row", pl.lit(" too; both are judged")
        ).alias("why"),
    )
    stream.write(without_formulas(lines).write_csv(include_header=False).encode())


def _stopped(folder: RunFolder, problem: OSError, report: Report) -> DataRefusedError:
    reason = problem.strerror or str(problem)
    return DataRefusedError(
        f"{printable(str(folder.work), limit=200)}: cannot be written ({reason}). {report.judged:,} judged rows are "
        f"kept there. Make room, then run the same command with --resume."
    )
