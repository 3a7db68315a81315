"""Medicines of a case file: each kept as written, and recognised if it can be."""

from __future__ import annotations

from dataclasses import dataclass, field

from rheobase.importers.case_answers import in_unit
from rheobase.importers.case_problems import Problems, did_you_mean, names_of, shown
from rheobase.knowledge import Knowledge
from rheobase.knowledge.medicine_names import MedicineIndex
from rheobase.person import MedicineUse, Status
from rheobase.plain_text import printable

KEYS = ("name", "medicine", "months", "stopped", "note")
MOST = 200
LONGEST_NAME = 1000

_NONE = frozenset({"none", "no"})


@dataclass(slots=True)
class MedicineReader:
    """Reads the medicines of one file."""

    knowledge: Knowledge
    problems: Problems
    not_understood: list[str] = field(default_factory=list)

    def read(self, items: object) -> tuple[tuple[MedicineUse, ...], bool]:
        """Return the medicines, and whether the person said that there are none.

        A name that is not recognised adds its line to ``not_understood``.

        Args:
            items: What stands under ``medicines``.
        """
        if items is None:
            return (), False
        if items is False or (isinstance(items, str) and items.strip().lower() in _NONE):
            return (), True
        if not isinstance(items, list):
            self.problems.add(f"medicines: expected a list such as [omeprazole 20 mg], or none, got {shown(items)}.")
            return (), False
        if len(items) > MOST:
            self.problems.add(f"medicines: {len(items)} entries, at most {MOST} are read.")
            return (), False
        index = MedicineIndex(self.knowledge.medicines, self.knowledge.medicine_classes)
        uses = (self._use(index, item) for item in items)
        return tuple(use for use in uses if use is not None), False

    def _use(self, index: MedicineIndex, item: object) -> MedicineUse | None:
        entry = {"name": item} if isinstance(item, str) else item
        if not isinstance(entry, dict):
            self.problems.add(f"medicines: expected a name or {{name: furosemide, months: 24}}, got {shown(item)}.")
            return None
        if extra := sorted(entry.keys() - set(KEYS)):
            self.problems.add(f"medicines: {shown(extra[0])} is not one of {', '.join(KEYS)}.")
            return None
        name, note = entry.get("name"), entry.get("note")
        if not isinstance(name, str) or not name.strip() or len(name) > LONGEST_NAME:
            self.problems.add(f"medicines: expected the name of a medicine, got {shown(name)}.")
            return None
        if not isinstance(note, str | None):
            self.problems.add(f"medicines: {shown(name)}: note: expected text, got {shown(note)}.")
            return None
        medicine = self._named(name, entry["medicine"]) if "medicine" in entry else self._recognised(index, name)
        status = self._status(name, entry.get("stopped"))
        return MedicineUse(name, medicine, status, self._months(name, entry.get("months")), note or "")

    def _recognised(self, index: MedicineIndex, name: str) -> str | None:
        found = index.find(name)
        if found.id is None:
            hint = did_you_mean(found.suggestions)
            self.not_understood.append(f"{line_start(name)} kept as written, not recognised.{hint}")
        return found.id

    def _named(self, name: str, medicine: object) -> str | None:
        if medicine is None or medicine in self.knowledge.medicines or medicine in self.knowledge.medicine_classes:
            return str(medicine) if medicine is not None else None
        known = names_of((each, ()) for each in (*self.knowledge.medicines, *self.knowledge.medicine_classes))
        near = did_you_mean(known.near(str(medicine))) if not self.problems.full else ""
        self.problems.add(f"medicines: {shown(name)}: medicine: {shown(medicine)} is not the id of one.{near}")
        return None

    def _status(self, name: str, stopped: object) -> Status:
        if stopped is None or stopped is False:
            return Status.PRESENT
        if stopped is True:
            return Status.ABSENT
        if stopped == Status.UNKNOWN.value:
            return Status.UNKNOWN
        self.problems.add(f"medicines: {shown(name)}: stopped: expected yes, no or unknown, got {shown(stopped)}.")
        return Status.UNKNOWN

    def _months(self, name: str, given: object) -> float | None:
        if given is None:
            return None
        months = in_unit(given, "months") if isinstance(given, str) else given
        if isinstance(months, bool) or not isinstance(months, int | float) or months < 0:
            self.problems.add(f"medicines: {shown(name)}: months: expected a number such as 24, got {shown(given)}.")
            return None
        return float(months)


def line_start(written: str) -> str:
    """Return how the line starts that says that a medicine was not recognised."""
    return f"medicine {printable(written, limit=80)!r}:"
