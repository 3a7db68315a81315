"""The page of a diet in Debian's chromium: accessible, quiet on the network, fit for a phone and a desk."""

from __future__ import annotations

import functools
import json
from pathlib import Path

import pytest
from playwright.sync_api import sync_playwright

from rheobase.diet.reading import read_diet_lines
from rheobase.foods import load_foods
from rheobase.importers.diet_file import read_diet
from rheobase.intake.eater import eater_from
from rheobase.intake.life_stage import Who
from rheobase.intake.sun import Sun
from rheobase.knowledge.supplements import load_supplements
from rheobase.report.diet_told import Asked, diet_told, diet_told_page
from rheobase.report.html import render_html
from tests.documents.samples import ATTACKS, ON, knowledge
from tests.documents.test_in_browser import CHROMIUM, RULES, SCHEMES, WIDER, WIDTHS, axe, opened

pytestmark = [
    pytest.mark.browser,
    pytest.mark.skipif(CHROMIUM is None, reason="no chromium on this machine: apt-get install chromium"),
]
DIET = """\
rheobase_diet: 1
days:
- date: 2026-11-20
  complete: yes
  meals: [100 g spinach, 200 g chicken breast, 150 g plain yogurt, 6 pierogi]
  drinks: [{text: 2 cups brewed coffee, time: "08:00"}, {text: 1 cup black tea, time: "17:00"}, 1 l water]
  supplements: [magnesium oxide 500 mg elemental, vitamin D3 1000 IU]
- date: 2026-11-21
  complete: yes
  meals: [1 banana, 2 eggs, 80 g oats, 150 g salmon]
  drinks: [{text: 3 cups brewed coffee, time: "15:30"}, 1 can energy drink, 1 l water]
  supplements: []
"""


@functools.cache
def page_of(text: str, name: str = "diet.yaml") -> str:
    """Return the page of a diet of a woman of whom little else is known."""
    facts = knowledge().intake
    reading = read_diet_lines(read_diet(text.encode(), name=name, on=ON), load_foods(), load_supplements())
    eater = eater_from(Who(41, "female"), {"med_ppi": True, "lab.vitamin_d_25oh": 42.0}, facts)
    told = diet_told(reading, eater, knowledge(), Asked(15.0, 23.0, Sun(52, 6, 0.0, 2, 0.25), 20.0))
    return render_html(diet_told_page(told, knowledge(), name=name, full=True))


@pytest.mark.parametrize("scheme", SCHEMES)
def test_the_page_of_a_diet_has_no_fault_that_axe_finds(tmp_path: Path, scheme: str) -> None:
    """Names, order, contrast and landmarks, details open, on a phone and a desk; nothing is fetched."""
    path = tmp_path / "page.html"
    path.write_text(page_of(DIET), encoding="utf-8")
    with sync_playwright() as playwright:
        browser = playwright.chromium.launch(executable_path=CHROMIUM, args=["--no-sandbox"])
        page, asked, said = opened(browser, path, color_scheme=scheme, viewport={"width": 360, "height": 800})
        page.evaluate("() => document.querySelectorAll('details').forEach(each => { each.open = true })")
        page.evaluate(axe())
        for width in WIDTHS:
            page.set_viewport_size({"width": width, "height": 800})
            assert page.evaluate(WIDER) <= 0, f"wider than {width}"
            found = page.evaluate("rules => axe.run(document, {runOnly: rules})", RULES)
            assert not [(each["id"], [node["html"][:120] for node in each["nodes"]]) for each in found["violations"]]
        assert asked == [path.as_uri()]
        assert not said
        for name in ("Usual intake and what is needed", "Caffeine in the body"):
            assert page.get_by_role("img", name=name).count() == 1
        browser.close()


def test_attacks_in_a_diet_do_nothing_in_a_browser(tmp_path: Path) -> None:
    """No script runs, nothing is fetched, nothing is wider than a phone, whatever a line of the diet says."""
    lines = [each[:400] for each in ATTACKS]
    drinks = [{"text": f"{each[:200]}", "time": "08:00", "holds": {"caffeine_mg": 90}} for each in lines]
    day = {"date": "2026-11-20", "complete": True, "meals": lines, "drinks": drinks, "supplements": lines}
    path = tmp_path / "page.html"
    path.write_text(page_of(json.dumps({"rheobase_diet": 1, "days": [day]}), name=ATTACKS[0]), encoding="utf-8")
    with sync_playwright() as playwright:
        browser = playwright.chromium.launch(executable_path=CHROMIUM, args=["--no-sandbox"])
        page, asked, said = opened(browser, path, viewport={"width": 360, "height": 800})
        page.evaluate("() => document.querySelectorAll('details').forEach(each => { each.open = true })")
        assert page.evaluate(WIDER) <= 0
        assert asked == [path.as_uri()]
        assert not said
        browser.close()
