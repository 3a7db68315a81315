"""Count what the columns say otherwise than ``assess``, over many people who know much and little: 0 is the goal.

.venv/bin/python benchmarks/cohort/agreement.py [--people 20000]
"""

from __future__ import annotations

import argparse
from datetime import date

import numpy as np
import polars as pl
from people import scattered  # type: ignore[import-not-found] # beside this script

from rheobase.cohort.frame import LAB, TAKEN
from rheobase.cohort.judge import judge
from rheobase.cohort.old_results import without_old
from rheobase.cohort.oracle import differences
from rheobase.cohort.person_rows import people_of
from rheobase.knowledge import Knowledge, load_knowledge

AT_ONCE = 1000
ON = date(2026, 11, 24)
# Half of the results have a date, of up to so many days ago: some speak for today, some no longer.
DATED, OLDEST = 0.5, 400


def dated(told: pl.DataFrame, seed: int) -> pl.DataFrame:
    """Return people with dates of their blood tests."""
    draw = np.random.default_rng(1000 + seed)
    columns = []
    for name in (name for name in told.columns if name.startswith(LAB)):
        days = pl.Series(draw.integers(0, OLDEST, told.height))
        known = pl.Series(draw.random(told.height) < DATED) & told[name].is_not_null()
        taken = pl.DataFrame({"days": days, "known": known}).select(
            pl.when("known").then(pl.lit(ON) - pl.duration(days="days")).cast(pl.Date).alias(name + TAKEN)
        )
        columns.append(taken.to_series())
    return told.with_columns(columns)


def people_with_old(told: pl.DataFrame, knowledge: Knowledge) -> int:
    """Return how many have a result that is too old to speak for the day that is judged."""
    fresh = without_old(told, knowledge, ON)
    names = [name for name in told.columns if name.startswith(LAB) and not name.endswith(TAKEN)]
    lost = [told[name].is_not_null() & fresh[name].is_null() for name in names]
    return int(pl.DataFrame(lost).select(pl.any_horizontal(pl.all())).to_series().sum())


def main() -> None:
    """Print how many people were judged, and every difference."""
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("--people", type=int, default=20_000)
    people = parser.parse_args().people
    knowledge = load_knowledge()
    found, old, children = 0, 0, 0
    for seed, start in enumerate(range(0, people, AT_ONCE)):
        # From almost nothing known to two findings in three.
        told = scattered(knowledge, min(AT_ONCE, people - start), seed=seed, known=5 + 13 * (seed % 20))
        told = dated(told, seed)
        judged = judge(told, knowledge, on=ON)
        old += people_with_old(told, knowledge)
        children += int(judged["child"].sum())
        for each in differences(people_of(told, knowledge), judged, knowledge, on=ON):
            found += 1
            print(f"seed {seed}, {each}")
    print(f"{old} of them with a result too old for the day that is judged, {children} of them children")
    print(f"{people} people, every part of the judgement: {found} differences")
    raise SystemExit(found > 0)


if __name__ == "__main__":
    main()
