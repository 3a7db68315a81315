"""``rheobase nerve plate`` as a user meets it."""

from __future__ import annotations

import json
import re
from pathlib import Path

import pytest
from click.testing import CliRunner, Result

from rheobase.cli.nerve_plate import plate as command
from rheobase.errors import DataRefusedError, UsageError
from rheobase.intake.plate import model_medicines, usual_shares, with_shares
from rheobase.knowledge import load_knowledge
from rheobase.nerve.plate import Eaten, Patient
from rheobase.report.courses import Course, Courses, course_lines, course_shapes, figure, ticks

QUICK = ("--draws", "0", "--days", "10", "--on", "2026-11-24")
CASE = """rheobase_case: 1
about: {age: 70, sex: female}
labs:
- {name: eGFR, value: 42, unit: mL/min/1.73m2}
- {name: 25-OH vitamin D, value: 30, unit: nmol/L}
medicines:
- omeprazole 20 mg
- bisoprolol 2.5 mg
"""
DIET = """rheobase_diet: 1
days:
- date: 2026-11-20
  complete: yes
  meals: [100 g spinach, 200 g cooked lentils]
  drinks: [2 cups brewed coffee]
"""


def run(*arguments: str) -> Result:
    """Run the command."""
    return CliRunner().invoke(command, list(arguments))


def data(*arguments: str) -> dict[str, object]:
    """Return the JSON that the command prints."""
    done = run(*QUICK, *arguments, "--json")
    assert done.exit_code == 0, done.output
    loaded: dict[str, object] = json.loads(done.stdout)
    return loaded


def test_the_page_says_what_moves_and_why_calcium_holds() -> None:
    """Sentences, curves with units, table, what was supposed, limits and sources."""
    done = run("--days", "30", "--draws", "3", "--ca-diet", "400", "--medicine", "thiazide")
    assert done.exit_code == 0, done.output
    flat = " ".join(done.output.split())
    for words in (
        "Potassium falls from 4.20",
        "Why calcium holds: 550 mg less are eaten",
        "nine in ten",
        "Calcium [mmol/L]",
        "day 30",
        "calcium 400 mg (usual 950)",
        "magnesium as usual (300 mg)",
        "Medicines from day 0: thiazide",
        "It decides nothing about urgency",
        "[1] Peterson MC",
        "not yet been reviewed by a clinician",
    ):
        assert words in flat, words


def test_json_holds_the_same_numbers() -> None:
    """Versions, units, every value with its band, flows, the ledger."""
    told = data("--ca-diet", "400")
    assert told["schema_version"] == 1
    values = told["values"]
    assert isinstance(values, dict)
    assert set(values["calcium"]) == {"middle", "low", "high"}
    assert len(values["calcium"]["middle"]) == 11
    assert isinstance(told["days"], list)
    assert told["ended"] == ""
    assert isinstance(told["calcium_ledger_mmol_day"], dict)


def test_the_same_words_give_the_same_bytes() -> None:
    """The band is drawn with a seed."""
    arguments = ("--draws", "3", "--days", "5", "--json", "--alcohol", "40")
    assert run(*arguments).stdout == run(*arguments).stdout


@pytest.mark.parametrize(
    ("arguments", "words"),
    [
        (("--gfr", "3"), "10 to 180"),
        (("--ca-diet", "nan"), "expected a number"),
        (("--days", "0.5"), "at least 1"),
        (("--days", "4000"), "0 to 730"),
        (("--medicine", "sertraline"), "knows no effect"),
        (("--medicine", "water tablet"), "knows no effect"),
        (("--diarrhoea", "-1"), "0 to 5"),
    ],
)
def test_a_mistake_is_said_in_one_line(arguments: tuple[str, ...], words: str) -> None:
    """What can't be used is refused with what was expected."""
    done = run(*QUICK, *arguments)
    assert isinstance(done.exception, DataRefusedError)
    assert words in str(done.exception)


def test_a_case_file_gives_body_kidney_and_medicines(tmp_path: Path) -> None:
    """Age, sex, eGFR, vitamin D and medicines come from the case; what the model does not know is said."""
    path = tmp_path / "case.yaml"
    path.write_text(CASE, encoding="utf-8")
    done = run(*QUICK, "--case", str(path))
    assert done.exit_code == 0, done.output
    flat = " ".join(done.output.split())
    assert "female, 70 years, kidney function 42 mL/min/1.73 m2, 25-OH vitamin D 30 nmol/L" in flat
    assert "Medicines from day 0: ppi" in flat
    assert "Left out: 'bisoprolol 2.5 mg'" in flat
    assert data("--case", str(path), "--gfr", "80")["patient"] == {
        "weight": None,
        "sex": "female",
        "age": 70.0,
        "gfr": 80.0,
        "vitamin_d": 30.0,
    }


def test_a_diet_file_gives_what_is_eaten_and_options_win(tmp_path: Path) -> None:
    """The mean of the days is eaten; an option takes its place; two diets are refused."""
    path = tmp_path / "diet.yaml"
    path.write_text(DIET, encoding="utf-8")
    phase = data("--diet", str(path), "--mg-diet", "111")["phase"]
    assert isinstance(phase, dict)
    assert phase["eaten"]["magnesium_mg"] == 111
    assert 100 < phase["eaten"]["calcium_mg"] < 300
    assert phase["eaten"]["water_l"] is None
    both = tmp_path / "both.yaml"
    both.write_text(CASE + "diet:\n  days:\n  - meals: [100 g spinach]\n", encoding="utf-8")
    done = run(*QUICK, "--case", str(both), "--diet", str(path))
    assert isinstance(done.exception, UsageError)


def test_the_html_page_carries_the_picture(tmp_path: Path) -> None:
    """The file holds an SVG with a band, axes with units and a description; another file is kept."""
    path = tmp_path / "plate.html"
    done = run(*QUICK, "--alcohol", "60", "--draws", "2", "--html", str(path))
    assert done.exit_code == 0, done.output
    page = path.read_text(encoding="utf-8")
    assert page.count("<svg") == 1
    assert page.count("<polygon") == 5
    for words in ("Calcium (mmol/L)", ">days<", "ordinary range", "<desc"):
        assert words in page, words
    other = tmp_path / "mine.txt"
    other.write_text("mine", encoding="utf-8")
    assert isinstance(run(*QUICK, "--html", str(other)).exception, UsageError)
    assert other.read_text(encoding="utf-8") == "mine"


def test_json_and_a_page_on_standard_output_are_refused() -> None:
    """Two things can't go to one place."""
    assert run(*QUICK, "--json", "--html", "-").exit_code == 2


@pytest.mark.slow
def test_compare_shows_what_would_move_the_values() -> None:
    """Diets, losses and medicines, each alone; the diet gap moves calcium least, lost glands most."""
    done = run(*QUICK, "--compare", "--json")
    others = json.loads(done.stdout)["others"]
    assert abs(others["400 mg of calcium a day"]["calcium"]) < 0.05
    assert others["parathyroid glands removed"]["calcium"] < -0.4
    assert others["1 L of loose stools a day"]["potassium"] < -0.2
    assert others["6 L of water a day"]["sodium"] < -1


@pytest.mark.slow
def test_checks_show_what_is_met() -> None:
    """The experiments are listed with what was found, what the model gives, and what is not met."""
    done = run("--checks")
    assert done.exit_code == 0, done.output
    assert re.search(r"\d+ of \d+ experiments are met", done.output)
    assert "NOT MET" in done.output
    assert json.loads(run("--checks", "--json").stdout)["rows"]


def test_a_run_that_ends_early_says_so_calmly() -> None:
    """Numbers that nobody survives are not drawn: the page says where the model ends and whom to see."""
    done = run("--draws", "0", "--water", "12", "--na-diet", "0")
    flat = " ".join(done.output.split())
    assert "The model ends on day" in flat
    assert "needs a doctor then, not a model" in flat


@pytest.mark.parametrize(
    ("written", "known"),
    [
        ("Lasix 40 mg", ("loop_diuretic",)),
        ("thiazide", ("thiazide",)),
        ("co-amilozide", ("potassium_sparing", "thiazide")),
        ("ramipril", ("ace_inhibitor",)),
        ("Prolia", ("denosumab",)),
        ("steroid", ("steroid",)),
        ("magnesium_waster", ("magnesium_waster",)),
        ("zoledronic acid", ("bisphosphonate",)),
        ("alfacalcidol", ("active_vitamin_d",)),
    ],
)
def test_a_medicine_is_known_by_name_brand_or_class(written: str, known: tuple[str, ...]) -> None:
    """What a person writes is read as what the model knows of it."""
    assert model_medicines([written], load_knowledge()) == (known, ())


def test_the_share_absorbed_follows_the_load() -> None:
    """Less eaten, a larger share absorbed; what is not told is absorbed as usual."""
    facts = load_knowledge().intake
    low = with_shares(Eaten(calcium_mg=300, magnesium_mg=100), Patient(), facts)
    usual = usual_shares(Patient(), facts)
    assert low.calcium_share > usual[0]
    assert low.magnesium_share > usual[1]
    assert (with_shares(Eaten(), Patient(), facts).calcium_share) == usual[0]


def test_a_course_is_drawn_whole() -> None:
    """Every level lies inside the plot; lines keep the width; the ordinary range's ends stand beside their lines."""
    course = Course("X & Y", "mmol/L", (0.0, 1.0, 2.0), (4.0, 3.0, 2.0), (4.0, 2.5, 1.0), (4.0, 3.5, 3.0), (3.5, 5.3))
    lines = course_lines(Courses((course,)), 60)
    assert max(map(len, lines)) <= 68
    assert any(line.strip().startswith("5.30 |--") for line in lines)
    height, shapes = course_shapes(Courses((course,)))
    drawn = "".join(shapes)
    assert "X &amp; Y" in drawn
    ys = [float(each) for each in re.findall(r",(\d+\.\d)", drawn)]
    assert 0 <= min(ys) <= max(ys) <= height


def test_ticks_are_round_and_few() -> None:
    """Ticks lie within the ends and are at most as many as asked for, and figures have fitting digits."""
    for low, high in ((2.2, 2.6), (0, 60), (133, 146), (0.001, 0.0012)):
        found = ticks(low, high)
        assert 2 <= len(found) <= 5
        assert low - 1e-9 <= found[0] <= found[-1] <= high + 1e-9
    assert [figure(each) for each in (0.834, 15.24, 139.6)] == ["0.83", "15.2", "140"]
