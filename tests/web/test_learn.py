"""Learn: every page opens, links lead somewhere, the search finds what people call things."""

from __future__ import annotations

import re
from html import unescape

import pytest

from rheobase.knowledge import load_knowledge
from rheobase.report.catalogue import KINDS, catalogue, look_up, page_of, related
from rheobase.report.html import render_inside
from tests.web.visitor import Visitor


@pytest.mark.parametrize("kind", KINDS)
def test_every_entry_has_a_page_and_leads_to_pages(kind: str) -> None:
    """Each entry renders with a source, and whatever it leads to has a page too."""
    knowledge = load_knowledge()
    known = catalogue(knowledge)
    for key, entry in known.items():
        if entry.kind != kind:
            continue
        document = page_of(entry, knowledge)
        assert render_inside(document)
        assert document.sources or kind == "finding", key
        for _, entries in related(entry, knowledge):
            assert all(known[each.kind, each.id] is each for each in entries)


def test_everything_in_the_knowledge_is_in_the_catalogue() -> None:
    """No cause, nutrient, test, medicine, finding or warning sign is without a page."""
    knowledge = load_knowledge()
    counts = {kind: sum(key[0] == kind for key in catalogue(knowledge)) for kind in KINDS}
    assert counts == {
        "cause": len(knowledge.causes),
        "nutrient": len(knowledge.nutrients),
        "test": len(knowledge.analytes.keys() | knowledge.tests.keys()),
        "medicine": len(knowledge.medicines.keys() | knowledge.medicine_classes.keys()),
        "finding": len(knowledge.findings),
        "rule": len(knowledge.rules),
    }


@pytest.mark.parametrize(
    ("typed", "kind", "name"),
    [
        ("magnesium", "nutrient", "magnesium"),
        ("Eyelid", "cause", "eyelid_myokymia"),
        ("mnd", "cause", "als_mnd"),
        ("cafeine", "cause", "caffeine_excess"),
        ("low potassium", "cause", "hypokalaemia"),
        ("Losec", "medicine", "omeprazole"),
        ("EMG", "test", "emg"),
        ("almonds", "nutrient", "magnesium"),
    ],
)
def test_what_people_call_it_is_found(typed: str, kind: str, name: str) -> None:
    """Plain names, brands, short forms, foods and slips of typing lead to the page."""
    found = [(each.kind, each.id) for each in look_up(typed, load_knowledge())]
    assert (kind, name) in found[:8]


@pytest.mark.parametrize("typed", ["", "   ", "xyzzyx", "%", "' OR 1=1", "a" * 1000, "\u0000", "\u202e"])
def test_odd_words_find_nothing_and_break_nothing(visitor: Visitor, typed: str) -> None:
    """Whatever is typed, a page comes back."""
    visitor.client.get("/learn", params={"q": typed})
    assert visitor.client.get("/learn", params={"q": typed}).status_code == 200


def test_a_person_finds_their_way_by_links(visitor: Visitor) -> None:
    """The search page leads to a cause, the cause to findings, and the comparison to nutrients; no person is needed."""
    visitor.get("/learn?q=eyelid")
    assert "/learn/cause/eyelid_myokymia" in visitor.page
    visitor.get("/learn/cause/eyelid_myokymia")
    assert visitor.status == 200
    links = set(map(unescape, re.findall(r'href="(/learn/[^"]+)"', visitor.page)))
    assert links
    for each in sorted(links)[:10]:
        assert visitor.get(each).status_code == 200
    visitor.get("/learn/compare")
    assert all(word in visitor.text() for word in ("Magnesium", "Calcium", "Vitamin D", "Potassium", "Sodium"))


@pytest.mark.parametrize("path", ["/learn/cause/none", "/learn/x/magnesium", "/learn/cause/..%2f..", "/learn/cause"])
def test_what_is_not_there_is_said(visitor: Visitor, path: str) -> None:
    """An unknown page is a 404 in plain words."""
    visitor.get(path)
    assert visitor.status == 404
    assert "no such page" in visitor.text()


def test_what_is_searched_for_is_never_code(visitor: Visitor) -> None:
    """The typed words are escaped in the page and in its title."""
    response = visitor.client.get("/learn", params={"q": "<script>alert(1)</script>"})
    assert "<script>alert" not in response.text
