"""Recordings that were never made: of a model axon whose properties are known, with noise, to try the fit on."""

from __future__ import annotations

from collections.abc import Mapping

import numpy as np
from numpy.typing import NDArray

from rheobase.errors import DataRefusedError
from rheobase.knowledge.nerve_norms import load_nerve_norms
from rheobase.nerve.fit.least_squares import moved
from rheobase.nerve.fit.observe import FIGURES, observe, setting_of
from rheobase.nerve.recording import Points, Recording

Array = NDArray[np.float64]


def whitened(truth: Mapping[str, float]) -> Array:
    """Return properties in standard deviations of their prior.

    Args:
        truth: By id: a factor on the standard axon's, or potassium [mmol/L]; the rest is standard.

    Raises:
        DataRefusedError: A property is not one of those that are fitted.
    """
    fitted, usual = load_nerve_norms().fitted, setting_of(None, None, load_nerve_norms())
    if unknown := truth.keys() - {each.id for each in fitted}:
        raise DataRefusedError(f"{min(unknown)!r} is not fitted; there are: {', '.join(e.id for e in fitted)}")
    return np.array(
        [
            0.0 if each.id not in truth
            else (truth[each.id] - usual.potassium) / each.spread if each.kind == "shift"
            else np.log(truth[each.id]) / each.spread
            for each in fitted
        ]
    )  # fmt: skip


def simulated(truth: Mapping[str, float], *, noise: float = 0.0, seed: int = 0) -> Recording:
    """Return the figures of an axon as a recording.

    Args:
        truth: Its properties, as for ``whitened``.
        noise: Of every figure, in standard deviations between people.
        seed: Starts the noise.
    """
    norms = load_nerve_norms()
    both = observe(np.array([np.zeros(len(norms.fitted)), whitened(truth)]), setting_of(None, None, norms))
    drawn = np.random.default_rng(seed).normal(size=len(FIGURES))
    change = both.figures[1] - both.figures[0]
    indices = {
        name: norms.norms[name].mean + float(change[at]) + noise * norms.norms[name].sd * float(drawn[at])
        for at, name in enumerate(FIGURES)
    }
    return Recording("simulated", indices)


def simulated_curves(truth: Mapping[str, float], *, noise: float = 0.0, seed: int = 0) -> Mapping[str, Points]:
    """Return the curves of an axon on the scale of healthy people, by the names of the norms' curves.

    Args:
        truth: Its properties, as for ``whitened``.
        noise: Of every point, in standard deviations between people.
        seed: Starts the noise.
    """
    norms, generator = load_nerve_norms(), np.random.default_rng(seed)
    both = observe(np.array([np.zeros(len(norms.fitted)), whitened(truth)]), setting_of(None, None, norms))
    curves = moved(both.curves[1], both.curves[0], norms)
    spread = {name: {each.at: each.sd for each in norms.curves[name]} for name in curves}
    return {
        name: tuple((at, value + noise * spread[name][at] * float(generator.normal())) for at, value in points)
        for name, points in curves.items()
    }
