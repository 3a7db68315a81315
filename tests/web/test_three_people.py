"""From the first page to the printed page for the doctor, as the three people of the examples: each in another way."""

from __future__ import annotations

import io
import unicodedata
from collections.abc import Callable, Iterator
from dataclasses import replace
from typing import Any

import pytest
from playwright.sync_api import Browser, Page
from pypdf import PdfReader

from rheobase.assess import assess
from rheobase.assess.facts import gather
from rheobase.evaluation.interviewing import reply_of
from rheobase.examples import example_bytes
from rheobase.importers.case_file import read_case
from rheobase.interview import Kind, Question, Reply, ReplyKind
from rheobase.knowledge import load_knowledge
from rheobase.knowledge.medicine_facts import told_by_name
from rheobase.person import Person
from tests.web.browsing import IN_BROWSER, Served, serving
from tests.web.every_page import ON

pytestmark = IN_BROWSER
MOST_QUESTIONS, FEWEST_TOLD, MOST_SHEETS = 45, 25, 2
# Who, how they press, how their browser is, and what the page for their doctor has to say.
PEOPLE = [
    ("worried-28", "tap", {"viewport": {"width": 360, "height": 740}, "has_touch": True}, ("caffeine", "eyelid")),
    ("omeprazole-67", "click", {"java_script_enabled": False}, ("omeprazole", "furosemide")),
    ("wasted-hand-58", "keyboard", {"viewport": {"width": 1280, "height": 900}}, ("hand", "wast")),
]


@pytest.fixture(scope="module")
def served(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Served]:
    """Serve an empty folder for the module, on a fixed day."""
    with serving(tmp_path_factory.mktemp("three"), today=lambda: ON) as running:
        yield running


def self_told(truth: Person) -> Person:
    """Return what of a case a person can tell: what a clinician found on examination is not asked here."""
    findings = load_knowledge().findings
    return replace(
        truth, answers={name: each for name, each in truth.answers.items() if findings[name].kind == "person"}
    )


def press(page: Page, selector: str, way: str) -> None:
    """Press one control of a page as the person does."""
    control = page.locator(selector)
    if way == "keyboard":
        control.focus()
        page.keyboard.press("Space" if "input" in selector else "Enter")
    elif way == "tap":
        control.tap()
    else:
        control.click()


def fill(page: Page, selector: str, text: str, way: str) -> None:
    """Fill in one control; a list is chosen from."""
    control = page.locator(selector)
    if control.evaluate("each => each.tagName", timeout=5000) == "SELECT":
        control.select_option(text)
    elif way == "keyboard":
        control.focus()
        page.keyboard.type(text)
    else:
        control.fill(text)


def answer(page: Page, question: Question, truth: Person, way: str) -> None:
    """Fill in one question truthfully, and send it."""
    reply = reply_of(question, gather(truth, load_knowledge()).values)
    button = {ReplyKind.NOT_KNOWN: "unknown", ReplyKind.SKIPPED: "skip"}.get(reply.kind)
    if button is None:
        button = BUTTONS[question.kind](page, question, reply, way) if question.kind in BUTTONS else "next"
    if question.kind is Kind.MEDICINES:
        fill(page, "#text", "\n".join(use.written for use in truth.medicines), way)
        button = "next" if truth.medicines else "none"
    elif question.kind is Kind.NUMBER and button == "next":
        fill(page, "#text", f"{reply.value:.10g}", way)
    with page.expect_navigation():
        press(page, f"button[name=do][value={button}]", way)
    if page.url.endswith("/medicines"):
        with page.expect_navigation():
            press(page, "button[value=all]", way)


def _list(page: Page, _: Question, reply: Reply, way: str) -> str:
    for name, places in (("line", reply.ticked), ("unsure", reply.unsure)):
        for place in sorted(places):
            press(page, f"input[name={name}][value='{place + 1}']", way)
    return "next" if reply.ticked or reply.unsure else "none"


def _chosen(page: Page, question: Question, reply: Reply, way: str) -> str:
    options = load_knowledge().findings[question.finding or ""].options
    values = reply.value if isinstance(reply.value, frozenset) else {reply.value}
    for place in sorted(options.index(str(each)) + 1 for each in values):
        press(page, f"input[name=line][value='{place}']", way)
    return "next" if values else "none"


def _form(page: Page, _: Question, reply: Reply, way: str) -> str:
    for name, value, _written in reply.fields:
        finding = load_knowledge().findings[name]
        if value is None:
            press(page, f"input[name=unsure-{name}]", way)
        elif finding.type == "choice":
            fill(page, f"#f-{name}", str(finding.options.index(str(value)) + 1), way)
        elif isinstance(value, bool):
            fill(page, f"#f-{name}", "y" if value else "n", way)
        else:
            fill(page, f"#f-{name}", f"{value:.10g}", way)
    return "next"


BUTTONS: dict[Kind, Callable[[Page, Question, Reply, str], str]] = {
    Kind.LIST: _list,
    Kind.FORM: _form,
    Kind.CHOICE: _chosen,
    Kind.SITES: _chosen,
    Kind.YES_NO: lambda _, __, reply, ___: "yes" if reply.value else "no",
}


@pytest.mark.parametrize("who", PEOPLE, ids=[each[0] for each in PEOPLE])
def test_from_the_first_question_to_the_printed_page(
    chromium: Browser, served: Served, who: tuple[str, str, dict[str, Any], tuple[str, ...]]
) -> None:
    """What was told in the pages gives the urgency of the same told in a file, and a page on one or two sheets."""
    example, way, browser, words = who
    knowledge = served.desk.knowledge
    truth = read_case(example_bytes(example), knowledge, name=example)
    context = chromium.new_context(storage_state=served.state(), **browser)
    page = context.new_page()
    said: list[str] = []
    page.on("console", lambda message: said.append(message.text))
    page.goto(served.base)
    fill(page, "#name", example, way)
    fill(page, "#region", "GB", way)
    press(page, "form.begin button", way)
    page.wait_for_url("**/questions")
    number = int(page.url.split("/")[-2])
    for _ in range(MOST_QUESTIONS):
        asked = served.desk.outlook(served.desk.papers(number)).question
        if asked is None:
            break
        answer(page, asked, truth, way)
    told, known = served.desk.papers(number).person, gather(truth, knowledge).values
    # That these are all the medicines denies every other one, of which the file says nothing.
    by_name = told_by_name(knowledge)
    for name, each in told.answers.items():
        assert each.value in (None, known.get(name)) or (name in by_name and name not in known), name
    assert sum(each.value is not None for each in told.answers.values()) > FEWEST_TOLD
    page.goto(f"{served.base}/{number}/answer")
    level = assess(self_told(truth), knowledge, on=ON).urgency.level
    assert page.locator(f".urgency.level-{level}").count() == 1, page.inner_text(".urgency")
    press(page, "nav a[href$='/doctor']", way)
    page.wait_for_url("**/doctor")
    for paper in ("A4", "Letter"):
        printed = PdfReader(io.BytesIO(page.pdf(format=paper)))
        assert len(printed.pages) <= MOST_SHEETS
        # Letters that are drawn as one, such as ff, come apart again.
        text = unicodedata.normalize("NFKC", " ".join(each.extract_text() for each in printed.pages)).lower()
        assert "the figures" not in text, "a page in brief stays in brief"
        assert all(word in text for word in words), text
    assert not said
    context.close()
