"""``rheobase nerve fibre`` and ``rheobase nerve pool``."""

from __future__ import annotations

import json
from typing import Any

import pytest
from click.testing import CliRunner, Result

from rheobase.cli.main import cli
from rheobase.errors import RheobaseError
from rheobase.nerve.concentrations import normal_serum, serum_of
from rheobase.nerve.fibre.fibre import fibre
from rheobase.nerve.fibre.person import fibre_view
from rheobase.nerve.fibre.threshold import threshold
from rheobase.nerve.fibre.velocity import NODES, velocity


def run(*arguments: str, given: str | None = None) -> Result:
    """Run a command of the nerve."""
    return CliRunner().invoke(cli, ["nerve", *arguments], input=given)


def data_of(*arguments: str, given: str | None = None) -> dict[str, Any]:
    """Return its JSON."""
    done = run(*arguments, "--json", given=given)
    assert done.exit_code == 0, done.output
    found: dict[str, Any] = json.loads(done.stdout)
    return found


def test_a_fibre_gives_what_the_model_gives_beside_normal() -> None:
    """Velocity and threshold are those of the fibre by itself; low calcium makes it easier to set off."""
    found = data_of("fibre", "--ca", "1.0", "--diameter", "8.7")
    serum = serum_of({"calcium_ionised": 1.0, "temperature": 37.0})
    alone = fibre(8.7, serum, nodes=NODES)
    assert found["here"]["velocity_m_s"] == pytest.approx(velocity(alone)[0], rel=1e-6)
    assert found["here"]["threshold_nA"] == pytest.approx(threshold(alone, NODES // 2)[0], rel=1e-6)
    assert found["here"]["threshold_nA"] < found["normal"]["threshold_nA"]
    assert found["here"]["standing_current_nA"] < found["normal"]["standing_current_nA"]
    assert found["values"]["temperature"]["value"] == 37.0
    assert found["rests_as_a_living_fibre"]


@pytest.mark.parametrize("site", [12, 25])
def test_an_impulse_begins_where_the_current_is_held(site: int) -> None:
    """The node that fires first is the held one or its neighbour, and arrivals at both ends tell the same."""
    found = fibre_view(normal_serum(37.0), 10.0, site).here
    assert found.origin is not None
    assert found.read_origin is not None
    assert abs(found.origin - site) <= 1
    assert abs(found.read_origin - site) < 1.5


def test_where_the_fibre_does_not_rest_no_figure_is_given() -> None:
    """In potassium 5.5 the page says that this tells of the model, and gives no velocity."""
    found = data_of("fibre", "--k", "5.5")
    assert not found["rests_as_a_living_fibre"]
    assert found["here"]["velocity_m_s"] is None
    assert "tells of this model, not of a person" in " ".join(run("fibre", "--k", "5.5").stdout.split())


def test_a_fibre_that_fires_by_itself_has_a_threshold_near_nothing() -> None:
    """The search for it ends where no pulse is needed, as in ionised calcium 0.75."""
    restless = fibre(10.0, serum_of({"calcium_ionised": 0.75, "temperature": 37.0}))
    assert threshold(restless, 10)[0] < 0.01


def test_potassium_has_no_multiple_and_calcium_has() -> None:
    """The pool leaves potassium out and says so; what is said of calcium is the same with and without it."""
    with_k, without = data_of("pool", "--ca", "1.1", "--k", "3.0"), data_of("pool", "--ca", "1.1")
    assert with_k["pools"] == without["pools"]
    assert with_k["potassium_left_out"]
    assert with_k["values"]["potassium"]["used"] != 3.0
    assert "makes far more of potassium" in " ".join(with_k["in_words"])
    only = data_of("pool", "--k", "3.0")
    assert all(each["multiple"] is None for each in only["pools"])


def test_pools_stand_in_the_order_of_the_published_rates() -> None:
    """Healthy, benign, ALS-like; each beside what was counted, with what was fitted; low calcium raises each."""
    found = data_of("pool", "--ca", "1.1")["pools"]
    means = [each["normal_per_minute"]["mean"] for each in found]
    assert [each["pool"] for each in found] == ["healthy", "benign", "als"]
    assert means == sorted(means)
    for each in found[:2]:
        assert each["published_per_minute"]["low"] <= each["normal_per_minute"]["mean"]
        assert each["normal_per_minute"]["mean"] <= each["published_per_minute"]["high"]
    assert all(each["multiple"]["low"] > 1 for each in found)
    assert all(each["fitted"] for each in found)


def test_the_page_of_the_pool_begins_with_what_is_ordinary() -> None:
    """Base rates first, that a rate tells nobody what they have, and an urgent value before all."""
    page = " ".join(run("pool", "--ca", "1.05", "--k", "3.2").stdout.split())
    assert page.index("BEFORE ANYTHING ELSE") < page.index("are ordinary") < page.index("ALS-like")
    assert "cannot tell what somebody has" in page
    assert "potassium 3.2 mmol/L (left out)" in page
    calm = run("pool").stdout
    assert "WITH THESE VALUES" not in calm
    assert "BEFORE ANYTHING ELSE" not in calm


@pytest.mark.parametrize(
    ("arguments", "words"),
    [
        (("fibre", "--ca", "0"), "is beyond what the model takes; expected 0.3 to 3"),
        (("fibre", "--diameter", "9"), "choose one of 5.7"),
        (("fibre", "--site", "3"), "expected 8 to 32"),
        (("pool", "--ph", "3"), "is beyond what the model takes; expected 6.8 to 7.9"),
        (("pool", "--k", "nan"), "potassium: nan"),
        (("pool", "-"), "Add one under `labs:`"),
    ],
)
def test_what_cannot_be_is_refused_in_one_line(arguments: tuple[str, ...], words: str) -> None:
    """The message says what came and what was expected."""
    done = run(*arguments, given="rheobase_case: 1\n")
    assert isinstance(done.exception, RheobaseError)
    assert words in str(done.exception)
