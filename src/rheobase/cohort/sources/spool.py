"""Rows of a source too large for the memory, sorted by person into buckets that are not."""

from __future__ import annotations

import tempfile
from collections.abc import Mapping
from pathlib import Path
from typing import Self

import polars as pl

# Bytes of the source for each bucket, and rows that are held before they are written away.
BUCKET_BYTES = 400_000_000
HELD_ROWS = 2_000_000


class Spool:
    """Frames by kind and by bucket of person; written to a temporary folder once they are many.

    All rows of one person are in one bucket, in the order in which they came.
    """

    def __init__(self, schemas: Mapping[str, pl.Schema], *, size: int, held: int = HELD_ROWS) -> None:
        """Choose the number of buckets.

        Args:
            schemas: Columns of each kind; each has ``person_id``.
            size: Bytes of the source.
            held: Rows held in memory.
        """
        self.buckets = max(1, -(-size // BUCKET_BYTES))
        self._schemas = schemas
        self._held: dict[tuple[str, int], list[pl.DataFrame]] = {}
        self._rows, self._most, self._parts = 0, held, 0
        # The system's place for such files; nobody else may read what a person's record says.
        self._folder = tempfile.TemporaryDirectory(prefix="rheobase-")

    def __enter__(self) -> Self:
        """Return the spool itself."""
        return self

    def __exit__(self, *_: object) -> None:
        """Remove everything that was written."""
        self._folder.cleanup()

    def add(self, kind: str, frame: pl.DataFrame) -> None:
        """Keep rows.

        Args:
            kind: One of the kinds.
            frame: Rows of that kind.
        """
        if not frame.height:
            return
        frame = frame.select(self._schemas[kind].names()).cast(self._schemas[kind])
        if self.buckets == 1:
            self._held.setdefault((kind, 0), []).append(frame)
        else:
            places = frame.with_columns((pl.col("person_id").hash(seed=0) % self.buckets).alias("_bucket"))
            for (bucket,), part in places.partition_by("_bucket", as_dict=True, include_key=False).items():
                self._held.setdefault((kind, int(bucket)), []).append(part)
        self._rows += frame.height
        if self._rows > self._most:
            self._write()

    def take(self, kind: str, bucket: int) -> pl.DataFrame:
        """Return every row of a kind in a bucket, in the order in which they were added."""
        files = sorted(Path(self._folder.name).glob(f"{kind}-{bucket}-*.arrow"))
        parts = [pl.read_ipc(each) for each in files]
        parts += self._held.pop((kind, bucket), [])
        return pl.concat(parts) if parts else pl.DataFrame(schema=self._schemas[kind])

    def _write(self) -> None:
        for (kind, bucket), frames in self._held.items():
            pl.concat(frames).write_ipc(Path(self._folder.name) / f"{kind}-{bucket}-{self._parts:09d}.arrow")
        self._held, self._rows, self._parts = {}, 0, self._parts + 1
