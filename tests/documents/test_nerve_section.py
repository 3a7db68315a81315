"""What a person's values do to a nerve, in the report: when it stands, what it says, and that it judges nothing."""

from __future__ import annotations

import json
import subprocess
import sys
from dataclasses import replace
from datetime import date
from typing import Any

import pytest

from rheobase.assess import assess
from rheobase.errors import KnowledgeError
from rheobase.importers.case_file import read_case
from rheobase.knowledge import load_knowledge
from rheobase.nerve.concentrations import normal_serum
from rheobase.nerve.tabled import Tabled, Twitching, tabled
from rheobase.report import assessment_document, assessment_json, render, render_html, render_pdf
from rheobase.report import nerve_section as section
from rheobase.report.nerve_known import Known
from rheobase.report.nerve_section import TITLE, TITLE_BREATHING, nerve_section_json

KNOWLEDGE = load_knowledge()
ON = date(2026, 11, 24)
LOW = """
labs:
  - {name: calcium, value: 1.95, unit: mmol/L}
  - {name: albumin, value: 36, unit: g/L}
  - {name: magnesium, value: 0.55, unit: mmol/L}
  - {name: potassium, value: 3.2, unit: mmol/L}
"""


def case(present: str = "muscle_twitching", labs: str = "", age: int = 44) -> Any:
    """Return the assessment of a person."""
    text = f"rheobase_case: 1\nabout: {{age: {age}, sex: female}}\npresent: [{present}]\n{labs}"
    return assess(read_case(text.encode(), KNOWLEDGE, name="case"), KNOWLEDGE, on=ON)


def shown(assessment: Any) -> str:
    """Return the report as text, on one line."""
    return " ".join(render(assessment_document(assessment, KNOWLEDGE), width=100, colour=False).split())


def plain(assessment: Any) -> dict[str, Any]:
    """Return the report as data."""
    return assessment_json(assessment, KNOWLEDGE, assessment_document(assessment, KNOWLEDGE))


def test_nothing_known_nothing_said() -> None:
    """Without a blood value that a nerve feels and without attacks of over-breathing there is no section."""
    for labs in ("", "labs:\n  - {name: sodium, value: 128, unit: mmol/L}"):
        assessment = case(labs=labs)
        assert TITLE.upper() not in shown(assessment)
        assert plain(assessment)["nerve"] is None


def test_low_values_are_shown_on_their_own_and_together() -> None:
    """Low calcium and magnesium set a nerve off more easily; potassium stands apart, for its size is not checked."""
    assessment = case(labs=LOW)
    said, data = shown(assessment), plain(assessment)["nerve"]
    assert TITLE.upper() in said
    assert "With your calcium and magnesium a motor nerve is easier to set off: it needs 15 % less current." in said
    assert "Your potassium, 3.2 mmol/L, takes the resting potential down from -81.5 to -87.1 mV" in said
    assert "Potassium 3.2 mmol/L 4.2 harder: direction only" in said
    assert data["threshold_change_percent_alone"]["calcium_ionised"] == pytest.approx(-7.9, abs=0.3)
    assert data["threshold_change_percent_alone"]["potassium"] > 20
    assert data["calcium_magnesium_ph"]["threshold_change_percent"] == pytest.approx(-14.7, abs=0.5)
    assert data["values"]["calcium_ionised"]["from"] == "estimated from adjusted calcium 2.03 mmol/L"
    assert data["in_an_attack_of_over_breathing"] is None


def test_normal_values_get_one_sentence() -> None:
    """Values about normal are told in a sentence, without a picture or a multiple to worry about."""
    said = shown(case(labs="labs:\n  - {name: potassium, value: 4.2, unit: mmol/L}\n"
                           "  - {name: calcium_ionised, value: 1.24, unit: mmol/L}"))  # fmt: skip
    assert "With your calcium a motor nerve fires about as easily as it usually does." in said
    assert "leaves the nerve about as it is" in said
    assert "How easily a nerve is set off" not in said
    assert "Muscles would twitch" not in said


def test_over_breathing_alone_gets_an_example() -> None:
    """Attacks of fast breathing without a measured pH are shown by an example that is called one."""
    assessment = case("muscle_twitching, panic_overbreathing")
    said = shown(assessment)
    assert TITLE_BREATHING.upper() in said
    assert "as an example, at a pH of 7.55 a motor nerve is slightly easier to set off" in said
    measured = case("muscle_twitching, panic_overbreathing", "labs:\n  - {name: ph, value: 7.5, unit: pH}")
    assert "as an example" not in shown(measured)
    assert plain(measured)["nerve"]["in_an_attack_of_over_breathing"] is None


def test_a_limit_is_not_taken_as_a_value() -> None:
    """A limit such as "below 0.3" is no value, and a flag alone is none: neither reaches the nerve as a number."""
    assessment = case(
        labs='labs:\n  - {name: magnesium, value: "<0.3", unit: mmol/L}\n  - {name: potassium, flag: low}'
    )
    assert plain(assessment)["nerve"] is None


def test_what_the_table_does_not_hold_is_said() -> None:
    """Potassium of 9.5 mmol/L gets no figure here; the emergency above stays."""
    assessment = case(labs="labs:\n  - {name: potassium, value: 9.5, unit: mmol/L}")
    assert "beyond what the model of a nerve covers" in shown(assessment)
    assert assessment.urgency.level == "emergency"
    assert plain(assessment)["nerve"]["all_together"] is None


@pytest.mark.parametrize(
    ("value", "urgency", "words"),
    [
        ("5.2", "", "takes the resting potential up from -81.5 to -77.2 mV, which excites this fibre by itself"),
        ("6.3", "a clinician has to see it today", "which excites this fibre by itself"),
        ("6.7", "it needs emergency help now", "So far up a nerve does not simply fire more easily"),
        ("8.0", "it needs emergency help now", "So far up a nerve does not simply fire more easily"),
        ("8.6", "it needs emergency help now", "beyond what the model of a nerve covers"),
    ],
)
def test_high_potassium_is_never_called_calm(value: str, urgency: str, words: str) -> None:
    """High potassium is told with its clinical urgency first, by the way it takes the resting potential."""
    said = shown(case(labs=f"labs:\n  - {{name: potassium, value: {value}, unit: mmol/L}}"))
    said = said[said.index(TITLE.upper()) :]
    assert words in said
    assert "about as it is" not in said
    assert "fires about as easily" not in said
    assert "stays quiet" not in said
    assert "If this is somebody's blood test" in said if urgency else "blood test, it needs" not in said
    assert said.find(urgency) < said.index(words)
    assert ("excites" in said) == (float(value) <= 6.5)


def test_what_cannot_be_told_alone_is_not_nothing() -> None:
    """A value whose own effect the table can't give reads "not covered", one without an impulse so, and never +0 %."""
    known = Known(replace(normal_serum(), calcium_ionised=2.73, magnesium_ionised=0.2, potassium=8.0, sodium=135.0), {})
    known.said.update(dict.fromkeys(("calcium_ionised", "magnesium_ionised", "potassium"), "measured"))
    seen = tabled(replace(known.serum, potassium=4.2))
    assert seen is not None
    rows = {name: change for name, *_, change in section._table(known, seen, None).rows}
    assert rows["Ionised calcium"] == "not covered"
    assert rows["Potassium"] == "no impulse"
    assert rows["Ionised magnesium"].startswith("-")


def test_a_child_gets_no_section() -> None:
    """Under 16 years there are warning signs only, and no model."""
    assert plain(case(labs=LOW, age=9))["nerve"] is None


@pytest.mark.parametrize("labs", [LOW, ""])
def test_the_section_changes_no_judgement(monkeypatch: pytest.MonkeyPatch, labs: str) -> None:
    """With a poisoned nerve the JSON is byte for byte the same but for the section."""
    present = "muscle_twitching, panic_overbreathing, cramps"
    before = plain(case(present, labs))
    mad = Tabled(-1e9, 1e9, 1e9, Twitching(1e9, 1e9, 1e9, 1.0))
    monkeypatch.setattr(section, "tabled", lambda _: mad)
    after = plain(case(present, labs))
    assert before.pop("nerve") != after.pop("nerve")
    assert json.dumps(before) == json.dumps(after)


def test_the_judgement_does_not_even_load_the_nerve() -> None:
    """A person is assessed with every nerve module barred: the judgement imports none."""
    code = (
        "import sys\n"
        "class Barred:\n"
        "    def find_spec(self, name, path=None, target=None):\n"
        "        if name.startswith('rheobase.nerve') or name == 'numba':\n"
        "            raise ImportError(name)\n"
        "sys.meta_path.insert(0, Barred())\n"
        "from datetime import date\n"
        "from rheobase.assess import assess\n"
        "from rheobase.importers.case_file import read_case\n"
        "from rheobase.knowledge import load_knowledge\n"
        "known = load_knowledge()\n"
        "person = read_case(sys.stdin.buffer.read(), known, name='case')\n"
        "print(assess(person, known, on=date(2026, 11, 24)).urgency.level)\n"
    )
    text = f"rheobase_case: 1\nabout: {{age: 44, sex: female}}\npresent: [muscle_twitching]\n{LOW}"
    done = subprocess.run([sys.executable, "-c", code], input=text, capture_output=True, text=True, check=True)
    assert done.stdout.strip() == case(labs=LOW).urgency.level


def test_a_report_needs_no_compiler() -> None:
    """The section comes from the table: neither numba nor numpy is loaded for it."""
    code = (
        "import sys, rheobase.cli.main as main\n"
        "try:\n    main.main(['assess', '-', '--on', '2026-11-24'])\n"
        "except SystemExit:\n    pass\n"
        "print([each for each in ('numba', 'numpy') if each in sys.modules])"
    )
    text = f"rheobase_case: 1\nabout: {{age: 44, sex: female}}\npresent: [muscle_twitching]\n{LOW}"
    done = subprocess.run([sys.executable, "-c", code], input=text, capture_output=True, text=True, check=True)
    assert TITLE.upper() in done.stdout
    assert done.stdout.strip().endswith("[]")


def test_it_stands_on_the_page_and_on_paper() -> None:
    """HTML has the picture with title, description and table; the PDF is made with it."""
    document = assessment_document(case(labs=LOW), KNOWLEDGE)
    page = render_html(document)
    assert "<h2>What your values do to a nerve</h2>" in page
    assert "How easily a nerve is set off, over ionised calcium</title>" in page
    assert "Threshold of a motor nerve in per cent of normal" in page
    assert render_pdf(document, paper="a4").startswith(b"%PDF")


def test_a_broken_table_costs_a_line_and_no_report(monkeypatch: pytest.MonkeyPatch) -> None:
    """When the table cannot be read, the report says so in the section's place and is otherwise whole."""

    def broken(serum: object) -> None:
        raise KnowledgeError(f"no table for {type(serum).__name__}")

    monkeypatch.setattr(section, "tabled", broken)
    assessment = case(labs=LOW)
    assert "This could not be worked out here: no table for Serum" in shown(assessment)
    assert nerve_section_json(assessment) == {"problem": "no table for Serum"}


def test_an_old_result_is_no_value_of_today() -> None:
    """A potassium of ten years ago says nothing of a nerve today; the same result of today does."""
    line = "labs:\n  - {name: potassium, value: 2.2, unit: mmol/L, taken: %s}"
    assert plain(case(labs=line % "2016-11-24"))["nerve"] is None
    assert plain(case(labs=line % "2026-11-24"))["nerve"] is not None


def test_whatever_was_measured_and_is_urgent_stands_above_what_nerves_do() -> None:
    """An ionised calcium of 0.75 that was measured is called urgent here too; one that was estimated is not."""
    words = "If this is somebody's blood test, it needs emergency help now"
    said = shown(case(labs="labs:\n  - {name: ionised calcium, value: 0.75, unit: mmol/L}"))
    said = said[said.index(TITLE.upper()) :]
    assert f"Ionised calcium 0.75 mmol/L. {words}" in said
    estimated = shown(case(labs="labs:\n  - {name: calcium, value: 1.45, unit: mmol/L}"))
    assert words not in estimated[estimated.index(TITLE.upper()) :]
