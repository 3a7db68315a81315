"""What was refused in the diary is said, and nothing else that was filled in is lost with it."""

from __future__ import annotations

import re

import pytest

from rheobase.web.settings import Settings
from tests.web.test_food import TODAY, add, diet_of
from tests.web.visitor import Visitor


@pytest.fixture
def diarist(visitor: Visitor) -> Visitor:
    """Return a visitor whose diary holds two foods and a supplement that are in doubt."""
    visitor.post("/begin")
    for text in ("biscuit", "6 pierogi"):
        add(visitor, text)
    add(visitor, "magnesium citrate 200 mg", "supplements")
    return visitor


def named(visitor: Visitor, start: str) -> list[str]:
    """Return the names of the fields that begin so."""
    return list(dict.fromkeys(re.findall(rf'name="({start}[^"]*)"', visitor.page)))


def test_one_refused_box_leaves_the_others_filled_in(diarist: Visitor, settings: Settings) -> None:
    """Grams that are none are refused; the food, the words and the meaning that were chosen stay chosen."""
    before = diet_of(settings)
    pick, anew, means = named(diarist, "pick-")[0], named(diarist, "anew-")[0], named(diarist, "means-")[0]
    grams = named(diarist, "grams-")[0]
    found = re.search(rf'name="{pick}" value="([^"]+)"', diarist.page)
    assert found is not None
    said = {pick: found[1], anew: "6 ravioli <b>", means: "salt", grams: "many"}
    diarist.post("/1/food/choose", {"day": TODAY, **said})
    assert diarist.status == 400
    assert diet_of(settings) == before
    assert f'name="{pick}" value="{found[1]}" checked' in diarist.page
    assert f'name="{means}" value="salt" checked' in diarist.page
    assert f'name="{anew}" value="6 ravioli &lt;b&gt;"' in diarist.page
    assert f'name="{grams}" value="many"' in diarist.page
    assert diarist.page.count(" checked") == 3, "the kind of the next line, and the two that were chosen"


def test_a_refused_time_keeps_the_food_that_was_chosen(diarist: Visitor) -> None:
    """The food and the grams that were taken from the list are still meant when the time is put right."""
    fields = {"day": TODAY, "kind": "drinks", "text": "a cup", "time": "99:99", "food": "14209", "grams": "237"}
    diarist.post("/1/food/add", {**fields, "do": "add"})
    assert diarist.status == 400
    for name in ("text", "time", "food", "grams"):
        assert re.search(rf'name="{name}"[^>]* value="{fields[name]}"', diarist.page), name
    assert 'value="drinks" checked' in diarist.page


def test_a_refused_amount_keeps_the_food_that_was_looked_up(diarist: Visitor) -> None:
    """On the page that looks a food up, the amount, the food and the time stand as they were."""
    fields = {"day": TODAY, "q": "coffee", "food": "14209", "amount": "1e99 cups", "time": "08:15", "kind": "drinks"}
    diarist.post("/1/food/take", fields)
    assert 'id="problem"' in diarist.page
    assert 'name="food" value="14209" checked' in diarist.page
    assert 'value="1e99 cups"' in diarist.page
    assert 'value="08:15"' in diarist.page
    assert 'value="drinks" checked' in diarist.page
