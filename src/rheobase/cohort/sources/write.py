"""What a source tells, as Parquet that ``cohort run`` reads, with a mapping and everything that was refused."""

from __future__ import annotations

import json
import shutil
import tempfile
from collections.abc import Callable, Iterator
from dataclasses import dataclass
from pathlib import Path

import polars as pl

from rheobase.cohort.frame import (
    FLAG,
    INTAKE,
    LAB,
    MEDICINE,
    MONTHS,
    NO_MEDICINE,
    PER_DAY,
    PERSON,
    SETTING,
    check_told,
    schema,
)
from rheobase.cohort.sources.batch import REFUSED, Batch
from rheobase.errors import UsageError
from rheobase.knowledge import Knowledge
from rheobase.plain_text import printable

PEOPLE, REFUSED_FILE, MAPPING = "people", "refused.csv", "mapping.toml"
_PARTS = (FLAG, ".comparator", ".low", ".high", ".taken")


@dataclass(frozen=True, slots=True)
class Written:
    """What was written.

    Attributes:
        people: Rows.
        parts: Parquet files.
        refused: Cells and resources that were not used.
        mapping: Whether a mapping was needed, because columns are carried along.
    """

    people: int
    parts: int
    refused: int
    mapping: bool


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
    people, refused, keep, kinds = 0, 0, dict[str, None](), dict[str, pl.DataType]()
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
            stream.write(batch.refused.write_csv(include_header=False))
            people, refused = people + frame.height, refused + int(batch.refused["times"].sum() or 0)
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
        text = "".join(_mapping(order, list(keep), knowledge))
        (work / MAPPING).write_text(text, encoding="utf-8", newline="\n")
    return Written(people, len(parts), refused, bool(keep))


def _mapping(names: list[str], keep: list[str], knowledge: Knowledge) -> Iterator[str]:
    """Yield the lines of a mapping of columns that have our own names and units, with those carried along."""
    yield f"[person]\nid = {json.dumps(PERSON)}\nkeep = {json.dumps(keep)}\n"
    for name in names:
        if name == PERSON or name in keep or name.endswith(PER_DAY):
            continue
        yield f"\n[columns.{json.dumps(name)}]\n{_says(name, knowledge)}\n"


def _says(name: str, knowledge: Knowledge) -> str:
    if name.startswith(LAB):
        part = next((each for each in _PARTS if name.endswith(each)), "")
        analyte = name.removeprefix(LAB).removesuffix(part)
        said = f"lab = {json.dumps(analyte)}"
        said += f"\npart = {json.dumps(part[1:])}" if part else ""
        unit = knowledge.analytes[analyte].unit_si
        return f"{said}\nunit = {json.dumps(unit)}" if unit and part in ("", ".low", ".high") else said
    if name.startswith(MEDICINE):
        medicine = name.removeprefix(MEDICINE).removesuffix(MONTHS)
        said = f"medicine = {json.dumps(medicine)}"
        return f'{said}\npart = "months"' if name.endswith(MONTHS) else said
    if name.startswith(INTAKE):
        return f"intake = {json.dumps(name.removeprefix(INTAKE))}"
    if name in {SETTING, NO_MEDICINE}:
        return f"{name} = true"
    return f"finding = {json.dumps(name)}"
