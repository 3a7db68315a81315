"""From the evidence table to weights."""

from __future__ import annotations

import math

import pytest

from rheobase.assess.causes import fit_causes
from rheobase.assess.facts import Facts
from rheobase.assess.weights import Weigher, weighers
from rheobase.knowledge import Evidence, build_knowledge, load_knowledge
from rheobase.knowledge.read import read_tables
from rheobase.person import SETTINGS


def weigher(*rows: tuple[str, str, float, float]) -> dict[str, Weigher]:
    """Return the weighers of one cause whose evidence is the given rows."""
    tables, fingerprint = read_tables()
    evidence = [
        {
            "cause": "caffeine_excess",
            "finding": finding,
            "value": value,
            "sensitivity": str(sensitivity),
            "false_positive_rate": str(rate),
            "grade": "A",
            "grade_fpr": "C",
            "method": "direct",
            "source": "expert",
            "note": "",
        }
        for finding, value, sensitivity, rate in rows
    ]
    knowledge = build_knowledge({**tables, "evidence": evidence}, fingerprint)
    return {each.finding: each for each in weighers(knowledge)["caffeine_excess"]}


def test_nested_thresholds_become_disjoint_ranges() -> None:
    """500 mg counts as 400 to 1000, not as both >=200 and >=400."""
    table = weigher(
        ("caffeine_mg_day", ">=200", 0.97, 0.40),
        ("caffeine_mg_day", ">=400", 0.75, 0.12),
        ("caffeine_mg_day", ">=1000", 0.06, 0.005),
    )["caffeine_mg_day"]
    assert table.answer(500.0).weight == pytest.approx(math.log((0.75 - 0.06) / (0.12 - 0.005)))
    assert table.answer(400.0) == table.answer(999.0)
    assert table.answer(100.0).weight == pytest.approx(math.log(0.03 / 0.60))
    assert sum(each.with_cause for each in table.bins) == pytest.approx(1)


def test_a_denied_finding_weighs_by_its_complement() -> None:
    """Absence weighs log((1 - sensitivity) / (1 - false positive rate))."""
    table = weigher(("tremor", "yes", 0.35, 0.12))["tremor"]
    assert table.answer(value=False).weight == pytest.approx(math.log(0.65 / 0.88))
    assert table.answer(value=True).weight == pytest.approx(math.log(0.35 / 0.12))


def test_options_share_what_is_left() -> None:
    """An option without a row of its own gets what the others leave over."""
    table = weigher(("caffeine_recent_change", "more", 0.35, 0.06), ("caffeine_recent_change", "stopped", 0.05, 0.04))
    rest = table["caffeine_recent_change"].answer("none")
    assert (rest.with_cause, rest.without) == pytest.approx((0.60, 0.90))


def test_the_weaker_grade_of_a_ratio_counts() -> None:
    """A likelihood ratio is no better than its weaker half."""
    assert weigher(("tremor", "yes", 0.35, 0.12))["tremor"].grade == "C"


def test_certainty_in_a_table_never_decides_alone() -> None:
    """A sensitivity of 1 gives a finite weight."""
    row = weigher(("tremor", "yes", 1.0, 0.12))["tremor"]
    assert math.isfinite(row.answer(value=False).weight)
    assert isinstance(row.rows[0], Evidence)


@pytest.mark.parametrize("setting", SETTINGS)
def test_a_cause_without_evidence_is_not_raised(setting: str) -> None:
    """Where nothing was told no cause counts as raised by the answers, whatever the last digit of its base rate."""
    knowledge = load_knowledge()
    fits = fit_causes(knowledge, Facts(), setting)
    assert not [fit.cause for fit in fits if fit.raised]
    told = fit_causes(knowledge, Facts(values={"trousseau": True}), setting)
    assert next(fit for fit in told if fit.cause == "hypocalcaemia").raised
