"""Pages in Debian's chromium: accessible, quiet on the network, fit for a phone, a desk and paper."""

from __future__ import annotations

import functools
import io
import shutil
from collections.abc import Iterator
from importlib import resources
from pathlib import Path
from typing import Any

import pytest
from playwright.sync_api import Browser, sync_playwright
from pypdf import PdfReader

from rheobase.report import READERS, render_html
from tests.documents.samples import SAMPLES, attacked, sample

CHROMIUM = shutil.which("chromium")
pytestmark = [
    pytest.mark.browser,
    pytest.mark.skipif(CHROMIUM is None, reason="no chromium on this machine: apt-get install chromium"),
]
WIDTHS, SCHEMES = (360, 1280), ("light", "dark")
MOST_PAGES = {"person": 2, "doctor": 2, "clinician": 4}
RULES = ["wcag2a", "wcag2aa", "wcag21a", "wcag21aa", "wcag22aa", "best-practice"]
ORDER = """() => [...document.querySelectorAll('header,nav,main,footer,h1,h2,h3')].map(each => each.tagName)"""
WIDER = """() => document.documentElement.scrollWidth - document.documentElement.clientWidth"""


@functools.cache
def axe() -> str:
    """Return the checker that runs in the page."""
    return resources.files("axe_playwright_python").joinpath("axe.min.js").read_text(encoding="utf-8")


@pytest.fixture(scope="module")
def browser() -> Iterator[Browser]:
    """Start one browser for the module; Debian's chromium, nothing is downloaded."""
    with sync_playwright() as playwright:
        started = playwright.chromium.launch(executable_path=CHROMIUM, args=["--no-sandbox"])
        yield started
        started.close()


def opened(browser: Browser, path: Path, **how: Any) -> tuple[Any, list[str], list[str]]:
    """Open a file; return the page, what it asked for, and what it complained of."""
    page = browser.new_context(**how).new_page()
    asked: list[str] = []
    said: list[str] = []
    page.on("request", lambda request: asked.append(request.url))
    page.on("console", lambda message: said.append(message.text))
    page.on("pageerror", lambda error: said.append(str(error)))
    page.goto(path.as_uri(), wait_until="load")
    return page, asked, said


@pytest.mark.parametrize(("name", "reader"), SAMPLES)
def test_a_page_has_no_fault_that_axe_finds(browser: Browser, tmp_path: Path, name: str, reader: str) -> None:
    """Names, order, contrast and landmarks, on a light phone and a dark desk, details open; nothing fetched."""
    path = tmp_path / "page.html"
    path.write_text(render_html(sample(name, reader)), encoding="utf-8")
    for scheme in SCHEMES:
        page, asked, said = opened(browser, path, color_scheme=scheme, viewport={"width": 360, "height": 800})
        page.evaluate("() => document.querySelectorAll('details').forEach(each => { each.open = true })")
        page.evaluate(axe())
        for width in (*reversed(WIDTHS), WIDTHS[SCHEMES.index(scheme)]):
            page.set_viewport_size({"width": width, "height": 800})
            assert page.evaluate(WIDER) <= 0, f"wider than {width}"
        found = page.evaluate("rules => axe.run(document, {runOnly: rules})", RULES)
        faults = [(each["id"], [node["html"][:120] for node in each["nodes"]]) for each in found["violations"]]
        assert not faults
        assert asked == [path.as_uri()]
        assert not said
        page.context.close()


@pytest.mark.parametrize(("name", "reader"), SAMPLES)
def test_a_page_prints_on_few_sheets(browser: Browser, tmp_path: Path, name: str, reader: str) -> None:
    """For the person and the doctor two at most, on A4 and on Letter; the last thing printed is the note about it."""
    path = tmp_path / "page.html"
    path.write_text(render_html(sample(name, reader)), encoding="utf-8")
    page, _, _ = opened(browser, path)
    for paper in ("A4", "Letter"):
        sheets = PdfReader(io.BytesIO(page.pdf(format=paper))).pages
        assert len(sheets) <= MOST_PAGES[reader], paper
        assert "clinician" in sheets[-1].extract_text()
    page.context.close()


def test_the_structure_is_read_aloud_in_order(browser: Browser, tmp_path: Path) -> None:
    """Heading first, then contents, then the urgency; the skip link comes first by keyboard and leads to the text."""
    path = tmp_path / "page.html"
    path.write_text(render_html(sample("worried-28", "person")), encoding="utf-8")
    page, _, _ = opened(browser, path)
    assert page.evaluate(ORDER)[:5] == ["HEADER", "H1", "NAV", "MAIN", "H2"]
    page.keyboard.press("Tab")
    assert page.evaluate("document.activeElement.textContent") == "Skip to the text"
    page.keyboard.press("Enter")
    assert page.evaluate("document.activeElement.id") == "main"
    spoken = page.locator("body").aria_snapshot()
    assert 'heading "How urgent" [level=2]' in spoken
    assert 'img "Where each cause stands' in spoken
    page.context.close()


def test_meaning_survives_without_colour_and_with_large_letters(browser: Browser, tmp_path: Path) -> None:
    """In forced colours and at twice the letters nothing is cut off."""
    path = tmp_path / "page.html"
    path.write_text(render_html(sample("omeprazole-67", "doctor")), encoding="utf-8")
    page, _, _ = opened(browser, path, forced_colors="active", viewport={"width": 1280, "height": 800})
    page.evaluate("() => { document.documentElement.style.fontSize = '200%' }")
    assert page.evaluate(WIDER) <= 0
    page.context.close()


@pytest.mark.parametrize("reader", READERS)
def test_attacks_do_nothing_in_a_browser(browser: Browser, tmp_path: Path, reader: str) -> None:
    """No script runs, nothing is fetched, nothing is wider than a phone."""
    path = tmp_path / "page.html"
    path.write_text(render_html(attacked(reader)), encoding="utf-8")
    page, asked, said = opened(browser, path, viewport={"width": 360, "height": 800})
    page.on("dialog", lambda dialog: said.append(dialog.message))
    page.evaluate("() => document.querySelectorAll('details').forEach(each => { each.open = true })")
    assert page.evaluate(WIDER) <= 0
    assert asked == [path.as_uri()]
    assert not said
    page.context.close()
