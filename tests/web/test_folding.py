"""What is folded on the screen: nothing is lost, what keeps somebody safe stays open, links lead into it."""

from __future__ import annotations

import re

import pytest

from rheobase.examples import example_bytes, example_names
from rheobase.importers.case_file import read_case
from rheobase.knowledge import load_knowledge
from rheobase.report.document import Kind
from rheobase.report.html import render_inside
from rheobase.web.judging import Verdict, verdict_of
from tests.web.every_page import ON


def words(markup: str) -> list[str]:
    """Return the words of a page in any order, without those of the controls that unfold."""
    return sorted(re.sub(r"<summary>More.*?</summary>|<[^>]*>", " ", markup).split())


def judged(example: str) -> Verdict:
    """Return the judgement of an example."""
    knowledge = load_knowledge()
    return verdict_of(read_case(example_bytes(example), knowledge, name=example), knowledge, on=ON)


@pytest.mark.parametrize("example", example_names())
def test_folding_loses_no_word_and_hides_no_warning(example: str) -> None:
    """Folded and unfolded hold the same; urgency, what would make it urgent and when to come back are never folded."""
    document = judged(example).document
    folded, whole = render_inside(document, folded=True), render_inside(document)
    assert words(folded) == words(whole)
    shut = "".join(re.findall(r'<details class="folds">.*?</section>', folded, re.DOTALL))
    assert "Sources</h2>" in shut
    for title in ("How urgent", "What is missing", "What to do", "Come back if", "Do not wait if"):
        assert f"{title}</h2>" not in shut
    assert all(not each.aside for each in document.sections if each.kind is Kind.URGENCY)
    for name in re.findall(r'href="#([^"]+)"', folded):
        assert f'id="{name}"' in folded


def test_a_judgement_is_worked_out_once_and_gives_the_same_bytes() -> None:
    """The same person on the same day gives the same line of JSON, whoever asks."""
    assert judged("worried-28").body == judged("worried-28").body
