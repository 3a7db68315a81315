"""What forbids pushing a nutrient for this person, and what of that is not known: as the assessment judges it."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from enum import StrEnum

from rheobase.assess.contradictions import open_questions, true_names
from rheobase.knowledge import Knowledge
from rheobase.knowledge.menu import Menu, MenuMedicine
from rheobase.logic import Expression, evaluate
from rheobase.person import MedicineUse, Status, Value

FOOD, WATER = "food", "water"


class State(StrEnum):
    """Whether something forbids it."""

    FORBIDDEN = "forbidden"
    ASK = "ask_first"  # an answer that is not known could forbid it
    CLEAR = "clear"


@dataclass(frozen=True, slots=True)
class Block:
    """What is known of the blocks of one nutrient, of food as a whole, or of drinking.

    Attributes:
        state: Whether it is forbidden.
        because: Reasons in words, where it is.
        findings: What is true and forbids it; or what is not known and could.
        sources: Where the reasons come from.
        medical: Whether an ordinary rise matters too while it is not known.
        never_down: Whether it must not fall either.
    """

    state: State
    because: tuple[str, ...] = ()
    findings: tuple[str, ...] = ()
    sources: tuple[str, ...] = ()
    medical: bool = False
    never_down: bool = False


@dataclass(frozen=True, slots=True)
class FixedFoods:
    """Foods with a tag that must stay as they are because of a medicine, or may have to."""

    state: State
    rule: MenuMedicine


def judge_blocks(knowledge: Knowledge, menu: Menu, values: Mapping[str, Value]) -> dict[str, Block]:
    """Return the blocks by column of the food table, and under ``food`` and ``water``.

    Args:
        knowledge: Substances and findings.
        menu: Further blocks.
        values: What is known of the person.
    """
    found: dict[str, Block] = {}
    for column, row in menu.blocks.items():
        conditions: list[tuple[Expression, str, tuple[str, ...]]] = []
        if row.when is not None:
            conditions.append((row.when, row.because, (row.source,)))
        substance = knowledge.substances.get(row.substance)
        never_down = False
        if substance is not None:
            if substance.never_up_when is not None:
                conditions.append((substance.never_up_when, substance.because_up, substance.sources))
            never_down = substance.never_down_when is not None and evaluate(substance.never_down_when, values) is True
        found[column] = _block(knowledge, values, conditions, flags=(row.rise == "medical", never_down))
    for name in (FOOD, WATER):
        substance = knowledge.substances[name]
        when = substance.never_up_when
        own = [] if when is None else [(when, substance.because_up, substance.sources)]
        found[name] = _block(knowledge, values, own, flags=(False, False))
    return found


def _block(
    knowledge: Knowledge,
    values: Mapping[str, Value],
    conditions: list[tuple[Expression, str, tuple[str, ...]]],
    *,
    flags: tuple[bool, bool],
) -> Block:
    medical, never_down = flags
    true = [each for each in conditions if evaluate(each[0], values) is True]
    if true:
        return Block(
            State.FORBIDDEN,
            tuple(dict.fromkeys(because for _, because, _ in true)),
            tuple(dict.fromkeys(name for when, _, _ in true for name in true_names(when, values))),
            tuple(dict.fromkeys(source for _, _, sources in true for source in sources)),
            medical,
            never_down,
        )
    asked = tuple(dict.fromkeys(name for when, _, _ in conditions for name in open_questions(knowledge, when, values)))
    return Block(State.ASK if asked else State.CLEAR, (), asked, (), medical, never_down)


def fixed_foods(menu: Menu, medicines: Iterable[MedicineUse], *, takes_none: bool) -> tuple[FixedFoods, ...]:
    """Return which foods a medicine fixes; a medicine that is not listed is not known to be absent.

    Args:
        menu: Facts.
        medicines: What the person takes, as far as told.
        takes_none: Whether the person said that they take no medicine.
    """
    taken = {use.medicine for use in medicines if use.status is Status.PRESENT}
    found = []
    for rule in menu.medicines:
        if taken.intersection(rule.medicines):
            found.append(FixedFoods(State.FORBIDDEN, rule))
        elif not takes_none:
            found.append(FixedFoods(State.ASK, rule))
    return tuple(found)
