"""What healthy people's axons show in a nerve laboratory, what else moves those figures, and how a fit is judged."""

from __future__ import annotations

import csv
import itertools
import math
import tomllib
from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass
from functools import lru_cache
from types import MappingProxyType
from typing import Any

from rheobase.errors import KnowledgeError
from rheobase.knowledge.nerve_facts import FOLDER, Fact
from rheobase.knowledge.read import DATA

FILE, CURVES = "norms.toml", "norm_curves.csv"


@dataclass(frozen=True, slots=True)
class Norm:
    """One figure of a recording and what healthy people show in it.

    Attributes:
        id: Such as "time_constant".
        number: Of the line in a QTRAC file.
        name: As read out.
        names: As it is written in files, in small letters.
        unit: Of all numbers, "" for none.
        mean: Of healthy people.
        sd: Standard deviation between them.
        n: How many they were.
        possible: Ends outside of which it is no measurement in this unit.
        skewed: Whether it is taken as log-normal.
        technical: Whether it follows electrodes and tissue more than the membrane.
        source: Id of the source.
        grade: A where it was read, B from memory, C our estimate.
    """

    id: str
    number: int
    name: str
    names: tuple[str, ...]
    unit: str
    mean: float
    sd: float
    n: int
    possible: tuple[float, float]
    skewed: bool
    technical: bool
    source: str
    grade: str

    def z(self, value: float) -> float:
        """Return how far a value is from the mean, in standard deviations; above 0 for the greater one."""
        middle, spread = self._shape()
        return ((math.log(value) if self.skewed else value) - middle) / spread

    def at(self, z: float) -> float:
        """Return the value that lies so many standard deviations from the mean."""
        middle, spread = self._shape()
        found = middle + z * spread
        return math.exp(found) if self.skewed else found

    def _shape(self) -> tuple[float, float]:
        """Return mean and standard deviation, of the logarithm where it is skewed."""
        if not self.skewed:
            return self.mean, self.sd
        variance = math.log1p((self.sd / self.mean) ** 2)
        return math.log(self.mean) - variance / 2, math.sqrt(variance)


@dataclass(frozen=True, slots=True)
class NormPoint:
    """One point of a curve: where it is, mean and standard deviation of healthy people, how many they were."""

    at: float
    mean: float
    sd: float
    n: int


@dataclass(frozen=True, slots=True)
class Confounder:
    """Something besides the nerve itself that moves the figures, in words."""

    id: str
    text: str
    source: str
    grade: str


@dataclass(frozen=True, slots=True)
class Fitted:
    """A property of the membrane that a fit may change.

    Attributes:
        id: Parameter of the motor axon, or "potassium".
        name: As read out.
        unit: Of a shift, "" for a factor.
        kind: "factor" where its logarithm is fitted, "shift" where the value itself is.
        spread: Standard deviation of the prior: of the logarithm, or in ``unit``.
        source: Id of the source.
        grade: A, B or C.
        note: What to know.
    """

    id: str
    name: str
    unit: str
    kind: str
    spread: float
    source: str
    grade: str
    note: str = ""


@dataclass(frozen=True, eq=False)
class NerveNorms:
    """Everything that a recording is read against. Compared by identity: one process has one."""

    norms: Mapping[str, Norm]
    curves: Mapping[str, tuple[NormPoint, ...]]
    facts: Mapping[str, Fact]
    confounders: tuple[Confounder, ...]
    fitted: tuple[Fitted, ...]

    def __getitem__(self, name: str) -> float:
        """Return one number in its own unit."""
        return self.facts[name].value


@lru_cache(maxsize=1)
def load_nerve_norms() -> NerveNorms:
    """Return the packaged norms, read once.

    Raises:
        KnowledgeError: A file is malformed, or a number cannot be that of healthy people.
    """
    raw: dict[str, list[dict[str, Any]]] = tomllib.loads((DATA / FOLDER / FILE).read_text(encoding="utf-8"))
    try:
        norms = {row["id"]: _norm(row) for row in raw["nerve_norm"]}
        found = NerveNorms(
            MappingProxyType(norms),
            _curves(),
            MappingProxyType({row["id"]: Fact(**row) for row in raw["nerve_norm_fact"]}),
            tuple(Confounder(**row) for row in raw["nerve_confounder"]),
            tuple(Fitted(**row) for row in raw["nerve_fit_parameter"]),
        )
    except (TypeError, KeyError, ValueError) as problem:
        raise KnowledgeError(f"{FOLDER}/{FILE}: {problem}") from problem
    for wrong in _problems(found, raw):
        raise KnowledgeError(f"{FOLDER}/{FILE}: {wrong}")
    return found


def cited_by_norms() -> frozenset[str]:
    """Return the id of every source that the norms cite."""
    known = load_nerve_norms()
    tables: tuple[Iterable[Norm | Fact | Confounder | Fitted], ...] = (
        known.norms.values(), known.facts.values(), known.confounders, known.fitted,
    )  # fmt: skip
    return frozenset(each.source for table in tables for each in table)


def _norm(row: Mapping[str, Any]) -> Norm:
    low, high = row["possible"]
    return Norm(**{**row, "names": tuple(row["names"]), "possible": (low, high)})


def _curves() -> Mapping[str, tuple[NormPoint, ...]]:
    table: dict[str, list[NormPoint]] = {}
    with (DATA / FOLDER / CURVES).open(encoding="utf-8", newline="") as file:
        for row in csv.DictReader(file):
            point = NormPoint(float(row["at"]), float(row["mean"]), float(row["sd"]), int(row["n"]))
            table.setdefault(row["curve"], []).append(point)
    return MappingProxyType({name: tuple(points) for name, points in table.items()})


def _problems(found: NerveNorms, raw: Mapping[str, list[dict[str, Any]]]) -> Iterator[str]:
    if len(found.norms) < len(raw["nerve_norm"]):
        yield "an index stands twice"
    for each in found.norms.values():
        low, high = each.possible
        if not low < each.mean < high or each.sd <= 0:
            yield f"{each.id}: the mean is not within what is possible, or nobody differs"
    names = [name for each in found.norms.values() for name in each.names]
    if len(set(names)) < len(names):
        yield "two indices have one name"
    for curve, points in found.curves.items():
        if any(after.at <= before.at for before, after in itertools.pairwise(points)):
            yield f"{curve}: its points do not ascend"
