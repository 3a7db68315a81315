"""Facts of the motor pool at rest: how its endings differ, published rates of fasciculation, what it is held to."""

from __future__ import annotations

import csv
import tomllib
from collections.abc import Mapping
from dataclasses import dataclass
from functools import lru_cache
from types import MappingProxyType
from typing import Any

from rheobase.errors import KnowledgeError
from rheobase.knowledge.nerve_facts import FOLDER, Fact, Target
from rheobase.knowledge.read import DATA

FILE, CROWD = "pool.toml", "pool_crowd.csv"
CROWD_COLUMNS = ("na", "k", "current", "noise", "normal")


@dataclass(frozen=True, slots=True)
class Rate:
    """A published rate of fasciculation of one muscle [1/min], with the range that is said or follows from it."""

    id: str
    what: str
    per_minute: float
    low: float
    high: float
    source: str
    grade: str
    note: str = ""


@dataclass(frozen=True, eq=False)
class PoolFacts:
    """Everything the pool stands on. Compared by identity: one process has one."""

    facts: Mapping[str, Fact]
    rates: Mapping[str, Rate]
    targets: Mapping[str, Target]

    def __getitem__(self, name: str) -> float:
        """Return one number in its own unit."""
        return self.facts[name].value


@lru_cache(maxsize=1)
def load_pool_facts() -> PoolFacts:
    """Return the packaged facts, read once.

    Raises:
        KnowledgeError: The file is malformed.
    """
    raw: dict[str, list[dict[str, Any]]] = tomllib.loads((DATA / FOLDER / FILE).read_text(encoding="utf-8"))
    try:
        return PoolFacts(
            MappingProxyType({row["id"]: Fact(**row) for row in raw["pool_fact"]}),
            MappingProxyType({row["id"]: Rate(**row) for row in raw["pool_rate"]}),
            MappingProxyType({row["id"]: Target(**row) for row in raw["pool_target"]}),
        )
    except (TypeError, KeyError) as problem:
        raise KnowledgeError(f"{FOLDER}/{FILE}: {problem}") from problem


@lru_cache(maxsize=1)
def load_crowd() -> Mapping[str, tuple[float, ...]]:
    """Return the packaged crowd of calm endings by column: their numbers, and events a second in normal serum.

    Made by ``tools/draw_pool.py``.
    """
    with (DATA / FOLDER / CROWD).open(encoding="utf-8", newline="") as file:
        rows = list(csv.DictReader(file))
    return MappingProxyType({name: tuple(float(row[name]) for row in rows) for name in CROWD_COLUMNS})


def cited_by_pool() -> frozenset[str]:
    """Return the id of every source that the facts of the pool cite."""
    known = load_pool_facts()
    return frozenset(each.source for table in (known.facts, known.rates, known.targets) for each in table.values())
