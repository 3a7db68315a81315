"""Recognising medicines."""

from __future__ import annotations

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
        ("Losec 20mg", "omeprazole"),
        ("Lasix 40 mg in the morning", "furosemide"),
        ("frusemide", "furosemide"),
        ("HCTZ 12.5", "hydrochlorothiazide"),
        ("albuterol inhaler", "salbutamol"),
        ("vit D 1000 IU", "colecalciferol"),
        ("Adcal-D3", "calcium_vitamin_d"),
        ("losartan", "losartan"),
        ("losartan hydrochlorothiazide 50/12.5", "losartan_hydrochlorothiazide"),
        ("Zoloft", "sertraline"),
        ("St John's wort", "st_johns_wort"),
        ("water tablet", "water_tablet"),
        ("PPI", "ppi_class"),
        ("steroid tablets", "steroid_tablets"),
        ("prednisone 60mg", "prednisolone"),
        ("bisoprolol 2.5 mg", "bisoprolol"),
        ("amlodipine", "amlodipine"),
        ("Prolia injection", "denosumab"),
        ("Priadel", "lithium"),
        ("magnesium citrate", "magnesium_products"),
        ("Seretide", "fluticasone_salmeterol"),
        ("paracetamol", "paracetamol"),
        ("Tylenol", "paracetamol"),
        ("valium", "diazepam"),
    ],
)
def test_a_written_line_is_recognised(written: str, expected: str) -> None:
    """Generic names, brands, synonyms and classes, with doses and times around them."""
    assert INDEX.find(written).id == expected


@pytest.mark.parametrize("written", ["", "   ", "12345", "the small blue pill", "unobtainium 5 mg", "\u202eomeprazol"])
def test_what_is_not_known_is_not_guessed(written: str) -> None:
    """No match is made from a likeness."""
    assert INDEX.find(written).id is None


def test_a_misspelling_is_suggested_and_not_taken() -> None:
    """'omeprazol' asks back."""
    found = INDEX.find("omeprazol 20")
    assert found.id is None
    assert "Omeprazole" in found.suggestions


def test_every_medicine_is_found_by_its_own_name() -> None:
    """No name of one entry leads to another."""
    for medicine in KNOWLEDGE.medicines.values():
        assert INDEX.find(medicine.id).id == medicine.id
