"""Supplements: by compound or by element, asked where a label leaves it open."""

from __future__ import annotations

import pytest
from hypothesis import given
from hypothesis import strategies as st

from rheobase.diet.supplements import read_taken, salt_gives
from rheobase.errors import KnowledgeError
from rheobase.knowledge.supplements import atoms_in, load_supplements
from rheobase.person import Taken

FACTS = load_supplements()


@pytest.mark.parametrize(
    ("form", "percent"),
    [
        ("magnesium_oxide", 60.3),
        ("magnesium_hydroxide", 41.7),
        ("magnesium_citrate", 16.2),
        ("magnesium_glycinate", 14.1),
        ("magnesium_chloride", 12.0),
        ("magnesium_sulfate", 9.9),
        ("calcium_carbonate", 40.0),
        ("calcium_citrate", 21.1),
        ("potassium_chloride", 52.4),
        ("sodium_bicarbonate", 27.4),
        ("ferrous_fumarate", 32.9),
        ("zinc_picolinate", 21.1),
    ],
)
def test_shares_are_those_of_the_textbooks(form: str, percent: float) -> None:
    """The share of the element that formulas and atomic weights give is the one in common use."""
    found = FACTS.forms[form]
    assert 100 * FACTS.mass_share(found.formulas[0], found.element) == pytest.approx(percent, abs=0.06)


@pytest.mark.parametrize("formula", ["", "mg", "Mg(", "Mg)", "Xx2", "2.", "Mg-O", "Mg(OH"])
def test_no_formula_is_refused(formula: str) -> None:
    """What is no formula, or names an unknown element, is an error of the knowledge."""
    with pytest.raises(KnowledgeError):
        FACTS.mass_share(formula, "Mg")


def test_a_formula_counts_its_hydrate() -> None:
    """Brackets multiply, and so does the number before the water."""
    assert atoms_in("(MgCO3)4.Mg(OH)2.5H2O") == {"Mg": 5, "C": 4, "O": 19, "H": 12}


@pytest.mark.parametrize(
    ("text", "column", "amount"),
    [
        ("vitamin D3 1000 IU", "vitamin_d_ug", 25),
        ("vitamin D2 10 \u00b5g", "vitamin_d_ug", 10),
        ("cholecalciferol 1,000 units", "vitamin_d_ug", 25),
        ("B12 1,000 mcg", "vitamin_b12_ug", 1000),
        ("magnesium 300 mg", "magnesium_mg", 300),
        ("2 x magnesium 100 mg (as citrate)", "magnesium_mg", 200),
        ("magnesium (as magnesium oxide) 400 mg", "magnesium_mg", 400),
        ("elemental magnesium 100 mg twice daily", "magnesium_mg", 200),
        ("magnesium citrate 1000 mg of the salt", "magnesium_mg", 161.6),
        ("calcium carbonate 1250 mg of the compound", "calcium_mg", 500.5),
        ("two tablets calcium carbonate 500 mg (elemental)", "calcium_mg", 1000),
        ("potassium chloride 20 mEq", "potassium_mg", 781.96),
        ("magnesium 10 mEq", "magnesium_mg", 121.5),
        ("sodium bicarbonate 1 g", "sodium_mg", 273.7),
        ("calcium 600 mg + vitamin D 400 IU", "vitamin_d_ug", 10),
        ("caffeine 200 mg", "caffeine_mg", 200),
    ],
)
def test_a_clear_label_counts(text: str, column: str, amount: float) -> None:
    """What a label says beyond doubt is converted to the nutrient itself."""
    found = read_taken(Taken(text=text), FACTS)
    assert not found.doubts
    assert found.gives[column].best == pytest.approx(amount, rel=1e-3)


@pytest.mark.parametrize(
    "text",
    [
        "magnesium citrate 400 mg",
        "magnesium oxide 400 mg from the pharmacy",
        "calcium carbonate 500 mg",
        "multivitamin",
        "potassium iodide 65 mg",
        "magnesium stearate 5 mg",
        "vitamin D 1000",
        "vitamin D 100% DV",
        "magnesium 400 IU",
        "vitamin D 5 mEq",
        "magnesium 999999 g",
        "magnesium",
        "1 tsp baking soda",
        "10 ml milk of magnesia",
        "calcium magnesium 500 mg",
        "x" * 300,
        "",
    ],
)
def test_an_open_label_is_asked_and_counts_for_nothing(text: str) -> None:
    """Compound or element, a missing unit, a wrong unit, an unknown word: asked, never guessed."""
    found = read_taken(Taken(text=text), FACTS)
    assert found.doubts
    assert not found.gives


def test_the_question_says_what_both_readings_would_mean() -> None:
    """Four hundred milligrams of magnesium citrate hold 45 to 65 mg of magnesium, by its form."""
    (doubt,) = read_taken(Taken(text="magnesium citrate 400 mg"), FACTS).doubts
    assert "64.7 (by its form 45.3 to 64.7) mg" in doubt


@given(st.sampled_from(sorted(FACTS.forms)), st.floats(0.001, 50))
def test_a_salt_never_holds_more_than_it_weighs(form: str, grams: float) -> None:
    """Elements sum to less than the compound, and what an element brings along is what the compound holds."""
    gives = salt_gives(FACTS.forms[form], grams, FACTS)
    assert 0 < sum(each.high for each in gives.values()) < 1000 * grams * 1.0001
    main = FACTS.by_element(FACTS.forms[form].element)
    assert main is not None
    back = read_taken(Taken(form=form, amount=gives[main.column].best, unit="mg", means="elemental"), FACTS)
    if not back.doubts:
        assert {key: span.best for key, span in back.gives.items()} == pytest.approx(
            {key: span.best for key, span in gives.items()}
        )


@given(st.text(max_size=80))
def test_any_text_is_read_or_asked(text: str) -> None:
    """No text breaks the reader; what gives nothing asks something."""
    found = read_taken(Taken(text=text), FACTS)
    assert bool(found.gives) != bool(found.doubts)
