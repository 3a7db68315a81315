"""The diary in Debian's chromium: foods while typing, by keyboard, without scripts, on a phone and a desk, for axe."""

from __future__ import annotations

import functools
import shutil
import threading
import time
from collections.abc import Iterator
from importlib import resources
from pathlib import Path
from typing import Any

import pytest
import uvicorn
from playwright.sync_api import Browser, Page, sync_playwright

from rheobase.web.app import create_app
from rheobase.web.launch import bound_socket
from rheobase.web.settings import Settings

CHROMIUM = shutil.which("chromium")
pytestmark = [
    pytest.mark.browser,
    pytest.mark.skipif(CHROMIUM is None, reason="no chromium on this machine: apt-get install chromium"),
]
WIDTHS, SCHEMES = (360, 1280), ("light", "dark")
RULES = ["wcag2a", "wcag2aa", "wcag21a", "wcag21aa", "wcag22aa", "best-practice"]
WIDER = "() => document.documentElement.scrollWidth - document.documentElement.clientWidth"
LINES = (
    ("drinks", "2 cups brewed coffee at 08:00"),
    ("meals", "a bowl of porridge"),
    ("meals", "6 pierogi"),
    ("meals", "biscuit"),
    ("meals", "<img src=x onerror=alert(1)>"),
    ("supplements", "magnesium citrate 200 mg"),
)


@functools.cache
def axe() -> str:
    """Return the checker that runs in the page."""
    return resources.files("axe_playwright_python").joinpath("axe.min.js").read_text(encoding="utf-8")


@pytest.fixture
def served(tmp_path: Path) -> Iterator[str]:
    """Serve an app from a thread; return the address that opens it."""
    listener = bound_socket("127.0.0.1", None)
    settings = Settings(int(listener.getsockname()[1]), tmp_path / "data", "launch")
    server = uvicorn.Server(uvicorn.Config(create_app(settings), log_level="error", ws="none"))
    thread = threading.Thread(target=server.run, kwargs={"sockets": [listener]})
    thread.start()
    while not server.started:
        time.sleep(0.01)
    yield f"http://127.0.0.1:{settings.port}"
    server.should_exit = True
    thread.join()
    listener.close()


@pytest.fixture(scope="module")
def browser() -> Iterator[Browser]:
    """Start one browser for the module; Debian's chromium, nothing is downloaded."""
    with sync_playwright() as playwright:
        started = playwright.chromium.launch(executable_path=CHROMIUM, args=["--no-sandbox"])
        yield started
        started.close()


def begun(browser: Browser, served: str, **how: Any) -> tuple[Page, list[str]]:
    """Open the app, begin with a person and go to the diary; return the page and what it complained of."""
    page = browser.new_context(**how).new_page()
    said: list[str] = []
    page.on("console", lambda message: said.append(message.text))
    page.on("pageerror", lambda error: said.append(str(error)))
    page.on("dialog", lambda dialog: said.append(dialog.message))
    page.goto(f"{served}/open?token=launch")
    page.click("text=Begin")
    page.goto(f"{served}/1/food")
    return page, said


def test_a_food_is_found_while_typing_and_taken_by_keyboard(browser: Browser, served: str) -> None:
    """Letters bring foods, arrows and Enter take one, a measure gives its grams, and the line counts at once."""
    page, said = begun(browser, served, viewport={"width": 360, "height": 800})
    page.focus("#text")
    page.keyboard.type("2 cups brewed cof")
    page.wait_for_selector("[role=option]")
    field = page.get_by_role("combobox", name="What and how much")
    assert field.get_attribute("aria-expanded") == "true"
    page.keyboard.press("ArrowDown")
    assert field.get_attribute("aria-activedescendant") == "food-0"
    page.keyboard.press("Enter")
    assert field.input_value() == "2 cups coffee, brewed"
    assert not page.locator("#offered").is_visible()
    page.get_by_role("button", name="1 cup (8 fl oz) (237 g)").click()
    page.get_by_role("button", name="Add", exact=True).click()
    assert "Beverages, coffee, brewed, prepared with tap water; 237 g" in page.inner_text("main")
    page.fill("#text", "2 eggs")
    page.wait_for_selector("[role=option]")
    page.keyboard.press("Escape")
    assert not page.locator("#offered").is_visible()
    page.keyboard.press("Enter")
    page.wait_for_selector("text=Last change: added 2 eggs")
    assert not said
    page.context.close()


def test_a_choice_that_is_typed_over_is_forgotten(browser: Browser, served: str) -> None:
    """After a food is taken, other words in the field mean other food."""
    page, _ = begun(browser, served)
    page.fill("#text", "100 g banan")
    page.locator("[role=option]").first.click()
    assert page.input_value("[name=food]")
    page.fill("#text", "100 g spinach")
    assert page.input_value("[name=food]") == ""
    page.keyboard.press("Escape")
    page.get_by_role("button", name="Add", exact=True).click()
    assert "Spinach" in page.inner_text("main")
    page.check("text=Supplement or antacid")
    page.fill("#text", "magnesium oxide")
    page.wait_for_timeout(400)
    assert not page.locator("#offered").is_visible()
    page.context.close()


def test_everything_works_with_scripts_switched_off(browser: Browser, served: str) -> None:
    """Add, settle a doubt, look a food up, undo: forms alone do it."""
    page, _ = begun(browser, served, java_script_enabled=False)
    page.fill("#text", "biscuit")
    page.get_by_role("button", name="Add", exact=True).click()
    page.get_by_label("Cookies, gingersnaps").check()
    page.get_by_label("Grams, if you know: biscuit").fill("30")
    page.get_by_role("button", name="Save what was chosen").click()
    assert "Cookies, gingersnaps; 30 g" in page.inner_text("main")
    page.fill("#text", "2 cups cof")
    page.get_by_role("button", name="Look it up").click()
    page.get_by_label("Beverages, coffee, brewed, prepared with tap water 1 fl oz", exact=False).first.check()
    page.get_by_role("button", name="Add this food").click()
    assert "coffee, brewed, prepared with tap water; 474 g" in page.inner_text("main")
    page.get_by_role("button", name="Undo the last change").click()
    assert "coffee, brewed" not in page.inner_text(".diary")
    page.context.close()


def test_no_page_of_the_diary_has_a_fault_that_axe_finds(browser: Browser, served: str) -> None:
    """Both widths, both themes, details open, the list of foods shown; nothing is wider than the screen."""
    page, said = begun(browser, served)
    for kind, text in LINES:
        page.check(f"input[name=kind][value={kind}]")
        page.fill("#text", text)
        page.keyboard.press("Escape")
        page.click("button[value=add]")
    for path in ("/1/food", "/1/food?day=1", "/1/food/enough?latitude=52", "/1/food/find?q=cof", "/1/food/import"):
        for scheme in SCHEMES:
            page.emulate_media(color_scheme=scheme)  # type: ignore[arg-type]
            page.goto(served + path)
            page.evaluate("() => document.querySelectorAll('details').forEach(each => { each.open = true })")
            if path == "/1/food":
                page.fill("#text", "salm")
                page.wait_for_selector("[role=option]")
            page.evaluate(axe())
            for width in WIDTHS:
                page.set_viewport_size({"width": width, "height": 800})
                assert page.evaluate(WIDER) <= 0, (path, width)
                found = page.evaluate("rules => axe.run(document, {runOnly: rules})", RULES)
                faults = [(each["id"], [node["html"][:120] for node in each["nodes"]]) for each in found["violations"]]
                assert not faults, (path, width, scheme)
    # A day that is none answers 400, which the browser says.
    assert not [each for each in said if "400" not in each]
    page.context.close()
