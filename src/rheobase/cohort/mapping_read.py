"""From a batch of a source to a told frame, and to the cells that were refused on the way."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass
from datetime import date

import polars as pl

from rheobase.cohort.frame import PERSON, SETTING, TAKEN
from rheobase.cohort.mapping import ColumnMap, SourceMapping
from rheobase.cohort.mapping_cells import CellReader, as_text, sites_of
from rheobase.errors import DataRefusedError
from rheobase.knowledge import Knowledge

REFUSED = pl.Schema(
    {"row": pl.Int64(), "id": pl.String(), "column": pl.String(), "value": pl.String(), "why": pl.String()}
)
_SHOWN = 100


@dataclass(frozen=True, slots=True)
class Told:
    """What a batch tells.

    Attributes:
        frame: Told frame with ``person_id`` first and the kept columns after it; as many rows as the batch.
        refused: One row for each cell that could not be used (``REFUSED``); there the told frame is null.
    """

    frame: pl.DataFrame
    refused: pl.DataFrame


def check_columns(mapping: SourceMapping, columns: Iterable[str], *, name: str) -> None:
    """Refuse a source that lacks a column of its mapping.

    Raises:
        DataRefusedError: One is not there; names those that look alike.
    """
    from rheobase.cohort.mapping_names import did_you_mean  # noqa: PLC0415 - only when a column is not there

    there = list(columns)
    lacking = [each for each in mapping.needed if each not in there]
    if lacking:
        lines = (f"{name}: has no column {each!r}{did_you_mean(each, there)}" for each in lacking)
        raise DataRefusedError("\n".join(lines))


def told_of(batch: pl.DataFrame, rows: pl.Series, mapping: SourceMapping, reader: CellReader) -> Told:
    """Return what a batch of a source tells.

    Args:
        batch: As it was read; its columns are the source's.
        rows: Number of each row in the source, from 1.
        mapping: What its columns tell.
        reader: Reads cells; keeps what it looked up.
    """
    ids = _ids(batch, rows, mapping)
    columns: dict[str, pl.Series] = {PERSON: ids}
    columns.update({name: batch[name] for name in mapping.keep})
    refused: list[pl.DataFrame] = []
    sites: dict[str, list[tuple[str, pl.Series]]] = {}
    for column in mapping.columns:
        cells = reader.read(batch, column)
        if cells.why is not None:
            refused.append(_refused(cells.why, column, batch, (rows, ids)))
        if column.option:
            sites.setdefault(column.target, []).append((column.option, cells.told[column.target]))
        else:
            for name, series in cells.told.items():
                # The sign of a limit stands with the value, in a column of its own, or in either.
                columns[name] = _first(columns[name], series) if name in columns else series
    columns.update({target: sites_of(parts) for target, parts in sites.items()})
    for column in mapping.columns:
        late = _later(column, columns, reader.on)
        if late is not None:
            refused.append(_refused(late, column, batch, (rows, ids)))
    frame = pl.DataFrame({name: series.rename(name) for name, series in columns.items()})
    if mapping.setting is not None and SETTING not in columns:
        frame = frame.with_columns(pl.lit(mapping.setting).alias(SETTING))
    cells_refused = pl.concat([REFUSED.to_frame(), *refused]).sort("row", maintain_order=True)
    return Told(frame, cells_refused)


def _later(column: ColumnMap, columns: dict[str, pl.Series], on: date | None) -> pl.Series | None:
    """Take away the results of a later day than the one that is judged; return why, by row; None where there is none.

    The whole result goes, not its day alone: without a day it would count as today's.
    """
    if on is None or not column.target.endswith(TAKEN):
        return None
    late = (columns[column.target] > on).fill_null(value=False)
    if not late.any():
        return None
    result = column.target.removesuffix(TAKEN)
    for name in (each for each in columns if each == result or each.startswith(f"{result}.")):
        columns[name] = pl.select(pl.when(~late).then(columns[name])).to_series()
    why = f"is after {on}, the day that is judged: the result is not read"
    return pl.select(pl.when(late).then(pl.lit(why))).to_series()


def _first(one: pl.Series, other: pl.Series) -> pl.Series:
    return one.zip_with(one.is_not_null(), other)


def reader_for(mapping: SourceMapping, knowledge: Knowledge, *, on: date | None = None) -> CellReader:
    """Return a reader for batches of one source; with the day that is judged, results of later days are refused."""
    return CellReader(knowledge, mapping.missing, on)


def _ids(batch: pl.DataFrame, rows: pl.Series, mapping: SourceMapping) -> pl.Series:
    """Return who each row is; a source without ids is told by its row."""
    if mapping.person_id is None:
        return rows.cast(pl.String).alias(PERSON)
    # An empty cell is nobody's id: two of them are not the same person.
    return as_text(batch[mapping.person_id]).replace("", None).alias(PERSON)


def _refused(why: pl.Series, column: ColumnMap, batch: pl.DataFrame, who: tuple[pl.Series, pl.Series]) -> pl.DataFrame:
    mask = why.is_not_null()
    if not mask.any():
        return REFUSED.to_frame()
    rows, ids = who
    return pl.DataFrame(
        {
            "row": rows.filter(mask).cast(pl.Int64),
            "id": ids.filter(mask),
            "column": pl.Series([column.source] * int(mask.sum()), dtype=pl.String),
            "value": shown(batch[column.source].filter(mask)),
            "why": why.filter(mask),
        },
        schema=REFUSED,
    )


def shown(values: pl.Series) -> pl.Series:
    """Return values as they are shown: on one line, without control characters, cut."""
    if values.dtype.is_nested() or values.dtype == pl.Binary:
        values = pl.Series([str(each) for each in values.to_list()], dtype=pl.String)
    text = values.cast(pl.String).str.replace_all(r"[\p{C}\s]+", " ")
    return text.str.slice(0, _SHOWN)


def without_formulas(refused: pl.DataFrame) -> pl.DataFrame:
    """Return what was refused as a spreadsheet may open it: what it would run stands behind an apostrophe."""
    return refused.with_columns(
        pl.when(_is_formula(name)).then(pl.lit("'") + pl.col(name)).otherwise(pl.col(name)).alias(name)
        for name, kind in refused.schema.items()
        if kind == pl.String
    )


def _is_formula(name: str) -> pl.Expr:
    text = pl.col(name)
    # A number with its sign is none.
    return text.str.contains(r"^\s*[=+\-@]") & ~text.str.contains(r"^\s*[+-]?[0-9.,]+([eE][+-]?[0-9]+)?\s*$")
