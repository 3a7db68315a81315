"""What is true of one person. Frozen; present, absent, unknown and not asked all differ."""

from __future__ import annotations

from rheobase.person.diet import Diet, DietDay, Eaten, Taken
from rheobase.person.person import SETTINGS, Answer, LabResult, MedicineUse, Person, Status, Value

__all__ = [
    "SETTINGS",
    "Answer",
    "Diet",
    "DietDay",
    "Eaten",
    "LabResult",
    "MedicineUse",
    "Person",
    "Status",
    "Taken",
    "Value",
]
