"""Made-up people for the benchmarks: every finding and many blood tests, each known of some and scattered at random."""

from __future__ import annotations

import numpy as np
import polars as pl

from rheobase.cohort.frame import LAB, MEDICINE, PERSON, SETTING
from rheobase.knowledge import Analyte, Finding, Knowledge
from rheobase.person import SETTINGS

# How many findings and results of one person are known.
KNOWN = 100
# Of what can be present or absent, so much is present: most people have few of all the findings.
PRESENT = 0.1
MEDICINES = 20


def scattered(knowledge: Knowledge, people: int, *, seed: int = 1, known: float = KNOWN) -> pl.DataFrame:
    """Return a told frame of so many people with about ``known`` findings and results each.

    Args:
        knowledge: Findings, analytes and medicines.
        people: How many.
        seed: Of the random numbers.
        known: How many findings and results of each person are known.
    """
    draw = np.random.default_rng(seed)
    analytes = [each for each in knowledge.analytes.values() if each.plausible_max is not None]
    share = known / (len(knowledge.findings) + len(analytes))
    columns = [pl.Series(PERSON, np.arange(people)).cast(pl.String)]
    columns.append(
        pl.Series(SETTING, draw.integers(0, len(SETTINGS), people, dtype=np.uint8)).cat.to(pl.Enum(SETTINGS))
    )
    columns.extend(
        _thinned(_answers(finding, people, draw), share, draw).alias(finding.id)
        for finding in knowledge.findings.values()
    )
    columns.extend(
        _thinned(_results(analyte, people, draw), share, draw).alias(f"{LAB}{analyte.id}") for analyte in analytes
    )
    columns.extend(
        _thinned(pl.Series(draw.random(people) < PRESENT), share, draw).alias(f"{MEDICINE}{medicine}")
        for medicine in list(knowledge.medicine_classes)[:MEDICINES]
    )
    return pl.DataFrame(columns).with_columns(pl.col(SETTING).cast(pl.String))


def _answers(finding: Finding, people: int, draw: np.random.Generator) -> pl.Series:
    if finding.type == "yes_no":
        return pl.Series(draw.random(people) < PRESENT)
    if finding.type == "number":
        low, high = finding.minimum or 0.0, finding.maximum or 1.0
        return pl.Series(np.round(low + (high - low) * draw.beta(2, 4, people)))
    codes = pl.Series(draw.integers(0, len(finding.options), people, dtype=np.uint8))
    words = codes.cat.to(pl.Enum(finding.options)).cast(pl.String)
    if finding.type == "choice":
        return words
    return pl.DataFrame({"place": words}).select(pl.concat_list("place")).to_series()


def _results(analyte: Analyte, people: int, draw: np.random.Generator) -> pl.Series:
    low, high = analyte.plausible_min or 0.0, analyte.plausible_max or 1.0
    return pl.Series(low + (high - low) * draw.beta(2, 5, people))


def _thinned(values: pl.Series, share: float, draw: np.random.Generator) -> pl.Series:
    """Return the values with all but a share of them unknown."""
    known = pl.Series("known", draw.random(len(values)) < share)
    return pl.DataFrame({"value": values, "known": known}).select(pl.when("known").then("value")).to_series()
