"""Blood tests among the columns of a result: those that there can be when these are told, whatever is known of whom."""

from __future__ import annotations

import functools
from collections.abc import Collection, Iterator, Mapping
from types import MappingProxyType

import polars as pl

from rheobase.cohort.frame import FLAG, FLAGS, LAB, PERSON, coded, schema
from rheobase.cohort.labs import with_labs
from rheobase.knowledge import Knowledge

TESTED = "tested."
# Worked out from others without being named as such.
_WORKED_OUT = ("calcium_adjusted", "egfr")


@functools.lru_cache(maxsize=16)
def possible_labs(knowledge: Knowledge, told: frozenset[str]) -> Mapping[str, pl.DataType]:
    """Return the columns of blood tests that a judgement has, and their types: a function of what may be told alone.

    Every batch of a cohort has them, so that its parts are one table; a column whose values nobody has is null.

    Args:
        knowledge: Analytes and formulas.
        told: The columns of the told frame, whether or not anything is known in them.
    """
    columns = {name: kind for name, kind in schema(knowledge).items() if name in told and name != PERSON}
    empty = with_labs(coded(pl.DataFrame(schema=columns), knowledge), knowledge)
    found = dict(empty.select(_outcomes(knowledge, empty.columns)).schema)
    return MappingProxyType({**found, **dict.fromkeys(_tested(knowledge, told), pl.Boolean())})


def lab_outcomes(known: pl.DataFrame, knowledge: Knowledge, told: pl.DataFrame) -> pl.DataFrame:
    """Return the values that may have been worked out, every flag as used, and who was tested for what.

    Args:
        known: What is told and worked out (``labs.with_labs``), only columns in which something is known.
        knowledge: Analytes and formulas.
        told: The told frame.

    Returns:
        ``possible_labs``, as many rows as ``told`` has.
    """
    there = {
        **known.select(_outcomes(knowledge, known.columns)).to_dict(),
        **told.select(
            pl.any_horizontal(pl.col(name).is_not_null() for name in names).alias(tested)
            for tested, names in _tested(knowledge, told.columns).items()
        ).to_dict(),
    }
    return pl.DataFrame(
        [
            there[name] if name in there else pl.repeat(None, told.height, dtype=kind, eager=True).alias(name)
            for name, kind in possible_labs(knowledge, frozenset(told.columns)).items()
        ]
    )


def _outcomes(knowledge: Knowledge, columns: Collection[str]) -> Iterator[pl.Expr]:
    for analyte in knowledge.analytes.values():
        name = f"{LAB}{analyte.id}"
        if name in columns and (analyte.derived_from or analyte.id in _WORKED_OUT):
            yield pl.col(name)
        if name + FLAG in columns:
            yield pl.col(name + FLAG).cast(pl.Enum(FLAGS)).alias(f"flag.{analyte.id}")


def _tested(knowledge: Knowledge, told: Collection[str]) -> dict[str, list[str]]:
    """Return for each blood test that may be told the columns of which one says that there is a result."""
    named = {
        each: [name for name in (f"{LAB}{each}", f"{LAB}{each}{FLAG}") if name in told] for each in knowledge.analytes
    }
    return {f"{TESTED}{each}": names for each, names in named.items() if names}
