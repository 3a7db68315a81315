"""The pool at rest: steps that adapt, noise, multiples of the normal rate, rates of people."""

from __future__ import annotations

from itertools import pairwise

import numpy as np
import pytest

from rheobase.knowledge.pool_facts import load_crowd, load_pool_facts
from rheobase.nerve.concentrations import normal_serum, serum_of
from rheobase.nerve.membrane import membrane
from rheobase.nerve.pool.rates import crowd, events, multiple, muscle_rates
from rheobase.nerve.pool.simulate import Noise, watch
from rheobase.nerve.pool.sites import usual_spread

LOW = serum_of({"calcium_ionised": 1.0})


def test_wide_steps_fire_when_narrow_ones_do() -> None:
    """Adaptive float32 steps fire as often as 5 us ones in float64 with the same noise, within 30 us in the median."""
    sites, seconds = crowd(), 1.0
    noise = Noise(sites.noise, 2.0, 5)
    where = sites.membrane(serum_of({"calcium_ionised": 0.85}))
    wide = watch(where, seconds, noise, hold=sites.current, keep=8)
    narrow = watch(where, seconds, noise, hold=sites.current, keep=8, cut=(20, 20), dtype=np.float64)
    assert abs(int(wide.events.sum()) - int(narrow.events.sum())) <= 0.03 * narrow.events.sum()
    apart = np.abs(wide.times - narrow.times)
    apart = apart[np.isfinite(apart)]
    assert np.median(apart) < 0.03
    assert np.mean(apart < 5) > 0.95


def test_a_quiet_pool_takes_wide_steps() -> None:
    """Of a pool that fires nothing nearly all steps are wide."""
    quiet = watch(membrane("motor", normal_serum(), vary={"na_persistent": np.ones(32)}), 2.0, Noise(20.0, 2.0))
    assert quiet.impulses.sum() == 0
    assert quiet.fine < 0.01


def test_same_seed_same_pool() -> None:
    """The same sites with the same seed do the same; with another seed they do not."""
    sites = crowd()
    first, again, other = (
        watch(sites.membrane(LOW), 0.5, Noise(sites.noise, 2.0, seed), hold=sites.current, keep=4).times
        for seed in (1, 1, 2)
    )
    assert np.array_equal(first, again, equal_nan=True)
    assert not np.array_equal(first, other, equal_nan=True)


def test_packaged_crowd_is_what_the_model_gives() -> None:
    """The packaged rates in normal serum are those of the model, within chance."""
    sites = crowd()
    seen = watch(sites.membrane(normal_serum()), 10.0, Noise(sites.noise, 2.0, 5), hold=sites.current)
    expected = 10.0 * sum(load_crowd()["normal"])
    assert abs(int(seen.events.sum()) - expected) < 5 * np.sqrt(expected)


def test_weights_stand_for_a_narrower_crowd() -> None:
    """Weighted, the wide crowd has weights that sum to 1 and that rest on a good part of it."""
    weights = crowd().weights(usual_spread(load_pool_facts()))
    assert weights.sum() == pytest.approx(1.0)
    assert 1 / (weights**2).sum() > 0.25 * weights.size


def test_normal_serum_is_once_normal() -> None:
    """In normal serum the multiple is 1 and its interval closes on it."""
    found = multiple(normal_serum())
    assert (found.low, found.middle, found.high) == (1.0, 1.0, 1.0)
    assert found.all_along == 0.0


@pytest.mark.parametrize(
    ("values", "more"),
    [
        ({"calcium_ionised": 1.0}, True),
        ({"magnesium_ionised": 0.3}, True),
        ({"ph": 7.6}, True),
        ({"potassium": 3.5}, False),
        ({"calcium_ionised": 1.4}, False),
    ],
)
def test_direction_of_every_ion(values: dict[str, float], more: bool) -> None:
    """Low calcium, low magnesium and over-breathing bring more fasciculation; low potassium and high calcium less."""
    found = multiple(serum_of(values))
    assert found.low <= found.middle <= found.high
    assert (found.low > 1.2) if more else (found.high < 0.9)


def test_less_calcium_never_calms() -> None:
    """The rate rises steadily as ionised calcium falls from 1.25 to 0.8 mmol/L."""
    means = [events(serum_of({"calcium_ionised": each})).mean() for each in (1.25, 1.1, 1.0, 0.9, 0.8)]
    assert all(low < high for low, high in pairwise(means))


def test_most_healthy_muscles_are_quiet() -> None:
    """Most healthy muscles show nothing in a minute, a few several; the mean is the fitted reference."""
    known = load_pool_facts().rates["healthy"]
    rates = muscle_rates()
    assert rates.quantiles()[0.5] <= known.high
    assert rates.per_minute.mean() == pytest.approx(known.per_minute, rel=0.4)
    assert rates.quantiles()[0.95] > 0
    assert muscle_rates(LOW).per_minute.mean() > 3 * rates.per_minute.mean()


def test_facts_are_graded() -> None:
    """Every assumption about the endings is graded as our own, and every published rate lies within its range."""
    known = load_pool_facts()
    assert {each.grade for each in known.facts.values()} == {"C"}
    assert all(each.low <= each.per_minute <= each.high for each in known.rates.values())
