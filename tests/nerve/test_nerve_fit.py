"""The fit of a recording: known truths are found again, what cannot be told is said, a bad fit says nothing."""

from __future__ import annotations

import json
from dataclasses import replace
from functools import cache
from pathlib import Path
from typing import Any

import numpy as np
import pytest
from click.testing import CliRunner, Result

from rheobase.cli.main import cli
from rheobase.errors import DataRefusedError, RheobaseError
from rheobase.evaluation.simulated_recordings import simulated, whitened
from rheobase.examples import example_recording
from rheobase.importers.nerve_recording import read_recording
from rheobase.knowledge.nerve_norms import load_nerve_norms
from rheobase.nerve.fit.identify import identify
from rheobase.nerve.fit.least_squares import Fit, fit
from rheobase.nerve.fit.observe import FIGURES, observe, setting_of
from rheobase.report.recording_fit import fit_in_words, fit_json, fit_sections

NORMS = load_nerve_norms()
TRUTHS: tuple[dict[str, float], ...] = ({"potassium": 4.9}, {"p_na": 1.35, "g_bb": 0.8}, {})


@cache
def fitted(number: int) -> Fit:
    """Return the fit of one of the truths, with noise."""
    return fit(simulated(TRUTHS[number], noise=0.2, seed=number))


@pytest.mark.parametrize("number", range(len(TRUTHS)))
def test_known_properties_are_found_again(number: int) -> None:
    """Each truth lies within its interval, and the change that was made is told from none."""
    found = fitted(number)
    assert found.good
    assert found.misfit < 0.4
    for each in found.properties:
        usual = 4.2 if each.fitted.id == "potassium" else 1.0
        assert each.low <= TRUTHS[number].get(each.fitted.id, usual) <= each.high
    changed = {each.fitted.id for each in found.changed}
    assert changed <= TRUTHS[number].keys()
    if number == 0:
        potassium = next(each for each in found.properties if each.fitted.id == "potassium")
        assert potassium.low > 4.2
        assert found.rest[0] - found.rest[1] > 0
    if number == 1:
        assert changed


def test_what_cannot_be_told_is_said() -> None:
    """Slow potassium of the internode stays as the prior has it; sodium and potassium around the axon are entangled."""
    found = fitted(2)
    told = {each.fitted.id: each for each in found.properties}
    assert told["g_k_slow_i"].told == "not told"
    assert told["g_k_slow_i"].left > 0.8
    assert told["g_bb"].told == "told"
    assert 0 < found.identified.told < len(found.properties)
    assert found.identified.condition > 10
    pairs = {frozenset(each[:2]) for each in found.identified.entangled}
    assert frozenset(("potassium", "p_na")) in pairs
    words = " ".join(str(section) for section in fit_sections(found, NORMS))
    assert "It cannot tell" in words
    assert "not told: this is the prior" in words


def test_what_two_properties_do_alike_is_not_told_apart() -> None:
    """Of two columns that are one, the sum is told and the difference is left as the prior has it."""
    slopes = np.zeros((4, len(NORMS.fitted)))
    slopes[:, 0] = slopes[:, 1] = [5.0, 3.0, -2.0, 4.0]
    found = identify(slopes, NORMS)
    assert found.told == 1
    assert found.left[0] == pytest.approx(np.sqrt(0.5), abs=0.01)
    assert found.left[2] == pytest.approx(1)
    assert found.entangled[0][:2] == ("potassium", "p_na")
    assert found.entangled[0][2] == pytest.approx(-1, abs=0.02)
    assert found.condition == float("inf")


def test_a_bad_fit_names_no_property() -> None:
    """A recording that no axon of the model gives is refused, in words and as data."""
    usual = simulated({})
    impossible = {**usual.indices, "superexcitability": 40.0, "electrotonus_depolarised": 85.0}
    found = fit(replace(usual, indices=impossible))
    assert not found.good
    assert "does not reproduce this recording" in fit_in_words(found)
    data = fit_json(found)
    assert (data["properties"], data["resting_potential_change_mV"]) == (None, None)
    assert all(each.name not in str(fit_sections(found, NORMS)) for each in NORMS.fitted)


def test_a_figure_that_no_axon_has_is_named_and_is_no_number() -> None:
    """So cold that the model axon has no refractory period: said in words, None in the JSON."""
    found = fit(replace(simulated({}), temperature=18.0))
    assert not found.good
    assert "no axon near it has this figure: Relative refractory period" in fit_in_words(found)
    assert json.loads(json.dumps(fit_json(found), allow_nan=False))["residuals"]["refractory_period"]["fitted"] is None
    assert "nan" not in str(fit_sections(found, NORMS))


def test_the_standard_axon_is_the_average_person() -> None:
    """Without noise nothing moves: what the model misses in everybody is taken out."""
    found = fit(simulated({}))
    assert found.misfit == pytest.approx(0, abs=0.02)
    assert found.misfit_before == pytest.approx(0, abs=0.02)
    assert found.changed == ()
    assert "No single property has to differ" in fit_in_words(found)


def test_too_few_figures_are_refused() -> None:
    """The message says how many are needed, and which count."""
    few = dict(list(simulated({}).indices.items())[:3])
    with pytest.raises(DataRefusedError, match="needs 6 figures"):
        fit(replace(simulated({}), indices=few))


def test_axons_of_one_batch_do_not_touch_each_other() -> None:
    """Each is seen as it is alone; the standard axon has every figure."""
    both = np.array([np.zeros(len(NORMS.fitted)), whitened({"g_h_i": 0.6})])
    usual = setting_of(None, None, NORMS)
    together = observe(both, usual).figures
    assert np.isfinite(together).all()
    assert together.shape == (2, len(FIGURES))
    assert np.allclose(together[1], observe(both[1:], usual).figures[0], rtol=0.02, atol=0.3)
    with pytest.raises(DataRefusedError, match="not fitted"):
        whitened({"g_moon": 2.0})


def run(*arguments: str, given: bytes | None = None) -> Result:
    """Run the command."""
    return CliRunner().invoke(cli, ["nerve", "read", *arguments], input=given)


def data_of(*arguments: str, given: bytes | None = None) -> dict[str, Any]:
    """Return its JSON."""
    done = run(*arguments, "--json", given=given)
    assert done.exit_code == 0, done.output
    found: dict[str, Any] = json.loads(done.stdout)
    return found


def test_the_example_says_that_it_is_simulated_and_is_read_without_a_doubt() -> None:
    """Nobody takes it for a person's, and every line of it is understood."""
    found = read_recording(example_recording(), "example")
    assert found.notes == ()
    assert "no person was recorded" in found.header["Comments"]
    page = run("--example").stdout
    assert "no person was recorded" in " ".join(page.split())


def test_the_page_says_what_it_is_and_what_it_is_not() -> None:
    """Base rate, place of each figure, pictures, confounders, no diagnosis and no urgency; not the person's name."""
    given = example_recording().replace(b"SIMULATED", b"Jane Roe")
    page = " ".join(run("-", given=given).stdout.split())
    for words in ("even in health", "95 of 100", "RECOVERY AFTER AN IMPULSE", "A cold hand", "diagnoses nothing",
                  "nothing about how urgent"):  # fmt: skip
        assert words.lower() in page.lower()
    assert "Jane" not in page
    assert "Jane" not in run("-", "--json", given=given).stdout
    assert "WHAT THE MODEL SAYS" not in page


def test_the_json_holds_every_figure_with_its_place() -> None:
    """Places, what is outside and the doubts are there; without --fit there is no fit."""
    found = data_of("--example")
    assert found["fit"] is None
    assert found["indices"]["refractory_period"]["n"] == 121
    outside = {name for name, each in found["indices"].items() if not each["inside"] and not each["technical"]}
    assert set(found["outside"]) == outside
    assert found["doubts"] == []
    assert len(found["electrotonus"]) == 2
    one = data_of("-", given=b"rrp (ms),3.1\n")
    assert one["indices"]["refractory_period"]["inside"] is True
    assert "The age is not known." in one["doubts"]


def test_the_example_is_fitted_and_its_page_has_pictures(tmp_path: Path) -> None:
    """The potassium that the example was made with is found; the page draws person, band and model."""
    out = tmp_path / "nerve.html"
    found = data_of("--example", "--fit", "--html", str(out))["fit"]
    assert found["good"]
    potassium = found["properties"]["potassium"]
    assert potassium["low95"] <= 4.7 <= potassium["high95"]
    assert found["identifiability"]["not_told_apart"]
    page = out.read_text(encoding="utf-8")
    assert page.count("<figure>") == 3
    for words in ("delay after an impulse [ms]", "change of threshold [%]", "the fitted model axon", "this recording"):
        assert words in page


@pytest.mark.parametrize(
    ("arguments", "given", "words"),
    [
        (("-",), b"rrp (ms),3.1,kg\n", "line 1: rrp (ms) is in 'kg', expected ms"),
        (("-",), b"x\n", "holds no figure"),
        (("-", "--fit"), b"rrp (ms),3.1\n", "a fit needs 6 figures"),
        (("no_such_file.mem",), None, "no_such_file.mem: cannot be read"),
    ],
)
def test_mistakes_are_one_line(arguments: tuple[str, ...], given: bytes | None, words: str) -> None:
    """What came, what was expected, what to do."""
    done = run(*arguments, given=given)
    assert isinstance(done.exception, RheobaseError)
    assert words in str(done.exception)


@pytest.mark.parametrize("arguments", [(), ("--example", "x.mem"), ("--example", "--json", "--html", "-")])
def test_wrong_usage_is_said(arguments: tuple[str, ...]) -> None:
    """One file, or the example; one thing on standard output."""
    assert run(*arguments).exit_code == 2


def test_other_nerves_have_figures_and_no_pictures_of_a_band() -> None:
    """A recording of the ulnar nerve is shown, not compared."""
    page = " ".join(run("-", given=example_recording().replace(b"Median Wr-APB", b"Ulnar Wr-ADM")).stdout.split())
    assert "This recording is not compared." in page
    assert "The figures, without a comparison." in page
    assert "THE CURVES" not in page
