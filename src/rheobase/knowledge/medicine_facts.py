"""Which findings the names of someone's medicines settle."""

from __future__ import annotations

import functools

from rheobase.knowledge.load import Knowledge
from rheobase.knowledge.model import Medicine, MedicineClass

MEDICINE = "medicine"


@functools.lru_cache(maxsize=4)
def told_by_name(knowledge: Knowledge) -> frozenset[str]:
    """Return the findings about medicines that follow from what is taken now.

    What follows from stopping or changing a medicine is not among them: whoever takes none may have stopped one.
    """
    told: set[str] = set()
    entries: list[Medicine | MedicineClass] = [*knowledge.medicines.values(), *knowledge.medicine_classes.values()]
    for entry in entries:
        told.update(entry.implies, entry.implies_after_months)
    for combination in knowledge.combinations.values():
        told.update(combination.implies)
    return frozenset(name for name in told if name in knowledge.findings and knowledge.findings[name].group == MEDICINE)
