"""NDJSON files line by line: one resource a line, strict, never the whole file at once."""

from __future__ import annotations

import gzip
import json
from collections.abc import Iterator
from pathlib import Path
from typing import Any, BinaryIO, NoReturn, cast

from rheobase.cohort.sources.batch import Refusals
from rheobase.errors import DataRefusedError

# A resource is a few kilobytes; a line beyond this is no resource, or holds a picture.
LONGEST_LINE = 4_000_000


def files_of(folder: Path, kind: str) -> list[Path]:
    """Return the files of one kind of resource: ``Patient.ndjson``, ``Patient.000.ndjson``, ``1.Patient.ndjson``.

    Args:
        folder: Of the bulk export.
        kind: Type of the resources.
    """
    found = [each for pattern in ("*.ndjson", "*.ndjson.gz") for each in folder.glob(pattern)]
    return sorted(each for each in found if kind in each.name.split("."))


def resources(path: Path, kind: str, refusals: Refusals) -> Iterator[tuple[int, dict[str, Any]]]:
    """Yield line number and resource; a line that is none, or of another kind, is refused.

    Args:
        path: Of the file, plain or gzip.
        kind: Type that is expected.
        refusals: Where to say what was refused.

    Raises:
        DataRefusedError: The file cannot be read, or is damaged as gzip.
    """
    number = 0
    try:
        with _opened(path) as stream:
            while line := stream.readline(LONGEST_LINE):
                number += 1
                if len(line) == LONGEST_LINE and not line.endswith(b"\n"):
                    _rest_of_line(stream)
                    refusals.add((path.name, number, None), kind, "", f"longer than {LONGEST_LINE} bytes")
                    continue
                if not line.strip():
                    continue
                found = _resource(line)
                if isinstance(found, str):
                    refusals.add((path.name, number, None), kind, line[:40].decode(errors="replace"), found)
                elif found.get("resourceType") != kind:
                    refusals.count(path.name, kind, found.get("resourceType"), f"expected a {kind}")
                else:
                    yield number, found
    except (OSError, EOFError) as problem:
        message = f"{path.name}: cannot be read beyond line {number} ({type(problem).__name__}). Export it again."
        raise DataRefusedError(message) from problem


def _opened(path: Path) -> BinaryIO:
    return cast("BinaryIO", gzip.open(path, "rb")) if path.suffix == ".gz" else path.open("rb")


def _rest_of_line(stream: BinaryIO) -> None:
    while (more := stream.readline(LONGEST_LINE)) and not more.endswith(b"\n"):
        pass


def _resource(line: bytes) -> dict[str, Any] | str:
    try:
        found = json.loads(line, parse_constant=_no_number)
    except UnicodeDecodeError:
        return "is not UTF-8"
    except RecursionError:
        return "nested too deep"
    except ValueError as problem:
        return f"is not JSON ({getattr(problem, 'msg', 'a number that is none')})"
    return found if isinstance(found, dict) else "is no resource, expected an object"


def _no_number(name: str) -> NoReturn:
    raise ValueError(name)
