"""Imports from trackers: read by header, planned first, the same again when repeated, nothing half imported."""

from __future__ import annotations

import json
import zipfile
from datetime import date
from pathlib import Path

import pytest
from click.testing import CliRunner, Result
from hypothesis import given
from hypothesis import strategies as st

from rheobase.cli.diet import diet as command
from rheobase.diet.plan import ImportedFile, plan_import
from rheobase.errors import DataRefusedError, RheobaseError
from rheobase.importers.diet_file import read_diet
from rheobase.importers.diet_import import import_diet
from rheobase.importers.diet_rows import number, read_sheet
from rheobase.importers.diet_trackers import read_tracker
from rheobase.importers.diet_writer import write_diet
from rheobase.person import Diet, DietDay, Eaten

ON = date(2026, 11, 24)
DAILY = (
    "Date,Energy (kcal),Caffeine (mg),Water (g),B12 (Cobalamin) (\u00b5g),Vitamin D (IU),Calcium (mg),Magnesium (mg),"
    "Sodium (mg),Cystine (g),Completed\n"
    "2026-11-20,2010.5,95.00,2100.00,3.1,400,812.25,310.5,1900,1.2,true\n"
    "2026-11-21,450,0.00,600,,80,100,40,300,,false\n"
    "2026-11-22,0,0,0,0,0,0,0,0,0,true\n"
)
SERVINGS = (
    "Day,Time,Group,Food Name,Amount,Energy (kcal),Magnesium (mg),Calcium (mg),Category\n"
    '2026-11-20,9:15 AM,Breakfast,"Spinach, Raw",58.00 g,13.34,45.82,57.42,Vegetables\n'
    "2026-11-20,07:30,Breakfast,Coffee,1.00 cup,2.4,7.1,,Beverages\n"
    "2026-11-20,07:30,Breakfast,Coffee,1.00 cup,2.4,7.1,,Beverages\n"
    "2026-11-20,,Supplements,Magnesium tablet,1.00 tablet,0,100,0,Supplements\n"
    "2026-11-21,,Uncategorized,Tap Water,250.00 g,0,2.5,7.5,Beverages\n"
)
PAL = (
    "Date,Meal,Calories,Fat (g),Saturated Fat,Cholesterol,Sodium (mg),Potassium,Carbohydrates (g),Fiber,Sugar,"
    "Protein (g),Vitamin A,Vitamin C,Calcium,Iron,Note\n"
    "2026-11-20,Breakfast,500,20,5,100,700,400,50,5,10,20,10,15,30,20,\n"
    "2026-11-20,Dinner,900,30,8,120,900,800,80,9,12,40,20,25,20,25,late\n"
)
APPLE = """<?xml version="1.0" encoding="UTF-8"?>
<!DOCTYPE HealthData [
<!ELEMENT HealthData (Record|Correlation)*>
<!ATTLIST Record type CDATA #REQUIRED>
]>
<HealthData locale="en_GB">
 <Record type="HKQuantityTypeIdentifierStepCount" sourceName="Phone" unit="count" value="1000"
  startDate="2026-11-20 08:00:00 +0000"/>
 <Record type="HKQuantityTypeIdentifierDietaryMagnesium" sourceName="Tracker" unit="mg" value="120"
  creationDate="2026-11-20 08:00:01 +0000" startDate="2026-11-20 23:30:00 -0500" endDate="2026-11-20 23:30:00 -0500"/>
 <Record type="HKQuantityTypeIdentifierDietaryMagnesium" sourceName="Tracker" unit="mg" value="80"
  startDate="2026-11-20 12:00:00 -0500"/>
 <Record type="HKQuantityTypeIdentifierDietaryMagnesium" sourceName="Other" unit="mg" value="500"
  startDate="2026-11-20 12:00:00 -0500"/>
 <Record type="HKQuantityTypeIdentifierDietaryVitaminD" sourceName="Tracker" unit="mcg" value="5"
  startDate="2026-11-20 12:00:00 -0500"/>
 <Record type="HKQuantityTypeIdentifierDietaryWater" sourceName="Bottle" unit="mL" value="500"
  startDate="2026-11-20 12:00:00 -0500"/>
 <Record type="HKQuantityTypeIdentifierDietarySelenium" sourceName="Tracker" unit="mcg" value="5"
  startDate="2026-11-20 12:00:00 -0500"/>
 <Correlation type="HKCorrelationTypeIdentifierFood">
  <Record type="HKQuantityTypeIdentifierDietaryMagnesium" sourceName="Tracker" unit="mg" value="80"
   startDate="2026-11-20 12:00:00 -0500"/>
 </Correlation>
</HealthData>
"""
OFF = (
    "code\tproduct_name\tserving_quantity\tenergy-kcal_100g\tmagnesium_100g\tvitamin-d_100g\n"
    "123\tOat drink\t200\t46\t0.01\t468\n"
    "124\tDark chocolate\t\t550\t0.176\t\n"
)


def imported(text: str, *, leave_out: bool = False) -> ImportedFile:
    """Return a delimited export as it is read."""
    return read_tracker(read_sheet(text.encode(), "export.csv"), ON, leave_out=leave_out)


def test_a_daily_summary_is_read_by_its_header() -> None:
    """Units come from the header, IU of vitamin D become micrograms, blank is unknown, an empty day is no low day."""
    found = imported(DAILY)
    first, second = found.days
    assert first.complete is True
    assert first.totals == {
        "energy_kcal": 2010.5,
        "caffeine_mg": 95,
        "water_g": 2100,
        "vitamin_b12_ug": 3.1,
        "vitamin_d_ug": 10,
        "calcium_mg": 812.25,
        "magnesium_mg": 310.5,
        "sodium_mg": 1900,
    }
    assert second.complete is False
    assert "vitamin_b12_ug" not in (second.totals or {})
    assert any("nothing was logged" in line for line in found.dropped)


@pytest.mark.parametrize(
    "change",
    [
        lambda text: "\ufeff" + text,
        lambda text: text.replace("\n", "\r\n"),
        lambda text: "\n".join(
            ";".join(cell.replace(".", ",") for cell in line.split(",")) for line in text.splitlines()
        ),
        lambda text: text.replace(",", "\t"),
        lambda text: text.replace("Date,", "DATE ,"),
        lambda text: "\n".join(",".join(reversed(line.split(","))) for line in text.splitlines()),
        lambda text: text.replace("2010.5,", '"2,010.5",'),
    ],
)
def test_layouts_do_not_matter(change) -> None:  # type: ignore[no-untyped-def]  # noqa: ANN001
    """A byte-order mark, line ends, delimiter, decimal comma, order of columns, thousands: the same days."""
    plain, other = imported(DAILY), imported(change(DAILY))
    assert [(day.day, day.complete, day.totals) for day in other.days] == [
        (day.day, day.complete, day.totals) for day in plain.days
    ]


def test_an_older_encoding_is_read() -> None:
    """A file in Windows-1252 with its micro sign is the same file."""
    found = read_tracker(read_sheet(DAILY.encode("cp1252"), "x.csv"), ON, leave_out=False)
    assert [day.totals for day in found.days] == [day.totals for day in imported(DAILY).days]


def test_kilojoules_are_converted() -> None:
    """European exports give energy in kJ."""
    (day,) = imported("Date,Energy (kJ),Magnesium (mg)\n2026-11-20,4184,300\n").days
    assert (day.totals or {})["energy_kcal"] == pytest.approx(1000)


def test_servings_keep_foods_times_and_supplements_apart() -> None:
    """Each row is a line with what it holds; equal rows are two cups; tablets are no food."""
    first, second = imported(SERVINGS).days
    spinach, *coffees = first.meals
    assert (spinach.text, spinach.grams, spinach.time) == ("Spinach, Raw, 58 g", 58, "09:15")
    assert spinach.holds == {"energy_kcal": 13.34, "magnesium_mg": 45.82, "calcium_mg": 57.42}
    assert [each.holds for each in coffees] == [{"energy_kcal": 2.4, "magnesium_mg": 7.1}] * 2
    assert coffees[0].origin != coffees[1].origin
    assert first.supplements[0].holds == {"energy_kcal": 0, "magnesium_mg": 100, "calcium_mg": 0}
    assert second.meals[0].grams == 250
    assert first.complete is None


def test_servings_without_nutrients_are_looked_up_by_name() -> None:
    """Where the file names foods only, they become lines of text."""
    (day,) = imported("Day,Food Name,Amount\n2026-11-20,Spinach,58.00 g\n").days
    assert (day.meals[0].text, day.meals[0].grams, day.meals[0].holds) == ("Spinach, 58 g", 58, None)


def test_shares_of_a_daily_value_are_left_out_with_the_reason() -> None:
    """MyFitnessPal's calcium and iron may be %DV or mg: never taken for mg."""
    found = imported(PAL)
    assert found.days[0].meals[0].holds == {
        "energy_kcal": 500,
        "fat_g": 20,
        "sodium_mg": 700,
        "potassium_mg": 400,
        "carbohydrate_g": 50,
        "fibre_g": 5,
        "sugars_g": 10,
        "protein_g": 20,
    }
    assert sum("says no unit" in line for line in found.dropped) == 2
    percent = imported("Date,Energy (kcal),Calcium (% DV),Iron (IU),Magnesium (stone)\n2026-11-20,500,30,1,2\n")
    assert percent.days[0].totals == {"energy_kcal": 500}
    assert len(percent.dropped) == 3


@pytest.mark.parametrize(
    ("row", "says"),
    [
        ("2026-11-25,1,1", "has not been yet"),
        ("2026-02-30,1,1", "day"),
        ("20/11/2026,1,1", "is not a day such as"),
        ("2026-11-20,-1,1", "is negative"),
        ("2026-11-20,NaN,1", "is not a number"),
        ("2026-11-20,inf,1", "is not a number"),
        ("2026-11-20,1e999,1", "too large"),
        ("2026-11-20,1000000000,1", "cannot be"),
        ("2026-11-20,1,1e12", "cannot be"),
        ("2026-11-20,abc,1", "is not a number"),
        ("2026-11-20,1", "cut off"),
        ("2026-11-19,1,2", "stands twice and differs"),
    ],
)
def test_a_bad_row_refuses_the_whole_file(row: str, says: str) -> None:
    """One clear line says what and where; nothing is half imported. On request, that day alone is left out."""
    text = f"Date,Magnesium (mg),Energy (kcal)\n2026-11-19,300,2000\n{row}\n"
    with pytest.raises(DataRefusedError) as refused:
        imported(text)
    assert says in str(refused.value)
    assert "line 3" in str(refused.value)
    if says != "cut off":
        left = imported(text, leave_out=True)
        assert len(left.days) == (0 if "twice" in says else 1)
        assert any("left out" in line for line in left.dropped)


def test_a_day_twice_the_same_is_kept_once() -> None:
    """A repeated row is listed and counts once."""
    found = imported("Date,Magnesium (mg)\n2026-11-20,300\n2026-11-20,300\n")
    assert len(found.days) == 1
    assert any("kept once" in line for line in found.dropped)


@pytest.mark.parametrize("amount", ["1000000000 g", "-5 g", "NaN g", "0 g"])
def test_a_serving_that_cannot_be_is_refused(amount: str) -> None:
    """Grams beyond any meal, none or negative are a fault of the file."""
    with pytest.raises(DataRefusedError, match="line 2"):
        imported(f"Day,Food Name,Amount,Magnesium (mg)\n2026-11-20,Spinach,{amount},1\n")


def test_two_styles_of_number_are_refused() -> None:
    """A file that writes 1.25 and 1,25 cannot be read safely."""
    with pytest.raises(DataRefusedError, match="two styles"):
        imported("Date;Magnesium (mg);Energy (kcal)\n2026-11-20;1,25;1.25\n")


@pytest.mark.parametrize("data", [b"", b"\n\n", b"a,b\n1,2\n", b"\x00\x01\x02", b"Date\n2026-11-20\n", b"x" * 200_000])
def test_another_file_is_refused(data: bytes, tmp_path: Path) -> None:
    """What is no export is refused with one line that says what is expected."""
    path = tmp_path / "x.csv"
    path.write_bytes(data)
    with pytest.raises(DataRefusedError) as refused:
        import_diet(str(path), ON)
    assert "\n" not in str(refused.value)


def test_apple_health_is_summed_by_local_day_and_one_source(tmp_path: Path) -> None:
    """Grouped copies count once, a second app's same nutrient is dropped and listed, the day is the person's own."""
    path = tmp_path / "export.xml"
    path.write_text(APPLE, encoding="utf-8")
    found = import_diet(str(path), ON)
    (day,) = found.days
    assert day.day == date(2026, 11, 20)
    assert day.totals == {"magnesium_mg": 200, "vitamin_d_ug": 5, "water_g": 500}
    assert any("'Other'" in line for line in found.dropped)
    assert any("Selenium" in line for line in found.dropped)
    zipped = tmp_path / "export.zip"
    with zipfile.ZipFile(zipped, "w", zipfile.ZIP_DEFLATED) as archive:
        archive.write(path, "apple_health_export/export.xml")
    assert import_diet(str(zipped), ON).days == found.days


@pytest.mark.parametrize(
    ("text", "says"),
    [
        ('<!DOCTYPE HealthData [<!ENTITY a "x">]><HealthData>&a;</HealthData>', "declares XML entities"),
        ('<!DOCTYPE HealthData [<!ENTITY a SYSTEM "file:///etc/hostname">]><HealthData/>', "declares XML entities"),
        ('<!DOCTYPE HealthData [<!ENTITY % p SYSTEM "http://x/">%p;]><HealthData/>', "declares XML entities"),
        (APPLE[:-200], "not whole XML"),
        ("<?xml version='1.0'?><svg/>", "not an Apple Health export"),
        ("<?xml version='1.0'?><HealthData/>", "no dietary record"),
        (APPLE.replace('value="120"', 'value="NaN"'), "is not a number"),
        (APPLE.replace('value="120"', 'value="-3"'), "is negative"),
        (APPLE.replace('value="120"', 'value="1e9"'), "cannot be"),
        (APPLE.replace('unit="mg" value="120"', 'unit="stone" value="120"'), "is not one of"),
        (APPLE.replace("2026-11-20 23:30", "2036-11-20 23:30"), "has not been yet"),
    ],
)
def test_a_bad_apple_export_is_refused(text: str, says: str, tmp_path: Path) -> None:
    """Entities, cut files, other XML, impossible values: refused with the reason."""
    path = tmp_path / "export.xml"
    path.write_text(text, encoding="utf-8")
    with pytest.raises(DataRefusedError) as refused:
        import_diet(str(path), ON)
    assert says in str(refused.value)


def test_products_wait_for_their_grams(tmp_path: Path) -> None:
    """A table of products says what they hold and not what was eaten; 468 g of vitamin D is dropped and listed."""
    path = tmp_path / "off.tsv"
    path.write_text(OFF, encoding="utf-8")
    found = import_diet(str(path), ON)
    drink, chocolate = found.days[0].meals
    assert drink.grams is None
    assert drink.per_100_g == {"energy_kcal": 46, "magnesium_mg": 10}
    assert chocolate.per_100_g == {"energy_kcal": 550, "magnesium_mg": 176}
    assert any("cannot be" in line for line in found.dropped)


@pytest.mark.parametrize("text", [DAILY, SERVINGS, PAL])
def test_importing_again_adds_nothing(text: str) -> None:
    """An import is idempotent, through the file too, and what a person confirmed stays."""
    first = plan_import(Diet(), imported(text))
    written = read_diet(write_diet(first.diet).encode(), name="x", on=ON)
    again = plan_import(written, imported(text))
    assert again.changes_nothing
    assert again.diet == written == first.diet
    assert len(again.unchanged) == len(first.added)


def test_a_changed_day_replaces_only_its_own_lines() -> None:
    """A row mended in the tracker replaces the old one; a confirmed food and a tablet of one's own stay."""
    diet = plan_import(Diet(), imported("Day,Food Name,Amount\n2026-11-20,Spinach,58 g\n2026-11-20,Milk,200 g\n")).diet
    day = diet.days[0]
    confirmed = Eaten(**{**{name: getattr(day.meals[0], name) for name in Eaten.__slots__}, "food": "11457"})
    diet = Diet((DietDay(day=day.day, meals=(confirmed, day.meals[1])),))
    plan = plan_import(diet, imported("Day,Food Name,Amount\n2026-11-20,Spinach,58 g\n2026-11-20,Milk,300 g\n"))
    assert plan.changed == (date(2026, 11, 20),)
    assert [(each.food, each.grams) for each in plan.diet.days[0].meals] == [("11457", 58), (None, 300)]


def test_a_day_of_another_source_stays() -> None:
    """Totals beside foods of the same day would count twice: the day stays as it is and is listed."""
    diet = plan_import(Diet(), imported(SERVINGS)).diet
    plan = plan_import(diet, imported(DAILY))
    assert plan.diet == diet
    assert len(plan.left) == 2
    own = Diet((DietDay(day=date(2026, 11, 20), meals=(Eaten(text="1 banana"),)),))
    assert plan_import(own, imported(DAILY)).diet.days[0] == own.days[0]


def run(*arguments: str) -> Result:
    """Run the command."""
    return CliRunner().invoke(command, [*arguments, "--on", "2026-11-24"], catch_exceptions=True)


def test_the_command_plans_then_writes_then_does_nothing(tmp_path: Path) -> None:
    """Without -o nothing is written; with it the file is; the second time it is left alone; a change keeps the old."""
    export, target = tmp_path / "dailysummary.csv", tmp_path / "diet.yaml"
    export.write_text(DAILY, encoding="utf-8")
    assert "Nothing is written yet" in run("import", str(export)).output
    assert not target.exists()
    assert json.loads(run("import", str(export), "-o", str(target), "--json").stdout)["written"] is True
    before = target.read_bytes()
    assert json.loads(run("import", str(export), "-o", str(target), "--json").stdout)["written"] is False
    assert target.read_bytes() == before
    export.write_text(DAILY.replace("310.5", "320"), encoding="utf-8")
    assert run("import", str(export), "-o", str(target)).exit_code == 0
    assert (tmp_path / "diet.yaml.1.bak").read_bytes() == before
    assert "magnesium_mg: 320" in target.read_text(encoding="utf-8")
    export.write_text(DAILY.replace("310.5", "-1"), encoding="utf-8")
    after = target.read_bytes()
    assert isinstance(run("import", str(export), "-o", str(target)).exception, DataRefusedError)
    assert target.read_bytes() == after


@given(st.binary(max_size=200), st.sampled_from([b"", DAILY.encode(), SERVINGS.encode(), PAL.encode()]))
def test_no_bytes_at_all_break_an_import(data: bytes, before: bytes) -> None:
    """Whatever comes, it is read or refused; never another error."""
    try:
        found = read_tracker(read_sheet(before + data, "x"), ON, leave_out=False)
    except RheobaseError:
        return
    for day in found.days:
        assert day.day is None or day.day <= ON


@given(st.floats(0, 99999, allow_nan=False), st.booleans())
def test_numbers_are_read_in_both_styles(value: float, comma: bool) -> None:
    """Thousands and decimals in either style give the same number."""
    text = f"{value:,.4f}"
    if comma:
        text = text.replace(",", "_").replace(".", ",").replace("_", ".")
    assert number(text, comma=comma) == pytest.approx(value, abs=1e-4)


def test_a_zip_is_read_by_what_is_in_it(tmp_path: Path) -> None:
    """MyFitnessPal mails a zip with a folder; the summary in it is read."""
    path = tmp_path / "export.zip"
    with zipfile.ZipFile(path, "w") as archive:
        archive.writestr("File-Export-2026-11-20-to-2026-11-21/Nutrition-Summary-2026-11-20.csv", PAL)
        archive.writestr("File-Export-2026-11-20-to-2026-11-21/Measurement-Summary-2026-11-20.csv", "Date,Weight\n")
    found = import_diet(str(path), ON)
    assert found.source == "myfitnesspal"
    assert len(found.days[0].meals) == 2


def test_zips_that_attack_are_refused(tmp_path: Path) -> None:
    """A cut zip, a bomb and a zip of something else: one clear line each."""
    bomb, cut, other = tmp_path / "bomb.zip", tmp_path / "cut.zip", tmp_path / "other.zip"
    with zipfile.ZipFile(bomb, "w", zipfile.ZIP_DEFLATED) as archive:
        archive.writestr("export.xml", b"<HealthData>" + b" " * 30_000_000)
    cut.write_bytes(bomb.read_bytes()[:200])
    with zipfile.ZipFile(other, "w") as archive:
        archive.writestr("a.txt", "x")
    for path in (bomb, cut, other):
        with pytest.raises(DataRefusedError) as refused:
            import_diet(str(path), ON)
        assert "\n" not in str(refused.value)


def test_days_without_a_date_are_all_kept() -> None:
    """An import of a dated day leaves every undated day where it was."""
    undated = tuple(DietDay(meals=(Eaten(text=each),)) for each in ("one", "two"))
    dated = DietDay(day=date(2026, 3, 1), meals=(Eaten(text="three", origin="x 1"),), origin="x 1")
    plan = plan_import(Diet(undated), ImportedFile("x", (dated,), ()))
    assert [each.meals[0].text for each in plan.diet.days] == ["three", "one", "two"]
