"""A supplement in doubt leaves unknown what it may hold, compound by compound, and never takes it as none."""

from __future__ import annotations

import pytest
from hypothesis import given
from hypothesis import strategies as st

from rheobase.diet.reading import read_diet_lines
from rheobase.diet.sums import sum_days
from rheobase.diet.supplements import read_taken
from rheobase.foods import NUTRIENTS, load_foods
from rheobase.knowledge.supplements import load_supplements
from rheobase.person import Diet, DietDay, Taken

FACTS = load_supplements()
TABLE = load_foods()
ALL = frozenset(NUTRIENTS)
NAMED = sorted((each.words[0], each.column) for each in FACTS.nutrients.values())


@pytest.mark.parametrize(
    ("text", "columns"),
    [
        ("calcium tablet", {"calcium_mg", "vitamin_d_ug", "phosphorus_mg"}),
        ("calcium carbonate 500 mg", {"calcium_mg", "vitamin_d_ug", "phosphorus_mg"}),
        ("magnesium citrate 400 mg", {"magnesium_mg"}),
        ("magnesium", {"magnesium_mg"}),
        ("1 tsp baking soda", {"sodium_mg"}),
        ("10 ml milk of magnesia", {"magnesium_mg"}),
        ("antacid", {"calcium_mg", "magnesium_mg", "potassium_mg", "sodium_mg"}),
        ("iron tablet", {"iron_mg", "vitamin_b12_ug"}),
        ("vitamin D 100% DV", {"vitamin_d_ug"}),
        ("magnesium -100 mg", {"magnesium_mg"}),
        ("magnesium 1e9 mg", {"magnesium_mg"}),
        ("magnesium 200 mg 2 tablets", {"magnesium_mg"}),
        ("99999 x magnesium 100 mg", {"magnesium_mg"}),
        ("vitamin D 9999999 IU", {"vitamin_d_ug"}),
    ],
)
def test_an_unsettled_compound_leaves_only_itself_open(text: str, columns: set[str]) -> None:
    """A calcium tablet leaves calcium open, what its salts bring along and what such products commonly hold."""
    found = read_taken(Taken(text=text), FACTS)
    assert found.doubts
    assert found.may_hold == columns


@pytest.mark.parametrize(
    "text",
    [
        "multivitamin",
        "prenatal",
        "vitamin tablet",
        "calcium and vitamins",
        "Kalzium 500 mg",
        "xqzv",
        "",
        "calcium 5htp",
        "multivitamin with calcium 200 mg",
        "Brandname D3",
        "calcium Brandname 500 mg",
        "\u9499 500 mg",
        "x" * 300,
    ],
)
def test_a_strange_word_leaves_everything_open(text: str) -> None:
    """A word that is not understood may be any ingredient, whatever stands beside it."""
    found = read_taken(Taken(text=text), FACTS)
    assert found.doubts
    assert found.may_hold == ALL


def test_a_settled_supplement_leaves_nothing_open() -> None:
    """What a clear label gives counts, and the rest of the nutrients are not held up by it."""
    found = read_taken(Taken(text="vitamin D3 1000 IU"), FACTS)
    assert not found.doubts
    assert found.may_hold == frozenset()


def test_a_compound_without_an_amount_leaves_its_elements_open() -> None:
    """A compound from a list, its amount not said, leaves open what it is made of."""
    found = read_taken(Taken(form="calcium_phosphate"), FACTS)
    assert {"calcium_mg", "phosphorus_mg"} <= found.may_hold
    assert read_taken(Taken(form="potassium_citrate"), FACTS).may_hold == {"potassium_mg"}
    assert read_taken(Taken(form="unobtainium"), FACTS).may_hold == ALL
    assert read_taken(Taken(form="potassium_citrate", text="multivitamin"), FACTS).may_hold == ALL


@pytest.mark.parametrize(
    ("text", "amount"),
    [("1/2 tablet magnesium 400 mg", 200), ("\u00bd tablet magnesium 400 mg", 200), ("magnesium 1 000 mg", 1000)],
)
def test_parts_of_tablets_are_counted(text: str, amount: float) -> None:
    """Half a tablet gives half; a space parts thousands."""
    assert read_taken(Taken(text=text), FACTS).gives["magnesium_mg"].best == pytest.approx(amount)


def test_every_kind_names_columns_of_the_food_table() -> None:
    """The facts on kinds of product speak of nutrients that are summed, each with a source and a grade."""
    for kind in FACTS.kinds.values():
        assert set(kind.may_hold) <= ALL
        assert (kind.source, kind.grade) == ("expert", "C")


@given(
    st.lists(st.sampled_from(NAMED), max_size=3),
    st.lists(
        st.sampled_from(["tablet", "daily", "500 mg", "-5 mg", "1e9 g", "oxide", "kelp", "multi", "+"]), max_size=3
    ),
    st.randoms(use_true_random=False),
)
def test_what_is_named_is_never_taken_as_none(
    named: list[tuple[str, str]], more: list[str], shuffle: st.DataObject
) -> None:
    """Whatever a line says of a nutrient it gives it or leaves it open; a strange word in doubt leaves all open."""
    words = [name for name, _ in named] + more
    shuffle.shuffle(words)  # type: ignore[attr-defined]
    found = read_taken(Taken(text=" ".join(words)), FACTS)
    assert bool(found.doubts) == bool(found.may_hold)
    assert {column for _, column in named} <= found.may_hold | set(found.gives)
    assert not (found.may_hold & set(found.gives))
    if {"kelp", "multi"} & set(more):
        assert found.may_hold == ALL


@given(st.text(max_size=60), st.sampled_from(NAMED))
def test_one_more_name_never_closes_anything(text: str, named: tuple[str, str]) -> None:
    """Naming a nutrient in a line that is in doubt leaves it open."""
    found = read_taken(Taken(text=f"{text} {named[0]}"), FACTS)
    assert named[1] in found.may_hold or named[1] in found.gives


@given(st.lists(st.sampled_from(["calcium tablet", "multivitamin", "magnesium 100 mg", "vitamin D3 1000 IU", "zinc"])))
def test_sums_count_doubts_by_nutrient(lines: list[str]) -> None:
    """For each nutrient, the sum knows how many supplements may hold it; known amounts are summed all the same."""
    day = DietDay(supplements=tuple(Taken(text=line) for line in lines))
    (sums,) = sum_days(read_diet_lines(Diet((day,)), TABLE, FACTS))
    read = [read_taken(Taken(text=line), FACTS) for line in lines]
    for name, found in sums.sums.items():
        assert found.supplements_unknown == sum(name in each.may_hold for each in read)
    assert sums.sums["magnesium_mg"].supplements_unknown == lines.count("multivitamin")
    magnesium = sums.sums["magnesium_mg"].supplements
    assert (magnesium.best if magnesium else 0) == 100 * lines.count("magnesium 100 mg")
