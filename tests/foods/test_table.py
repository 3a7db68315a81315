"""The packaged table: what it holds, where it comes from, and that unknown stays unknown."""

from __future__ import annotations

import csv
import hashlib
import io
import json
import math
import os
import tarfile
import tomllib
import zlib
from importlib import resources
from pathlib import Path
from typing import Any

import pytest
from tools import build_foods

from rheobase.foods import NUTRIENTS, Food, FoodTable, load_sr28

TABLE = load_sr28()
DATA = resources.files("rheobase.foods").joinpath("data")
MANIFEST = tomllib.loads(DATA.joinpath("manifest.toml").read_text(encoding="utf-8"))
NAMES_THERE = {"fibre_g": "fiber_g"}


def shared(name: str) -> Path:
    """Return a file of the shared data folder, beside this checkout or named by RHEOBASE_SHARED; else skip."""
    beside = [each / "shared" for each in Path(__file__).resolve().parents]
    named = [Path(os.environ["RHEOBASE_SHARED"])] if "RHEOBASE_SHARED" in os.environ else []
    for folder in [*named, *beside]:
        if (found := folder / "data" / "foods" / name).is_file():
            return found
    pytest.skip(f"shared/data/foods/{name} is not here; it is a check, not part of the repository")


def test_the_packed_columns_are_those_that_the_manifest_names() -> None:
    """The file is the one that was built from the source, and is small."""
    packed = DATA.joinpath("sr28.json.z").read_bytes()
    assert len(packed) < 1_500_000
    assert hashlib.sha256(zlib.decompress(packed)).hexdigest() == MANIFEST["columns_sha256"]
    assert "public domain" in MANIFEST["licence"]


def test_every_food_and_portion_of_the_source_is_there() -> None:
    """SR28 has 8,789 foods and 15,438 household measures."""
    assert len(TABLE) == MANIFEST["foods"] == 8789
    assert sum(len(food.portions) for food in TABLE) == MANIFEST["portions"] == 15438


# Share of foods with a value, as the source's own documentation of the shared copy counts it [%].
@pytest.mark.parametrize(
    ("nutrient", "share"),
    [
        ("energy_kcal", 100.0),
        ("water_g", 100.0),
        ("sodium_mg", 99.1),
        ("calcium_mg", 96.0),
        ("potassium_mg", 95.2),
        ("phosphorus_mg", 93.4),
        ("magnesium_mg", 91.6),
        ("vitamin_b12_ug", 86.4),
        ("vitamin_d_ug", 63.5),
        ("alcohol_g", 63.6),
        ("caffeine_mg", 61.4),
    ],
)
def test_what_the_source_does_not_know_stays_unknown(nutrient: str, share: float) -> None:
    """The share of foods with a value is the source's: no empty cell became zero."""
    column = TABLE.column(nutrient)
    known = [value for value in column if value is not None]
    assert 100 * len(known) / len(column) == pytest.approx(share, abs=0.05)
    assert all(math.isfinite(value) and value >= 0 for value in known)


def test_an_unknown_value_gives_an_unknown_amount() -> None:
    """Nothing is multiplied into being."""
    row = TABLE.column("vitamin_d_ug").index(None)
    assert TABLE.at(row).amount_of("vitamin_d_ug", 100) is None


def test_twelve_foods_equal_the_comparison_to_the_digit() -> None:
    """The shared comparison of sources has the same figures for its twelve SR28 foods."""
    with shared("food_source_comparison.csv").open(encoding="utf-8", newline="") as file:
        rows = [row for row in csv.DictReader(file) if row["source"].startswith("USDA SR28")]
    assert len(rows) == 12
    for row in rows:
        food = TABLE.get(row["id"])
        assert food is not None
        assert food.description == row["name"]
        compared = [nutrient for nutrient in NUTRIENTS if nutrient in row]
        assert {"energy_kcal", "magnesium_mg", "calcium_mg", "potassium_mg", "sodium_mg", "caffeine_mg"} <= {*compared}
        assert "vitamin_d_ug" in compared
        for nutrient in compared:
            assert food.per_100_g[nutrient] == (float(row[nutrient]) if row[nutrient] else None), (food, nutrient)


def test_every_figure_equals_the_independent_copy() -> None:
    """Every name, group, value and portion equals the shared Parquet copy, which other code read from the source."""
    polars = pytest.importorskip("polars", reason="polars reads the shared Parquet copy; it is not a dependency")
    foods: list[dict[str, Any]] = polars.read_parquet(shared("usda_sr28_foods.parquet")).to_dicts()
    assert len(foods) == len(TABLE)
    # Lactose is the one column that the copy lacks; none is passed over in silence.
    compared = [nutrient for nutrient in NUTRIENTS if nutrient != "lactose_g"]
    assert set(compared) == {each for each in NUTRIENTS if NAMES_THERE.get(each, each) in foods[0]}
    rounded = 0
    for theirs in foods:
        food = TABLE.get(theirs["food_id"])
        assert food is not None
        assert (food.description, food.group) == (theirs["description"], theirs["food_group"])
        assert TABLE.columns.other_names[TABLE.row_of(food.id) or 0] == (theirs["common_name"] or "")
        for nutrient in compared:
            ours, other = food.per_100_g[nutrient], theirs[NAMES_THERE.get(nutrient, nutrient)]
            if ours == other:
                continue
            # Vitamin D from international units is rounded there to two places and not here; all else is equal.
            rounded += 1
            assert nutrient == "vitamin_d_ug", (food.description, nutrient)
            assert ours is not None
            assert ours == pytest.approx(other, abs=0.0051)
    assert rounded <= 51
    portions = polars.read_parquet(shared("usda_sr28_portions.parquet")).sort("food_id", "seq").rows()
    held = [(food.id, each.amount, each.measure, each.grams) for food in TABLE for each in food.portions]
    assert [(row[0], *row[2:5]) for row in portions] == held


def test_portions_weigh_something() -> None:
    """Every portion has a positive amount and weight."""
    assert all(each.amount > 0 and each.grams > 0 for food in TABLE for each in food.portions)


def test_a_table_of_foods_gives_back_its_foods() -> None:
    """Rows survive becoming columns."""
    some = [TABLE.at(row) for row in (0, 100, 5000)]
    table = FoodTable.of("some", some)
    assert [food.description for food in table] == [food.description for food in some]
    assert [dict(food.per_100_g) for food in table] == [dict(food.per_100_g) for food in some]
    assert [food.portions for food in table] == [food.portions for food in some]


def test_two_foods_with_one_id_are_refused() -> None:
    """An id names one food."""
    food: Food = TABLE.at(0)
    with pytest.raises(ValueError, match="01001"):
        FoodTable.of("double", [food, food])


def test_the_columns_hold_only_known_nutrients() -> None:
    """The build script and the code agree on the names."""
    raw = json.loads(zlib.decompress(DATA.joinpath("sr28.json.z").read_bytes()))
    assert tuple(raw["nutrients"]) == NUTRIENTS


def small_archive(path: Path) -> Path:
    """Write an archive in the source's layout with two foods."""
    files = {
        "FD_GROUP.txt": "~0900~^~Fruits and Fruit Juices~\r\n",
        "FOOD_DES.txt": "~09002~^~0900~^~Second, raw~^~S~^~~^~~^~Y~^~~^0^~~^^^^\r\n"
        "~09001~^~0900~^~First \xe9, raw~^~F~^~everyday~^~~^~Y~^~~^12^~~^^^^\r\n",
        "NUT_DATA.txt": "~09001~^~304~^27^1\r\n~09001~^~324~^40^1\r\n~09002~^~328~^2.5^1\r\n~09002~^~324~^999^1\r\n"
        "~09002~^~601~^3^1\r\n",
        "WEIGHT.txt": "~09001~^2^1^~large~^150^^\r\n~09001~^1^0.5^~cup~^75.5^^\r\n",
    }
    with tarfile.open(path, "w:gz") as archive:
        for name, text in files.items():
            data = text.encode("latin-1")
            member = tarfile.TarInfo(build_foods.FOLDER + name)
            member.size = len(data)
            archive.addfile(member, io.BytesIO(data))
    return path


def test_the_build_keeps_gaps_and_converts_international_units(tmp_path: Path) -> None:
    """A nutrient without a row is None; IU are used only where µg are missing; order is by id and sequence."""
    with tarfile.open(small_archive(tmp_path / "small.tar.gz")) as archive:
        table = build_foods.build(archive)
    nutrients = table["nutrients"]
    assert isinstance(nutrients, dict)
    assert table["id"] == ["09001", "09002"]
    assert table["description"] == ["First \xe9, raw", "Second, raw"]
    assert nutrients["magnesium_mg"] == [27, None]
    assert nutrients["vitamin_d_ug"] == [1, 2.5]
    assert nutrients["caffeine_mg"] == [None, None]
    assert table["portions"] == {"food": [0, 0], "amount": [0.5, 1], "measure": [0, 1], "grams": [75.5, 150]}


def test_the_build_refuses_another_archive(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    """Only the archive whose checksum is written down is built from."""
    monkeypatch.setattr("sys.argv", ["build_foods.py", str(small_archive(tmp_path / "small.tar.gz"))])
    with pytest.raises(SystemExit, match="not the archive meant"):
        build_foods.main()


def test_the_manifest_names_the_archive_of_the_build() -> None:
    """The packaged table came from the archive that the script asks for."""
    assert MANIFEST["archive_sha256"] == build_foods.ARCHIVE_SHA256
