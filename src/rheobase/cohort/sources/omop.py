"""OMOP CDM v5.4: person, condition_occurrence, measurement, drug_exposure and observation, as Parquet or CSV.

Concepts are known by their codes, from the CONCEPT table where there is one (and CONCEPT_ANCESTOR, so that a kind of
diabetes is diabetes and a tablet is its ingredient); otherwise the source values are read as codes and units.

Source:
    OHDSI, OMOP Common Data Model v5.4.
"""

from __future__ import annotations

import itertools
import math
from collections.abc import Iterable, Iterator
from dataclasses import dataclass, field
from datetime import date
from pathlib import Path

import polars as pl

from rheobase.cohort.frame import schema
from rheobase.cohort.sources.batch import Batch, Refusals
from rheobase.cohort.sources.codes import Codes, Factor, load_codes
from rheobase.cohort.sources.omop_tables import Concepts, batches, distinct, picked, table
from rheobase.cohort.sources.record import KINDS, Moment, age_on, in_force, told, until
from rheobase.cohort.sources.spool import Spool
from rheobase.errors import DataRefusedError
from rheobase.knowledge import Knowledge

# Concept ids of the standard vocabulary that are the same everywhere (OMOP CDM v5.4 documentation; grade B).
SEXES = {"8507": "male", "8532": "female", "M": "male", "F": "female"}
OPERATORS = {"4171756": "<", "4171754": "<=", "4172704": ">", "4171755": ">="}
# No operator, and "=": the number itself. Whatever else is written there might be a limit, which a number is not.
NO_OPERATOR = ("", "0", "4172703")
YES, NO = "4188539", "4188540"
_STRANGE_OPERATOR = "not understood, expected none, 0, or the concept of = (or <, <=, >, >= of a blood test)"
_NOTHING = "no finding or test of ours has this code"


@dataclass(slots=True)
class _Database:
    folder: Path
    codes: Codes
    concepts: Concepts
    moment: Moment
    refusals: Refusals
    order: Iterator[int] = field(default_factory=lambda: itertools.count(1))


def omop(folder: Path, knowledge: Knowledge, *, on: date) -> Iterator[Batch]:
    """Yield the people of a database in batches that fit the memory.

    Only what is still true on the date is told: see ``data/codes.toml``. People who have died by then are left out.

    Args:
        folder: Holds ``person`` and any of the other tables, as Parquet, CSV, or folders of parts.
        knowledge: Findings, analytes and medicines.
        on: The date that is judged; what came later is counted and not used.

    Raises:
        DataRefusedError: There is no table of people, or a table is damaged or not of OMOP.
    """
    if not folder.is_dir() or table(folder, "person") is None:
        raise DataRefusedError(
            f"{folder.name}: expected a folder with the table person (person.parquet or person.csv)."
        )
    codes = load_codes(knowledge)
    base = _Database(folder, codes, Concepts(folder, codes), Moment(on, codes.days), Refusals())
    names = ("person", "measurement", "condition_occurrence", "drug_exposure", "observation")
    size = sum(each.stat().st_size for each in folder.rglob("*") if each.name.lower().startswith(names))
    known = schema(knowledge)
    with Spool(KINDS, size=size) as spool:
        _people(base, spool)
        _measurements(base, spool)
        _yes_or_no(base, spool, "condition_occurrence", "condition")
        _yes_or_no(base, spool, "observation", "observation")
        _drugs(base, spool)
        for bucket in range(spool.buckets):
            yield Batch(
                told(
                    {kind: spool.take(kind, bucket) for kind in KINDS},
                    base.moment,
                    known,
                    (base.refusals, "measurement"),
                ),
                base.refusals.take(),
            )


def _people(base: _Database, spool: Spool) -> None:
    on, seen = base.moment.on, set[str]()
    oldest = base.codes.knowledge.findings["age_years"].maximum or math.inf
    dead = _dead(base)
    born = ("year_of_birth", "month_of_birth", "day_of_birth")
    frame = picked(
        _table(base, "person"),
        "person",
        ("person_id", "year_of_birth"),
        (*born[1:], "gender_concept_id", "gender_source_value"),
    )
    for batch in batches(frame, "person"):
        rows = []
        for row, person, year, month, day, concept, source in batch.iter_rows():
            where = ("person", row, person)
            if not person or person in seen:
                base.refusals.add(
                    where, "person_id", person, "stands twice; the first was read" if person else "is empty"
                )
                continue
            seen.add(person)
            parts = [_whole(each) for each in (year, month, day)]
            age = age_on(on, parts)
            if age is None or not 0 <= age <= oldest:
                base.refusals.add(
                    where,
                    "year_of_birth",
                    year,
                    "expected a year of birth of somebody alive on the date that is judged",
                )
                age = None
            sex = SEXES.get(concept or "") or SEXES.get((source or "").upper()[:1])
            if person in dead:
                base.refusals.add(where, "death_date", "", f"had died by {on}; left out")
            rows.append((person, age, sex, person in dead, next(base.order)))
        spool.add("people", pl.DataFrame(rows, schema=KINDS["people"], orient="row"))


def _dead(base: _Database) -> set[str]:
    deaths = table(base.folder, "death")
    if deaths is None:
        return set()
    rows = picked(deaths, "death", ("person_id", "death_date"), ())
    return {
        person
        for batch in batches(rows.with_columns(_day("death_date")), "death")
        for person, died in batch.select("person_id", "death_date").iter_rows()
        if died is None or died <= base.moment.on
    }


def _measurements(base: _Database, spool: Spool) -> None:
    if table(base.folder, "measurement") is None:
        return
    keys = ["measurement_concept_id", "measurement_source_value", "unit_concept_id", "unit_source_value"]
    more = ["measurement_datetime", "operator_concept_id", "value_as_number", "range_low", "range_high"]
    frame = picked(_table(base, "measurement"), "measurement", ("person_id", "measurement_date"), [*keys, *more])
    combinations = distinct(frame, "measurement", keys)
    base.concepts.look_up([*combinations[keys[0]], *combinations[keys[2]]])
    meant = _meant(base, combinations)
    numbers = [_number(each) for each in ("value_as_number", "range_low", "range_high")]
    for batch in batches(
        frame.join(meant.lazy(), on=keys, how="inner", nulls_equal=True, maintain_order="left"), "measurement"
    ):
        values = batch.with_columns(numbers).with_columns(_day("measurement_date"))
        lost = values.filter(pl.col("value_as_number").is_null())
        for row, person, what in lost.select("row", "person_id", "what").iter_rows():
            base.refusals.add(("measurement", row, person), "value_as_number", "", f"{what}: no number")
        scaled = values.drop_nulls("value_as_number").with_columns(
            pl.col("value_as_number", "range_low", "range_high") * pl.col("factor")
        )
        _spool_results(base, spool, scaled)


def _spool_results(base: _Database, spool: Spool, scaled: pl.DataFrame) -> None:
    """Keep results and signs whose value is possible; the others are refused by row."""
    value = pl.col("value_as_number")
    fine = (value >= pl.col("least")).fill_null(value=True) & (value <= pl.col("most")).fill_null(value=True)
    for row, person, what, found, least, most in (
        scaled.filter(~fine | ~value.is_finite())
        .select("row", "person_id", "what", "value_as_number", "least", "most")
        .iter_rows()
    ):
        base.refusals.add(("measurement", row, person), what, found, f"expected {least} to {most} (after conversion)")
    good = _with_known_operator(base, scaled.filter(fine & value.is_finite()))
    orders = pl.Series("order", list(itertools.islice(base.order, good.height)), dtype=pl.Int64)
    # Only the hours and minutes: a midnight is what a database writes when it does not know the time.
    time = pl.col("measurement_datetime").str.extract(r"[ T](\d{2}:\d{2}:\d{2})")
    good = good.with_columns(orders, pl.when(time != "00:00:00").then(time).alias("time"))
    days = base.moment.days
    labs = good.filter(pl.col("kind") == "lab").select(
        "person_id",
        pl.col("what").alias("analyte"),
        value.alias("value"),
        pl.col("operator_concept_id")
        .replace_strict(OPERATORS, default=None, return_dtype=pl.String)
        .alias("comparator"),
        pl.lit(None, dtype=pl.String).alias("flag"),
        pl.col("range_low").alias("low"),
        pl.col("range_high").alias("high"),
        "per_day",
        pl.col("measurement_date").alias("taken"),
        "time",
        "order",
    )
    seen = (base.refusals, "measurement")
    spool.add("labs", until(labs, base.moment, seen))
    signs = good.filter(pl.col("kind") == "sign").select(
        "person_id",
        pl.col("what").alias("finding"),
        pl.lit(None, dtype=pl.Boolean).alias("yes"),
        value.alias("number"),
        pl.col("measurement_date").alias("on"),
        "order",
    )
    spool.add("said", in_force(signs, "on", (base.moment, days.sign), seen))


def _with_known_operator(base: _Database, rows: pl.DataFrame) -> pl.DataFrame:
    """Return the rows whose operator is understood, and of signs those that are no limit; the others are refused."""
    operator = pl.col("operator_concept_id").fill_null("")
    plain = operator.is_in(NO_OPERATOR)
    fine = plain | (operator.is_in(list(OPERATORS)) & (pl.col("kind") == "lab"))
    for row, person, what, found in rows.filter(~fine).select("row", "person_id", "what", operator).iter_rows():
        base.refusals.add(("measurement", row, person), "operator_concept_id", found, f"{what}: {_STRANGE_OPERATOR}")
    return rows.filter(fine)


def _meant(base: _Database, combinations: pl.DataFrame) -> pl.DataFrame:
    """Return for each known combination of code and unit what it is and what its unit is worth; count the others."""
    rows = []
    for concept, source, unit_concept, unit_source, times in combinations.iter_rows():
        codes = [code for vocabulary, code, _ in base.concepts.meanings(concept) if vocabulary == "LOINC"]
        codes += [source] if source and not codes else []
        unit = next((code for _, code, _ in base.concepts.meanings(unit_concept)), "") or unit_source or ""
        found = _known(base, codes, unit)
        if isinstance(found, str):
            shown = f"{concept or ''} {source or ''} [{unit or 'no unit'}]".strip()
            base.refusals.count("measurement", "measurement_concept_id", shown, found, times=times)
            continue
        rows.append((concept, source, unit_concept, unit_source, *found))
    text = dict.fromkeys(combinations.columns[:4], pl.String)
    kinds = {
        "kind": pl.String,
        "what": pl.String,
        "factor": pl.Float64,
        "per_day": pl.Boolean,
        "least": pl.Float64,
        "most": pl.Float64,
    }
    return pl.DataFrame(rows, schema={**text, **kinds}, orient="row")


def _known(
    base: _Database, codes: Iterable[str], unit: str
) -> tuple[str, str, float, bool | None, float | None, float | None] | str:
    for code in codes:
        known = base.codes.analyte(code)
        if known is not None and known.analyte:
            factor = base.codes.factor(known.analyte, unit, known.kind)
            if not isinstance(factor, Factor):
                return factor
            entry = base.codes.knowledge.analytes[known.analyte]
            return "lab", entry.id, factor.factor, factor.per_day or None, entry.plausible_min, entry.plausible_max
        if (finding_id := base.codes.finding("LOINC", code)) is not None:
            finding = base.codes.knowledge.findings[finding_id]
            if unit not in base.codes.units_of_finding(finding_id):
                return f"{finding_id}: unit is not the one expected"
            return "sign", finding_id, 1.0, None, finding.minimum, finding.maximum
    return _NOTHING


def _yes_or_no(base: _Database, spool: Spool, name: str, stem: str) -> None:
    """Keep the findings that conditions and observations say."""
    if table(base.folder, name) is None:
        return
    start, end = ("condition_start_date", "condition_end_date") if stem == "condition" else ("observation_date", "none")
    keys = [f"{stem}_concept_id", f"{stem}_source_value", "value_as_concept_id", "value_as_string", "value_as_number"]
    if stem == "condition":
        keys = keys[:2]
    frame = picked(_table(base, name), name, ("person_id", start), [*keys, end])
    combinations = distinct(frame, name, keys)
    base.concepts.look_up(combinations[keys[0]])
    meant = _said(base, name, combinations)
    on = pl.lit(base.moment.on)
    last = pl.when(pl.col(end) > on).then(on).otherwise(pl.coalesce(end, start))
    for batch in batches(frame.join(meant.lazy(), on=keys, how="inner", nulls_equal=True, maintain_order="left"), name):
        dated = batch.with_columns(_day(start), _day(end)).with_columns(
            pl.when(pl.col(start) > on).then(pl.col(start)).otherwise(last).alias("on"),
            pl.Series("order", list(itertools.islice(base.order, batch.height)), dtype=pl.Int64),
            pl.lit(None, dtype=pl.Float64).alias("number"),
        )
        for history in (True, False):
            part = dated.filter(pl.col("history") == history).select(KINDS["said"].names())
            days = None if history else base.moment.days.symptom
            spool.add("said", in_force(part, "on", (base.moment, days), (base.refusals, name)))


def _said(base: _Database, name: str, combinations: pl.DataFrame) -> pl.DataFrame:
    keys = combinations.columns[:-1]
    rows = []
    for *key, times in combinations.iter_rows():
        concept, source, *answer = key
        findings, result = _findings(base, concept, source)
        yes = _answer(answer)
        why = "" if findings else _NOTHING
        if result and not findings:
            why = "diagnosis of a blood result: the result itself is read"
        if findings and yes is None:
            why = "its value is neither yes nor no"
        if why:
            shown = " ".join(str(each) for each in key if each)
            base.refusals.count(name, keys[0], shown, why, times=times)
            continue
        rows += [(*key, each, yes, base.codes.history(each)) for each in findings]
    kinds = {"finding": pl.String, "yes": pl.Boolean, "history": pl.Boolean}
    return pl.DataFrame(rows, schema={**dict.fromkeys(keys, pl.String), **kinds}, orient="row")


def _findings(base: _Database, concept: str | None, source: str | None) -> tuple[list[str], bool]:
    found: dict[str, None] = {}
    result = False
    meanings = [(vocabulary, code) for vocabulary, code, _ in base.concepts.meanings(concept)]
    if source:
        meanings += [("SNOMED", source), ("ICD10CM", source)]
    for vocabulary, code in meanings:
        finding = base.codes.finding(vocabulary, code)
        if finding is not None and base.codes.knowledge.findings[finding].type == "yes_no":
            found[finding] = None
        result = result or base.codes.is_result(vocabulary, code)
    return list(found), result


def _answer(answer: list[str | None]) -> bool | None:
    """Return what an observation says of its finding: with no value at all it is there."""
    if not any(answer) or answer[0] == YES:
        return True
    if answer[0] == NO:
        return False
    words = {"yes": True, "no": False, "present": True, "absent": False}
    return None if answer[0] not in (None, "0") or answer[2] else words.get((answer[1] or "").strip().lower())


def _drugs(base: _Database, spool: Spool) -> None:
    if table(base.folder, "drug_exposure") is None:
        return
    keys = ["drug_concept_id", "drug_source_value"]
    dates = ("drug_exposure_start_date", "drug_exposure_end_date")
    frame = picked(
        _table(base, "drug_exposure"), "drug_exposure", ("person_id", dates[0]), [*keys, dates[1], "days_supply"]
    )
    combinations = distinct(frame, "drug_exposure", keys)
    base.concepts.look_up(combinations[keys[0]])
    rows: list[tuple[str | None, str | None, str]] = []
    for concept, source, times in combinations.iter_rows():
        medicines = _medicines(base, concept, source)
        rows += [(concept, source, each) for each in medicines]
        if not medicines:
            name = next((each for _, _, each in base.concepts.meanings(concept)), "") or source or concept
            base.refusals.count("drug_exposure", "drug_concept_id", name, "no medicine of ours", times=times)
    meant = pl.DataFrame(rows, schema={**dict.fromkeys(keys, pl.String), "medicine": pl.String}, orient="row")
    supply = pl.col(dates[0]) + pl.duration(days=pl.col("days_supply"))
    for batch in batches(
        frame.join(meant.lazy(), on=keys, how="inner", nulls_equal=True, maintain_order="left"), "drug_exposure"
    ):
        dated = batch.with_columns(_day(dates[0]), _day(dates[1]), _number("days_supply").cast(pl.Int64, strict=False))
        rows_of = dated.select(
            "person_id",
            "medicine",
            pl.col(dates[0]).alias("start"),
            pl.coalesce(pl.col(dates[1]), supply).alias("end"),
            pl.lit(value=False).alias("open"),
            pl.Series("order", list(itertools.islice(base.order, dated.height)), dtype=pl.Int64),
        )
        spool.add("takes", in_force(rows_of, "start", (base.moment, None), (base.refusals, "drug_exposure")))


def _medicines(base: _Database, concept: str | None, source: str | None) -> tuple[str, ...]:
    meanings = list(base.concepts.meanings(concept))
    coded = tuple(
        dict.fromkeys(each for vocabulary, code, _ in meanings if (each := base.codes.medicine(vocabulary, code)))
    )
    if coded:
        return coded
    for name in (*(each for _, _, each in meanings[:1]), source or ""):
        ids, _ = base.codes.medicines(name) if name else ((), ())
        if ids:
            return ids
    return ()


def _table(base: _Database, name: str) -> pl.LazyFrame:
    found = table(base.folder, name)
    if found is None:
        raise DataRefusedError(f"{name}: the table is not there any more.")
    return found


def _day(name: str) -> pl.Expr:
    return pl.col(name).str.slice(0, 10).str.to_date("%Y-%m-%d", strict=False)


def _number(name: str) -> pl.Expr:
    return pl.col(name).cast(pl.Float64, strict=False)


def _whole(text: str | None) -> int | None:
    try:
        return int(float(text)) if text else None
    except ValueError:
        return None
