"""An axon in depolarisation block has no threshold."""

from __future__ import annotations

from dataclasses import replace

import numpy as np
import pytest

from rheobase.knowledge.nerve_facts import load_nerve_facts
from rheobase.nerve.concentrations import normal_serum, serum_of
from rheobase.nerve.indices import measure_some
from rheobase.nerve.membrane import membrane
from rheobase.nerve.normal import view
from rheobase.nerve.protocols import excitable as excitable_check
from rheobase.nerve.protocols.excitable import excitable
from rheobase.nerve.protocols.settled import settle
from rheobase.report.nerve_words import limit, threshold_words


@pytest.mark.parametrize(
    ("values", "fires"),
    [
        ({}, True),
        ({"potassium": 6.0}, True),
        ({"calcium_ionised": 0.5}, True),
        ({"potassium": 8.0}, False),
        ({"potassium": 10.0, "calcium_ionised": 0.3, "temperature": 42.0}, False),
    ],
)
def test_high_potassium_takes_the_impulse_away(values: dict[str, float], *, fires: bool) -> None:
    """A motor axon fires all or nothing up to potassium 6.5, and no longer at 8."""
    assert excitable(settle(membrane("motor", serum_of(values))))[0] == fires


def test_what_counts_as_an_impulse_is_a_fact(monkeypatch: pytest.MonkeyPatch) -> None:
    """The check asks the knowledge how much an impulse adds: were it a volt, an axon at potassium 6 would have none."""
    known = load_nerve_facts()
    assert all(known.facts[f"block_{name}"].grade == "C" for name in ("raised", "side", "leap", "after"))
    stricter = {**known.facts, "block_leap": replace(known.facts["block_leap"], value=1000.0)}
    monkeypatch.setattr(excitable_check, "load_nerve_facts", lambda: replace(known, facts=stricter))
    assert not excitable(settle(membrane("motor", serum_of({"potassium": 6.0}))))[0]


def test_words_for_sizes_rise_and_say_whose_they_are() -> None:
    """Nothing, slight and much follow each other, so do as usual, several, many; each names its source and grade."""
    assert limit("nothing") < limit("slight") < limit("clear")
    assert 1 < limit("same") < limit("several") < limit("many") < limit("counted")
    words = [each for name, each in load_nerve_facts().facts.items() if name.startswith("word_")]
    assert len(words) == 9
    assert {(each.source, each.grade) for each in words} == {("expert", "C")}
    assert threshold_words(limit("nothing") * 1.01).startswith("With these values a motor nerve is slightly harder")


def test_without_an_impulse_only_the_rest_has_a_value() -> None:
    """In potassium 10 a current drives the potential across the level, which is no threshold and no time constant."""
    serums = [normal_serum(), serum_of({"potassium": 10.0})]
    found = measure_some(membrane("motor", serums), ["resting_potential", "threshold", "time_constant"])
    assert np.isfinite(found["resting_potential"]).all()
    for name in ("threshold", "time_constant"):
        assert np.isfinite(found[name]).tolist() == [True, False]


def test_a_page_without_an_impulse_draws_no_curve() -> None:
    """In potassium 8 there is no threshold to set beside normal, alone or over calcium."""
    seen = view(serum_of({"potassium": 8.0}))
    assert not seen.curve
    assert not seen.alone
    assert next(each for each in seen.indices if each.index == "threshold").person is None
