"""``rheobase nerve sweep``: grids, populations, what comes out, what is refused."""

from __future__ import annotations

import csv
import io
import json
from pathlib import Path
from typing import Any

import numpy as np
import pytest
from click.testing import CliRunner, Result

from rheobase.cli.main import cli
from rheobase.errors import DataRefusedError, RheobaseError, UsageError
from rheobase.nerve.concentrations import serum_of
from rheobase.nerve.membrane import membrane
from rheobase.nerve.protocols.settled import settle
from rheobase.nerve.sweep import ALL, BATCH, CHANGE, Sweep, factors, run


def command(*arguments: str) -> Result:
    """Run the command."""
    return CliRunner().invoke(cli, ["nerve", "sweep", *arguments])


def rows_of(*arguments: str) -> list[dict[str, Any]]:
    """Return the rows of its JSON."""
    done = command(*arguments, "--json")
    assert done.exit_code == 0, done.output
    found: list[dict[str, Any]] = json.loads(done.stdout)["rows"]
    return found


def test_a_grid_holds_every_combination_once_and_the_thresholds_of_single_axons() -> None:
    """Two by three values at two temperatures are twelve rows, each the axon of that serum by itself."""
    rows = rows_of("--ca", "0.8,1.25", "--k", "3:5:1", "--temp", "32,34", "--index", "threshold")
    keys = [(each["temperature"], each["calcium_ionised"], each["potassium"]) for each in rows]
    assert keys == [(t, c, k) for t in (32, 34) for c in (0.8, 1.25) for k in (3, 4, 5)]
    for each in (rows[1], rows[-1]):
        serum = serum_of({name: each[name] for name in ("calcium_ionised", "potassium", "temperature")})
        assert each["threshold"] == pytest.approx(settle(membrane("motor", serum)).control[0], rel=1e-6)


def test_normal_serum_changes_nothing_and_all_indices_have_a_value() -> None:
    """Nothing given is one row of the typical axon in normal serum, each index of it a number."""
    (row,) = rows_of("--index", "all")
    assert row[CHANGE] == 0
    assert all(row[name] is not None for name in ALL)


def test_a_blocked_axon_has_no_change_of_its_threshold() -> None:
    """In potassium 8 there is no threshold, and so no change of it, whether or not the threshold is asked for too."""
    for wanted in (CHANGE, f"threshold,{CHANGE}"):
        usual, blocked = rows_of("--k", "4.2,8", "--index", wanted)
        assert usual[CHANGE] == pytest.approx(0)
        assert blocked[CHANGE] is None


def test_a_population_spreads_and_its_typical_axon_is_the_plain_one() -> None:
    """Axons differ by their factors; without spread all are the plain axon; the same seed draws the same."""
    spread = Sweep({}, axons=50)
    drawn = factors(spread)
    assert np.std(np.log(drawn["na_persistent"])) == pytest.approx(0.2, rel=0.3)
    none = dict.fromkeys(drawn, 0.0)
    (flat,) = run(Sweep({}, axons=3, spread=none))
    (wide,) = run(spread)
    assert np.ptp(flat.columns["threshold"]) == 0
    assert np.ptp(wide.columns["threshold"]) > 20
    (again,) = run(spread)
    assert np.array_equal(wide.columns["threshold"], again.columns["threshold"])
    (other,) = run(Sweep({}, axons=50, seed=2))
    assert not np.array_equal(wide.columns["threshold"], other.columns["threshold"])


def test_one_width_leaves_the_other_factors_as_they_were() -> None:
    """Another spread of one parameter does not draw the others anew."""
    usual, wider = factors(Sweep({}, axons=9)), factors(Sweep({}, axons=9, spread={"p_na": 0.3}))
    assert np.array_equal(usual["g_leak"], wider["g_leak"])
    assert not np.array_equal(usual["p_na"], wider["p_na"])


def test_parts_of_a_large_population_keep_their_order() -> None:
    """More axons than run side by side come in parts, each axon once in every serum, in order."""
    count = BATCH + 10
    parts = list(run(Sweep({"calcium_ionised": (0.9, 1.25)}, ("threshold",), axons=count)))
    axons = np.concatenate([each.columns["axon"] for each in parts])
    calcium = np.concatenate([each.columns["calcium_ionised"] for each in parts])
    assert axons.tolist() == [*range(count)] * 2
    assert calcium.tolist() == [0.9] * count + [1.25] * count


def test_what_has_no_value_is_missing_not_a_number() -> None:
    """An axon too far gone to fire has a rest, but no refractory period: null in JSON, an empty cell in CSV."""
    wanted = "resting_potential,refractory_period"
    arguments = ("--k", "10", "--ca", "3", "--ph", "6.8", "--temp", "20", "--index", wanted)
    (row,) = rows_of(*arguments)
    assert row["refractory_period"] is None
    (line,) = csv.DictReader(io.StringIO(command(*arguments, "--out", "-").stdout))
    assert line["refractory_period"] == ""
    assert float(line["resting_potential"]) < 0


def test_csv_and_parquet_hold_the_same_and_are_never_written_over(tmp_path: Path) -> None:
    """Both files hold the same table, for this user alone, and a file that is there is kept."""
    pl = pytest.importorskip("polars")
    arguments = ("--ca", "0.9,1.25", "--axons", "3")
    for name in ("a.csv", "a.parquet"):
        done = command(*arguments, "--out", str(tmp_path / name))
        assert done.exit_code == 0, done.output
        assert "6 rows" in done.stderr
        assert done.stdout == ""
        assert (tmp_path / name).stat().st_mode & 0o077 == 0
        assert isinstance(command(*arguments, "--out", str(tmp_path / name)).exception, UsageError)
    text, binary = pl.read_csv(tmp_path / "a.csv"), pl.read_parquet(tmp_path / "a.parquet")
    assert text.columns == binary.columns
    assert np.allclose(text.to_numpy(), binary.to_numpy(), rtol=1e-6)
    assert binary["axon"].to_list() == [1, 2, 3] * 2


def test_the_page_names_what_was_kept_and_what_the_model_cannot_say() -> None:
    """Units in the headings, the limits, a guess said where nothing was compared, and no progress bar in a pipe."""
    done = command("--ca", "0.5,1.25", "--axons", "5")
    page = " ".join(done.stdout.split())
    for words in (
        "[mmol/L]",
        "Median of 5 axons",
        "kept at",
        "CANNOT SAY",
        "as a guess",
        "our estimate",
        "not yet been",
    ):
        assert words in page
    assert done.stderr == ""


@pytest.mark.parametrize(
    ("arguments", "words"),
    [
        (("--ca", "0,1"), "ionised calcium: 0 mmol/L is beyond what the model takes; expected 0.3 to 3"),
        (("--k", "3:200:1"), "is beyond what the model takes; expected 1 to 10"),
        (("--ph", "3"), "expected 6.8 to 7.9"),
        (("--ca", "nan"), "ionised calcium: nan"),
        (("--ca", "1:2"), "a range has three parts"),
        (("--ca", "2:1:0.1"), "goes up from its start"),
        (("--ca", "1:2:0"), "goes up from its start"),
        (("--ca", "0.7:1.4:1e-9"), "Use a wider step"),
        (("--ca", "low"), "not understood"),
        (("--index", "electrotonus"), "begins electrotonus_depolarised and electrotonus_hyperpolarised; write one of"),
        (("--index", ","), "choose from"),
        (("--index", "threshold,speed"), "--index 'speed': choose from resting_potential, threshold"),
        (("--spread", "p_na=0.2"), "Add, such as, --axons 100"),
        (("--out", "-", "--json"), "Give one of them"),
        (("--axons", "2000000"), "expected 1 to 1,000,000"),
        (("--spread", "p_na"), "NAME=SD"),
        (("--spread", "p_na=nan"), "expected 0 to 1"),
        (("--spread", "size=0.1"), "choose from p_na"),
        (("--out", "x.txt"), ".csv or .parquet"),
        (("--out", "no/such/x.csv"), "folder"),
    ],
)
def test_what_cannot_be_is_refused_in_one_line(arguments: tuple[str, ...], words: str) -> None:
    """The message says what came, what was expected and what to do, before anything is reckoned."""
    done = command(*arguments)
    assert isinstance(done.exception, RheobaseError)
    assert words in str(done.exception)
    if arguments[0] in ("--index", "--out"):
        assert isinstance(done.exception, UsageError)


def test_an_unknown_value_or_axon_is_refused() -> None:
    """A sweep from Python is held to the same."""
    for plan in (Sweep({"glucose": (5.0,)}), Sweep({}, kind="squid"), Sweep({"ph": ()})):
        with pytest.raises(DataRefusedError):
            next(run(plan))


def test_the_beginning_of_an_index_is_enough() -> None:
    """--index resting,firing is read as it is meant."""
    (row,) = rows_of("--index", "resting,firing")
    assert {"resting_potential", "firing"} <= row.keys()
