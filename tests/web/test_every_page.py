"""Every page of the app in chromium, taken from its routes: accessible in both themes, light, quiet, no wider."""

from __future__ import annotations

import functools
import re
from itertools import chain
from typing import Any

import pytest
from playwright.sync_api import Browser, Page

from rheobase.web.addresses import PAGES
from tests.web.browsing import IN_BROWSER, RULES, SCHEMES, WIDER, WIDTHS, Served, faults
from tests.web.every_page import ADDRESSES, FILES, addresses

MOST_BYTES = 150_000
COLOURS = ("color-contrast", "link-in-text-block")
CHARTS = """() => [...document.querySelectorAll("main svg:not([aria-hidden=true])")].map(each => [
  Boolean(each.querySelector("title")?.textContent), Boolean(each.querySelector("desc")?.textContent),
  each.getAttribute("role"), Boolean(each.closest("figure")?.querySelector("table")) ])"""
# Said by the browser itself of a page that is refused on purpose.
REFUSED = ("400", "404")


def every(words: dict[str, str]) -> list[str]:
    """Return every address to look at, the words in them filled in; what needs a locked file is looked at apart."""
    found = chain.from_iterable(each for route, each in addresses().items() if route != "/unlock")
    return [functools.reduce(lambda path, word: path.replace(*word), words.items(), each) for each in found]


def test_no_page_is_forgotten() -> None:
    """Each page of the app has an address here, and what is named here is a page of the app."""
    assert set(addresses()) | FILES == {route for route, (_, methods) in PAGES.items() if "GET" in methods}
    assert set(ADDRESSES) | FILES <= set(PAGES)


class TestInBrowser:
    """What is looked at in chromium."""

    pytestmark = IN_BROWSER

    @pytest.mark.parametrize(("scheme", "width"), list(zip(SCHEMES, WIDTHS, strict=True)))
    def test_no_page_has_a_fault_that_axe_finds(
        self, chromium: Browser, everybody: tuple[Served, dict[str, str]], scheme: Any, width: int
    ) -> None:
        """Light on a phone and dark on a desk: no violation, nothing wider, and every chart has words and a table.

        A dark page is the light one in other colours, so that of it the rules on colours are enough.
        """
        served, words = everybody
        # The policy forbids scripts of others, the checker among them; the pages are checked with it switched off.
        context = chromium.new_context(
            storage_state=served.state(),
            color_scheme=scheme,
            bypass_csp=True,
            viewport={"width": width, "height": 800},
        )
        page = context.new_page()
        found: dict[str, Any] = {}
        charts = 0
        for path in every(words):
            page.goto(served.base + path)
            if each := faults(page, RULES if scheme == "light" else COLOURS):
                found[path] = each
            if page.evaluate(WIDER) > 0:
                found[path] = ("wider", *found.get(path, ()))
            drawn = page.evaluate(CHARTS)
            charts += len(drawn)
            if any(chart != [True, True, "img", True] for chart in drawn):
                found[path] = (drawn, *found.get(path, ()))
        assert not found
        assert charts > 4, "the answer, the sums and the caffeine are drawn"
        context.close()

    def test_every_page_is_light_and_quiet(self, chromium: Browser, everybody: tuple[Served, dict[str, str]]) -> None:
        """With styles and scripts, under the strict policy: under 150 kB, nothing said, nothing asked of others."""
        served, words = everybody
        said: list[str] = []
        asked: list[str] = []
        context = chromium.new_context(storage_state=served.state())
        page = context.new_page()
        listen(page, said, asked)
        assets: dict[str, int] = {}
        weights: dict[str, int] = {}
        for path in every(words):
            response = page.goto(served.base + path)
            assert response is not None
            if "rheobase diet read" in response.text():
                said.append(f"{path}: says what to type at a terminal")
            needs = set(re.findall(r'"(/static/[^"]+)"', response.text()))
            for name in needs - set(assets):
                assets[name] = len(context.request.get(served.base + name).body())
            weights[path] = len(response.body()) + sum(assets[name] for name in needs)
        assert len(assets) > 4
        assert not {path: weight for path, weight in weights.items() if weight > MOST_BYTES}
        assert not [each for each in said if not any(status in each for status in REFUSED)]
        assert not [each for each in asked if not each.startswith(served.base + "/")]
        context.close()


def listen(page: Page, said: list[str], asked: list[str]) -> None:
    """Note what a page says and asks for."""
    page.on("request", lambda request: asked.append(request.url))
    page.on("console", lambda message: said.append(f"{page.url}: {message.text}"))
    page.on("pageerror", lambda error: said.append(f"{page.url}: {error}"))
