"""The table of tests is checked: whatever is wrong with it is named."""

from __future__ import annotations

from copy import deepcopy
from typing import Any

import pytest

from rheobase.errors import KnowledgeError
from rheobase.knowledge import build_knowledge, load_knowledge
from rheobase.knowledge.check import check_knowledge
from rheobase.knowledge.read import read_tables

TABLES, _ = read_tables()


def problems(**changes: Any) -> str:
    """Return what the check says when the first test is changed so."""
    tables = deepcopy(TABLES)
    row = next(each for each in tables["test"] if each["id"] == "magnesium")
    row.update(changes)
    return "\n".join(check_knowledge(build_knowledge(tables, "0" * 64)))


def test_every_finding_of_a_clinician_or_laboratory_is_given_by_some_test() -> None:
    """No test means no way to settle it: each lab, exam and test finding is given by at least one."""
    assert "no test gives it" in problems(gives=["lab.sodium"], called={})
    assert not check_knowledge(load_knowledge())


@pytest.mark.parametrize(
    ("changes", "says"),
    [
        ({"kind": "magic"}, "kind 'magic'"),
        ({"burden": 5}, "0 to 4"),
        ({"sources": ["nowhere"]}, "source nowhere: cited but not listed"),
        ({"gives": ["lab.magnesium", "nonsense"]}, "gives unknown 'nonsense'"),
        ({"orders": ["nonsense"]}, "orders unknown analyte"),
        ({"contains": ["nonsense"]}, "contains unknown test"),
        ({"words": {"cramps": ["a", "b"]}}, "does not give"),
        ({"offer_when": "nonsense and cramps"}, "unknown finding 'nonsense'"),
        ({"limits": [{"text": "t", "source": "expert", "result": "blue"}]}, "unknown result 'blue'"),
        ({"limits": [{"text": "t", "source": "expert", "causes": ["ghosts"]}]}, "unknown cause 'ghosts'"),
        ({"results": [{"part": "p", "id": "one", "words": "w", "sets": {"lab_mg_low": True}}]}, "does not give"),
    ],
)
def test_a_wrong_test_is_named(changes: dict[str, Any], says: str) -> None:
    """Each kind of mistake in the table is found and said."""
    assert says in problems(**changes)


def test_a_misspelt_key_is_refused() -> None:
    """A key that no test has is refused with what may have been meant."""
    with pytest.raises(KnowledgeError, match="burden"):
        problems(burdn=1)
