"""Settings of the nerve's sliders: how far they go, and examples to begin with."""

from __future__ import annotations

import tomllib
from collections.abc import Mapping
from dataclasses import dataclass
from functools import lru_cache
from types import MappingProxyType
from typing import Any

from rheobase.errors import KnowledgeError
from rheobase.knowledge.nerve_facts import FOLDER
from rheobase.knowledge.read import DATA

FILE = "presets.toml"
OVER_BREATHING = "over_breathing"


@dataclass(frozen=True, slots=True)
class Preset:
    """An example: values by the name of the input, the rest normal."""

    id: str
    name: str
    says: str
    values: Mapping[str, float]
    source: str
    grade: str


@dataclass(frozen=True, slots=True)
class Slider:
    """How far one value can be moved, in the unit of the input."""

    id: str
    low: float
    high: float
    step: float


@dataclass(frozen=True, eq=False)
class NervePresets:
    """Examples and sliders by id. Compared by identity: one process has one."""

    presets: Mapping[str, Preset]
    sliders: Mapping[str, Slider]


@lru_cache(maxsize=1)
def load_nerve_presets() -> NervePresets:
    """Return the packaged settings, read once.

    Raises:
        KnowledgeError: The file is malformed.
    """
    raw: dict[str, list[dict[str, Any]]] = tomllib.loads((DATA / FOLDER / FILE).read_text(encoding="utf-8"))
    try:
        return NervePresets(
            MappingProxyType({row["id"]: Preset(**row) for row in raw["nerve_preset"]}),
            MappingProxyType({row["id"]: Slider(**row) for row in raw["nerve_slider"]}),
        )
    except (TypeError, KeyError) as problem:
        raise KnowledgeError(f"{FOLDER}/{FILE}: {problem}") from problem


def cited_by_presets() -> frozenset[str]:
    """Return the id of every source that the examples cite."""
    return frozenset(each.source for each in load_nerve_presets().presets.values())
