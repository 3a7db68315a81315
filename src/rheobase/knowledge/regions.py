"""The names of the regions, read by themselves: the first page needs nothing else of the knowledge."""

from __future__ import annotations

import functools
import tomllib
from collections.abc import Mapping
from pathlib import Path
from types import MappingProxyType

FILE = Path(__file__).parent / "data" / "regions.toml"


@functools.lru_cache(maxsize=1)
def region_names() -> Mapping[str, str]:
    """Return the name of each region by its id, in the order of the file; the same as in ``load_knowledge``."""
    rows = tomllib.loads(FILE.read_text(encoding="utf-8"))["region"]
    return MappingProxyType({row["id"]: row["name"] for row in rows})
