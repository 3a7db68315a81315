"""The table that reports and sliders read against the model that it was drawn from."""

from __future__ import annotations

from dataclasses import replace

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from numpy.typing import NDArray

from rheobase.knowledge.nerve_facts import load_nerve_facts
from rheobase.knowledge.nerve_presets import load_nerve_presets
from rheobase.nerve.concentrations import NAMES, Serum, normal_serum
from rheobase.nerve.membrane import membrane
from rheobase.nerve.normal import prone_factors
from rheobase.nerve.pool.rates import multiple
from rheobase.nerve.protocols.excitable import excitable
from rheobase.nerve.protocols.settled import settle
from rheobase.nerve.protocols.spontaneous import spontaneous
from rheobase.nerve.tabled import tabled, usual_tabled
from rheobase.report.nerve_words import limit

SEED, COUNT = 11, 60
# What people have in illness that they walk about with; beyond it, all that the model was compared with.
OFTEN = {"calcium_ionised": (0.8, 1.5), "magnesium_ionised": (0.3, 1.0), "potassium": (2.5, 5.5), "sodium": (125, 155),
         "ph": (7.25, 7.6)}  # fmt: skip


def drawn(ranges: dict[str, tuple[float, float]], temperature: float, **fixed: float) -> list[Serum]:
    """Return serums drawn evenly from ranges."""
    rng = np.random.default_rng(SEED)
    usual = normal_serum(temperature)
    return [
        replace(usual, **{name: float(rng.uniform(*ends)) for name, ends in ranges.items()}, **fixed)
        for _ in range(COUNT)
    ]


def checked() -> dict[str, tuple[float, float]]:
    """Return the ranges in which the model was compared with anything, warmth aside."""
    inputs = load_nerve_facts().inputs
    return {name: (inputs[name].checked_low, inputs[name].checked_high) for name in NAMES if name != "temperature"}


@pytest.mark.parametrize(
    ("ranges", "temperature", "percent", "millivolt"),
    [(OFTEN, 34.0, 0.6, 0.1), (checked(), 34.0, 3.0, 0.2), ({**checked(), "sodium": (140, 140)}, 36.5, 3.0, 0.4)],
)
def test_the_table_is_near_the_model(
    ranges: dict[str, tuple[float, float]], temperature: float, percent: float, millivolt: float
) -> None:
    """Threshold and resting potential come as near to the model as is stated; where it has no impulse none is given."""
    serums = drawn(ranges, temperature)
    settled = settle(membrane("motor", serums))
    usual = settle(membrane("motor", normal_serum())).control[0]
    found = [tabled(each) for each in serums]
    ours = np.array([(each.threshold, each.resting) for each in found if each is not None], dtype=float)
    assert len(ours) == COUNT
    model, given = np.where(excitable(settled), 100 * settled.control / usual, np.nan), np.isfinite(ours[:, 0])
    assert np.abs(ours[given, 0] - model[given]).max() < percent
    # Beside the block the table gives none either; nothing of what people have in milder illness is missing.
    assert (~given).sum() <= (0 if ranges is OFTEN else COUNT / 5)
    assert np.abs(ours[:, 1] - settled.rest).max() < millivolt


def test_where_the_model_has_no_impulse_the_table_has_no_threshold() -> None:
    """In high potassium the table never gives a threshold that the model lacks, and at normal calcium loses few."""
    plain = [replace(normal_serum(), potassium=float(each)) for each in np.arange(7.0, 8.01, 0.1)]
    any_calcium = drawn({**checked(), "potassium": (5.5, 8.0)}, 34.0)
    serums = [*plain, *any_calcium]
    settled = settle(membrane("motor", serums))
    usual = settle(membrane("motor", normal_serum())).control[0]
    model = np.where(excitable(settled), 100 * settled.control / usual, np.nan)
    found = [tabled(each) for each in serums]
    ours = np.array([np.nan if each is None or each.threshold is None else each.threshold for each in found])
    assert None not in found
    assert np.isnan(model[: len(plain)]).all()
    assert np.isnan(ours[np.isnan(model)]).all()
    both = np.isfinite(ours)
    assert both.sum() > np.isfinite(model).sum() / 2 > 0
    assert np.abs(ours - model)[both].max() < 3.0


def test_within_what_was_checked_potassium_alone_has_a_threshold() -> None:
    """To the end of what the model was compared with a person's high potassium has a figure: 57 % at 6.5 mmol/L."""
    found = tabled(replace(normal_serum(), potassium=load_nerve_facts().inputs["potassium"].checked_high))
    assert found is not None
    assert found.threshold == pytest.approx(57.4, abs=1.0)


def test_firing_is_that_of_the_model() -> None:
    """A prone ending fires in the table where it does in the model, at a calcium within 15 %; a typical never does."""
    serums = drawn({**OFTEN, "calcium_ionised": (0.7, 1.2)}, 34.0)
    factors = prone_factors(load_nerve_facts())

    def fires(calcium: float) -> NDArray[np.bool_]:
        near = [replace(each, calcium_ionised=calcium * each.calcium_ionised) for each in serums]
        vary = {name: np.full(COUNT, factor) for name, factor in factors.items()}
        return spontaneous(membrane("motor", near, vary=vary)) > 0

    ours = np.array([each is not None and each.firing >= limit("fires") for each in map(tabled, serums)])
    model = np.array([fires(each) for each in (0.85, 0.92, 1.0, 1.09, 1.18)])
    assert 0 < model[2].sum() < COUNT
    assert (model[2] == ours).mean() >= 19 / 20
    assert np.all((model == ours).any(axis=0))
    assert not spontaneous(membrane("motor", drawn(checked(), 34.0))).any()


def test_twitching_is_that_of_the_pool() -> None:
    """The multiple lies within a third of the pool's, and its interval is about as wide; at normal it is one."""
    serum = replace(normal_serum(), calcium_ionised=1.05, ph=7.43)
    ours, pool = tabled(serum), multiple(serum)
    assert ours is not None
    assert ours.twitching.middle == pytest.approx(pool.middle, rel=1 / 3)
    assert ours.twitching.low == pytest.approx(pool.low, rel=0.5)
    assert ours.twitching.high == pytest.approx(pool.high, rel=0.5)
    assert usual_tabled().twitching.middle == pytest.approx(1.0, abs=0.1)


def test_potassium_sodium_and_warmth_do_not_move_twitching() -> None:
    """The multiple is of calcium, magnesium and pH alone, as is said beside it."""
    serum = replace(normal_serum(), calcium_ionised=1.0)
    other = tabled(replace(serum, potassium=5.5, sodium=130.0, temperature=38.0))
    same = tabled(serum)
    assert other is not None
    assert same is not None
    assert other.twitching == same.twitching
    assert other.threshold != same.threshold


@settings(max_examples=60)
@given(
    calcium=st.floats(0.7, 1.35), less=st.floats(0.02, 0.3),
    others=st.fixed_dictionaries(
        {"magnesium_ionised": st.floats(0.2, 1.0), "ph": st.floats(7.2, 7.7), "potassium": st.floats(2.5, 5.0)}
    ),
)  # fmt: skip
def test_less_calcium_never_calms(calcium: float, less: float, others: dict[str, float]) -> None:
    """At the same potassium a lower calcium never raises the threshold in the table, as in the model."""
    serum = replace(normal_serum(), calcium_ionised=calcium, **others)
    higher, lower = tabled(serum), tabled(replace(serum, calcium_ionised=max(calcium - less, 0.6)))
    assert higher is not None
    assert lower is not None
    assert lower.threshold is not None
    assert higher.threshold is not None
    assert lower.threshold <= higher.threshold + 0.3


def test_every_slider_stays_inside_the_table() -> None:
    """Whatever the sliders say at once, the table answers; normal serum is the normal."""
    sliders = load_nerve_presets().sliders
    for corner in range(2 ** len(sliders)):
        values = {each.id: (each.high if corner >> at & 1 else each.low) for at, each in enumerate(sliders.values())}
        assert tabled(replace(normal_serum(), **values)) is not None, values
    assert usual_tabled().threshold == pytest.approx(100.0)
    assert usual_tabled().resting == pytest.approx(-81.5, abs=0.05)


@pytest.mark.parametrize("name", ["potassium", "calcium_ionised", "sodium"])
def test_outside_of_the_table_nothing_is_said(name: str) -> None:
    """A value that a person can have, but the table does not hold, gives no answer rather than that of its edge."""
    asked = load_nerve_facts().inputs[name]
    ends = [tabled(replace(normal_serum(), **{name: end})) for end in (asked.low, asked.high)]
    assert None in ends
