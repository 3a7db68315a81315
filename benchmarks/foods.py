"""Measure the reading of food lines: how often the right food and weight are found, and how long it takes.

    .venv/bin/python benchmarks/foods.py            # the share, and each miss with --misses
    .venv/bin/python benchmarks/foods.py --misses

The lines are in ``tests/foods``: those that the everyday words were written with, and those written afterwards
(what was changed since they were first measured stands in ``tests/foods/test_lines.py``).
"""

from __future__ import annotations

import csv
import re
import statistics
import sys
import time
from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path

from rheobase.foods import FoodLine, FoodTable, load_foods, read_line

LINES = Path(__file__).parents[1] / "tests" / "foods"
FIRST = 3


@dataclass(frozen=True, slots=True)
class Reading:
    """One line of the specification and how it was read.

    Attributes:
        line: The line.
        found: How it was read, with the first three foods.
        right: Whether an acceptable food is among the first three, or, where the table holds none, it asked.
        first: Whether the very first is acceptable.
        weight: Whether the weight is within the tolerance; True where the table holds no such food.
        asked: Whether a person would be asked.
        ms: Time to read it [ms].
    """

    line: str
    found: FoodLine
    right: bool
    first: bool
    weight: bool
    asked: bool
    ms: float


def timed(line: str, table: FoodTable) -> tuple[FoodLine, float]:
    """Return how a line is read and the middle of three times of this process [ms]; other programs don't count."""
    times = []
    for _ in range(3):
        started = time.process_time()
        found = read_line(line, table, limit=FIRST)
        times.append((time.process_time() - started) * 1000)
    return found, statistics.median(times)


def read_lines(name: str, table: FoodTable) -> Iterator[Reading]:
    """Yield each line of a specification as it was read."""
    with (LINES / name).open(encoding="utf-8", newline="") as file:
        for row in csv.DictReader(file):
            found, taken = timed(row["line"], table)
            if row["foods"] == "none":
                yield Reading(
                    row["line"], found, found.confirm, found.confirm, weight=True, asked=found.confirm, ms=taken
                )
                continue
            fits = [bool(re.search(row["foods"], each.food.description, re.IGNORECASE)) for each in found.matches]
            grams, within = float(row["grams"]), float(row["within_percent"]) / 100
            weighed = found.weight.grams if found.weight else None
            yield Reading(
                line=row["line"],
                found=found,
                right=any(fits),
                first=bool(fits and fits[0]),
                weight=weighed is not None and abs(weighed - grams) <= within * grams,
                asked=found.confirm,
                ms=taken,
            )


def main(arguments: list[str]) -> None:
    """Print the shares, the times and, when asked, each miss."""
    started = time.perf_counter()
    table = load_foods()
    loaded = time.perf_counter()
    read_line("1 cup milk", table)
    ready = time.perf_counter()
    print(f"table loaded in {(loaded - started) * 1000:.0f} ms, first search {(ready - loaded) * 1000:.0f} ms")
    for name in ("lines.csv", "lines_held_out.csv", "lines_everyday.csv"):
        read = list(read_lines(name, table))
        wrong = [each for each in read if not (each.first and each.weight)]
        times = [each.ms for each in read]
        print(f"{name}: {len(read)} lines")
        for words, share in (
            ("right food among the first three", sum(each.right for each in read)),
            ("right food first", sum(each.first for each in read)),
            ("weight within the tolerance", sum(each.weight for each in read)),
            ("asks a person", sum(each.asked for each in read)),
            ("wrong food first or wrong weight, and does not ask", sum(not each.asked for each in wrong)),
        ):
            print(f"  {words:52s} {share:4d}  {share / len(read):6.1%}")
        middle, late = statistics.median(times), statistics.quantiles(times, n=100)[98]
        print(f"  time a line: median {middle:.1f}, p99 {late:.1f}, longest {max(times):.1f} ms (budget 20 ms)")
        if "--misses" in arguments:
            for each in wrong:
                first = each.found.matches[0].food.description if each.found.matches else "nothing"
                weighed = each.found.weight.grams if each.found.weight else None
                print(f"    {each.line!r}: {first!r}, {weighed} g{' (asks)' if each.asked else ''}")


if __name__ == "__main__":
    main(sys.argv[1:])
