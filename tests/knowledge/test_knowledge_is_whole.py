"""The packaged knowledge passes its own check, and the check can fail."""

from __future__ import annotations

from typing import Any

import pytest

from rheobase.errors import KnowledgeError
from rheobase.knowledge import build_knowledge, load_knowledge
from rheobase.knowledge.check import check_knowledge
from rheobase.knowledge.read import read_tables

TABLES, FINGERPRINT = read_tables()


def changed(table: str, **fields: Any) -> dict[str, Any]:
    """Return the tables with the first row of one changed."""
    first, *rest = TABLES[table]
    return {**TABLES, table: [{**first, **fields}, *rest]}


def test_the_packaged_knowledge_has_no_problem() -> None:
    """Every source cited and listed, every id known, every rule reachable."""
    assert check_knowledge(load_knowledge()) == ()


@pytest.mark.parametrize(
    ("tables", "complaint"),
    [
        (changed("rule", when="no_such_finding"), "unknown finding 'no_such_finding'"),
        (changed("rule", when="lab.unobtainium < 1"), "unknown laboratory value"),
        (changed("rule", when="sex"), "does not suit"),
        (changed("rule", sources=["no_such_source"]), "no_such_source: cited but not listed"),
        (changed("rule", urgency="whenever"), "unknown level"),
        (changed("rule", unless="exam_normal", unless_by=None), "needs 'unless_by'"),
        (changed("evidence", finding="no_such_finding"), "no such finding"),
        (changed("evidence", sensitivity="1.5"), "between 0 and 1"),
        (changed("cause", acts_through=["no_such_cause"]), "acts through unknown"),
        (changed("advice", for_causes=["no_such_cause"]), "unknown cause"),
        (changed("medicine", implies=["no_such_finding"]), "implies unknown"),
        (changed("finding", implies=["no_such_finding"]), "implies unknown"),
    ],
)
def test_the_check_finds_what_is_wrong(tables: dict[str, Any], complaint: str) -> None:
    """A fault planted in a table is reported in words."""
    assert any(complaint in problem for problem in check_knowledge(build_knowledge(tables, FINGERPRINT)))


@pytest.mark.parametrize(
    ("tables", "complaint"),
    [
        (changed("rule", colour="red"), "unknown key 'colour'"),
        (changed("rule", when="a and"), "ends too early"),
        ({**TABLES, "source": [*TABLES["source"], TABLES["source"][0]]}, "stands twice"),
        ({**TABLES, "cause": [{"id": "x"}]}, "missing"),
    ],
)
def test_a_malformed_table_is_refused_when_loading(tables: dict[str, Any], complaint: str) -> None:
    """What cannot be a fact at all is refused with its table and id."""
    with pytest.raises(KnowledgeError) as caught:
        build_knowledge(tables, FINGERPRINT)
    assert complaint in str(caught.value)
