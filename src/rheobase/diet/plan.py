"""What an import would do to a diet: planned first, applied only on request, the same again when repeated."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass, replace
from datetime import date

from rheobase.diet.diary import day_names
from rheobase.person import Diet, DietDay, Eaten, Taken


@dataclass(frozen=True, slots=True)
class ImportedFile:
    """What a tracker's file holds.

    Attributes:
        source: Name of tracker and kind of file, such as "cronometer servings".
        days: Every day that was read whole.
        dropped: In plain lines, what was left out and why.
        notes: What to know about such files.
    """

    source: str
    days: tuple[DietDay, ...]
    dropped: tuple[str, ...]
    notes: tuple[str, ...] = ()


@dataclass(frozen=True, slots=True)
class ImportPlan:
    """What applying an import gives.

    Attributes:
        imported: What was read.
        diet: The diet after it.
        added: Days that are new.
        changed: Days of the same source whose lines differ now.
        unchanged: Days that are there already, line for line.
        left: In plain lines, days that stay as they are although the file has them, and why.
    """

    imported: ImportedFile
    diet: Diet
    added: tuple[date | None, ...]
    changed: tuple[date | None, ...]
    unchanged: tuple[date | None, ...]
    left: tuple[str, ...]

    @property
    def changes_nothing(self) -> bool:
        """Whether the diet is the same after it."""
        return not self.added and not self.changed


def source_of(origin: str) -> str:
    """Return tracker and kind of file of an origin, "" for what a person wrote."""
    return origin.rpartition(" ")[0]


def _origins(day: DietDay) -> Iterable[str]:
    yield from (each.origin for each in (*day.meals, *day.drinks))
    # A supplement that a person wrote beside an imported day is no other source of its foods.
    yield from (each.origin for each in day.supplements if each.origin)
    if day.totals is not None:
        yield day.origin


def _merged(old: DietDay, new: DietDay) -> DietDay:
    """Return a day of the same source renewed: lines that are still there keep what a person confirmed of them."""
    foods: dict[str, Eaten] = {each.origin: each for each in (*old.meals, *old.drinks)}
    taken: dict[str, Taken] = {each.origin: each for each in old.supplements if each.origin}
    written = tuple(each for each in old.supplements if not each.origin)
    same_totals = new.totals is not None and old.origin == new.origin
    return replace(
        new,
        complete=old.complete if new.complete is None else new.complete,
        meals=tuple(foods.get(each.origin, each) for each in new.meals),
        drinks=tuple(foods.get(each.origin, each) for each in new.drinks),
        supplements=(*(taken.get(each.origin, each) for each in new.supplements), *written),
        totals=old.totals if same_totals else new.totals,
        notes=old.notes,
    )


def plan_import(existing: Diet, imported: ImportedFile) -> ImportPlan:
    """Return what importing a file into a diet gives.

    A day takes its foods from one source only, so that nothing counts twice: a day of another source, or one that a
    person wrote, stays as it is and is listed.

    Args:
        existing: The diet before, empty for a new one.
        imported: What the file holds.
    """
    # By name, since several days may have no date, and none of them may be lost.
    days = dict(zip(day_names(existing), existing.days, strict=True))
    added: list[date | None] = []
    changed: list[date | None] = []
    unchanged: list[date | None] = []
    left: list[str] = []
    for name, new in zip(day_names(Diet(imported.days)), imported.days, strict=True):
        old = days.get(name)
        if old is None:
            days[name] = new
            added.append(new.day)
            continue
        others = sorted({source_of(each) for each in _origins(old)} - {imported.source})
        if others:
            who = others[0] or "your own lines"
            left.append(f"{new.day or 'the day without a date'}: is there from {who}; left as it is")
            continue
        merged = _merged(old, new)
        (unchanged if merged == old else changed).append(new.day)
        days[name] = merged
    ordered = tuple(sorted(days.values(), key=lambda day: (day.day is None, day.day or date.min)))
    diet = replace(existing, days=ordered if added else tuple(days.values()))
    return ImportPlan(imported, diet, tuple(added), tuple(changed), tuple(unchanged), tuple(left))
