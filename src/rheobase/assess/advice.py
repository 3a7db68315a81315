"""What to do: advice for the causes that fit, with blocks and cautions applied to this person.

Order. While it is not calm, being examined comes first, then what is arranged with a clinician. Then: what is for a
cause that fits well before what is for a possible one; the greater benefit before the smaller; the more probable cause
before the less; the better proven before the less; then by name, so that the same facts always give the same plan.
"""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from dataclasses import dataclass, field
from datetime import date

from rheobase.assess.causes import CANT_TELL, FITS_WELL, POSSIBLE, CauseFit
from rheobase.assess.contradictions import Prepared, open_questions, prepare, true_names
from rheobase.assess.facts import Facts
from rheobase.assess.plan import Means, means
from rheobase.assess.urgency import Urgency
from rheobase.knowledge import Advice, Knowledge
from rheobase.knowledge.model_advice import DOWN
from rheobase.logic import evaluate
from rheobase.person import MedicineUse

EVERYONE = "*"
PREVENTION = "prevention"
EMERGENCY, SAME_DAY, INSUFFICIENT = "emergency", "same_day", "insufficient"
CALM = ("self_care", "routine")
# What is arranged with a clinician comes first while it is urgent.
MEDICAL = ("doctor", "test", "medicine")
STRENGTHS = ("strong", "moderate", "weak")


@dataclass(frozen=True, slots=True)
class OfferedAdvice:
    """One thing to do.

    Attributes:
        advice: Advice id.
        for_causes: The fitting causes that it is for; empty when it is for everyone.
        cautions: Warnings that apply, or may apply because the answer is not known.
        ask_first: Findings that would forbid it and are not known.
        means: How this person carries it out: dates, amounts, foods.
    """

    advice: str
    for_causes: tuple[str, ...]
    cautions: tuple[str, ...]
    ask_first: tuple[str, ...]
    means: Means = field(default_factory=Means)


@dataclass(frozen=True, slots=True)
class WithheldAdvice:
    """Advice that would be given but for something known of this person.

    Attributes:
        advice: Advice id.
        because: The findings or values that forbid it.
        conflicts_with: The stronger advice that it contradicts, when that is the reason.
        why: The reasons in words; none for what only informs.
        sources: Where the reasons come from.
        waits: Nothing forbids it, but it adds something, and has to wait until a clinician has been seen today.
    """

    advice: str
    because: tuple[str, ...]
    conflicts_with: str | None = None
    why: tuple[str, ...] = ()
    sources: tuple[str, ...] = ()
    waits: bool = False


@dataclass(frozen=True, slots=True)
class _Case:
    """What the choice rests on: the facts, the probabilities of the causes that count, and how calm it is.

    ``undecided`` are causes of which the answers can't tell: they call for a clinician, not for something at home.
    """

    facts: Facts
    chance: dict[str, float]
    raised: frozenset[str]
    well: frozenset[str]
    undecided: dict[str, float]
    level: str
    calm: bool
    counting: dict[str, frozenset[str]]

    def causes_of(self, item: Advice) -> tuple[str, ...]:
        """Return the causes for which an item counts here, in the item's order."""
        counts = self.counting.get(item.needs_fit, self.raised)
        return tuple([cause for cause in item.for_causes if cause in counts])


def choose_advice(
    knowledge: Knowledge,
    facts: Facts,
    fits: Iterable[CauseFit],
    urgency: Urgency,
    *,
    on: date | None = None,
    medicines: Iterable[MedicineUse] = (),
) -> tuple[tuple[OfferedAdvice, ...], tuple[WithheldAdvice, ...]]:
    """Return what to do, in the order of the module's rule, and what was withheld and why.

    Reassurance never stands beside a red flag. In an emergency nothing but the red flag's own words is offered: a food
    tip must never stand beside them. Where somebody is to be seen today, what adds something waits for the blood test.

    Args:
        knowledge: What is known.
        facts: What is known of the person.
        fits: How well each cause fits.
        urgency: How urgent it is.
        on: First day of the plan; None leaves out dates, amounts and foods, where only the choice matters.
        medicines: What the person takes.
    """
    if urgency.level == EMERGENCY:
        return (), ()
    case, chosen, withheld = _chosen(knowledge, facts, fits, urgency)
    takes = tuple(medicines)
    offered = []
    eaten = None if facts.diet is None else facts.diet.eaten
    for each in chosen:
        how = Means()
        if on is not None:
            how = means(each.item, knowledge, facts.ever, on=on, medicines=takes, eaten=eaten)
        offered.append(_offer(each, case, knowledge, how))
    return tuple(offered), tuple(withheld)


def advice_offered(knowledge: Knowledge, facts: Facts, fits: Iterable[CauseFit], urgency: Urgency) -> tuple[str, ...]:
    """Return the ids of what ``choose_advice`` would offer, in its order, without working out how it is done.

    Args:
        knowledge: What is known.
        facts: What is known of the person.
        fits: How well each cause fits.
        urgency: How urgent it is.
    """
    if urgency.level == EMERGENCY:
        return ()
    return tuple([each.item.id for each in _chosen(knowledge, facts, fits, urgency)[1]])


def _chosen(
    knowledge: Knowledge, facts: Facts, fits: Iterable[CauseFit], urgency: Urgency
) -> tuple[_Case, list[Prepared], list[WithheldAdvice]]:
    """Return the case, the items that are offered in their order, and what is withheld."""
    case = _case(facts, fits, urgency)
    wanted = [each for each in prepare(knowledge) if _wanted(each, case)]
    wanted.sort(key=lambda each: _order(each.item, case))
    withheld: list[WithheldAdvice] = []
    kept: list[Prepared] = []
    # A warning wins every contradiction, whatever its place in the order.
    for each in sorted(wanted, key=lambda each: not each.item.warns):
        reason = _reason_against(each, case, kept, knowledge)
        if reason is None:
            kept.append(each)
        elif reason.because or reason.conflicts_with or reason.waits:
            withheld.append(reason)
    covered = {other for each in kept for other in each.item.covers}
    stay = {each.item.id for each in kept} - covered
    return case, [each for each in wanted if each.item.id in stay], withheld


def _case(facts: Facts, fits: Iterable[CauseFit], urgency: Urgency) -> _Case:
    """Return the causes that count: those that fit well, and possible ones that the answers have raised."""
    raised = [] if urgency.child else [fit for fit in fits if fit.band == FITS_WELL or fit.raised]
    unsure = {fit.cause: fit.posterior for fit in raised if fit.band == CANT_TELL}
    raised = [fit for fit in raised if fit.band in (FITS_WELL, POSSIBLE)]
    chance = {fit.cause: fit.posterior for fit in raised}
    well = frozenset(fit.cause for fit in raised if fit.band == FITS_WELL)
    calm = urgency.level in CALM
    return _Case(
        facts=facts,
        undecided=unsure,
        chance=chance,
        raised=frozenset(chance),
        well=well,
        level=urgency.level,
        calm=calm,
        # By what an item needs; whatever is not named here counts for every cause that is raised.
        counting={"always": well, "calm": well if calm else frozenset((*chance, *unsure))},
    )


def _wanted(each: Prepared, case: _Case) -> bool:
    item = each.item
    if (item.only_when_calm and not case.calm) or (item.only_when_urgent and (case.calm or case.level == INSUFFICIENT)):
        return False
    if EVERYONE not in each.causes and each.causes.isdisjoint(case.counting.get(item.needs_fit, case.raised)):
        return False
    return each.offered is None or each.offered(case.facts.values) is True


def _order(item: Advice, case: _Case) -> tuple[bool, bool, bool, int, float, int, str]:
    causes = case.causes_of(item)
    return (
        not item.only_when_urgent,
        not case.calm and item.kind not in MEDICAL and not item.warns,
        not any(cause in case.well for cause in causes),
        -item.benefit,
        -max((case.chance.get(cause, case.undecided.get(cause, 0.0)) for cause in causes), default=0.0),
        STRENGTHS.index(item.strength),
        item.id,
    )


def _reason_against(each: Prepared, case: _Case, chosen: list[Prepared], knowledge: Knowledge) -> WithheldAdvice | None:
    """Return why an item is not offered, or None; an item without reasons is left out without a word."""
    item, values = each.item, case.facts.values
    # What an old result forbade stays forbidden until it is measured again.
    ever = case.facts.ever
    blocks = [
        block
        for block in each.blocks
        if block.holds(values) is True or (ever is not values and block.holds(ever) is True)
    ]
    if blocks:
        because = tuple(dict.fromkeys(name for block in blocks for name in true_names(block.when, ever)))
        why = tuple(dict.fromkeys(block.because for block in blocks if block.because))
        sources = tuple(dict.fromkeys(source for block in blocks for source in block.sources))
        return WithheldAdvice(item.id, because, None, () if item.quiet else why, sources)
    if item.reassures and any(open_questions(knowledge, block.when, values) for block in each.blocks):
        # Unknown is not no: good odds are told only to people who denied what would change them.
        return WithheldAdvice(item.id, ())
    rival = next((other.item.id for other in chosen if other.item.id in each.rivals), None)
    if rival is not None:
        return WithheldAdvice(item.id, (), rival)
    if case.level == SAME_DAY and not _may_start_today(item):
        return WithheldAdvice(item.id, (), waits=bool(item.pushes))
    return None


def _may_start_today(item: Advice) -> bool:
    """Whether it may begin before a clinician has been seen today: what is arranged, warned of, or taken away."""
    takes_away = bool(item.pushes) and all(direction == DOWN for direction in item.pushes.values())
    return item.kind in MEDICAL or item.warns or takes_away


def _offer(each: Prepared, case: _Case, knowledge: Knowledge, how: Means) -> OfferedAdvice:
    item, values = each.item, case.facts.values
    asked = [name for block in each.blocks for name in open_questions(knowledge, block.when, values)]
    asked.extend(name for name in item.ask_first if name not in values)
    return OfferedAdvice(
        advice=item.id,
        for_causes=case.causes_of(item),
        cautions=tuple(_cautions(item, case.facts)),
        ask_first=tuple(dict.fromkeys(asked)),
        means=how,
    )


def _cautions(item: Advice, facts: Facts) -> Iterator[str]:
    for caution in item.cautions:
        if caution.when is None or evaluate(caution.when, facts.values) is not False:
            yield caution.text
