"""The diary in Debian's chromium: foods while typing, by keyboard, without scripts, on a phone and a desk, for axe."""

from __future__ import annotations

from collections.abc import Iterator
from pathlib import Path
from typing import Any

import pytest
from playwright.sync_api import Browser, Page

from tests.web.browsing import IN_BROWSER, SCHEMES, WIDER, WIDTHS, faults, serving

pytestmark = IN_BROWSER
LINES = (
    ("drinks", "2 cups brewed coffee at 08:00"),
    ("meals", "a bowl of porridge"),
    ("meals", "6 pierogi"),
    ("meals", "biscuit"),
    ("meals", "<img src=x onerror=alert(1)>"),
    ("supplements", "magnesium citrate 200 mg"),
)


@pytest.fixture
def served(tmp_path: Path) -> Iterator[str]:
    """Serve an app from a thread; return the address that opens it."""
    with serving(tmp_path / "data") as running:
        yield running.base


@pytest.fixture
def browser(chromium: Browser) -> Browser:
    """Return the one browser of the session."""
    return chromium


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


def test_what_the_diary_asks_while_typing_passes_axe(browser: Browser, served: str) -> None:
    """Every kind of doubt, and the list of foods shown: both themes, each at one width; nothing is wider or said."""
    page, said = begun(browser, served)
    for kind, text in LINES:
        page.check(f"input[name=kind][value={kind}]")
        page.fill("#text", text)
        page.keyboard.press("Escape")
        page.click("button[value=add]")
    for scheme, width in zip(SCHEMES, WIDTHS, strict=True):
        page.emulate_media(color_scheme=scheme)  # type: ignore[arg-type]
        page.set_viewport_size({"width": width, "height": 800})
        page.goto(f"{served}/1/food")
        page.fill("#text", "salm")
        page.wait_for_selector("[role=option]")
        assert not faults(page), (scheme, width)
        assert page.evaluate(WIDER) <= 0, width
    assert not said
    page.context.close()
