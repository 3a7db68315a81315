"""Facts of the nerve model: gates, axons, single numbers, what is asked of a person, what it must reproduce."""

from __future__ import annotations

import tomllib
from collections.abc import Mapping
from dataclasses import dataclass
from functools import lru_cache
from types import MappingProxyType
from typing import Any, TypeVar

from rheobase.errors import KnowledgeError
from rheobase.knowledge.read import DATA

FOLDER = "nerve"
# This folder holds other models' files too; these are the membrane's.
FILES = ("facts", "gates", "serum", "axons", "targets", "words")
T = TypeVar("T")


@dataclass(frozen=True, slots=True)
class Fact:
    """One number with its source.

    Attributes:
        id: Name in the code.
        what: What it is.
        value: In ``unit``.
        unit: As written, "" for none.
        source: Id of the source.
        grade: How well that was checked.
        low: Lowest value that may be true, None where it is not known.
        high: Highest.
        note: What to know.
    """

    id: str
    what: str
    value: float
    unit: str
    source: str
    grade: str
    low: float | None = None
    high: float | None = None
    note: str = ""


@dataclass(frozen=True, slots=True)
class Rate:
    """A rate over the potential: ``shape`` is linear, sigmoid or exponential; a [1/ms], b [mV], c [mV]."""

    shape: str
    a: float
    b: float
    c: float


@dataclass(frozen=True, slots=True)
class Gate:
    """A first-order gate: rates of opening and closing at ``at_c`` degrees, growing by ``q10`` for each ten."""

    id: str
    what: str
    alpha: Rate
    beta: Rate
    q10: float
    at_c: float
    source: str
    grade: str
    note: str = ""


@dataclass(frozen=True, slots=True)
class Input:
    """What is asked of a person: its normal value, the range that is possible, the range in which it was checked."""

    id: str
    name: str
    unit: str
    normal: float
    low: float
    high: float
    checked_low: float
    checked_high: float
    source: str
    grade: str

    @property
    def heading(self) -> str:
        """Return the name as it begins a line; pH stays as it is written."""
        return self.name if self.name[1:2].isupper() else self.name[0].upper() + self.name[1:]


@dataclass(frozen=True, slots=True)
class Axon:
    """A kind of axon.

    Attributes:
        id: Such as "motor".
        name: As read out.
        compartments: 2 for node and internode, 1 for a node alone.
        gates: Gate by its place: m, h, p, n, s, and si, q, ni under the myelin.
        parameters: By id.
        note: What to know.
    """

    id: str
    name: str
    compartments: int
    gates: Mapping[str, str]
    parameters: Mapping[str, Fact]
    note: str = ""

    def value(self, name: str) -> float:
        """Return one parameter in its own unit."""
        return self.parameters[name].value


@dataclass(frozen=True, slots=True)
class Target:
    """A published figure that the model should reproduce.

    Attributes:
        id: Such as "V2".
        what: The quantity.
        says: The published figure in words.
        low: Lower end of what counts as reproduced, None where only words are given.
        high: Upper end.
        unit: Of both.
        source: Id of the source.
        grade: A where it was read, B from memory, C estimate.
        judged: How this model is held to it, "" when it is not.
        why: Why it is not within, or not judged.
        basis: "prediction"; "fitted" where parameters were set to this very figure; "construction" where it cannot be
            otherwise; "solver" where the same published equations are compared, solved by another program.
        remark: What to know of the figure itself, such as a doubt about it.
    """

    id: str
    what: str
    says: str
    source: str
    grade: str
    unit: str = ""
    low: float | None = None
    high: float | None = None
    judged: str = ""
    why: str = ""
    basis: str = "prediction"
    remark: str = ""


@dataclass(frozen=True, eq=False)
class NerveFacts:
    """Everything the nerve model stands on. Compared by identity: one process has one."""

    facts: Mapping[str, Fact]
    gates: Mapping[str, Gate]
    inputs: Mapping[str, Input]
    axons: Mapping[str, Axon]
    targets: Mapping[str, Target]

    def __getitem__(self, name: str) -> float:
        """Return one number in its own unit."""
        return self.facts[name].value


@lru_cache(maxsize=1)
def load_nerve_facts() -> NerveFacts:
    """Return the packaged facts, read once.

    Raises:
        KnowledgeError: A file is malformed, or an axon names a gate that is not there.
    """
    raw: dict[str, list[dict[str, Any]]] = {}
    for name in FILES:
        for key, rows in tomllib.loads((DATA / FOLDER / f"{name}.toml").read_text(encoding="utf-8")).items():
            raw.setdefault(key, []).extend(rows)
    gates = {row["id"]: _gate(row) for row in raw["nerve_gate"]}
    axons = _axons(raw["nerve_axon"], raw["nerve_parameter"])
    for axon in axons.values():
        for gate in axon.gates.values():
            if gate not in gates:
                raise KnowledgeError(f"axon {axon.id}: no gate {gate!r}")
    return NerveFacts(
        _indexed(Fact, raw["nerve_fact"]),
        MappingProxyType(gates),
        _indexed(Input, raw["nerve_input"]),
        axons,
        _indexed(Target, raw["nerve_target"]),
    )


def cited_by_nerve() -> frozenset[str]:
    """Return the id of every source that the facts of the nerve cite."""
    known = load_nerve_facts()
    parameters = (each.parameters for each in known.axons.values())
    tables: tuple[Mapping[str, Any], ...] = (known.facts, known.gates, known.inputs, known.targets, *parameters)
    return frozenset(each.source for table in tables for each in table.values())


def _axons(rows: list[dict[str, Any]], parameters: list[dict[str, Any]]) -> Mapping[str, Axon]:
    """Return the axons; one that is `based_on` another has its parameters but for its own."""
    found: dict[str, Axon] = {}
    for row in rows:
        base = found[row["based_on"]] if "based_on" in row else None
        own = {each["id"]: each for each in parameters if each["axon"] == row["id"]}
        facts = {
            name: _row(Fact, {key: value for key, value in each.items() if key != "axon"}) for name, each in own.items()
        }
        merged = {**(base.parameters if base else {}), **facts}
        gates = row.get("gates") or (dict(base.gates) if base else {})
        found[row["id"]] = Axon(
            row["id"], row["name"], row["compartments"], MappingProxyType(gates), MappingProxyType(merged),
            row.get("note", ""),
        )  # fmt: skip
    return MappingProxyType(found)


def _gate(row: dict[str, Any]) -> Gate:
    return _row(Gate, {**row, "alpha": _row(Rate, row["alpha"]), "beta": _row(Rate, row["beta"])})


def _indexed(kind: type[T], rows: list[dict[str, Any]]) -> Mapping[str, T]:
    table: dict[str, T] = {}
    for row in rows:
        if row["id"] in table:
            raise KnowledgeError(f"{kind.__name__} {row['id']}: stands twice")
        table[row["id"]] = _row(kind, row)
    return MappingProxyType(table)


def _row(kind: type[T], row: Mapping[str, Any]) -> T:
    try:
        return kind(**row)
    except TypeError as problem:
        raise KnowledgeError(f"{FOLDER}: {row.get('id')}: {problem}") from problem
