"""Count what the columns say otherwise than ``assess``, over many people who know much and little: 0 is the goal.

.venv/bin/python benchmarks/cohort/agreement.py [--people 20000]
"""

from __future__ import annotations

import argparse
from datetime import date

from people import scattered  # type: ignore[import-not-found] # beside this script

from rheobase.cohort.judge import judge
from rheobase.cohort.oracle import differences
from rheobase.cohort.person_rows import people_of
from rheobase.knowledge import load_knowledge

AT_ONCE = 1000


def main() -> None:
    """Print how many people were judged, and every difference."""
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("--people", type=int, default=20_000)
    people = parser.parse_args().people
    knowledge = load_knowledge()
    found = 0
    for seed, start in enumerate(range(0, people, AT_ONCE)):
        # From almost nothing known to two findings in three.
        told = scattered(knowledge, min(AT_ONCE, people - start), seed=seed, known=5 + 13 * (seed % 20))
        judged = judge(told, knowledge)
        for each in differences(people_of(told, knowledge), judged, knowledge, on=date(2026, 11, 24)):
            found += 1
            print(f"seed {seed}, {each}")
    print(f"{people} people, every part of the judgement: {found} differences")
    raise SystemExit(found > 0)


if __name__ == "__main__":
    main()
