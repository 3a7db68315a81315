"""What if: every answer can be changed, what moves is shown, and nothing is kept unless asked."""

from __future__ import annotations

import re
from html import unescape

import pytest

from rheobase.examples import example_bytes, example_names
from rheobase.importers.case_file import read_case
from rheobase.importers.what_if import supposed_person
from rheobase.knowledge import load_knowledge
from rheobase.person import Person, Status
from rheobase.storage import Store
from rheobase.web.desk import Desk
from rheobase.web.settings import Settings
from tests.web.test_data import agree, bring
from tests.web.visitor import Visitor


def told(settings: Settings) -> Person:
    """Return what is kept."""
    desk = Desk(settings)
    try:
        return desk.papers(1).person
    finally:
        desk.close()


def fields(page: str) -> dict[str, list[str]]:
    """Return what a browser would send of the form of answers, as it stands."""
    form = page[page.index('class="what-if"') :]
    sent: dict[str, list[str]] = {}
    for name, body in re.findall(r'<select id="[^"]*" name="([^"]*)">(.*?)</select>', form, re.DOTALL):
        chosen = re.search(r'value="([^"]*)" selected', body)
        first = re.search(r'value="([^"]*)"', body)
        assert first is not None
        sent[name] = [(chosen or first)[1]]
    for tag in re.findall(r"<input [^>]*>", form):
        name, value = re.search(r'name="([^"]*)"', tag), re.search(r'value="([^"]*)"', tag)
        if name is None or name[1] == "form_token" or ("checkbox" in tag and " checked" not in tag):
            continue
        sent.setdefault(name[1], []).append(value[1] if value else "on")
    return sent


@pytest.fixture
def owner(visitor: Visitor) -> Visitor:
    """Return a visitor who brought in an example and looks at "what if"."""
    visitor.post("/begin")
    bring(visitor, example_bytes("worried-28"))
    agree(visitor, "replace")
    visitor.get("/1/what-if")
    assert visitor.status == 200
    return visitor


@pytest.mark.parametrize("example", example_names())
def test_a_form_that_is_sent_as_it_stands_changes_nothing(visitor: Visitor, example: str) -> None:
    """Every control holds exactly what was told."""
    visitor.post("/begin")
    bring(visitor, example_bytes(example))
    agree(visitor, "replace")
    visitor.get("/1/what-if")
    visitor.post("/1/what-if/look", fields(visitor.page))
    assert visitor.status == 400
    assert "Nothing was changed" in visitor.text()


def test_what_moves_is_shown_and_nothing_is_kept(owner: Visitor, settings: Settings) -> None:
    """A supposed warning sign makes it more urgent; what is kept stays as it was."""
    before = told(settings)
    owner.post("/1/what-if/look", fields(owner.page) | {"also": "breathless_at_rest", "value": ""})
    assert owner.status == 200
    assert "More urgent" in owner.text()
    assert "reathless" in owner.text().split("Your answers")[0]
    assert told(settings) == before


def test_an_answer_is_kept_when_asked(owner: Visitor, settings: Settings) -> None:
    """Keeping writes a new revision that says what was changed; the one before stays."""
    before = told(settings)
    sent = fields(owner.page) | {"answer-caffeine_mg_day": ["90"]}
    owner.post("/1/what-if/look", sent)
    assert "(changed)" in owner.page
    changes = re.findall(r'name="change" value="([^"]*)"', owner.page)
    assert changes == ["caffeine_mg_day=90"]
    owner.post("/1/what-if/keep", {"change": changes, "revision": owner.hidden("revision")})
    assert owner.address == "/1/answer"
    knowledge = load_knowledge()
    assert told(settings) == supposed_person(before, changes, knowledge).person
    store = Store(settings.data_dir / "rheobase.db")
    newest, earlier = store.revisions(1)[:2]
    store.close()
    assert newest.why == "changed: caffeine_mg_day"
    assert read_case(earlier.case.encode(), knowledge, name="x") == before


def test_keeping_what_another_tab_changed_meanwhile_is_refused(owner: Visitor, settings: Settings) -> None:
    """A supposition is kept only on top of what it was made of."""
    owner.post("/1/what-if/look", fields(owner.page) | {"answer-caffeine_mg_day": ["90"]})
    state = owner.hidden("revision")
    owner.post("/1/what-if/keep", {"change": ["caffeine_mg_day=90"], "revision": state})
    before = told(settings)
    owner.post("/1/what-if/keep", {"change": ["caffeine_mg_day=300"], "revision": state})
    assert owner.status == 400
    assert "another tab" in owner.text()
    assert told(settings) == before


@pytest.mark.parametrize("value", ["many", "-5", "1e999", "<b>", "="])
def test_what_cannot_be_is_said_and_the_form_keeps_it(owner: Visitor, value: str) -> None:
    """An impossible value is refused in plain words, without words of the command line."""
    owner.post("/1/what-if/look", fields(owner.page) | {"answer-caffeine_mg_day": [value]})
    assert owner.status == 400
    assert 'role="alert"' in owner.page
    assert "--what-if" not in owner.text()
    assert "<b>" not in owner.page.replace("<b>(changed)</b>", "")
    assert fields(owner.page)["answer-caffeine_mg_day"] != ["400"]


def test_an_emergency_stays_in_sight(visitor: Visitor) -> None:
    """Whatever is supposed, what should not wait stands at the top."""
    visitor.post("/begin", {"region": "GB"})
    visitor.press("next", line="1")
    visitor.get("/1/what-if")
    assert 'class="urgency level-emergency"' in visitor.page
    name = next(each for each, value in fields(visitor.page).items() if value == ["yes"])
    visitor.post("/1/what-if/look", fields(visitor.page) | {name: ["no"]})
    assert 'class="urgency level-emergency"' in visitor.page
    assert visitor.page.index("level-emergency") < visitor.page.index("<h1>")


@pytest.mark.parametrize("written", ["omeprazole for 2 years", "foobarine", "omeprazole"])
def test_a_medicine_can_be_supposed_stopped(visitor: Visitor, settings: Settings, written: str) -> None:
    """However it was written, recognised or not; and nobody is advised to stop it."""
    visitor.post("/begin")
    for _ in range(30):
        if "<textarea" in visitor.page:
            break
        visitor.press("unknown" if 'value="unknown"' in visitor.page else "skip")
    visitor.press("next", text=written)
    visitor.get("/1/what-if")
    visitor.post("/1/what-if/look", fields(visitor.page) | {"answer-medicine-0": ["stopped"]})
    assert visitor.status == 200, visitor.text()
    assert "no advice to stop" in visitor.text()
    changes = [unescape(each) for each in re.findall(r'name="change" value="([^"]*)"', visitor.page)]
    visitor.post("/1/what-if/keep", {"change": changes, "revision": visitor.hidden("revision")})
    assert visitor.address == "/1/answer"
    assert [use.status for use in told(settings).medicines] == [Status.ABSENT]


def test_a_blood_test_can_be_supposed(visitor: Visitor, settings: Settings) -> None:
    """A result is changed in its own words, value and unit; one that is no quantity is refused."""
    visitor.post("/begin")
    bring(
        visitor, b"rheobase_case: 1\npresent: [muscle_twitching]\nlabs: [{name: magnesium, value: 0.9, unit: mmol/L}]\n"
    )
    agree(visitor, "replace")
    visitor.get("/1/what-if")
    assert fields(visitor.page)["answer-lab-magnesium"] == ["0.9 mmol/L"]
    visitor.post("/1/what-if/look", fields(visitor.page) | {"answer-lab-magnesium": ["0.4 mmol/L"]})
    assert visitor.status == 200
    assert "More urgent" in visitor.text()
    for wrong in ("0.4 bananas", "much", "1e99 mmol/L"):
        visitor.post("/1/what-if/look", fields(visitor.page) | {"answer-lab-magnesium": [wrong]})
        assert visitor.status == 400, wrong
