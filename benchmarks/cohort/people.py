"""Made-up people for the benchmarks: every finding and many blood tests, each known of some and scattered at random."""

from __future__ import annotations

import numpy as np
import polars as pl

from rheobase.cohort.frame import LAB, MEDICINE, PERSON, SETTING
from rheobase.knowledge import Finding, Knowledge
from rheobase.person import SETTINGS

# How many findings and results of one person are known.
KNOWN = 100
# Of what can be present or absent, so much is present: most people have few of all the findings.
PRESENT = 0.1
MEDICINES = 20


def scattered(knowledge: Knowledge, people: int, *, seed: int = 1) -> pl.DataFrame:
    """Return a told frame of so many people with about ``KNOWN`` findings and results each.

    Args:
        knowledge: Findings, analytes and medicines.
        people: How many.
        seed: Of the random numbers.
    """
    draw = np.random.default_rng(seed)
    analytes = [each for each in knowledge.analytes.values() if each.plausible_max is not None]
    share = KNOWN / (len(knowledge.findings) + len(analytes))
    columns = [pl.Series(PERSON, np.arange(people)).cast(pl.String)]
    columns.append(
        pl.Series(SETTING, draw.integers(0, len(SETTINGS), people, dtype=np.uint8)).cat.to(pl.Enum(SETTINGS))
    )
    for finding in knowledge.findings.values():
        columns.append(_thinned(_answers(finding, people, draw), share, draw).alias(finding.id))
    for analyte in analytes:
        low, high = analyte.plausible_min or 0.0, analyte.plausible_max or 1.0
        values = pl.Series(low + (high - low) * draw.beta(2, 5, people))
        columns.append(_thinned(values, share, draw).alias(f"{LAB}{analyte.id}"))
    for medicine in list(knowledge.medicine_classes)[:MEDICINES]:
        columns.append(_thinned(pl.Series(draw.random(people) < PRESENT), share, draw).alias(f"{MEDICINE}{medicine}"))
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


def _thinned(values: pl.Series, share: float, draw: np.random.Generator) -> pl.Series:
    """Return the values with all but a share of them unknown."""
    known = pl.Series("known", draw.random(len(values)) < share)
    return pl.DataFrame({"value": values, "known": known}).select(pl.when("known").then("value")).to_series()
