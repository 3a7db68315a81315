"""Try the fit of nerve recordings on recordings whose truth is known: how often the 95 % intervals hold it.

    .venv/bin/python benchmarks/nerve_fit.py [RECORDINGS]     # 40 unless told; about 3 CPU-seconds each

Every truth is drawn from the prior, seen through the model, and given the noise that the fit takes for granted.
"""

from __future__ import annotations

import sys
import time

import numpy as np
from numpy.typing import NDArray

from rheobase.evaluation.simulated_recordings import simulated
from rheobase.knowledge.nerve_norms import load_nerve_norms
from rheobase.nerve.fit.least_squares import fit
from rheobase.nerve.fit.observe import setting_of, value_of


def main(recordings: int) -> None:
    """Print the share of intervals that hold the truth, and the error, property by property."""
    norms, generator = load_nerve_norms(), np.random.default_rng(2026)
    base = setting_of(None, None, norms).potassium
    held: list[list[bool]] = []
    error: list[NDArray[np.float64]] = []
    spoken: list[bool] = []
    spent, number = time.process_time(), 0
    while len(held) < recordings:
        number += 1
        x = np.clip(generator.normal(size=len(norms.fitted)), -norms["fit_edge"], norms["fit_edge"])
        truth = {each.id: value_of(each, float(at), base) for each, at in zip(norms.fitted, x.tolist(), strict=True)}
        recording = simulated(truth, noise=norms["fit_noise"], seed=number)
        if not all(np.isfinite(value) and norms.norms[name].possible[0] <= value <= norms.norms[name].possible[1]
                   for name, value in recording.indices.items()):  # fmt: skip
            # An axon that fires by itself cannot be recorded.
            continue
        found = fit(recording)
        spoken.append(found.good)
        held.append([each.low <= truth[each.fitted.id] <= each.high for each in found.properties])
        best = [
            (each.value - base if each.fitted.kind == "shift" else np.log(each.value)) / each.fitted.spread
            for each in found.properties
        ]
        error.append(np.array(best) - x)
    print(
        f"{recordings} recordings, {sum(spoken)} spoken of; {(time.process_time() - spent) / recordings:.1f} CPU-s each"
    )
    counted, off = np.array(held)[spoken], np.array(error)[spoken]
    shares, errors = counted.mean(axis=0), np.sqrt(np.square(off).mean(axis=0))
    print(f"intervals that hold the truth: {counted.mean():.1%}")
    for each, share, away in zip(norms.fitted, shares, errors, strict=True):
        print(f"{each.id:14s} {share:6.1%} held; error {away:.2f} standard deviations of the prior")


if __name__ == "__main__":
    main(int(sys.argv[1]) if len(sys.argv) > 1 else 40)
