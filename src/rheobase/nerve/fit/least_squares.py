"""Find the properties that fit a recording best, and what the recording leaves open."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray
from scipy.optimize import least_squares

from rheobase.errors import DataRefusedError
from rheobase.knowledge.nerve_norms import Fitted, NerveNorms, load_nerve_norms
from rheobase.nerve.fit.identify import Identified, identify
from rheobase.nerve.fit.observe import FIGURES, Seen, Setting, observe, setting_of, value_of
from rheobase.nerve.recording import Points, Recording

Array = NDArray[np.float64]
# Half a standard deviation of the prior: wide against the width of a threshold's bracket, narrow against curvature.
STEP = 0.5
# What stands for a figure that the model axon does not have, in noise.
_WORST = 50.0
_MOST_STEPS, _CLOSE = 16, 5e-3


@dataclass(frozen=True, slots=True)
class Property:
    """One fitted property.

    Attributes:
        fitted: Which.
        value: Factor on the standard axon's, or value in its unit.
        low: Lower end of where it lies with 95 %, as far as the model holds.
        high: Upper end.
        left: What is left of the prior's spread, 0 to 1; 1 where the recording says nothing.
        told: "told", "in part" or "not told".
        at_edge: Whether it ran into its bound.
    """

    fitted: Fitted
    value: float
    low: float
    high: float
    left: float
    told: str
    at_edge: bool


@dataclass(frozen=True, slots=True)
class Residual:
    """One figure: recorded, of the average person, of the fitted axon; distances in standard deviations of people."""

    index: str
    recorded: float
    fitted: float
    distance: float
    before: float


@dataclass(frozen=True, eq=False)
class Fit:
    """What came of a fit.

    Attributes:
        good: Whether it is spoken of at all.
        reason: Why not, "" where it is.
        properties: In the order of the norms.
        residuals: Figure by figure.
        misfit: Root mean square distance, in standard deviations between people.
        misfit_before: The same of the standard axon.
        identified: What can be told apart.
        rest: Change of the resting potential [mV] and the half-width of its 95 % interval.
        curves: Of the fitted axon, on the scale of healthy people.
        tries: Batches of axons that were run.
    """

    good: bool
    reason: str
    properties: tuple[Property, ...]
    residuals: tuple[Residual, ...]
    misfit: float
    misfit_before: float
    identified: Identified
    rest: tuple[float, float]
    curves: Mapping[str, Points]
    tries: int

    @property
    def changed(self) -> tuple[Property, ...]:
        """Properties whose interval leaves out the standard axon."""
        return tuple(
            each for each in self.properties if each.fitted.kind == "factor" and not each.low <= 1 <= each.high
        )


def fit(recording: Recording) -> Fit:
    """Fit a recording.

    Raises:
        DataRefusedError: It holds too few of the figures that the model is held to.
    """
    norms = load_nerve_norms()
    used = [name for name in FIGURES if name in recording.indices]
    if len(used) < norms["fit_least"]:
        raise DataRefusedError(
            f"a fit needs {norms['fit_least']:g} figures that follow the membrane, this recording has {len(used)}. "
            f"Such figures are: {', '.join(norms.norms[name].name for name in FIGURES)}."
        )
    setting = setting_of(recording.temperature, recording.potassium, norms)
    task = _Task(norms, setting, np.array([recording.indices[name] for name in used]), used)
    edge = norms["fit_edge"]
    best = least_squares(
        task.distances, np.zeros(len(norms.fitted)), jac=task.slopes, bounds=(-edge, edge), max_nfev=_MOST_STEPS,
        ftol=_CLOSE, xtol=_CLOSE, gtol=_CLOSE,
    )  # fmt: skip
    return task.result(np.asarray(best.x, float))


class _Task:
    """A recording to be fitted: distances in units of noise, then the properties themselves as their prior."""

    def __init__(self, norms: NerveNorms, setting: Setting, recorded: Array, used: Sequence[str]) -> None:
        self.norms, self.setting, self.recorded, self.used = norms, setting, recorded, used
        self.chosen = [FIGURES.index(name) for name in used]
        self.people = np.array([norms.norms[name].sd for name in used])
        self.noise = norms["fit_noise"] * self.people
        self.tries = 1
        # The standard axon, where healthy people were: what it misses in them it is taken to miss in everybody.
        usual = setting_of(None, None, norms)
        self.standard = observe(np.zeros((1, len(norms.fitted))), usual)
        mean = np.array([norms.norms[name].mean for name in used])
        self.offset = mean - self.standard.figures[0, self.chosen]

    def see(self, x: Array) -> Seen:
        self.tries += 1
        return observe(np.atleast_2d(x), self.setting)

    def predicted(self, seen: Seen) -> Array:
        """Return the figures on the scale of healthy people, shape (axons, figures)."""
        return np.asarray(seen.figures[:, self.chosen] + self.offset)

    def _data(self, seen: Seen) -> Array:
        away = (self.predicted(seen) - self.recorded) / self.noise
        return np.asarray(np.clip(np.nan_to_num(away, nan=_WORST), -_WORST, _WORST))

    def distances(self, x: Array) -> Array:
        return np.concatenate([self._data(self.see(x))[0], x])

    def spread_out(self, x: Array) -> Seen:
        """Return what is seen a step up and a step down in every property, in one batch."""
        steps = STEP * np.eye(x.size)
        return self.see(np.concatenate([x + steps, x - steps]))

    def slopes(self, x: Array) -> Array:
        return np.vstack([self.data_slopes(self.spread_out(x), x.size), np.eye(x.size)])

    def data_slopes(self, seen: Seen, size: int) -> Array:
        found = self._data(seen)
        return np.asarray((found[:size] - found[size:]).T / (2 * STEP))

    def result(self, x: Array) -> Fit:
        """Return the fit at its best."""
        around, seen = self.spread_out(x), self.see(x)
        identified = identify(self.data_slopes(around, x.size), self.norms)
        away = (self.predicted(seen)[0] - self.recorded) / self.people
        before = self.standard.figures[0, self.chosen] + self.offset - self.recorded
        residuals = tuple(
            Residual(name, float(value), float(fitted), float(distance), float(first))
            for name, value, fitted, distance, first in zip(
                self.used, self.recorded, self.predicted(seen)[0], away, before / self.people, strict=True
            )
        )
        good, reason = self._judged(away)
        per = (around.rest[: x.size] - around.rest[x.size :]) / (2 * STEP)
        width = self.norms["inside_z"] * float(np.sqrt(per @ identified.covariance @ per))
        change = float(seen.rest[0] - self.standard.rest[0])
        return Fit(
            good, reason, self._properties(x, identified), residuals, _rms(away), _rms(before / self.people),
            identified, (change, width), self._curves(seen), self.tries,
        )  # fmt: skip

    def _judged(self, away: Array) -> tuple[bool, str]:
        far = int(np.argmax(np.nan_to_num(np.abs(away), nan=np.inf)))
        name = self.norms.norms[self.used[far]].name
        if not np.isfinite(away).all():
            return False, f"no axon near it has this figure: {name}"
        if abs(away[far]) > self.norms["fit_far"]:
            return False, f"{name} stays {abs(away[far]):.1f} standard deviations away, whatever is changed"
        if _rms(away) > self.norms["fit_good"]:
            return False, f"the figures stay {_rms(away):.1f} standard deviations away on the whole"
        return True, ""

    def _properties(self, x: Array, identified: Identified) -> tuple[Property, ...]:
        z, base, edge = self.norms["inside_z"], self.setting.potassium, self.norms["fit_edge"]
        found = []
        for each, at, left in zip(self.norms.fitted, x, identified.left, strict=True):
            told = (
                "told"
                if left < self.norms["fit_told"]
                else "in part"
                if left < self.norms["fit_partly"]
                else "not told"
            )
            low, value, high = (value_of(each, float(at + sign * z * left), base) for sign in (-1, 0, 1))
            found.append(Property(each, value, low, high, float(left), told, bool(abs(at) > 0.98 * edge)))
        return tuple(found)

    def _curves(self, seen: Seen) -> Mapping[str, Points]:
        """Return the curves on the scale of healthy people: their mean and what the model moves by."""
        return moved(seen.curves[0], self.standard.curves[0], self.norms)


def moved(curves: Mapping[str, Points], standard: Mapping[str, Points], norms: NerveNorms) -> Mapping[str, Points]:
    """Return curves as healthy people's mean plus the distance from the standard axon's, at the norms' own places.

    Args:
        curves: Of an axon.
        standard: Of the standard axon, at the same places.
        norms: Healthy people's curves.
    """
    found: dict[str, Points] = {}
    for name, points in curves.items():
        usual = dict(standard[name])
        at, change = zip(*((place, value - usual[place]) for place, value in sorted(points)), strict=True)
        places = [each for each in norms.curves[name] if at[0] <= each.at <= at[-1]]
        found[name] = tuple((each.at, each.mean + float(np.interp(each.at, at, change))) for each in places)
    return found


def _rms(values: Array) -> float:
    return float(np.sqrt(np.mean(values**2)))
