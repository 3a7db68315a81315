"""What a list of medicines tells: what is taken, and, when the person says that it is all, what is not."""

from __future__ import annotations

from collections.abc import Iterable

from rheobase.knowledge import Knowledge
from rheobase.knowledge.medicine_facts import told_by_name
from rheobase.person import MedicineUse, Status


def denied_by_complete_list(knowledge: Knowledge, medicines: Iterable[MedicineUse]) -> frozenset[str]:
    """Return what is known not to be taken when the person said that the list is all they take.

    Nothing is denied while one line was not understood: it may be the very medicine. What a listed medicine implies,
    after whatever time, is not denied either.
    """
    uses = [use for use in medicines if use.status is not Status.ABSENT]
    if any(use.medicine is None for use in uses):
        return frozenset()
    implied: set[str] = set()
    for use in medicines:
        entry = knowledge.medicines.get(use.medicine or "") or knowledge.medicine_classes.get(use.medicine or "")
        if entry is not None:
            implied.update(entry.implies, entry.implies_after_months, entry.implies_when_stopped)
    together = {name for each in knowledge.combinations.values() for name in each.implies} if len(uses) > 1 else set()
    return told_by_name(knowledge) - implied - together


def needs_months(knowledge: Knowledge, use: MedicineUse) -> bool:
    """Whether how long it has been taken tells something."""
    entry = knowledge.medicines.get(use.medicine or "") or knowledge.medicine_classes.get(use.medicine or "")
    return (
        entry is not None and bool(entry.implies_after_months) and use.months is None and use.status is Status.PRESENT
    )
