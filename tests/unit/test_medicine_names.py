"""Recognising medicines."""

from __future__ import annotations

import time

import pytest

from rheobase.knowledge import load_knowledge
from rheobase.knowledge.medicine_names import MedicineIndex

KNOWLEDGE = load_knowledge()
INDEX = MedicineIndex(KNOWLEDGE.medicines, KNOWLEDGE.medicine_classes)


@pytest.mark.parametrize(
    ("written", "expected"),
    [
        ("omeprazole", "omeprazole"),
        ("Omeprazole 20 mg once daily", "omeprazole"),
        ("OMEPRAZOLE 20MG GASTRO-RESISTANT CAPSULES, one in the morning before food", "omeprazole"),
        ("Losec 20mg", "omeprazole"),
        ("Prilosec OTC", "omeprazole"),
        ("esomeprazole magnesium", "esomeprazole"),
        ("Lasix 40 mg in the morning", "furosemide"),
        ("frusemide", "furosemide"),
        ("furosemide (Lasix) 40mg for swelling", "furosemide"),
        ("HCTZ 12.5", "hydrochlorothiazide"),
        ("Moduret-25", "co_amilozide"),
        ("co-amilofruse 5/40", "co_amilofruse"),
        ("albuterol inhaler", "salbutamol"),
        ("levosalbutamol", "salbutamol"),
        ("Symbicort 200/6 two puffs twice a day", "budesonide_formoterol"),
        ("Seretide", "fluticasone_salmeterol"),
        ("aminophylline", "aminophylline"),
        ("vit D 1000 IU", "colecalciferol"),
        ("vitamin D3", "colecalciferol"),
        ("Adcal-D3", "calcium_vitamin_d"),
        ("vitamin B 12 injection every 3 months", "vitamin_b12"),
        ("losartan", "losartan"),
        ("losartan potassium 50 mg", "losartan"),
        ("losartan hydrochlorothiazide 50/12.5", "losartan_hydrochlorothiazide"),
        ("Hyzaar (losartan/HCTZ)", "losartan_hydrochlorothiazide"),
        ("calcium + vitamin D", "calcium_vitamin_d"),
        ("Zoloft", "sertraline"),
        ("sertraline 50mg once daily in the morning with food", "sertraline"),
        ("amitriptyline 10 mg for sleep", "amitriptyline"),
        ("St John's wort", "st_johns_wort"),
        ("St John\u2019s wort", "st_johns_wort"),
        ("5-HTP", "tryptophan"),
        ("water tablet", "water_tablet"),
        ("water pills", "water_tablet"),
        ("PPI", "ppi_class"),
        ("proton_pump_inhibitor", "ppi_class"),
        ("PPI (omeprazole)", "omeprazole"),
        ("steroid tablets", "steroid_tablets"),
        ("steroid tablets: prednisolone", "prednisolone"),
        ("prednisone 60mg", "prednisolone"),
        ("hydrocortisone 1% cream", "topical_corticosteroid"),
        ("blood pressure tablet amlodipine", "amlodipine"),
        ("bisoprolol 2.5 mg", "bisoprolol"),
        ("Apo-metformin 500 mg bd", "metformin"),
        ("Lantus insulin 20 units at night", "insulin"),
        ("low-dose aspirin", "aspirin"),
        ("atorvastatin calcium 20 mg", "atorvastatin"),
        ("Prolia injection", "denosumab"),
        ("Priadel", "lithium"),
        ("magnesium citrate 400 mg", "magnesium_products"),
        ("sodium valproate", "valproate"),
        ("paracetamol", "paracetamol"),
        ("Tylenol", "paracetamol"),
        ("Tylenol with codeine", "co_codamol"),
        ("co-codamol 30/500", "co_codamol"),
        ("morphine sulphate MR", "opioids_cns"),
        ("valium", "diazepam"),
        ("ciclosporín", "ciclosporin"),
        ("beta blockers", "beta_blocker_class"),
        ("SSRIs", "ssri_class"),
        ("thyroid hormone", "thyroid_class"),
        ("thyroid tablets", "thyroid_unknown"),
    ],
)
def test_a_written_line_is_recognised(written: str, expected: str) -> None:
    """Generic names, brands, synonyms and classes, with doses, times and reasons around them."""
    assert INDEX.find(written).id == expected


@pytest.mark.parametrize(
    "written",
    [
        "",
        "   ",
        "12345",
        "20 mg",
        "the small blue pill",
        "unobtainium 5 mg",
        "qwertyzol",
        "омепразол",
        "\u202eomeprazol",
        "omeprazoll",
        "sertralin",
    ],
)
def test_what_is_not_known_is_not_guessed(written: str) -> None:
    """No match is made from a likeness."""
    assert INDEX.find(written).id is None
    assert INDEX.find(written).ids == ()


@pytest.mark.parametrize(
    ("written", "name"),
    [
        ("omeprazol 20", "Omeprazole"),
        ("furosamide", "Furosemide"),
        ("amlodapine 5 mg", "Amlodipine"),
        ("levothyroxin 100 mcg", "Levothyroxine"),
        ("metforman", "Metformin"),
        ("prednizone", "prednisone"),
        ("bendroflumethazide", "Bendroflumethiazide"),
        ("Seroquell", "Seroquel"),
    ],
)
def test_a_misspelling_is_suggested_and_not_taken(written: str, name: str) -> None:
    """'omeprazol' asks back."""
    found = INDEX.find(written)
    assert found.id is None
    assert name in found.suggestions


@pytest.mark.parametrize(
    ("written", "name"),
    [
        ("stopped sertraline", "Sertraline"),
        ("not on lithium", "Lithium"),
        ("mother takes lithium", "Lithium"),
        ("allergic to penicillin", "Penicillin"),
        ("used to take paroxetine", "Paroxetine"),
        ("low potassium", "Potassium"),
        ("vitamin D deficiency", "Vitamin D"),
    ],
)
def test_a_word_that_turns_the_sense_stops_the_match(written: str, name: str) -> None:
    """What is not taken is not recorded as taken; the name is asked back."""
    found = INDEX.find(written)
    assert (found.id, found.ids) == (None, ())
    assert name in found.suggestions


def test_several_medicines_in_one_line_are_all_named_and_none_is_dropped() -> None:
    """Two medicines have no single id, so the second cannot be lost."""
    found = INDEX.find("warfarin, digoxin and bisoprolol 2.5 mg")
    assert found.id is None
    assert found.ids == ("warfarin", "digoxin", "bisoprolol")
    assert found.suggestions == ("Warfarin", "Digoxin", "Bisoprolol")


def test_a_part_that_is_not_understood_is_not_dropped() -> None:
    """A known name beside an unknown one does not make the line understood."""
    found = INDEX.find("sertraline, xyzpril 5 mg")
    assert (found.id, found.ids, found.unread) == (None, ("sertraline",), ("xyzpril",))


def test_every_medicine_and_class_is_found_by_each_of_its_names() -> None:
    """No name of one entry leads to another."""
    for medicine in KNOWLEDGE.medicines.values():
        for name in (medicine.id, medicine.name, *medicine.atc_names, *medicine.synonyms, *medicine.brands):
            assert INDEX.find(name).id == medicine.id, name
    for each in KNOWLEDGE.medicine_classes.values():
        for name in (each.id, each.name, *each.aliases):
            assert INDEX.find(name).id == each.id, name


def test_every_combined_product_is_found_by_its_parts() -> None:
    """'amlodipine / valsartan' is the product that holds both; the first of two such products will do."""
    for medicine in KNOWLEDGE.medicines.values():
        if len(medicine.contains) > 1:
            written = " / ".join(KNOWLEDGE.medicines[part].name for part in medicine.contains)
            found = INDEX.find(written).id
            assert found is not None
            assert set(KNOWLEDGE.medicines[found].contains) == set(medicine.contains)


def test_no_medicine_and_no_class_is_no_name() -> None:
    """An empty table recognises nothing."""
    assert MedicineIndex({}, {}).find("omeprazole").id is None


def test_a_name_is_looked_up_within_a_millisecond_or_little_more() -> None:
    """Measured generously, since machines that run tests are busy; benchmarks print the figures."""
    INDEX.find("omeprazol")
    start = time.perf_counter()
    for _ in range(20):
        INDEX.find("Lasix 40 mg in the morning")
        INDEX.find("furosamide 40 mg")
    assert (time.perf_counter() - start) / 40 < 0.02
