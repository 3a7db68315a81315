"""The app in Debian's chromium: accessible, quiet, usable by keyboard and without scripts, and it survives a kill."""

from __future__ import annotations

import io
from collections.abc import Iterator
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any

import pytest
from playwright.sync_api import Browser, FilePayload, Page, expect
from pypdf import PdfReader

from rheobase.examples import example_bytes
from tests.web.browsing import IN_BROWSER, WIDER, faults
from tests.web.running import Running

pytestmark = IN_BROWSER
MOST_SHEETS = 2


@pytest.fixture
def browser(chromium: Browser) -> Browser:
    """Return the one browser of the session."""
    return chromium


@pytest.fixture
def server(tmp_path: Path) -> Iterator[Running]:
    """Start a server on an empty folder."""
    running = Running(tmp_path / "data")
    yield running
    running.kill()


@dataclass
class Watched:
    """A page, everything it asked for, and everything it complained of."""

    page: Page
    asked: list[str] = field(default_factory=list)
    said: list[str] = field(default_factory=list)
    bytes: int = 0

    def quiet(self, server: Running) -> None:
        """Assert that nothing was asked of others, and nothing was said on the console."""
        assert not [each for each in self.asked if not each.startswith(server.base + "/")]
        assert not self.said


def opened(browser: Browser, server: Running, *, begin: bool = True, **how: Any) -> Watched:
    """Open the printed address in a fresh browser; the first page is shown."""
    page = browser.new_context(**how).new_page()
    watched = Watched(page)
    listen(watched, page)
    page.goto(server.opening if begin else server.base)
    return watched


def listen(watched: Watched, page: Page) -> None:
    """Note what a page asks for and complains of."""
    page.on("request", lambda request: watched.asked.append(request.url))
    page.on("console", lambda message: watched.said.append(f"{page.url}: {message.text}"))
    page.on("pageerror", lambda error: watched.said.append(str(error)))


def payload(example: str) -> FilePayload:
    """Return an example as a file that is chosen."""
    return {"name": "case.yaml", "mimeType": "text/yaml", "buffer": example_bytes(example)}


def bring(page: Page, server: Running, example: str) -> None:
    """Begin with an example that was chosen as a file."""
    page.goto(f"{server.base}/")
    page.get_by_role("button", name="Begin").click()
    page.goto(f"{server.base}/1/data")
    page.set_input_files("#file", payload(example))
    page.get_by_role("button", name="Read it").click()
    page.get_by_role("button", name="Take the file").click()
    page.wait_for_url("**/1/answer")


def test_every_form_shows_its_faults_accessibly(browser: Browser, server: Running) -> None:
    """The pages after something went wrong, after a plan was read, and with what moved, pass too."""
    watched = opened(browser, server, bypass_csp=True, viewport={"width": 360, "height": 800})
    page = watched.page
    bring(page, server, "worried-28")
    page.goto(f"{server.base}/1/data")
    page.set_input_files("#file", {"name": "x.pdf", "mimeType": "application/pdf", "buffer": b"%PDF-1.7"})
    page.get_by_role("button", name="Read it").click()
    assert "is a PDF" in page.inner_text("#problem")
    assert not faults(page)
    page.set_input_files("#file", payload("omeprazole-67"))
    page.get_by_role("button", name="Read it").click()
    assert not faults(page)
    page.goto(f"{server.base}/1/what-if")
    page.get_by_text("What you said is not so").click()
    page.locator("#a-breathless_at_rest").select_option("yes")
    page.get_by_role("button", name="See what moves").click()
    assert "More urgent" in page.inner_text("body")
    assert not faults(page)
    assert page.evaluate(WIDER) <= 0
    page.goto(f"{server.base}/1/data")
    page.get_by_label("to confirm").fill("wrong")
    page.get_by_role("button", name="Delete everything").click()
    assert "Nothing was deleted" in page.inner_text("body")
    assert not faults(page)
    page.context.close()


def press_until_the_end(page: Page, most: int = 60) -> int:
    """Answer by keyboard alone until nothing is left or it is enough; return how many questions there were."""
    for number in range(most):
        if page.locator("form.question").count() == 0:
            return number
        page.keyboard.press("Tab")
        for _ in range(80):
            focused = page.evaluate("document.activeElement.value || document.activeElement.textContent")
            if focused in ("none", "unknown", "skip"):
                break
            page.keyboard.press("Tab")
        with page.expect_navigation():
            page.keyboard.press("Enter")
    return most


def test_the_whole_way_by_keyboard(browser: Browser, server: Running) -> None:
    """From the first page to the printed page for the doctor without a mouse; the focus is always seen."""
    watched = opened(browser, server)
    page = watched.page
    page.keyboard.press("Tab")
    assert page.evaluate("document.activeElement.textContent") == "Skip to the text"
    page.locator("#name").focus()
    page.keyboard.type("Me")
    page.keyboard.press("Tab")
    page.keyboard.press("Tab")
    outline = page.evaluate("getComputedStyle(document.activeElement).outlineStyle")
    assert outline != "none"
    with page.expect_navigation():
        page.keyboard.press("Enter")
    assert page.url.endswith("/1/questions")
    assert press_until_the_end(page, 8) == 8
    for words, end in (("Answer", "/1/answer"), ("For my doctor", "/1/doctor")):
        link = page.get_by_role("link", name=words, exact=True)
        link.focus()
        with page.expect_navigation():
            page.keyboard.press("Enter")
        assert page.url.endswith(end)
    for paper in ("A4", "Letter"):
        assert len(PdfReader(io.BytesIO(page.pdf(format=paper))).pages) <= MOST_SHEETS
    watched.quiet(server)
    page.context.close()


def test_the_whole_way_without_scripts(browser: Browser, server: Running) -> None:
    """With JavaScript off: questions, answer, what if, search, bring in and take out."""
    watched = opened(browser, server, java_script_enabled=False)
    page = watched.page
    page.get_by_role("button", name="Begin").click()
    page.get_by_role("button", name="None of these").click()
    assert page.locator("form.question").count() == 1
    bring_path = f"{server.base}/1/data"
    page.goto(bring_path)
    page.set_input_files("#file", payload("worried-28"))
    page.get_by_role("button", name="Read it").click()
    page.get_by_role("button", name="Put both together").or_(
        page.get_by_role("button", name="Take the file")
    ).first.click()
    assert "How urgent" in page.inner_text("body")
    page.get_by_role("link", name="Change an answer").click()
    page.get_by_text("What you said is not so").click()
    page.locator("#a-breathless_at_rest").select_option("yes")
    page.get_by_role("button", name="See what moves").click()
    assert "How urgent" in page.inner_text("body")
    page.goto(f"{server.base}/learn")
    page.get_by_role("searchbox").fill("eyelid")
    page.get_by_role("button", name="Search").click()
    page.get_by_role("link", name="Eyelid twitch", exact=True).click()
    assert "What settles it" in page.inner_text("body")
    page.goto(bring_path)
    with page.expect_download() as taken:
        page.get_by_role("link", name="Everything, in a ZIP").click()
    assert taken.value.suggested_filename == "rheobase-all.zip"
    watched.quiet(server)
    page.context.close()


def test_a_kill_between_two_answers_loses_nothing(browser: Browser, server: Running) -> None:
    """After kill -9 the server is started again, and the interview goes on with the next question."""
    watched = opened(browser, server)
    page = watched.page
    page.get_by_role("button", name="Begin").click()
    page.get_by_role("button", name="None of these").click()
    second = page.inner_text("form.question .ask >> nth=0")
    server.kill()
    server.start()
    page.goto(server.opening)
    assert "1 reply so far" in page.inner_text("body")
    page.get_by_role("link", name="Me", exact=True).click()
    assert page.inner_text("form.question .ask >> nth=0") == second
    page.get_by_role("button", name="Back").click()
    expect(page.get_by_role("button", name="None of these")).to_have_count(1)
    page.context.close()


def test_two_tabs_do_not_overwrite_each_other(browser: Browser, server: Running) -> None:
    """The tab that is behind is told, and shows the next question."""
    watched = opened(browser, server)
    first = watched.page
    first.get_by_role("button", name="Begin").click()
    other = first.context.new_page()
    other.goto(first.url)
    first.get_by_role("button", name="None of these").click()
    other.get_by_role("button", name="None of these").click()
    assert "answered already" in other.inner_text("[role=status]")
    assert other.inner_text(".ask >> nth=0") == first.inner_text(".ask >> nth=0")
    watched.quiet(server)
    first.context.close()


def test_a_stranger_sees_nothing(browser: Browser, server: Running) -> None:
    """Another browser without the printed address, and the address used twice, get no page."""
    opened(browser, server).page.context.close()
    for address in (server.base, server.opening):
        page = browser.new_context().new_page()
        response = page.goto(address)
        assert response is not None
        assert response.status == 401
        page.context.close()
