"""What to do: advice for the causes that fit, with blocks and cautions applied to this person."""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from dataclasses import dataclass

from rheobase.assess.causes import FITS_WELL, POSSIBLE, CauseFit
from rheobase.assess.facts import Facts
from rheobase.assess.urgency import Urgency
from rheobase.knowledge import Advice, Knowledge
from rheobase.logic import evaluate, names

EVERYONE = "*"
PREVENTION = "prevention"
EMERGENCY = "emergency"
CALM = ("self_care", "routine")
# What is arranged with a clinician comes first while it is urgent.
MEDICAL = ("doctor", "test", "medicine")


@dataclass(frozen=True, slots=True)
class OfferedAdvice:
    """One thing to do.

    Attributes:
        advice: Advice id.
        for_causes: The fitting causes that it is for; empty when it is for everyone.
        cautions: Warnings that apply, or may apply because the answer is not known.
        ask_first: Findings that would forbid it and are not known.
    """

    advice: str
    for_causes: tuple[str, ...]
    cautions: tuple[str, ...]
    ask_first: tuple[str, ...]


@dataclass(frozen=True, slots=True)
class WithheldAdvice:
    """Advice that would be given but for something known of this person.

    Attributes:
        advice: Advice id.
        because: The findings or values that forbid it.
        conflicts_with: The stronger advice that it contradicts, when that is the reason.
    """

    advice: str
    because: tuple[str, ...]
    conflicts_with: str | None = None


def choose_advice(
    knowledge: Knowledge, facts: Facts, fits: Iterable[CauseFit], urgency: Urgency
) -> tuple[tuple[OfferedAdvice, ...], tuple[WithheldAdvice, ...]]:
    """Return what to do in order of fit and benefit, and what was withheld and why.

    Reassurance never stands beside a red flag. In an emergency nothing but the red flag's own words is offered: a food
    tip must never stand beside them.
    """
    if urgency.level == EMERGENCY:
        return (), ()
    calm = urgency.level in CALM
    rank = {fit.cause: -fit.posterior for fit in fits if fit.band in (FITS_WELL, POSSIBLE)}
    if urgency.child:
        rank = {}
    wanted = (item for item in knowledge.advice.values() if calm or not item.only_when_calm)
    candidates = sorted(
        (item for item in wanted if _wanted(item, facts, rank)),
        key=lambda item: (not calm and item.kind not in MEDICAL, _best(item, rank), -item.benefit, item.id),
    )
    offered: list[OfferedAdvice] = []
    withheld: list[WithheldAdvice] = []
    taken: dict[str, Advice] = {}
    for item in candidates:
        if reasons := _blocked_by(item, facts):
            withheld.append(WithheldAdvice(item.id, reasons))
            continue
        if rival := next((each for each in taken.values() if _conflict(item, each)), None):
            withheld.append(WithheldAdvice(item.id, (), rival.id))
            continue
        taken[item.id] = item
        causes = tuple(cause for cause in item.for_causes if cause in rank)
        offered.append(OfferedAdvice(item.id, causes, tuple(_cautions(item, facts)), _open_blocks(item, facts)))
    return tuple(offered), tuple(withheld)


def _wanted(item: Advice, facts: Facts, rank: dict[str, float]) -> bool:
    if EVERYONE not in item.for_causes and not any(cause in rank for cause in item.for_causes):
        return False
    return item.offer_when is None or evaluate(item.offer_when, facts.values) is True


def _best(item: Advice, rank: dict[str, float]) -> float:
    return min((rank[cause] for cause in item.for_causes if cause in rank), default=0.0)


def _blocked_by(item: Advice, facts: Facts) -> tuple[str, ...]:
    block = item.do_not_offer_when
    if block is None or evaluate(block, facts.values) is not True:
        return ()
    return tuple(name for name in names(block) if facts.values.get(name) not in (None, False))


def _conflict(one: Advice, other: Advice) -> bool:
    return other.id in one.conflicts_with or one.id in other.conflicts_with


def _cautions(item: Advice, facts: Facts) -> Iterator[str]:
    for caution in item.cautions:
        if caution.when is None or evaluate(caution.when, facts.values) is not False:
            yield caution.text


def _open_blocks(item: Advice, facts: Facts) -> tuple[str, ...]:
    return tuple(name for name in item.ask_first if name not in facts.values)
