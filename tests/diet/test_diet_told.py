"""``diet show``: pictures, caffeine, water, sun and absorption; what is not known stays so."""

from __future__ import annotations

import json
from pathlib import Path
from typing import Any

import pytest
from click.testing import CliRunner, Result

from rheobase.cli.main import cli
from rheobase.errors import RheobaseError

DAY = """\
rheobase_diet: 1
days:
  - date: 2026-11-21
    complete: yes
    meals: ["200 g chicken breast", "100 g spinach", "150 g plain yogurt"]
    drinks: [DRINKS]
    supplements: [SUPPLEMENTS]
"""
COFFEE = '{text: 1 cup brewed coffee, time: "08:00"}'
WATER = "1 l water"
CASE = "rheobase_case: 1\nabout: {age: 41, sex: female}\n"


def show(folder: Path, *arguments: str, drinks: str = COFFEE, supplements: str = "", case: str = "") -> Result:
    """Run the command on one day."""
    diet = folder / "diet.yaml"
    diet.write_text(DAY.replace("DRINKS", drinks).replace("SUPPLEMENTS", supplements), encoding="utf-8")
    if case:
        (folder / "me.yaml").write_text(CASE + case, encoding="utf-8")
        arguments = (*arguments, "--case", str(folder / "me.yaml"))
    return CliRunner().invoke(cli, ["diet", "show", str(diet), "--on", "2026-11-24", *arguments])


def data(folder: Path, *arguments: str, **how: str) -> dict[str, Any]:
    """Return what it prints as JSON."""
    done = show(folder, "--json", *arguments, **how)
    assert done.exit_code == 0, done.output
    found: dict[str, Any] = json.loads(done.stdout)
    return found


def test_caffeine_falls_from_now_to_bedtime(tmp_path: Path) -> None:
    """A cup at eight: more at ten than at eleven at night, each with its range."""
    told = data(tmp_path, "--at", "10:00")["caffeine"]
    now, bed = told["now"]["mg"], told["bedtime"]["mg"]
    assert now["low"] <= now["middle"] <= now["high"]
    assert bed["middle"] < now["middle"]
    assert told["bedtime"]["time"] == "23:00"


def test_without_a_time_no_curve_is_made_up(tmp_path: Path) -> None:
    """Coffee at an hour that nobody said counts for the day, not for bedtime."""
    told = data(tmp_path, drinks="1 cup brewed coffee")["caffeine"]
    assert told["mg"]["best"] > 50
    assert told["bedtime"] is None
    assert "No drink has a time" in show(tmp_path, drinks="1 cup brewed coffee").output


def test_coffee_without_a_time_beside_timed_coffee_is_said(tmp_path: Path) -> None:
    """It may have been drunk at any hour, so the curve is a lower bound and says by how much."""
    both = f"{COFFEE}, 1 cup black tea"
    assert "of that without a time, so not in the hours below" in show(tmp_path, drinks=both).output
    assert data(tmp_path, drinks=both)["caffeine"]["bedtime"] == data(tmp_path)["caffeine"]["bedtime"]


def test_a_drink_that_is_not_found_is_not_caffeine_free(tmp_path: Path) -> None:
    """Its caffeine is not known: the day is at least what is known, and the drink is named."""
    told = data(tmp_path, drinks=f"{COFFEE}, 1 cup zorblax")["caffeine"]
    assert told["at_least"]
    assert told["caffeine_not_known"] == ["1 cup zorblax"]


def test_without_caffeine_there_is_no_section(tmp_path: Path) -> None:
    """Water and chicken alone: nothing to say."""
    assert data(tmp_path, drinks=WATER)["caffeine"] is None
    assert "CAFFEINE OVER THE DAY" not in show(tmp_path, drinks=WATER).output


def test_what_slows_caffeine_comes_from_the_case(tmp_path: Path) -> None:
    """Fluvoxamine is counted; no medicine at all and no nicotine leave the healthy range alone."""
    slow = data(tmp_path, case="medicines: [fluvoxamine 100 mg]\n")["caffeine"]
    plain = data(tmp_path, case="takes_no_medicine: yes\nabsent: [nicotine_daily, pregnant]\n")["caffeine"]
    assert "fluvoxamine" in slow["modifiers"]["counted"]
    assert slow["half_life_h"]["middle"] > 5 * plain["half_life_h"]["middle"]
    assert plain["modifiers"] == {"counted": [], "in_the_range": [], "not_asked": ["cirrhosis"]}


def test_not_knowing_widens_the_range_and_leaves_the_middle(tmp_path: Path) -> None:
    """Nobody said whether she smokes or is pregnant: both may be, and the range holds both."""
    open_case = data(tmp_path, case="notes: x\n")["caffeine"]["half_life_h"]
    told = data(tmp_path, case="takes_no_medicine: yes\nabsent: [nicotine_daily, pregnant]\n")["caffeine"][
        "half_life_h"
    ]
    assert open_case["low"] < told["low"]
    assert open_case["high"] > told["high"]
    assert open_case["middle"] == told["middle"]


def test_bedtime_after_midnight_is_that_of_the_night(tmp_path: Path) -> None:
    """To bed at half past one: later than eleven, so less is left."""
    late = data(tmp_path, "--bed", "01:30")["caffeine"]["bedtime"]
    assert late["time"] == "01:30"
    assert late["mg"]["middle"] < data(tmp_path)["caffeine"]["bedtime"]["mg"]["middle"]


def test_water_of_a_whole_day_is_weighed_against_need(tmp_path: Path) -> None:
    """Drinks and food add up; an hour of exercise asks for more."""
    told = data(tmp_path, drinks=f"{COFFEE}, {WATER}", case="notes: x\n")["water"]
    assert told["drinks"]["middle"] == pytest.approx(1.23, abs=0.1)
    assert not told["at_least_only"]
    assert told["short"] is not None
    sweating = data(tmp_path, "--exercise", "1", drinks=f"{COFFEE}, {WATER}", case="notes: x\n")["water"]
    assert sweating["short"]["middle"] == pytest.approx(told["short"]["middle"] + 1)
    assert "exercise_hours" not in sweating["losses_not_known"]


def test_a_drink_that_is_not_known_leaves_the_balance_open(tmp_path: Path) -> None:
    """Less than needed can't be said where one drink has no known water."""
    told = data(tmp_path, drinks=f"{COFFEE}, 1 cup zorblax", case="notes: x\n")["water"]
    assert told["at_least_only"]
    assert told["short"] is None


def test_the_sun_says_its_doubt_and_never_to_burn(tmp_path: Path) -> None:
    """In June in Berlin long noons may redden: it says so, and calls no one to lie in the sun."""
    how = ("--latitude", "52", "--month", "6", "--minutes", "90", "--skin", "1")
    told = data(tmp_path, *how)["sun"]
    assert told["burns"] is not False
    assert told["iu"]["low"] < told["iu"]["middle"] < told["iu"]["high"]
    text = " ".join(show(tmp_path, *how).output.split())
    assert "redden the skin: less time, shade or clothes" in text
    assert "no advice to lie in the sun" in text


def test_winter_sun_makes_none(tmp_path: Path) -> None:
    """In December at 60 degrees north no vitamin D is made, however long."""
    told = data(tmp_path, "--latitude", "60", "--month", "12", "--minutes", "600")["sun"]
    assert told["iu"] == {"low": 0, "middle": 0, "high": 0}


def test_without_a_latitude_nothing_is_said_of_the_sun(tmp_path: Path) -> None:
    """No place, no sun; an option of the sun alone is refused with what to add."""
    assert data(tmp_path)["sun"] is None
    assert "--latitude" in show(tmp_path, "--skin", "2").output


def test_spinach_gives_little_of_its_calcium(tmp_path: Path) -> None:
    """Less than the half is taken up, the share of foods rich in oxalate is named, and doubt is kept."""
    calcium, magnesium = data(tmp_path, case="notes: x\n")["taken_up"]
    assert calcium["in_foods_rich_in_oxalate_mg"] == pytest.approx(99)
    assert calcium["taken_up_mg"]["low"] < calcium["taken_up_mg"]["middle"] < calcium["taken_up_mg"]["high"]
    assert calcium["taken_up_mg"]["high"] < calcium["eaten_mg"]
    assert "vitamin_d" in calcium["not_known"]
    assert "phytate" in magnesium["not_known"]


def test_vitamin_d_and_an_acid_blocker_come_from_the_case(tmp_path: Path) -> None:
    """A blood test and omeprazole of the case file bear on calcium and are said with sources."""
    case = "medicines: [omeprazole]\nlabs: [{name: vitamin D, value: 42, unit: nmol/L, taken: 2026-11-01}]\n"
    text = " ".join(show(tmp_path, "--all", case=case).output.split())
    assert "vitamin D in the blood 42 nmol/L" in text
    assert "acid blocker" in text


def test_the_upper_level_of_magnesium_counts_supplements_alone(tmp_path: Path) -> None:
    """It does not stand on the axis of food; calcium's, which counts all, does."""
    text = show(tmp_path, "--html", "-", supplements="magnesium oxide 500 mg elemental", case="notes: x\n").output
    magnesium = text[text.index("Magnesium, mg a day") : text.index("Calcium, mg a day")]
    calcium = text[text.index("Calcium, mg a day") : text.index("Vitamin D, µg a day")]
    assert "UL 350 for supplements alone" in magnesium
    assert ">UL 350<" not in magnesium
    assert "UL 2500" in calcium


def test_nothing_known_of_a_nutrient_is_not_the_mean_of_the_group(tmp_path: Path) -> None:
    """Where no line has a value nothing is said of usual intake; the axis says that it is not known."""
    diet = tmp_path / "diet.yaml"
    diet.write_text("rheobase_diet: 1\nmeals: [5 zorblax]\n", encoding="utf-8")
    run = ["diet", "show", str(diet), "--age", "40", "--sex", "male", "--on", "2026-11-24"]
    text = CliRunner().invoke(cli, run).output
    assert "usually about" not in text
    assert "Magnesium: what was eaten of it is not known." in text


def test_a_page_is_written_once_and_never_over_another_file(tmp_path: Path) -> None:
    """The page stands by itself with pictures and tables; a second run keeps the first file."""
    page = tmp_path / "page.html"
    assert show(tmp_path, "--html", str(page), case="notes: x\n").exit_code == 0
    text = page.read_text(encoding="utf-8")
    for words in ("Is it enough?", "Foods that gave most", "Caffeine over the day", "Water", "Coverage", "<svg"):
        assert words in text
    assert "http-equiv" in text
    assert isinstance(show(tmp_path, "--html", str(page)).exception, RheobaseError)


def test_a_case_file_with_a_diet_is_its_own_person(tmp_path: Path) -> None:
    """Age and sex of the case count without naming the file twice."""
    case = tmp_path / "me.yaml"
    day = "diet: {days: [{date: 2026-11-21, complete: yes, meals: [2 eggs], drinks: [1 l water], supplements: []}]}\n"
    case.write_text(CASE + day, encoding="utf-8")
    done = CliRunner().invoke(cli, ["diet", "show", str(case), "--on", "2026-11-24", "--json"])
    assert json.loads(done.stdout)["enough"]["magnesium_mg"]["stages"][0]["ear"] == 265


@pytest.mark.parametrize("width", [40, 80, 120])
def test_the_terminal_page_keeps_its_width(tmp_path: Path, width: int, monkeypatch: pytest.MonkeyPatch) -> None:
    """With everything shown no line is wider than asked, but for a long file name."""
    monkeypatch.chdir(tmp_path)
    show(tmp_path, case="notes: x\n")
    run = ["diet", "show", "diet.yaml", "--case", "me.yaml", "--all", "--latitude", "52", "--minutes", "20"]
    text = CliRunner().invoke(cli, [*run, "--on", "2026-11-24", "--width", str(width)]).output
    assert max(map(len, text.splitlines())) <= width
