"""Advice, what a plan may not do, nutrients, and the seed's statements."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field
from typing import Any

from rheobase.logic import Expression

UP, DOWN = "up", "down"


@dataclass(frozen=True, slots=True)
class Caution:
    """A warning that goes with advice; shown when ``when`` is not known to be false."""

    text: str
    when: Expression | None = None
    source: str | None = None


@dataclass(frozen=True, slots=True)
class Taper:
    """How to cut something down at home, step by step, from what this person takes to a target.

    Attributes:
        finding: The number that is cut down, such as ``caffeine_mg_day``, in that finding's unit.
        target: Where the schedule ends.
        step_share: The share of the present amount that each step takes away.
        every_days: Days between steps.
        round_to: Amounts are rounded down to a multiple of this.
        unit: The unit in words, such as ``mg a day``.
    """

    finding: str
    target: float
    step_share: float
    every_days: int
    round_to: float
    unit: str


@dataclass(frozen=True, slots=True)
class Advice:
    """One thing to do, for whom, how, what forbids it, and when it is judged.

    Attributes:
        id: Name within the knowledge.
        kind: ``doctor``, ``test`` and ``medicine`` are arranged with a clinician; the others are done at home.
        text: What and why, in one or two sentences.
        for_causes: Causes it is for; ``*`` is everybody.
        sources: Where it comes from.
        title: A few words to call it by.
        strength: ``strong``, ``moderate`` or ``weak``.
        grade: A, B or C.
        benefit: 3 helps most people with the cause, 1 a little.
        only_when_calm: It comforts or waits; it never stands beside a red flag.
        only_when_urgent: It says what only matters while an appointment is awaited.
        needs_fit: ``always``: only where one of its causes fits well; ``calm``: so while it is calm, and for a possible
            or undecided cause too while it is not.
        reassures: It recites good odds: offered only where each exclusion that a person can answer is known absent.
        warns: It says what must not be done; it wins every contradiction and is never left for later.
        amount: A daily amount in words.
        steps: How to do it, in order.
        taper: A schedule to cut something down at home.
        cut_down: Who cuts down what must not be stopped at once: ``taper`` (by the schedule), ``prescriber``,
            ``help`` (a service), or nothing.
        nutrient: The nutrient whose foods the plan lists.
        limits: The nutrient or stimulant whose rich sources the plan lists, to be cut down.
        pushes: Substance by id, ``up`` or ``down``: two offered items never push one substance both ways.
        keeps_away: Substances that medicines must be kept apart from in time.
        covers: Items that say nothing new beside this one.
        recheck_days: Days after which it is judged.
        better_if: What counts as better then.
        worse_if: What counts as worse then, and what to do.
        stop_if: When to leave off this advice before that.
        offer_when: Whom it is for, beyond the cause.
        do_not_offer_when: What forbids it.
        blocked_because: Why, in words.
        quiet: It only informs: where it is forbidden, nothing is said about it.
        ask_first: Findings that matter beyond those of the block.
        cautions: Warnings that go with it.
        conflicts_with: Advice that contradicts it; holds both ways.
        note: For whoever reads the knowledge.
    """

    id: str
    kind: str
    text: str
    for_causes: tuple[str, ...]
    sources: tuple[str, ...]
    title: str = ""
    strength: str = "moderate"
    grade: str = "C"
    benefit: int = 2
    only_when_calm: bool = False
    only_when_urgent: bool = False
    needs_fit: str = ""
    reassures: bool = False
    warns: bool = False
    amount: Any = None
    steps: tuple[str, ...] = ()
    taper: Taper | None = None
    cut_down: str = ""
    nutrient: str | None = None
    limits: str | None = None
    pushes: Mapping[str, str] = field(default_factory=dict)
    keeps_away: tuple[str, ...] = ()
    covers: tuple[str, ...] = ()
    recheck_days: int | None = None
    better_if: str = ""
    worse_if: str = ""
    stop_if: tuple[str, ...] = ()
    offer_when: Expression | None = None
    do_not_offer_when: Expression | None = None
    blocked_because: str = ""
    quiet: bool = False
    ask_first: tuple[str, ...] = ()
    cautions: tuple[Caution, ...] = ()
    conflicts_with: tuple[str, ...] = ()
    note: str = ""


@dataclass(frozen=True, slots=True)
class Substance:
    """Something that advice pushes up or down, and when it must not be pushed that way, whatever the advice.

    Attributes:
        id: Name within the knowledge.
        name: In words.
        sources: Where the blocks come from.
        never_up: No advice may ever push it up.
        never_up_when: What forbids every advice that pushes it up.
        because_up: Why, in words.
        never_down_when: What forbids every advice that pushes it down.
        because_down: Why, in words.
        note: For whoever reads the knowledge.
    """

    id: str
    name: str
    sources: tuple[str, ...] = ()
    never_up: bool = False
    never_up_when: Expression | None = None
    because_up: str = ""
    never_down_when: Expression | None = None
    because_down: str = ""
    note: str = ""


@dataclass(frozen=True, slots=True)
class Food:
    """One food: what a portion of it holds, and why somebody may have to leave it out.

    Attributes:
        id: Name within the knowledge.
        name: In words.
        portion: In words.
        source: Where the amounts come from.
        grade: A, B or C.
        grams: Weight of the portion.
        good_for: Nutrients that it is listed for.
        rich_in: What it is listed for as a source to limit.
        per_100g: By nutrient, in the unit of ``food_unit``; a nutrient that is not here is unknown, never zero.
        as_told: By nutrient, the amount of a portion in words, where a source gives only a range.
        usda: Number in the table of the United States Department of Agriculture.
        tags: What a food rule may name.
    """

    id: str
    name: str
    portion: str
    source: str
    grade: str = "C"
    grams: float | None = None
    good_for: tuple[str, ...] = ()
    rich_in: tuple[str, ...] = ()
    per_100g: Mapping[str, float] = field(default_factory=dict)
    as_told: Mapping[str, str] = field(default_factory=dict)
    usda: str = ""
    tags: tuple[str, ...] = ()

    def in_portion(self, nutrient: str) -> float | None:
        """Return how much a portion holds, in the nutrient's unit; None when that is not known."""
        per_100g = self.per_100g.get(nutrient)
        return None if per_100g is None or self.grams is None else per_100g * self.grams / 100


@dataclass(frozen=True, slots=True)
class FoodRule:
    """Which foods somebody must leave out: by tag, or by what a portion holds.

    With ``ask`` a food is marked "only if" while ``when`` is not known; without, it is a matter of choice, not of harm.
    """

    id: str
    when: Expression
    because: str
    sources: tuple[str, ...]
    tags: tuple[str, ...] = ()
    nutrient: str | None = None
    over: float | None = None
    ask: bool = True

    def concerns(self, food: Food) -> bool:
        """Return whether it is about this food; an amount that is not known counts as too much."""
        if any(tag in food.tags for tag in self.tags):
            return True
        if self.nutrient is None or self.over is None:
            return False
        amount = food.in_portion(self.nutrient)
        return amount is None or amount > self.over


@dataclass(frozen=True, slots=True)
class FoodUnit:
    """The unit of a nutrient in ``foods.toml``, and to how much its amounts are rounded."""

    id: str
    unit: str
    round_to: float


@dataclass(frozen=True, slots=True)
class Nutrient:
    """One nutrient of the comparison table."""

    id: str
    name: str
    fields: Mapping[str, Any] = field(default_factory=dict)


@dataclass(frozen=True, slots=True)
class Statement:
    """One statement of the seed document, in our words, and the facts that carry it."""

    id: str
    words: str
    carried_by: tuple[str, ...]
    agreement: str
    paragraph: str = ""
    better_evidence: str = ""
    sources: tuple[str, ...] = ()
