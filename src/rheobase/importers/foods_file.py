"""Read a person's own food table, whichever of the known ones it is."""

from __future__ import annotations

import io
from pathlib import Path
from typing import IO

from rheobase.errors import DataRefusedError, UsageError
from rheobase.importers.foods_ciqual import read_ciqual
from rheobase.importers.foods_fdc_csv import read_fdc_csv
from rheobase.importers.foods_fdc_json import read_fdc_json
from rheobase.importers.foods_off import read_off
from rheobase.importers.foods_rows import FoodImport
from rheobase.importers.safe_zip import MOST_UNPACKED, open_member, open_zip
from rheobase.importers.text_file import refuse_pipe
from rheobase.plain_text import printable

KNOWN = "a FoodData Central download (CSV zip or JSON), an Open Food Facts export or Ciqual (CSV)"
PEEK = 50_000


def read_foods_file(path: Path) -> FoodImport:
    """Return the foods of a file, told apart by what is in it and not by its name.

    Args:
        path: FoodData Central as CSV zip or JSON, Open Food Facts or Ciqual as CSV.

    Raises:
        DataRefusedError: It is none of these, is damaged or too large; one line says what.
        UsageError: The path cannot be read.
    """
    try:
        refuse_pipe(path)
        with path.open("rb", buffering=0) as stream:
            if path.stat().st_size > MOST_UNPACKED:
                raise DataRefusedError(f"{path.name}: is larger than {MOST_UNPACKED / 1e6:,.0f} MB. Cut it down.")
            buffered = io.BufferedReader(stream, PEEK)
            start = buffered.peek(PEEK)
            if start.startswith(b"PK"):
                return _zipped(path)
            if start.startswith(b"\x1f\x8b"):
                raise DataRefusedError(f"{path.name}: is packed with gzip. Unpack it first.")
            return _plain(buffered, path)
    except OSError as problem:
        reason = problem.strerror or str(problem)
        raise UsageError(f"{printable(str(path), limit=200)}: cannot be read ({reason}). Give a file.") from problem


def _zipped(path: Path) -> FoodImport:
    """Read a zip: a CSV download, or one JSON or CSV file within."""
    with open_zip(path) as members:
        if "food.csv" in members or "food_nutrient.csv" in members:
            return read_fdc_csv(path)
        tables = [name for name in members if name.lower().endswith((".json", ".csv", ".tsv"))]
        if len(tables) != 1:
            raise DataRefusedError(f"{path.name}: is none of the known tables. Expected {KNOWN}.")
        with open_member(path, members[tables[0]]) as stream:
            return _plain(stream, path)


def _plain(stream: IO[bytes], path: Path) -> FoodImport:
    """Read a file that is not packed, by how it begins."""
    start = stream.peek(PEEK)[:PEEK] if isinstance(stream, io.BufferedReader) else b""
    if b"\0" in start[:200]:
        what = "in UTF-16" if start[:2] in (b"\xff\xfe", b"\xfe\xff") else "a binary file"
        raise DataRefusedError(f"{path.name}: is {what}; expected {KNOWN} in UTF-8. Save it as UTF-8.")
    text = start.lstrip(b"\xef\xbb\xbf \t\r\n")
    if text[:1] in (b"{", b"["):
        return read_fdc_json(stream, path)
    header = text.split(b"\n", 1)[0].lower()
    if b"alim_code" in header:
        return read_ciqual(stream, path)
    if b"_100g" in header or b"product_name" in header:
        return read_off(stream, path)
    raise DataRefusedError(f"{path.name}: is none of the known tables. Expected {KNOWN}.")
