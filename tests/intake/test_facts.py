"""The facts on intake are whole, and the check finds what is wrong with them."""

from __future__ import annotations

from typing import Any

import pytest

from rheobase.errors import KnowledgeError
from rheobase.knowledge import build_knowledge, load_knowledge
from rheobase.knowledge.check import check_knowledge
from rheobase.knowledge.read import read_tables

TABLES, FINGERPRINT = read_tables()
INTAKE = load_knowledge().intake


def changed(table: str, **fields: Any) -> dict[str, Any]:
    """Return the tables with the first row of one changed."""
    first, *rest = TABLES[table]
    return {**TABLES, table: [{**first, **fields}, *rest]}


@pytest.mark.parametrize(
    ("tables", "complaint"),
    [
        (changed("intake_fact", grade="Z"), "grade 'Z'"),
        (changed("intake_fact", low=5.0, high=6.0), "outside its range"),
        (changed("intake_fact", source="nowhere"), "nowhere: cited but not listed"),
        (changed("intake_fact", value=float("nan")), "not a finite number"),
        (changed("intake_reference", ai="0"), "above zero"),
        (changed("intake_reference", ul_scope="", ul="5"), "belong together"),
        (changed("intake_reference", ear="20"), "exclude each other"),
        (changed("intake_reference", age_min="0.2"), "missing or twice"),
        (changed("intake_norms", within_sd="0"), "above zero"),
    ],
)
def test_the_check_finds_what_is_wrong(tables: dict[str, Any], complaint: str) -> None:
    """A fault planted in a table of intake is reported in words."""
    assert any(complaint in problem for problem in check_knowledge(build_knowledge(tables, FINGERPRINT)))


@pytest.mark.parametrize("change", [{"age_min": "young"}, {"ear": "much"}])
def test_a_malformed_row_is_refused_when_loading(change: dict[str, str]) -> None:
    """A word where a number belongs is refused with the nutrient's name."""
    with pytest.raises(KnowledgeError, match="intake table, magnesium"):
        build_knowledge(changed("intake_reference", **change), FINGERPRINT)


def test_every_nutrient_has_all_twenty_two_life_stages() -> None:
    """Eight nutrients, 22 stages each."""
    counts: dict[str, int] = {}
    for row in INTAKE.references:
        counts[row.nutrient] = counts.get(row.nutrient, 0) + 1
    assert len(counts) == 8
    assert set(counts.values()) == {22}


def test_only_magnesium_has_an_upper_level_for_supplements_alone() -> None:
    """The scope is kept with the number."""
    assert {row.nutrient for row in INTAKE.references if row.ul_scope == "supplements"} == {"magnesium"}


def test_sodium_and_potassium_are_those_of_2019() -> None:
    """Not the 2005 values that many tables still hold: no upper level of sodium, potassium 2,600 and 3,400 mg."""
    adults = [row for row in INTAKE.references if row.age_min == 31 and not row.state]
    assert {row.ul for row in adults if row.nutrient == "sodium"} == {None}
    assert {row.cdrr for row in adults if row.nutrient == "sodium"} == {2300.0}
    assert {row.ai for row in adults if row.nutrient == "potassium"} == {2600.0, 3400.0}


def test_an_unknown_fact_is_an_error_that_says_where_to_add_it() -> None:
    """No silent default for a number."""
    with pytest.raises(KnowledgeError, match="knowledge/data/intake"):
        INTAKE.value("caffeine.wishes")
