"""The nerve's page in Debian's chromium: accessible, quiet, at once with scripts, whole without them."""

from __future__ import annotations

from collections.abc import Iterator
from pathlib import Path
from typing import Any

import pytest
from playwright.sync_api import Browser, Page, StorageState, expect

from tests.web.browsing import IN_BROWSER, WIDER, WIDTHS, faults
from tests.web.running import Running
from tests.web.test_every_page import MOST_BYTES
from tests.web.test_in_browser import Watched, listen
from tests.web.test_nerve import LOW

pytestmark = IN_BROWSER
PATHS = ("/nerve", "/1/nerve", "/nerve?calcium_ionised=0.85&ph=7.5", "/nerve?potassium=abc&ph=99")
SEEN = "#seen .answer:not([data-waits])"
PREPARED = 120_000


@pytest.fixture(scope="module")
def browser(chromium: Browser) -> Browser:
    """Return the one browser of the session."""
    return chromium


@pytest.fixture(scope="module")
def server(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Running]:
    """Start one server for the module, with one person."""
    running = Running(Path(tmp_path_factory.mktemp("nerve")) / "data")
    yield running
    running.kill()


@pytest.fixture(scope="module")
def cookies(browser: Browser, server: Running) -> StorageState:
    """Open the server once, add the person, and return what the browser then holds."""
    context = browser.new_context()
    page = context.new_page()
    page.goto(server.opening)
    page.get_by_role("button", name="Begin").click()
    page.goto(f"{server.base}/1/data")
    page.set_input_files("#file", {"name": "case.yaml", "mimeType": "text/yaml", "buffer": LOW.encode()})
    page.get_by_role("button", name="Read it").click()
    page.get_by_role("button", name="Take the file").click()
    page.wait_for_url("**/1/answer")
    page.goto(f"{server.base}/nerve")
    page.wait_for_selector(SEEN, timeout=PREPARED)
    return context.storage_state()


def opened(browser: Browser, cookies: StorageState, **how: Any) -> Watched:
    """Return a page of a new window that holds the cookie."""
    page: Page = browser.new_context(storage_state=cookies, **how).new_page()
    watched = Watched(page)
    listen(watched, page)
    return watched


@pytest.mark.parametrize("scheme", ["light", "dark"])
def test_no_fault_that_axe_finds(browser: Browser, server: Running, cookies: StorageState, scheme: str) -> None:
    """In both themes, at both widths, with right and wrong numbers: no violation, nothing wider, small, quiet."""
    watched = opened(browser, cookies, color_scheme=scheme, bypass_csp=True)
    page = watched.page
    for path in PATHS:
        for width in WIDTHS:
            page.set_viewport_size({"width": width, "height": 800})
            response = page.goto(server.base + path)
            assert response is not None
            assert len(response.body()) < MOST_BYTES
            assert page.evaluate(WIDER) <= 0, f"{path} is wider than {width}"
            assert faults(page) == [], (path, width)
    # The browser itself notes a refused page.
    watched.said = [each for each in watched.said if "400" not in each]
    watched.quiet(server)


def test_a_slider_answers_at_once_and_is_told_to_a_screen_reader(
    browser: Browser, server: Running, cookies: StorageState
) -> None:
    """By keyboard a slider moves the number, the answer, the address and what is read out; nothing else is asked."""
    watched = opened(browser, cookies)
    page = watched.page
    page.goto(f"{server.base}/nerve")
    slider = page.get_by_role("slider", name="Ionised calcium")
    slider.focus()
    for _ in range(3):
        page.keyboard.press("PageDown")
    expect(page.locator("#seen")).to_contain_text("easier to set off")
    assert float(page.locator("#calcium_ionised").input_value()) < 1.25
    assert (slider.get_attribute("aria-valuetext") or "").endswith("mmol/L")
    expect(page.locator("#told")).to_contain_text("easier to set off")
    assert "calcium_ionised=" in page.url
    assert slider.evaluate("each => each === document.activeElement")
    page.get_by_role("link", name="Low potassium").click()
    expect(page.locator("#seen")).to_contain_text("harder to set off")
    assert page.locator("#calcium_ionised").input_value() == "1.25"
    page.locator("#potassium").fill("200")
    expect(page.locator("#seen")).to_contain_text("beyond what this page can show")
    page.locator("#potassium").fill("4,2")
    expect(page.locator("#seen")).to_contain_text("about as easily as it usually does")
    watched.said = [each for each in watched.said if "400" not in each]
    watched.quiet(server)


def test_without_scripts_the_form_answers(browser: Browser, server: Running, cookies: StorageState) -> None:
    """With JavaScript off a number is typed and sent; no slider stands there idle, and the traces are drawn."""
    page = opened(browser, cookies, java_script_enabled=False).page
    page.goto(f"{server.base}/1/nerve")
    assert page.locator("#potassium").input_value() == "3.2"
    assert page.locator("input[type=range]:visible").count() == 0
    page.locator("#calcium_ionised").fill("0.85")
    page.locator("#potassium").fill("4.2")
    page.get_by_role("button", name="Show").click()
    expect(page.locator("#seen")).to_contain_text("97 % of the usual strength gives an impulse now")
    assert page.locator("#seen svg").count() == 3
