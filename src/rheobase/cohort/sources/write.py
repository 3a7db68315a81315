"""What a source tells, as Parquet that ``cohort run`` reads, with a mapping and everything that was refused."""

from __future__ import annotations

import json
import shutil
import tempfile
from collections.abc import Callable, Iterator
from dataclasses import dataclass, field
from pathlib import Path

import polars as pl

from rheobase.cohort.frame import PERSON, check_told, schema
from rheobase.cohort.mapping_read import without_formulas
from rheobase.cohort.sources.batch import REFUSED, Batch
from rheobase.errors import UsageError
from rheobase.knowledge import Knowledge
from rheobase.plain_text import printable

PEOPLE, REFUSED_FILE, MAPPING = "people", "refused.csv", "mapping.toml"
# Reasons that are kept apart; a source with more kinds of fault than this needs no longer list.
MOST_REASONS = 500


@dataclass(frozen=True, slots=True)
class Reason:
    """Why some of a source was not used.

    Attributes:
        why: In a few words.
        times: Cells and resources.
        columns: Where, in the order in which they were met; at most ``MOST_REASONS``.
    """

    why: str
    times: int
    columns: tuple[str, ...]


@dataclass(frozen=True, slots=True)
class Written:
    """What was written.

    Attributes:
        people: Rows.
        parts: Parquet files.
        refused: Cells and resources that were not used.
        mapping: Whether a mapping was needed, because columns are carried along.
        reasons: Why they were not, the most frequent first.
    """

    people: int
    parts: int
    refused: int
    mapping: bool
    reasons: tuple[Reason, ...] = ()


def write_told(
    batches: Iterator[Batch], out: Path, knowledge: Knowledge, tell: Callable[[int], None] = lambda _: None
) -> Written:
    """Write a new folder: ``people/*.parquet`` with one row a person, ``refused.csv``, and ``mapping.toml`` if needed.

    The folder is there only when it is whole.

    Args:
        batches: Of a source.
        out: The new folder.
        knowledge: Which columns may be told.
        tell: Is told the number of people of each batch.

    Raises:
        UsageError: Something is there already, or it cannot be written.
    """
    shown = printable(str(out), limit=200)
    if out.exists():
        raise UsageError(f"{shown}: is there already and is kept. Give another name, or move it away.")
    try:
        # For this user alone, as the system makes such folders: it holds health data.
        work = Path(tempfile.mkdtemp(dir=out.parent, prefix=f".{out.name[:40]}."))
    except OSError as problem:
        raise UsageError(
            f"{shown}: cannot be written ({problem.strerror}). Give a path in a folder there is."
        ) from problem
    try:
        written = _write(batches, work, knowledge, tell)
        work.rename(out)
    except OSError as problem:
        raise UsageError(
            f"{shown}: cannot be written ({problem.strerror or problem}). Make room, try again."
        ) from problem
    finally:
        shutil.rmtree(work, ignore_errors=True)
    return written


def _write(batches: Iterator[Batch], work: Path, knowledge: Knowledge, tell: Callable[[int], None]) -> Written:
    people, keep, kinds = 0, dict[str, None](), dict[str, pl.DataType]()
    reasons = _Reasons()
    raw, final = work / "raw", work / PEOPLE
    raw.mkdir()
    final.mkdir()
    parts: list[Path] = []
    with (work / REFUSED_FILE).open("w", encoding="utf-8", newline="") as stream:
        stream.write(",".join(REFUSED.names()) + "\n")
        for batch in batches:
            frame = check_told(batch.told, knowledge, batch.keep)
            parts.append(raw / f"part-{len(parts):06d}.parquet")
            frame.write_parquet(parts[-1])
            kinds.update(frame.schema)
            keep.update(dict.fromkeys(batch.keep))
            stream.write(without_formulas(batch.refused).write_csv(include_header=False))
            reasons.add(batch.refused)
            people += frame.height
            tell(frame.height)
    # Every part has every column, so that they are one table.
    order = [*(name for name in schema(knowledge) if name in kinds), *keep]
    for part in parts:
        frame = pl.read_parquet(part)
        absent = [pl.lit(None, dtype=kinds[name]).alias(name) for name in order if name not in frame.columns]
        frame.with_columns(absent).select(order).write_parquet(final / part.name)
        part.unlink()
    raw.rmdir()
    if keep:
        (work / MAPPING).write_text(_mapping(list(keep)), encoding="utf-8", newline="\n")
    return Written(people, len(parts), reasons.total, bool(keep), reasons.sorted())


@dataclass(slots=True)
class _Reasons:
    """Adds up what was not used."""

    times: dict[str, int] = field(default_factory=dict)
    columns: dict[str, dict[str, None]] = field(default_factory=dict)
    total: int = 0

    def add(self, refused: pl.DataFrame) -> None:
        found = refused.group_by("why", "column", maintain_order=True).agg(pl.col("times").sum())
        for why, column, times in found.iter_rows():
            self.total += times
            kind = why if why in self.times or len(self.times) < MOST_REASONS else "other reasons"
            self.times[kind] = self.times.get(kind, 0) + times
            columns = self.columns.setdefault(kind, {})
            if len(columns) < MOST_REASONS:
                columns[column] = None

    def sorted(self) -> tuple[Reason, ...]:
        order = sorted(self.times, key=lambda why: (-self.times[why], why))
        return tuple(Reason(why, self.times[why], tuple(self.columns[why])) for why in order)


def _mapping(keep: list[str]) -> str:
    """Return a mapping of columns that have our own names, units and words, with those carried along."""
    return f"[person]\nid = {json.dumps(PERSON)}\nown = true\nkeep = {json.dumps(keep)}\n"
