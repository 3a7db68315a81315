"""The nerve's page: without scripts a form, kind to wrong numbers, marked with the person's own values."""

from __future__ import annotations

import importlib.util
import re
from dataclasses import replace
from typing import Any

import pytest

from rheobase.knowledge.nerve_presets import load_nerve_presets
from rheobase.nerve.concentrations import normal_serum
from rheobase.nerve.tabled import tabled
from rheobase.report.nerve_words import limit
from rheobase.web.pages import nerve
from tests.web.visitor import Visitor

LOW = """rheobase_case: 1
about: {age: 44, sex: female}
present: [muscle_twitching]
labs:
  - {name: calcium_ionised, value: 1.02, unit: mmol/L}
  - {name: potassium, value: 3.2, unit: mmol/L}
"""


SALT = """rheobase_case: 1
about: {age: 44, sex: female}
present: [muscle_twitching]
labs:
  - {name: sodium, value: 128, unit: mmol/L}
  - {name: ph, value: 6.75, unit: pH}
"""


@pytest.fixture
def no_traces(monkeypatch: pytest.MonkeyPatch) -> None:
    """Leave the compiled model alone: what is tested needs the table only."""
    monkeypatch.setattr(nerve.tracer, "drawn", lambda *_: (None, nerve.NEEDS))


def bring(visitor: Visitor, case: str) -> None:
    """Begin with a person who was read from a file."""
    visitor.post("/begin", {"name": "Me"})
    visitor.post("/1/data/import", files={"file": ("case.yaml", case.encode(), "text/yaml")})
    visitor.post("/1/data/import/apply", {"ticket": visitor.hidden("ticket"), "how": "replace"})


@pytest.mark.usefixtures("no_traces")
def test_the_page_stands_without_a_person_and_without_scripts(visitor: Visitor) -> None:
    """Everybody gets the sliders as numbers, three sentences, figures, and a curve with words and a table."""
    visitor.get("/nerve")
    assert visitor.status == 200
    for name in load_nerve_presets().sliders:
        assert re.search(rf'<label for="{name}">', visitor.page)
        assert re.search(rf'<input id="{name}" name="{name}" value="[\d.]+"', visitor.page)
    text = visitor.text()
    assert "With these values a motor nerve fires about as easily as it usually does." in text
    assert "Left alone it stays quiet" in text
    assert "Muscles would twitch about as often as usual." in text
    assert "Threshold 100 % 100 %" in text
    assert 'role="img"' in visitor.page
    assert nerve.NEEDS in text
    assert 'type="range" hidden' in visitor.page


@pytest.mark.usefixtures("no_traces")
@pytest.mark.parametrize(
    ("preset", "seen"),
    [
        ("low_calcium", "easier to set off: it needs 17 % less current"),
        ("low_magnesium", "easier to set off"),
        ("over_breathing", "slightly easier to set off: it needs 6 % less current"),
        ("low_potassium", "harder to set off"),
    ],
)
def test_examples_show_what_the_seed_tells(visitor: Visitor, preset: str, seen: str) -> None:
    """Each example is a link that works without scripts and says in words what it shows, with its source."""
    visitor.get("/nerve")
    chosen = load_nerve_presets().presets[preset]
    found = re.search(rf'href="(/nerve\?[^"]*)">{chosen.name}</a>', visitor.page)
    assert found is not None
    visitor.get(found[1])
    assert seen in visitor.text()
    assert chosen.says in visitor.text()
    assert 'id="source-1"' in visitor.page


@pytest.mark.usefixtures("no_traces")
@pytest.mark.parametrize(
    ("query", "words"),
    [
        (
            "calcium_ionised=0",
            "Ionised calcium: 0 is beyond what this page can show, which is 0.5 to 2 mmol/L (usual 1.25)",
        ),
        ("potassium=200", "Potassium: 200 is beyond what this page can show, which is 1.5 to 8 mmol/L (usual 4.2)"),
        ("ph=3", "pH of the blood: 3 is beyond what this page can show, which is 6.9 to 7.8 (usual 7.4)"),
        ("ph=nan", "pH of the blood: nan is beyond"),
        ("temperature=-inf", "Temperature of the nerve: -inf is beyond"),
        ("pulse=-5", "Test pulse: -5 is beyond"),
        ("magnesium_ionised=<script>", "Ionised magnesium: expected a number from 0.1 to 2 mmol/L, such as 0.55"),
        ("potassium=" + "9" * 500, "Potassium: "),
    ],
)
def test_what_cannot_be_is_refused_with_what_can(visitor: Visitor, query: str, words: str) -> None:
    """A number that no living person has, or none at all, is kept in its field and answered with the range."""
    for address in ("/nerve", "/nerve/seen"):
        visitor.get(f"{address}?{query}")
        assert visitor.status == 400
        assert words in visitor.text()
        assert "<script>" not in re.sub(r'<script type="module" src="[^"]*"></script>', "", visitor.page)
        assert "What is seen" not in visitor.text()
    visitor.get(f"/nerve?{query}")
    assert 'aria-invalid="true"' in visitor.page


@pytest.mark.usefixtures("no_traces")
def test_a_comma_is_a_decimal_point(visitor: Visitor) -> None:
    """0,85 is read as 0.85, and other fields of the address are not minded."""
    visitor.get("/nerve?calcium_ionised=0,85&whatever=1")
    assert visitor.status == 200
    assert "it needs 17 % less current" in visitor.text()


@pytest.mark.usefixtures("no_traces")
def test_the_persons_values_stand_in_the_sliders_and_are_marked(visitor: Visitor) -> None:
    """A person's page begins with their values, marks them, and leads there from the answer and from every page."""
    bring(visitor, LOW)
    visitor.get("/1/answer")
    assert 'href="/1/nerve"' in visitor.page
    visitor.get("/1/nerve")
    text = visitor.text()
    assert 'id="calcium_ionised" name="calcium_ionised" value="1.02"' in visitor.page
    assert "yours 1.02" in text
    assert "yours 3.2" in text
    assert "yours" not in text.split("pH of the blood")[1].split("Temperature")[0]
    assert "By calcium, magnesium and pH alone a motor nerve is slightly easier to set off: it needs" in text
    assert "All together, with potassium, whose size is not checked," in text
    visitor.get("/1/nerve?calcium_ionised=1.25")
    assert 'id="potassium" name="potassium" value="4.2"' in visitor.page
    assert "yours 3.2" in visitor.text()


@pytest.mark.usefixtures("no_traces")
def test_a_person_without_values_is_told_how_to_add_them(visitor: Visitor) -> None:
    """Without a blood test the page is the one for everybody, with a link to blood tests; nobody else gets a page."""
    visitor.post("/begin", {"name": "Me"})
    visitor.get("/1/nerve")
    assert "None that a nerve feels is known yet" in visitor.text()
    assert 'href="/1/labs">add blood tests' in visitor.page
    visitor.get("/7/nerve")
    assert visitor.status == 404


def test_an_urgent_value_is_said_before_what_it_does(visitor: Visitor, no_traces: None) -> None:
    """Potassium of 6.9 needs help now before any sentence on nerves; only a chosen example says what it shows first."""
    visitor.get("/nerve?potassium=6.9")
    text = visitor.text()
    assert text.index("it needs emergency help now") < text.index(
        "With these values the model axon cannot be made to fire"
    )
    today, nerve_first = "a clinician has to see it today", "With these values a motor nerve"
    for address in ("/nerve?", "/nerve/seen?"):
        visitor.get(f"{address}calcium_ionised=0.85")
        assert visitor.text().index(today) < visitor.text().index(nerve_first)
        visitor.get(f"{address}calcium_ionised=0.85&example=low_calcium")
        assert visitor.text().index(nerve_first) < visitor.text().index(today)
        visitor.get(f"{address}calcium_ionised=0.84&example=low_calcium")
        assert visitor.text().index(today) < visitor.text().index(nerve_first)


@pytest.mark.usefixtures("no_traces")
@pytest.mark.parametrize(
    ("query", "refusal"),
    [
        ("potassium=7.5&calcium_ionised=0.5&temperature=20&ph=7.8", nerve.BEYOND),
        ("potassium=11", "Potassium: 11 is beyond what this page can show"),
        ("ph=6.75", "pH of the blood: 6.75 is beyond what this page can show"),
        ("potassium=9", "Potassium: 9 is beyond what this page can show"),
        ("magnesium_ionised=3.4", "Ionised magnesium: 3.4 is beyond what this page can show"),
        ("potassium=7.5&ph=seven", "pH of the blood: expected a number"),
    ],
)
def test_a_refused_picture_hides_no_emergency(
    visitor: Visitor, query: str, refusal: str, monkeypatch: pytest.MonkeyPatch
) -> None:
    """A potassium of 7.5 or 9 needs help now, also where the model cannot go or another number is wrong."""
    if refusal == nerve.BEYOND:
        monkeypatch.setattr(nerve, "tabled", lambda _: None)
    for address in ("/nerve", "/nerve/seen"):
        visitor.get(f"{address}?{query}")
        text = visitor.text()
        assert text.index("it needs emergency help now") < text.index(refusal)
        assert "What is seen" not in text
        said = re.search(r'data-said="([^"]*)"', visitor.page)
        assert said is not None
        assert "it needs emergency help now" in said[1]
        assert 'id="source-1"' in visitor.page


@pytest.mark.usefixtures("no_traces")
def test_a_screen_reader_is_told_what_is_urgent_first(visitor: Visitor) -> None:
    """What is read out begins with the emergency; of a chosen example it tells the example alone."""
    visitor.get("/nerve/seen?potassium=6.9")
    assert 'data-said="Potassium 6.9 mmol/L. If this is' in visitor.page
    visitor.get("/nerve/seen?calcium_ionised=0.85&example=low_calcium")
    assert 'data-said="Low calcium. With these values' in visitor.page


@pytest.mark.usefixtures("no_traces")
def test_a_child_is_told_that_the_model_is_of_an_adult(visitor: Visitor) -> None:
    """Under 16 the page says whose axon it is; nobody else is told so."""
    words = "The model is of an adult's axon"
    bring(visitor, LOW.replace("age: 44", "age: 9"))
    visitor.get("/1/nerve")
    assert words in visitor.text()
    visitor.get("/nerve")
    assert words not in visitor.text()


@pytest.mark.usefixtures("no_traces")
def test_what_a_nerve_does_not_feel_is_no_own_value(visitor: Visitor) -> None:
    """Sodium alone makes no values to go back to, but it is in the picture and said; what cannot be is said too."""
    bring(visitor, SALT)
    visitor.get("/1/nerve")
    text = visitor.text()
    assert "None that a nerve feels is known yet" in text
    assert "Your values</a>" not in visitor.page
    assert "Sodium has no slider: the newest, 128 mmol/L, is in all of this." in text
    assert "Sodium 128 mmol/L. If this is" not in text
    assert "Left out of this page: pH of the blood: 6.75 is beyond what the model takes; expected 6.8 to 7.9" in text
    visitor.get("/1/nerve?calcium_ionised=0.85")
    assert load_nerve_presets().presets["low_calcium"].says in visitor.text()


@pytest.mark.usefixtures("no_traces")
def test_beside_a_person_nothing_is_an_example(visitor: Visitor) -> None:
    """On a person's page a calcium of 0.85 is urgent first, whatever the address says; no link there is an example."""
    bring(visitor, LOW)
    visitor.get("/1/nerve")
    assert "example=" not in visitor.page
    visitor.get("/1/nerve?calcium_ionised=0.85&example=low_calcium")
    text = visitor.text()
    assert text.index("a clinician has to see it today") < text.index("With these values a motor nerve")


@pytest.mark.usefixtures("no_traces")
def test_firing_from_potassium_is_no_fact(visitor: Visitor) -> None:
    """The model makes too much of potassium: an ending is said to fire by calcium, magnesium and pH alone."""
    full = tabled(replace(normal_serum(), potassium=5.6))
    assert full is not None
    assert full.firing > limit("fires")
    visitor.get("/nerve?potassium=5.6")
    text = visitor.text()
    assert "so does a nerve ending that is prone to fire (from calcium, magnesium and pH alone)." in text
    assert "would fire by itself" not in text
    assert "ending fires" not in text
    visitor.get("/nerve?potassium=5.6&calcium_ionised=0.8")
    assert "would fire by itself, a few times a second (from calcium, magnesium and pH alone)." in visitor.text()


@pytest.mark.usefixtures("no_traces")
def test_of_potassium_the_direction_comes_before_the_size(visitor: Visitor) -> None:
    """Potassium alone makes a nerve harder to set off by an unchecked size; the curve is over it only if alone."""
    visitor.get("/nerve?potassium=2.8")
    assert "harder to set off. By how much is not checked against people; in the model it needs" in visitor.text()
    assert "over potassium" in visitor.text()
    visitor.get("/nerve?potassium=2.8&ph=7.6")
    assert "pH of the blood</text>" in visitor.page
    visitor.get("/nerve?potassium=2.8&calcium_ionised=1.0")
    assert "over ionised calcium" in visitor.text()
    assert "over potassium" not in visitor.text()


@pytest.mark.usefixtures("no_traces")
def test_a_blocked_nerve_is_not_calm(visitor: Visitor) -> None:
    """At a potassium of 8 the axon has no impulse: that is called a block, with the emergency before it."""
    visitor.get("/nerve?potassium=8")
    text = visitor.text()
    assert text.index("it needs emergency help now") < text.index("depolarisation block")
    assert "Threshold none 100 %" in text
    assert "Muscles would twitch" not in text
    assert '<span class="bar">A blood test so: emergency help now</span>' in visitor.page
    assert "fires about as easily" not in text
    assert "stays quiet" not in text


def test_without_the_compiler_one_line_says_so(visitor: Visitor, monkeypatch: pytest.MonkeyPatch) -> None:
    """Where the extra is not installed the traces are missing with one line, and all else is there."""
    there = importlib.util.find_spec
    monkeypatch.setattr(
        importlib.util, "find_spec", lambda name, *more: None if name == "numba" else there(name, *more)
    )
    visitor.get("/nerve?calcium_ionised=0.9")
    assert visitor.page.count("pip install") == 1
    assert "Threshold 85 % 100 %" in visitor.text()


def own(calcium: float, potassium: float) -> str:
    """Return a person with these values."""
    return LOW.replace("1.02", str(calcium)).replace("3.2", str(potassium))


@pytest.mark.usefixtures("no_traces")
def test_rounding_for_a_slider_softens_nothing(visitor: Visitor) -> None:
    """A calcium of 0.797 and a potassium of 6.47 stand as they are; 6.5 that is typed is 6.5, and 0.8 is for today."""
    bring(visitor, own(0.797, 6.47))
    visitor.get("/1/nerve")
    assert 'name="calcium_ionised" value="0.797"' in visitor.page
    assert 'name="potassium" value="6.47"' in visitor.page
    assert 'data-seen="/1/nerve/seen"' in visitor.page
    for address in ("/1/nerve?", "/1/nerve?calcium_ionised=0.797&potassium=6.47",
                    "/1/nerve/seen?calcium_ionised=0.7970&potassium=6.47"):  # fmt: skip
        visitor.get(address)
        text = visitor.text()
        assert "Ionised calcium 0.797 mmol/L. If this is somebody's blood test, it needs emergency help now" in text
        assert "Potassium 6.47 mmol/L. If this is somebody's blood test, a clinician has to see it today" in text
    visitor.get("/1/nerve?calcium_ionised=1.2&potassium=6.5")
    assert "Potassium 6.5 mmol/L. If this is somebody's blood test, it needs emergency help now" in visitor.text()
    for address in ("/1/nerve?calcium_ionised=0.81&potassium=4.2", "/nerve?calcium_ionised=0.8&potassium=4.2"):
        visitor.get(address)
        assert "it needs emergency help now" not in visitor.text()


def test_while_the_compiler_works_the_rest_is_there(visitor: Visitor, monkeypatch: pytest.MonkeyPatch) -> None:
    """The first visitor does not wait for the trace: it is said to be on its way, and asked for again."""
    slow: Any = type("Slow", (nerve._Tracer,), {"_prepare": lambda _: None})
    monkeypatch.setattr(nerve, "tracer", slow())
    visitor.get("/nerve/seen?ph=7.5")
    assert nerve.PREPARING.replace("'", "&#39;") in visitor.page or nerve.PREPARING in visitor.text()
    assert "data-waits" in visitor.page
    assert "Resting potential" in visitor.text()


def test_the_trace_shows_an_impulse_where_a_normal_nerve_gives_none(visitor: Visitor) -> None:
    """A pulse just too weak for a normal nerve sets one off in low calcium, and a prone ending fires by itself."""
    nerve.tracer.drawn(normal_serum(), nerve.PULSE)
    assert nerve.tracer.ready.wait(300)
    visitor.get("/nerve?calcium_ionised=0.85")
    assert "97 % of the usual strength gives an impulse now, and no impulse usually." in visitor.text()
    assert "4 impulses in this second." in visitor.text()
    assert "data-waits" not in visitor.page
    visitor.get("/nerve?potassium=7.5")
    assert "97 % of the usual strength gives no full impulse now" in visitor.text()
    visitor.get("/nerve?potassium=2.8&pulse=120")
    assert "120 % of the usual strength gives no impulse now, and an impulse usually." in visitor.text()
    visitor.get("/nerve?temperature=37")
    assert visitor.status == 200
