"""Fit the conductances of the motor axon to published figures; prints them for knowledge/data/nerve/axons.toml.

    .venv/bin/python tools/fit_nerve.py          # from the values in the facts, two minutes

Least squares on V2 to V9, on the direction of the effects of potassium (I7, I9) and, weakly, on a threshold 20 % lower
at ionised calcium 0.9 mmol/L (an expectation of ours, not a figure from anywhere) and on staying near the start.
"""

from __future__ import annotations

from dataclasses import replace
from functools import partial

import numpy as np
from numpy.typing import NDArray
from scipy.optimize import least_squares

from rheobase.knowledge.nerve_facts import Axon, load_nerve_facts
from rheobase.nerve.concentrations import normal_serum
from rheobase.nerve.membrane import membrane
from rheobase.nerve.protocols.current_threshold import current_threshold
from rheobase.nerve.protocols.electrotonus import electrotonus
from rheobase.nerve.protocols.recovery_cycle import recovery_cycle
from rheobase.nerve.protocols.settled import settle
from rheobase.nerve.protocols.strength_duration import strength_duration
from rheobase.nerve.protocols.threshold import threshold

Array = NDArray[np.float64]
FACTORS = (
    "p_na", "na_persistent", "g_k_fast", "g_k_slow", "g_leak", "g_k_slow_i", "g_k_fast_i", "g_h_i", "g_leak_i", "g_bb",
    "c_node", "c_myelin",
)  # fmt: skip
SHIFTS = ("rest", "ih_half")
DELAYS = (2.5, 3.2, 4.0, 5.0, 6.3, 7.9, 10.0, 18.5, 28.0, 37.0, 52.0)
TIMES = (10.0, 15.0, 20.0, 90.0, 95.0, 99.0)
# The unknowns are counted from here, since the solver's steps are shares of them.
ORIGIN = 5.0
WORST = 20.0


def axon_of(x: Array, base: Axon) -> Axon:
    """Return the axon of some logarithms of factors and two shifts [mV]."""
    own = dict(base.parameters)
    for name, value in zip(FACTORS, np.exp(x[: len(FACTORS)]), strict=True):
        own[name] = replace(own[name], value=own[name].value * float(value))
    for name, value in zip(SHIFTS, x[len(FACTORS) :], strict=True):
        own[name] = replace(own[name], value=own[name].value + float(value))
    return replace(base, parameters=own)


def residuals(unknowns: Array, base: Axon) -> Array:
    """Return how far the axon is from each figure, in tolerances."""
    x, usual = unknowns - ORIGIN, normal_serum()
    serums = [usual, replace(usual, potassium=5.5), replace(usual, potassium=3.0), replace(usual, calcium_ionised=0.9)]
    settled = settle(membrane(axon_of(x, base), serums))
    cycle, law, slopes = recovery_cycle(settled, DELAYS), strength_duration(settled), current_threshold(settled)
    plus, minus = electrotonus(settled, 0.4, TIMES), electrotonus(settled, -0.4, TIMES)
    early, share = np.clip(cycle.change, -100, 150), settled.control / settled.control[0]
    most = cycle.superexcitability
    figures = [
        (law.time_constant[0] - 0.46) / 0.03, (early[0, 0] - 12) / 4, (early[1, 0] + 4) / 4, (most[0] + 22) / 1.5,
        (cycle.subexcitability[0] - 14) / 2, (plus.early[0] - 67) / 3, (plus.late[0] - 45) / 3,
        (minus.late[0] + 120) / 10, (slopes.resting_slope[0] - 0.58) / 0.06, (slopes.least_slope[0] - 0.25) / 0.03,
    ]  # fmt: skip
    directions = [
        max(0, 0.70 - share[1]) / 0.05, max(0, share[2] - 1.35) / 0.07, min(0, most[1] - most[0] - 5) / 2,
        max(0, most[2] - most[0] + 3) / 1.5, min(0, early[0, 1] - early[0, 0] - 8) / 4,
        max(0, plus.late[1] - plus.late[0] + 6) / 2,
        min(0, plus.late[2] - plus.late[0] - 4) / 2, (share[3] - 0.8) / 0.08,
    ]  # fmt: skip
    near = [*(0.15 * x[: len(FACTORS)] / np.log(2)), x[-2] / 3, x[-1] / 6]
    found = np.nan_to_num(np.array([*figures, *directions, *near], float), nan=WORST, posinf=WORST, neginf=-WORST)
    return np.asarray(np.clip(found, -WORST, WORST))


def main() -> None:
    """Fit and print."""
    # The solver feels for slopes: thresholds have to be finer than elsewhere.
    (threshold.__kwdefaults__ or {})["within"] = 3e-4
    base = load_nerve_facts().axons["motor"]
    start = np.full(len(FACTORS) + len(SHIFTS), ORIGIN)
    scale = np.array([0.5] * len(FACTORS) + [2.0, 4.0])
    best = least_squares(
        partial(residuals, base=base), start, diff_step=np.full(start.size, 0.01), max_nfev=25, x_scale=scale
    )
    fitted = axon_of(best.x - ORIGIN, base)
    print(f"cost {best.cost:.2f}")
    for name in (*FACTORS, *SHIFTS):
        print(f"{name:14s} {fitted.value(name):9.4g} {fitted.parameters[name].unit:12s} (was {base.value(name):.4g})")


if __name__ == "__main__":
    main()
