"""What a plan must reach and what it must keep: targets, upper limits, nothing that falls, about the same energy."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from enum import StrEnum

from rheobase.diet.span import Span
from rheobase.diet.summary import Summary
from rheobase.errors import DataRefusedError, UsageError
from rheobase.foods.nutrients import nutrient_label, nutrient_unit
from rheobase.intake.adequacy import Adequacy
from rheobase.knowledge.model_intake import IntakeFacts, Reference
from rheobase.menu.blocks import Block, State
from rheobase.menu.wishes import COLUMNS, SODIUM, Wishes

ENERGY, CAFFEINE, ALCOHOL = "energy_kcal", "caffeine_mg", "alcohol_g"
RDA, AI, OWN = "RDA", "AI", "own"


class Why(StrEnum):
    """Why a sum may not rise above, or fall below, an amount."""

    UPPER_LEVEL = "upper_level"
    ABOVE_UPPER_LEVEL = "already_above_upper_level"
    BLOOD_PRESSURE = "blood_pressure"
    ALREADY_SALTY = "already_above_blood_pressure_limit"
    BLOCKED = "must_not_rise"
    CAREFUL = "kept_from_rising"
    NEVER = "never_raised"
    NOT_LESS = "must_not_fall"
    ENERGY = "energy"


@dataclass(frozen=True, slots=True)
class Aim:
    """One nutrient to bring to a target.

    Attributes:
        column: Column of the food table.
        goal: Target a day.
        kind: Whether the target is the RDA, the AI, or the person's own.
        before: What is known to be eaten and taken a day.
        sources: Where the target comes from.
        stages: Life stages that the person may be in; of several the highest need counts.
    """

    column: str
    goal: float
    kind: str
    before: float
    sources: tuple[str, ...]
    stages: int = 1

    @property
    def missing(self) -> float:
        """How much is short of the target."""
        return max(0.0, self.goal - self.before)


@dataclass(frozen=True, slots=True)
class Limit:
    """A sum a day that must stay within two ends; None where that end is open.

    Attributes:
        column: Column of the food table.
        least: Lower end.
        most: Upper end.
        why: What it is for.
        sources: Where it comes from.
    """

    column: str
    least: float | None
    most: float | None
    why: Why
    sources: tuple[str, ...] = ()


@dataclass(frozen=True, slots=True)
class NotAimed:
    """A nutrient that was asked for or is short, and is no target, and why in words."""

    column: str
    why: str
    blocked: bool = False


@dataclass(frozen=True, slots=True)
class Aims:
    """Everything a plan is measured by.

    Attributes:
        aims: What to reach.
        limits: What to keep.
        not_aimed: What is no target, and why.
        before: Known sum a day by column, food and supplements; absent where nothing is known.
    """

    aims: tuple[Aim, ...]
    limits: tuple[Limit, ...]
    not_aimed: tuple[NotAimed, ...]
    before: Mapping[str, Span]


def references_of(adequacy: Adequacy) -> tuple[Reference, ...]:
    """Return the reference intakes of every life stage that the person may be in, each once."""
    return tuple(dict.fromkeys(stage.reference for stage in adequacy.stages))


def sums_before(summary: Summary) -> dict[str, Span]:
    """Return what is known to be eaten and taken a day by column."""
    found: dict[str, Span] = {}
    for column, mean in summary.means.items():
        parts = [each for each in (mean.food, mean.supplements) if each is not None]
        if parts:
            found[column] = parts[0] if len(parts) == 1 else parts[0] + parts[1]
    return found


def set_aims(
    summary: Summary, found: Mapping[str, Adequacy], blocks: Mapping[str, Block], wishes: Wishes, *, intake: IntakeFacts
) -> Aims:
    """Return what a plan must reach and keep.

    Where the life stage is not known the highest need and the lowest limit of those that may hold count.

    Args:
        summary: The diet, summed.
        found: How probable it is that each is too little, by column.
        blocks: What forbids pushing what.
        wishes: What was asked for.
        intake: Facts on intake.

    Raises:
        UsageError: An own target is beyond reason or above an upper level.
        DataRefusedError: The recorded days are no usual day.
    """
    before = sums_before(summary)
    energy = before.get(ENERGY)
    least_energy = intake.value("menu.least_known_energy")
    if energy is None or energy.best < least_energy:
        known = "no energy" if energy is None else f"{energy.best:.0f} kcal a day"
        waiting = summary.reading.open
        raise DataRefusedError(
            f"The recorded days give {known}, too little for a plan (at least {least_energy:.0f}). "
            + (f"{waiting} lines count as unknown until you say what is meant. " if waiting else "")
            + "Write down all that was eaten on a usual day. If that was all, please speak to a doctor before you "
            "change what you eat."
        )
    aims, left = [], []
    for column in wishes.nutrients or _short(found, before, intake):
        chosen = _aim(column, found[column], before, wishes=wishes, intake=intake)
        reason = _no_aim(chosen, column, blocks)
        if isinstance(reason, NotAimed):
            left.append(reason)
        elif chosen is not None:
            aims.append(chosen)
    limits = [_energy(energy.best, intake)]
    fall = intake.value("menu.may_fall")
    for column in COLUMNS:
        goal = next((each.goal for each in aims if each.column == column), None)
        limits.extend(_limits(column, found[column], before.get(column), blocks[column], goal=goal, may_fall=fall))
    # Without a known sum nothing may be added at all.
    limits += [Limit(each, None, _best(before, each), Why.NEVER) for each in (CAFFEINE, ALCOHOL)]
    return Aims(tuple(aims), tuple(limits), tuple(left), before)


def _best(before: Mapping[str, Span], column: str) -> float:
    return before[column].best if column in before else 0.0


def _short(found: Mapping[str, Adequacy], before: Mapping[str, Span], intake: IntakeFacts) -> tuple[str, ...]:
    """Return the nutrients of which too little is at least as likely as not, and that are below their target."""
    short = []
    for column in COLUMNS:
        chance = found[column].inadequate
        if column != SODIUM and chance is not None and chance[1] >= intake.value("menu.short_from"):
            needs = [each.rda for each in references_of(found[column]) if each.rda is not None]
            if needs and _best(before, column) < max(needs):
                short.append(column)
    return tuple(short)


def _aim(
    column: str, adequacy: Adequacy, before: Mapping[str, Span], *, wishes: Wishes, intake: IntakeFacts
) -> Aim | None:
    rows = references_of(adequacy)
    needs = [
        (each.rda if each.rda is not None else each.ai, RDA if each.rda is not None else AI, each.source)
        for each in rows
        if each.rda is not None or each.ai is not None
    ]
    highest = max(needs, key=lambda each: each[0] or 0.0)
    goal, kind = highest[0] or 0.0, highest[1]
    if column in wishes.targets:
        most = goal * intake.value("menu.most_of_allowance")
        uppers = [each.ul for each in rows if each.ul is not None and each.ul_scope == "all"]
        most = min([most, *uppers])
        goal, kind = wishes.targets[column], OWN
        if goal > most:
            unit = nutrient_unit(column)
            raise UsageError(
                f"--target {nutrient_label(column)}={goal:g}: more than {most:g} {unit} a day is not planned here. "
                "Ask a doctor or a dietitian."
            )
    if column not in before:
        return None
    return Aim(
        column, goal, kind, before[column].best, tuple(dict.fromkeys(source for _, _, source in needs)), len(needs)
    )


def _no_aim(aim: Aim | None, column: str, blocks: Mapping[str, Block]) -> NotAimed | None:
    name = nutrient_label(column)
    if blocks[column].state is State.FORBIDDEN:
        return NotAimed(column, " ".join(blocks[column].because), blocked=True)
    if aim is None:
        return NotAimed(column, f"Nothing is known of the {name} in what was recorded.")
    if not aim.missing:
        return NotAimed(column, f"The recorded days already reach it: {aim.before:.3g} of {aim.goal:g}.")
    return None


def _energy(present: float, intake: IntakeFacts) -> Limit:
    room = max(present * intake.value("menu.energy_share"), intake.value("menu.energy_least"))
    return Limit(ENERGY, present - room, present + room, Why.ENERGY)


def _limits(
    column: str, adequacy: Adequacy, before: Span | None, block: Block, *, goal: float | None, may_fall: float
) -> list[Limit]:
    rows = references_of(adequacy)
    now = 0.0 if before is None else before.best
    limits = []
    uppers = [(each.ul, each.source) for each in rows if each.ul is not None and each.ul_scope == "all"]
    if uppers:
        most, source = min(uppers)
        above = now > most
        limits.append(
            Limit(
                column,
                None,
                max(now, most),
                Why.ABOVE_UPPER_LEVEL if above else Why.UPPER_LEVEL,
                (source,),
            )
        )
    risks = [(each.cdrr, each.source) for each in rows if each.cdrr is not None]
    if risks:
        most, source = min(risks)
        above = now > most
        limits.append(
            Limit(column, None, max(now, most), Why.ALREADY_SALTY if above else Why.BLOOD_PRESSURE, (source,))
        )
    if block.state is State.FORBIDDEN:
        limits.append(Limit(column, None, now, Why.BLOCKED, block.sources))
    # What is enough may fall, but not below enough; of salt only a lack in the blood forbids less.
    enough = [each for row in rows for each in (row.rda, row.ai) if each is not None]
    least = now if block.never_down else min(now, max(enough, default=now))
    if block.state is State.FORBIDDEN and not block.never_down:
        least = min(least, now * (1 - may_fall))
    if goal is None and (column != SODIUM or block.never_down):
        limits.append(Limit(column, least, None, Why.NOT_LESS))
    return limits
