"""Layouts of real exports, as they stand in public code, and what differs from the samples that we wrote ourselves.

Compared on 2026-11-24, header by header, with: the notes on exports in the shared research (Cronometer dailysummary of
September 2026, MyFitnessPal's Nutrition-Summary, Ciqual, Open Food Facts) and, by search in public repositories, the
test fixtures of some twenty other readers of Cronometer's servings.csv (among them verygoodsoftwarenotvirus/cronometer
and a fixture of 2012 with days such as 2012-9-10), of MyFitnessPal's Nutrition-Summary (19 columns, with and without
Note, with rows of totals), of FoodData Central's food.csv, food_portion.csv and food_nutrient.csv (every cell quoted,
inches as doubled quotation marks), and of Ciqual in French and English. The lines below are our own; only the names of
columns and the style of the cells are those that were seen. What differed from our samples and was mended: days without
leading zeros, a column Unit beside Amount, times such as "8:33 a.m.", names with underscores, "Dietary Fiber (g)", rows
of totals, and column names that break over lines within quotation marks.
"""

from __future__ import annotations

import io
import zipfile
from datetime import date
from pathlib import Path

import pytest

from rheobase.errors import DataRefusedError
from rheobase.importers.diet_import import import_diet
from rheobase.importers.diet_rows import read_day, read_sheet
from rheobase.importers.diet_trackers import read_tracker
from rheobase.importers.foods_ciqual import read_ciqual
from rheobase.importers.foods_file import read_foods_file
from rheobase.person import DietDay

ON = date(2026, 11, 24)
SERVING = "Day,Time,Group,Food Name,Amount"
DAILY_2026 = (
    "Date,Energy (kcal),Alcohol (g),Caffeine (mg),Oxalate (mg),Phytate (mg),Water (g),B1 (Thiamine) (mg),"
    "B2 (Riboflavin) (mg),B3 (Niacin) (mg),B5 (Pantothenic Acid) (mg),B6 (Pyridoxine) (mg),B12 (Cobalamin) (\u00b5g),"
    "Folate (\u00b5g),Vitamin A (\u00b5g),Vitamin C (mg),Vitamin D (IU),Vitamin E (mg),Vitamin K (\u00b5g),"
    "Calcium (mg),Copper (mg),Iron (mg),Magnesium (mg),Manganese (mg),Phosphorus (mg),Potassium (mg),"
    "Selenium (\u00b5g),Sodium (mg),"
    "Zinc (mg),Net Carbs (g),Carbs (g),Fiber (g),Insoluble Fiber (g),Soluble Fiber (g),Starch (g),Sugars (g),"
    "Added Sugars (g),Fat (g),Cholesterol (mg),Monounsaturated (g),Polyunsaturated (g),Saturated (g),Trans-Fats (g),"
    "Omega-3 (g),ALA (g),DHA (g),EPA (g),Omega-6 (g),AA (g),LA (g),Cystine (g),Histidine (g),Isoleucine (g),"
    "Leucine (g),Lysine (g),Methionine (g),Phenylalanine (g),Protein (g),Threonine (g),Tryptophan (g),Tyrosine (g),"
    "Valine (g),Completed"
)
PAL_2026 = (
    "Date,Meal,Calories,Fat (g),Saturated Fat,Polyunsaturated Fat,Monounsaturated Fat,Trans Fat,Cholesterol,"
    "Sodium (mg),Potassium,Carbohydrates (g),Fiber,Sugar,Protein (g),Vitamin A,Vitamin C,Calcium,Iron,Note"
)


def days(text: str) -> tuple[DietDay, ...]:
    """Read a tracker's file."""
    return read_tracker(read_sheet(text.encode(), "x.csv"), ON, leave_out=False).days


def test_the_whole_header_of_cronometer_is_read() -> None:
    """Sixty-one columns of 2026: those that are followed are taken with their units, the rest are no fault."""
    names = DAILY_2026.split(",")
    cells = dict.fromkeys(names, "1") | {"Date": "2026-11-20", "Vitamin D (IU)": "400", "Completed": "true"}
    (day,) = days(DAILY_2026 + "\n" + ",".join(cells[name] for name in names) + "\n")
    assert day.totals is not None
    assert day.totals["vitamin_d_ug"] == 10
    assert day.totals["vitamin_b12_ug"] == 1
    assert {"magnesium_mg", "calcium_mg", "potassium_mg", "sodium_mg", "phosphorus_mg", "caffeine_mg"} <= set(
        day.totals
    )
    assert day.complete is True


def test_the_layout_of_2012_is_read() -> None:
    """Without time, group and category, days without leading zeros, vitamin A in IU left alone."""
    (day,) = days(
        "Day,Food Name,Amount,Energy (kcal),Vitamin A (IU),Vitamin D (IU),Magnesium (mg)\n"
        '2012-9-10,"Peaches, yellow, raw","2.00 cup",120,1000,40,28\n'
    )
    assert day.day == date(2012, 9, 10)
    (line,) = day.meals
    assert line.text == "Peaches, yellow, raw, 2 cup"
    assert line.holds == {"energy_kcal": 120, "vitamin_d_ug": 1, "magnesium_mg": 28}


@pytest.mark.parametrize(
    ("header", "row", "grams", "time"),
    [
        (SERVING + ",Category", '2026-06-27,08:15 ,"Breakfast","Oatmeal","150 g",Cereal', 150, "08:15"),
        (SERVING + ",Unit,Energy (kcal)", '2026-07-16,8:05 AM,Breakfast,"Yogurt, Greek",170,g,100', 170, "08:05"),
        ("Date,Group,Food_Name,Amount,Energy_(kcal),Protein_(g)", "2026-07-16,Snack 1,Egg,58.00 g,90,7", 58, ""),
        ("Amount,Food Name,Group,Time,Day", "1.00 oz,Almonds,Snacks,9:30 PM,2026-08-14", 28.3495231, "21:30"),
        (SERVING, "2026-08-14,8:33 a.m.,Snacks,Almonds,10 g", 10, "08:33"),
        (SERVING, "2026-08-14,8:33pm,Snacks,Almonds,1.00 full recipe", None, "20:33"),
    ],
)
def test_variants_of_servings_are_read(header: str, row: str, grams: float | None, time: str) -> None:
    """Any order, a unit of its own, underscores, both clocks; an unknown unit leaves the weight open."""
    (day,) = days(f"{header}\n{row}\n")
    (line,) = day.meals
    assert line.grams == (grams if grams is None else pytest.approx(grams, rel=1e-6))
    assert line.time == time


def test_totals_of_myfitnesspal_do_not_count_twice() -> None:
    """Rows of totals are left out and listed; thousands within quotation marks are read."""
    rows = (
        f"{PAL_2026}\n"
        '2026-11-20,Breakfast,"1,050",1,1,1,1,1,1,600,300,1,1,1,1,10,40,15,8,\n'
        "2026-11-20,Daily Total,1050,1,1,1,1,1,1,600,300,1,1,1,1,10,40,15,8,\n"
        "Totals,,1050,1,1,1,1,1,1,600,300,1,1,1,1,10,40,15,8,\n"
    )
    found = read_tracker(read_sheet(rows.encode("utf-8-sig"), "x.csv"), ON, leave_out=False)
    (day,) = found.days
    (line,) = day.meals
    assert line.holds is not None
    assert (line.holds["energy_kcal"], line.holds["sodium_mg"]) == (1050, 600)
    # Shares of a daily value, or mg: not said, so not taken.
    assert "calcium_mg" not in line.holds
    assert sum("would count twice" in each for each in found.dropped) == 2


def test_dietary_fibre_is_fibre() -> None:
    """Another name for the same column."""
    (day,) = days("Date,Meal,Calories,Dietary Fiber (g),Sugars (g)\n2026-11-20,Lunch,600,8,9\n")
    assert day.meals[0].holds == {"energy_kcal": 600, "fibre_g": 8, "sugars_g": 9}


@pytest.mark.parametrize("text", ["01/11/2026", "2026-02-31", "2026-13-01", "0001-01-01", "2026-11/20", "20261120", ""])
def test_a_day_that_could_be_two_or_none_is_refused(text: str) -> None:
    """A day and a month that may be exchanged are not guessed; no day of the calendar, no day."""
    with pytest.raises(ValueError, match=r"day|year"):
        read_day(text, ON)


@pytest.mark.parametrize(
    ("text", "day"), [("2026-9-1", 1), ("2026/09/01", 1), ("2026-09-01T10:00", 1), ("2026-09-01 x", 1)]
)
def test_a_day_may_lack_zeros_and_have_a_time(text: str, day: int) -> None:
    """Year first is one day only, however it is written."""
    assert read_day(text, ON) == date(2026, 9, day)


FRENCH = (
    "alim_grp_nom_fr;alim_code;alim_nom_fr;Energie, R\u00e8glement UE N\u00b0 1169/2011 (kcal/100 g);"
    "Magn\u00e9sium (mg/100 g);Vitamine D (\u00b5g/100 g)\nfruits;13016;Pomme, crue;52,5;< 0,5;traces\n"
)
ENGLISH = (
    'alim_code,alim_nom_eng,"Energy, Regulation EU No 1169/2011 (kcal/100g)",Magnesium (mg/100g),'
    'Vitamin D (\u00b5g/100g)\n13016,"Apple, raw",52.5,-,\n'
)
BROKEN = (
    'alim_code;alim_nom_fr;"Energie,\nR\u00e8glement UE N\u00b0\n1169/2011 (kcal/100 g)";"Magn\u00e9sium\n(mg/100 g)"\n'
    "13016;Pomme, crue;52,5;-\n"
)


@pytest.mark.parametrize("text", [FRENCH, ENGLISH, BROKEN])
def test_ciqual_in_french_english_and_broken_headers(text: str) -> None:
    """Either language, either way of writing the unit, column names over several lines; no amount stays unknown."""
    (food,) = read_ciqual(io.BytesIO(text.encode()), Path("ciqual.csv")).table
    assert food.per_100_g["energy_kcal"] == 52.5
    assert food.per_100_g["magnesium_mg"] is None
    assert food.per_100_g["vitamin_d_ug"] is None


def test_fooddata_central_with_every_cell_quoted(tmp_path: Path) -> None:
    """Quoted ids and headers, inches as doubled quotation marks, the code 9999 for no unit."""
    with zipfile.ZipFile(tmp_path / "fdc.zip", "w") as file:
        file.writestr(
            "x/food.csv",
            '"fdc_id","data_type","description","food_category_id","publication_date"\n'
            '"171688","sr_legacy_food","Apples, raw, with skin (Includes foods for USDA\'s Food Distribution Program)",'
            '"9","2019-04-01"\n"9","sample_food","a sample","9","2019-04-01"\n',
        )
        file.writestr(
            "x/nutrient.csv",
            '"id","name","unit_name","nutrient_nbr","rank"\n"1090","Magnesium, Mg","MG","304","5500"\n',
        )
        file.writestr(
            "x/food_nutrient.csv",
            '"id","fdc_id","nutrient_id","amount","data_points","derivation_id","min","max","median","footnote"\n'
            '"1","171688","1090","5.0","1","4","","","",""\n',
        )
        file.writestr(
            "x/food_portion.csv",
            '"id","fdc_id","seq_num","amount","measure_unit_id","portion_description","modifier","gram_weight",'
            '"data_points","footnote","min_year_acquired"\n'
            '"89193","171688","4","1","9999","","medium (3"" dia)","182","113","",""\n',
        )
    (food,) = read_foods_file(tmp_path / "fdc.zip").table
    assert food.per_100_g["magnesium_mg"] == 5
    assert food.per_100_g["calcium_mg"] is None
    assert (food.portions[0].measure, food.portions[0].grams) == ('medium (3" dia)', 182)


def test_an_archive_with_several_exports_says_what_is_not_read(tmp_path: Path) -> None:
    """Servings and daily sums are of the same days: one is read and the other named; two of one name are refused."""
    daily = "Date,Energy (kcal)\n2026-11-20,2000\n"
    servings = "Day,Food Name,Amount,Energy (kcal)\n2026-11-20,Oats,50 g,190\n"
    with zipfile.ZipFile(tmp_path / "both.zip", "w") as file:
        file.writestr("dailysummary.csv", daily)
        file.writestr("servings.csv", servings)
    found = import_diet(str(tmp_path / "both.zip"), ON)
    assert found.source == "cronometer servings"
    assert any("dailysummary.csv: only servings.csv is read" in each for each in found.dropped)
    with zipfile.ZipFile(tmp_path / "twice.zip", "w") as file:
        file.writestr("a/dailysummary.csv", daily)
        file.writestr("b/dailysummary.csv", daily.replace("2000", "1000"))
    with pytest.raises(DataRefusedError, match="twice"):
        import_diet(str(tmp_path / "twice.zip"), ON)
