"""Blood tests as findings: what was made of the results, so that a source without flags can be counted too."""

from __future__ import annotations

import functools
from collections.abc import Iterator, Mapping
from types import MappingProxyType

import polars as pl

from rheobase.assess.urgency import LAB as BLOOD_TEST
from rheobase.cohort import outputs
from rheobase.cohort.circuit import EVER, NOBODY
from rheobase.cohort.columns import Plane
from rheobase.cohort.conditions import Values
from rheobase.cohort.frame import LAB, PERSON, TAKEN, coded, schema
from rheobase.cohort.lab_outcomes import possible_labs
from rheobase.cohort.labs import with_labs
from rheobase.cohort.worlds import both_values, worlds_of
from rheobase.knowledge import Knowledge

# Before a finding's id in a judged frame, so that it is never taken for what was told.
FINDING = "finding."
_TRUE, _FALSE = "true", "false"


def lab_planes(knowledge: Knowledge, values: Values) -> dict[str, dict[str, int]]:
    """Return for each finding of a blood test that may be known the planes of its words, or of true and false."""
    return {f"{FINDING}{name}": planes for name, planes in _planes(knowledge, values)}


def _planes(knowledge: Knowledge, values: Values) -> Iterator[tuple[str, dict[str, int]]]:
    for finding in knowledge.findings.values():
        if finding.kind != BLOOD_TEST:
            continue
        if finding.type == "choice":
            planes = dict(values.words.get(finding.id, {}))
        else:
            planes = dict(zip((_TRUE, _FALSE), values.truths_of(finding.id), strict=True))
        if any(plane != NOBODY for plane in planes.values()):
            yield finding.id, planes


def found_columns(
    knowledge: Knowledge, rows: Mapping[str, Mapping[str, int]], worked_out: Plane, people: int
) -> Iterator[tuple[str, pl.Series]]:
    """Yield the column of each finding of a blood test, words by their places (``outputs.as_words``).

    Args:
        knowledge: The findings.
        rows: The row of each of their planes, by column.
        worked_out: The rows.
        people: How many people.
    """
    for name, planes in rows.items():
        if name.startswith(FINDING):
            listed = [worked_out[row] for row in planes.values()]
            if knowledge.findings[name.removeprefix(FINDING)].type == "choice":
                known = functools.reduce(lambda one, other: one | other, listed)
                yield name, outputs.codes(outputs.chosen(listed, people), known)
            else:
                true, false = listed
                yield name, outputs.three(true, false, people)


@functools.lru_cache(maxsize=16)
def possible_findings(knowledge: Knowledge, told: frozenset[str]) -> Mapping[str, pl.DataType]:
    """Return the columns of findings of blood tests that a judgement has: a function of what may be told alone.

    Args:
        knowledge: The findings.
        told: The columns of the told frame, whether or not anything is known in them.
    """
    columns = {name: kind for name, kind in schema(knowledge).items() if name in told and name != PERSON}
    there = with_labs(coded(pl.DataFrame(schema=columns), knowledge), knowledge).columns
    dated = any(name.startswith(LAB) and name.endswith(TAKEN) for name in columns)
    old = [EVER + name for name in there if name.startswith(LAB)] if dated else []
    values, _ = both_values(knowledge, worlds_of(knowledge, frozenset((*there, *old))))
    found: dict[str, pl.DataType] = {}
    for name in lab_planes(knowledge, values):
        finding = knowledge.findings[name.removeprefix(FINDING)]
        found[name] = pl.Enum(finding.options) if finding.type == "choice" else pl.Boolean()
    return MappingProxyType(found)


def every_finding(judged: pl.DataFrame, knowledge: Knowledge, told: frozenset[str]) -> pl.DataFrame:
    """Return a judgement with every column of ``possible_findings`` at its end; what nobody knows is null."""
    possible = possible_findings(knowledge, told)
    return judged.select(
        *(name for name in judged.columns if name not in possible),
        *(
            (pl.col(name) if name in judged.columns else pl.lit(None)).cast(kind).alias(name)
            for name, kind in possible.items()
        ),
    )


def measured(known: pl.DataFrame, knowledge: Knowledge, told: frozenset[str], *, people: int) -> pl.DataFrame:
    """Return every measured value as it was used, beside those that may be worked out; what nobody has is null.

    Args:
        known: What is told and worked out (``labs.with_labs``), only columns in which something is known.
        knowledge: Analytes.
        told: The columns of the told frame.
        people: How many people.
    """
    others = possible_labs(knowledge, told)
    names = [name for name in (f"{LAB}{each}" for each in knowledge.analytes) if name in told and name not in others]
    nothing = pl.repeat(None, people, dtype=pl.Float64(), eager=True)
    return pl.DataFrame([known[name] if name in known.columns else nothing.alias(name) for name in names])
