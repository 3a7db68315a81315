"""Made-up people in a file: written batch by batch, there only when it is whole."""

from __future__ import annotations

from collections.abc import Callable, Iterable
from contextlib import ExitStack
from pathlib import Path
from typing import BinaryIO

import polars as pl
import pyarrow as pa
import pyarrow.parquet as pq

from rheobase.errors import UsageError
from rheobase.plain_text import printable

KINDS = (".csv", ".parquet")
_BETWEEN = ";"


def write_frames(frames: Iterable[pl.DataFrame], file: str, tell: Callable[[int], None] = lambda _: None) -> None:
    """Write told frames into one new file, as its name ends: ``.csv`` or ``.parquet``.

    Args:
        frames: With the same columns, at least one.
        file: Where; nothing that is there is written over.
        tell: Called with the number of rows after each.

    Raises:
        UsageError: The name ends otherwise, something is there, or it cannot be written.
    """
    path, shown = Path(file), printable(file, limit=200)
    if path.suffix.lower() not in KINDS:
        raise UsageError(f"{shown}: expected a name that ends in {' or '.join(KINDS)}.")
    if path.exists():
        raise UsageError(f"{shown}: is there already and is kept. Give another name, or move it away.")
    part = path.with_name(path.name + ".partial")
    try:
        with part.open("xb") as stream:
            (_csv if path.suffix.lower() == ".csv" else _parquet)(frames, stream, tell)
        part.rename(path)
    except FileExistsError as problem:
        raise UsageError(
            f"{shown}.partial: is there already; another run writes it. Remove it if none does."
        ) from problem
    except OSError as problem:
        part.unlink(missing_ok=True)
        raise UsageError(f"{shown}: cannot be written ({problem.strerror or problem}).") from problem
    except BaseException:
        part.unlink(missing_ok=True)
        raise


def _csv(frames: Iterable[pl.DataFrame], stream: BinaryIO, tell: Callable[[int], None]) -> None:
    for number, frame in enumerate(frames):
        lists = [name for name, kind in frame.schema.items() if isinstance(kind, pl.List)]
        # No site at all is "none"; an empty cell would say that it is not known.
        flat = frame.with_columns(
            pl.when(pl.col(name).list.len() == 0)
            .then(pl.lit("none"))
            .otherwise(pl.col(name).list.join(_BETWEEN))
            .alias(name)
            for name in lists
        )
        stream.write(flat.write_csv(include_header=number == 0).encode())
        tell(frame.height)


def _parquet(frames: Iterable[pl.DataFrame], stream: BinaryIO, tell: Callable[[int], None]) -> None:
    with ExitStack() as open_writer:
        writer = None
        for frame in frames:
            table: pa.Table = frame.to_arrow(compat_level=pl.CompatLevel.oldest())
            if writer is None:
                writer = open_writer.enter_context(pq.ParquetWriter(stream, table.schema, compression="zstd"))
            writer.write_table(table)
            tell(frame.height)
