"""What to change, in a page: asked first who it is, urgent things before food, and "not this one" is heard."""

from __future__ import annotations

import re
from dataclasses import replace
from html import unescape

import pytest

from rheobase.importers.case_file import read_case
from rheobase.knowledge import load_knowledge
from rheobase.web.desk import Desk
from rheobase.web.settings import Settings
from tests.web.visitor import Visitor

WOMAN = b"rheobase_case: 1\nabout: {age: 41, sex: female}\nabsent: [pregnant]\n"
POOR = ("2 slices white bread", "200 g white rice", "1 l tap water", "150 g chicken breast", "50 g butter", "2 eggs")


@pytest.fixture
def eating(visitor: Visitor, settings: Settings) -> Visitor:
    """Return a visitor whose person has two poor days."""
    visitor.post("/begin")
    for day in ("2026-11-23", "2026-11-24"):
        visitor.post("/1/food/add", {"day": day, "kind": "meals", "many": "\n".join(POOR), "do": "many"})
        visitor.post("/1/food/complete", {"day": day, "complete": "yes"})
    return visitor


def told(settings: Settings, case: bytes) -> None:
    """Write who it is beside the diary."""
    desk = Desk(settings)
    papers = desk.papers(1)
    person = read_case(case, load_knowledge(), name="x")
    desk.change_start(papers, replace(person, diet=papers.talk.start.diet), why="told")
    desk.close()


def test_who_it_is_is_asked_first(eating: Visitor) -> None:
    """Without age and sex there is no plan, but a link to the questions."""
    eating.get("/1/food/plan")
    assert eating.status == 400
    assert "depends on who it is" in eating.text()
    assert 'href="/1/questions"' in eating.page


def test_a_food_that_is_refused_is_not_proposed_again(eating: Visitor, settings: Settings) -> None:
    """Each food of the smallest change has "not this one"; after it the plan is another, and it can be taken back."""
    pytest.importorskip("scipy")
    told(settings, WOMAN)
    eating.get("/1/food/plan")
    assert eating.status == 200, eating.text()
    assert not re.search(r" --[a-z]|rheobase [a-z]+ ", eating.text())
    found = re.search(r'href="([^"]+)">Not this one<span class="unseen">:</span> <span>([^<]+)<', eating.page)
    assert found is not None
    address, name = unescape(found[1]), unescape(found[2])
    eating.get(address)
    assert eating.status == 200, eating.text()
    assert f"Left out: {name}" in eating.text()
    assert f"<span>{name}<" not in unescape(eating.page)
    ids = re.findall(r' id="([^"]+)"', eating.page)
    assert len(ids) == len(set(ids))


def test_what_is_urgent_comes_before_food(eating: Visitor, settings: Settings) -> None:
    """A plan waits until the person was seen; nothing is proposed."""
    told(settings, WOMAN.replace(b"absent", b"present: [swallowing_trouble, breathless_at_rest]\nabsent"))
    eating.get("/1/food/plan")
    assert "waits until you have been seen" in eating.text()
    assert "Not this one" not in eating.text()


def test_a_child_is_refused_in_words(eating: Visitor, settings: Settings) -> None:
    """What a child should eat is for somebody who sees the child."""
    told(settings, WOMAN.replace(b"41", b"9"))
    eating.get("/1/food/plan")
    assert "for a doctor or a dietitian" in eating.text()


@pytest.mark.parametrize("query", ["without=%3B%3B", "without=<b>x</b>", "without=--", "raise-gold=1", "vegan=1&egg=1"])
def test_odd_wishes_do_no_harm(eating: Visitor, settings: Settings, query: str) -> None:
    """Wishes are text; what can't be one is said, and nothing is a traceback."""
    pytest.importorskip("scipy")
    told(settings, WOMAN)
    eating.get(f"/1/food/plan?{query}")
    assert eating.status in (200, 400)
    assert "<b>x" not in eating.page
    assert "Something went wrong" not in eating.text()
