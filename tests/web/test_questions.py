"""The interview in pages: what is kept, what is asked again, two tabs, and the same answer as at the terminal."""

from __future__ import annotations

import json

import pytest

from rheobase.assess import assess
from rheobase.importers.case_file import read_case
from rheobase.importers.case_writer import write_case
from rheobase.interview import look_ahead
from rheobase.knowledge import load_knowledge
from rheobase.report import assessment_document, assessment_json
from rheobase.report.sections import Audience
from rheobase.storage import Store
from rheobase.web.desk import Desk
from rheobase.web.settings import Settings
from tests.web.visitor import Visitor


@pytest.fixture
def begun(visitor: Visitor) -> Visitor:
    """Return a visitor at the first question."""
    visitor.post("/begin", {"region": "GB"})
    assert visitor.address == "/1/questions"
    return visitor


def test_warning_signs_are_asked_first(begun: Visitor) -> None:
    """The first question is one short checklist of at most twelve lines, with a button for none of them."""
    assert "anything that should not wait" in begun.text()
    assert 0 < begun.page.count('name="line"') <= 12
    assert "None of these" in begun.text()


def test_none_of_these_denies_what_was_shown_and_nothing_else(begun: Visitor, settings: Settings) -> None:
    """After "none of these" exactly the findings of the list are absent."""
    shown = look_ahead(Desk(settings).papers(1).talk, load_knowledge()).question
    assert shown is not None
    begun.press("none")
    answers = Desk(settings).papers(1).person.answers
    assert {name for name, answer in answers.items() if answer.value is False} == set(shown.findings)


def test_pressing_next_with_nothing_ticked_is_not_a_no(begun: Visitor, settings: Settings) -> None:
    """An empty list is asked again: unknown is not no."""
    begun.press("next")
    assert begun.status == 400
    assert "Tick what is true" in begun.text()
    assert Desk(settings).papers(1).person.answers == {}


def test_a_warning_is_said_at_once_with_the_number(begun: Visitor) -> None:
    """A ticked emergency stands at the top of the next page, with the region's number, and the answer says so."""
    begun.press("next", line="1")
    assert 'class="urgency level-emergency"' in begun.page
    assert "999" in begun.text()
    begun.get("/1/answer")
    assert "999" in begun.text()


def test_what_cannot_be_read_is_shown_again_as_it_was_typed(begun: Visitor) -> None:
    """A fault in a short form names the line, keeps the rest, and goes on to nothing."""
    begun.press("none")
    assert 'name="text-age_years"' in begun.page
    begun.press("next", **{"text-age_years": "abc", "text-sex": "1"})
    assert begun.status == 400
    assert 'value="abc"' in begun.page
    assert 'aria-invalid="true"' in begun.page
    begun.press("next", **{"text-age_years": "28", "text-sex": "1"})
    assert begun.status == 200
    assert "How old" not in begun.text()


def test_a_second_tab_overwrites_nothing(begun: Visitor, settings: Settings) -> None:
    """A reply to a question that was answered meanwhile is not taken for the next one."""
    first = begun.page
    begun.press("none")
    second = begun.page
    begun.page = first
    begun.press("next", line="1")
    assert "answered already" in begun.text()
    assert len(Desk(settings).papers(1).talk.steps) == 1
    begun.page = second
    begun.press("skip")
    assert begun.status == 200


def test_back_puts_the_question_again(begun: Visitor) -> None:
    """Back takes one reply away; at the first question it does nothing."""
    begun.press("next", line="1")
    begun.post("/1/questions/back", {"number": "1"})
    assert "anything that should not wait" in begun.text()
    assert "level-emergency" not in begun.page
    begun.post("/1/questions/back", {"number": "0"})
    assert "anything that should not wait" in begun.text()


def test_medicines_are_kept_before_they_are_confirmed(begun: Visitor, settings: Settings) -> None:
    """What was typed is kept at once; only "that is everything" denies the rest."""
    for _ in range(30):
        if "<textarea" in begun.page:
            break
        begun.press("unknown" if 'value="unknown"' in begun.page else "skip")
    begun.press("next", text="omeprazole for 2 years\nfoobarine")
    assert begun.address == "/1/questions/medicines"
    assert "read as" in begun.text()
    uses = Desk(settings).papers(1).person.medicines
    assert [use.written for use in uses] == ["omeprazole for 2 years", "foobarine"]
    assert not Desk(settings).papers(1).talk.steps[-1].reply.complete
    begun.post("/1/questions/medicines", {"do": "all"})
    assert Desk(settings).papers(1).talk.steps[-1].reply.complete


def test_the_browser_and_the_terminal_give_the_same_bytes(begun: Visitor, settings: Settings) -> None:
    """The assessment that is kept is the one of the case file, byte for byte."""
    for number in range(6):
        begun.press(
            "none" if 'value="none"' in begun.page else "unknown" if 'value="unknown"' in begun.page else "skip"
        )
        assert begun.status == 200, number
    begun.get("/1/answer")
    knowledge = load_knowledge()
    kept = Store(settings.data_dir / "rheobase.db").judged(1)[0]
    text = write_case(Desk(settings).papers(1).person)
    assessment = assess(read_case(text.encode(), knowledge, name="me"), knowledge, on=settings.today())
    document = assessment_document(assessment, knowledge, audience=Audience.PERSON, region="GB")
    plain = assessment_json(assessment, knowledge, document)
    assert kept.body == json.dumps(plain, ensure_ascii=False, allow_nan=False)


def test_the_doctors_page_comes_as_pdf_too(begun: Visitor) -> None:
    """Both papers give a PDF, never shown inside the page of another site."""
    pytest.importorskip("typst")
    for query in ("", "?paper=letter", "?paper=../../x"):
        response = begun.get(f"/1/doctor.pdf{query}")
        assert response.content.startswith(b"%PDF")
        assert response.headers["content-disposition"].startswith("attachment")


@pytest.mark.parametrize("path", ["/2/questions", "/0/answer", "/999999999999/doctor", "/99999999999999999999/data"])
def test_nobody_is_made_up(begun: Visitor, path: str) -> None:
    """A person who is not there gets a clear page."""
    begun.get(path)
    assert begun.status == 404
    assert "no person number" in begun.text()
