"""How probable it is that usual intake is inadequate, or above an upper level; what an AI cannot say is left unsaid."""

from __future__ import annotations

import math
from collections.abc import Sequence
from dataclasses import dataclass
from enum import StrEnum
from itertools import pairwise

from rheobase.intake.amounts import Range, amount
from rheobase.intake.life_stage import Who, norms_for, references_for
from rheobase.intake.usual import Day, Usual, usual_intake
from rheobase.knowledge.model_intake import IntakeFacts, Norm, Reference


class Verdict(StrEnum):
    """What can be said of adequacy at one life stage."""

    PROBABILITY = "probability"  # an EAR exists: see ``inadequate``
    UNLIKELY_INADEQUATE = "unlikely_inadequate"  # above an AI
    CANNOT_BE_JUDGED = "cannot_be_judged"  # below an AI, or nothing is known


@dataclass(frozen=True, slots=True)
class Stage:
    """The judgement for one life stage that the person may be in.

    Attributes:
        reference: The reference values.
        usual: Usual intake from food; None where nothing is known of how this group's intake varies.
        verdict: What can be said.
        inadequate: Lowest and highest probability that usual intake is below the person's requirement; None without
            an EAR or without norms. The lowest is 0 when a supplement is taken whose dose is not known.
        above_ul: Probability that usual intake, within the scope of the upper level, is above it; None when not set
            or when the dose that counts is not known.
        above_cdrr: Probability that usual intake is above the chronic disease risk reduction intake; None when not set.
        at_least_only: Whether part of the intake is unknown, so that probabilities above a limit are lower bounds.
    """

    reference: Reference
    usual: Usual | None
    verdict: Verdict
    inadequate: tuple[float, float] | None
    above_ul: float | None
    above_cdrr: float | None
    at_least_only: bool


@dataclass(frozen=True, slots=True)
class Adequacy:
    """The judgement over every life stage that the person may be in.

    Attributes:
        nutrient: Nutrient id.
        unit: Unit of amounts.
        stages: One or more.
        whole_days: Days fully known.
        part_days: Days that are only a lower bound.
        supplement: Daily dose beside food, in the nutrient's unit; None when it is not known whether or how much.
    """

    nutrient: str
    unit: str
    stages: tuple[Stage, ...]
    whole_days: int
    part_days: int
    supplement: float | None

    @property
    def inadequate(self) -> tuple[float, float] | None:
        """Lowest and highest probability of inadequacy over the stages; None unless each has one."""
        ranges = [stage.inadequate for stage in self.stages]
        known = [each for each in ranges if each is not None]
        if len(known) < len(ranges):
            return None
        return min(low for low, _ in known), max(high for _, high in known)

    @property
    def verdict(self) -> Verdict:
        """The stages' verdict where they agree; else it cannot be judged."""
        verdicts = {stage.verdict for stage in self.stages}
        return verdicts.pop() if len(verdicts) == 1 else Verdict.CANNOT_BE_JUDGED

    def usual(self, probability: float) -> Range | None:
        """Return usual intake from food over the stages: middle of the medians, widest interval; None if unknown."""
        ranges = [stage.usual.interval(probability) for stage in self.stages if stage.usual]
        if not ranges:
            return None
        middles = sorted(each.value for each in ranges)
        low, high = min(each.low for each in ranges), max(each.high for each in ranges)
        return Range(low, (middles[0] + middles[-1]) / 2, high)


def probability_below_requirement(usual: Usual, ear: float, deviation: float, supplement: float = 0.0) -> float:
    """Return the probability that usual intake is below the person's own, unknown requirement.

    Args:
        usual: Usual intake from food.
        ear: Mean of requirements.
        deviation: Their standard deviation; 0 for the cut-point method.
        supplement: Daily dose taken beside food, same unit.
    """
    if deviation <= 0:
        return 1 - probability_above(usual, ear, supplement)
    pairs = zip(usual.amounts(), usual.weights, strict=True)
    scale = deviation * math.sqrt(2)
    # Half the complementary error function is the share of requirements above an intake.
    return _probability(sum(weight * math.erfc((food + supplement - ear) / scale) / 2 for food, weight in pairs))


def probability_above(usual: Usual, limit: float, supplement: float = 0.0) -> float:
    """Return the probability that usual intake, with a daily supplement, is above a limit."""
    amounts = usual.amounts()
    # Each weight is spread evenly to half-way to its neighbours, so that the result moves smoothly with the limit.
    middles = [(one + other) / 2 for one, other in pairwise(amounts)]
    lows, highs = [amounts[0], *middles], [*middles, amounts[-1]]
    target = limit - supplement
    return _probability(
        sum(
            weight * _part_above(target, low, high)
            for low, high, weight in zip(lows, highs, usual.weights, strict=True)
        )
    )


def _part_above(limit: float, low: float, high: float) -> float:
    return float(low > limit) if high <= low else min(1.0, max(0.0, (high - limit) / (high - low)))


def _probability(number: float) -> float:
    return min(1.0, max(0.0, number))


def judge(nutrient: str, days: Sequence[Day], who: Who, intake: IntakeFacts, *, supplement: float | None) -> Adequacy:
    """Return what the recorded days say about one nutrient.

    Args:
        nutrient: Nutrient id, such as ``magnesium``.
        days: Recorded days, food and drink.
        who: What is known of the person.
        intake: Facts on intake.
        supplement: Daily dose of the element from supplements and medicines, in the nutrient's unit; 0 for none,
            None when it is not known whether or how much is taken.

    Raises:
        DataRefusedError: The nutrient is unknown, or a number is no amount.
    """
    if supplement is not None:
        amount(f"daily supplement of {nutrient}", supplement, most=intake.value("adequacy.most_per_day"))
    references = references_for(intake, nutrient, who)
    norms = norms_for(intake, nutrient, who) if any(norm.nutrient == nutrient for norm in intake.norms) else ()
    usuals = [usual_intake(days, norm, intake) for norm in norms]
    stages: list[Stage] = []
    for reference in references:
        own: list[Usual | None] = [usual for usual in usuals if _overlap(reference, usual.norm)]
        stages.extend(_stage(reference, usual, intake, supplement) for usual in own or [None])
    whole_from = intake.value("adequacy.whole_day")
    whole = sum(day.amount is not None and day.known_share >= whole_from for day in days)
    return Adequacy(nutrient, references[0].unit, tuple(stages), whole, len(days) - whole, supplement)


def _overlap(reference: Reference, norm: Norm) -> bool:
    if reference.sex not in (norm.sex, "both"):
        return False
    ends_before = reference.age_max is not None and reference.age_max <= norm.age_min
    return not ends_before and (norm.age_max is None or reference.age_min < norm.age_max)


def _stage(reference: Reference, usual: Usual | None, intake: IntakeFacts, supplement: float | None) -> Stage:
    dose = supplement or 0.0
    inadequate = None
    verdict = Verdict.CANNOT_BE_JUDGED
    if usual is not None and reference.ear is not None:
        verdict = Verdict.PROBABILITY
        spread = reference.ear * intake.value(f"requirement_cv.{reference.nutrient}")
        high = probability_below_requirement(usual, reference.ear, spread, dose)
        inadequate = (0.0 if supplement is None else high, high)
    elif (
        usual is not None
        and reference.ai is not None
        and probability_above(usual, reference.ai, dose) >= intake.value("adequacy.certainty")
    ):
        verdict = Verdict.UNLIKELY_INADEQUATE
    above_ul = _above_ul(reference, usual, supplement)
    above_cdrr = None
    if usual is not None and reference.cdrr is not None:
        above_cdrr = probability_above(usual, reference.cdrr, dose)
    partly = supplement is None or bool(usual and usual.part_days)
    return Stage(reference, usual, verdict, inadequate, above_ul, above_cdrr, partly)


def _above_ul(reference: Reference, usual: Usual | None, supplement: float | None) -> float | None:
    if reference.ul is None:
        return None
    if reference.ul_scope == "supplements":
        return None if supplement is None else float(supplement > reference.ul)
    return None if usual is None else probability_above(usual, reference.ul, supplement or 0.0)
