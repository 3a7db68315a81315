"""What a recording can tell apart: from the slopes of its figures over the properties of the membrane."""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

from rheobase.knowledge.nerve_norms import NerveNorms

Array = NDArray[np.float64]
# A part of a combination is named from this share of the largest one on.
_NAMED = 0.4


@dataclass(frozen=True, eq=False)
class Identified:
    """What can be told.

    Attributes:
        covariance: Of the properties given the recording, in standard deviations of their prior.
        left: What is left of each prior's spread, 0 to 1.
        strengths: How much more than its prior the recording tells of each combination, the strongest first; above 1
            the recording weighs more.
        told: Number of combinations of which it tells more than the prior.
        condition: Largest over smallest singular value of the slopes.
        weakest: Properties and their weights in the combination that the recording tells least of.
        entangled: Pairs of properties that cannot be told apart, with their correlation.
    """

    covariance: Array
    left: Array
    strengths: Array
    told: int
    condition: float
    weakest: tuple[tuple[str, float], ...]
    entangled: tuple[tuple[str, str, float], ...]


def identify(slopes: Array, norms: NerveNorms) -> Identified:
    """Return what a recording can tell.

    Args:
        slopes: Of figures in units of their noise, over properties in standard deviations of their prior; shape
            (figures, properties).
        norms: Names of the properties, and from which correlation two are said to be entangled.
    """
    names = [each.id for each in norms.fitted]
    information = slopes.T @ slopes
    covariance = np.asarray(np.linalg.inv(information + np.eye(len(names))), float)
    strengths, combinations = np.linalg.eigh(information)
    singular = np.linalg.svd(slopes, compute_uv=False)
    smallest = float(singular[-1]) if len(singular) == len(names) else 0.0
    left = np.asarray(np.sqrt(np.diag(covariance)), float)
    weak = combinations[:, 0] * np.sign(combinations[np.argmax(np.abs(combinations[:, 0])), 0])
    named = sorted(zip(names, weak.tolist(), strict=True), key=lambda each: -abs(each[1]))
    together = covariance / np.outer(left, left)
    pairs = [
        (names[a], names[b], float(together[a, b]))
        for a in range(len(names))
        for b in range(a + 1, len(names))
        if abs(together[a, b]) >= norms["fit_entangled"]
    ]
    return Identified(
        covariance,
        left,
        np.asarray(strengths[::-1], float),
        int((strengths > 1).sum()),
        float(singular[0]) / smallest if smallest > 0 else float("inf"),
        tuple(each for each in named if abs(each[1]) >= _NAMED * abs(named[0][1])),
        tuple(sorted(pairs, key=lambda each: -abs(each[2]))),
    )
