"""Facts of the double-cable fibre: its sizes, gates, single numbers, and the velocity of the published model."""

from __future__ import annotations

import tomllib
from collections.abc import Mapping
from dataclasses import dataclass
from functools import lru_cache
from types import MappingProxyType
from typing import Any

from rheobase.errors import KnowledgeError
from rheobase.knowledge.nerve_facts import FOLDER, Fact, Gate, Rate, Target
from rheobase.knowledge.read import DATA

FILE = "fibre.toml"
GATES = ("m", "h", "p", "s")


@dataclass(frozen=True, slots=True)
class Size:
    """One fibre of the published table [um]: outer, axon's, node's diameter; node to node; FLUT's length; lamellae."""

    diameter: float
    axon: float
    node: float
    spacing: float
    flut: float
    lamellae: int


@dataclass(frozen=True, slots=True)
class Velocity:
    """Conduction velocity [m/s] of the published model in NEURON: with its step of 5 us, and as the step goes to 0."""

    diameter: float
    coarse: float
    fine: float


@dataclass(frozen=True, eq=False)
class FibreFacts:
    """Everything the fibre stands on. Compared by identity: one process has one."""

    sizes: Mapping[float, Size]
    gates: tuple[Gate, ...]
    facts: Mapping[str, Fact]
    velocities: Mapping[float, Velocity]
    targets: Mapping[str, Target]

    def __getitem__(self, name: str) -> float:
        """Return one number in its own unit."""
        return self.facts[name].value


@lru_cache(maxsize=1)
def load_fibre_facts() -> FibreFacts:
    """Return the packaged facts, read once.

    Raises:
        KnowledgeError: The file is malformed.
    """
    raw: dict[str, list[dict[str, Any]]] = tomllib.loads((DATA / FOLDER / FILE).read_text(encoding="utf-8"))
    try:
        gates = {row["id"]: Gate(**{**row, "alpha": Rate(**row["alpha"]), "beta": Rate(**row["beta"])})
                 for row in raw["fibre_gate"]}  # fmt: skip
        return FibreFacts(
            MappingProxyType({row["diameter"]: Size(**row) for row in raw["fibre_size"]}),
            tuple(gates[name] for name in GATES),
            MappingProxyType({row["id"]: Fact(**row) for row in raw["fibre_fact"]}),
            MappingProxyType({row["diameter"]: Velocity(**row) for row in raw["fibre_velocity"]}),
            MappingProxyType({row["id"]: Target(**row) for row in raw["fibre_target"]}),
        )
    except (TypeError, KeyError) as problem:
        raise KnowledgeError(f"{FOLDER}/{FILE}: {problem}") from problem


def cited_by_fibre() -> frozenset[str]:
    """Return the id of every source that the facts of the fibre cite."""
    known = load_fibre_facts()
    tables = (known.gates, known.facts.values(), known.targets.values())
    return frozenset(each.source for table in tables for each in table)
