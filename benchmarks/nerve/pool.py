"""How fast the pool at rest runs and what its wide steps cost, for each second of processor time.

    .venv/bin/python benchmarks/nerve/pool.py

Work is counted in steps of 5 us: what a run of fixed steps would have had to do for the same time. Spike times are held
against fixed steps of 5 us in float64 with the same noise. NEURON's figure was measured elsewhere (one node, 9.0.2).
"""

from __future__ import annotations

import time

import numpy as np

from rheobase.nerve.concentrations import Serum, normal_serum, serum_of
from rheobase.nerve.membrane import membrane
from rheobase.nerve.pool.rates import crowd, multiple
from rheobase.nerve.pool.simulate import Noise, Watched, watch

PUBLISHED_STEP, NEURON = 0.005, 8.0e6
SECONDS = 2.0


def timed(name: str, sites: int, seconds: float, run) -> Watched:  # type: ignore[no-untyped-def] # noqa: ANN001
    """Print one line about a run and return what it gave."""
    before = time.process_time()
    found: Watched = run()
    spent = time.process_time() - before
    rate = sites * 1000 * seconds / PUBLISHED_STEP / spent
    print(
        f"{name:44s} {spent:7.2f} s cpu, {rate:.2e} steps of 5 us per cpu-s ({rate / NEURON:.0f} x NEURON, measured "
        f"elsewhere), {found.impulses.sum()} impulses, {100 * found.fine:.0f} % of steps fine"
    )
    return found


def main() -> None:
    """Print speed at rest and in low calcium, and the cost in spike times."""
    usual, low, sites = normal_serum(), serum_of({"calcium_ionised": 1.0}), crowd()
    count = sites.na.size
    noise = Noise(sites.noise, 2.0, 5)
    watch(sites.membrane(usual), 0.01, noise, hold=sites.current)
    quiet = membrane("motor", usual, vary={"na_persistent": np.ones(1024)})
    timed("1024 ordinary axons, nothing fires", 1024, SECONDS, lambda: watch(quiet, SECONDS, Noise(20.0, 2.0)))

    def pool(serum: Serum, cut: tuple[int, int] = (1, 5), dtype: type[np.floating] = np.float32) -> Watched:
        return watch(sites.membrane(serum), SECONDS, noise, hold=sites.current, keep=20, cut=cut, dtype=dtype)

    timed(f"{count} prone endings, normal serum", count, SECONDS, lambda: pool(usual))
    wide = timed(f"{count} prone endings, calcium 1.0", count, SECONDS, lambda: pool(low))
    fixed = timed("the same, fixed steps of 20 us", count, SECONDS, lambda: pool(low, (5, 5)))
    exact = timed("the same, 5 us, float64", count, SECONDS, lambda: pool(low, (20, 20), np.float64))
    for name, run in (("adaptive", wide), ("fixed 20 us", fixed)):
        apart = 1000 * np.abs(run.times - exact.times)
        apart = apart[np.isfinite(apart)]
        print(
            f"{name}: {run.impulses.sum()} impulses for {exact.impulses.sum()}; apart {np.median(apart):.0f} us in the "
            f"median, {np.quantile(apart, 0.9):.0f} us at nine in ten (noise decides when; errors grow while it does)"
        )
    before = time.perf_counter()
    found = multiple(serum_of({"calcium_ionised": 1.05}))
    spent = time.perf_counter() - before
    print(f"a person's multiple: {found.middle:.1f} ({found.low:.1f} to {found.high:.1f}), {spent:.1f} s")


if __name__ == "__main__":
    main()
