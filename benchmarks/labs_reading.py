"""Read 10,000 made-up reports with known faults: how many are silently wrong, and what is refused.

    python benchmarks/labs_reading.py [REPORTS] [SEED]

Also times one report of 10,000 results. Exits with 1 when a fault that can be seen is read silently wrong.
"""

from __future__ import annotations

import sys
import time
from collections.abc import Mapping
from datetime import date

from rheobase.evaluation.lab_corruptions import CLEAN, Tally, measure
from rheobase.evaluation.lab_people import NAME_ALONE, RIGHT, measure_people
from rheobase.importers.labs_import import report_of
from rheobase.knowledge import load_knowledge
from rheobase.labs.reading import judge_all
from rheobase.labs.reading_line import State
from rheobase.labs.reading_names import LabFacts, facts_for


def show(tallies: Mapping[str, Tally]) -> None:
    """Print one line for each way of spoiling."""
    print(f"  {'':40s} {'lines':>6s} {'refused':>8s} {'asked':>7s} {'other':>7s} {'read':>7s} {'wrong':>6s}")
    for name, each in sorted(tallies.items()):
        refused, asked, read = (each.share(state) for state in (State.REFUSED, State.DOUBT, State.ACCEPTED))
        rest = abs(1 - refused - asked - read)
        print(f"  {name:40s} {each.made:6d} {refused:8.1%} {asked:7.1%} {rest:7.1%} {read:7.1%} {each.wrong:6d}")


def show_people(facts: LabFacts, count: int, seed: int) -> int:
    """Print what became of reports of two people or of somebody else; return how many that can be seen were read."""
    print(f"\nWhose results they are ({count:,} reports of each, for a case whose age and sex are known):")
    found = measure_people(count, seed, facts)
    for name, each in found.items():
        note = "  (a case holds no name: can't be seen)" if name == NAME_ALONE else ""
        print(f"  {name:40s} {each.refused / each.made:8.1%} refused{note}")
    return sum(each.made - each.refused for name, each in found.items() if name not in (NAME_ALONE, RIGHT))


def big_report(facts: LabFacts) -> None:
    """Time a table of 10,000 results."""
    rows = "\n".join(
        f"Potassium,{3 + each % 20 / 10:.1f},mmol/L,3.5-5.1,{2000 + each % 25}-0{1 + each % 9}-{10 + each % 18}"
        for each in range(10_000)
    )
    began = time.perf_counter()
    text = f"Test,Result,Units,Range,Date\n{rows}\n"
    lines = judge_all(report_of(text.encode(), "big.csv", facts).lines, facts, date(2026, 11, 24))
    print(f"\n10,000 results in one table: {time.perf_counter() - began:.2f} s ({len(lines)} lines)")


def main(count: int, seed: int) -> int:
    """Print what became of every way of spoiling and return how many were silently wrong."""
    facts = facts_for(load_knowledge())
    began = time.perf_counter()
    outcome = measure(count, seed, facts)
    took = time.perf_counter() - began
    print(f"{count:,} made-up reports, seed {seed}: {took:.0f} s, {1000 * took / count:.1f} ms each.\n")
    print("Faults that can be seen from what the line prints:")
    show(outcome.seen)
    print("\nFaults that leave the line plausible in every respect, so that no reader can see them:")
    show(outcome.unseen)
    spoiled = [each for name, each in outcome.seen.items() if name != CLEAN]
    refused = sum(each.states[State.REFUSED] for each in spoiled)
    asked = sum(each.states[State.DOUBT] for each in spoiled)
    clean = outcome.seen[CLEAN]
    print(f"\nOf {outcome.faults:,} faults that can be seen: {outcome.silently_wrong} silently wrong; ", end="")
    print(f"{refused / outcome.faults:.1%} refused, {asked / outcome.faults:.1%} left to the person's word.")
    print(f"Of {clean.made:,} lines without a fault: {clean.share(State.ACCEPTED):.1%} read, {clean.wrong} wrong.")
    print(*outcome.examples[:10], sep="\n")
    people = show_people(facts, max(count // 20, 1), seed)
    big_report(facts)
    return people + outcome.silently_wrong


if __name__ == "__main__":
    numbers = [int(each) for each in sys.argv[1:]]
    sys.exit(1 if main(*(numbers + [10_000, 2026][len(numbers) :])) else 0)
