"""``rheobase diet plan``: what a person reads, what a program reads, and what is said when something is wrong."""

from __future__ import annotations

import builtins
import json
from pathlib import Path
from typing import Any

import pytest
from click.testing import CliRunner, Result

from rheobase.cli.main import cli
from rheobase.errors import UsageError
from rheobase.menu import programme

DIET = """\
rheobase_diet: 1
days:
  - date: 2026-11-22
    complete: yes
    meals: ["3 slices white bread", "200 g cooked white rice", "150 g roasted chicken breast", "1 medium apple",
            "1 cup milk, 2% fat", "2 boiled eggs", "30 g butter"]
    drinks: ["330 ml cola"]
    supplements: []
"""
CASE = """\
rheobase_case: 1
about: {age: 40, sex: female}
absent: [pregnant, hx_ckd, hx_dialysis, med_raise_potassium, hx_eating_disorder, diet_very_little]
medicines: none
"""
ON = ("--on", "2026-11-24")


def plan(folder: Path, *arguments: str, diet: str = DIET, case: str = CASE) -> Result:
    """Run the command on a diet."""
    (folder / "diet.yaml").write_text(diet, encoding="utf-8")
    (folder / "me.yaml").write_text(case, encoding="utf-8")
    given = [str(folder / each) if each == "me.yaml" else each for each in arguments]
    return CliRunner().invoke(cli, ["diet", "plan", str(folder / "diet.yaml"), *ON, *given])


def words(result: Result) -> str:
    """Return what is printed, as running text."""
    return " ".join(result.output.split())


def data(result: Result) -> dict[str, Any]:
    """Return the JSON that is printed."""
    assert result.exit_code == 0, result.output
    found: dict[str, Any] = json.loads(result.stdout)
    return found


def test_the_page_says_what_to_change_what_it_gives_and_how_sure_it_is(tmp_path: Path) -> None:
    """Changes in words with grams, sums before and after, limits kept, the solver's proof, and sources."""
    result = plan(tmp_path, "--case", "me.yaml", "--nutrient", "magnesium")
    assert result.exit_code == 0, result.output
    text = words(result)
    assert "up to the target, within every limit. 3 other ways follow." in text
    assert "THE SMALLEST CHANGE" in text
    assert "magnesium +" in text
    assert "OTHER WAYS, WITH OTHER FOODS" in text
    assert "the solver (HiGHS) proved it" in text
    assert "worked out again by separate arithmetic" in text
    assert "its upper level is for supplements only" in text


def test_known_answers_are_not_asked_and_unknown_ones_are(tmp_path: Path) -> None:
    """With kidneys known to be well nothing is asked of them; without a case it is, plainly."""
    assert "FIRST, ASK YOURSELF" not in plan(tmp_path, "--case", "me.yaml", "--nutrient", "magnesium").output
    text = words(plan(tmp_path, "--age", "40", "--sex", "female", "--nutrient", "magnesium"))
    assert "only for you if none of these is so (we do not know)" in text
    assert "chronic kidney disease" in text


def test_the_json_holds_the_same(tmp_path: Path) -> None:
    """Targets, limits, plans with their proof, and versions; what is not known is null."""
    found = data(plan(tmp_path, "--case", "me.yaml", "--nutrient", "calcium", "--json"))
    assert found["schema_version"] == 1
    assert [each["nutrient"] for each in found["targets"]] == ["calcium_mg"]
    assert len(found["plans"]) == 4
    for each in found["plans"]:
        assert each["then"]["calcium_mg"]["best"] >= 1000
        assert each["proof"] == {"status": "optimal", "bound": pytest.approx(each["effort"]), "gap": 0.0}
    assert found["failed_second_check"] == []


def test_kidney_disease_means_no_potassium_plan(tmp_path: Path) -> None:
    """The reason is said, and which answer it rests on; nothing is proposed."""
    sick = CASE.replace("hx_ckd, ", "") + "present: [hx_ckd]\n"
    text = words(plan(tmp_path, "--case", "me.yaml", "--nutrient", "potassium", case=sick))
    assert "Potassium is not raised." in text
    assert "Because of: chronic kidney disease" in text
    assert "THE SMALLEST CHANGE" not in text


def test_an_emergency_comes_before_any_plan(tmp_path: Path) -> None:
    """Beside a red flag stands no food tip, in words or in data."""
    ill = CASE + "present: [chest_pain, breathless_at_rest]\n"
    text = words(plan(tmp_path, "--case", "me.yaml", case=ill))
    assert "Get emergency help now" in text
    assert "Emergency number" in text
    assert "magnesium" not in text
    assert data(plan(tmp_path, "--case", "me.yaml", "--json", case=ill))["waits_for"] == "emergency"


def test_a_case_file_with_a_diet_is_both(tmp_path: Path) -> None:
    """The person and the diet may stand in one file."""
    meals = DIET.partition("days:")[2].replace("\n", "\n  ")
    both = tmp_path / "both.yaml"
    both.write_text(CASE + "diet:\n  days:" + meals.rstrip() + "\n", encoding="utf-8")
    done = CliRunner().invoke(cli, ["diet", "plan", str(both), *ON, "--nutrient", "calcium", "--others", "0"])
    assert done.exit_code == 0, done.output
    assert "FIRST, ASK YOURSELF" not in done.output


def test_a_tracker_total_alone_can_still_be_planned_for(tmp_path: Path) -> None:
    """Totals without foods leave nothing to change of what is eaten; new foods remain."""
    totals = """\
rheobase_diet: 1
days:
  - date: 2026-11-22
    complete: yes
    totals: {energy_kcal: 2000, calcium_mg: 700, magnesium_mg: 250, sodium_mg: 2000, phosphorus_mg: 900}
"""
    found = data(plan(tmp_path, "--case", "me.yaml", "--nutrient", "calcium", "--json", diet=totals))
    assert found["plans"]
    assert {change["action"] for each in found["plans"] for change in each["changes"]} == {"add"}


@pytest.mark.parametrize(
    ("arguments", "said"),
    [
        ((), "give --case ME.yaml, or --age and --sex"),
        (("--sex", "male"), "give --case ME.yaml, or --age and --sex"),
        (("--age", "10", "--sex", "male"), "Plans are made from 16 years on"),
        (("--age", "40", "--sex", "male", "--nutrient", "salt"), "is not a nutrient"),
        (("--age", "40", "--sex", "male", "--target", "calcium=9000"), "Ask a doctor or a dietitian"),
        (("--age", "40", "--sex", "male", "--allergy", "dust"), "'dust' is not one of"),
        (("--age", "40", "--case", "me.yaml"), "not both"),
        (("--case", "nowhere.yaml"), "nowhere.yaml"),
    ],
)
def test_what_is_wrong_is_said_in_one_line(tmp_path: Path, arguments: tuple[str, ...], said: str) -> None:
    """No traceback: what came, what was expected, what to do."""
    result = plan(tmp_path, *arguments)
    assert result.exit_code != 0
    message = str(result.exception) if result.exception and not result.stderr else result.stderr
    assert said in " ".join(message.split())


def test_an_empty_record_is_no_usual_day(tmp_path: Path) -> None:
    """One apple is not a day's food."""
    small = 'rheobase_diet: 1\nmeals: ["1 medium apple"]\n'
    result = plan(tmp_path, "--age", "40", "--sex", "male", diet=small)
    assert "too little for a plan" in str(result.exception)


def test_without_scipy_it_says_what_to_install(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    """The extra is named; everything else of the program works without it."""
    original = builtins.__import__

    def missing(name: str, *rest: Any, **more: Any) -> Any:
        if name.startswith("scipy"):
            raise ImportError(name)
        return original(name, *rest, **more)

    monkeypatch.setattr(builtins, "__import__", missing)
    result = plan(tmp_path, "--age", "40", "--sex", "male", "--nutrient", "calcium")
    assert 'pip install "rheobase[plan]"' in str(result.exception)


def test_a_solver_without_an_answer_in_time_is_said(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    """A time limit always holds; past it one line asks for less."""
    monkeypatch.setattr(programme, "TIME_LIMIT", 0.0)
    result = plan(tmp_path, "--age", "40", "--sex", "male", "--nutrient", "calcium", "--nutrient", "magnesium")
    assert "Ask for fewer nutrients" in str(result.exception)


KIDNEYS = """rheobase_case: 1
about: {age: 47, sex: female}
present: [hx_ckd]
medicines: [spironolactone 50 mg]
"""


@pytest.mark.parametrize("given", [["--age", "47"], ["--sex", "female"], ["--age", "47", "--sex", "female"]])
@pytest.mark.parametrize("command", ["plan", "show"])
def test_age_and_sex_never_set_a_case_file_aside(tmp_path: Path, command: str, given: list[str]) -> None:
    """A diet inside a case file is never read with --age or --sex in place of that person's illnesses."""
    both = tmp_path / "me.yaml"
    both.write_text(KIDNEYS + "diet: {meals: [white bread 300 g, butter 60 g]}\n")
    done = CliRunner().invoke(cli, ["diet", command, str(both), *ON, *given])
    assert isinstance(done.exception, UsageError)
    assert "says itself who it is" in str(done.exception)


def test_a_case_from_standard_input_keeps_its_blocks() -> None:
    """A case file with a diet on standard input is judged as one: what must not rise stands on the page."""
    text = KIDNEYS + "diet: {complete: yes, meals: [white bread 300 g, butter 60 g]}\n"
    done = CliRunner().invoke(cli, ["diet", "plan", "-", *ON, "--others", "0"], input=text)
    assert done.exit_code == 0, done.output
    assert "Potassium: Kidney disease, or a medicine" in done.output


def test_lines_that_wait_are_never_counted_as_nothing(tmp_path: Path) -> None:
    """With a line or a supplement in doubt amounts are "at least", and no share of unknown reads as a plain nought."""
    diet = tmp_path / "diet.yaml"
    diet.write_text(
        "rheobase_diet: 1\nmeals: [white bread 300 g, butter 60 g, gloop stew]\nsupplements: [multivitamin]\n"
    )
    given = ["--age", "28", "--sex", "male", "--nutrient", "calcium", "--others", "0", "--width", "200"]
    done = CliRunner().invoke(cli, ["diet", "plan", str(diet), *ON, *given])
    assert done.exit_code == 0, done.output
    assert "Calcium: at least " in done.output
    assert "a plus: a line that waits for your word comes on top" in done.output
    assert "stays below its upper level (2500 mg), as far as is known" in done.output
