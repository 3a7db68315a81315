"""Blood tests in pages: nothing is used before a person has seen how it was read."""

from __future__ import annotations

import json

import pytest
from markupsafe import escape

from rheobase.web.desk import Desk
from rheobase.web.settings import Settings
from tests.fhir.test_results import MAGNESIUM
from tests.web.visitor import Visitor

PASTED = "Mg 0.52 mmol/L (0.70-1.00) L 2026-03-01\nMagnesium 1.5\nSodium 14 mmol/L\nFerritin 80 ug/L"


@pytest.fixture
def begun(visitor: Visitor) -> Visitor:
    """Return a visitor with a person."""
    visitor.post("/begin")
    return visitor


def test_a_report_is_shown_before_it_is_used(begun: Visitor, settings: Settings) -> None:
    """Each line stands beside what was read; nothing is stored until "use these"."""
    begun.post("/1/labs/read", {"text": PASTED})
    words = begun.text()
    assert "1 read, 1 wait for your word, 1 refused" in words
    assert "Mg 0.52 mmol/L (0.70-1.00) L" in words
    assert "1.26 mg/dL" in words
    assert "looks like" in words
    assert Desk(settings).papers(1).person.labs == ()
    begun.post(begun.address, {"line-2": "1"})
    assert begun.address == "/1/labs"
    kept = [(each.analyte, each.value, each.unit) for each in Desk(settings).papers(1).person.labs]
    assert kept == [("magnesium", 0.52, "mmol/L"), ("magnesium", 1.5, "mg/dL")]
    assert "read together" in begun.text()


def test_doubt_left_as_it_is_counts_for_nothing(begun: Visitor, settings: Settings) -> None:
    """Who only presses the button gets what was certain; the other test is kept as written."""
    begun.post("/1/labs/read", {"text": PASTED})
    begun.post(begun.address)
    person = Desk(settings).papers(1).person
    assert [each.value for each in person.labs] == [0.52]
    assert any("Ferritin" in each for each in person.not_understood)


def test_the_same_report_twice_adds_nothing(begun: Visitor, settings: Settings) -> None:
    """Confirming again leaves one result and no new revision."""
    for _ in range(2):
        begun.post("/1/labs/read", {"text": PASTED.split("\n", maxsplit=1)[0]})
        begun.post(begun.address)
    desk = Desk(settings)
    assert len(desk.papers(1).person.labs) == 1
    assert len(desk.store.revisions(1)) == 2


def test_a_file_is_read_like_pasted_text(begun: Visitor, settings: Settings) -> None:
    """A FHIR file goes through the same page."""
    file = {"file": ("labs.json", json.dumps(MAGNESIUM).encode(), "application/json")}
    begun.post("/1/labs/read", {}, files=file)
    begun.post(begun.address)
    assert [each.value for each in Desk(settings).papers(1).person.labs] == [0.62]


@pytest.mark.parametrize(
    ("text", "said"),
    [("", "is empty"), ("hello", "No result"), ("{}", "resourceType"), ("<?xml version='1.0'?><a/>", "is XML")],
)
def test_what_is_no_report_is_said_beside_what_was_typed(begun: Visitor, text: str, said: str) -> None:
    """A wrong paste gets one line, keeps the words in the box, and stores nothing."""
    begun.post("/1/labs/read", {"text": text})
    assert begun.status == 400
    assert said in begun.text()
    assert f">{escape(text)}</textarea>" in begun.page


def test_a_reading_that_was_not_offered_is_refused(begun: Visitor, settings: Settings) -> None:
    """A choice out of the blue, an unknown report and another person's report change nothing."""
    begun.post("/1/labs/read", {"text": PASTED})
    address = begun.address
    for said in ("9", "-1", "x"):
        assert begun.post(address, {"line-2": said}).status_code == 400
    begun.post("/begin")
    assert begun.get(address.replace("/1/", "/2/")).status_code == 400
    assert begun.get("/1/labs/nothing").status_code == 400
    assert Desk(settings).papers(1).person.labs == ()


def test_what_is_urgent_stands_on_the_page(begun: Visitor) -> None:
    """A dangerous value is said at the top of its page and in the answer."""
    begun.post("/1/labs/read", {"text": "Potassium 6.9 mmol/L (3.5-5.1) H 2026-11-20"})
    begun.post(begun.address)
    assert "level-emergency" in begun.page
    begun.get("/1/answer")
    assert "level-emergency" in begun.page


def test_one_line_is_settled_at_a_time(begun: Visitor, settings: Settings) -> None:
    """A line settled by itself stands among those that are read; the other still waits, and nothing is used yet."""
    begun.post("/1/labs/read", {"text": "Magnesium 1.5\nPotassium 4.1 mg/dL\n"})
    first = begun.address
    begun.post(first, {"one": "2", "line-2": "2"})
    assert "1 read, 1 wait for your word" in begun.text()
    assert begun.address != first
    assert Desk(settings).papers(1).person.labs == ()
    assert begun.post(begun.address, {"one": "2"}).status_code == 400
    begun.get(first)
    assert begun.status == 400
