"""Usual intake from a few recorded days: days scatter, people differ less, so few days are drawn towards the group.

On the scale of a root of the intake a day is the person's usual position plus a normal deviation, and positions are
normal between people (as the National Cancer Institute and Iowa State methods assume). A day that is only partly known
says that the true day was at least so much; it enters as that, never as its sum and never as zero.
"""

from __future__ import annotations

import math
from collections.abc import Iterable, Sequence
from dataclasses import dataclass, field, replace
from functools import lru_cache

from rheobase.errors import DataRefusedError
from rheobase.intake.amounts import Range, amount
from rheobase.knowledge.model_intake import IntakeFacts, Norm

_STEPS = 201
_REACH = 6.0  # standard deviations either side; beyond lies less than a hundred-millionth
_FAR_TAIL = -8.0  # standard deviations; below, the tail is taken from its asymptotic form
_ROOT_2 = math.sqrt(2)


@dataclass(frozen=True, slots=True)
class Day:
    """One nutrient on one day.

    Attributes:
        amount: Sum of what is known, in the nutrient's unit; None when nothing is known.
        known_share: Share of the day's food whose content is known, 0 to 1.
    """

    amount: float | None
    known_share: float = 1.0

    def __post_init__(self) -> None:
        amount("known share of a day", self.known_share, most=1)
        if self.amount is not None:
            amount("amount of a day", self.amount)


@dataclass(frozen=True, slots=True)
class Usual:
    """What the days say about a person's usual position.

    Attributes:
        norm: The group.
        points: Positions on the root scale, rising.
        weights: Probability of each; they sum to 1.
        whole_days: Days fully known.
        part_days: Days that gave a lower bound only.
    """

    norm: Norm
    points: tuple[float, ...]
    weights: tuple[float, ...]
    whole_days: int
    part_days: int
    _amounts: list[tuple[float, ...]] = field(default_factory=list, init=False, repr=False, compare=False)

    @property
    def doubt(self) -> float:
        """Standard deviation of the position, root scale."""
        mean = math.fsum(w * p for p, w in zip(self.points, self.weights, strict=True))
        return math.sqrt(math.fsum(w * (p - mean) ** 2 for p, w in zip(self.points, self.weights, strict=True)))

    def amounts(self) -> tuple[float, ...]:
        """Return the usual intake at each position, in the nutrient's unit a day, rising."""
        if not self._amounts:
            # Asked for once for each limit: worked out once.
            self._amounts.append(usual_amounts(self.norm, self.points))
        return self._amounts[0]

    def interval(self, probability: float) -> Range:
        """Return the median and the central interval of usual intake, in the nutrient's unit a day."""
        amount("probability of an interval", probability, most=1)
        tail = (1 - probability) / 2
        low, middle, high = (usual_amount(self.norm, self._quantile(each)) for each in (tail, 0.5, 1 - tail))
        return Range(low, middle, high)

    def _quantile(self, probability: float) -> float:
        reached, before = 0.0, self.points[0]
        for point, weight in zip(self.points, self.weights, strict=True):
            if weight and reached + weight >= probability:
                return before + (point - before) * max(0.0, probability - reached) / weight
            reached, before = reached + weight, point
        return self.points[-1]


def usual_amount(norm: Norm, position: float) -> float:
    """Return the mean over days of someone at a position: the mean of (position + deviation) ** root.

    Skewed days make the mean of days larger than the day at the middle; the terms are the normal moments.
    """
    return usual_amounts(norm, (position,))[0]


def usual_amounts(norm: Norm, positions: Iterable[float]) -> tuple[float, ...]:
    """Return ``usual_amount`` at each position."""
    terms = moments(norm.root, norm.within_sd)
    bases = [position if position > 0 else 0.0 for position in positions]
    return tuple([sum([factor * base**power for factor, power in terms]) for base in bases])


@lru_cache(maxsize=256)
def moments(root: int, deviation: float) -> tuple[tuple[float, int], ...]:
    """Factor and power of each term of the mean of (base + deviation) ** root."""
    return tuple(
        (math.comb(root, 2 * half) * math.prod(range(1, 2 * half, 2)) * deviation ** (2 * half), root - 2 * half)
        for half in range(root // 2 + 1)
    )


def usual_intake(days: Sequence[Day], norm: Norm, intake: IntakeFacts) -> Usual:
    """Return what is known of usual intake after the recorded days.

    Args:
        days: One entry a recorded day, in any order; days close together tell less than is assumed here.
        norm: The group that the person belongs to.
        intake: Facts on intake.

    Returns:
        The group's own distribution when there is no day.

    Raises:
        DataRefusedError: A day is beyond all reason.
    """
    most, whole_from = intake.value("adequacy.most_per_day"), intake.value("adequacy.whole_day")
    known = [day for day in days if day.amount is not None]
    for day in known:
        amount(f"{norm.nutrient} of a day in {norm.unit}", day.amount or 0.0, most=most)
    if not known:
        # Nothing is known of any day: with the same distribution its amounts need not be worked out again.
        return _of_group(norm) if not days else replace(_of_group(norm), part_days=len(days))
    roots = [(day.known_share >= whole_from, (day.amount or 0.0) ** (1 / norm.root)) for day in known]
    whole, part = ([root for is_whole, root in roots if is_whole is wanted] for wanted in (True, False))
    return _usual(norm, whole, part, days=len(days))


@lru_cache(maxsize=128)
def _of_group(norm: Norm) -> Usual:
    """Return the group's own distribution, before anything is recorded."""
    return _usual(norm, [], [], days=0)


def _usual(norm: Norm, whole: list[float], part: list[float], *, days: int) -> Usual:
    """Return what roots of whole and of partly known days say; the others of so many days say nothing."""
    # Whole days and the group combine in closed form; the grid is laid where the result is.
    certainty = 1 / norm.between_sd**2 + len(whole) / norm.within_sd**2
    centre = (norm.mean / norm.between_sd**2 + math.fsum(whole) / norm.within_sd**2) / certainty
    deviation = 1 / math.sqrt(certainty)
    start, end = centre - _REACH * deviation, max(centre, *part, centre) + _REACH * deviation
    points = tuple(start + (end - start) * at / (_STEPS - 1) for at in range(_STEPS))
    scaled = []
    for point in points:
        fit = -((point - centre) ** 2) / (2 * deviation**2)
        fit += math.fsum(_log_at_least(bound, point, norm.within_sd) for bound in part)
        scaled.append(fit)
    top = max(scaled)
    raw = [math.exp(each - top) for each in scaled]
    total = math.fsum(raw)
    return Usual(norm, points, tuple(each / total for each in raw), len(whole), days - len(whole))


def _log_at_least(bound: float, point: float, deviation: float) -> float:
    """Logarithm of the probability that a day is at least the bound."""
    if bound <= 0:  # says nothing at all: intake cannot be negative
        return 0.0
    score = (point - bound) / deviation
    if score > _FAR_TAIL:
        return math.log(_cdf(score))
    return -(score**2) / 2 - math.log(-score) - math.log(2 * math.pi) / 2  # Mills' ratio


def day_below(usual: Usual, limit: float) -> float:
    """Return the probability that another single day of this person is below a limit, in the nutrient's unit.

    Raises:
        DataRefusedError: The limit is no amount.
    """
    bound = amount("limit of a day", limit) ** (1 / usual.norm.root)
    pairs = zip(usual.points, usual.weights, strict=True)
    return min(1.0, math.fsum(w * _cdf((bound - point) / usual.norm.within_sd) for point, w in pairs))


def _cdf(score: float) -> float:
    return math.erfc(-score / _ROOT_2) / 2


def doubt_left(days: int, more: int, norm: Norm) -> float:
    """Return what share of the present doubt (standard deviation, root scale) more whole days would leave.

    Raises:
        DataRefusedError: A number of days is negative.
    """
    amount("recorded days", days)
    amount("more days", more)
    ratio = (norm.within_sd / norm.between_sd) ** 2
    return math.sqrt((days + ratio) / (days + more + ratio))


def days_to_leave(share: float, days: int, norm: Norm) -> int:
    """Return how many more whole days would leave at most this share of the doubt.

    Raises:
        DataRefusedError: The share is not above 0 and at most 1.
    """
    amount("share of doubt", share, most=1)
    if share <= 0:
        raise DataRefusedError("share of doubt: no number of days removes all doubt; expected more than 0")
    ratio = (norm.within_sd / norm.between_sd) ** 2
    return max(0, math.ceil((amount("recorded days", days) + ratio) * (1 / share**2 - 1) - 1e-9))
