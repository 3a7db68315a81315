"""What the medicines say, beyond what the check of the knowledge covers."""

from __future__ import annotations

import re

import pytest

from rheobase.knowledge import Medicine, MedicineClass, load_knowledge
from rheobase.knowledge.medicine_names import MedicineIndex

KNOWLEDGE = load_knowledge()
MEDICINES = KNOWLEDGE.medicines
CLASSES = KNOWLEDGE.medicine_classes
ENTRIES: tuple[Medicine | MedicineClass, ...] = (*MEDICINES.values(), *CLASSES.values())

# The terms for medicines in the vocabulary of the published cases.
PUBLISHED_TERMS = """
    allopurinol aminophylline amiodarone amlodipine any_medicine aspirin atorvastatin bendroflumethiazide
    calcium_affecting_drug calcium_supplement candesartan denosumab diuretic dopamine_blocker fluoxetine furosemide
    gabapentin inhalers lamotrigine lansoprazole laxative levalbuterol levothyroxine lisinopril magnesium_supplement
    mesalazine metoclopramide metoprolol morphine muscle_relaxant nsaid_suspected omeprazole oral_corticosteroid
    pantoprazole paroxetine perindopril potassium_supplement pregabalin proton_pump_inhibitor riluzole rosuvastatin
    salbutamol sertraline simvastatin sodium_phosphate_bowel_preparation tramadol trazodone vitamin_d
"""


@pytest.mark.parametrize("term", PUBLISHED_TERMS.split())
def test_each_published_term_for_a_medicine_is_understood(term: str) -> None:
    """The vocabulary of the published cases names nothing that we do not know."""
    assert MedicineIndex(MEDICINES, CLASSES).find(term).id is not None


@pytest.mark.parametrize(
    ("medicine", "present", "not_present"),
    [
        ("furosemide", {"med_loop_diuretic"}, {"med_thiazide"}),
        ("omeprazole", {"med_ppi"}, {"med_ppi_over_3_months"}),
        ("sertraline", {"med_antidepressant"}, {"med_two_serotonergic"}),
        ("phenelzine", {"med_antidepressant"}, {"med_two_serotonergic"}),
        ("tramadol", set(), {"med_two_serotonergic"}),
        ("metformin", {"hx_diabetes"}, set()),
        ("insulin", {"med_insulin", "hx_diabetes"}, set()),
        ("empagliflozin", set(), {"hx_diabetes"}),
        ("riluzole", set(), {"fh_mnd"}),
        ("benzylpenicillin", set(), {"hx_ckd"}),
        ("cinacalcet", set(), {"hx_ckd"}),
        ("desmopressin", set(), {"excess_plain_water"}),
        ("alprazolam", set(), {"med_sedative_stopped", "med_can_twitch"}),
        ("pseudoephedrine", set(), {"med_stimulant"}),
        ("cisplatin", {"med_mg_waster", "hx_cancer_treatment"}, set()),
        ("ciclosporin", {"med_mg_waster", "med_raise_potassium"}, set()),
        ("sodium_phosphate_oral", {"med_bowel_preparation"}, set()),
        ("topical_corticosteroid", set(), {"med_corticosteroid"}),
        ("budesonide", set(), {"med_corticosteroid"}),
        ("potassium_supplement", {"med_raise_potassium"}, set()),
    ],
)
def test_a_medicine_implies_what_it_tells_and_no_more(medicine: str, present: set[str], not_present: set[str]) -> None:
    """Findings follow from taking a medicine only where they are certain enough to stand in the record."""
    implied = set(MEDICINES[medicine].implies)
    assert present <= implied
    assert not not_present & implied


def test_no_medicine_says_that_a_medicine_was_changed() -> None:
    """A list of medicines does not tell when they were started."""
    for entry in ENTRIES:
        assert "med_changed_8_weeks" not in (*entry.implies, *entry.implies_when_stopped), entry.id


@pytest.mark.parametrize("medicine", ["alprazolam", "zopiclone", "baclofen", "pregabalin", "gabapentin", "diazepam"])
def test_stopping_a_sedative_tells_that_one_was_stopped(medicine: str) -> None:
    """The withdrawal finding follows from stopping alone."""
    assert "med_sedative_stopped" in MEDICINES[medicine].implies_when_stopped


def test_every_acid_blocker_needs_three_months_for_the_long_term_finding() -> None:
    """The time decides, and while it is unknown the finding stays open."""
    blockers = [each for each in MEDICINES.values() if "med_ppi" in each.implies]
    assert len(blockers) >= 6
    for each in blockers:
        assert dict(each.implies_after_months) == {"med_ppi_over_3_months": 3}, each.id


def test_a_combined_product_implies_all_that_its_parts_imply() -> None:
    """A part inside a product acts as it does alone."""
    for product in MEDICINES.values():
        for part in product.contains:
            alone = MEDICINES[part]
            assert set(alone.implies) <= set(product.implies), (product.id, part)
            assert alone.serotonergic <= product.serotonergic, (product.id, part)
            assert set(alone.implies_after_months) <= set(product.implies_after_months), (product.id, part)


def test_a_medicine_without_known_relevance_makes_nothing_look_relevant() -> None:
    """It is understood, and counts for nothing."""
    for each in MEDICINES.values():
        if each.relevance:
            assert each.relevance == "none known"
            assert not each.causes_twitching_directly, each.id
            assert not each.serotonergic, each.id
            assert not {name for name in each.implies if name.startswith("med_")}, each.id


def test_every_other_medicine_says_what_it_does() -> None:
    """A medicine that counts for something has words for it."""
    for each in MEDICINES.values():
        assert each.relevance or each.mechanism, each.id


def test_only_medicines_that_excite_nerves_and_not_weakly_can_twitch() -> None:
    """The finding follows from the medicine's own effect."""
    for each in MEDICINES.values():
        if "med_can_twitch" in each.implies:
            assert each.causes_twitching_directly, each.id
            assert each.strength != "weak", each.id


def test_members_of_a_class_share_what_the_class_implies() -> None:
    """A class implies only what holds for each of its members; a class with unlike members implies nothing."""
    # Raised pressure and diabetes are told by the word; the members alone do not always tell them.
    by_word = {"high_blood_pressure_known", "hx_diabetes"}
    for each in CLASSES.values():
        for member in each.members:
            missing = set(each.implies) - set(MEDICINES[member].implies) - by_word
            assert not missing, (each.id, member, missing)


def test_atc_codes_look_like_atc_codes() -> None:
    """Anatomical group, therapeutic group, and down to the substance where there is one."""
    for each in MEDICINES.values():
        for code in each.atc:
            assert re.fullmatch(r"[A-Z]\d\d[A-Z]([A-Z](\d\d)?)?", code), (each.id, code)


def test_every_interaction_says_with_what_and_from_which_source() -> None:
    """Each has its words and a listed source."""
    told = [(each.id, item) for each in MEDICINES.values() for item in each.interactions]
    assert len(told) > 20
    for medicine, item in told:
        assert set(item) == {"with", "text", "source"}, medicine
        assert item["source"] in KNOWLEDGE.sources, medicine


@pytest.mark.parametrize(
    ("medicine", "substance"),
    [
        ("levothyroxine", "calcium"),
        ("ciprofloxacin", "magnesium"),
        ("levofloxacin", "magnesium"),
        ("doxycycline", "magnesium"),
        ("alendronic_acid", "calcium"),
        ("digoxin", "low potassium"),
        ("ramipril", "potassium"),
        ("losartan", "potassium"),
        ("spironolactone", "potassium"),
        ("potassium_supplement", "potassium"),
    ],
)
def test_the_interactions_that_matter_for_advice_are_there(medicine: str, substance: str) -> None:
    """Minerals that we may suggest are named where they clash."""
    assert substance in {item["with"] for item in MEDICINES[medicine].interactions}


def test_two_serotonin_medicines_make_a_combination() -> None:
    """The combination needs two that are marked, and common pairs are marked."""
    assert any(dict(each.needs) == {"serotonergic": 2} for each in KNOWLEDGE.combinations.values())
    for name in ("sertraline", "tramadol", "linezolid", "sumatriptan", "st_johns_wort", "phenelzine", "mdma"):
        assert MEDICINES[name].serotonergic, name
    for name in ("ondansetron", "bupropion", "nortriptyline", "codeine"):
        assert not MEDICINES[name].serotonergic, name
