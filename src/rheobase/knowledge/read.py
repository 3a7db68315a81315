"""Read the knowledge files into plain tables, with a cache so that TOML is parsed once per change."""

from __future__ import annotations

import csv
import hashlib
import json
import os
import tempfile
import tomllib
from pathlib import Path
from typing import Any

from rheobase.errors import KnowledgeError

DATA = Path(__file__).parent / "data"

Tables = dict[str, Any]


def read_tables(folder: Path = DATA) -> tuple[Tables, str]:
    """Return every table of the knowledge folder and the fingerprint of its files.

    Args:
        folder: Where the TOML and CSV files are.

    Raises:
        KnowledgeError: A file cannot be read as TOML or CSV; names the file.
    """
    contents = {path: path.read_bytes() for path in sorted([*folder.rglob("*.toml"), *folder.rglob("*.csv")])}
    digest = hashlib.sha256()
    for path, content in contents.items():
        digest.update(path.relative_to(folder).as_posix().encode() + b"\0" + content + b"\0")
    fingerprint = digest.hexdigest()
    cached = _from_cache(fingerprint)
    if cached is not None:
        return cached, fingerprint
    tables = _parse(contents)
    _to_cache(fingerprint, tables)
    return tables, fingerprint


def _parse(contents: dict[Path, bytes]) -> Tables:
    tables: Tables = {}
    for path, content in contents.items():
        try:
            if path.suffix == ".csv":
                tables[path.stem] = list(csv.DictReader(content.decode().splitlines()))
                continue
            for key, rows in tomllib.loads(content.decode()).items():
                # Topics are split over files; tables of one name are one table.
                if isinstance(rows, list) and isinstance(tables.get(key), list):
                    tables[key] = [*tables[key], *rows]
                else:
                    tables[key] = rows
        except (tomllib.TOMLDecodeError, UnicodeDecodeError, csv.Error) as problem:
            raise KnowledgeError(f"knowledge file {path.name}: {problem}") from problem
    loaded: Tables = json.loads(json.dumps(tables, default=str))
    return loaded


def _cache_file(fingerprint: str) -> Path:
    root = os.environ.get("XDG_CACHE_HOME") or os.environ.get("LOCALAPPDATA")
    folder = Path(root) if root else Path.home() / ".cache"
    return folder / "rheobase" / f"knowledge-{fingerprint[:32]}.json"


def _from_cache(fingerprint: str) -> Tables | None:
    try:
        loaded = json.loads(_cache_file(fingerprint).read_bytes())
    except (OSError, ValueError, RuntimeError):
        return None
    return loaded if isinstance(loaded, dict) else None


def _to_cache(fingerprint: str, tables: Tables) -> None:
    # A cache that cannot be written costs time, never an answer.
    try:
        target = _cache_file(fingerprint)
        target.parent.mkdir(parents=True, exist_ok=True)
        with tempfile.NamedTemporaryFile("w", dir=target.parent, delete=False) as handle:
            json.dump(tables, handle)
        Path(handle.name).replace(target)
    except (OSError, RuntimeError):
        return
