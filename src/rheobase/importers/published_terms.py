"""The one open table from the terms of the published cases to our findings."""

from __future__ import annotations

import functools
import tomllib
from collections.abc import Mapping
from dataclasses import dataclass
from importlib.resources import files
from types import MappingProxyType
from typing import Any


@dataclass(frozen=True, slots=True)
class Meaning:
    """What one term tells when it is stated, and when its absence is stated.

    Attributes:
        present: Values that its presence sets.
        absent: Values that its stated absence sets.
        sites: Places of twitching that it names.
        serotonergic: A medicine that counts towards serotonin toxicity.
        takes_none: Its stated absence means that no medicine is taken.
        nothing: Why it carries nothing for us; empty when it does.
    """

    present: Mapping[str, bool | float]
    absent: Mapping[str, bool | float]
    sites: tuple[str, ...]
    serotonergic: bool
    takes_none: bool
    nothing: str


@dataclass(frozen=True, slots=True)
class PublishedTerms:
    """The table by section, and the two plain maps of settings and causes."""

    sections: Mapping[str, Mapping[str, Meaning]]
    analytes: Mapping[str, Mapping[str, str]]
    settings: Mapping[str, str]
    cause_of: Mapping[str, str]


@functools.cache
def published_terms() -> PublishedTerms:
    """Return the packaged table."""
    text = files(__package__).joinpath("data/published_terms.toml").read_text(encoding="utf-8")
    tables = tomllib.loads(text)
    plain = {"setting", "cause_of", "lab_names"}
    sections = {
        section: MappingProxyType({term: _meaning(entry) for term, entry in entries.items()})
        for section, entries in tables.items()
        if section not in plain
    }
    return PublishedTerms(
        MappingProxyType(sections),
        MappingProxyType(tables["lab_names"]),
        MappingProxyType(tables["setting"]),
        MappingProxyType(tables["cause_of"]),
    )


def _meaning(entry: Mapping[str, Any]) -> Meaning:
    same = [entry["same"]] if "same" in entry else []
    present: dict[str, bool | float] = dict.fromkeys([*same, *entry.get("yes", ())], True)
    present.update(dict.fromkeys(entry.get("no_when_present", ()), False))
    present.update({name: float(value) for name, value in entry.get("values", {}).items()})
    absent: dict[str, bool | float] = dict.fromkeys([*same, *entry.get("no", ())], False)
    absent.update(dict.fromkeys(entry.get("no_yes", ()), True))
    absent.update({name: float(value) for name, value in entry.get("no_values", {}).items()})
    return Meaning(
        present,
        absent,
        tuple(entry.get("sites", ())),
        bool(entry.get("serotonergic", False)),
        bool(entry.get("takes_none", False)),
        str(entry.get("nothing", "")),
    )
