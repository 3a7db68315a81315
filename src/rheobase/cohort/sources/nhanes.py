"""NHANES as the National Center for Health Statistics publishes it: XPT files of one cycle, joined by participant.

Parquet files with the same variables are read the same way. Nothing is downloaded here.

Source:
    NCHS, National Health and Nutrition Examination Survey; the data user agreement holds (statistical use only).
"""

from __future__ import annotations

import functools
import tomllib
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import polars as pl

from rheobase.cohort.frame import INTAKE, LAB, MEDICINE, MONTHS, PERSON, schema
from rheobase.cohort.sources.batch import Batch, Refusals
from rheobase.cohort.sources.codes import DATA, Codes, Factor, load_codes
from rheobase.cohort.sources.record import DAYS_A_MONTH
from rheobase.errors import DataRefusedError
from rheobase.knowledge import Knowledge

SUFFIXES = (".xpt", ".parquet")
# SAS transport files hold an exact zero as the smallest number that they can write.
_ZERO = 1e-70


@functools.lru_cache(maxsize=1)
def variables() -> dict[str, Any]:
    """Return what the variables say, as ``data/nhanes.toml`` has it."""
    return tomllib.loads((DATA / "nhanes.toml").read_text(encoding="utf-8"))


@dataclass(slots=True)
class _Reading:
    codes: Codes
    table: dict[str, Any]
    refusals: Refusals


def nhanes(paths: Path | Sequence[Path], knowledge: Knowledge) -> Iterator[Batch]:
    """Yield the people of one cycle as one batch.

    Args:
        paths: A folder of XPT or Parquet files of one cycle, or the files themselves. One file has one row a
            participant and is the base (DEMO; otherwise the largest); a file of medicines has several.
        knowledge: Findings, analytes and medicines.

    Raises:
        DataRefusedError: There is no such file, it is damaged, it has no SEQN, or it is of another cycle.
    """
    reading = _Reading(load_codes(knowledge), variables(), Refusals())
    frames = {path.name: _read(path) for path in _files(paths)}
    medicines = {name: frame for name, frame in frames.items() if reading.table["medicines"]["name"] in frame.columns}
    joined = _joined({name: frame for name, frame in frames.items() if name not in medicines}, reading)
    known = schema(knowledge)
    columns = [*_findings(joined, reading), *_labs(joined, reading), *_amounts(joined, reading)]
    told = pl.DataFrame([joined[reading.table["id"]].cast(pl.String).alias(PERSON), *columns])
    for name, frame in medicines.items():
        told = told.join(_medicines(frame, name, reading), on=PERSON, how="left", maintain_order="left")
    names = tuple(name for name in known if name in told.columns)
    keep = tuple(name for name in reading.table["keep"] if name in joined.columns)
    told = told.select(pl.col(name).cast(known[name]) for name in names).with_columns(joined[name] for name in keep)
    _unused(joined, reading)
    yield Batch(told, reading.refusals.take(), tuple(keep))


def _files(paths: Path | Sequence[Path]) -> list[Path]:
    given = [paths] if isinstance(paths, Path) else list(paths)
    found: list[Path] = []
    for path in given:
        if path.is_dir():
            found += sorted(each for each in path.iterdir() if each.suffix.lower() in SUFFIXES)
        elif path.is_file() and path.suffix.lower() in SUFFIXES:
            found.append(path)
        else:
            raise DataRefusedError(f"{path.name}: expected a folder of .XPT files of one cycle, or such files.")
    if not found:
        raise DataRefusedError(
            f"{given[0].name}: holds no .XPT file. Put the files of one cycle there, DEMO among them."
        )
    return found


def _read(path: Path) -> pl.DataFrame:
    """Return a file as it stands, its column names in capitals."""
    try:
        if path.suffix.lower() == ".parquet":
            frame = pl.read_parquet(path)
        else:
            import pyreadstat  # noqa: PLC0415 - only this source needs it

            frame, _ = pyreadstat.read_xport(path, output_format="polars")
    except Exception as problem:
        # Readers of files raise what they like; a damaged file is the user's to know of.
        raise DataRefusedError(f"{path.name}: cannot be read ({_first_line(problem)}). Fetch it again.") from problem
    frame = frame.rename({name: name.upper() for name in frame.columns})
    if "SEQN" not in frame.columns:
        raise DataRefusedError(f"{path.name}: has no column SEQN, expected a file of NHANES.")
    floats = [name for name, kind in frame.schema.items() if kind.is_float()]
    tidy = [
        pl.when(pl.col(name).abs() < _ZERO).then(0.0).otherwise(pl.col(name)).fill_nan(None).alias(name)
        for name in floats
    ]
    return frame.with_columns(tidy).with_columns(pl.col("SEQN").cast(pl.Int64))


def _first_line(problem: Exception) -> str:
    return str(problem).strip().partition("\n")[0][:80] or type(problem).__name__


def _joined(frames: dict[str, pl.DataFrame], reading: _Reading) -> pl.DataFrame:
    """Return one row a participant; a second row of one and a participant who is not in the base are refused."""
    if not frames:
        raise DataRefusedError("only files of medicines: expected DEMO of the same cycle beside them.")
    first = next((name for name in frames if name.upper().startswith(("DEMO", "P_DEMO"))), None)
    first = first or max(frames, key=lambda name: frames[name].height)
    order = [first, *(name for name in frames if name != first)]
    joined: pl.DataFrame | None = None
    for name in order:
        frame = frames[name].with_row_index("_row", offset=1)
        twice = frame.filter(pl.col("SEQN").is_duplicated() & ~pl.col("SEQN").is_first_distinct())
        for row, person in twice.select("_row", pl.col("SEQN").cast(pl.String)).iter_rows():
            reading.refusals.add((name, row, person), "SEQN", person, "stands twice; the first row was read")
        frame = frame.unique("SEQN", keep="first", maintain_order=True).drop("_row")
        if joined is None:
            joined = frame
            continue
        strangers = frame.join(joined, on="SEQN", how="anti").height
        if strangers and strangers == frame.height:
            raise DataRefusedError(
                f"{name}: none of its {strangers:,} participants is in {first}: it is of another cycle. Give the "
                "files of one cycle, and judge each cycle into a folder of its own."
            )
        if strangers:
            reading.refusals.count(name, "SEQN", "(several)", f"not in {first}: another cycle?", times=strangers)
        new = [column for column in frame.columns if column == "SEQN" or column not in joined.columns]
        joined = joined.join(frame.select(new), on="SEQN", how="left", maintain_order="left")
    if joined is None:  # pragma: no cover - there is at least one
        raise AssertionError
    return joined


def _findings(joined: pl.DataFrame, reading: _Reading) -> Iterator[pl.Series]:
    """Yield the answers; of several variables of one finding a yes wins, and a no needs every one to be no."""
    answers: dict[str, pl.Series] = {}
    for name, entry in reading.table["findings"].items():
        if name not in joined.columns:
            continue
        found = joined[name]
        text = found.cast(pl.Int64, strict=False).cast(pl.String) if found.dtype.is_numeric() else found.cast(pl.String)
        values = entry["values"]
        strange = set(text.drop_nulls().unique()) - set(values) - set(entry.get("unknown", ()))
        for value in sorted(strange):
            times = int((text == value).sum())
            reading.refusals.count(
                name, name, value, f"expected one of {', '.join(values)}; taken as not known", times=times
            )
        kind = pl.String() if isinstance(next(iter(values.values())), str) else pl.Boolean()
        answer = text.replace_strict(values, default=None, return_dtype=kind)
        before = answers.get(entry["finding"])
        answers[entry["finding"]] = answer if before is None else before | answer
    for finding, answer in answers.items():
        yield answer.alias(finding)


def _labs(joined: pl.DataFrame, reading: _Reading) -> Iterator[pl.Series]:
    for name, entry in reading.table["labs"].items():
        if name not in joined.columns:
            continue
        analyte = reading.codes.knowledge.analytes[entry["analyte"]]
        factor = reading.codes.factor(analyte.id, entry["unit"], "")
        if not isinstance(factor, Factor):
            raise DataRefusedError(f"nhanes.toml: {name}: {factor}")
        values = joined[name].cast(pl.Float64) * factor.factor
        ends = (analyte.plausible_min, analyte.plausible_max)
        yield _possible(values, ends, (name, joined["SEQN"]), reading).alias(f"{LAB}{analyte.id}")


def _amounts(joined: pl.DataFrame, reading: _Reading) -> Iterator[pl.Series]:
    for finding_id, names in reading.table["numbers"].items():
        finding = reading.codes.knowledge.findings[finding_id]
        if (values := _mean(joined, names)) is not None:
            ends = (finding.minimum, finding.maximum)
            yield _possible(values, ends, (names[0], joined["SEQN"]), reading).alias(finding_id)
    for nutrient, names in reading.table["intake"].items():
        if (values := _mean(joined, names)) is not None:
            yield values.alias(f"{INTAKE}{nutrient}")


def _mean(joined: pl.DataFrame, names: Sequence[str]) -> pl.Series | None:
    there = [name for name in names if name in joined.columns]
    return joined.select(pl.mean_horizontal(pl.col(there).cast(pl.Float64))).to_series() if there else None


def _possible(
    values: pl.Series, ends: tuple[float | None, float | None], where: tuple[str, pl.Series], reading: _Reading
) -> pl.Series:
    """Return the values without those that nobody living has; each of these is refused by its participant."""
    low, high = ends
    name, people = where
    outside = pl.Series([False] * len(values))
    outside = outside | (values < low) if low is not None else outside
    outside = outside | (values > high) if high is not None else outside
    outside = outside.fill_null(value=False)
    for row, (person, value) in enumerate(zip(people, values, strict=True), start=1):
        if outside[row - 1]:
            reading.refusals.add((name, row, str(person)), name, value, f"expected {low} to {high} (after conversion)")
    return values.zip_with(~outside, pl.Series([None] * len(values), dtype=pl.Float64))


def _medicines(frame: pl.DataFrame, name: str, reading: _Reading) -> pl.DataFrame:
    """Return the medicines of each participant; someone without a row took none of them or was not asked: not known."""
    entry = reading.table["medicines"]
    text = frame.filter(pl.col(entry["name"]).is_not_null() & (pl.col(entry["name"]).str.strip_chars() != ""))
    days = pl.col(entry["days"]).cast(pl.Float64) if entry["days"] in frame.columns else pl.lit(None, dtype=pl.Float64)
    rows: list[tuple[str, str]] = []
    for written, times in text.group_by(entry["name"]).len().sort(entry["name"]).iter_rows():
        ids, unread = reading.codes.medicines(written)
        rows += [(written, each) for each in ids]
        if unread or not ids:
            reading.refusals.count(name, entry["name"], written, "no medicine of ours, or only in part", times=times)
    names = pl.DataFrame(rows, schema={entry["name"]: pl.String, "_medicine": pl.String}, orient="row")
    known = pl.when(~days.is_in([float(each) for each in entry["unknown_days"]])).then(days / DAYS_A_MONTH)
    long = (
        text.select(pl.col("SEQN").cast(pl.String).alias(PERSON), entry["name"], known.alias("_months"))
        .join(names, on=entry["name"], how="inner", maintain_order="left")
        .group_by(PERSON, "_medicine", maintain_order=True)
        .agg(pl.col("_months").max())
    )
    found = sorted(set(long["_medicine"]))
    own = {each: pl.col("_medicine") == each for each in found}
    taken = [pl.when(own[each].any()).then(statement=True).alias(f"{MEDICINE}{each}") for each in found]
    months = [pl.col("_months").filter(own[each]).first().alias(f"{MEDICINE}{each}{MONTHS}") for each in found]
    return long.group_by(PERSON, maintain_order=True).agg(*taken, *months)


def _unused(joined: pl.DataFrame, reading: _Reading) -> None:
    table = reading.table
    used = {table["id"], *table["keep"], *table["labs"], *table["findings"]}
    used.update(name for group in ("numbers", "intake") for names in table[group].values() for name in names)
    for name in joined.columns:
        if name not in used:
            there = joined.height - joined[name].null_count()
            reading.refusals.count("(columns)", name, "", "says nothing that is judged here; not read", times=there)
