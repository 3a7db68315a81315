"""The mixed-integer programme: which changes, of which size, at the least effort; solved to a proof by HiGHS."""

from __future__ import annotations

import math
from collections.abc import Iterable, Sequence
from dataclasses import dataclass

from rheobase.errors import DataRefusedError
from rheobase.menu.aims import Aims
from rheobase.menu.options import Option

# Most seconds for one solution; a usual one takes hundredths.
TIME_LIMIT = 10.0
# A bound this little above a whole number is that number.
ROUNDING = 1e-6
AIM, LIMIT, PORTIONS, CHANGES, SHAPE = "aim", "limit", "portions", "changes", "shape"
OPTIMAL, INFEASIBLE, NO_ANSWER = "optimal", "infeasible", "no answer in time"


@dataclass(frozen=True, slots=True)
class Row:
    """One linear condition: ``low <= sum(coefficients of the chosen) <= high``.

    Attributes:
        family: What kind of condition it is.
        name: Column, kind or food that it is about.
        coefficients: One per option.
        low: Lower end.
        high: Upper end.
    """

    family: str
    name: str
    coefficients: tuple[float, ...]
    low: float
    high: float


@dataclass(frozen=True, slots=True)
class Programme:
    """Options with their prices, and the conditions."""

    options: tuple[Option, ...]
    rows: tuple[Row, ...]


@dataclass(frozen=True, slots=True)
class Solution:
    """What the solver returned.

    Attributes:
        status: ``optimal``, ``infeasible``, or the solver's own words.
        chosen: Places of the chosen options, in order.
        price: Effort of the chosen.
        bound: No plan can have less effort, by the solver's proof.
        gap: Relative difference of the two.
        short: Share of each target that stays missing, by column, when that was allowed.
    """

    status: str
    chosen: tuple[int, ...] = ()
    price: float = math.inf
    bound: float = -math.inf
    gap: float = math.inf
    short: tuple[tuple[str, float], ...] = ()


def write_programme(
    options: tuple[Option, ...], aims: Aims, *, kinds: dict[str, float], most_changes: float
) -> Programme:
    """Return the conditions on a plan.

    Args:
        options: Every change that may be chosen.
        aims: What to reach and to keep.
        kinds: Most helpings that may be added of each kind.
        most_changes: Most changes of one plan.
    """
    rows: list[Row] = []
    for aim in aims.aims:
        given = tuple(each.gains[aim.column] / aim.goal for each in options)
        rows.append(Row(AIM, aim.column, given, aim.missing / aim.goal, math.inf))
    for limit in aims.limits:
        now = aims.before[limit.column].best if limit.column in aims.before else 0.0
        scale = max(now, 1.0)
        given = tuple(each.gains[limit.column] / scale for each in options)
        low = -math.inf if limit.least is None else (limit.least - now) / scale
        high = math.inf if limit.most is None else (limit.most - now) / scale
        if _can_bind(given, low, high, int(most_changes)):
            rows.append(Row(LIMIT, f"{limit.column}:{limit.why.value}", given, low, high))
    rows.extend(_portions(options, kinds))
    rows.append(Row(CHANGES, "", (1.0,) * len(options), 0.0, most_changes))
    rows.extend(_shapes(options))
    return Programme(options, tuple(rows))


def _can_bind(given: tuple[float, ...], low: float, high: float, changes: int) -> bool:
    """Whether so many changes can reach an end at all; what can't is left to the second check."""
    ordered = sorted(given)
    return sum(min(each, 0.0) for each in ordered[:changes]) < low or high < sum(
        max(each, 0.0) for each in ordered[-changes:]
    )


def _portions(options: tuple[Option, ...], kinds: dict[str, float]) -> Iterable[Row]:
    for kind, most in kinds.items():
        added = tuple(each.helpings if each.more is not None and each.kind == kind else 0.0 for each in options)
        if any(added):
            yield Row(PORTIONS, kind, added, 0.0, most)


def _shapes(options: tuple[Option, ...]) -> Iterable[Row]:
    """Yield what makes a plan readable: one size of each change, and one change of each food."""
    items: dict[str, list[int]] = {}
    for at, each in enumerate(options):
        items.setdefault(each.item, []).append(at)
        for food in each.foods:
            items.setdefault(f"food {food}", []).append(at)
    sets = {name: frozenset(places) for name, places in items.items() if len(places) > 1}
    seen: set[frozenset[int]] = set()
    for name, inside in sets.items():
        # A condition inside a wider one says nothing new.
        if inside in seen or any(inside < other for other in sets.values()):
            continue
        seen.add(inside)
        yield Row(SHAPE, name, tuple(1.0 if at in inside else 0.0 for at in range(len(options))), 0.0, 1.0)


def cut(programme: Programme, chosen: Sequence[int]) -> tuple[Row, ...]:
    """Return conditions that leave out a plan: not all of its changes, of whatever size, and a food that it has not.

    Args:
        programme: The programme.
        chosen: Places of the options of the plan.
    """
    options = programme.options
    items = {options[at].item for at in chosen}
    foods = frozenset().union(*(options[at].foods for at in chosen))
    same = tuple(1.0 if each.item in items else 0.0 for each in options)
    other = tuple(0.0 if each.foods <= foods else 1.0 for each in options)
    return (Row(SHAPE, "not the same", same, 0.0, len(items) - 1.0), Row(SHAPE, "another food", other, 1.0, math.inf))


def at_least(programme: Programme, price: float) -> Row:
    """Return the condition that a plan takes at least so much effort; whole prices make a bound a whole one."""
    whole = all(each.price == int(each.price) for each in programme.options)
    bound = math.ceil(price - ROUNDING) if whole else price - ROUNDING
    return Row(SHAPE, "effort", tuple(each.price for each in programme.options), bound, math.inf)


def solve(
    programme: Programme, more: Sequence[Row] = (), *, without: str = "", only: str = "", fall_short: bool = False
) -> Solution:
    """Return the plan of least effort.

    Args:
        programme: Options and conditions.
        more: Further conditions.
        without: Conditions that are left out: ``family`` or ``family name``.
        only: Column of the only target that counts; "" for all.
        fall_short: Minimise what stays missing of the targets instead of the effort.

    Returns:
        A solution with the solver's own bound and gap; no ``chosen`` where there is none.

    Raises:
        DataRefusedError: SciPy is not installed.
    """
    try:
        import numpy as np  # noqa: PLC0415 - heavy, and an extra
        from scipy.optimize import Bounds, LinearConstraint, milp  # noqa: PLC0415
    except ImportError:
        raise DataRefusedError('A plan needs SciPy. Install it with: pip install "rheobase[plan]"') from None
    rows = [each for each in (*programme.rows, *more) if _counts(each, without, only)]
    if not programme.options or not rows:
        return Solution(INFEASIBLE)
    count = len(programme.options)
    aims = [at for at, each in enumerate(rows) if each.family == AIM] if fall_short else []
    matrix = np.zeros((len(rows), count + len(aims)))
    for at, row in enumerate(rows):
        matrix[at, :count] = row.coefficients
    for extra, at in enumerate(aims):
        matrix[at, count + extra] = 1.0
    price = np.array([each.price for each in programme.options] + [0.0] * len(aims))
    if fall_short:
        # What is missing counts alone; the little price only breaks ties, and the bound is not shown.
        price = np.concatenate([price[:count] * 1e-6, np.ones(len(aims))])
    answer = milp(
        price,
        integrality=np.array([1] * count + [0] * len(aims)),
        bounds=Bounds(0, np.array([1.0] * count + [np.inf] * len(aims))),
        constraints=LinearConstraint(matrix, [each.low for each in rows], [each.high for each in rows]),
        options={"time_limit": TIME_LIMIT, "mip_rel_gap": 0.0},
    )
    if answer.x is None:
        return Solution(INFEASIBLE if answer.status == 2 else NO_ANSWER)
    chosen = tuple(at for at in range(count) if answer.x[at] > 0.5)
    short = tuple((rows[at].name, float(answer.x[count + extra])) for extra, at in enumerate(aims))
    status = OPTIMAL if answer.status == 0 else str(answer.message)
    whole = float(sum(programme.options[at].price for at in chosen))
    return Solution(status, chosen, whole, float(answer.mip_dual_bound), float(answer.mip_gap), short)


def _counts(row: Row, without: str, only: str) -> bool:
    if without and without in (row.family, f"{row.family} {row.name}"):
        return False
    return row.family != AIM or not only or row.name == only
