"""Figures that follow from the curves of a recording, worked out as QTRAC does; the same for those of the model.

Definitions after Kiernan 2000; each was checked against figures and curves of a published recording.
"""

from __future__ import annotations

import itertools
from collections.abc import Callable, Mapping, Sequence
from statistics import linear_regression

from rheobase.nerve.recording import CURRENT_THRESHOLD, RECOVERY, STRENGTH, Electrotonus, Points

# Windows of electrotonus after its current set in [ms], by the id of the figure.
DEPOLARISED = {
    "electrotonus_depolarised_early": (10.0, 20.0),
    "electrotonus_depolarised_middle": (40.0, 60.0),
    "electrotonus_depolarised": (90.0, 100.0),
}
HYPERPOLARISED = {
    "electrotonus_hyperpolarised_early": (10.0, 20.0),
    "electrotonus_hyperpolarised_middle": (20.0, 40.0),
    "electrotonus_hyperpolarised": (90.0, 100.0),
}
SHARE = 40.0
# Up to this delay an impulse leaves superexcitability, from then on late subexcitability [ms].
LATE = 15.0
# As many neighbours are averaged at a peak.
NEIGHBOURS = 3
# Currents near which the resting slope is read, and between which the hyperpolarising one [%].
_AROUND_REST, _STRONG = 10.0, -80.0


def worked_out(curves: Mapping[str, Points], electrotonus: Sequence[Electrotonus]) -> dict[str, float]:
    """Return every figure that the curves hold enough points for, by the ids of the norms."""
    found: dict[str, float | None] = {}
    found["time_constant"], found["rheobase"] = weiss(curves.get(STRENGTH, ()))
    recovery = curves.get(RECOVERY, ())
    found["refractory_period"] = crossing(recovery)
    found["superexcitability"] = extreme(tuple(each for each in recovery if each[0] < LATE), min)
    found["subexcitability"] = extreme(tuple(each for each in recovery if each[0] >= LATE), max)
    for share, windows in ((SHARE, DEPOLARISED), (-SHARE, HYPERPOLARISED)):
        during = next((each.during for each in electrotonus if each.share == share), ())
        found.update({name: mean_between(during, *window) for name, window in windows.items()})
    found.update(slopes(curves.get(CURRENT_THRESHOLD, ())))
    return {name: value for name, value in found.items() if value is not None}


def weiss(points: Points) -> tuple[float | None, float | None]:
    """Return time constant [ms] and rheobase of Weiss's law from widths [ms] and thresholds; None for too few."""
    if len({width for width, _ in points}) < NEIGHBOURS:
        return None, None
    slope, charge = linear_regression([width for width, _ in points], [width * size for width, size in points])
    return (charge / slope, slope) if slope > 0 and charge > 0 else (None, None)


def crossing(points: Points) -> float | None:
    """Return the delay at which threshold first comes down to its control, between two delays in proportion."""
    for (before, higher), (after, lower) in itertools.pairwise(points):
        if higher > 0 >= lower and before > 0:
            return float(before * (after / before) ** (higher / (higher - lower)))
    return None


def extreme(points: Points, pick: Callable[[Sequence[float]], float]) -> float | None:
    """Return the mean of the three neighbours that lie lowest or highest, None for fewer points."""
    changes = [change for _, change in points]
    means = [sum(changes[at : at + NEIGHBOURS]) / NEIGHBOURS for at in range(len(changes) - NEIGHBOURS + 1)]
    return pick(means) if means else None


def mean_between(points: Points, start: float, end: float) -> float | None:
    """Return the mean over a window [ms], None where the points do not reach over nine tenths of it."""
    inside = [each for each in points if start <= each[0] <= end]
    for edge in (start, end):
        level = _between(points, edge)
        if level is not None and all(at != edge for at, _ in inside):
            inside.append((edge, level))
    inside.sort()
    covered = inside[-1][0] - inside[0][0] if inside else 0.0
    if covered < 0.9 * (end - start):
        return None
    area = sum((b - a) * (low + high) / 2 for (a, low), (b, high) in itertools.pairwise(inside))
    return area / covered


def _between(points: Points, at: float) -> float | None:
    for (before, low), (after, high) in itertools.pairwise(points):
        if before <= at <= after and after > before:
            return low + (high - low) * (at - before) / (after - before)
    return None


def slopes(points: Points) -> dict[str, float | None]:
    """Return the slopes of current [%] over fall of threshold [%]: at rest, least, and under strong currents."""
    ordered = sorted(points)
    rest = [each for each in ordered if abs(each[0]) <= _AROUND_REST]
    strong = [each for each in ordered if each[0] <= _STRONG]
    # Where the current hyperpolarises; each slope is over two steps, as a moving line through three points.
    steps = [
        (after[0] - before[0]) / (after[1] - before[1])
        for before, middle, after in zip(ordered, ordered[1:], ordered[2:], strict=False)
        if middle[0] < 0 and after[1] > before[1]
    ]
    enough = len(ordered) > 2 * NEIGHBOURS
    return {
        "resting_slope": _slope(rest),
        "least_slope": min(steps) if steps and enough else None,
        "hyperpolarising_slope": _slope(strong),
    }


def _slope(points: Sequence[tuple[float, float]]) -> float | None:
    if len(points) < NEIGHBOURS:
        return None
    slope = linear_regression([current for current, _ in points], [fall for _, fall in points])[0]
    return 1 / slope if slope > 0 else None
