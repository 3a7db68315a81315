"""The seed's statements are all there, and their facts are alive."""

from __future__ import annotations

from pathlib import Path

from rheobase.knowledge import load_knowledge
from rheobase.knowledge.check import check_knowledge
from rheobase.report.seed_page import seed_page

KNOWLEDGE = load_knowledge()
PAGE = Path(__file__).parents[2] / "docs" / "seed.md"
PARAGRAPHS = {
    "Introduction": 5,
    "Role of essential nutrients": 2,
    "Magnesium": 5,
    "Calcium": 5,
    "Vitamin D": 4,
    "Electrolyte balance": 2,
    "Comparison table": 4,
    "Other factors": 5,
    "When to see a doctor": 8,
    "Conclusion": 5,
}


def test_every_paragraph_of_the_seed_is_mapped() -> None:
    """Each paragraph has at least as many statements as the seed makes there."""
    counted = dict.fromkeys(PARAGRAPHS, 0)
    for statement in KNOWLEDGE.statements.values():
        counted[statement.paragraph] += 1
    assert counted == PARAGRAPHS


def test_every_statement_is_carried_by_living_facts() -> None:
    """No statement names a fact that the knowledge does not have."""
    assert all(statement.carried_by for statement in KNOWLEDGE.statements.values())
    assert not [problem for problem in check_knowledge(KNOWLEDGE) if problem.startswith("seed")]


def test_disagreement_names_its_evidence() -> None:
    """A statement that is not simply supported says what is better known, and from where."""
    for statement in KNOWLEDGE.statements.values():
        if statement.agreement != "supported":
            assert statement.better_evidence, statement.id
            assert statement.sources, statement.id


def test_the_page_is_fresh() -> None:
    """docs/seed.md is what the knowledge says today; `make docs` rewrites it."""
    assert PAGE.read_text(encoding="utf-8") == seed_page(KNOWLEDGE)
