"""What is eaten and taken, as the model from the plate to the blood wants it: with the share that is absorbed."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from dataclasses import replace

from rheobase.intake.absorption import CalciumMeal, calcium_absorbed, magnesium_absorbed
from rheobase.knowledge import Knowledge
from rheobase.knowledge.medicine_names import MedicineIndex
from rheobase.knowledge.model_intake import IntakeFacts
from rheobase.nerve.plate import Eaten, Patient

# Column of the food table by field of ``Eaten``.
COLUMNS = {
    "calcium_mg": "calcium_mg",
    "magnesium_mg": "magnesium_mg",
    "potassium_mg": "potassium_mg",
    "sodium_mg": "sodium_mg",
    "phosphorus_mg": "phosphorus_mg",
    "vitamin_d_ug": "vitamin_d_ug",
}
# What a medicine of these findings, classes or names does in the model.
_BY_FINDING = {
    "med_thiazide": "thiazide",
    "med_loop_diuretic": "loop_diuretic",
    "med_ppi": "ppi",
    "med_corticosteroid": "steroid",
    "med_mg_waster": "magnesium_waster",
}
_BY_CLASS = {"potassium_sparing_class": "potassium_sparing", "ace_class": "ace_inhibitor"}
_BY_ID = {
    "denosumab": "denosumab",
    "zoledronic_acid": "bisphosphonate",
    "pamidronic_acid": "bisphosphonate",
    "calcitriol": "active_vitamin_d",
    "alfacalcidol": "active_vitamin_d",
}


def with_shares(eaten: Eaten, patient: Patient, intake: IntakeFacts) -> Eaten:
    """Return what is eaten with the share of calcium and magnesium that an ordinary gut absorbs of such meals.

    Vitamin D, acid blockers and steroids are left to the model; this is the share by load, age and menopause.

    Args:
        eaten: What goes in a day; what is not known is as usual.
        patient: Who.
        intake: Facts.

    Raises:
        DataRefusedError: A number is no amount.
    """
    size = 1.0 if patient.weight is None else patient.weight / intake.value("plate.body.weight")
    meals = intake.value("plate.usual.meals")

    def load(name: str) -> float:
        told = getattr(eaten, name)
        return float(intake.value(f"plate.usual.{name}") * size if told is None else told) / meals

    meal = CalciumMeal(age=patient.age, after_menopause=False if patient.sex == "male" else None)
    calcium = calcium_absorbed(load("calcium_mg"), meal, intake).share.value
    magnesium = magnesium_absorbed(load("magnesium_mg"), intake).share.value
    return replace(eaten, calcium_share=calcium, magnesium_share=magnesium)


def usual_shares(patient: Patient, intake: IntakeFacts) -> tuple[float, float]:
    """Return the share of calcium and of magnesium absorbed from ordinary food."""
    usual = with_shares(Eaten(), patient, intake)
    return usual.calcium_share, usual.magnesium_share


def model_medicines(written: Iterable[str], knowledge: Knowledge) -> tuple[tuple[str, ...], tuple[str, ...]]:
    """Return the model's names of what some medicines do, and which of them the model knows nothing of.

    Args:
        written: Names, brands or classes as a person writes them, ids of medicines, or the model's own names.
        knowledge: For reading them.
    """
    index = MedicineIndex(knowledge.medicines, knowledge.medicine_classes)
    known: dict[str, None] = {}
    unknown: list[str] = []
    for line in written:
        own = line.strip().lower().replace(" ", "_").replace("-", "_")
        names = {own} if f"plate.medicine.{own}" in _effects(knowledge.intake) else set()
        for each in index.find(line).ids:
            names |= _names(each, knowledge)
        if not names:
            unknown.append(line)
        known |= dict.fromkeys(sorted(names))
    return tuple(known), tuple(unknown)


def _effects(intake: IntakeFacts) -> frozenset[str]:
    return frozenset(name.rpartition(".")[0] for name in intake.facts if name.startswith("plate.medicine."))


def _names(entry: str, knowledge: Knowledge) -> set[str]:
    tables: tuple[Mapping[str, object], ...] = (knowledge.medicines, knowledge.medicine_classes)
    names = {_BY_ID[entry]} if entry in _BY_ID else set()
    for table in tables:
        implied = getattr(table.get(entry), "implies", ())
        names |= {_BY_FINDING[each] for each in implied if each in _BY_FINDING}
    for group, name in _BY_CLASS.items():
        if entry == group or entry in knowledge.medicine_classes[group].members:
            names.add(name)
    return names
