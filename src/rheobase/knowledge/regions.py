"""Where to call, by region, read by itself: the first page needs nothing else of the knowledge."""

from __future__ import annotations

import functools
import tomllib
from collections.abc import Mapping
from types import MappingProxyType

from rheobase.knowledge.model import Region
from rheobase.knowledge.read import DATA

FILE = "regions.toml"


@functools.lru_cache(maxsize=1)
def load_regions() -> Mapping[str, Region]:
    """Return the regions by id, in the order of the file; the same as those of ``load_knowledge``."""
    rows = tomllib.loads((DATA / FILE).read_text(encoding="utf-8"))["region"]
    return MappingProxyType({row["id"]: Region(**row) for row in rows})
