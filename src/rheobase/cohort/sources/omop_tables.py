"""Tables of an OMOP CDM folder as lazy frames, and what their concepts mean.

Source:
    OHDSI, OMOP Common Data Model v5.4; the vocabulary tables as Athena ships them (tab-separated).
"""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from dataclasses import dataclass, field
from pathlib import Path

import polars as pl

from rheobase.cohort.sources.codes import Codes
from rheobase.errors import DataRefusedError

CHUNK = 200_000
# Vocabularies of ours under the names that OMOP gives them.
_VOCABULARIES = {
    "LOINC": "LOINC",
    "SNOMED": "SNOMED",
    "ICD10": "ICD10",
    "ICD10CM": "ICD10CM",
    "RxNorm": "RxNorm",
    "RxNorm Extension": "RxNorm",
    "ATC": "ATC",
}
_FORMS = ("SNOMED", "RxNorm", "ATC")


def table(folder: Path, name: str) -> pl.LazyFrame | None:
    """Return a table, its column names in small letters; None when it is not there.

    Args:
        folder: Of the database: ``person.parquet``, ``PERSON.csv``, or a folder ``person`` of such parts.
        name: Of the table.

    Raises:
        DataRefusedError: The file cannot be read.
    """
    parts = [each for each in sorted(folder.iterdir()) if each.name.partition(".")[0].lower() == name]
    files = [file for each in parts for file in (sorted(each.iterdir()) if each.is_dir() else [each])]
    parquet = [each for each in files if each.suffix.lower() == ".parquet"]
    texts = [each for each in files if each.suffix.lower() in (".csv", ".tsv", ".txt")]
    if not parquet and not texts:
        return None
    try:
        if parquet:
            found = pl.scan_parquet(parquet)
        else:
            with texts[0].open(encoding="utf-8-sig") as stream:
                tabbed = "\t" in stream.readline()
            quote = None if tabbed else '"'
            found = pl.scan_csv(texts, separator="\t" if tabbed else ",", quote_char=quote, infer_schema=False)
        columns = found.collect_schema().names()
    except (OSError, pl.exceptions.PolarsError, UnicodeDecodeError) as problem:
        raise DataRefusedError(f"{name}: cannot be read ({_line(problem)}). Export the table again.") from problem
    return found.rename({each: each.lower() for each in columns})


def picked(frame: pl.LazyFrame, name: str, needed: Iterable[str], wanted: Iterable[str]) -> pl.LazyFrame:
    """Return some columns of a table as text, dates and all, and the number of each row; absent ones are null.

    Args:
        frame: The table.
        name: Of the table, for a message.
        needed: Columns without which it is not this table.
        wanted: Further columns.

    Raises:
        DataRefusedError: A needed column is not there.
    """
    there = frame.collect_schema()
    lacking = [each for each in needed if each not in there]
    if lacking:
        raise DataRefusedError(f"{name}: has no column {lacking[0]}, expected the table of OMOP CDM v5.4.")
    columns = [
        pl.col(each).cast(pl.String) if each in there else pl.lit(None, dtype=pl.String).alias(each)
        for each in (*needed, *wanted)
    ]
    return frame.select(columns).with_row_index("row", offset=1)


def batches(frame: pl.LazyFrame, name: str) -> Iterator[pl.DataFrame]:
    """Yield a table in pieces that fit the memory, in its order.

    Raises:
        DataRefusedError: The file is damaged; says where.
    """
    try:
        yield from frame.collect_batches(chunk_size=CHUNK, maintain_order=True)
    except (OSError, pl.exceptions.PolarsError) as problem:
        raise DataRefusedError(f"{name}: cannot be read ({_line(problem)}). Export the table again.") from problem


def distinct(frame: pl.LazyFrame, name: str, columns: Iterable[str]) -> pl.DataFrame:
    """Return every different combination of some columns, and how many rows have it (``times``)."""
    try:
        counted = frame.group_by(list(columns)).len("times").collect(engine="streaming")
    except (OSError, pl.exceptions.PolarsError) as problem:
        raise DataRefusedError(f"{name}: cannot be read ({_line(problem)}). Export the table again.") from problem
    return counted.sort(pl.col("times"), *columns, descending=[True, *(False for _ in columns)])


def _line(problem: Exception) -> str:
    return str(problem).strip().partition("\n")[0][:100] or type(problem).__name__


@dataclass(slots=True)
class Concepts:
    """What concept ids mean to us; looked up once for the ids that a table uses.

    Attributes:
        folder: Of the database.
        codes: Codes of the knowledge.
        codes_of: Vocabulary, code and name of a concept.
        above: Our concepts that a concept is a kind of.
    """

    folder: Path
    codes: Codes
    codes_of: dict[str, tuple[str, str, str]] = field(default_factory=dict)
    above: dict[str, tuple[str, ...]] = field(default_factory=dict)

    def look_up(self, ids: Iterable[str | None]) -> None:
        """Read the codes of some concepts, and of those of ours that they are kinds of."""
        wanted = pl.DataFrame(
            {"concept_id": sorted({each for each in ids if each and each != "0"})}, schema={"concept_id": pl.String}
        )
        concepts = table(self.folder, "concept")
        if concepts is None or not wanted.height:
            return
        names = ("concept_id", "vocabulary_id", "concept_code", "concept_name")
        rows = picked(concepts, "concept", names, ()).drop("row")
        self._keep(rows.join(wanted.lazy(), on="concept_id", how="semi").collect(engine="streaming"))
        ancestors = table(self.folder, "concept_ancestor")
        if ancestors is None:
            return
        ours = self._ours(rows)
        pairs = picked(ancestors, "concept_ancestor", ("ancestor_concept_id", "descendant_concept_id"), ()).drop("row")
        found = (
            pairs.join(wanted.lazy(), left_on="descendant_concept_id", right_on="concept_id", how="semi")
            .join(ours.lazy(), left_on="ancestor_concept_id", right_on="concept_id", how="semi")
            .collect(engine="streaming")
            .sort("descendant_concept_id", "ancestor_concept_id")
        )
        for descendant, group in found.group_by("descendant_concept_id", maintain_order=True):
            self.above[str(descendant[0])] = tuple(group["ancestor_concept_id"])

    def meanings(self, concept_id: str | None) -> Iterator[tuple[str, str, str]]:
        """Yield vocabulary, code and name of a concept, then of ours that it is a kind of."""
        for each in (concept_id or "", *self.above.get(concept_id or "", ())):
            if each in self.codes_of:
                yield self.codes_of[each]

    def _ours(self, rows: pl.LazyFrame) -> pl.DataFrame:
        """Return the concepts that stand for one of our findings or medicines."""
        known = self.codes.every(_FORMS)
        wanted = pl.DataFrame(known, schema={"vocabulary_id": pl.String, "concept_code": pl.String}, orient="row")
        ours = rows.join(wanted.lazy(), on=["vocabulary_id", "concept_code"], how="semi").collect(engine="streaming")
        self._keep(ours)
        return ours.select("concept_id")

    def _keep(self, rows: pl.DataFrame) -> None:
        for concept, vocabulary, code, name in rows.select(
            "concept_id", "vocabulary_id", "concept_code", "concept_name"
        ).iter_rows():
            self.codes_of[concept] = (_VOCABULARIES.get(vocabulary, vocabulary or ""), code or "", name or "")
