"""A person's own food table: read by header, and every bad file refused with one clear line."""

from __future__ import annotations

import json
import struct
import zipfile
from contextlib import suppress
from pathlib import Path

import pytest
from click.testing import CliRunner
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from rheobase.cli.foods import foods
from rheobase.errors import DataRefusedError, UsageError
from rheobase.foods import Food
from rheobase.importers.foods_file import read_foods_file
from rheobase.importers.foods_rows import FoodImport, read_number, to_column

FDC = {
    "food.csv": '"fdc_id","data_type","description","food_category_id","publication_date"\n'
    '"1","sr_legacy_food","Spinach, raw","11","2019-04-01"\n'
    '"2","sub_sample_food","Spinach, sample","11","2019-04-01"\n'
    '"3","survey_fndds_food","Coffee, brewed","7302","2022-10-28"\n',
    "nutrient.csv": '"id","name","unit_name","nutrient_nbr","rank"\n'
    '"1090","Magnesium, Mg","MG","304","5500"\n"1114","Vitamin D (D2 + D3)","UG","328","8700"\n'
    '"1110","Vitamin D (IU)","IU","324","8650"\n"1008","Energy","KCAL","208","300"\n'
    '"1057","Caffeine","MG","262","18300"\n',
    "food_nutrient.csv": '"id","fdc_id","nutrient_id","amount"\n"10","1","1090","79"\n"11","1","1110","40"\n'
    '"12","1","1008",""\n"13","3","262","40"\n"14","2","1090","1"\n',
    "food_category.csv": '"id","code","description"\n"11","1100","Vegetables and Vegetable Products"\n',
    "wweia_food_category.csv": '"wweia_food_category","wweia_food_category_description"\n"7302","Coffee"\n',
    "measure_unit.csv": '"id","name"\n"1000","cup"\n"9999","undetermined"\n',
    "food_portion.csv": '"id","fdc_id","amount","measure_unit_id","portion_description","modifier","gram_weight"\n'
    '"1","1","1","1000","","","30"\n"2","3","","9999","1 mug","10205","240"\n"3","1","1","9999","","bunch","-5"\n',
}
OFF = (
    "code\tproduct_name\tenergy_100g\tmagnesium_100g\tvitamin-d_100g\tsodium_100g\talcohol_100g\tserving_quantity\n"
    '1\tWater "Source"\t0\t0.05\t\t0.001\t\t250\n2\tMilk drink\t200\t\t468\t0,05\t\t\n3\tBeer\t180\t\t\t\t5\t330\n'
)
CIQUAL = (
    "alim_grp_nom_fr;alim_code;alim_nom_fr;Energie, Règlement UE N° 1169/2011 (kJ/100 g);"
    "Energie, Règlement UE N° 1169/2011 (kcal/100 g);Eau (g/100 g);Magnésium (mg/100 g);Vitamine D (µg/100 g)\n"
    'légumes;20059;"Épinard, cru";100;24,1;92,1;52,5;traces\nboissons;18066;Café noir;4;1;99;"< 5";-\n'
)
STARTS = (b"", OFF.encode(), CIQUAL.encode(), b"PK\x03\x04", b'{"SurveyFoods": ')


def fdc_zip(path: Path, **changed: str | None) -> Path:
    """Write a small FoodData Central zip, with files changed or (None) left out."""
    files = FDC | {name.replace("_csv", ".csv"): text for name, text in changed.items()}
    with zipfile.ZipFile(path, "w", zipfile.ZIP_DEFLATED) as archive:
        for name, text in files.items():
            if text is not None:
                archive.writestr(f"FoodData_Central/{name}", text)
    return path


def file(path: Path, content: str | bytes) -> Path:
    """Write a file."""
    path.write_bytes(content.encode() if isinstance(content, str) else content)
    return path


def food(found: FoodImport, key: str) -> Food:
    """Return one food that must be there."""
    one = found.table.get(key)
    assert one is not None
    return one


def test_fooddata_central_csv_is_read(tmp_path: Path) -> None:
    """Nutrients by id or by number, IU as 0.025 µg, portions of both layouts; samples are no foods."""
    found = read_foods_file(fdc_zip(tmp_path / "fdc.zip"))
    assert set(found.table.columns.ids) == {"1", "3"}
    spinach, coffee = food(found, "1"), food(found, "3")
    assert spinach.per_100_g["magnesium_mg"] == 79
    assert spinach.per_100_g["vitamin_d_ug"] == 1.0
    assert spinach.per_100_g["energy_kcal"] is None
    assert spinach.group == "Vegetables and Vegetable Products"
    assert [(each.words, each.grams) for each in spinach.portions] == [("1 cup", 30)]
    assert coffee.per_100_g["caffeine_mg"] == 40
    assert coffee.group == "Coffee"
    assert [(each.words, each.grams) for each in coffee.portions] == [("1 mug", 240)]
    assert any("-5 g cannot be" in line for line in found.left_out)


def test_fooddata_central_json_is_read(tmp_path: Path) -> None:
    """The JSON of Foundation foods gives the same shape, plain or zipped, with a byte-order mark or not."""
    raw = {
        "FoundationFoods": [
            {
                "fdcId": 5,
                "description": "Hummus, commercial",
                "foodCategory": {"description": "Legumes and Legume Products"},
                "foodNutrients": [
                    {"nutrient": {"number": "304", "unitName": "mg"}, "amount": 71.1},
                    {"nutrient": {"number": "957", "unitName": "kcal"}, "amount": 243},
                    {"nutrient": {"number": "958", "unitName": "kcal"}, "amount": 229},
                    {"nutrient": {"number": "305", "unitName": "mg"}, "amount": -4},
                ],
                "foodPortions": [{"amount": 2, "measureUnit": {"name": "tablespoon"}, "gramWeight": 33.9}],
            }
        ]
    }
    plain = file(tmp_path / "foods.json", b"\xef\xbb\xbf" + json.dumps(raw).encode())
    with zipfile.ZipFile(tmp_path / "foods.zip", "w") as archive:
        archive.writestr("foods.json", json.dumps(raw))
    for path in (plain, tmp_path / "foods.zip"):
        found = read_foods_file(path)
        hummus = food(found, "5")
        assert hummus.per_100_g["magnesium_mg"] == 71.1
        assert hummus.per_100_g["energy_kcal"] == 229
        assert hummus.per_100_g["phosphorus_mg"] is None
        assert hummus.portions[0].words == "2 tablespoon"
        assert any("-4 mg" in line for line in found.left_out)


def test_open_food_facts_is_read(tmp_path: Path) -> None:
    """Grams become the column's unit, kJ become kcal; 468 g of vitamin D is a slip and unknown."""
    found = read_foods_file(file(tmp_path / "off.csv", OFF))
    water, milk, beer = (food(found, key) for key in "123")
    assert water.per_100_g["magnesium_mg"] == 50
    assert water.portions[0].grams == 250
    assert milk.per_100_g["vitamin_d_ug"] is None
    assert milk.per_100_g["sodium_mg"] == 50
    assert milk.per_100_g["energy_kcal"] == pytest.approx(47.8, abs=0.01)
    assert milk.per_100_g["magnesium_mg"] is None
    assert beer.per_100_g["alcohol_g"] == pytest.approx(3.945)
    assert any("468 g" in line for line in found.left_out)


@pytest.mark.parametrize("encoding", ["utf-8", "utf-8-sig", "cp1252"])
def test_ciqual_is_read(tmp_path: Path, encoding: str) -> None:
    """Decimal commas, accents in any encoding; traces, dashes and "less than" stay unknown."""
    found = read_foods_file(file(tmp_path / "ciqual.csv", CIQUAL.encode(encoding)))
    spinach, coffee = food(found, "20059"), food(found, "18066")
    assert spinach.description == "Épinard, cru"
    assert spinach.per_100_g["magnesium_mg"] == 52.5
    assert spinach.per_100_g["energy_kcal"] == 24.1
    assert spinach.per_100_g["vitamin_d_ug"] is None
    assert coffee.per_100_g["magnesium_mg"] is None
    assert coffee.per_100_g["vitamin_d_ug"] is None


@pytest.mark.parametrize("delimiter", [",", ";", "\t", "|"])
def test_any_delimiter_is_understood(tmp_path: Path, delimiter: str) -> None:
    """The header says what parts the columns."""
    rows = [["code", "product_name", "magnesium_100g"], ["7", "Oats", "0.13"]]
    text = "\r\n".join(delimiter.join(row) for row in rows) + "\r\n"
    assert food(read_foods_file(file(tmp_path / "own.csv", text)), "7").per_100_g["magnesium_mg"] == 130


def truncated(path: Path) -> Path:
    """Cut a good zip in half."""
    whole = fdc_zip(path).read_bytes()
    return file(path, whole[: len(whole) // 2])


def bomb(path: Path) -> Path:
    """Write a zip that unpacks to a thousand times its size."""
    return fdc_zip(path, food_csv="fdc_id,description\n" + "1" * 20_000_000)


def claims(path: Path, size: int) -> Path:
    """Write a zip whose directory claims another size for food.csv."""
    whole = bytearray(fdc_zip(path).read_bytes())
    at = whole.index(b"PK\x01\x02")
    whole[at + 24 : at + 28] = struct.pack("<I", size)
    return file(path, bytes(whole))


@pytest.mark.parametrize(
    ("make", "words"),
    [
        (truncated, "not a whole zip"),
        (bomb, "no table does"),
        (lambda path: claims(path, 2_000_000_000), "says it unpacks to 2,000 MB"),
        (lambda path: claims(path, 10), "more than it says|damaged|no column"),
        (lambda path: fdc_zip(path, nutrient_csv=None), "holds no nutrient.csv"),
        (lambda path: fdc_zip(path, food_csv="id;name\n1;x\n"), "has no column fdc_id, description"),
        (lambda path: fdc_zip(path, food_csv='"fdc_id","description"\n"1"\n'), "line 2 has 1 columns"),
        (lambda path: fdc_zip(path, food_csv="fdc_id,description\n"), "holds no food"),
        (lambda path: file(path, b"PK\x03\x04 rubbish"), "not a whole zip"),
        (lambda path: file(path, b""), "none of the known tables"),
        (lambda path: file(path, b"\x1f\x8b\x08 packed"), "packed with gzip"),
        (lambda path: file(path, b"a,b\n1,2\n"), "none of the known tables"),
        (lambda path: file(path, b'{"FoundationFoods": [{"fdcId": 1'), "not whole JSON"),
        (lambda path: file(path, b'{"foods": []}'), "none of the lists"),
        (lambda path: file(path, b'{"FoundationFoods": ' + b"[" * 100_000), "not whole JSON"),
        (lambda path: file(path, "code\tproduct_name\n1\tx\n"), "no columns code, product_name and"),
        (lambda path: file(path, "alim_code;nom\n1;x\n"), "no columns alim_code"),
        (lambda path: file(path, "code\tcode\tproduct_name\tfat_100g\n"), "column name twice"),
        (lambda path: file(path, OFF + "9\tcut off"), "line 5 has 2 columns"),
    ],
)
def test_a_bad_file_is_refused_whole_in_one_line(tmp_path: Path, make: object, words: str) -> None:
    """Nothing is half imported: one line says what is wrong."""
    assert callable(make)
    with pytest.raises(DataRefusedError, match=words) as refused:
        read_foods_file(make(tmp_path / "bad.zip"))
    assert "\n" not in str(refused.value)


def test_a_missing_file_is_a_mistake_of_the_call(tmp_path: Path) -> None:
    """A wrong path is no fault of the data."""
    with pytest.raises(UsageError, match="cannot be read"):
        read_foods_file(tmp_path / "none.zip")


@pytest.mark.parametrize("value", ["-3", "NaN", "inf", "1e9", "1000000000", "abc"])
def test_a_value_that_cannot_be_is_unknown_and_listed(tmp_path: Path, value: str) -> None:
    """Negative, infinite, impossible and unreadable amounts never become a number."""
    text = FDC["food_nutrient.csv"] + f'"20","3","1090","{value}"\n'
    found = read_foods_file(fdc_zip(tmp_path / "fdc.zip", food_nutrient_csv=text))
    assert food(found, "3").per_100_g["magnesium_mg"] is None
    assert any("Coffee, brewed" in line and "unknown" in line for line in found.left_out)


def test_mostly_impossible_values_refuse_the_table(tmp_path: Path) -> None:
    """A table in the wrong unit is not taken for one with gaps."""
    lines = "".join(f"{row}\tFood {row}\t400\n" for row in range(50))
    with pytest.raises(DataRefusedError, match="more values are impossible than possible"):
        read_foods_file(file(tmp_path / "off.csv", "code\tproduct_name\tmagnesium_100g\n" + lines))


@pytest.mark.parametrize(
    ("value", "unit", "nutrient", "expected"),
    [
        (40, "IU", "vitamin_d_ug", 1.0),
        (1, "\u00b5g", "vitamin_d_ug", 1.0),
        (1, "\u03bcg", "vitamin_d_ug", 1.0),
        (0.3, "mg", "vitamin_b12_ug", 300.0),
        (0.05, "g", "magnesium_mg", 50.0),
        (418.4, "kJ", "energy_kcal", 100.0),
    ],
)
def test_units_are_converted_by_substance(value: float, unit: str, nutrient: str, expected: float) -> None:
    """Mass by power of ten, energy by 4.184, IU of vitamin D by 0.025 µg."""
    assert to_column(value, unit, nutrient) == pytest.approx(expected)


@pytest.mark.parametrize(
    ("unit", "nutrient", "words"),
    [
        ("% DV", "calcium_mg", "daily value"),
        ("IU", "magnesium_mg", "vitamin D only"),
        ("cups", "magnesium_mg", "not one of"),
        ("g", "energy_kcal", "not one of energy"),
    ],
)
def test_a_unit_that_does_not_fit_is_refused(unit: str, nutrient: str, words: str) -> None:
    """A share of a daily value is not an amount, and IU need a substance."""
    with pytest.raises(ValueError, match=words):
        to_column(10, unit, nutrient)


@pytest.mark.parametrize(
    ("text", "decimal_comma", "expected"),
    [
        ("1,5", True, 1.5),
        ("1.5", True, 1.5),
        ("1,500.5", False, 1500.5),
        ("1,5", False, 1.5),
        (" 0 ", False, 0.0),
        ("", False, None),
        ("-", True, None),
        ("traces", True, None),
        ("< 0,5", True, None),
    ],
)
def test_only_a_written_zero_is_zero(text: str, decimal_comma: bool, expected: float | None) -> None:
    """Blank, dash, traces and "less than" are unknown."""
    assert read_number(text, decimal_comma=decimal_comma) == expected


@settings(suppress_health_check=[HealthCheck.function_scoped_fixture], max_examples=60)
@given(st.binary(max_size=400), st.sampled_from(STARTS))
def test_no_bytes_crash_the_reader(tmp_path: Path, data: bytes, start: bytes) -> None:
    """Any bytes are read or refused, never a traceback."""
    with suppress(DataRefusedError):
        read_foods_file(file(tmp_path / "any", start + data))


def test_the_command_looks_in_a_table_of_ones_own(tmp_path: Path) -> None:
    """`--table FILE` answers from the file and says on standard error what it left out."""
    path = file(tmp_path / "off.csv", OFF)
    done = CliRunner().invoke(foods, ["milk drink", "--table", str(path)], catch_exceptions=False)
    assert done.exit_code == 0
    assert "Milk drink" in done.stdout
    assert "468 g" in done.stderr
    assert "Open Food Facts (off), 3 foods" in done.stdout


def test_a_packing_that_is_not_known_is_refused(tmp_path: Path) -> None:
    """A zip whose member claims an unknown method is one clear line."""
    path = tmp_path / "odd.zip"
    with zipfile.ZipFile(path, "w") as archive:
        archive.writestr("a.json", "{}")
    data = bytearray(path.read_bytes())
    at = data.find(b"PK\x01\x02") + 10
    data[at : at + 2] = struct.pack("<H", 99)
    path.write_bytes(data)
    with pytest.raises(DataRefusedError, match="cannot be unpacked"):
        read_foods_file(path)


def test_a_number_beyond_every_float_is_unknown(tmp_path: Path) -> None:
    """A whole number of four hundred digits in JSON crashes nothing and says no amount."""
    amount = {"nutrient": {"number": "304", "unitName": "mg"}, "amount": 10**400}
    energy = {"nutrient": {"number": "208", "unitName": "kcal"}, "amount": 1}
    food = {"fdcId": 1, "description": "tea", "foodNutrients": [amount, energy]}
    path = tmp_path / "odd.json"
    path.write_text(json.dumps({"FoundationFoods": [food]}), encoding="utf-8")
    with suppress(DataRefusedError):
        assert "not a finite number" in " ".join(read_foods_file(path).left_out)
